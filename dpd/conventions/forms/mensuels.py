"""Trancher une ligne d’état mensuel, y répondre, choisir un mois."""

from django import forms

from dpd.comptes.forms_collectivites import Formulaire
from dpd.conventions.forms.interventions import sans_numero
from dpd.conventions.regles.mensuel import GesteLigne
from dpd.regles.durees import lire_duree

MOTIF_MAX = 1000
GESTES = {
    GesteLigne.CORRIGER: "Corriger la durée",
    GesteLigne.MAINTENIR: "Maintenir la durée",
    GesteLigne.RETIRER: "Retirer la ligne",
}


class LigneForm(Formulaire, forms.Form):
    """``lu`` : ce que la page montrait de la ligne."""

    ligne = forms.IntegerField(min_value=1, max_value=10_000, widget=forms.HiddenInput)
    lu = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def clean_motif(self):
        return sans_numero(self.cleaned_data["motif"])


class DecisionLigneForm(LigneForm):
    """Le geste est le bouton ; seule une contestation se motive."""

    geste = forms.ChoiceField(
        choices=[(g.value, g.value) for g in (GesteLigne.VALIDER, GesteLigne.CONTESTER)],
        widget=forms.HiddenInput,
    )
    motif = forms.CharField(
        label="Ce que vous contestez",
        required=False,
        max_length=MOTIF_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self):
        donnees = super().clean()
        if donnees.get("geste") == GesteLigne.CONTESTER and not donnees.get("motif") and "motif" in donnees:
            self.add_error("motif", "Dites ce qui ne va pas\u00a0: la structure doit pouvoir vous répondre.")
        return donnees


class ReponseLigneForm(LigneForm):
    geste = forms.ChoiceField(
        label="Votre réponse",
        choices=[(g.value, libelle) for g, libelle in GESTES.items()],
        widget=forms.RadioSelect,
    )
    duree = forms.CharField(
        label="Nouvelle durée",
        required=False,
        max_length=20,
        help_text="Pour une correction, par exemple 1\u00a0h\u00a020.",
    )
    motif = forms.CharField(label="Motif", max_length=MOTIF_MAX, widget=forms.Textarea(attrs={"rows": 2}))

    def clean(self):
        donnees = super().clean()
        donnees["minutes"] = None
        if donnees.get("geste") == GesteLigne.CORRIGER:
            try:
                donnees["minutes"] = lire_duree(donnees.get("duree") or "")
            except ValueError as refus:
                self.add_error("duree", str(refus))
        return donnees
