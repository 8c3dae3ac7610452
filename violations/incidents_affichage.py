"""Ce que la page d’un incident met en mots : son horloge, son état, l’état de chaque courriel."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from dpd.comptes.models import Structure
from dpd.comptes.models.structure import TERRITOIRES
from dpd.messagerie.models import Message
from dpd.regles.calendrier import Territoire, fuseau
from dpd.regles.etiquette import Etiquette
from dpd.regles.typographie import instant_court
from violations.affichage import Heures
from violations.affichage_horloges import HorlogeVue, horloge_vue
from violations.enums import DonneesTouchees, EtatViolation, NatureViolation, PersonnesTouchees
from violations.models import Incident, Violation
from violations.regles.durees import duree_dite
from violations.regles.horloges import EtatHorloge, Horloge

REGLE = (
    "24 heures d’horloge depuis que le sous-traitant l’a su, nuits et week-end compris\u00a0: délai retenu "
    "par la structure (RGPD, art. 33-2\u00a0: dans les meilleurs délais). "
    "Chaque collectivité a ensuite ses propres 72 heures."
)
ETATS = {
    EtatViolation.DECLAREE: Etiquette("Reçue", "attention", "hourglass-split"),
    EtatViolation.A_DECIDER: Etiquette("À décider", "attention", "hourglass-split"),
    EtatViolation.DECIDEE: Etiquette("Décidée", "accent", "pen"),
    EtatViolation.NOTIFIEE: Etiquette("Notifiée", "fait", "check-circle-fill"),
    EtatViolation.CLOSE: Etiquette("Close", "", "lock"),
}
A_PREVENIR = Etiquette("À prévenir", "urgence", "exclamation-octagon-fill")
PREVENU = Etiquette("Prévenu", "accent", "send")
CLOS = Etiquette("Clos", "", "lock")


def fuseau_de(structure: Structure) -> tzinfo:
    return fuseau(Territoire(structure.territoire))


def etat_de(incident: Incident) -> Etiquette:
    if incident.clos_le is not None:
        return CLOS
    return PREVENU if incident.ouvert_le is not None else A_PREVENIR


def horloge_de(incident: Incident, maintenant: datetime) -> HorlogeVue:
    """Les vingt-quatre heures, arrêtées par le premier avis aux collectivités, ou par la clôture."""
    zone = fuseau_de(incident.structure)
    heures = Heures(zone, zone, dict(TERRITOIRES)[incident.structure.territoire])
    horloge = Horloge(incident.connaissance, incident.echeance, incident.ouvert_le or incident.clos_le)
    titre = "Collectivités prévenues" if incident.ouvert_le else "Prévenir les collectivités"
    return horloge_vue("incident", titre, horloge, heures, maintenant, regle=REGLE)


def faits_dits(incident: Incident) -> list[tuple[str, str]]:
    """Ce que l’on sait, avec les mots du téléservice ; le manque se dit."""
    return [
        ("Nature", _liste(incident.natures, NatureViolation)),
        ("Données touchées", _avec(_liste(incident.donnees, DonneesTouchees), incident.donnees_precision)),
        (
            "Personnes touchées",
            _avec(_liste(incident.personnes, PersonnesTouchees), incident.personnes_precision),
        ),
        ("Conséquences probables", incident.consequences),
        ("Ce qui est déjà fait", incident.mesures_apres),
    ]


def _liste(codes, enumeration) -> str:
    return ", ".join(valeur.label for valeur in enumeration if valeur in codes)


def _avec(liste: str, precision: str) -> str:
    return " · ".join(partie for partie in (liste, precision) if partie)


@dataclass(frozen=True, slots=True)
class CourrielsVus:
    """Les courriels d’une collectivité qui en sont au même point ; ``adresses`` : celles à rappeler."""

    etat: Etiquette
    adresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LigneVue:
    """Une collectivité prévenue. ``etat``, ``horloge`` : vides pour qui n’a pas à les connaître."""

    violation: Violation
    courriels: tuple[CourrielsVus, ...]
    etat: Etiquette | None = None
    horloge: Etiquette | None = None
    heures: str = ""


def ligne_vue(
    violation: Violation, messages: list[Message], maintenant: datetime, detaille: bool
) -> LigneVue:
    courriels = tuple(rassembler(messages))
    if not detaille:
        return LigneVue(violation, courriels)
    return LigneVue(
        violation=violation,
        courriels=courriels,
        etat=ETATS[EtatViolation(violation.etat)],
        horloge=_horloge_courte(violation, maintenant),
        heures=_a_quelle_heure(violation),
    )


def rassembler(messages: list[Message]) -> Iterator[CourrielsVus]:
    """Un mot par état, les échecs d’abord : eux seuls nomment leur adresse."""
    par_etat: dict[Etiquette, list[Message]] = defaultdict(list)
    for message in sorted(messages, key=lambda m: not m.est_en_echec):
        par_etat[etat_du_courriel(message)].append(message)
    for etat, siens in par_etat.items():
        libelle = f"{len(siens)}\u00a0× {etat.libelle}" if len(siens) > 1 else etat.libelle
        adresses = tuple(m.destinataire for m in siens) if siens[0].est_en_echec else ()
        yield CourrielsVus(etat._replace(libelle=libelle), adresses)


def _a_quelle_heure(violation: Violation) -> str:
    """« soit 26 nov. 2026, 5 h 00 (Guyane) » : son échéance chez elle, si elle vit à une autre heure."""
    la, ici = violation.collectivite.fuseau, fuseau_de(violation.collectivite.structure)
    instant = violation.echeance_notification
    if instant.astimezone(la).utcoffset() == instant.astimezone(ici).utcoffset():
        return ""
    lieu = dict(TERRITOIRES)[violation.collectivite.territoire]
    return f"soit {instant_court(instant.astimezone(la))} ({lieu})"


def _horloge_courte(violation: Violation, maintenant: datetime) -> Etiquette:
    if violation.notification_ecartee and violation.notifiee_le is None:
        return Etiquette("Ne pas notifier", "", "pen")
    etat, reste = violation.horloge.etat(maintenant), duree_dite(violation.horloge.reste(maintenant))
    return {
        EtatHorloge.COURT: Etiquette(f"Reste {reste}", "accent", "hourglass-split"),
        EtatHorloge.DERNIERES_HEURES: Etiquette(f"Reste {reste}", "urgence", "exclamation-octagon-fill"),
        EtatHorloge.DEPASSEE: Etiquette(f"Dépassé de {reste}", "urgence", "exclamation-octagon-fill"),
        EtatHorloge.TENUE: Etiquette("Notifiée dans les temps", "fait", "check-circle-fill"),
        EtatHorloge.TENUE_EN_RETARD: Etiquette(f"Notifiée {reste} après", "attention", "clock-history"),
    }[etat]


def etat_du_courriel(message: Message) -> Etiquette:
    """Ce qu’est devenu l’avis ; un échec se voit de loin."""
    if message.est_envoye:
        return Etiquette("envoyé", "fait", "check-circle-fill")
    if message.est_en_echec:
        return Etiquette("échec\u00a0: appelez-les", "urgence", "exclamation-octagon-fill")
    if message.tentatives:
        return Etiquette("nouvel essai en attente", "attention", "clock-history")
    return Etiquette("en attente", "attention", "hourglass-split")
