"""Les lettres types d’une demande de droits : quand envoyer chacune, et les faits qu’elle dit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from subtraitance.enums import Droit
from subtraitance.regles.regimes import suit_le_rgpd


class TypeLettre(StrEnum):
    """La valeur est celle que garde chaque lettre écrite ; elle ne change pas."""

    ACCUSE = "accuse"
    PRECISION = "precision"
    IDENTITE = "identite"
    PROLONGATION = "prolongation"
    REPONSE = "reponse"
    RIEN = "rien"
    REFUS = "refus"
    DESTINATAIRES = "destinataires"


TYPES = frozenset(type_.value for type_ in TypeLettre)
# Les autres disent le RGPD : ses délais, ses articles, ses droits.
DE_TOUT_REGIME = (TypeLettre.ACCUSE, TypeLettre.REFUS)


def types_pour(regime: str) -> tuple[TypeLettre, ...]:
    """Les lettres qu’une demande de ce régime permet d’écrire ; à qualifier, rien ne dit le RGPD."""
    return tuple(TypeLettre) if suit_le_rgpd(regime) else DE_TOUT_REGIME


@dataclass(frozen=True, slots=True)
class Modele:
    """``quand`` : la situation où l’envoyer, et son article."""

    libelle: str
    objet: str
    quand: str


MODELES: Mapping[TypeLettre, Modele] = MappingProxyType(
    {
        TypeLettre.ACCUSE: Modele(
            "Accusé de réception",
            "votre demande du {recue}, accusé de réception",
            "Dès la réception\u00a0: le demandeur sait jusqu’à quand attendre.",
        ),
        TypeLettre.PRECISION: Modele(
            "Demande de précision",
            "votre demande du {recue}, une précision",
            "La demande porte sur beaucoup de données\u00a0: une précision se demande (cons.\u00a063). "
            "Posée sans tarder, la question suspend le délai (lignes directrices 01/2022 du Comité "
            "européen de la protection des données). Notez la suspension au dossier.",
        ),
        TypeLettre.IDENTITE: Modele(
            "Demande d’identité",
            "votre demande du {recue}, votre identité",
            "Sur un doute réel seulement (art. 12-6)\u00a0: le délai se suspend. Notez la suspension au "
            "dossier.",
        ),
        TypeLettre.PROLONGATION: Modele(
            "Prolongation de deux mois",
            "votre demande du {recue}, prolongation du délai",
            "Selon la complexité et le nombre de demandes\u00a0: le demandeur l’apprend dans le premier "
            "mois, avec les motifs (art. 12-3).",
        ),
        TypeLettre.REPONSE: Modele(
            "Réponse, avec copie des données",
            "votre demande du {recue}, notre réponse",
            "Ce qui est fait, et la copie si elle est demandée. Masquez ce qui permettrait de reconnaître "
            "d’autres personnes (art. 15-4).",
        ),
        TypeLettre.RIEN: Modele(
            "Nous ne détenons rien sur vous",
            "votre demande du {recue}, notre réponse",
            "Après avoir cherché partout où la personne pouvait figurer.",
        ),
        TypeLettre.REFUS: Modele(
            "Refus motivé",
            "votre demande du {recue}, notre réponse",
            "Le responsable seul refuse, avec ses motifs et les voies de recours\u202f; pour des données "
            "personnelles, dans le mois (RGPD, art. 12-4).",
        ),
        TypeLettre.DESTINATAIRES: Modele(
            "Information d’un destinataire",
            "données personnelles à mettre à jour chez vous",
            "Après une rectification, un effacement ou une limitation, à qui les données ont été "
            "communiquées (art. 19).",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Faits:
    """Ce que le dossier sait ; une chaîne vide ou ``None`` : il ne le sait pas.

    ``prolongee_au`` : le dernier jour une fois prolongée ; ``jour`` : celui de la lettre. ``regime`` : vide,
    elle est à qualifier.
    """

    jour: date
    numero: str
    organisme: str
    responsable: str
    titre: str
    dpd: str
    dpd_coordonnees: str
    demandeur: str
    adresse: str
    courriel: str
    personne: str
    lien: str
    regime: str
    droits: tuple[Droit, ...]
    recue_le: date
    echeance: date | None
    prolongee_au: date | None
    motif_prolongation: str
    motif_suspension: str
    motif_refus: str
