"""Valeurs stockées des conventions ; aucune ne change une fois écrite."""

from django.db import models


class Depart(models.TextChoices):
    """Ce qui fait courir la durée."""

    SIGNATURE = "signature", "À la dernière signature"
    DATE_FIXE = "date_fixe", "À une date fixée par la convention"


class Reconduction(models.TextChoices):
    TACITE = "tacite", "Tacite"
    EXPRESSE = "expresse", "Expresse"
    AUCUNE = "aucune", "Aucune"


class Preavis(models.TextChoices):
    """Comment la convention se dénonce d’ordinaire."""

    AVANT_ECHEANCE = "avant_echeance", "Un nombre de mois avant l’échéance"
    GLISSANT = "glissant", "À tout moment, après un nombre de mois"
    DATES_FIXES = "dates_fixes", "Avant une date fixée pour chaque partie"


class Forme(models.TextChoices):
    LRAR = "lrar", "Lettre recommandée avec avis de réception"
    NOTIFICATION = "notification", "Décision de l’organe délibérant, notifiée"
    ECRIT = "ecrit", "Écrit, sans forme imposée"


class Partie(models.TextChoices):
    COLLECTIVITE = "collectivite", "La collectivité"
    STRUCTURE = "structure", "La structure"


class CauseFin(models.TextChoices):
    DENONCIATION = "denonciation", "Dénonciation"
    HAUSSE = "hausse", "Dénonciation après une hausse de tarif"
    ACCORD = "accord", "Fin d’un commun accord"
    DISSOLUTION = "dissolution", "Dissolution d’une partie"


class NatureBareme(models.TextChoices):
    TRANCHES = "tranches", "Tranches de population"
    FORFAIT_JOURNEES = "forfait_journees", "Forfait et journées"
    FORFAIT_DEVIS = "forfait_devis", "Forfait, et devis pour le reste"
    GRATUIT = "gratuit", "Gratuit"


class SensForfait(models.TextChoices):
    """Comment se lit « un forfait par an + un prix par jour », que la convention ne dit pas."""

    CUMUL = "cumul", "Le forfait, plus chaque journée"
    INCLUS = "inclus", "Le forfait comprend des journées ; les autres s’y ajoutent"
    ESTIME = "estime", "Les journées seules : passées pendant la mise en place, estimées ensuite"


class Revision(models.TextChoices):
    AUCUNE = "aucune", "Aucune"
    BASE_FIXE = "base_fixe", "Sur indice, depuis le prix d’origine"
    CHAINEE = "chainee", "Sur indice, d’année en année"
    DECISION = "decision", "Par décision notifiée"


class LectureIndice(models.TextChoices):
    """« Valeur en vigueur au mois de novembre » se lit de deux façons ; la structure en délibère."""

    DU_MOIS = "du_mois", "L’indice de ce mois"
    DERNIER_PUBLIE = "dernier_publie", "Le dernier indice publié à la fin de ce mois"


class SerieIndice(models.TextChoices):
    """La série d’origine de l’indice Syntec s’arrête en juillet 2022."""

    ANCIEN = "ancien", "Série d’origine, arrêtée en juillet 2022"
    REVISE = "revise", "Série révisée"


class ReglePhase(models.TextChoices):
    PREMIER_EXERCICE = "premier_exercice", "Le premier exercice est la mise en place"
    BASCULE = "bascule", "La mise en place dure jusqu’à la bascule décidée"


class Acteur(models.TextChoices):
    """Qui fait une étape de la mise en place."""

    COLLECTIVITE = "collectivite", "La collectivité"
    RESPONSABLE = "responsable", "Le responsable de traitement"
    REFERENT = "referent", "Le référent"
    DPD = "dpd", "Le DPD"


class NatureIntervention(models.TextChoices):
    APPEL = "appel", "Appel"
    COURRIEL = "courriel", "Courriel"
    TELEASSISTANCE = "teleassistance", "Prise de main à distance"
    VISITE = "visite", "Visite"
    REUNION = "reunion", "Réunion"
    FORMATION = "formation", "Formation, sensibilisation"
    AUDIT = "audit", "Audit, état des lieux"
    REDACTION = "redaction", "Préparation de documents"
    AUTRE = "autre", "Autre"


class LieuIntervention(models.TextChoices):
    DISTANCE = "distance", "À distance"
    SITE = "site", "Sur site"
    STRUCTURE = "structure", "Dans nos locaux"


class SortDonnees(models.TextChoices):
    RESTITUTION = "restitution", "Restitution"
    DESTRUCTION = "destruction", "Destruction"
