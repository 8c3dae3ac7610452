"""Catégories de données personnelles et ce que chacune déclenche."""

from django.db import models


class CategorieDonnees(models.TextChoices):
    """Les 38 catégories de données de la bibliothèque ; chaque ligne d’une fiche en porte une."""

    IDENTITE = "identite", "Identité et état civil (nom, prénoms, sexe, date et lieu de naissance)"
    COORDONNEES = "coordonnees", "Coordonnées (adresse, téléphone, mél)"
    PIECE_IDENTITE = "piece-identite", "Pièce d’identité ou titre (numéro, copie)"
    NATIONALITE = "nationalite", "Nationalité, régularité du séjour"
    IMAGE = "image", "Photographie, vidéo, voix"
    SITUATION_FAMILIALE = (
        "situation-familiale",
        "Situation familiale, filiation, autorité parentale, composition du foyer",
    )
    VIE_PERSONNELLE = (
        "vie-personnelle",
        "Habitudes de vie, loisirs, préférences de service (dont régime alimentaire sans motif)",
    )
    SCOLARITE = "scolarite", "Scolarité, formation, diplômes"
    VIE_PROFESSIONNELLE = "vie-professionnelle", "Profession, employeur, fonctions"
    CARRIERE = "carriere", "Dossier statutaire : grade, positions, évaluation, discipline"
    TEMPS_TRAVAIL = "temps-travail", "Temps de travail, congés, absences (sans motif médical)"
    ECONOMIQUE = "economique", "Ressources, quotient familial, prestations, situation économique"
    BANCAIRE = "bancaire", "Coordonnées bancaires, moyens et incidents de paiement"
    FISCAL = "fiscal", "Données fiscales (avis, bases, rôles)"
    PATRIMOINE = "patrimoine", "Biens, droits réels, prix, parcelles"
    LOGEMENT = "logement", "Logement, occupation, raccordements, travaux"
    VEHICULE = "vehicule", "Immatriculation, permis, caractéristiques du véhicule"
    CONSOMMATION = (
        "consommation",
        "Relevés de consommation ou d’usage (compteur, levées de bac, passages, emprunts)",
    )
    DIFFICULTES_SOCIALES = (
        "difficultes-sociales",
        "Appréciation sur les difficultés sociales, évaluation sociale",
    )
    IDENTIFIANTS = (
        "identifiants",
        "Identifiants administratifs hors NIR (allocataire, électeur, demandeur, usager)",
    )
    CONNEXION = "connexion", "Identifiants et données de connexion, adresses IP, journaux"
    LOCALISATION = "localisation", "Géolocalisation, déplacements"
    CORRESPONDANCE = "correspondance", "Contenu de courriers, messages, réclamations, requêtes"
    SIGNATURE = "signature", "Signature manuscrite ou électronique, certificat"
    MANDAT = "mandat", "Mandat, délégations, indemnités, assiduité (élus)"
    ELECTION = "election", "Inscription, radiation, procuration, émargement"
    ANIMAL = "animal", "Identification et suivi d’un animal"
    DECES = "deces", "Données de personnes décédées"
    INFRACTIONS = "infractions", "Infractions, condamnations, mesures de sûreté, verbalisation"
    NIR = "nir", "Numéro de sécurité sociale (NIR)"
    SANTE = "sante", "Santé, handicap, aptitude, vaccination, PAI"
    BIOMETRIE = "biometrie", "Biométrie d’identification"
    GENETIQUE = "genetique", "Données génétiques"
    OPINIONS_POLITIQUES = "opinions-politiques", "Opinions politiques"
    SYNDICAL = "syndical", "Appartenance syndicale"
    RELIGION = "religion", "Convictions religieuses ou philosophiques"
    ORIGINE = "origine", "Origine raciale ou ethnique"
    VIE_SEXUELLE = "vie-sexuelle", "Vie ou orientation sexuelle"


VIGILANCE = frozenset(
    {
        CategorieDonnees.PIECE_IDENTITE,
        CategorieDonnees.NATIONALITE,
        CategorieDonnees.IMAGE,
        CategorieDonnees.ECONOMIQUE,
        CategorieDonnees.BANCAIRE,
        CategorieDonnees.FISCAL,
        CategorieDonnees.DIFFICULTES_SOCIALES,
        CategorieDonnees.LOCALISATION,
        CategorieDonnees.DECES,
    }
)


ENCADREE = frozenset(
    {
        CategorieDonnees.INFRACTIONS,
        CategorieDonnees.NIR,
    }
)


SENSIBLE = frozenset(
    {
        CategorieDonnees.SANTE,
        CategorieDonnees.BIOMETRIE,
        CategorieDonnees.GENETIQUE,
        CategorieDonnees.OPINIONS_POLITIQUES,
        CategorieDonnees.SYNDICAL,
        CategorieDonnees.RELIGION,
        CategorieDonnees.ORIGINE,
        CategorieDonnees.VIE_SEXUELLE,
    }
)
