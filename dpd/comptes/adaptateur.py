"""Réglages d’allauth qui ne tiennent pas en une constante."""

import base64
import hashlib
import time
from io import BytesIO

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils import timezone
from qrcode.image.svg import SvgPathFillImage

from dpd.comptes.droits import Acces
from dpd.comptes.enums import NatureAcces
from dpd.comptes.journal import adresse_ip, consigner
from dpd.comptes.models import Utilisateur
from dpd.comptes.mots_de_passe import exiger_80_bits
from dpd.comptes.regles.tentatives import origine
from dpd.comptes.sessions import ouvrir
from dpd.comptes.tentatives import oublier
from dpd.messagerie.envoi import envoyer

IP_INCONNUE = "0.0.0.0"  # noqa: S104 — une clé de décompte, pas une interface d’écoute


class Adaptateur(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Ce courriel et ce mot de passe ne vont pas ensemble. Vérifiez les deux.",
        "incorrect_password": "Ce n’est pas votre mot de passe actuel.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "too_many_login_attempts": "Trop d’essais. Attendez cinq minutes, puis recommencez.",
        "rate_limited": "Trop d’essais. Attendez cinq minutes, puis recommencez.",
        "invalid_password_reset": "Ce lien n’est plus valable.",
    }

    def is_open_for_signup(self, request) -> bool:
        """Un compte ne s’ouvre que par une invitation."""
        return False

    def pre_authenticate(self, request, **credentials) -> None:
        """Le blocage progressif (dpd.comptes.tentatives) remplace la limite de la bibliothèque.

        Celle-ci se perd avec le cache, vise le courriel quelle que soit l’adresse, et ne dit pas
        jusqu’à quand attendre.
        """

    def clean_password(self, password, user=None) -> str:
        exiger_80_bits(password, user)
        return password

    def set_password(self, user, password) -> None:
        """Un nouveau mot de passe, prouvé par l’ancien ou par la messagerie, lève le blocage."""
        super().set_password(user, password)
        oublier(user.email)

    def login(self, request, user) -> None:
        ouvrir(request, user, nature=NatureAcces.CONNEXION, maintenant=timezone.now())

    def authentication_failed(self, request, **credentials) -> None:
        """Inscrit l’échec et le courriel visé ; jamais le mot de passe. Même travail pour un inconnu."""
        courriel = credentials.get("email", "")
        consigner(
            NatureAcces.ECHEC,
            maintenant=timezone.now(),
            utilisateur=Utilisateur.objects.filter(email__iexact=courriel).first(),
            detail=courriel,
            request=request,
        )

    def get_client_ip(self, request) -> str:
        return origine(adresse_ip(request)) or IP_INCONNUE

    def is_reauthentication_required(self, *, app, **kwargs) -> bool:
        """Une preuve d’identité récente suffit, celle de la connexion comprise : on ne la redemande pas."""
        limite = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        preuves = get_authentication_records(self.request, self.request.user)
        return not any(preuve["at"] >= limite for preuve in preuves)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Tout courriel passe par la messagerie, qui en garde la preuve sans le lien secret."""
        envoyer(
            template_prefix.rsplit("/", 1)[-1],
            gabarit=template_prefix,
            contexte={"courriel": email, **context},
            destinataire=email,
            utilisateur=context.get("user"),
            secret=context.get("password_reset_url", ""),
            maintenant=timezone.now(),
        )


def _coffre() -> MultiFernet:
    """La clé du site et ses anciennes : changer SECRET_KEY n’enferme personne dehors."""
    cles = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    condensats = (hashlib.sha256(b"double-facteur:" + cle.encode()).digest() for cle in cles)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(condensat)) for condensat in condensats])


class AdaptateurMfa(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Votre rôle exige un double facteur\u00a0: il reste actif.",
        "incorrect_code": "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant.",
    }

    def encrypt(self, text: str) -> str:
        """Le secret de l’application de codes est chiffré en base : une sauvegarde volée ne suffit pas."""
        return _coffre().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _coffre().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator) -> bool:
        return not (settings.DOUBLE_FACTEUR_OBLIGATOIRE and Acces(authenticator.user).par_structure)

    def build_totp_svg(self, url: str) -> str:
        """Un carré noir sur fond blanc, lisible aussi en thème sombre."""
        image = qrcode.make(url, image_factory=SvgPathFillImage)
        tampon = BytesIO()
        image.save(tampon)
        return tampon.getvalue().decode()
