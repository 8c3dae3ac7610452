"""L’heure saisie devient un instant, ou une question."""

from datetime import UTC, datetime, timedelta

import pytest

from dpd.regles.calendrier import Territoire
from dpd.regles.saisie import HeureDouble, HeureInexistante, instant_local

PRINTEMPS = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 — une saisie de pendule, sans fuseau
AUTOMNE = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001 — une saisie de pendule, sans fuseau


def test_une_heure_ordinaire_prend_le_fuseau_du_territoire():
    saisie = datetime(2026, 11, 20, 9)  # noqa: DTZ001 — une saisie de pendule, sans fuseau
    assert instant_local(saisie, Territoire.METROPOLE).astimezone(UTC).hour == 8
    assert instant_local(saisie, Territoire.GUYANE).astimezone(UTC).hour == 12


def test_une_heure_sautee_au_printemps_est_refusee():
    with pytest.raises(HeureInexistante, match="n’existe pas"):
        instant_local(PRINTEMPS, Territoire.METROPOLE)
    assert instant_local(PRINTEMPS, Territoire.REUNION).hour == 2


def test_une_heure_double_a_l_automne_demande_laquelle():
    with pytest.raises(HeureDouble, match="deux fois"):
        instant_local(AUTOMNE, Territoire.METROPOLE)
    ete = instant_local(AUTOMNE, Territoire.METROPOLE, heure_d_ete=True)
    hiver = instant_local(AUTOMNE, Territoire.METROPOLE, heure_d_ete=False)
    assert hiver.astimezone(UTC) - ete.astimezone(UTC) == timedelta(hours=1)
    assert ete.utcoffset() == timedelta(hours=2)


def test_une_saisie_qui_porte_deja_un_fuseau_est_refusee():
    with pytest.raises(ValueError, match="ne doit pas porter de fuseau"):
        instant_local(datetime(2026, 11, 20, 9, tzinfo=UTC), Territoire.METROPOLE)
