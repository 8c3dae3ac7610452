"""Qui a accès, à quel titre, et comment le lui retirer."""

from typing import NamedTuple

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from dpd.comptes import actions
from dpd.comptes.acces import collectivite_ou_404, structure_ou_404
from dpd.comptes.droits import Acces, cumuls, habilitations_de
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite, Utilisateur
from dpd.comptes.regles.capacites import CAPACITES, Capacite
from dpd.comptes.views.portees import COLLECTIVITE, STRUCTURE, Portee
from dpd.regles.typographie import de

ESSENTIELS = (Role.REFERENT, Role.DECIDEUR)  # sans eux, plus personne ne tient le registre ou ne décide


class Habilitee(NamedTuple):
    """Une personne de la liste ; une ligne par personne, quel que soit le nombre de ses rôles."""

    personne: Utilisateur
    roles: list[Role]
    double_facteur: bool


def _habilitees(lieu) -> list[Habilitee]:
    """Deux requêtes, quel que soit le nombre de personnes."""
    roles: dict[Utilisateur, list[Role]] = {}
    for personne, role in habilitations_de(lieu):
        roles.setdefault(personne, []).append(role)
    proteges = set(
        Authenticator.objects.filter(user__in=roles, type=Authenticator.Type.TOTP).values_list(
            "user_id", flat=True
        )
    )
    return [Habilitee(p, sorted(r, key=list(Role).index), p.pk in proteges) for p, r in roles.items()]


def _en_attente(lieu, maintenant) -> list[tuple]:
    """(invitation, encore valable) des invitations ni acceptées ni révoquées."""
    ouvertes = lieu.invitations.filter(acceptee_le=None, revoquee_le=None).select_related("invite_par")
    return [(invitation, invitation.est_utilisable(maintenant)) for invitation in ouvertes]


def personnes(request, siren: str):
    collectivite = collectivite_ou_404(request, siren, Capacite.GERER_COMPTES)
    contexte = {
        "lieu": collectivite,
        "portee": COLLECTIVITE,
        "habilitees": _habilitees(collectivite),
        "invitations": _en_attente(collectivite, timezone.now()),
        "lecteurs_de_la_structure": [
            personne
            for personne, role in habilitations_de(collectivite.structure)
            if Capacite.LIRE_REGISTRE in CAPACITES[role] and personne.is_active
        ],
        "cumuls": [],
        "peut_gerer": True,
        "peut_fermer": request.acces.peut_structure(Capacite.GERER_STRUCTURE, collectivite.structure),
        "onglet_actif": COLLECTIVITE.onglet,
    }
    return render(request, "comptes/personnes.html", contexte)


def structure(request, siren: str):
    la_structure = structure_ou_404(request, siren, Capacite.VOIR_STRUCTURE)
    peut_gerer = request.acces.peut_structure(Capacite.GERER_STRUCTURE, la_structure)
    contexte = {
        "lieu": la_structure,
        "portee": STRUCTURE,
        "habilitees": _habilitees(la_structure),
        "invitations": _en_attente(la_structure, timezone.now()) if peut_gerer else [],
        "lecteurs_de_la_structure": [],
        "cumuls": cumuls(la_structure),
        "peut_gerer": peut_gerer,
        "peut_fermer": peut_gerer,
        "onglet_actif": STRUCTURE.onglet,
    }
    return render(request, "comptes/personnes.html", contexte)


def retirer_role(request, siren: str, personne: int, role: str):
    collectivite = collectivite_ou_404(request, siren, Capacite.GERER_COMPTES)
    return _retirer(request, collectivite, COLLECTIVITE, personne, role)


def retirer_role_structure(request, siren: str, personne: int, role: str):
    la_structure = structure_ou_404(request, siren, Capacite.GERER_STRUCTURE)
    return _retirer(request, la_structure, STRUCTURE, personne, role)


def _retirer(request, lieu, portee: Portee, pk: int, code: str):
    """Demande confirmation, en disant ce qui manquera ; l’envoi retire le rôle."""
    trouvees = [(p, r) for p, r in habilitations_de(lieu) if p.pk == pk and r.value == code]
    if not trouvees:
        raise Http404
    personne, role = trouvees[0]
    if request.method == "POST":
        try:
            actions.retirer_role(
                utilisateur=personne, role=role, portee=lieu, auteur=request.user, maintenant=timezone.now()
            )
        except ValidationError as erreur:
            messages.error(request, " ".join(erreur.messages))
        else:
            messages.success(request, f"{personne} n’a plus le rôle «\u00a0{role.label}\u00a0».")
        soi = personne.pk == request.user.pk
        return redirect("accueil" if soi else portee.adresse(lieu))
    contexte = {
        "lieu": lieu,
        "portee": portee,
        "personne": personne,
        "role_retire": role,
        "dernier": role in ESSENTIELS and actions.est_dernier(personne, role, lieu),
        "soi": personne.pk == request.user.pk,
        "onglet_actif": portee.onglet,
    }
    return render(request, "comptes/retirer_role.html", contexte)


def _compte_de_la_structure(la_structure, pk: int) -> Utilisateur:
    """Un compte qui a un rôle dans la structure ou l’une de ses collectivités.

    :raises Http404: sinon, pour ne rien dire des comptes d’ailleurs.
    """
    personne = get_object_or_404(Utilisateur, pk=pk)
    acces = Acces(personne)
    ici = Collectivite.objects.filter(pk__in=acces.par_collectivite, structure=la_structure)
    if la_structure.pk not in acces.par_structure and not ici.exists():
        raise Http404
    return personne


def desactiver(request, siren: str, personne: int):
    la_structure = structure_ou_404(request, siren, Capacite.GERER_STRUCTURE)
    return _confirmer(request, la_structure, personne, actions.desactiver, "fermé", "comptes/desactiver.html")


def reactiver(request, siren: str, personne: int):
    la_structure = structure_ou_404(request, siren, Capacite.GERER_STRUCTURE)
    visee = _compte_de_la_structure(la_structure, personne)
    if request.method != "POST":
        return redirect("comptes:structure", siren)
    return _basculer(request, la_structure, visee, actions.reactiver, "rouvert")


def oublier_double_facteur(request, siren: str, personne: int):
    la_structure = structure_ou_404(request, siren, Capacite.GERER_STRUCTURE)
    gabarit = "comptes/oublier_double_facteur.html"
    return _confirmer(
        request, la_structure, personne, actions.oublier_double_facteur, "à reprotéger", gabarit
    )


def _confirmer(request, la_structure, pk: int, geste, mot: str, gabarit: str):
    """Demande confirmation ; l’envoi exécute le geste."""
    visee = _compte_de_la_structure(la_structure, pk)
    if request.method == "POST":
        return _basculer(request, la_structure, visee, geste, mot)
    contexte = {"lieu": la_structure, "personne": visee, "onglet_actif": STRUCTURE.onglet}
    return render(request, gabarit, contexte)


def _basculer(request, la_structure, personne: Utilisateur, geste, mot: str):
    try:
        geste(utilisateur=personne, structure=la_structure, auteur=request.user, maintenant=timezone.now())
    except ValidationError as erreur:
        messages.error(request, " ".join(erreur.messages))
    else:
        messages.success(request, f"Le compte {de(str(personne))} est {mot}.")
    return redirect("comptes:structure", la_structure.siren)
