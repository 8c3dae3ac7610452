"""Ce qui permet de tenir un fichier : bases légales, exceptions pour les données sensibles, NIR.

Une base légale par finalité (RGPD art. 6-1). L’intérêt légitime n’est pas ouvert aux autorités
publiques dans l’exécution de leurs missions (art. 6-1, dernier alinéa). L’obligation légale et la
mission d’intérêt public supposent un texte, qui se cite (art. 6-3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from registre.regles.contenu import LigneFinalite


@dataclass(frozen=True, slots=True)
class Fondement:
    """Un code, son libellé en langage clair, l’article et ce qu’il demande."""

    libelle: str
    article: str
    aide: str


BASES_LEGALES: Mapping[str, Fondement] = MappingProxyType(
    {
        "a": Fondement(
            "Consentement",
            "RGPD, art. 6-1 a",
            "La personne a dit oui, librement, et peut changer d’avis. Rare pour une mairie (cons. 43).",
        ),
        "b": Fondement("Contrat", "RGPD, art. 6-1 b", "Nécessaire au contrat signé avec la personne."),
        "c": Fondement("Obligation légale", "RGPD, art. 6-1 c", "Un texte vous l’impose : citez-le."),
        "d": Fondement("Intérêts vitaux", "RGPD, art. 6-1 d", "Pour sauver une vie, à défaut d’autre base."),
        "e": Fondement(
            "Mission d’intérêt public",
            "RGPD, art. 6-1 e",
            "Un texte vous confie cette mission : citez-le.",
        ),
        "f": Fondement(
            "Intérêt légitime",
            "RGPD, art. 6-1 f",
            "Fermé aux autorités publiques pour leurs missions (art. 6-1, dernier alinéa).",
        ),
    }
)

BASES_A_TEXTE = frozenset({"c", "e"})  # RGPD art. 6-3

EXCEPTIONS_ART9: Mapping[str, Fondement] = MappingProxyType(
    {
        "a": Fondement(
            "Accord explicite", "RGPD, art. 9-2 a", "La personne a donné un accord écrit et précis."
        ),
        "b": Fondement(
            "Droit du travail et protection sociale",
            "RGPD, art. 9-2 b",
            "Obligation ou droit en matière de travail, de sécurité ou de protection sociale.",
        ),
        "c": Fondement(
            "Intérêts vitaux",
            "RGPD, art. 9-2 c",
            "La personne ne peut pas donner son accord.",
        ),
        "d": Fondement(
            "Organisme politique, religieux ou syndical",
            "RGPD, art. 9-2 d",
            "Pour ses seuls membres et contacts réguliers.",
        ),
        "e": Fondement(
            "Données rendues publiques par la personne",
            "RGPD, art. 9-2 e",
            "Elle les a manifestement publiées elle-même.",
        ),
        "f": Fondement("Action en justice", "RGPD, art. 9-2 f", "Constater ou défendre un droit en justice."),
        "g": Fondement(
            "Intérêt public important",
            "RGPD, art. 9-2 g",
            "Un texte le prévoit, avec des garanties : citez-le.",
        ),
        "h": Fondement(
            "Soins, médecine du travail, action sociale",
            "RGPD, art. 9-2 h",
            "Par un professionnel tenu au secret (art. 9-3).",
        ),
        "i": Fondement("Santé publique", "RGPD, art. 9-2 i", "Menace sanitaire, qualité des soins."),
        "j": Fondement(
            "Archives, recherche, statistiques",
            "RGPD, art. 9-2 j",
            "Dans l’intérêt public, avec les garanties de l’article 89.",
        ),
    }
)

# Vocabulaire des catégories de données : RGPD art. 9-1 ; art. 10 ; loi du 6 janvier 1978, art. 30.
CATEGORIES_SENSIBLES = frozenset(
    {
        "sante",
        "biometrie",
        "genetique",
        "opinions-politiques",
        "syndical",
        "religion",
        "origine",
        "vie-sexuelle",
    }
)
CATEGORIE_INFRACTIONS = "infractions"
CATEGORIE_NIR = "nir"

# Dans le doute un organisme est public : la règle la plus stricte s’applique.
TYPES_PRIVES = frozenset({"association", "entreprise", "prive"})


def bases_proposees(type_organisme: str, est_mission_publique: bool) -> tuple[str, ...]:
    """Codes des bases légales à proposer, de la plus courante à la plus rare.

    L’intérêt légitime n’est jamais proposé à une autorité publique pour ses missions (art. 6-1,
    dernier alinéa) ; hors mission (vie interne d’un service), il vient en dernier.
    """
    if type_organisme in TYPES_PRIVES:
        return ("b", "c", "f", "a", "e", "d") if est_mission_publique else ("b", "c", "f", "a", "d")
    return ("e", "c", "b", "a", "d") if est_mission_publique else ("c", "e", "b", "a", "d", "f")


def verifier_finalite(
    finalite: LigneFinalite, *, type_organisme: str, est_mission_publique: bool
) -> tuple[str, ...]:
    """Les phrases à afficher sur une finalité saisie ; vide si rien n’est à redire.

    Une finalité incomplète reste enregistrable : ces phrases guident, la complétude tranche.
    """
    phrases = []
    base = finalite.base_legale
    if not finalite.libelle.strip():
        phrases.append("Dites à quoi sert ce fichier.")
    if not base:
        phrases.append("Choisissez ce qui vous permet de tenir ce fichier.")
    elif base not in BASES_LEGALES:
        phrases.append("Choisissez une seule base légale dans la liste : une par finalité.")
    elif base not in bases_proposees(type_organisme, est_mission_publique):
        phrases.append(
            "L’intérêt légitime n’est pas ouvert à une autorité publique pour ses missions "
            "(RGPD, art. 6-1). Choisissez plutôt la mission d’intérêt public ou l’obligation légale."
        )
    if base in BASES_A_TEXTE and not finalite.texte.strip():
        phrases.append(f"Citez le texte : {BASES_LEGALES[base].libelle.lower()} suppose un texte (art. 6-3).")
    return tuple(phrases)
