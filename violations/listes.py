"""Le registre des violations (RGPD art. 33-5) : filtres, tris, et leur traduction en requêtes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, DateTimeField, F, Prefetch, Q, QuerySet, Value, When

from dpd.comptes.models import Collectivite, Structure
from violations.enums import EtatViolation, NatureViolation
from violations.models import DecisionViolation, Violation

COURT = Q(notifiee_le__isnull=True, notification_ecartee=False) & ~Q(etat=EtatViolation.CLOSE)
ETATS = {"ouvertes": "Toutes celles ouvertes", **dict(EtatViolation.choices)}
# Ce qui presse, du plus urgent au moins urgent : chaque tranche d’heures exclut la précédente.
HORLOGES = {
    "depassees": "Délai dépassé",
    "douze": "Moins de 12 heures",
    "vingt_quatre": "De 12 à 24 heures",
    "courent": "Plus de 24 heures",
    "arretees": "Horloge arrêtée",
}
BORNES = {"depassees": (None, 0), "douze": (0, 12), "vingt_quatre": (12, 24), "courent": (24, None)}
TRIS = {
    "numero": ("annee", "rang", "pk"),
    "-numero": ("-annee", "-rang", "-pk"),
    "connaissance": ("connaissance", "pk"),
    "-connaissance": ("-connaissance", "-pk"),
}
PRESSE = "presse"  # le tri de départ : l’horloge qui finit la première, puis les plus récentes
LONGUEUR_MAX = 150


@dataclass(frozen=True, slots=True)
class Filtres:
    """Ce que demande l’adresse ; toute valeur inconnue est ignorée."""

    q: str = ""
    etat: str = ""
    horloge: str = ""
    annee: str = ""
    nature: str = ""
    tri: str = PRESSE

    @classmethod
    def lire(cls, demande: Mapping[str, str]) -> "Filtres":
        def parmi(nom: str, valeurs: Iterable[str], defaut: str = "") -> str:
            valeur = demande.get(nom, "")
            return valeur if valeur in valeurs else defaut

        annee = demande.get("annee", "")
        return cls(
            q=demande.get("q", "").strip()[:LONGUEUR_MAX],
            etat=parmi("etat", ETATS),
            horloge=parmi("horloge", HORLOGES),
            annee=annee if annee.isascii() and annee.isdigit() and len(annee) == 4 else "",
            nature=parmi("nature", NatureViolation.values),
            tri=parmi("tri", TRIS, PRESSE),
        )

    @property
    def actifs(self) -> bool:
        return any((self.q, self.etat, self.horloge, self.annee, self.nature))


def de_la_collectivite(collectivite: Collectivite) -> QuerySet:
    return Violation.objects.filter(collectivite=collectivite)


def de_la_structure(structure: Structure) -> QuerySet:
    """Celles des collectivités suivies.

    Une collectivité partie n’y paraît plus ; les droits de la structure sur elle, eux, demeurent tant qu’elle
    lui est rattachée : ses dossiers s’ouvrent encore au DPD par leur adresse.
    """
    return Violation.objects.filter(collectivite__structure=structure, collectivite__active=True)


def filtrer(requete: QuerySet, filtres: Filtres, maintenant: datetime) -> QuerySet:
    """Les violations demandées, triées."""
    if filtres.etat == "ouvertes":
        requete = requete.exclude(etat=EtatViolation.CLOSE)
    elif filtres.etat:
        requete = requete.filter(etat=filtres.etat)
    if filtres.horloge:
        requete = requete.filter(tranche(filtres.horloge, maintenant))
    if filtres.annee:
        requete = requete.filter(annee=int(filtres.annee))
    if filtres.nature:
        requete = requete.filter(**{filtres.nature: True})
    if filtres.q:
        requete = requete.recherche(filtres.q)
    return trier(requete, filtres.tri)


def trier(requete: QuerySet, tri: str = PRESSE) -> QuerySet:
    if tri in TRIS:
        return requete.order_by(*TRIS[tri])
    court = Case(
        When(COURT, then=F("echeance_notification")), default=Value(None), output_field=DateTimeField()
    )
    return requete.annotate(finit_le=court).order_by(
        F("finit_le").asc(nulls_last=True), "-connaissance", "-pk"
    )


def tranche(cle: str, maintenant: datetime) -> Q:
    """La condition d’une clé de ``HORLOGES`` à cet instant."""
    if cle == "arretees":
        return ~COURT
    apres, avant = BORNES[cle]
    condition = COURT
    if apres is not None:
        condition &= Q(echeance_notification__gte=maintenant + timedelta(hours=apres))
    if avant is not None:
        condition &= Q(echeance_notification__lt=maintenant + timedelta(hours=avant))
    return condition


def pour_liste(requete: QuerySet) -> QuerySet:
    """Ce que montre une ligne, décisions comprises, en deux lectures."""
    courantes = DecisionViolation.objects.filter(courante=True)
    return (
        requete.select_related("collectivite__structure", "incident__sous_traitant", "incident__structure")
        .prefetch_related(Prefetch("decisions", queryset=courantes, to_attr="decisions_courantes"))
        .defer("recit", "recherche", "mesures_avant", "mesures_apres", "consequences")
        .defer("message_personnes", "enisa")
    )


def compter(requete: QuerySet, maintenant: datetime) -> dict[str, int]:
    """Les comptes de l’en-tête, en une requête : total, ouvertes, et une clé par tranche d’horloge."""
    return requete.aggregate(
        total=Count("pk"),
        ouvertes=Count("pk", filter=~Q(etat=EtatViolation.CLOSE)),
        **{cle: Count("pk", filter=tranche(cle, maintenant)) for cle in HORLOGES},
    )


def annees(requete: QuerySet) -> list[int]:
    """Les années du registre, la plus récente d’abord."""
    return list(requete.order_by("-annee").values_list("annee", flat=True).distinct())
