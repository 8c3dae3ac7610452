"""Recevoir une demande de droits, la qualifier, la confier à la collectivité."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.models import Collectivite
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
    **dits,
) -> Recue:
    """Enregistre une demande ; le mois court dès sa réception, où qu’elle soit arrivée.

    :param auteur: personne, pour le formulaire public.
    :param par_la_structure: reçue par la structure, qui a 48 heures ouvrées pour la transmettre.
    :param jeton: celui du formulaire ; renvoyé deux fois, il n’enregistre qu’une demande.
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
    suivi = secrets.token_urlsafe(32)
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

    Le courriel ne dit ni le demandeur, ni sa demande : un lien vers le dossier.

    :raises ValidationError: si elle l’est déjà, sans destinataire, ou en retard sans dire pourquoi.
    """
    demande = prendre(demande)
    franchir(demande, Geste.TRANSMETTRE, auteur)
    if maintenant < demande.recue_le:
        raise ValidationError(AVANT_RECEPTION)
    if not destinataires:
        raise ValidationError({"destinataires": "Choisissez à qui transmettre."})
    horloge = demande.horloge_transmission
    if horloge and maintenant > horloge.echeance and not motif_retard.strip():
        raise ValidationError({"motif_retard": RETARD})
    transmission = Transmission(
        collectivite=demande.collectivite,
        demande=demande,
        transmise_par=auteur,
        transmise_le=maintenant,
        a=[personne.email for personne in destinataires],
        message=message.strip(),
        motif_retard=motif_retard.strip(),
    )
    transmission.enregistrer(auteur=auteur, maintenant=maintenant, raison="Demande transmise")
    demande.transmise_le = maintenant
    demande.enregistrer(auteur=auteur, maintenant=maintenant, raison="Demande transmise")
    emails.demande_transmise(demande=demande, personnes=destinataires, maintenant=maintenant)
    return transmission
