"""Les pages : contre une page vide à travers les mêmes intergiciels, et contre leur SQL rejoué nu."""

import pytest
from django.urls import reverse

from bancs.acteurs import client_de, trouver
from bancs.espion import espionner, rejouer
from bancs.gunicorn_d_essai import ouvrir_une_session, servir
from bancs.planchers import LIGNES

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


@pytest.fixture(scope="module")
def site(django_db_blocker):
    """Le site sous gunicorn, un processus et un fil : la durée d’une page seule, dans sa vraie pile."""
    with django_db_blocker.unblock():
        acteurs = trouver()
        sessions = {qui: ouvrir_une_session(getattr(acteurs, qui)) for qui in ("dpd", "referent")}
        with servir(processus=1, fils=1) as serveur:
            yield acteurs, serveur, {qui: session.session_key for qui, session in sessions.items()}
        for session in sessions.values():
            session.delete()


@pytest.mark.parametrize(
    ("nom", "role"),
    [(nom, role) for nom in PAGES for role in ("vide", "nous", "sql")] + [("registre", "tableau nu")],
)
def bench_page(mesurer, site, nom, role):
    acteurs, serveur, sessions = site
    qui, adresse = PAGES[nom]
    chemins = {
        "vide": "/banc/vide/",
        "nous": adresse(acteurs),
        "tableau nu": f"/banc/tableau/{acteurs.collectivite.siren}/",
    }
    client, chemin = client_de(getattr(acteurs, qui)), chemins.get(role, chemins["nous"])
    client.get(chemin)  # la connexion et ce que le processus garde ne sont pas de la page
    with espionner() as espion:
        reponse = client.get(chemin)
    if role == "tableau nu":
        assert reponse.content.count(b"<tr>") == LIGNES
    dits = {"requetes": espion.nombre, "parametres": espion.parametres_max}
    if role == "sql":
        mesurer(lambda: rejouer(espion.lectures), groupe=nom, role=role)
        return
    statut, _ = mesurer(
        lambda: serveur.telecharger(chemins[role], sessions[qui]), groupe=nom, role=role, tours=25, **dits
    )
    assert statut == 200
