"""Qui lit une pièce : le domaine où elle est rangée le dit, et lui seul.

Le gestionnaire et l’agent de la structure ne lisent rien de ce qui touche au registre, à une violation,
à une demande ou à la mise en place : c’est le secret du DPD (RGPD art. 38-5).
"""

from dpd.comptes.regles.capacites import Capacite
from dpd.pieces.enums import DomainePiece

_CONVENTION = frozenset({Capacite.LIRE_CONVENTION})
_REGISTRE = frozenset({Capacite.LIRE_REGISTRE})
# Un état des lieux de sécurité, une pièce d’identité, le récit d’une fuite : à qui agit, pas au lecteur.
_CEUX_QUI_METTENT_EN_PLACE = frozenset(
    {Capacite.CONDUIRE_MISE_EN_PLACE, Capacite.CONTRIBUER_MISE_EN_PLACE, Capacite.DECIDER}
)
_CEUX_QUI_TRAITENT = frozenset({Capacite.TENIR_REGISTRE, Capacite.DECIDER})
_CONTRATS = frozenset({Capacite.LIRE_CONTRATS})

# L’une de ces capacités suffit.
LECTURE: dict[DomainePiece, frozenset[Capacite]] = {
    DomainePiece.CONVENTION: _CONVENTION,
    DomainePiece.TARIF: _CONVENTION,
    DomainePiece.DEVIS: _CONVENTION,
    DomainePiece.DEPART: _CONVENTION,  # attestation, courriers ; l’export du registre va dans REGISTRE
    DomainePiece.INTERVENTION: frozenset({Capacite.LIRE_INTERVENTIONS}),
    DomainePiece.MISE_EN_PLACE: _CEUX_QUI_METTENT_EN_PLACE,
    DomainePiece.DESIGNATION: _REGISTRE,
    DomainePiece.REGISTRE: _REGISTRE,
    DomainePiece.SOUSTRAITANCE: _CONTRATS,
    DomainePiece.VIOLATION: _CEUX_QUI_TRAITENT,
    DomainePiece.DEMANDE: frozenset({Capacite.LIRE_DEMANDES}),
}
# Une pièce déposée par erreur ne se lit plus que de qui répond d’elle : le décideur et le DPD.
LECTURE_RETIREE = frozenset({Capacite.DECIDER, Capacite.RENDRE_AVIS})
# Leur lecture est notée au journal des accès.
SENSIBLES = frozenset(
    {
        DomainePiece.MISE_EN_PLACE,
        DomainePiece.REGISTRE,
        DomainePiece.SOUSTRAITANCE,
        DomainePiece.VIOLATION,
        DomainePiece.DEMANDE,
    }
)


def peut_lire(acces, piece) -> bool:
    """Vrai si la personne lit cette pièce ; ``acces`` est celui de sa requête."""
    if piece.est_detruite:
        return False
    exigees = [LECTURE[DomainePiece(piece.domaine)]]
    if piece.est_retiree:
        exigees.append(LECTURE_RETIREE)
    return all(any(_peut(acces, capacite, piece) for capacite in suffisantes) for suffisantes in exigees)


def _peut(acces, capacite: Capacite, piece) -> bool:
    if piece.collectivite_id is None:
        return acces.peut_structure(capacite, piece.structure)
    return acces.peut(capacite, piece.collectivite)
