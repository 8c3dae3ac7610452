"""Le calendrier légal : jours fériés, jours ouvrés et fuseau de chaque territoire.

Onze jours fériés sont communs à toute la République (code du travail, art. L.3133-1) ; certains
territoires en ajoutent. Chaque ligne porte sa période de validité et sa source : un usage sans
texte (mi-carême, 21 juillet, Vendredi saint aux Antilles) n’y figure pas, car il ne reporte
aucune échéance légale.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo


class Territoire(StrEnum):
    """Territoires dont les jours fériés ou l’heure légale diffèrent."""

    __hash__ = str.__hash__  # celui d’Enum se calcule en Python ; un territoire est une clé de table

    METROPOLE = "metropole"
    ALSACE_MOSELLE = "alsace_moselle"
    ALSACE_MOSELLE_SANS_TEMPLE = "alsace_moselle_sans_temple"
    GUADELOUPE = "guadeloupe"
    MARTINIQUE = "martinique"
    GUYANE = "guyane"
    REUNION = "reunion"
    MAYOTTE = "mayotte"
    SAINT_PIERRE_ET_MIQUELON = "saint_pierre_et_miquelon"
    SAINT_BARTHELEMY = "saint_barthelemy"
    SAINT_MARTIN = "saint_martin"
    NOUVELLE_CALEDONIE = "nouvelle_caledonie"
    POLYNESIE = "polynesie"
    WALLIS_ET_FUTUNA = "wallis_et_futuna"


FUSEAUX: Mapping[Territoire, str] = MappingProxyType(
    {
        Territoire.METROPOLE: "Europe/Paris",
        Territoire.ALSACE_MOSELLE: "Europe/Paris",
        Territoire.ALSACE_MOSELLE_SANS_TEMPLE: "Europe/Paris",
        Territoire.GUADELOUPE: "America/Guadeloupe",
        Territoire.MARTINIQUE: "America/Martinique",
        Territoire.GUYANE: "America/Cayenne",
        Territoire.REUNION: "Indian/Reunion",
        Territoire.MAYOTTE: "Indian/Mayotte",
        Territoire.SAINT_PIERRE_ET_MIQUELON: "America/Miquelon",  # heure d’été nord-américaine
        Territoire.SAINT_BARTHELEMY: "America/St_Barthelemy",
        Territoire.SAINT_MARTIN: "America/Marigot",
        Territoire.NOUVELLE_CALEDONIE: "Pacific/Noumea",
        Territoire.POLYNESIE: "Pacific/Tahiti",  # les Marquises et les Gambier ont leur propre heure
        Territoire.WALLIS_ET_FUTUNA: "Pacific/Wallis",
    }
)


@dataclass(frozen=True, slots=True)
class JourFerie:
    """Un jour férié : date fixe (mois, quantième) ou écart en jours au dimanche de Pâques."""

    nom: str
    quand: tuple[int, int] | int
    depuis: int = 0  # première année, incluse
    jusqu_a: int = 9999  # dernière année, incluse


NATIONAUX: tuple[JourFerie, ...] = (
    # Liste : code du travail, art. L.3133-1 ; service-public.fr, fiche F24496.
    JourFerie("Jour de l’an", (1, 1)),  # arrêté du 29 germinal an X et avis du Conseil d’État de 1810
    JourFerie("Lundi de Pâques", 1),  # loi du 8 mars 1886
    JourFerie("Fête du Travail", (5, 1)),  # loi du 30 avril 1947
    JourFerie("Victoire 1945", (5, 8), depuis=1982),  # loi n° 81-893 du 2 octobre 1981
    JourFerie("Ascension", 39),  # arrêté du 29 germinal an X
    # Férié même quand il est travaillé au titre de la journée de solidarité (loi n° 2004-626).
    JourFerie("Lundi de Pentecôte", 50),  # loi du 8 mars 1886
    JourFerie("Fête nationale", (7, 14)),  # loi du 6 juillet 1880
    JourFerie("Assomption", (8, 15)),  # arrêté du 29 germinal an X
    JourFerie("Toussaint", (11, 1)),  # arrêté du 29 germinal an X
    JourFerie("Armistice 1918", (11, 11)),  # loi du 24 octobre 1922
    JourFerie("Noël", (12, 25)),  # arrêté du 29 germinal an X
)

_ABOLITION = "Abolition de l’esclavage"

LOCAUX: Mapping[Territoire, tuple[JourFerie, ...]] = MappingProxyType(
    {
        Territoire.METROPOLE: (),
        # Ordonnance du 16 août 1892, maintenue par le code du travail, art. L.3134-13. Le Vendredi
        # saint n’est férié que dans les communes ayant un temple protestant ou une église mixte.
        Territoire.ALSACE_MOSELLE: (
            JourFerie("Vendredi saint", -2),
            JourFerie("Saint-Étienne", (12, 26)),
        ),
        Territoire.ALSACE_MOSELLE_SANS_TEMPLE: (JourFerie("Saint-Étienne", (12, 26)),),
        # Loi n° 83-550 du 30 juin 1983, décret n° 83-1003 du 23 novembre 1983 ; code du travail,
        # art. L.3422-2. Le 20 décembre 1983 fut le premier célébré.
        Territoire.GUADELOUPE: (JourFerie(_ABOLITION, (5, 27), depuis=1984),),
        Territoire.MARTINIQUE: (JourFerie(_ABOLITION, (5, 22), depuis=1984),),
        Territoire.GUYANE: (JourFerie(_ABOLITION, (6, 10), depuis=1984),),
        Territoire.REUNION: (JourFerie(_ABOLITION, (12, 20), depuis=1983),),
        Territoire.MAYOTTE: (JourFerie(_ABOLITION, (4, 27), depuis=1984),),
        # Aucun jour propre : la loi de 1983 ne vise pas l’archipel.
        Territoire.SAINT_PIERRE_ET_MIQUELON: (),
        # Décret n° 2012-553 du 23 avril 2012.
        Territoire.SAINT_BARTHELEMY: (JourFerie(_ABOLITION, (10, 9), depuis=2012),),
        # 27 mai : décret n° 2012-553 du 23 avril 2012. 28 mai : pratiqué depuis 2018 (loi n° 2017-256
        # du 28 février 2017, circulaire du 4 mai 2018), le texte consolidé n’ayant pas suivi.
        Territoire.SAINT_MARTIN: (
            JourFerie(_ABOLITION, (5, 27), depuis=2012, jusqu_a=2017),
            JourFerie(_ABOLITION, (5, 28), depuis=2018),
        ),
        # Fête de la citoyenneté, dite « prise de possession » de 1953 à 2003.
        Territoire.NOUVELLE_CALEDONIE: (
            JourFerie("Prise de possession", (9, 24), depuis=1953, jusqu_a=2003),
            JourFerie("Fête de la citoyenneté", (9, 24), depuis=2004),
        ),
        # Code du travail de la Polynésie française ; Matāri’i : loi du pays adoptée le 6 mai 2025, qui
        # le substitue à la fête de l’autonomie.
        Territoire.POLYNESIE: (
            JourFerie("Arrivée de l’Évangile", (3, 5), depuis=1978),
            JourFerie("Vendredi saint", -2),
            JourFerie("Fête de l’autonomie", (6, 29), depuis=1985, jusqu_a=2024),
            JourFerie("Matāri’i", (11, 20), depuis=2025),
        ),
        # Arrêtés annuels du préfet, administrateur supérieur des îles Wallis-et-Futuna.
        Territoire.WALLIS_ET_FUTUNA: (
            JourFerie("Saint Pierre Chanel", (4, 28), depuis=1962),
            JourFerie("Saints Pierre et Paul", (6, 29), depuis=1962),
            JourFerie("Fête du Territoire", (7, 29), depuis=1962),
        ),
    }
)

PREMIERE_ANNEE = 1583  # première année entière du calendrier grégorien


def fuseau(territoire: Territoire) -> ZoneInfo:
    """Heure légale du territoire (base IANA). ValueError si le territoire est inconnu."""
    return ZoneInfo(FUSEAUX[territoire_connu(territoire)])


def jours_feries(annee: int, territoire: Territoire) -> dict[date, str]:
    """Jours fériés de l’année, du premier au dernier, et leur nom.

    Deux fêtes le même jour sont nommées ensemble (« Fête du Travail et Ascension »).
    ValueError si l’année sort de 1583-9999 ou si le territoire est inconnu.
    """
    return dict(_feries(_annee_connue(annee), territoire_connu(territoire)))


def est_ouvre(jour: date, territoire: Territoire) -> bool:
    """Vrai du lundi au vendredi, hors jours fériés (règlement 1182/71, art. 2-2)."""
    exiger_date(jour, "Le jour")
    zone = territoire_connu(territoire)
    return jour.weekday() < 5 and jour not in _feries(_annee_connue(jour.year), zone)


def territoire_connu(territoire: Territoire) -> Territoire:
    """Le territoire, ou ValueError en français s’il n’existe pas."""
    if isinstance(territoire, Territoire):
        return territoire
    try:
        return Territoire(territoire)
    except ValueError:
        raise ValueError(f"Territoire inconnu : {territoire!r}.") from None


def exiger_date(jour: date, quoi: str) -> None:
    """ValueError si la valeur n’est pas une date seule : un instant n’a pas de jour sans fuseau."""
    if isinstance(jour, datetime) or not isinstance(jour, date):
        raise ValueError(f"{quoi} doit être une date, sans heure.")


def _annee_connue(annee: int) -> int:
    if not PREMIERE_ANNEE <= annee <= date.max.year:
        raise ValueError(f"Année hors du calendrier : {annee}.")
    return annee


@lru_cache(maxsize=4096)
def _feries(annee: int, territoire: Territoire) -> Mapping[date, str]:
    paques = _dimanche_de_paques(annee)
    noms: dict[date, str] = {}
    for ferie in (*NATIONAUX, *LOCAUX[territoire]):
        if not ferie.depuis <= annee <= ferie.jusqu_a:
            continue
        quand = ferie.quand
        jour = paques + timedelta(days=quand) if isinstance(quand, int) else date(annee, *quand)
        noms[jour] = f"{noms[jour]} et {ferie.nom}" if jour in noms else ferie.nom
    return MappingProxyType(dict(sorted(noms.items())))


def _dimanche_de_paques(annee: int) -> date:
    """Comput grégorien anonyme (« Nature », 20 avril 1876 ; J. Meeus, « Astronomical Algorithms », ch. 8)."""
    a, (b, c) = annee % 19, divmod(annee, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    mois, rang = divmod(h + m - 7 * n + 114, 31)
    return date(annee, mois, rang + 1)
