"""La mise en place d’une collectivité : où en est chaque étape, et le passage en accompagnement."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.forms_gestes import ajouter_le_refus
from dpd.comptes.gestes import derouler, recus
from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.actions.mise_en_place import (
    Ou,
    basculer,
    etapes_restantes,
    noter_etape,
    ou_en_est,
)
from dpd.conventions.enums import Acteur
from dpd.conventions.etapes import CAPACITES
from dpd.conventions.forms.mise_en_place import BasculeForm, EtapeForm, valeurs_initiales
from dpd.conventions.lecture import PIECE, convention_utile, depuis_quand, lire
from dpd.conventions.models import EtapeMiseEnPlace
from dpd.conventions.regles.en_clair import Clause
from dpd.conventions.views.convention_commun import Geste, chemin_collectivite, convention_ou_404
from dpd.regles.etiquette import Etiquette
from dpd.regles.typographie import compte

ETATS = {
    Ou.A_FAIRE: ("À faire", "", "circle"),
    Ou.FAITE: ("Faite", "fait", "check-circle-fill"),
    Ou.BLOQUEE: ("Bloquée", "attention", "hourglass-split"),
    Ou.SANS_OBJET: ("Sans objet", "brouillon", "x-lg"),
}


@require_safe
def mise_en_place(request, siren):
    """Les étapes de la convention qui court ; fermé au gestionnaire, qui n’en voit que le nombre."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_REGISTRE)
    jour = timezone.localdate(timezone.now(), collectivite.fuseau)
    convention = convention_utile(collectivite, jour)
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": "convention",
        "lue": lire(convention, jour) if convention else None,
        "lignes": _lignes(request, collectivite, convention, jour) if convention else [],
    }
    return render(request, "conventions/mise_en_place.html", contexte)


def _lignes(request, collectivite, convention, jour) -> list[dict]:
    etapes = EtapeMiseEnPlace.objects.filter(convention=convention).select_related("faite_par", *PIECE)
    return [
        {
            "etape": etape,
            "etat": _etat(etape, jour),
            "peut": _peut_noter(request, collectivite, etape),
        }
        for etape in etapes
    ]


def _etat(etape: EtapeMiseEnPlace, jour) -> Etiquette:
    libelle, ton, icone = ETATS[ou_en_est(etape)]
    if etape.bloquee_depuis:
        libelle = f"{libelle} {depuis_quand(etape.etat, jour)}"
    return Etiquette(libelle, ton, icone)


def _peut_noter(request, collectivite, etape: EtapeMiseEnPlace) -> bool:
    """La capacité que demande qui la fait ; le DPD n’écrit jamais celle du responsable."""
    acteur = Acteur(etape.acteur)
    conseille = request.acces.peut(Capacite.CONDUIRE_MISE_EN_PLACE, collectivite)
    if acteur == Acteur.RESPONSABLE and conseille:
        return False
    return request.acces.peut(CAPACITES[acteur], collectivite)


def etape(request, siren, pk):
    """Noter où en est une étape."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_REGISTRE)
    affichee = get_object_or_404(
        EtapeMiseEnPlace.objects.filter(collectivite=collectivite).select_related("convention", *PIECE), pk=pk
    )
    if not _peut_noter(request, collectivite, affichee):
        raise PermissionDenied
    maintenant = timezone.now()
    initial = valeurs_initiales(affichee, timezone.localdate(maintenant, collectivite.fuseau))
    formulaire = EtapeForm(*recus(request), initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        try:
            noter_etape(
                etape=affichee,
                note=formulaire.note(),
                fichier=formulaire.cleaned_data["fichier"],
                auteur=request.user,
                maintenant=maintenant,
            )
        except ValidationError as refus:
            ajouter_le_refus(formulaire, refus)
        else:
            messages.success(request, "L’étape est notée.")
            return redirect("conventions:mise_en_place", collectivite.siren)
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": "convention",
        "etape": affichee,
        "formulaire": formulaire,
    }
    return render(request, "conventions/mise_en_place_etape.html", contexte)


def basculer_convention(request, siren, pk):
    """Le bilan, et le passage en accompagnement ; les étapes qui restent sont nommées."""
    convention = convention_ou_404(request, siren, pk, Capacite.CONDUIRE_MISE_EN_PLACE)
    collectivite, maintenant = convention.collectivite, timezone.now()
    if convention.date_effet is None:
        raise Http404
    restantes = etapes_restantes(convention)
    formulaire = BasculeForm(
        *recus(request),
        avec_motif=bool(restantes),
        initial={"le": timezone.localdate(maintenant, collectivite.fuseau)},
    )
    retour = reverse("conventions:mise_en_place", args=[collectivite.siren])
    geste = Geste(
        titre="Passer en accompagnement",
        bouton="Passer en accompagnement",
        retour=retour,
        chapo=_ce_qui_reste(restantes),
        chemin=chemin_collectivite(collectivite, ("Mise en place", retour)),
        titre_reperes="Étapes encore ouvertes",
        reperes=tuple(Clause(e.get_acteur_display(), e.libelle) for e in restantes),
    )
    return derouler(
        request,
        geste,
        formulaire,
        partial(basculer, convention=convention, maintenant=maintenant),
        fait=lambda _: "La collectivité est en accompagnement.",
        collectivite=collectivite,
    )


def _ce_qui_reste(restantes: list[EtapeMiseEnPlace]) -> str:
    if not restantes:
        return "Toutes les étapes sont closes."
    return f"{compte(len(restantes), 'étape reste ouverte', 'étapes restent ouvertes')}."
