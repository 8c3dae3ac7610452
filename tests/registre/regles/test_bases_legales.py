"""Bases légales proposées et vérifiées ; exceptions de l’article 9."""

import pytest

from registre.regles.bases_legales import (
    BASES_A_TEXTE,
    BASES_LEGALES,
    EXCEPTIONS_ART9,
    bases_proposees,
    verifier_finalite,
)
from registre.regles.contenu import LigneFinalite


@pytest.mark.parametrize(
    "organisme", ["commune", "ccas", "epci", "syndicat", "caisse_ecoles", "cdg", "inconnu", ""]
)
def test_l_interet_legitime_n_est_jamais_propose_a_une_autorite_pour_ses_missions(organisme):
    proposees = bases_proposees(organisme, True)
    assert "f" not in proposees
    assert proposees[0] == "e"
    assert bases_proposees(organisme, False)[-1] == "f"


@pytest.mark.parametrize("organisme", ["association", "entreprise"])
def test_un_organisme_prive_peut_l_invoquer(organisme):
    assert "f" in bases_proposees(organisme, True)
    assert "e" in bases_proposees(organisme, True)
    assert "e" not in bases_proposees(organisme, False)


def test_les_six_bases_et_les_dix_exceptions_citent_leur_article():
    assert list(BASES_LEGALES) == list("abcdef")
    assert list(EXCEPTIONS_ART9) == list("abcdefghij")
    assert all(base.article == f"RGPD, art. 6-1 {code}" for code, base in BASES_LEGALES.items())
    assert all(exception.article == f"RGPD, art. 9-2 {code}" for code, exception in EXCEPTIONS_ART9.items())
    assert all(f.libelle and f.aide for f in (*BASES_LEGALES.values(), *EXCEPTIONS_ART9.values()))
    assert sorted(BASES_A_TEXTE) == ["c", "e"]


def verifier(finalite, mission=True):
    return verifier_finalite(finalite, type_organisme="commune", est_mission_publique=mission)


def test_une_finalite_bien_fondee_ne_suscite_rien():
    assert verifier(LigneFinalite("Accueillir", "e", "Code de l’éducation")) == ()
    assert verifier(LigneFinalite("Envoyer la lettre", "a")) == ()
    assert verifier(LigneFinalite("Gérer la flotte", "f"), mission=False) == ()


@pytest.mark.parametrize(
    ("finalite", "debuts"),
    [
        (LigneFinalite(), ["Dites à quoi sert", "Choisissez ce qui vous permet"]),
        (LigneFinalite("Accueillir", "c,e", "Code"), ["Choisissez une seule base légale"]),
        (LigneFinalite("Accueillir", "f"), ["L’intérêt légitime n’est pas ouvert"]),
        (LigneFinalite("Accueillir", "e", " "), ["Citez le texte\u00a0: mission d’intérêt public"]),
        (LigneFinalite("", "c"), ["Dites à quoi sert", "Citez le texte\u00a0: obligation légale"]),
    ],
)
def test_chaque_defaut_d_une_finalite_est_dit_en_francais(finalite, debuts):
    phrases = verifier(finalite)
    assert len(phrases) == len(debuts)
    assert all(phrase.startswith(debut) for phrase, debut in zip(phrases, debuts, strict=True))
