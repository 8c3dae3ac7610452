"""Enregistrer une demande de droits reçue autrement que par le formulaire public."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from dpd.comptes.champs_instants import AvecInstants, ChampInstant
from dpd.comptes.forms_gestes import ChampJeton, ChampTexte, FormulaireDeGeste
from dpd.pieces.forms import ChampPiece
from subtraitance.enums import CanalDemande, Droit, RegimeDemande
from subtraitance.regles.parametres import EN_VIGUEUR
from subtraitance.regles.regimes import REGIMES

SANS_INSTANT = "Indiquez la date et l’heure, même approximatives."
OUI, NON = "oui", "non"
CHOISIR = "Choisissez dans la liste."
TROP_TOT = "Vérifiez l’année\u00a0: le RGPD s’applique depuis le 25\u00a0mai 2018."
SANS_DROIT = "Cochez au moins un droit\u00a0; «\u00a0Autre demande\u00a0» si vous hésitez."
CANAUX = [(canal.value, canal.label) for canal in CanalDemande if canal != CanalDemande.FORMULAIRE]
INCONNU = "Je ne sais pas encore"
# Un conseil par régime, sous son libellé : les délais et les voies ne sont pas les mêmes.
REGIMES_CONSEILLES = [
    (
        regime.value,
        format_html(
            '{} <span class="petit douce d-block">{} ({})</span>',
            regime.label,
            dit.conseil.rstrip("."),
            dit.texte,
        ),
    )
    for regime, dit in REGIMES.items()
]


class EnregistrerForm(AvecInstants, FormulaireDeGeste):
    """``jeton`` : un envoi répété mène à la demande déjà enregistrée.

    Un champ dont la question ne se pose plus (la personne représentée, le droit hors RGPD) est ignoré.
    """

    tout_facultatif = True
    oublis = {
        "canal": "Choisissez une réponse.",
        "demandeur_nom": "Indiquez qui demande.",
    }

    jeton = ChampJeton()
    recue_le = ChampInstant(
        label="Quand l’avez-vous reçue\u202f?",
        help_text="Les délais partent de là, même si vous l’écrivez plus tard.",
    )
    canal = forms.ChoiceField(
        label="Comment est-elle arrivée\u202f?",
        choices=CANAUX,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": CHOISIR},
    )
    demandeur_nom = ChampTexte(label="Qui demande\u202f?", required=True, max_length=200)
    demandeur_courriel = forms.EmailField(
        label="Son courriel",
        required=False,
        error_messages={"invalid": "Cette adresse n’est pas complète\u00a0: nom@domaine.fr."},
    )
    demandeur_telephone = ChampTexte(label="Son téléphone", max_length=30)
    demandeur_adresse = ChampTexte(label="Son adresse postale", lignes=3, max_length=500)
    represente = forms.ChoiceField(
        label="Parle-t-elle pour quelqu’un d’autre\u202f?",
        choices=[(NON, "Non, pour elle-même"), (OUI, "Oui")],
        widget=forms.RadioSelect,
        initial=NON,
        error_messages={"invalid_choice": CHOISIR},
    )
    personne_nom = ChampTexte(label="Pour qui\u202f?", max_length=200)
    personne_lien = ChampTexte(
        label="À quel titre\u202f?",
        max_length=200,
        help_text="Par exemple\u00a0: parent d’un enfant mineur, tuteur, avocat, héritier.",
    )
    regime = forms.ChoiceField(
        label="De quoi s’agit-il\u202f?",
        choices=[*REGIMES_CONSEILLES, ("", INCONNU)],
        help_text="Qualifiez d’abord\u00a0: vous pourrez corriger.",
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": CHOISIR},
    )
    droits = forms.MultipleChoiceField(
        label="Que veut-elle\u202f?",
        choices=Droit.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Plusieurs réponses possibles. Pour une demande sur ses données seulement.",
        error_messages={"invalid_choice": CHOISIR},
    )
    texte = ChampTexte(label="Sa demande, dans ses mots", lignes=5, max_length=10_000)
    fichier = ChampPiece(label="Le courrier ou le courriel reçu", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["recue_le"].error_messages["required"] = SANS_INSTANT

    def clean_recue_le(self) -> datetime:
        recue_le = self.cleaned_data["recue_le"]
        if recue_le.astimezone(self.collectivite.fuseau).date() < EN_VIGUEUR[0].depuis:
            raise ValidationError(TROP_TOT)
        return recue_le

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        if donnees.get("represente") != OUI:
            donnees["personne_nom"] = donnees["personne_lien"] = ""
            self._errors.pop("personne_nom", None)
            self._errors.pop("personne_lien", None)
        elif not donnees.get("personne_nom") and "personne_nom" not in self._errors:
            self.add_error("personne_nom", "Indiquez pour qui.")
        if donnees.get("regime") not in ("", RegimeDemande.RGPD):
            donnees["droits"] = []
            self._errors.pop("droits", None)
        elif not donnees.get("droits") and "droits" not in self._errors:
            self.add_error("droits", SANS_DROIT)
        return donnees

    def saisie(self) -> dict[str, Any]:
        """Les arguments de :func:`subtraitance.actions.enregistrement.enregistrer`."""
        lu = self.cleaned_data
        gardes = (
            *("jeton", "recue_le", "regime", "fichier", "texte"),
            *("demandeur_nom", "demandeur_courriel", "demandeur_telephone", "demandeur_adresse"),
            *("personne_nom", "personne_lien"),
        )
        return {nom: lu[nom] for nom in gardes} | {
            "canal": CanalDemande(lu["canal"]),
            "droits": [droit for droit in Droit if droit.value in lu["droits"]],
        }
