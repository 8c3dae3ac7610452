"""Ce que chaque export dit de lui-même, dans les mêmes mots quel que soit le format."""

from datetime import datetime

from dpd.documents.modele import Document

MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def date_longue(instant: datetime) -> str:
    """« 23 novembre 2026 à 9 h 45 », dans le fuseau que porte l’instant."""
    jour = "1er" if instant.day == 1 else str(instant.day)
    return f"{jour} {MOIS[instant.month - 1]} {instant.year} à {instant.hour} h {instant.minute:02d}"


def siren_lisible(siren: str) -> str:
    """« 218 201 317 » ; rendu tel quel s’il n’a pas neuf chiffres."""
    chiffres = "".join(siren.split())
    if len(chiffres) != 9 or not chiffres.isdigit():
        return siren
    return f"{chiffres[:3]}\u00a0{chiffres[3:6]}\u00a0{chiffres[6:]}"


def informations(document: Document) -> tuple[tuple[str, str], ...]:
    """Les lignes d’identité d’un export, sans celles qui sont vides."""
    entete = document.entete
    lignes = (
        ("Document", entete.titre),
        ("Organisme", entete.organisme),
        ("SIREN", siren_lisible(entete.siren)),
        ("Responsable du traitement", entete.responsable),
        ("Délégué à la protection des données", entete.dpd),
        ("Nature", entete.nature),
        ("Édité le", date_longue(entete.edite_le)),
        ("Version", entete.version),
        ("Empreinte SHA-256", entete.empreinte),
        ("Avertissement", document.avertissement),
    )
    return tuple((libelle, valeur) for libelle, valeur in lignes if valeur)
