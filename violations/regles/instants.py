"""L’ordre des cinq instants d’une violation : ce qui est impossible, et ce qui étonne."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

FUTUR = "Cet instant est dans le futur."


@dataclass(frozen=True, slots=True)
class Instants:
    """Tous « aware » ; ``t0`` est l’instant où le responsable de traitement l’a su (art. 33-1)."""

    t0: datetime
    debut: datetime | None = None
    fin: datetime | None = None
    detection: datetime | None = None
    connaissance_sous_traitant: datetime | None = None
    connaissance_dpd: datetime | None = None
    en_cours: bool = False


# (champ fautif, celui qui devrait venir avant, phrase) : l’ordre qu’imposent les faits.
ORDRE = (
    ("fin", "debut", "La violation ne peut pas finir avant de commencer."),
    ("detection", "debut", "Elle ne peut pas être détectée avant de commencer."),
    ("connaissance_sous_traitant", "debut", "Le prestataire ne peut pas l’avoir su avant son début."),
    ("t0", "detection", "Vous ne pouvez pas l’avoir su avant qu’elle soit détectée."),
    ("t0", "debut", "Vous ne pouvez pas l’avoir su avant qu’elle commence."),
)


def impossibles(instants: Instants, maintenant: datetime) -> dict[str, str]:
    """{champ: phrase} de ce qui ne peut pas être ; vide si les instants se tiennent.

    :raises ValueError: si un instant ne porte pas son fuseau.
    """
    connus = dict(_connus(instants))
    if any(valeur.utcoffset() is None for valeur in connus.values()):
        raise ValueError("Un instant porte toujours son fuseau horaire.")
    erreurs = {
        apres: phrase
        for apres, avant, phrase in ORDRE
        if apres in connus and avant in connus and connus[apres] < connus[avant]
    }
    if instants.en_cours and instants.fin:
        erreurs["fin"] = "Une violation en cours n’a pas encore de fin."
    futurs = {champ: FUTUR for champ, valeur in connus.items() if valeur > maintenant}
    return erreurs | futurs


def _connus(instants: Instants) -> Iterator[tuple[str, datetime]]:
    for champ in ("t0", "debut", "fin", "detection", "connaissance_sous_traitant", "connaissance_dpd"):
        valeur = getattr(instants, champ)
        if valeur is not None:
            yield champ, valeur
