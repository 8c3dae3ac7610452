"""Une violation de données dans une collectivité : ses instants, ses échéances, ce que l’on en sait."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, PreuveQuerySet
from dpd.regles.texte import normaliser
from violations.enums import EtatViolation, GraviteCnil, SourceConnaissance
from violations.models.faits import Faits, contraintes_des_faits
from violations.models.incident import Incident
from violations.regles.horloges import Horloge


class ViolationQuerySet(PreuveQuerySet):
    """Le vocabulaire de lecture des violations."""

    def ouvertes(self):
        return self.exclude(etat=EtatViolation.CLOSE)

    def a_notifier(self):
        """Celles dont l’horloge des 72 heures court : ni notifiées, ni écartées, ni closes."""
        return self.ouvertes().filter(notifiee_le__isnull=True, notification_ecartee=False)

    def depassees(self, maintenant: datetime):
        return self.a_notifier().filter(echeance_notification__lt=maintenant)

    def recherche(self, texte: str):
        """Celles dont le numéro, le titre, le récit ou la collectivité portent chaque mot, sans accents."""
        requete = self
        for mot in normaliser(texte).split():
            requete = requete.filter(Q(recherche__contains=mot) | Q(collectivite__recherche__contains=mot))
        return requete

    def pour_lecture(self):
        """Tout ce qu’affiche un dossier sans requête par ligne."""
        return self.select_related("collectivite__structure", "declaree_par", "incident", "lue_par")


class Violation(Faits, ParCollectivite):
    """RGPD art. 33-5 : toute violation se documente, notifiée ou non ; rien ne s’en supprime.

    ``connaissance`` est T0, l’instant où le responsable de traitement l’a su (art. 33-1) : les échéances
    sont calculées depuis lui par ``violations.regles.horloges``, jamais saisies. ``echeance_complement``
    part de la notification initiale (art. 33-4).
    """

    annee = models.PositiveSmallIntegerField("année")
    rang = models.PositiveSmallIntegerField("rang dans l’année")
    etat = models.CharField("état", max_length=10, choices=EtatViolation, default=EtatViolation.DECLAREE)
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="violations", verbose_name="incident"
    )
    source = models.CharField("comment vous l’avez su", max_length=15, choices=SourceConnaissance, blank=True)
    connaissance = models.DateTimeField("connue du responsable le")
    connaissance_dpd = models.DateTimeField("connue du DPD le", null=True, blank=True)
    echeance_notification = models.DateTimeField("à notifier avant le")
    echeance_complement = models.DateTimeField("à compléter avant le", null=True, blank=True)
    notifiee_le = models.DateTimeField("notifiée à la CNIL le", null=True, blank=True)
    completee_le = models.DateTimeField("complétée le", null=True, blank=True)
    notification_ecartee = models.BooleanField("le responsable a décidé de ne pas notifier", default=False)
    personnes_min = models.PositiveIntegerField("personnes, au moins", null=True, blank=True)
    personnes_max = models.PositiveIntegerField("personnes, au plus", null=True, blank=True)
    enregistrements_min = models.PositiveIntegerField("enregistrements, au moins", null=True, blank=True)
    enregistrements_max = models.PositiveIntegerField("enregistrements, au plus", null=True, blank=True)
    gravite = models.CharField("gravité", max_length=12, choices=GraviteCnil, blank=True)
    enisa = models.JSONField("cotation ENISA, en aide", default=dict, blank=True)
    transfrontaliere = models.BooleanField("touche d’autres pays de l’Union", null=True, blank=True)
    autres_autorites = models.CharField("autres autorités prévenues", max_length=400, blank=True)
    message_personnes = models.TextField("message aux personnes", blank=True)
    lecon = models.TextField("leçon tirée", blank=True)
    declaree_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    declaree_le = models.DateTimeField("déclarée le")
    lue_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lue_le = models.DateTimeField("lue par la collectivité le", null=True, blank=True)
    jeton = models.UUIDField("jeton du formulaire, contre le double envoi", null=True, blank=True)
    recherche = models.TextField("clé de recherche", blank=True, editable=False)

    objects = ViolationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "violation"
        verbose_name_plural = "violations"
        ordering = ["collectivite_id", "-annee", "-rang"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["collectivite", "-connaissance"], name="violation_de_collectivite"),
            models.Index(
                fields=["echeance_notification"],
                condition=Q(notifiee_le__isnull=True, notification_ecartee=False) & ~Q(etat="close"),
                name="violation_a_notifier",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["collectivite", "annee", "rang"], name="violation_numero_unique"),
            models.UniqueConstraint(
                fields=["incident", "collectivite"],
                name="une_violation_par_incident",
                violation_error_message="Cet incident a déjà ouvert une violation ici.",
            ),
            models.UniqueConstraint(
                fields=["collectivite", "jeton"],
                name="une_violation_par_envoi",
                violation_error_message="Cette déclaration est déjà enregistrée.",
            ),
            models.CheckConstraint(
                condition=Q(personnes_max__isnull=True)
                | Q(personnes_min__isnull=True)
                | Q(personnes_max__gte=F("personnes_min")),
                name="violation_personnes_ordonnees",
                violation_error_message="Au plus ne peut pas être sous au moins (personnes).",
            ),
            models.CheckConstraint(
                condition=Q(enregistrements_max__isnull=True)
                | Q(enregistrements_min__isnull=True)
                | Q(enregistrements_max__gte=F("enregistrements_min")),
                name="violation_enregistrements_ordonnes",
                violation_error_message="Au plus ne peut pas être sous au moins (enregistrements).",
            ),
            models.CheckConstraint(
                condition=Q(completee_le__isnull=True) | Q(notifiee_le__isnull=False),
                name="violation_completee_apres_notification",
                violation_error_message="On complète une notification déjà faite.",
            ),
            *contraintes_des_faits("violation"),
        ]

    def __str__(self) -> str:
        return f"{self.numero}\u00a0: {self.titre}"

    def indexer(self) -> None:
        """Recalcule la clé de recherche ; à appeler avant toute écriture du numéro, du titre ou du récit."""
        self.recherche = normaliser(f"{self.numero} {self.titre} {self.recit}")

    @property
    def numero(self) -> str:
        """« 2026-02 » : l’année de connaissance, puis le rang dans la collectivité."""
        return f"{self.annee}-{self.rang:02d}"

    @property
    def horloge(self) -> Horloge:
        """Les 72 heures du responsable (art. 33-1), telles qu’elles sont gardées en base."""
        return Horloge(self.connaissance, self.echeance_notification, self.notifiee_le)

    @property
    def horloge_complement(self) -> Horloge | None:
        """Les 72 heures souples du complément, une fois la notification initiale faite."""
        if self.notifiee_le is None or self.echeance_complement is None:
            return None
        return Horloge(self.notifiee_le, self.echeance_complement, self.completee_le)
