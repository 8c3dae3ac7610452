"""Ce que donnerait un exercice : le montant de chaque collectivité, ou ce qui l’empêche.

Le nombre de requêtes ne dépend pas du nombre de collectivités.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dpd.comptes.models import Collectivite
from dpd.conventions.enums import NatureBareme, Reconduction
from dpd.conventions.models import Convention, EtatAnnuel, FinConvention
from dpd.conventions.regles.calcul import Calcul, calculer
from dpd.conventions.regles.sources import Sources
from dpd.conventions.regles.tarifs import Phase
from dpd.conventions.tarification import Tarification
from dpd.regles.typographie import date_longue

LOT = 500  # collectivités lues à la fois par l’aperçu


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Les sources et le calcul d’une convention ; sans anomalie, ``calcul`` a un total."""

    sources: Sources | None
    calcul: Calcul | None
    anomalies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prevision:
    """Une collectivité devant l’exercice. ``etat`` : celui qui est déjà figé, s’il l’est."""

    collectivite: Collectivite
    convention: Convention | None
    montant: Decimal | None
    anomalies: tuple[str, ...]
    etat: EtatAnnuel | None = None

    @property
    def est_a_figer(self) -> bool:
        return self.etat is None and not self.anomalies


def evaluer(convention: Convention, jour: date, tarification: Tarification) -> Evaluation:
    """Tout ce qui empêche de figer l’exercice de ``tarification``, nommé ; sinon son calcul."""
    exercice = tarification.exercice
    if anomalie := hors_exercice(convention, exercice):
        return Evaluation(None, None, (anomalie,))
    try:
        sources = tarification.sources(convention)
        calcul = calculer(sources)
    except ValueError as refus:
        return Evaluation(None, None, (str(refus),))
    anomalies = list(calcul.manques)
    if exercice > jour.year:
        anomalies.insert(0, f"L’exercice {exercice} n’a pas commencé.")
    elif _journees_ouvertes(convention, sources, jour):
        anomalies.append(
            f"Des journées peuvent encore s’ajouter\u00a0: la mise en place court, {exercice} se fige une "
            "fois l’année finie."
        )
    return Evaluation(sources, calcul, tuple(anomalies))


def hors_exercice(convention: Convention, exercice: int) -> str:
    """Pourquoi la convention ne touche pas l’exercice ; vide si elle le touche."""
    if convention.date_effet is None:
        return "La convention n’est pas signée par les deux parties."
    if convention.date_effet.year > exercice:
        return f"La convention prend effet après l’exercice, le {date_longue(convention.date_effet)}."
    if convention.fin is not None and convention.fin.year < exercice:
        expresse = convention.modele.reconduction != Reconduction.TACITE
        eteinte = expresse and not getattr(convention, "est_denoncee", False)
        article = convention.modele.article_duree if eteinte else convention.modele.article_denonciation
        comment = "s’est éteinte" if eteinte else "a pris fin"
        suite = ", faute de renouvellement" if eteinte else ""
        source = f" ({article})" if article else ""
        return f"La convention {comment} le {date_longue(convention.fin)}{suite}{source}."
    return ""


def _journees_ouvertes(convention: Convention, sources: Sources, jour: date) -> bool:
    """Vrai si l’exercice paie des journées de mise en place et qu’il peut encore s’en passer."""
    if sources.nature != NatureBareme.FORFAIT_JOURNEES or sources.phase is not Phase.MISE_EN_PLACE:
        return False
    bornes = (date(sources.exercice, 12, 31), convention.fin, convention.bascule_le)
    return jour <= min(borne for borne in bornes if borne is not None)


def concernees(structure, exercice: int) -> QuerySet:
    """Les collectivités à examiner : celles que l’on suit, et celles que l’exercice engage encore."""
    engagees = Convention.objects.de_l_exercice(exercice).filter(collectivite=OuterRef("pk"))
    return Collectivite.objects.filter(structure=structure).filter(Q(active=True) | Exists(engagees))


def previsions(structure, exercice: int, jour: date) -> Iterator[Prevision]:
    """Toutes les collectivités, dans l’ordre où une génération les traite, par lots."""
    restantes = concernees(structure, exercice).order_by("pk").iterator(LOT)
    while lot := list(islice(restantes, LOT)):
        yield from previsions_du_lot(structure, exercice, lot, jour)[1]


def previsions_du_lot(
    structure, exercice: int, lot: Sequence[Collectivite], jour: date
) -> tuple[Tarification, list[Prevision]]:
    """La tarification du lot, et la prévision de chaque collectivité, en un nombre constant de requêtes."""
    retenues, doublons = _conventions(lot, exercice)
    etats = EtatAnnuel.objects.filter(collectivite__in=lot, exercice=exercice)
    figes = {etat.collectivite_id: etat for etat in etats.defer("sources", "lignes")}
    tarification = Tarification(structure, exercice, retenues.values())
    return tarification, [
        _prevoir(c, retenues.get(c.pk), figes.get(c.pk), c.pk in doublons, jour, tarification) for c in lot
    ]


def a_evaluer() -> QuerySet:
    """Des conventions, avec ce que :func:`evaluer` en dit : leur modèle, et si elles sont dénoncées."""
    tenues = FinConvention.objects.filter(convention=OuterRef("pk"), retiree_le__isnull=True)
    return Convention.objects.annotate(est_denoncee=Exists(tenues)).select_related("modele")


def _conventions(lot: Sequence[Collectivite], exercice: int) -> tuple[dict[int, Convention], set[int]]:
    """La convention qui répond de l’exercice pour chaque collectivité ; et celles qui en ont deux."""
    par_pk = {collectivite.pk: collectivite for collectivite in lot}
    conventions = (
        a_evaluer()
        .retenues()
        .filter(collectivite__in=par_pk)
        .order_by("collectivite", F("date_effet").asc(nulls_last=True), "pk")
    )
    retenues: dict[int, Convention] = {}
    doublons: set[int] = set()
    for convention in conventions:
        convention.collectivite = par_pk[convention.collectivite_id]
        precedente = retenues.get(convention.collectivite_id)
        if precedente is None or hors_exercice(precedente, exercice):
            retenues[convention.collectivite_id] = convention
        elif not hors_exercice(convention, exercice):
            doublons.add(convention.collectivite_id)
    return retenues, doublons


def _prevoir(
    collectivite: Collectivite,
    convention: Convention | None,
    etat: EtatAnnuel | None,
    double: bool,
    jour: date,
    tarification: Tarification,
) -> Prevision:
    if etat is not None:
        return Prevision(collectivite, convention, etat.total, (), etat)
    if convention is None:
        return Prevision(collectivite, None, None, ("Aucune convention n’est signée.",))
    if double:
        return Prevision(collectivite, convention, None, ("Deux conventions touchent cet exercice.",))
    evaluation = evaluer(convention, jour, tarification)
    montant = evaluation.calcul.total if evaluation.calcul else None
    return Prevision(collectivite, convention, montant, evaluation.anomalies)


@dataclass(slots=True)
class Apercu:
    """L’exercice entier, avant de le figer."""

    a_figer: int = 0
    montant: Decimal = Decimal("0.00")
    deja: int = 0
    deja_montant: Decimal = Decimal("0.00")
    anomalies: list[Prevision] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.a_figer + self.deja + len(self.anomalies)


def apercu(structure, exercice: int, jour: date) -> Apercu:
    """Combien d’états, pour quel montant, et ce qui manque à chaque collectivité."""
    resume = Apercu()
    for prevision in previsions(structure, exercice, jour):
        if prevision.etat is not None:
            resume.deja += 1
            resume.deja_montant += prevision.etat.total
        elif prevision.est_a_figer and prevision.montant is not None:
            resume.a_figer += 1
            resume.montant += prevision.montant
        else:
            resume.anomalies.append(prevision)
    return resume
