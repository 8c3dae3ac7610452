"""Un code du registre devient le mot qu’on lit, à l’écran, dans l’historique et les exports."""

from dpd import vocabulaire

VOCABULAIRES = {
    "categories_donnees": vocabulaire.CategorieDonnees,
    "categories_personnes": vocabulaire.CategoriePersonnes,
    "destinataires": vocabulaire.CategorieDestinataire,
    "sous_traitants": vocabulaire.TypePrestataire,
    "mesures_securite": vocabulaire.MesureSecurite,
    "pays": vocabulaire.Pays,
    "outils_transfert": vocabulaire.OutilTransfert,
    "bases_legales": vocabulaire.BaseLegale,
    "exceptions_art9": vocabulaire.ExceptionArt9,
    "sorts_finaux": vocabulaire.SortFinal,
}
_TABLES = {nom: dict(choix.choices) for nom, choix in VOCABULAIRES.items()}


def libelle(nom: str, code: str) -> str:
    """Le libellé d’un code, ou le code lui-même s’il vient d’une version plus récente."""
    return _TABLES.get(nom, {}).get(code, code)
