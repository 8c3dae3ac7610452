"""Les personnes. Un compte ne se supprime jamais : il se désactive, pour que l’historique garde un nom."""

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from simple_history.models import HistoricalRecords

from dpd.comptes.enums import Role, Theme
from dpd.comptes.models.collectivite import Collectivite
from dpd.comptes.models.probant import ProbantQuerySet, ecrire
from dpd.comptes.models.structure import Structure


class UtilisateurManager(BaseUserManager):
    def get_by_natural_key(self, courriel):
        return self.get(email__iexact=courriel)

    def create_user(self, email, password=None, **champs):
        utilisateur = self.model(email=self.normalize_email(email).lower(), **champs)
        utilisateur.set_password(password)
        ecrire(utilisateur, sauf=["password"])
        return utilisateur


class Utilisateur(AbstractUser):
    username = None
    groups = None
    user_permissions = None
    is_staff = None
    is_superuser = None
    email = models.EmailField("courriel professionnel", unique=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    fonction = models.CharField("fonction", max_length=120, blank=True)
    theme = models.CharField("affichage", max_length=5, choices=Theme, default=Theme.AUTOMATIQUE)

    objects = UtilisateurManager()
    history = HistoricalRecords(excluded_fields=["password", "last_login", "theme"])

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = "utilisateur"
        verbose_name_plural = "utilisateurs"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="courriel_unique_sans_casse",
                violation_error_message="Un compte existe déjà pour ce courriel.",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def has_perm(self, perm, obj=None) -> bool:
        """Aucune permission globale n’existe : tout passe par dpd.comptes.droits."""
        return False

    def has_perms(self, perm_list, obj=None) -> bool:
        return False

    def has_module_perms(self, app_label) -> bool:
        return False


class Invitation(models.Model):
    """Un lien à usage unique, à durée limitée, révocable ; seul le condensat du jeton est gardé."""

    courriel = models.EmailField("courriel")
    prenom = models.CharField("prénom", max_length=150, blank=True)
    nom = models.CharField("nom", max_length=150, blank=True)
    role = models.CharField("rôle", max_length=20, choices=Role)
    collectivite = models.ForeignKey(
        Collectivite, models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    structure = models.ForeignKey(
        Structure, models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    condensat = models.CharField("condensat du jeton", max_length=64, unique=True)
    invite_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+")
    cree_le = models.DateTimeField("créée le")
    expire_le = models.DateTimeField("expire le")
    acceptee_le = models.DateTimeField("acceptée le", null=True, blank=True)
    acceptee_par = models.ForeignKey(Utilisateur, models.PROTECT, null=True, blank=True, related_name="+")
    revoquee_le = models.DateTimeField("révoquée le", null=True, blank=True)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitations"
        ordering = ["-cree_le", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(collectivite__isnull=False, structure__isnull=True)
                | Q(collectivite__isnull=True, structure__isnull=False),
                name="invitation_une_seule_portee",
                violation_error_message="Une invitation vaut pour une collectivité ou pour une structure.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.courriel} ({self.get_role_display()})"

    @property
    def portee(self):
        return self.collectivite or self.structure

    def est_utilisable(self, maintenant) -> bool:
        return self.acceptee_le is None and self.revoquee_le is None and maintenant < self.expire_le
