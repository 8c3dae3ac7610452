"""La collectivité tranche, la structure répond : la durée présentée à l’origine ne s’efface jamais."""

from datetime import date, timedelta

import pytest

from dpd.comptes.droits import accorder
from dpd.comptes.enums import Role
from dpd.conventions.actions.mensuels_lignes import decider, repondre, valider_tout
from dpd.conventions.mensuels_lus import bilan, lu, lu_de_l_etat
from dpd.conventions.models import LigneEtatMensuel
from dpd.conventions.regles.mensuel import EtatLigne, GesteLigne
from dpd.messagerie.models import Message
from tests.conventions.fabriques_etats import (
    JANVIER,
    bareme_journees,
    convention_journees,
    mois_fige,
    tracee,
)

pytestmark = pytest.mark.django_db
PLUS_TARD = JANVIER + timedelta(hours=1)
_G = GesteLigne


@pytest.fixture
def etat(structure, collectivite, gestionnaire, agent):
    """Deux lignes : une heure, puis sept heures."""
    bareme_journees(structure)
    convention = convention_journees(collectivite)
    tracee(collectivite, agent, date(2026, 4, 2), 60)
    tracee(collectivite, agent, date(2026, 4, 20), 420)
    return mois_fige(convention, gestionnaire)


@pytest.fixture
def ligne(etat):
    return etat.lignes.get(ordre=1)


def decision(ligne, auteur, geste=_G.VALIDER, **champs):
    return decider(ligne=ligne, geste=geste, auteur=auteur, maintenant=PLUS_TARD, **champs)


def reponse(ligne, auteur, geste, motif="Temps de route compris", **champs):
    return repondre(ligne=ligne, geste=geste, motif=motif, auteur=auteur, maintenant=PLUS_TARD, **champs)


def contestee(ligne, decideur):
    return decision(ligne, decideur, _G.CONTESTER, motif="Nous avions fini en une demi-heure")


def test_valider_une_ligne_dit_qui_et_quand(etat, ligne, decideur):
    validee = decision(ligne, decideur)
    assert (validee.etape, validee.tranchee_par, validee.tranchee_le) == (
        EtatLigne.VALIDEE,
        decideur,
        PLUS_TARD,
    )
    etat.refresh_from_db()
    assert etat.valide_le is None


def test_l_etat_est_valide_quand_toutes_les_lignes_le_sont(etat, decideur, gestionnaire):
    for ligne in etat.lignes.all():
        decision(ligne, decideur)
    etat.refresh_from_db()
    assert (etat.valide_le, etat.valide_par) == (PLUS_TARD, decideur)
    message = Message.objects.get(nature="conventions.etat_valide")
    assert message.destinataire == gestionnaire.email


def test_tout_valider_ne_prend_que_ce_qui_attend(etat, ligne, decideur, gestionnaire):
    contestee(ligne, decideur)
    (validee,) = valider_tout(etat=etat, auteur=decideur, maintenant=PLUS_TARD)
    assert validee.ordre == 2
    etat.refresh_from_db()
    assert etat.valide_le is None
    assert LigneEtatMensuel.history.filter(history_change_reason="Validée par la collectivité").count() == 1
    with pytest.raises(ValueError, match="Aucune ligne n’attend"):
        valider_tout(etat=etat, auteur=decideur, maintenant=PLUS_TARD)


def test_tout_valider_valide_l_etat(etat, decideur):
    valider_tout(etat=etat, lu=lu_de_l_etat(etat.lignes.all()), auteur=decideur, maintenant=PLUS_TARD)
    etat.refresh_from_db()
    assert (etat.valide_le, etat.valide_par) == (PLUS_TARD, decideur)


def test_contester_demande_un_motif_et_previent_la_structure(etat, ligne, decideur, gestionnaire, dpd):
    with pytest.raises(ValueError, match="Dites pourquoi"):
        decision(ligne, decideur, _G.CONTESTER)
    contestee(ligne, decideur)
    decision(etat.lignes.get(ordre=2), decideur, _G.CONTESTER, motif="Personne n’est venu")
    messages = Message.objects.filter(nature="conventions.ligne_contestee")
    assert {m.destinataire for m in messages} == {gestionnaire.email, dpd.email}
    assert messages.count() == 2, "un message par jour et par personne, quel que soit le nombre de lignes"
    assert "demi-heure" not in messages[0].corps


def test_corriger_change_la_duree_retenue_jamais_celle_qui_a_ete_presentee(
    etat, ligne, decideur, gestionnaire
):
    contestee(ligne, decideur)
    corrigee = reponse(ligne, gestionnaire, _G.CORRIGER, minutes=30)
    assert (corrigee.minutes, corrigee.minutes_initiales) == (30, 60)
    assert (corrigee.etape, corrigee.reponse) == (EtatLigne.A_VALIDER, "Temps de route compris")
    assert corrigee.motif == "Nous avions fini en une demi-heure"
    message = Message.objects.get(nature="conventions.ligne_repondue")
    assert message.destinataire == decideur.email
    assert bilan(etat).minutes == 450


def test_maintenir_rend_la_ligne_telle_quelle(ligne, decideur, dpd):
    contestee(ligne, decideur)
    maintenue = reponse(ligne, dpd, _G.MAINTENIR)
    assert (maintenue.minutes, maintenue.etape) == (60, EtatLigne.A_VALIDER)


def test_retirer_la_derniere_contestee_clot_l_etat(etat, ligne, decideur, gestionnaire):
    contestee(ligne, decideur)
    valider_tout(etat=etat, auteur=decideur, maintenant=PLUS_TARD)
    retiree = reponse(ligne, gestionnaire, _G.RETIRER)
    assert (retiree.etape, retiree.minutes_initiales) == (EtatLigne.RETIREE, 60)
    etat.refresh_from_db()
    assert (etat.valide_le, etat.valide_par) == (PLUS_TARD, decideur)
    assert etat.history.first().history_user == gestionnaire
    assert bilan(etat).minutes == 420


def test_un_etat_entierement_retire_n_est_valide_par_personne(etat, decideur, gestionnaire):
    for ligne in etat.lignes.all():
        contestee(ligne, decideur)
        reponse(ligne, gestionnaire, _G.RETIRER)
    etat.refresh_from_db()
    assert (etat.valide_le, etat.valide_par) == (PLUS_TARD, None)


@pytest.mark.parametrize(
    ("minutes", "refus"),
    [(None, "nouvelle durée"), (0, "nouvelle durée"), (1441, "nouvelle durée"), (60, "déjà présentée")],
)
def test_une_correction_qui_n_en_est_pas_une_est_refusee(minutes, refus, ligne, decideur, gestionnaire):
    contestee(ligne, decideur)
    with pytest.raises(ValueError, match=refus):
        reponse(ligne, gestionnaire, _G.CORRIGER, minutes=minutes)
    ligne.refresh_from_db()
    assert ligne.etape is EtatLigne.CONTESTEE


def test_la_structure_ne_tranche_pas_a_la_place_de_la_collectivite(etat, ligne, gestionnaire, collectivite):
    accorder(gestionnaire, Role.DECIDEUR, collectivite)
    for geste in (_G.VALIDER, _G.CONTESTER):
        with pytest.raises(ValueError, match="la collectivité les valide"):
            decision(ligne, gestionnaire, geste, motif="x")
    with pytest.raises(ValueError, match="la collectivité les valide"):
        valider_tout(etat=etat, auteur=gestionnaire, maintenant=PLUS_TARD)


def test_chacun_n_a_que_ses_gestes(ligne, decideur, gestionnaire):
    with pytest.raises(ValueError, match="revient à l’autre partie"):
        reponse(ligne, gestionnaire, _G.VALIDER)
    contestee(ligne, decideur)
    with pytest.raises(ValueError, match="revient à l’autre partie"):
        decision(ligne, decideur, _G.RETIRER, motif="x")


def test_une_ligne_tranchee_ne_change_plus(ligne, decideur, gestionnaire):
    decision(ligne, decideur)
    with pytest.raises(ValueError, match="la ligne est «\u00a0Validée\u00a0»"):
        contestee(ligne, decideur)
    with pytest.raises(ValueError, match="n’est pas permis"):
        reponse(ligne, gestionnaire, _G.CORRIGER, minutes=30)


def test_valider_ce_qui_a_change_depuis_la_lecture_est_refuse(etat, ligne, decideur, gestionnaire):
    avant, avant_tout = lu(ligne), lu_de_l_etat(etat.lignes.all())
    contestee(ligne, decideur)
    reponse(ligne, gestionnaire, _G.CORRIGER, minutes=90)
    with pytest.raises(ValueError, match="L’état a changé depuis votre lecture"):
        decision(ligne, decideur, lu=avant)
    with pytest.raises(ValueError, match="L’état a changé depuis votre lecture"):
        valider_tout(etat=etat, lu=avant_tout, auteur=decideur, maintenant=PLUS_TARD)
    ligne.refresh_from_db()
    assert decision(ligne, decideur, lu=lu(ligne)).etape is EtatLigne.VALIDEE
