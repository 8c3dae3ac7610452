"""Les mots que la démonstration met dans les rubriques d’une fiche : tous inventés, aucun à recopier."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from registre.regles.aipd import AUCUN_TYPE
from registre.regles.contenu import LigneTransfert

# Ce qu’une petite mairie note d’ordinaire, et d’où cela vient.
PRECISIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "identite": ("Nom, prénom, date de naissance", "La personne"),
        "coordonnees": ("Adresse postale, téléphone, courriel", "La personne"),
        "piece-identite": ("Présentée au guichet, jamais copiée", "La personne"),
        "situation-familiale": ("Composition du foyer, autorité parentale", "La personne"),
        "vie-personnelle": ("Activités choisies, régime sans motif", "La personne"),
        "economique": ("Quotient ou ressources, seulement pour le tarif", "La personne ou la CAF"),
        "bancaire": ("Relevé d’identité bancaire", "La personne"),
        "carriere": ("Grade, échelon, arrêtés", "Le service"),
        "fiscal": ("Seulement ce que le dossier exige", "L’administration fiscale"),
        "correspondance": ("Courriers et réponses", "La personne"),
        "image": ("Photographie ou image filmée", "Le service"),
        "connexion": ("Identifiant et date de connexion", "Le logiciel"),
        "sante": ("Ce qui est indispensable au service, sans diagnostic", "La personne"),
    }
)

# Décret n° 2019-341 du 19 avril 2019, art. 2 : l’alinéa exact se confirme avec le DPD, et la fiche le dit.
ALINEAS_NIR: Mapping[str, str] = MappingProxyType(
    {
        "paie": "Décret n° 2019-341, art. 2 : paie et déclarations sociales (alinéa à confirmer par le DPD)",
        "rh-carriere": "Décret n° 2019-341, art. 2 : gestion du personnel (alinéa à confirmer par le DPD)",
        "sante-travail-instances": (
            "Décret n° 2019-341, art. 2 : accidents et maladies du travail (alinéa à confirmer par le DPD)"
        ),
        "elus": "Décret n° 2019-341, art. 2 : déclarations sociales des élus (alinéa à confirmer par le DPD)",
        "ccas-aide-legale": "Décret n° 2019-341, art. 2 : aide sociale (alinéa à confirmer par le DPD)",
        "logement-social": "Décret n° 2019-341, art. 2 : logement social (alinéa à confirmer par le DPD)",
    }
)

MESURES: Mapping[str, str] = MappingProxyType(
    {
        "charte": "par les agents et les élus, version de cette année",
        "comptes-nominatifs": "un par agent, le compte « accueil » est supprimé",
        "mots-de-passe": "12 caractères au moins",
        "habilitations": "revues chaque année en janvier et à chaque départ",
        "postes": "mises à jour automatiques, verrouillage après dix minutes",
        "sauvegarde": "chaque nuit, une copie hors ligne, restauration testée cette année",
        "contrats": "signés par chaque prestataire, relus au renouvellement",
        "papier": "armoire fermée à clé, clés au secrétariat",
        "mfa": "messagerie et accès à distance",
        "journalisation": "six mois, consultée en cas d’incident seulement",
        "double-regard": "dossier ouvert à deux agents nommés",
        "sensibilisation": "une séance par an avec le délégué",
    }
)

INFORMATION = "Mention au bas du formulaire, affiche à l’accueil, page « Vos données » du site."
INFORMATIONS: Mapping[str, str] = MappingProxyType(
    {
        "Ressources humaines": "Note remise à l’embauche et affichée dans la salle des agents.",
        "Tranquillité publique": "Affiche à l’accueil ; panneaux à chaque entrée pour ce qui est filmé.",
        "Social": "Expliqué de vive voix au premier rendez-vous, note remise en gros caractères.",
        "Finances": "Mention au bas des bons de commande et des avis des sommes à payer.",
        "Numérique": "Charte informatique et message à la première connexion.",
    }
)

TRANSFERTS: Mapping[str, tuple[LigneTransfert, ...]] = MappingProxyType(
    {
        "bulletin-newsletter": (
            LigneTransfert(
                "Plumier Mailing (prestataire inventé)", "US", "cct", "Contrat du prestataire, annexe 2"
            ),
        ),
        "reseaux-sociaux": (
            LigneTransfert(
                "Placette (réseau social inventé)", "US", "adequation", "Conditions d’utilisation, article 9"
            ),
        ),
        "messagerie": (
            LigneTransfert(
                "Nuage-Bureau (prestataire inventé)",
                "US",
                "adequation",
                "Certification vérifiée par le délégué, à revoir chaque année",
            ),
        ),
    }
)


class Risque(NamedTuple):
    """Le premier filtre d’analyse d’impact : un type des listes, ou des critères, et l’explication."""

    type: str = AUCUN_TYPE
    criteres: tuple[str, ...] = ()
    motif: str = ""


_A_MENER = "Analyse à mener avec le délégué avant la fin de l’année."
_DISPENSE = "Dispense de la liste de la CNIL, à reconfirmer si le logiciel change."
_AGENTS = Risque("rh-moins-250", (), _DISPENSE)
_ENFANTS = Risque("scolaire-petite-enfance", (), _DISPENSE)
_SOCIAL = Risque("accompagnement-social", (), _A_MENER)
_FRAGILES = Risque(AUCUN_TYPE, ("sensibles", "vulnerables"), _A_MENER)
RISQUE_AGENTS_NOMBREUX = Risque(
    AUCUN_TYPE,
    ("vulnerables",),
    "Plus de 250 agents : pas de dispense ; accès limité au service du personnel.",
)

RISQUES: Mapping[str, Risque] = MappingProxyType(
    {
        **dict.fromkeys(
            ("rh-carriere", "paie", "temps-absences", "recrutement", "formation-evaluation"), _AGENTS
        ),
        **dict.fromkeys(
            ("inscriptions-scolaires", "periscolaire-restauration", "alsh-sejours", "petite-enfance"),
            _ENFANTS,
        ),
        **dict.fromkeys(("ccas-aide-facultative", "ccas-aide-legale", "domiciliation"), _SOCIAL),
        **dict.fromkeys(("registre-canicule", "portage-aide-domicile", "sante-travail-instances"), _FRAGILES),
        "fournisseurs": Risque("fournisseurs", (), _DISPENSE),
        "listes-electorales": Risque("fichier-electoral", (), _DISPENSE),
        "acces-badges": Risque("acces-horaires", (), _DISPENSE),
        "logement-social": Risque("logement-social", (), _A_MENER),
        "videoprotection": Risque("surveillance-zone-publique", ("surveillance", "grande-echelle"), _A_MENER),
        "geolocalisation": Risque(AUCUN_TYPE, ("surveillance", "vulnerables"), _A_MENER),
        "plan-communal-sauvegarde": Risque(
            AUCUN_TYPE, ("vulnerables",), "Moins de cent personnes ; la liste ne sert qu’en cas d’alerte."
        ),
        "etat-civil": Risque(
            AUCUN_TYPE,
            ("sensibles",),
            "Registres tenus comme le veut le code civil, deux officiers habilités.",
        ),
    }
)

# Prestataires inventés, par structure ; un type absent reste sans nom.
PRESTATAIRES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "CDG 82": {
            "editeur-metier": "Bourgade Logiciels",
            "hebergeur": "Grenier du Causse",
            "portail-famille": "Logi-Quercy",
            "video": "Vigie des Gorges",
            "impression": "Imprimerie du Lemboulas",
            "site-web": "Atelier Pigeonnier",
        },
        "CDG 47": {
            "editeur-metier": "Pruneline Logiciels",
            "hebergeur": "Grenier de Garonne",
            "portail-famille": "Cartable 47",
            "site-web": "Atelier Baïse",
        },
        "CACL": {
            "editeur-metier": "Maripa Logiciels",
            "hebergeur": "Carbet Numérique",
            "portail-famille": "Pirogue Famille",
            "video": "Vigie Salines",
        },
        "ATDA": {
            "editeur-metier": "Bocage Logiciels",
            "hebergeur": "Grenier du Sichon",
            "portail-famille": "Logi-Sioule",
            "site-web": "Atelier Besbre",
        },
    }
)
