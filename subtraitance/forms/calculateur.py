"""Demander une échéance au calculateur : un départ, un délai, un territoire."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dpd.comptes.champs_instants import DATE_FAUSSE, SANS_DATE, SANS_RIEN, ChampInstant, lire_date
from dpd.comptes.forms_gestes import ChampDate, FormulaireDeGeste
from dpd.comptes.models.structure import TERRITOIRES
from dpd.regles.calendrier import Territoire
from subtraitance.regles.calculateur_delais import REGLES, Delai
from subtraitance.regles.calculateur_modele import Question
from subtraitance.regles.horloges import Suspension

EN_HEURES = frozenset(delai.value for delai, regle in REGLES.items() if regle.en_heures)
CHOISIR = "Choisissez dans la liste."


class ChampDepart(ChampInstant):
    """Un instant pour un délai en heures, un jour sinon : l’heure tapée pour rien est ignorée."""

    heure_utile = True

    def to_python(self, value):
        """:raises ValidationError: comme :class:`ChampInstant`, ou si le jour n’existe pas."""
        if self.heure_utile:
            return super().to_python(value)
        tape = ((value or [""])[0] or "").strip()
        if not tape:
            return None
        jour = lire_date(tape)
        if jour is None:
            raise ValidationError(DATE_FAUSSE, code="invalid")
        return jour


class CalculateurForm(FormulaireDeGeste):
    """Envoyé dans l’adresse : un calcul se partage par son lien, et rien ne s’enregistre."""

    tout_facultatif = True

    delai = forms.ChoiceField(
        label="Quel délai\u202f?", choices=[(cle.value, regle.libelle) for cle, regle in REGLES.items()]
    )
    territoire = forms.ChoiceField(
        label="Quel territoire\u202f?",
        choices=TERRITOIRES,
        help_text="Il donne l’heure et les jours fériés.",
    )
    depart = ChampDepart(
        label="À partir de quand\u202f?",
        help_text="L’heure ne sert qu’aux délais en heures. Pour un préavis, indiquez le terme.",
    )
    mois = forms.IntegerField(
        label="Mois de préavis",
        required=False,
        min_value=1,
        max_value=24,
        help_text="Pour un préavis seulement.",
        error_messages={
            "min_value": "Indiquez de 1 à 24 mois.",
            "max_value": "Indiquez de 1 à 24 mois.",
            "invalid": "Indiquez un nombre de mois.",
        },
    )
    suspension_debut = ChampDate(label="Délai suspendu le", required=False)
    suspension_fin = ChampDate(
        label="Repris le",
        required=False,
        help_text="Pour un mois ou trois mois\u00a0: le temps d’obtenir du demandeur ce qui manquait.",
    )
    local = forms.BooleanField(
        label="Reporter aussi sur les jours fériés locaux.",
        required=False,
        help_text="Pour un mois ou trois mois. Le calendrier est national, sauf choix du responsable.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom in ("delai", "territoire"):
            self.fields[nom].error_messages["invalid_choice"] = CHOISIR
        depart = self.fields["depart"]
        lieu = self._lu("territoire")
        depart.territoire = Territoire(lieu) if lieu in dict(TERRITOIRES) else Territoire.METROPOLE
        depart.heure_utile = self._lu("delai") in EN_HEURES
        depart.error_messages["required"] = SANS_RIEN if depart.heure_utile else SANS_DATE

    def _lu(self, nom: str) -> str:
        return (self.data if self.is_bound else self.initial).get(nom, "")

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        finie, debut = donnees.get("suspension_fin"), donnees.get("suspension_debut")
        if finie and not debut and "suspension_debut" not in self.errors:
            self.add_error("suspension_debut", "Indiquez quand le délai s’est arrêté.")
        return donnees

    def question(self) -> Question:
        """Ce qu’attend ``subtraitance.regles.calculateur.calculer``."""
        lu = self.cleaned_data
        debut, fin = lu["suspension_debut"], lu["suspension_fin"]
        return Question(
            delai=Delai(lu["delai"]),
            depart=lu["depart"],
            territoire=Territoire(lu["territoire"]),
            suspension=Suspension(debut, fin) if debut else None,
            local=lu["local"],
            mois=lu["mois"] or 3,
        )

    def partage(self) -> dict[str, str]:
        """Les paramètres à garder dans un lien : ceux qui disent quelque chose."""
        return {nom: valeur for nom, valeur in self.data.items() if valeur and nom.split("_")[0] in NOMS}


NOMS = frozenset(nom.split("_")[0] for nom in CalculateurForm.base_fields)
