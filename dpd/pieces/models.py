"""Un fichier qui fait preuve, joint à quelque chose d’un locataire ; il se retire, il ne s’efface pas.

Sauf ce que l’on n’a pas le droit de garder : le fichier est alors détruit, la ligne le dit.
"""

import secrets

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from dpd.comptes.champs import refuser_les_numeros
from dpd.comptes.journal import cible
from dpd.comptes.models import ParCollectivite, PreuveQuerySet, Structure
from dpd.pieces.acces import LECTURE
from dpd.pieces.enums import DomainePiece
from dpd.pieces.regles.fichier import LIBELLES, taille_lisible
from dpd.pieces.regles.noms import LONGUEUR_MAXIMALE

# Les deux dossiers du stockage.
DES_COLLECTIVITES, DES_STRUCTURES = "c", "s"


def chemin_de_stockage(piece: "Piece", nom: str) -> str:
    """Un nom tiré au sort, rangé par locataire : rien du nom donné n’arrive sur le disque."""
    racine = DES_COLLECTIVITES if piece.collectivite_id else DES_STRUCTURES
    return f"{racine}/{piece.portee.siren}/{secrets.token_hex(16)}"


class PieceQuerySet(PreuveQuerySet):
    def de(self, portee):
        """Celles d’une collectivité, ou celles d’une structure sans ses collectivités."""
        return self.filter(**cible(portee))

    def presentes(self):
        return self.filter(retiree_le__isnull=True)

    def lisibles_par(self, acces):
        """Les pièces présentes que la personne peut ouvrir, tous locataires et domaines compris."""
        filtre = Q(pk__in=[])
        for domaine, capacites in LECTURE.items():
            for capacite in capacites:
                portee = acces.filtre(capacite) | Q(structure__in=acces.structures(capacite))
                filtre |= Q(domaine=domaine) & portee
        return self.presentes().filter(filtre)

    def pour_affichage(self):
        """Tout ce que montre le gabarit d’une pièce, sans requête par ligne."""
        return self.select_related("collectivite", "structure", "deposee_par", "retiree_par", "detruite_par")


class Piece(ParCollectivite):
    """Elle est d’une collectivité, ou de la structure elle-même ; jamais des deux."""

    collectivite = models.ForeignKey(
        "comptes.Collectivite",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="collectivité",
    )
    structure = models.ForeignKey(Structure, models.PROTECT, null=True, blank=True, related_name="+")
    domaine = models.CharField("domaine", max_length=20, choices=DomainePiece)
    nom = models.CharField("nom", max_length=LONGUEUR_MAXIMALE)
    description = models.CharField(
        "description", max_length=300, blank=True, validators=[refuser_les_numeros]
    )
    fichier = models.FileField("fichier", upload_to=chemin_de_stockage)
    taille = models.PositiveIntegerField("taille en octets")
    type_mime = models.CharField("type lu dans le contenu", max_length=100)
    sha256 = models.CharField(
        "empreinte SHA-256", max_length=64, db_index=True, validators=[RegexValidator(r"\A[0-9a-f]{64}\Z")]
    )
    deposee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    deposee_le = models.DateTimeField("déposée le")
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    retiree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    motif_retrait = models.CharField(
        "motif du retrait", max_length=300, blank=True, validators=[refuser_les_numeros]
    )
    detruite_le = models.DateTimeField("fichier détruit le", null=True, blank=True)
    detruite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PieceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "pièce"
        verbose_name_plural = "pièces"
        ordering = ["-deposee_le", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["collectivite", "domaine", "-deposee_le"], name="pieces_de_la_collectivite"),
            models.Index(fields=["structure", "domaine", "-deposee_le"], name="pieces_de_la_structure"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(collectivite__isnull=False, structure__isnull=True)
                | Q(collectivite__isnull=True, structure__isnull=False),
                name="piece_une_seule_portee",
                violation_error_message="Une pièce est d’une collectivité, ou de la structure.",
            ),
            models.CheckConstraint(
                condition=Q(retiree_le__isnull=True, retiree_par__isnull=True, motif_retrait="")
                | Q(retiree_le__isnull=False, retiree_par__isnull=False) & ~Q(motif_retrait=""),
                name="piece_retiree_avec_motif",
                violation_error_message="Un retrait dit quand, par qui et pourquoi.",
            ),
            models.CheckConstraint(
                condition=Q(detruite_le__isnull=True, detruite_par__isnull=True)
                | Q(detruite_le__isnull=False, detruite_par__isnull=False, retiree_le__isnull=False),
                name="piece_detruite_retiree_d_abord",
                violation_error_message="Une destruction dit quand et par qui.",
            ),
            models.CheckConstraint(
                condition=Q(taille__gt=0),
                name="piece_non_vide",
                violation_error_message="Ce fichier est vide.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        nom = "telecharger" if self.collectivite_id else "telecharger_structure"
        return reverse(f"pieces:{nom}", args=[self.portee.siren, self.pk])

    @property
    def portee(self):
        return self.collectivite or self.structure

    @property
    def est_retiree(self) -> bool:
        return self.retiree_le is not None

    @property
    def est_detruite(self) -> bool:
        """Vrai quand il ne reste du fichier que son empreinte."""
        return self.detruite_le is not None

    @property
    def taille_lisible(self) -> str:
        return taille_lisible(self.taille)

    @property
    def type_lisible(self) -> str:
        """« PDF », « DOCX »… ou le type tel quel s’il n’est plus de ceux que l’on accepte."""
        return LIBELLES.get(self.type_mime, self.type_mime)
