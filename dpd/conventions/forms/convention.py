"""Saisir un projet, des signatures, un renouvellement, une fin, un forfait."""

from typing import Any

from django import forms

from dpd.comptes.forms_gestes import ChampDate, ChampTexte, FormulaireDeGeste
from dpd.conventions.enums import CauseFin, Partie
from dpd.conventions.models import Convention, Forfait, Hausse, ModeleConvention
from dpd.pieces.forms import ChampPiece

CHOISIR = ("", "Choisir")


class ProjetForm(FormulaireDeGeste):
    """Le modèle que la collectivité va signer."""

    modele = forms.ModelChoiceField(
        label="Modèle de convention",
        queryset=ModeleConvention.objects.none(),
        empty_label="Choisir un modèle",
        error_messages={"invalid_choice": "Choisissez un modèle proposé par votre structure."},
    )
    reference = ChampTexte(
        label="Référence", max_length=60, help_text="Celle de votre courrier, si elle existe."
    )
    oublis = {"modele": "Choisissez un modèle."}

    def __init__(self, *args, modeles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["modele"].queryset = modeles


class AbandonForm(FormulaireDeGeste):
    motif = ChampTexte(label="Pourquoi ce projet est abandonné", required=True, max_length=300)
    oublis = {"motif": "Dites pourquoi ce projet est abandonné."}


class SignatureForm(FormulaireDeGeste):
    """Les deux signatures, ensemble ou l’une après l’autre."""

    tout_facultatif = True

    signee_collectivite_le = ChampDate(label="Signée par la collectivité le", required=False)
    signee_structure_le = ChampDate(label="Signée par la structure le", required=False)
    deliberation = ChampTexte(
        label="Délibération de la collectivité",
        max_length=120,
        help_text="Son numéro\u00a0: «\u00a02024-012\u00a0».",
    )
    deliberee_le = ChampDate(label="Délibérée le", required=False)
    reference = ChampTexte(label="Référence de la convention", max_length=60)
    fichier = ChampPiece(label="Convention signée", required=False)


class PieceSigneeForm(FormulaireDeGeste):
    fichier = ChampPiece(label="Convention signée")


class RenouvellementForm(FormulaireDeGeste):
    notifie_le = ChampDate(
        label="Présenté le", help_text="La date de la première présentation de la lettre, celle qui fait foi."
    )
    par = forms.ChoiceField(label="À l’initiative de", choices=Partie.choices, widget=forms.RadioSelect)
    fichier = ChampPiece(label="Lettre ou avis de réception", required=False)
    oublis = {"par": "Dites quelle partie renouvelle."}


class FinForm(FormulaireDeGeste):
    """Une fin : seuls les champs de la cause choisie comptent."""

    cause = forms.ChoiceField(
        label="Pourquoi elle prend fin", choices=CauseFin.choices, widget=forms.RadioSelect
    )
    par = forms.ChoiceField(label="À l’initiative de", choices=Partie.choices, widget=forms.RadioSelect)
    notifiee_le = ChampDate(
        label="Présentée le",
        help_text="La date de la première présentation de la lettre, ou celle de l’accord.",
    )
    hausse = forms.ModelChoiceField(
        label="Hausse notifiée",
        queryset=Hausse.objects.none(),
        required=False,
        empty_label="Choisir une hausse",
    )
    fin_voulue = ChampDate(
        label="Dernier jour demandé ou convenu",
        required=False,
        help_text="Pour un accord ou une dissolution. Une dénonciation le calcule\u00a0: laissez vide.",
    )
    deliberation = ChampTexte(label="Délibération", max_length=120)
    motif = ChampTexte(label="Motif", max_length=2000, lignes=3)
    fichier = ChampPiece(label="Lettre ou délibération", required=False)
    oublis = {"cause": "Dites pourquoi elle prend fin.", "par": "Dites quelle partie y met fin."}

    def __init__(self, *args, convention: Convention, **kwargs):
        super().__init__(*args, **kwargs)
        hausses = Hausse.objects.filter(convention=convention)
        self.fields["hausse"].queryset = hausses
        if not convention.clauses.hausse_mois:
            self.fields["cause"].choices = [c for c in CauseFin.choices if c[0] != CauseFin.HAUSSE]
            del self.fields["hausse"]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        cause = donnees.get("cause")
        if cause == CauseFin.HAUSSE and not donnees.get("hausse") and "hausse" not in self.errors:
            self.add_error("hausse", "Choisissez la hausse à laquelle la collectivité répond.")
        if cause in (CauseFin.ACCORD, CauseFin.DISSOLUTION) and "fin_voulue" not in self.errors:
            if not donnees.get("fin_voulue"):
                self.add_error("fin_voulue", "Indiquez le dernier jour en vigueur.")
        elif cause == CauseFin.HAUSSE:
            donnees["fin_voulue"] = None
        if cause != CauseFin.HAUSSE:
            donnees["hausse"] = None
        return donnees


class RetraitForm(FormulaireDeGeste):
    motif = ChampTexte(label="Pourquoi la dénonciation est retirée", required=True, max_length=300)
    oublis = {"motif": "Dites pourquoi la dénonciation est retirée."}


class PrevisionForm(FormulaireDeGeste):
    """Le forfait du barème, et les jours que l’on prévoit pour chaque phase."""

    forfait_code = forms.ChoiceField(label="Forfait", required=False)
    jours_mise_en_place = forms.DecimalField(
        label="Jours prévus pour la mise en place",
        required=False,
        min_value=0,
        max_digits=6,
        decimal_places=2,
        localize=True,
    )
    jours_accompagnement = forms.DecimalField(
        label="Jours estimés par an ensuite",
        required=False,
        min_value=0,
        max_digits=6,
        decimal_places=2,
        localize=True,
    )

    def __init__(self, *args, forfaits: list[Forfait], **kwargs):
        super().__init__(*args, **kwargs)
        for nom in ("jours_mise_en_place", "jours_accompagnement"):
            self.fields[nom].widget.attrs.update(inputmode="decimal")
            self.fields[nom].error_messages |= {
                "invalid": "Indiquez un nombre\u00a0: 12 ou 2,5.",
                "min_value": "Un nombre de jours n’est pas négatif.",
            }
        connus = {f.code: f.libelle for f in forfaits}
        actuel = (kwargs.get("initial") or {}).get("forfait_code")
        if actuel:
            connus.setdefault(actuel, f"{actuel} (absent du barème en vigueur)")
        self.fields["forfait_code"].choices = [("", "Aucun"), *connus.items()]
        if not connus:
            del self.fields["forfait_code"]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        donnees.setdefault("forfait_code", "")
        return donnees
