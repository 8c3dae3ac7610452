"""Ce qui entoure une violation : sa chronologie, ses prestataires, ses traitements, ses pièces."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from dpd.comptes.models import ParCollectivite, PreuveQuerySet
from registre.models import Traitement
from subtraitance.models import SousTraitant
from violations.enums import NatureEvenement
from violations.models.violation import Violation
from violations.regles.horloges import Horloge


class Evenement(ParCollectivite):
    """Une ligne de la chronologie, écrite une fois ; ``instant`` : quand le fait eut lieu."""

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="evenements")
    nature = models.CharField("nature", max_length=15, choices=NatureEvenement)
    instant = models.DateTimeField("instant")
    texte = models.TextField("ce qui s’est passé")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ecrit_le = models.DateTimeField("écrit le")
    information = models.ForeignKey(
        "violations.InformationIncident", models.PROTECT, null=True, blank=True, related_name="evenements"
    )

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "événement"
        verbose_name_plural = "événements"
        ordering = ["violation_id", "instant", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["violation", "information"], name="une_information_une_fois")
        ]

    def __str__(self) -> str:
        return self.texte[:80]


class PrestataireImplique(ParCollectivite):
    """Un prestataire en cause, et ses 24 heures pour prévenir la collectivité (art. 33-2).

    ``nom`` vaut quand il n’est pas à l’annuaire ; ``delai`` en heures, celui du contrat s’il en dit un.
    """

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="prestataires")
    sous_traitant = models.ForeignKey(SousTraitant, models.PROTECT, null=True, blank=True, related_name="+")
    nom = models.CharField("nom du prestataire", max_length=200, blank=True)
    connaissance = models.DateTimeField("il l’a su le", null=True, blank=True)
    prevenu_le = models.DateTimeField("il nous a prévenus le", null=True, blank=True)
    delai = models.PositiveSmallIntegerField("délai, en heures")
    echeance = models.DateTimeField("à dire avant le", null=True, blank=True)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "prestataire impliqué"
        verbose_name_plural = "prestataires impliqués"
        ordering = ["violation_id", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(sous_traitant__isnull=False) | ~Q(nom=""),
                name="prestataire_nomme",
                violation_error_message="Choisissez le prestataire, ou écrivez son nom.",
            ),
            models.UniqueConstraint(
                fields=["violation", "sous_traitant"],
                condition=Q(retire_le__isnull=True),
                name="un_prestataire_implique_une_fois",
                violation_error_message="Ce prestataire est déjà noté.",
            ),
            models.CheckConstraint(
                condition=Q(prevenu_le__isnull=True)
                | Q(connaissance__isnull=True)
                | Q(prevenu_le__gte=models.F("connaissance")),
                name="prestataire_sait_avant_de_prevenir",
                violation_error_message="Il ne peut pas vous prévenir avant de le savoir.",
            ),
        ]

    def __str__(self) -> str:
        return self.sous_traitant.nom if self.sous_traitant else self.nom

    @property
    def horloge(self) -> Horloge | None:
        """Ses heures pour prévenir, si l’on sait quand il l’a su."""
        if self.connaissance is None or self.echeance is None:
            return None
        return Horloge(self.connaissance, self.echeance, self.prevenu_le)


class TraitementTouche(ParCollectivite):
    """Une fiche du registre touchée par la violation."""

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="traitements")
    traitement = models.ForeignKey(Traitement, models.PROTECT, related_name="violations")
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "traitement touché"
        verbose_name_plural = "traitements touchés"
        ordering = ["violation_id", "traitement__reference"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["violation", "traitement"],
                condition=Q(retire_le__isnull=True),
                name="un_traitement_touche_une_fois",
            )
        ]

    def __str__(self) -> str:
        return str(self.traitement)


class PieceViolation(ParCollectivite):
    """Une pièce du dossier : ce que c’est, et si elle est jointe à la notification."""

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="pieces")
    piece = models.ForeignKey("pieces.Piece", models.PROTECT, related_name="+")
    libelle = models.CharField("ce que c’est", max_length=200, blank=True)
    pour_la_cnil = models.BooleanField("à joindre au téléservice", default=False)

    objects = PreuveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "pièce d’une violation"
        verbose_name_plural = "pièces d’une violation"
        ordering = ["violation_id", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["violation", "piece"], name="une_piece_de_violation_une_fois")
        ]

    def __str__(self) -> str:
        return self.libelle or self.piece.nom
