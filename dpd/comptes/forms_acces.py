"""Les formulaires de connexion et de double facteur : ceux de la bibliothèque, dans nos mots."""

from allauth.account import forms as compte
from allauth.core import context
from allauth.mfa.base import forms as double_facteur
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from dpd.comptes.emails import reinitialisation_sans_compte
from dpd.comptes.enums import NatureAcces
from dpd.comptes.habillage import Habille
from dpd.comptes.journal import consigner
from dpd.comptes.regles.mot_de_passe import AIDE
from dpd.comptes.tentatives import a_la_minute, compter_un_code, oublier_les_codes
from dpd.regles.typographie import instant_long

NOUVEAU = {"password1": "Nouveau mot de passe", "password2": "Le même, une seconde fois"}
CHIFFRES = {"inputmode": "numeric", "autocomplete": "one-time-code"}


class ConnexionForm(Habille, compte.LoginForm):
    libelles = {"login": "Courriel professionnel", "password": "Mot de passe"}
    aides = {"login": "Par exemple\u00a0: secretariat@mairie.example", "password": ""}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class OubliForm(Habille, compte.ResetPasswordForm):
    libelles = {"email": "Courriel professionnel"}

    def save(self, request, **kwargs) -> str:
        if self.users:
            return super().save(request, **kwargs)
        # Un inconnu coûte le même temps, mais on n’écrit à personne et on ne garde rien.
        with transaction.atomic():
            reinitialisation_sans_compte(self.cleaned_data["email"], maintenant=timezone.now())
            transaction.set_rollback(True)
        return self.cleaned_data["email"]


class NouveauMotDePasseForm(Habille, compte.ResetPasswordKeyForm):
    libelles = NOUVEAU
    aides = {"password1": AIDE}


class ChangerMotDePasseForm(Habille, compte.ChangePasswordForm):
    libelles = {"oldpassword": "Mot de passe actuel", **NOUVEAU}
    aides = {"oldpassword": "", "password1": AIDE}


class ConfirmerForm(Habille, compte.ReauthenticateForm):
    libelles = {"password": "Mot de passe"}
    aides = {"password": ""}


class _Code(Habille):
    libelles = {"code": "Code"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(CHIFFRES)

    def clean_code(self) -> str:
        """Compte l’essai en base avant de le vérifier ; la limite de la bibliothèque tient au cache."""
        fin = compter_un_code(self.user, maintenant=timezone.now(), request=context.request)
        if fin is not None:
            quand = instant_long(timezone.localtime(a_la_minute(fin)))
            raise ValidationError(f"Trop de codes faux. Réessayez à partir du {quand}.")
        code = super().clean_code()
        oublier_les_codes(self.user)
        return code

    def _emit_authentication_failed(self, authenticator) -> None:
        """Point de passage d’un code refusé : il s’inscrit au journal, sans le code."""
        consigner(
            NatureAcces.ECHEC,
            maintenant=timezone.now(),
            utilisateur=self.user,
            detail="Code de double facteur",
            request=context.request,
        )
        super()._emit_authentication_failed(authenticator)


class CodeForm(_Code, double_facteur.AuthenticateForm):
    aides = {"code": "Les 6 chiffres de votre application, ou un code de secours."}


class ConfirmerCodeForm(_Code, double_facteur.ReauthenticateForm):
    aides = CodeForm.aides


class ActiverForm(Habille, ActivateTOTPForm):
    libelles = {"code": "Les 6 chiffres affichés par l’application"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(CHIFFRES)
