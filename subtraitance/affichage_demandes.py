"""Les mots et les deux horloges d’une demande de droits, tels qu’on les lit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from dpd.comptes.enums import TypeCollectivite
from dpd.comptes.models import Collectivite
from dpd.regles.calendrier import Territoire, fuseau
from dpd.regles.delais import terme_sans_report
from dpd.regles.etiquette import Etiquette
from dpd.regles.typographie import FINE, JOURS, MOIS, compte, enumeration, heure
from subtraitance.actions.demandes_commun import delai_de, jour_de
from subtraitance.enums import Droit, RegimeDemande
from subtraitance.models import DemandeDroits
from subtraitance.regles.frises import (
    Frise,
    dessin_heures,
    dessin_jours,
    duree_dite,
    jour_dit,
    pourquoi_ferme,
    temps_compte,
)
from subtraitance.regles.horloges import DelaiReponse, EtatDelai, Suspension
from subtraitance.regles.parametres import parametres_au
from subtraitance.regles.regimes import REGIMES, Regime, texte_dit

ARRETES = (EtatDelai.TENU, EtatDelai.TENU_EN_RETARD)
# Droit → comment la demande s’appelle, ce que la personne veut de la collectivité.
TITRES: dict[str, tuple[str, str]] = {
    Droit.ACCES: ("d’accès", "savoir ce que {lieu} détient sur elle, et en recevoir une copie"),
    Droit.RECTIFICATION: ("de rectification", "faire corriger ce qui est faux ou incomplet"),
    Droit.EFFACEMENT: ("d’effacement", "faire effacer des données qui la concernent"),
    Droit.LIMITATION: ("de limitation", "faire geler l’usage de ses données"),
    Droit.PORTABILITE: ("de portabilité", "recevoir ses données dans un format réutilisable"),
    Droit.OPPOSITION: ("d’opposition", "que {lieu} cesse d’utiliser ses données"),
    Droit.DECISION_AUTOMATISEE: ("sur une décision automatisée", "qu’une personne revoie la décision"),
    Droit.RETRAIT: ("de retrait du consentement", "revenir sur son accord"),
    Droit.POST_MORTEM: ("sur les données d’une personne décédée", "régler le sort de ses données"),
    Droit.AUTRE: ("sur des données personnelles", "exercer ses droits"),
}
TRANSMETTRE_REGLE = "{total}, délai retenu par la structure, hors week-end et jours fériés (partie hachurée)."
REPONDRE_REGLE = {
    1: "Un mois depuis la réception",
    3: "Trois mois depuis la réception, le délai étant prolongé",
}


@dataclass(frozen=True, slots=True)
class HorlogeVue:
    """``allure`` : « », « urgente » ou « arretee » ; ``reste`` s’écrit en gros, ``limite`` après ``suite``.

    ``limite_iso`` : la date ou l’instant, pour ``<time>`` ; vide si ``suite`` se suffit.
    """

    cle: str
    titre: str
    etiquette: Etiquette
    reste: str
    suite: str
    limite_iso: str
    limite: str
    allure: str
    frise: Frise
    regle: str


def lieu_dit(collectivite: Collectivite) -> str:
    """« la commune », « la collectivité » : comme on en parle dans une phrase."""
    return "la commune" if collectivite.type == TypeCollectivite.COMMUNE else "la collectivité"


def titre_de(demande: DemandeDroits) -> str:
    """« Demande d’accès et d’effacement » ; jamais le nom du demandeur."""
    droits = [TITRES[droit][0] for droit in Droit.values if droit in demande.droits]
    if demande.regime in ("", RegimeDemande.RGPD):
        return f"Demande {enumeration(tuple(droits))}" if droits else "Demande de droits"
    return f"Demande\u00a0: {demande.get_regime_display()}"


def chapo_de(demande: DemandeDroits) -> str:
    """« La personne veut savoir ce que la commune détient sur elle… » ; vide hors RGPD."""
    if demande.regime not in ("", RegimeDemande.RGPD):
        return ""
    lieu = lieu_dit(demande.collectivite)
    veut = tuple(TITRES[d][1].format(lieu=lieu) for d in Droit.values if d in demande.droits)
    suite = f"{FINE}; ".join(veut)
    return f"La personne veut {suite}." if suite else ""


def droits_dits(demande: DemandeDroits) -> str:
    """« Accès et copie (art. 15), Effacement (art. 17) »."""
    return ", ".join(Droit(droit).label for droit in Droit.values if droit in demande.droits)


def regime_de(demande: DemandeDroits) -> Regime:
    """Le texte dont on compte le délai ; par prudence celui du RGPD, tant qu’elle n’est pas qualifiée."""
    return REGIMES[RegimeDemande(demande.regime or RegimeDemande.RGPD)]


def horloges_vues(
    demande: DemandeDroits, maintenant: datetime, *, transmet: bool, repond: bool
) -> list[HorlogeVue]:
    """Les délais que l’application connaît : un régime sans délai sourcé n’a pas d’horloge de réponse.

    :param transmet: la personne peut transmettre. :param repond: elle est de la collectivité.
    """
    vues = []
    if demande.transmise_le is not None or demande.a_transmettre:
        vues.append(_transmission(demande, maintenant, transmet))
    if regime_de(demande).mois is not None and demande.echeance is not None:
        vues.append(_reponse(demande, maintenant, repond))
    return vues


def quand(instant: datetime, zone: tzinfo) -> str:
    """« mardi 24 novembre, 16 h 30 » ; minuit se dit la veille à 24 h 00, où le délai finit."""
    local = instant.astimezone(zone)
    if (local.hour, local.minute) == (0, 0):
        return f"{jour_dit(local.date() - timedelta(days=1))}, 24\u00a0h\u00a000"
    return f"{jour_dit(local.date())}, {heure(local)}"


def quand_court(instant: datetime, zone: tzinfo) -> str:
    """« ven. 20, 16 h 30 »."""
    local = instant.astimezone(zone)
    return f"{JOURS[local.weekday()][:3]}.\u00a0{local.day}, {heure(local)}"


def _transmission(demande: DemandeDroits, maintenant: datetime, transmet: bool) -> HorlogeVue:
    horloge, structure = demande.horloge_transmission, demande.collectivite.structure
    territoire = Territoire(structure.territoire)
    zone, etat = fuseau(territoire), horloge.etat(maintenant)
    total = duree_dite(temps_compte(horloge.reception, horloge.echeance, territoire))
    if etat in ARRETES:
        pris = duree_dite(temps_compte(horloge.reception, horloge.transmise_le, territoire))
        reste, suite = pris, f"sur {total}, transmise {quand(horloge.transmise_le, zone)}"
    elif etat is EtatDelai.DEPASSE:
        reste, suite = duree_dite(maintenant - horloge.echeance), "de retard, c’était avant"
    else:
        reste, suite = duree_dite(temps_compte(maintenant, horloge.echeance, territoire)), "avant"
    return HorlogeVue(
        cle="transmettre",
        titre=f"Transmettre à {lieu_dit(demande.collectivite)}",
        etiquette=_etiquette(etat, "Transmise", "par vous" if transmet else f"par {structure.nom}", transmet),
        reste=reste,
        suite=suite,
        limite_iso="" if etat in ARRETES else horloge.echeance.astimezone(zone).isoformat(),
        limite="" if etat in ARRETES else quand(horloge.echeance, zone),
        allure=_allure(etat),
        frise=dessin_heures(
            horloge.reception, horloge.echeance, maintenant, territoire, arretee_le=horloge.transmise_le
        ),
        regle=TRANSMETTRE_REGLE.format(total=total.replace("\u00a0h", "\u00a0heures"))
        + ("" if zone == demande.collectivite.fuseau else f" Heures de la structure ({structure.nom})."),
    )


def _reponse(demande: DemandeDroits, maintenant: datetime, repond: bool) -> HorlogeVue:
    jour = jour_de(demande, maintenant)
    delai, terme = delai_montre(demande, jour)
    etat = delai.etat(jour)
    reste, suite = _mots_du_delai(delai, etat, jour)
    limite = "" if etat in ARRETES else f"{jour_dit(delai.echeance)} {delai.echeance.year}, minuit"
    qui = "par vous" if repond else f"par {lieu_dit(demande.collectivite)}"
    return HorlogeVue(
        cle="repondre",
        titre="Répondre au demandeur",
        etiquette=_etiquette(etat, "Réponse envoyée", qui, repond),
        reste=reste,
        suite=suite,
        limite_iso="" if etat in ARRETES else delai.echeance.isoformat(),
        limite=limite,
        allure=_allure(etat),
        frise=dessin_jours(
            delai.reception,
            delai.echeance,
            jour,
            Territoire.METROPOLE,
            suspensions_de(demande),
            terme=terme,
            arrete_le=delai.repondue_le,
        ),
        regle=_regle(demande, delai, terme),
    )


def suspensions_de(demande: DemandeDroits) -> Sequence[Suspension]:
    """Ses suspensions, telles que les règles les comptent ; hors RGPD, aucune n’arrête le délai."""
    if not regime_de(demande).prolongeable:
        return []
    return [Suspension(s.debut, s.fin) for s in demande.suspensions.all()]


def delai_montre(demande: DemandeDroits, jour: date) -> tuple[DelaiReponse, date]:
    """Le délai tel qu’il court ce jour-là, et son dernier jour avant le report."""
    if regime_de(demande).prolongeable:
        delai = delai_de(demande, jour)
        return delai, _terme(demande, delai, jour)
    reception = jour_de(demande, demande.recue_le)
    echeance = demande.echeance or reception
    fixe = DelaiReponse(reception, echeance, echeance, False, None, demande.repondue_le)
    return fixe, echeance


def _terme(demande: DemandeDroits, delai: DelaiReponse, jour: date) -> date:
    parametres = parametres_au(delai.reception)
    mois = parametres.prolongee if delai.prolonge else parametres.reponse
    paires = [(s.debut, s.fin or max(jour, s.debut)) for s in suspensions_de(demande)]
    return terme_sans_report(delai.reception, mois, suspensions=paires)


def _mots_du_delai(delai: DelaiReponse, etat: EtatDelai, jour: date) -> tuple[str, str]:
    if etat in ARRETES:
        pris = (delai.repondue_le - delai.reception).days
        retard = delai.jours_restants(delai.repondue_le)
        en = f", {compte(-retard, 'jour')} après le terme" if retard < 0 else ""
        return compte(pris, "jour"), f"depuis la réception, envoyée {jour_dit(delai.repondue_le)}{en}"
    if etat is EtatDelai.SUSPENDU:
        return "Suspendu", f"depuis {jour_dit(delai.suspendu_depuis)}\u202f; à ce jour, avant"
    reste = delai.jours_restants(jour)
    if reste < 0:
        return compte(-reste, "jour"), "de retard, c’était avant"
    return ("Aujourd’hui" if reste == 0 else compte(reste, "jour")), "avant"


def _regle(demande: DemandeDroits, delai: DelaiReponse, terme: date) -> str:
    regime = regime_de(demande)
    if not regime.prolongeable:
        return f"{regime.conseil} ({regime.texte})"
    parametres = parametres_au(delai.reception)
    mois = parametres.prolongee if delai.prolonge else parametres.reponse
    phrases = [REPONDRE_REGLE.get(mois, f"{mois} mois depuis la réception")]
    if terme < delai.echeance:
        raison = pourquoi_ferme(terme, Territoire.METROPOLE)
        phrases[0] += (
            f"\u00a0: le {terme.day}\u00a0{MOIS[terme.month - 1]} est {raison}, "
            f"l’échéance passe au {jour_dit(delai.echeance)}"
        )
    if suspensions_de(demande):
        phrases.append("Le temps passé à attendre le demandeur ne compte pas (partie hachurée)")
    if demande.horloge_transmission is not None:
        phrases.append("Les 48\u00a0h ne la repoussent pas")
    return f"{'. '.join(phrases)} ({texte_dit(demande.regime)})."


def _allure(etat: EtatDelai) -> str:
    if etat in ARRETES:
        return "arretee"
    return "urgente" if etat in (EtatDelai.DEPASSE, EtatDelai.BIENTOT) else ""


def _etiquette(etat: EtatDelai, faite: str, par: str, a_vous: bool) -> Etiquette:
    return {
        EtatDelai.TENU: Etiquette(f"{faite} dans le délai", "fait", "check-circle-fill"),
        EtatDelai.TENU_EN_RETARD: Etiquette(f"{faite} en retard", "attention", "clock-history"),
        EtatDelai.DEPASSE: Etiquette("Délai dépassé", "urgence", "exclamation-octagon-fill"),
        EtatDelai.SUSPENDU: Etiquette("Suspendu", "attention", "hourglass-split"),
    }.get(etat) or Etiquette(f"À faire {par}", "accent" if a_vous else "", "person")
