"""Quand une dénonciation vaut, et ce qu’elle fait : la règle et l’article, jamais un choix silencieux."""

from dataclasses import dataclass
from datetime import date, timedelta

from dpd.conventions.enums import Partie, Preavis
from dpd.conventions.regles.clauses import Clauses, JourMois, prochaine_echeance
from dpd.regles.delais import date_limite_preavis
from dpd.regles.jours_ouvres import avancer_avant
from dpd.regles.mois import meme_quantieme
from dpd.regles.typographie import date_longue

_JOUR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fenetre:
    """Une occasion de dénoncer.

    ``limite`` : dernier jour où la dénonciation vaut (``None`` : à tout moment) ; ``agir_avant`` :
    dernier jour ouvré pour qu’elle arrive à temps ; ``fin`` : dernier jour en vigueur qui en résulte.
    """

    fin: date
    limite: date | None
    agir_avant: date | None
    regle: str


class HorsDelai(ValueError):
    """La dénonciation arrive trop tard ; ``fenetre`` est la prochaine qui vaudrait."""

    def __init__(self, message: str, fenetre: Fenetre):
        super().__init__(message)
        self.fenetre = fenetre


def _le(annee: int, jour: JourMois) -> date:
    return date(annee, jour[0], jour[1])


def _reference(article: str) -> str:
    return f" ({article})" if article else ""


def _avant_echeance(clauses: Clauses, effet: date, visee: date) -> Fenetre:
    mois = clauses.preavis_mois or 0
    return Fenetre(
        fin=visee - _JOUR,
        limite=meme_quantieme(visee, -mois),
        agir_avant=date_limite_preavis(visee, mois, clauses.territoire),
        regle=f"au moins {mois} mois avant l’échéance du {date_longue(visee)}"
        + _reference(clauses.article_denonciation),
    )


def _glissante(clauses: Clauses, notifiee_le: date) -> Fenetre:
    mois = clauses.preavis_mois or 0
    return Fenetre(
        fin=meme_quantieme(notifiee_le, mois),
        limite=None,
        agir_avant=None,
        regle=f"à tout moment, avec {mois} mois de préavis" + _reference(clauses.article_denonciation),
    )


def _a_date_fixe(clauses: Clauses, partie: Partie, annee: int) -> Fenetre:
    borne, effet_annuel = clauses.limite(partie), clauses.fin_annuelle
    if borne is None or effet_annuel is None:
        raise ValueError("La convention ne dit pas avant quelle date cette partie peut dénoncer.")
    veille = _le(annee, borne) - _JOUR  # « avant le 31 octobre » : le 30 au plus tard
    return Fenetre(
        fin=_le(annee, effet_annuel),
        limite=veille,
        agir_avant=avancer_avant(veille, clauses.territoire),
        regle=f"avant le {date_longue(_le(annee, borne))}, pour le {date_longue(_le(annee, effet_annuel))}"
        + _reference(clauses.article_denonciation),
    )


def fenetre(clauses: Clauses, effet: date, partie: Partie, notifiee_le: date) -> Fenetre:
    """La première fenêtre que respecte une dénonciation notifiée ce jour-là.

    La date retenue est celle de la première présentation, par prudence.

    :raises ValueError: si la notification précède la date d’effet.
    """
    if notifiee_le < effet:
        raise ValueError("Une convention ne se dénonce pas avant de prendre effet.")
    if clauses.preavis == Preavis.GLISSANT:
        return _glissante(clauses, notifiee_le)
    if clauses.preavis == Preavis.DATES_FIXES:
        cette_annee = _a_date_fixe(clauses, partie, notifiee_le.year)
        if cette_annee.limite is not None and notifiee_le <= cette_annee.limite:
            return cette_annee
        return _a_date_fixe(clauses, partie, notifiee_le.year + 1)
    jour = notifiee_le
    while True:
        visee = prochaine_echeance(clauses, effet, jour)
        if visee is None:
            raise ValueError("Une convention sans durée n’a pas d’échéance.")
        ouverte = _avant_echeance(clauses, effet, visee)
        if ouverte.limite is not None and notifiee_le <= ouverte.limite:
            return ouverte
        jour = visee


def fin_apres_denonciation(
    clauses: Clauses, effet: date, partie: Partie, notifiee_le: date, fin_voulue: date | None = None
) -> Fenetre:
    """La fenêtre d’une dénonciation, et donc le dernier jour en vigueur.

    ``fin_voulue`` : la fin que la partie demande ; ``None`` laisse la première possible.

    :raises HorsDelai: si la fin voulue précède la première possible.
    """
    ouverte = fenetre(clauses, effet, partie, notifiee_le)
    if fin_voulue is not None and fin_voulue < ouverte.fin:
        raise HorsDelai(
            f"Notifiée le {date_longue(notifiee_le)}, cette dénonciation est hors délai pour une fin au "
            f"{date_longue(fin_voulue)}\u00a0: la convention se dénonce {ouverte.regle}. "
            f"Elle peut prendre effet le {date_longue(ouverte.fin)}.",
            ouverte,
        )
    return ouverte


def fenetre_de_hausse(clauses: Clauses, hausse_notifiee_le: date) -> Fenetre:
    """Après une hausse notifiée : un délai pour dénoncer, avec effet au jour de la notification.

    :raises ValueError: si la convention n’ouvre pas ce droit.
    """
    if not clauses.hausse_mois:
        raise ValueError("Cette convention n’ouvre pas de dénonciation après une hausse de tarif.")
    limite = meme_quantieme(hausse_notifiee_le, clauses.hausse_mois)
    return Fenetre(
        fin=hausse_notifiee_le,
        limite=limite,
        agir_avant=avancer_avant(limite, clauses.territoire),
        regle=f"dans les {clauses.hausse_mois} mois de la notification de la hausse"
        + _reference(clauses.article_hausse),
    )


def fin_apres_hausse(clauses: Clauses, hausse_notifiee_le: date, notifiee_le: date) -> Fenetre:
    """La fenêtre d’une dénonciation qui répond à une hausse.

    :raises HorsDelai: passé le délai ; ``ValueError`` avant la hausse ou si la convention ne l’ouvre pas.
    """
    ouverte = fenetre_de_hausse(clauses, hausse_notifiee_le)
    if notifiee_le < hausse_notifiee_le:
        raise ValueError("Une hausse se conteste après avoir été notifiée.")
    if ouverte.limite is not None and notifiee_le > ouverte.limite:
        raise HorsDelai(
            f"Le délai pour dénoncer après cette hausse s’est achevé le {date_longue(ouverte.limite)}"
            f"\u00a0: la convention se dénonce {ouverte.regle}.",
            ouverte,
        )
    return ouverte
