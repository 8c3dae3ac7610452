"""Cinq prestataires ou soixante : autant de requêtes ; nul ne lit le contrat ni la pièce d’un autre."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registre import routes_contrats
from subtraitance.models import Autorisation, Contrat
from subtraitance.routes import annuaire as routes_annuaire
from tests.conftest import creer_collectivite
from tests.subtraitance.fabriques_annuaire import (
    LUNDI,
    ajouter_sous_traitant,
    creer_contrats,
    creer_fiche,
    creer_fiches,
    lire_tout,
)
from tests.subtraitance.monde_p1 import PARAMETRES_P1, remplir_p1

# Un balayage : long, et ce qu’il traverse est couvert ailleurs.
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
PEU, BEAUCOUP = 5, 60
LISTE_MAX = 16  # session et droits compris
ROUTES = [*routes_annuaire.urlpatterns, *routes_contrats.urlpatterns]
NOMS = [f"subtraitance:{r.name}" for r in routes_annuaire.urlpatterns]
NOMS += [f"registre:{r.name}" for r in routes_contrats.urlpatterns]


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine):
    time_machine.move_to(LUNDI, tick=False)


def mesurer(client, page):
    client.get(page)  # ce qui ne se lit qu’une fois par processus est lu
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(page)
        contenu = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    assert reponse.status_code == 200
    return len(requetes), len(contenu)


def comparer(client, page, porter_a, borne=LISTE_MAX):
    porter_a(0, PEU)
    peu = mesurer(client, page)
    porter_a(PEU, BEAUCOUP)
    beaucoup = mesurer(client, page)
    assert peu[0] == beaucoup[0] <= borne
    assert peu[1] < beaucoup[1]


@pytest.mark.parametrize("query", ["", "?q=prestataire&etat=verifiee"])
def test_l_annuaire_coute_autant_a_cinq_qu_a_soixante_prestataires(
    connecte, structure, collectivite, voisine, dpd, query
):
    def porter_a(debut, fin):
        fiches = creer_fiches(structure, fin - debut, premiere=debut)
        creer_contrats(collectivite, fiches)
        creer_contrats(voisine, fiches)

    comparer(connecte(dpd), reverse("subtraitance:annuaire", args=[structure.siren]) + query, porter_a)


def test_l_export_de_l_annuaire_aussi(connecte, structure, collectivite, dpd):
    page = reverse("subtraitance:exporter_annuaire", args=[structure.siren, "csv"])
    comparer(
        connecte(dpd),
        page,
        lambda debut, fin: creer_contrats(collectivite, creer_fiches(structure, fin - debut, premiere=debut)),
    )


@pytest.mark.parametrize("query", ["", "?etat=terme", "?etat=manques&q=logiciel"])
@pytest.mark.parametrize("nom", ["prestataires", "exporter_contrats"])
def test_les_contrats_d_une_collectivite_coutent_autant_a_cinq_qu_a_soixante(
    connecte, structure, collectivite, referent, nom, query
):
    def porter_a(debut, fin):
        for contrat in creer_contrats(collectivite, creer_fiches(structure, fin - debut, premiere=debut)):
            contrat.fin = LUNDI.date()
            contrat.enregistrer(auteur=None, maintenant=LUNDI, raison="x")
            lire_tout(contrat, referent, sauf={"audits"})

    suite = ["csv"] if nom.startswith("exporter") else []
    page = reverse(f"subtraitance:{nom}", args=[collectivite.siren, *suite]) + query
    comparer(connecte(referent), page, porter_a)


def test_une_fiche_coute_autant_a_cinq_qu_a_soixante_collectivites(connecte, structure, dpd):
    fiche = creer_fiche(structure, dpd)

    def porter_a(debut, fin):
        for rang in range(debut, fin):
            commune = creer_collectivite(structure, f"Bourg{rang:02}", f"{210000000 + rang}")
            creer_contrats(commune, [fiche])
            ajouter_sous_traitant(fiche, creer_fiche(structure, dpd, f"Sous {rang}"), dpd)

    page = reverse("subtraitance:fiche_annuaire", args=[structure.siren, fiche.pk])
    comparer(connecte(dpd), page, porter_a, borne=26)


def route(nom):
    (trouvee,) = (r for r in ROUTES if nom.endswith(f":{r.name}"))
    return str(trouvee.pattern)


def adresse(nom, monde, siren):
    """L’adresse, ses clés prises dans ce monde-là, sous ce SIREN."""
    cles = PARAMETRES_P1.get(nom, {})
    valeurs = {
        "siren": siren,
        "pk": monde.get(cles.get("pk", "")),
        "certification": monde["certification"],
        "ligne": monde.get(cles.get("ligne", "")),
        "ulterieur": monde["lien_ulterieur"],
        "format": "pdf",
    }
    voulus = re.findall(r"<(?:\w+:)?(\w+)>", route(nom))
    return reverse(nom, kwargs={cle: valeurs[cle] for cle in voulus})


@pytest.fixture
def mondes(structure, collectivite, voisine, lointaine, referent, decideur, dpd, autre_structure):
    gens = {"referent": referent, "decideur": decideur, "dpd": dpd}
    return {
        "ici": remplir_p1(structure, collectivite, gens, LUNDI),
        "voisine": remplir_p1(structure, voisine, gens, LUNDI),
        "ailleurs": remplir_p1(autre_structure, lointaine, gens, LUNDI),
    }


@pytest.mark.parametrize("lieu", ["voisine", "ailleurs"])
def test_aucune_adresse_n_ouvre_ce_qui_est_a_une_autre(
    connecte, request, mondes, structure, autre_structure, decideur, referent, lieu
):
    """Sous le SIREN d’ailleurs, rien ne s’ouvre et rien ne s’écrit."""
    collectivite, sienne = {
        "voisine": (request.getfixturevalue("voisine"), structure),
        "ailleurs": (request.getfixturevalue("lointaine"), autre_structure),
    }[lieu]
    avant = (list(Contrat.objects.values()), list(Autorisation.objects.values()))
    for personne in (referent, decideur):
        client = connecte(personne)
        for nom in NOMS:
            siren = sienne.siren if route(nom).startswith("s/") else collectivite.siren
            page = adresse(nom, mondes[lieu], siren)
            assert {client.get(page).status_code, client.post(page).status_code} <= {404, 405}, nom
    assert (list(Contrat.objects.values()), list(Autorisation.objects.values())) == avant


@pytest.mark.parametrize("lieu", ["voisine", "ailleurs"])
def test_une_cle_d_ailleurs_sous_mon_siren_n_ouvre_que_la_fiche_partagee(
    connecte, mondes, collectivite, decideur, referent, lieu
):
    """Le contrat, la décision et la pièce d’une autre restent à elle ; la fiche d’annuaire est à toutes."""
    ouvertes = {"subtraitance:prestataire", "subtraitance:justificatif", "registre:nouveau_contrat"}
    a_elle = [nom for nom in NOMS if "<int:pk>" in route(nom) and route(nom).startswith("c/")]
    avant = (list(Contrat.objects.values()), list(Autorisation.objects.values()))
    for nom in a_elle:
        page = adresse(nom, mondes[lieu], collectivite.siren)
        partagee = lieu == "voisine" and nom in ouvertes
        assert (connecte(referent).get(page).status_code == 200) is partagee, nom
        assert connecte(decideur).post(page, {"decision": "autorisee"}).status_code in (403, 404, 405), nom
    assert (list(Contrat.objects.values()), list(Autorisation.objects.values())) == avant


def test_une_piece_de_contrat_ne_se_lit_que_chez_elle(connecte, mondes, collectivite, voisine, referent, dpd):
    piece = Contrat.objects.get(pk=mondes["voisine"]["contrat"]).piece
    assert connecte(referent).get(piece.get_absolute_url()).status_code == 404
    glissee = reverse("pieces:telecharger", args=[collectivite.siren, piece.pk])
    assert connecte(referent).get(glissee).status_code == 404
    assert connecte(dpd).get(piece.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("qui", ["gestionnaire", "agent"])
def test_ni_le_gestionnaire_ni_l_agent_n_ouvrent_un_contrat(connecte, request, mondes, collectivite, qui):
    client = connecte(request.getfixturevalue(qui))
    for nom in NOMS:
        page = adresse(nom, mondes["ici"], collectivite.siren)
        if page.startswith("/c/"):
            assert client.get(page).status_code in (403, 405), nom


def test_une_fiche_d_une_autre_structure_ne_se_rattache_ni_ne_se_lit(
    connecte, mondes, collectivite, referent
):
    for nom in ("subtraitance:prestataire", "registre:nouveau_contrat"):
        page = reverse(nom, args=[collectivite.siren, mondes["ailleurs"]["prestataire"]])
        assert connecte(referent).get(page).status_code == 404
        assert connecte(referent).post(page).status_code in (404, 405)
