"""Ce qu’une collectivité règle pour ses demandes de droits : formulaire public, durée de conservation."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, PreuveQuerySet


class ReglagesDemandes(ParCollectivite):
    """Le formulaire public n’existe que si le responsable l’ouvre ; la durée, que s’il la fixe.

    Aucun texte ne donne la durée de conservation d’une demande de droits : elle est choisie, avec sa source.
    """

    formulaire_ouvert = models.BooleanField("formulaire public ouvert", default=False)
    message = models.TextField("ce que lit l’habitant avant d’écrire", blank=True)
    conservation_mois = models.PositiveSmallIntegerField(
        "mois de conservation du demandeur, après la clôture",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    conservation_source = models.CharField("d’où vient cette durée", max_length=300, blank=True)
    regle_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    regle_le = models.DateTimeField("réglé le")

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "réglages des demandes"
        verbose_name_plural = "réglages des demandes"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["collectivite"], name="reglages_demandes_uniques"),
            models.CheckConstraint(
                condition=Q(conservation_mois__isnull=True) | ~Q(conservation_source=""),
                name="conservation_des_demandes_sourcee",
                violation_error_message="Dites d’où vient cette durée.",
            ),
        ]

    def __str__(self) -> str:
        return "Réglages des demandes de droits"
