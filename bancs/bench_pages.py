"""Les pages : contre une page vide à travers les mêmes intergiciels, et contre leur SQL rejoué nu."""

import pytest
from django.urls import reverse

from bancs.acteurs import client_de
from bancs.espion import espionner, rejouer
from bancs.planchers import LIGNES
from registre.views import fiches

PAGES = {
    "accueil du DPD": ("dpd", lambda a: reverse("pilotage:structure", args=[a.structure.siren])),
    "portefeuille": ("dpd", lambda a: reverse("pilotage:portefeuille", args=[a.structure.siren])),
    "violations du portefeuille": (
        "dpd",
        lambda a: reverse("violations:structure", args=[a.structure.siren]),
    ),
    "demandes du portefeuille": (
        "dpd",
        lambda a: reverse("subtraitance:demandes_structure", args=[a.structure.siren]),
    ),
    "accueil du référent": (
        "referent",
        lambda a: reverse("pilotage:collectivite", args=[a.collectivite.siren]),
    ),
    "registre": ("referent", lambda a: reverse("registre:liste", args=[a.collectivite.siren])),
    "registre, par le DPD": ("dpd", lambda a: reverse("registre:liste", args=[a.collectivite.siren])),
    "fiche": (
        "referent",
        lambda a: reverse("registre:fiche", args=[a.collectivite.siren, a.fiche.traitement.reference]),
    ),
    "violation": (
        "referent",
        lambda a: reverse(
            "violations:violation", args=[a.collectivite.siren, a.violation.annee, a.violation.rang]
        ),
    ),
    "demande de droits": (
        "referent",
        lambda a: reverse("registre:demande", args=[a.collectivite.siren, a.demande.annee, a.demande.rang]),
    ),
}


@pytest.fixture(autouse=True)
def cinquante_lignes(monkeypatch):
    """La liste du registre se mesure à cinquante lignes, comme celles des pairs."""
    monkeypatch.setattr(fiches, "PAR_PAGE", LIGNES)


@pytest.mark.parametrize("role", ["vide", "nous", "sql"])
@pytest.mark.parametrize("nom", PAGES)
def bench_page(mesurer, acteurs, nom, role):
    qui, adresse = PAGES[nom]
    client, chemin = client_de(getattr(acteurs, qui)), adresse(acteurs)
    if role == "sql":
        client.get(chemin)
        with espionner() as espion:
            client.get(chemin)
        mesurer(lambda: rejouer(espion.lectures), groupe=nom, role=role)
        return
    chemin = "/banc/vide/" if role == "vide" else chemin
    reponse = mesurer(lambda: client.get(chemin), groupe=nom, role=role)
    assert reponse.status_code == 200


def bench_tableau_nu(mesurer, acteurs):
    """Les cinquante mêmes lignes que « registre », dans un tableau sans rien autour."""
    client = client_de(acteurs.referent)
    chemin = f"/banc/tableau/{acteurs.collectivite.siren}/"
    reponse = mesurer(lambda: client.get(chemin), groupe="registre", role="tableau nu")
    assert reponse.content.count(b"<tr>") == LIGNES
