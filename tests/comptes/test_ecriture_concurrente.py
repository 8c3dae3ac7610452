"""Un double écrit par un autre processus, entre le contrôle et l’écriture, est un refus et non une panne."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from dpd.comptes.actions_collectivites import creer_collectivite
from dpd.comptes.models import Collectivite

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


def test_le_second_recoit_le_refus_du_controle(ouvrir, collectivite, monkeypatch):
    """Le premier contrôle ne voit pas ce que l’autre processus n’a pas encore validé."""
    controler, controles = Collectivite.full_clean, []

    def full_clean(self, **options):
        controles.append(self)
        if len(controles) > 1:
            controler(self, **options)

    monkeypatch.setattr(Collectivite, "full_clean", full_clean)
    with pytest.raises(ValidationError) as refus:
        ouvrir(collectivite.siren)
    assert set(refus.value.message_dict) == {"siren"}
    assert len(controles) == 2
    assert Collectivite.objects.get() == collectivite  # la transaction se lit encore


def test_une_autre_panne_de_la_base_reste_une_panne(ouvrir, monkeypatch):
    def save(self, **options):
        raise IntegrityError("clé étrangère")

    monkeypatch.setattr(Collectivite, "save", save)
    with pytest.raises(IntegrityError, match="clé étrangère"):
        ouvrir("258200013")
