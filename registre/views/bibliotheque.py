"""La bibliothèque du DPD : ce que valent les modèles, qui les suit, et ceux de la structure."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.forms_gestes import ajouter_le_refus
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import reprendre
from registre import actions_modeles as actions
from registre import presentation_modeles as presentation
from registre.enums import EtatModele
from registre.forms.commun import Rangees
from registre.forms_modeles import NOUVELLES_DUREES, DureeProposeeForm, FiltreBibliothequeForm, ModeleForm
from registre.modeles_suivis import PERSONNE, correspond, entrees, suivis
from registre.models import ModeleTraitement
from registre.views.modeles import contenu_lu

ONGLET = "bibliotheque"


@require_safe
def bibliotheque(request, siren):
    structure = structure_ou_404(request, siren, Capacite.PUBLIER_MODELES)
    toutes = entrees(structure)
    filtre = FiltreBibliothequeForm(
        request.GET or None, domaines=list(dict.fromkeys(e.modele.domaine for e in toutes))
    )
    lignes = [_ligne(e) for e in toutes if _est_voulue(e, filtre)]
    return render(
        request,
        "registre/bibliotheque.html",
        {
            "onglet_actif": ONGLET,
            "chemin": [],
            "filtre": filtre,
            "lignes": lignes,
            "nb_total": len(toutes),
            "avertissement": _avertissement(toutes),
        },
    )


def _est_voulue(entree, filtre) -> bool:
    filtre.is_valid()
    demande = getattr(filtre, "cleaned_data", {})
    return (
        correspond(entree.version, demande.get("mot", ""))
        and demande.get("domaine", "") in ("", entree.modele.domaine)
        and _est_pour(entree, demande.get("entite", ""))
        and demande.get("preuve", "") in ("", entree.preuve)
    )


def _est_pour(entree, type_organisme: str) -> bool:
    return not type_organisme or f"|{type_organisme}|" in entree.modele.entites


def _ligne(entree) -> dict:
    return {
        "entree": entree,
        "preuve": presentation.preuve(entree.preuve),
        "organismes": presentation.types_d_organismes(entree.version),
        "en_retard": entree.suivi.en_retard(entree.version.numero),
    }


def _avertissement(toutes) -> list[str]:
    """Celui de l’édition la plus récente de la bibliothèque commune."""
    communes = [e.version for e in toutes if e.modele.structure_id is None and e.version.publiee_le]
    return max(communes, key=lambda v: v.publiee_le).sources["avertissement"] if communes else []


def _modele_ou_404(structure, pk) -> tuple[ModeleTraitement, list]:
    modele = ModeleTraitement.objects.pour_structure(structure).filter(pk=pk).first()
    versions = list(modele.versions.select_related("publiee_par").order_by("-numero")) if modele else []
    if not versions:
        raise Http404
    for version in versions:
        version.modele = modele
    return modele, versions


def _montree(versions):
    return next((v for v in versions if v.est_courante), versions[0])


@require_safe
def modele_structure(request, siren, pk):
    structure = structure_ou_404(request, siren, Capacite.PUBLIER_MODELES)
    modele, versions = _modele_ou_404(structure, pk)
    version = _montree(versions)
    suivi = suivis(structure).get(modele.pk, PERSONNE)
    return render(
        request,
        "registre/bibliotheque_modele.html",
        {
            "onglet_actif": ONGLET,
            "chemin": [("Fiches modèles", reverse("registre:bibliotheque", args=[structure.siren]))],
            "modele": modele,
            "version": version,
            "brouillon": next((v for v in versions if v.etat == EtatModele.BROUILLON), None),
            "adapte": _adapte(structure, modele),
            "suivi": suivi,
            "en_retard": suivi.en_retard(version.numero),
            "histoire": _histoire(versions),
            **contenu_lu(version, avec_preuves=True),
        },
    )


def _adapte(structure, modele):
    """La copie que la structure a déjà faite d’un modèle commun."""
    if modele.structure_id is not None:
        return None
    return ModeleTraitement.objects.filter(structure=structure, code=modele.code).first()


def _histoire(versions) -> list[dict]:
    """Les versions, de la plus récente à la plus ancienne, chacune avec ce qu’elle change."""
    precedentes = [*versions[1:], None]
    return [
        {"version": v, "ecarts": presentation.ecarts(avant, v) if avant else [], "premiere": avant is None}
        for v, avant in zip(versions, precedentes, strict=True)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def modele_modifier(request, siren, pk):
    structure = structure_ou_404(request, siren, Capacite.PUBLIER_MODELES)
    modele, versions = _modele_ou_404(structure, pk)
    brouillon = next((v for v in versions if v.etat == EtatModele.BROUILLON), None)
    if request.method == "POST":  # publié depuis : l’action le refuse, la saisie reste à l’écran
        brouillon = brouillon or versions[0]
    if brouillon is None or modele.structure_id is None:
        raise Http404
    saisie = request.POST if request.method == "POST" else reprendre(request)
    formulaire, durees = _formulaires(brouillon, saisie)
    # Les deux se contrôlent toujours : toutes les erreurs se disent d’un coup.
    if request.method == "POST" and all([formulaire.is_valid(), durees.est_valide()]):
        try:
            actions.enregistrer_brouillon(
                version=brouillon,
                durees=[r.ligne() for r in durees if r.cleaned_data.get("objet")],
                auteur=request.user,
                maintenant=timezone.now(),
                **formulaire.cleaned_data,
            )
        except ValidationError as refus:
            ajouter_le_refus(formulaire, refus)
        else:
            messages.success(request, "Brouillon enregistré. Il n’est pas encore proposé aux collectivités.")
            return redirect("registre:modele_structure", structure.siren, modele.pk)
    return render(
        request,
        "registre/bibliotheque_modifier.html",
        {
            "onglet_actif": ONGLET,
            "chemin": [
                ("Fiches modèles", reverse("registre:bibliotheque", args=[structure.siren])),
                (brouillon.nom, reverse("registre:modele_structure", args=[structure.siren, modele.pk])),
            ],
            "modele": modele,
            "version": brouillon,
            "formulaire": formulaire,
            "durees": durees,
            "durees_a_reprendre": sum(bool(r.errors) for r in durees),
        },
    )


def _formulaires(brouillon, saisie):
    initial = {
        "nom": brouillon.nom,
        "description": brouillon.contenu["description"],
        "vigilance": "\n".join(brouillon.vigilance),
        "note_de_version": brouillon.note_de_version,
    }
    existantes = [{**ligne, **(ligne["duree"] or {})} for ligne in brouillon.durees]
    return (
        ModeleForm(saisie, initial=initial),
        Rangees(DureeProposeeForm, "duree", existantes, saisie, vides=NOUVELLES_DUREES),
    )


@require_POST
def modele_adapter(request, siren, pk):
    structure = structure_ou_404(request, siren, Capacite.PUBLIER_MODELES)
    modele, versions = _modele_ou_404(structure, pk)
    try:
        copie = actions.adapter(
            version=_montree(versions), structure=structure, auteur=request.user, maintenant=timezone.now()
        )
    except ValidationError as erreur:
        return _refuser(request, structure, modele, erreur)
    messages.success(request, "Copie créée. Retouchez-la, puis publiez-la pour vos collectivités.")
    return redirect("registre:modele_modifier", structure.siren, copie.modele_id)


@require_POST
def modele_version(request, siren, pk):
    structure = structure_ou_404(request, siren, Capacite.PUBLIER_MODELES)
    modele, _ = _modele_ou_404(structure, pk)
    try:
        actions.preparer_version(modele=modele, auteur=request.user, maintenant=timezone.now())
    except ValidationError as erreur:
        return _refuser(request, structure, modele, erreur)
    return redirect("registre:modele_modifier", structure.siren, modele.pk)


@require_POST
def modele_publier(request, siren, pk):
    structure = structure_ou_404(request, siren, Capacite.PUBLIER_MODELES)
    modele, versions = _modele_ou_404(structure, pk)
    try:
        version = _celle_qu_on_lisait(request, versions)
        actions.publier(version=version, auteur=request.user, maintenant=timezone.now())
    except ValidationError as erreur:
        return _refuser(request, structure, modele, erreur)
    messages.success(request, f"Version {version.numero} publiée. Vos collectivités peuvent la choisir.")
    return redirect("registre:modele_structure", structure.siren, modele.pk)


@require_POST
def modele_retirer(request, siren, pk):
    structure = structure_ou_404(request, siren, Capacite.PUBLIER_MODELES)
    modele, versions = _modele_ou_404(structure, pk)
    try:
        version = _celle_qu_on_lisait(request, versions)
        abandonne = version.etat == EtatModele.BROUILLON
        actions.retirer(version=version, auteur=request.user, maintenant=timezone.now())
    except ValidationError as erreur:
        return _refuser(request, structure, modele, erreur)
    retire = "Modèle retiré. Les fiches déjà créées ne changent pas."
    messages.success(request, "Brouillon abandonné." if abandonne else retire)
    return redirect("registre:modele_structure", structure.siren, modele.pk)


def _celle_qu_on_lisait(request, versions):
    """La version que montrait la page, dans le même état.

    « Abandonner », envoyé d’une page ouverte avant la publication, retirerait la version publiée ;
    « Retirer », après un brouillon abandonné, viserait ce brouillon.

    :raises ValidationError: si elle a changé depuis.
    """
    lue = next((v for v in versions if v.etat_lu == request.POST.get("lu")), None)
    if lue is None:
        raise ValidationError(actions.CHANGE)
    return lue


def _refuser(request, structure, modele, erreur: ValidationError):
    messages.error(request, " ".join(erreur.messages))
    return redirect("registre:modele_structure", structure.siren, modele.pk)
