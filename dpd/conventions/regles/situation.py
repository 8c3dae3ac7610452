"""Où en est une convention un jour donné, et ce qui l’explique : dates, règle, article."""

from dataclasses import dataclass
from datetime import date, timedelta

from dpd.conventions.enums import Partie, Preavis, Reconduction
from dpd.conventions.regles.clauses import Clauses, echeance, prochaine_echeance
from dpd.conventions.regles.denonciation import Fenetre, fenetre
from dpd.conventions.regles.en_clair import duree, le_jour, reference
from dpd.conventions.regles.vie import (
    EtatConvention,
    FenetreRenouvellement,
    etat,
    fenetre_de_renouvellement,
)
from dpd.regles.delais import date_limite_preavis
from dpd.regles.mois import meme_quantieme
from dpd.regles.typographie import INSECABLE, JOURS, date_longue

_LENDEMAIN = timedelta(days=1)
FINIES = frozenset({EtatConvention.ETEINTE, EtatConvention.TERMINEE})


@dataclass(frozen=True, slots=True)
class Vie:
    """Ce que l’on sait d’une convention : ses clauses, et ce que ses parties en ont fait."""

    clauses: Clauses
    effet: date | None = None
    fin: date | None = None
    fin_anticipee: date | None = None
    renouvellements: int = 0
    abandonnee: bool = False

    def etat(self, jour: date) -> EtatConvention:
        if self.abandonnee:
            return EtatConvention.ABANDONNEE
        return etat(self.effet, self.fin, self.fin_anticipee, jour)


@dataclass(frozen=True, slots=True)
class Situation:
    """``echeance`` : la prochaine ; ``reconduite`` : plus personne ne peut empêcher la reconduction.

    ``agir_avant`` : le dernier jour utile du geste qui vient, renouvellement exprès ou dénonciation.
    """

    etat: EtatConvention
    effet: date | None
    fin: date | None
    echeance: date | None
    denonciation: Fenetre | None
    renouvellement: FenetreRenouvellement | None
    agir_avant: date | None
    reconduite: bool
    resume: str
    explications: tuple[str, ...]


def situer(vie: Vie, jour: date) -> Situation:
    """La situation d’une convention un jour donné."""
    ici = vie.etat(jour)
    denonciation = _denonciation(vie, ici, jour)
    renouvellement = _renouvellement(vie)
    reconduite = _est_reconduite(vie, ici, denonciation, jour)
    return Situation(
        etat=ici,
        effet=vie.effet,
        fin=vie.fin,
        echeance=_echeance(vie, ici, jour),
        denonciation=denonciation,
        renouvellement=renouvellement,
        agir_avant=_agir_avant(ici, renouvellement, denonciation, jour),
        reconduite=reconduite,
        resume=_resume(vie, ici, denonciation if reconduite else None),
        explications=tuple(p for p in _explications(vie, ici, denonciation, renouvellement, jour) if p),
    )


def _echeance(vie: Vie, ici: EtatConvention, jour: date) -> date | None:
    if vie.effet is None or vie.clauses.duree_mois is None or ici in FINIES:
        return None
    if vie.clauses.reconduction == Reconduction.TACITE:
        return prochaine_echeance(vie.clauses, vie.effet, max(jour, vie.effet))
    rangs = 1 + (vie.renouvellements if vie.clauses.reconduction == Reconduction.EXPRESSE else 0)
    return echeance(vie.clauses, vie.effet, rangs)


def _denonciation(vie: Vie, ici: EtatConvention, jour: date) -> Fenetre | None:
    """La prochaine occasion de dénoncer qu’a la collectivité ; aucune si c’est déjà fait."""
    if vie.effet is None or ici not in (EtatConvention.EN_VIGUEUR, EtatConvention.A_VENIR):
        return None
    if vie.fin_anticipee is not None:
        return None
    return fenetre(vie.clauses, vie.effet, Partie.COLLECTIVITE, max(jour, vie.effet))


def _renouvellement(vie: Vie) -> FenetreRenouvellement | None:
    expres = vie.clauses.reconduction == Reconduction.EXPRESSE
    if vie.effet is None or vie.fin_anticipee is not None or not expres:
        return None
    return fenetre_de_renouvellement(vie.clauses, vie.effet, vie.renouvellements)


def _est_reconduite(vie: Vie, ici: EtatConvention, ouverte: Fenetre | None, jour: date) -> bool:
    """Vrai si la limite de la période en cours est passée sans dénonciation."""
    if ouverte is None or vie.effet is None or ici != EtatConvention.EN_VIGUEUR:
        return False
    if vie.clauses.reconduction != Reconduction.TACITE or vie.clauses.preavis != Preavis.AVANT_ECHEANCE:
        return False
    prochaine = prochaine_echeance(vie.clauses, vie.effet, jour)
    return prochaine is not None and ouverte.fin >= prochaine


def _agir_avant(
    ici: EtatConvention,
    renouvellement: FenetreRenouvellement | None,
    denonciation: Fenetre | None,
    jour: date,
) -> date | None:
    for ouverte in (renouvellement, denonciation):
        if ici in FINIES or ouverte is None or ouverte.limite is None or ouverte.agir_avant is None:
            continue
        if jour <= ouverte.limite:
            return ouverte.agir_avant if jour <= ouverte.agir_avant else ouverte.limite
    return None


def _resume(vie: Vie, ici: EtatConvention, reconduite: Fenetre | None) -> str:
    if ici == EtatConvention.A_VENIR and vie.effet:
        return f"Prend effet le {le_jour(vie.effet)}"
    if vie.fin is None:
        if reconduite is not None:
            return f"Reconduite jusqu’à l’échéance du {le_jour(reconduite.fin + _LENDEMAIN)}"
        return ici.label
    formes = {
        EtatConvention.EN_VIGUEUR: "En vigueur jusqu’au",
        EtatConvention.DENONCEE: "Dénoncée, en vigueur jusqu’au",
        EtatConvention.ETEINTE: "Éteinte au soir du",
        EtatConvention.TERMINEE: "Terminée le",
    }
    return f"{formes[ici]} {le_jour(vie.fin)}"


def _explications(
    vie: Vie,
    ici: EtatConvention,
    denonciation: Fenetre | None,
    renouvellement: FenetreRenouvellement | None,
    jour: date,
) -> tuple[str, ...]:
    if vie.effet is None:
        return ()
    if ici == EtatConvention.ETEINTE and vie.fin:
        return (_eteinte(vie.clauses, vie.fin, renouvellement),)
    if ici in (EtatConvention.TERMINEE, EtatConvention.DENONCEE):
        return ()
    phrases = _renouveler(vie.clauses, renouvellement, jour) if renouvellement else ()
    return (*phrases, *_denoncer(vie.clauses, vie.effet, denonciation, jour))


def _eteinte(clauses: Clauses, fin: date, renouvellement: FenetreRenouvellement | None) -> str:
    debut = f"Éteinte au soir du {le_jour(fin)}{INSECABLE}: "
    article = reference(clauses.article_duree)
    if renouvellement is None:
        return f"{debut}elle ne se reconduisait pas{article}."
    limite = le_jour(renouvellement.limite)
    return f"{debut}elle demandait un renouvellement exprès au plus tard le {limite}{article}."


def _renouveler(clauses: Clauses, ouverte: FenetreRenouvellement, jour: date) -> tuple[str, ...]:
    article = reference(clauses.article_duree)
    terme, limite = le_jour(ouverte.echeance - _LENDEMAIN), le_jour(ouverte.limite)
    if jour > ouverte.limite:
        return (
            f"Le renouvellement exprès devait être présenté au plus tard le {limite}{article}{INSECABLE}: "
            f"elle s’éteindra le {terme}.",
        )
    delai = duree(clauses.renouvellement_mois or 0)
    return (
        f"Elle s’éteint le {terme} si son renouvellement exprès n’est pas présenté au plus tard le {limite}, "
        f"{delai} avant l’échéance{article}.",
        jour_ferme(ouverte.limite, ouverte.agir_avant, jour),
    )


def _denoncer(clauses: Clauses, effet: date, ouverte: Fenetre | None, jour: date) -> tuple[str, ...]:
    if ouverte is None:
        return ()
    limite, agir_avant = ouverte.limite, ouverte.agir_avant
    if limite is None or agir_avant is None:
        return (f"Elle se dénonce {ouverte.regle}.",)
    if clauses.preavis == Preavis.DATES_FIXES:
        return (f"La collectivité la dénonce {ouverte.regle}.", jour_ferme(limite, agir_avant, jour))
    mois = clauses.preavis_mois or 0
    article = reference(f"{duree(mois)} avant l’échéance", clauses.article_denonciation)
    prochaine = prochaine_echeance(clauses, effet, jour)
    if prochaine is not None and ouverte.fin >= prochaine and clauses.reconduction == Reconduction.TACITE:
        passee = meme_quantieme(prochaine, -mois)
        return (
            f"Elle se dénonçait jusqu’au {le_jour(passee)}{article}, personne ne l’a fait{INSECABLE}: elle "
            f"se reconduit le {le_jour(prochaine)}.",
            jour_ferme(passee, date_limite_preavis(prochaine, mois, clauses.territoire), jour),
        )
    return (
        f"Elle se dénonce jusqu’au {le_jour(limite)}{article}, pour le {le_jour(ouverte.fin)}.",
        jour_ferme(limite, agir_avant, jour),
    )


def jour_ferme(limite: date, agir_avant: date, jour: date) -> str:
    """Ce qu’un jour fermé change : un délai à rebours n’est jamais reporté après. Vide s’il est ouvré."""
    if agir_avant == limite:
        return ""
    quoi = JOURS[limite.weekday()] if limite.weekday() > 4 else "jour férié"
    rang = "1er" if limite.day == 1 else str(limite.day)
    if jour > limite:
        return f"Le {rang} était un {quoi}{INSECABLE}: il fallait agir le {date_longue(agir_avant)}."
    return f"Le {rang} est un {quoi}{INSECABLE}: agissez le {date_longue(agir_avant)} au plus tard."
