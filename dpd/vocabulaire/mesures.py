"""Mesures de sécurité de l’article 32-1."""

from django.db import models


class MesureSecurite(models.TextChoices):
    """Mesures de sécurité, alignées sur le guide CNIL 2024 (25 fiches)."""

    PILOTAGE = "pilotage", "Pilotage : référent, revue annuelle, budget, arbitrages"
    CHARTE = "charte", "Charte informatique annexée au règlement intérieur, signée"
    SENSIBILISATION = "sensibilisation", "Sensibilisation annuelle et exercices d’hameçonnage"
    COMPTES_NOMINATIFS = "comptes-nominatifs", "Comptes nominatifs, pas de compte partagé"
    MOTS_DE_PASSE = "mots-de-passe", "Politique de mots de passe conforme et coffre-fort"
    MFA = "mfa", "Double authentification (messagerie, accès distants, administration)"
    HABILITATIONS = (
        "habilitations",
        "Habilitations par fonction, moindre privilège, revue annuelle, retrait au départ",
    )
    POSTES = "postes", "Postes à jour, verrouillage, antivirus/EDR, pas de droits administrateur"
    MOBILES = "mobiles", "Ordinateurs portables et téléphones chiffrés, effacement à distance"
    RESEAU = "reseau", "Cloisonnement, pare-feu, Wi-Fi invité séparé, VPN"
    SERVEURS = "serveurs", "Serveurs durcis, correctifs, accès administrateurs dédiés"
    WEB = "web", "Site et téléservices en TLS, mises à jour, protection des formulaires"
    DEVELOPPEMENT = (
        "developpement",
        "Exigences de sécurité et de minimisation dans les développements et paramétrages",
    )
    LOCAUX = "locaux", "Locaux et armoires fermés, baie serveur protégée, registre des clés"
    ECHANGES = (
        "echanges",
        "Échanges chiffrés, vérification du destinataire, plateforme de dépôt plutôt que pièce jointe",
    )
    CONTRATS = "contrats", "Clauses article 28, instructions écrites, droit d’audit, réversibilité"
    MAINTENANCE = "maintenance", "Télémaintenance sur demande et tracée, effacement des supports réformés"
    JOURNALISATION = (
        "journalisation",
        "Journalisation des accès et actions, six à douze mois, consultation encadrée",
    )
    SAUVEGARDE = "sauvegarde", "Sauvegardes 3-2-1, copie hors ligne, test de restauration"
    CONTINUITE = "continuite", "Procédure dégradée papier, PCA/PRA, annuaire de crise"
    INCIDENTS = "incidents", "Procédure violation, registre interne, notification 72 h"
    ANALYSE_RISQUES = "analyse-risques", "Analyse de risques ou AIPD proportionnée"
    CHIFFREMENT = "chiffrement", "Chiffrement au repos (disques, sauvegardes, exports)"
    ARCHIVAGE = "archivage", "Archivage intermédiaire cloisonné, élimination sous visa, bordereaux"
    CLOUD = "cloud", "Informatique en nuage : localisation UE, analyse des transferts, clauses"
    APPLIS_MOBILES = "applis-mobiles", "Applications mobiles : permissions minimales, SDK maîtrisés"
    IA = "ia", "IA : cas d’usage autorisés, pas de données personnelles dans un outil public"
    API = "api", "API : accès limité, journalisé, clés tournées (API Particulier, FranceConnect)"
    PAPIER = "papier", "Papier : rangement fermé, clean desk, destruction certifiée"
    MASQUAGE = "masquage", "Occultation avant publication (délibérations, arrêtés, images)"
    DOUBLE_REGARD = (
        "double-regard",
        "Dossiers sensibles : accès restreint et tracé au dossier, confidentialité renforcée",
    )


# Propositions de départ d’un modèle ; jamais cochées « en place » à la place de la collectivité.
NIVEAUX_SECURITE: dict[str, tuple[MesureSecurite, ...]] = {
    "socle": (
        MesureSecurite.CHARTE,
        MesureSecurite.COMPTES_NOMINATIFS,
        MesureSecurite.MOTS_DE_PASSE,
        MesureSecurite.HABILITATIONS,
        MesureSecurite.POSTES,
        MesureSecurite.SAUVEGARDE,
        MesureSecurite.CONTRATS,
        MesureSecurite.ARCHIVAGE,
        MesureSecurite.PAPIER,
    ),
    "renforce": (
        MesureSecurite.CHARTE,
        MesureSecurite.COMPTES_NOMINATIFS,
        MesureSecurite.MOTS_DE_PASSE,
        MesureSecurite.HABILITATIONS,
        MesureSecurite.POSTES,
        MesureSecurite.SAUVEGARDE,
        MesureSecurite.CONTRATS,
        MesureSecurite.ARCHIVAGE,
        MesureSecurite.PAPIER,
        MesureSecurite.MFA,
        MesureSecurite.JOURNALISATION,
        MesureSecurite.ECHANGES,
        MesureSecurite.CHIFFREMENT,
        MesureSecurite.DOUBLE_REGARD,
        MesureSecurite.SENSIBILISATION,
    ),
    "maximal": (
        MesureSecurite.CHARTE,
        MesureSecurite.COMPTES_NOMINATIFS,
        MesureSecurite.MOTS_DE_PASSE,
        MesureSecurite.HABILITATIONS,
        MesureSecurite.POSTES,
        MesureSecurite.SAUVEGARDE,
        MesureSecurite.CONTRATS,
        MesureSecurite.ARCHIVAGE,
        MesureSecurite.PAPIER,
        MesureSecurite.MFA,
        MesureSecurite.JOURNALISATION,
        MesureSecurite.ECHANGES,
        MesureSecurite.CHIFFREMENT,
        MesureSecurite.DOUBLE_REGARD,
        MesureSecurite.SENSIBILISATION,
        MesureSecurite.RESEAU,
        MesureSecurite.SERVEURS,
        MesureSecurite.ANALYSE_RISQUES,
        MesureSecurite.CONTINUITE,
        MesureSecurite.INCIDENTS,
        MesureSecurite.CLOUD,
    ),
}

FICHES_CNIL_2024: dict[MesureSecurite, tuple[int, ...]] = {
    MesureSecurite.PILOTAGE: (1,),
    MesureSecurite.CHARTE: (2,),
    MesureSecurite.SENSIBILISATION: (3,),
    MesureSecurite.COMPTES_NOMINATIFS: (4,),
    MesureSecurite.MOTS_DE_PASSE: (4,),
    MesureSecurite.MFA: (4,),
    MesureSecurite.HABILITATIONS: (5,),
    MesureSecurite.POSTES: (6,),
    MesureSecurite.MOBILES: (7,),
    MesureSecurite.RESEAU: (8,),
    MesureSecurite.SERVEURS: (9,),
    MesureSecurite.WEB: (10,),
    MesureSecurite.DEVELOPPEMENT: (11,),
    MesureSecurite.LOCAUX: (12,),
    MesureSecurite.ECHANGES: (13,),
    MesureSecurite.CONTRATS: (14,),
    MesureSecurite.MAINTENANCE: (15,),
    MesureSecurite.JOURNALISATION: (16,),
    MesureSecurite.SAUVEGARDE: (17,),
    MesureSecurite.CONTINUITE: (18,),
    MesureSecurite.INCIDENTS: (19,),
    MesureSecurite.ANALYSE_RISQUES: (20,),
    MesureSecurite.CHIFFREMENT: (21,),
    MesureSecurite.ARCHIVAGE: (),
    MesureSecurite.CLOUD: (22,),
    MesureSecurite.APPLIS_MOBILES: (23,),
    MesureSecurite.IA: (24,),
    MesureSecurite.API: (25,),
    MesureSecurite.PAPIER: (12,),
    MesureSecurite.MASQUAGE: (13,),
    MesureSecurite.DOUBLE_REGARD: (5, 16),
}
