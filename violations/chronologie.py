"""L’histoire d’une violation : ce qui a été noté, ses instants, et l’échéance qui vient."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from violations.dossier_lu import DossierLu
from violations.enums import NatureEvenement
from violations.models import Evenement, PrestataireImplique, Violation

CLES = {NatureEvenement.AVIS, NatureEvenement.DECISION, NatureEvenement.NOTIFICATION}


@dataclass(frozen=True, slots=True)
class Ligne:
    """``cle`` : un fait juridique ; ``futur`` : il n’a pas encore eu lieu ; ``qui`` : l’auteur, ou vide."""

    instant: datetime
    texte: str
    suite: str = ""
    qui: str = ""
    cle: bool = False
    futur: bool = False


def fusionner(maintenant: datetime, *suites: Iterable[Ligne]) -> list[Ligne]:
    """Une seule histoire, du plus ancien au plus récent, le futur à la fin ; à égalité, l’ordre donné."""
    lignes = [ligne for suite in suites for ligne in suite]
    lignes.sort(key=lambda ligne: (ligne.instant.astimezone(UTC) > maintenant, ligne.instant.astimezone(UTC)))
    return lignes


def chronologie(lu: DossierLu, maintenant: datetime) -> list[Ligne]:
    """Tout ce qui s’est passé, puis ce qui est dû."""
    return fusionner(
        maintenant,
        _instants(lu.violation, lu.collectivite.nom),
        _des_prestataires(lu.prestataires),
        map(_evenement, lu.evenements),
        _echeances(lu.violation, maintenant),
    )


def _instants(violation: Violation, nom: str) -> Iterator[Ligne]:
    if violation.debut:
        yield Ligne(violation.debut, "Début de la violation")
    if violation.detection:
        yield Ligne(violation.detection, "La violation est détectée")
    if violation.fin:
        yield Ligne(violation.fin, "Fin de la violation")
    yield Ligne(violation.connaissance, f"{nom} l’apprend.", "Les 72 h partent.", cle=True)
    if violation.connaissance_dpd:
        yield Ligne(violation.connaissance_dpd, "Le DPD l’apprend")


def _des_prestataires(prestataires: Iterable[PrestataireImplique]) -> Iterator[Ligne]:
    for implique in prestataires:
        if implique.connaissance:
            yield Ligne(implique.connaissance, f"{implique} l’apprend")
        if implique.prevenu_le:
            yield Ligne(implique.prevenu_le, f"{implique} prévient la collectivité")


def _evenement(evenement: Evenement) -> Ligne:
    return Ligne(
        evenement.instant,
        evenement.texte,
        qui=str(evenement.auteur) if evenement.auteur else "",
        cle=evenement.nature in CLES,
    )


def _echeances(violation: Violation, maintenant: datetime) -> Iterator[Ligne]:
    """Celles qui courent encore, ou que l’on a laissé passer."""
    if violation.etat == "close":
        return
    if violation.notifiee_le is None and not violation.notification_ecartee:
        yield _echeance(violation.echeance_notification, "Fin des 72 h", maintenant)
    if violation.echeance_complement and violation.completee_le is None:
        yield _echeance(
            violation.echeance_complement, "À compléter auprès de la CNIL, si possible", maintenant
        )


def _echeance(instant: datetime, texte: str, maintenant: datetime) -> Ligne:
    futur = instant > maintenant
    return Ligne(instant, texte if futur else f"{texte}\u00a0: délai dépassé", cle=not futur, futur=futur)
