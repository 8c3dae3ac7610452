"""Choisir des modèles, filtrer la bibliothèque, retoucher un modèle de structure."""

from collections.abc import Sequence
from typing import Any

from django import forms

from dpd import vocabulaire
from dpd.comptes.enums import TypeCollectivite
from registre.enums import StatutPreuve
from registre.forms.commun import FormulaireSobre, RangeeForm, TexteSur
from registre.models import VersionModele

NOUVELLES_DUREES = 2  # lignes vides offertes


class FiltreModelesForm(FormulaireSobre):
    """Le tri de la page de choix ; une valeur inconnue est ignorée."""

    mot = forms.CharField(label="Mot du modèle", required=False, widget=forms.SearchInput)
    domaine = forms.ChoiceField(label="Domaine", required=False)
    tous = forms.BooleanField(label="Montrer aussi les modèles d’autres types d’organismes", required=False)

    def __init__(self, *args, domaines: Sequence[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["domaine"].choices = [("", "Tous les domaines"), *((d, d) for d in domaines)]


class ChoixModelesForm(forms.Form):
    """Les modèles cochés, pris dans ceux que la collectivité peut choisir et nulle part ailleurs."""

    versions = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": "Cochez au moins un modèle.",
            "invalid_choice": "Un de ces modèles n’est pas proposé à votre collectivité. Rien n’a été créé.",
        },
    )

    def __init__(self, *args, proposees: Sequence[VersionModele], **kwargs):
        super().__init__(*args, **kwargs)
        self.par_pk = {version.pk: version for version in proposees}
        self.fields["versions"].choices = [(version.pk, version.nom) for version in proposees]

    def clean_versions(self) -> list[VersionModele]:
        return [self.par_pk[pk] for pk in dict.fromkeys(self.cleaned_data["versions"])]


class FiltreBibliothequeForm(FormulaireSobre):
    mot = forms.CharField(label="Mot du modèle", required=False, widget=forms.SearchInput)
    domaine = forms.ChoiceField(label="Domaine", required=False)
    entite = forms.ChoiceField(
        label="Type d’organisme", required=False, choices=[("", "Tous les types"), *TypeCollectivite.choices]
    )
    preuve = forms.ChoiceField(
        label="Preuve la plus faible",
        required=False,
        choices=[("", "Toutes"), *((s.value, f"{s.value}\u00a0: {s.label}") for s in StatutPreuve)],
    )

    def __init__(self, *args, domaines: Sequence[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["domaine"].choices = [("", "Tous les domaines"), *((d, d) for d in domaines)]


class ModeleForm(FormulaireSobre):
    """Ce que la structure peut changer dans sa copie d’un modèle."""

    nom = TexteSur(label="Nom de la fiche", max_length=200, required=True)
    description = TexteSur(label="En une phrase", max_length=2000, lignes=2)
    vigilance = TexteSur(
        label="Précautions", lignes=6, help_text="Une par ligne. La collectivité les lit avant de commencer."
    )
    note_de_version = TexteSur(
        label="Ce qui change", lignes=2, help_text="Les collectivités qui suivent ce modèle le liront."
    )

    def clean_vigilance(self) -> list[str]:
        return [ligne.strip() for ligne in self.cleaned_data["vigilance"].splitlines() if ligne.strip()]


class DureeProposeeForm(RangeeForm):
    """Une durée proposée porte sur un objet (un dossier, un registre), pas sur une catégorie de données."""

    cle = "objet"

    objet = TexteSur(label="Document ou dossier", max_length=200)
    nombre = forms.IntegerField(
        label="Durée",
        required=False,
        min_value=1,
        max_value=999,
        error_messages={"invalid": "Indiquez un nombre, par exemple 5, ou laissez vide."},
    )
    unite = forms.ChoiceField(
        label="Unité", required=False, choices=[("", "unité"), *vocabulaire.UniteDuree.choices]
    )
    point_de_depart = TexteSur(label="À compter de", max_length=200)
    base_active = TexteSur(label="En usage courant", max_length=300)
    intermediaire = TexteSur(label="Puis en archive intermédiaire", max_length=300)
    sort_final = forms.ChoiceField(
        label="Et ensuite", required=False, choices=[("", "à déterminer"), *vocabulaire.SortFinal.choices]
    )
    reference = TexteSur(label="Référence", max_length=300)
    retirer = forms.BooleanField(label="Retirer cette durée", required=False)

    def __init__(self, *args, **kwargs):
        # Une ligne vide est déjà écartée ; une ligne inchangée, elle, se lit comme les autres.
        super().__init__(*args, **{**kwargs, "empty_permitted": False})

    def full_clean(self):
        if not self.is_bound or self.data.get(self.add_prefix("retirer")):
            self._errors, self.cleaned_data = forms.utils.ErrorDict(), {}
            return
        super().full_clean()

    def clean(self):
        donnees = super().clean()
        nombre, unite = donnees.get("nombre"), donnees.get("unite")
        if unite == vocabulaire.UniteDuree.PERMANENTE:
            if nombre:
                self.add_error("nombre", "Sans limite ne va pas avec un nombre. Videz l’un ou l’autre.")
        elif unite and not nombre and "nombre" not in self.errors:
            self.add_error("nombre", "Indiquez un nombre, ou videz l’unité.")
        elif nombre and not unite:
            self.add_error("unite", "Choisissez jours, mois ou ans.")
        return donnees

    def ligne(self) -> dict[str, Any]:
        """La durée au format de ``VersionModele.durees``, sans ses preuves."""
        donnees = self.cleaned_data
        duree = {"nombre": donnees["nombre"], "unite": donnees["unite"]} if donnees["unite"] else None
        textes = ("objet", "point_de_depart", "base_active", "intermediaire", "sort_final", "reference")
        return {"duree": duree, **{cle: donnees[cle] for cle in textes}}
