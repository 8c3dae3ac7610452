"""Les gardes communes à tous les exports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpd.documents.apropos import siren_lisible
from dpd.documents.surete import borner, neutraliser, nom_de_feuille, nom_de_fichier, restaurer, sans_controle
from tests.documents.exemples import FORMULES


@pytest.mark.parametrize("texte", [*FORMULES, "\uff1d1+1", "\r=1", "'=1", "''@x", "\n"])
def test_ce_qui_ouvre_une_formule_recoit_une_apostrophe(texte):
    assert neutraliser(texte) == f"'{texte}"


@pytest.mark.parametrize("texte", ["", "Bonjour", "a=b", "1-2", "'bonjour", "L’eau", "« =1 »"])
def test_un_texte_ordinaire_n_est_pas_touche(texte):
    assert neutraliser(texte) == texte


@given(st.text(alphabet="'=+-@ \t\na1\uff1d", max_size=8))
def test_restaurer_defait_exactement_neutraliser(texte):
    assert restaurer(neutraliser(texte)) == texte


def test_les_fins_de_ligne_sont_unifiees_et_les_controles_retires():
    assert sans_controle("a\r\nb\rc\nd\te\x00\x08\x0b\x7f\x9f\ud800\uffff") == "a\nb\nc\nd\te"
    assert sans_controle("école") == "école"


def test_un_texte_court_n_est_pas_coupe():
    assert borner("x" * 32_767) == "x" * 32_767
    assert len(borner("x" * 32_768)) == 32_767


@given(st.lists(st.text(max_size=50), max_size=12))
def test_les_noms_de_feuilles_sont_toujours_permis_et_uniques(noms):
    pris: set[str] = set()
    for nom in noms:
        donne = nom_de_feuille(nom, pris)
        assert 0 < len(donne) <= 31
        assert not set(donne) & set("[]:*?/\\")
        assert donne.casefold() not in pris
        pris.add(donne.casefold())


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("Registre de l’Haÿ 2026", "Registre-de-lHay-2026.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\x\\y", "y.pdf"),
        ('a"\r\nSet-Cookie: x', "a-Set-Cookie-x.pdf"),
        ("", "export.pdf"),
        ("漢字", "export.pdf"),
        ("a" * 300, "a" * 100 + ".pdf"),
    ],
)
def test_un_nom_de_fichier_est_toujours_sur(nom, attendu):
    assert nom_de_fichier(nom, "pdf") == attendu


@pytest.mark.parametrize(
    ("siren", "lisible"),
    [
        ("218201317", "218\u00a0201\u00a0317"),
        ("218 201 317", "218\u00a0201\u00a0317"),
        ("", ""),
        ("12", "12"),
    ],
)
def test_un_siren_se_lit_par_groupes_de_trois(siren, lisible):
    assert siren_lisible(siren) == lisible
