"""Faut-il une analyse d’impact (AIPD) ? Un premier filtre, que le responsable confirme.

Dans l’ordre : les trois cas du RGPD (art. 35-3) et la liste de la CNIL des traitements soumis à
AIPD, puis sa liste des traitements dispensés, puis les neuf critères du groupe de l’article 29
(WP248) : deux critères ou plus, l’analyse est due en principe. Une dispense ne vaut que dans les
conditions du texte. Le DPD conseille (art. 35-2), le responsable décide.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from dpd.regles.typographie import en_lettres, enumeration
from registre.regles.listes_aipd import CAS_ARTICLE_35_3, CRITERES_WP248, TYPES_DISPENSES, TYPES_REQUIS

VERIFIEE_LE = date(2026, 11, 21)  # dernière lecture des listes
AUCUN_TYPE = "aucun"  # « mon traitement n’est dans aucune liste »
SEUIL_DE_CRITERES = 2  # WP248 rév. 01, III.B ; CNIL, « Ce qu’il faut savoir sur l’AIPD »

SOURCE_ARTICLE_35_3 = "RGPD, art. 35-3"
SOURCE_REQUIS = "CNIL, délibération n° 2018-327 du 11 octobre 2018 (modifiée par la n° 2019-011)"
SOURCE_DISPENSES = "CNIL, délibération n° 2019-118 du 12 septembre 2019"
SOURCE_CRITERES = "Lignes directrices WP248 rév. 01 sur l’AIPD, neuf critères"

LIBELLES: Mapping[str, str] = MappingProxyType(
    {
        "requise": "AIPD requise",
        "dispensee": "Dispensée, à confirmer",
        "a_justifier": "À justifier par écrit",
        "non_requise": "Non requise a priori",
        "a_determiner": "À déterminer",
    }
)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """``code`` : requise, dispensee, a_justifier, non_requise ou a_determiner ; le reste s’affiche."""

    code: str
    libelle: str
    explication: str
    source: str


def evaluer_aipd(type_liste: str, criteres: Collection[str], *, repondu: bool = True) -> Conclusion:
    """Conclusion du premier filtre.

    ``type_liste`` : code d’un type des listes, « aucun » ou vide ; ``criteres`` : codes WP248 cochés,
    chacun comptant une fois ; ``repondu=False`` tant que les questions n’ont pas été posées.
    ValueError si un code est inconnu.
    """
    coches = tuple(code for code in CRITERES_WP248 if code in criteres)
    if inconnus := set(criteres) - set(coches):
        raise ValueError(f"Critère d’AIPD inconnu : {', '.join(sorted(inconnus))}.")
    if type_liste in CAS_ARTICLE_35_3:
        texte = f"Le RGPD impose une analyse d’impact : {_bas(CAS_ARTICLE_35_3[type_liste])}."
        return _conclure("requise", texte, SOURCE_ARTICLE_35_3)
    if type_liste in TYPES_REQUIS:
        texte = f"La CNIL impose une analyse d’impact : {_bas(TYPES_REQUIS[type_liste])}."
        return _conclure("requise", texte, SOURCE_REQUIS)
    if type_liste in TYPES_DISPENSES:
        return _conclure("dispensee", _explication_de_dispense(type_liste, coches), SOURCE_DISPENSES)
    if type_liste not in ("", AUCUN_TYPE):
        raise ValueError(f"Type d’AIPD inconnu : {type_liste}.")
    return _selon_les_criteres(coches, repondu)


def _selon_les_criteres(coches: tuple[str, ...], repondu: bool) -> Conclusion:
    noms = enumeration(tuple(_bas(CRITERES_WP248[code]) for code in coches))
    if len(coches) >= SEUIL_DE_CRITERES:
        texte = f"{_en_tete(len(coches))} critères de risque sur neuf : {noms}."
        return _conclure("requise", texte, SOURCE_CRITERES)
    if coches:
        texte = f"Un critère de risque sur neuf : {noms}. Écrivez pourquoi une analyse n’est pas nécessaire."
        return _conclure("a_justifier", texte, SOURCE_CRITERES)
    if not repondu:
        return _conclure("a_determiner", "Les questions n’ont pas encore de réponse.", SOURCE_CRITERES)
    texte = "Hors des listes de la CNIL et aucun des neuf critères de risque."
    return _conclure("non_requise", texte, SOURCE_CRITERES)


def _explication_de_dispense(type_liste: str, coches: tuple[str, ...]) -> str:
    texte = (
        f"La CNIL dispense d’analyse d’impact : {_bas(TYPES_DISPENSES[type_liste])}. "
        "La dispense ne vaut que dans ces conditions exactes."
    )
    if len(coches) < SEUIL_DE_CRITERES:
        return texte
    noms = enumeration(tuple(_bas(CRITERES_WP248[code]) for code in coches))
    return f"{texte} Vous avez aussi coché : {noms}. Demandez à votre DPD si elle tient encore."


def _en_tete(n: int) -> str:
    """« Deux », « Neuf » : en tête de phrase."""
    return en_lettres(n).capitalize()


def _bas(libelle: str) -> str:
    return libelle[:1].lower() + libelle[1:]


def _conclure(code: str, explication: str, source: str) -> Conclusion:
    return Conclusion(code, LIBELLES[code], explication, source)
