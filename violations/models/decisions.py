"""L’avis du DPD, les décisions du responsable, ce qui a été notifié et dit aux personnes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, PreuveQuerySet
from violations.enums import (
    GraviteCnil,
    MotifSansInformation,
    MoyenInformation,
    Question,
    Risque,
    TypeNotification,
)
from violations.models.violation import Violation


class AvisViolation(ParCollectivite):
    """RGPD art. 39-1 a : le DPD conseille. ``raisons`` : une par ligne."""

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="avis")
    risque = models.CharField("risque pour les personnes", max_length=12, choices=Risque)
    gravite = models.CharField("gravité", max_length=12, choices=GraviteCnil)
    conseil_notifier = models.BooleanField("notifier la CNIL")
    conseil_informer = models.BooleanField("informer les personnes")
    raisons = models.TextField("pourquoi")
    sait = models.TextField("ce que l’on sait", blank=True)
    ignore = models.TextField("ce que l’on ignore encore", blank=True)
    rendu_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rendu_le = models.DateTimeField("rendu le")

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "avis sur une violation"
        verbose_name_plural = "avis sur des violations"
        ordering = ["violation_id", "-rendu_le", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return "Notifier la CNIL" if self.conseil_notifier else "Ne pas notifier la CNIL"


class DecisionViolation(ParCollectivite):
    """La réponse du responsable de traitement à l’une de ses deux questions (RGPD art. 24, 33-1, 34).

    Une décision ne se récrit pas : la suivante la remplace. ``avis`` : celui qu’il avait sous les yeux ;
    ``suit_avis`` est vide s’il a décidé sans l’attendre.
    """

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="decisions")
    question = models.CharField("question", max_length=10, choices=Question)
    reponse = models.BooleanField("réponse")
    motif = models.TextField("motif", blank=True)
    motif_34 = models.CharField(
        "raison de ne pas informer chacun", max_length=20, choices=MotifSansInformation, blank=True
    )
    moyen = models.CharField("par quel moyen", max_length=12, choices=MoyenInformation, blank=True)
    prevue_le = models.DateField("prévue le", null=True, blank=True)
    avis = models.ForeignKey(AvisViolation, models.PROTECT, null=True, blank=True, related_name="decisions")
    suit_avis = models.BooleanField("suit l’avis du DPD", null=True, blank=True)
    decidee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decidee_le = models.DateTimeField("décidée le")
    courante = models.BooleanField("en vigueur", default=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "décision sur une violation"
        verbose_name_plural = "décisions sur des violations"
        ordering = ["violation_id", "question", "-decidee_le", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["violation", "question"], condition=Q(courante=True), name="une_decision_courante"
            ),
            models.CheckConstraint(
                condition=Q(reponse=True) | ~Q(motif=""),
                name="refus_motive",
                violation_error_message="Dites pourquoi\u00a0: ce motif reste au registre des violations.",
            ),
            models.CheckConstraint(
                condition=~Q(question="informer", reponse=False) | ~Q(motif_34=""),
                name="refus_d_informer_fonde",
                violation_error_message="Choisissez la raison de l’article 34.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_question_display()}\u00a0: {'oui' if self.reponse else 'non'}"


class NotificationCnil(ParCollectivite):
    """Ce qui a été envoyé à la CNIL sur son téléservice, par la collectivité ; rien ne part d’ici.

    ``contenu`` : les quatorze rubriques telles qu’elles étaient alors ; ``empreinte`` : leur SHA-256.
    """

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="notifications")
    type = models.CharField("type d’envoi", max_length=15, choices=TypeNotification)
    numero = models.CharField("numéro donné par la CNIL", max_length=40)
    envoyee_le = models.DateTimeField("date et heure de l’accusé")
    motif_retard = models.TextField("motifs du retard", blank=True)
    contenu = models.JSONField("rubriques")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    piece = models.ForeignKey(
        "pieces.Piece", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="accusé"
    )
    enregistree_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    enregistree_le = models.DateTimeField("enregistrée le")

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "notification à la CNIL"
        verbose_name_plural = "notifications à la CNIL"
        ordering = ["violation_id", "envoyee_le", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["violation"],
                condition=~Q(type="complementaire"),
                name="une_seule_notification_initiale",
                violation_error_message="La notification initiale est déjà enregistrée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}, n° {self.numero}"


class InformationFaite(ParCollectivite):
    """Les personnes ont été informées (RGPD art. 34) : quand, comment, combien, et le texte exact."""

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="informations_faites")
    moyen = models.CharField("moyen", max_length=12, choices=MoyenInformation)
    faite_le = models.DateField("faite le")
    nombre = models.PositiveIntegerField("personnes informées", null=True, blank=True)
    message = models.TextField("texte remis")
    piece = models.ForeignKey("pieces.Piece", models.PROTECT, null=True, blank=True, related_name="+")
    enregistree_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    enregistree_le = models.DateTimeField("enregistrée le")

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "information des personnes"
        verbose_name_plural = "informations des personnes"
        ordering = ["violation_id", "faite_le", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_moyen_display()}, {self.faite_le:%d/%m/%Y}"
