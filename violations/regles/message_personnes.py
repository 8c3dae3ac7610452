"""Le message aux personnes : proposé d’après le dossier, relu contre les quatre points de l’article 34-2.

En langage clair : ce qui s’est passé, ce que cela peut entraîner, ce qui a été fait et ce que chacun peut
faire, qui joindre (RGPD art. 34-2 et 33-3 b, c, d). Ce que le dossier ne sait pas reste entre crochets.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from dpd.regles.texte import normaliser
from dpd.regles.typographie import date_longue, enumeration
from violations.enums import DonneesTouchees, NatureViolation, PersonnesTouchees
from violations.regles.message_phrases import CONSEILS, NOMS, RISQUES, RISQUES_NATURE, SURVENUE

PASSE, RISQUE = "Ce qui s’est passé", "Ce que cela peut entraîner"
FAIT, FAIRE = "Ce que nous avons fait", "Ce que vous pouvez faire"
JOINDRE = "Qui joindre"
TITRES = (PASSE, RISQUE, FAIT, FAIRE, JOINDRE)
PUCE = "– "
A_ECRIRE = "[À écrire\u00a0: "
MINEURS = frozenset({PersonnesTouchees.MINEURS, PersonnesTouchees.ELEVES})

# Les quatre points de l’article 34-2, et comment le dire à qui les a oubliés.
POINTS: Mapping[str, str] = MappingProxyType(
    {
        "nature": "ce qui s’est passé",
        "contact": "qui joindre, avec un numéro ou une adresse électronique",
        "consequences": "ce que cela peut entraîner pour les personnes",
        "mesures": "ce que vous avez fait, ou allez faire, pour y remédier",
    }
)
# Le titre sous lequel le message proposé le dit, et des mots qui le disent sans ce titre.
_SIGNES: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "nature": (
            PASSE,
            (
                *("ont pu etre", "a pu etre", "ont ete", "perdu", "vole", "pirate", "envoye par erreur"),
                *("consulte", "divulgue", "publie", "efface", "modifie", "inaccessible"),
            ),
        ),
        "contact": (JOINDRE, ("joindre", "contact", "ecrire a", "ecrivez", "appel", "telephone", "delegue")),
        "consequences": (
            RISQUE,
            ("entrainer", "consequence", "risque", "pourrait", "pourriez", "pourraient"),
        ),
        "mesures": (FAIT, ("nous avons", "avons-nous", "nous allons", "mesures prises", "a ete corrige")),
    }
)
_CROCHETS = re.compile(r"\[À écrire\s*:\s*([^\]]*?)\.?\]")
_JOIGNABLE = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|(?:\d[\s.\u00a0\u202f-]?){9,}\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Ce que le message reprend. ``le`` : le jour du début, ou celui de la détection s’il manque.

    ``dpd`` : son nom ; ``joindre`` : courriel et téléphone, ceux que l’on connaît.
    """

    organisme: str
    fait: str
    le: date | None = None
    en_cours: bool = False
    natures: tuple[NatureViolation, ...] = ()
    donnees: tuple[DonneesTouchees, ...] = ()
    donnees_precision: str = ""
    personnes: tuple[PersonnesTouchees, ...] = ()
    consequences: str = ""
    mesures: str = ""
    dpd: str = ""
    joindre: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Partie:
    """Un titre et ce qui le suit ; ``titre`` est vide avant le premier."""

    titre: str
    paragraphes: tuple[str, ...] = ()
    puces: tuple[str, ...] = ()


def proposer(dossier: Dossier) -> str:
    """Le message proposé, à relire ; un paragraphe par ligne, une ligne vide entre deux parties."""
    enfant = ", ou qui concerne votre enfant" if MINEURS & set(dossier.personnes) else ""
    parties = (
        ["Madame, Monsieur,", f"Nous vous informons d’une violation de données qui vous concerne{enfant}."],
        [PASSE, *_ce_qui_s_est_passe(dossier)],
        [RISQUE, *_ce_que_cela_entraine(dossier)],
        [FAIT, dossier.mesures.strip() or _a_ecrire("ce qui a été fait pour y mettre fin")],
        [FAIRE, *_conseils(dossier)],
        [JOINDRE, _qui_joindre(dossier)],
        [dossier.organisme],
    )
    return "\n\n".join("\n".join(partie) for partie in parties if len(partie) > 1 or partie[0] not in TITRES)


def _a_ecrire(quoi: str) -> str:
    return f"{A_ECRIRE}{quoi}.]"


def _ce_qui_s_est_passe(dossier: Dossier) -> Iterator[str]:
    quand = f"{date_longue(dossier.le)}\u00a0: ".capitalize() if dossier.le else ""
    fait = dossier.fait.strip().rstrip(".")
    yield f"{quand}{fait[:1].lower() + fait[1:] if quand else fait}."
    if dossier.en_cours:
        yield "Ce n’est pas encore terminé\u00a0: nous vous tiendrons informés."
    yield from (SURVENUE[nature] for nature in NatureViolation if nature in dossier.natures)
    noms = [NOMS[donnee] for donnee in DonneesTouchees if donnee in dossier.donnees and donnee in NOMS]
    if dossier.donnees_precision.strip():
        noms.append(dossier.donnees_precision.strip().rstrip("."))
    if noms:
        yield f"Les données touchées\u00a0: {enumeration(tuple(noms))}."
    elif DonneesTouchees.INCONNUES in dossier.donnees:
        yield "Nous cherchons encore quelles données sont touchées."
    else:
        yield _a_ecrire("quelles données sont touchées")


def _ce_que_cela_entraine(dossier: Dossier) -> Iterator[str]:
    ecrites = dossier.consequences.strip()
    donnees = dossier.donnees if _lues(dossier) else ()
    phrases = _uniques(
        (
            *(RISQUES[donnee] for donnee in DonneesTouchees if donnee in donnees and donnee in RISQUES),
            *(RISQUES_NATURE[n] for n in NatureViolation if n in dossier.natures and n in RISQUES_NATURE),
        )
    )
    if not ecrites and not phrases:
        yield _a_ecrire("ce qui pourrait arriver aux personnes")
    if ecrites:
        yield ecrites
    yield from (f"{PUCE}{phrase}" for phrase in phrases)


def _conseils(dossier: Dossier) -> Iterator[str]:
    if _lues(dossier):
        conseils = (CONSEILS[d] for d in DonneesTouchees if d in dossier.donnees and d in CONSEILS)
        yield from (f"{PUCE}{conseil}" for conseil in _uniques(conseils))


def _lues(dossier: Dossier) -> bool:
    """Quelqu’un a pu les lire : les risques et les conseils qui en viennent n’ont de sens qu’alors."""
    return NatureViolation.CONFIDENTIALITE in dossier.natures


def _uniques(phrases: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(phrases))


def _qui_joindre(dossier: Dossier) -> str:
    qui = (
        f"notre délégué à la protection des données, {dossier.dpd}"
        if dossier.dpd
        else "la personne chargée du dossier"
    )
    par = " ou ".join(dossier.joindre) or _a_ecrire("un courriel ou un téléphone")
    return f"Pour toute question, vous pouvez contacter {qui}\u00a0: {par}"


def manques(texte: str) -> list[str]:
    """Ce que l’article 34-2 exige et qui manque au message, en clair ; vide s’il dit tout.

    Ce qui reste entre crochets n’est pas dit. La lecture se fait par titres et par mots : elle rappelle un
    oubli, elle ne juge pas de la clarté.
    """
    lues = parties(_CROCHETS.sub("", texte))
    remplies = {partie.titre for partie in lues if partie.paragraphes or partie.puces}
    mots = normaliser(" ".join(t for p in lues for t in (*p.paragraphes, *p.puces)).replace("’", " "))
    absents = {
        point
        for point, (titre, signes) in _SIGNES.items()
        if titre not in remplies and not any(signe in mots for signe in signes)
    }
    if not _JOIGNABLE.search(_CROCHETS.sub("", texte)):
        absents.add("contact")
    return [phrase for point, phrase in POINTS.items() if point in absents]


def a_ecrire(texte: str) -> list[str]:
    """Ce qui reste entre crochets."""
    return [quoi.strip() for quoi in _CROCHETS.findall(texte)]


def parties(texte: str) -> list[Partie]:
    """Le message découpé à ses titres et à ses lignes vides, pour une page, un courrier ou une affiche."""
    lues: list[tuple[str, list[str]]] = [("", [])]
    for ligne in (ligne.strip() for ligne in texte.splitlines()):
        titre = ligne.rstrip(":\u00a0 ")
        if titre in TITRES:
            lues.append((titre, []))
        elif ligne:
            lues[-1][1].append(ligne)
        elif lues[-1][1]:
            lues.append(("", []))
    return [
        Partie(
            titre,
            tuple(ligne for ligne in lignes if not ligne.startswith(PUCE)),
            tuple(ligne.removeprefix(PUCE) for ligne in lignes if ligne.startswith(PUCE)),
        )
        for titre, lignes in lues
        if titre or lignes
    ]
