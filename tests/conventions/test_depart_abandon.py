"""Un départ qui n’a plus lieu s’abandonne : la dénonciation retirée, la collectivité reste."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from dpd.conventions.actions import depart as actions
from dpd.conventions.actions.convention_vie import denoncer, retirer_denonciation
from dpd.conventions.departs import departs_abandonnes, departs_de, lien_de_depart
from dpd.conventions.enums import CauseFin, Partie, SortDonnees
from dpd.conventions.models import Depart
from dpd.conventions.regles.depart import ABANDONNE, CLOS
from dpd.messagerie.models import Message
from tests.conventions.conftest import EXPRESSE, creer_convention, creer_modele
from tests.conventions.refus import refus
from tests.conventions.test_depart_actions import clair

pytestmark = pytest.mark.django_db
JOUR = date(2026, 11, 23)
MOTIF = "La dénonciation est retirée."


@pytest.fixture
def denoncee(convention, gestionnaire, maintenant):
    _denoncer(convention, gestionnaire, maintenant)
    return convention


@pytest.fixture
def ouvert(denoncee, gestionnaire, maintenant):
    return actions.ouvrir(convention=denoncee, auteur=gestionnaire, maintenant=maintenant)


@pytest.fixture
def abandonne(ouvert, gestionnaire, maintenant):
    return abandonner(ouvert, gestionnaire, maintenant)


def _denoncer(convention, auteur, maintenant):
    return denoncer(
        convention=convention,
        cause=CauseFin.DENONCIATION,
        par=Partie.COLLECTIVITE,
        notifiee_le=date(2026, 11, 13),
        auteur=auteur,
        maintenant=maintenant,
    )


def abandonner(depart, auteur, maintenant, motif=MOTIF):
    return actions.abandonner(depart=depart, motif=motif, auteur=auteur, maintenant=maintenant)


def remettre(depart, auteur, maintenant):
    return actions.remettre(
        depart=depart, empreinte="a" * 64, taille=1, change=False, auteur=auteur, maintenant=maintenant
    )


def test_la_denonciation_retiree_le_depart_s_abandonne(
    ouvert, denoncee, gestionnaire, referent, decideur, dpd, maintenant
):
    retirer_denonciation(
        convention=denoncee, motif="Délibération", auteur=gestionnaire, maintenant=maintenant
    )
    fini = abandonner(ouvert, gestionnaire, maintenant)
    assert (fini.abandonne_le, fini.abandonne_par, fini.motif_abandon) == (maintenant, gestionnaire, MOTIF)
    assert fini.history.first().history_change_reason == "Départ abandonné"
    courriels = Message.objects.filter(nature="conventions.depart_abandonne").order_by("pk")
    assert [m.destinataire for m in courriels] == [referent.email, decideur.email, dpd.email]
    assert MOTIF in courriels[0].corps
    assert list(departs_de(ouvert.collectivite)) == []
    assert list(departs_abandonnes(ouvert.collectivite)) == [fini]


def test_deux_fois_n_abandonne_ni_n_ecrit_deux_fois(abandonne, gestionnaire, referent, maintenant):
    encore = abandonner(abandonne, gestionnaire, maintenant + timedelta(seconds=1), "Autre")
    assert encore.motif_abandon == MOTIF
    assert Message.objects.filter(nature="conventions.depart_abandonne").count() == 0  # nul n’avait de compte
    assert abandonne.history.count() == 2


def test_il_se_motive(ouvert, gestionnaire, maintenant):
    with refus("ne part plus", "motif"):
        abandonner(ouvert, gestionnaire, maintenant, " ")
    assert Depart.objects.get().abandonne_le is None


def test_abandonne_il_ne_se_poursuit_pas(abandonne, decideur, dpd, gestionnaire, maintenant):
    qui = {"depart": abandonne, "maintenant": maintenant}
    with refus(clair(ABANDONNE)):
        remettre(abandonne, dpd, maintenant)
    with refus(clair(ABANDONNE)):
        actions.choisir_le_sort(sort=SortDonnees.RESTITUTION, auteur=decideur, **qui)
    with refus(clair(ABANDONNE)):
        actions.clore(auteur=gestionnaire, **qui)


def test_repartie_la_collectivite_ouvre_un_depart_neuf(abandonne, denoncee, gestionnaire, maintenant):
    neuf = actions.ouvrir(convention=denoncee, auteur=gestionnaire, maintenant=maintenant)
    assert neuf.pk != abandonne.pk
    assert actions.ouvrir(convention=denoncee, auteur=gestionnaire, maintenant=maintenant) == neuf
    assert list(departs_de(neuf.collectivite)) == [neuf]


def test_detruit_ou_clos_il_va_a_son_terme(collectivite, structure, gestionnaire, decideur, dpd, maintenant):
    eteinte = creer_convention(collectivite, creer_modele(structure, **EXPRESSE), date(2021, 1, 1))
    depart = actions.ouvrir(convention=eteinte, auteur=gestionnaire, maintenant=maintenant)
    depart = remettre(depart, dpd, maintenant)
    actions.attester_reception(
        depart=depart, empreinte_lue="a" * 64, change=False, auteur=decideur, maintenant=maintenant
    )
    actions.choisir_le_sort(
        depart=depart, sort=SortDonnees.DESTRUCTION, auteur=decideur, maintenant=maintenant
    )
    actions.viser(depart=depart, visa="41", vise_le=JOUR, auteur=gestionnaire, maintenant=maintenant)
    actions.constater_destruction(
        depart=depart,
        detruit_le=JOUR,
        detruit_comment="Tout.",
        change=False,
        auteur=gestionnaire,
        maintenant=maintenant,
    )
    with refus("va à son terme"):
        abandonner(depart, gestionnaire, maintenant)
    actions.clore(depart=depart, auteur=gestionnaire, maintenant=maintenant)
    with refus(clair(CLOS)):
        abandonner(depart, gestionnaire, maintenant)


def test_la_base_n_ouvre_pas_deux_departs_ni_n_abandonne_sans_motif(ouvert, denoncee, maintenant):
    double = Depart(collectivite=ouvert.collectivite, convention=denoncee, ouvert_le=maintenant)
    with pytest.raises(IntegrityError), transaction.atomic():
        double.save()
    ouvert.abandonne_le = maintenant
    with pytest.raises(IntegrityError), transaction.atomic():
        ouvert.save()


def test_le_lien_n_existe_que_lorsqu_il_a_un_sens(convention, collectivite, gestionnaire, maintenant):
    def lien():
        return lien_de_depart(collectivite, JOUR)

    assert lien() == ""
    _denoncer(convention, gestionnaire, maintenant)
    assert lien() == "Préparer le départ"
    depart = actions.ouvrir(convention=convention, auteur=gestionnaire, maintenant=maintenant)
    assert lien() == "Suivre le départ en cours"
    retirer_denonciation(
        convention=convention, motif="Délibération", auteur=gestionnaire, maintenant=maintenant
    )
    assert lien() == "Suivre le départ en cours"
    abandonner(depart, gestionnaire, maintenant)
    assert lien() == "Lire le départ abandonné"
    depart.clos_le, depart.abandonne_le = maintenant, None
    depart.save()
    assert lien() == "Lire le départ, clos"


def test_sans_convention_aucun_lien(collectivite):
    assert lien_de_depart(collectivite, JOUR) == ""
