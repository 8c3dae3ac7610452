"""Les instructions d’une collectivité à ses sous-traitants (RGPD art. 28-3 a), et sa réponse aux alertes."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.gestes import Geste, recus
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from dpd.pagination import paginer
from subtraitance.actions import instructions as actions
from subtraitance.forms.instructions import InstructionForm, SuiteForm
from subtraitance.models import Instruction
from subtraitance.views import instructions_commun as commun
from subtraitance.views.instructions_gestes import AVANCEES, avancer, reperes_de


@require_safe
def liste(request, siren):
    """Les plus récentes d’abord, à la structure et aux autres prestataires."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONTRATS)
    toutes = Instruction.objects.filter(collectivite=collectivite)
    etat = commun.etat_demande(request.GET)
    page = paginer(request, commun.filtrer(toutes, etat))
    return commun.rendre(
        request,
        collectivite,
        "subtraitance/instructions.html",
        collectivite=collectivite,
        page=page,
        lignes=[(une, commun.etat_de(une), commun.destinataire_de(une)) for une in page],
        etat=etat,
        etats=commun.ETATS.items(),
        aucune=not etat and not page.paginator.count,
    )


def donner(request, siren):
    """Une instruction écrite, à la structure ou au prestataire d’un contrat."""
    collectivite = collectivite_ou_404(request, siren, Capacite.DONNER_INSTRUCTION)
    maintenant = timezone.now()
    jour = maintenant.astimezone(collectivite.fuseau).date()
    retour = reverse("subtraitance:instructions", args=[collectivite.siren])
    geste = Geste(
        "Donner une instruction",
        "Donner l’instruction",
        retour,
        onglet=commun.ONGLET,
        chapo="Un sous-traitant n’agit que sur vos instructions écrites (RGPD, art. 28-3 a). "
        "Votre nom et la date restent à côté.",
        chemin=(("Instructions", retour),),
        icone="send",
    )
    return commun.derouler(
        request,
        collectivite,
        geste,
        InstructionForm(recus(request)[0], collectivite=collectivite, jour=jour),
        partial(actions.donner_instruction, collectivite=collectivite, maintenant=maintenant),
        fait=lambda donnee: f"Votre instruction à {commun.destinataire_de(donnee)} est enregistrée.",
    )


@require_safe
def instruction(request, siren, pk):
    """Ce qu’elle dit, où elle en est, et ce que l’on peut y faire."""
    collectivite, vue = _instruction_ou_404(request, siren, pk, Capacite.LIRE_CONTRATS)
    peut = request.acces.peut
    decide = peut(Capacite.DECIDER, collectivite) and not peut(Capacite.RENDRE_AVIS, collectivite)
    note = not commun.est_a_la_structure(vue) and peut(Capacite.DONNER_INSTRUCTION, collectivite)
    return commun.rendre(
        request,
        collectivite,
        "subtraitance/instruction.html",
        collectivite=collectivite,
        instruction=vue,
        destinataire=commun.destinataire_de(vue),
        etat=commun.etat_de(vue),
        attend_une_reponse=vue.alertee_le is not None and vue.suite_le is None,
        decide=decide,
        gestes=commun.peut_avancer(vue) if note else dict.fromkeys(AVANCEES, False),
        chemin=_chemin(collectivite, vue)[:1],
    )


def repondre(request, siren, pk):
    """Le responsable la retire, ou la maintient par écrit ; lui seul."""
    collectivite, vue = _instruction_ou_404(request, siren, pk, Capacite.DECIDER)
    if request.acces.peut(Capacite.RENDRE_AVIS, collectivite):
        raise PermissionDenied  # qui conseille n’en décide pas (RGPD art. 38-6)
    chemin = _chemin(collectivite, vue)
    geste = Geste(
        "Répondre à l’alerte",
        "Enregistrer ma décision",
        chemin[-1][1],
        onglet=commun.ONGLET,
        chapo="Votre sous-traitant pense que cette instruction est contraire au droit. Vous décidez\u00a0; "
        "votre délégué à la protection des données peut vous conseiller.",
        chemin=chemin,
        reperes=reperes_de(vue),
        titre_reperes="L’instruction",
    )
    formulaire = SuiteForm(recus(request)[0])
    return commun.derouler(
        request,
        collectivite,
        geste,
        formulaire,
        partial(actions.repondre_a_l_alerte, instruction=vue, maintenant=timezone.now()),
        fait=lambda i: "L’instruction est maintenue." if i.maintenue else "L’instruction est retirée.",
        saisie=lambda _: formulaire.saisie(),
    )


def noter_accuse(request, siren, pk):
    """L’autre prestataire a dit l’avoir reçue."""
    return _noter(request, siren, pk, "accuser")


def noter_execution(request, siren, pk):
    """L’autre prestataire a dit l’avoir suivie."""
    return _noter(request, siren, pk, "executer")


def noter_alerte(request, siren, pk):
    """L’autre prestataire pense qu’elle est illicite."""
    return _noter(request, siren, pk, "alerter")


def _noter(request, siren: str, pk: int, nom: str):
    """Ce qu’un prestataire sans compte a répondu ; la structure, elle, répond de son côté."""
    collectivite, vue = _instruction_ou_404(request, siren, pk, Capacite.DONNER_INSTRUCTION)
    if commun.est_a_la_structure(vue):
        raise PermissionDenied
    chemin = _chemin(collectivite, vue)
    return avancer(request, collectivite, vue, nom, retour=chemin[-1][1], chemin=chemin)


def _instruction_ou_404(request, siren: str, pk: int, capacite: Capacite) -> tuple[Collectivite, Instruction]:
    collectivite = collectivite_ou_404(request, siren, capacite)
    siennes = Instruction.objects.filter(collectivite=collectivite)
    return collectivite, get_object_or_404(commun.lire(siennes), pk=pk)


def _chemin(collectivite: Collectivite, vue: Instruction) -> tuple[tuple[str, str], ...]:
    return (
        ("Instructions", reverse("subtraitance:instructions", args=[collectivite.siren])),
        (
            f"Instruction n°\u00a0{vue.pk}",
            reverse("subtraitance:instruction", args=[collectivite.siren, vue.pk]),
        ),
    )
