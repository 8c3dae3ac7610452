"""Du code INSEE au territoire."""

import pytest

from dpd.regles.calendrier import Territoire
from dpd.regles.territoires import territoire_de, territoires_possibles


@pytest.mark.parametrize(
    ("code", "territoire"),
    [
        ("82131", Territoire.METROPOLE),  # Montpezat-de-Quercy
        ("01001", Territoire.METROPOLE),
        ("2A004", Territoire.METROPOLE),
        ("2b033", Territoire.METROPOLE),
        (" 57463 ", Territoire.ALSACE_MOSELLE_SANS_TEMPLE),
        ("67482", Territoire.ALSACE_MOSELLE_SANS_TEMPLE),
        ("68066", Territoire.ALSACE_MOSELLE_SANS_TEMPLE),
        ("97105", Territoire.GUADELOUPE),
        ("97209", Territoire.MARTINIQUE),
        ("97302", Territoire.GUYANE),
        ("97411", Territoire.REUNION),
        ("97502", Territoire.SAINT_PIERRE_ET_MIQUELON),
        ("97608", Territoire.MAYOTTE),
        ("97701", Territoire.SAINT_BARTHELEMY),
        ("97801", Territoire.SAINT_MARTIN),
        ("98411", Territoire.METROPOLE),
        ("98613", Territoire.WALLIS_ET_FUTUNA),
        ("98735", Territoire.POLYNESIE),
        ("98818", Territoire.NOUVELLE_CALEDONIE),
        ("98901", Territoire.METROPOLE),
    ],
)
def test_le_territoire_suit_le_code_insee(code, territoire):
    assert territoire_de(code) is territoire


@pytest.mark.parametrize("code", ["", "82", "821310", "2C004", "8213a", "99100", "00000", "96001", "٨٢١٣١"])
def test_un_code_qui_n_est_pas_celui_d_une_commune_est_refuse(code):
    with pytest.raises(ValueError, match="Code INSEE de commune inconnu"):
        territoire_de(code)


def test_une_commune_d_alsace_moselle_dit_si_elle_a_un_temple():
    alsace = {Territoire.ALSACE_MOSELLE, Territoire.ALSACE_MOSELLE_SANS_TEMPLE}
    assert territoires_possibles("68066") == alsace
    assert territoires_possibles("82131") == {Territoire.METROPOLE}
    assert territoires_possibles("97302") == {Territoire.GUYANE}
