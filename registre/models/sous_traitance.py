"""Ce qui relie le registre aux prestataires et aux demandes de droits ; il les connaît, non l’inverse."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, PreuveQuerySet
from registre.enums import EtatRecherche
from registre.models.traitement import Traitement
from subtraitance.models import Contrat, DemandeDroits


class TraitementConfie(ParCollectivite):
    """Une fiche dont ce contrat confie tout ou partie au prestataire (RGPD art. 28-3)."""

    contrat = models.ForeignKey(Contrat, models.PROTECT, related_name="traitements")
    traitement = models.ForeignKey(Traitement, models.PROTECT, related_name="contrats")
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "traitement confié"
        verbose_name_plural = "traitements confiés"
        ordering = ["contrat_id", "traitement__reference"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "traitement"],
                condition=Q(retire_le__isnull=True),
                name="traitement_confie_une_fois",
                violation_error_message="Cette fiche est déjà rattachée.",
            )
        ]

    def __str__(self) -> str:
        return str(self.traitement)


class RechercheDonnees(ParCollectivite):
    """Une fiche où chercher pour répondre à une demande, ce qu’on y a trouvé et ce que l’on en a fait.

    ``suite`` dit le geste (« copie remise », « ligne effacée »), jamais les données elles-mêmes.
    """

    demande = models.ForeignKey(DemandeDroits, models.PROTECT, related_name="recherches")
    traitement = models.ForeignKey(Traitement, models.PROTECT, related_name="recherches")
    etat = models.CharField("état", max_length=12, choices=EtatRecherche, default=EtatRecherche.A_CHERCHER)
    qui = models.CharField("qui interroger", max_length=200, blank=True)
    suite = models.CharField("suite donnée", max_length=300, blank=True)
    cherchee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cherchee_le = models.DateTimeField("cherché le", null=True, blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "recherche de données"
        verbose_name_plural = "recherches de données"
        ordering = ["demande_id", "traitement__reference"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["demande", "traitement"],
                name="une_recherche_par_fiche",
                violation_error_message="Cette fiche est déjà dans la recherche.",
            ),
            models.CheckConstraint(
                condition=Q(etat="a_chercher") | Q(cherchee_par__isnull=False, cherchee_le__isnull=False),
                name="recherche_faite_par_quelqu_un",
                violation_error_message="Dites qui a cherché, et quand.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_etat_display()
