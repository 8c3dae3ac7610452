"""Ce que partagent les gestes sur une convention : le verrou, le recalcul, le refus d’un partage."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.files import File

from dpd.comptes.models import Collectivite
from dpd.conventions.models import Convention, FinConvention
from dpd.conventions.regles.en_clair import le_jour
from dpd.conventions.regles.vie import dernier_jour, partagent_un_exercice
from dpd.pieces.actions import deposer
from dpd.pieces.enums import DomainePiece
from dpd.pieces.models import Piece

ABANDONNE = "Ce projet est abandonné\u00a0: ouvrez-en un autre."
DEJA_FINIE = "Cette convention a pris fin le {}\u00a0: elle ne change plus."


def verrouiller_collectivite(collectivite) -> Collectivite:
    """Une collectivité à la fois : deux gestes sur ses conventions passent l’un après l’autre.

    Sans sa clé : une ligne qui s’y rattache n’attend pas, et ne fait donc attendre personne en rond.
    """
    return Collectivite.objects.select_for_update(no_key=True).get(pk=collectivite.pk)


def verrouiller(convention: Convention) -> Convention:
    """La convention telle qu’elle est en base, sa collectivité verrouillée."""
    verrouiller_collectivite(convention.collectivite)
    return Convention.objects.select_related("modele", "collectivite__structure").get(pk=convention.pk)


def fin_en_cours(convention: Convention) -> FinConvention | None:
    """La dénonciation qui tient, s’il y en a une ; une seule à la fois."""
    return FinConvention.objects.filter(convention=convention, retiree_le__isnull=True).first()


def exiger_l_effet(convention: Convention) -> date:
    """:raises ValidationError: si la convention n’est pas encore signée par les deux parties."""
    if convention.date_effet is None:
        raise ValidationError("Cette convention n’est pas encore signée par les deux parties.")
    return convention.date_effet


def recalculer(convention: Convention, *, raccourcie: bool = False) -> None:
    """``fin`` depuis les clauses, les renouvellements et la dénonciation ; rien n’est enregistré.

    ``raccourcie`` : le geste avance la fin, il ne peut donc pas prendre un exercice à une autre convention.

    :raises ValidationError: si deux conventions de la collectivité toucheraient un même exercice.
    """
    anticipee = fin_en_cours(convention)
    convention.fin = dernier_jour(
        convention.clauses,
        convention.date_effet,
        renouvellements=convention.renouvellements.count(),
        fin_anticipee=anticipee.fin if anticipee else None,
    )
    if not raccourcie:
        _refuser_le_partage(convention)


def _refuser_le_partage(convention: Convention) -> None:
    effet = exiger_l_effet(convention)
    autres = Convention.objects.filter(collectivite=convention.collectivite_id, date_effet__isnull=False)
    for autre in autres.exclude(pk=convention.pk).select_related("modele"):
        if partagent_un_exercice((effet, convention.fin), (autre.date_effet, autre.fin)):
            exercice = max(effet.year, autre.date_effet.year)
            etendue = f"jusqu’au {le_jour(autre.fin)}" if autre.fin else "sans date de fin"
            raise ValidationError(
                f"«\u00a0{autre}\u00a0», en vigueur depuis le {le_jour(autre.date_effet)} {etendue}, couvre "
                f"déjà l’exercice {exercice}\u00a0: un exercice entamé est dû en entier, deux conventions ne "
                "peuvent donc pas en partager un."
            )


def refuser_l_avenir(jour: date, aujourd_hui: date, champ: str) -> None:
    """:raises ValidationError: si un fait est daté de demain ou après."""
    if jour > aujourd_hui:
        raise ValidationError({champ: "Cette date est à venir. Notez le fait une fois arrivé."})


def joindre(
    convention: Convention, fichier: File | None, description: str, *, auteur, maintenant: datetime
) -> Piece | None:
    """La pièce déposée au dossier de la convention, ou rien si aucun fichier n’est donné."""
    if fichier is None:
        return None
    return deposer(
        fichier=fichier,
        domaine=DomainePiece.CONVENTION,
        collectivite=convention.collectivite,
        auteur=auteur,
        maintenant=maintenant,
        description=description,
        parmi=[convention.piece_id],
    )
