"""Répondre, clore, rouvrir : la collectivité donne suite, le DPD jamais, et un refus se motive."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from post_office.models import Email

from dpd.comptes.droits import accorder
from dpd.comptes.enums import Role
from subtraitance.actions.demandes_instruction import (
    clore,
    commencer_la_recherche,
    repondre,
    rouvrir,
    suspendre,
)
from subtraitance.enums import CanalDemande, EtatDemande, SensReponse
from subtraitance.models import LettreDemande, ReglagesDemandes, Reponse
from tests.pieces.fabriques import fichier
from tests.subtraitance.fabriques_demandes import LUNDI, NOM, creer_demande

pytestmark = pytest.mark.django_db
JOUR = date(2026, 11, 23)


@pytest.fixture
def demande(collectivite, referent):
    return creer_demande(collectivite, referent, par_la_structure=False, regime="rgpd")


def donner(demande, auteur, sens=SensReponse.FAVORABLE, maintenant=LUNDI, **dits):
    defauts = {"envoyee_le": JOUR, "canal": CanalDemande.COURRIER, "texte": f"Madame, Monsieur, {NOM}"}
    return repondre(demande=demande, sens=sens, auteur=auteur, maintenant=maintenant, **{**defauts, **dits})


def refuser(demande, auteur, sens=SensReponse.REFUS, **dits):
    return donner(demande, auteur, sens, **{"motif": "Secret", "voies_de_recours": True, **dits})


def champs(refus):
    return set(getattr(refus.value, "error_dict", {}))


def test_la_referente_satisfait_et_sa_lettre_est_gardee(demande, referent, dpd):
    commencer_la_recherche(demande=demande, auteur=referent, maintenant=LUNDI)
    reponse = donner(demande, referent)
    demande.refresh_from_db()
    assert (demande.etat, demande.repondue_le) == (EtatDemande.REPONDUE, JOUR)
    lettre = LettreDemande.objects.get()
    assert (lettre.type, lettre.auteur, lettre.ecrite_le) == ("reponse", referent, reponse.decidee_le)
    assert NOM in lettre.texte
    prevenus = Email.objects.filter(message__contains="Il reste à la clore")
    assert {courriel.to[0] for courriel in prevenus} == {referent.email, dpd.email}
    assert not any(NOM in courriel.message for courriel in prevenus)


def test_qui_est_referent_et_dpd_n_est_prevenu_qu_une_fois(demande, collectivite, referent, dpd):
    accorder(dpd, Role.REFERENT, collectivite)
    donner(demande, referent)
    prevenus = Email.objects.filter(message__contains="Il reste à la clore")
    assert sorted(courriel.to[0] for courriel in prevenus) == sorted([referent.email, dpd.email])


def test_une_piece_suffit(demande, referent):
    reponse = donner(demande, referent, texte=" ", fichier=fichier())
    assert reponse.piece.domaine == "demande"
    assert demande.pieces.get().libelle == "Réponse"
    assert not LettreDemande.objects.exists()


def test_ni_texte_ni_piece_se_refuse(demande, referent):
    with pytest.raises(ValidationError) as refus:
        donner(demande, referent, texte=" ")
    assert champs(refus) == {"texte"}
    assert not Reponse.objects.exists()


@pytest.mark.parametrize(
    ("jour", "phrase"), [(date(2026, 11, 24), "futur"), (date(2026, 11, 19), "avant la réception")]
)
def test_une_reponse_ne_se_date_pas_n_importe_quand(demande, referent, jour, phrase):
    with pytest.raises(ValidationError, match=phrase) as refus:
        donner(demande, referent, envoyee_le=jour)
    assert champs(refus) == {"envoyee_le"}


def test_le_dpd_ne_repond_jamais(demande, dpd):
    with pytest.raises(ValidationError, match="rôle"):
        donner(demande, dpd)


@pytest.mark.parametrize("sens", [SensReponse.REFUS, SensReponse.PARTIELLE])
def test_seul_le_decideur_refuse_meme_en_partie(demande, referent, decideur, sens):
    with pytest.raises(ValidationError, match="rôle"):
        refuser(demande, referent, sens)
    assert refuser(demande, decideur, sens).motif == "Secret"


def test_un_refus_se_motive_et_dit_le_recours(demande, decideur):
    with pytest.raises(ValidationError) as refus:
        refuser(demande, decideur, motif=" ")
    assert champs(refus) == {"motif"}
    with pytest.raises(ValidationError, match="CNIL") as refus:
        refuser(demande, decideur, voies_de_recours=False)
    assert champs(refus) == {"voies_de_recours"}
    assert not Reponse.objects.exists()


@pytest.mark.parametrize(
    ("regime", "phrase"),
    [
        ("rgpd", "Un refus dit comment le contester\u00a0: plainte à la CNIL, recours devant le juge (RGPD"),
        ("cada", "Un refus dit comment le contester\u00a0: la CADA dans les deux mois, avant tout recours"),
        ("etat_civil", "Un refus dit comment le contester."),
        ("", "Un refus dit comment le contester."),
    ],
)
def test_un_refus_dit_le_recours_de_son_regime(collectivite, referent, decideur, regime, phrase):
    demande = creer_demande(collectivite, referent, par_la_structure=False, regime=regime)
    with pytest.raises(ValidationError) as refus:
        refuser(demande, decideur, voies_de_recours=False)
    [dit] = refus.value.message_dict["voies_de_recours"]
    assert dit.startswith(phrase)
    assert ("CNIL" in dit) is (regime == "rgpd")


@pytest.mark.parametrize("de_trop", [{"excessive": True}, {"frais": Decimal("12.50")}])
def test_juger_excessif_ou_reclamer_des_frais_appartient_au_decideur(demande, referent, decideur, de_trop):
    with pytest.raises(ValidationError, match="rôle"):
        donner(demande, referent, motif="Dixième demande", **de_trop)
    with pytest.raises(ValidationError) as refus:
        donner(demande, decideur, **de_trop)
    assert champs(refus) == {"motif"}
    assert donner(demande, decideur, motif="Dixième demande", **de_trop).motif == "Dixième demande"


def test_envoyee_deux_fois_dans_la_minute_elle_n_est_ecrite_qu_une(demande, referent):
    premiere = donner(demande, referent)
    assert donner(demande, referent, maintenant=LUNDI + timedelta(seconds=5)) == premiere
    assert (Reponse.objects.count(), LettreDemande.objects.count()) == (1, 1)


def test_une_seconde_reponse_se_motive_et_la_premiere_date_reste(demande, referent):
    donner(demande, referent)
    demain = LUNDI + timedelta(days=1)
    with pytest.raises(ValidationError, match="pourquoi"):
        donner(demande, referent, maintenant=demain, envoyee_le=date(2026, 11, 24))
    donner(demande, referent, maintenant=demain, envoyee_le=date(2026, 11, 24), motif="Pièce oubliée")
    demande.refresh_from_db()
    assert demande.repondue_le == JOUR
    assert demande.reponses.count() == 2


def test_repondre_pendant_une_suspension_la_finit_sans_retard(demande, referent):
    suspendre(demande=demande, motif="Doute", debut=JOUR, auteur=referent, maintenant=LUNDI)
    tard = LUNDI + timedelta(days=40)
    donner(demande, referent, maintenant=tard, envoyee_le=date(2027, 1, 2), motif="Sans réponse de sa part")
    demande.refresh_from_db()
    assert demande.suspensions.get().fin == date(2027, 1, 2)
    assert demande.repondue_le <= demande.echeance


def test_repondre_a_une_date_d_avant_la_question_ne_la_precede_pas(demande, referent):
    suspendre(demande=demande, motif="Doute", debut=JOUR, auteur=referent, maintenant=LUNDI)
    donner(demande, referent, envoyee_le=date(2026, 11, 21), motif="Déjà répondu")
    assert demande.suspensions.get().fin == JOUR


def test_on_ne_clot_qu_une_demande_repondue(demande, referent):
    with pytest.raises(ValidationError, match="une fois la réponse envoyée"):
        clore(demande=demande, auteur=referent, maintenant=LUNDI)


def test_clore_pose_le_terme_de_la_conservation(demande, collectivite, referent, dpd):
    ReglagesDemandes(
        collectivite=collectivite,
        conservation_mois=24,
        conservation_source="Délibération",
        regle_par=dpd,
        regle_le=LUNDI,
    ).enregistrer(auteur=dpd, maintenant=LUNDI, raison="x")
    donner(demande, referent)
    close = clore(demande=demande, auteur=referent, maintenant=LUNDI)
    assert (close.etat, close.effacer_apres) == (EtatDemande.CLOSE, date(2028, 11, 23))


def test_rouvrir_se_motive_et_retire_le_terme(demande, referent):
    donner(demande, referent)
    clore(demande=demande, auteur=referent, maintenant=LUNDI)
    with pytest.raises(ValidationError) as refus:
        rouvrir(demande=demande, motif=" ", auteur=referent, maintenant=LUNDI)
    assert champs(refus) == {"motif"}
    rouverte = rouvrir(demande=demande, motif="Il conteste", auteur=referent, maintenant=LUNDI)
    assert (rouverte.etat, rouverte.effacer_apres) == (EtatDemande.RECHERCHE, None)


def test_un_demandeur_efface_ne_revient_pas(demande, referent):
    donner(demande, referent)
    close = clore(demande=demande, auteur=referent, maintenant=LUNDI)
    close.efface_le = LUNDI
    close.enregistrer(auteur=referent, maintenant=LUNDI, raison="x")
    with pytest.raises(ValidationError, match="effacées"):
        rouvrir(demande=demande, motif="Il conteste", auteur=referent, maintenant=LUNDI)


def test_la_recherche_ne_commence_pas_apres_la_cloture(demande, referent):
    donner(demande, referent)
    with pytest.raises(ValidationError, match="pas possible"):
        commencer_la_recherche(demande=demande, auteur=referent, maintenant=LUNDI)
