"""La violation de la maquette, déclarée le vendredi 20 novembre 2026 à 17 h 48."""

from datetime import datetime

import pytest

from tests.violations.fabriques import PARIS, creer_prestataire, creer_violation


@pytest.fixture
def violation(collectivite, referent):
    return creer_violation(collectivite, referent, datetime(2026, 11, 20, 17, 48, tzinfo=PARIS))


@pytest.fixture
def prestataire(structure):
    return creer_prestataire(structure)
