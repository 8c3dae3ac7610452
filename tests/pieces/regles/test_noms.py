"""Le nom d’une pièce ne cache rien et ne mène nulle part."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpd.pieces.regles.noms import LONGUEUR_MAXIMALE, SANS_NOM, extension, nom_assaini


@pytest.mark.parametrize(
    ("donne", "garde"),
    [
        ("Convention signée.pdf", "Convention signée.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\sylvie\\Bureau\\récépissé.pdf", "récépissé.pdf"),
        ("a/b\\c/d.png", "d.png"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("zéro\u200blargeur\ufeff.pdf", "zérolargeur.pdf"),
        ("ligne\r\nSet-Cookie: x=1.pdf", "ligne Set-Cookie- x=1.pdf"),
        ("nul\x00caché.pdf", "nulcaché.pdf"),
        ("espace\u00a0insécable\u202ffine.pdf", "espace insécable fine.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("e\u200b\u0301.pdf", "é.pdf"),
        ("point..point....pdf", "point.point.pdf"),
        (' "guillemets" <a|b>?*.pdf', "-guillemets- -a-b-.pdf"),
        ("  . contrat.pdf . ", "contrat.pdf"),
        (".htaccess", "htaccess"),
        ("..", SANS_NOM),
        ("dossier/", SANS_NOM),
        ("", SANS_NOM),
        ("\u202e\x07", SANS_NOM),
    ],
)
def test_le_nom_assaini(donne, garde):
    assert nom_assaini(donne) == garde


def test_un_nom_trop_long_garde_son_extension():
    garde = nom_assaini("é" * 500 + ".pdf")
    assert garde == "é" * 98 + ".pdf"
    assert len(garde.encode()) == LONGUEUR_MAXIMALE


def test_un_nom_coupe_ne_laisse_ni_espace_ni_point_avant_l_extension():
    assert nom_assaini("a" * 194 + " . suite.pdf") == "a" * 194 + ".pdf"


def test_une_fin_trop_longue_pour_une_extension_se_coupe_comme_le_reste():
    assert nom_assaini("a." + "b" * 500) == "a." + "b" * 198
    assert nom_assaini("b" * 500) == "b" * 200


@pytest.mark.parametrize(
    ("nom", "attendue"),
    [
        ("a.PDF", "pdf"),
        ("a.tar.gz", "gz"),
        ("facture.pdf.exe", "exe"),
        ("sans", ""),
        (".pdf", ""),
        ("a.", ""),
    ],
)
def test_l_extension_est_la_derniere(nom, attendue):
    assert extension(nom) == attendue


@given(st.text(max_size=300))
def test_aucun_nom_assaini_ne_contient_un_piege(nom):
    garde = nom_assaini(nom)
    assert garde
    assert "/" not in garde
    assert "\\" not in garde
    assert ".." not in garde
    assert not any(unicodedata.category(c).startswith("C") for c in garde)
    assert not set('<>:"|?*') & set(garde)
    assert garde == garde.strip(" .")
    assert len(garde.encode()) <= LONGUEUR_MAXIMALE


@given(st.text(max_size=300))
def test_assainir_deux_fois_ne_change_rien(nom):
    garde = nom_assaini(nom)
    assert nom_assaini(garde) == garde
    assert unicodedata.is_normalized("NFC", garde)
