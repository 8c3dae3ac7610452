"""Signaler un incident : ses faits, ses vingt-quatre heures, son numéro, ce que l’on refuse."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from post_office.models import Email

from dpd.messagerie.models import Message
from tests.pieces.fabriques import fichier
from tests.violations.fabriques import PARIS, creer_prestataire
from tests.violations.fabriques_incidents import SIGNALE_LE, SU_LE, creer_incident, creer_logiciel
from violations.actions import incidents as actions
from violations.models import Incident, PieceIncident

pytestmark = pytest.mark.django_db


def refus(appel, **arguments):
    with pytest.raises(ValidationError) as erreur:
        appel(**arguments)
    return getattr(erreur.value, "message_dict", None) or erreur.value.messages


def test_un_incident_a_son_numero_et_vingt_quatre_heures_reelles(structure, agent, prestataire):
    incident = creer_incident(structure, agent, sous_traitant=prestataire)
    assert (incident.numero, incident.origine_dite) == ("I2026-01", "Logi-Quercy")
    assert incident.echeance == datetime(2026, 11, 23, 20, 0, tzinfo=PARIS)
    assert (incident.signale_par, incident.signale_le, incident.ouvert_le) == (agent, SIGNALE_LE, None)
    assert incident.natures == ["confidentialite"]
    assert incident.history.get().history_user == agent


def test_les_vingt_quatre_heures_sont_reelles_la_nuit_du_changement_d_heure(structure, dpd):
    su_le = datetime(2026, 10, 24, 16, 0, tzinfo=PARIS)
    incident = creer_incident(structure, dpd, connaissance=su_le, debut=None)
    assert incident.echeance.astimezone(PARIS) == datetime(2026, 10, 25, 15, 0, tzinfo=PARIS)


def test_chaque_incident_de_l_annee_a_le_numero_suivant(structure, autre_structure, dpd):
    numeros = [creer_incident(structure, dpd).numero for _ in range(2)]
    veille = creer_incident(structure, dpd, connaissance=SU_LE - timedelta(days=400), debut=None)
    assert [*numeros, veille.numero] == ["I2026-01", "I2026-02", "I2025-01"]
    assert creer_incident(autre_structure, dpd).numero == "I2026-01"


def test_sans_prestataire_l_incident_est_celui_de_la_structure(structure, dpd):
    assert creer_incident(structure, dpd).origine_dite == structure.nom


def test_le_meme_envoi_deux_fois_n_ouvre_qu_un_incident(structure, dpd, agent):
    jeton = uuid4()
    premier = creer_incident(structure, dpd, jeton=jeton)
    assert creer_incident(structure, dpd, jeton=jeton) == premier
    assert Incident.objects.count() == 1
    assert Message.objects.filter(nature="violations.incident_signale").count() == 1


def test_le_dpd_et_les_autres_agents_sont_prevenus_sans_le_titre(structure, dpd, agent, gestionnaire):
    incident = creer_incident(structure, agent)
    message = Message.objects.get(nature="violations.incident_signale")
    assert (message.utilisateur, message.objet) == (dpd, incident)
    assert "lundi 23\u00a0novembre 2026 à 20\u00a0h\u00a000" in message.sujet
    assert incident.titre not in message.sujet + message.corps
    assert "/incidents/2026-1/prevenir/" in Email.objects.get().message
    assert "délai retenu par la structure (RGPD, art. 33-2\u00a0: dans les meilleurs délais)" in message.corps


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({"connaissance": SIGNALE_LE + timedelta(minutes=1)}, {"connaissance"}),
        ({"debut": SU_LE + timedelta(hours=1)}, {"connaissance"}),
        ({"debut": SIGNALE_LE + timedelta(days=1)}, {"debut", "connaissance"}),
        ({"fin": SU_LE, "en_cours": True}, {"fin"}),
        ({"fin": SU_LE - timedelta(days=9), "en_cours": False}, {"fin"}),
        ({"connaissance": datetime(2017, 5, 1, tzinfo=PARIS), "debut": None}, {"connaissance"}),
        ({"titre": ""}, {"titre"}),
        ({"donnees": ["inconnu"]}, {"donnees"}),
    ],
)
def test_des_faits_qui_ne_se_tiennent_pas_sont_refuses_sous_leur_champ(structure, dpd, champs, attendu):
    assert set(refus(creer_incident, structure=structure, auteur=dpd, **champs)) == attendu
    assert not Incident.objects.exists()


def test_un_prestataire_ou_un_logiciel_d_ailleurs_est_refuse(structure, autre_structure, dpd, prestataire):
    ailleurs = creer_prestataire(autre_structure, "Ailleurs")
    autre = creer_logiciel(creer_prestataire(structure, "Autre"), "Agora")
    commun = {"structure": structure, "auteur": dpd}
    assert set(refus(creer_incident, **commun, sous_traitant=ailleurs)) == {"sous_traitant"}
    assert set(refus(creer_incident, **commun, sous_traitant=prestataire, logiciel=autre)) == {"logiciel"}
    assert set(refus(creer_incident, **commun, logiciel=autre)) == {"logiciel"}


def test_un_prestataire_absent_de_la_liste_est_propose_a_l_annuaire(structure, agent, prestataire):
    incident = creer_incident(structure, agent, nouveau="  Atelier   Pigeonnier ")
    fiche = incident.sous_traitant
    assert (fiche.nom, fiche.etat, fiche.proposee_par) == ("Atelier Pigeonnier", "proposee", agent)
    assert creer_incident(structure, agent, nouveau="atelier pigeonnier").sous_traitant == fiche
    assert creer_incident(structure, agent, nouveau="LOGI-QUERCY").sous_traitant == prestataire
    assert creer_incident(structure, agent, nouveau="Logi").sous_traitant.nom == "Logi"
    assert set(refus(creer_incident, structure=structure, auteur=agent, nouveau="’")) == {"nom"}


def test_une_piece_se_joint_une_fois(structure, agent):
    incident = creer_incident(structure, agent)
    for _ in range(2):
        lien = actions.joindre_a_l_incident(
            incident=incident, fichier=fichier(), auteur=agent, maintenant=SIGNALE_LE, libelle=" Note "
        )
    assert (str(lien), lien.piece.structure, lien.piece.collectivite) == ("Note", structure, None)
    assert PieceIncident.objects.count() == 1


def test_un_incident_se_clot_avec_un_motif_et_se_rouvre(structure, agent):
    incident = creer_incident(structure, agent)
    geste = {"incident": incident, "auteur": agent, "maintenant": SIGNALE_LE}
    assert set(refus(actions.clore_incident, **geste, motif=" ")) == {"motif"}
    assert refus(actions.rouvrir_incident, **geste, motif="x") == [actions.PAS_CLOS]
    clos = actions.clore_incident(**geste, motif=" Fausse alerte ")
    assert (clos.clos_le, clos.clos_par, clos.motif_cloture) == (SIGNALE_LE, agent, "Fausse alerte")
    assert refus(actions.clore_incident, **geste, motif="x") == [actions.DEJA_CLOS]
    joindre = {**geste, "fichier": fichier()}
    assert refus(actions.joindre_a_l_incident, **joindre) == [actions.CLOS]
    assert set(refus(actions.rouvrir_incident, **geste, motif="")) == {"motif"}
    rouvert = actions.rouvrir_incident(**geste, motif="Une commune oubliée")
    assert (rouvert.clos_le, rouvert.clos_par, rouvert.motif_cloture) == (None, None, "")
    assert [h.history_change_reason for h in incident.history.all()][:2] == [
        "Rouvert\u00a0: Une commune oubliée",
        "Clos\u00a0: Fausse alerte",
    ]
