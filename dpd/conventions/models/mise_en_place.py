"""La première année : ses étapes, la désignation à la CNIL, et le changement d’exécutif."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, PreuveQuerySet
from dpd.conventions.enums import Acteur
from dpd.conventions.models.convention import Convention
from dpd.conventions.regles.mise_en_place import EtatEtape


class EtapeMiseEnPlace(ParCollectivite):
    """Une étape copiée du modèle à l’ouverture : le modèle peut changer, ce qui est engagé reste."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="etapes")
    code = models.CharField("code", max_length=40)
    ordre = models.PositiveSmallIntegerField("ordre")
    libelle = models.CharField("étape", max_length=300)
    acteur = models.CharField("qui", max_length=15, choices=Acteur)
    trace_attendue = models.CharField("trace attendue", max_length=120, blank=True)
    source = models.CharField("source", max_length=120, blank=True)
    prevue_le = models.DateField("prévue le", null=True, blank=True)
    faite_le = models.DateField("faite le", null=True, blank=True)
    faite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    trace = models.CharField("trace", max_length=300, blank=True)
    piece = models.ForeignKey("pieces.Piece", models.PROTECT, null=True, blank=True, related_name="+")
    sans_objet = models.BooleanField("sans objet", default=False)
    motif = models.CharField("pourquoi", max_length=300, blank=True)
    bloquee_depuis = models.DateField("bloquée depuis le", null=True, blank=True)
    blocage = models.CharField("ce qui bloque", max_length=300, blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "étape de la mise en place"
        verbose_name_plural = "étapes de la mise en place"
        ordering = ["convention_id", "ordre"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["convention", "code"], name="etape_unique_par_convention"),
            models.CheckConstraint(
                condition=Q(faite_le__isnull=True) | Q(sans_objet=False, bloquee_depuis__isnull=True),
                name="etape_faite_n_est_ni_bloquee_ni_sans_objet",
                violation_error_message="Une étape faite n’est ni bloquée ni sans objet.",
            ),
            models.CheckConstraint(
                condition=Q(sans_objet=False) | ~Q(motif=""),
                name="etape_sans_objet_motivee",
                violation_error_message="Dites pourquoi cette étape est sans objet.",
            ),
            models.CheckConstraint(
                condition=Q(bloquee_depuis__isnull=True) | ~Q(blocage=""),
                name="etape_bloquee_dit_par_quoi",
                violation_error_message="Dites ce qui bloque.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle

    @property
    def etat(self) -> EtatEtape:
        return EtatEtape(self.code, self.libelle, self.faite_le, self.sans_objet, self.bloquee_depuis)


class Designation(ParCollectivite):
    """RGPD art. 37-7 : chaque personne morale désigne son DPD à la CNIL ; une seule désignation à la fois."""

    delegue = models.CharField("délégué désigné", max_length=200)
    coordonnees = models.CharField("coordonnées publiques du délégué", max_length=300, blank=True)
    representant = models.CharField("responsable légal déclaré", max_length=200, blank=True)
    numero = models.CharField("n° d’accusé", max_length=40, blank=True)
    designee_le = models.DateField("désignation faite le")
    modifiee_le = models.DateField("modifiée le", null=True, blank=True)
    fin_le = models.DateField("fin de mission le", null=True, blank=True)
    motif_fin = models.CharField("motif de la fin de mission", max_length=300, blank=True)
    piece = models.ForeignKey("pieces.Piece", models.PROTECT, null=True, blank=True, related_name="+")

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "désignation à la CNIL"
        verbose_name_plural = "désignations à la CNIL"
        ordering = ["collectivite_id", "-designee_le", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite"],
                condition=Q(fin_le__isnull=True),
                name="une_designation_en_cours",
                violation_error_message="Une désignation est déjà en cours pour cet organisme.",
            ),
            models.CheckConstraint(
                condition=Q(fin_le__isnull=True)
                | (Q(fin_le__gte=models.F("designee_le")) & ~Q(motif_fin="")),
                name="designation_finie_avec_motif",
                violation_error_message="Une fin de mission suit la désignation et dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return self.delegue


class Passation(ParCollectivite):
    """Un changement d’exécutif, et ce qui en découle ; ce qui a été décidé avant reste décidé."""

    ancien = models.CharField("exécutif sortant", max_length=150)
    nouveau = models.CharField("nouvel exécutif", max_length=150)
    titre = models.CharField("titre", max_length=80)
    le = models.DateField("depuis le")

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "changement d’exécutif"
        verbose_name_plural = "changements d’exécutif"
        ordering = ["collectivite_id", "-le", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.ancien} → {self.nouveau}"


class SuitePassation(ParCollectivite):
    passation = models.ForeignKey(Passation, models.PROTECT, related_name="suites")
    code = models.CharField("code", max_length=40)
    libelle = models.CharField("à faire", max_length=300)
    faite_le = models.DateField("faite le", null=True, blank=True)
    faite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField("note", max_length=300, blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "suite d’un changement d’exécutif"
        verbose_name_plural = "suites d’un changement d’exécutif"
        ordering = ["passation_id", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["passation", "code"], name="suite_de_passation_unique"),
        ]

    def __str__(self) -> str:
        return self.libelle
