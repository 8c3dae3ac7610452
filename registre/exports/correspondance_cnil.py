"""La forme du modèle de registre de la CNIL (classeur du 25 juillet 2019), et nos catégories en regard.

La CNIL range les données en six familles ordinaires et en données sensibles ; nos vocabulaires sont plus
fins. Chaque code a sa famille, et chaque famille un code de repli pour relire un classeur qui ne dit
rien de plus.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Famille(NamedTuple):
    """``libelle`` : les mots de la CNIL ; ``mots`` : ce qui la reconnaît ; ``repli`` : notre code."""

    cle: str
    libelle: str
    mots: tuple[str, ...]
    repli: str


ORDINAIRES: tuple[Famille, ...] = (
    Famille(
        "etat-civil",
        "État civil, identité, données d’identification, images…",
        ("etat civil", "identite", "donnees d identification"),
        "identite",
    ),
    Famille(
        "vie-personnelle",
        "Vie personnelle (habitudes de vie, situation familiale, etc.)",
        ("vie personnelle",),
        "vie-personnelle",
    ),
    Famille(
        "vie-professionnelle",
        "Vie professionnelle (CV, scolarité, formation, distinctions, etc.)",
        ("vie professionnelle",),
        "vie-professionnelle",
    ),
    Famille(
        "economique",
        "Informations d’ordre économique et financier "
        "(revenus, situation financière, situation fiscale, etc.)",
        ("informations d ordre economique", "economique", "situation economique"),
        "economique",
    ),
    Famille(
        "connexion",
        "Données de connexion (adresses IP, journaux, etc.)",
        ("donnees de connexion", "connexion", "internet"),
        "connexion",
    ),
    Famille(
        "localisation",
        "Données de localisation (déplacements, données GPS, GSM, etc.)",
        ("donnees de localisation", "localisation"),
        "localisation",
    ),
)
SENSIBLES: tuple[Famille, ...] = (
    Famille("origine", "Données révélant l’origine raciale ou ethnique", ("origine raciale",), "origine"),
    Famille(
        "opinions-politiques",
        "Données révélant les opinions politiques",
        ("opinions politiques",),
        "opinions-politiques",
    ),
    Famille(
        "religion",
        "Données révélant les convictions religieuses ou philosophiques",
        ("convictions religieuses", "convictions philosophiques"),
        "religion",
    ),
    Famille("syndical", "Données révélant l’appartenance syndicale", ("appartenance syndicale",), "syndical"),
    Famille("genetique", "Données génétiques", ("donnees genetiques",), "genetique"),
    Famille(
        "biometrie",
        "Données biométriques aux fins d’identifier une personne physique de manière unique",
        ("donnees biometriques",),
        "biometrie",
    ),
    Famille(
        "sante", "Données concernant la santé", ("donnees concernant la sante", "donnees de sante"), "sante"
    ),
    Famille(
        "vie-sexuelle",
        "Données concernant la vie sexuelle ou l’orientation sexuelle",
        ("vie sexuelle", "orientation sexuelle"),
        "vie-sexuelle",
    ),
    Famille(
        "infractions",
        "Données relatives à des condamnations pénales ou infractions",
        ("condamnations", "infractions"),
        "infractions",
    ),
    Famille("nir", "Numéro de sécurité sociale (ou NIR)", ("numero de securite sociale", "nir"), "nir"),
)
AUTRES = Famille("autres", "Autres catégories de données", ("autres categories de donnees",), "")

# Catégorie de données → famille ; les sensibles, les infractions et le NIR sont leur propre famille.
FAMILLE_DE: Mapping[str, str] = MappingProxyType(
    {
        "identite": "etat-civil",
        "coordonnees": "etat-civil",
        "piece-identite": "etat-civil",
        "nationalite": "etat-civil",
        "image": "etat-civil",
        "signature": "etat-civil",
        "identifiants": "etat-civil",
        "deces": "etat-civil",
        "situation-familiale": "vie-personnelle",
        "vie-personnelle": "vie-personnelle",
        "logement": "vie-personnelle",
        "vehicule": "vie-personnelle",
        "consommation": "vie-personnelle",
        "difficultes-sociales": "vie-personnelle",
        "correspondance": "vie-personnelle",
        "election": "vie-personnelle",
        "animal": "vie-personnelle",
        "vie-professionnelle": "vie-professionnelle",
        "scolarite": "vie-professionnelle",
        "carriere": "vie-professionnelle",
        "temps-travail": "vie-professionnelle",
        "mandat": "vie-professionnelle",
        "economique": "economique",
        "bancaire": "economique",
        "fiscal": "economique",
        "patrimoine": "economique",
        "connexion": "connexion",
        "localisation": "localisation",
        **{famille.cle: famille.cle for famille in SENSIBLES},
    }
)

# Types de destinataires de la liste déroulante du classeur.
SERVICE_INTERNE = "Service interne qui traite les données"
SOUS_TRAITANT = "Sous-traitants"
PARTENAIRE = "Partenaires institutionnels ou commerciaux"

TECHNIQUES, ORGANISATIONNELLES = "Mesures de sécurité techniques", "Mesures de sécurité organisationnelles"
MESURES_TECHNIQUES = frozenset(
    {
        "comptes-nominatifs",
        "mots-de-passe",
        "mfa",
        "postes",
        "mobiles",
        "reseau",
        "serveurs",
        "web",
        "developpement",
        "journalisation",
        "sauvegarde",
        "chiffrement",
        "cloud",
        "applis-mobiles",
        "api",
    }
)


def type_de_destinataire(nature: str) -> str:
    """Le type de la CNIL pour un destinataire interne ou externe."""
    return SERVICE_INTERNE if nature == "interne" else PARTENAIRE


def type_de_mesure(code: str) -> str:
    """« Mesures de sécurité techniques » ou « organisationnelles »."""
    return TECHNIQUES if code in MESURES_TECHNIQUES else ORGANISATIONNELLES


def famille_de(code: str) -> Famille:
    """La famille où la CNIL range une de nos catégories de données."""
    return _PAR_CLE.get(FAMILLE_DE.get(code, ""), AUTRES)


_PAR_CLE = {famille.cle: famille for famille in (*ORDINAIRES, *SENSIBLES)}
