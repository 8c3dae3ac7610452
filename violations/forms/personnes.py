"""Le message aux personnes, et la preuve qu’il est parti."""

from django import forms

from dpd.comptes.forms_gestes import ChampDate, FormulaireDeGeste
from dpd.pieces.forms import ChampPiece
from violations.enums import MoyenInformation
from violations.forms.saisie_commun import ChampNombre, ChampTexte

LONGUEUR = 8_000


class MessageForm(FormulaireDeGeste):
    """``lu`` : le message enregistré que la personne avait sous les yeux."""

    message = ChampTexte(
        label="Message aux personnes",
        required=True,
        lignes=26,
        max_length=LONGUEUR,
        help_text=(
            "Des mots simples, sans nom de personne. Gardez les titres\u00a0: ils structurent le courrier, "
            "l’affiche et la page."
        ),
    )
    lu = forms.CharField(required=False, strip=False, max_length=LONGUEUR, widget=forms.HiddenInput)
    oublis = {"message": "Écrivez le message, ou repartez du dossier."}


class InformationForm(FormulaireDeGeste):
    """Ce qui a été dit, quand et comment : le registre des violations le garde (RGPD art. 33-5)."""

    moyen = forms.ChoiceField(
        label="Par quel moyen\u202f?", choices=MoyenInformation.choices, widget=forms.RadioSelect
    )
    faite_le = ChampDate(label="Quand\u202f?")
    nombre = ChampNombre(
        label="Combien de personnes\u202f?",
        help_text="Laissez vide si vous ne pouvez pas les compter (affiche, page publique).",
    )
    message = ChampTexte(
        label="Texte exact qu’elles ont reçu",
        required=True,
        lignes=14,
        max_length=LONGUEUR,
    )
    fichier = ChampPiece(
        label="Preuve (copie du courrier, capture, photo de l’affiche)",
        required=False,
    )
    oublis = {"moyen": "Choisissez un moyen.", "message": "Gardez le texte remis aux personnes."}
