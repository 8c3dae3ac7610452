"""Connexion, mot de passe, double facteur : les seules vues utiles de la bibliothèque.

Pas d’inscription libre ni de gestion d’adresses : un compte ne s’ouvre que par une invitation.
"""

from allauth.account import views as compte
from allauth.mfa.base import views as double_facteur
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as application
from django.urls import path, re_path

from dpd.comptes.views.connexion import ChangerMotDePasse, Connexion

urlpatterns = [
    path("connexion/", Connexion.as_view(), name="account_login"),
    path("deconnexion/", compte.logout, name="account_logout"),
    path("ferme/", compte.account_inactive, name="account_inactive"),
    path("confirmer/", compte.reauthenticate, name="account_reauthenticate"),
    path("mot-de-passe/", ChangerMotDePasse.as_view(), name="account_change_password"),
    path("mot-de-passe/oublie/", compte.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", compte.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        compte.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/nouveau/fait/",
        compte.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("double-facteur/", double_facteur.index, name="mfa_index"),
    path("double-facteur/code/", double_facteur.authenticate, name="mfa_authenticate"),
    path("double-facteur/confirmer/", double_facteur.reauthenticate, name="mfa_reauthenticate"),
    path("double-facteur/activer/", application.activate_totp, name="mfa_activate_totp"),
    path("double-facteur/desactiver/", application.deactivate_totp, name="mfa_deactivate_totp"),
    path("double-facteur/secours/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "double-facteur/secours/nouveaux/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "double-facteur/secours/fichier/", codes.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
]
