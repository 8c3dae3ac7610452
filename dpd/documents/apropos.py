"""Ce que chaque export dit de lui-même, dans les mêmes mots quel que soit le format."""

from dpd.documents.modele import Document
from dpd.regles.typographie import instant_long


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
        ("Édité le", instant_long(entete.edite_le)),
        ("Contenu", entete.version),
        ("Empreinte SHA-256", entete.empreinte),
        ("Avertissement", document.avertissement),
    )
    return tuple((libelle, valeur) for libelle, valeur in lignes if valeur)
