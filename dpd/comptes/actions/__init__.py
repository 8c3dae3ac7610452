"""Les gestes sur les personnes : un geste, une transaction, une ligne au journal."""

from dpd.comptes.actions.invitations import (
    InvitationPerimee,
    invitation_du_jeton,
    inviter,
    ouvrir_compte,
    rattacher,
    renvoyer,
    revoquer,
)
from dpd.comptes.actions.personnes import (
    choisir_theme,
    desactiver,
    est_dernier,
    modifier_profil,
    oublier_double_facteur,
    reactiver,
    retirer_role,
)
from dpd.comptes.actions.structures import ouvrir_structure

__all__ = [
    "InvitationPerimee",
    "choisir_theme",
    "desactiver",
    "est_dernier",
    "invitation_du_jeton",
    "inviter",
    "modifier_profil",
    "oublier_double_facteur",
    "ouvrir_compte",
    "ouvrir_structure",
    "rattacher",
    "reactiver",
    "renvoyer",
    "retirer_role",
    "revoquer",
]
