"""Ce que le responsable autorise et ordonne à son sous-traitant (RGPD art. 28-2, 28-3 a)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, PreuveQuerySet
from subtraitance.enums import DecisionAutorisation, RegimeAutorisation
from subtraitance.models.annuaire import SousTraitantUlterieur
from subtraitance.models.contrat import Contrat


class Autorisation(ParCollectivite):
    """Une demande d’autorisation pour un sous-traitant ultérieur, et ce que le responsable décide.

    Spécifique : sans réponse, c’est non. Générale : ``objection_avant`` passé sans opposition, c’est oui.
    """

    contrat = models.ForeignKey(Contrat, models.PROTECT, related_name="autorisations")
    ulterieur = models.ForeignKey(SousTraitantUlterieur, models.PROTECT, related_name="autorisations")
    regime = models.CharField("régime", max_length=12, choices=RegimeAutorisation)
    demandee_le = models.DateTimeField("demandée le")
    demandee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    garanties = models.TextField("garanties présentées", blank=True)
    objection_avant = models.DateField("s’opposer avant le", null=True, blank=True)
    decision = models.CharField(
        "décision", max_length=10, choices=DecisionAutorisation, default=DecisionAutorisation.ATTENDUE
    )
    motif = models.TextField("motif", blank=True)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    piece = models.ForeignKey("pieces.Piece", models.PROTECT, null=True, blank=True, related_name="+")
    # Vide : plus rien à rappeler, la demande peut attendre des années sans se relire.
    rappel_le = models.DateTimeField("prochain rappel", null=True, blank=True, editable=False)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["rappel_le"])

    class Meta:
        verbose_name = "autorisation de sous-traitance ultérieure"
        verbose_name_plural = "autorisations de sous-traitance ultérieure"
        ordering = ["contrat_id", "-demandee_le", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["rappel_le"], condition=Q(decision="attendue"), name="autorisation_a_rappeler"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "ulterieur"],
                condition=Q(decision="attendue"),
                name="une_demande_d_autorisation_a_la_fois",
                violation_error_message="Cette autorisation est déjà demandée.",
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=["refusee", "opposee"]) | ~Q(motif=""),
                name="refus_d_autorisation_motive",
                violation_error_message="Dites pourquoi\u00a0: le prestataire en a besoin.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_decision_display()


class Instruction(ParCollectivite):
    """Une instruction écrite du responsable ; ``contrat`` vide : elle s’adresse à la structure elle-même.

    Si elle paraît illicite, le sous-traitant alerte aussitôt et suspend (art. 28-3) : l’alerte et sa suite
    restent à côté.
    """

    contrat = models.ForeignKey(
        Contrat, models.PROTECT, null=True, blank=True, related_name="instructions", verbose_name="contrat"
    )
    texte = models.TextField("instruction")
    donnee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    donnee_le = models.DateTimeField("donnée le")
    accusee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    accusee_le = models.DateTimeField("reçue le", null=True, blank=True)
    alerte = models.TextField("pourquoi elle paraît illicite", blank=True)
    alertee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    alertee_le = models.DateTimeField("alerte donnée le", null=True, blank=True)
    suite = models.TextField("suite donnée à l’alerte", blank=True)
    maintenue = models.BooleanField("maintenue malgré l’alerte", null=True, blank=True)
    suite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    suite_le = models.DateTimeField("suite donnée le", null=True, blank=True)
    executee_le = models.DateTimeField("exécutée le", null=True, blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "instruction"
        verbose_name_plural = "instructions"
        ordering = ["collectivite_id", "-donnee_le", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(alertee_le__isnull=True) | ~Q(alerte=""),
                name="alerte_motivee",
                violation_error_message="Dites pourquoi l’instruction paraît illicite.",
            ),
            models.CheckConstraint(
                condition=Q(suite_le__isnull=True) | Q(alertee_le__isnull=False, maintenue__isnull=False),
                name="suite_apres_alerte",
                violation_error_message="Une suite répond à une alerte.",
            ),
            models.CheckConstraint(
                condition=Q(executee_le__isnull=True) | Q(alertee_le__isnull=True) | Q(maintenue=True),
                name="instruction_suspendue_non_executee",
                violation_error_message="Une instruction suspendue ne s’exécute pas.",
            ),
        ]

    def __str__(self) -> str:
        return self.texte[:80]

    @property
    def est_suspendue(self) -> bool:
        """Vrai tant qu’une alerte attend sa suite, ou que le responsable y a renoncé."""
        return self.alertee_le is not None and self.maintenue is not True
