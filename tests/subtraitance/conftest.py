"""Ce que partagent les essais des demandes : l’instant où l’on est, une demande d’accès."""

import pytest
import time_machine

from tests.subtraitance.fabriques_demandes import LUNDI, creer_demande


@pytest.fixture
def lundi():
    with time_machine.travel(LUNDI, tick=False):
        yield


@pytest.fixture
def demande(collectivite, agent):
    """Une demande d’accès reçue par la structure, à transmettre."""
    return creer_demande(collectivite, agent, regime="rgpd")
