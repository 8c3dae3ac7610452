"""Des demandes prêtes à suivre, à rappeler, à effacer."""

from datetime import UTC, datetime, timedelta

from dpd.comptes.models import Collectivite
from dpd.pieces.actions import deposer
from dpd.pieces.enums import DomainePiece
from subtraitance.actions.demandes_instruction import clore, commencer_la_recherche, repondre
from subtraitance.actions.demandes_reception import recevoir
from subtraitance.actions.reglages import regler_les_demandes
from subtraitance.enums import CanalDemande, Droit, RegimeDemande, SensReponse
from subtraitance.models import LettreDemande, PieceDemande
from tests.pieces.fabriques import fichier

NOM = "Zénobie Quatrefages"
COURRIEL = "zenobie.quatrefages@habitante.example"
LIEU = "14 impasse des Tanneurs"
MOTS = "Je veux savoir ce que la cantine garde sur mon fils Philémon"
SECRETS = (NOM, "Quatrefages", "quatrefages", COURRIEL, LIEU, "Philémon")
RECUE = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)  # mardi 17 novembre 2026, 10 h à Paris


def demander(collectivite, *, recue_le=RECUE, par_la_structure=True, **dits):
    """Une demande au nom de Zénobie, et son jeton de suivi."""
    choix = {
        "droits": [Droit.ACCES],
        "canal": CanalDemande.FORMULAIRE,
        "regime": RegimeDemande.RGPD,
        "demandeur_nom": NOM,
        "demandeur_courriel": COURRIEL,
        "demandeur_adresse": LIEU,
        "texte": MOTS,
        **dits,
    }
    return recevoir(
        collectivite=collectivite,
        recue_le=recue_le,
        maintenant=recue_le,
        par_la_structure=par_la_structure,
        **choix,
    )


def fermer(demande, decideur, quand):
    """Cherchée, répondue et close par le responsable, le même jour."""
    geste = {"auteur": decideur, "maintenant": quand}
    commencer_la_recherche(demande=demande, **geste)
    repondre(
        demande=demande,
        sens=SensReponse.FAVORABLE,
        envoyee_le=quand.date(),
        canal=CanalDemande.COURRIEL,
        texte="Voici.",
        **geste,
    )
    return clore(demande=demande, **geste)


def regler(collectivite: Collectivite, decideur, quand=RECUE, **choix):
    """Formulaire ouvert ; douze mois de conservation, sauf avis contraire."""
    defauts = {"formulaire_ouvert": True, "conservation_mois": 12, "conservation_source": "Avis du DPD"}
    return regler_les_demandes(
        collectivite=collectivite, auteur=decideur, maintenant=quand, **{**defauts, **choix}
    )


def joindre(demande, auteur, quand, libelle="Justificatif"):
    piece = deposer(
        fichier=fichier(),
        domaine=DomainePiece.DEMANDE,
        collectivite=demande.collectivite,
        auteur=auteur,
        maintenant=quand,
    )
    lien = PieceDemande(collectivite=demande.collectivite, demande=demande, piece=piece, libelle=libelle)
    return lien.enregistrer(auteur=auteur, maintenant=quand, raison="x").piece


def ecrire_une_lettre(demande, auteur, quand):
    lettre = LettreDemande(
        collectivite=demande.collectivite,
        demande=demande,
        type="accuse",
        texte=f"Madame {NOM}, {LIEU}",
        auteur=auteur,
        ecrite_le=quand,
    )
    return lettre.enregistrer(auteur=auteur, maintenant=quand, raison="x")


def un_an_apres(quand: datetime) -> datetime:
    """Passé le terme de douze mois."""
    return quand + timedelta(days=367)
