"""Les instructions que les collectivités donnent à la structure, et à elle seule."""

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.models import Structure
from dpd.comptes.regles.capacites import Capacite
from dpd.pagination import paginer
from subtraitance.models import Instruction
from subtraitance.views import instructions_commun as commun
from subtraitance.views.instructions_gestes import avancer


def de_la_structure(structure: Structure):
    """Celles qui lui sont adressées : ce qu’une collectivité dit à un autre prestataire ne la regarde pas."""
    a_elle = Q(contrat=None) | Q(contrat__sous_traitant__est_la_structure=True)
    return Instruction.objects.filter(a_elle, collectivite__structure=structure)


@require_safe
def liste(request, siren):
    """Les plus récentes d’abord."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_SOUS_TRAITANCE)
    toutes = de_la_structure(structure)
    etat, q = commun.etat_demande(request.GET), request.GET.get("q", "").strip()[: commun.LONGUEUR_MAX]
    page = paginer(request, commun.filtrer(toutes, etat, q))
    comptes = toutes.aggregate(
        total=Count("pk"),
        **{cle: Count("pk", filter=commun.CONDITIONS[cle]) for cle in commun.ETATS if cle},
    )
    return commun.rendre(
        request,
        structure,
        "subtraitance/instructions_recues.html",
        structure=structure,
        page=page,
        lignes=[(instruction, commun.etat_de(instruction)) for instruction in page],
        etat=etat,
        q=q,
        etats=commun.ETATS.items(),
        comptes=comptes,
    )


@require_safe
def instruction(request, siren, pk):
    """Ce qu’elle dit, et ce que son état permet."""
    structure, vue = _instruction_ou_404(request, siren, pk, Capacite.LIRE_SOUS_TRAITANCE)
    return commun.rendre(
        request,
        structure,
        "subtraitance/instruction_recue.html",
        structure=structure,
        instruction=vue,
        destinataire=commun.destinataire_de(vue),
        etat=commun.etat_de(vue),
        gestes=commun.peut_avancer(vue),
        chemin=_chemin(structure, vue)[:1],
    )


def accuser(request, siren, pk):
    """La structure l’a lue."""
    return _avancer(request, siren, pk, "accuser")


def executer(request, siren, pk):
    """C’est fait."""
    return _avancer(request, siren, pk, "executer")


def alerter(request, siren, pk):
    """Elle paraît illicite (RGPD art. 28-3)."""
    return _avancer(request, siren, pk, "alerter")


def _avancer(request, siren: str, pk: int, nom: str):
    structure, vue = _instruction_ou_404(request, siren, pk, Capacite.EXECUTER_INSTRUCTION)
    chemin = _chemin(structure, vue)
    return avancer(request, structure, vue, nom, retour=chemin[-1][1], chemin=chemin, structure=structure)


def _instruction_ou_404(request, siren: str, pk: int, capacite: Capacite) -> tuple[Structure, Instruction]:
    structure = structure_ou_404(request, siren, capacite)
    return structure, get_object_or_404(commun.lire(de_la_structure(structure)), pk=pk)


def _chemin(structure: Structure, vue: Instruction) -> tuple[tuple[str, str], ...]:
    return (
        ("Instructions", reverse("subtraitance:instructions_recues", args=[structure.siren])),
        (
            f"{vue.collectivite.nom}, n°\u00a0{vue.pk}",
            reverse("subtraitance:instruction_recue", args=[structure.siren, vue.pk]),
        ),
    )
