"""Ce qui arrive à une demande de droits : transmission, attente, prolongation, réponse, lettres, pièces."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, PreuveQuerySet
from subtraitance.enums import CanalDemande, SensReponse
from subtraitance.models.demande import DemandeDroits


class Transmission(ParCollectivite):
    """La structure a confié la demande à la collectivité ; l’instant arrête les 48 heures."""

    demande = models.OneToOneField(DemandeDroits, models.PROTECT, related_name="transmission")
    transmise_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    transmise_le = models.DateTimeField("transmise le")
    a = models.JSONField("à qui", default=list)
    message = models.TextField("message", blank=True)
    motif_retard = models.TextField("pourquoi en retard", blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "transmission"
        verbose_name_plural = "transmissions"
        ordering = ["demande_id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"Transmise le {self.transmise_le:%d/%m/%Y}"


class SuspensionDemande(ParCollectivite):
    """On attend du demandeur ce qui manque : le délai s’arrête, et repart à sa réponse.

    Seulement sur un doute raisonnable, ou pour préciser une demande volumineuse (art. 12-6, cons. 63).
    """

    demande = models.ForeignKey(DemandeDroits, models.PROTECT, related_name="suspensions")
    motif = models.TextField("pourquoi, et ce que l’on a demandé")
    debut = models.DateField("demandé le")
    fin = models.DateField("reçu le", null=True, blank=True)
    suspendue_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    suspendue_le = models.DateTimeField("noté le")

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "suspension"
        verbose_name_plural = "suspensions"
        ordering = ["demande_id", "debut", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["demande"],
                condition=Q(fin__isnull=True),
                name="une_suspension_a_la_fois",
                violation_error_message="Le délai est déjà suspendu.",
            ),
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")),
                name="suspension_dates",
                violation_error_message="La réponse suit la question.",
            ),
            models.CheckConstraint(
                condition=~Q(motif=""),
                name="suspension_motivee",
                violation_error_message="Dites pourquoi le délai s’arrête.",
            ),
        ]

    def __str__(self) -> str:
        return f"Suspension du {self.debut:%d/%m/%Y}"


class Prolongation(ParCollectivite):
    """Deux mois de plus, selon la complexité et le nombre de demandes (art. 12-3) ; demandeur averti."""

    demande = models.OneToOneField(DemandeDroits, models.PROTECT, related_name="prolongation")
    motif = models.TextField("motifs donnés au demandeur")
    informe_le = models.DateField("demandeur averti le")
    decidee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decidee_le = models.DateTimeField("décidée le")

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "prolongation"
        verbose_name_plural = "prolongations"
        ordering = ["demande_id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(motif=""),
                name="prolongation_motivee",
                violation_error_message="Dites pourquoi vous prolongez.",
            )
        ]

    def __str__(self) -> str:
        return f"Prolongée le {self.informe_le:%d/%m/%Y}"


class Reponse(ParCollectivite):
    """La réponse du responsable ; un refus se motive et dit les voies de recours (art. 12-4)."""

    demande = models.ForeignKey(DemandeDroits, models.PROTECT, related_name="reponses")
    sens = models.CharField("sens", max_length=12, choices=SensReponse)
    motif = models.TextField("motifs", blank=True)
    voies_de_recours = models.BooleanField("les voies de recours y sont", default=False)
    envoyee_le = models.DateField("envoyée le")
    canal = models.CharField("canal", max_length=12, choices=CanalDemande)
    piece = models.ForeignKey("pieces.Piece", models.PROTECT, null=True, blank=True, related_name="+")
    excessive = models.BooleanField("manifestement infondée ou excessive", default=False)
    frais = models.DecimalField(
        "frais demandés, en euros", max_digits=7, decimal_places=2, null=True, blank=True
    )
    destinataires_informes = models.BooleanField("destinataires informés (art. 19)", null=True, blank=True)
    sans_destinataire = models.BooleanField("personne n’avait reçu ces données (art. 19)", default=False)
    decidee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decidee_le = models.DateTimeField("décidée le")

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "réponse"
        verbose_name_plural = "réponses"
        ordering = ["demande_id", "-envoyee_le", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(sens__in=["refus", "partielle"]) | (~Q(motif="") & Q(voies_de_recours=True)),
                name="refus_motive_avec_recours",
                violation_error_message="Un refus se motive et dit comment le contester (art. 12-4).",
            ),
            models.CheckConstraint(
                condition=Q(frais__isnull=True, excessive=False) | ~Q(motif=""),
                name="frais_et_exces_motives",
                violation_error_message="La charge de la preuve est à vous : dites pourquoi (art. 12-5).",
            ),
        ]

    def __str__(self) -> str:
        return self.get_sens_display()


class LettreDemande(ParCollectivite):
    """Une lettre préparée, gardée telle qu’elle fut ; elle nomme le demandeur, et s’efface avec lui."""

    demande = models.ForeignKey(DemandeDroits, models.PROTECT, related_name="lettres")
    type = models.CharField("lettre", max_length=20)
    texte = models.TextField("texte")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ecrite_le = models.DateTimeField("écrite le")

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["texte"])

    class Meta:
        verbose_name = "lettre"
        verbose_name_plural = "lettres"
        ordering = ["demande_id", "-ecrite_le", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.type


class PieceDemande(ParCollectivite):
    """Une pièce du dossier ; celle qui prouve l’identité s’efface dès la vérification."""

    demande = models.ForeignKey(DemandeDroits, models.PROTECT, related_name="pieces")
    piece = models.ForeignKey("pieces.Piece", models.PROTECT, related_name="+")
    libelle = models.CharField("ce que c’est", max_length=200, blank=True)
    identite = models.BooleanField("pièce d’identité", default=False)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "pièce d’une demande"
        verbose_name_plural = "pièces d’une demande"
        ordering = ["demande_id", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["demande", "piece"], name="une_piece_de_demande_une_fois")
        ]

    def __str__(self) -> str:
        return self.libelle or self.piece.nom
