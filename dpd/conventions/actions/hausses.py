"""Notifier une hausse décidée : une fois par convention, avec le délai que chaque convention ouvre."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from dpd.comptes.models import Structure
from dpd.conventions import emails_tarifs
from dpd.conventions.acces_etats import jour_de
from dpd.conventions.enums import Revision
from dpd.conventions.models import Bareme, Convention, Hausse
from dpd.conventions.regles.denonciation import Fenetre, fenetre_de_hausse

SANS_DROIT = "Sa convention n’ouvre pas de dénonciation après une hausse."
SANS_ADRESSE = "Aucun courriel\u00a0: ni compte, ni adresse de contact."
# Parmi :func:`a_examiner`, celles que l’envoi prévient ; les autres ont un ``obstacle``.
A_PREVENIR = Q(modele__hausse_mois__gt=0, joignable=True)


@dataclass(frozen=True, slots=True)
class Destination:
    """Une convention en vigueur et le délai qu’elle ouvrirait ; ``obstacle`` : pourquoi rien ne partira."""

    convention: Convention
    fenetre: Fenetre | None
    obstacle: str = ""


def a_examiner(bareme: Bareme, jour: date) -> QuerySet:
    """Les conventions en vigueur que cette hausse n’a pas encore touchées, ``joignable`` ou non."""
    deja = Hausse.objects.filter(bareme=bareme, convention=OuterRef("pk"))
    comptes = emails_tarifs.comptes_prevenus().filter(content_object=OuterRef("collectivite"))
    joignable = ~Q(collectivite__courriel="") | Q(Exists(comptes))
    return (
        Convention.objects.de_la_structure(bareme.structure)
        .en_vigueur(jour)
        .filter(~Exists(deja))
        .annotate(joignable=ExpressionWrapper(joignable, BooleanField()))
        .select_related("modele", "collectivite__structure")
        .order_by("collectivite__nom", "pk")
    )


def destinations(conventions: Iterable[Convention], jour: date) -> list[Destination]:
    """Le délai que chacune ouvrirait, notifiée ce jour ; celles de :func:`a_examiner`."""
    return [_destination(c, jour) for c in conventions]


def _destination(convention: Convention, jour: date) -> Destination:
    try:
        ouverte = fenetre_de_hausse(convention.clauses, jour)
    except ValueError:
        return Destination(convention, None, SANS_DROIT)
    return Destination(convention, ouverte, "" if convention.joignable else SANS_ADRESSE)


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

    Le nombre de requêtes ne dépend pas de celui des conventions.

    :raises ValidationError: si le barème n’est pas publié, ou ne se révise pas par décision.
    """
    Structure.objects.select_for_update(no_key=True).get(pk=bareme.structure_id)  # deux envois se suivent
    verifier_bareme_de_hausse(bareme)
    jour = jour_de(bareme.structure, maintenant)
    examinees = destinations(a_examiner(bareme, jour), jour)
    hausses = [_hausse(d, bareme, deliberation, jour) for d in examinees if not d.obstacle]
    Hausse.objects.creer_en_masse(hausses, auteur=auteur, maintenant=maintenant, raison="Hausse notifiée")
    emails_tarifs.hausses_notifiees(structure=bareme.structure, hausses=hausses, maintenant=maintenant)
    return Notification(tuple(hausses), tuple(d for d in examinees if d.obstacle))


def _hausse(destination: Destination, bareme: Bareme, deliberation: str, jour: date) -> Hausse:
    hausse = Hausse(
        collectivite=destination.convention.collectivite,
        convention=destination.convention,
        bareme=bareme,
        deliberation=deliberation,
        notifiee_le=jour,
        limite=destination.fenetre.limite,
    )
    # L’écriture en masse ne contrôle rien ; ces clés viennent de la base, les relire coûterait par ligne.
    hausse.clean_fields(exclude=("collectivite", "convention", "bareme"))
    return hausse
