"""Ce que partagent les étapes : des champs libres sûrs, et des cartes à cocher qui se déplient."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from dpd.regles.texte import donnee_interdite

RANG_MAX = 20  # lignes d’une même catégorie
JE_NE_SAIS_PAS = ("inconnu", "Je ne sais pas, demander au DPD")


class TexteSur(forms.CharField):
    """Un champ libre refuse un numéro de sécurité sociale ou de carte bancaire."""

    def __init__(self, *args, **kwargs):
        lignes = kwargs.pop("lignes", 0)
        if lignes:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": lignes}))
        kwargs.setdefault("required", False)
        super().__init__(*args, **kwargs)

    def clean(self, value):
        propre = super().clean(value)
        if refus := donnee_interdite(propre):
            raise forms.ValidationError(refus)
        return propre


class FormulaireSobre(forms.Form):
    """Pose les classes du thème ; les libellés restent visibles.

    ``tout_facultatif`` : une fiche se remplit par morceaux, le dire à chaque champ serait du bruit.
    """

    tout_facultatif = True

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        for champ in self.fields.values():
            if champ.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                champ.error_messages["required"] = "Répondez à cette question, elle est nécessaire."
            habiller(champ.widget)

    def clean(self):
        donnees = super().clean()
        for nom, champ in self.fields.items():
            if isinstance(champ, forms.ChoiceField) and not isinstance(champ, forms.MultipleChoiceField):
                self._refuser_deux_reponses(nom)
        return donnees

    def _refuser_deux_reponses(self, nom: str) -> None:
        liste = getattr(self.data, "getlist", None)
        if liste and len(set(liste(self.add_prefix(nom)))) > 1:
            self.add_error(nom, "Une seule réponse est possible ici.")


def habiller(widget: forms.Widget) -> None:
    """Pose les classes du thème sur un champ de saisie."""
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        classe = "form-check-input"
    elif isinstance(widget, forms.Select):
        classe = "form-select"
    elif isinstance(widget, forms.HiddenInput):
        return
    else:
        classe = "form-control"
    existantes = widget.attrs.get("class", "")
    widget.attrs["class"] = f"{existantes} {classe}".strip()


class CarteForm(FormulaireSobre):
    """Une carte à cocher ; décochée, ses champs sont ignorés même s’ils sont remplis."""

    coche = forms.BooleanField(required=False)

    def __init__(self, *args, code: str, libelle: str, rang: int = 1, **kwargs):
        self.code, self.libelle, self.rang = code, libelle, rang
        super().__init__(*args, **kwargs)

    def full_clean(self):
        if self.is_bound and not self.data.get(self.add_prefix("coche")):
            self._errors, self.cleaned_data = forms.utils.ErrorDict(), {"coche": False}
            return
        super().full_clean()

    @property
    def cases_en_plus(self) -> list[forms.BoundField]:
        """Les cases à cocher de la carte, hors la sienne."""
        return [b for b in self if isinstance(b.field, forms.BooleanField) and b.name != "coche"]

    @property
    def est_cochee(self) -> bool:
        if self.is_bound:
            return bool(self.data.get(self.add_prefix("coche")))
        return bool(self.initial.get("coche"))


class Cartes:
    """Une suite de cartes, une par catégorie, plus une par ligne supplémentaire de même catégorie.

    Une carte se reconnaît à sa catégorie et à son rang dans la catégorie : enregistrer au fil de
    l’eau ne change pas les noms des champs déjà affichés.
    """

    def __init__(
        self,
        formulaire: type[CarteForm],
        prefixe: str,
        choix: Iterable[tuple[str, str]],
        existantes: Sequence[tuple[str, dict[str, Any]]],
        donnees=None,
        ajouts: Sequence[str] = (),
        **options,
    ):
        self.cartes: list[CarteForm] = []
        libelles = dict(choix)
        rangs: dict[str, int] = {}

        def carte(code: str, initial: dict[str, Any]) -> CarteForm:
            rangs[code] = rang = rangs.get(code, 0) + 1
            return formulaire(
                donnees,
                prefix=f"{prefixe}-{code}-{rang}",
                initial=initial,
                code=code,
                libelle=libelles.get(code, code),
                rang=rang,
                **options,
            )

        for code, initial in existantes:
            self.cartes.append(carte(code, {**initial, "coche": True}))
        for code in self._supplementaires(prefixe, donnees, ajouts, rangs, libelles):
            self.cartes.insert(self._apres_les_siennes(code), carte(code, {"coche": True}))
        self.presentes = len(self.cartes)
        self.cartes += [carte(code, {}) for code in libelles if code not in rangs]

    def _apres_les_siennes(self, code: str) -> int:
        """La place d’une ligne de plus : après la dernière de sa catégorie, sinon à la fin."""
        places = [place for place, carte in enumerate(self.cartes, 1) if carte.code == code]
        return places[-1] if places else len(self.cartes)

    def _supplementaires(self, prefixe, donnees, ajouts, rangs, libelles) -> list[str]:
        """Les rangs cochés au-delà de ceux qui existent, puis les lignes demandées en plus."""
        codes: list[str] = []
        motif = re.compile(rf"{re.escape(prefixe)}-(.+)-(\d{{1,3}})-coche")
        postes: dict[str, int] = {}
        for cle in donnees or ():
            if (trouve := motif.fullmatch(cle)) and trouve[1] in libelles:
                postes[trouve[1]] = max(postes.get(trouve[1], 0), min(int(trouve[2]), RANG_MAX))
        for code, dernier in postes.items():
            codes += [code] * (dernier - rangs.get(code, 0))
        return codes + [code for code in ajouts if code in libelles]

    def est_valide(self) -> bool:
        # Toutes sont contrôlées, pour dire toutes les erreurs d’un coup.
        return not [carte for carte in self.cartes if not carte.is_valid()]

    def __iter__(self):
        return iter(self.cartes)

    @property
    def affichees(self) -> list[CarteForm]:
        """Celles qui existent, en tête de l’écran ; celles d’une même catégorie se suivent.

        L’ordre enregistré, lui, ne bouge pas : le montrer ne change pas la fiche.
        """
        presentes = self.cartes[: self.presentes]
        premieres: dict[str, int] = {}
        for place, carte in enumerate(presentes):
            premieres.setdefault(carte.code, place)
        return sorted(presentes, key=lambda carte: premieres[carte.code])

    @property
    def autres(self) -> list[CarteForm]:
        return self.cartes[self.presentes :]

    def cochees(self) -> list[tuple[CarteForm, dict[str, Any]]]:
        return [(carte, carte.cleaned_data) for carte in self.cartes if carte.cleaned_data.get("coche")]


class Rangees:
    """Des lignes libres : celles qui existent puis quelques vides ; une ligne vide est ignorée."""

    def __init__(
        self, formulaire, prefixe: str, existantes: Sequence[dict[str, Any]], donnees=None, vides: int = 1
    ):
        nombre = len(existantes) + vides
        if donnees is not None:
            while donnees.get(f"{prefixe}-{nombre + 1}-{formulaire.cle}") and nombre < 200:
                nombre += 1
        self.rangees = [
            formulaire(
                donnees,
                prefix=f"{prefixe}-{rang}",
                initial=existantes[rang - 1] if rang <= len(existantes) else {},
            )
            for rang in range(1, nombre + 1)
        ]

    def __iter__(self):
        return iter(self.rangees)

    def est_valide(self) -> bool:
        return not [rangee for rangee in self.rangees if not rangee.is_valid()]

    def remplies(self) -> list[dict[str, Any]]:
        return [r.cleaned_data for r in self.rangees if r.cleaned_data.get(r.cle)]


class RangeeForm(FormulaireSobre):
    cle = ""

    def full_clean(self):
        if self.is_bound and not any(
            (self.data.get(self.add_prefix(nom)) or "").strip() for nom in self.fields
        ):
            self._errors, self.cleaned_data = forms.utils.ErrorDict(), {}
            return
        super().full_clean()
        if self.is_bound and not self.cleaned_data.get(self.cle) and self.cle not in self._errors:
            self.add_error(self.cle, "Complétez cette ligne, ou videz-la entièrement.")
