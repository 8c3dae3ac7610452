"""Le contrat d’une collectivité avec un prestataire : à elle seule, jamais lu d’une autre."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, PreuveQuerySet
from subtraitance.models.annuaire import Logiciel, SousTraitant


class ContratQuerySet(PreuveQuerySet):
    def en_cours(self, jour: date):
        """Ceux qui valent ce jour-là ; sans date de fin, un contrat dure."""
        return self.filter(Q(debut__isnull=True) | Q(debut__lte=jour)).filter(
            Q(fin__isnull=True) | Q(fin__gte=jour)
        )


class Contrat(ParCollectivite):
    """RGPD art. 28-3. ``delai_violation`` : heures dont dispose le prestataire pour prévenir (art. 33-2)."""

    sous_traitant = models.ForeignKey(SousTraitant, models.PROTECT, related_name="contrats")
    objet = models.CharField("objet", max_length=300)
    reference = models.CharField("référence", max_length=80, blank=True)
    debut = models.DateField("début", null=True, blank=True)
    fin = models.DateField("terme", null=True, blank=True)
    delai_violation = models.PositiveSmallIntegerField(
        "heures pour nous prévenir d’une violation", null=True, blank=True
    )

    objects = ContratQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "contrat de sous-traitance"
        verbose_name_plural = "contrats de sous-traitance"
        ordering = ["collectivite", "sous_traitant", "-debut", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(debut__isnull=True) | Q(fin__gte=F("debut")),
                name="contrat_terme_apres_debut",
                violation_error_message="Le terme d’un contrat suit son début.",
            )
        ]

    def __str__(self) -> str:
        return self.reference or self.objet


class LogicielEmploye(ParCollectivite):
    """La collectivité se sert de ce logiciel : de quoi la prévenir si un incident le touche."""

    contrat = models.ForeignKey(Contrat, models.PROTECT, related_name="logiciels")
    logiciel = models.ForeignKey(Logiciel, models.PROTECT, related_name="emplois")
    retire_le = models.DateTimeField("plus employé depuis", null=True, blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "logiciel employé"
        verbose_name_plural = "logiciels employés"
        ordering = ["contrat", "logiciel"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "logiciel"],
                condition=Q(retire_le__isnull=True),
                name="un_emploi_par_logiciel",
                violation_error_message="Ce logiciel est déjà noté.",
            )
        ]

    def __str__(self) -> str:
        return self.logiciel.nom
