"""L’aperçu d’un import de 1 000 et 10 000 lignes, contre la lecture seule du même classeur."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bancs.acteurs import client_de
from bancs.bases import MAINTENANT, REGISTRES
from dpd.documents import xlsx
from dpd.documents.lecteur import lire
from registre.exports import registre_art30, versions_du_registre
from registre.imports.lecture import lire_registre

LIGNES = (1_000, 10_000)


@pytest.fixture
def classeur(lieux_de, structure_du_banc):
    """Un classeur d’au moins tant de lignes, tiré du plus grand registre ; et qui peut l’importer."""
    equipe, lieux = lieux_de(structure_du_banc)
    source, lieu = lieux[REGISTRES.index(10_000)], lieux[0]
    par_fiche = _lignes(_ecrire(source.collectivite, 10)) / 10

    def _classeur(lignes: int) -> bytes:
        return _ecrire(source.collectivite, round(lignes / par_fiche) + 1)

    return _classeur, lieu, equipe


def _ecrire(collectivite, fiches: int) -> bytes:
    sortie = BytesIO()
    requete = versions_du_registre(collectivite).filter(traitement__reference__lte=fiches)
    xlsx.ecrire(registre_art30(collectivite, requete, maintenant=MAINTENANT, format="xlsx"), sortie)
    return sortie.getvalue()


def _lignes(contenu: bytes) -> int:
    return sum(len(feuille.lignes) for feuille in lire("registre.xlsx", contenu).feuilles)


@pytest.mark.parametrize("role", ["lecture", "lecture et contrôle", "nous"])
@pytest.mark.parametrize("lignes", LIGNES)
def bench_apercu(mesurer, classeur, lignes, role):
    ecrire, lieu, _ = classeur
    contenu = ecrire(lignes)
    faire = {
        "lecture": lambda: lire("registre.xlsx", contenu),
        "lecture et contrôle": lambda: lire_registre("registre.xlsx", contenu),
        "nous": _deposer(lieu, contenu),
    }[role]
    rendu = mesurer(
        faire, groupe="import, aperçu", role=role, tours=3, unites=_lignes(contenu), lignes=lignes
    )
    if role == "nous":
        assert rendu.status_code == 200


def _deposer(lieu, contenu: bytes):
    client = client_de(lieu.referent)

    def deposer():
        fichier = SimpleUploadedFile("registre.xlsx", contenu)
        return client.post(f"/c/{lieu.collectivite.siren}/registre/importer/", {"fichier": fichier})

    return deposer
