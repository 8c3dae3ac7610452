"""Ce que la page de la convention montre des états : les exercices passés, le temps de l’année."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from dpd.conventions.enums import NatureIntervention
from dpd.conventions.interventions_lues import minutes_retenues
from dpd.conventions.models import EtatAnnuel, Intervention
from dpd.regles.typographie import compte, enumeration

PLURIELS = {
    NatureIntervention.APPEL: ("appel", "appels"),
    NatureIntervention.COURRIEL: ("courriel", "courriels"),
    NatureIntervention.TELEASSISTANCE: ("prise de main à distance", "prises de main à distance"),
    NatureIntervention.VISITE: ("visite", "visites"),
    NatureIntervention.REUNION: ("réunion", "réunions"),
    NatureIntervention.FORMATION: ("formation", "formations"),
    NatureIntervention.AUDIT: ("audit", "audits"),
    NatureIntervention.REDACTION: ("préparation de documents", "préparations de documents"),
    NatureIntervention.AUTRE: ("autre intervention", "autres interventions"),
}


@dataclass(frozen=True, slots=True)
class TempsPasse:
    """Le temps d’une année civile, et de quoi il est fait."""

    annee: int
    minutes: int
    detail: str  # « 3 appels et 1 visite »


def contexte_etats(collectivite, jour: date) -> dict:
    """De quoi rendre ``conventions/_temps_passe.html``, en deux requêtes.

    ``exercices_passes`` : les états annuels figés, le plus récent d’abord ; ``temps_passe`` : l’année.
    """
    etats = EtatAnnuel.objects.filter(collectivite=collectivite).order_by("-exercice")
    return {
        "exercices_passes": list(etats.defer("sources", "lignes")),
        "temps_passe": temps_passe(collectivite, jour.year),
    }


def temps_passe(collectivite, annee: int) -> TempsPasse:
    """Les interventions d’une année, comptées par nature ; une requête."""
    siennes = Intervention.objects.filter(collectivite=collectivite, le__year=annee).presentes()
    lignes = (
        siennes.order_by()
        .values_list("nature")
        .annotate(nombre=Count("pk"), retenues=Sum(minutes_retenues()))
    )
    comptes = {NatureIntervention(nature): (nombre, minutes) for nature, nombre, minutes in lignes}
    mots = [compte(comptes[n][0], *PLURIELS[n]) for n in NatureIntervention if n in comptes]
    return TempsPasse(annee, sum(minutes for _, minutes in comptes.values()), enumeration(tuple(mots)))
