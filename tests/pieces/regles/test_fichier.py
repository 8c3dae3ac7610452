"""Ce qu’une pièce peut être, ce qui la fait refuser, et la phrase qui le dit."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpd.pieces.regles.fichier import (
    AIDE,
    ARCHIVES,
    CONSEILS,
    LIBELLES,
    TAILLE_MAXIMALE,
    TEXTES,
    TYPES,
    FichierRefuse,
    empreinte,
    est_texte,
    extension_permise,
    taille_lisible,
    verifier_accord,
    verifier_fin_de_pdf,
    verifier_taille,
)


@pytest.mark.parametrize("extension", TYPES)
def test_chaque_extension_permise_passe_quelle_que_soit_la_casse(extension):
    assert extension_permise(f"acte.{extension.upper()}") == extension


@pytest.mark.parametrize(
    ("nom", "dit"),
    [
        ("acte.exe", "Un fichier .exe ne se dépose pas ici. Types acceptés"),
        ("page.html", "Types acceptés"),
        ("acte.pdf.js", "Un fichier .js"),
        ("acte.docm", "sans macros"),
        ("acte.xlsm", "sans macros"),
        ("acte.doc", "enregistrez-le en PDF"),
        ("courriel.eml", "Imprimez le courriel en PDF"),
        ("lot.zip", "un par un"),
        ("dessin.svg", "JPEG ou en PDF"),
        ("acte", "n’a pas d’extension"),
        (".pdf", "n’a pas d’extension"),
    ],
)
def test_une_extension_refusee_dit_quoi_faire(nom, dit):
    with pytest.raises(FichierRefuse, match=dit):
        extension_permise(nom)


def test_les_tables_d_extensions_s_accordent():
    assert TYPES.keys() >= TEXTES | ARCHIVES
    assert not CONSEILS.keys() & TYPES.keys()
    assert all(libelle in AIDE for libelle in LIBELLES.values())


def test_la_taille_va_d_un_octet_a_vingt_millions():
    verifier_taille(1)
    verifier_taille(TAILLE_MAXIMALE)
    assert TAILLE_MAXIMALE == 20_000_000
    with pytest.raises(FichierRefuse, match="vide"):
        verifier_taille(0)
    with pytest.raises(FichierRefuse, match="trop gros\u00a0: 20\u00a0Mo au plus"):
        verifier_taille(TAILLE_MAXIMALE + 1)


@pytest.mark.parametrize("extension", TYPES)
def test_le_contenu_s_accorde_au_nom(extension):
    verifier_accord(extension, TYPES[extension])


@pytest.mark.parametrize(
    ("extension", "detecte", "dit"),
    [
        ("pdf", None, "son contenu n’en est pas un"),
        ("pdf", "image/png", "Renommer un fichier ne change pas son type"),
        ("docx", TYPES["xlsx"], "son contenu n’en est pas un"),
        ("png", TYPES["jpg"], "son contenu n’en est pas un"),
        ("csv", None, "pas un texte lisible"),
        ("txt", TYPES["pdf"], "pas un texte lisible"),
    ],
)
def test_un_contenu_qui_ne_s_accorde_pas_est_refuse(extension, detecte, dit):
    with pytest.raises(FichierRefuse, match=dit):
        verifier_accord(extension, detecte)


def test_un_pdf_sans_fin_est_incomplet():
    verifier_fin_de_pdf(b"startxref\n12\n%%EOF\n\n")
    with pytest.raises(FichierRefuse, match="incomplet"):
        verifier_fin_de_pdf(b"stream\nabc")


@pytest.mark.parametrize(
    ("morceaux", "attendu"),
    [
        ([b"abc;d\r\n\tx\x0c"], True),
        (["État".encode()], True),
        (["État".encode("cp1252")], True),
        ([b"\xc3", b"\x89tat"], True),  # un caractère à cheval sur deux morceaux
        ([b"", b"abc"], True),
        ([b"Fin de DOS\x1a"], True),
        ([b"abc", b"d\x00e"], False),
        (["UTF-16".encode("utf-16")], False),
        ([b"\x1b[2J"], False),
        ([b"\x81\x8d"], False),  # ni UTF-8, ni Windows-1252
        ([b"ok\xe9", b"\x81"], False),
        ([b"\xe2\x82"], True),  # tronqué en UTF-8, lisible en Windows-1252
    ],
)
def test_un_texte_se_lit_en_utf8_ou_en_windows(morceaux, attendu):
    assert est_texte(morceaux) is attendu


@given(st.text(st.characters(exclude_categories=["C"])), st.integers(1, 7))
def test_tout_texte_se_lit_en_utf8_quel_que_soit_le_decoupage(texte, pas):
    octets = texte.encode()
    assert est_texte(octets[i : i + pas] for i in range(0, len(octets), pas))


@given(st.binary(max_size=200), st.integers(1, 50))
def test_l_empreinte_ne_depend_pas_du_decoupage(octets, pas):
    morceaux = (octets[i : i + pas] for i in range(0, len(octets), pas))
    assert empreinte(morceaux) == hashlib.sha256(octets).hexdigest()


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (1, "1 octet"),
        (2, "2 octets"),
        (499, "499 octets"),
        (500, "1 Ko"),
        (340_400, "340 Ko"),
        (949_999, "950 Ko"),
        (950_000, "1,0 Mo"),
        (1_249_999, "1,2 Mo"),
        (20_000_000, "20,0 Mo"),
    ],
)
def test_la_taille_se_lit(octets, dit):
    assert taille_lisible(octets) == dit.replace(" ", "\u00a0")
