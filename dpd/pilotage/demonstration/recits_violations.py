"""Ce qui est arrivé dans quelques collectivités de la démonstration, écrit comme un récit.

Les instants se comptent à rebours, en heures réelles, depuis celui où la démonstration se regarde : une
horloge qui court court toujours.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from violations.enums import (
    Cause,
    DonneesTouchees,
    GraviteCnil,
    MotifSansInformation,
    MoyenInformation,
    Origine,
    PersonnesTouchees,
    Prejudice,
    Risque,
    SourceConnaissance,
)


class Avis(NamedTuple):
    risque: Risque
    gravite: GraviteCnil
    notifier: bool
    informer: bool
    raisons: str
    sait: str = ""
    ignore: str = ""


class Decisions(NamedTuple):
    """``motif_34`` : pourquoi chacun n’est pas informé ; vide quand on informe."""

    notifier: bool
    informer: bool
    motif: str = ""
    motif_34: MotifSansInformation | None = None
    moyen: MoyenInformation | None = None


class RecitViolation(NamedTuple):
    """Des heures avant l’instant regardé ; ``numero`` : celui qu’aurait donné la CNIL, inventé."""

    titre: str
    recit: str
    connaissance: float
    declaree: float
    debut: float | None = None
    fin: float | None = None
    source: SourceConnaissance = SourceConnaissance.AGENT
    prestataire: tuple[str, float] | None = None  # (type à l’annuaire, heure où il l’a su)
    faits: Mapping[str, Any] = MappingProxyType({})
    notes: tuple[tuple[float, str], ...] = ()
    avis: tuple[float, Avis] | None = None
    decisions: tuple[float, Decisions] | None = None
    notifiee: float | None = None
    numero: str = ""
    informee: float | None = None
    close: float | None = None
    lecon: str = ""


PORTAIL = RecitViolation(
    titre="Des parents ont pu lire les dossiers d’autres familles",
    recit="À la suite d’une mise à jour du portail familles, des parents connectés ont pu lire les dossiers "
    "d’autres foyers. Le prestataire a fermé l’accès en fin d’après-midi.",
    connaissance=64.25,
    declaree=63.9,
    debut=107.6,
    fin=89.2,
    source=SourceConnaissance.SOUS_TRAITANT,
    prestataire=("portail-famille", 90.7),
    faits={
        "confidentialite": True,
        "origine": Origine.PORTAIL,
        "cause": Cause.EXTERNE_ACCIDENTEL,
        "cause_precision": "Mise à jour du portail sans essai préalable.",
        "donnees": [
            DonneesTouchees.ETAT_CIVIL.value,
            DonneesTouchees.COORDONNEES.value,
            DonneesTouchees.FINANCIERES.value,
            DonneesTouchees.SANTE.value,
        ],
        "donnees_precision": "Quotients familiaux, et six listes d’allergies.",
        "personnes": [PersonnesTouchees.UTILISATEURS.value, PersonnesTouchees.MINEURS.value],
        "personnes_min": 90,
        "personnes_max": 100,
        "enregistrements_min": 37,
        "enregistrements_max": 37,
        "mesures_avant": "Un compte par famille, connexion chiffrée, clauses de l’article 28.",
        "consequences": "Des parents ont pu connaître la situation d’autres familles.",
        "prejudices": [Prejudice.CONTROLE.value, Prejudice.REPUTATION.value],
        "mesures_apres": "Portail fermé, correctif posé, journaux demandés au prestataire.",
        "gravite": GraviteCnil.IMPORTANTE,
        "transfrontaliere": False,
    },
    notes=(
        (47.2, "Le DPD demande les journaux d’accès au prestataire"),
        (0.75, "Réponse partielle du prestataire\u00a0: 37 dossiers consultés"),
    ),
    avis=(
        0.4,
        Avis(
            Risque.ELEVE,
            GraviteCnil.IMPORTANTE,
            notifier=True,
            informer=True,
            raisons="Six fiches contiennent des données de santé d’enfants.\n"
            "Le prestataire ne peut pas exclure que des copies aient été faites.\n"
            "Prévenir les familles leur permet de rester vigilantes.",
            sait="Environ 95 personnes, dont 52 enfants\u00a0: noms, adresses, quotients familiaux, "
            "six listes d’allergies.",
            ignore="Le nombre de pages ouvertes et d’éventuelles copies d’écran.",
        ),
    ),
)
DESTINATAIRE = RecitViolation(
    titre="Liste d’inscrits à la cantine envoyée à un mauvais destinataire",
    recit="La liste des inscrits est partie à une adresse presque identique à celle de l’école.",
    connaissance=24 * 140,
    declaree=24 * 140 - 1,
    debut=24 * 140 + 2,
    fin=24 * 140 + 1,
    faits={
        "confidentialite": True,
        "origine": Origine.DESTINATAIRE,
        "cause": Cause.INTERNE_ACCIDENTEL,
        "donnees": [DonneesTouchees.ETAT_CIVIL.value, DonneesTouchees.COORDONNEES.value],
        "personnes": [PersonnesTouchees.MINEURS.value],
        "personnes_min": 48,
        "personnes_max": 48,
        "mesures_avant": "Carnet d’adresses partagé.",
        "consequences": "Une personne inconnue a pu lire une liste d’enfants.",
        "prejudices": [Prejudice.CONTROLE.value],
        "mesures_apres": "Destinataire joint, message effacé, il l’a confirmé par écrit.",
        "gravite": GraviteCnil.LIMITEE,
        "transfrontaliere": False,
    },
    avis=(
        24 * 140 - 20,
        Avis(
            Risque.PROBABLE,
            GraviteCnil.LIMITEE,
            notifier=True,
            informer=False,
            raisons="Des enfants sont nommés, avec leur adresse.\nLe destinataire a effacé le message.",
        ),
    ),
    decisions=(
        24 * 139,
        Decisions(
            notifier=True,
            informer=False,
            motif="Le destinataire a confirmé par écrit avoir effacé la liste.",
            motif_34=MotifSansInformation.RISQUE_NON_ELEVE,
        ),
    ),
    notifiee=24 * 138.5,
    numero="DEMO-001",
    close=24 * 120,
    lecon="La saisie automatique des adresses est coupée sur les postes de l’accueil.",
)
PORTABLE = RecitViolation(
    titre="Ordinateur portable volé dans une voiture",
    recit="L’ordinateur d’un agent a été volé. Son disque est chiffré et il était éteint.",
    connaissance=24 * 300,
    declaree=24 * 300 - 3,
    debut=24 * 300 + 10,
    fin=24 * 300 + 10,
    faits={
        "confidentialite": True,
        "disponibilite": True,
        "origine": Origine.EQUIPEMENT,
        "cause": Cause.EXTERNE_MALVEILLANT,
        "donnees": [DonneesTouchees.ETAT_CIVIL.value],
        "personnes": [PersonnesTouchees.EMPLOYES.value],
        "personnes_min": 12,
        "personnes_max": 20,
        "mesures_avant": "Disque chiffré, sauvegarde quotidienne.",
        "consequences": "Aucune lecture possible, aucun fichier perdu.",
        "mesures_apres": "Compte bloqué, plainte déposée.",
        "gravite": GraviteCnil.NEGLIGEABLE,
        "transfrontaliere": False,
    },
    avis=(
        24 * 299,
        Avis(
            Risque.IMPROBABLE,
            GraviteCnil.NEGLIGEABLE,
            notifier=False,
            informer=False,
            raisons="Le disque est chiffré et les fichiers sont sauvegardés.",
        ),
    ),
    decisions=(
        24 * 298.5,
        Decisions(
            notifier=False,
            informer=False,
            motif="Données illisibles sans le mot de passe, sauvegarde intacte.",
            motif_34=MotifSansInformation.ILLISIBLES,
        ),
    ),
    close=24 * 298,
)
DOSSIER = RecitViolation(
    titre="Dossier papier laissé au guichet pendant une demi-journée",
    recit="Un dossier d’aide sociale est resté sur le guichet, à la vue du public.",
    connaissance=30,
    declaree=29,
    debut=36,
    fin=31,
    faits={"confidentialite": True, "origine": Origine.PAPIER, "cause": Cause.INTERNE_ACCIDENTEL},
)
# Structure → position de la collectivité dans ``COLLECTIVITES`` → ses violations.
RECITS: Mapping[str, Mapping[int, tuple[RecitViolation, ...]]] = MappingProxyType(
    {
        "CDG 82": {0: (DESTINATAIRE, PORTAIL), 1: (DOSSIER,), 2: (PORTABLE,)},
        "CACL": {0: (DOSSIER,)},
    }
)


class RecitIncident(NamedTuple):
    """Un incident chez un prestataire : ``type`` à l’annuaire, heures comme ci-dessus."""

    type: str
    titre: str
    recit: str
    connaissance: float
    signale: float
    ouvert: float
    communes: int
    faits: Mapping[str, Any]


INCIDENTS: Mapping[str, RecitIncident] = MappingProxyType(
    {
        "ATDA": RecitIncident(
            "editeur-metier",
            "Rançongiciel chez l’hébergeur de l’éditeur",
            "Les serveurs de l’éditeur sont chiffrés depuis la nuit. Une copie des bases a pu être emportée.",
            connaissance=22,
            signale=8,
            ouvert=6,
            communes=6,
            faits={
                "confidentialite": True,
                "disponibilite": True,
                "origine": Origine.PIRATAGE,
                "cause": Cause.EXTERNE_MALVEILLANT,
                "donnees": [DonneesTouchees.ETAT_CIVIL.value, DonneesTouchees.COORDONNEES.value],
                "personnes": [PersonnesTouchees.UTILISATEURS.value],
                "mesures_apres": "Serveurs isolés, plainte déposée, restauration en cours.",
                "en_cours": True,
            },
        )
    }
)
