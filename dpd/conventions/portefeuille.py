"""Toutes les conventions d’une structure, collectivité par collectivité, en requêtes constantes."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from dpd.comptes.models import Collectivite, Structure
from dpd.conventions.enums import Reconduction
from dpd.conventions.lecture import avec_sa_vie, de_la_plus_utile, en_vigueur, lire
from dpd.conventions.models import Convention, FinConvention, ModeleConvention
from dpd.regles.mois import meme_quantieme

FILTRES = {
    "a_signer": "À signer",
    "en_vigueur": "En vigueur",
    "denoncees": "Dénoncées",
    "eteintes": "Éteintes ou terminées",
    "a_renouveler": "À renouveler",
    "sans": "Sans convention",
}
ALERTE_MOIS = 6  # on prévient d’un renouvellement exprès six mois avant sa limite


@dataclass(frozen=True)
class Filtres:
    """Ce que demande l’adresse ; une valeur inconnue est ignorée."""

    q: str = ""
    etat: str = ""

    @classmethod
    def lire(cls, demande) -> "Filtres":
        etat = demande.get("etat", "")
        return cls(q=demande.get("q", "").strip()[:100], etat=etat if etat in FILTRES else "")

    @property
    def actifs(self) -> bool:
        return bool(self.q or self.etat)


def collectivites(structure: Structure, filtres: Filtres, jour: date) -> QuerySet:
    """Les collectivités suivies, chacune avec la clé de sa convention la plus utile."""
    siennes = Convention.objects.retenues().filter(collectivite=OuterRef("pk"))
    requete = (
        Collectivite.objects.filter(structure=structure)
        .actives()
        .annotate(convention_pk=Subquery(de_la_plus_utile(siennes, jour).values("pk")[:1]))
    )
    if filtres.q:
        requete = requete.recherche(filtres.q)
    if filtres.etat:
        requete = requete.filter(_dont_la_convention(filtres.etat, structure, jour))
    return requete.order_by("nom", "type", "pk")


def _dont_la_convention(etat: str, structure: Structure, jour: date) -> Q | Exists:
    if etat == "sans":
        return Q(convention_pk__isnull=True)
    return Exists(
        Convention.objects.filter(pk=OuterRef("convention_pk")).filter(_en_etat(etat, structure, jour))
    )


def _en_etat(etat: str, structure: Structure, jour: date) -> Q:
    tient = FinConvention.objects.filter(convention=OuterRef("pk"), retiree_le__isnull=True)
    if etat == "a_renouveler":
        return ~Q(Exists(tient)) & _a_renouveler(structure, jour)
    return {
        "a_signer": Q(date_effet__isnull=True),
        "en_vigueur": en_vigueur(jour),
        "denoncees": Q(Exists(tient)) & (Q(fin__isnull=True) | Q(fin__gte=jour)),
        "eteintes": Q(fin__lt=jour),
    }[etat]


def _a_renouveler(structure: Structure, jour: date) -> Q:
    """En vigueur, à renouvellement exprès, et dont la limite est passée ou proche."""
    modeles = ModeleConvention.objects.filter(structure=structure, reconduction=Reconduction.EXPRESSE)
    filtre = Q(pk__in=[])
    for pk, mois in modeles.values_list("pk", "renouvellement_mois"):
        filtre |= Q(modele=pk, fin__lte=meme_quantieme(jour, (mois or 0) + ALERTE_MOIS))
    return filtre & en_vigueur(jour)


def lire_la_page(page, jour: date) -> None:
    """Pose sur chaque collectivité d’une page sa ``convention_lue``, ou rien."""
    cles = [c.convention_pk for c in page if c.convention_pk]
    lues = {
        convention.pk: lire(convention, jour)
        for convention in avec_sa_vie(Convention.objects.filter(pk__in=cles))
    }
    for collectivite in page:
        collectivite.convention_lue = lues.get(collectivite.convention_pk)


def mises_en_place(structure: Structure, jour: date) -> QuerySet:
    """Les conventions en vigueur qui ne sont pas passées en accompagnement, le plus vieux blocage d’abord."""
    return (
        avec_sa_vie(Convention.objects.de_la_structure(structure).filter(en_vigueur(jour)))
        .select_related("modele", "collectivite")
        .filter(bascule_le__isnull=True, etapes__isnull=False)
        .annotate(
            bloquee_depuis=Min(
                "etapes__bloquee_depuis", filter=Q(etapes__faite_le__isnull=True, etapes__sans_objet=False)
            )
        )
        .order_by(F("bloquee_depuis").asc(nulls_last=True), "collectivite__nom", "pk")
    )
