"""Ce qui entoure une violation : un événement, un prestataire, les fiches du registre, une pièce."""

from datetime import UTC

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from dpd.comptes.saisie import donnees_recues
from violations import actions
from violations.forms.liens import ImpliquerForm, NoteForm, PieceForm, RetraitForm, TraitementsForm
from violations.forms.liens_annuaire import ecrire, habituels
from violations.models import PrestataireImplique
from violations.views.declaration import propositions
from violations.views.saisie_commun import Page, a_tenir, arguments, derouler

NOTE = Page("Ajouter un événement", "Ajouter à la chronologie")
IMPLIQUER = Page(
    "Noter un prestataire en cause",
    "Noter ce prestataire",
    "Il doit vous prévenir dans les meilleurs délais (RGPD, art. 33-2)\u202f; on compte le délai de son "
    "contrat, à défaut 24 heures. "
    "Son retard n’entame pas vos 72 heures.",
)
TRAITEMENTS = Page(
    "Fiches du registre touchées",
    "Enregistrer",
    "Cochez chaque fiche dont des données sont touchées.",
)
JOINDRE = Page(
    "Joindre une pièce",
    "Joindre cette pièce",
    "Ce qui prouve les faits ou les mesures. Ne joignez pas les données elles-mêmes.",
)


def note(request, siren, annee, rang):
    """La chronologie se lit dans l’ordre des faits, non de leur saisie."""
    violation = a_tenir(request, siren, annee, rang)
    maintenant = timezone.now()
    formulaire = NoteForm(
        donnees_recues(request),
        initial={"instant": maintenant.astimezone(UTC).replace(second=0, microsecond=0)},
        collectivite=violation.collectivite,
    )

    def ajouter() -> str:
        actions.ajouter_note(
            violation=violation, auteur=request.user, maintenant=maintenant, **formulaire.cleaned_data
        )
        return "L’événement est dans la chronologie."

    return derouler(request, violation, NOTE, formulaire, ajouter)


def impliquer(request, siren, annee, rang):
    violation = a_tenir(request, siren, annee, rang)
    if request.htmx and "proposer" in request.GET:
        return propositions(request, violation.collectivite)
    formulaire = ImpliquerForm(
        donnees_recues(request),
        collectivite=violation.collectivite,
        adresse=reverse("violations:impliquer", args=arguments(violation)),
    )

    def noter() -> str:
        implique = actions.impliquer(
            violation=violation, auteur=request.user, maintenant=timezone.now(), **formulaire.saisie()
        )
        return f"{implique} est noté en cause."

    connus = [ecrire(prestataire) for prestataire in habituels(violation.collectivite)]
    return derouler(
        request,
        violation,
        IMPLIQUER,
        formulaire,
        noter,
        gabarit="violations/prestataire.html",
        habituels=connus,
    )


def retirer_prestataire(request, siren, annee, rang, pk):
    violation = a_tenir(request, siren, annee, rang)
    requete = PrestataireImplique.objects.filter(violation=violation).select_related("sous_traitant")
    implique = get_object_or_404(requete, pk=pk)
    page = Page(
        f"Retirer {implique}",
        "Ce prestataire n’est pas en cause",
        "Son horloge s’efface du dossier. Le retrait reste dans la chronologie.",
    )

    def retirer() -> str:
        implique.violation = violation
        actions.retirer_prestataire(implique=implique, auteur=request.user, maintenant=timezone.now())
        return f"{implique} n’est plus noté en cause."

    return derouler(request, violation, page, RetraitForm(donnees_recues(request)), retirer)


def traitements(request, siren, annee, rang):
    violation = a_tenir(request, siren, annee, rang)
    formulaire = TraitementsForm(donnees_recues(request), violation=violation)

    def noter() -> str:
        actions.noter_traitements(
            violation=violation, auteur=request.user, maintenant=timezone.now(), **formulaire.cleaned_data
        )
        return "Les fiches touchées sont enregistrées."

    return derouler(request, violation, TRAITEMENTS, formulaire, noter, gabarit="violations/traitements.html")


def joindre(request, siren, annee, rang):
    """Un fichier refusé (type, contenu, 20 Mo au plus) se dit sous son champ, le reste de la saisie tient."""
    violation = a_tenir(request, siren, annee, rang)
    donnees = donnees_recues(request)
    formulaire = PieceForm(donnees, request.FILES if donnees is not None else None)

    def deposer() -> str:
        lien = actions.joindre(
            violation=violation, auteur=request.user, maintenant=timezone.now(), **formulaire.cleaned_data
        )
        return f"Pièce jointe au dossier\u00a0: {lien}."

    return derouler(request, violation, JOINDRE, formulaire, deposer)
