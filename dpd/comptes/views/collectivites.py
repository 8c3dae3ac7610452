"""Ouvrir, lire et modifier une collectivité."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dpd.comptes import actions_collectivites as actions
from dpd.comptes import preremplissage
from dpd.comptes.acces import collectivite_ou_404, structure_ou_404
from dpd.comptes.enums import TypeCollectivite
from dpd.comptes.forms_collectivites import CollectiviteForm
from dpd.comptes.historique import evenements
from dpd.comptes.models import Collectivite, Commune, Epci
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.regles.denomination import LIEES
from dpd.comptes.saisie import donnees_recues
from dpd.comptes.views.communes import choisir

REPRISE = "Votre session avait expiré. Votre saisie est revenue\u00a0: vérifiez-la, puis enregistrez."


@require_safe
def collectivite(request, siren):
    """Qui elle est, qui la représente, qui joindre, ce qui a changé."""
    collectivite = collectivite_ou_404(request, siren, Capacite.VOIR_COLLECTIVITE)
    liees = _liees(request, collectivite)
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": "contacts",
        "contacts": collectivite.contacts.order_by(
            F("jusqu_au").desc(nulls_first=True), "fonction", "-depuis"
        ),
        "liees": liees,
        "a_ajouter": _a_ajouter(collectivite, liees),
        "evenements": evenements(collectivite),
    }
    return render(request, "comptes/collectivite.html", contexte)


def _liees(request, collectivite: Collectivite) -> list[Collectivite]:
    """Les organismes de la même commune que la personne peut voir."""
    if not collectivite.code_insee:
        return []
    memes = Collectivite.objects.filter(
        structure=collectivite.structure, code_insee=collectivite.code_insee
    ).exclude(pk=collectivite.pk)
    return [c for c in memes if request.acces.peut(Capacite.VOIR_COLLECTIVITE, c)]


def _a_ajouter(collectivite: Collectivite, liees: list[Collectivite]) -> list[tuple[str, str]]:
    """Les organismes rattachés à une commune qui ne sont pas encore suivis."""
    if collectivite.type != TypeCollectivite.COMMUNE:
        return []
    suivis = {c.type for c in liees}
    return [(type_.value, courte) for type_, (_, courte) in LIEES.items() if type_ not in suivis]


def creer_collectivite(request, siren):
    """Préremplie du référentiel, ou de la commune à laquelle l’organisme se rattache."""
    structure = structure_ou_404(request, siren, Capacite.GERER_COLLECTIVITE)
    maintenant = timezone.now()
    donnees = donnees_recues(request)
    initial = _initial(request, structure)
    if donnees is None and initial is None:
        return choisir(request, structure)
    formulaire = CollectiviteForm(
        donnees, initial=initial, structure=structure, jour=timezone.localdate(maintenant)
    )
    if request.method == "POST" and formulaire.is_valid():
        nouvelle = _executer(
            formulaire,
            actions.creer_collectivite,
            structure=structure,
            auteur=request.user,
            maintenant=maintenant,
        )
        if nouvelle:
            messages.success(request, f"Ajout au portefeuille\u00a0: {nouvelle.denomination}.")
            return redirect("comptes:collectivite", nouvelle.siren)
    contexte = {
        "structure": structure,
        "onglet_actif": "collectivites",
        "formulaire": formulaire,
        "reprise": REPRISE if request.method == "GET" and donnees is not None else "",
    }
    return render(request, "comptes/collectivite_nouvelle.html", contexte)


def _initial(request, structure) -> dict | None:
    """Ce que l’adresse désigne : commune, intercommunalité, rattachement ou type ; sinon None."""
    demande = request.GET
    if commune := Commune.objects.filter(pk=demande.get("commune", "")).first():
        return preremplissage.depuis_commune(commune)
    if epci := Epci.objects.filter(pk=demande.get("epci", "")).first():
        return preremplissage.depuis_epci(epci)
    type_ = demande.get("type", "")
    mere = Collectivite.objects.filter(structure=structure, siren=demande.get("depuis", "")).first()
    if mere and type_ in LIEES:
        return preremplissage.depuis_collectivite(mere, type_)
    if type_ in TypeCollectivite.values:
        return {"type": type_, "territoire": structure.territoire}
    return None


def modifier_collectivite(request, siren):
    collectivite = collectivite_ou_404(request, siren, Capacite.GERER_COLLECTIVITE)
    maintenant = timezone.now()
    donnees = donnees_recues(request)
    formulaire = CollectiviteForm(
        donnees,
        instance=Collectivite.objects.get(pk=collectivite.pk),
        structure=collectivite.structure,
        jour=timezone.localdate(maintenant),
    )
    if request.method == "POST" and formulaire.is_valid():
        modifiee = _executer(
            formulaire,
            actions.modifier_collectivite,
            collectivite=collectivite,
            auteur=request.user,
            maintenant=maintenant,
        )
        if modifiee:
            messages.success(request, "La collectivité est à jour.")
            return redirect("comptes:collectivite", modifiee.siren)
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": "contacts",
        "formulaire": formulaire,
        "reprise": REPRISE if request.method == "GET" and donnees is not None else "",
    }
    return render(request, "comptes/collectivite_modifier.html", contexte)


def _executer(formulaire, action, **arguments):
    """L’action, ou None si elle refuse ; son refus revient sous les champs."""
    try:
        return action(**arguments, **formulaire.cleaned_data)
    except ValidationError as refus:
        formulaire.add_error(None, refus)
        return None
