"""Valeurs stockées de la sous-traitance ; aucune ne change une fois écrite."""

from django.db import models


class EtatFiche(models.TextChoices):
    """Une fiche proposée sert aussitôt ; le DPD la vérifie, ou la fond dans une autre."""

    PROPOSEE = "proposee", "À vérifier par le DPD"
    VERIFIEE = "verifiee", "Vérifiée"
    FUSIONNEE = "fusionnee", "Réunie à une autre fiche"


class SortDonnees(models.TextChoices):
    """À la fin du contrat, au choix du responsable (RGPD art. 28-3 g)."""

    RESTITUTION = "restitution", "Restitution"
    SUPPRESSION = "suppression", "Suppression"


class RegimeAutorisation(models.TextChoices):
    """Comment le prestataire recrute un sous-traitant ultérieur (RGPD art. 28-2)."""

    SPECIFIQUE = "specifique", "Chacun doit être autorisé, par écrit et d’avance"
    GENERALE = "generale", "Autorisé d’avance, avec un délai pour s’y opposer"


class Reponse28(models.TextChoices):
    """Ce que le contrat dit d’un point de l’article 28."""

    PRESENTE = "presente", "Le contrat le prévoit"
    PARTIELLE = "partielle", "Il ne le prévoit qu’en partie"
    ABSENTE = "absente", "Il ne le prévoit pas"
    SANS_OBJET = "sans_objet", "Sans objet ici"


class DecisionAutorisation(models.TextChoices):
    ATTENDUE = "attendue", "Décision attendue"
    AUTORISEE = "autorisee", "Autorisé"
    REFUSEE = "refusee", "Refusé"
    OPPOSEE = "opposee", "Opposition"
    SILENCE = "silence", "Sans opposition dans le délai"


class LotDetenu(models.TextChoices):
    """Ce que la structure détient pour le compte d’une collectivité (convention, « sort des données »)."""

    SAUVEGARDE = "sauvegarde", "Sauvegarde d’une base de données"
    LOGICIEL = "logiciel", "Données d’un logiciel, pour résoudre un problème"
    CERTIFICAT = "certificat", "Dossier de demande de certificat"
    PROCES_VERBAL = "proces_verbal", "Procès-verbal de remise de support"
    TELEASSISTANCE = "teleassistance", "Identifiants de téléassistance"
    ASSISTANCE = "assistance", "Données d’assistance et de formation"
    AUTRE = "autre", "Autre"


class UniteDetention(models.TextChoices):
    MOIS = "mois", "mois"
    ANNEES = "annees", "années"
    JOURS_OUVRES = "jours_ouvres", "jours ouvrés"
    INTERVENTION = "intervention", "le temps de l’intervention"
    CONVENTION = "convention", "le temps de la convention"


class Droit(models.TextChoices):
    """Le droit invoqué, avec son article."""

    ACCES = "acces", "Accès et copie (art. 15)"
    RECTIFICATION = "rectification", "Rectification (art. 16)"
    EFFACEMENT = "effacement", "Effacement (art. 17)"
    LIMITATION = "limitation", "Limitation (art. 18)"
    PORTABILITE = "portabilite", "Portabilité (art. 20)"
    OPPOSITION = "opposition", "Opposition (art. 21)"
    DECISION_AUTOMATISEE = "decision_automatisee", "Décision automatisée (art. 22)"
    RETRAIT = "retrait", "Retrait du consentement (art. 7-3)"
    POST_MORTEM = "post_mortem", "Données d’une personne décédée (loi 78-17, art. 85)"
    AUTRE = "autre", "Autre demande"


class RegimeDemande(models.TextChoices):
    """À qualifier d’abord : les délais et les voies ne sont pas les mêmes."""

    RGPD = "rgpd", "Droits sur ses données (RGPD)"
    CADA = "cada", "Document administratif (CRPA)"
    ETAT_CIVIL = "etat_civil", "Acte d’état civil"
    LISTE_ELECTORALE = "liste_electorale", "Liste électorale"


class CanalDemande(models.TextChoices):
    FORMULAIRE = "formulaire", "Formulaire public"
    COURRIEL = "courriel", "Courriel"
    COURRIER = "courrier", "Courrier"
    GUICHET = "guichet", "Au guichet"
    TELEPHONE = "telephone", "Téléphone"


class EtatDemande(models.TextChoices):
    RECUE = "recue", "Reçue"
    TRANSMISE = "transmise", "Transmise à la collectivité"
    IDENTITE = "identite", "En attente d’informations du demandeur"
    RECHERCHE = "recherche", "Recherche en cours"
    REPONDUE = "repondue", "Réponse envoyée"
    CLOSE = "close", "Close"


class SensReponse(models.TextChoices):
    FAVORABLE = "favorable", "Satisfaite"
    PARTIELLE = "partielle", "Satisfaite en partie"
    RIEN = "rien", "Aucune donnée détenue"
    REFUS = "refus", "Refusée"
    REORIENTEE = "reorientee", "Réorientée vers la bonne procédure"
