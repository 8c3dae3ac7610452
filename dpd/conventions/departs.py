"""Lire un départ : celui d’une collectivité, ses faits du jour, la convention qu’elle quitte."""

from datetime import date

from django.db.models import F, QuerySet

from dpd.conventions.enums import SortDonnees
from dpd.conventions.models import Convention, Depart, FinConvention
from dpd.conventions.regles.depart import FaitsDuDepart, refus_d_ouvrir

AUTRE_CONVENTION = "Une autre convention prend la suite\u00a0: la collectivité ne quitte pas la structure."


def departs_de(collectivite) -> QuerySet:
    """Ceux d’une collectivité, avec leur convention ; celui en cours d’abord, jamais un abandonné."""
    return (
        Depart.objects.filter(collectivite=collectivite, abandonne_le__isnull=True)
        .select_related(
            *("convention__modele", "collectivite__structure"),
            *("ouvert_par", "exporte_par", "recu_par", "clos_par"),
        )
        .order_by(F("clos_le").desc(nulls_first=True), "-ouvert_le", "-pk")
    )


def departs_abandonnes(collectivite) -> QuerySet:
    """Ceux qui n’ont pas abouti, le plus récent d’abord."""
    abandonnes = Depart.objects.filter(collectivite=collectivite, abandonne_le__isnull=False)
    return abandonnes.select_related("convention__modele", "abandonne_par").order_by("-abandonne_le", "-pk")


def faits_de(depart: Depart, jour: date) -> FaitsDuDepart:
    """Ce qui est fait, ce jour-là ; un visa sans référence ou sans date n’en est pas un."""
    fin = depart.convention.fin
    return FaitsDuDepart(
        finie=fin is not None and fin < jour,
        exporte=depart.exporte_le is not None,
        recu_le=depart.recu_le,
        sort=SortDonnees(depart.sort) if depart.sort else None,
        vise_le=depart.vise_le if depart.visa else None,
        detruit_le=depart.detruit_le,
        clos=depart.clos_le is not None,
        abandonne=depart.abandonne_le is not None,
    )


def derniere_convention(collectivite) -> Convention | None:
    """La dernière à avoir pris, ou à prendre, effet : celle que la collectivité quitterait."""
    conventions = Convention.objects.filter(collectivite=collectivite, date_effet__isnull=False)
    return (
        conventions.select_related("modele", "collectivite__structure").order_by("-date_effet", "-pk").first()
    )


def empechement(convention: Convention | None, jour: date) -> str:
    """Pourquoi aucun départ ne s’ouvre sur cette convention, ou vide s’il s’ouvre."""
    if convention is None:
        return "Aucune convention n’est signée\u00a0: il n’y a rien à quitter."
    tient = FinConvention.objects.filter(convention=convention, retiree_le__isnull=True).first()
    etat = convention.etat(jour, tient.fin if tient else None)
    return refus_d_ouvrir(etat, convention.fin, jour)


def lien_de_depart(collectivite, jour: date) -> str:
    """Ce que dit le lien vers le départ, ou vide tant qu’il n’a pas de sens : rien ne finit bientôt."""
    convention = derniere_convention(collectivite)
    depart = departs_de(collectivite).filter(convention=convention).first() if convention else None
    if depart is not None:
        return "Lire le départ, clos" if depart.clos_le else "Suivre le départ en cours"
    if not empechement(convention, jour):
        return "Préparer le départ"
    return "Lire le départ abandonné" if departs_abandonnes(collectivite).exists() else ""


def a_une_suite(convention: Convention) -> bool:
    """Vrai si une convention signée prend la suite de celle-ci."""
    return Convention.objects.filter(
        collectivite=convention.collectivite_id, date_effet__gt=convention.date_effet
    ).exists()
