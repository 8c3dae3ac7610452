"""Ce qui aide à décider : ce que demande le règlement selon le risque, sans jamais choisir à la place."""

from dataclasses import dataclass
from datetime import datetime

from dpd.regles.etiquette import Etiquette
from violations.enums import EtatViolation, GraviteCnil, Risque
from violations.models import AvisViolation
from violations.regles.gravite import Obligations, obligations
from violations.regles.parametres import parametres_au

ETATS = {
    EtatViolation.DECLAREE: ("attention", "circle-half"),
    EtatViolation.A_DECIDER: ("attention", "hourglass-split"),
    EtatViolation.DECIDEE: ("accent", "pen"),
    EtatViolation.NOTIFIEE: ("fait", "check-circle-fill"),
    EtatViolation.CLOSE: ("", "lock"),
}
SEUILS = {
    Risque.IMPROBABLE: "Toujours obligatoire.",
    Risque.PROBABLE: "Obligatoire, sauf si un risque pour les personnes est improbable.",
    Risque.ELEVE: "Obligatoire si le risque pour les personnes est élevé.",
}


@dataclass(frozen=True, slots=True)
class LigneObligation:
    """Ce que demande le règlement pour un risque ; ``estime`` : celui que le DPD estime."""

    risque: Risque
    demande: Obligations
    estime: bool


def rappel_des_obligations(t0: datetime, estime: str = "") -> list[LigneObligation]:
    """Une ligne par risque, au seuil en vigueur à T0. ``estime`` : le risque de l’avis, s’il y en a un."""
    seuil = parametres_au(t0).seuil
    return [LigneObligation(risque, obligations(risque, seuil), risque == estime) for risque in Risque]


def aide_a_notifier(t0: datetime) -> str:
    """Quand notifier est obligatoire, au seuil en vigueur à T0 (RGPD art. 33-1)."""
    return SEUILS[parametres_au(t0).seuil]


def etat_vu(etat: str) -> Etiquette:
    """L’état d’une violation, avec sa forme."""
    ton, icone = ETATS[EtatViolation(etat)]
    return Etiquette(EtatViolation(etat).label, ton, icone)


def gravite_vue(gravite: str) -> str:
    """« 3 sur 4, importante »."""
    rang = [niveau.value for niveau in GraviteCnil].index(gravite) + 1
    return f"{rang} sur {len(GraviteCnil)}, {GraviteCnil(gravite).label.lower()}"


def reponses_dites(avis: AvisViolation | None, *, une_seule: bool) -> dict[str, str]:
    """Les libellés des réponses : chacune dit si elle suit l’avis. ``une_seule`` : la CNIL est notifiée."""
    conseils = {
        "notifier": avis.conseil_notifier if avis else None,
        "informer": avis.conseil_informer if avis else None,
    }
    dites = {
        f"{question}_{'oui' if oui else 'non'}": _dite(oui, conseil)
        for question, conseil in conseils.items()
        for oui in (True, False)
    }
    return dites | {"rang_informer": "" if une_seule else "2. "}


def _dite(oui: bool, conseil: bool | None) -> str:
    mot = "Oui" if oui else "Non"
    if conseil is None:
        return mot
    return f"{mot}, je suis l’avis" if oui == conseil else f"{mot}, je ne suis pas l’avis"
