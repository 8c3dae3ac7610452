"""L’avis du DPD, la suite que le responsable lui donne, et les questions du référent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.accompagnement.enums import SensAvis, SuiteAvis
from dpd.comptes.models import ParCollectivite, PreuveQuerySet


class Avis(ParCollectivite):
    """RGPD art. 39-1 a : le DPD informe et conseille ; il ne décide pas."""

    sens = models.CharField("sens", max_length=12, choices=SensAvis)
    texte = models.TextField("avis")
    rendu_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rendu_le = models.DateTimeField("rendu le")

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ["-rendu_le", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.get_sens_display()


class Reserve(ParCollectivite):
    avis = models.ForeignKey(Avis, models.PROTECT, related_name="reserves")
    ordre = models.PositiveSmallIntegerField("ordre")
    texte = models.TextField("réserve")
    levee_le = models.DateField("levée le", null=True, blank=True)
    levee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    levee_comment = models.CharField("ce qui a été fait", max_length=300, blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "réserve"
        verbose_name_plural = "réserves"
        ordering = ["avis_id", "ordre"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["avis", "ordre"], name="ordre_de_reserve_unique")]

    def __str__(self) -> str:
        return f"Réserve {self.ordre}"


class Suite(ParCollectivite):
    """La décision du responsable de traitement sur un avis ; le refus est toujours motivé."""

    avis = models.OneToOneField(Avis, models.PROTECT, related_name="suite")
    sens = models.CharField("suite", max_length=10, choices=SuiteAvis)
    motif = models.TextField("motif", blank=True)
    decidee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decidee_le = models.DateTimeField("décidée le")

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "suite donnée à un avis"
        verbose_name_plural = "suites données aux avis"
        ordering = ["-decidee_le", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(sens="suivi") | ~Q(motif=""),
                name="suite_motivee",
                violation_error_message="Un avis non suivi, même en partie, demande un motif.",
            )
        ]

    def __str__(self) -> str:
        return self.get_sens_display()


class Question(ParCollectivite):
    """Une question du référent au DPD ; ``objet`` dit en clair de quoi elle parle."""

    objet = models.CharField("objet", max_length=200)
    texte = models.TextField("question")
    posee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    posee_le = models.DateTimeField("posée le")
    reponse = models.TextField("réponse", blank=True)
    repondue_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "question au DPD"
        verbose_name_plural = "questions au DPD"
        ordering = ["-posee_le", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["collectivite", "posee_le"],
                condition=Q(repondue_le__isnull=True, retiree_le__isnull=True),
                name="questions_ouvertes",
            )
        ]

    def __str__(self) -> str:
        return self.objet
