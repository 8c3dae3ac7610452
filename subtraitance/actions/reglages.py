"""Ouvrir ou fermer le formulaire public, fixer la durée de conservation : le responsable décide."""

from collections import defaultdict
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.champs import refuser_les_numeros
from dpd.comptes.droits import Acces
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from subtraitance.actions.effacement import terme
from subtraitance.enums import EtatDemande
from subtraitance.models import DemandeDroits, ReglagesDemandes

PAS_VOUS = "Ces réglages appartiennent au responsable\u00a0: lui seul les change."
SANS_SOURCE = "Dites d’où vient cette durée."
DUREE_NULLE = "Indiquez un mois au moins, ou laissez vide."


def reglages_de(collectivite: Collectivite) -> ReglagesDemandes:
    """Les réglages de la collectivité ; fermés, sans durée et non enregistrés tant qu’elle n’a rien réglé."""
    trouves = ReglagesDemandes.objects.select_related("regle_par").filter(collectivite=collectivite).first()
    return trouves or ReglagesDemandes(collectivite=collectivite)


@transaction.atomic
def regler_les_demandes(
    *,
    collectivite: Collectivite,
    formulaire_ouvert: bool,
    auteur,
    maintenant: datetime,
    message: str = "",
    conservation_mois: int | None = None,
    conservation_source: str = "",
) -> ReglagesDemandes:
    """Enregistre ce que le responsable a choisi ; une durée nouvelle vaut aussi pour les demandes closes.

    :raises ValidationError: si la personne ne décide pas pour la collectivité, ou si une durée n’a pas de
        source ; rien n’est alors écrit.
    """
    acces = Acces(auteur)
    if not acces.peut(Capacite.DECIDER, collectivite) or acces.peut(Capacite.RENDRE_AVIS, collectivite):
        raise ValidationError(PAS_VOUS)
    Collectivite.objects.select_for_update(no_key=True).get(pk=collectivite.pk)
    reglages = reglages_de(collectivite)
    reglages.formulaire_ouvert = formulaire_ouvert
    reglages.message = message.strip()
    refuser_les_numeros(reglages.message)
    reglages.conservation_mois = conservation_mois
    reglages.conservation_source = conservation_source.strip() if conservation_mois is not None else ""
    if conservation_mois is not None and conservation_mois < 1:
        raise ValidationError({"conservation_mois": DUREE_NULLE})
    if conservation_mois is not None and not reglages.conservation_source:
        raise ValidationError({"conservation_source": SANS_SOURCE})
    reglages.regle_par, reglages.regle_le = auteur, maintenant
    reglages.enregistrer(auteur=auteur, maintenant=maintenant, raison="Réglages des demandes")
    _reporter_la_duree(collectivite, conservation_mois, auteur, maintenant)
    return reglages


def _reporter_la_duree(collectivite: Collectivite, mois: int | None, auteur, maintenant: datetime) -> None:
    """Le terme des demandes closes suit la durée ; trois requêtes et l’écriture de ce qui change."""
    closes = list(
        DemandeDroits.objects.select_for_update(no_key=True)
        .filter(collectivite=collectivite, etat=EtatDemande.CLOSE, efface_le__isnull=True)
        .order_by("pk")  # l’ordre de l’effacement groupé, qui les verrouille une à une
    )
    clotures = _clotures(closes, collectivite)
    changees = []
    for demande in closes:
        nouveau = terme(clotures[demande.pk], mois)
        if nouveau != demande.effacer_apres:
            demande.effacer_apres = nouveau
            changees.append(demande)
    if changees:
        DemandeDroits.objects.modifier_en_masse(
            changees,
            ["effacer_apres"],
            auteur=auteur,
            maintenant=maintenant,
            raison="Durée de conservation réglée",
        )


def _clotures(closes: list[DemandeDroits], collectivite: Collectivite) -> dict[int, date]:
    """Le jour de la dernière clôture de chacune, tel que l’historique le prouve."""
    lignes = DemandeDroits.history.filter(id__in=[demande.pk for demande in closes]).order_by(
        "history_date", "history_id"
    )
    passages: dict[int, datetime | None] = defaultdict(lambda: None)
    for pk, etat, quand in lignes.values_list("id", "etat", "history_date"):
        if etat != EtatDemande.CLOSE:
            passages[pk] = None
        elif passages[pk] is None:
            passages[pk] = quand
    return {
        pk: quand.astimezone(collectivite.fuseau).date()
        for pk, quand in passages.items()
        if quand is not None
    }
