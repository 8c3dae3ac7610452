"""Lire les interventions : la liste filtrée d’une structure, le temps passé d’une collectivité."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, IntegerField, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from dpd.comptes.models import Utilisateur
from dpd.conventions.models import Bareme, Convention, Intervention
from dpd.conventions.regles.mensuel import EtatLigne
from dpd.conventions.regles.tarifs import Phase
from dpd.conventions.regles.temps import JOURNEE_LEGALE, TempsDePhase, temps_par_phase

Q_MAX = 80
RECENTES = 2_000  # interventions où chercher qui proposer : toutes les lire coûterait plus que la page
_MOIS = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


def lire_mois(texte: str) -> tuple[int, int] | None:
    """« 2026-11 », comme l’envoie un champ de mois : (2026, 11) ; tout autre texte ne donne rien."""
    trouve = _MOIS.fullmatch(texte)
    return (int(trouve[1]), int(trouve[2])) if trouve else None


def lire_annee(texte: str) -> int | None:
    """« 2026 » ; tout autre texte ne donne rien."""
    return int(texte) if re.fullmatch(r"20\d\d", texte, re.ASCII) else None


def lire_identifiant(texte: str) -> int | None:
    """Le numéro d’une ligne, tel qu’une adresse le donne ; tout autre texte ne donne rien."""
    return int(texte) if re.fullmatch(r"\d{1,9}", texte, re.ASCII) else None


@dataclass(frozen=True)
class Filtres:
    """Ce que demande l’adresse ; toute valeur inconnue est ignorée."""

    q: str = ""
    mois: tuple[int, int] | None = None
    intervenant: int | None = None

    @classmethod
    def lire(cls, demande) -> "Filtres":
        return cls(
            q=demande.get("q", "").strip()[:Q_MAX],
            mois=lire_mois(demande.get("mois", "")),
            intervenant=lire_identifiant(demande.get("intervenant", "")),
        )

    @property
    def actifs(self) -> bool:
        return any((self.q, self.mois, self.intervenant))

    @property
    def mois_ecrit(self) -> str:
        return f"{self.mois[0]}-{self.mois[1]:02}" if self.mois else ""


def minutes_retenues():
    """La durée retenue : celle qu’un état mensuel a corrigée, rien si la ligne y a été retirée."""
    return Case(
        When(ligne__etat=EtatLigne.RETIREE.value, then=Value(0)),
        default=Coalesce(F("ligne__minutes"), F("minutes")),
        output_field=IntegerField(),
    )


def de_la_structure(structure, filtres: Filtres):
    """Les interventions chez les collectivités d’une structure, annulées comprises."""
    requete = Intervention.objects.filter(collectivite__structure=structure)
    if filtres.mois:
        requete = requete.le_mois(*filtres.mois)
    if filtres.intervenant:
        requete = requete.filter(intervenant=filtres.intervenant)
    if filtres.q:
        trouvees = structure.collectivites.recherche(filtres.q)
        requete = requete.filter(collectivite__in=trouvees.values("pk"))
    return requete.annotate(ligne_etat=F("ligne__etat")).select_related(
        "collectivite", "intervenant", "devis"
    )


def total(requete) -> dict[str, int]:
    """Combien de lignes, combien d’interventions non annulées, et combien de minutes retenues."""
    presente = Q(annulee_le__isnull=True)
    return requete.order_by().aggregate(
        lignes=Count("pk"),
        nombre=Count("pk", filter=presente),
        minutes=Sum(minutes_retenues(), filter=presente, default=0),
    )


def intervenants(structure, choisi: int | None = None) -> Iterable[Utilisateur]:
    """Ceux qui ont tracé les dernières interventions de cette structure, et celui que l’on a choisi."""
    traces = Intervention.objects.filter(collectivite__structure=structure)
    siens = Q(pk__in=traces[:RECENTES].values("intervenant"))
    if choisi:
        siens |= Q(pk=choisi, pk__in=traces.filter(intervenant=choisi).order_by()[:1].values("intervenant"))
    return Utilisateur.objects.filter(siens).order_by("last_name", "first_name")


def de_la_collectivite(collectivite, annee: int | None):
    """Celles d’une collectivité, non annulées, d’une année ou de toutes ; minutes retenues comprises."""
    requete = Intervention.objects.filter(collectivite=collectivite).presentes()
    if annee:
        requete = requete.filter(le__year=annee)
    lues = requete.annotate(retenues=minutes_retenues(), ligne_etat=F("ligne__etat"))
    return lues.select_related("intervenant", "devis")


def annees(collectivite) -> list[int]:
    """Les années où elle a eu une intervention, la plus récente d’abord."""
    dates = Intervention.objects.filter(collectivite=collectivite).presentes().order_by()
    return sorted((jour.year for jour in dates.dates("le", "year")), reverse=True)


def journee_de(structure, jour: date) -> int:
    """La durée d’une journée, en minutes : celle du barème du jour, sinon la durée légale."""
    bareme = Bareme.objects.applicables(structure, jour).first()
    return (bareme.minutes_par_jour if bareme else None) or JOURNEE_LEGALE


def convention_montree(collectivite, jour: date) -> Convention | None:
    """Celle du jour ; à défaut la dernière qui a pris effet."""
    conventions = Convention.objects.filter(collectivite=collectivite, date_effet__lte=jour)
    return (
        conventions.select_related("modele", "collectivite__structure").order_by("-date_effet", "-pk").first()
    )


def temps_de(convention: Convention, jour: date) -> tuple[TempsDePhase, TempsDePhase]:
    """Prévu, passé, restant, par phase : la mise en place en entier, l’accompagnement de l’année.

    Une intervention sur devis n’y compte pas : le devis a prévu ses propres jours.
    """
    dans_la_phase = Q(phase=Phase.MISE_EN_PLACE.value) | Q(
        phase=Phase.ACCOMPAGNEMENT.value, le__year=jour.year
    )
    siennes = Intervention.objects.filter(dans_la_phase, convention=convention, devis__isnull=True)
    siennes = siennes.presentes().order_by()
    passes = siennes.values_list("phase").annotate(retenues=Sum(minutes_retenues()))
    return temps_par_phase(
        {Phase(phase): minutes for phase, minutes in passes},
        jours_mise_en_place=convention.jours_mise_en_place,
        jours_accompagnement=convention.jours_accompagnement,
        journee=journee_de(convention.collectivite.structure, jour),
        annee=jour.year,
    )
