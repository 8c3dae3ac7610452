"""La réponse du responsable de traitement : ce qu’il donne, ou refuse et pourquoi (RGPD art. 12)."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError

from dpd.pieces.transaction import transaction_de_depot
from dpd.regles.renvois import DOUBLE_ENVOI
from subtraitance import emails
from subtraitance.actions.demandes_commun import (
    franchir,
    jour_de,
    poser_les_delais,
    prendre,
    refuser_la_date,
)
from subtraitance.actions.demandes_delais import finir_la_suspension
from subtraitance.actions.demandes_pieces import ranger
from subtraitance.enums import CanalDemande, EtatDemande, SensReponse
from subtraitance.models import DemandeDroits, LettreDemande, Reponse
from subtraitance.regles.regimes import recours_de
from subtraitance.regles.transitions import Geste

LETTRE_DE_REPONSE = "reponse"
RESTREIGNENT = frozenset({SensReponse.REFUS, SensReponse.PARTIELLE})
SANS_REPONSE = "Joignez la réponse, ou écrivez-la."
SANS_RECOURS = "Un refus dit comment le contester"


@transaction_de_depot()
def repondre(
    *,
    demande: DemandeDroits,
    sens: SensReponse,
    envoyee_le: date,
    canal: CanalDemande,
    auteur,
    maintenant: datetime,
    motif: str = "",
    voies_de_recours: bool = False,
    excessive: bool = False,
    frais: Decimal | None = None,
    destinataires_informes: bool | None = None,
    sans_destinataire: bool = False,
    texte: str = "",
    fichier=None,
) -> Reponse:
    """Enregistre la réponse du responsable de traitement ; elle arrête le délai, et une suspension en cours.

    Refuser, même en partie, juger la demande excessive ou réclamer des frais appartient au décideur. La même
    réponse envoyée deux fois en une minute n’est écrite qu’une fois.

    :param texte: la lettre, gardée telle quelle avec le dossier.
    :raises ValidationError: sans texte ni pièce, un refus sans motif ni voie de recours (art. 12-4), un
        excès ou des frais sans motif (art. 12-5), ou une date qui ne se tient pas.
    """
    demande = prendre(demande)
    reponse = Reponse(
        collectivite=demande.collectivite,
        demande=demande,
        sens=sens,
        motif=motif.strip(),
        voies_de_recours=voies_de_recours,
        envoyee_le=envoyee_le,
        canal=canal,
        excessive=excessive,
        frais=frais,
        destinataires_informes=destinataires_informes,
        sans_destinataire=sans_destinataire,
        decidee_par=auteur,
        decidee_le=maintenant,
    )
    if deja := _deja_envoyee(reponse):
        return deja
    restreint = sens in RESTREIGNENT or excessive or frais is not None
    franchir(demande, Geste.REFUSER if restreint else Geste.REPONDRE, auteur, motif)
    if fichier is None and not texte.strip():
        raise ValidationError({"texte": SANS_REPONSE})
    refuser_la_date(demande, "envoyee_le", envoyee_le, jour_de(demande, maintenant))
    if sens in RESTREIGNENT and not voies_de_recours:
        raise ValidationError({"voies_de_recours": sans_recours(demande)})
    if fichier is not None:
        reponse.piece = ranger(demande, fichier, auteur, maintenant, libelle="Réponse").piece
    _garder_la_lettre(demande, texte, auteur, maintenant)
    reponse.enregistrer(auteur=auteur, maintenant=maintenant, raison="Réponse envoyée")
    _arreter_le_delai(demande, envoyee_le, auteur, maintenant)
    emails.demande_repondue(demande=demande, maintenant=maintenant)
    return reponse


def sans_recours(demande: DemandeDroits) -> str:
    """Ce qui manque à un refus, et la voie de son régime si on la sait."""
    recours = recours_de(demande.regime)
    voie = f"\u00a0: {recours.resume} ({recours.source})" if recours else ""
    return f"{SANS_RECOURS}{voie}."


def _deja_envoyee(reponse: Reponse) -> Reponse | None:
    recentes = Reponse.objects.filter(
        demande=reponse.demande,
        decidee_par=reponse.decidee_par,
        decidee_le__gt=reponse.decidee_le - DOUBLE_ENVOI,
    )
    dits = ("sens", "motif", "envoyee_le", "canal", "excessive", "frais")
    return recentes.filter(**{champ: getattr(reponse, champ) for champ in dits}).first()


def _garder_la_lettre(demande: DemandeDroits, texte: str, auteur, maintenant: datetime) -> None:
    if not texte.strip():
        return
    lettre = LettreDemande(
        collectivite=demande.collectivite,
        demande=demande,
        type=LETTRE_DE_REPONSE,
        texte=texte.strip(),
        auteur=auteur,
        ecrite_le=maintenant,
    )
    lettre.enregistrer(auteur=auteur, maintenant=maintenant, raison="Réponse écrite")


def _arreter_le_delai(demande: DemandeDroits, envoyee_le: date, auteur, maintenant: datetime) -> None:
    """La première réponse compte ; une suspension restée ouverte finit avec elle."""
    premiere = demande.repondue_le is None
    if premiere:
        ouverte = demande.suspensions.filter(fin=None).first()
        if ouverte is not None:
            finir_la_suspension(demande, max(envoyee_le, ouverte.debut), auteur, maintenant)
            poser_les_delais(demande, envoyee_le)
        demande.repondue_le = envoyee_le
    demande.etat = EtatDemande.REPONDUE
    demande.enregistrer(auteur=auteur, maintenant=maintenant, raison="Réponse envoyée")
