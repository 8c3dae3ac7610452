"""Catégories de personnes concernées."""

from django.db import models


class CategoriePersonnes(models.TextChoices):
    """Les 30 catégories de personnes concernées."""

    USAGERS = "usagers", "Usagers, habitants, administrés"
    MINEURS = "mineurs", "Enfants et mineurs"
    REPRESENTANTS_LEGAUX = "representants-legaux", "Parents et représentants légaux"
    ELECTEURS = "electeurs", "Électeurs, mandants et mandataires"
    JEUNES_RECENSEMENT = "jeunes-recensement", "Jeunes de 16 à 25 ans soumis au recensement citoyen"
    BENEFICIAIRES = "beneficiaires", "Demandeurs et bénéficiaires d’une aide ou d’un service social"
    PERSONNES_VULNERABLES = "personnes-vulnerables", "Personnes âgées, handicapées ou isolées"
    PROCHES = "proches", "Proches, personnes à prévenir, obligés alimentaires, personnes hébergées"
    AGENTS = "agents", "Agents (fonctionnaires, contractuels, apprentis, stagiaires, saisonniers)"
    ANCIENS_AGENTS = "anciens-agents", "Anciens agents et ayants droit"
    CANDIDATS = "candidats", "Candidats à un emploi"
    ELUS = "elus", "Élus et membres des commissions"
    BENEVOLES = "benevoles", "Bénévoles et réservistes"
    ASSOCIATIONS = "associations", "Dirigeants et membres d’associations"
    FOURNISSEURS = "fournisseurs", "Fournisseurs, titulaires et leurs interlocuteurs"
    SOUMISSIONNAIRES = "soumissionnaires", "Candidats aux marchés"
    REDEVABLES = "redevables", "Redevables et contribuables"
    PROPRIETAIRES = "proprietaires", "Propriétaires, vendeurs, acquéreurs, pétitionnaires"
    CONCESSIONNAIRES = "concessionnaires", "Titulaires de concession funéraire et ayants droit"
    DEFUNTS = "defunts", "Personnes décédées"
    ABONNES = "abonnes", "Abonnés et adhérents d’un service"
    COMMERCANTS = "commercants", "Commerçants, exploitants, logeurs"
    CONTREVENANTS = "contrevenants", "Personnes mises en cause ou verbalisées"
    VICTIMES_TEMOINS = "victimes-temoins", "Victimes, témoins, requérants"
    PERSONNES_FILMEES = "personnes-filmees", "Personnes filmées ou enregistrées"
    VISITEURS = "visiteurs", "Visiteurs des locaux"
    INTERNAUTES = "internautes", "Internautes, titulaires de compte en ligne"
    DETENTEURS_VEHICULES = "detenteurs-vehicules", "Propriétaires et conducteurs de véhicules"
    DETENTEURS_ANIMAUX = "detenteurs-animaux", "Propriétaires et détenteurs d’animaux"
    TIERS_CORRESPONDANTS = "tiers-correspondants", "Autres correspondants et tiers cités"


# Critère « personnes vulnérables » de l’analyse d’impact (WP248) ; les agents le sont par la subordination.
VULNERABLES = frozenset(
    {
        CategoriePersonnes.MINEURS,
        CategoriePersonnes.BENEFICIAIRES,
        CategoriePersonnes.PERSONNES_VULNERABLES,
        CategoriePersonnes.AGENTS,
        CategoriePersonnes.JEUNES_RECENSEMENT,
    }
)
