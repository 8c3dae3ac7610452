"""Valeurs stockées du registre ; aucune ne change une fois écrite."""

from django.db import models


class EtatVersion(models.TextChoices):
    """Parcours d’une version ; seule une décision du responsable l’adopte."""

    BROUILLON = "brouillon", "Brouillon"
    TRANSMISE = "transmise", "Transmise au DPD"
    AVIS_RENDU = "avis_rendu", "Adoption attendue"
    ADOPTEE = "adoptee", "Adoptée"
    REMPLACEE = "remplacee", "Remplacée"
    ABROGEE = "abrogee", "Abrogée"
    RETIREE = "retiree", "Brouillon retiré"


ETATS_EN_PREPARATION = (EtatVersion.BROUILLON, EtatVersion.TRANSMISE, EtatVersion.AVIS_RENDU)


class ReponseTransferts(models.TextChoices):
    AUCUN = "aucun", "Non, rien ne sort d’Europe"
    OUI = "oui", "Oui, certaines données sortent d’Europe"
    INCONNU = "inconnu", "Je ne sais pas, demander au DPD"


class ReponseCoresponsables(models.TextChoices):
    AUCUN = "aucun", "Non, nous décidons seuls"
    OUI = "oui", "Oui, avec un autre organisme"


class ReponseDecision(models.TextChoices):
    """RGPD art. 22 : décision fondée exclusivement sur un traitement automatisé."""

    NON = "non", "Non, une personne décide toujours"
    OUI = "oui", "Oui, une machine décide seule"


class StatutPreuve(models.TextChoices):
    """Ce que vaut un fait de la bibliothèque ; montré au DPD."""

    V1 = "V1", "Texte officiel lu"
    V1_2014 = "V1-2014", "Texte officiel lu dans une archive de 2014"
    V2 = "V2", "Source secondaire"
    K = "K", "Connaissance, texte non relu"
    REF = "REF", "Existence établie, contenu non lu"


class EtatModele(models.TextChoices):
    BROUILLON = "brouillon", "En préparation"
    PUBLIE = "publie", "Publié"
    RETIRE = "retire", "Retiré"


# Ce qu’écrit l’ouverture ou le retrait d’une version sur celle qui se montrait, ou se remontre.
NOUVELLE_EN_PREPARATION = "Nouvelle version en préparation"
DE_NOUVEAU_MONTREE = "De nouveau montrée"
RAISONS_D_INTENDANCE = (NOUVELLE_EN_PREPARATION, DE_NOUVEAU_MONTREE)


class EtatRecherche(models.TextChoices):
    """Ce que donne la recherche dans une fiche, pour répondre à une demande de droits."""

    A_CHERCHER = "a_chercher", "À chercher"
    TROUVE = "trouve", "Données trouvées"
    RIEN = "rien", "Rien trouvé"
    ECARTEE = "ecartee", "Sans rapport"
