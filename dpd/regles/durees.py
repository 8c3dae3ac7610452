"""Une durée de travail : la lire comme on la tape, l’écrire comme on la dit."""

import re

from dpd.regles.typographie import INSECABLE, nombre

JOUR_ENTIER = 24 * 60  # minutes

_HEURES = re.compile(r"(\d{1,2})\s*(?:h|heures?|:)\s*(\d{1,2})?\s*(?:min|mn|m)?", re.IGNORECASE)
_MINUTES = re.compile(r"(\d{1,4})\s*(?:min|mn|m|minutes?)?", re.IGNORECASE)


def duree_en_heures(minutes: int) -> str:
    """« 11 h 30 », « 2 h », « 45 min » ; une durée négative garde son signe.

    Sous une heure, les minutes seules ; les heures ne deviennent jamais des jours.
    """
    heures, reste = divmod(abs(minutes), 60)
    signe = "-" if minutes < 0 else ""
    if not heures:
        return f"{signe}{reste}{INSECABLE}min"
    suite = f"{INSECABLE}{reste:02}" if reste else ""
    return f"{signe}{nombre(heures)}{INSECABLE}h{suite}"


def lire_duree(texte: str) -> int:
    """Les minutes que dit « 1 h 20 », « 1h20 », « 1:20 », « 80 min » ou « 80 ».

    :raises ValueError: si ce n’est pas une durée, ou si elle n’est pas entre une minute et un jour.
    """
    propre = " ".join(texte.replace(INSECABLE, " ").split())
    if trouve := _HEURES.fullmatch(propre):
        heures, reste = int(trouve[1]), int(trouve[2] or 0)
        minutes = heures * 60 + reste if reste < 60 else 0
    elif trouve := _MINUTES.fullmatch(propre):
        minutes = int(trouve[1])
    else:
        minutes = 0
    if not 0 < minutes <= JOUR_ENTIER:
        raise ValueError("Écrivez une durée d’un jour au plus, par exemple 1 h 20 ou 80 min.")
    return minutes
