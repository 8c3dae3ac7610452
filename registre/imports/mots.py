"""Les mots d’un texte libre qui désignent une catégorie du registre ; du plus précis au plus général."""

from collections.abc import Mapping
from types import MappingProxyType

from dpd.regles.texte import normaliser
from registre.imports.codes import chercher

# Mot ou début de mot normalisé → code ; le premier trouvé l’emporte.
PERSONNES = (
    ("ancien agent", "anciens-agents"),
    ("candidat", "candidats"),
    ("personnes agees", "personnes-vulnerables"),
    ("handicap", "personnes-vulnerables"),
    ("mineur", "mineurs"),
    ("enfant", "mineurs"),
    ("eleve", "mineurs"),
    ("representants legaux", "representants-legaux"),
    ("parent", "representants-legaux"),
    ("electeur", "electeurs"),
    ("beneficiaire", "beneficiaires"),
    ("salarie", "agents"),
    ("agent", "agents"),
    ("personnel", "agents"),
    ("services internes", "agents"),
    ("elus", "elus"),
    ("elu ", "elus"),
    ("benevole", "benevoles"),
    ("association", "associations"),
    ("fournisseur", "fournisseurs"),
    ("prestataire", "fournisseurs"),
    ("abonne", "abonnes"),
    ("adherent", "abonnes"),
    ("commercant", "commercants"),
    ("proprietaire", "proprietaires"),
    ("contribuable", "redevables"),
    ("redevable", "redevables"),
    ("internaute", "internautes"),
    ("visiteur", "visiteurs"),
    ("client", "usagers"),
    ("usager", "usagers"),
    ("habitant", "usagers"),
    ("administre", "usagers"),
    ("citoyen", "usagers"),
    ("famille", "usagers"),
)
DESTINATAIRES = (
    ("tresor", "comptable"),
    ("comptable public", "comptable"),
    ("gestion comptable", "comptable"),
    ("impots", "dgfip-fiscal"),
    ("prefecture", "prefecture"),
    ("insee", "insee"),
    ("departement", "departement"),
    ("centre de gestion", "cdg"),
    ("centre communal", "ccas"),
    ("ccas", "ccas"),
    ("communaute de communes", "epci"),
    ("agglomeration", "epci"),
    ("gendarmerie", "police-gendarmerie"),
    ("police nationale", "police-gendarmerie"),
    ("procureur", "parquet"),
    ("education nationale", "education"),
    ("caf", "caf-msa"),
    ("msa", "caf-msa"),
    ("urssaf", "protection-sociale"),
    ("cnracl", "protection-sociale"),
    ("ircantec", "protection-sociale"),
    ("assureur", "assureurs"),
    ("notaire", "notaires"),
    ("archives", "archives"),
    ("conseil municipal", "assemblee"),
    ("maire", "executif"),
    ("elus", "executif"),
    ("secretariat", "direction"),
    ("direction generale", "direction"),
)
DONNEES = (
    ("rib", "bancaire"),
    ("iban", "bancaire"),
    ("bancaire", "bancaire"),
    ("nir", "nir"),
    ("securite sociale", "nir"),
    ("sante", "sante"),
    ("medica", "sante"),
    ("quotient", "economique"),
    ("revenu", "economique"),
    ("salaire", "economique"),
    ("photo", "image"),
    ("video", "image"),
    ("diplome", "scolarite"),
    ("situation familiale", "situation-familiale"),
    ("nom", "identite"),
    ("prenom", "identite"),
    ("identite", "identite"),
    ("etat civil", "identite"),
    ("adresse", "coordonnees"),
    ("telephone", "coordonnees"),
    ("courriel", "coordonnees"),
)
MESURES = (
    ("mots de passe", "mots-de-passe"),
    ("mot de passe", "mots-de-passe"),
    ("double authentification", "mfa"),
    ("authentification forte", "mfa"),
    ("controle d acces des utilisateurs", "habilitations"),
    ("habilitation", "habilitations"),
    ("profils d acces", "habilitations"),
    ("tracabilite", "journalisation"),
    ("journalisation", "journalisation"),
    ("protection des logiciels", "postes"),
    ("antivirus", "postes"),
    ("pare feu", "reseau"),
    ("firewall", "reseau"),
    ("vpn", "reseau"),
    ("sauvegarde", "sauvegarde"),
    ("chiffre", "chiffrement"),
    ("sous traitants", "contrats"),
    ("charte", "charte"),
    ("sensibilisation", "sensibilisation"),
    ("formation", "sensibilisation"),
    ("locaux", "locaux"),
    ("bureau ferme", "locaux"),
    ("armoire", "papier"),
    ("comptes nominatifs", "comptes-nominatifs"),
    ("archivage", "archivage"),
)
GARANTIES = (
    ("clauses contractuelles types", "cct"),
    ("clauses types", "cct"),
    ("cct", "cct"),
    ("adequa", "adequation"),
    ("regles d entreprise", "bcr"),
    ("bcr", "bcr"),
    ("code de conduite", "code"),
    ("certification", "code"),
    ("derogation", "derogation"),
)
TABLES: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "categories_personnes": PERSONNES,
        "categories_donnees": DONNEES,
        "destinataires": DESTINATAIRES,
        "mesures_securite": MESURES,
        "outils_transfert": GARANTIES,
    }
)
# Ce qu’on écrit dans une case pour dire qu’il n’y a rien à dire.
NEANTS = frozenset({"", "non", "aucun", "aucune", "n a", "na", "so"})
DEBUTS_DE_NEANT = (
    "neant",
    "sans objet",
    "non concerne",
    "non applicable",
    "aucune donnee",
    "aucun transfert",
)


def est_neant(texte: str) -> bool:
    """Vrai pour une case vide, un tiret, « Néant », « Sans objet »…"""
    mot = normaliser(texte)
    return mot in NEANTS or mot.startswith(DEBUTS_DE_NEANT)


def deviner(vocabulaire: str, texte: str) -> str:
    """Le code que désigne un texte libre, vide si rien ne le désigne."""
    plat = f" {normaliser(texte)} "
    return next((code for mot, code in TABLES.get(vocabulaire, ()) if f" {mot}" in plat), "")


def separer(vocabulaire: str, texte: str) -> tuple[str, str]:
    """(code, précision) d’un « libellé : précision » ; code vide si aucun libellé n’y est reconnu.

    Un libellé peut lui-même porter un deux-points : on essaie le plus long d’abord.
    """
    if code := chercher(vocabulaire, texte):
        return code, ""
    coupes = [rang for rang, signe in enumerate(texte) if signe == ":"]
    for rang in reversed(coupes):
        if code := chercher(vocabulaire, texte[:rang]):
            return code, texte[rang + 1 :].strip()
    return "", texte
