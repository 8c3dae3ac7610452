"""Refuser de démarrer mal réglé : une porte de démonstration ouverte, une clé connue de tous."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register, run_checks
from django.core.exceptions import ImproperlyConfigured

CLE_PAR_DEFAUT = "developpement-seulement-cle-non-secrete-a-remplacer-en-production"
LONGUEUR_DE_CLE = 50
HOTE = "__Host-"
LOCAUX = {"localhost", "127.0.0.1", "::1"}


def est_local(hote: str) -> bool:
    """Vrai pour un hôte que seule la machine elle-même peut joindre."""
    nom = hote.strip("[]").lower()
    return nom in LOCAUX or nom.endswith(".localhost")


def controler_demonstration(app_configs, **kwargs) -> list[Error]:
    """« Entrer comme… » ouvre tout sans mot de passe : jamais ailleurs que sur sa propre machine."""
    if not settings.DEMONSTRATION:
        return []
    erreurs = []
    if not settings.DEBUG:
        erreurs.append(
            Error("DEMONSTRATION ne va pas sans DEBUG.", hint="Retirez DEMONSTRATION.", id="dpd.E001")
        )
    hotes = [hote for hote in settings.ALLOWED_HOSTS if not est_local(hote)]
    if hotes:
        erreurs.append(
            Error(
                f"DEMONSTRATION ne répond que sur un hôte local ; ALLOWED_HOSTS contient {', '.join(hotes)}.",
                hint="Laissez 127.0.0.1 et localhost seulement.",
                id="dpd.E002",
            )
        )
    if not est_local(urlsplit(settings.SITE_URL).hostname or ""):
        erreurs.append(
            Error(
                f"DEMONSTRATION ne se publie pas ; SITE_URL vaut {settings.SITE_URL}.",
                hint="Retirez SITE_URL ou DEMONSTRATION.",
                id="dpd.E003",
            )
        )
    return erreurs


def controler_cle(app_configs, **kwargs) -> list[Error]:
    """La clé de développement est publique : elle signerait de fausses sessions."""
    if settings.DEBUG:
        return []
    if settings.SECRET_KEY != CLE_PAR_DEFAUT:
        return _cle_courte()
    return [
        Error(
            "SECRET_KEY est celle du développement, que tout le monde connaît.",
            hint="Posez une clé d’au moins 50 caractères tirés au sort.",
            id="dpd.E004",
        )
    ]


def _cle_courte() -> list[Error]:
    if len(settings.SECRET_KEY) >= LONGUEUR_DE_CLE:
        return []
    return [
        Error(
            f"SECRET_KEY a moins de {LONGUEUR_DE_CLE} caractères : elle se devine.",
            hint="Posez une clé d’au moins 50 caractères tirés au sort.",
            id="dpd.E005",
        )
    ]


def controler_debug(app_configs, **kwargs) -> list[Error]:
    """DEBUG montre le code et les données à chaque erreur : jamais ailleurs que sur sa propre machine."""
    hotes = [hote for hote in settings.ALLOWED_HOSTS if not est_local(hote)]
    if not settings.DEBUG or settings.DEMONSTRATION or not hotes:
        return []  # la démonstration a son propre refus
    return [
        Error(
            f"DEBUG ne répond que sur un hôte local ; ALLOWED_HOSTS contient {', '.join(hotes)}.",
            hint="Retirez DEBUG, ou laissez 127.0.0.1 et localhost seulement.",
            id="dpd.E006",
        )
    ]


def controler_temoins(app_configs, **kwargs) -> list[Error]:
    """Sous TLS, les témoins portent « __Host- » et ce qu’il exige ; sans TLS, il les ferait tous refuser."""
    return [
        Error(
            f"{nom}_COOKIE_NAME vaut {getattr(settings, f'{nom}_COOKIE_NAME')}\u00a0: {HOTE} va avec Secure, "
            "Path=/ et sans Domain, et seulement avec eux.",
            hint=f"Laissez {nom}_COOKIE_NAME, _SECURE, _PATH et _DOMAIN à ce que SECURE_SSL en fait.",
            id="dpd.E007",
        )
        for nom in ("SESSION", "CSRF")
        if not _temoin_coherent(nom)
    ]


def _temoin_coherent(nom: str) -> bool:
    sur = getattr(settings, f"{nom}_COOKIE_SECURE")
    partout = getattr(settings, f"{nom}_COOKIE_PATH") == "/" and not getattr(settings, f"{nom}_COOKIE_DOMAIN")
    return getattr(settings, f"{nom}_COOKIE_NAME").startswith(HOTE) == sur and (partout or not sur)


def controler_stockage(app_configs, **kwargs) -> list[CheckMessage]:
    """Un seau à moitié réglé perdrait des pièces ; sans TLS, elles passeraient en clair."""
    poses = {nom: getattr(settings, nom) for nom in ("S3_SEAU", "S3_ADRESSE", "S3_CLE", "S3_SECRET")}
    manquants = [nom for nom, valeur in poses.items() if not valeur]
    if len(manquants) == len(poses):
        return []
    if manquants:
        return [
            Error(
                f"Le stockage S3 est à moitié réglé\u00a0: il manque {', '.join(manquants)}.",
                hint="Posez les quatre, ou aucune pour garder les pièces dans MEDIA_ROOT.",
                id="dpd.E008",
            )
        ]
    adresse = urlsplit(settings.S3_ADRESSE)
    if adresse.scheme not in {"http", "https"} or not adresse.hostname:
        return [
            Error(
                f"S3_ADRESSE n’est pas une adresse\u00a0: {settings.S3_ADRESSE}.",
                hint="Par exemple https://s3.exemple.fr.",
                id="dpd.E009",
            )
        ]
    if adresse.scheme == "http" and not est_local(adresse.hostname):
        return [
            Warning(
                f"Les pièces passent en clair jusqu’à {adresse.hostname}.",
                hint="Préférez une adresse en https à S3_ADRESSE.",
                id="dpd.W001",
            )
        ]
    return []


CONTROLES = (controler_demonstration, controler_cle, controler_debug, controler_temoins, controler_stockage)


def brancher() -> None:
    """Ajoute nos contrôles à ceux que lance chaque commande."""
    for controle in CONTROLES:
        register(controle, Tags.security)


def refuser_si_mal_regle() -> None:
    """Pour le serveur web, qui ne lance aucun contrôle de lui-même.

    :raises ImproperlyConfigured: au premier contrôle de sécurité en erreur.
    """
    erreurs = [message for message in run_checks(tags=[Tags.security]) if message.is_serious()]
    if erreurs:
        raise ImproperlyConfigured("\n".join(f"{erreur.id} {erreur.msg}" for erreur in erreurs))
