"""« Entrer comme… » : un clic, sans mot de passe ni double facteur, en démonstration seulement."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone

from dpd.comptes.demonstration import personne
from dpd.comptes.enums import NatureAcces
from dpd.comptes.models import Utilisateur
from dpd.comptes.sessions import ouvrir_sans_formulaire


@login_not_required
def entrer(request, cle: str):
    """:raises Http404: hors démonstration, ou pour une personne inconnue."""
    fictive = personne(cle)
    if not settings.DEMONSTRATION or fictive is None:
        raise Http404
    if request.method != "POST":
        return redirect("account_login")
    utilisateur = Utilisateur.objects.filter(email=fictive.courriel, is_active=True).first()
    if utilisateur is None:
        messages.error(
            request, "Le jeu de démonstration n’est pas chargé\u00a0: lancez «\u00a0make demo\u00a0»."
        )
        return redirect("account_login")
    ouvrir_sans_formulaire(request, utilisateur, nature=NatureAcces.DEMONSTRATION, maintenant=timezone.now())
    return redirect("accueil")
