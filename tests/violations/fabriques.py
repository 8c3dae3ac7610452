"""Des violations d’essai : celle de la maquette, et de quoi en faire d’autres."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dpd.regles.texte import normaliser
from subtraitance.models import SousTraitant
from violations import actions
from violations.actions import Reponse
from violations.enums import GraviteCnil, MotifSansInformation, Question, Risque

PARIS = ZoneInfo("Europe/Paris")
T0 = datetime(2026, 11, 20, 17, 25, tzinfo=PARIS)
ECHEANCE = datetime(2026, 11, 23, 17, 25, tzinfo=PARIS)
TITRE = "Des parents ont pu lire des dossiers d’autres familles"
RECIT = (
    "À la suite d’une mise à jour du portail familles, des parents connectés ont pu lire d’autres dossiers."
)


def creer_violation(collectivite, auteur, maintenant, *, titre=TITRE, connaissance=T0, **faits):
    """Une violation déclarée, connue le vendredi 20 novembre 2026 à 17 h 25 sauf avis contraire."""
    return actions.declarer(
        collectivite=collectivite,
        titre=titre,
        recit=faits.pop("recit", RECIT),
        connaissance=connaissance,
        auteur=auteur,
        maintenant=maintenant,
        **faits,
    )


def rendre_avis(violation, dpd, maintenant, **champs):
    """L’avis de la maquette : notifier, et prévenir."""
    return actions.rendre_avis(
        violation=violation,
        auteur=dpd,
        maintenant=maintenant,
        **{
            "risque": Risque.ELEVE,
            "gravite": GraviteCnil.IMPORTANTE,
            "conseil_notifier": True,
            "conseil_informer": True,
            "raisons": "Six fiches contiennent des données de santé d’enfants.",
            **champs,
        },
    )


def decider(violation, decideur, maintenant, *, notifier=True, informer=True, avis_lu=None, motif=""):
    """Les deux décisions du responsable, motivées quand c’est non."""
    return actions.decider(
        violation=violation,
        reponses={
            Question.NOTIFIER: Reponse(notifier, "" if notifier else "Aucune donnée n’a été lue."),
            Question.INFORMER: Reponse(informer)
            if informer
            else Reponse(False, "Le risque est faible.", MotifSansInformation.RISQUE_NON_ELEVE),
        },
        auteur=decideur,
        maintenant=maintenant,
        avis_lu=avis_lu,
        motif=motif,
    )


def creer_prestataire(structure, nom="Logi-Quercy", quand=T0, **champs):
    """Une fiche vérifiée de l’annuaire."""
    return SousTraitant.objects.creer_en_masse(
        [
            SousTraitant(
                structure=structure,
                nom=nom,
                etat="verifiee",
                proposee_le=quand,
                recherche=normaliser(nom),
                **champs,
            )
        ],
        auteur=None,
        maintenant=quand,
        raison="essai",
    )[0]
