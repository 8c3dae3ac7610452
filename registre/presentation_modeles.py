"""Un modèle prêt à lire : les codes en toutes lettres, ce qui n’est pas établi laissé vide."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dpd.comptes.enums import TypeCollectivite
from dpd.regles.typographie import INSECABLE
from registre.bibliotheque.schema import LACUNES, NIVEAUX, PRESENCES
from registre.enums import StatutPreuve
from registre.lecture import FicheLue, presenter
from registre.libelles import libelle
from registre.models import VersionModele
from registre.regles.comparaison import Ecart, comparer
from registre.regles.conservation import libelle_duree
from registre.regles.contenu import Duree, depuis_dict

# Ton de l’état affiché : le vert est réservé au texte officiel lu dans sa version récente.
TONS_DE_PREUVE = {
    StatutPreuve.V1: "fait",
    StatutPreuve.V1_2014: "accent",
    StatutPreuve.V2: "accent",
    StatutPreuve.K: "attention",
    StatutPreuve.REF: "attention",
}
CORROBORATIONS = {"simple": "une seule source", "croisee": "sources croisées", "aucune": "aucune source"}
TYPES = dict(TypeCollectivite.choices)


@dataclass(frozen=True, slots=True)
class Preuve:
    """Ce que vaut un fait, pour le DPD seulement."""

    code: str
    libelle: str
    ton: str


@dataclass(frozen=True, slots=True)
class DureeLue:
    objet: str
    duree: str
    base_active: str
    intermediaire: str
    point_de_depart: str
    sort: str
    reference: str
    note: str
    preuve_duree: Preuve | None
    preuve_sort: Preuve | None
    corroboration: str
    sources: list[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Fait:
    """Une affirmation du modèle, sa preuve et ses sources."""

    intitule: str
    texte: str
    precisions: tuple[str, ...]
    preuve: Preuve | None
    sources: list[Mapping[str, str]]


def preuve(code: str) -> Preuve | None:
    if not code:
        return None
    statut = StatutPreuve(code)
    return Preuve(statut.value, statut.label, TONS_DE_PREUVE[statut])


def fiche_lue(version: VersionModele) -> FicheLue:
    return presenter(depuis_dict(version.contenu))


def durees_lues(version: VersionModele) -> list[DureeLue]:
    return [_duree_lue(ligne) for ligne in version.durees]


def _duree_lue(ligne: Mapping[str, Any]) -> DureeLue:
    duree = ligne["duree"]
    return DureeLue(
        objet=ligne["objet"],
        duree=libelle_duree(Duree(duree["nombre"], duree["unite"])) if duree else "",
        base_active=ligne["base_active"],
        intermediaire=ligne["intermediaire"],
        point_de_depart=ligne["point_de_depart"],
        sort=libelle("sorts_finaux", ligne["sort_final"]) if ligne["sort_final"] else "",
        reference=ligne["reference"],
        note=ligne["note"],
        preuve_duree=preuve(ligne["statut_duree"]),
        preuve_sort=preuve(ligne["statut_sort_final"]),
        corroboration=CORROBORATIONS.get(ligne["corroboration"], ""),
        sources=ligne["sources"],
    )


def sources_des_durees(version: VersionModele) -> list[Mapping[str, str]]:
    """Les sources des durées, chacune une fois, avec sa note."""
    return list({source["ref"]: source for ligne in version.durees for source in ligne["sources"]}.values())


def mesures_proposees(version: VersionModele) -> list[str]:
    return [libelle("mesures_securite", code) for code in version.sources["mesures_proposees"]]


def niveau_de_securite(version: VersionModele) -> str:
    return NIVEAUX[version.sources["niveau_securite"]]


def types_d_organismes(version: VersionModele) -> list[str]:
    """« Commune », « CCAS ou CIAS »…"""
    return [TYPES.get(code, code) for code in version.modele.entites.strip("|").split("|")]


def lacunes(version: VersionModele) -> list[tuple[str, list[str]]]:
    """Ce que la bibliothèque dit ne pas savoir : (nature, objets)."""
    return [(LACUNES[nature], objets) for nature, objets in version.sources["lacunes"].items() if objets]


def faits(version: VersionModele) -> list[Fait]:
    """Les textes et les affirmations du modèle, avec ce qui les établit."""
    sources = version.sources
    textes = [
        Fait("Texte" if t["nature"] == "texte" else "Repère", t["ref"], (), preuve(t["statut"]), t["sources"])
        for t in sources["textes"]
    ]
    aipd, sensibles, nir = sources["aipd"], sources["donnees_sensibles"], sources["nir"]
    return [
        *textes,
        _fait("Données sensibles", PRESENCES[sensibles["presence"]], sensibles, "condition", "reference"),
        _fait("Numéro de sécurité sociale", PRESENCES[nir["presence"]], nir, "condition", "reference"),
        _fait("Analyse d’impact", aipd["libelle"], aipd, "motif", "reference"),
        _fait("Description d’ensemble", "", sources["descriptif"]),
    ]


def _fait(intitule: str, texte: str, fait: Mapping[str, Any], *cles: str) -> Fait:
    precisions = tuple(fait[cle] for cle in cles if fait[cle])
    return Fait(intitule, texte, precisions, preuve(fait["statut"]), fait["sources"])


def ecarts(avant: VersionModele, apres: VersionModele) -> list[Ecart]:
    """Ce qui change d’une version à l’autre : la fiche, les durées proposées, les précautions."""
    fiche = comparer(depuis_dict(avant.contenu), depuis_dict(apres.contenu), libelle)
    return [*fiche, *_ecarts_de_durees(avant, apres), *_ecarts_de_vigilance(avant, apres)]


def _ecarts_de_durees(avant: VersionModele, apres: VersionModele) -> list[Ecart]:
    anciennes = {ligne.objet: resume(ligne) for ligne in durees_lues(avant)}
    nouvelles = {ligne.objet: resume(ligne) for ligne in durees_lues(apres)}
    return [
        Ecart("Durées proposées", objet, anciennes.get(objet, ""), nouvelles.get(objet, ""))
        for objet in dict.fromkeys([*anciennes, *nouvelles])
        if anciennes.get(objet) != nouvelles.get(objet)
    ]


def resume(ligne: DureeLue) -> str:
    """« 10 ans ; en usage courant : contrat en cours ; ensuite : élimination »."""
    dits = (
        ("", ligne.duree),
        ("à compter de", ligne.point_de_depart),
        ("en usage courant", ligne.base_active),
        ("puis", ligne.intermediaire),
        ("ensuite", ligne.sort),
        ("référence", ligne.reference),
    )
    morceaux = [f"{nom}{INSECABLE}: {valeur}" if nom else valeur for nom, valeur in dits if valeur]
    return "\u202f; ".join(morceaux) or "à déterminer"


def _ecarts_de_vigilance(avant: VersionModele, apres: VersionModele) -> list[Ecart]:
    retires = [Ecart("Précautions", "", p, "") for p in avant.vigilance if p not in apres.vigilance]
    ajoutes = [Ecart("Précautions", "", "", p) for p in apres.vigilance if p not in avant.vigilance]
    return [*retires, *ajoutes]
