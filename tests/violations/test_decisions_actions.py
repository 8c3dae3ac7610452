"""Le DPD conseille, le responsable décide, et ce qui est décidé ne se récrit pas."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from dpd.comptes.droits import accorder
from dpd.comptes.enums import Role
from dpd.messagerie.models import Message
from tests.conftest import creer_personne
from tests.violations.fabriques import PARIS, decider, rendre_avis
from violations import actions
from violations.actions import Reponse
from violations.actions.decisions import DEJA_NOTIFIEE
from violations.enums import (
    EtatViolation,
    GraviteCnil,
    MotifSansInformation,
    MoyenInformation,
    Question,
    Risque,
    TypeNotification,
)
from violations.models import AvisViolation, DecisionViolation, Rappel

pytestmark = pytest.mark.django_db
LUNDI = datetime(2026, 11, 23, 9, 20, tzinfo=PARIS)
OUI = {Question.NOTIFIER: Reponse(True), Question.INFORMER: Reponse(True)}


def trancher(violation, decideur, reponses, avis_lu=None, motif="", maintenant=LUNDI):
    return actions.decider(
        violation=violation,
        reponses=reponses,
        auteur=decideur,
        maintenant=maintenant,
        avis_lu=avis_lu,
        motif=motif,
    )


def refus(appel) -> ValidationError:
    with pytest.raises(ValidationError) as trouve:
        appel()
    return trouve.value


def notifier(violation, auteur, type_envoi=TypeNotification.INITIALE):
    return actions.notifier(
        violation=violation,
        type_envoi=type_envoi,
        numero="2026-1",
        envoyee_le=LUNDI,
        contenu={"x": 1},
        auteur=auteur,
        maintenant=LUNDI,
    )


def test_l_avis_rend_la_violation_a_decider_et_previent(violation, dpd, referent, decideur):
    avis = rendre_avis(violation, dpd, LUNDI, sait=" 95 personnes ")
    violation.refresh_from_db()
    assert (violation.etat, violation.connaissance_dpd) == (EtatViolation.A_DECIDER, LUNDI)
    assert (avis.sait, avis.rendu_par, avis.rendu_le) == ("95 personnes", dpd, LUNDI)
    assert violation.evenements.last().texte == "Avis du DPD remis au responsable de traitement"
    envoyes = Message.objects.filter(nature="violations.avis_rendu").values_list("destinataire", flat=True)
    assert set(envoyes) == {referent.email, decideur.email}


def test_le_meme_avis_envoye_deux_fois_n_en_fait_qu_un(violation, dpd):
    premier = rendre_avis(violation, dpd, LUNDI)
    assert rendre_avis(violation, dpd, LUNDI + timedelta(seconds=2)) == premier
    autre = rendre_avis(violation, dpd, LUNDI, gravite=GraviteCnil.MAXIMALE)
    assert list(AvisViolation.objects.all()) == [autre, premier]
    assert violation.evenements.filter(nature="avis").count() == 2


def test_seul_le_dpd_rend_un_avis(violation, referent):
    assert "Votre rôle" in str(refus(lambda: rendre_avis(violation, referent, LUNDI)))


def test_un_nouvel_avis_apres_la_decision_se_motive_et_rouvre_la_question(violation, dpd, decideur):
    decider(violation, decideur, LUNDI)
    assert "pourquoi" in str(refus(lambda: rendre_avis(violation, dpd, LUNDI)))
    avis = rendre_avis(violation, dpd, LUNDI, motif="Les journaux sont arrivés.")
    violation.refresh_from_db()
    assert violation.etat == EtatViolation.A_DECIDER
    assert avis.history.latest().history_change_reason == "Les journaux sont arrivés."


def test_le_dpd_conseille_encore_une_fois_la_cnil_notifiee(violation, dpd, decideur, referent):
    decider(violation, decideur, LUNDI)
    notifier(violation, referent)
    rendre_avis(violation, dpd, LUNDI, risque=Risque.PROBABLE)
    violation.refresh_from_db()
    assert violation.etat == EtatViolation.NOTIFIEE


def test_decider_sans_attendre_l_avis_se_dit(violation, decideur, dpd):
    trancher(violation, decideur, OUI)
    assert {d.suit_avis for d in DecisionViolation.objects.all()} == {None}
    assert violation.evenements.last().texte == (
        "Le responsable décide, sans attendre l’avis du DPD, de notifier la CNIL et d’informer les personnes"
    )
    assert Message.objects.filter(nature="violations.decidee", destinataire=dpd.email).exists()


def test_qui_est_referent_et_dpd_n_est_prevenu_qu_une_fois(violation, collectivite, decideur, dpd):
    accorder(dpd, Role.REFERENT, collectivite)
    trancher(violation, decideur, OUI)
    assert Message.objects.filter(nature="violations.decidee", destinataire=dpd.email).count() == 1


def test_la_decision_dit_si_elle_suit_l_avis(violation, dpd, decideur):
    avis = rendre_avis(violation, dpd, LUNDI)
    decider(violation, decideur, LUNDI, informer=False, avis_lu=avis.pk)
    lues = {d.question: d for d in violation.decisions.all()}
    assert (lues["notifier"].suit_avis, lues["informer"].suit_avis) == (True, False)
    assert lues["informer"].avis == avis


def test_un_avis_arrive_entre_temps_se_relit_avant_de_decider(violation, dpd, decideur):
    rendre_avis(violation, dpd, LUNDI)
    assert "relisez-le" in str(refus(lambda: trancher(violation, decideur, OUI)))
    assert not DecisionViolation.objects.exists()


def test_les_deux_questions_se_tranchent_ensemble_la_premiere_fois(violation, decideur):
    seule = {Question.NOTIFIER: Reponse(True)}
    assert "deux questions" in str(refus(lambda: trancher(violation, decideur, seule)))


def test_le_dpd_ne_decide_pas(violation, dpd):
    assert "Votre rôle" in str(refus(lambda: trancher(violation, dpd, OUI)))


def test_ne_pas_notifier_arrete_l_horloge_et_les_rappels(violation, decideur):
    assert Rappel.objects.exists()
    decider(violation, decideur, LUNDI, notifier=False, informer=False)
    violation.refresh_from_db()
    assert violation.notification_ecartee
    assert not Rappel.objects.exists()


def test_un_non_sans_motif_ne_s_enregistre_pas(violation, decideur):
    sans = {**OUI, Question.NOTIFIER: Reponse(False, "  ")}
    assert "Dites pourquoi" in str(refus(lambda: trancher(violation, decideur, sans)))
    sans_34 = {**OUI, Question.INFORMER: Reponse(False, "Peu de risque.")}
    assert "article 34" in str(refus(lambda: trancher(violation, decideur, sans_34)))
    assert not DecisionViolation.objects.exists()
    violation.refresh_from_db()
    assert violation.etat == EtatViolation.DECLAREE


def test_des_efforts_disproportionnes_demandent_une_communication_publique(violation, decideur):
    sans = Reponse(False, "Adresses inconnues.", MotifSansInformation.EFFORTS)
    assert (
        "moyen" in refus(lambda: trancher(violation, decideur, {**OUI, Question.INFORMER: sans})).error_dict
    )
    avec = Reponse(False, "Adresses inconnues.", MotifSansInformation.EFFORTS, MoyenInformation.PUBLICATION)
    trancher(violation, decideur, {**OUI, Question.INFORMER: avec})
    assert violation.decisions.get(question="informer").moyen == "publication"


def test_une_information_prevue_ne_l_est_pas_pour_hier(violation, decideur):
    hier = {**OUI, Question.INFORMER: Reponse(True, prevue_le=date(2026, 11, 22))}
    assert "prevue_le" in refus(lambda: trancher(violation, decideur, hier)).error_dict
    ce_jour = {**OUI, Question.INFORMER: Reponse(True, prevue_le=date(2026, 11, 23))}
    trancher(violation, decideur, ce_jour)
    assert violation.decisions.get(question="informer").prevue_le == date(2026, 11, 23)


def test_les_memes_reponses_envoyees_deux_fois_ne_decident_qu_une_fois(violation, decideur):
    trancher(violation, decideur, OUI)
    trancher(violation, decideur, OUI, maintenant=LUNDI + timedelta(seconds=3))
    assert DecisionViolation.objects.count() == 2
    assert violation.evenements.filter(nature="decision").count() == 1


def test_revenir_sur_une_decision_se_motive_et_garde_l_ancienne(violation, decideur):
    trancher(violation, decideur, OUI)
    non = {Question.INFORMER: Reponse(False, "Disque chiffré.", MotifSansInformation.ILLISIBLES)}
    assert "pourquoi" in str(refus(lambda: trancher(violation, decideur, non)))
    trancher(violation, decideur, non, motif="Le disque était chiffré.")
    assert [d.courante for d in violation.decisions.filter(question="informer")] == [True, False]
    assert violation.decisions.filter(question="notifier").count() == 1
    assert violation.evenements.last().texte == (
        "Le responsable décide, sans attendre l’avis du DPD, de ne pas informer les personnes "
        "(Le disque était chiffré.)"
    )


def test_une_decision_reprise_apres_un_nouvel_avis_se_confirme_sans_motif(violation, dpd, decideur):
    trancher(violation, decideur, OUI)
    avis = rendre_avis(violation, dpd, LUNDI, motif="Les journaux sont arrivés.")
    trancher(violation, decideur, OUI, avis_lu=avis.pk)
    assert [d.suit_avis for d in violation.decisions.filter(courante=True)] == [True, True]
    assert DecisionViolation.objects.count() == 4


def test_la_cnil_une_fois_notifiee_ne_se_denotifie_pas(violation, decideur, referent):
    trancher(violation, decideur, OUI)
    notifier(violation, referent)
    non = {Question.NOTIFIER: Reponse(False, "Finalement non.")}
    assert refus(lambda: trancher(violation, decideur, non, motif="Erreur")).messages == [DEJA_NOTIFIEE]
    violation.refresh_from_db()
    assert not violation.notification_ecartee


def test_qui_cumule_dpd_et_decideur_ne_decide_pas(violation, collectivite, structure):
    cumul = creer_personne("cumul@cdg.example", "Cumul", "Deux", Role.DECIDEUR, collectivite)
    actions_dpd = structure.structureuserobjectpermission_set
    modele = actions_dpd.model
    permission = modele._meta.get_field("permission").remote_field.model.objects.get(codename="role_dpd")
    modele.objects.create(user=cumul, content_object=structure, permission=permission)
    assert "Votre rôle" in str(refus(lambda: trancher(violation, cumul, OUI)))
