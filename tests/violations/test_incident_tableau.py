"""Le tableau de bord d’un incident, ses pièces, son export ; ce que l’agent ne voit pas."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from dpd.messagerie.models import Message
from tests.conftest import creer_collectivite
from tests.pieces.fabriques import fichier
from tests.violations.fabriques import PARIS, decider
from tests.violations.fabriques_incidents import SIGNALE_LE, creer_incident
from violations.actions import clore, marquer_lue, notifier
from violations.actions.incidents import clore_incident, joindre_a_l_incident
from violations.actions.incidents_ouverture import ouvrir
from violations.actions.incidents_suite import diffuser
from violations.enums import TypeNotification
from violations.models import Incident, InformationIncident, PieceIncident, Violation

pytestmark = pytest.mark.django_db
OUVERT_LE = datetime(2026, 11, 23, 9, 0, tzinfo=PARIS)


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


def test_le_tableau_de_bord_dit_au_dpd_qui_a_lu_decide_notifie(
    connecte, incident, prevenues, collectivite, voisine, referent, decideur, dpd
):
    marquer_lue(violation=prevenues, auteur=referent, maintenant=OUVERT_LE)
    decider(prevenues, decideur, OUVERT_LE)
    notifier(
        violation=prevenues,
        type_envoi=TypeNotification.COMPLETE,
        numero="N-1",
        envoyee_le=OUVERT_LE,
        contenu={"1": "x"},
        auteur=referent,
        maintenant=OUVERT_LE,
    )
    client, page = connecte(dpd), adresse("incident", incident)
    reponse = client.get(page)
    compteurs = reponse.context["compteurs"]
    assert (compteurs.prevenues, compteurs.lues, compteurs.decidees, compteurs.notifiees) == (2, 1, 1, 1)
    assert (compteurs.depassees, compteurs.closes, compteurs.en_echec, compteurs.ecartees) == (0, 0, 0, 0)
    assert "Notifiée dans les temps" in texte(reponse)
    assert reverse("violations:violation", args=[collectivite.siren, 2026, 1]) in texte(reponse)

    def filtrees(**filtre):
        return [ligne.violation.collectivite for ligne in client.get(page, filtre).context["lignes"]]

    assert filtrees(filtre="non_lues") == [voisine]
    assert filtrees(filtre="a_decider") == [voisine]
    assert filtrees(filtre="a_notifier") == [voisine]
    assert filtrees(filtre="depassees") == filtrees(filtre="closes") == filtrees(filtre="en_echec") == []
    assert filtrees(q="montpezat") == [collectivite]
    assert filtrees(filtre="inconnu") == [collectivite, voisine]
    htmx = client.get(page, headers={"HX-Request": "true"})
    assert "<h1>" not in texte(htmx)
    assert "HX-Request" in htmx.headers["Vary"]


def test_le_temps_qui_passe_se_voit_dans_le_tableau_de_bord(
    connecte, incident, prevenues, dpd, decideur, time_machine
):
    decider(prevenues, decideur, OUVERT_LE, notifier=False, informer=False)
    time_machine.move_to(OUVERT_LE + timedelta(hours=73), tick=False)
    client = connecte(dpd)
    page = texte(client.get(adresse("incident", incident)))
    assert "Dépassé de 1 h" in page
    assert "Ne pas notifier" in page
    assert "1 y a renoncé" in page


def test_l_agent_voit_qui_est_prevenu_et_qui_a_lu_rien_d_autre(
    connecte, incident, prevenues, collectivite, referent, decideur, agent
):
    marquer_lue(violation=prevenues, auteur=referent, maintenant=OUVERT_LE)
    decider(prevenues, decideur, OUVERT_LE, notifier=False, informer=False)
    client, page = connecte(agent), adresse("incident", incident)
    reponse = client.get(page)
    compteurs = reponse.context["compteurs"]
    assert (compteurs.prevenues, compteurs.lues, compteurs.decidees) == (2, 1, None)
    vue = texte(reponse)
    assert collectivite.denomination in vue
    for secret in ("Ne pas notifier", "À notifier", "décidé", "Reste ", "/c/", "renoncé"):
        assert secret not in vue.split("</header>")[1], secret
    filtre = client.get(page, {"filtre": "a_decider"})
    assert len(filtre.context["lignes"]) == 2, "un filtre secret ne filtre pas"


def test_un_courriel_en_echec_se_voit_et_dit_d_appeler(connecte, incident, prevenues, agent, referent):
    message = Message.objects.get(utilisateur=referent)
    message.courriel.status = 1  # échec définitif
    message.courriel.save()
    client, page = connecte(agent), adresse("incident", incident)
    assert "échec : appelez-les" in texte(client.get(page))
    en_echec = client.get(page, {"filtre": "en_echec"}).context
    assert [ligne.violation for ligne in en_echec["lignes"]] == [prevenues]
    assert en_echec["compteurs"].en_echec == 1
    message.courriel.delete()
    message.refresh_from_db()
    message.envoye_le = OUVERT_LE
    message.save()
    assert "envoyé" in texte(client.get(page, {"q": "montpezat"}))


def test_diffuser_clore_et_rouvrir_depuis_les_pages(connecte, incident, prevenues, agent, dpd):
    client = connecte(agent)
    page = adresse("diffuser", incident)
    jeton = client.get(page).context["formulaire"]["jeton"].value()
    for _ in range(2):
        assert client.post(page, {"texte": "Du nouveau", "jeton": jeton}).status_code == 302
    assert InformationIncident.objects.get().texte == "Du nouveau"
    assert "Indiquez" not in texte(client.post(page, {"texte": ""}))
    clore, rouvrir = adresse("clore_incident", incident), adresse("rouvrir_incident", incident)
    assert client.post(rouvrir, {"motif": "x"}).status_code == 200
    assert client.post(clore, {"motif": ""}).status_code == 200
    assert client.post(clore, {"motif": "Tout est traité"}).status_code == 302
    assert "Tout est traité" in texte(client.get(adresse("incident", incident)))
    refuse = client.post(page, {"texte": "Encore", "jeton": ""})
    assert "Cet incident est clos" in texte(refuse)
    assert "Encore" in texte(refuse)
    assert client.post(rouvrir, {"motif": "Une oubliée"}).status_code == 302
    assert Incident.objects.get().clos_le is None


def test_la_page_de_diffusion_ne_dit_qu_au_dpd_combien_de_dossiers_sont_clos(
    connecte, incident, prevenues, decideur, referent, agent, dpd
):
    decider(prevenues, decideur, OUVERT_LE, notifier=False, informer=False)
    clore(violation=prevenues, auteur=referent, maintenant=OUVERT_LE)
    page = adresse("diffuser", incident)
    assert "Les dossiers clos (1)" in texte(connecte(dpd).get(page))
    assert "clos (" not in texte(connecte(agent).get(page))


def test_une_piece_jointe_se_lit_de_la_structure_et_des_seules_collectivites_touchees(
    connecte,
    incident,
    prevenues,
    structure,
    collectivite,
    voisine,
    referent,
    decideur,
    lecteur,
    agent,
    etranger,
):
    joindre = adresse("joindre_incident", incident)
    client = connecte(agent)
    assert client.post(joindre, {"libelle": "Avis"}).status_code == 200
    assert client.post(joindre, {"libelle": "Avis", "fichier": fichier()}).status_code == 302
    lien = PieceIncident.objects.get()
    chez_nous = adresse("piece_incident", incident, lien.pk)
    chez_elle = reverse("violations:documentation", args=[collectivite.siren, 2026, prevenues.rang, lien.pk])
    assert client.get(chez_nous).headers["Content-Disposition"].startswith("attachment")
    statuts = {referent: 200, decideur: 200, lecteur: 403, agent: 403, etranger: 404}
    for qui, statut in statuts.items():
        assert connecte(qui).get(chez_elle).status_code == statut
    assert connecte(referent).get(chez_nous).status_code == 404
    autre = creer_incident(structure, agent)
    assert connecte(agent).get(adresse("piece_incident", autre, lien.pk)).status_code == 404
    retirer = adresse("retirer_piece_incident", incident, lien.pk)
    assert connecte(agent).post(retirer, {"motif": ""}).status_code == 200
    assert connecte(agent).post(retirer, {"motif": "Déposée par erreur"}).status_code == 302
    assert connecte(referent).get(chez_elle).status_code == 404
    assert connecte(agent).get(chez_nous).status_code == 404


def test_la_documentation_se_lit_depuis_le_dossier(connecte, incident, prevenues, referent, dpd):
    page = reverse(
        "violations:violation", args=[prevenues.collectivite.siren, prevenues.annee, prevenues.rang]
    )
    client = connecte(referent)
    assert "Documentation de l’incident" not in texte(client.get(page))
    lien = joindre_a_l_incident(
        incident=incident, fichier=fichier(), auteur=dpd, maintenant=OUVERT_LE, libelle="Avis de l’éditeur"
    )
    vue = texte(client.get(page))
    assert "Avis de l’éditeur" in vue
    assert f"/documentation/{lien.pk}/" in vue


def test_l_echeance_d_une_collectivite_d_un_autre_fuseau_se_dit_aux_deux_heures(
    connecte, incident, structure, dpd
):
    guyane = creer_collectivite(structure, "Roura", "219730100", territoire="guyane", code_insee="97310")
    ouvrir(incident=incident, collectivites=[guyane], auteur=dpd, maintenant=OUVERT_LE)
    vue = texte(connecte(dpd).get(adresse("incident", incident)))
    assert "avant le 26 nov. 2026, 9 h 00, soit 26 nov. 2026, 5 h 00 (Guyane)" in vue


def test_un_courriel_a_retenter_se_dit(connecte, incident, prevenues, agent, referent):
    message = Message.objects.get(utilisateur=referent)
    message.courriel.status, message.courriel.number_of_retries = 3, 1  # remis en file
    message.courriel.save()
    assert "nouvel essai en attente" in texte(connecte(agent).get(adresse("incident", incident)))


def test_une_violation_sans_incident_n_a_pas_de_documentation(connecte, violation, collectivite, referent):
    page = reverse("violations:documentation", args=[collectivite.siren, violation.annee, violation.rang, 1])
    assert connecte(referent).get(page).status_code == 404


def test_la_liste_se_filtre_par_etat_et_par_mot(connecte, structure, incident, prevenues, dpd, agent):
    clos = creer_incident(structure, dpd, titre="Vol d’un disque")
    clore_incident(incident=clos, motif="Retrouvé", auteur=dpd, maintenant=SIGNALE_LE)
    attente = creer_incident(structure, dpd, titre="Panne longue")
    client, page = connecte(agent), reverse("violations:incidents", args=[structure.siren])

    def lus(**filtre):
        return [i for i, _ in client.get(page, filtre).context["lignes"]]

    assert lus() == [attente, clos, incident]
    assert lus(etat="a_prevenir") == [attente]
    assert lus(etat="ouverts") == [incident]
    assert lus(etat="clos") == [clos]
    assert lus(q="quercy") == [incident]
    assert lus(q="introuvable") == []
    assert lus(etat="faux") == [attente, clos, incident]
    assert (lus()[2].nombre, lus()[2].lues) == (2, 0)
    assert "<h1>" not in texte(client.get(page, headers={"HX-Request": "true"}))


@pytest.mark.parametrize("format", ["xlsx", "csv", "ods", "json", "pdf"])
def test_le_suivi_s_exporte_dans_chaque_format(connecte, incident, prevenues, dpd, format):
    reponse = connecte(dpd).get(adresse("exporter_incident", incident, format))
    assert reponse.status_code == 200
    assert b"".join(reponse.streaming_content)


def test_l_export_de_l_agent_tait_les_decisions(connecte, incident, prevenues, agent, dpd):
    page = adresse("exporter_incident", incident, "csv")
    csv = {qui: b"".join(connecte(qui).get(page).streaming_content).decode() for qui in (agent, dpd)}
    assert "Montpezat" in csv[agent]
    assert "Notifiée le" in csv[dpd]
    assert "Notifiée le" not in csv[agent]
    assert "Déclarée" not in csv[agent]
    assert connecte(dpd).get(page.replace("csv", "doc")).status_code == 404


def test_l_export_ne_dit_pas_plus_que_l_ecran(
    connecte, incident, prevenues, voisine, referent, agent, dpd, etranger
):
    page = adresse("exporter_incident", incident, "csv")

    def lire(personne):
        return b"".join(connecte(personne).get(page).streaming_content).decode()

    assert "Violation" not in lire(agent)
    assert prevenues.numero not in lire(agent).replace(incident.numero, "")
    assert prevenues.numero in lire(dpd).replace(incident.numero, "")
    for personne in (agent, dpd):
        assert "en attente" in lire(personne)
        assert referent.email not in lire(personne)
    message = Message.objects.get(utilisateur=referent)
    message.courriel.status = 1  # échec définitif
    message.courriel.save()
    assert f"appelez-les ({referent.email})" in lire(agent)
    assert voisine.courriel not in lire(agent)
    assert connecte(etranger).get(page).status_code == 404


def test_un_incident_sans_collectivite_s_exporte_aussi(connecte, incident, dpd):
    for format in ("pdf", "csv"):
        assert connecte(dpd).get(adresse("exporter_incident", incident, format)).status_code == 200


def test_les_informations_diffusees_se_lisent_sur_la_page(connecte, incident, prevenues, dpd):
    diffuser(incident=incident, texte="Les mots de passe ont fui.", auteur=dpd, maintenant=OUVERT_LE)
    joindre_a_l_incident(incident=incident, fichier=fichier(), auteur=dpd, maintenant=OUVERT_LE)
    page = texte(connecte(dpd).get(adresse("incident", incident)))
    assert "Les mots de passe ont fui." in page
    assert "pas encore connu" in page
