"""Qui peut quoi : la table des rôles, sans base ni requête.

Le DPD prépare et conseille mais n’a jamais la capacité de décider (RGPD art. 38-6) ; le gestionnaire
et l’agent ne lisent aucun registre (secret du DPD, art. 38-5).
"""

from enum import StrEnum

from dpd.comptes.enums import ROLES_COLLECTIVITE, ROLES_STRUCTURE, Role


class Capacite(StrEnum):
    VOIR_COLLECTIVITE = "voir_collectivite"
    LIRE_REGISTRE = "lire_registre"
    TENIR_REGISTRE = "tenir_registre"
    EXPORTER = "exporter"
    DECIDER = "decider"
    RENDRE_AVIS = "rendre_avis"
    GERER_COLLECTIVITE = "gerer_collectivite"
    GERER_COMPTES = "gerer_comptes"
    VOIR_STRUCTURE = "voir_structure"
    SUIVRE_PORTEFEUILLE = "suivre_portefeuille"
    PUBLIER_MODELES = "publier_modeles"
    GERER_STRUCTURE = "gerer_structure"
    LIRE_CONVENTION = "lire_convention"
    GERER_CONVENTIONS = "gerer_conventions"
    CONDUIRE_MISE_EN_PLACE = "conduire_mise_en_place"
    CONTRIBUER_MISE_EN_PLACE = "contribuer_mise_en_place"
    LIRE_INTERVENTIONS = "lire_interventions"
    TRACER_INTERVENTION = "tracer_intervention"
    DEMANDER_DEVIS = "demander_devis"
    GERER_DEVIS = "gerer_devis"
    LIRE_VIOLATIONS = "lire_violations"
    TENIR_VIOLATIONS = "tenir_violations"
    SIGNALER_INCIDENT = "signaler_incident"
    LIRE_CONTRATS = "lire_contrats"
    TENIR_CONTRATS = "tenir_contrats"
    TENIR_ANNUAIRE = "tenir_annuaire"
    LIRE_DEMANDES = "lire_demandes"
    TENIR_DEMANDES = "tenir_demandes"
    TRANSMETTRE_DEMANDES = "transmettre_demandes"
    DONNER_INSTRUCTION = "donner_instruction"
    LIRE_SOUS_TRAITANCE = "lire_sous_traitance"
    TENIR_SOUS_TRAITANCE = "tenir_sous_traitance"
    EXECUTER_INSTRUCTION = "executer_instruction"


CAPACITES: dict[Role, frozenset[Capacite]] = {
    Role.REFERENT: frozenset(
        {
            Capacite.VOIR_COLLECTIVITE,
            Capacite.LIRE_REGISTRE,
            Capacite.TENIR_REGISTRE,
            Capacite.EXPORTER,
            Capacite.LIRE_CONVENTION,
            Capacite.CONTRIBUER_MISE_EN_PLACE,
            Capacite.LIRE_INTERVENTIONS,
            Capacite.DEMANDER_DEVIS,
            Capacite.LIRE_VIOLATIONS,
            Capacite.TENIR_VIOLATIONS,
            Capacite.LIRE_CONTRATS,
            Capacite.TENIR_CONTRATS,
            Capacite.LIRE_DEMANDES,
            Capacite.TENIR_DEMANDES,
            Capacite.DONNER_INSTRUCTION,
        }
    ),
    Role.DECIDEUR: frozenset(
        {
            Capacite.VOIR_COLLECTIVITE,
            Capacite.LIRE_REGISTRE,
            Capacite.EXPORTER,
            Capacite.DECIDER,
            Capacite.GERER_COMPTES,
            Capacite.LIRE_CONVENTION,
            Capacite.LIRE_INTERVENTIONS,
            Capacite.DEMANDER_DEVIS,
            Capacite.LIRE_VIOLATIONS,
            Capacite.TENIR_VIOLATIONS,
            Capacite.LIRE_CONTRATS,
            Capacite.LIRE_DEMANDES,
            Capacite.TENIR_DEMANDES,
            Capacite.DONNER_INSTRUCTION,
        }
    ),
    Role.LECTEUR: frozenset(
        {
            Capacite.VOIR_COLLECTIVITE,
            Capacite.LIRE_REGISTRE,
            Capacite.EXPORTER,
            Capacite.LIRE_CONVENTION,
            Capacite.LIRE_INTERVENTIONS,
            Capacite.LIRE_CONTRATS,
        }
    ),
    Role.DPD: frozenset(
        {
            Capacite.VOIR_COLLECTIVITE,
            Capacite.LIRE_REGISTRE,
            Capacite.TENIR_REGISTRE,
            Capacite.EXPORTER,
            Capacite.RENDRE_AVIS,
            Capacite.GERER_COLLECTIVITE,
            Capacite.GERER_COMPTES,
            Capacite.VOIR_STRUCTURE,
            Capacite.SUIVRE_PORTEFEUILLE,
            Capacite.PUBLIER_MODELES,
            Capacite.GERER_STRUCTURE,
            Capacite.LIRE_CONVENTION,
            Capacite.CONDUIRE_MISE_EN_PLACE,
            Capacite.CONTRIBUER_MISE_EN_PLACE,
            Capacite.LIRE_INTERVENTIONS,
            Capacite.TRACER_INTERVENTION,
            Capacite.GERER_DEVIS,
            Capacite.LIRE_VIOLATIONS,
            Capacite.TENIR_VIOLATIONS,
            Capacite.SIGNALER_INCIDENT,
            Capacite.LIRE_CONTRATS,
            Capacite.TENIR_CONTRATS,
            Capacite.TENIR_ANNUAIRE,
            Capacite.LIRE_DEMANDES,
            Capacite.TENIR_DEMANDES,
            Capacite.TRANSMETTRE_DEMANDES,
            Capacite.LIRE_SOUS_TRAITANCE,
            Capacite.TENIR_SOUS_TRAITANCE,
            Capacite.EXECUTER_INSTRUCTION,
        }
    ),
    Role.GESTIONNAIRE: frozenset(
        {
            Capacite.VOIR_COLLECTIVITE,
            Capacite.GERER_COLLECTIVITE,
            Capacite.VOIR_STRUCTURE,
            Capacite.LIRE_CONVENTION,
            Capacite.GERER_CONVENTIONS,
            Capacite.LIRE_INTERVENTIONS,
            Capacite.GERER_DEVIS,
            Capacite.LIRE_SOUS_TRAITANCE,
            Capacite.TENIR_SOUS_TRAITANCE,
        }
    ),
    Role.AGENT: frozenset(
        {
            Capacite.VOIR_COLLECTIVITE,
            Capacite.VOIR_STRUCTURE,
            Capacite.LIRE_INTERVENTIONS,
            Capacite.TRACER_INTERVENTION,
            Capacite.SIGNALER_INCIDENT,
            Capacite.TRANSMETTRE_DEMANDES,
            Capacite.LIRE_SOUS_TRAITANCE,
            Capacite.EXECUTER_INSTRUCTION,
        }
    ),
}

EXPLICATIONS: dict[Role, str] = {
    Role.REFERENT: "vous préparez, le responsable décide",
    Role.DECIDEUR: "vous décidez pour la collectivité",
    Role.LECTEUR: "vous consultez",
    Role.DPD: "vous conseillez, la collectivité décide",
    Role.GESTIONNAIRE: "vous gérez les conventions, sans voir les registres",
    Role.AGENT: "vous assistez les collectivités",
}


def roles_donnant(capacite: Capacite) -> frozenset[Role]:
    """Les rôles qui ouvrent une capacité."""
    return frozenset(role for role, capacites in CAPACITES.items() if capacite in capacites)


def role_compatible(role: Role, sur_collectivite: bool) -> bool:
    """Vrai si le rôle se donne là : sur une collectivité, ou sur une structure."""
    return role in (ROLES_COLLECTIVITE if sur_collectivite else ROLES_STRUCTURE)
