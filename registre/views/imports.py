"""Importer un registre : un aperçu où rien n’est écrit, puis une confirmation."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.regles.capacites import Capacite
from dpd.documents.lecteur import FichierIllisible
from dpd.regles.typographie import compte
from registre.forms.imports import ConfirmationForm, FichierForm
from registre.imports import Lecture, lire_registre
from registre.imports import apercu as apercus
from registre.imports.actions import importer as creer_les_fiches

MONTREES = 200  # fiches et constats affichés ; le nombre total est toujours dit


@require_http_methods(["GET", "POST"])
def importer(request, siren):
    """Le fichier, puis ce qu’il contient. Rien n’est écrit au registre ici."""
    collectivite = collectivite_ou_404(request, siren, Capacite.TENIR_REGISTRE)
    formulaire = FichierForm(request.POST, request.FILES) if request.method == "POST" else FichierForm()
    lecture = _lire(formulaire) if formulaire.is_valid() else None
    if lecture is None or lecture.erreurs:
        return _page_de_depot(request, formulaire, lecture)
    apercu = apercus.apercevoir(lecture, formulaire.cleaned_data["fichier"].name)
    try:
        cle = apercus.garder(apercu, utilisateur=request.user, collectivite=collectivite)
    except FichierIllisible as refus:
        formulaire.add_error("fichier", str(refus))
        return _page_de_depot(request, formulaire, None)
    noms = apercus.noms_au_registre(collectivite)
    confirmation = _confirmation(apercu, collectivite, noms, initial={"apercu": cle})
    return _page_d_apercu(request, collectivite, apercu, noms, confirmation)


def _lire(formulaire: FichierForm) -> Lecture | None:
    """La lecture du fichier ; un refus revient sous son champ."""
    fichier = formulaire.cleaned_data["fichier"]
    try:
        return lire_registre(fichier.name, fichier.read())
    except FichierIllisible as refus:
        formulaire.add_error("fichier", str(refus))
        return None


def _page_de_depot(request, formulaire, lecture):
    contexte = {
        "onglet_actif": "registre",
        "formulaire": formulaire,
        "lecture": lecture,
        "erreurs": lecture.erreurs[:MONTREES] if lecture else [],
    }
    return render(
        request, "registre/importer.html", contexte, status=422 if request.method == "POST" else 200
    )


def _confirmation(apercu, collectivite, noms, data=None, initial=None) -> ConfirmationForm:
    return ConfirmationForm(
        data,
        initial=initial,
        avec_doublons=any(apercus.est_doublon(fiche, noms) for fiche in apercu.fiches),
        autre=bool(apercu.siren) and apercu.siren != collectivite.siren,
    )


def _page_d_apercu(request, collectivite, apercu, noms, confirmation, status=200):
    contexte = {
        "onglet_actif": "registre",
        "apercu": apercu,
        "lignes": apercus.lignes_apercues(apercu, collectivite, noms, MONTREES),
        "nb_doublons": sum(apercus.est_doublon(fiche, noms) for fiche in apercu.fiches),
        "confirmation": confirmation,
    }
    return render(request, "registre/importer_apercu.html", contexte, status=status)


@require_POST
def confirmer(request, siren):
    """Crée les brouillons que l’aperçu a montrés, tous ou aucun."""
    collectivite = collectivite_ou_404(request, siren, Capacite.TENIR_REGISTRE)
    cle = request.POST.get("apercu", "")
    pour = {"utilisateur": request.user, "collectivite": collectivite}
    apercu = apercus.reprendre(cle, **pour)
    if apercu is None:
        return _perime(request, siren)
    noms = apercus.noms_au_registre(collectivite)
    confirmation = _confirmation(apercu, collectivite, noms, request.POST)
    if not confirmation.is_valid():
        return _page_d_apercu(request, collectivite, apercu, noms, confirmation, status=422)
    avec_doublons = confirmation.cleaned_data.get("doublons", False)
    fiches = [f for f in apercu.fiches if avec_doublons or not apercus.est_doublon(f, noms)]
    if not fiches:
        confirmation.add_error("doublons", "Toutes ces fiches sont déjà au registre.")
        return _page_d_apercu(request, collectivite, apercu, noms, confirmation, status=422)
    if not apercus.oublier(cle, **pour):
        return _perime(request, siren)
    return _creer(request, collectivite, apercu, fiches)


def _perime(request, siren):
    """Trop ancien, ou déjà confirmé par un premier envoi : l’aperçu oublié ne dit plus lequel des deux."""
    messages.error(
        request,
        "Cet aperçu n’est plus valable. S’il vient d’être confirmé, ses fiches sont au registre\u00a0; sinon "
        "rien n’est écrit, donnez de nouveau le fichier.",
    )
    return redirect("registre:importer", siren)


def _creer(request, collectivite, apercu, fiches):
    try:
        versions = creer_les_fiches(
            collectivite=collectivite,
            fiches=fiches,
            fichier=apercu.fichier,
            auteur=request.user,
            maintenant=timezone.now(),
            request=request,
        )
    except ValidationError as refus:
        messages.error(request, f"Rien n’est écrit. {' '.join(refus.messages)}")
        return redirect("registre:importer", collectivite.siren)
    messages.success(
        request,
        f"{compte(len(versions), 'brouillon créé', 'brouillons créés')}. "
        "Complétez-les, puis transmettez-les à votre DPD.",
    )
    return redirect("registre:liste", collectivite.siren)
