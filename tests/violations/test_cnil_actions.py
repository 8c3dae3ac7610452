"""L’accusé de la CNIL arrête l’horloge ; ce qui a été envoyé ne bouge plus."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from dpd.messagerie.models import Message
from dpd.regles.empreintes import empreinte_du_contenu
from tests.pieces.fabriques import fichier
from tests.violations.fabriques import ECHEANCE, PARIS, T0, decider
from violations import actions
from violations.actions.cnil import ECARTEE
from violations.enums import EtatViolation, TypeNotification
from violations.models import NotificationCnil, Rappel

pytestmark = pytest.mark.django_db
LUNDI = datetime(2026, 11, 23, 9, 40, tzinfo=PARIS)
CONTENU = {"rubriques": []}


@pytest.fixture
def decidee(violation, decideur):
    return decider(violation, decideur, LUNDI)


def notifier(violation, auteur, type_envoi=TypeNotification.INITIALE, **champs):
    defauts = {"numero": " 2026-123 ", "envoyee_le": LUNDI, "contenu": CONTENU, "maintenant": LUNDI}
    return actions.notifier(
        violation=violation, type_envoi=type_envoi, auteur=auteur, **{**defauts, **champs}
    )


def refus(appel):
    with pytest.raises(ValidationError) as trouve:
        appel()
    return trouve.value


def test_l_envoi_initial_arrete_les_72_heures_et_ouvre_celles_du_complement(decidee, referent):
    assert Rappel.objects.exists()
    faite = notifier(decidee, referent)
    decidee.refresh_from_db()
    assert (decidee.etat, decidee.notifiee_le, decidee.completee_le) == (EtatViolation.NOTIFIEE, LUNDI, None)
    assert decidee.echeance_complement == LUNDI + timedelta(hours=72)
    assert (faite.numero, faite.empreinte) == ("2026-123", empreinte_du_contenu(CONTENU))
    assert set(Rappel.objects.values_list("horloge", flat=True)) == {"complement"}
    dernier = decidee.evenements.get(nature="notification")
    assert (dernier.instant, "n° 2026-123" in dernier.texte) == (LUNDI, True)
    assert Message.objects.filter(nature="violations.notifiee").exists()


def test_un_envoi_complet_n_ouvre_aucun_complement(decidee, referent):
    notifier(decidee, referent, TypeNotification.COMPLETE)
    decidee.refresh_from_db()
    assert (decidee.completee_le, decidee.echeance_complement) == (LUNDI, None)


def test_un_complement_arrete_la_seconde_horloge_une_fois(decidee, referent):
    notifier(decidee, referent)
    plus_tard = LUNDI + timedelta(hours=5)
    for numero, heures in (("C1", 5), ("C2", 6)):
        quand = LUNDI + timedelta(hours=heures)
        notifier(
            decidee,
            referent,
            TypeNotification.COMPLEMENTAIRE,
            numero=numero,
            envoyee_le=quand,
            maintenant=quand,
        )
    decidee.refresh_from_db()
    assert decidee.completee_le == plus_tard
    assert NotificationCnil.objects.count() == 3


def test_le_meme_accuse_envoye_deux_fois_ne_s_enregistre_qu_une(decidee, referent):
    faite = notifier(decidee, referent)
    assert notifier(decidee, referent) == faite
    assert NotificationCnil.objects.count() == 1
    assert decidee.evenements.filter(nature="notification").count() == 1


def test_un_second_envoi_initial_est_refuse(decidee, referent):
    notifier(decidee, referent)
    erreur = refus(lambda: notifier(decidee, referent, numero="autre"))
    assert "déjà enregistrée" in str(erreur)


def test_on_ne_notifie_qu_apres_la_decision(violation, referent):
    assert "décide d’abord" in str(refus(lambda: notifier(violation, referent)))


def test_une_notification_ecartee_ne_se_fait_pas(violation, decideur, referent):
    decider(violation, decideur, LUNDI, notifier=False)
    assert refus(lambda: notifier(violation, referent)).messages == [ECARTEE]


def test_au_dela_de_72_heures_le_retard_se_motive(decidee, referent):
    tard = ECHEANCE + timedelta(minutes=1)
    erreur = refus(lambda: notifier(decidee, referent, envoyee_le=tard, maintenant=tard))
    assert set(erreur.error_dict) == {"motif_retard"}
    faite = notifier(decidee, referent, envoyee_le=tard, maintenant=tard, motif_retard=" Réponse tardive ")
    assert faite.motif_retard == "Réponse tardive"


def test_a_l_echeance_meme_il_n_y_a_pas_de_retard(decidee, referent):
    notifier(decidee, referent, envoyee_le=ECHEANCE, maintenant=ECHEANCE)
    assert NotificationCnil.objects.exists()


@pytest.mark.parametrize(
    ("envoyee_le", "phrase"),
    [(LUNDI + timedelta(minutes=1), "futur"), (T0 - timedelta(minutes=1), "précéder")],
)
def test_l_instant_de_l_accuse_se_tient(decidee, referent, envoyee_le, phrase):
    erreur = refus(lambda: notifier(decidee, referent, envoyee_le=envoyee_le))
    assert phrase in str(erreur.error_dict["envoyee_le"])
    assert not NotificationCnil.objects.exists()


def test_un_complement_suit_l_envoi_initial(decidee, referent):
    notifier(decidee, referent)
    avant = LUNDI - timedelta(hours=1)
    erreur = refus(
        lambda: notifier(decidee, referent, TypeNotification.COMPLEMENTAIRE, numero="C", envoyee_le=avant)
    )
    assert "suit la notification" in str(erreur.error_dict["envoyee_le"])


def test_un_numero_vide_se_dit_sous_son_champ(decidee, referent):
    assert "numero" in refus(lambda: notifier(decidee, referent, numero="  ")).error_dict


def test_l_accuse_rejoint_les_pieces_du_dossier(decidee, referent):
    faite = notifier(decidee, referent, fichier=fichier())
    assert faite.piece is not None
    assert decidee.pieces.get().libelle == "Accusé CNIL"
