"""Conduire un départ : restituer, attester, choisir, viser, constater, clore."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from dpd.comptes.models import Collectivite, JournalAcces
from dpd.conventions.actions import depart as actions
from dpd.conventions.departs import AUTRE_CONVENTION
from dpd.conventions.enums import SortDonnees
from dpd.conventions.models import Depart
from dpd.conventions.regles.depart import (
    CLOS,
    DEJA_DETRUIT,
    ENCORE_EN_VIGUEUR,
    PAS_DETRUIT,
    PLUS_D_ARCHIVE,
    SANS_RECEPTION,
    SANS_VISA,
)
from dpd.messagerie.models import Message
from dpd.pieces.models import Piece
from tests.conventions.conftest import EXPRESSE, creer_convention, creer_modele
from tests.conventions.refus import refus
from tests.pieces.fabriques import fichier

pytestmark = pytest.mark.django_db
EMPREINTE, AUTRE = "a" * 64, "b" * 64
FIN = date(2025, 12, 31)


@pytest.fixture
def eteinte(collectivite, structure):
    """Cinq ans au 1er janvier 2021, jamais renouvelée : éteinte depuis le 31 décembre 2025."""
    return creer_convention(collectivite, creer_modele(structure, **EXPRESSE), date(2021, 1, 1))


@pytest.fixture
def ouvert(eteinte, gestionnaire, maintenant):
    return actions.ouvrir(convention=eteinte, auteur=gestionnaire, maintenant=maintenant)


@pytest.fixture
def remis(ouvert, dpd, maintenant):
    return remettre(ouvert, dpd, maintenant)


@pytest.fixture
def recu(remis, decideur, maintenant):
    return attester(remis, decideur, maintenant)


@pytest.fixture
def a_detruire(recu, decideur, maintenant):
    return choisir(recu, SortDonnees.DESTRUCTION, decideur, maintenant)


@pytest.fixture
def vise(a_detruire, gestionnaire, maintenant):
    return viser(a_detruire, gestionnaire, maintenant)


def clair(phrase):
    """Une phrase entière, comme :func:`refus` la lit."""
    return re.escape(phrase.replace("\u00a0", " ").replace("\u202f", " "))


def remettre(depart, auteur, maintenant, empreinte=EMPREINTE, change=False):
    return actions.remettre(
        depart=depart,
        empreinte=empreinte,
        taille=1_200_000,
        change=change,
        auteur=auteur,
        maintenant=maintenant,
    )


def attester(depart, auteur, maintenant, empreinte=EMPREINTE, change=False):
    return actions.attester_reception(
        depart=depart, empreinte_lue=empreinte, change=change, auteur=auteur, maintenant=maintenant
    )


def choisir(depart, sort, auteur, maintenant):
    return actions.choisir_le_sort(depart=depart, sort=sort, auteur=auteur, maintenant=maintenant)


def viser(depart, auteur, maintenant, visa="AD82-2026-041", vise_le=date(2026, 11, 23), **options):
    return actions.viser(
        depart=depart, visa=visa, vise_le=vise_le, auteur=auteur, maintenant=maintenant, **options
    )


def detruire(depart, auteur, maintenant, le=date(2026, 11, 23), comment="Base et sauvegardes.", change=False):
    return actions.constater_destruction(
        depart=depart,
        detruit_le=le,
        detruit_comment=comment,
        change=change,
        auteur=auteur,
        maintenant=maintenant,
    )


def rendre(depart, decideur, gestionnaire, maintenant):
    """La restitution choisie, et les copies détruites."""
    choisir(depart, SortDonnees.RESTITUTION, decideur, maintenant)
    return detruire(depart, gestionnaire, maintenant)


def clore(depart, auteur, maintenant):
    return actions.clore(depart=depart, auteur=auteur, maintenant=maintenant)


def relire(depart):
    return Depart.objects.get(pk=depart.pk)


def test_ouvrir_previent_la_collectivite_et_le_dpd(
    eteinte, gestionnaire, referent, decideur, dpd, maintenant
):
    depart = actions.ouvrir(convention=eteinte, auteur=gestionnaire, maintenant=maintenant)
    assert (depart.ouvert_le, depart.ouvert_par, depart.sort) == (maintenant, gestionnaire, "")
    courriels = Message.objects.filter(nature="conventions.depart_ouvert").order_by("pk")
    assert [m.destinataire for m in courriels] == [referent.email, decideur.email, dpd.email]
    assert "Montpezat-de-Quercy" in courriels[0].sujet
    assert "31\u00a0décembre 2025" in courriels[0].corps
    assert depart.history.get().history_change_reason == "Départ ouvert"


def test_ouvrir_deux_fois_n_ouvre_qu_un_depart(eteinte, gestionnaire, referent, dpd, maintenant):
    un = actions.ouvrir(convention=eteinte, auteur=gestionnaire, maintenant=maintenant)
    deux = actions.ouvrir(convention=eteinte, auteur=dpd, maintenant=maintenant + timedelta(seconds=1))
    assert un == deux
    assert Depart.objects.count() == 1
    assert (
        Message.objects.filter(nature="conventions.depart_ouvert", destinataire=referent.email).count() == 1
    )


def test_une_convention_en_vigueur_sans_fin_ne_se_quitte_pas(convention, gestionnaire, maintenant):
    with refus("notez d’abord sa dénonciation"):
        actions.ouvrir(convention=convention, auteur=gestionnaire, maintenant=maintenant)
    assert not Depart.objects.exists()


def test_une_collectivite_qui_resigne_ne_part_pas(eteinte, collectivite, structure, gestionnaire, maintenant):
    creer_convention(collectivite, creer_modele(structure), date(2026, 1, 1))
    with refus(clair(AUTRE_CONVENTION)):
        actions.ouvrir(convention=eteinte, auteur=gestionnaire, maintenant=maintenant)


def test_remettre_note_l_archive_et_le_journal(ouvert, dpd, collectivite, maintenant):
    depart = remettre(ouvert, dpd, maintenant)
    assert (depart.exporte_le, depart.exporte_par) == (maintenant, dpd)
    assert (depart.export_empreinte, depart.export_taille) == (EMPREINTE, 1_200_000)
    entree = JournalAcces.objects.get(nature="export")
    assert (entree.collectivite, entree.utilisateur) == (collectivite, dpd)
    assert entree.detail == f"départ de la collectivité, archive complète, 1,2\u00a0Mo, SHA-256 {EMPREINTE}"


def test_avant_la_reception_la_derniere_archive_fait_foi(remis, referent, maintenant):
    plus_tard = maintenant + timedelta(hours=1)
    depart = remettre(remis, referent, plus_tard, AUTRE)
    assert (depart.exporte_le, depart.export_empreinte) == (plus_tard, AUTRE)
    assert JournalAcces.objects.filter(nature="export").count() == 2


def test_apres_la_reception_l_archive_attestee_ne_change_plus(recu, dpd, maintenant):
    depart = remettre(recu, dpd, maintenant + timedelta(days=1), AUTRE)
    assert (depart.export_empreinte, depart.recu_le) == (EMPREINTE, date(2026, 11, 23))
    assert JournalAcces.objects.filter(nature="export").count() == 2


def test_un_contenu_change_apres_la_reception_la_fait_refaire(recu, dpd, maintenant):
    depart = remettre(recu, dpd, maintenant + timedelta(days=1), AUTRE, change=True)
    assert (depart.export_empreinte, depart.recu_le, depart.recu_par) == (AUTRE, None, None)
    assert depart.history.filter(recu_le=date(2026, 11, 23)).exists()


def test_attester_previent_la_structure(remis, decideur, dpd, gestionnaire, maintenant):
    depart = attester(remis, decideur, maintenant)
    assert (depart.recu_le, depart.recu_par) == (date(2026, 11, 23), decideur)
    courriels = Message.objects.filter(nature="conventions.depart_recu")
    assert {m.destinataire for m in courriels} == {dpd.email, gestionnaire.email}
    assert EMPREINTE in courriels[0].corps


@pytest.mark.parametrize(
    ("options", "phrase"),
    [({"empreinte": AUTRE}, actions.AUTRE_ARCHIVE), ({"change": True}, actions.CHANGE)],
)
def test_on_n_atteste_que_l_archive_lue_et_a_jour(remis, decideur, maintenant, options, phrase):
    with refus(clair(phrase)):
        attester(remis, decideur, maintenant, **options)
    assert relire(remis).recu_le is None


def test_attester_sans_archive_ou_deux_fois_est_refuse(ouvert, decideur, dpd, maintenant):
    with refus("téléchargez-la d’abord"):
        attester(ouvert, decideur, maintenant, "")
    attester(remettre(ouvert, dpd, maintenant), decideur, maintenant)
    with refus("déjà attestée"):
        attester(ouvert, decideur, maintenant)
    assert Message.objects.filter(nature="conventions.depart_recu", utilisateur=dpd).count() == 1


def test_choisir_deux_fois_le_meme_sort_n_ecrit_rien(recu, decideur, maintenant):
    depart = choisir(recu, SortDonnees.RESTITUTION, decideur, maintenant)
    choisir(recu, SortDonnees.RESTITUTION, decideur, maintenant + timedelta(hours=1))
    assert depart.history.filter(history_change_reason="Sort des données choisi").count() == 1


def test_un_visa_se_note_avec_son_bordereau_une_fois(a_detruire, gestionnaire, maintenant):
    for instant in (maintenant, maintenant + timedelta(seconds=5)):
        depart = viser(a_detruire, gestionnaire, instant, visa=" AD82-2026-041 ", fichier=fichier())
    assert (depart.visa, depart.vise_le) == ("AD82-2026-041", date(2026, 11, 23))
    assert depart.history.filter(history_change_reason="Visa des archives noté").count() == 1
    piece = Piece.objects.get()
    assert (piece.domaine, piece.description) == ("depart", "Bordereau d’élimination visé, AD82-2026-041")


def test_un_visa_sans_reference_ou_a_venir_est_refuse(a_detruire, gestionnaire, maintenant):
    with refus("référence", "visa"):
        viser(a_detruire, gestionnaire, maintenant, visa="  ")
    with refus("à venir", "vise_le"):
        viser(a_detruire, gestionnaire, maintenant, vise_le=date(2026, 11, 24), fichier=fichier())
    assert not Piece.objects.exists()


def test_un_visa_sans_destruction_choisie_est_refuse(recu, gestionnaire, maintenant):
    with refus("28-3 g"):
        viser(recu, gestionnaire, maintenant)


def test_la_destruction_visee_et_recue_se_constate(vise, gestionnaire, maintenant):
    depart = detruire(vise, gestionnaire, maintenant, comment="  Disque effacé.  ")
    assert (depart.detruit_le, depart.detruit_comment) == (date(2026, 11, 23), "Disque effacé.")
    with refus(clair(DEJA_DETRUIT)):
        detruire(vise, gestionnaire, maintenant)
    with refus("plus d’archive"):
        remettre(vise, gestionnaire, maintenant)


def test_sans_visa_l_action_refuse_en_citant_le_code_du_patrimoine(a_detruire, gestionnaire, maintenant):
    with pytest.raises(ValidationError) as erreur:
        detruire(a_detruire, gestionnaire, maintenant)
    assert erreur.value.messages == [SANS_VISA]
    assert relire(a_detruire).detruit_le is None


def test_sans_reception_l_action_refuse(ouvert, decideur, gestionnaire, maintenant):
    choisir(ouvert, SortDonnees.DESTRUCTION, decideur, maintenant)
    viser(ouvert, gestionnaire, maintenant)
    with pytest.raises(ValidationError) as erreur:
        detruire(ouvert, gestionnaire, maintenant)
    assert erreur.value.messages == [SANS_RECEPTION]


@pytest.mark.parametrize(
    "champs",
    [
        {"visa": ""},
        {"vise_le": None},
        {"recu_le": None, "recu_par": None},
        {"sort": ""},
    ],
)
def test_la_base_elle_meme_refuse_une_destruction_sans_visa(vise, gestionnaire, maintenant, champs):
    for nom, valeur in {**champs, "detruit_le": date(2026, 11, 23)}.items():
        setattr(vise, nom, valeur)
    with refus(re.escape("L.212-2")):
        vise.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        vise.save()
    assert relire(vise).detruit_le is None


@pytest.mark.parametrize(
    ("le", "comment", "champ"),
    [
        (date(2026, 11, 22), "x", "detruit_le"),
        (date(2026, 11, 24), "x", "detruit_le"),
        (date(2026, 11, 23), "  ", "detruit_comment"),
    ],
)
def test_une_destruction_mal_datee_ou_muette_est_refusee_sous_son_champ(
    vise, gestionnaire, maintenant, le, comment, champ
):
    with pytest.raises(ValidationError) as erreur:
        detruire(vise, gestionnaire, maintenant, le, comment)
    assert list(erreur.value.error_dict) == [champ]


def test_une_destruction_d_un_contenu_change_depuis_l_archive_est_refusee(vise, gestionnaire, maintenant):
    with refus("téléchargez-la de nouveau"):
        detruire(vise, gestionnaire, maintenant, change=True)


def test_les_copies_d_une_restitution_se_detruisent_sans_visa_avant_la_cloture(
    recu, decideur, gestionnaire, maintenant
):
    """RGPD art. 28-3 g : restituées ou non, les copies du sous-traitant se détruisent."""
    choisir(recu, SortDonnees.RESTITUTION, decideur, maintenant)
    with refus(clair(PAS_DETRUIT)):
        clore(recu, gestionnaire, maintenant)
    depart = detruire(recu, gestionnaire, maintenant)
    assert (depart.detruit_le, depart.visa) == (date(2026, 11, 23), "")
    assert clore(recu, gestionnaire, maintenant).clos_le == maintenant


def test_clore_rend_la_collectivite_inactive(recu, decideur, gestionnaire, collectivite, maintenant):
    rendre(recu, decideur, gestionnaire, maintenant)
    depart = clore(recu, gestionnaire, maintenant)
    assert (depart.clos_le, depart.clos_par) == (maintenant, gestionnaire)
    assert not Collectivite.objects.get(pk=collectivite.pk).active
    derniere = collectivite.history.first()
    assert (derniere.history_user, derniere.active) == (gestionnaire, False)
    with refus(clair(CLOS)):
        clore(recu, gestionnaire, maintenant)
    assert depart.history.filter(history_change_reason="Départ clos").count() == 1


def test_un_depart_clos_n_a_plus_d_archive_a_remettre(recu, decideur, gestionnaire, dpd, maintenant):
    rendre(recu, decideur, gestionnaire, maintenant)
    clore(recu, gestionnaire, maintenant)
    with refus(clair(PLUS_D_ARCHIVE)):
        remettre(recu, dpd, maintenant + timedelta(days=9), AUTRE, change=True)


def test_clore_sans_reception_ni_choix_est_refuse(remis, gestionnaire, collectivite, maintenant):
    with pytest.raises(ValidationError) as erreur:
        clore(remis, gestionnaire, maintenant)
    assert len(erreur.value.messages) == 2
    assert Collectivite.objects.get(pk=collectivite.pk).active


def test_clore_avant_la_fin_de_la_convention_est_refuse(
    collectivite, structure, gestionnaire, decideur, dpd, maintenant
):
    courte = creer_convention(collectivite, creer_modele(structure), date(2024, 2, 15), fin=date(2027, 2, 14))
    depart = actions.ouvrir(convention=courte, auteur=gestionnaire, maintenant=maintenant)
    attester(remettre(depart, dpd, maintenant), decideur, maintenant)
    choisir(depart, SortDonnees.RESTITUTION, decideur, maintenant)
    with refus(clair(ENCORE_EN_VIGUEUR)):
        clore(depart, gestionnaire, maintenant)
    plus_tard = maintenant + timedelta(days=90)
    detruire(depart, gestionnaire, plus_tard, plus_tard.date())
    assert clore(depart, gestionnaire, plus_tard).clos_le


def test_clore_quand_une_convention_a_ete_resignee_est_refuse(
    recu, decideur, gestionnaire, collectivite, structure, maintenant
):
    rendre(recu, decideur, gestionnaire, maintenant)
    creer_convention(collectivite, creer_modele(structure), date(2026, 12, 1))
    with refus(clair(AUTRE_CONVENTION)):
        clore(recu, gestionnaire, maintenant)
    assert relire(recu).clos_le is None
