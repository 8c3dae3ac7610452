"""Les balises d’état et de cases : ce qu’elles écrivent, et que leur mémoire ne mélange rien."""

import pytest
from django.utils.safestring import SafeString

from dpd.regles.etiquette import Etiquette
from dpd.templatetags.dpd_extras import cases, etat, pluralize

PIEGE = "<script>alert(1)</script>"


def test_un_etat_dit_son_mot_sa_forme_et_son_icone():
    ecrit = etat(Etiquette("Adoptée", "fait", "check-circle-fill"))
    assert ecrit.startswith('<span class="etat etat--fait"><svg class="i" aria-hidden="true">')
    assert "#i-check-circle-fill" in ecrit
    assert ecrit.endswith("Adoptée</span>")
    assert 'class="etat"' in etat(Etiquette("Close", "", "lock"))


@pytest.mark.parametrize("champ", ["libelle", "ton", "icone"])
def test_rien_de_ce_qu_on_lui_dit_n_est_du_html(champ):
    ecrit = etat(Etiquette("Mot", "fait", "lock")._replace(**{champ: PIEGE}))
    assert "<script" not in ecrit
    assert "&lt;script&gt;" in ecrit


def test_un_texte_deja_sur_n_ouvre_pas_la_porte_au_meme_qui_ne_l_est_pas():
    sur = etat(Etiquette(SafeString("<b>Close</b>"), "", "lock"))
    assert "<b>Close</b>" in sur
    assert "<b>" not in etat(Etiquette("<b>Close</b>", "", "lock"))


def test_les_cases_marquent_ce_qui_manque():
    ecrites = cases("df")
    assert ecrites.count("<i") == 7
    assert ecrites.count('class="manque"') == 2
    assert '<i class="manque">d</i>' in ecrites
    assert 'class="manque"' not in cases("")


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [(0, ""), (1, ""), (1.5, ""), (2, "s"), ([], ""), (["une"], ""), (["une", "deux"], "s")],
)
def test_zero_reste_au_singulier(valeur, attendu):
    assert pluralize(valeur) == attendu
    assert pluralize(valeur, "a,ont") == ("ont" if attendu else "a")
