"""Ce qui se verrouille, et comment : deux gestes se suivent sans jamais s’attendre l’un l’autre."""

import ast
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dpd.conventions import actions
from dpd.conventions.actions.indices import reprendre_valeurs_sures, saisir_indice
from dpd.conventions.actions.mise_en_place import basculer
from dpd.conventions.enums import Acteur
from tests.conventions.test_indices_actions import NOV_2026
from tests.conventions.test_mise_en_place import bascule, creer_etape  # noqa: F401 — une fixture

# Toute ligne d’un locataire y renvoie : verrouiller leur clé ferait attendre qui en écrit une.
REFERENCES = ("Collectivite.", "Structure.", "Convention.", "a_evaluer(")


def verrous():
    """(module, expression verrouillée, options) de chaque ``select_for_update`` des conventions."""
    for chemin in sorted(Path(actions.__path__[0]).glob("*.py")):
        for noeud in ast.walk(ast.parse(chemin.read_text())):
            if isinstance(noeud, ast.Call) and getattr(noeud.func, "attr", "") == "select_for_update":
                yield chemin.name, ast.unparse(noeud.func.value), {o.arg for o in noeud.keywords}


def test_ce_que_tant_de_lignes_designent_se_verrouille_sans_sa_cle():
    """``FOR UPDATE`` refuse le verrou que prend une clé étrangère : deux gestes s’attendaient en rond."""
    vises = [(nom, quoi, options) for nom, quoi, options in verrous() if quoi.startswith(REFERENCES)]
    assert len(vises) >= 10
    assert [(nom, quoi) for nom, quoi, options in vises if "no_key" not in options] == []


def lus(geste):
    """Les tables que lit ou écrit un geste, dans l’ordre, avec le verrou qu’il y prend."""
    with CaptureQueriesContext(connection) as requetes:
        geste()
    return [requete["sql"] for requete in requetes]


@pytest.mark.django_db
def test_saisir_et_reprendre_un_indice_prennent_d_abord_la_structure(structure, gestionnaire, maintenant):
    """Sinon l’un tient la structure et attend la valeur de l’autre, qui attend la structure."""
    commun = {"structure": structure, "auteur": gestionnaire, "maintenant": maintenant}
    for geste in (lambda: saisir_indice(**NOV_2026, **commun), lambda: reprendre_valeurs_sures(**commun)):
        tables = [sql for sql in lus(geste) if sql.startswith("SELECT")]
        assert 'FROM "comptes_structure"' in tables[0]
        assert ("FOR NO KEY UPDATE" in tables[0]) is connection.features.has_select_for_no_key_update


@pytest.mark.django_db
def test_l_etape_du_bilan_se_relit_sous_son_verrou(convention, bascule):  # noqa: F811
    """Notée au même instant par une autre personne, elle se réécrirait entière, sans sa trace."""
    creer_etape(convention, "bilan", Acteur.DPD)
    lues = lus(lambda: basculer(convention=convention, **bascule))
    (etape,) = [
        sql for sql in lues if "WHERE" in sql and "'bilan'" in sql and "faite_le" in sql.split("WHERE")[1]
    ]
    assert ("FOR NO KEY UPDATE" in etape) is connection.features.has_select_for_no_key_update
