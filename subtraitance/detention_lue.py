"""Ce que la structure détient, tel qu’on le lit : filtres, comptes, échéances et retards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet

from dpd.comptes.models import Collectivite, Structure
from dpd.regles.etiquette import Etiquette
from dpd.regles.typographie import compte
from subtraitance.actions.detention import SANS_REGLE, regle_dite
from subtraitance.enums import LotDetenu
from subtraitance.models import DonneesDetenues, RegleDetention
from subtraitance.regles.detention import retard

BIENTOT = timedelta(days=30)
LONGUEUR_MAX = 150
DETENU = Q(detruit_le=None)
ETATS = {
    "": "Détenus",
    "retard": "En retard",
    "a_echeance": "À détruire aujourd’hui",
    "bientot": "Dans les 30 jours",
    "sans_duree": "Sans durée fixée",
    "detruits": "Détruits",
    "restitues": "Restitués",
    "tous": "Tous",
}


def condition(etat: str, jour: date) -> Q:
    """Ce que retient un état de ``ETATS`` ce jour-là."""
    conditions = {
        "retard": DETENU & Q(echeance__lt=jour),
        "a_echeance": DETENU & Q(echeance=jour),
        "bientot": DETENU & Q(echeance__gte=jour, echeance__lte=jour + BIENTOT),
        "sans_duree": DETENU & Q(regle=SANS_REGLE),
        "detruits": ~DETENU & Q(restitue=False),
        "restitues": ~DETENU & Q(restitue=True),
        "tous": Q(),
    }
    return conditions.get(etat, DETENU)


@dataclass(frozen=True, slots=True)
class Filtres:
    """Ce que demande l’adresse ; toute valeur inconnue est ignorée."""

    q: str = ""
    type: str = ""
    etat: str = ""

    @classmethod
    def lire(cls, demande: Mapping[str, str]) -> "Filtres":
        type_, etat = demande.get("type", ""), demande.get("etat", "")
        return cls(
            q=demande.get("q", "").strip()[:LONGUEUR_MAX],
            type=type_ if type_ in LotDetenu.values else "",
            etat=etat if etat in ETATS else "",
        )

    @property
    def actifs(self) -> bool:
        return any((self.q, self.type, self.etat))


def de_la_structure(structure: Structure) -> QuerySet:
    return DonneesDetenues.objects.filter(collectivite__structure=structure)


def de_la_collectivite(collectivite: Collectivite) -> QuerySet:
    return DonneesDetenues.objects.filter(collectivite=collectivite)


def filtrer(lots: QuerySet, filtres: Filtres, jour: date) -> QuerySet:
    """Les lots demandés, ce qui est à détruire le premier d’abord."""
    lots = lots.filter(condition(filtres.etat, jour))
    if filtres.type:
        lots = lots.filter(type=filtres.type)
    if filtres.q:
        nommees = Collectivite.objects.recherche(filtres.q)
        lots = lots.filter(Q(collectivite__in=nommees) | Q(description__icontains=filtres.q))
    return pour_liste(lots)


def pour_liste(lots: QuerySet) -> QuerySet:
    """Ce que montre une ligne, en une lecture."""
    presses = (F("echeance").asc(nulls_last=True), "recu_le", "pk")
    return lots.select_related("collectivite", "enregistre_par", "detruit_par").order_by(*presses)


def compter(lots: QuerySet, jour: date) -> dict[str, int]:
    """Les comptes de l’en-tête, en une requête ; ``detenus`` est l’état vide de ``ETATS``."""
    comptes = {cle or "detenus": Count("pk", filter=condition(cle, jour)) for cle in ETATS if cle != "tous"}
    return lots.aggregate(total=Count("pk"), **comptes)


@dataclass(frozen=True, slots=True)
class LotVu:
    """``etat`` : libelle, ton, icone ; ``quand`` : ce que dit l’échéance, en toutes lettres."""

    lot: DonneesDetenues
    etat: Etiquette
    quand: date | None
    note: str


def lots_vus(lots: Iterable[DonneesDetenues], jour: date) -> list[LotVu]:
    return [LotVu(lot, etat_du_lot(lot, jour), lot.echeance, _note(lot)) for lot in lots]


def etat_du_lot(lot: DonneesDetenues, jour: date) -> Etiquette:
    """Son étiquette ce jour-là ; le retard d’une destruction tardive reste visible."""
    tard = retard(lot.echeance, lot.detruit_le, jour)
    suite = f", {compte(tard, 'jour')} de retard" if tard else ""
    if lot.detruit_le is not None:
        fait = "Restitué" if lot.restitue else "Détruit"
        return Etiquette(f"{fait}{suite}", "fait", "check-circle-fill")
    if tard:
        libelle = f"{compte(tard, 'jour')} de retard"
        return Etiquette(libelle, "urgence", "exclamation-octagon-fill")
    if lot.regle == SANS_REGLE:
        return Etiquette(SANS_REGLE, "attention", "question-circle")
    if lot.echeance == jour:
        return Etiquette("À détruire aujourd’hui", "attention", "hourglass-split")
    return Etiquette("Détenu", "accent", "clock")


def _note(lot: DonneesDetenues) -> str:
    if lot.echeance is not None:
        return lot.regle
    return "rien ne la fixe encore" if lot.regle == SANS_REGLE else f"rien n’y met fin\u00a0: {lot.regle}"


def durees_de(structure: Structure) -> list[tuple[LotDetenu, RegleDetention | None, str]]:
    """Chaque type de lot, sa règle et ce qu’elle dit ; une requête."""
    regles = {regle.type: regle for regle in RegleDetention.objects.filter(structure=structure)}
    return [(type_, regles.get(type_.value), regle_dite(regles.get(type_.value))) for type_ in LotDetenu]
