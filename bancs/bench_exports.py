"""Les exports d’un registre de 100, 1 000 et 10 000 fiches, contre l’écriture nue du même contenu.

Le plancher écrit les mêmes cellules, les mêmes textes ou les mêmes enregistrements, déjà calculés, par la
bibliothèque de chaque format ; il relit aussi la base quand le but le dit (CSV, JSON).
"""

import tempfile
from time import perf_counter

import pytest

from bancs import ecritures_nues
from bancs.acteurs import client_de
from bancs.bases import MAINTENANT, REGISTRES
from registre.exports import registre_art30, versions_du_registre

TOURS = {100: 7, 1_000: 3, 10_000: 1}
FORMATS = ("csv", "json", "xlsx", "ods", "pdf")


@pytest.fixture
def registre(lieux_de, structure_du_banc):
    """``registre(n)`` : l’équipe et la collectivité dont le registre a ``n`` fiches."""
    equipe, lieux = lieux_de(structure_du_banc)
    return lambda fiches: (equipe, lieux[REGISTRES.index(fiches)].collectivite)


@pytest.mark.parametrize("role", ["nu", "nous"])
@pytest.mark.parametrize("fiches", REGISTRES)
@pytest.mark.parametrize("format", FORMATS)
def bench_export(mesurer, registre, format, fiches, role):
    equipe, collectivite = registre(fiches)
    groupe = f"export {format.upper()}"
    if role == "nu":
        document = registre_art30(
            collectivite, versions_du_registre(collectivite), maintenant=MAINTENANT, format=format
        )
        contenu = ecritures_nues.preparer(format, document)
        ecrire = ecritures_nues.ECRITURES[format]
        relire = ecritures_nues.RELECTURES.get(format, lambda _: None)

        def nu():
            relire(collectivite)
            with tempfile.TemporaryFile() as sortie:
                ecrire(contenu, sortie)

        mesurer(nu, groupe=groupe, role=role, tours=TOURS[fiches], unites=fiches, fiches=fiches)
        return
    client = client_de(equipe.dpd)
    client.get("/banc/vide/")  # la première page d’une session l’enregistre
    chemin = f"/c/{collectivite.siren}/registre/exporter/{format}/"
    premiers = []
    mesurer(
        lambda: premiers.append(_telecharger(client, chemin)),
        groupe=groupe,
        role=role,
        tours=TOURS[fiches],
        unites=fiches,
        fiches=fiches,
        premier_octet=premiers,
    )


def _telecharger(client, chemin) -> float:
    """Télécharge tout ; rend la part du temps passée avant le premier octet du corps."""
    depart = perf_counter()
    reponse = client.get(chemin)
    assert reponse.status_code == 200
    premier, taille = 0.0, 0
    for morceau in reponse.streaming_content:
        premier = premier or perf_counter() - depart
        taille += len(morceau)
    assert taille > 1_000
    return premier / (perf_counter() - depart)
