"""Ce que partagent les deux côtés d’une instruction : son état, ses filtres, ses gestes."""

from collections.abc import Mapping

from django.db.models import Q, QuerySet
from django.shortcuts import render
from django.utils import timezone

from dpd.comptes import gestes
from dpd.comptes.models import Collectivite
from dpd.regles.calendrier import Territoire, fuseau
from dpd.regles.etiquette import Etiquette
from subtraitance.models import Instruction

ONGLET = "prestataires"
LONGUEUR_MAX = 150
SUSPENDUE = Q(alertee_le__isnull=False, suite_le=None)
RETIREE = Q(maintenue=False)
OUVERTE = Q(executee_le=None) & ~RETIREE
ETATS: Mapping[str, str] = {
    "": "Toutes",
    "a_accuser": "Pas encore accusées",
    "a_executer": "À exécuter",
    "suspendues": "Suspendues",
    "executees": "Exécutées",
    "retirees": "Retirées",
}
CONDITIONS: Mapping[str, Q] = {
    "": Q(),
    "a_accuser": OUVERTE & Q(accusee_le=None),
    "a_executer": OUVERTE & Q(accusee_le__isnull=False) & ~SUSPENDUE,
    "suspendues": SUSPENDUE,
    "executees": Q(executee_le__isnull=False),
    "retirees": RETIREE,
}


def lire(instructions: QuerySet) -> QuerySet:
    """Ce que montre une ligne ou une page, en une lecture ; les plus récentes d’abord."""
    liees = ("collectivite__structure", "contrat__sous_traitant")
    gens = ("donnee_par", "accusee_par", "alertee_par", "suite_par")
    return instructions.select_related(*liees, *gens).order_by("-donnee_le", "-pk")


def filtrer(instructions: QuerySet, etat: str, q: str = "") -> QuerySet:
    """``q`` : le nom d’une collectivité."""
    instructions = instructions.filter(CONDITIONS[etat])
    if q:
        instructions = instructions.filter(collectivite__in=Collectivite.objects.recherche(q))
    return lire(instructions)


def etat_demande(donnees: Mapping[str, str]) -> str:
    etat = donnees.get("etat", "")
    return etat if etat in ETATS else ""


def etat_de(instruction: Instruction) -> Etiquette:
    """Son étiquette : ce qui l’arrête d’abord, puis où elle en est."""
    if instruction.maintenue is False:
        return Etiquette("Retirée", "brouillon", "x-lg")
    if instruction.est_suspendue:
        return Etiquette("Suspendue", "attention", "exclamation-octagon")
    if instruction.executee_le is not None:
        return Etiquette("Exécutée", "fait", "check-circle-fill")
    if instruction.accusee_le is not None:
        return Etiquette("À exécuter", "accent", "hourglass-split")
    return Etiquette("Pas encore accusée", "attention", "envelope-open")


def destinataire_de(instruction: Instruction) -> str:
    if instruction.contrat is not None:
        return instruction.contrat.sous_traitant.nom
    return instruction.collectivite.structure.nom


def est_a_la_structure(instruction: Instruction) -> bool:
    """Vrai si la structure répond de son côté ; sinon la collectivité note ce que le prestataire dit."""
    contrat = instruction.contrat
    return contrat is None or contrat.sous_traitant.est_la_structure


def peut_avancer(instruction: Instruction) -> dict[str, bool]:
    """Les gestes que son état permet à qui l’exécute."""
    ouverte = instruction.executee_le is None
    return {
        "accuser": ouverte and instruction.accusee_le is None and instruction.maintenue is not False,
        "executer": ouverte and not instruction.est_suspendue,
        "alerter": ouverte and instruction.alertee_le is None,
    }


def fuseau_de(lieu):
    """Celui d’une collectivité, ou de la structure."""
    return fuseau(Territoire(lieu.territoire))


def rendre(request, lieu, gabarit: str, **contexte):
    """La page, aux heures du lieu."""
    with timezone.override(fuseau_de(lieu)):
        return render(request, gabarit, {"onglet_actif": ONGLET, **contexte})


def derouler(request, lieu, geste: gestes.Geste, formulaire, action, *, fait, **objets):
    """Le geste, aux heures du lieu."""
    with timezone.override(fuseau_de(lieu)):
        return gestes.derouler(request, geste, formulaire, action, fait=fait, **objets)
