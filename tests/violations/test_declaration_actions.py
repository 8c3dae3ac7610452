"""Déclarer : l’horloge, les rappels, les courriels, et un seul dossier par envoi."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from post_office.models import Email

from dpd.comptes.droits import accorder
from dpd.comptes.enums import Role
from tests.violations.fabriques import ECHEANCE, T0, creer_prestataire, creer_violation, decider
from violations import actions
from violations.actions.commun import controler_instants, franchir, prendre, refaire_les_rappels
from violations.enums import EtatRappel, EtatViolation, NatureEvenement
from violations.models import Rappel, Violation
from violations.regles.rappels import Palier
from violations.regles.transitions import Geste

pytestmark = pytest.mark.django_db


def rappels(violation):
    return set(violation.rappels.filter(etat=EtatRappel.PREVU).values_list("palier", flat=True))


def test_l_echeance_est_a_72_heures_reelles_et_les_rappels_sont_prevus(violation):
    assert violation.echeance_notification == ECHEANCE
    assert rappels(violation) == {palier.value for palier in Palier}


def test_une_declaration_tardive_ne_rappelle_que_ce_qui_vient(collectivite, referent):
    tard = creer_violation(collectivite, referent, ECHEANCE + timedelta(hours=3))
    assert list(rappels(tard)) == ["depassement"]


def test_la_referente_a_lu_ce_qu_elle_declare_et_le_dpd_l_apprend_en_ouvrant(violation, referent):
    assert (violation.lue_par, violation.connaissance_dpd) == (referent, None)


def test_le_dpd_qui_declare_le_sait_et_la_collectivite_n_a_pas_encore_lu(collectivite, dpd, maintenant):
    violation = creer_violation(collectivite, dpd, maintenant)
    assert (violation.connaissance_dpd, violation.lue_le) == (maintenant, None)


def test_l_instant_ou_le_dpd_l_a_su_se_garde_s_il_est_dit(collectivite, dpd, maintenant):
    avant = T0 + timedelta(hours=1)
    assert creer_violation(collectivite, dpd, maintenant, connaissance_dpd=avant).connaissance_dpd == avant


def test_le_numero_suit_l_annee_de_connaissance_a_l_heure_de_la_collectivite(collectivite, referent):
    premier = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # déjà 2027 à Paris
    violation = creer_violation(collectivite, referent, premier + timedelta(hours=1), connaissance=premier)
    assert violation.numero == "2027-01"


def test_le_rang_ne_se_partage_pas_entre_collectivites(collectivite, voisine, referent, maintenant):
    rangs = [
        creer_violation(lieu, referent, maintenant).rang for lieu in (collectivite, voisine, collectivite)
    ]
    assert rangs == [1, 1, 2]


def test_le_meme_jeton_rend_le_meme_dossier_sans_nouveau_courriel(collectivite, referent, maintenant):
    jeton = uuid4()
    un = creer_violation(collectivite, referent, maintenant, jeton=jeton)
    envois = Email.objects.count()
    assert creer_violation(collectivite, referent, maintenant, jeton=jeton).pk == un.pk
    assert Email.objects.count() == envois


def test_un_meme_jeton_ailleurs_ouvre_un_autre_dossier(collectivite, voisine, referent, maintenant):
    jeton = uuid4()
    ici = creer_violation(collectivite, referent, maintenant, jeton=jeton)
    assert creer_violation(voisine, referent, maintenant, jeton=jeton).pk != ici.pk


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"connaissance": T0 + timedelta(days=30)}, "connaissance"),
        ({"connaissance": datetime(2018, 5, 24, 21, 59, tzinfo=UTC)}, "connaissance"),
        ({"debut": T0 + timedelta(hours=1)}, "connaissance"),
        ({"titre": ""}, "titre"),
        ({"donnees": ["inventees"]}, "donnees"),
        ({"prestataire": {"nom": "Paul", "connaissance": T0 + timedelta(days=30)}}, "prestataire_le"),
        (
            {"prestataire": {"nom": "Paul", "connaissance": T0, "prevenu_le": T0 - timedelta(hours=1)}},
            "prestataire_le",
        ),
        ({"prestataire": {"nom": " "}}, "prestataire"),
    ],
)
def test_une_declaration_impossible_n_ecrit_rien_et_dit_quel_champ(
    collectivite, referent, maintenant, champs, champ
):
    with pytest.raises(ValidationError) as refus:
        creer_violation(collectivite, referent, maintenant, **champs)
    assert champ in refus.value.error_dict
    assert not Violation.objects.exists()
    assert not Email.objects.exists()


def test_le_prestataire_d_un_autre_annuaire_est_refuse(collectivite, referent, maintenant, autre_structure):
    ailleurs = creer_prestataire(autre_structure)
    with pytest.raises(ValidationError) as refus:
        creer_violation(collectivite, referent, maintenant, prestataire={"sous_traitant": ailleurs})
    assert "prestataire" in refus.value.error_dict


def test_la_chronologie_commence_par_la_declaration(violation):
    assert [e.nature for e in violation.evenements.all()] == [NatureEvenement.DECLARATION]


def test_la_premiere_lecture_se_note_une_fois(collectivite, dpd, decideur, referent, maintenant):
    violation = creer_violation(collectivite, dpd, maintenant)
    actions.marquer_lue(violation=violation, auteur=decideur, maintenant=maintenant)
    plus_tard = maintenant + timedelta(hours=1)
    actions.marquer_lue(violation=violation, auteur=referent, maintenant=plus_tard)
    violation.refresh_from_db()
    assert (violation.lue_par, violation.lue_le) == (decideur, maintenant)


def test_le_dpd_qui_ouvre_le_dossier_en_a_connaissance(violation, dpd, maintenant):
    actions.marquer_lue(violation=violation, auteur=dpd, maintenant=maintenant)
    actions.marquer_lue(violation=violation, auteur=dpd, maintenant=maintenant + timedelta(hours=1))
    violation.refresh_from_db()
    assert violation.connaissance_dpd == maintenant


def test_la_lecture_n_ecrase_pas_ce_qui_a_change_depuis(violation, dpd, referent, maintenant):
    ancienne = Violation.objects.get(pk=violation.pk)
    actions.completer(violation=violation, auteur=referent, maintenant=maintenant, lu={}, lecon="Relire.")
    actions.marquer_lue(violation=ancienne, auteur=dpd, maintenant=maintenant)
    violation.refresh_from_db()
    assert (violation.lecon, violation.connaissance_dpd) == ("Relire.", maintenant)


def test_qui_n_a_pas_de_role_ne_marque_rien(violation, agent, maintenant):
    actions.marquer_lue(violation=violation, auteur=agent, maintenant=maintenant)
    violation.refresh_from_db()
    assert violation.connaissance_dpd is None


def test_la_verification_des_instants_nomme_le_champ_du_prestataire(violation, maintenant):
    violation.debut = T0 - timedelta(hours=1)
    with pytest.raises(ValidationError) as refus:
        controler_instants(violation, maintenant, T0 - timedelta(hours=2))
    assert list(refus.value.error_dict) == ["prestataire_le"]


def test_ecartee_ou_close_la_violation_n_a_plus_de_rappel(violation, decideur, maintenant):
    decider(violation, decideur, maintenant, notifier=False, informer=False)
    assert rappels(violation) == set()
    violation.refresh_from_db()
    violation.notification_ecartee, violation.etat = False, EtatViolation.CLOSE
    refaire_les_rappels(violation, maintenant)
    assert rappels(violation) == set()


def test_notifiee_elle_n_attend_plus_que_son_complement(violation, maintenant):
    violation.notifiee_le = T0 + timedelta(hours=10)
    refaire_les_rappels(violation, maintenant)
    assert rappels(violation) == set()  # notifiée complète : aucune échéance de complément
    violation.echeance_complement = violation.notifiee_le + timedelta(hours=72)
    refaire_les_rappels(violation, T0)
    assert Rappel.objects.filter(etat=EtatRappel.PREVU, horloge="complement").count() == 2
    violation.completee_le = T0 + timedelta(hours=20)
    refaire_les_rappels(violation, T0)
    assert rappels(violation) == set()


def test_qui_conseille_ne_decide_pas(violation, dpd, decideur, referent):
    with pytest.raises(ValidationError, match="Votre rôle"):
        franchir(violation, Geste.DECIDER, dpd)
    with pytest.raises(ValidationError, match="une fois les deux décisions prises"):
        franchir(violation, Geste.CLORE, decideur)
    franchir(violation, Geste.DECIDER, decideur)
    assert violation.etat == EtatViolation.DECIDEE


def test_un_dpd_devenu_decideur_ne_decide_pas_davantage(violation, dpd, collectivite, monkeypatch):
    monkeypatch.setattr("dpd.comptes.droits.en_conflit", lambda role, objet: type(dpd).objects.none())
    accorder(dpd, Role.DECIDEUR, collectivite)
    with pytest.raises(ValidationError, match="Votre rôle"):
        franchir(prendre(violation), Geste.DECIDER, dpd)
