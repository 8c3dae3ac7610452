"""Un double écrit par un autre processus, entre le contrôle et l’écriture, est un refus et non une panne."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from dpd.comptes.actions import inviter, ouvrir_compte
from dpd.comptes.actions_collectivites import creer_collectivite, modifier_collectivite
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite, Utilisateur
from tests.comptes.conftest import MOT_DE_PASSE

pytestmark = pytest.mark.django_db


@pytest.fixture
def ouvrir(structure, dpd, maintenant):
    return lambda siren: creer_collectivite(
        structure=structure,
        auteur=dpd,
        maintenant=maintenant,
        type="syndicat",
        nom="Syndicat des eaux",
        denomination="Syndicat des eaux",
        siren=siren,
        territoire="metropole",
    )


@pytest.fixture
def aveugler(monkeypatch):
    """Le premier contrôle d’un modèle ne voit pas ce que l’autre processus n’a pas encore validé."""

    def _aveugler(modele, pendant=lambda: None):
        controler, controles = modele.full_clean, []

        def full_clean(self, **options):
            controles.append(self)
            if len(controles) == 1:
                pendant()
            else:
                controler(self, **options)

        monkeypatch.setattr(modele, "full_clean", full_clean)
        return controles

    return _aveugler


def test_le_second_recoit_le_refus_du_controle(ouvrir, collectivite, aveugler):
    controles = aveugler(Collectivite)
    with pytest.raises(ValidationError) as refus:
        ouvrir(collectivite.siren)
    assert set(refus.value.message_dict) == {"siren"}
    assert len(controles) == 2
    assert Collectivite.objects.get() == collectivite  # la transaction se lit encore


def test_une_modification_au_siren_d_une_autre_se_refuse_aussi(
    collectivite, voisine, dpd, maintenant, aveugler
):
    controles = aveugler(Collectivite)
    with pytest.raises(ValidationError) as refus:
        modifier_collectivite(
            collectivite=collectivite, auteur=dpd, maintenant=maintenant, siren=voisine.siren
        )
    assert set(refus.value.message_dict) == {"siren"}
    assert len(controles) == 2
    assert not collectivite.history.filter(siren=voisine.siren).exists()  # la transaction se lit encore


def test_deux_invitations_du_meme_courriel_n_ouvrent_qu_un_compte(
    collectivite, voisine, dpd, maintenant, aveugler
):
    """L’autre invitation s’accepte après notre contrôle, avant notre écriture."""
    invitation = inviter(
        courriel="nora@mairie.example",
        role=Role.REFERENT,
        portee=collectivite,
        auteur=dpd,
        maintenant=maintenant,
    )
    aveugler(Utilisateur, pendant=Utilisateur(email=invitation.courriel).save)
    with pytest.raises(ValidationError, match="connectez-vous d’abord"):
        ouvrir_compte(
            invitation=invitation,
            prenom="Nora",
            nom="Velle",
            fonction="",
            mot_de_passe=MOT_DE_PASSE,
            maintenant=maintenant,
        )
    invitation.refresh_from_db()
    assert invitation.acceptee_le is None


def test_un_nom_refuse_ne_dit_pas_que_le_compte_existe(collectivite, dpd, maintenant):
    invitation = inviter(
        portee=collectivite,
        role=Role.REFERENT,
        courriel="n.velle@exemple.fr",
        auteur=dpd,
        maintenant=maintenant,
    )
    with pytest.raises(ValidationError) as refus:
        ouvrir_compte(
            invitation=invitation,
            prenom="Nora",
            nom="V" * 151,
            fonction="",
            mot_de_passe=MOT_DE_PASSE,
            maintenant=maintenant,
        )
    assert list(refus.value.message_dict) == ["last_name"]


def test_une_autre_panne_de_la_base_reste_une_panne(ouvrir, monkeypatch):
    def save(self, **options):
        raise IntegrityError("clé étrangère")

    monkeypatch.setattr(Collectivite, "save", save)
    with pytest.raises(IntegrityError, match="clé étrangère"):
        ouvrir("258200013")
