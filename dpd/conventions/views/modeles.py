"""Les modèles de convention d’une structure : les lire, les écrire, les remplacer, les clore."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.forms_gestes import ajouter_le_refus
from dpd.comptes.gestes import derouler, recus
from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.actions.modeles import (
    EMPLOYE,
    clore_modele,
    creer_modele,
    est_employe,
    modifier_modele,
    remplacer_modele,
)
from dpd.conventions.etapes import choix_du, etapes_retenues
from dpd.conventions.forms.modeles import ClotureModeleForm, ModeleForm, valeurs_initiales
from dpd.conventions.models import Convention, ModeleConvention
from dpd.conventions.regles.en_clair import clauses_en_clair, exemple
from dpd.conventions.views.convention_commun import Geste
from dpd.pagination import paginer

ONGLET = "conventions"


@require_safe
def modeles(request, siren):
    """Tous ceux de la structure, le plus récent d’abord."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    jour = timezone.localdate(timezone.now())
    page = paginer(request, ModeleConvention.objects.filter(structure=structure))
    signees = Convention.objects.filter(modele__in=[m.pk for m in page], date_effet__isnull=False)
    combien = dict(signees.order_by().values_list("modele").annotate(Count("pk")))
    lignes = [(m, clauses_en_clair(m.clauses), combien.get(m.pk, 0)) for m in page]
    contexte = {
        "structure": structure,
        "onglet_actif": ONGLET,
        "page": page,
        "lignes": lignes,
        "jour": jour,
    }
    return render(request, "conventions/modeles.html", contexte)


@require_safe
def modele(request, siren, pk):
    """Ses clauses en clair, leurs articles, et ce qu’elles donneraient aujourd’hui."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    affiche = _modele_ou_404(structure, pk)
    choix = choix_du(affiche.etapes)
    retenues = etapes_retenues(affiche.etapes, etat_mensuel=affiche.etat_mensuel)
    contexte = {
        "structure": structure,
        "onglet_actif": ONGLET,
        "modele": affiche,
        "clauses": clauses_en_clair(affiche.clauses),
        "exemple": exemple(affiche.clauses, timezone.localdate(timezone.now())),
        "etapes": [(etape, etape.dite(choix)) for etape in retenues],
        "employe": est_employe(affiche),
    }
    return render(request, "conventions/modele.html", contexte)


def _modele_ou_404(structure, pk: int) -> ModeleConvention:
    return get_object_or_404(ModeleConvention.objects.filter(structure=structure), pk=pk)


def creer(request, siren):
    structure = structure_ou_404(request, siren, Capacite.GERER_CONVENTIONS)
    maintenant = timezone.now()
    formulaire = ModeleForm(*recus(request), initial=valeurs_initiales(None, timezone.localdate(maintenant)))
    action = partial(creer_modele, structure=structure, maintenant=maintenant)
    return _ecrire(request, structure, formulaire, action, titre="Nouveau modèle de convention", ancien=None)


def modifier(request, siren, pk):
    """Seul un modèle que personne n’a signé se corrige."""
    structure = structure_ou_404(request, siren, Capacite.GERER_CONVENTIONS)
    ancien, maintenant = _modele_ou_404(structure, pk), timezone.now()
    if est_employe(ancien):
        messages.warning(request, EMPLOYE)
        return redirect("conventions:modele", structure.siren, ancien.pk)
    formulaire = ModeleForm(*recus(request), initial=valeurs_initiales(ancien, ancien.en_vigueur_du))
    action = partial(modifier_modele, modele=ancien, maintenant=maintenant)
    return _ecrire(
        request, structure, formulaire, action, titre=f"Modifier «\u00a0{ancien}\u00a0»", ancien=ancien
    )


def remplacer(request, siren, pk):
    """Le modèle suivant, prérempli des clauses de celui-ci, qui se clôt la veille."""
    structure = structure_ou_404(request, siren, Capacite.GERER_CONVENTIONS)
    ancien, maintenant = _modele_ou_404(structure, pk), timezone.now()
    jour = timezone.localdate(maintenant)
    initial = valeurs_initiales(ancien, jour) | {
        "en_vigueur_du": jour,
        "nom": f"{ancien.nom} ({jour.year})",
    }
    formulaire = ModeleForm(*recus(request), initial=initial)
    action = partial(remplacer_modele, modele=ancien, maintenant=maintenant)
    return _ecrire(
        request, structure, formulaire, action, titre=f"Remplacer «\u00a0{ancien}\u00a0»", ancien=ancien
    )


def _ecrire(request, structure, formulaire, action, *, titre: str, ancien: ModeleConvention | None):
    """Le formulaire d’un modèle, long : une page à lui."""
    if request.method == "POST" and formulaire.is_valid():
        try:
            ecrit = action(auteur=request.user, **formulaire.cleaned_data)
        except ValidationError as refus:
            ajouter_le_refus(formulaire, refus)
        else:
            messages.success(request, f"Le modèle «\u00a0{ecrit}\u00a0» est enregistré.")
            return redirect("conventions:modele", structure.siren, ecrit.pk)
    contexte = {
        "structure": structure,
        "onglet_actif": ONGLET,
        "titre": titre,
        "ancien": ancien,
        "formulaire": formulaire,
        "parties": formulaire.parties(),
    }
    return render(request, "conventions/modele_ecrire.html", contexte)


def clore(request, siren, pk):
    """Ne plus proposer un modèle, sans rien changer à ce qui est signé."""
    structure = structure_ou_404(request, siren, Capacite.GERER_CONVENTIONS)
    ancien, maintenant = _modele_ou_404(structure, pk), timezone.now()
    geste = Geste(
        titre=f"Ne plus proposer «\u00a0{ancien}\u00a0»",
        bouton="Ne plus le proposer",
        retour=reverse("conventions:modele", args=[structure.siren, ancien.pk]),
        onglet=ONGLET,
        chemin=(
            ("Conventions", reverse("conventions:conventions", args=[structure.siren])),
            ("Modèles", reverse("conventions:modeles", args=[structure.siren])),
        ),
    )
    return derouler(
        request,
        geste,
        ClotureModeleForm(*recus(request), initial={"en_vigueur_au": timezone.localdate(maintenant)}),
        partial(clore_modele, modele=ancien, maintenant=maintenant),
        fait=lambda clos: f"«\u00a0{clos}\u00a0» n’est plus proposé.",
        structure=structure,
    )
