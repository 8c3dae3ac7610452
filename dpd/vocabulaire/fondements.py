"""Ce qui permet de traiter, d’exempter, de transmettre et de transférer."""

from django.db import models


class BaseLegale(models.TextChoices):
    """RGPD art. 6-1 ; une seule par finalité."""

    CONSENTEMENT = "a", "Consentement"
    CONTRAT = "b", "Contrat"
    OBLIGATION_LEGALE = "c", "Obligation légale"
    INTERETS_VITAUX = "d", "Sauvegarde des intérêts vitaux"
    MISSION_PUBLIQUE = "e", "Mission d’intérêt public"
    INTERET_LEGITIME = "f", "Intérêt légitime"


class ExceptionArt9(models.TextChoices):
    """RGPD art. 9-2 : la raison précise de traiter une donnée sensible, en plus de la base légale."""

    CONSENTEMENT = "a", "Accord explicite de la personne (art. 9-2 a)"
    DROIT_SOCIAL = "b", "Droit du travail, sécurité et protection sociales (art. 9-2 b)"
    INTERETS_VITAUX = "c", "Sauvegarde de la vie (art. 9-2 c)"
    ASSOCIATION = "d", "Membres d’un organisme politique, religieux ou syndical (art. 9-2 d)"
    PUBLIQUES = "e", "Données rendues publiques par la personne (art. 9-2 e)"
    JUSTICE = "f", "Défense d’un droit en justice (art. 9-2 f)"
    INTERET_PUBLIC = "g", "Intérêt public important (art. 9-2 g)"
    SOINS = "h", "Médecine du travail, soins, accompagnement social (art. 9-2 h)"
    SANTE_PUBLIQUE = "i", "Santé publique (art. 9-2 i)"
    ARCHIVES = "j", "Archives, recherche, statistiques (art. 9-2 j)"


class OutilTransfert(models.TextChoices):
    """RGPD art. 44 à 49 : ce qui encadre un transfert hors de l’Espace économique européen."""

    ADEQUATION = "adequation", "Décision d’adéquation (art. 45)"
    CLAUSES_TYPES = "cct", "Clauses contractuelles types 2021/914 (art. 46-2 c)"
    BCR = "bcr", "Règles d’entreprise contraignantes (art. 47)"
    INSTRUMENT_PUBLIC = "instrument", "Instrument juridique entre autorités publiques (art. 46-2 a)"
    CODE_CERTIFICATION = "code", "Code de conduite ou certification (art. 46-2 e et f)"
    CLAUSES_AUTORISEES = "autorisation", "Clauses ou arrangement autorisés par la CNIL (art. 46-3)"
    DEROGATION = "derogation", "Dérogation pour une situation particulière (art. 49)"


class NatureDestinataire(models.TextChoices):
    INTERNE = "interne", "Dans l’organisme"
    EXTERNE = "externe", "Hors de l’organisme"
