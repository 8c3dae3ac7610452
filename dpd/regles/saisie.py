"""L’heure lue sur une pendule devient un instant.

Deux fois par an, l’heure locale ment : entre 2 h et 3 h, elle n’existe pas au printemps et passe
deux fois à l’automne. Un délai de 72 heures ne peut partir ni de l’une ni de l’autre sans question.
"""

from datetime import UTC, datetime

from dpd.regles.calendrier import Territoire, fuseau


class HeureInexistante(ValueError):
    """Cette heure a été sautée au passage à l’heure d’été."""


class HeureDouble(ValueError):
    """Cette heure est passée deux fois, à l’heure d’été puis à l’heure d’hiver."""


def instant_local(saisie: datetime, territoire: Territoire, *, heure_d_ete: bool | None = None) -> datetime:
    """L’instant désigné par une date et une heure locales, sans fuseau, du territoire.

    ``heure_d_ete`` lève le doute d’une heure double. HeureInexistante ou HeureDouble (toutes deux
    ValueError) avec un message prêt à afficher ; ValueError si la saisie porte déjà un fuseau.
    """
    if saisie.tzinfo is not None:
        raise ValueError("L’heure saisie ne doit pas porter de fuseau.")
    zone = fuseau(territoire)
    premier = saisie.replace(tzinfo=zone, fold=0)
    second = saisie.replace(tzinfo=zone, fold=1)
    if premier.utcoffset() == second.utcoffset():
        return premier
    if premier.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) != saisie.replace(fold=0):
        raise HeureInexistante("Cette heure n’existe pas : l’heure d’été commence. Indiquez l’heure réelle.")
    if heure_d_ete is None:
        raise HeureDouble("Cette heure est passée deux fois. Indiquez si c’était l’heure d’été ou d’hiver.")
    return premier if heure_d_ete else second
