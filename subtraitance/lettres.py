"""Du dossier à la lettre : les faits que la base sait, sans en inventer un."""

from datetime import datetime

from subtraitance.enums import Droit, SensReponse
from subtraitance.models import DemandeDroits, Prolongation
from subtraitance.regles.horloges import Suspension, delai_reponse
from subtraitance.regles.lettres import composer
from subtraitance.regles.lettres_modeles import Faits, TypeLettre
from subtraitance.regles.parametres import parametres_au
from subtraitance.regles.regimes import suit_le_rgpd

REFUSENT = (SensReponse.REFUS, SensReponse.PARTIELLE)


def lettre_proposee(demande: DemandeDroits, type_: TypeLettre, maintenant: datetime) -> str:
    """La lettre de ce type telle que le dossier permet de l’écrire aujourd’hui."""
    return composer(type_, faits_de(demande, maintenant))


def faits_de(demande: DemandeDroits, maintenant: datetime) -> Faits:
    """Quatre lectures au plus : suspensions, prolongation, réponses ; le reste est sur la demande."""
    collectivite = demande.collectivite
    suspensions = list(demande.suspensions.order_by("debut", "pk"))
    prolongation = Prolongation.objects.filter(demande=demande).first()
    refus = demande.reponses.filter(sens__in=REFUSENT).first()
    return Faits(
        jour=maintenant.astimezone(collectivite.fuseau).date(),
        numero=demande.numero,
        organisme=collectivite.denomination,
        responsable=collectivite.responsable_nom,
        titre=collectivite.responsable_titre,
        dpd=collectivite.dpd,
        dpd_coordonnees=collectivite.dpd_coordonnees,
        demandeur=demande.demandeur_nom,
        adresse=demande.demandeur_adresse.strip().replace("\r\n", "\n"),
        courriel=demande.demandeur_courriel,
        personne=demande.personne_nom,
        lien=demande.personne_lien,
        regime=demande.regime,
        droits=tuple(droit for droit in Droit if droit.value in demande.droits),
        recue_le=demande.recue_le.astimezone(collectivite.fuseau).date(),
        echeance=demande.echeance,
        prolongee_au=_prolongee_au(demande, suspensions, maintenant),
        motif_prolongation=_sans_point(prolongation.motif) if prolongation else "",
        motif_suspension=_sans_point(suspensions[-1].motif) if suspensions else "",
        motif_refus=refus.motif if refus else "",
    )


def _prolongee_au(demande: DemandeDroits, suspensions: list, maintenant: datetime):
    """Le dernier jour, trois mois après la réception ; ``None`` si ce régime ne se prolonge pas."""
    if not suit_le_rgpd(demande.regime):
        return None
    zone = demande.collectivite.fuseau
    recue = demande.recue_le.astimezone(zone).date()
    return delai_reponse(
        recue,
        parametres_au(recue),
        prolonge=True,
        suspensions=[Suspension(s.debut, s.fin) for s in suspensions],
        jour=maintenant.astimezone(zone).date(),
    ).echeance


def _sans_point(texte: str) -> str:
    return texte.strip().rstrip(".")
