"""Les listes du téléservice de la CNIL, dans son ordre et avec ses mots ; aucune valeur stockée ne change.

Origines, causes, natures et information des personnes : jeu ouvert « Notifications à la CNIL de
violations de données à caractère personnel ». Données, personnes et préjudices : rubriques du formulaire.
"""

from django.db import models


class NatureViolation(models.TextChoices):
    CONFIDENTIALITE = "confidentialite", "Perte de la confidentialité"
    INTEGRITE = "integrite", "Perte de l’intégrité"
    DISPONIBILITE = "disponibilite", "Perte de la disponibilité"


class Origine(models.TextChoices):
    EQUIPEMENT = "equipement", "Équipement perdu ou volé"
    PAPIER = "papier", "Papier perdu, volé ou laissé accessible dans un endroit non sécurisé"
    COURRIER = "courrier", "Courrier perdu ou ouvert avant d’être retourné à l’envoyeur"
    PIRATAGE = (
        "piratage",
        "Piratage, logiciel malveillant (par exemple rançongiciel) et/ou hameçonnage",
    )
    REBUT_PAPIER = (
        "rebut_papier",
        "Mise au rebut de documents papier contenant des données personnelles sans destruction physique",
    )
    REBUT_APPAREIL = (
        "rebut_appareil",
        "Mise au rebut d’appareils numériques contenant des données personnelles sans effacement sécurisé",
    )
    PUBLICATION = "publication", "Publication non volontaire d’informations"
    PORTAIL = "portail", "Données de la mauvaise personne affichées sur le portail du client"
    DESTINATAIRE = "destinataire", "Données personnelles envoyées à un mauvais destinataire"
    VERBALE = "verbale", "Informations personnelles divulguées de façon verbale"
    AUTRE = "autre", "Autre"


class Cause(models.TextChoices):
    INTERNE_MALVEILLANT = "interne_malveillant", "Acte interne malveillant"
    INTERNE_ACCIDENTEL = "interne_accidentel", "Acte interne accidentel"
    EXTERNE_MALVEILLANT = "externe_malveillant", "Acte externe malveillant"
    EXTERNE_ACCIDENTEL = "externe_accidentel", "Acte externe accidentel"
    INCONNU = "inconnu", "Inconnu"
    AUTRE = "autre", "Autre"


class DonneesTouchees(models.TextChoices):
    ETAT_CIVIL = "etat_civil", "État civil (nom, sexe, date de naissance, âge…)"
    NIR = "nir", "NIR (numéro de sécurité sociale)"
    COORDONNEES = "coordonnees", "Coordonnées (adresse postale ou électronique, numéros de téléphone…)"
    ACCES = "acces", "Données d’identification ou d’accès (identifiant, mot de passe, numéro client…)"
    FINANCIERES = (
        "financieres",
        "Informations financières (revenus, carte, coordonnées bancaires), économiques",
    )
    DOCUMENTS = "documents", "Documents officiels (passeport, pièce d’identité…)"
    LOCALISATION = "localisation", "Données de localisation"
    INFRACTIONS = "infractions", "Infractions, condamnations, mesures de sûreté"
    ORIGINE_ETHNIQUE = "origine_ethnique", "Origine raciale ou ethnique"
    POLITIQUES = "politiques", "Opinions politiques"
    RELIGIEUSES = "religieuses", "Opinions philosophiques ou religieuses"
    SYNDICALES = "syndicales", "Appartenance syndicale"
    ORIENTATION = "orientation", "Orientation sexuelle"
    SANTE = "sante", "Données de santé"
    BIOMETRIQUES = "biometriques", "Données biométriques"
    GENETIQUES = "genetiques", "Données génétiques"
    INCONNUES = "inconnues", "Les données concernées ne sont pas connues pour le moment"
    AUTRES = "autres", "Autres données"


SENSIBLES = frozenset(
    {
        DonneesTouchees.ORIGINE_ETHNIQUE,
        DonneesTouchees.POLITIQUES,
        DonneesTouchees.RELIGIEUSES,
        DonneesTouchees.SYNDICALES,
        DonneesTouchees.ORIENTATION,
        DonneesTouchees.SANTE,
        DonneesTouchees.BIOMETRIQUES,
        DonneesTouchees.GENETIQUES,
    }
)


class PersonnesTouchees(models.TextChoices):
    EMPLOYES = "employes", "Employés"
    UTILISATEURS = "utilisateurs", "Utilisateurs"
    ADHERENTS = "adherents", "Adhérents"
    ELEVES = "eleves", "Étudiants, élèves"
    MILITAIRES = "militaires", "Personnel militaire"
    CLIENTS = "clients", "Clients (actuels ou potentiels)"
    PATIENTS = "patients", "Patients"
    MINEURS = "mineurs", "Mineurs"
    VULNERABLES = "vulnerables", "Personnes vulnérables"
    INDETERMINE = "indetermine", "Pas déterminé pour le moment"
    AUTRES = "autres", "Autres"


class Prejudice(models.TextChoices):
    CONTROLE = "controle", "Perte de contrôle sur leurs données personnelles"
    DROITS = "droits", "Limitation de leurs droits"
    DISCRIMINATION = "discrimination", "Discrimination"
    IDENTITE = "identite", "Vol d’identité"
    FRAUDE = "fraude", "Fraude"
    PSEUDONYME = "pseudonyme", "Levée non autorisée de pseudonymisation"
    FINANCIER = "financier", "Pertes financières"
    REPUTATION = "reputation", "Atteinte à la réputation"
    SECRET = "secret", "Perte de la confidentialité de données protégées par un secret professionnel"
    AUTRE = "autre", "Autre"


class GraviteCnil(models.TextChoices):
    """L’échelle du téléservice, à quatre niveaux ; ce n’est ni l’ENISA, ni la décision."""

    NEGLIGEABLE = "negligeable", "Négligeable"
    LIMITEE = "limitee", "Limitée"
    IMPORTANTE = "importante", "Importante"
    MAXIMALE = "maximale", "Maximale"


class InformationPersonnes(models.TextChoices):
    FAITE = "faite", "Oui, les personnes ont été informées"
    PREVUE = "prevue", "Non, mais elles le seront"
    INDETERMINEE = "indeterminee", "Non déterminé pour le moment"
    ECARTEE = "ecartee", "Non ils ne le seront pas"


class MotifSansInformation(models.TextChoices):
    """RGPD art. 34-1 et 34-3 : les seules raisons de ne pas informer chaque personne."""

    RISQUE_NON_ELEVE = "risque_non_eleve", "Le risque pour les personnes n’est pas élevé (art. 34-1)"
    ILLISIBLES = "illisibles", "Les données étaient incompréhensibles, par exemple chiffrées (art. 34-3 a)"
    MESURES = "mesures", "Des mesures prises depuis écartent le risque élevé (art. 34-3 b)"
    EFFORTS = "efforts", "Efforts disproportionnés : une communication publique la remplace (art. 34-3 c)"


class MoyenInformation(models.TextChoices):
    COURRIEL = "courriel", "Courriel"
    COURRIER = "courrier", "Courrier"
    SMS = "sms", "SMS"
    TELEPHONE = "telephone", "Téléphone"
    AFFICHE = "affiche", "Affiche"
    PUBLICATION = "publication", "Page publique"


class TypeNotification(models.TextChoices):
    COMPLETE = "complete", "Notification initiale, complète"
    INITIALE = "initiale", "Notification initiale, à compléter"
    COMPLEMENTAIRE = "complementaire", "Notification complémentaire"


class EtatViolation(models.TextChoices):
    """Où en est une violation ; rien ne se supprime, elle se clôt."""

    DECLAREE = "declaree", "Déclarée"  # l’horloge court, le dossier se complète
    A_DECIDER = "a_decider", "À décider"  # l’avis du DPD est rendu
    DECIDEE = "decidee", "Décidée"  # le responsable a tranché ses deux questions
    NOTIFIEE = "notifiee", "Notifiée à la CNIL"  # n° et date d’accusé enregistrés
    CLOSE = "close", "Close"


class Risque(models.TextChoices):
    """Le risque pour les droits et libertés des personnes (RGPD art. 33-1 et 34-1)."""

    IMPROBABLE = "improbable", "Un risque est improbable"
    PROBABLE = "probable", "Un risque existe"
    ELEVE = "eleve", "Le risque est élevé"


class Question(models.TextChoices):
    """Les deux questions que seul le responsable de traitement tranche."""

    NOTIFIER = "notifier", "Notifier la CNIL"
    INFORMER = "informer", "Informer les personnes"


class NatureEvenement(models.TextChoices):
    """Ce que la chronologie retient ; les instants de la violation s’y ajoutent à la lecture."""

    DECLARATION = "declaration", "Déclaration"
    SAISIE = "saisie", "Dossier complété"
    CORRECTION = "correction", "Instants corrigés"
    NOTE = "note", "Note"
    PRESTATAIRE = "prestataire", "Information du prestataire"
    AVIS = "avis", "Avis du DPD"
    DECISION = "decision", "Décision du responsable"
    NOTIFICATION = "notification", "Notification à la CNIL"
    INFORMATION = "information", "Information des personnes"
    CLOTURE = "cloture", "Clôture"
    REOUVERTURE = "reouverture", "Réouverture"


class HorlogeRappelee(models.TextChoices):
    NOTIFICATION = "notification", "72 heures pour notifier"
    COMPLEMENT = "complement", "72 heures pour compléter"


class EtatRappel(models.TextChoices):
    PREVU = "prevu", "Prévu"
    ENVOYE = "envoye", "Envoyé"
    OMIS = "omis", "Remplacé par un rappel plus récent"


class SourceConnaissance(models.TextChoices):
    """Comment l’organisme a su."""

    AGENT = "agent", "Un agent l’a constaté"
    SOUS_TRAITANT = "sous_traitant", "Un prestataire nous a prévenus"
    PERSONNE = "personne", "Une personne concernée l’a signalé"
    TIERS = "tiers", "Un tiers l’a signalé"
    OUTIL = "outil", "Une alerte technique"
