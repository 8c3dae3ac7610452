"""Le départ : quand il s’ouvre, quel geste est refusé et par quel texte, lequel vient."""

from dataclasses import replace
from datetime import date

import pytest

from dpd.conventions.enums import SortDonnees
from dpd.conventions.regles.depart import (
    ABANDONNE,
    CLOS,
    DEJA_DETRUIT,
    ENCORE_EN_VIGUEUR,
    PAS_DETRUIT,
    SANS_CHOIX,
    SANS_RECEPTION,
    SANS_SORT,
    SANS_VISA,
    FaitsDuDepart,
    GesteDepart,
    prochain,
    refus,
    refus_d_ouvrir,
    refus_de_date,
)
from dpd.conventions.regles.vie import EtatConvention as Etat

JOUR = date(2026, 11, 23)
RIEN = FaitsDuDepart()
REMIS = FaitsDuDepart(finie=True, exporte=True)
RECU = replace(REMIS, recu_le=date(2026, 11, 20))
A_RENDRE = replace(RECU, sort=SortDonnees.RESTITUTION)
A_DETRUIRE = replace(RECU, sort=SortDonnees.DESTRUCTION)
VISE = replace(A_DETRUIRE, vise_le=date(2026, 11, 21))
DETRUIT = replace(VISE, detruit_le=date(2026, 11, 22))
RENDU = replace(A_RENDRE, detruit_le=date(2026, 11, 22))


@pytest.mark.parametrize("etat", [Etat.DENONCEE, Etat.TERMINEE, Etat.ETEINTE])
def test_une_convention_qui_finit_se_quitte(etat):
    assert refus_d_ouvrir(etat, date(2030, 1, 1), JOUR) == ""


@pytest.mark.parametrize(
    ("etat", "fin", "attendu"),
    [
        (Etat.PROJET, None, "pas encore en vigueur"),
        (Etat.A_VENIR, date(2027, 12, 31), "pas encore en vigueur"),
        (Etat.EN_VIGUEUR, None, "notez d’abord sa dénonciation"),
        (
            Etat.EN_VIGUEUR,
            date(2027, 5, 24),
            "jusqu’au 24\u00a0mai 2027\u00a0: un départ s’ouvre au plus tôt 6\u00a0mois",
        ),
        (Etat.EN_VIGUEUR, date(2027, 5, 23), ""),
        (Etat.EN_VIGUEUR, date(2026, 11, 23), ""),
    ],
)
def test_une_convention_en_vigueur_se_quitte_six_mois_avant_sa_fin(etat, fin, attendu):
    phrase = refus_d_ouvrir(etat, fin, JOUR)
    assert attendu in phrase
    assert bool(phrase) == bool(attendu)


@pytest.mark.parametrize(
    ("geste", "faits", "phrases"),
    [
        (GesteDepart.EXPORTER, RIEN, ()),
        (GesteDepart.EXPORTER, replace(A_RENDRE, clos=True), ()),
        (GesteDepart.RECEVOIR, REMIS, ()),
        (GesteDepart.CHOISIR, RIEN, ()),
        (GesteDepart.CHOISIR, VISE, ()),
        (GesteDepart.CHOISIR, DETRUIT, (DEJA_DETRUIT,)),
        (GesteDepart.VISER, A_DETRUIRE, ()),
        (GesteDepart.VISER, A_RENDRE, (SANS_CHOIX,)),
        (GesteDepart.VISER, DETRUIT, (DEJA_DETRUIT,)),
        (GesteDepart.DETRUIRE, VISE, ()),
        (GesteDepart.DETRUIRE, A_DETRUIRE, (SANS_VISA,)),
        (GesteDepart.DETRUIRE, replace(VISE, recu_le=None), (SANS_RECEPTION,)),
        (GesteDepart.DETRUIRE, replace(VISE, finie=False), (ENCORE_EN_VIGUEUR,)),
        (GesteDepart.DETRUIRE, A_RENDRE, ()),
        (GesteDepart.DETRUIRE, replace(A_RENDRE, recu_le=None), (SANS_RECEPTION,)),
        (GesteDepart.DETRUIRE, RIEN, (SANS_SORT, ENCORE_EN_VIGUEUR, SANS_RECEPTION)),
        (GesteDepart.DETRUIRE, DETRUIT, (DEJA_DETRUIT,)),
        (GesteDepart.CLORE, A_RENDRE, (PAS_DETRUIT,)),
        (GesteDepart.CLORE, RENDU, ()),
        (GesteDepart.CLORE, DETRUIT, ()),
        (GesteDepart.CLORE, replace(RENDU, finie=False), (ENCORE_EN_VIGUEUR,)),
        (GesteDepart.ABANDONNER, RIEN, ()),
        (GesteDepart.ABANDONNER, A_RENDRE, ()),
    ],
)
def test_un_geste_est_permis_ou_refuse_avec_toutes_ses_raisons(geste, faits, phrases):
    assert refus(geste, faits) == phrases


@pytest.mark.parametrize(
    ("geste", "faits", "morceaux"),
    [
        (GesteDepart.EXPORTER, DETRUIT, ["plus d’archive"]),
        (GesteDepart.RECEVOIR, RIEN, ["téléchargez-la d’abord"]),
        (GesteDepart.RECEVOIR, RECU, ["déjà attestée"]),
        (GesteDepart.CLORE, REMIS, ["n’a pas attesté", "n’a pas choisi le sort"]),
        (GesteDepart.CLORE, VISE, ["n’est pas constatée"]),
        (GesteDepart.ABANDONNER, DETRUIT, ["va à son terme"]),
    ],
)
def test_les_autres_refus_disent_quoi_faire(geste, faits, morceaux):
    phrases = refus(geste, faits)
    assert len(phrases) == len(morceaux)
    assert all(morceau in phrase for morceau, phrase in zip(morceaux, phrases, strict=True))


@pytest.mark.parametrize("geste", [g for g in GesteDepart if g != GesteDepart.EXPORTER])
def test_un_depart_clos_ne_change_plus(geste):
    assert refus(geste, replace(A_RENDRE, clos=True)) == (CLOS,)


@pytest.mark.parametrize("geste", list(GesteDepart))
def test_un_depart_abandonne_ne_se_poursuit_pas(geste):
    assert refus(geste, replace(A_RENDRE, abandonne=True)) == (ABANDONNE,)


def test_le_refus_sans_visa_cite_le_code_du_patrimoine():
    for article in ("L.212-2", "R.212-14", "L.214-3"):
        assert article in SANS_VISA
    assert "L.212-2" in SANS_RECEPTION


@pytest.mark.parametrize(
    ("le", "attendu"),
    [
        (date(2026, 11, 21), ""),
        (date(2026, 11, 20), "R.212-14"),
        (date(2026, 11, 19), "reçue que le 20\u00a0novembre 2026"),
    ],
)
def test_une_destruction_suit_la_reception_et_le_visa(le, attendu):
    phrase = refus_de_date(le, VISE)
    assert attendu in phrase
    assert bool(phrase) == bool(attendu)


@pytest.mark.parametrize(
    ("faits", "geste"),
    [
        (RIEN, GesteDepart.EXPORTER),
        (REMIS, GesteDepart.RECEVOIR),
        (RECU, GesteDepart.CHOISIR),
        (A_RENDRE, GesteDepart.DETRUIRE),
        (RENDU, GesteDepart.CLORE),
        (A_DETRUIRE, GesteDepart.VISER),
        (VISE, GesteDepart.DETRUIRE),
        (DETRUIT, GesteDepart.CLORE),
        (replace(DETRUIT, clos=True), None),
        (replace(RECU, abandonne=True), None),
    ],
)
def test_le_geste_qui_vient(faits, geste):
    assert prochain(faits) == geste
