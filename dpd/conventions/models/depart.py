"""Le départ d’une collectivité, et les réglages de la structure."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, ParStructure, PreuveQuerySet, ProbantQuerySet
from dpd.conventions.enums import SortDonnees
from dpd.conventions.models.convention import Convention


def _par() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )


class Depart(ParCollectivite):
    """Restituer, attester, puis détruire : les archives rendues, les copies de la structure suffisent.

    Non rendues, des archives publiques ne se détruisent pas sans le visa du directeur des archives
    départementales (code du patrimoine, art. L.212-2 et R.212-14). L’application enregistre la destruction ;
    elle ne l’exécute pas.
    """

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="departs")
    ouvert_le = models.DateTimeField("ouvert le")
    ouvert_par = _par()
    sort = models.CharField("sort des données", max_length=15, choices=SortDonnees, blank=True)
    exporte_le = models.DateTimeField("export remis le", null=True, blank=True)
    exporte_par = _par()
    export_empreinte = models.CharField("empreinte de l’export", max_length=64, blank=True)
    export_taille = models.PositiveBigIntegerField("taille de l’export, en octets", null=True, blank=True)
    recu_le = models.DateField("réception attestée le", null=True, blank=True)
    recu_par = _par()
    visa = models.CharField("visa des archives départementales", max_length=120, blank=True)
    vise_le = models.DateField("visa du", null=True, blank=True)
    detruit_le = models.DateField("destruction constatée le", null=True, blank=True)
    detruit_comment = models.TextField("comment", blank=True)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    clos_par = _par()
    abandonne_le = models.DateTimeField("abandonné le", null=True, blank=True)
    abandonne_par = _par()
    motif_abandon = models.TextField("motif de l’abandon", blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "départ d’une collectivité"
        verbose_name_plural = "départs de collectivités"
        ordering = ["-ouvert_le", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["convention"],
                condition=Q(abandonne_le__isnull=True),
                name="un_depart_par_convention",
                violation_error_message="Le départ de cette convention est déjà ouvert.",
            ),
            models.CheckConstraint(
                condition=Q(abandonne_le__isnull=True)
                | (Q(clos_le__isnull=True, detruit_le__isnull=True) & ~Q(motif_abandon="")),
                name="depart_abandonne_avec_motif",
                violation_error_message="Un abandon se motive, avant la destruction et la clôture.",
            ),
            models.CheckConstraint(
                condition=Q(detruit_le__isnull=True)
                | Q(sort="restitution", recu_le__isnull=False)
                | (Q(sort="destruction", vise_le__isnull=False, recu_le__isnull=False) & ~Q(visa="")),
                name="destruction_avec_visa",
                violation_error_message=(
                    "Des archives publiques ne se détruisent pas sans le visa des archives départementales "
                    "(code du patrimoine, art. L.212-2)."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Départ ouvert le {self.ouvert_le:%d/%m/%Y}"


class ReglagesConventions(ParStructure):
    """Ce qu’une structure choisit d’ouvrir."""

    structure = models.OneToOneField("comptes.Structure", models.PROTECT, related_name="+")
    simulateur_ouvert = models.BooleanField("simulateur de tarif ouvert au public", default=False)
    presentation = models.TextField("présentation du service, au simulateur", blank=True)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "réglages des conventions"
        verbose_name_plural = "réglages des conventions"
        default_permissions = ()

    def __str__(self) -> str:
        return "Réglages"
