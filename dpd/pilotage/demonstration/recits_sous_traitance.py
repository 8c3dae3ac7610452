"""Ce que l’Agence technique de l’Allier fait pour le compte des communes : son annexe, mise en registre.

Les durées et les devoirs sont ceux de l’annexe « protection des données » de sa convention ; l’hébergeur,
les lots et les instructions sont inventés.
"""

from typing import NamedTuple

from subtraitance.enums import LotDetenu, Reponse28, UniteDetention

SIGLE = "ATDA"
ANNEXE = "Annexe de la convention, art. 8"


class Activite(NamedTuple):
    """Une catégorie de traitements, et ce que l’article 30-2 en demande : c (transferts), d (sécurité)."""

    nom: str
    categories: str
    securite: str
    transferts: str = ""


class Regle(NamedTuple):
    type: LotDetenu
    quantite: int | None
    unite: UniteDetention
    source: str = ANNEXE


class Lot(NamedTuple):
    """Reçu il y a tant de jours chez la collectivité de ce rang ; détruit, ou non, il y a tant de jours."""

    rang: int
    type: LotDetenu
    description: str
    recu: int
    detruit: int | None = None
    comment: str = ""


class Consigne(NamedTuple):
    """Une instruction d’une collectivité ; ``alerte`` : pourquoi elle a paru illicite."""

    rang: int
    texte: str
    jours: int
    alerte: str = ""
    executee: int | None = None


ACTIVITES = (
    Activite(
        "Assistance aux logiciels métiers",
        "Consultation, sauvegarde et restauration de bases de données pour résoudre un incident.",
        "Accès nominatifs, serveur SFTP chiffré, locaux fermés à clé ou par badge, gardiennage la nuit.",
    ),
    Activite(
        "Téléassistance",
        "Prise de main à distance sur le poste d’un agent, à sa demande et sous ses yeux.",
        "Accord de l’utilisateur à chaque fois, mot de passe aléatoire à usage unique, flux chiffré AES 256.",
    ),
    Activite(
        "Certificats électroniques",
        "Vérification des dossiers de demande, remise en face à face et installation des certificats.",
        "Dossiers sous clé, accès au seul personnel habilité.",
    ),
    Activite(
        "Formations et messageries",
        "Inscriptions aux formations, configuration des boîtes de messagerie.",
        "Accès nominatifs, personnel tenu à la confidentialité.",
    ),
)
REGLES = (
    Regle(LotDetenu.SAUVEGARDE, 3, UniteDetention.MOIS),
    Regle(LotDetenu.CERTIFICAT, 15, UniteDetention.JOURS_OUVRES),
    Regle(LotDetenu.PROCES_VERBAL, 3, UniteDetention.ANNEES),
    Regle(LotDetenu.TELEASSISTANCE, None, UniteDetention.INTERVENTION),
    Regle(LotDetenu.ASSISTANCE, None, UniteDetention.CONVENTION),
)
LOTS = (
    Lot(0, LotDetenu.SAUVEGARDE, "Sauvegarde de la base de paie, avant correction", 110),
    Lot(0, LotDetenu.SAUVEGARDE, "Sauvegarde de la base de facturation", 20),
    Lot(1, LotDetenu.CERTIFICAT, "Dossier de demande de certificat de la direction", 6),
    Lot(
        1,
        LotDetenu.CERTIFICAT,
        "Dossier de demande de certificat du maire",
        70,
        detruit=55,
        comment="Papier broyé, fichier effacé du serveur",
    ),
    Lot(2, LotDetenu.PROCES_VERBAL, "Procès-verbal de remise du support du maire", 400),
    Lot(
        2,
        LotDetenu.TELEASSISTANCE,
        "Identifiants de la session du 2e poste d’accueil",
        3,
        detruit=3,
        comment="Mot de passe à usage unique, expiré à la fermeture de la session",
    ),
    Lot(3, LotDetenu.ASSISTANCE, "Coordonnées des interlocuteurs de la mairie", 300),
)
CONSIGNES = (
    Consigne(
        0,
        "Restaurer la base de facturation au 1er du mois, après accord du receveur.",
        jours=18,
        executee=17,
    ),
    Consigne(
        1,
        "Nous envoyer chaque mois la liste des pages consultées par les agents.",
        jours=5,
        alerte="Une surveillance nominative et permanente des agents n’a ni base légale ni information "
        "préalable\u00a0: nous suspendons l’exécution en attendant votre décision.",
    ),
)
HEBERGEUR = "Centre de données de démonstration"
HEBERGEMENT = "03000 Moulins"
HEBERGE_DEPUIS = 900  # jours
ULTERIEUR = "Transporteur de supports (démonstration)"
ACTIVITE_ULTERIEURE = "Transport et destruction des supports de sauvegarde"
# Ce que l’annexe dit de chaque point de l’article 28 ; les quatre absents sont ses manques.
CLAUSES: dict[str, Reponse28] = {
    "transferts": Reponse28.ABSENTE,
    "aipd": Reponse28.ABSENTE,
    "sort": Reponse28.ABSENTE,
    "audits": Reponse28.ABSENTE,
}
