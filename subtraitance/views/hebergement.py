"""Où sont les données : les lieux d’aujourd’hui et d’avant ; tout changement prévient chaque responsable."""

from collections.abc import Iterator
from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.gestes import Geste, derouler, recus
from dpd.comptes.models import Structure
from dpd.comptes.regles.capacites import Capacite
from dpd.pagination import paginer
from dpd.regles.etiquette import Etiquette
from dpd.regles.typographie import compte
from subtraitance.actions import hebergement as actions
from subtraitance.actions.article_30_2 import jour_de_la_structure
from subtraitance.documentation import lieux_de, pays_dit
from subtraitance.forms.hebergement import FinForm, LieuForm
from subtraitance.models import LieuHebergement

ONGLET = "prestataires"


@require_safe
def hebergement(request, siren):
    """Les lieux, du plus récent au plus ancien."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_SOUS_TRAITANCE)
    jour = jour_de_la_structure(structure, timezone.now())
    page = paginer(request, lieux_de(structure))
    contexte = {
        "onglet_actif": ONGLET,
        "structure": structure,
        "page": page,
        "lignes": [(lieu, pays_dit(lieu.pays), etat_du_lieu(lieu, jour)) for lieu in page],
    }
    return render(request, "subtraitance/hebergement.html", contexte)


def etat_du_lieu(lieu: LieuHebergement, jour) -> Etiquette:
    """Ce qu’il est ce jour-là : l’étiquette à montrer."""
    if lieu.depuis > jour:
        return Etiquette("À venir", "accent", "hourglass-split")
    if lieu.jusqu_au is None or lieu.jusqu_au >= jour:
        return Etiquette("Actuel", "fait", "check-circle-fill")
    return Etiquette("Passé", "brouillon", "clock-history")


def ajouter(request, siren):
    """Un lieu de plus, ou à la place d’un autre."""
    structure = structure_ou_404(request, siren, Capacite.TENIR_SOUS_TRAITANCE)
    geste = _geste(structure, "Ajouter un lieu d’hébergement", "Enregistrer et prévenir")
    formulaire = LieuForm(recus(request)[0], structure=structure)
    action = partial(actions.ajouter_lieu, structure=structure, maintenant=timezone.now())
    return _derouler(request, structure, geste, formulaire, action)


def terminer(request, siren, pk):
    """Plus rien n’est hébergé là."""
    structure = structure_ou_404(request, siren, Capacite.TENIR_SOUS_TRAITANCE)
    lieu = get_object_or_404(LieuHebergement, structure=structure, pk=pk)
    if lieu.jusqu_au is not None:
        messages.warning(request, actions.DEJA_FINI)
        return redirect("subtraitance:hebergement", structure.siren)
    geste = _geste(structure, f"Terminer l’hébergement chez {lieu.hebergeur}", "Terminer et prévenir")
    action = partial(actions.terminer_lieu, lieu=lieu, maintenant=timezone.now())
    return _derouler(request, structure, geste, FinForm(recus(request)[0]), action)


def _geste(structure: Structure, titre: str, bouton: str) -> Geste:
    """Un geste qui dit d’avance à combien de responsables il écrit."""
    retour = reverse("subtraitance:hebergement", args=[structure.siren])
    return Geste(
        titre,
        bouton,
        retour,
        onglet=ONGLET,
        chapo="Chaque responsable servi en est informé par courriel, une fois.",
        chemin=(("Hébergement", retour),),
        reperes=tuple(_reperes(actions.qui_sera_prevenu(structure))),
        titre_reperes="Qui sera prévenu",
        icone="send",
    )


def _reperes(prevenus: actions.Prevenus) -> Iterator[dict[str, str]]:
    courriels = compte(prevenus.courriels, "courriel", "courriels")
    yield {
        "titre": compte(prevenus.collectivites, "responsable servi", "responsables servis"),
        "phrase": f"{courriels} à leurs référents et décideurs, ou au courriel de la collectivité.",
        "article": "",
    }
    if prevenus.muettes:
        yield {
            "titre": "À appeler, faute de courriel",
            "phrase": ", ".join(c.nom for c in prevenus.muettes),
            "article": "",
        }


def _derouler(request, structure: Structure, geste: Geste, formulaire, action):
    return derouler(
        request,
        geste,
        formulaire,
        action,
        fait=lambda changement: _fait(changement.prevenus),
        structure=structure,
    )


def _fait(prevenus: actions.Prevenus) -> str:
    courriels = compte(prevenus.courriels, "courriel part", "courriels partent")
    collectivites = compte(prevenus.collectivites - len(prevenus.muettes), "collectivité", "collectivités")
    phrase = f"C’est enregistré\u00a0: {courriels} vers {collectivites}."
    if prevenus.muettes:
        phrase += f" À appeler, faute de courriel\u00a0: {', '.join(c.nom for c in prevenus.muettes)}."
    return phrase
