"""Écrire au registre une demande reçue au guichet, par courrier, par courriel ou au téléphone."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.core.files import File

from dpd.pieces.transaction import transaction_de_depot
from subtraitance.actions.demandes_pieces import joindre
from subtraitance.actions.demandes_reception import recevoir
from subtraitance.actions.depot_public import suivi_du_formulaire
from subtraitance.models import DemandeDroits

LIBELLE = "La demande reçue"


class Enregistree(NamedTuple):
    """``suivi`` : le jeton à remettre au demandeur ; ``deja`` : elle était enregistrée, rien n’est écrit."""

    demande: DemandeDroits
    suivi: str
    deja: bool


@transaction_de_depot()
def enregistrer(
    *, jeton: UUID, auteur, maintenant: datetime, fichier: File | None = None, **recu
) -> Enregistree:
    """La demande et, s’il y en a une, sa pièce ; le même formulaire envoyé deux fois n’en fait qu’une.

    ``recu`` : les arguments de :func:`subtraitance.actions.demandes_reception.recevoir`.

    :raises ValidationError: par champ ; rien n’est alors écrit.
    """
    suivi = suivi_du_formulaire(jeton)
    recue = recevoir(jeton=jeton, suivi=suivi, auteur=auteur, maintenant=maintenant, **recu)
    if not recue.jeton:
        return Enregistree(recue.demande, suivi, deja=True)
    if fichier is not None:
        joindre(demande=recue.demande, fichier=fichier, libelle=LIBELLE, auteur=auteur, maintenant=maintenant)
    return Enregistree(recue.demande, suivi, deja=False)
