"""Écrire le registre de l’article 30-2 : une activité, ses responsables, leur retrait."""

from datetime import date

from django import forms

from dpd.comptes.forms_gestes import ChampDate, ChampTexte, FormulaireDeGeste
from dpd.comptes.models import Structure
from subtraitance.models import SousTraitant

TEXTE_MAX = 10_000


class ActiviteForm(FormulaireDeGeste):
    """Les lettres b à d de l’article, et les autres sous-traitants que demande la lettre a."""

    oublis = {
        "nom": "Donnez un nom à cette activité.",
        "categories": "Dites ce que vous faites des données.",
        "securite": "Dites en général comment vous les protégez.",
    }
    nom = ChampTexte(
        label="Activité",
        required=True,
        max_length=200,
        help_text="Un nom court\u00a0: «\u00a0Assistance aux logiciels\u00a0».",
    )
    categories = ChampTexte(
        label="b. Catégories de traitements",
        required=True,
        lignes=4,
        max_length=TEXTE_MAX,
        help_text="Ce que vous faites des données pour chaque responsable\u00a0: consulter, sauvegarder, "
        "restaurer… Ni finalité, ni durée\u00a0: l’article 30-2 ne les demande pas.",
    )
    sous_traitants = forms.ModelMultipleChoiceField(
        label="a. Autres sous-traitants qui y concourent",
        queryset=SousTraitant.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="Ceux de votre annuaire\u00a0; rien si vous faites tout vous-mêmes.",
    )
    transferts = ChampTexte(
        label="c. Transferts hors de l’Union, et garanties",
        lignes=3,
        max_length=TEXTE_MAX,
        help_text="Le pays et la garantie. Vide\u00a0: le registre dit qu’il n’y en a aucun.",
    )
    securite = ChampTexte(
        label="d. Mesures de sécurité, en général",
        required=True,
        lignes=4,
        max_length=TEXTE_MAX,
        help_text="Accès, chiffrement, locaux, sauvegardes\u00a0: ce qui protège les données (art. 32-1).",
    )
    debut = ChampDate(
        label="Depuis le",
        required=False,
        help_text="Pour vous\u00a0: cette date ne sort pas dans le registre.",
    )

    def __init__(self, *args, structure: Structure, **kwargs):
        super().__init__(*args, **kwargs)
        fiches = SousTraitant.objects.de_la_structure(structure).utilisables()
        self.fields["sous_traitants"].queryset = fiches.filter(est_la_structure=False)


class ArretForm(FormulaireDeGeste):
    fin = ChampDate(label="Dernier jour de l’activité")


class RattachementForm(FormulaireDeGeste):
    depuis = ChampDate(
        label="Servies depuis le", help_text="La même date pour toutes\u00a0; jamais dans le futur."
    )


class RetraitForm(FormulaireDeGeste):
    jusqu_au = ChampDate(label="Servies jusqu’au")

    def __init__(self, *args, jour: date, **kwargs):
        super().__init__(*args, initial={"jusqu_au": jour}, **kwargs)
