"""Les rappels d’échéance à venir : un calendrier, que ``manage.py relancer`` épuise."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from dpd.comptes.models import LocataireQuerySet, ParCollectivite
from violations.enums import EtatRappel, HorlogeRappelee
from violations.models.violation import Violation


class RappelQuerySet(LocataireQuerySet):
    def echus(self, maintenant: datetime):
        return self.filter(etat=EtatRappel.PREVU, instant__lte=maintenant)


class Rappel(ParCollectivite):
    """Un palier de ``violations.regles.rappels`` ; refait si T0 change, arrêté quand l’horloge s’arrête.

    La preuve de ce qui est parti est le message, pas cette ligne. Une ligne prévue s’efface quand elle
    n’a plus lieu d’être ; envoyée ou omise, elle reste.
    """

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="rappels")
    horloge = models.CharField(
        "horloge", max_length=12, choices=HorlogeRappelee, default=HorlogeRappelee.NOTIFICATION
    )
    palier = models.CharField("palier", max_length=12)
    instant = models.DateTimeField("à partir du")
    etat = models.CharField("état", max_length=6, choices=EtatRappel, default=EtatRappel.PREVU)
    traite_le = models.DateTimeField("traité le", null=True, blank=True)

    objects = RappelQuerySet.as_manager()

    class Meta:
        verbose_name = "rappel"
        verbose_name_plural = "rappels"
        ordering = ["violation_id", "instant", "pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["instant"], condition=Q(etat="prevu"), name="rappels_a_envoyer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["violation", "horloge", "palier"],
                condition=Q(etat="prevu"),
                name="un_rappel_prevu_par_palier",
            )
        ]

    def __str__(self) -> str:
        return f"{self.palier}, {self.instant:%d/%m/%Y %H:%M}"
