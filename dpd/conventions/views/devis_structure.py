"""Les devis d’une structure : ceux qui attendent d’abord, et la proposition à rédiger."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, Count, IntegerField, Value, When
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from dpd.conventions import affichage_devis
from dpd.conventions.acces_etats import jour_de
from dpd.conventions.actions import devis as actions
from dpd.conventions.forms.devis import PropositionForm
from dpd.conventions.models import Bareme, Devis
from dpd.conventions.regles.devis import EtatDevis
from dpd.conventions.views.devis import PAGE, devis_ou_404, jour_chez
from dpd.pagination import paginer

VALIDITE = timedelta(days=90)
# Ce qui attend la structure vient d’abord, puis ce qui attend la collectivité.
ORDRE = Case(
    When(etat__in=[EtatDevis.DEMANDE.value, EtatDevis.AUDIT.value], then=Value(0)),
    When(etat=EtatDevis.PROPOSE.value, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@require_safe
def devis_structure(request, siren):
    """Tous les devis du portefeuille ; ``?etat=`` n’en garde qu’un état."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    tous = Devis.objects.filter(collectivite__structure=structure)
    etat = request.GET.get("etat", "")
    etat = etat if etat in set(EtatDevis) else ""
    requete = (tous.filter(etat=etat) if etat else tous).select_related("collectivite")
    page = paginer(request, requete.order_by(ORDRE, "-demande_le", "-pk"))
    jour = jour_de(structure, timezone.now())
    comptes = dict(tous.order_by().values_list("etat").annotate(Count("pk")))
    contexte = {
        "onglet_actif": "conventions",
        "page": "devis",
        "structure": structure,
        "pages": page,
        "lignes": [affichage_devis.lire(d, jour) for d in page.object_list],
        "etat": etat,
        "etats": [(e.value, e.label, comptes.get(e.value, 0)) for e in EtatDevis],
    }
    return render(request, "conventions/devis_structure.html", contexte)


def devis_proposer(request, siren, pk):
    """Rédiger la proposition, l’enregistrer autant de fois qu’on veut, puis l’envoyer."""
    collectivite, devis = devis_ou_404(request, siren, pk, Capacite.GERER_DEVIS)
    if devis.etape is not EtatDevis.AUDIT:
        messages.error(request, f"Rien à proposer\u00a0: le devis est «\u00a0{devis.etape.label}\u00a0».")
        return redirect("conventions:devis", siren, pk)
    maintenant = timezone.now()
    brouillon = request.POST.get("geste") == "preparer"
    formulaire = PropositionForm(
        donnees_recues(request),
        initial=_initial(devis, jour_chez(collectivite, maintenant)),
        brouillon=brouillon,
        jour=jour_chez(collectivite, maintenant),
    )
    if request.method == "POST" and formulaire.is_valid():
        geste = actions.preparer if brouillon else actions.proposer
        if _executer(request, formulaire, geste, devis, maintenant):
            if brouillon:
                messages.success(request, "La proposition est enregistrée, sans être envoyée.")
                return redirect("conventions:devis_proposer", siren, pk)
            messages.success(request, "La proposition est envoyée\u00a0: la collectivité décide.")
            return redirect("conventions:devis", siren, pk)
    contexte = {**PAGE, "devis": devis, "formulaire": formulaire}
    return render(request, "conventions/devis_proposer.html", contexte)


def _initial(devis: Devis, jour) -> dict:
    """Ce qui est déjà rédigé, sinon le prix du barème et trois mois de validité."""
    structure = devis.collectivite.structure
    bareme = Bareme.objects.applicables(structure, jour).first()
    return {
        "audit": devis.audit,
        "volet_administratif": devis.volet_administratif,
        "plan_actions": devis.plan_actions,
        "ponctuel": "oui" if devis.ponctuel else "non",
        "exercice": devis.exercice or jour.year,
        "jours_mise_en_place": devis.jours_mise_en_place,
        "jours_accompagnement": devis.jours_accompagnement,
        "prix_jour": devis.prix_jour if devis.prix_jour is not None else bareme and bareme.cout_journee,
        "prix_revisable": devis.prix_revisable,
        "valable_jusqu_au": devis.valable_jusqu_au or jour + VALIDITE,
    }


def _executer(request, formulaire, geste, devis, maintenant) -> bool:
    """Vrai si le geste est fait ; sinon son refus est dans le formulaire."""
    try:
        geste(devis=devis, auteur=request.user, maintenant=maintenant, **formulaire.cleaned_data)
    except ValidationError as refus:
        formulaire.add_error(None, refus)
        return False
    except ValueError as refus:
        formulaire.add_error(None, str(refus))
        return False
    return True
