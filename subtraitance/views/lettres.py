"""Les lettres d’une demande : proposées d’après le dossier, retouchées, enregistrées, téléchargées."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.enums import NatureAcces
from dpd.comptes.forms_gestes import ajouter_le_refus
from dpd.comptes.journal import consigner
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from dpd.documents.reponse import par_fichier
from dpd.documents.surete import nom_de_fichier as nom_sur
from dpd.regles.typographie import instant_court
from subtraitance.actions.lettres import ecrire_lettre
from subtraitance.exports.lettres import SORTIES, imprime, libelle_de
from subtraitance.forms.lettres import LettreForm
from subtraitance.lettres import lettre_proposee
from subtraitance.models import DemandeDroits, LettreDemande
from subtraitance.regles.lettres_modeles import MODELES, TypeLettre, types_pour
from subtraitance.regles.lettres_texte import a_completer
from subtraitance.views.dossier_commun import ONGLET, arguments, chemin_de, demande_ou_404, page_de

ENREGISTREE = "La lettre est enregistrée. Rien n’est envoyé\u00a0: imprimez-la, signez-la, faites-la partir."


def lettre(request, siren, annee, rang, type):
    """La lettre de ce type, à retoucher ; chaque version enregistrée reste au dossier."""
    capacite = Capacite.TENIR_DEMANDES if request.method == "POST" else Capacite.LIRE_DEMANDES
    _, demande = demande_ou_404(request, siren, annee, rang, capacite)
    proposes = types_pour(demande.regime)
    if type not in proposes:
        raise Http404(f"Lettre inconnue, ou d’un autre régime\u00a0: {type}")
    type_, maintenant = TypeLettre(type), timezone.now()
    versions = list(demande.lettres.exclude(texte="").select_related("auteur").order_by("-ecrite_le", "-pk"))
    formulaire = LettreForm(
        donnees_recues(request), initial={"texte": _depart(request, demande, type_, versions, maintenant)}
    )
    if request.method == "POST" and formulaire.is_valid():
        try:
            ecrite = ecrire_lettre(
                demande=demande,
                type_=type_,
                texte=formulaire.cleaned_data["texte"],
                auteur=request.user,
                maintenant=maintenant,
            )
        except ValidationError as refus:
            ajouter_le_refus(formulaire, refus)
        else:
            return _suite(request, demande, ecrite)
    contexte = _contexte(request, demande, type_, formulaire, versions)
    return render(request, "subtraitance/lettre.html", contexte)


def _depart(request, demande: DemandeDroits, type_: TypeLettre, versions: list, maintenant) -> str:
    """La version demandée, sinon la dernière de ce type, sinon ce que propose le dossier."""
    siennes = [version for version in versions if version.type == type_]
    voulue = request.GET.get("version", "")
    choisie = next((version for version in siennes if str(version.pk) == voulue), None)
    if choisie is None and siennes and "reprendre" not in request.GET:
        choisie = siennes[0]
    return choisie.texte if choisie else lettre_proposee(demande, type_, maintenant)


def _suite(request, demande: DemandeDroits, ecrite: LettreDemande):
    """Le fichier si on l’a demandé du même geste, sinon la page."""
    sortie = request.POST.get("sortie", "")
    if sortie in SORTIES:
        return redirect("subtraitance:lettre_fichier", *arguments(demande), ecrite.pk, sortie)
    messages.success(request, ENREGISTREE)
    return redirect("subtraitance:lettre", *arguments(demande), ecrite.type)


def _contexte(
    request, demande: DemandeDroits, type_: TypeLettre, formulaire: LettreForm, versions: list
) -> dict:
    lu, zone = formulaire["texte"].value() or "", demande.collectivite.fuseau
    ecrits = {version.type for version in versions}
    return {
        "onglet_actif": ONGLET,
        "chemin": (*chemin_de(request, demande), (f"Demande {demande.numero}", page_de(request, demande))),
        "demande": demande,
        "type": type_.value,
        "modele": MODELES[type_],
        "formulaire": formulaire,
        "tient": request.acces.peut(Capacite.TENIR_DEMANDES, demande.collectivite),
        "modifiable": demande.efface_le is None,
        "texte": lu,
        "manques": a_completer(lu),
        "ecrite": type_.value in ecrits,
        "sorties": [(cle, sortie.libelle) for cle, sortie in SORTIES.items()],
        "modeles": [
            {
                "cle": cle.value,
                "libelle": MODELES[cle].libelle,
                "adresse": reverse("subtraitance:lettre", args=[*arguments(demande), cle.value]),
                "ecrite": cle.value in ecrits,
            }
            for cle in types_pour(demande.regime)
        ],
        "versions": [
            {
                "pk": version.pk,
                "libelle": libelle_de(version.type),
                "type": version.type,
                "quand": instant_court(version.ecrite_le.astimezone(zone)),
                "auteur": version.auteur,
            }
            for version in versions
        ],
    }


@require_GET
def lettre_fichier(request, siren, annee, rang, pk, sortie):
    """Une version enregistrée, en PDF ou en DOCX ; notée au journal comme tout export."""
    collectivite, demande = demande_ou_404(request, siren, annee, rang, Capacite.LIRE_DEMANDES)
    if sortie not in SORTIES:
        raise Http404(f"Format inconnu\u00a0: {sortie}")
    ecrite = get_object_or_404(demande.lettres.exclude(texte=""), pk=pk)
    ecrite.collectivite, choix, maintenant = collectivite, SORTIES[sortie], timezone.now()
    libelle = libelle_de(ecrite.type)
    consigner(
        NatureAcces.EXPORT,
        maintenant=maintenant,
        utilisateur=request.user,
        collectivite=collectivite,
        detail=f"demande n°\u00a0{demande.numero}, lettre «\u00a0{libelle}\u00a0», {choix.libelle}",
        request=request,
    )
    nom = nom_de_fichier(f"demande-{demande.numero} {ecrite.type}", collectivite, maintenant)
    return par_fichier(
        partial(choix.ecrire, imprime(ecrite, maintenant)), choix.type_mime, nom_sur(nom, choix.extension)
    )
