"""Les pages d’un incident, par qui en a le droit ; ce que l’agent voit, et ce qu’il ne voit pas."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.urls import reverse

from registre import actions as registre
from registre.ecriture import fiche_de
from registre.regles.contenu import LignePrestataire
from tests.conftest import creer_collectivite
from tests.registre.conftest import remplir
from tests.violations.fabriques import PARIS, creer_prestataire
from tests.violations.fabriques_incidents import creer_contrat, creer_incident, creer_logiciel
from violations.actions.incidents_ouverture import AILLEURS, ouvrir
from violations.models import Incident, Violation

pytestmark = pytest.mark.django_db
OUVERT_LE = datetime(2026, 11, 23, 9, 0, tzinfo=PARIS)
PAGES = ("incident", "ouvrir_incident", "diffuser", "clore_incident", "rouvrir_incident", "joindre_incident")
ACCES = [("dpd", 200), ("agent", 200), ("gestionnaire", 403), ("referent", 404), ("etranger", 404)]


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def incident(structure, dpd, prestataire):
    return creer_incident(structure, dpd, sous_traitant=prestataire)


@pytest.fixture
def prevenues(incident, collectivite, voisine, referent, dpd):
    ouvrir(incident=incident, collectivites=[collectivite, voisine], auteur=dpd, maintenant=OUVERT_LE)
    return Violation.objects.get(collectivite=collectivite)


def adresse(nom, incident, *args):
    return reverse(f"violations:{nom}", args=[incident.structure.siren, incident.annee, incident.rang, *args])


def texte(reponse) -> str:
    return " ".join(reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def fiche_qui_cite(collectivite, referent, prestataire):
    """Une fiche du registre qui nomme ce prestataire."""
    version = registre.creer(collectivite=collectivite, nom="Cantine", auteur=referent, maintenant=OUVERT_LE)
    declare = LignePrestataire(type="portail-famille", nom=prestataire)
    fiche = replace(remplir(fiche_de(version)), prestataires=(declare,))
    registre.enregistrer_contenu(
        version=version, fiche=fiche, auteur=referent, maintenant=OUVERT_LE, raison="x"
    )


def saisie(**champs):
    return {
        "origine": "structure",
        "titre": "Une sauvegarde copiée",
        "recit": "Un tiers est entré.",
        "connaissance_date": "2026-11-22",
        "connaissance_heure": "20:00",
        "finie": "inconnu",
        **champs,
    }


@pytest.mark.parametrize(("qui", "statut"), ACCES)
@pytest.mark.parametrize("nom", PAGES)
def test_chaque_page_d_un_incident_s_ouvre_au_dpd_et_a_l_agent(connecte, incident, nom, qui, statut, request):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(adresse(nom, incident)).status_code == statut


@pytest.mark.parametrize(("qui", "statut"), ACCES)
@pytest.mark.parametrize("nom", ["incidents", "signaler"])
def test_la_liste_et_le_signalement_s_ouvrent_au_dpd_et_a_l_agent(
    connecte, structure, nom, qui, statut, request
):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(reverse(f"violations:{nom}", args=[structure.siren])).status_code == statut


def test_un_incident_d_une_autre_structure_n_existe_pas_ici(connecte, autre_structure, structure, dpd):
    ailleurs = creer_incident(autre_structure, dpd)
    chemin = adresse("incident", ailleurs).replace(autre_structure.siren, structure.siren)
    assert connecte(dpd).get(chemin).status_code == 404


def test_l_agent_signale_puis_choisit_les_collectivites(connecte, structure, agent, prestataire):
    logiciel = creer_logiciel(prestataire, "Familia")
    creer_logiciel(creer_prestataire(structure, "Retiré"), "Ancien")
    page = reverse("violations:signaler", args=[structure.siren])
    client = connecte(agent)
    assert "Logi-Quercy, Familia" in texte(client.get(page))
    champs = {"natures": ["confidentialite"], "donnees": ["sante"], "personnes": ["mineurs"]}
    reponse = client.post(page, saisie(origine=f"l{logiciel.pk}", **champs))
    incident = Incident.objects.get()
    assert reponse.url == adresse("ouvrir_incident", incident)
    assert (incident.sous_traitant, incident.logiciel, incident.signale_par) == (prestataire, logiciel, agent)
    assert incident.connaissance == datetime(2026, 11, 22, 20, 0, tzinfo=PARIS)
    assert (incident.natures, incident.donnees, incident.personnes) == (
        ["confidentialite"],
        ["sante"],
        ["mineurs"],
    )


def test_un_prestataire_inconnu_s_ecrit_et_un_nom_oublie_sous_une_autre_reponse_est_ignore(
    connecte, structure, agent
):
    page = reverse("violations:signaler", args=[structure.siren])
    client = connecte(agent)
    client.post(page, saisie(origine="nouveau", nouveau="Atelier Pigeonnier"))
    client.post(page, saisie(origine="structure", nouveau="Oublié là"))
    assert [i.origine_dite for i in Incident.objects.order_by("pk")] == ["Atelier Pigeonnier", structure.nom]


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"origine": ""}, "origine"),
        ({"origine": "p999999"}, "origine"),
        ({"origine": "nouveau"}, "nouveau"),
        ({"origine": "nouveau", "nouveau": "’"}, "nouveau"),
        ({"titre": ""}, "titre"),
        ({"recit": "2 85 05 78 006 084 36"}, "recit"),
        ({"connaissance_heure": ""}, "connaissance"),
        ({"connaissance_date": "2026-11-24"}, "connaissance"),
        ({"debut_date": "2026-11-23", "debut_heure": "08:00"}, "connaissance"),
        ({"finie": "oui", "fin_date": "2026-12-24", "fin_heure": "08:00"}, "fin"),
        ({"finie": ""}, "finie"),
    ],
)
def test_un_signalement_refuse_revient_sous_son_champ_sans_rien_perdre(
    connecte, structure, dpd, champs, champ
):
    page = reverse("violations:signaler", args=[structure.siren])
    reponse = connecte(dpd).post(page, saisie(consequences="Des familles inquiètes", **champs))
    assert reponse.status_code == 200
    assert champ in reponse.context["formulaire"].errors
    assert "Des familles inquiètes" in texte(reponse)
    assert not Incident.objects.exists()


def test_la_fin_d_un_incident_qui_dure_est_ignoree(connecte, structure, dpd):
    page = reverse("violations:signaler", args=[structure.siren])
    connecte(dpd).post(page, saisie(finie="non", fin_date="31/02/2026", fin_heure="08:00"))
    incident = Incident.objects.get()
    assert (incident.en_cours, incident.fin, incident.sous_traitant) == (True, None, None)


def test_le_formulaire_envoye_deux_fois_n_ouvre_qu_un_incident(connecte, structure, dpd):
    page = reverse("violations:signaler", args=[structure.siren])
    client = connecte(dpd)
    jeton = client.get(page).context["formulaire"]["jeton"].value()
    for _ in range(2):
        assert client.post(page, saisie(jeton=jeton)).status_code == 302
    assert client.post(page, saisie(jeton="faux")).status_code == 302
    assert Incident.objects.count() == 2


def test_le_dpd_lit_les_raisons_l_agent_non(connecte, incident, prestataire, collectivite, dpd, agent):
    creer_contrat(collectivite, prestataire, objet="Cantine confidentielle")
    page = adresse("ouvrir_incident", incident)
    du_dpd, de_l_agent = (texte(connecte(qui).get(page)) for qui in (dpd, agent))
    assert "Cantine confidentielle" in du_dpd
    assert "Cantine confidentielle" not in de_l_agent
    for page in (de_l_agent, du_dpd):
        assert collectivite.denomination in page
    assert "paraît concernée" in de_l_agent
    for secret in ("contrat", "registre", "logiciel"):
        assert secret not in de_l_agent.partition("<main")[2].partition("</main>")[0]


def test_rien_ne_dit_a_l_agent_ce_qui_designe_une_collectivite(
    connecte, structure, prestataire, collectivite, voisine, referent, dpd, agent
):
    """Un contrat passe avant une fiche : au DPD seul, par l’ordre même."""
    fiche_qui_cite(collectivite, referent, prestataire.nom)
    creer_contrat(voisine, prestataire)
    page = adresse("ouvrir_incident", creer_incident(structure, dpd, sous_traitant=prestataire))

    def lire(qui):
        return [p.collectivite for p, cochee in connecte(qui).get(page).context["lignes"] if cochee]

    assert lire(dpd) == [voisine, collectivite]
    assert lire(agent) == [collectivite, voisine]


def test_un_nom_que_l_agent_ajoute_n_interroge_pas_les_registres(
    connecte, structure, collectivite, voisine, referent, dpd, agent
):
    fiche_qui_cite(collectivite, referent, "Atelier Pigeonnier")
    client = connecte(agent)
    client.post(
        reverse("violations:signaler", args=[structure.siren]),
        saisie(origine="nouveau", nouveau="Atelier Pigeonnier"),
    )
    incident = Incident.objects.get()
    page = adresse("ouvrir_incident", incident)
    assert "Aucune collectivité proposée" in texte(client.get(page))
    assert "registre" not in texte(client.get(page)).partition("<main")[2].partition("</main>")[0]
    assert "est cité au registre" in texte(connecte(dpd).get(page))
    creer_contrat(voisine, incident.sous_traitant)
    client = connecte(agent)
    assert cochees(client.get(page)) == {voisine.siren}, "un contrat la désigne toujours"
    incident.sous_traitant.etat = "verifiee"
    incident.sous_traitant.enregistrer(auteur=dpd, maintenant=OUVERT_LE, raison="x")
    assert cochees(client.get(page)) == {collectivite.siren, voisine.siren}


def cochees(reponse):
    return {p.collectivite.siren for p, cochee in reponse.context["lignes"] if cochee}


def test_tout_cocher_decocher_chercher_ne_perd_rien_et_n_envoie_rien(
    connecte, incident, prestataire, collectivite, voisine, dpd
):
    creer_contrat(collectivite, prestataire)
    page, client = adresse("ouvrir_incident", incident), connecte(dpd)
    assert cochees(client.get(page)) == {collectivite.siren}
    assert cochees(client.post(page, {"geste": "rien", "collectivites": [collectivite.siren]})) == set()
    trouvee = client.post(page, {"geste": "chercher", "q": "septfonds"})
    assert cochees(trouvee) == set()
    assert trouvee.context["trouvees"] == [voisine]
    ajoutee = client.post(page, {"geste": "chercher", "collectivites": [voisine.siren]})
    assert cochees(ajoutee) == {voisine.siren}
    decochee = client.post(page, {"geste": "chercher", "ajoutees": [voisine.siren]})
    assert voisine in [p.collectivite for p, _ in decochee.context["lignes"]]
    assert cochees(decochee) == set()
    tout = client.post(page, {"geste": "tout", "ajoutees": [voisine.siren]})
    assert cochees(tout) == {collectivite.siren, voisine.siren}
    assert not Violation.objects.exists()


def test_prevenir_ouvre_les_violations_cochees_et_revient_a_l_incident(
    connecte, incident, collectivite, voisine, referent, agent
):
    page, client = adresse("ouvrir_incident", incident), connecte(agent)
    envoi = {"geste": "prevenir", "collectivites": [collectivite.siren]}
    reponse = client.post(page, envoi, follow=True)
    assert reponse.redirect_chain[0][0] == adresse("incident", incident)
    assert "1 collectivité prévenue : 1 courriel part" in texte(reponse)
    assert Violation.objects.get().collectivite == collectivite
    assert "déjà prévenues" in texte(client.post(page, envoi, follow=True))
    plus = {**envoi, "collectivites": [collectivite.siren, voisine.siren]}
    assert "1 l’était déjà" in texte(client.post(page, plus, follow=True))
    assert Violation.objects.count() == 2


@pytest.mark.parametrize("sirens", [[], ["210300232"], ["000000000"]])
def test_un_choix_vide_ou_d_ailleurs_revient_avec_son_erreur(
    connecte, incident, collectivite, lointaine, dpd, sirens
):
    envoi = {"geste": "prevenir", "collectivites": sirens}
    reponse = connecte(dpd).post(adresse("ouvrir_incident", incident), envoi)
    assert reponse.status_code == 200
    assert reponse.context["erreurs"]
    assert lointaine.denomination not in texte(reponse)
    assert not Violation.objects.exists()


def test_un_siren_suivi_ailleurs_ne_se_distingue_pas_d_un_inconnu(
    connecte, incident, collectivite, lointaine, agent
):
    page, client = adresse("ouvrir_incident", incident), connecte(agent)

    def dites(*sirens):
        envoi = {"geste": "prevenir", "collectivites": sirens}
        return client.post(page, envoi).context["erreurs"]

    assert dites(lointaine.siren) == dites("000000000") == [AILLEURS]
    assert dites(collectivite.siren, lointaine.siren) == dites(collectivite.siren, "000000000") == [AILLEURS]
    assert not Violation.objects.exists()


def test_une_collectivite_injoignable_se_voit_et_ne_se_coche_pas(
    connecte, incident, structure, prestataire, dpd
):
    muette = creer_collectivite(structure, "Muette", "218201804", courriel="")
    creer_contrat(muette, prestataire)
    page, client = adresse("ouvrir_incident", incident), connecte(dpd)
    assert "Personne à qui écrire" in texte(client.get(page))
    assert cochees(client.post(page, {"geste": "tout"})) == set()
    refuse = client.post(page, {"geste": "prevenir", "collectivites": [muette.siren]})
    assert "Commune de Muette" in refuse.context["erreurs"][0]


DE_LA_STRUCTURE = "délai retenu par la structure (RGPD, art. 33-2 : dans les meilleurs délais)"


def test_les_24_heures_se_disent_un_choix_de_la_structure(connecte, structure, dpd):
    client = connecte(dpd)
    liste = reverse("violations:incidents", args=[structure.siren])
    assert "la structure retient 24 heures" in texte(client.get(liste))
    assert DE_LA_STRUCTURE in texte(client.get(reverse("violations:signaler", args=[structure.siren])))
    incident = creer_incident(structure, dpd)
    assert DE_LA_STRUCTURE in texte(client.get(adresse("incident", incident)))
