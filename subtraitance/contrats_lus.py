"""Les contrats d’une collectivité : ceux qui valent, ce qui y manque, ce qui presse.

Requêtes constantes quel que soit leur nombre. Rien ici ne lit deux collectivités à la fois, hors le
compte que la structure en fait.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from dpd.comptes.models import Collectivite
from dpd.regles.etiquette import Etiquette
from dpd.regles.mois import meme_quantieme
from dpd.regles.texte import normaliser
from dpd.regles.typographie import compte, date_courte
from subtraitance.enums import DecisionAutorisation, Reponse28
from subtraitance.models import Autorisation, ClauseControlee, Contrat
from subtraitance.regles.article_28 import PAR_CODE, POINTS

SUFFISANTES = (Reponse28.PRESENTE, Reponse28.SANS_OBJET)
ETATS = {
    "en_cours": "En cours",
    "manques": "Clauses manquantes",
    "decision": "Décision attendue",
    "terme": "Terme proche ou passé",
    "clos": "Clos",
}
LONGUEUR_MAX = 150


@dataclass(frozen=True, slots=True)
class Terme:
    """Où en est un contrat de sa durée ; ``alerte`` : le préavis est entamé, ou le terme passé."""

    etat: Etiquette
    phrase: str
    alerte: bool


@dataclass(frozen=True, slots=True)
class Filtres:
    """Ce que demande l’adresse ; toute valeur inconnue est ignorée."""

    q: str = ""
    etat: str = ""

    @classmethod
    def lire(cls, demande: Mapping[str, str]) -> "Filtres":
        etat = demande.get("etat", "")
        return cls(demande.get("q", "").strip()[:LONGUEUR_MAX], etat if etat in ETATS else "")

    @property
    def actifs(self) -> bool:
        return bool(self.q or self.etat)


def vivants(jour: date) -> QuerySet:
    """Les contrats qui valent ce jour-là et que personne n’a clos, dans les collectivités suivies."""
    return Contrat.objects.en_cours(jour).filter(clos_le__isnull=True, collectivite__active=True)


def alerte_le(contrat: Contrat) -> date | None:
    """Le jour où le terme commence à presser : ``preavis_mois`` avant lui ; ``None`` sans terme."""
    if contrat.fin is None:
        return None
    try:
        return meme_quantieme(contrat.fin, -contrat.preavis_mois)
    except ValueError:
        return date.min


def terme_de(contrat: Contrat, jour: date) -> Terme:
    """L’état d’un contrat au jour dit : clos, à venir, en cours, terme proche, terme passé."""
    if contrat.clos_le is not None:
        fin = f"le {date_courte(contrat.fin)}" if contrat.fin else ""
        return Terme(Etiquette("Clos", "", "lock"), fin, False)
    if contrat.debut is not None and contrat.debut > jour:
        debut = f"commence le {date_courte(contrat.debut)}"
        return Terme(Etiquette("À venir", "accent", "calendar3"), debut, False)
    if contrat.fin is None:
        return Terme(Etiquette("En cours", "fait", "check2"), "sans terme", False)
    if contrat.fin < jour:
        passe = f"depuis le {date_courte(contrat.fin)}"
        return Terme(Etiquette("Terme passé", "urgence", "exclamation-octagon-fill"), passe, True)
    fin = f"jusqu’au {date_courte(contrat.fin)}"
    if alerte_le(contrat) <= jour:
        reste = (contrat.fin - jour).days
        dit = f"{fin}, dans {compte(reste, 'jour')}" if reste else f"{fin}, aujourd’hui"
        return Terme(Etiquette("Terme proche", "attention", "hourglass-split"), dit, True)
    return Terme(Etiquette("En cours", "fait", "check2"), fin, False)


def _tenues() -> QuerySet:
    """Combien de points de l’article 28 chaque contrat satisfait ; un code abandonné ne compte pas."""
    lues = ClauseControlee.objects.filter(
        contrat=OuterRef("pk"), reponse__in=SUFFISANTES, code__in=list(PAR_CODE)
    )
    return lues.order_by().values("contrat").annotate(n=Count("pk")).values("n")


def _attendues() -> QuerySet:
    """Combien d’autorisations chaque contrat attend de son responsable."""
    demandes = Autorisation.objects.filter(
        contrat=OuterRef("pk"), decision=DecisionAutorisation.ATTENDUE, ulterieur__retire_le=None
    )
    return demandes.order_by().values("contrat").annotate(n=Count("pk")).values("n")


def de_la_collectivite(collectivite: Collectivite) -> QuerySet:
    """Ses contrats, avec ``lues``, ``manques`` et ``a_decider`` : une requête."""
    lues = ClauseControlee.objects.filter(contrat=OuterRef("pk")).order_by().values("contrat")
    return Contrat.objects.filter(collectivite=collectivite).annotate(
        lues=Coalesce(Subquery(lues.annotate(n=Count("pk")).values("n")), 0),
        manques=Value(len(POINTS)) - Coalesce(Subquery(_tenues()), 0),
        a_decider=Coalesce(Subquery(_attendues()), 0),
    )


def filtrer(requete: QuerySet, filtres: Filtres, jour: date) -> QuerySet:
    """Les contrats demandés, ce qui presse d’abord ; les clos à la fin."""
    if filtres.etat == "clos":
        requete = requete.filter(clos_le__isnull=False)
    elif filtres.etat:
        requete = requete.filter(clos_le__isnull=True)
    if filtres.etat == "en_cours":
        requete = requete.filter(Q(fin__isnull=True) | Q(fin__gte=jour))
    if filtres.etat == "decision":
        requete = requete.filter(a_decider__gt=0)
    if filtres.etat == "manques":
        requete = requete.filter(manques__gt=0)
    if filtres.etat == "terme":
        requete = requete.filter(pk__in=[c.pk for c in requete.filter(fin__isnull=False) if presse(c, jour)])
    for mot in normaliser(filtres.q).split():
        requete = requete.filter(
            Q(sous_traitant__recherche__contains=mot) | Q(objet__icontains=mot) | Q(reference__icontains=mot)
        )
    rang = Case(When(clos_le__isnull=True, then=Value(0)), default=Value(1))
    return requete.order_by(rang, F("fin").asc(nulls_last=True), "sous_traitant__nom", "pk")


def presse(contrat: Contrat, jour: date) -> bool:
    return terme_de(contrat, jour).alerte


def pour_liste(requete: QuerySet) -> QuerySet:
    """Ce que montre une ligne, sans requête de plus par contrat."""
    return requete.select_related("sous_traitant", "collectivite__structure")


def pour_page(collectivite: Collectivite) -> QuerySet:
    """Tout ce que montre la page d’un contrat."""
    return (
        Contrat.objects.filter(collectivite=collectivite)
        .select_related(
            *("collectivite__structure", "sous_traitant", "piece__collectivite", "piece__deposee_par"),
            *("piece__retiree_par", "piece__structure", "piece__detruite_par"),
        )
        .prefetch_related(
            "logiciels__logiciel",
            Prefetch("clauses", queryset=ClauseControlee.objects.select_related("controlee_par")),
        )
    )


def reponses_de(contrat: Contrat) -> dict[str, str]:
    """{code: réponse} des points lus, à passer à ``article_28.manquants``."""
    return {clause.code: clause.reponse for clause in contrat.clauses.all()}


def logiciels_de(contrat: Contrat) -> list[Any]:
    """Les logiciels employés aujourd’hui."""
    return [emploi.logiciel for emploi in contrat.logiciels.all() if emploi.retire_le is None]


def etat_28(contrat: Contrat) -> Etiquette:
    """« 3 clauses manquent », d’après ``lues`` et ``manques`` (voir ``de_la_collectivite``)."""
    if not contrat.lues:
        return Etiquette("Clauses à vérifier", "attention", "list-check")
    if not contrat.manques:
        return Etiquette("Clauses complètes", "fait", "check-circle-fill")
    verbe = "manque" if contrat.manques == 1 else "manquent"
    return Etiquette(f"{compte(contrat.manques, 'clause')} {verbe}", "attention", "list-check")


@dataclass(frozen=True, slots=True)
class LigneContrat:
    contrat: Contrat
    etat_28: Etiquette
    terme: Terme


def lignes(contrats: Iterable[Contrat], jour: date) -> list[LigneContrat]:
    """:param contrats: lus par ``pour_liste(de_la_collectivite(…))``."""
    return [LigneContrat(c, etat_28(c), terme_de(c, jour)) for c in contrats]


def compter(requete: QuerySet, jour: date) -> dict[str, int]:
    """Les comptes de l’en-tête, en deux requêtes."""
    comptes = requete.aggregate(
        total=Count("pk"),
        ouverts=Count("pk", filter=Q(clos_le__isnull=True)),
        incomplets=Count("pk", filter=Q(clos_le__isnull=True, manques__gt=0)),
        decisions=Count("pk", filter=Q(clos_le__isnull=True, a_decider__gt=0)),
    )
    bornes: Collection[Contrat] = Contrat.objects.filter(
        pk__in=requete.filter(clos_le__isnull=True, fin__isnull=False).values("pk")
    ).only("pk", "debut", "fin", "preavis_mois", "clos_le")
    return {**comptes, "pressent": sum(presse(contrat, jour) for contrat in bornes)}
