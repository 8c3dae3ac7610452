"""L’état montré d’une fiche."""

from datetime import date

import pytest

from registre.enums import EtatVersion
from registre.regles.affichage import ETATS_AFFICHES, INCOMPLETE, complement_affiche, etat_affiche

JOUR = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("etat", "manquantes", "relire_avant", "cle"),
    [
        ("brouillon", "", None, "a_transmettre"),
        ("brouillon", "f", None, "a_completer"),
        ("brouillon", "def", None, "a_completer"),
        ("brouillon", "cdef", None, "brouillon"),
        ("transmise", "f", None, "avis_attendu"),
        ("avis_rendu", "", None, "adoption_attendue"),
        ("adoptee", "", date(2026, 11, 24), "adoptee"),
        ("adoptee", "", None, "adoptee"),
        ("adoptee", "", JOUR, "a_relire"),
        ("remplacee", "", None, "abrogee"),
        ("abrogee", "", None, "abrogee"),
        ("retiree", "", None, "abrogee"),
    ],
)
def test_l_etat_montre(etat, manquantes, relire_avant, cle):
    assert etat_affiche(etat, manquantes, relire_avant, JOUR).cle == cle


@pytest.mark.parametrize("etat", EtatVersion.values)
def test_tout_etat_se_montre_par_un_mot_et_une_icone(etat):
    affiche = etat_affiche(etat, "", None, JOUR)
    assert affiche in ETATS_AFFICHES
    assert affiche.libelle
    assert affiche.icone


@pytest.mark.parametrize("etat", EtatVersion.values)
def test_une_fiche_adoptee_ou_qui_va_l_etre_dit_qu_elle_est_incomplete(etat):
    attendu = INCOMPLETE if etat in ("transmise", "avis_rendu", "adoptee") else None
    assert complement_affiche(etat, "f") == attendu
    assert complement_affiche(etat, "") is None


def test_incomplete_se_dit_par_un_mot_et_une_icone():
    assert (INCOMPLETE.libelle, INCOMPLETE.icone) == ("Incomplète", "circle-half")
