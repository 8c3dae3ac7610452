"""Ce que la structure fait pour une collectivité : sur devis, et jour après jour."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, PreuveQuerySet
from dpd.conventions.enums import LieuIntervention, NatureIntervention
from dpd.conventions.models.convention import Convention
from dpd.conventions.regles.devis import LIBELLES as ETATS_DEVIS
from dpd.conventions.regles.devis import EtatDevis
from dpd.conventions.regles.tarifs import Phase
from dpd.conventions.regles.temps import dernier_jour_du_mois

PHASES = [(phase.value, phase.label) for phase in Phase]


def _jours(libelle: str) -> models.DecimalField:
    return models.DecimalField(libelle, max_digits=6, decimal_places=2, null=True, blank=True)


def _par() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )


class Devis(ParCollectivite):
    """Demande, étude des besoins, proposition, décision : chacun signe la sienne."""

    etat = models.CharField(
        "état",
        max_length=10,
        choices=[(e.value, libelle) for e, libelle in ETATS_DEVIS.items()],
        default=EtatDevis.DEMANDE.value,
    )
    objet = models.CharField("objet", max_length=200)
    besoin = models.TextField("besoin exprimé")
    demande_le = models.DateTimeField("demandé le")
    demande_par = _par()
    audit = models.TextField("audit préalable des besoins", blank=True)
    volet_administratif = models.TextField("volet administratif", blank=True)
    plan_actions = models.TextField("plan d’actions", blank=True)
    jours_mise_en_place = _jours("jours de mise en place")
    jours_accompagnement = _jours("jours d’accompagnement par an")
    prix_jour = models.DecimalField(
        "prix de la journée", max_digits=10, decimal_places=2, null=True, blank=True
    )
    prix_revisable = models.BooleanField("prix de base du barème, révisé comme lui", default=True)
    exercice = models.PositiveSmallIntegerField("premier exercice", null=True, blank=True)
    ponctuel = models.BooleanField("prestation ponctuelle, sur un seul exercice", default=True)
    valable_jusqu_au = models.DateField("valable jusqu’au", null=True, blank=True)
    propose_le = models.DateTimeField("proposé le", null=True, blank=True)
    propose_par = _par()
    decide_le = models.DateTimeField("décidé le", null=True, blank=True)
    decide_par = _par()
    motif = models.TextField("motif", blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "devis"
        verbose_name_plural = "devis"
        ordering = ["-demande_le", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["collectivite", "etat"], name="devis_par_etat")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat__in=["refuse", "decline", "retire"]) | ~Q(motif=""),
                name="devis_refus_motive",
                violation_error_message="Dites pourquoi.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["propose", "accepte"])
                | (Q(prix_jour__isnull=False, propose_le__isnull=False) & ~Q(plan_actions="")),
                name="devis_propose_complet",
                violation_error_message="Une proposition a un prix, des jours et un plan d’actions.",
            ),
        ]

    def __str__(self) -> str:
        return self.objet

    @property
    def etape(self) -> EtatDevis:
        return EtatDevis(self.etat)


class InterventionQuerySet(PreuveQuerySet):
    def le_mois(self, annee: int, mois: int):
        """Par ses bornes : le mois d’une date, lui, ne se lit dans aucun index."""
        return self.filter(le__range=(date(annee, mois, 1), dernier_jour_du_mois(annee, mois)))

    def du_mois(self, annee: int, mois: int):
        return self.le_mois(annee, mois).presentes()

    def presentes(self):
        return self.filter(annulee_le__isnull=True)


class Intervention(ParCollectivite):
    """Nature, date et durée de chaque intervention : la traçabilité promise à la collectivité."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="interventions")
    nature = models.CharField("nature", max_length=20, choices=NatureIntervention)
    le = models.DateField("date")
    minutes = models.PositiveIntegerField("durée, en minutes")
    lieu = models.CharField(
        "lieu", max_length=10, choices=LieuIntervention, default=LieuIntervention.DISTANCE
    )
    phase = models.CharField("phase", max_length=15, choices=PHASES)
    demande = models.CharField("demande d’origine", max_length=300, blank=True)
    intervenant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    devis = models.ForeignKey(Devis, models.PROTECT, null=True, blank=True, related_name="interventions")
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
    motif_annulation = models.CharField("motif de l’annulation", max_length=300, blank=True)
    jeton = models.UUIDField("jeton du formulaire, contre le double envoi", null=True, blank=True)
    deja_tracee = False  # vrai de celle que rend un envoi répété

    objects = InterventionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "intervention"
        verbose_name_plural = "interventions"
        ordering = ["-le", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["collectivite", "le"], name="intervention_par_date"),
            models.Index(fields=["-le", "-id"], name="intervention_recentes"),  # l’ordre de la liste
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gt=0, minutes__lte=24 * 60),
                name="intervention_duree_d_un_jour",
                violation_error_message="Une intervention dure d’une minute à une journée.",
            ),
            models.CheckConstraint(
                condition=Q(annulee_le__isnull=True) | ~Q(motif_annulation=""),
                name="intervention_annulee_avec_motif",
                violation_error_message="Une annulation se motive.",
            ),
            models.UniqueConstraint(
                fields=["collectivite", "jeton"],
                condition=Q(annulee_le__isnull=True),
                name="une_intervention_par_envoi",
                violation_error_message="Cette intervention est déjà tracée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()}, {self.le:%d/%m/%Y}"
