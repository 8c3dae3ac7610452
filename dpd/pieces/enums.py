"""À quoi se rattache une pièce ; aucune valeur ne change une fois écrite."""

from django.db import models


class DomainePiece(models.TextChoices):
    """Le dossier où l’on range une pièce : lui seul dit qui la lit (voir ``dpd.pieces.acces``)."""

    CONVENTION = "convention", "Convention"
    TARIF = "tarif", "Tarif"
    DEVIS = "devis", "Devis"
    DEPART = "depart", "Départ de la collectivité"
    INTERVENTION = "intervention", "Intervention"
    MISE_EN_PLACE = "mise_en_place", "Mise en place"
    DESIGNATION = "designation", "Désignation"
    REGISTRE = "registre", "Registre"
    SOUSTRAITANCE = "soustraitance", "Sous-traitance"
    VIOLATION = "violation", "Violation de données"
    DEMANDE = "demande", "Demande de droits"
