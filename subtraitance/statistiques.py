"""Les délais tenus d’un registre de demandes, lus en une requête."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from dpd.regles.calendrier import Territoire
from dpd.regles.typographie import nombre
from subtraitance.enums import EtatDemande
from subtraitance.regles.delais_tenus import Annee, Fait, Tenus, delais_tenus
from subtraitance.regles.frises_phrases import duree_dite

CHAMPS = (
    *("annee", "recue_le", "echeance_transmission", "transmise_le", "echeance", "repondue_le"),
    *("etat", "prolongee", "collectivite__territoire", "collectivite__structure__territoire"),
)


def lire_delais_tenus(requete: QuerySet, maintenant: datetime) -> list[Annee]:
    """Ceux des demandes de ``requete``, l’année la plus récente d’abord."""
    lignes = requete.order_by().values_list(*CHAMPS)
    return delais_tenus((_fait(*ligne) for ligne in lignes.iterator(1000)), maintenant)


def _fait(
    annee, recue, limite_transmission, transmise, limite, repondue, etat, prolongee, lieu, structure
) -> Fait:
    return Fait(
        annee=annee,
        recue_le=recue,
        limite_transmission=limite_transmission,
        transmise_le=transmise,
        limite=limite,
        repondue_le=repondue,
        suspendue=etat == EtatDemande.IDENTITE,
        prolongee=prolongee,
        territoire=Territoire(lieu),
        territoire_structure=Territoire(structure),
    )


def tenus_dits(tenus: Tenus) -> str:
    """« 3 sur 4 » ; « aucune encore » s’il n’y a rien à compter."""
    return f"{nombre(tenus.tenues)} sur {nombre(tenus.sur)}" if tenus.sur else "aucune encore"


def bilan_dit(annees: list[Annee]) -> str:
    """« En 2026, transmises dans les 48 heures : 3 sur 4 ; répondues dans leur délai : 8 sur 9. »"""
    if not annees:
        return ""
    derniere = annees[0]
    dits = {
        "transmises dans les 48 heures": derniere.transmissions,
        "répondues dans leur délai": derniere.reponses,
    }
    morceaux = [f"{quoi}\u00a0: {tenus_dits(tenus)}" for quoi, tenus in dits.items() if tenus.sur]
    dite = "\u202f; ".join(morceaux)
    return f"En {derniere.annee}, {dite}." if morceaux else ""


def mediane_dite(mediane: timedelta | None, *, en_heures: bool = False) -> str:
    """« 12 jours », « 26 h 15 » ; un tiret s’il n’y en a pas."""
    if mediane is None:
        return "–"
    if en_heures:
        return duree_dite(mediane)
    jours = mediane / timedelta(days=1)
    return f"{jours:.1f}".rstrip("0").rstrip(".").replace(".", ",") + (
        "\u00a0jour" if jours < 2 else "\u00a0jours"
    )
