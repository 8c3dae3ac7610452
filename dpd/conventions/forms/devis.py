"""Demander un devis, le proposer, dire pourquoi on le refuse."""

from datetime import date

from django import forms

from dpd.comptes.forms_collectivites import ChampDate, Formulaire
from dpd.conventions.forms.tarifs_champs import ChampJours, ChampPrix, TexteCourt, TexteLong

TEXTE_MAX = 10_000
DUREES = (("oui", "Une prestation ponctuelle, sur un seul exercice"), ("non", "Une prestation qui dure"))


class DemandeForm(Formulaire, forms.Form):
    objet = TexteCourt(
        label="Ce que vous demandez",
        max_length=200,
        help_text="Quelques mots\u00a0: «\u00a0Étude de la vidéoprotection\u00a0».",
    )
    besoin = TexteLong(
        label="Votre besoin",
        max_length=TEXTE_MAX,
        lignes=6,
        help_text="Ce que vous voulez obtenir, pour quand, et ce qui existe déjà. Aucun nom d’habitant.",
    )


class PropositionForm(Formulaire, forms.Form):
    """``brouillon`` : tout est facultatif, la proposition s’enregistre sans partir."""

    audit = TexteLong(
        label="Ce que l’étude des besoins a montré",
        max_length=TEXTE_MAX,
        lignes=5,
        help_text="L’audit préalable\u00a0: ce qui existe, ce qui manque, ce qui est demandé.",
    )
    volet_administratif = TexteLong(
        label="Volet administratif",
        max_length=TEXTE_MAX,
        required=False,
        help_text="Qui intervient, où, avec quels documents, sous quelles conditions.",
    )
    plan_actions = TexteLong(
        label="Plan d’actions", max_length=TEXTE_MAX, lignes=5, help_text="Une action par ligne."
    )
    ponctuel = forms.ChoiceField(label="Durée", choices=DUREES, widget=forms.RadioSelect, initial="oui")
    exercice = forms.IntegerField(
        label="Premier exercice",
        min_value=2018,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "4"}),
        help_text="L’année où les premiers jours seront portés à l’état annuel.",
    )
    jours_mise_en_place = ChampJours(label="Jours, le premier exercice")
    jours_accompagnement = ChampJours(
        label="Jours par an, ensuite", required=False, help_text="Seulement si la prestation dure."
    )
    prix_jour = ChampPrix(label="Prix de la journée")
    prix_revisable = forms.BooleanField(
        label="C’est le prix de base du barème\u00a0: il se révise comme lui", required=False
    )
    valable_jusqu_au = ChampDate(
        label="Proposition valable jusqu’au", help_text="Passé ce jour, elle ne peut plus être acceptée."
    )

    def __init__(self, *args, brouillon: bool = False, jour: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["valable_jusqu_au"].widget.attrs["min"] = jour.isoformat()
        for champ in self.fields.values():
            champ.required = champ.required and not brouillon

    def clean_ponctuel(self) -> bool:
        return self.cleaned_data["ponctuel"] != "non"


class MotifForm(Formulaire, forms.Form):
    motif = TexteLong(label="Pourquoi", max_length=2000, lignes=3)

    def __init__(self, *args, libelle: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["motif"].label = libelle or self.fields["motif"].label
        self.fields["motif"].error_messages["required"] = (
            "Dites pourquoi\u00a0: l’autre partie doit pouvoir le comprendre."
        )
