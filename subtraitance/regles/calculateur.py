"""Le calculateur d’échéances : un départ, un délai, un territoire → la date, et ce que chaque jour y fait."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

from dpd.regles.calendrier import Territoire, fuseau
from dpd.regles.delais import ajouter_heures, date_limite_preavis, echeance_mois, terme_sans_report
from dpd.regles.jours_ouvres import ajouter_jours_ouvres
from dpd.regles.mois import meme_quantieme
from dpd.regles.typographie import compte, date_courte, date_longue, instant_court, instant_long
from subtraitance.regles.calculateur_delais import REGLES, Delai
from subtraitance.regles.calculateur_modele import (
    UN_JOUR,
    Jour,
    Nature,
    Question,
    Resultat,
    SaisieRefusee,
    pourquoi_ferme,
)
from subtraitance.regles.horloges import horloge_transmission
from subtraitance.regles.parametres import Parametres, parametres_au

QUINZE = 15
TROP_TOT = "Le RGPD s’applique depuis le 25\u00a0mai 2018\u00a0: vérifiez l’année."
TROP_LONGUE = "Cette suspension durerait plus de trois ans\u00a0: vérifiez l’année."
DANS_LES_48_HEURES = (
    "Ces 48 heures ne repoussent pas le mois laissé pour répondre\u00a0: il court dès la réception."
)
A_PRESENTER = (
    "Un courrier recommandé compte, par prudence, du jour où il est présenté\u00a0: postez-le plus tôt."
)
ECART_MAX = timedelta(days=1200)  # au-delà, ce n’est plus une suspension mais une faute de frappe


def calculer(question: Question) -> Resultat:
    """L’échéance et son calcul, jour par jour.

    :raises SaisieRefusee: si le délai n’existait pas encore, ou si la suspension ne se tient pas.
    """
    return _CALCULS[question.delai](question)


def _instant(question: Question) -> datetime:
    if not isinstance(question.depart, datetime):
        raise SaisieRefusee("depart", "Indiquez l’heure\u00a0: ce délai se compte en heures.")
    return question.depart


def _jour(question: Question) -> date:
    if isinstance(question.depart, datetime):
        return question.depart.astimezone(fuseau(question.territoire)).date()
    return question.depart


def _parametres(jour: date) -> Parametres:
    try:
        return parametres_au(jour)
    except ValueError as erreur:
        raise SaisieRefusee(
            "depart", "Le RGPD s’applique depuis le 25\u00a0mai 2018\u00a0: vérifiez l’année."
        ) from erreur


# --- En heures ------------------------------------------------------------------------------------


def _heures_reelles(question: Question, heures: int) -> Resultat:
    depart = _instant(question).astimezone(fuseau(question.territoire))
    echeance = ajouter_heures(depart, heures)
    jours = tuple(_parts(depart, echeance, question.territoire, ferme=Nature.COMPTE))
    remarques = []
    if depart.utcoffset() != echeance.utcoffset():
        remarques.append(
            "La pendule change entre-temps\u00a0: l’heure de fin n’est pas la même, le compte y est."
        )
    if pourquoi_ferme(echeance.date(), question.territoire):
        remarques.append("L’échéance tombe un jour fermé, et n’est pas reportée pour autant.")
    return Resultat(
        question, REGLES[question.delai], echeance, instant_long(echeance), jours, tuple(remarques)
    )


def _heures_ouvrees(question: Question) -> Resultat:
    zone = fuseau(question.territoire)
    depart = _instant(question).astimezone(zone)
    parametres = _parametres(depart.date())
    echeance = horloge_transmission(depart, question.territoire, parametres).echeance.astimezone(zone)
    jours = tuple(_parts(depart, echeance, question.territoire, ferme=Nature.FERME))
    remarques = [DANS_LES_48_HEURES]
    if raison := pourquoi_ferme(depart.date(), question.territoire):
        remarques.insert(
            0, f"Reçue un jour fermé ({raison})\u00a0: le délai part à 0 h du premier jour ouvré."
        )
    return Resultat(
        question, REGLES[question.delai], echeance, dite_a_24_heures(echeance), jours, tuple(remarques)
    )


def dite_a_24_heures(echeance: datetime) -> str:
    """Une échéance à minuit se dit la veille à 24 h : personne ne se trompe de jour."""
    if echeance.time() == time():
        return f"{date_longue(echeance.date() - UN_JOUR)} à 24\u00a0h\u00a000"
    return instant_long(echeance)


def court_a_24_heures(echeance: datetime) -> str:
    """« 24 nov. 2026, 24 h 00 » : la même, pour un tableau."""
    if echeance.time() == time():
        return f"{date_courte(echeance.date() - UN_JOUR)}, 24\u00a0h\u00a000"
    return instant_court(echeance)


def _parts(depart: datetime, echeance: datetime, territoire: Territoire, *, ferme: Nature) -> Iterator[Jour]:
    """Chaque jour civil entre deux instants, et le temps réel qu’il y prend ; ``ferme`` : sa nature alors."""
    zone = fuseau(territoire)
    debut, fin = depart.astimezone(UTC), echeance.astimezone(UTC)
    while debut < fin:
        jour = debut.astimezone(zone).date()
        minuit = datetime.combine(jour + UN_JOUR, time(), tzinfo=zone).astimezone(UTC)
        suite = min(minuit, fin)
        raison = pourquoi_ferme(jour, territoire)
        yield Jour(jour, ferme if raison else Nature.COMPTE, raison, suite - debut)
        debut = suite


# --- En mois ----------------------------------------------------------------------------------------


def _mois(question: Question) -> Resultat:
    reception, calendrier = _jour(question), question.calendrier
    parametres = _parametres(reception)
    mois = parametres.prolongee if question.delai is Delai.TROIS_MOIS else parametres.reponse
    paires = _suspensions(question, reception)
    brut = terme_sans_report(reception, mois, suspensions=paires, territoire=calendrier)
    echeance = echeance_mois(reception, mois, suspensions=paires, territoire=calendrier)
    if paires and brut == meme_quantieme(reception, mois) and paires[0][0] < paires[0][1]:
        raise SaisieRefusee("suspension_debut", "Le délai était déjà passé\u00a0: il ne se suspend plus.")
    jours = tuple(_jours_des_mois(reception, brut, echeance, paires, calendrier))
    return Resultat(
        question,
        REGLES[question.delai],
        echeance,
        f"{date_longue(echeance)}, jusqu’à minuit",
        jours,
        tuple(_remarques_des_mois(question, reception, brut, echeance, paires)),
    )


def _suspensions(question: Question, reception: date) -> list[tuple[date, date]]:
    suspension = question.suspension
    if suspension is None:
        return []
    if suspension.fin is None:
        raise SaisieRefusee("suspension_fin", "Indiquez quand le délai a repris.")
    if suspension.debut < reception:
        raise SaisieRefusee("suspension_debut", "Une suspension commence après la réception.")
    if suspension.fin < suspension.debut:
        raise SaisieRefusee("suspension_fin", "La reprise suit la suspension.")
    if suspension.fin - suspension.debut > ECART_MAX:
        raise SaisieRefusee(
            "suspension_fin", "Cette suspension durerait plus de trois ans\u00a0: vérifiez l’année."
        )
    return [(suspension.debut, suspension.fin)]


def _jours_des_mois(
    reception: date, brut: date, echeance: date, paires: list[tuple[date, date]], calendrier: Territoire
) -> Iterator[Jour]:
    """Tous les jours courent, même fermés, sauf ceux d’une suspension ; seule la fin se reporte."""
    jour = reception
    while jour <= echeance:
        raison = pourquoi_ferme(jour, calendrier)
        if jour == reception:
            nature = Nature.DEPART
        elif any(debut < jour <= fin for debut, fin in paires):
            nature = Nature.SUSPENDU
        else:
            nature = Nature.REPORT if jour >= brut and raison else Nature.COMPTE
        yield Jour(jour, nature, raison)
        jour += UN_JOUR


def _remarques_des_mois(
    question: Question, reception: date, brut: date, echeance: date, paires: list[tuple[date, date]]
) -> Iterator[str]:
    ajoutes = sum((fin - debut).days for debut, fin in paires)
    if ajoutes:
        yield f"La suspension ajoute {compte(ajoutes, 'jour')}."
    if echeance != brut:
        raison = pourquoi_ferme(brut, question.calendrier)
        yield f"Le délai finirait le {date_longue(brut)} ({raison})\u00a0: report au premier jour ouvré."
    if question.delai is Delai.UN_MOIS:
        yield (
            f"Pour prolonger, avertissez le demandeur au plus tard le {date_longue(brut)}, "
            "sans compter sur un report."
        )
    if question.local:
        yield "Le report suit aussi les jours fériés locaux\u00a0: c’est un choix du responsable."
    yield f"Reçue le {date_longue(reception)}\u00a0: ce jour ne compte pas."


# --- En jours ouvrés, à rebours -----------------------------------------------------------------------


def _jours_ouvres(question: Question) -> Resultat:
    recu, territoire = _jour(question), question.territoire
    echeance = ajouter_jours_ouvres(recu, QUINZE, territoire)
    jours = tuple(_jours_comptes(recu, echeance, territoire))
    return Resultat(
        question, REGLES[question.delai], echeance, f"{date_longue(echeance)} à 24\u00a0h\u00a000", jours, ()
    )


def _jours_comptes(recu: date, echeance: date, territoire: Territoire) -> Iterator[Jour]:
    yield Jour(recu, Nature.DEPART, pourquoi_ferme(recu, territoire))
    for rang in range(1, (echeance - recu).days + 1):
        jour = recu + rang * UN_JOUR
        raison = pourquoi_ferme(jour, territoire)
        yield Jour(jour, Nature.FERME if raison else Nature.COMPTE, raison)


def _preavis(question: Question) -> Resultat:
    terme, calendrier = _jour(question), question.calendrier
    if not 1 <= question.mois <= 24:
        raise SaisieRefusee("mois", "Indiquez de 1 à 24 mois.")
    brut, limite = (
        meme_quantieme(terme, -question.mois),
        date_limite_preavis(terme, question.mois, calendrier),
    )
    jours = tuple(_jours_a_rebours(limite, brut, terme, calendrier))
    remarques = [A_PRESENTER]
    if limite != brut:
        remarques.insert(
            0,
            f"Le préavis finirait le {date_longue(brut)} ({pourquoi_ferme(brut, calendrier)})\u00a0: "
            "agissez le dernier jour ouvré d’avant.",
        )
    return Resultat(question, REGLES[question.delai], limite, date_longue(limite), jours, tuple(remarques))


def _jours_a_rebours(limite: date, brut: date, terme: date, calendrier: Territoire) -> Iterator[Jour]:
    for rang in range((terme - limite).days + 1):
        jour = limite + rang * UN_JOUR
        raison = pourquoi_ferme(jour, calendrier)
        if jour == terme:
            nature = Nature.DEPART
        else:
            nature = Nature.REPORT if raison and jour <= brut else Nature.COMPTE
        yield Jour(jour, nature, raison)


_CALCULS: Mapping[Delai, Callable[[Question], Resultat]] = MappingProxyType(
    {
        Delai.HEURES_24: lambda question: _heures_reelles(question, 24),
        Delai.HEURES_72: lambda question: _heures_reelles(question, 72),
        Delai.HEURES_48_OUVREES: _heures_ouvrees,
        Delai.UN_MOIS: _mois,
        Delai.TROIS_MOIS: _mois,
        Delai.JOURS_OUVRES_15: _jours_ouvres,
        Delai.PREAVIS: _preavis,
    }
)
