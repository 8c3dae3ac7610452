"""Le champ d’une pièce : ce qu’il montre, ce qu’il laisse passer, ce qu’il dit."""

import pytest
from django import forms

from dpd.comptes.habillage import Habille
from dpd.pieces.forms import ChampPiece
from dpd.pieces.regles.fichier import AIDE
from tests.pieces.fabriques import BONS, HTML, PDF, fichier


class DepotForm(Habille, forms.Form):
    piece = ChampPiece(label="Convention signée")
    annexe = ChampPiece(required=False, help_text="Le plan d’actions.")


def remplir(piece=None, annexe=None) -> DepotForm:
    donnes = {"piece": piece, "annexe": annexe}
    return DepotForm({}, {nom: depose for nom, depose in donnes.items() if depose})


def test_le_champ_est_relie_a_son_aide_et_dit_ce_qu_il_accepte():
    html = DepotForm()["piece"].as_field_group()
    assert 'for="id_piece"' in html
    assert 'aria-describedby="id_piece_helptext"' in html
    assert 'accept=".pdf,.png,.jpg,' in html
    assert AIDE in html
    assert "Le plan d’actions." in DepotForm()["annexe"].as_field_group()


def test_un_bon_fichier_arrive_rembobine():
    formulaire = remplir(fichier(), fichier("note.txt", BONS["note.txt"]))
    assert formulaire.is_valid()
    assert formulaire.cleaned_data["piece"].read() == PDF


def test_un_champ_facultatif_reste_vide():
    formulaire = remplir(fichier())
    assert formulaire.is_valid()
    assert formulaire.cleaned_data["annexe"] is None


@pytest.mark.parametrize(
    ("depose", "dit"),
    [
        (None, "Choisissez un fichier."),
        (fichier("a.pdf", b""), "Ce fichier est vide."),
        (fichier("page.pdf", HTML), "son contenu n’en est pas un"),
        (fichier("a.exe", b"MZ"), "ne se dépose pas ici"),
        ("texte", "n’est pas arrivé"),
    ],
)
def test_un_refus_se_dit_sous_le_champ(depose, dit):
    formulaire = remplir(depose)
    assert not formulaire.is_valid()
    assert dit in str(formulaire.errors["piece"])
    assert 'aria-invalid="true"' in formulaire["piece"].as_field_group()
