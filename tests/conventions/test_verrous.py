"""Ce qui se verrouille, et comment : deux gestes se suivent sans jamais s’attendre l’un l’autre."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dpd.conventions.actions.indices import reprendre_valeurs_sures, saisir_indice
from dpd.conventions.actions.mise_en_place import basculer
from dpd.conventions.enums import Acteur
from tests.conventions.test_indices_actions import SEPT_2026
from tests.conventions.test_mise_en_place import JOUR, creer_etape


def lus(geste):
    """Les tables que lit ou écrit un geste, dans l’ordre, avec le verrou qu’il y prend."""
    with CaptureQueriesContext(connection) as requetes:
        geste()
    return [requete["sql"] for requete in requetes]


@pytest.mark.django_db
def test_saisir_et_reprendre_un_indice_prennent_d_abord_la_structure(structure, gestionnaire, maintenant):
    """Sinon l’un tient la structure et attend la valeur de l’autre, qui attend la structure."""
    commun = {"structure": structure, "auteur": gestionnaire, "maintenant": maintenant}
    for geste in (lambda: saisir_indice(**SEPT_2026, **commun), lambda: reprendre_valeurs_sures(**commun)):
        tables = [sql for sql in lus(geste) if sql.startswith("SELECT")]
        assert 'FROM "comptes_structure"' in tables[0]
        assert ("FOR NO KEY UPDATE" in tables[0]) is connection.features.has_select_for_no_key_update


@pytest.mark.django_db
def test_l_etape_du_bilan_se_relit_sous_son_verrou(convention, dpd, maintenant):
    """Notée au même instant par une autre personne, elle se réécrirait entière, sans sa trace."""
    creer_etape(convention, "bilan", Acteur.DPD)
    lues = lus(
        lambda: basculer(
            convention=convention, le=JOUR, bilan="Tout est en place.", auteur=dpd, maintenant=maintenant
        )
    )
    (etape,) = [
        sql for sql in lues if "WHERE" in sql and "'bilan'" in sql and "faite_le" in sql.split("WHERE")[1]
    ]
    assert ("FOR NO KEY UPDATE" in etape) is connection.features.has_select_for_no_key_update
