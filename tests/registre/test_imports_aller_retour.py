"""Ce qui sort en classeur rentre à l’identique, quel que soit le contenu."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpd.regles.texte import normaliser
from registre.regles.contenu import Fiche
from tests.registre.exemples_exports import FICHES, relire
from tests.registre.regles.fiches import CANTINE

REGISTRES = st.lists(FICHES, min_size=1, max_size=2, unique_by=lambda fiche: normaliser(fiche.nom))


@pytest.mark.parametrize("format", ["ods", "xlsx"])
@settings(max_examples=50, deadline=None)
@given(fiches=REGISTRES)
def test_un_registre_exporte_se_relit_a_l_identique(format, fiches):
    lecture = relire(format, *fiches)
    assert (lecture.erreurs, lecture.avertissements) == ([], [])
    assert [lue.fiche for lue in lecture.fiches] == fiches


@settings(max_examples=40, deadline=None)
@given(fiches=REGISTRES)
def test_le_csv_se_relit_toujours_et_garde_les_noms(fiches):
    lecture = relire("csv", *fiches)
    lus = [lue.fiche for lue in lecture.fiches]
    assert [fiche.nom for fiche in lus] == [fiche.nom for fiche in fiches]
    assert [fiche.aipd_type for fiche in lus] == [fiche.aipd_type for fiche in fiches]


@pytest.mark.parametrize("format", ["ods", "xlsx"])
def test_des_fiches_vides_ou_homonymes_restent_distinctes(format):
    fiches = [Fiche(nom="Vide"), Fiche(nom="Vide"), Fiche(nom="Exemple de fiche")]
    lecture = relire(format, *fiches)
    assert [lue.fiche for lue in lecture.fiches] == fiches
    assert {constat.message for constat in lecture.avertissements} == {
        "Le fichier contient plusieurs fiches «\u00a0Vide\u00a0»."
    }


def test_une_fiche_venue_d_une_version_plus_recente_est_refusee_sans_etre_deformee():
    mesure = replace(CANTINE.mesures[0], mesure="mesure-de-demain")
    lecture = relire("ods", replace(CANTINE, mesures=(mesure,)))
    assert ["«\u00a0mesure-de-demain\u00a0» est inconnu" in c.message for c in lecture.erreurs] == [True]
