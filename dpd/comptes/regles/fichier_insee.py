"""Lire le fichier de populations communales de l’INSEE, sans jamais deviner.

Le fichier ``donnees_communes.csv`` de l’archive « ensemble » change d’en-têtes d’un millésime à l’autre :
on lit par nom de colonne, tout en texte (01001, 2A004). Trois dispositions sont connues :

- récente : ``…;DEP;…;CODCOM;COM;Commune;PMUN;PCAP;PTOT``, où COM est le code INSEE ;
- ancienne : ``…;CODDEP;…;CODCOM;COM;PMUN;PCAP;PTOT``, où COM est le nom ;
- Mayotte, publiée à part : ``REG;DEP;COM;PMUN;PCAP;PTOT``, où COM est le code.

Population totale = population municipale + population comptée à part (CGCT art. R.2151-1).
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dpd.regles.texte import normaliser
from dpd.regles.typographie import enumeration, nombre

ERREURS_MAX = 50
POPULATION_MAX = 100_000_000  # plus que la France entière : une faute de frappe, jamais une commune
_CODE = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-578]|2[AB])\d{3}", re.ASCII)
_ENTIER = re.compile(r"\d+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+", re.ASCII)
_ARRONDISSEMENTS = (("13201", "13216"), ("69381", "69389"), ("75101", "75120"))
_NOMBRES = ("pmun", "pcap", "ptot")


class FichierIllisible(ValueError):
    """Le fichier entier est refusé ; le message dit quoi faire."""


@dataclass(frozen=True)
class PopulationInsee:
    code: str
    nom: str
    municipale: int
    a_part: int
    totale: int


@dataclass(frozen=True)
class ErreurDeLigne:
    ligne: int
    message: str


@dataclass(frozen=True)
class Lecture:
    """Ce que dit le fichier. Si ``erreurs`` n’est pas vide, rien n’en doit être écrit."""

    communes: tuple[PopulationInsee, ...]
    erreurs: tuple[ErreurDeLigne, ...]
    nb_erreurs: int

    @property
    def totaux(self) -> tuple[int, int, int]:
        """(municipale, comptée à part, totale) ; des contrôles, jamais une population de la France."""
        return (
            sum(c.municipale for c in self.communes),
            sum(c.a_part for c in self.communes),
            sum(c.totale for c in self.communes),
        )


def est_arrondissement(code: str) -> bool:
    """Vrai pour un arrondissement municipal de Paris, Lyon ou Marseille, que le fichier donne seuls."""
    return any(premier <= code <= dernier for premier, dernier in _ARRONDISSEMENTS)


def lire(octets: bytes, *, municipale_publiee: int | None = None) -> Lecture:
    """Lit et contrôle tout le fichier.

    ``municipale_publiee`` est le total de population municipale imprimé par l’INSEE, s’il est connu :
    un écart refuse le fichier. FichierIllisible si le fichier n’est pas lisible du tout.
    """
    lignes = _lignes(decoder(octets))
    entete = [normaliser(titre) for titre in next(lignes, (0, []))[1]]
    code_et_nom = _reperer(entete)
    rangs = tuple(entete.index(nom) for nom in _NOMBRES)
    communes: dict[str, PopulationInsee] = {}
    erreurs: list[ErreurDeLigne] = []
    derniere = 0
    for derniere, valeurs in lignes:
        try:
            commune = _commune(valeurs, len(entete), code_et_nom, rangs)
            if commune.code in communes:
                raise ValueError(f"la commune {commune.code} est déjà dans le fichier")
            communes[commune.code] = commune
        except ValueError as refus:
            erreurs.append(ErreurDeLigne(derniere, str(refus)))
    if not communes and not erreurs:
        raise FichierIllisible("Ce fichier ne contient aucune commune.")
    lecture = Lecture(tuple(communes.values()), (), 0)
    erreurs += _erreur_de_total(lecture, municipale_publiee, derniere) if not erreurs else []
    return Lecture(lecture.communes, tuple(erreurs[:ERREURS_MAX]), len(erreurs))


def decoder(octets: bytes) -> str:
    """Le texte d’un fichier UTF-8 (avec ou sans marque) ou Windows-1252.

    FichierIllisible pour une archive, un classeur, de l’UTF-16, un encodage inconnu ou un fichier coupé.
    """
    if octets.startswith(b"PK"):
        raise FichierIllisible(
            "C’est une archive ou un classeur. Ouvrez l’archive « ensemble.zip » et donnez le fichier "
            "« donnees_communes.csv » qu’elle contient."
        )
    if octets[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in octets:
        raise FichierIllisible("Ce fichier n’est pas un CSV en UTF-8 ni en Windows-1252.")
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as refus:
        if refus.reason == "unexpected end of data":
            raise FichierIllisible("Le fichier est tronqué\u00a0: sa dernière lettre est coupée.") from refus
    try:
        return octets.decode("cp1252")
    except UnicodeDecodeError as refus:
        raise FichierIllisible("L’encodage de ce fichier n’est ni UTF-8 ni Windows-1252.") from refus


def _lignes(texte: str) -> Iterator[tuple[int, list[str]]]:
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=";")
    try:
        for valeurs in lecteur:
            if any(valeur.strip() for valeur in valeurs):
                yield lecteur.line_num, [valeur.strip() for valeur in valeurs]
    except csv.Error as refus:
        raise FichierIllisible(f"La ligne {lecteur.line_num} est illisible.") from refus


def _reperer(entete: list[str]) -> Callable[[list[str]], tuple[str, str]]:
    """De quoi tirer (code INSEE, nom) d’une ligne, selon la disposition reconnue."""
    manquantes = [nom.upper() for nom in ("com", *_NOMBRES) if nom not in entete]
    departement = "coddep" if "coddep" in entete else "dep"
    ancienne = "codcom" in entete and "commune" not in entete
    if ancienne and departement not in entete:
        manquantes.append("CODDEP")
    if manquantes:
        separateur = "" if len(entete) > 1 else " Le séparateur attendu est le point-virgule."
        pluriel = "les colonnes" if len(manquantes) > 1 else "la colonne"
        raise FichierIllisible(f"Il manque {pluriel} {enumeration(tuple(manquantes))}.{separateur}")
    doubles = [nom.upper() for nom in ("com", *_NOMBRES) if entete.count(nom) > 1]
    if doubles:
        raise FichierIllisible(f"Une colonne est en double\u00a0: {enumeration(tuple(doubles))}.")
    com = entete.index("com")
    if ancienne:
        dep, codcom = entete.index(departement), entete.index("codcom")
        return lambda v: (v[dep][:2] + v[codcom], v[com])
    nom = entete.index("commune") if "commune" in entete else None
    return lambda v: (v[com], "" if nom is None else v[nom])


def _commune(
    valeurs: list[str],
    largeur: int,
    code_et_nom: Callable[[list[str]], tuple[str, str]],
    rangs: tuple[int, ...],
) -> PopulationInsee:
    if len(valeurs) != largeur:
        ecart = (
            "la ligne est coupée, le fichier est sans doute tronqué"
            if len(valeurs) < largeur
            else "la ligne est trop longue"
        )
        raise ValueError(f"{ecart}\u00a0: {len(valeurs)} valeurs au lieu de {largeur}")
    code, nom = code_et_nom(valeurs)
    nom = nom.replace("'", "’")
    if not _CODE.fullmatch(code):
        raise ValueError(
            f"«\u00a0{code}\u00a0» n’est pas un code INSEE de commune\u00a0; un tableur a pu effacer un zéro"
        )
    municipale, a_part, totale = (_entier(valeurs[rang], nom or code) for rang in rangs)
    if totale != municipale + a_part:
        raise ValueError(
            f"{nom or code}\u00a0: la population totale {nombre(totale)} n’est pas la somme de "
            f"{nombre(municipale)} et {nombre(a_part)}"
        )
    return PopulationInsee(code, nom, municipale, a_part, totale)


def _entier(valeur: str, nom: str) -> int:
    if valeur.startswith("-"):
        raise ValueError(f"{nom}\u00a0: une population ne peut pas être négative ({valeur})")
    if not _ENTIER.fullmatch(valeur):
        raise ValueError(f"{nom}\u00a0: «\u00a0{valeur}\u00a0» n’est pas un nombre d’habitants")
    chiffres = "".join(c for c in valeur if c.isdigit())
    if len(chiffres.lstrip("0")) > len(str(POPULATION_MAX)) or int(chiffres) > POPULATION_MAX:
        raise ValueError(f"{nom}\u00a0: la population dépasse {nombre(POPULATION_MAX)} d’habitants")
    return int(chiffres)


def _erreur_de_total(lecture: Lecture, publiee: int | None, ligne: int) -> list[ErreurDeLigne]:
    somme = lecture.totaux[0]
    if publiee is None or publiee == somme:
        return []
    return [
        ErreurDeLigne(
            ligne,
            f"la somme des populations municipales est {nombre(somme)}, l’INSEE annonce "
            f"{nombre(publiee)}\u00a0: le fichier est incomplet ou n’est pas de ce millésime",
        )
    ]
