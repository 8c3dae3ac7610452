"""Les prix d’une structure : barèmes datés, indices publiés, règle de raccord, hausses notifiées."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, ParStructure, PreuveQuerySet, ProbantQuerySet
from dpd.conventions.enums import LectureIndice, NatureBareme, Revision, SensForfait, SerieIndice
from dpd.conventions.models.convention import Convention
from dpd.conventions.regles.indices import IndicePublie, Raccord
from dpd.conventions.regles.tarifs import Tranche
from dpd.regles.typographie import MOIS


def _prix(libelle: str, **options) -> models.DecimalField:
    return models.DecimalField(libelle, max_digits=10, decimal_places=2, **options)


class IndiceRevision(ParStructure):
    """Une valeur publiée, saisie avec sa source ; jamais déduite d’une autre."""

    serie = models.CharField("série", max_length=10, choices=SerieIndice)
    annee = models.PositiveSmallIntegerField("année")
    mois = models.PositiveSmallIntegerField("mois")
    valeur = models.DecimalField("valeur", max_digits=7, decimal_places=1)
    publie_le = models.DateField("publié le", null=True, blank=True)
    source = models.CharField("source", max_length=300)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "indice de révision"
        verbose_name_plural = "indices de révision"
        ordering = ["structure_id", "-annee", "-mois", "serie"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "serie", "annee", "mois"],
                name="indice_unique_par_mois",
                violation_error_message="Cet indice est déjà saisi.",
            ),
            models.CheckConstraint(
                condition=Q(valeur__gt=0),
                name="indice_positif",
                violation_error_message="Un indice est strictement positif.",
            ),
            models.CheckConstraint(
                condition=Q(mois__gte=1, mois__lte=12),
                name="indice_mois_civil",
                violation_error_message="Le mois va de 1 à 12.",
            ),
        ]

    def __str__(self) -> str:
        return f"{MOIS[self.mois - 1]} {self.annee}"

    @property
    def publie(self) -> IndicePublie:
        """La valeur, telle que la lisent les règles."""
        return IndicePublie(self.serie, self.annee, self.mois, self.valeur, self.publie_le, self.source)


class RegleRaccord(ParStructure):
    """La délibération qui dit comment prolonger une série par une autre ; sans elle, aucun calcul."""

    de = models.CharField("série prolongée", max_length=10, choices=SerieIndice, default=SerieIndice.ANCIEN)
    vers = models.CharField("série nouvelle", max_length=10, choices=SerieIndice, default=SerieIndice.REVISE)
    coefficient = models.DecimalField("coefficient (nouvelle ÷ prolongée)", max_digits=9, decimal_places=6)
    deliberation = models.CharField("délibération", max_length=120)
    deliberee_le = models.DateField("délibérée le")
    source = models.CharField("source du coefficient", max_length=300)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "règle de raccord"
        verbose_name_plural = "règles de raccord"
        ordering = ["structure_id", "-deliberee_le", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "de", "vers", "deliberee_le"], name="raccord_unique_par_deliberation"
            ),
            models.CheckConstraint(
                condition=Q(coefficient__gt=0),
                name="raccord_positif",
                violation_error_message="Un coefficient de raccord est strictement positif.",
            ),
            models.CheckConstraint(
                condition=~Q(de=models.F("vers")),
                name="raccord_entre_deux_series",
                violation_error_message="Un raccord relie deux séries différentes.",
            ),
        ]

    def __str__(self) -> str:
        return f"Raccord délibéré le {self.deliberee_le:%d/%m/%Y}"

    @property
    def raccord(self) -> Raccord:
        return Raccord(self.de, self.vers, self.coefficient)


class BaremeQuerySet(ProbantQuerySet):
    def applicables(self, structure, jour):
        """Les barèmes publiés qui valent à une date, le plus récent d’abord."""
        return (
            self.filter(structure=structure, publie=True, en_vigueur_du__lte=jour)
            .filter(Q(en_vigueur_au__isnull=True) | Q(en_vigueur_au__gte=jour))
            .order_by("-en_vigueur_du", "-pk")
        )


class Bareme(ParStructure):
    """Un barème publié ne change plus : un prix nouveau est un barème nouveau, daté."""

    nom = models.CharField("nom", max_length=150)
    nature = models.CharField("nature", max_length=20, choices=NatureBareme)
    en_vigueur_du = models.DateField("en vigueur du")
    en_vigueur_au = models.DateField("jusqu’au", null=True, blank=True)
    source = models.CharField("délibération ou convention", max_length=300)
    article = models.CharField("article", max_length=60, blank=True)
    publie = models.BooleanField("publié", default=False)
    communes_seulement = models.BooleanField(
        "la grille ne vaut que pour les communes ; les autres organismes sur devis", default=True
    )
    cout_journee = _prix("coût de la journée", null=True, blank=True)
    sens_forfait = models.CharField(
        "lecture du forfait et des journées", max_length=10, choices=SensForfait, blank=True
    )
    jours_inclus = models.DecimalField(
        "journées comprises dans le forfait", max_digits=6, decimal_places=2, null=True, blank=True
    )
    minutes_par_jour = models.PositiveSmallIntegerField(
        "durée d’une journée, en minutes", null=True, blank=True
    )
    revision = models.CharField("révision", max_length=12, choices=Revision, default=Revision.AUCUNE)
    indice_base = models.ForeignKey(
        IndiceRevision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="indice d’origine",
    )
    mois_indice = models.PositiveSmallIntegerField("mois de l’indice", default=11)
    lecture_indice = models.CharField(
        "lecture de l’indice", max_length=15, choices=LectureIndice, default=LectureIndice.DU_MOIS
    )

    objects = BaremeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "barème"
        verbose_name_plural = "barèmes"
        ordering = ["structure_id", "-en_vigueur_du", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "en_vigueur_du"],
                condition=Q(publie=True),
                name="un_bareme_publie_par_date",
                violation_error_message="Un barème publié prend déjà effet ce jour-là.",
            ),
            models.CheckConstraint(
                condition=Q(en_vigueur_au__isnull=True) | Q(en_vigueur_au__gte=models.F("en_vigueur_du")),
                name="bareme_dates_ordonnees",
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            models.CheckConstraint(
                condition=Q(cout_journee__isnull=True) | Q(cout_journee__gte=0),
                name="bareme_cout_journee_positif",
                violation_error_message="Un prix n’est pas négatif.",
            ),
            models.CheckConstraint(
                condition=Q(mois_indice__gte=1, mois_indice__lte=12),
                name="bareme_mois_civil",
                violation_error_message="Le mois va de 1 à 12.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def clean(self):
        if self.indice_base and self.indice_base.structure_id != self.structure_id:
            raise ValidationError({"indice_base": "Cet indice est celui d’une autre structure."})
        if self.nature == NatureBareme.FORFAIT_JOURNEES and not self.sens_forfait:
            raise ValidationError({"sens_forfait": "Dites comment lire le forfait et les journées."})


class TranchePopulation(models.Model):
    """Bornes incluses ; la grille entière est contrôlée avant d’être publiée."""

    bareme = models.ForeignKey(Bareme, models.CASCADE, related_name="tranches")
    minimum = models.PositiveIntegerField("de")
    maximum = models.PositiveIntegerField("à")
    mise_en_place = _prix("mise en place")
    accompagnement = _prix("accompagnement")

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "tranche de population"
        verbose_name_plural = "tranches de population"
        ordering = ["bareme_id", "minimum"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["bareme", "minimum"], name="tranche_unique"),
            models.CheckConstraint(
                condition=Q(maximum__gte=models.F("minimum")),
                name="tranche_a_l_endroit",
                violation_error_message="La tranche est à l’envers.",
            ),
            models.CheckConstraint(
                condition=Q(mise_en_place__gte=Decimal(0), accompagnement__gte=Decimal(0)),
                name="tranche_prix_positifs",
                violation_error_message="Un prix n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minimum}-{self.maximum}"

    @property
    def tranche(self) -> Tranche:
        return Tranche(self.minimum, self.maximum, self.mise_en_place, self.accompagnement)


class Forfait(models.Model):
    """Un forfait au choix ; son code survit au barème, son montant change avec lui."""

    bareme = models.ForeignKey(Bareme, models.CASCADE, related_name="forfaits")
    code = models.SlugField("code", max_length=40)
    libelle = models.CharField("libellé", max_length=150)
    montant = _prix("montant annuel", null=True, blank=True)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "forfait"
        verbose_name_plural = "forfaits"
        ordering = ["bareme_id", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["bareme", "code"], name="forfait_unique"),
            models.CheckConstraint(
                condition=Q(montant__isnull=True) | Q(montant__gte=0),
                name="forfait_positif",
                violation_error_message="Un prix n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle


class Hausse(ParCollectivite):
    """Une hausse décidée, notifiée à une collectivité : elle ouvre un délai pour dénoncer."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="hausses")
    bareme = models.ForeignKey(Bareme, models.PROTECT, related_name="+", verbose_name="nouveau barème")
    deliberation = models.CharField("décision", max_length=120)
    notifiee_le = models.DateField("notifiée le")
    limite = models.DateField("dénonciation possible jusqu’au")

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "hausse notifiée"
        verbose_name_plural = "hausses notifiées"
        ordering = ["collectivite_id", "-notifiee_le", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["convention", "bareme"], name="hausse_notifiee_une_fois"),
        ]

    def __str__(self) -> str:
        return f"Hausse notifiée le {self.notifiee_le:%d/%m/%Y}"
