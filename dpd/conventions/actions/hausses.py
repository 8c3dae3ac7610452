"""Notifier une hausse décidée : une fois par convention, avec le délai que chaque convention ouvre."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.models import Structure
from dpd.conventions import emails_tarifs
from dpd.conventions.acces_etats import jour_de
from dpd.conventions.enums import Revision
from dpd.conventions.models import Bareme, Convention, Hausse
from dpd.conventions.regles.denonciation import Fenetre, fenetre_de_hausse

SANS_DROIT = "Sa convention n’ouvre pas de dénonciation après une hausse."
SANS_ADRESSE = "Aucun courriel\u00a0: ni compte, ni adresse de contact."


@dataclass(frozen=True, slots=True)
class Destination:
    """Une convention en vigueur et le délai qu’elle ouvrirait ; ``obstacle`` : pourquoi rien ne partira."""

    convention: Convention
    fenetre: Fenetre | None
    obstacle: str = ""


def a_notifier(bareme: Bareme, jour: date) -> list[Destination]:
    """Les conventions en vigueur que cette hausse n’a pas encore touchées, avec leur délai.

    Le nombre de requêtes ne dépend pas du nombre de conventions.
    """
    deja = Hausse.objects.filter(bareme=bareme).values("convention")
    conventions = (
        Convention.objects.de_la_structure(bareme.structure)
        .en_vigueur(jour)
        .exclude(pk__in=deja)
        .select_related("modele", "collectivite__structure")
        .order_by("collectivite__nom", "pk")
    )
    joignables = emails_tarifs.joignables([c.collectivite for c in conventions])
    return [_destination(c, jour, c.collectivite_id in joignables) for c in conventions]


def _destination(convention: Convention, jour: date, joignable: bool) -> Destination:
    try:
        ouverte = fenetre_de_hausse(convention.clauses, jour)
    except ValueError:
        return Destination(convention, None, SANS_DROIT)
    return Destination(convention, ouverte, "" if joignable else SANS_ADRESSE)


def verifier_bareme_de_hausse(bareme: Bareme) -> None:
    """:raises ValidationError: si ce barème ne se notifie pas."""
    if not bareme.publie:
        raise ValidationError("Publiez d’abord le barème\u00a0: on ne notifie que des prix arrêtés.")
    if bareme.revision != Revision.DECISION:
        raise ValidationError("Ce barème ne se révise pas par décision\u00a0: il n’y a rien à notifier.")


@dataclass(frozen=True, slots=True)
class Notification:
    hausses: tuple[Hausse, ...]
    ecartees: tuple[Destination, ...]


@transaction.atomic
def notifier_hausse(*, bareme: Bareme, deliberation: str, auteur, maintenant: datetime) -> Notification:
    """Notifie la hausse à chaque convention en vigueur qui ne l’a pas reçue ; rejouer n’envoie rien de plus.

    :raises ValidationError: si le barème n’est pas publié, ou ne se révise pas par décision.
    """
    Structure.objects.select_for_update().get(pk=bareme.structure_id)  # deux envois se suivent
    verifier_bareme_de_hausse(bareme)
    jour = jour_de(bareme.structure, maintenant)
    hausses, ecartees = [], []
    for destination in a_notifier(bareme, jour):
        if destination.obstacle or destination.fenetre is None:
            ecartees.append(destination)
            continue
        hausse = Hausse(
            collectivite=destination.convention.collectivite,
            convention=destination.convention,
            bareme=bareme,
            deliberation=deliberation,
            notifiee_le=jour,
            limite=destination.fenetre.limite,
        )
        hausse.enregistrer(auteur=auteur, maintenant=maintenant, raison="Hausse notifiée")
        emails_tarifs.hausse_notifiee(hausse=hausse, maintenant=maintenant)
        hausses.append(hausse)
    return Notification(tuple(hausses), tuple(ecartees))
