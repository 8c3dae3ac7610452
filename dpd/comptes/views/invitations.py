"""Inviter, renvoyer, révoquer ; et, du côté de la personne invitée, accepter."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from dpd.comptes import actions
from dpd.comptes.acces import collectivite_ou_404, structure_ou_404
from dpd.comptes.enums import FORMES_LONGUES, NatureAcces, Role
from dpd.comptes.forms import CE_QUE_FAIT, AcceptationForm, InvitationForm
from dpd.comptes.regles.capacites import EXPLICATIONS, Capacite
from dpd.comptes.saisie import donnees_recues
from dpd.comptes.sessions import ouvrir_sans_formulaire
from dpd.comptes.views.portees import COLLECTIVITE, STRUCTURE, Portee


def inviter(request, siren: str):
    collectivite = collectivite_ou_404(request, siren, Capacite.GERER_COMPTES)
    return _inviter(request, collectivite, COLLECTIVITE)


def inviter_structure(request, siren: str):
    structure = structure_ou_404(request, siren, Capacite.GERER_STRUCTURE)
    return _inviter(request, structure, STRUCTURE)


def _inviter(request, lieu, portee: Portee):
    donnees = donnees_recues(request)
    form = InvitationForm(donnees, sur_collectivite=portee.sur_collectivite)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = actions.inviter(
                portee=lieu, auteur=request.user, maintenant=timezone.now(), **form.cleaned_data
            )
        except ValidationError as erreur:
            form.add_error(None, erreur)
        else:
            messages.success(request, f"L’invitation part à {invitation.courriel}. Elle vaut 7 jours.")
            return redirect(portee.adresse(lieu))
    contexte = {
        "form": form,
        "lieu": lieu,
        "portee": portee,
        "options": [_option(option) for option in form["role"]],
        "onglet_actif": portee.onglet,
    }
    return render(request, "comptes/inviter.html", contexte)


def _option(option) -> tuple:
    """(case à cocher, rôle en toutes lettres, ce qu’il fait)."""
    role = Role(option.data["value"])
    return option, FORMES_LONGUES[role], CE_QUE_FAIT[role]


def revoquer_invitation(request, siren: str, pk: int):
    collectivite = collectivite_ou_404(request, siren, Capacite.GERER_COMPTES)
    return _traiter(
        request, collectivite, COLLECTIVITE, pk, actions.revoquer, "L’invitation n’est plus valable."
    )


def revoquer_invitation_structure(request, siren: str, pk: int):
    structure = structure_ou_404(request, siren, Capacite.GERER_STRUCTURE)
    return _traiter(request, structure, STRUCTURE, pk, actions.revoquer, "L’invitation n’est plus valable.")


def renvoyer_invitation(request, siren: str, pk: int):
    collectivite = collectivite_ou_404(request, siren, Capacite.GERER_COMPTES)
    return _traiter(
        request, collectivite, COLLECTIVITE, pk, actions.renvoyer, "Un nouveau lien part, pour 7 jours."
    )


def renvoyer_invitation_structure(request, siren: str, pk: int):
    structure = structure_ou_404(request, siren, Capacite.GERER_STRUCTURE)
    return _traiter(
        request, structure, STRUCTURE, pk, actions.renvoyer, "Un nouveau lien part, pour 7 jours."
    )


def _traiter(request, lieu, portee: Portee, pk: int, geste, fait: str):
    invitation = get_object_or_404(lieu.invitations, pk=pk)
    if request.method == "POST":
        try:
            geste(invitation=invitation, auteur=request.user, maintenant=timezone.now())
        except ValidationError as erreur:
            messages.error(request, " ".join(erreur.messages))
        else:
            messages.success(request, fait)
    return redirect(portee.adresse(lieu))


@never_cache
@sensitive_post_parameters("mot_de_passe", "confirmation")
@login_not_required
def accepter(request, jeton: str):
    """Un lien faux, usé, révoqué ou périmé reçoit la même page : elle ne dit pas lequel."""
    maintenant = timezone.now()
    invitation = actions.invitation_du_jeton(jeton, maintenant)
    if invitation is None:
        return render(request, "comptes/invitation_perimee.html", status=404)
    role = Role(invitation.role)
    contexte = {
        "invitation": invitation,
        "forme_longue": FORMES_LONGUES[role],
        "explication": EXPLICATIONS[role],
    }
    try:
        if request.user.is_authenticated:
            return _rattacher(request, invitation, contexte, maintenant)
        return _ouvrir_compte(request, invitation, contexte, maintenant)
    except actions.InvitationPerimee:
        return render(request, "comptes/invitation_perimee.html", status=404)


def _rattacher(request, invitation, contexte: dict, maintenant):
    if request.method != "POST":
        return render(request, "comptes/invitation_rattacher.html", contexte)
    try:
        actions.rattacher(invitation=invitation, utilisateur=request.user, maintenant=maintenant)
    except ValidationError as erreur:
        messages.error(request, " ".join(erreur.messages))
        return render(request, "comptes/invitation_rattacher.html", contexte)
    messages.success(request, f"Nouvel accès ouvert\u00a0: {invitation.portee}.")
    return redirect("accueil")


def _ouvrir_compte(request, invitation, contexte: dict, maintenant):
    initial = {"prenom": invitation.prenom, "nom": invitation.nom}
    form = AcceptationForm(request.POST or None, initial=initial, courriel=invitation.courriel)
    if request.method == "POST" and form.is_valid():
        champs = {nom: valeur for nom, valeur in form.cleaned_data.items() if nom != "confirmation"}
        try:
            utilisateur = actions.ouvrir_compte(invitation=invitation, maintenant=maintenant, **champs)
        except ValidationError as erreur:
            form.add_error(None, erreur)
        else:
            ouvrir_sans_formulaire(request, utilisateur, nature=NatureAcces.CONNEXION, maintenant=maintenant)
            messages.success(request, "Votre compte est ouvert.")
            return redirect("accueil")
    return render(request, "comptes/invitation_accepter.html", contexte | {"form": form})
