"""Les clauses dites en français, avec leur article : ce que lit qui n’a pas le texte sous les yeux."""

from dataclasses import dataclass
from datetime import date

from dpd.conventions.enums import Depart, Forme, Partie, Preavis, Reconduction
from dpd.conventions.regles.clauses import Clauses, JourMois, date_effet, prochaine_echeance
from dpd.conventions.regles.denonciation import fenetre
from dpd.conventions.regles.vie import dernier_jour
from dpd.regles.typographie import INSECABLE, MOIS, date_longue

FORMES = {
    Forme.LRAR: "par lettre recommandée avec avis de réception",
    Forme.NOTIFICATION: "par une décision de l’organe délibérant, notifiée",
    Forme.ECRIT: "par écrit",
}


@dataclass(frozen=True, slots=True)
class Clause:
    """Une clause lisible ; ``article`` est vide si le modèle ne le dit pas."""

    titre: str
    phrase: str
    article: str = ""


def le_jour(jour: date) -> str:
    """« 31 décembre 2025 », « 1er juillet 2025 » : sans le jour de la semaine."""
    return date_longue(jour).split(" ", 1)[1]


def quantieme(jour: JourMois) -> str:
    """« 31 octobre », pour une date de chaque année."""
    mois, rang = jour
    return f"{'1er' if rang == 1 else rang}{INSECABLE}{MOIS[mois - 1]}"


def duree(mois: int) -> str:
    """« un an », « 5 ans », « 18 mois »."""
    if mois % 12 == 0:
        return "un an" if mois == 12 else f"{mois // 12}{INSECABLE}ans"
    return f"{mois}{INSECABLE}mois"


def reference(*articles: str) -> str:
    """« (article 9) », ou rien."""
    dits = ", ".join(a for a in articles if a)
    return f" ({dits})" if dits else ""


def _suite(clauses: Clauses) -> str:
    if clauses.reconduction == Reconduction.EXPRESSE:
        delai = duree(clauses.renouvellement_mois or 0)
        return (
            f"Elle ne se renouvelle qu’expressément, au moins {delai} avant l’échéance. Sans cela, elle "
            "s’éteint à son terme."
        )
    if clauses.reconduction == Reconduction.AUCUNE:
        return "Elle s’éteint à son terme, sans reconduction."
    if clauses.duree_mois is None:
        return "Elle court tant que personne ne la dénonce."
    return "Elle se reconduit tacitement, pour la même durée, tant que personne ne la dénonce."


def _denonciation(clauses: Clauses) -> str:
    forme = FORMES[clauses.forme]
    if clauses.preavis == Preavis.GLISSANT:
        return (
            f"Chaque partie peut la dénoncer à tout moment, {forme}, avec un préavis de "
            f"{duree(clauses.preavis_mois or 0)}."
        )
    if clauses.preavis == Preavis.AVANT_ECHEANCE:
        return (
            f"Chaque partie peut la dénoncer {forme}, présentée au moins {duree(clauses.preavis_mois or 0)} "
            "avant l’échéance."
        )
    bornes = (clauses.limite_collectivite, clauses.limite_structure, clauses.fin_annuelle)
    collectivite, structure, fin = (quantieme(borne) if borne else "" for borne in bornes)
    return (
        f"La collectivité la dénonce avant le {collectivite}, la structure avant le {structure}, {forme}. "
        f"La fin est alors au {fin}."
    )


def clauses_en_clair(clauses: Clauses) -> tuple[Clause, ...]:
    """Effet, durée, suite, dénonciation et hausse, dans l’ordre où on les cherche."""
    effet = (
        f"Le {le_jour(clauses.date_fixe)}."
        if clauses.depart == Depart.DATE_FIXE and clauses.date_fixe
        else "Le jour de la dernière des deux signatures."
    )
    lues = [
        Clause("Prise d’effet", effet, clauses.article_duree),
        Clause(
            "Durée",
            f"Elle dure {duree(clauses.duree_mois)}." if clauses.duree_mois else "Elle n’a pas de terme.",
            clauses.article_duree,
        ),
        Clause("Ensuite", _suite(clauses), clauses.article_duree),
        Clause("Dénonciation", _denonciation(clauses), clauses.article_denonciation),
    ]
    if clauses.hausse_mois:
        phrase = (
            f"La collectivité a {duree(clauses.hausse_mois)} pour dénoncer, à compter de la notification."
        )
        lues.append(Clause("Hausse du tarif", phrase, clauses.article_hausse))
    return tuple(lues)


def exemple(clauses: Clauses, jour: date) -> tuple[str, ...]:
    """Ce que donneraient ces clauses si les deux parties signaient ce jour-là, une phrase par date."""
    effet = date_effet(clauses, (jour, jour)) or jour
    fin = dernier_jour(clauses, effet)
    if fin is not None and fin < jour:
        return (f"Signée aujourd’hui, elle serait déjà éteinte, depuis le {le_jour(fin)}.",)
    phrases = [f"Signée aujourd’hui, elle prend effet le {le_jour(effet)}."]
    if echeance := prochaine_echeance(clauses, effet, max(jour, effet)):
        phrases.append(f"Elle échoit le {le_jour(echeance)}.")
    ouverte = fenetre(clauses, effet, Partie.COLLECTIVITE, max(jour, effet))
    if ouverte.limite is None or ouverte.agir_avant is None:
        phrases.append(f"Dénoncée le même jour, elle prendrait fin le {le_jour(ouverte.fin)}.")
    else:
        phrases.append(f"Elle se dénonce jusqu’au {le_jour(ouverte.limite)}, pour le {le_jour(ouverte.fin)}.")
        if ouverte.agir_avant < ouverte.limite:
            phrases.append(f"Ce jour est fermé{INSECABLE}: on agit le {date_longue(ouverte.agir_avant)}.")
    return tuple(phrases)
