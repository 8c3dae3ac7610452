"""Suspendre, reprendre, prolonger : ce qui change la date limite, et pourquoi."""

from datetime import date

from django.utils import timezone

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.gestes import derouler
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from dpd.regles.typographie import compte, date_longue
from subtraitance.actions import demandes_delais as actions
from subtraitance.actions.demandes_commun import delai_de, jour_de
from subtraitance.forms.dossier import ProlongerForm, ReprendreForm, SuspendreForm
from subtraitance.models import DemandeDroits
from subtraitance.regles.horloges import question_tardive
from subtraitance.regles.regimes import suit_le_rgpd
from subtraitance.views.dossier_commun import a_tenir, geste_de

SUSPENDU = "Le délai est suspendu. Il repartira à la réponse du demandeur."
TARD = (
    "Cette demande est reçue depuis {}. Une question posée si tard peut ne pas arrêter le délai\u00a0: si "
    "vous le pouvez, répondez d’ici le {}."
)
SANS_TARDER = {
    "titre": "Demander sans tarder",
    "phrase": "Le délai ne s’arrête que si la question suit de près la réception.",
    "article": "Comité européen de la protection des données, lignes directrices 01/2022",
}
REPRIS = "Le délai repart. La date limite est recalculée."
PROLONGE = "Le délai est prolongé. La date limite est recalculée."


def suspendre(request, siren, annee, rang):
    """Seulement sur un doute raisonnable, ou pour préciser (art. 12-6, cons. 63), et si c’est sans tarder."""
    demande = a_tenir(request, siren, annee, rang)
    maintenant = timezone.now()
    jour = jour_de(demande, maintenant)
    formulaire = SuspendreForm(donnees_recues(request), initial={"debut": jour})

    def agir(*, auteur, **dits):
        return actions.suspendre(
            demande=demande,
            motif=formulaire.motif(),
            debut=dits["debut"],
            auteur=auteur,
            maintenant=maintenant,
        )

    geste = geste_de(
        request,
        demande,
        "Suspendre le délai",
        "Suspendre le délai",
        chapo="Le délai s’arrête le jour où vous demandez, et repart le jour où le demandeur répond.",
        reperes=(SANS_TARDER,),
        alerte=_alerte(demande, jour),
    )
    return derouler(request, geste, formulaire, agir, fait=lambda _: SUSPENDU)


def _alerte(demande: DemandeDroits, jour: date) -> str:
    """Avertit sans empêcher : le responsable juge de ce qu’est « sans tarder »."""
    if not suit_le_rgpd(demande.regime):
        return ""
    delai = delai_de(demande, jour)
    if jour > delai.echeance or not question_tardive(delai, jour):
        return ""
    return TARD.format(compte((jour - delai.reception).days, "jour"), date_longue(delai.echeance))


def reprendre(request, siren, annee, rang):
    """Le demandeur a répondu."""
    demande = a_tenir(request, siren, annee, rang)
    maintenant = timezone.now()
    formulaire = ReprendreForm(donnees_recues(request), initial={"fin": jour_de(demande, maintenant)})

    def agir(*, auteur, **dits):
        return actions.reprendre(demande=demande, auteur=auteur, maintenant=maintenant, **dits)

    geste = geste_de(
        request,
        demande,
        "Reprendre le délai",
        "Reprendre le délai",
        chapo="Les jours d’attente s’ajoutent à la date limite.",
    )
    return derouler(request, geste, formulaire, agir, fait=lambda _: REPRIS)


def prolonger(request, siren, annee, rang):
    """Le responsable de traitement seul prend plus de temps (art. 12-3)."""
    collectivite_ou_404(request, siren, Capacite.DECIDER)
    demande = a_tenir(request, siren, annee, rang)
    maintenant = timezone.now()
    formulaire = ProlongerForm(donnees_recues(request), initial={"informe_le": jour_de(demande, maintenant)})

    def agir(*, auteur, **dits):
        return actions.prolonger(demande=demande, auteur=auteur, maintenant=maintenant, **dits)

    geste = geste_de(
        request,
        demande,
        "Prolonger le délai",
        "Prolonger de deux mois",
        chapo="Trois mois en tout, comptés depuis la réception, si le demandeur en est averti à temps.",
    )
    return derouler(request, geste, formulaire, agir, fait=lambda _: PROLONGE)
