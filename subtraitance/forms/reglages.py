"""Ouvrir le formulaire public, dire ce que l’habitant y lit, combien de temps on garde le demandeur."""

from django import forms

from dpd.comptes.forms_gestes import ChampTexte, FormulaireDeGeste

MOIS_MAX = 600


class ReglagesDemandesForm(FormulaireDeGeste):
    """Une durée vide reste vide : aucun texte ne la donne, rien ne s’efface alors."""

    formulaire_ouvert = forms.BooleanField(label="Ouvrir le formulaire public", required=False)
    message = ChampTexte(
        label="Ce que l’habitant lit avant d’écrire",
        lignes=4,
        max_length=2000,
        help_text="Par exemple, l’accueil où passer et ses horaires. Sans nom d’agent.",
    )
    conservation_mois = forms.IntegerField(
        label="Combien de mois garder le demandeur, après la clôture\u202f?",
        required=False,
        min_value=1,
        max_value=MOIS_MAX,
        help_text="Ses nom, coordonnées et écrits. Laissez vide si vous n’avez pas décidé.",
        error_messages={
            "invalid": "Indiquez un nombre de mois, ou laissez vide.",
            "min_value": "Indiquez un mois au moins, ou laissez vide.",
            "max_value": "Cinquante ans au plus\u00a0: c’est un nombre de mois.",
        },
    )
    conservation_source = ChampTexte(
        label="D’où vient cette durée\u202f?",
        max_length=300,
        help_text="Un texte, un avis des Archives, un conseil de votre DPD et sa date.",
    )
