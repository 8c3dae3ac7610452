"""Lire les conventions d’une collectivité avec ce qu’il faut pour les dire, en requêtes constantes."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, Prefetch, Q, QuerySet, Value, When

from dpd.conventions.models import Convention, EtapeMiseEnPlace, FinConvention, Renouvellement
from dpd.conventions.regles.mise_en_place import Avancement, EtatEtape, avancement, jours_de_blocage
from dpd.conventions.regles.situation import Situation, Vie, situer
from dpd.conventions.regles.tarifs import Phase
from dpd.conventions.regles.vie import EtatConvention
from dpd.regles.etiquette import Etiquette
from dpd.regles.typographie import compte, nombre

# Tout ce que montre le gabarit d’une pièce.
PIECE = ("piece__collectivite", "piece__structure", "piece__deposee_par", "piece__retiree_par")
# À l’écran : le ton et l’icône de chaque état. La brique est réservée aux délais et aux erreurs.
TONS = {
    EtatConvention.PROJET: ("attention", "pen"),
    EtatConvention.ABANDONNEE: ("", "x-lg"),
    EtatConvention.A_VENIR: ("accent", "hourglass-split"),
    EtatConvention.EN_VIGUEUR: ("fait", "check-circle-fill"),
    EtatConvention.DENONCEE: ("attention", "hourglass-split"),
    EtatConvention.ETEINTE: ("attention", "exclamation-octagon"),
    EtatConvention.TERMINEE: ("", "lock"),
}


@dataclass(frozen=True)
class ConventionLue:
    """Une convention, sa situation du jour, sa dénonciation si elle tient, son avancement."""

    convention: Convention
    situation: Situation
    fin: FinConvention | None
    phase: Phase | None
    avancement: Avancement

    @property
    def etat(self) -> Etiquette:
        """De quoi l’afficher (balise ``etat``)."""
        ton, icone = TONS[self.situation.etat]
        return Etiquette(self.situation.resume, ton, icone)

    @property
    def avancement_dit(self) -> str:
        """« 6 étapes faites sur 19, 1 bloquée »."""
        faites, bloquees = self.avancement.faites, len(self.avancement.bloquantes)
        dit = f"{compte(faites, 'étape faite', 'étapes faites')} sur {nombre(self.avancement.total)}"
        return f"{dit}, {compte(bloquees, 'bloquée')}" if bloquees else dit

    @property
    def etat_court(self) -> Etiquette:
        return self.etat._replace(libelle=self.situation.etat.label)


def avec_sa_vie(requete: QuerySet) -> QuerySet:
    """Modèle, dénonciations, renouvellements et étapes : quatre requêtes, quel que soit le nombre."""
    return requete.select_related("modele", "collectivite").prefetch_related(
        Prefetch("fins", FinConvention.objects.select_related(*PIECE)),
        Prefetch("renouvellements", Renouvellement.objects.select_related(*PIECE)),
        Prefetch("etapes", EtapeMiseEnPlace.objects.all()),
    )


def lire(convention: Convention, jour: date) -> ConventionLue:
    """La convention telle qu’on la dit ce jour-là ; ne lit plus la base après :func:`avec_sa_vie`."""
    fin = next((f for f in convention.fins.all() if f.retiree_le is None), None)
    vie = Vie(
        clauses=convention.clauses,
        effet=convention.date_effet,
        fin=convention.fin,
        fin_anticipee=fin.fin if fin else None,
        renouvellements=len(convention.renouvellements.all()),
        abandonnee=convention.abandonnee_le is not None,
    )
    return ConventionLue(
        convention=convention,
        situation=situer(vie, jour),
        fin=fin,
        phase=convention.phase(jour),
        avancement=avancement(etape.etat for etape in convention.etapes.all()),
    )


def depuis_quand(etape: EtatEtape, jour: date) -> str:
    """« depuis 12 jours », « depuis aujourd’hui » : l’ancienneté d’un blocage."""
    jours = jours_de_blocage(etape, jour)
    return f"depuis {compte(jours, 'jour')}" if jours else "depuis aujourd’hui"


def en_vigueur(jour: date) -> Q:
    """Le filtre de celles qui valent ce jour-là."""
    return Q(date_effet__lte=jour) & (Q(fin__isnull=True) | Q(fin__gte=jour))


def de_la_plus_utile(requete: QuerySet, jour: date) -> QuerySet:
    """Celle en vigueur d’abord, puis la prochaine, celle à signer, les passées, les projets abandonnés."""
    return requete.alias(
        utilite=Case(
            When(abandonnee_le__isnull=False, then=Value(4)),
            When(en_vigueur(jour), then=Value(0)),
            When(date_effet__gt=jour, then=Value(1)),
            When(date_effet__isnull=True, then=Value(2)),
            default=Value(3),
        )
    ).order_by("utilite", F("date_effet").desc(nulls_last=True), "-pk")


def conventions_de(collectivite, jour: date) -> list[Convention]:
    """Toutes celles d’une collectivité, la plus utile d’abord."""
    requete = Convention.objects.filter(collectivite=collectivite)
    requete = requete.select_related("collectivite__structure", *PIECE)
    return list(avec_sa_vie(de_la_plus_utile(requete, jour)))


def convention_utile(collectivite, jour: date) -> Convention | None:
    """Celle dont on parle sans autre précision, ou rien ; jamais un projet abandonné."""
    return next((c for c in conventions_de(collectivite, jour) if c.abandonnee_le is None), None)
