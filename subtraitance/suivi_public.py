"""Ce que dit la page de suivi d’une demande : où elle en est, jusqu’à quand ; jamais qui, ni quoi."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from dpd.regles.typographie import date_longue
from subtraitance.actions.demandes_commun import jour_de
from subtraitance.contacts_publics import appellation
from subtraitance.enums import EtatDemande, RegimeDemande
from subtraitance.models import DemandeDroits
from subtraitance.regles.recours import Recours
from subtraitance.regles.regimes import recours_de, suit_le_rgpd

FINIES = (EtatDemande.REPONDUE, EtatDemande.CLOSE)
EN_RETARD = "La réponse est en retard"


@dataclass(frozen=True, slots=True)
class Etape:
    """Une ligne de l’histoire ; ``cle`` : celle où l’on en est."""

    phrase: str
    jour: date | None = None
    cle: bool = False


@dataclass(frozen=True, slots=True)
class Suivi:
    """``titre`` : où en est la demande, en une phrase ; ``echeance`` vide si rien ne court ou n’est connu.

    ``depasse`` : le délai est passé sans réponse. ``attente`` : du demandeur. ``recours`` : la voie de son
    régime, vide tant qu’il n’est pas choisi ; ``prolongeable`` : ce régime est celui du RGPD.
    """

    titre: str
    precision: str
    etapes: tuple[Etape, ...]
    echeance: date | None
    prolongee: bool
    prolongeable: bool
    depasse: bool
    repondue: bool
    attente: bool
    recours: Recours | None


def lire_suivi(demande: DemandeDroits, maintenant: datetime) -> Suivi:
    """Deux requêtes au plus : la demande vient avec sa collectivité, ses suspensions se lisent ici."""
    jour = jour_de(demande, maintenant)
    attente = next((s.debut for s in demande.suspensions.all() if s.fin is None), None)
    repondue = demande.repondue_le is not None or demande.etat in FINIES
    # Le mois d’une demande à qualifier se compte par prudence : au demandeur, aucune date ne s’affirme.
    court = not repondue and attente is None and bool(demande.regime)
    depasse = court and demande.echeance is not None and jour > demande.echeance
    recours, rgpd = recours_de(demande.regime), suit_le_rgpd(demande.regime)
    titre, precision = _ou_elle_en_est(demande, attente, repondue)
    if depasse:
        titre, precision = EN_RETARD, f"{recours.saisir} {recours.silence}" if recours else ""
    return Suivi(
        titre=titre,
        precision=precision,
        etapes=tuple(_etapes(demande, attente, repondue)),
        echeance=demande.echeance if court else None,
        prolongee=demande.prolongee and rgpd,
        prolongeable=rgpd,
        depasse=depasse,
        repondue=repondue,
        attente=attente is not None and not repondue,
        recours=recours,
    )


def _ou_elle_en_est(demande: DemandeDroits, attente: date | None, repondue: bool) -> tuple[str, str]:
    lieu = appellation(demande.collectivite)
    if repondue:
        return "La réponse vous a été envoyée", "Regardez votre courriel ou votre boîte aux lettres."
    if attente is not None:
        return (
            "On attend une réponse de vous",
            f"Le {date_longue(attente)}, {lieu} vous a demandé une précision ou un justificatif. "
            "Répondez-lui\u00a0: le délai, arrêté depuis, repartira aussitôt.",
        )
    if demande.regime not in ("", RegimeDemande.RGPD):
        return (
            "Votre demande suit une autre procédure",
            f"{lieu.capitalize()} vous dira laquelle\u00a0: ce n’est pas celle des données personnelles.",
        )
    if demande.etat == EtatDemande.RECHERCHE:
        cherche = "cherche vos données et " if demande.regime else ""
        return "Votre demande est en cours", f"{lieu.capitalize()} {cherche}prépare sa réponse."
    if demande.transmise_le or demande.echeance_transmission is None:
        return f"{lieu.capitalize()} a reçu votre demande", "Une réponse se prépare."
    return "Votre demande est reçue", f"Elle va être transmise à {lieu}, sous deux jours ouvrés."


def _etapes(demande: DemandeDroits, attente: date | None, repondue: bool) -> Iterator[Etape]:
    lieu = appellation(demande.collectivite)
    yield Etape("Demande reçue", jour_de(demande, demande.recue_le))
    if demande.transmise_le is not None:
        yield Etape(f"Demande transmise à {lieu}", jour_de(demande, demande.transmise_le))
    if attente is not None and not repondue:
        yield Etape("Précision ou justificatif demandé", attente, cle=True)
    if repondue:
        yield Etape("Réponse envoyée", demande.repondue_le, cle=True)
