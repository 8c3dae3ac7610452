"""Un instant se saisit en date et heure locales ; l’heure double d’automne se demande, jamais ne se devine.

Deux fois par an la pendule ment (``dpd.regles.saisie``) : le champ refuse l’heure sautée et, pour l’heure
passée deux fois, ajoute de lui-même la question « heure d’été ou d’hiver ».
"""

import re
from datetime import UTC, date, datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date, parse_time

from dpd.comptes.models import Collectivite
from dpd.comptes.models.structure import TERRITOIRES
from dpd.regles.calendrier import Territoire, fuseau
from dpd.regles.saisie import HeureDouble, HeureInexistante, instant_local

SANS_DATE = "Indiquez la date."
SANS_HEURE = "Indiquez l’heure."
SANS_RIEN = "Indiquez une date et une heure."
DATE_FAUSSE = "Cette date n’existe pas\u00a0: jour, mois, année."
HEURE_FAUSSE = "Cette heure n’existe pas\u00a0: écrivez-la comme 17:25."
ANNEES = range(1970, 2101)
PARIS = fuseau(Territoire.METROPOLE)
ETE, HIVER = "ete", "hiver"
_H = re.compile(r"\s*[hH:]\s*")


def lire_date(texte: str) -> date | None:
    """Une date ISO, celle qu’envoie un navigateur, ou jj/mm/aaaa ; ``None`` si elle n’existe pas."""
    jour_mois = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", texte.strip(), re.ASCII)
    iso = f"{jour_mois[3]}-{jour_mois[2]:0>2}-{jour_mois[1]:0>2}" if jour_mois else texte.strip()
    try:
        jour = parse_date(iso)
    except ValueError:
        return None
    return jour if jour and jour.year in ANNEES else None


def lire_heure(texte: str) -> time | None:
    """« 17:25 », « 17 h 25 » ou « 17 h », à la minute ; ``None`` si elle n’existe pas."""
    propre = _H.sub(":", texte.strip().replace("\u00a0", " "))
    try:
        lue = parse_time(f"{propre}00" if propre.endswith(":") else propre)
    except ValueError:
        return None
    return lue.replace(second=0, microsecond=0) if lue else None


class SaisieInstant(forms.MultiWidget):
    """La date, l’heure et, seulement dans le doute, été ou hiver ; chaque entrée a son libellé."""

    template_name = "composants/instant.html"

    def __init__(self, attrs=None):
        super().__init__(
            {
                "date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
                "heure": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
                "saison": forms.HiddenInput(),
            },
            attrs,
        )
        self.territoire = Territoire.METROPOLE

    def id_for_label(self, id_):
        """Le récapitulatif des erreurs mène à la date."""
        return f"{id_}_0" if id_ else id_

    def decompress(self, value):
        if value is None:
            return ["", "", ""]
        local = value.astimezone(fuseau(self.territoire))
        saison = HIVER if local.fold else ETE
        return [local.date(), local.time().replace(second=0, microsecond=0), saison]

    def get_context(self, name, value, attrs):
        valeurs = value if isinstance(value, list) else self.decompress(value)
        contexte = super().get_context(name, valeurs, attrs)
        lieu = Territoire(self.territoire)
        contexte["widget"] |= {
            "doute": _est_double(valeurs, lieu),
            "saison": valeurs[2],
            "lieu": "" if fuseau(lieu) == PARIS else dict(TERRITOIRES)[lieu],
        }
        return contexte


def _est_double(valeurs: list, territoire: Territoire) -> bool:
    jour, heure = _lus(valeurs)
    if jour is None or heure is None:
        return False
    try:
        instant_local(datetime.combine(jour, heure), territoire)
    except HeureDouble:
        return True
    except HeureInexistante:
        return False
    return False


def _lus(valeurs: list) -> tuple[date | None, time | None]:
    """Ce que disent les deux premières entrées, telles que tapées ou telles qu’affichées."""
    jour, heure, _ = valeurs
    return (
        lire_date(jour or "") if isinstance(jour, str | None) else jour,
        lire_heure(heure or "") if isinstance(heure, str | None) else heure,
    )


class ChampInstant(forms.Field):
    """Un instant « aware », saisi dans le fuseau du territoire que pose :class:`AvecInstants`.

    Envoie ``<nom>_date``, ``<nom>_heure`` et ``<nom>_saison`` (« ete » ou « hiver »). Rend l’instant en
    UTC, à la minute ; s’il désigne la minute de la valeur initiale, c’est elle qui est rendue, secondes
    comprises : rouvrir une page et l’enregistrer ne change rien.
    """

    widget = SaisieInstant
    default_error_messages = {"required": SANS_RIEN}

    @property
    def territoire(self) -> Territoire:
        return self.widget.territoire

    @territoire.setter
    def territoire(self, territoire: Territoire) -> None:
        self.widget.territoire = territoire

    def to_python(self, value) -> datetime | None:
        """:raises ValidationError: si la date ou l’heure manque, n’existe pas, ou désigne deux instants."""
        jour_tape, heure_tapee, saison = ((texte or "").strip() for texte in value or ("", "", ""))
        if not jour_tape and not heure_tapee:
            return None
        jour, heure = lire_date(jour_tape), lire_heure(heure_tapee)
        if refus := _refus(jour_tape, jour, heure_tapee, heure):
            raise ValidationError(refus, code="invalid")
        ete = {ETE: True, HIVER: False}.get(saison)
        try:
            local = instant_local(datetime.combine(jour, heure), self.territoire, heure_d_ete=ete)
        except HeureInexistante as erreur:
            raise ValidationError(str(erreur), code="inexistante") from erreur
        except HeureDouble as erreur:
            raise ValidationError(str(erreur), code="double") from erreur
        return local.astimezone(UTC)

    def has_changed(self, initial, data) -> bool:
        try:
            return not meme_minute(initial, self.to_python(data))
        except ValidationError:
            return True


def _refus(jour_tape: str, jour, heure_tapee: str, heure) -> str:
    if jour is None:
        return DATE_FAUSSE if jour_tape else SANS_DATE
    if heure is None:
        return HEURE_FAUSSE if heure_tapee else SANS_HEURE
    return ""


def meme_minute(un: datetime | None, autre: datetime | None) -> bool:
    """Vrai si les deux désignent la même minute, ou si aucun ne dit rien."""
    if un is None or autre is None:
        return un is autre
    # En UTC : deux instants d’un même fuseau se compareraient à leur heure murale, double ou non.
    minutes = (instant.astimezone(UTC).replace(second=0, microsecond=0) for instant in (un, autre))
    return next(minutes) == next(minutes)


class AvecInstants:
    """À placer avant ``Formulaire`` : ses champs d’instant se lisent à l’heure de la collectivité."""

    def __init__(self, *args, collectivite: Collectivite, **kwargs):
        super().__init__(*args, **kwargs)
        self.collectivite = collectivite
        for champ in self.champs_instants().values():
            champ.territoire = Territoire(collectivite.territoire)
            champ.error_messages["required"] = SANS_RIEN

    def champs_instants(self) -> dict[str, ChampInstant]:
        return {nom: champ for nom, champ in self.fields.items() if isinstance(champ, ChampInstant)}

    def _clean_fields(self):
        super()._clean_fields()
        for nom in self.champs_instants():
            initial = self.get_initial_for_field(self.fields[nom], nom)
            if nom in self.cleaned_data and meme_minute(initial, self.cleaned_data[nom]):
                self.cleaned_data[nom] = initial
