"""Les blocs d’une feuille de fiche, déclarés une fois pour l’écrire et pour la relire."""

from typing import NamedTuple

from registre.exports.champs import PAR_CLE, Champ

TITRE = "Fiche de registre"
NOM, REFERENCE = "Nom / sigle du traitement", "N° / REF"
DATE_CREATION, DATE_MISE_A_JOUR = "Date de création", "Mise à jour"
ACTEURS = "Acteurs"
COLONNES_ACTEURS = ("Nom", "Adresse", "Code postal", "Ville", "Pays", "Téléphone", "Adresse mél")
COMPLEMENTS = "Compléments"
VERIFICATION = "Vérification"
RANG = "Rang"
AFFICHAGE_SEUL = "–"  # dans la colonne « Rang » : une ligne à lire, que l’import ignore


class Bloc(NamedTuple):
    """Un bloc : son en-tête, des colonnes d’affichage, puis les champs exacts.

    ``rubrique`` : la liste de la fiche dont il porte les lignes ; ``du_modele`` : les titres, parmi ceux
    des champs, qui sont aussi des colonnes du modèle de la CNIL.
    """

    cle: str
    rubrique: str
    titre: str
    affichage: tuple[str, ...] = ()
    du_modele: frozenset[str] = frozenset()

    @property
    def champs(self) -> tuple[Champ, ...]:
        return PAR_CLE[self.rubrique].champs


DESCRIPTION, DELAI = "Description", "Délai d’effacement"

BLOCS: tuple[Bloc, ...] = (
    Bloc("finalites", "finalites", "Finalités du traitement", du_modele=frozenset({"Finalité"})),
    Bloc("mesures", "mesures", "Mesures de sécurité", du_modele=frozenset({"Mesure", "Précisions"})),
    Bloc("donnees", "donnees", "Catégories de données personnelles concernées", (DESCRIPTION, DELAI)),
    Bloc("sensibles", "donnees", "Données sensibles", (DESCRIPTION, DELAI)),
    Bloc(
        "personnes",
        "personnes",
        "Catégories de personnes concernées",
        du_modele=frozenset({"Catégorie de personnes", "Précisions"}),
    ),
    Bloc("destinataires", "destinataires", "Destinataires", ("Type de destinataire", "Précisions")),
    Bloc(
        "transferts",
        "transferts",
        "Transferts hors UE",
        du_modele=frozenset({"Destinataire", "Pays", "Type de garanties", "Lien vers la documentation"}),
    ),
    Bloc("prestataires", "prestataires", "Prestataires (sous-traitants)"),
)
