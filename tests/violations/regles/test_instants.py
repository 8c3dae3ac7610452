"""Ce qui ne peut pas être, dit au bon champ."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from violations.regles.instants import FUTUR, Instants, impossibles

H = timedelta(hours=1)
MAINTENANT = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
T0 = MAINTENANT - 40 * H
JUSTE = Instants(
    t0=T0,
    debut=T0 - 10 * H,
    fin=T0 - 2 * H,
    detection=T0 - 3 * H,
    connaissance_sous_traitant=T0 - 5 * H,
    connaissance_dpd=T0 + H,
)


def test_des_instants_qui_se_tiennent_ne_disent_rien():
    assert impossibles(JUSTE, MAINTENANT) == {}
    assert impossibles(Instants(t0=MAINTENANT), MAINTENANT) == {}


@pytest.mark.parametrize(
    ("changement", "champ", "phrase"),
    [
        ({"fin": T0 - 11 * H}, "fin", "finir avant de commencer"),
        ({"en_cours": True}, "fin", "pas encore de fin"),
        ({"t0": T0 - 11 * H, "detection": None}, "t0", "avant qu’elle commence"),
        ({"t0": T0 - 4 * H}, "t0", "détectée"),
        ({"detection": T0 - 12 * H}, "detection", "détectée avant de commencer"),
        ({"connaissance_sous_traitant": T0 - 11 * H}, "connaissance_sous_traitant", "prestataire"),
        ({"t0": MAINTENANT + H}, "t0", "futur"),
        ({"connaissance_dpd": MAINTENANT + H}, "connaissance_dpd", "futur"),
    ],
)
def test_un_instant_impossible_est_dit_a_son_champ(changement, champ, phrase):
    erreurs = impossibles(replace(JUSTE, **changement), MAINTENANT)
    assert list(erreurs) == [champ]
    assert phrase in erreurs[champ]


def test_un_instant_naif_est_un_defaut_du_programme():
    with pytest.raises(ValueError, match="fuseau"):
        impossibles(Instants(t0=T0.replace(tzinfo=None)), MAINTENANT)


@given(st.timedeltas(timedelta(0), timedelta(days=365)), st.timedeltas(timedelta(0), timedelta(days=365)))
def test_le_futur_est_toujours_refuse(passe, avance):
    assert impossibles(Instants(t0=MAINTENANT - passe), MAINTENANT) == {}
    erreurs = impossibles(Instants(t0=MAINTENANT + avance + timedelta(seconds=1)), MAINTENANT)
    assert erreurs == {"t0": FUTUR}
