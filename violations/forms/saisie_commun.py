"""Ce que partagent les formulaires d’une violation : listes de codes, nombres, et ce qui fut lu."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from dpd.comptes.forms_collectivites import Formulaire
from dpd.comptes.forms_gestes import ChampTexte, ajouter_le_refus
from violations.actions.dossier import DEPASSE
from violations.models import Violation

__all__ = ["ChampCodes", "ChampNombre", "ChampTexte", "ChampUnique", "FormulaireRelu", "ajouter_le_refus"]
NEGATIF = "Un nombre ne peut pas être négatif."
TROP_GRAND = "Ce nombre est trop grand."
NOMBRE_MAX = 2_147_483_647
ILLISIBLE = "Indiquez un nombre entier, en chiffres."


class ChampNombre(forms.IntegerField):
    """Un nombre entier, jamais négatif ; « 1 200 » s’écrit comme on veut."""

    widget = forms.TextInput

    def __init__(self, **options):
        options.setdefault("required", False)
        messages = {"min_value": NEGATIF, "max_value": TROP_GRAND, "invalid": ILLISIBLE}
        super().__init__(min_value=0, max_value=NOMBRE_MAX, error_messages=messages, **options)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value):
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)


class ChampCodes(forms.MultipleChoiceField):
    """Plusieurs codes d’une énumération, rendus dans son ordre."""

    def __init__(self, liste: type[models.TextChoices], **options):
        options.setdefault("required", False)
        options.setdefault("error_messages", {"invalid_choice": "Choisissez dans la liste."})
        super().__init__(choices=liste.choices, widget=forms.CheckboxSelectMultiple, **options)

    def clean(self, value):
        choisis = set(super().clean(value))
        return [code for code, _ in self.choices if code in choisis]


class ChampUnique(forms.ChoiceField):
    """Un code d’une énumération, ou ``vide`` : on ne sait pas encore."""

    def __init__(self, liste: type[models.TextChoices], *, vide: str = "Je ne sais pas encore", **options):
        options.setdefault("required", False)
        options.setdefault("error_messages", {"invalid_choice": "Choisissez dans la liste."})
        super().__init__(choices=[*liste.choices, ("", vide)], widget=forms.RadioSelect, **options)


class FormulaireRelu(Formulaire, forms.Form):
    """Un formulaire qui garde ce que la personne avait sous les yeux, pour n’écraser personne.

    ``champs`` : ceux de la violation qu’il écrit. Le champ caché ``lu`` porte leurs valeurs à l’ouverture
    de la page ; falsifié, il n’ôte à la personne que sa propre protection.
    """

    tout_facultatif = True
    champs: tuple[str, ...] = ()
    # Champ de la violation → champ du formulaire qui le montre, quand ce n’est pas le même nom.
    montre: dict[str, str] = {}

    lu = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, violation: Violation, **kwargs):
        self.violation = violation
        super().__init__(*args, **kwargs)
        self.valeurs_lues = self._lues()
        self.changees: list[tuple[str, Any]] = []
        for nom, valeur in self.initiales(self.valeurs_lues).items():
            self.initial.setdefault(nom, valeur)
        self.initial["lu"] = self._ecrire(self.valeurs_lues)

    def initiales(self, valeurs: dict[str, Any]) -> dict[str, Any]:
        """Ce que montre le formulaire de ces valeurs de la violation."""
        return valeurs

    def saisie(self) -> dict[str, Any]:
        """Les champs de la violation, tels qu’ils ont été saisis."""
        return {nom: self.cleaned_data[nom] for nom in self.champs}

    def refuser(self, refus: ValidationError, violation: Violation) -> None:
        """Pose le refus sous les champs ; ce qu’un autre a écrit devient ce que l’on a sous les yeux."""
        if hasattr(refus, "error_dict"):
            depasses = [c for c, erreurs in refus.error_dict.items() if DEPASSE in ValidationError(erreurs)]
            self._relire([champ for champ in depasses if champ in self.champs], violation)
            refus = ValidationError(
                {self.montre.get(champ, champ): erreurs for champ, erreurs in refus.error_dict.items()}
            )
        ajouter_le_refus(self, refus)

    def _actuelles(self, violation: Violation) -> dict[str, Any]:
        return {champ: getattr(violation, champ) for champ in self.champs}

    def _lues(self) -> dict[str, Any]:
        actuelles = self._actuelles(self.violation)
        if not self.is_bound:
            return actuelles
        try:
            lues = self._decoder(json.loads(self.data.get("lu", "")))
        except (ValueError, TypeError, AttributeError):
            return actuelles
        return {champ: lues.get(champ, valeur) for champ, valeur in actuelles.items()}

    def _relire(self, champs: list[str], violation: Violation) -> None:
        if not champs:
            return
        actuelles = self._actuelles(violation)
        self.valeurs_lues |= {champ: actuelles[champ] for champ in champs}
        self.changees = [(champ, actuelles[champ]) for champ in champs]
        self.data = self.data.copy()
        self.data["lu"] = self._ecrire(self.valeurs_lues)

    def _ecrire(self, valeurs: dict[str, Any]) -> str:
        return json.dumps(valeurs, ensure_ascii=False, sort_keys=True)

    def _decoder(self, lues: dict[str, Any]) -> dict[str, Any]:
        return dict(lues)
