"""Ce que décide une collectivité en complétant une fiche : le service, le point de départ, la durée.

Ces décisions sont **inventées** pour la démonstration. La durée et le sort final viennent du modèle
quand il en propose ; la durée de repli n’est qu’un exemple, à ne reprendre nulle part.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Decision(NamedTuple):
    """``repli`` : (nombre, unité) si le modèle n’a pas de durée ; ``proposition`` : laquelle suivre,
    par défaut la première chiffrée ; ``evenement`` complète « après » : « le départ de l’agent »."""

    service: str
    evenement: str
    repli: tuple[int | None, str] = (5, "annee")
    proposition: int | None = None


PERMANENTE = (None, "permanente")
ACCUEIL, ECOLES, RH, COMPTA = "Accueil et état civil", "Écoles", "Ressources humaines", "Comptabilité"
DIRECTION, SOCIAL, URBANISME, TECHNIQUE = (
    "Secrétariat général",
    "Action sociale",
    "Urbanisme",
    "Services techniques",
)
POLICE, CULTURE, NUMERIQUE, COMMUNICATION = "Police municipale", "Culture", "Informatique", "Communication"
EXERCICE, DOSSIER, AGENT = "la fin de l’exercice", "la clôture du dossier", "le départ de l’agent"

DECISIONS: Mapping[str, Decision] = MappingProxyType(
    {
        "etat-civil": Decision(ACCUEIL, "la date de l’acte", PERMANENTE, 0),
        "pacs": Decision(ACCUEIL, "la dissolution du pacte"),
        "titres-identite": Decision(ACCUEIL, "la remise du titre"),
        "attestations-accueil": Decision(ACCUEIL, "la décision du maire"),
        "listes-electorales": Decision(ACCUEIL, "la radiation de l’électeur"),
        "recensement-citoyen": Decision(ACCUEIL, "l’envoi de la liste trimestrielle"),
        "recensement-insee": Decision(ACCUEIL, "la fin de la collecte", (1, "mois")),
        "cimetiere": Decision(ACCUEIL, "la fin de la concession"),
        "rh-carriere": Decision(RH, "la naissance de l’agent"),
        "paie": Decision(RH, "le paiement", (10, "annee"), 1),
        "temps-absences": Decision(RH, "la fin de l’année civile"),
        "recrutement": Decision(RH, "le dernier contact avec le candidat"),
        "formation-evaluation": Decision(RH, AGENT),
        "sante-travail-instances": Decision(RH, AGENT, (10, "annee")),
        "elus": Decision(DIRECTION, "la fin du mandat"),
        "conseil-municipal": Decision(DIRECTION, "la séance"),
        "actes-teletransmission": Decision(DIRECTION, "l’accusé de réception de la préfecture"),
        "courrier": Decision(DIRECTION, "la fin du mandat"),
        "contentieux-assurances": Decision(DIRECTION, "l’épuisement des recours"),
        "archives": Decision(DIRECTION, "la dernière consultation", (5, "annee")),
        "droits-rgpd": Decision(DIRECTION, "la réponse à la personne"),
        "violations": Decision(DIRECTION, "la clôture de l’incident"),
        "plan-communal-sauvegarde": Decision(DIRECTION, "la mise à jour annuelle du plan", (1, "annee")),
        "comptabilite": Decision(COMPTA, EXERCICE),
        "pes": Decision(COMPTA, EXERCICE),
        "fournisseurs": Decision(COMPTA, "la dernière facture"),
        "regies": Decision(COMPTA, EXERCICE),
        "marches-publics": Decision(COMPTA, "la signature du marché"),
        "taxe-sejour-meubles": Decision(COMPTA, EXERCICE),
        "inscriptions-scolaires": Decision(ECOLES, "la fin de l’année scolaire"),
        "periscolaire-restauration": Decision(ECOLES, "la fin de l’année scolaire"),
        "alsh-sejours": Decision(ECOLES, "la fin du séjour"),
        "petite-enfance": Decision("Petite enfance", "le départ de l’enfant"),
        "ccas-aide-facultative": Decision(SOCIAL, "le dernier contact", (2, "annee"), 0),
        "ccas-aide-legale": Decision(SOCIAL, "la fin de l’aide"),
        "domiciliation": Decision(SOCIAL, "la fin de la domiciliation", (1, "annee")),
        "registre-canicule": Decision(SOCIAL, "la demande de radiation", (0, "jour")),
        "portage-aide-domicile": Decision(SOCIAL, "la fin du contrat"),
        "logement-social": Decision(SOCIAL, "la radiation de la demande"),
        "ads": Decision(URBANISME, "l’achèvement des travaux", (10, "annee"), 0),
        "dia-preemption": Decision(URBANISME, "la décision"),
        "fiscalite-cadastre-sig": Decision(URBANISME, "l’année du rôle"),
        "eau-assainissement": Decision(TECHNIQUE, "la fin de l’abonnement"),
        "dechets": Decision(TECHNIQUE, "la restitution du bac"),
        "signalements-usagers": Decision(TECHNIQUE, "la clôture du signalement", (1, "annee")),
        "geolocalisation": Decision(TECHNIQUE, "le trajet"),
        "domaine-public-marches": Decision(TECHNIQUE, "la fin de l’autorisation"),
        "pm-administrative": Decision(POLICE, DOSSIER, proposition=1),
        "fourriere": Decision(POLICE, "la sortie du véhicule", (2, "annee")),
        "chiens-dangereux": Decision(POLICE, "la fin de la détention de l’animal"),
        "objets-trouves": Decision(POLICE, "la remise de l’objet"),
        "videoprotection": Decision(POLICE, "l’enregistrement"),
        "debits-boissons": Decision(POLICE, "la fermeture du débit"),
        "salles": Decision("Vie associative", "la location"),
        "associations-subventions": Decision("Vie associative", "le versement de la subvention"),
        "bibliotheque": Decision(CULTURE, "la fin du dernier prêt"),
        "ecole-musique": Decision(CULTURE, "la fin de la scolarité"),
        "bulletin-newsletter": Decision(COMMUNICATION, "la désinscription", (0, "jour"), 0),
        "site-internet": Decision(COMMUNICATION, "la visite", proposition=3),
        "reseaux-sociaux": Decision(COMMUNICATION, "la publication", (1, "annee")),
        "messagerie": Decision(NUMERIQUE, "l’envoi ou la réception"),
        "telephonie": Decision(NUMERIQUE, "l’appel"),
        "acces-badges": Decision(NUMERIQUE, "le passage"),
        "parc-informatique": Decision(NUMERIQUE, "la connexion"),
        "parapheur": Decision(NUMERIQUE, "la signature", (10, "annee")),
        "sve-demarches": Decision(NUMERIQUE, "la transmission au service"),
    }
)
