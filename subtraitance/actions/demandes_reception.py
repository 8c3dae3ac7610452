"""Recevoir une demande de droits, la qualifier, la confier à la collectivité."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.droits import Acces, personnes_de
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from dpd.regles.renvois import DOUBLE_ENVOI
from subtraitance import emails
from subtraitance.actions.demandes_commun import (
    franchir,
    jour_de,
    poser_la_transmission,
    poser_les_delais,
    prendre,
    rang_suivant,
)
from subtraitance.enums import CanalDemande, Droit, RegimeDemande
from subtraitance.models import DemandeDroits, Transmission
from subtraitance.regles.transitions import Geste

FUTUR = "Cet instant est dans le futur."
RETARD = "Les 48 heures sont passées\u00a0: dites pourquoi."
DEJA_TRANSMISE = "Cette demande est déjà transmise."
PAS_A_LA_STRUCTURE = "La collectivité a reçu cette demande elle-même\u00a0: c’est elle qui la qualifie."
AVANT_RECEPTION = "Une demande se transmet après avoir été reçue."


class Recue(NamedTuple):
    """La demande, et le jeton de suivi à remettre au demandeur : il n’est gardé nulle part."""

    demande: DemandeDroits
    jeton: str


def empreinte_du_suivi(jeton: str) -> str:
    """Ce que la base garde d’un jeton de suivi : de quoi le reconnaître, pas de quoi le refaire."""
    return hashlib.sha256(jeton.encode()).hexdigest()


@transaction.atomic
def recevoir(
    *,
    collectivite: Collectivite,
    droits: Collection[Droit],
    canal: CanalDemande,
    recue_le: datetime,
    maintenant: datetime,
    auteur=None,
    par_la_structure: bool = False,
    jeton: UUID | None = None,
    suivi: str = "",
    **dits,
) -> Recue:
    """Enregistre une demande ; le mois court dès sa réception, où qu’elle soit arrivée.

    :param auteur: personne, pour le formulaire public.
    :param par_la_structure: reçue par la structure, qui a 48 heures ouvrées pour la transmettre.
    :param jeton: celui du formulaire ; renvoyé deux fois, il n’enregistre qu’une demande.
    :param suivi: le jeton de suivi à remettre ; tiré au sort s’il n’est pas donné.
    :raises ValidationError: par champ ; rien n’est alors écrit.
    """
    if recue_le > maintenant:
        raise ValidationError({"recue_le": FUTUR})
    demande = DemandeDroits(
        collectivite=collectivite,
        droits=[droit.value for droit in droits],
        canal=canal,
        recue_le=recue_le,
        enregistree_le=maintenant,
        enregistree_par=auteur,
        jeton=jeton,
        **dits,
    )
    demande.annee = jour_de(demande, recue_le).year
    demande.rang = rang_suivant(collectivite, demande.annee)
    if jeton and (deja := DemandeDroits.objects.filter(collectivite=collectivite, jeton=jeton).first()):
        return Recue(deja, "")
    poser_les_delais(demande, jour_de(demande, maintenant))
    if par_la_structure:
        poser_la_transmission(demande)
    suivi = suivi or secrets.token_urlsafe(32)
    demande.suivi = empreinte_du_suivi(suivi)
    demande.enregistrer(auteur=auteur, maintenant=maintenant, raison="Demande reçue")
    emails.demande_recue(demande=demande, maintenant=maintenant)
    return Recue(demande, suivi)


@transaction.atomic
def qualifier(
    *,
    demande: DemandeDroits,
    regime: RegimeDemande,
    droits: Collection[Droit],
    auteur,
    maintenant: datetime,
    precision: str = "",
) -> DemandeDroits:
    """Dit de quoi il s’agit : un document administratif ou un acte d’état civil suit une autre voie.

    :raises ValidationError: si l’étape ou le rôle ne le permet pas, ou sans droit pour une demande RGPD.
    """
    demande = prendre(demande)
    if demande.echeance_transmission is None and not Acces(auteur).peut(
        Capacite.TENIR_DEMANDES, demande.collectivite
    ):
        raise ValidationError(PAS_A_LA_STRUCTURE)
    franchir(demande, Geste.QUALIFIER, auteur)
    if regime == RegimeDemande.RGPD and not droits:
        raise ValidationError({"droits": "Dites au moins un droit."})
    demande.regime, demande.precision = regime, precision.strip()
    demande.droits = [droit.value for droit in droits]
    poser_les_delais(demande, jour_de(demande, maintenant))
    return demande.enregistrer(auteur=auteur, maintenant=maintenant, raison="Demande qualifiée")


@transaction.atomic
def transmettre(
    *,
    demande: DemandeDroits,
    destinataires: Sequence,
    auteur,
    maintenant: datetime,
    message: str = "",
    motif_retard: str = "",
) -> Transmission:
    """La structure confie la demande à la collectivité ; l’envoi arrête les 48 heures.

    Le courriel ne dit ni le demandeur, ni sa demande : un lien vers le dossier. Le décideur en reçoit copie :
    c’est lui qui répond. Renvoyée par la même personne dans la minute, elle ne part qu’une fois.

    :raises ValidationError: si elle l’est déjà, sans destinataire, à qui n’est pas de la collectivité, ou
        en retard sans dire pourquoi.
    """
    demande = prendre(demande)
    if deja := _deja_transmise(demande, auteur, maintenant):
        return deja
    franchir(demande, Geste.TRANSMETTRE, auteur)
    if demande.transmise_le is not None:
        raise ValidationError(DEJA_TRANSMISE)
    if maintenant < demande.recue_le:
        raise ValidationError(AVANT_RECEPTION)
    personnes = _avec_le_decideur(demande, destinataires)
    horloge = demande.horloge_transmission
    if horloge and maintenant > horloge.echeance and not motif_retard.strip():
        raise ValidationError({"motif_retard": RETARD})
    transmission = Transmission(
        collectivite=demande.collectivite,
        demande=demande,
        transmise_par=auteur,
        transmise_le=maintenant,
        a=[personne.email for personne in personnes],
        message=message.strip(),
        motif_retard=motif_retard.strip(),
    )
    transmission.enregistrer(auteur=auteur, maintenant=maintenant, raison="Demande transmise")
    demande.transmise_le = maintenant
    demande.enregistrer(auteur=auteur, maintenant=maintenant, raison="Demande transmise")
    emails.demande_transmise(demande=demande, personnes=personnes, maintenant=maintenant)
    return transmission


def _deja_transmise(demande: DemandeDroits, auteur, maintenant: datetime) -> Transmission | None:
    recente = Transmission.objects.filter(demande=demande, transmise_par=auteur)
    return recente.filter(transmise_le__gt=maintenant - DOUBLE_ENVOI).first()


def _avec_le_decideur(demande: DemandeDroits, destinataires: Sequence) -> list:
    """Les personnes choisies, puis les décideurs, chacun une fois ; toutes de la collectivité."""
    choisis = {personne.pk for personne in destinataires}
    if not choisis:
        raise ValidationError({"destinataires": "Choisissez à qui transmettre."})
    referents = personnes_de(demande.collectivite, Role.REFERENT, Role.DECIDEUR).order_by("pk")
    connus = {personne.pk: personne for personne in referents}
    if not choisis <= connus.keys():
        raise ValidationError({"destinataires": "Choisissez parmi les personnes de la collectivité."})
    decideurs = [p.pk for p in personnes_de(demande.collectivite, Role.DECIDEUR)]
    return [connus[pk] for pk in sorted(choisis | set(decideurs))]


@transaction.atomic
def noter_lue(*, demande: DemandeDroits, auteur, maintenant: datetime) -> DemandeDroits:
    """La première personne de la collectivité qui ouvre le dossier ; sans effet ensuite."""
    demande = prendre(demande)
    if demande.lue_le is not None:
        return demande
    demande.lue_le = maintenant
    return demande.enregistrer(auteur=auteur, maintenant=maintenant, raison="Demande lue")
