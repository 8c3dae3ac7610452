"""Où sont les données que la structure détient ; tout changement prévient chaque responsable servi."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.destinataires import destinataires
from dpd.comptes.models import Collectivite, Structure
from subtraitance import emails_structure as emails
from subtraitance.actions.article_30_2 import jour_de_la_structure
from subtraitance.models import LieuHebergement, ResponsableServi

AUTRE_STRUCTURE = "Ce lieu n’est pas de votre structure."
DEJA_FINI = "Cet hébergement est déjà terminé."
FIN_AVANT_DEBUT = "Les données n’y étaient pas encore."
TROP_LOIN = "Choisissez une date dans l’année\u00a0: un déménagement plus lointain s’annonce plus tard."
UN_AN = timedelta(days=366)


class Prevenus(NamedTuple):
    """``muettes`` : les collectivités qu’aucun courriel n’atteint ; il faut les appeler."""

    collectivites: int
    courriels: int
    muettes: list[Collectivite]


class Changement(NamedTuple):
    lieu: LieuHebergement
    prevenus: Prevenus


def responsables_a_prevenir(structure: Structure) -> list[Collectivite]:
    """Chaque responsable pour qui la structure traite aujourd’hui, une fois chacun ; une requête."""
    servis = ResponsableServi.objects.filter(activite__structure=structure, jusqu_au=None)
    servies = Collectivite.objects.filter(pk__in=servis.values("collectivite"))
    return list(servies.select_related("structure").order_by("nom", "pk"))


def qui_sera_prevenu(structure: Structure) -> Prevenus:
    """Ce que tout changement enverra ; deux requêtes."""
    collectivites = responsables_a_prevenir(structure)
    return _compter(collectivites, destinataires(collectivites))


def _compter(collectivites: list[Collectivite], a_qui: dict) -> Prevenus:
    muettes = [c for c in collectivites if c.pk not in a_qui]
    return Prevenus(len(collectivites), sum(map(len, a_qui.values())), muettes)


@transaction.atomic
def ajouter_lieu(
    *,
    structure: Structure,
    hebergeur: str,
    adresse: str,
    pays: str,
    depuis: date,
    auteur,
    maintenant: datetime,
    remplace: LieuHebergement | None = None,
) -> Changement:
    """Les données sont, ou seront, hébergées là ; chaque responsable servi en est informé, une fois.

    :param remplace: le lieu qu’il remplace, terminé la veille dans le même geste et le même courriel.
    :raises ValidationError: par champ ; rien n’est alors écrit ni envoyé.
    """
    structure = Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)
    identite = {"hebergeur": hebergeur, "adresse": adresse, "pays": pays, "depuis": depuis}
    if deja := LieuHebergement.objects.filter(structure=structure, **identite).first():
        return Changement(deja, Prevenus(0, 0, []))
    if depuis > jour_de_la_structure(structure, maintenant) + UN_AN:
        raise ValidationError({"depuis": TROP_LOIN})
    lieu = LieuHebergement(structure=structure, **identite)
    lieu.enregistrer(auteur=auteur, maintenant=maintenant, raison="Lieu d’hébergement ajouté")
    if remplace is not None:
        _remplacer(structure, remplace, depuis, auteur, maintenant)
    return Changement(lieu, _prevenir(lieu, "nouveau", maintenant, remplace=remplace))


def _remplacer(structure: Structure, ancien: LieuHebergement, depuis: date, auteur, maintenant) -> None:
    ancien = _prendre(ancien)
    if ancien.structure_id != structure.pk:
        raise ValidationError({"remplace": AUTRE_STRUCTURE})
    if ancien.jusqu_au is not None:
        raise ValidationError({"remplace": DEJA_FINI})
    if depuis <= ancien.depuis:
        raise ValidationError({"depuis": FIN_AVANT_DEBUT})
    ancien.jusqu_au = depuis - timedelta(days=1)
    ancien.enregistrer(auteur=auteur, maintenant=maintenant, raison="Hébergement remplacé")


@transaction.atomic
def terminer_lieu(*, lieu: LieuHebergement, jusqu_au: date, auteur, maintenant: datetime) -> Changement:
    """Plus rien n’est hébergé là après ce jour ; chaque responsable servi en est informé, une fois.

    :raises ValidationError: sous ``jusqu_au`` ; si c’est déjà fait.
    """
    lieu = _prendre(lieu)
    if lieu.jusqu_au is not None:
        raise ValidationError(DEJA_FINI)
    if jusqu_au < lieu.depuis:
        raise ValidationError({"jusqu_au": FIN_AVANT_DEBUT})
    if jusqu_au > jour_de_la_structure(lieu.structure, maintenant) + UN_AN:
        raise ValidationError({"jusqu_au": TROP_LOIN})
    lieu.jusqu_au = jusqu_au
    lieu.enregistrer(auteur=auteur, maintenant=maintenant, raison="Hébergement terminé")
    return Changement(lieu, _prevenir(lieu, "termine", maintenant))


def _prendre(lieu: LieuHebergement) -> LieuHebergement:
    requete = LieuHebergement.objects.select_for_update(no_key=True, of=("self",)).select_related("structure")
    return requete.get(pk=lieu.pk)


def _prevenir(lieu: LieuHebergement, geste: str, maintenant: datetime, remplace=None) -> Prevenus:
    collectivites = responsables_a_prevenir(lieu.structure)
    a_qui = destinataires(collectivites)
    emails.hebergement_change(
        lieu=lieu,
        geste=geste,
        remplace=remplace,
        collectivites=collectivites,
        a_qui=a_qui,
        maintenant=maintenant,
    )
    return _compter(collectivites, a_qui)
