"""Une demande telle qu’on la lit dans une liste : son état, ce qui reste à chacun de ses deux délais."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from dpd.comptes.regles.capacites import Capacite
from dpd.regles.calendrier import Territoire
from dpd.regles.etiquette import Etiquette
from dpd.regles.typographie import compte, date_courte, instant_court
from subtraitance.enums import Droit, EtatDemande, RegimeDemande
from subtraitance.models import DemandeDroits
from subtraitance.models.demande import SANS_SUITE
from subtraitance.regles.calculateur import court_a_24_heures
from subtraitance.regles.frises_heures import temps_compte
from subtraitance.regles.frises_phrases import duree_dite
from subtraitance.regles.horloges import BIENTOT_JOURS, EtatDelai
from subtraitance.regles.regimes import REGIMES


@dataclass(frozen=True, slots=True)
class DelaiVu:
    """``reste`` s’écrit en gros, ``suite`` en dessous ; ``ton`` : « urgence », « accent », ou vide."""

    reste: str
    suite: str
    ton: str = ""

    @property
    def icone(self) -> str:
        return {"urgence": "exclamation-octagon-fill", "accent": "hourglass-split"}.get(self.ton, "")


@dataclass(frozen=True, slots=True)
class LigneVue:
    """``adresse`` : vide si la personne n’a rien à y ouvrir ; ``droits``, ``demandeur`` : vides de même."""

    demande: DemandeDroits
    adresse: str
    droits: str
    demandeur: str
    etat: Etiquette
    transmission: DelaiVu
    reponse: DelaiVu


ETATS = {
    EtatDemande.RECUE: Etiquette("Reçue", "attention", "envelope-open"),
    EtatDemande.TRANSMISE: Etiquette("Transmise", "accent", "send"),
    EtatDemande.IDENTITE: Etiquette("Attente du demandeur", "attention", "hourglass-split"),
    EtatDemande.RECHERCHE: Etiquette("Recherche en cours", "accent", "search"),
    EtatDemande.REPONDUE: Etiquette("Réponse envoyée", "fait", "check-circle-fill"),
    EtatDemande.CLOSE: Etiquette("Close", "", "lock"),
}
A_TRANSMETTRE = Etiquette("À transmettre", "attention", "send")
CONFIEE = Etiquette("Confiée à la collectivité", "", "check2")


def lignes_vues(demandes: Iterable[DemandeDroits], acces, maintenant: datetime) -> list[LigneVue]:
    """Qui ne lit pas les demandes d’une collectivité n’en voit que le numéro et les délais.

    :param demandes: lues par ``subtraitance.listes.pour_liste``.
    """
    return [_ligne(demande, acces, maintenant) for demande in demandes]


def _ligne(demande: DemandeDroits, acces, maintenant: datetime) -> LigneVue:
    lit = acces.peut(Capacite.LIRE_DEMANDES, demande.collectivite)
    attend = demande.a_transmettre
    arguments = [demande.collectivite.siren, demande.annee, demande.rang]
    adresse = ""
    if lit:
        adresse = reverse("registre:demande", args=arguments)
    elif attend:
        adresse = reverse("subtraitance:transmettre", args=arguments)
    return LigneVue(
        demande=demande,
        adresse=adresse,
        droits=droits_dits(demande) if lit or attend else "",
        demandeur=demande.nom_montre if lit else "",
        etat=ETATS[EtatDemande(demande.etat)] if lit else A_TRANSMETTRE if attend else CONFIEE,
        transmission=transmission_vue(demande, maintenant),
        reponse=reponse_vue(demande, maintenant),
    )


def droits_dits(demande: DemandeDroits) -> str:
    """« Accès et copie (art. 15), Effacement (art. 17) » ; hors RGPD, le régime."""
    if demande.regime not in ("", RegimeDemande.RGPD):
        return RegimeDemande(demande.regime).label
    dits = [droit.label for droit in Droit if droit.value in demande.droits]
    return ", ".join(dits) or "À qualifier"


def transmission_vue(demande: DemandeDroits, maintenant: datetime) -> DelaiVu:
    """Les 48 heures de la structure, à l’heure de la collectivité."""
    horloge, zone = demande.horloge_transmission, demande.collectivite.fuseau
    if horloge is None:
        return DelaiVu("Sans objet", "reçue par la collectivité")
    if horloge.transmise_le is not None:
        quand = f"le {instant_court(horloge.transmise_le.astimezone(zone))}"
        tenue = horloge.etat(maintenant) is EtatDelai.TENU
        return DelaiVu("Transmise" if tenue else "Transmise en retard", quand)
    if demande.etat in SANS_SUITE:
        return DelaiVu("Non transmise", "la collectivité a répondu")
    limite = court_a_24_heures(horloge.echeance.astimezone(zone))
    territoire = Territoire(demande.collectivite.structure.territoire)
    if horloge.etat(maintenant) is EtatDelai.DEPASSE:
        retard = duree_dite(temps_compte(horloge.echeance, maintenant, territoire))
        return DelaiVu(f"{retard} de retard", f"c’était avant le {limite}", "urgence")
    reste = duree_dite(temps_compte(maintenant, horloge.echeance, territoire))
    presse = horloge.etat(maintenant) is EtatDelai.BIENTOT
    return DelaiVu(reste, f"avant le {limite}", "urgence" if presse else "accent")


def reponse_vue(demande: DemandeDroits, maintenant: datetime) -> DelaiVu:
    """Le délai de réponse, en dates de la collectivité."""
    zone = demande.collectivite.fuseau
    jour, recue = maintenant.astimezone(zone).date(), demande.recue_le.astimezone(zone).date()
    if demande.repondue_le is not None:
        return _repondue(demande, recue)
    if demande.echeance is None:
        return DelaiVu("Autre délai", REGIMES[RegimeDemande(demande.regime)].texte)
    if demande.etat == EtatDemande.IDENTITE:
        return DelaiVu("Suspendu", "on attend le demandeur")
    prolongee = ", prolongée" if demande.prolongee else ""
    return _reste(demande.echeance, jour, prolongee)


def _repondue(demande: DemandeDroits, recue: date) -> DelaiVu:
    jours = compte((demande.repondue_le - recue).days, "jour")
    retard = (demande.repondue_le - demande.echeance).days if demande.echeance else 0
    suite = f", {compte(retard, 'jour')} de retard" if retard > 0 else ""
    return DelaiVu(f"Répondue en {jours}", f"le {date_courte(demande.repondue_le)}{suite}")


def _reste(echeance: date, jour: date, prolongee: str) -> DelaiVu:
    reste, limite = (echeance - jour).days, date_courte(echeance)
    if reste < 0:
        return DelaiVu(f"{compte(-reste, 'jour')} de retard", f"c’était le {limite}{prolongee}", "urgence")
    dit = "Dernier jour" if reste == 0 else compte(reste, "jour")
    return DelaiVu(dit, f"jusqu’au {limite}{prolongee}", "urgence" if reste <= BIENTOT_JOURS else "accent")
