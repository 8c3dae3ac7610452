"""Les relances : dix échéances, que le portefeuille compte dix, cent ou mille collectivités."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet

from bancs.bases import MAINTENANT
from dpd.comptes.models import Collectivite
from dpd.pilotage.relances import relancer
from subtraitance.models import Contrat
from violations.actions.declaration import declarer

ECHUES = 10  # un centième de mille collectivités
PALIER = timedelta(hours=49)  # deux jours après la connaissance, un rappel est échu


@pytest.fixture
def rien_d_autre(acteurs):
    """Ce que le peuplement laissait à rappeler est parti, les contrats n’arrivent plus à terme.

    Ne restent que les échéances du banc : celles du peuplement suivent le portefeuille.
    """
    relancer(MAINTENANT)
    QuerySet(Contrat).update(rappel_le=None)


@pytest.mark.parametrize("echues", [0, ECHUES])
def bench_relancer(mesurer, acteurs, rien_d_autre, echues):
    communes = list(Collectivite.objects.filter(structure=acteurs.structure).order_by("pk")[:echues])
    instants = iter(MAINTENANT + n * timedelta(days=60) for n in range(1, 100))

    def preparer():
        connue = next(instants)
        for commune in communes:
            declarer(
                collectivite=commune,
                titre="Liste envoyée à tous",
                recit="Un courriel est parti à tous les parents.",
                connaissance=connue,
                auteur=acteurs.dpd,
                maintenant=connue,
            )
        relancer(connue)
        return connue + PALIER

    bilan = mesurer(relancer, groupe=f"relancer, {echues} échéances", avant=preparer, tours=5, echues=echues)
    assert bilan.echecs == 0
    assert bilan.rappels >= echues
    assert echues or not bilan.rappels
