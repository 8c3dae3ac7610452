"""Rien ne se clôt à moitié, rien ne se supprime, tout se rouvre avec un motif."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError

from tests.violations.fabriques import PARIS, decider
from violations import actions
from violations.actions.cloture import reste_avant_cloture
from violations.enums import EtatViolation, MoyenInformation, TypeNotification
from violations.models import Rappel

pytestmark = pytest.mark.django_db
LUNDI = datetime(2026, 11, 23, 9, 40, tzinfo=PARIS)


def notifier(violation, auteur, type_envoi=TypeNotification.INITIALE, numero="1"):
    return actions.notifier(
        violation=violation,
        type_envoi=type_envoi,
        numero=numero,
        envoyee_le=LUNDI,
        contenu={"x": 1},
        auteur=auteur,
        maintenant=LUNDI,
    )


def clore(violation, auteur, **champs):
    return actions.clore(violation=violation, auteur=auteur, maintenant=LUNDI, **champs)


def rouvrir(violation, auteur, motif="On a appris autre chose."):
    return actions.rouvrir(violation=violation, motif=motif, auteur=auteur, maintenant=LUNDI)


def test_une_violation_sans_decision_ne_se_clot_pas(violation, referent):
    with pytest.raises(ValidationError, match="deux décisions"):
        clore(violation, referent)


def test_ce_qui_reste_se_nomme_jusqu_a_ne_plus_rester(violation, decideur, referent):
    decider(violation, decideur, LUNDI)
    violation.refresh_from_db()
    assert reste_avant_cloture(violation) == [
        "Enregistrez le numéro que la CNIL vous a donné.",
        "Dites quand et comment les personnes ont été informées.",
    ]
    notifier(violation, referent)
    violation.refresh_from_db()
    assert reste_avant_cloture(violation)[0] == "La notification initiale est à compléter auprès de la CNIL."
    with pytest.raises(ValidationError, match="à compléter"):
        clore(violation, referent)
    notifier(violation, referent, TypeNotification.COMPLEMENTAIRE, "2")
    actions.enregistrer_information(
        violation=violation,
        moyen=MoyenInformation.COURRIEL,
        faite_le=date(2026, 11, 23),
        message="Madame, Monsieur",
        auteur=referent,
        maintenant=LUNDI,
    )
    violation.refresh_from_db()
    assert reste_avant_cloture(violation) == []
    close = clore(violation, referent, lecon=" Tester avant. ")
    assert (close.etat, close.lecon) == (EtatViolation.CLOSE, "Tester avant.")
    assert close.evenements.last().texte == "Violation close"


def test_une_violation_non_notifiable_se_clot_et_reste_au_registre(violation, decideur, referent):
    decider(violation, decideur, LUNDI, notifier=False, informer=False)
    actions.completer(
        violation=violation, auteur=referent, maintenant=LUNDI, lu={"lecon": ""}, lecon="Déjà dite"
    )
    assert clore(violation, referent).lecon == "Déjà dite"
    assert not Rappel.objects.exists()


def test_rouvrir_demande_un_motif_et_garde_les_decisions(violation, decideur, referent):
    decider(violation, decideur, LUNDI, notifier=False, informer=False)
    clore(violation, referent)
    with pytest.raises(ValidationError, match="pourquoi"):
        rouvrir(violation, referent, " ")
    rouverte = rouvrir(violation, referent)
    assert rouverte.etat == EtatViolation.A_DECIDER
    assert rouverte.decisions.filter(courante=True).count() == 2
    assert rouverte.evenements.last().texte == "Violation rouverte\u00a0: On a appris autre chose."


def test_rouverte_apres_sa_notification_elle_se_complete_encore(violation, decideur, referent):
    decider(violation, decideur, LUNDI, informer=False)
    notifier(violation, referent, TypeNotification.COMPLETE)
    clore(violation, referent)
    assert rouvrir(violation, referent).etat == EtatViolation.NOTIFIEE
    notifier(violation, referent, TypeNotification.COMPLEMENTAIRE, "2")
    assert violation.notifications.count() == 2


def test_une_violation_ouverte_ne_se_rouvre_pas(violation, referent):
    with pytest.raises(ValidationError, match="pas possible"):
        rouvrir(violation, referent)
