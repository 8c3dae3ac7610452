"""Les autorisations d’une collectivité : ce qui attend sa décision, ce qu’elle a décidé."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from dpd.comptes.models import Collectivite
from dpd.regles.etiquette import Etiquette
from dpd.regles.typographie import date_courte
from subtraitance.enums import DecisionAutorisation, RegimeAutorisation
from subtraitance.models import Autorisation, Contrat, SousTraitant, SousTraitantUlterieur

ETIQUETTES = {
    DecisionAutorisation.AUTORISEE: Etiquette("Autorisé", "fait", "check-circle-fill"),
    DecisionAutorisation.REFUSEE: Etiquette("Refusé", "", "x-lg"),
    DecisionAutorisation.OPPOSEE: Etiquette("Opposition", "", "x-lg"),
    DecisionAutorisation.SILENCE: Etiquette("Accepté, sans opposition", "fait", "check2"),
}
SANS_OBJET = Etiquette("Sans objet\u00a0: il n’intervient plus", "", "lock")
CLOS = Etiquette("Sans objet\u00a0: contrat clos", "", "lock")
JAMAIS = Etiquette("Jamais demandé", "attention", "question-circle")
ATTENDUE = Etiquette("Décision attendue", "attention", "hourglass-split")
PASSE = Etiquette("Délai passé sans opposition", "", "hourglass-split")


def de_la_collectivite(collectivite: Collectivite) -> QuerySet:
    """Les siennes, avec tout ce que montre leur page."""
    return Autorisation.objects.filter(collectivite=collectivite).select_related(
        *("contrat__sous_traitant", "contrat__collectivite__structure", "collectivite"),
        *("ulterieur__ulterieur", "ulterieur__sous_traitant", "demandee_par", "decidee_par"),
        *("piece__collectivite", "piece__structure", "piece__deposee_par", "piece__retiree_par"),
        "piece__detruite_par",
    )


def etat_de(autorisation: Autorisation, jour: date) -> Etiquette:
    """Où en est la demande au jour dit ; le silence ne s’y lit qu’une fois constaté."""
    decision = DecisionAutorisation(autorisation.decision)
    if decision in ETIQUETTES:
        return ETIQUETTES[decision]
    if autorisation.ulterieur.retire_le is not None:
        return SANS_OBJET
    if autorisation.contrat.clos_le is not None:
        return CLOS
    if autorisation.regime == RegimeAutorisation.SPECIFIQUE:
        return ATTENDUE
    if autorisation.objection_avant < jour:
        return PASSE
    avant = date_courte(autorisation.objection_avant)
    return Etiquette(f"Opposition possible jusqu’au {avant}", "attention", "hourglass-split")


def est_a_decider(autorisation: Autorisation, jour: date) -> bool:
    """Vrai tant que le responsable peut encore répondre utilement."""
    return etat_de(autorisation, jour).ton == "attention"


@dataclass(frozen=True, slots=True)
class Ultime:
    """Un sous-traitant du prestataire, et ce que ce contrat en a décidé en dernier."""

    lien: SousTraitantUlterieur
    autorisation: Autorisation | None
    etat: Etiquette
    a_decider: bool
    a_demander: bool


def du_contrat(contrat: Contrat, jour: date) -> list[Ultime]:
    """Chaque sous-traitant direct du prestataire, puis ceux d’avant ; deux requêtes."""
    demandes: dict[int, Autorisation] = {}
    lues = de_la_collectivite(contrat.collectivite).filter(contrat=contrat)
    for autorisation in lues.order_by("demandee_le", "pk"):
        demandes[autorisation.ulterieur_id] = autorisation
    liens = SousTraitantUlterieur.objects.filter(sous_traitant=contrat.sous_traitant_id, retire_le=None)
    presents = list(liens.select_related("ulterieur").order_by("ulterieur__nom", "pk"))
    anciens = [a.ulterieur for pk, a in demandes.items() if pk not in {lien.pk for lien in presents}]
    return [_ultime(lien, demandes.get(lien.pk), contrat, jour) for lien in (*presents, *anciens)]


def _ultime(lien, autorisation: Autorisation | None, contrat: Contrat, jour: date) -> Ultime:
    if autorisation is None:
        return Ultime(lien, None, JAMAIS, a_decider=False, a_demander=contrat.clos_le is None)
    refusee = autorisation.decision in (DecisionAutorisation.REFUSEE, DecisionAutorisation.OPPOSEE)
    return Ultime(
        lien,
        autorisation,
        etat_de(autorisation, jour),
        a_decider=est_a_decider(autorisation, jour),
        a_demander=refusee and lien.retire_le is None and contrat.clos_le is None,
    )


def chez(collectivite: Collectivite, fiche: SousTraitant, jour: date) -> Sequence[tuple]:
    """(autorisation, état) de cette collectivité chez ce prestataire, les plus récentes d’abord."""
    lues = de_la_collectivite(collectivite).filter(contrat__sous_traitant=fiche)
    return [(a, etat_de(a, jour)) for a in lues.order_by("-demandee_le", "-pk")[:100]]
