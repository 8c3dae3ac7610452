"""Importer un registre : le fichier, puis ce que la personne confirme."""

from pathlib import PurePath

from django import forms

from dpd.documents.lecteur import TAILLE_MAXIMALE
from registre.forms.commun import FormulaireSobre
from registre.imports import EXTENSIONS


class FichierForm(FormulaireSobre):
    fichier = forms.FileField(
        label="Votre fichier",
        help_text="ODS, XLSX, CSV ou JSON\u00a0; 20\u00a0Mo au plus.",
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(EXTENSIONS)}),
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
        },
    )

    def clean_fichier(self):
        fichier = self.cleaned_data["fichier"]
        if PurePath(fichier.name).suffix.lower() not in EXTENSIONS:
            raise forms.ValidationError("Choisissez un fichier ODS, XLSX, CSV ou JSON.")
        if fichier.size > TAILLE_MAXIMALE:
            raise forms.ValidationError("Ce fichier est trop gros\u00a0: 20\u00a0Mo au plus.")
        return fichier


class ConfirmationForm(FormulaireSobre):
    """``doublons`` et ``autre_organisme`` n’existent que si la question se pose."""

    apercu = forms.CharField(max_length=64, widget=forms.HiddenInput)
    doublons = forms.BooleanField(
        label="Créer aussi celles qui portent le nom d’une fiche du registre", required=False
    )
    autre_organisme = forms.BooleanField(
        label="Ce fichier est bien celui que je veux importer ici",
        error_messages={"required": "Ce fichier vient d’un autre organisme\u00a0: cochez pour confirmer."},
    )

    def __init__(self, *args, avec_doublons: bool, autre: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not avec_doublons:
            del self.fields["doublons"]
        if not autre:
            del self.fields["autre_organisme"]
