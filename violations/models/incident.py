"""L’incident mutualisé : signalé une fois par la structure, il ouvre une violation chez chacun."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParStructure, ProbantQuerySet
from subtraitance.models import Logiciel, SousTraitant
from violations.models.faits import Faits, contraintes_des_faits


class Incident(Faits, ParStructure):
    """RGPD art. 33-2 : le sous-traitant prévient chaque responsable ; il n’évalue pas le risque.

    ``sous_traitant`` vide : l’incident est celui de la structure elle-même. ``connaissance`` est l’instant
    où le sous-traitant l’a su : de là courent ses 24 heures.
    """

    annee = models.PositiveSmallIntegerField("année")
    rang = models.PositiveSmallIntegerField("rang dans l’année")
    sous_traitant = models.ForeignKey(
        SousTraitant,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        verbose_name="prestataire",
    )
    logiciel = models.ForeignKey(
        Logiciel, models.PROTECT, null=True, blank=True, related_name="incidents", verbose_name="logiciel"
    )
    connaissance = models.DateTimeField("connu du sous-traitant le")
    echeance = models.DateTimeField("à dire aux collectivités avant le")
    signale_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signale_le = models.DateTimeField("signalé le")
    ouvert_le = models.DateTimeField("premières collectivités prévenues le", null=True, blank=True)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    clos_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    motif_cloture = models.CharField("pourquoi il est clos", max_length=300, blank=True)
    jeton = models.UUIDField("jeton du formulaire, contre le double envoi", null=True, blank=True)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "incident"
        verbose_name_plural = "incidents"
        ordering = ["structure_id", "-annee", "-rang"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["structure", "annee", "rang"], name="incident_numero_unique"),
            models.UniqueConstraint(
                fields=["structure", "jeton"],
                name="un_incident_par_envoi",
                violation_error_message="Ce signalement est déjà enregistré.",
            ),
            models.CheckConstraint(
                condition=Q(clos_le__isnull=True) | ~Q(motif_cloture=""),
                name="incident_clos_avec_motif",
                violation_error_message="Une clôture se motive.",
            ),
            *contraintes_des_faits("incident"),
        ]

    def __str__(self) -> str:
        return f"{self.numero}\u00a0: {self.titre}"

    @property
    def numero(self) -> str:
        """« I2026-01 » : distinct du numéro d’une violation."""
        return f"I{self.annee}-{self.rang:02d}"

    @property
    def origine_dite(self) -> str:
        """Qui en est à l’origine : le prestataire, à défaut la structure."""
        return self.sous_traitant.nom if self.sous_traitant else self.structure.nom


class InformationIncident(ParStructure):
    """Une information nouvelle, diffusée à chaque collectivité sans toucher à ce qu’elle a écrit."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="informations")
    texte = models.TextField("ce que l’on apprend")
    instant = models.DateTimeField("appris le")
    diffusee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    diffusee_le = models.DateTimeField("diffusée le")
    jeton = models.UUIDField("jeton du formulaire, contre le double envoi", null=True, blank=True)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "information sur un incident"
        verbose_name_plural = "informations sur un incident"
        ordering = ["incident_id", "-instant", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "jeton"],
                name="une_information_par_envoi",
                violation_error_message="Cette information est déjà diffusée.",
            )
        ]

    def __str__(self) -> str:
        return self.texte[:80]


class PieceIncident(ParStructure):
    """La documentation utile au responsable (RGPD art. 33-2 et 33-3) : chaque collectivité prévenue la lit.

    La pièce est de la structure ; retirée, plus aucune collectivité ne la lit.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="pieces")
    piece = models.ForeignKey("pieces.Piece", models.PROTECT, related_name="+")
    libelle = models.CharField("ce que c’est", max_length=200, blank=True)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "pièce d’un incident"
        verbose_name_plural = "pièces d’un incident"
        ordering = ["incident_id", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["incident", "piece"], name="une_piece_d_incident_une_fois")
        ]

    def __str__(self) -> str:
        return self.libelle or self.piece.nom
