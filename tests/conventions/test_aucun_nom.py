"""Aucune structure n’a de code à elle : les noms ne sont que dans les données de la démonstration."""

import re

import pytest

from dpd.pilotage.demonstration.structures import STRUCTURES
from tests.projet import PAQUETS, RACINE, fichiers, relatif

DES_DONNEES = ("dpd/pilotage/demonstration/", "dpd/comptes/demonstration.py")
ECRITS = {".py", ".html", ".txt", ".yaml", ".yml", ".js", ".css", ".svg", ".json"}
DOSSIERS = (*PAQUETS, "templates")


def _motif(structure) -> re.Pattern[str]:
    """Son nom, son sigle (« CDG 82 », « cdg82 ») et son SIREN, espacés ou non."""
    sigle = r"\s?".join(re.escape(mot) for mot in structure.sigle.split())
    siren = r"\s?".join(re.escape(structure.siren[i : i + 3]) for i in (0, 3, 6))
    nom = r"\s+".join(re.escape(mot) for mot in structure.nom.split())
    return re.compile(rf"\b(?:{sigle}|{siren}|{nom})\b", re.IGNORECASE)


def _du_code():
    for fichier in fichiers():
        nom = relatif(fichier)
        if nom.split("/")[0] in DOSSIERS and fichier.suffix in ECRITS and not nom.startswith(DES_DONNEES):
            yield nom, fichier


@pytest.mark.parametrize("structure", STRUCTURES, ids=lambda s: s.sigle)
def test_le_nom_d_une_structure_n_est_que_dans_les_donnees(structure):
    motif = _motif(structure)
    trouves = [nom for nom, fichier in _du_code() if motif.search(fichier.read_text("utf-8"))]
    assert trouves == []


def test_le_controle_lit_bien_le_code_et_reconnait_chaque_ecriture():
    lus = {nom for nom, _ in _du_code()}
    assert {"dpd/conventions/regles/calcul.py", "templates/conventions/convention.html"} <= lus
    assert len(lus) > 300
    cdg = next(s for s in STRUCTURES if s.sigle == "CDG 82")
    for ecrit in ("if structure.sigle == 'cdg82'", "CDG\u00a082", "288 200 017", cdg.nom.upper()):
        assert _motif(cdg).search(ecrit), ecrit
    donnees = (RACINE / DES_DONNEES[0] / "structures.py").read_text("utf-8")
    assert all(_motif(structure).search(donnees) for structure in STRUCTURES)
