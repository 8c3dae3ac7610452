"""Un projet que personne ne signera s’abandonne, avec sa raison ; il reste lisible et ne gêne plus rien."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from dpd.conventions.actions.convention import (
    Signatures,
    abandonner_projet,
    deposer_signee,
    preparer_projet,
    signer,
)
from dpd.conventions.actions.convention_vie import prevoir
from dpd.conventions.lecture import convention_utile, conventions_de
from dpd.conventions.models import Convention
from dpd.conventions.portefeuille import Filtres, collectivites
from dpd.conventions.previsions import apercu
from dpd.conventions.regles.vie import EtatConvention
from tests.conventions.conftest import creer_convention, creer_modele
from tests.conventions.fabriques_etats import tracee
from tests.conventions.refus import refus
from tests.pieces.fabriques import fichier

pytestmark = pytest.mark.django_db
JOUR = date(2026, 11, 23)
MOTIF = "La commune a choisi un autre délégué."


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def projet(collectivite, modele_tranches):
    """Signé par la collectivité seule."""
    return creer_convention(collectivite, modele_tranches, None, signee_collectivite_le=date(2026, 10, 1))


@pytest.fixture
def abandonne(projet, gestionnaire, maintenant):
    return abandonner(projet, gestionnaire, maintenant)


def abandonner(convention, auteur, maintenant, motif=MOTIF):
    return abandonner_projet(convention=convention, motif=motif, auteur=auteur, maintenant=maintenant)


def page(collectivite, nom="convention", *suite):
    return reverse(f"conventions:{nom}", args=[collectivite.siren, *suite])


def texte(reponse) -> str:
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_il_garde_sa_date_son_motif_et_sa_trace(abandonne, gestionnaire):
    assert (abandonne.abandonnee_le, abandonne.motif_abandon) == (JOUR, MOTIF)
    assert abandonne.etat(JOUR) is EtatConvention.ABANDONNEE
    trace = abandonne.history.first()
    assert (trace.history_user, trace.history_change_reason) == (gestionnaire, "Projet abandonné")


def test_deux_fois_ne_fait_qu_un_abandon(abandonne, gestionnaire, maintenant):
    encore = abandonner(abandonne, gestionnaire, maintenant, "Autre chose")
    assert encore.motif_abandon == MOTIF
    assert abandonne.history.filter(history_change_reason="Projet abandonné").count() == 1


def test_sans_motif_ou_signe_il_ne_s_abandonne_pas(projet, convention, gestionnaire, maintenant):
    with refus("Dites pourquoi", "motif"):
        abandonner(projet, gestionnaire, maintenant, "  ")
    with refus("signée par les deux parties"):
        abandonner(convention, gestionnaire, maintenant)
    assert not Convention.objects.filter(abandonnee_le__isnull=False).exists()


def test_abandonne_il_ne_se_signe_ni_ne_se_complete(abandonne, gestionnaire, maintenant):
    qui = {"convention": abandonne, "auteur": gestionnaire, "maintenant": maintenant}
    with refus("abandonné"):
        signer(signatures=Signatures(signee_structure_le=JOUR), **qui)
    with refus("abandonné"):
        deposer_signee(fichier=fichier(), **qui)
    with refus("abandonné"):
        prevoir(forfait_code="", jours_mise_en_place=None, jours_accompagnement=None, **qui)


def test_la_base_refuse_un_abandon_sans_motif_ou_d_une_convention_en_vigueur(projet, convention):
    for ligne, motif in ((projet, ""), (convention, MOTIF)):
        ligne.abandonnee_le, ligne.motif_abandon = JOUR, motif
        with pytest.raises(IntegrityError), transaction.atomic():
            ligne.save()


def test_un_autre_projet_s_ouvre_ensuite(abandonne, collectivite, structure, gestionnaire, maintenant):
    autre = preparer_projet(
        collectivite=collectivite,
        modele=creer_modele(structure, nom="Nouvelle convention"),
        auteur=gestionnaire,
        maintenant=maintenant,
    )
    assert autre.pk != abandonne.pk
    assert [c.pk for c in conventions_de(collectivite, JOUR)] == [autre.pk, abandonne.pk]


def test_il_ne_compte_plus_nulle_part(abandonne, structure, collectivite, agent):
    assert convention_utile(collectivite, JOUR) is None
    for etat, nombre in (("a_signer", 0), ("sans", 1)):
        assert collectivites(structure, Filtres(etat=etat), JOUR).count() == nombre
    (prevision,) = apercu(structure, 2026, JOUR).anomalies
    assert prevision.anomalies == ("Aucune convention n’est signée.",)
    with pytest.raises(ValidationError, match="Aucune convention n’est signée"):
        tracee(collectivite, agent, date(2026, 11, 2))


def test_le_gestionnaire_l_abandonne_a_l_ecran(connecte, gestionnaire, projet, collectivite):
    client, adresse = connecte(gestionnaire), page(collectivite, "abandonner_projet", projet.pk)
    assert adresse in texte(client.get(page(collectivite)))
    assert "Dites pourquoi ce projet est abandonné." in texte(client.post(adresse))
    suite = texte(client.post(adresse, {"motif": MOTIF}, follow=True))
    assert "Le projet est abandonné. Il reste lisible" in suite
    assert MOTIF in suite
    assert "Jamais signée par les deux parties" in suite
    assert adresse not in suite
    assert page(collectivite, "signer", projet.pk) not in suite
    assert page(collectivite, "projet") in suite


@pytest.mark.parametrize(
    ("qui", "statut"), [("gestionnaire", 200), ("dpd", 403), ("decideur", 403), ("etranger", 404)]
)
def test_seul_le_gestionnaire_l_abandonne(request, connecte, projet, collectivite, qui, statut):
    client, adresse = (
        connecte(request.getfixturevalue(qui)),
        page(collectivite, "abandonner_projet", projet.pk),
    )
    assert client.get(adresse).status_code == statut
    client.post(adresse, {"motif": MOTIF})
    assert (Convention.objects.get().abandonnee_le is not None) is (statut == 200)


def test_un_projet_d_ailleurs_est_introuvable(connecte, gestionnaire, projet, voisine):
    adresse = page(voisine, "abandonner_projet", projet.pk)
    assert connecte(gestionnaire).post(adresse, {"motif": MOTIF}).status_code == 404
