"""L’annuaire partagé, côté structure : la liste, la fiche, l’export."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_safe

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.sortie import rendre, verifier_format
from dpd.pagination import paginer
from dpd.pieces.views import servir
from dpd.vocabulaire import TypePrestataire
from subtraitance import annuaire_lu
from subtraitance.actions.annuaire_commun import jour_de
from subtraitance.annuaire_historique import evenements
from subtraitance.exports.annuaire import annuaire_en_document
from subtraitance.fiche_lue import fiche_vue, justificatif_ou_404
from subtraitance.views.annuaire_commun import ONGLET, adresse_fiche, fiche_de


@require_safe
def annuaire(request, siren):
    """Une fiche par prestataire, pour toutes les collectivités ; leur nombre, jamais leur nom."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_SOUS_TRAITANCE)
    filtres = annuaire_lu.Filtres.lire(request.GET)
    comptes = annuaire_lu.compter(structure)
    requete = annuaire_lu.filtrer(annuaire_lu.annuaire(structure), filtres)
    requete = annuaire_lu.avec_le_nombre(requete, jour_de(structure, timezone.now()))
    page = paginer(request, requete, total=None if filtres.actifs else comptes["total"])
    contexte = {
        "onglet_actif": ONGLET,
        "page": page,
        "lignes": [annuaire_lu.ligne(fiche) for fiche in page],
        "filtres": filtres,
        "comptes": comptes,
        "etats": annuaire_lu.ETATS.items(),
        "types": TypePrestataire.choices,
        "pays": annuaire_lu.pays_presents(structure),
        "sans_la_structure": not annuaire_lu.a_la_structure(structure),
    }
    fragment = request.htmx and not request.htmx.boosted
    nom = "subtraitance/annuaire_lignes.html" if fragment else "subtraitance/annuaire.html"
    reponse = render(request, nom, contexte)
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


@require_safe
def fiche(request, siren, pk):
    """La fiche entière ; au DPD seul, quelles collectivités y ont un contrat et qui a écrit quoi."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_SOUS_TRAITANCE)
    lue = fiche_de(structure, pk)
    if lue.fusionne_dans is not None:
        lue.fusionne_dans.structure = structure
        return redirect(adresse_fiche(lue.fusionne_dans))
    jour = jour_de(structure, timezone.now())
    tient = request.acces.peut_structure(Capacite.TENIR_ANNUAIRE, structure)
    contexte = {
        "onglet_actif": ONGLET,
        "fiche": lue,
        "vue": fiche_vue(lue, jour),
        "tient": tient,
        "contrats": annuaire_lu.contrats_lies(lue, jour)[: annuaire_lu.LIES_MAX] if tient else (),
        "liees": annuaire_lu.combien_liees(lue, jour),
        "annonces": annuaire_lu.annonces(lue),
        "evenements": evenements(lue, nominatif=tient),
        "homonymes": annuaire_lu.homonymes(lue) if tient else (),
    }
    return render(request, "subtraitance/annuaire_fiche.html", contexte)


@require_GET
def justificatif(request, siren, pk, certification) -> HttpResponse:
    """La pièce d’une certification, à qui lit l’annuaire de la structure."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_SOUS_TRAITANCE)
    return servir(request, justificatif_ou_404(fiche_de(structure, pk), certification), structure)


@require_GET
def exporter(request, siren, format):
    """L’annuaire entier, tel que la structure le lit."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_SOUS_TRAITANCE)
    verifier_format(format)
    maintenant = timezone.now()
    document = annuaire_en_document(structure, maintenant)
    return rendre(
        request,
        structure,
        document,
        format,
        nom=nom_de_fichier("annuaire des prestataires", structure, maintenant),
        detail="annuaire des prestataires",
        maintenant=maintenant,
    )
