"""Les mots du registre exporté : un instant porte son fuseau, un code porte son libellé."""

from collections.abc import Iterable
from datetime import date, datetime, tzinfo

from django.db import models

from dpd.regles.typographie import date_courte, instant_court

OUI_NON = {True: "Oui", False: "Non", None: ""}


def instant_dit(instant: datetime | None, fuseau: tzinfo) -> str:
    """« 20 nov. 2026, 17 h 25 (Europe/Paris, UTC+01:00) » ; vide s’il manque."""
    if instant is None:
        return ""
    local = instant.astimezone(fuseau)
    brut = f"{local:%z}"
    return f"{instant_court(local)} ({fuseau}, UTC{brut[:3]}:{brut[3:5]})"


def instant_iso(instant: datetime | None, fuseau: tzinfo) -> str | None:
    """« 2026-11-20T17:25:00+01:00 », à l’heure de la collectivité."""
    return None if instant is None else instant.astimezone(fuseau).isoformat()


def date_dite(jour: date | None) -> str:
    return date_courte(jour) if jour else ""


def libelle(code: str, liste: type[models.TextChoices], precision: str = "") -> str:
    """Le libellé d’un code et sa précision ; ce qui manque n’est pas écrit."""
    return "\u00a0: ".join(texte for texte in (liste(code).label if code else "", precision) if texte)


def libelles(codes: Iterable[str], liste: type[models.TextChoices], precision: str = "") -> str:
    """Un libellé par ligne, dans l’ordre de la liste, puis la précision."""
    choisis = set(codes)
    dits = [choix.label for choix in liste if choix.value in choisis]
    return "\n".join([*dits, precision] if precision else dits)
