"""Traduire un modèle contrôlé dans les termes d’une fiche, sans rien ajouter à ce qu’il établit.

Ce que le modèle ne sait pas reste vide : l’écran écrit « à déterminer ». Les durées portent sur des
objets (un dossier, un registre), jamais recopiées sur des catégories de données : elles se proposent à
côté. Les mesures de sécurité se proposent aussi : seule la collectivité dit ce qui est en place.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dpd import vocabulaire
from dpd.regles.typographie import FINE, INSECABLE
from registre.bibliotheque.schema import AIPD, LACUNES, PREFIXE_ART9, REGIMES
from registre.enums import StatutPreuve
from registre.regles.conservation import lire_duree_iso
from registre.regles.contenu import (
    Fiche,
    LigneDestinataire,
    LigneDonnees,
    LigneFinalite,
    LignePersonnes,
    LignePrestataire,
)

# Ceux qui, dans la liste des destinataires, sont de la maison.
DESTINATAIRES_INTERNES = frozenset({"services", "direction", "executif", "assemblee", "dpd", "archives"})
PREUVES = tuple(StatutPreuve)  # de la plus forte à la plus faible
_TECHNIQUES = frozenset({"id", "url"})
_TYPOGRAPHIE = (
    (re.compile("'"), "’"),
    (re.compile(r"«[ \u00a0\u202f]*"), "«\u00a0"),
    (re.compile(r"[ \u00a0\u202f]*»"), "\u00a0»"),
    (re.compile(r" :(?=\s|$)"), f"{INSECABLE}:"),
    (re.compile(r" ([;!?])(?=\s|$|\))"), rf"{FINE}\1"),
    (re.compile(r"\bn° "), f"n°{INSECABLE}"),
    (re.compile(r"(?<![\d.,-])(\d{1,3}) (\d{3})(?![\d-])"), rf"\1{FINE}\2"),
    (re.compile(r"(?<=\d) (?=(?:ans?|mois|jours?|heures?|h)\b)"), INSECABLE),
)


def typographier(valeur: Any) -> Any:
    """Le texte à la française : apostrophes courbes, espaces insécables. Idempotent.

    Parcourt listes et ensembles ; les identifiants et les adresses ne changent pas.
    """
    if isinstance(valeur, str):
        for motif, remplacement in _TYPOGRAPHIE:
            valeur = motif.sub(remplacement, valeur)
        return valeur
    if isinstance(valeur, list):
        return [typographier(element) for element in valeur]
    if isinstance(valeur, dict):
        return {cle: v if cle in _TECHNIQUES else typographier(v) for cle, v in valeur.items()}
    return valeur


def fiche(modele: Mapping[str, Any]) -> Fiche:
    """La fiche de départ : RGPD art. 30-1 b, c, d, et les prestataires types.

    Les textes sont établis pour le modèle entier : chaque finalité les porte tous, la collectivité
    garde ceux qui la fondent. Un simple repère (recommandation, norme abrogée) n’est pas un texte, et
    un sous-traitant (art. 28) n’est pas un destinataire : il est parmi les prestataires.
    """
    textes = f"{FINE}; ".join(b["ref"] for b in modele["base_legale"] if b["nature"] == "texte")
    return Fiche(
        nom=modele["nom"],
        finalites=tuple(
            LigneFinalite(f["libelle"], f["art6"] or "", textes, principale=rang == 0)
            for rang, f in enumerate(modele["finalites"])
        ),
        personnes=tuple(
            LignePersonnes(p, vulnerables=p in vocabulaire.VULNERABLES) for p in modele["personnes"]
        ),
        donnees=tuple(
            LigneDonnees(d, exception_art9=_exception(d, modele["donnees_sensibles"]))
            for d in modele["donnees"]
        ),
        destinataires=tuple(
            LigneDestinataire("interne" if d in DESTINATAIRES_INTERNES else "externe", d)
            for d in modele["destinataires"]
            if d != vocabulaire.CategorieDestinataire.SOUS_TRAITANTS
        ),
        prestataires=tuple(LignePrestataire(p) for p in modele["sous_traitants_types"]),
        aipd_motif=_aipd(modele["aipd"]),
    )


def _exception(categorie: str, sensibles: Mapping[str, Any]) -> str:
    """RGPD art. 9-2 : l’exception que propose le modèle, sur les seules catégories sensibles."""
    proposee = sensibles.get("exception_art9") or ""
    return proposee.removeprefix(PREFIXE_ART9) if categorie in vocabulaire.SENSIBLE else ""


def _aipd(aipd: Mapping[str, Any]) -> str:
    """RGPD art. 35 : une proposition à relire, jamais une conclusion."""
    return f"Proposition du modèle{INSECABLE}: {AIPD[aipd['requise']]}. {aipd['motif']}."


def durees(modele: Mapping[str, Any], sources: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Les durées que l’écran de saisie propose de reprendre, une par objet."""
    return [_duree(ligne, sources) for ligne in modele["durees"]]


def _duree(ligne: Mapping[str, Any], sources: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    lue = lire_duree_iso(ligne["duree_iso"]) if ligne["duree_iso"] else None
    textes = (
        "base_active", "intermediaire", "point_de_depart", "sort_final", "reference",
        "statut_duree", "statut_sort_final", "corroboration", "note",
    )  # fmt: skip
    return {
        "objet": ligne["objet"],
        "duree": {"nombre": lue.nombre, "unite": lue.unite} if lue else None,
        "sources": citer(ligne.get("sources"), sources),
        **{cle: ligne.get(cle) or "" for cle in textes},
    }


def citer(identifiants: Sequence[str] | None, sources: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [sources[i] for i in identifiants or ()]


def source(declaree: Mapping[str, Any]) -> dict[str, Any]:
    """Une source telle qu’on la montre au DPD : ``url`` est un lien, ce qui la suivait va en note."""
    url, _, suite = (declaree.get("url") or "").partition(" ")
    note = f"{FINE}; ".join(morceau for morceau in (suite.strip("()"), declaree.get("note")) if morceau)
    return {"ref": declaree["ref"], "statut": declaree["statut"], "url": url, "note": note}


def preuves(
    modele: Mapping[str, Any], sources: Mapping[str, dict[str, Any]], commun: Mapping[str, Any]
) -> dict[str, Any]:
    """Tout ce que le modèle dit de lui-même : d’où il vient, ce que cela vaut, ce qui reste à établir.

    ``commun`` : ``defauts`` (valeurs par défaut de la bibliothèque), ``avertissement``, ``lacunes``
    (par identifiant de modèle).
    """
    defauts = commun["defauts"]
    return {
        "regime": {"code": modele["regime"], "libelle": REGIMES[modele["regime"]]},
        "role_collectivite": modele["role_collectivite"],
        "textes": [_fait(b, sources, "ref", "nature") for b in modele["base_legale"]],
        "descriptif": _fait(modele["descriptif"], sources),
        "donnees_sensibles": _fait(
            modele["donnees_sensibles"], sources, "presence", "condition", "exception_art9", "reference"
        ),
        "donnees_precisions": modele.get("donnees_precisions") or [],
        "nir": _fait(modele["nir"], sources, "presence", "condition", "reference"),
        "aipd": _fait(modele["aipd"], sources, "requise", "motif", "reference")
        | {"libelle": AIPD[modele["aipd"]["requise"]]},
        "niveau_securite": modele["niveau_securite"],
        "mesures_proposees": [m.value for m in vocabulaire.NIVEAUX_SECURITE[modele["niveau_securite"]]],
        "transferts": modele.get("transferts_hors_ue") or defauts.get("transferts_hors_ue") or "",
        "decision_automatisee": defauts.get("profilage_decision_automatisee") or "",
        "origine_donnees": defauts.get("origine_donnees") or "",
        "instructions_archives": citer(modele.get("instructions_archives_a_confronter"), sources),
        "lacunes": commun["lacunes"].get(modele["id"], {nature: [] for nature in LACUNES}),
        "avertissement": commun["avertissement"],
    }


def _fait(fait: Mapping[str, Any], sources: Mapping[str, dict[str, Any]], *cles: str) -> dict[str, Any]:
    return {cle: fait.get(cle) or "" for cle in (*cles, "statut")} | {
        "sources": citer(fait.get("sources"), sources)
    }


def plus_faible(sources: Mapping[str, Any], lignes: Sequence[Mapping[str, Any]]) -> str:
    """Le statut de preuve le plus faible de ce qu’une fiche reprendrait : textes, durées, sorts finaux.

    Vide si rien n’est établi. V1 est le plus fort, K et REF les plus faibles.
    """
    statuts = [t["statut"] for t in sources.get("textes", ())]
    statuts += [ligne[cle] for ligne in lignes for cle in ("statut_duree", "statut_sort_final") if ligne[cle]]
    return max(statuts, key=lambda s: PREUVES.index(StatutPreuve(s)), default="")
