"""Les demandes de droits de la démonstration, écrites comme un récit ; les habitants sont inventés.

Les instants se comptent à rebours, en heures réelles, depuis celui où la démonstration se regarde.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from subtraitance.enums import CanalDemande, Droit, RegimeDemande, SensReponse

JOUR = 24.0


class Suite(NamedTuple):
    """La réponse : il y a tant d’heures, dans quel sens, et ce qu’elle dit."""

    heures: float
    sens: SensReponse
    texte: str
    motif: str = ""
    informes: bool | None = None
    close: bool = True


class RecitDemande(NamedTuple):
    """``recue`` : il y a tant d’heures ; ``structure`` : arrivée chez elle, qui la transmet.

    ``attente`` : (il y a tant d’heures, ce qu’on a demandé) ; ``reprise`` : quand il a répondu.
    """

    droits: tuple[Droit, ...]
    nom: str
    texte: str
    recue: float
    canal: CanalDemande = CanalDemande.COURRIEL
    regime: RegimeDemande = RegimeDemande.RGPD
    structure: bool = False
    transmise: float | None = None
    motif_retard: str = ""
    recherche: float | None = None
    attente: tuple[float, str] | None = None
    reprise: float | None = None
    prolongation: tuple[float, str] | None = None
    suite: Suite | None = None
    lien: tuple[str, str] = ("", "")


# Sigle, puis rang de la collectivité dans ``collectivites.COLLECTIVITES``.
RECITS: Mapping[str, Mapping[int, tuple[RecitDemande, ...]]] = MappingProxyType(
    {
        "CDG 82": {
            0: (
                RecitDemande(
                    (Droit.OPPOSITION,),
                    "Mireille Estival",
                    "Je ne veux plus figurer sur la liste électorale.",
                    recue=110 * JOUR,
                    canal=CanalDemande.COURRIER,
                    recherche=108 * JOUR,
                    suite=Suite(
                        100 * JOUR,
                        SensReponse.REFUS,
                        "Vous avez demandé à ne plus figurer sur la liste électorale de la commune.",
                        motif="La tenue de la liste électorale est une obligation légale\u00a0: le droit "
                        "d’opposition ne s’y applique pas (RGPD, art. 21-1). La radiation suit le code "
                        "électoral.",
                    ),
                ),
                RecitDemande(
                    (Droit.EFFACEMENT,),
                    "Lionel Castagnède",
                    "J’ai quitté la commune. Merci d’effacer mes coordonnées de vos listes de diffusion.",
                    recue=20 * JOUR,
                    recherche=18 * JOUR,
                ),
                RecitDemande(
                    (Droit.ACCES,),
                    "Une personne se disant Rachel Dupuy",
                    "Je voudrais tout ce que vous avez sur mes enfants à la cantine.",
                    recue=12 * JOUR,
                    attente=(
                        9 * JOUR,
                        "L’adresse de courriel n’est pas celle du dossier de cantine. Nous lui avons demandé "
                        "de confirmer par le portail familles.",
                    ),
                    lien=("Ses deux enfants", "Parent"),
                ),
            ),
            3: (
                RecitDemande(
                    (Droit.ACCES,),
                    "Josette Vidaillac",
                    "Je souhaite une copie de mon dossier d’urbanisme.",
                    recue=210 * JOUR,
                    canal=CanalDemande.GUICHET,
                    recherche=208 * JOUR,
                    suite=Suite(198 * JOUR, SensReponse.FAVORABLE, "Voici la copie de votre dossier."),
                ),
                RecitDemande(
                    (Droit.RECTIFICATION,),
                    "Henri Bessou",
                    "Mon prénom est mal écrit sur mes factures d’eau.",
                    recue=130 * JOUR,
                    canal=CanalDemande.TELEPHONE,
                    suite=Suite(
                        125 * JOUR,
                        SensReponse.FAVORABLE,
                        "Votre prénom est corrigé sur votre compte d’abonné.",
                        informes=True,
                    ),
                ),
                RecitDemande(
                    (Droit.OPPOSITION,),
                    "Camille Lespinasse",
                    "Ma photo est dans le bulletin municipal en ligne, je n’en veux pas.",
                    recue=60 * JOUR,
                    suite=Suite(
                        57 * JOUR, SensReponse.FAVORABLE, "La photo est retirée du bulletin en ligne."
                    ),
                ),
                RecitDemande(
                    (Droit.ACCES,),
                    "Gérard Fauré",
                    "Je veux savoir ce que la commune détient sur moi, et en recevoir une copie.",
                    recue=30,
                    structure=True,
                ),
            ),
            10: (
                RecitDemande(
                    (Droit.ACCES,),
                    "Nadine Combescure",
                    "Je demande la copie de toutes mes données.",
                    recue=40 * JOUR,
                    structure=True,
                    transmise=31 * JOUR,
                    motif_retard="Arrivée sur la boîte d’une collègue absente\u00a0: elle n’a été lue qu’à "
                    "son retour.",
                ),
            ),
            12: (
                RecitDemande(
                    (Droit.ACCES, Droit.EFFACEMENT),
                    "Alain Roubejoux",
                    "Ancien agent, je veux la copie de mon dossier et l’effacement de ma messagerie.",
                    recue=45 * JOUR,
                    canal=CanalDemande.COURRIER,
                    recherche=40 * JOUR,
                    prolongation=(
                        25 * JOUR,
                        "Vingt ans de dossiers papier sont répartis dans trois services.",
                    ),
                ),
            ),
        },
        "CACL": {
            0: (
                RecitDemande(
                    (Droit.ACCES,),
                    "Marie-Line Théodore",
                    "Je voudrais savoir quelles données le service des sports a sur moi.",
                    recue=20,
                    canal=CanalDemande.FORMULAIRE,
                    structure=True,
                ),
            ),
            1: (
                RecitDemande(
                    (Droit.RETRAIT,),
                    "Steve Kimboula",
                    "Je retire mon accord pour la lettre d’information.",
                    recue=6 * JOUR,
                    canal=CanalDemande.FORMULAIRE,
                    structure=True,
                    transmise=6 * JOUR - 2,
                    suite=Suite(
                        5 * JOUR, SensReponse.FAVORABLE, "Vous n’êtes plus abonné à la lettre.", close=False
                    ),
                ),
            ),
        },
        "ATDA": {
            0: (
                RecitDemande(
                    (Droit.ACCES,),
                    "Yvette Morlat",
                    "Quelles données gardez-vous de ma demande de certificat\u00a0?",
                    recue=9 * JOUR,
                    structure=True,
                    transmise=9 * JOUR - 3,
                    recherche=7 * JOUR,
                ),
                RecitDemande(
                    (),
                    "Association des riverains",
                    "Nous demandons la délibération sur le marché de la cantine.",
                    recue=4 * JOUR,
                    regime=RegimeDemande.CADA,
                ),
            ),
        },
    }
)
FORMULAIRES_OUVERTS = frozenset({0, 3})  # rang des collectivités qui ont ouvert leur formulaire public
CONSERVATION_MOIS = 12
CONSERVATION_SOURCE = "Durée choisie pour la démonstration\u00a0: aucune source officielle"
MESSAGE = "La mairie vous répond dans le mois."
