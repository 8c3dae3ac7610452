"""Le nom simple de chaque catégorie de données, avec son article, pour en parler dans une phrase."""

from collections.abc import Mapping
from types import MappingProxyType

NOMS_DE_DONNEES: Mapping[str, str] = MappingProxyType(
    {
        "identite": "l’identité",
        "coordonnees": "les coordonnées",
        "piece-identite": "les pièces d’identité",
        "nationalite": "la nationalité",
        "image": "les images et les voix",
        "situation-familiale": "la situation familiale",
        "vie-personnelle": "les habitudes de vie",
        "scolarite": "la scolarité et les diplômes",
        "vie-professionnelle": "la profession",
        "carriere": "la carrière",
        "temps-travail": "le temps de travail et les absences",
        "economique": "les ressources",
        "bancaire": "les coordonnées bancaires",
        "fiscal": "les données fiscales",
        "patrimoine": "les biens",
        "logement": "le logement",
        "vehicule": "les véhicules",
        "consommation": "les relevés de consommation",
        "difficultes-sociales": "les difficultés sociales",
        "identifiants": "les numéros d’usager",
        "connexion": "les traces de connexion",
        "localisation": "la géolocalisation",
        "correspondance": "les courriers",
        "signature": "les signatures",
        "mandat": "les mandats d’élu",
        "election": "les données électorales",
        "animal": "les données sur les animaux",
        "deces": "les données de personnes décédées",
        "infractions": "les infractions",
        "nir": "le numéro de sécurité sociale",
        "sante": "les données de santé",
        "biometrie": "les données biométriques",
        "genetique": "les données génétiques",
        "opinions-politiques": "les opinions politiques",
        "syndical": "l’appartenance syndicale",
        "religion": "les convictions religieuses",
        "origine": "l’origine",
        "vie-sexuelle": "la vie sexuelle",
    }
)
