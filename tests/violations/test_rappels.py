"""Les rappels partent au bon moment, aux bonnes personnes, une seule fois."""

from datetime import datetime, timedelta

import pytest

from dpd.comptes.enums import Role
from dpd.messagerie.models import Message
from tests.conftest import creer_personne
from tests.violations.fabriques import ECHEANCE, PARIS, T0, creer_violation, decider, rendre_avis
from violations import actions
from violations.actions.rappels import envoyer_rappels, rappels_echus
from violations.enums import TypeNotification
from violations.models import Rappel

pytestmark = pytest.mark.django_db
DECLAREE = datetime(2026, 11, 20, 17, 48, tzinfo=PARIS)
SECRET = "Prune Dupont-Martin"


@pytest.fixture
def gens(referent, decideur, dpd, structure):
    structure.direction_courriel = "direction@cdg.example"
    structure.save()
    return {"referent": referent.email, "decideur": decideur.email, "dpd": dpd.email}


@pytest.fixture
def violation(gens, collectivite, referent):
    return creer_violation(collectivite, referent, DECLAREE, titre=f"Le dossier de {SECRET} a été publié")


def relancer(maintenant) -> int:
    return sum(envoyer_rappels(violation_id=pk, maintenant=maintenant) for pk in rappels_echus(maintenant))


def destinataires(nature="violations.rappel"):
    return sorted(Message.objects.filter(nature=nature).values_list("destinataire", flat=True))


@pytest.mark.parametrize(
    ("avant", "cercles", "direction"),
    [
        pytest.param(timedelta(hours=36), ["referent"], 0, id="mi-delai"),
        pytest.param(timedelta(hours=12), ["referent", "decideur"], 0, id="12-heures"),
        pytest.param(timedelta(hours=4), ["referent", "decideur", "dpd"], 0, id="4-heures"),
        pytest.param(timedelta(hours=1), ["referent", "decideur", "dpd"], 1, id="1-heure"),
        pytest.param(timedelta(0), ["referent", "decideur", "dpd"], 1, id="depassement"),
    ],
)
def test_chaque_palier_previent_son_cercle(violation, gens, avant, cercles, direction):
    instant = ECHEANCE - avant
    relancer(instant - timedelta(seconds=1))
    Message.objects.all()._raw_delete("default")
    assert relancer(instant) == 1
    assert destinataires() == sorted(gens[cercle] for cercle in cercles)
    assert destinataires("violations.direction") == ["direction@cdg.example"] * direction


def test_rien_ne_part_avant_la_mi_delai(violation):
    assert relancer(ECHEANCE - timedelta(hours=36, seconds=1)) == 0


def test_relance_deux_fois_n_envoie_qu_une_fois(violation):
    relancer(ECHEANCE)
    nombre = Message.objects.count()
    assert relancer(ECHEANCE) == 0
    assert envoyer_rappels(violation_id=violation.pk, maintenant=ECHEANCE) == 0
    assert Message.objects.count() == nombre


def test_apres_une_panne_seul_le_dernier_palier_part(violation):
    assert relancer(ECHEANCE - timedelta(minutes=30)) == 1
    etats = dict(Rappel.objects.values_list("palier", "etat"))
    assert etats == {
        "mi_delai": "omis",
        "12h": "omis",
        "4h": "omis",
        "1h": "envoye",
        "depassement": "prevu",
    }
    assert len(destinataires()) == 3


def test_aucun_courriel_ne_nomme_une_personne_concernee(violation, dpd, decideur, referent):
    avis = rendre_avis(violation, dpd, DECLAREE, raisons=f"{SECRET} est mineure.")
    decider(violation, decideur, DECLAREE, avis_lu=avis.pk)
    actions.corriger_instants(
        violation=violation,
        connaissance=T0 - timedelta(hours=1),
        motif=f"{SECRET} nous l’a dit",
        auteur=referent,
        maintenant=DECLAREE,
    )
    relancer(ECHEANCE)
    textes = [f"{m.sujet} {m.corps}" for m in Message.objects.all()]
    assert {m.nature for m in Message.objects.all()} == {
        "violations.declaree",
        "violations.avis_rendu",
        "violations.decidee",
        "violations.connaissance_corrigee",
        "violations.rappel",
        "violations.direction",
    }
    assert not [texte for texte in textes if SECRET in texte or "Dupont" in texte]


def test_le_message_de_la_direction_ne_dit_rien_du_dossier(violation):
    relancer(ECHEANCE - timedelta(hours=1))
    message = Message.objects.get(nature="violations.direction")
    assert "Montpezat" in message.corps
    assert "17\u00a0h\u00a025" in message.corps
    assert violation.numero not in message.sujet + message.corps
    assert "/c/" not in message.corps


def test_sans_adresse_de_direction_personne_d_autre_n_est_prevenu(violation, structure):
    structure.direction_courriel = ""
    structure.save()
    relancer(ECHEANCE)
    assert destinataires("violations.direction") == []
    assert len(destinataires()) == 3


def test_une_personne_aux_deux_roles_n_a_qu_un_message(violation, collectivite):
    creer_personne("seule@montpezat.example", "Anne", "Seule", Role.REFERENT, collectivite)
    seule = creer_personne("tout@montpezat.example", "Tom", "Tout", Role.REFERENT, collectivite)
    from dpd.comptes.droits import accorder

    accorder(seule, Role.DECIDEUR, collectivite)
    relancer(ECHEANCE - timedelta(hours=12))
    assert destinataires().count("tout@montpezat.example") == 1
    assert len(destinataires()) == 4


def test_corriger_t0_refait_les_rappels(violation, referent):
    relancer(ECHEANCE - timedelta(hours=12))
    actions.corriger_instants(
        violation=violation,
        connaissance=T0 + timedelta(minutes=10),
        motif="Courriel lu plus tard",
        auteur=referent,
        maintenant=ECHEANCE - timedelta(hours=11),
    )
    prevus = dict(Rappel.objects.filter(etat="prevu").values_list("palier", "instant"))
    nouvelle = ECHEANCE + timedelta(minutes=10)
    assert prevus == {
        "4h": nouvelle - timedelta(hours=4),
        "1h": nouvelle - timedelta(hours=1),
        "depassement": nouvelle,
    }
    assert relancer(ECHEANCE - timedelta(hours=4)) == 0
    assert relancer(nouvelle - timedelta(hours=4)) == 1


def test_decider_de_ne_pas_notifier_arrete_les_rappels(violation, decideur):
    decider(violation, decideur, DECLAREE, notifier=False)
    assert not Rappel.objects.filter(etat="prevu").exists()
    assert relancer(ECHEANCE) == 0


def test_revenir_sur_ce_refus_les_reprend(violation, decideur):
    decider(violation, decideur, DECLAREE, notifier=False)
    decider(violation, decideur, DECLAREE, notifier=True, motif="Des copies ont circulé")
    assert relancer(ECHEANCE) == 1


def notifier(violation, decideur, type_envoi, quand):
    return actions.notifier(
        violation=violation,
        type_envoi=type_envoi,
        numero="CNIL-1",
        envoyee_le=quand,
        contenu={"1": "x"},
        auteur=decideur,
        maintenant=quand,
    )


def test_la_notification_arrete_les_72_heures_et_rappelle_le_complement(violation, decideur, gens):
    decider(violation, decideur, DECLAREE)
    quand = DECLAREE + timedelta(hours=2)
    notifier(violation, decideur, TypeNotification.INITIALE, quand)
    assert relancer(quand + timedelta(hours=59)) == 0
    assert relancer(quand + timedelta(hours=60)) == 1
    assert destinataires("violations.rappel_complement") == sorted([gens["referent"], gens["dpd"]])
    assert relancer(quand + timedelta(hours=72)) == 1
    assert destinataires() == []


@pytest.mark.parametrize("suite", ["complete", "completee", "close"])
def test_une_notification_complete_ou_completee_ne_rappelle_plus_rien(violation, decideur, referent, suite):
    decider(violation, decideur, DECLAREE, informer=False)
    type_envoi = TypeNotification.COMPLETE if suite == "complete" else TypeNotification.INITIALE
    notifier(violation, decideur, type_envoi, DECLAREE)
    if suite != "complete":
        notifier(violation, decideur, TypeNotification.COMPLEMENTAIRE, DECLAREE)
    if suite == "close":
        actions.clore(violation=violation, auteur=referent, maintenant=DECLAREE)
    assert not Rappel.objects.filter(etat="prevu").exists()
    assert relancer(DECLAREE + timedelta(days=30)) == 0


def test_les_rappels_echus_se_trouvent_en_une_requete(
    violation, collectivite, referent, django_assert_num_queries
):
    for n in range(5):
        creer_violation(collectivite, referent, DECLAREE, titre=f"n° {n}")
    with django_assert_num_queries(1):
        assert len(rappels_echus(ECHEANCE)) == 6
