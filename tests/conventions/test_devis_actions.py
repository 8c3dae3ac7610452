"""Un devis passe de main en main : demandé, étudié, proposé, décidé ; chacun signe et motive."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from dpd.conventions.actions import devis as actions
from dpd.conventions.affichage_devis import lire, volet_financier
from dpd.conventions.enums import NatureBareme
from dpd.conventions.models import Devis
from dpd.conventions.regles.devis import EtatDevis
from dpd.conventions.tarification import Tarification
from dpd.messagerie.models import Message
from tests.conventions.conftest import creer_bareme
from tests.conventions.regles.sources_types import en_2024
from tests.conventions.test_indices_actions import figer

pytestmark = pytest.mark.django_db
PROPOSITION = {
    "audit": "Douze caméras, aucun registre.",
    "volet_administratif": "Un agent, sur place.",
    "plan_actions": "Visiter\nRédiger",
    "jours_mise_en_place": Decimal("2.5"),
    "jours_accompagnement": None,
    "prix_jour": Decimal(250),
    "prix_revisable": False,
    "exercice": 2026,
    "ponctuel": True,
    "valable_jusqu_au": date(2027, 2, 21),
}


@pytest.fixture
def demande(collectivite, referent, maintenant):
    return actions.demander(
        collectivite=collectivite,
        objet="Vidéoprotection",
        besoin="Une étude",
        auteur=referent,
        maintenant=maintenant,
    )


@pytest.fixture
def structure_fait(dpd, maintenant):
    return {"auteur": dpd, "maintenant": maintenant}


@pytest.fixture
def collectivite_fait(decideur, maintenant):
    return {"auteur": decideur, "maintenant": maintenant}


@pytest.fixture
def etude(demande, structure_fait):
    return actions.etudier(devis=demande, **structure_fait)


@pytest.fixture
def propose(etude, structure_fait):
    return actions.proposer(devis=etude, **PROPOSITION, **structure_fait)


def figer_l_exercice(convention, bareme, gestionnaire, maintenant):
    figer(convention, bareme, gestionnaire, maintenant, en_2024(), exercice=2026)


def recus(nature):
    return set(Message.objects.filter(nature=f"conventions.{nature}").values_list("destinataire", flat=True))


def test_demander_previent_la_structure(collectivite, referent, dpd, gestionnaire, agent, maintenant):
    devis = actions.demander(
        collectivite=collectivite, objet="Audit", besoin="x", auteur=referent, maintenant=maintenant
    )
    assert (devis.etape, devis.demande_par, devis.demande_le) == (EtatDevis.DEMANDE, referent, maintenant)
    assert recus("devis_demande") == {dpd.email, gestionnaire.email}


def test_deux_envois_ne_font_qu_une_demande(demande, collectivite, referent, maintenant, structure_fait):
    envoi = {"collectivite": collectivite, "objet": "Vidéoprotection", "besoin": "x"}
    with pytest.raises(ValidationError, match="déjà en cours"):
        actions.demander(**envoi, auteur=referent, maintenant=maintenant)
    actions.decliner(devis=demande, motif="Faute d’agent.", **structure_fait)
    assert actions.demander(**envoi, auteur=referent, maintenant=maintenant).pk != demande.pk


def test_du_besoin_a_l_acceptation(referent, decideur, dpd, propose, collectivite_fait):
    assert (propose.etape, propose.propose_par, propose.motif) == (EtatDevis.PROPOSE, dpd, "")
    assert recus("devis_etudie") == recus("devis_propose") == {referent.email, decideur.email}
    accepte = actions.accepter(devis=propose, lu=actions.version_lue(propose), **collectivite_fait)
    assert (accepte.etape, accepte.decide_par) == (EtatDevis.ACCEPTE, decideur)
    assert recus("devis_decide") == {dpd.email}
    raisons = list(accepte.history.order_by("history_id").values_list("history_change_reason", flat=True))
    assert raisons == ["Devis demandé", "Besoins à l’étude", "Devis proposé", "Devis accepté"]


def test_un_devis_accepte_s_ajoute_a_l_exercice(
    propose, collectivite_fait, structure, convention, collectivite
):
    creer_bareme(structure, NatureBareme.GRATUIT)
    actions.accepter(devis=propose, **collectivite_fait)
    calcul = Tarification(structure, 2026, [convention]).calculer(convention)
    assert [(x.libelle, x.montant) for x in calcul.lignes][1:] == [("Vidéoprotection", Decimal("625.00"))]
    assert calcul.lignes[1].detail == "Devis accepté le 23\u00a0nov. 2026"


@pytest.mark.parametrize(
    ("change", "champ"),
    [
        ({"audit": " "}, "audit"),
        ({"jours_mise_en_place": None}, "jours_mise_en_place"),
        ({"jours_mise_en_place": Decimal(0)}, "jours_mise_en_place"),
        ({"ponctuel": False}, "jours_accompagnement"),
        ({"jours_accompagnement": Decimal(1)}, "jours_accompagnement"),
        ({"valable_jusqu_au": date(2026, 11, 22)}, "valable_jusqu_au"),
        ({"valable_jusqu_au": None}, "valable_jusqu_au"),
        ({"plan_actions": ""}, "__all__"),
        ({"prix_jour": None}, "__all__"),
    ],
)
def test_une_proposition_incomplete_ne_part_pas(etude, structure_fait, change, champ):
    with pytest.raises(ValidationError) as refus:
        actions.proposer(devis=etude, **{**PROPOSITION, **change}, **structure_fait)
    assert set(refus.value.message_dict) == {champ}
    assert Devis.objects.get().etape is EtatDevis.AUDIT
    assert recus("devis_propose") == set()


def test_un_exercice_passe_ou_fige_ne_se_propose_pas(
    etude, structure_fait, convention, bareme_tranches, gestionnaire, maintenant
):
    with pytest.raises(ValidationError, match="exercice est passé"):
        actions.proposer(devis=etude, **{**PROPOSITION, "exercice": 2025}, **structure_fait)
    figer_l_exercice(convention, bareme_tranches, gestionnaire, maintenant)
    with pytest.raises(ValidationError, match="2026 est figé"):
        actions.proposer(devis=etude, **PROPOSITION, **structure_fait)
    suivant = {**PROPOSITION, "exercice": 2027}
    assert actions.proposer(devis=etude, **suivant, **structure_fait).exercice == 2027


def test_un_devis_ne_s_accepte_plus_une_fois_son_exercice_fige(
    propose, collectivite_fait, convention, bareme_tranches, gestionnaire, maintenant
):
    """Il ne serait jamais facturé, alors que l’écran promet qu’il le sera."""
    figer_l_exercice(convention, bareme_tranches, gestionnaire, maintenant)
    with pytest.raises(ValueError, match="a été figé depuis"):
        actions.accepter(devis=propose, **collectivite_fait)
    assert Devis.objects.get().etape is EtatDevis.PROPOSE


def test_une_proposition_se_prepare_sans_partir(etude, structure_fait):
    actions.preparer(devis=etude, audit="En cours", jours_mise_en_place=Decimal(2), **structure_fait)
    etude.refresh_from_db()
    assert (etude.audit, etude.etape) == ("En cours", EtatDevis.AUDIT)
    assert recus("devis_propose") == set()


def test_on_ne_prepare_que_ce_qui_est_a_l_etude(propose, structure_fait):
    with pytest.raises(ValueError, match="n’est pas permis"):
        actions.preparer(devis=propose, audit="Autre", **structure_fait)


def test_une_proposition_vaut_jusqu_au_jour_dit_compris(propose, decideur, maintenant):
    dernier = maintenant.replace(year=2027, month=2, day=21, hour=22, minute=30)  # 23 h 30 à Paris
    assert actions.accepter(devis=propose, auteur=decideur, maintenant=dernier).etape is EtatDevis.ACCEPTE


def test_une_proposition_expiree_ne_s_accepte_plus_et_le_dit(propose, decideur, maintenant, structure_fait):
    lendemain = maintenant.replace(year=2027, month=2, day=21, hour=23, minute=30)  # le 22 à Paris
    with pytest.raises(ValueError, match="a expiré le dimanche 21"):
        actions.accepter(devis=propose, auteur=decideur, maintenant=lendemain)
    assert Devis.objects.get().etape is EtatDevis.PROPOSE
    assert lire(propose, date(2027, 2, 22)).etat.libelle == "Expiré le 21\u00a0févr. 2027"
    repris = actions.reprendre(
        devis=propose, motif="Expirée", auteur=structure_fait["auteur"], maintenant=lendemain
    )
    assert repris.etape is EtatDevis.AUDIT


def test_une_proposition_refaite_se_relit_avant_d_etre_acceptee(
    propose, structure_fait, collectivite_fait, dpd, maintenant
):
    lue = actions.version_lue(propose)
    actions.reprendre(devis=propose, motif="Erreur de jours", **structure_fait)
    plus_tard = {"auteur": dpd, "maintenant": maintenant + timedelta(hours=1)}
    refaite = actions.proposer(devis=propose, **{**PROPOSITION, "prix_jour": Decimal(400)}, **plus_tard)
    with pytest.raises(ValueError, match="a changé depuis"):
        actions.accepter(devis=refaite, lu=lue, **collectivite_fait)
    assert Devis.objects.get().etape is EtatDevis.PROPOSE
    assert recus("devis_repris")


@pytest.mark.parametrize(
    ("geste", "etat"),
    [("refuser", EtatDevis.REFUSE), ("reprendre", EtatDevis.AUDIT)],
)
def test_un_geste_motive_demande_son_motif(propose, geste, etat, collectivite_fait):
    action = getattr(actions, geste)
    with pytest.raises(ValueError, match="pourquoi"):
        action(devis=propose, motif=" ", **collectivite_fait)
    assert action(devis=propose, motif="Trop cher", **collectivite_fait).etape is etat
    assert Devis.objects.get().motif == "Trop cher"


def test_la_structure_decline_faute_de_moyens(etude, structure_fait, referent, decideur):
    decline = actions.decliner(devis=etude, motif="Aucun agent disponible.", **structure_fait)
    assert (decline.etape, decline.decide_le) == (EtatDevis.DECLINE, structure_fait["maintenant"])
    assert recus("devis_decline") == {referent.email, decideur.email}
    message = Message.objects.filter(nature="conventions.devis_decline").first()
    assert "Aucun agent disponible." in message.corps


def test_la_collectivite_retire_sa_demande(demande, referent, dpd, maintenant):
    retire = actions.retirer(devis=demande, motif="Plus utile", auteur=referent, maintenant=maintenant)
    assert (retire.etape, retire.decide_par) == (EtatDevis.RETIRE, referent)
    assert recus("devis_decide") == {dpd.email}


def test_deux_decisions_ne_se_suivent_pas(propose, collectivite_fait):
    """Le second lit la ligne verrouillée, pas celle qu’il avait sous les yeux."""
    actions.accepter(devis=propose, **collectivite_fait)
    with pytest.raises(ValueError, match="le devis est «\u00a0Accepté\u00a0»"):
        actions.refuser(devis=propose, motif="Finalement non", **collectivite_fait)
    assert Devis.objects.get().etape is EtatDevis.ACCEPTE


def test_le_volet_financier_se_compte_par_phase(propose, etude):
    assert [(x.jours, x.total) for x in volet_financier(propose)] == [("2,5\u00a0jours", "625,00\u00a0€")]
    propose.ponctuel, propose.jours_accompagnement = False, Decimal(1)
    lu = lire(propose, date(2026, 11, 23))
    assert [x.phase for x in lu.lignes] == [
        "Mise en place, exercice 2026",
        "Accompagnement, chaque année suivante",
    ]
    assert lu.proposition
    propose.prix_jour = None
    assert volet_financier(propose) == ()
