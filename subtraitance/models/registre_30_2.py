"""Le registre de l’article 30-2 : ce que la structure traite pour le compte d’autres, et rien de plus.

Ni finalités, ni durées : l’article 30-2 n’en demande pas. Il est distinct du registre de l’article 30-1.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, ParStructure, PreuveQuerySet, ProbantQuerySet
from subtraitance.enums import LotDetenu, UniteDetention
from subtraitance.models.annuaire import SousTraitant


class ActiviteSousTraitee(ParStructure):
    """Une catégorie de traitements effectués pour le compte de responsables (art. 30-2 b à d)."""

    nom = models.CharField("activité", max_length=200)
    categories = models.TextField("catégories de traitements")
    transferts = models.TextField("transferts hors de l’Union, et garanties", blank=True)
    securite = models.TextField("mesures de sécurité, en général")
    sous_traitants = models.ManyToManyField(SousTraitant, blank=True, related_name="+")
    debut = models.DateField("depuis le", null=True, blank=True)
    fin = models.DateField("jusqu’au", null=True, blank=True)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "activité sous-traitée"
        verbose_name_plural = "activités sous-traitées"
        ordering = ["structure_id", "nom", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "nom"],
                name="une_activite_par_nom",
                violation_error_message="Cette activité est déjà au registre.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class ResponsableServi(ParCollectivite):
    """Un responsable pour le compte de qui l’activité s’exerce (art. 30-2 a)."""

    activite = models.ForeignKey(ActiviteSousTraitee, models.PROTECT, related_name="responsables")
    depuis = models.DateField("depuis le")
    jusqu_au = models.DateField("jusqu’au", null=True, blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "responsable servi"
        verbose_name_plural = "responsables servis"
        ordering = ["activite_id", "collectivite__nom", "collectivite_id", "-depuis"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["activite", "collectivite"],
                condition=Q(jusqu_au__isnull=True),
                name="un_responsable_servi_une_fois",
                violation_error_message="Cette collectivité est déjà servie.",
            ),
            models.CheckConstraint(
                condition=Q(jusqu_au__isnull=True) | Q(jusqu_au__gte=F("depuis")),
                name="responsable_servi_dates",
                violation_error_message="La fin suit le début.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.collectivite)


class LieuHebergement(ParStructure):
    """Où sont les données que la structure détient ; changer de lieu prévient chaque responsable."""

    hebergeur = models.CharField("hébergeur", max_length=200)
    adresse = models.CharField("lieu", max_length=300)
    pays = models.CharField("pays", max_length=2, default="FR")
    depuis = models.DateField("depuis le")
    jusqu_au = models.DateField("jusqu’au", null=True, blank=True)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "lieu d’hébergement"
        verbose_name_plural = "lieux d’hébergement"
        ordering = ["structure_id", "-depuis", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(jusqu_au__isnull=True) | Q(jusqu_au__gte=F("depuis")),
                name="hebergement_dates",
                violation_error_message="La fin suit le début.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.hebergeur}, {self.adresse}"


class RegleDetention(ParStructure):
    """Combien de temps la structure garde un type de lot, et ce qui le dit (article de la convention)."""

    type = models.CharField("type", max_length=15, choices=LotDetenu)
    quantite = models.PositiveSmallIntegerField("durée", null=True, blank=True)
    unite = models.CharField("unité", max_length=12, choices=UniteDetention)
    source = models.CharField("source", max_length=200)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "durée de détention"
        verbose_name_plural = "durées de détention"
        ordering = ["structure_id", "type"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "type"],
                name="une_duree_par_type",
                violation_error_message="Ce type a déjà sa durée.",
            ),
            models.CheckConstraint(
                condition=Q(unite__in=["intervention", "convention"]) | Q(quantite__gte=1),
                name="duree_de_detention_chiffree",
                violation_error_message="Dites combien.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_type_display()


class DonneesDetenues(ParCollectivite):
    """Un lot détenu pour une collectivité ; détruit, il dit qui, quand, comment, et ce que c’était.

    ``echeance`` : calculée à la réception, vide tant que rien ne la fixe.
    """

    type = models.CharField("type", max_length=15, choices=LotDetenu)
    description = models.CharField("ce que c’est", max_length=300)
    recu_le = models.DateField("reçu le")
    regle = models.CharField("durée appliquée", max_length=300)
    echeance = models.DateField("à détruire avant la fin du", null=True, blank=True)
    empreinte = models.CharField("empreinte SHA-256", max_length=64, blank=True)
    enregistre_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    enregistre_le = models.DateTimeField("enregistré le")
    detruit_le = models.DateField("détruit le", null=True, blank=True)
    detruit_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    detruit_comment = models.CharField("comment", max_length=300, blank=True)
    restitue = models.BooleanField("restitué plutôt que détruit", default=False)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "données détenues"
        verbose_name_plural = "données détenues"
        ordering = ["collectivite_id", "echeance", "pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["echeance"], condition=Q(detruit_le__isnull=True), name="lots_a_detruire")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(detruit_le__isnull=True)
                | Q(detruit_le__gte=F("recu_le"), detruit_par__isnull=False) & ~Q(detruit_comment=""),
                name="destruction_prouvee",
                violation_error_message="Dites qui a détruit, quand et comment.",
            )
        ]

    def __str__(self) -> str:
        return self.description
