"""Réglages, un seul fichier, lus de l’environnement ; toutes les erreurs sont dites d’un coup.

Avec ``DEBUG=1`` pour seule variable, on obtient un site de développement local sur SQLite. La production
pose au moins ``SECRET_KEY``, ``ALLOWED_HOSTS`` et ``DATABASE_URL`` ; voir docs/exploitation.md.
"""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from environs import Env, validate

RACINE = Path(__file__).resolve().parent.parent
env = Env(eager=False)
env.read_env(RACINE / ".env", recurse=False)

DEBUG = env.bool("DEBUG", False)
# Mode démonstration : « Entrer comme… » en un clic, sans mot de passe. Refusé hors DEBUG et hors hôte local.
DEMONSTRATION = env.bool("DEMONSTRATION", False)
SECRET_KEY = env.str("SECRET_KEY", "developpement-seulement-cle-non-secrete-a-remplacer-en-production")
# Les clés d’avant, le temps d’en changer : sessions et secrets du double facteur restent lisibles.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000")
DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{RACINE / 'var' / 'dpd.sqlite3'}")}
EMAIL = env.dj_email_url("EMAIL_URL", "console:")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "ne-pas-repondre@dpd-mutualise.example")
CONNEXIONS_MAX = env.int("CONNEXIONS_MAX", 8, validate=validate.Range(min=1))  # à PostgreSQL, par processus
MEDIA_ROOT = env.path("MEDIA_ROOT", str(RACINE / "var" / "pieces"))
# Un seau S3 remplace le dossier des pièces dès que plusieurs machines servent le site.
S3_SEAU = env.str("S3_SEAU", "")
S3_ADRESSE = env.str("S3_ADRESSE", "")
S3_REGION = env.str("S3_REGION", "us-east-1")  # ce que supposent les serveurs qui n’ont pas de régions
S3_CLE = env.str("S3_CLE", "")
S3_SECRET = env.str("S3_SECRET", "")
SECURE_SSL = env.bool("SECURE_SSL", not DEBUG)
NB_MANDATAIRES = env.int("NB_MANDATAIRES", 0)  # mandataires inverses de confiance devant l’application
DUREE_SESSION_MIN = env.int("DUREE_SESSION_MIN", 30)
DOUBLE_FACTEUR_OBLIGATOIRE = not DEMONSTRATION
env.seal()

INSTALLED_APPS = [
    "dpd.comptes",
    "dpd.messagerie",
    "dpd.pieces",
    "dpd.conventions",
    "dpd.accompagnement",
    "subtraitance",
    "registre",
    "violations",
    "dpd.pilotage",
    "dpd",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "guardian",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "post_office",
]

MIDDLEWARE = [
    "dpd.comptes.garde.PermissionsRefusees",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "dpd.comptes.garde.OctetsNuls",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dpd.comptes.middleware.DureeAbsolue",
    "dpd.comptes.middleware.ConnexionObligatoire",
    "dpd.comptes.middleware.AccesDeLaRequete",
    "allauth.account.middleware.AccountMiddleware",
    "dpd.comptes.middleware.DoubleFacteurObligatoire",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "dpd.urls"
WSGI_APPLICATION = "dpd.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RACINE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "dpd.comptes.contexte.contexte",
            ],
            "builtins": ["dpd.templatetags.dpd_extras"],
        },
    }
]

# --- Base de données -----------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    )
    # Ouvrir un fichier SQLite, c’est en relire tout le schéma : une connexion sert une minute de requêtes.
    # Le serveur de développement, lui, prend un fil neuf pour chacune.
    DATABASES["default"]["CONN_MAX_AGE"] = 0 if DEBUG else 60
else:
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        pool={"min_size": 1, "max_size": CONNEXIONS_MAX, "timeout": 10}
    )
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # la base a redémarré : on se reconnecte, sans erreur
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # au-delà, des décomptes d’essais seraient jetés au hasard
    },
}

# --- Comptes, droits, sécurité -------------------------------------------------------------------
AUTH_USER_MODEL = "comptes.Utilisateur"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "dpd.comptes.mots_de_passe.MotDePasse80Bits"},
]
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accueil"
ACCOUNT_ADAPTER = "dpd.comptes.adaptateur.Adaptateur"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # l’invitation reçue par courriel vaut vérification
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # on n’écrit pas à un inconnu
ACCOUNT_EMAIL_NOTIFICATIONS = True  # mot de passe ou double facteur changé : la personne est prévenue
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {
    "login": "dpd.comptes.forms_acces.ConnexionForm",
    "reset_password": "dpd.comptes.forms_acces.OubliForm",
    "reset_password_from_key": "dpd.comptes.forms_acces.NouveauMotDePasseForm",
    "change_password": "dpd.comptes.forms_acces.ChangerMotDePasseForm",
    "reauthenticate": "dpd.comptes.forms_acces.ConfirmerForm",
}
PASSWORD_RESET_TIMEOUT = 86_400  # un jour (CNIL, délib. 2022-100)
MFA_ADAPTER = "dpd.comptes.adaptateur.AdaptateurMfa"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "DPD mutualisé"
MFA_RECOVERY_CODE_COUNT = 10
# Une invitation prouve déjà le courriel. Le lien d’un mot de passe oublié en laisse, chez allauth, une copie
# à vérifier : sans ce réglage, elle interdirait à jamais d’activer le double facteur, pourtant exigé.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 0  # un code ne vaut que ses 30 secondes : c’est aussi le temps où son rejeu est refusé
MFA_FORMS = {
    "authenticate": "dpd.comptes.forms_acces.CodeForm",
    "reauthenticate": "dpd.comptes.forms_acces.ConfirmerCodeForm",
    "activate_totp": "dpd.comptes.forms_acces.ActiverForm",
}
AXES_ENABLED = not DEMONSTRATION
AXES_FAILURE_LIMIT = 5
AXES_HANDLER = "dpd.comptes.tentatives.Blocage"
AXES_LOCKOUT_CALLABLE = "dpd.comptes.tentatives.page_de_blocage"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "dpd.comptes.tentatives.identifiant"
AXES_CLIENT_IP_CALLABLE = "dpd.comptes.journal.adresse_ip"
SESSION_COOKIE_AGE = DUREE_SESSION_MIN * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL
# « __Host- » : le navigateur refuse ces témoins s’ils viennent d’un sous-domaine ou d’une page en clair.
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE_SSL else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE_SSL else "csrftoken"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE_SSL
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_SSL
SECURE_HSTS_PRELOAD = SECURE_SSL
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if NB_MANDATAIRES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Ce qu’aucune page ne demande au navigateur, ni aucun contenu qu’elle porterait.
PERMISSIONS_REFUSEES = (
    *("accelerometer", "autoplay", "camera", "clipboard-read", "display-capture"),
    *("encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection"),
    *("local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture"),
    *("publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock", "serial"),
    *("storage-access", "sync-xhr", "usb", "window-management", "xr-spatial-tracking"),
)

# --- Courriels -----------------------------------------------------------------------------------
EMAIL_BACKEND = "dpd.messagerie.file.FileDAttente"
POST_OFFICE = {
    "BACKENDS": {"default": EMAIL["EMAIL_BACKEND"]},
    "DEFAULT_PRIORITY": "medium",
}
EMAIL_HOST = EMAIL.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = EMAIL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10

# --- Langue, temps, fichiers ---------------------------------------------------------------------
LANGUAGE_CODE = "fr"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"
STATIC_URL = "static/"
STATIC_ROOT = RACINE / "var" / "statiques"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if S3_SEAU:
    STORAGES["default"] = {
        "BACKEND": "dpd.pieces.stockage.StockageS3",
        "OPTIONS": {
            "bucket_name": S3_SEAU,
            "endpoint_url": S3_ADRESSE,
            "region_name": S3_REGION,
            "access_key": S3_CLE,
            "secret_key": S3_SECRET,
        },
    }
FILE_UPLOAD_HANDLERS = [
    "dpd.pieces.envoi.Plafond",  # un envoi démesuré est jeté au fil de l’eau
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # une fiche de 80 lignes de données tient en un formulaire
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ligne": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ligne"}},
    "root": {"handlers": ["console"], "level": "INFO" if not DEBUG else "WARNING"},
    "loggers": {"axes": {"level": "WARNING"}},
}
