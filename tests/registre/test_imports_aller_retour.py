"""Ce qui sort en classeur rentre à l’identique."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.registre.exemples_exports import FICHES, relire


@pytest.mark.parametrize("format", ["ods", "xlsx"])
@settings(max_examples=60, deadline=None)
@given(fiches=st.lists(FICHES, min_size=1, max_size=3))
def test_un_registre_exporte_se_relit_a_l_identique(format, fiches):
    lecture = relire(format, *fiches)
    assert lecture.erreurs == []
    assert [lue.fiche for lue in lecture.fiches] == fiches
