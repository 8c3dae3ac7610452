"""Qui est entré, qui a exporté, qui a donné un droit : le geste et l’heure, jamais le contenu."""

from django.db import models

from dpd.comptes.enums import NatureAcces
from dpd.comptes.models.collectivite import Collectivite
from dpd.comptes.models.structure import Structure
from dpd.comptes.models.utilisateur import Utilisateur


class JournalAcces(models.Model):
    quand = models.DateTimeField("quand", db_index=True)
    nature = models.CharField("nature", max_length=20, choices=NatureAcces)
    utilisateur = models.ForeignKey(Utilisateur, models.PROTECT, null=True, blank=True, related_name="+")
    collectivite = models.ForeignKey(Collectivite, models.PROTECT, null=True, blank=True, related_name="+")
    structure = models.ForeignKey(Structure, models.PROTECT, null=True, blank=True, related_name="+")
    detail = models.CharField("détail", max_length=300, blank=True)
    adresse_ip = models.GenericIPAddressField("adresse IP", null=True, blank=True)

    class Meta:
        verbose_name = "entrée du journal des accès"
        verbose_name_plural = "journal des accès"
        ordering = ["-quand", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["collectivite", "-quand"], name="journal_collectivite"),
            models.Index(fields=["structure", "-quand"], name="journal_structure"),
        ]

    def __str__(self) -> str:
        return f"{self.quand:%Y-%m-%d %H:%M} {self.get_nature_display()}"
