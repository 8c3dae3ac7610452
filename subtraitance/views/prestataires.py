"""Les prestataires d’une collectivité : ses contrats, l’annuaire où les choisir, la fiche de chacun."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.forms_gestes import ajouter_le_refus
from dpd.comptes.gestes import recus
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.sortie import rendre, verifier_format
from dpd.pagination import paginer
from dpd.pieces.views import servir
from subtraitance import annuaire_lu, autorisations_lues, contrats_lus
from subtraitance.actions.annuaire import proposer_prestataire
from subtraitance.actions.autorisations import jour_local
from subtraitance.exports.contrats import contrats_en_document
from subtraitance.fiche_lue import fiche_vue, justificatif_ou_404
from subtraitance.forms.annuaire import ProposerForm
from subtraitance.models import Contrat
from subtraitance.views.annuaire_commun import ONGLET, fiche_de


@require_safe
def prestataires(request, siren):
    """Ce qui presse d’abord : un terme qui approche, des clauses qui manquent, une décision attendue."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONTRATS)
    jour = jour_local(collectivite, timezone.now())
    filtres = contrats_lus.Filtres.lire(request.GET)
    tous = contrats_lus.de_la_collectivite(collectivite)
    comptes = contrats_lus.compter(tous, jour)
    requete = contrats_lus.pour_liste(contrats_lus.filtrer(tous, filtres, jour))
    page = paginer(request, requete, total=None if filtres.actifs else comptes["total"])
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": ONGLET,
        "page": page,
        "lignes": contrats_lus.lignes(page, jour),
        "filtres": filtres,
        "comptes": comptes,
        "etats": contrats_lus.ETATS.items(),
        "la_structure": _la_structure_sans_contrat(collectivite),
    }
    fragment = request.htmx and not request.htmx.boosted
    nom = "subtraitance/prestataires_lignes.html" if fragment else "subtraitance/prestataires.html"
    reponse = render(request, nom, contexte)
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


def _la_structure_sans_contrat(collectivite):
    """La fiche de la structure, si cette collectivité n’a pas encore noté leur contrat."""
    fiches = annuaire_lu.annuaire(collectivite.structure).filter(est_la_structure=True)
    siens = Contrat.objects.filter(collectivite=collectivite, clos_le__isnull=True)
    return fiches.exclude(pk__in=siens.values("sous_traitant")).first()


@require_http_methods(["GET", "POST"])
def proposer(request, siren):
    """Chercher d’abord dans l’annuaire ; ce qui n’y est pas se propose, et sert aussitôt."""
    collectivite = collectivite_ou_404(request, siren, Capacite.TENIR_CONTRATS)
    q = request.GET.get("q", "").strip()[: annuaire_lu.LONGUEUR_MAX]
    trouves = annuaire_lu.chercher(annuaire_lu.annuaire(collectivite.structure), q) if q else ()
    page = paginer(request, trouves)
    formulaire = ProposerForm(recus(request)[0], initial={"nom": q})
    if request.method == "POST" and formulaire.is_valid():
        try:
            fiche = proposer_prestataire(
                structure=collectivite.structure,
                collectivite=collectivite,
                auteur=request.user,
                maintenant=timezone.now(),
                **formulaire.saisie(),
            )
        except ValidationError as refus:
            ajouter_le_refus(formulaire, refus)
        else:
            messages.success(request, f"{fiche.nom} est dans l’annuaire. Ajoutez maintenant votre contrat.")
            return redirect("registre:nouveau_contrat", siren, fiche.pk)
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": ONGLET,
        "q": q,
        "page": page,
        "lignes": [annuaire_lu.ligne(fiche) for fiche in page],
        "formulaire": formulaire,
    }
    return render(request, "subtraitance/prestataire_proposer.html", contexte)


@require_safe
def prestataire(request, siren, pk):
    """La fiche de l’annuaire, et les contrats de cette collectivité avec lui ; rien des autres."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONTRATS)
    fiche = fiche_de(collectivite.structure, pk)
    if fiche.fusionne_dans_id is not None:
        return redirect("subtraitance:prestataire", siren, fiche.fusionne_dans_id)
    jour = jour_local(collectivite, timezone.now())
    siens = contrats_lus.de_la_collectivite(collectivite).filter(sous_traitant=fiche)
    requete = contrats_lus.pour_liste(contrats_lus.filtrer(siens, contrats_lus.Filtres(), jour))
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": ONGLET,
        "fiche": fiche,
        "vue": fiche_vue(fiche, jour),
        "contrats": contrats_lus.lignes(requete[:100], jour),
        "autorisations": autorisations_lues.chez(collectivite, fiche, jour),
        "annonces": annuaire_lu.annonces(fiche, collectivite),
    }
    return render(request, "subtraitance/prestataire.html", contexte)


@require_GET
def justificatif(request, siren, pk, certification) -> HttpResponse:
    """La pièce d’une certification : la fiche est partagée, son justificatif aussi."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONTRATS)
    piece = justificatif_ou_404(fiche_de(collectivite.structure, pk), certification)
    return servir(request, piece, collectivite)


@require_GET
def exporter(request, siren, format):
    """Le registre des contrats de la collectivité."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONTRATS)
    verifier_format(format)
    maintenant = timezone.now()
    return rendre(
        request,
        collectivite,
        contrats_en_document(collectivite, maintenant),
        format,
        nom=nom_de_fichier("registre des contrats", collectivite, maintenant),
        detail="registre des contrats de sous-traitance",
        maintenant=maintenant,
    )
