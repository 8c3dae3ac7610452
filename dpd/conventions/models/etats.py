"""Les états, mensuels et annuels : figés, sources comprises, numérotés sans trou."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, ParStructure, PreuveQuerySet, ProbantQuerySet
from dpd.conventions.enums import LieuIntervention, NatureIntervention
from dpd.conventions.models.baremes import Bareme
from dpd.conventions.models.convention import Convention
from dpd.conventions.models.prestations import PHASES, Intervention
from dpd.conventions.regles.calcul import Calcul, calculer
from dpd.conventions.regles.mensuel import LIBELLES as ETATS_LIGNE
from dpd.conventions.regles.mensuel import EtatLigne
from dpd.conventions.regles.sources import Sources, depuis_json
from dpd.regles.typographie import MOIS


def _par(**options) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **options)


class EtatMensuel(ParCollectivite):
    """Les journées d’un mois, présentées une fois ; la collectivité tranche ligne à ligne."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="etats_mensuels")
    annee = models.PositiveSmallIntegerField("année")
    mois = models.PositiveSmallIntegerField("mois")
    prix_jour = models.DecimalField("prix de la journée", max_digits=10, decimal_places=2)
    minutes_par_jour = models.PositiveSmallIntegerField("durée d’une journée, en minutes")
    fige_le = models.DateTimeField("figé le")
    fige_par = _par()
    valide_le = models.DateTimeField("validé le", null=True, blank=True)
    valide_par = _par(null=True, blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "état mensuel"
        verbose_name_plural = "états mensuels"
        ordering = ["-annee", "-mois", "collectivite__nom", "collectivite_id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "annee", "mois"],
                name="etat_mensuel_unique",
                violation_error_message="L’état de ce mois est déjà figé.",
            ),
            models.CheckConstraint(
                condition=Q(mois__gte=1, mois__lte=12),
                name="etat_mensuel_mois_civil",
                violation_error_message="Le mois va de 1 à 12.",
            ),
        ]

    def __str__(self) -> str:
        return f"{MOIS[self.mois - 1]} {self.annee}"


class LigneEtatMensuel(ParCollectivite):
    """Une intervention telle qu’elle a été présentée ; ``minutes_initiales`` ne change jamais."""

    etat_mensuel = models.ForeignKey(EtatMensuel, models.PROTECT, related_name="lignes")
    intervention = models.OneToOneField(Intervention, models.PROTECT, related_name="ligne")
    ordre = models.PositiveSmallIntegerField("ordre")
    le = models.DateField("date")
    nature = models.CharField("nature", max_length=20, choices=NatureIntervention)
    lieu = models.CharField("lieu", max_length=10, choices=LieuIntervention)
    demande = models.CharField("demande d’origine", max_length=300, blank=True)
    minutes_initiales = models.PositiveIntegerField("durée présentée, en minutes")
    minutes = models.PositiveIntegerField("durée retenue, en minutes")
    etat = models.CharField(
        "état",
        max_length=10,
        choices=[(e.value, libelle) for e, libelle in ETATS_LIGNE.items()],
        default=EtatLigne.A_VALIDER.value,
    )
    motif = models.TextField("motif de la contestation", blank=True)
    reponse = models.TextField("réponse de la structure", blank=True)
    tranchee_le = models.DateTimeField("tranchée le", null=True, blank=True)
    tranchee_par = _par(null=True, blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "ligne d’état mensuel"
        verbose_name_plural = "lignes d’état mensuel"
        ordering = ["etat_mensuel_id", "ordre"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["etat_mensuel", "ordre"], name="ligne_mensuelle_ordre_unique"),
            models.CheckConstraint(
                condition=~Q(etat="contestee") | ~Q(motif=""),
                name="ligne_contestee_motivee",
                violation_error_message="Dites ce que vous contestez.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()}, {self.le:%d/%m/%Y}"

    @property
    def etape(self) -> EtatLigne:
        return EtatLigne(self.etat)


class Numerotation(models.Model):
    """Le dernier numéro d’état d’un exercice : on le verrouille pour prendre le suivant, sans trou."""

    structure = models.ForeignKey("comptes.Structure", models.PROTECT, related_name="+")
    exercice = models.PositiveSmallIntegerField("exercice")
    dernier = models.PositiveIntegerField("dernier numéro", default=0)

    class Meta:
        verbose_name = "numérotation"
        verbose_name_plural = "numérotations"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["structure", "exercice"], name="numerotation_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.exercice}"


class EtatAnnuel(ParCollectivite):
    """L’état des prestations souscrites : la base de la facturation, jamais le titre de recettes."""

    structure = models.ForeignKey("comptes.Structure", models.PROTECT, related_name="+")
    convention = models.ForeignKey(Convention, models.PROTECT, related_name="etats_annuels")
    bareme = models.ForeignKey(Bareme, models.PROTECT, related_name="+", verbose_name="barème")
    exercice = models.PositiveSmallIntegerField("exercice")
    numero = models.PositiveIntegerField("numéro")
    phase = models.CharField("phase", max_length=15, choices=PHASES)
    population = models.PositiveIntegerField("population totale", null=True, blank=True)
    millesime = models.PositiveSmallIntegerField("millésime de la population", null=True, blank=True)
    sources = models.JSONField("sources du calcul")
    lignes = models.JSONField("lignes")
    total = models.DecimalField("total, toutes taxes comprises", max_digits=12, decimal_places=2)
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    fige_le = models.DateTimeField("figé le")
    fige_par = _par()

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "état annuel"
        verbose_name_plural = "états annuels"
        ordering = ["-exercice", "numero"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "exercice"],
                name="un_etat_par_exercice",
                violation_error_message="L’état de cet exercice est déjà figé.",
            ),
            models.UniqueConstraint(fields=["structure", "exercice", "numero"], name="numero_d_etat_unique"),
            models.CheckConstraint(
                condition=Q(total__gte=0) & Q(numero__gte=1), name="etat_annuel_montant_et_numero"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """« 2026-118 »."""
        return f"{self.exercice}-{self.numero:03d}"

    @property
    def sources_figees(self) -> Sources:
        return depuis_json(self.sources)

    def rejouer(self) -> Calcul:
        """Le calcul refait depuis ses seules sources."""
        return calculer(self.sources_figees)


class CampagneEtats(ParStructure):
    """La génération d’un exercice pour toute la structure : elle avance par lots et se reprend."""

    exercice = models.PositiveSmallIntegerField("exercice")
    lancee_le = models.DateTimeField("lancée le")
    lancee_par = _par()
    total = models.PositiveIntegerField("collectivités à traiter")
    traitees = models.PositiveIntegerField("traitées", default=0)
    curseur = models.PositiveBigIntegerField("dernière collectivité traitée", default=0)
    anomalies = models.JSONField("anomalies", default=list, blank=True)
    terminee_le = models.DateTimeField("terminée le", null=True, blank=True)

    objects = ProbantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "campagne d’états annuels"
        verbose_name_plural = "campagnes d’états annuels"
        ordering = ["-lancee_le", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "exercice"],
                condition=Q(terminee_le__isnull=True),
                name="une_campagne_en_cours",
                violation_error_message="La génération de cet exercice est déjà en cours.",
            ),
        ]

    def __str__(self) -> str:
        return f"Exercice {self.exercice}"
