"""Le référent prépare, le DPD conseille, le responsable décide."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from dpd.accompagnement.models import Reserve, Suite
from dpd.comptes.droits import retirer
from dpd.comptes.enums import Role
from dpd.messagerie.models import Message
from registre import actions
from registre.ecriture import fiche_de
from registre.models import VersionTraitement
from tests.conftest import creer_personne

pytestmark = pytest.mark.django_db


def test_transmettre_previent_le_dpd(complete, referent, dpd, maintenant):
    version = actions.transmettre(version=complete, auteur=referent, maintenant=maintenant)
    assert version.etat == "transmise"
    assert version.transmise_le == maintenant
    message = Message.objects.get(nature="registre.version_transmise")
    assert message.destinataire == dpd.email
    assert "Cantine et garderie" in message.sujet


def test_une_fiche_dit_depuis_quand_elle_attend_puis_n_attend_plus(complete, referent, dpd, maintenant):
    """La transmission, puis l’avis ; c’est l’ordre des deux listes de l’accueil du DPD."""
    plus_tard = maintenant + timedelta(days=2)
    version = actions.transmettre(version=complete, auteur=referent, maintenant=maintenant)
    assert version.attend_depuis == maintenant
    version = actions.rendre_avis(
        version=version, sens="favorable", texte="Rien à redire.", auteur=dpd, maintenant=plus_tard
    )
    assert version.attend_depuis == plus_tard
    reprise = actions.reprendre(version=version, auteur=referent, maintenant=plus_tard)
    assert reprise.attend_depuis is None


@pytest.mark.parametrize(("etat", "attend"), [("transmise", False), ("brouillon", True)])
def test_la_base_refuse_une_attente_sans_date_et_une_date_sans_attente(brouillon, maintenant, etat, attend):
    brouillon.etat, brouillon.attend_depuis = etat, maintenant if attend else None
    with pytest.raises(IntegrityError), transaction.atomic():
        brouillon.save()


def test_l_avis_previent_le_decideur_et_ne_decide_rien(transmise, dpd, decideur, maintenant):
    version = actions.rendre_avis(
        version=transmise, sens="favorable", texte="Rien à redire.", auteur=dpd, maintenant=maintenant
    )
    assert version.etat == "avis_rendu"
    assert version.adoptee_le is None
    assert Message.objects.filter(nature="registre.avis_rendu", destinataire=decideur.email).exists()


@pytest.mark.parametrize(
    ("sens", "reserves"), [("reserves", []), ("reserves", ["  "]), ("favorable", ["Une"])]
)
def test_un_avis_dit_ses_reserves_ou_n_en_a_pas(transmise, dpd, maintenant, sens, reserves):
    with pytest.raises(ValueError, match="réserves"):
        actions.rendre_avis(
            version=transmise, sens=sens, texte="x", reserves=reserves, auteur=dpd, maintenant=maintenant
        )
    transmise.refresh_from_db()
    assert transmise.etat == "transmise"


def test_l_adoption_fige_la_version_et_fixe_la_revue(adoptee, decideur, maintenant):
    assert adoptee.etat == "adoptee"
    assert adoptee.adoptee_par == decideur
    assert adoptee.relire_avant.isoformat() == "2027-11-23"
    assert Suite.objects.get().sens == "suivi"
    with pytest.raises(ValueError, match="plus un brouillon"):
        actions.enregistrer_contenu(
            version=adoptee, fiche=fiche_de(adoptee), auteur=decideur, maintenant=maintenant, raison="x"
        )


def test_adopter_sans_attendre_l_avis_demande_un_motif(transmise, decideur, maintenant):
    with pytest.raises(ValueError, match="pas encore rendu"):
        actions.adopter(version=transmise, auteur=decideur, maintenant=maintenant)
    version = actions.adopter(
        version=transmise, auteur=decideur, maintenant=maintenant, motif="Rentrée scolaire demain"
    )
    assert version.motif_decision == "Rentrée scolaire demain"
    assert not Suite.objects.exists()


def test_adopter_avec_un_avis_demande_la_suite_qu_on_lui_donne(avec_avis, decideur, maintenant):
    with pytest.raises(ValueError, match="suivez"):
        actions.adopter(version=avec_avis, auteur=decideur, maintenant=maintenant)


def test_ne_pas_suivre_l_avis_se_motive(avec_avis, decideur, maintenant):
    with pytest.raises(ValidationError, match="motif"):
        actions.adopter(version=avec_avis, auteur=decideur, maintenant=maintenant, suite="non_suivi")
    avec_avis.refresh_from_db()
    assert avec_avis.etat == "avis_rendu"
    version = actions.adopter(
        version=avec_avis, auteur=decideur, maintenant=maintenant, suite="non_suivi", motif="Coût trop élevé"
    )
    assert version.avis.suite.motif == "Coût trop élevé"


def test_modifier_une_adoptee_la_laisse_en_vigueur(adoptee, referent, maintenant):
    brouillon = actions.modifier(version=adoptee, auteur=referent, maintenant=maintenant)
    assert (brouillon.numero, brouillon.etat, brouillon.est_courante) == (2, "brouillon", True)
    adoptee.refresh_from_db()
    assert (adoptee.etat, adoptee.est_courante) == ("adoptee", False)
    assert brouillon.donnees.count() == adoptee.donnees.count()
    assert actions.modifier(version=adoptee, auteur=referent, maintenant=maintenant) == brouillon


def test_la_suivante_remplace_l_adoptee(adoptee, referent, dpd, decideur, maintenant):
    demain = maintenant + timedelta(days=1)
    v2 = actions.modifier(version=adoptee, auteur=referent, maintenant=demain)
    v2 = actions.transmettre(version=v2, auteur=referent, maintenant=demain)
    v2 = actions.rendre_avis(version=v2, sens="favorable", texte="Bien.", auteur=dpd, maintenant=demain)
    v2 = actions.adopter(version=v2, auteur=decideur, maintenant=demain, suite="suivi")
    adoptee.refresh_from_db()
    assert adoptee.etat == "remplacee"
    assert adoptee.fin_le == demain
    assert VersionTraitement.objects.adoptees().get() == v2


def test_la_base_refuse_deux_versions_adoptees(adoptee, referent, maintenant):
    v2 = actions.modifier(version=adoptee, auteur=referent, maintenant=maintenant)
    v2.etat, v2.adoptee_le, v2.adoptee_par = "adoptee", maintenant, referent
    with pytest.raises(IntegrityError), transaction.atomic():
        v2.save()


def test_renvoyer_rend_le_brouillon_au_referent_avec_le_motif(avec_avis, referent, decideur, maintenant):
    with pytest.raises(ValueError, match="reprendre"):
        actions.renvoyer(version=avec_avis, motif=" ", auteur=decideur, maintenant=maintenant)
    version = actions.renvoyer(
        version=avec_avis, motif="Durées trop longues", auteur=decideur, maintenant=maintenant
    )
    assert version.etat == "brouillon"
    message = Message.objects.get(nature="registre.version_renvoyee")
    assert (message.destinataire, "Durées trop longues" in message.corps) == (referent.email, True)


def test_un_avis_rendu_ne_s_efface_pas_quand_la_fiche_est_retransmise(
    avec_avis, referent, decideur, maintenant
):
    version = actions.reprendre(version=avec_avis, auteur=referent, maintenant=maintenant)
    version = actions.transmettre(version=version, auteur=referent, maintenant=maintenant)
    assert version.avis == avec_avis.avis
    with pytest.raises(ValueError, match="pas encore rendu"):
        actions.adopter(version=version, auteur=decideur, maintenant=maintenant, suite="suivi")
    with pytest.raises(ValueError, match="suivez"):
        actions.adopter(version=version, auteur=decideur, maintenant=maintenant, motif="Urgence")


def test_le_dpd_n_adopte_ne_renvoie_ni_n_abroge(avec_avis, dpd, decideur, maintenant):
    with pytest.raises(actions.TransitionInterdite, match="38-6"):
        actions.adopter(version=avec_avis, auteur=dpd, maintenant=maintenant, suite="suivi")
    with pytest.raises(actions.TransitionInterdite, match="38-6"):
        actions.renvoyer(version=avec_avis, motif="x", auteur=dpd, maintenant=maintenant)
    adoptee = actions.adopter(version=avec_avis, auteur=decideur, maintenant=maintenant, suite="suivi")
    with pytest.raises(actions.TransitionInterdite, match="38-6"):
        actions.abroger(version=adoptee, motif="x", auteur=dpd, maintenant=maintenant)


def test_une_decision_ne_vaut_que_pour_ce_qui_a_ete_lu(transmise, referent, dpd, decideur, maintenant):
    vu = transmise.lu
    version = actions.reprendre(version=transmise, auteur=referent, maintenant=maintenant)
    version = actions.enregistrer_contenu(
        version=version,
        fiche=replace(fiche_de(version), nom="Fiche changée"),
        auteur=referent,
        maintenant=maintenant,
        raison="x",
    )
    version = actions.transmettre(version=version, auteur=referent, maintenant=maintenant)
    with pytest.raises(ValueError, match="a changé"):
        actions.rendre_avis(
            version=version, sens="favorable", texte="x", auteur=dpd, maintenant=maintenant, lu=vu
        )
    for geste, champs in ((actions.adopter, {"motif": "x"}), (actions.renvoyer, {"motif": "x"})):
        with pytest.raises(ValueError, match="a changé"):
            geste(version=version, auteur=decideur, maintenant=maintenant, lu=vu, **champs)
    actions.adopter(version=version, auteur=decideur, maintenant=maintenant, motif="Urgence", lu=version.lu)


def test_une_fiche_abrogee_ne_se_rouvre_pas(adoptee, referent, decideur, maintenant):
    version = actions.abroger(version=adoptee, motif="Fini", auteur=decideur, maintenant=maintenant)
    with pytest.raises(actions.TransitionInterdite, match="abrogée"):
        actions.modifier(version=version, auteur=referent, maintenant=maintenant)
    version.refresh_from_db()
    assert (version.etat, version.est_courante) == ("abrogee", True)


def test_la_reponse_du_dpd_ne_part_pas_a_qui_ne_lit_plus_le_registre(
    brouillon, collectivite, referent, dpd, maintenant
):
    collegue = creer_personne("collegue@montpezat.example", "Odile", "Collègue", Role.REFERENT, collectivite)
    question = actions.poser(version=brouillon, texte="?", auteur=referent, maintenant=maintenant)
    retirer(referent, Role.REFERENT, collectivite)
    actions.repondre(question=question, reponse="Un an.", auteur=dpd, maintenant=maintenant)
    assert Message.objects.get(nature="registre.question_repondue").destinataire == collegue.email


def test_une_question_retiree_n_attend_plus_de_reponse(brouillon, referent, dpd, maintenant):
    question = actions.poser(version=brouillon, texte="?", auteur=referent, maintenant=maintenant)
    question.retiree_le = maintenant
    question.enregistrer(auteur=referent, maintenant=maintenant, raison="x")
    with pytest.raises(ValueError, match="retirée"):
        actions.repondre(question=question, reponse="Un an.", auteur=dpd, maintenant=maintenant)


def test_abroger_se_motive_et_garde_la_fiche(adoptee, decideur, maintenant):
    with pytest.raises(ValueError, match="cesse"):
        actions.abroger(version=adoptee, motif="", auteur=decideur, maintenant=maintenant)
    version = actions.abroger(version=adoptee, motif="Cantine fermée", auteur=decideur, maintenant=maintenant)
    assert (version.etat, version.fin_le) == ("abrogee", maintenant)


def test_un_geste_hors_de_propos_est_refuse(brouillon, dpd, decideur, maintenant):
    with pytest.raises(actions.TransitionInterdite):
        actions.rendre_avis(version=brouillon, sens="favorable", texte="x", auteur=dpd, maintenant=maintenant)
    with pytest.raises(actions.TransitionInterdite):
        actions.adopter(version=brouillon, auteur=decideur, maintenant=maintenant, motif="x")
    with pytest.raises(actions.TransitionInterdite):
        actions.relire(version=brouillon, auteur=decideur, maintenant=maintenant)


def test_relire_repousse_la_revue_d_un_an(adoptee, referent, maintenant):
    plus_tard = maintenant + timedelta(days=370)
    version = actions.relire(version=adoptee, auteur=referent, maintenant=plus_tard)
    assert version.relue_le == plus_tard
    assert version.relire_avant.isoformat() == "2028-11-28"


def test_retirer_un_brouillon_remontre_l_adoptee(adoptee, referent, maintenant):
    v2 = actions.modifier(version=adoptee, auteur=referent, maintenant=maintenant)
    actions.retirer_brouillon(version=v2, auteur=referent, maintenant=maintenant)
    adoptee.refresh_from_db()
    assert adoptee.est_courante
    assert adoptee.traitement.retire_le is None


def test_retirer_le_seul_brouillon_retire_le_traitement(brouillon, referent, maintenant):
    actions.retirer_brouillon(version=brouillon, auteur=referent, maintenant=maintenant)
    brouillon.traitement.refresh_from_db()
    assert brouillon.traitement.retire_le == maintenant


def test_lever_une_reserve_ne_se_fait_qu_une_fois(adoptee, referent, maintenant):
    reserve = Reserve.objects.get()
    levee = actions.lever_reserve(
        reserve=reserve, comment="Liste affichée", auteur=referent, maintenant=maintenant
    )
    assert levee.levee_par == referent
    with pytest.raises(ValueError, match="déjà levée"):
        actions.lever_reserve(reserve=reserve, comment="Encore", auteur=referent, maintenant=maintenant)


def test_une_question_libre_previent_le_dpd_et_la_reponse_revient(brouillon, referent, dpd, maintenant):
    question = actions.poser(
        version=brouillon, texte="Quelle durée ?", auteur=referent, maintenant=maintenant
    )
    assert Message.objects.get(nature="registre.question_posee").destinataire == dpd.email
    actions.repondre(question=question, reponse="Un an.", auteur=dpd, maintenant=maintenant)
    retour = Message.objects.get(nature="registre.question_repondue")
    assert retour.destinataire == referent.email
    assert "Un an." in retour.corps


def test_les_ecritures_de_masse_sont_refusees(adoptee):
    with pytest.raises(TypeError):
        VersionTraitement.objects.all().update(nom="x")
    with pytest.raises(TypeError):
        VersionTraitement.objects.all().delete()
    with pytest.raises(TypeError):
        VersionTraitement.objects.bulk_create([])
