"""Pour qui une activité s’exerce : la liste, le rattachement en lot, le retrait en lot."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dpd.comptes.forms_gestes import ajouter_le_refus
from dpd.comptes.gestes import recus
from dpd.comptes.models import Structure
from dpd.comptes.regles.capacites import Capacite
from dpd.pagination import paginer
from dpd.regles.typographie import compte
from subtraitance import registre_30_2_lu as lecture
from subtraitance.actions import article_30_2 as actions
from subtraitance.forms.article_30_2 import RattachementForm, RetraitForm
from subtraitance.models import ActiviteSousTraitee
from subtraitance.views.article_30_2 import ONGLET, activite_ou_404, adresse_de, chemin_du_registre

PAR_PAGE = 50
A_COCHER = 100  # par page ; « toutes » n’a pas besoin de cocher
LONGUEUR_MAX = 150


@require_safe
def activite(request, siren, pk):
    """Les lettres a à d d’une activité, et tous les responsables qu’elle sert, page par page."""
    structure, vue = activite_ou_404(request, siren, pk, Capacite.LIRE_SOUS_TRAITANCE)
    return _page(request, structure, vue, None, frozenset())


def _page(request, structure: Structure, vue: ActiviteSousTraitee, formulaire, cochees: frozenset[str]):
    q, anciens = _recherche(request.GET), "anciens" in request.GET
    jour = actions.jour_de_la_structure(structure, timezone.now())
    contexte = {
        "onglet_actif": ONGLET,
        "structure": structure,
        "activite": vue,
        "chemin": chemin_du_registre(structure),
        "lui": lecture.structure_dite(structure),
        "sous_traitants": [lecture.prestataire_dit(fiche) for fiche in vue.sous_traitants.all()],
        "aucun_transfert": lecture.AUCUN_TRANSFERT,
        "nombre": vue.responsables.filter(jusqu_au=None).count(),
        "page": paginer(request, lecture.responsables_de(vue, q, anciens=anciens), PAR_PAGE),
        "q": q,
        "anciens": anciens,
        "formulaire": formulaire or RetraitForm(jour=jour),
        "cochees": cochees,
    }
    return render(request, "subtraitance/article_30_2_activite.html", contexte)


def _recherche(donnees) -> str:
    return donnees.get("q", "").strip()[:LONGUEUR_MAX]


def retirer(request, siren, pk):
    """Ceux que l’activité ne sert plus, cochés sur sa page."""
    structure, vue = activite_ou_404(request, siren, pk, Capacite.TENIR_SOUS_TRAITANCE)
    if request.method != "POST":
        return redirect(adresse_de(vue))
    maintenant = timezone.now()
    jour = actions.jour_de_la_structure(structure, maintenant)
    formulaire = RetraitForm(request.POST, jour=jour)
    cochees = frozenset(pk for pk in request.POST.getlist("responsables") if pk.isascii() and pk.isdigit())
    if formulaire.is_valid():
        try:
            retires = actions.retirer_responsables(
                activite=vue,
                responsables=vue.responsables.filter(pk__in=cochees),
                auteur=request.user,
                maintenant=maintenant,
                **formulaire.cleaned_data,
            )
        except ValidationError as refus:
            ajouter_le_refus(formulaire, refus)
        else:
            fait = compte(retires, "responsable n’est plus servi", "responsables ne sont plus servis")
            messages.success(request, f"{fait}.")
            return redirect(adresse_de(vue))
    return _page(request, structure, vue, formulaire, cochees)


def rattacher(request, siren, pk):
    """Les collectivités que l’activité sert : cochées, ou toutes celles que la recherche trouve."""
    structure, vue = activite_ou_404(request, siren, pk, Capacite.TENIR_SOUS_TRAITANCE)
    if vue.fin is not None:
        messages.error(request, actions.ARRETEE)
        return redirect(adresse_de(vue))
    donnees = recus(request)[0]
    q = _recherche(request.GET)
    trouvees = lecture.a_rattacher(vue, q)
    formulaire = RattachementForm(donnees)
    cochees = frozenset(donnees.getlist("collectivites")) if donnees is not None else frozenset()
    if request.method == "POST" and formulaire.is_valid():
        toutes = request.POST.get("geste") == "toutes"
        choisies = trouvees if toutes else structure.collectivites.filter(siren__in=cochees)
        if not toutes and len(choisies) < len(cochees):
            formulaire.add_error(None, actions.D_AILLEURS)  # un SIREN inconnu n’a pas d’autre réponse
        elif _rattacher(request, vue, formulaire, choisies):
            return redirect(adresse_de(vue))
    contexte = {
        "onglet_actif": ONGLET,
        "structure": structure,
        "activite": vue,
        "chemin": (*chemin_du_registre(structure), (vue.nom, adresse_de(vue))),
        "formulaire": formulaire,
        "page": paginer(request, trouvees, A_COCHER),
        "tout": "tout" in request.GET,
        "cochees": cochees,
        "q": q,
    }
    return render(request, "subtraitance/article_30_2_rattacher.html", contexte)


def _rattacher(request, vue: ActiviteSousTraitee, formulaire, choisies) -> bool:
    """Vrai si c’est fait ; sinon le refus est dans le formulaire, les cases restent cochées."""
    try:
        faits = actions.rattacher(
            activite=vue,
            collectivites=choisies,
            auteur=request.user,
            maintenant=timezone.now(),
            **formulaire.cleaned_data,
        )
    except ValidationError as refus:
        ajouter_le_refus(formulaire, refus)
        return False
    nombre = compte(len(faits.nouveaux), "collectivité rattachée", "collectivités rattachées")
    messages.success(request, f"{nombre} à «\u00a0{vue.nom}\u00a0».")
    return True
