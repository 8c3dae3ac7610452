"""Après l’avis : l’information nouvelle qui n’écrase rien, et les rappels à la structure."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.forms import model_to_dict
from django.test.utils import CaptureQueriesContext

from dpd.messagerie.models import Message
from tests.violations.fabriques import PARIS, decider, rendre_avis
from tests.violations.fabriques_incidents import SIGNALE_LE, SU_LE, creer_communes, creer_incident
from violations import emails_incidents
from violations.actions import clore, completer
from violations.actions import incidents_suite as actions
from violations.actions.incidents import clore_incident
from violations.actions.incidents_ouverture import ouvrir
from violations.actions.incidents_suite import diffuser, rappels_d_incident
from violations.enums import NatureEvenement
from violations.models import Evenement, InformationIncident, Violation
from violations.regles.incidents import palier_du
from violations.regles.rappels import Palier

pytestmark = pytest.mark.django_db
MAINTENANT = datetime(2026, 11, 23, 9, 0, tzinfo=PARIS)
PLUS_TARD = MAINTENANT + timedelta(hours=3)
HEURE = timedelta(hours=1)


@pytest.fixture
def incident(structure, dpd, prestataire, collectivite, voisine, referent):
    incident = creer_incident(structure, dpd, sous_traitant=prestataire)
    ouvrir(incident=incident, collectivites=[collectivite, voisine], auteur=dpd, maintenant=MAINTENANT)
    return incident


@pytest.fixture
def geste(incident, dpd):
    return {"incident": incident, "auteur": dpd, "maintenant": PLUS_TARD}


def messages():
    return Message.objects.filter(nature=emails_incidents.INFORMATION)


def refus(appel, **arguments):
    with pytest.raises(ValidationError) as erreur:
        appel(**arguments)
    return getattr(erreur.value, "message_dict", None) or erreur.value.messages


def test_une_information_s_ajoute_a_chaque_dossier_et_s_ecrit_a_chacun(
    geste, structure, collectivite, voisine, referent
):
    information = diffuser(texte=" Les mots de passe ont fui. ", instant=MAINTENANT, **geste)
    assert (information.texte, information.instant) == ("Les mots de passe ont fui.", MAINTENANT)
    assert (information.diffusee_le, information.structure) == (PLUS_TARD, structure)
    lignes = Evenement.objects.filter(nature=NatureEvenement.PRESTATAIRE)
    assert {ligne.collectivite for ligne in lignes} == {collectivite, voisine}
    assert {(ligne.texte, ligne.instant, ligne.information) for ligne in lignes} == {
        (information.texte, MAINTENANT, information)
    }
    assert {m.destinataire for m in messages()} == {referent.email, voisine.courriel}
    assert not any("mots de passe" in m.corps for m in messages()), "le texte libre reste au dossier"
    assert all(ligne.history.get().history_user == geste["auteur"] for ligne in lignes)


def test_une_information_n_ecrase_rien_de_ce_que_la_collectivite_a_ecrit(
    geste, collectivite, referent, dpd, decideur
):
    violation = Violation.objects.get(collectivite=collectivite)
    ecrit = {
        "titre": "Nos 37 familles",
        "recit": "Notre propre récit.",
        "donnees": ["financieres"],
        "personnes_max": 95,
        "mesures_apres": "Portail fermé",
    }
    completer(violation=violation, auteur=referent, maintenant=PLUS_TARD, lu={}, **ecrit)
    rendre_avis(violation, dpd, PLUS_TARD)
    decider(violation, decideur, PLUS_TARD, avis_lu=violation.avis.first().pk)
    violation.refresh_from_db()
    avant, passe = model_to_dict(violation), violation.history.count()
    lignes = set(violation.evenements.values_list("pk", "texte"))
    diffuser(texte="Le prestataire dit autre chose.", **geste)
    violation.refresh_from_db()
    assert model_to_dict(violation) == avant
    assert violation.history.count() == passe
    assert set(violation.evenements.values_list("pk", "texte")) > lignes


def test_une_violation_close_ne_la_recoit_pas(geste, collectivite, voisine, referent, decideur):
    violation = Violation.objects.get(collectivite=collectivite)
    decider(violation, decideur, PLUS_TARD, notifier=False, informer=False)
    clore(violation=violation, auteur=referent, maintenant=PLUS_TARD)
    diffuser(texte="Du nouveau", **geste)
    assert {m.destinataire for m in messages()} == {voisine.courriel}
    assert not violation.evenements.filter(nature=NatureEvenement.PRESTATAIRE).exists()


def test_la_meme_information_envoyee_deux_fois_n_est_diffusee_qu_une(geste):
    jeton = uuid4()
    premiere = diffuser(texte="Du nouveau", jeton=jeton, **geste)
    assert diffuser(texte="Du nouveau", jeton=jeton, **geste) == premiere
    assert (InformationIncident.objects.count(), messages().count()) == (1, 2)
    diffuser(texte="Encore", jeton=uuid4(), **geste)
    assert (InformationIncident.objects.count(), messages().count()) == (2, 4)


def test_une_information_vide_future_ou_sans_personne_a_qui_la_dire_est_refusee(geste, structure, dpd):
    assert refus(diffuser, texte=" ", **geste) == {"texte": [actions.SANS_TEXTE]}
    futur = PLUS_TARD + timedelta(minutes=1)
    assert refus(diffuser, texte="x", instant=futur, **geste) == {"instant": [actions.FUTUR]}
    neuf = creer_incident(structure, dpd)
    assert refus(diffuser, **{**geste, "incident": neuf}, texte="x") == [actions.PERSONNE]
    clore_incident(incident=geste["incident"], motif="x", auteur=dpd, maintenant=PLUS_TARD)
    assert refus(diffuser, texte="x", **geste)
    assert not InformationIncident.objects.exists()


def test_diffuser_coute_autant_a_dix_qu_a_soixante_collectivites(structure, dpd):
    couts = []
    for premiere, nombre in ((0, 10), (10, 60)):
        incident = creer_incident(structure, dpd)
        communes = creer_communes(structure, nombre, premiere=premiere)
        ouvrir(incident=incident, collectivites=communes, auteur=dpd, maintenant=MAINTENANT)
        with CaptureQueriesContext(connection) as requetes:
            diffuser(incident=incident, texte="x", auteur=dpd, maintenant=PLUS_TARD)
        couts.append(len(requetes))
    # SQLite écrit par lots de mille valeurs : le reste est constant.
    assert couts[1] - couts[0] <= 4, couts


@pytest.mark.parametrize(
    ("heures", "attendu"),
    [
        (11.9, None),
        (12, Palier.MI_DELAI),
        (19.9, Palier.MI_DELAI),
        (20, Palier.QUATRE_HEURES),
        (23, Palier.UNE_HEURE),
        (24, Palier.DEPASSEMENT),
        (900, Palier.DEPASSEMENT),
    ],
)
def test_le_dernier_palier_echu_seul_se_rappelle(heures, attendu):
    echeance = SU_LE + 24 * HEURE
    assert palier_du(SU_LE, echeance, SU_LE, SU_LE + heures * HEURE) == attendu


def test_signale_tard_un_incident_ne_rappelle_pas_les_paliers_deja_passes():
    echeance, signale = SU_LE + 24 * HEURE, SU_LE + 21 * HEURE
    assert palier_du(SU_LE, echeance, signale, SU_LE + 22 * HEURE) is None
    assert palier_du(SU_LE, echeance, signale, SU_LE + 23 * HEURE) == Palier.UNE_HEURE
    assert palier_du(SU_LE, echeance, SU_LE + 30 * HEURE, SU_LE + 31 * HEURE) == Palier.DEPASSEMENT


def test_un_palier_refuse_un_instant_sans_fuseau():
    with pytest.raises(ValueError, match="fuseau"):
        palier_du(SU_LE, SU_LE, SU_LE, SU_LE.replace(tzinfo=None))


@pytest.fixture
def en_attente(structure, dpd, agent, gestionnaire, prestataire):
    structure.direction_courriel = "direction@cdg.example"
    structure.save()
    return creer_incident(
        structure, dpd, maintenant=SU_LE + HEURE, connaissance=SU_LE, sous_traitant=prestataire
    )


def rappels():
    return Message.objects.filter(nature="violations.incident_rappel").order_by("pk")


def test_chaque_palier_rappelle_une_fois_le_dpd_et_les_agents_puis_la_direction(en_attente, dpd, agent):
    assert rappels_d_incident(SU_LE + 2 * HEURE) == 0
    par_heure = {heure: rappels_d_incident(SU_LE + heure * HEURE) for heure in range(12, 27)}
    assert {heure: n for heure, n in par_heure.items() if n} == {12: 2, 20: 2, 23: 3, 24: 3}
    assert {m.destinataire for m in rappels()} == {dpd.email, agent.email, "direction@cdg.example"}
    assert rappels_d_incident(SU_LE + 26 * HEURE) == 0
    assert {m.objet for m in rappels()} == {en_attente}
    premier, dernier = rappels().first(), rappels().last()
    assert premier.sujet.startswith("Rappel : incident I2026-01 chez Logi-Quercy")
    assert dernier.sujet.startswith("Délai dépassé : incident")
    assert en_attente.titre not in premier.corps + dernier.corps
    assert "délai retenu par la structure (RGPD, art. 33-2\u00a0: dans les meilleurs délais)" in premier.corps
    assert "24 heures, retenu par la structure" in dernier.corps


def test_apres_une_panne_le_dernier_palier_part_seul(en_attente):
    assert rappels_d_incident(SU_LE + 25 * HEURE) == 3
    assert all("dépassé" in m.sujet for m in rappels())


def test_prevenu_ou_clos_un_incident_ne_se_rappelle_plus(incident, structure, dpd):
    clos = creer_incident(structure, dpd)
    clore_incident(incident=clos, motif="Fausse alerte", auteur=dpd, maintenant=SIGNALE_LE)
    assert rappels_d_incident(SU_LE + 30 * HEURE) == 0


def test_prevenu_entre_la_lecture_et_l_envoi_un_incident_ne_se_rappelle_pas(incident):
    assert actions._rappeler(incident, Palier.DEPASSEMENT, PLUS_TARD) == 0
