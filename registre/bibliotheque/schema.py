"""La forme d’un modèle de la bibliothèque, rubrique par rubrique, et ce qu’il ne doit pas contredire."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from dpd import vocabulaire
from dpd.comptes.enums import TypeCollectivite
from registre.bibliotheque.controles import (
    Ecarts,
    Regle,
    identifiant,
    indifferent,
    liste,
    ou_rien,
    parmi,
    rubriques,
    texte,
    texte_court,
)
from registre.enums import StatutPreuve
from registre.regles.conservation import lire_duree_iso

REGIMES = {
    "rgpd": "RGPD et titre II de la loi du 6 janvier 1978",
    "titre3": "Directive (UE) 2016/680, titre III de la loi du 6 janvier 1978",
    "mixte": "À ventiler par finalité, entre RGPD et titre III de la loi du 6 janvier 1978",
}
NIVEAUX = {"socle": "socle", "renforce": "renforcé", "maximal": "maximal"}
PRESENCES = {"oui": "Oui", "possible": "Possible", "non": "Non", "interdit": "Interdit"}
# RGPD art. 35 : un modèle propose, la fiche conclut.
AIPD = {
    "oui": "à faire (liste de la CNIL ou article 35-3)",
    "a_evaluer": "à évaluer (un ou deux critères possibles)",
    "non_a_priori": "non requise à première vue (hors listes, moins de deux critères attendus)",
    "non": "non requise (liste CNIL de dispense, ou à la charge d’un autre responsable)",
}
ABSENTES = ("non", "interdit")
PREFIXE_ART9 = "9.2."
TEXTE_DE_FINALITE_MAX = 400  # registre.models.Finalite
_BASES = {base.value for base in vocabulaire.BaseLegale} - {vocabulaire.BaseLegale.INTERET_LEGITIME.value}
_EXCEPTIONS = [f"{PREFIXE_ART9}{exception.value}" for exception in vocabulaire.ExceptionArt9]
_VERSION = re.compile(r"\d{4}-\d\d-\d\d")


def version(valeur: Any, chemin: str, ecarts: Ecarts) -> None:
    if valeur is None:
        ecarts.append((chemin, "la version de la bibliothèque manque."))
    elif not isinstance(valeur, str) or not _VERSION.fullmatch(valeur):
        ecarts.append((chemin, "la version est une date entre guillemets, par exemple '2026-11-21'."))


def base_legale(valeur: Any, chemin: str, ecarts: Ecarts) -> None:
    """Une seule base par finalité (RGPD art. 6-1) ; vide pour le titre III, ou si elle est à déterminer.

    L’intérêt légitime n’est pas ouvert aux missions d’une autorité publique (art. 6-1, dernier alinéa).
    """
    if valeur is None or (isinstance(valeur, str) and valeur in _BASES):
        return
    lettres = valeur if isinstance(valeur, list) else re.findall(r"\b[a-f]\b", str(valeur))
    if len(lettres) > 1:
        phrase = "deux bases légales pour une finalité. Gardez-en une, ou écrivez deux finalités."
    elif valeur == vocabulaire.BaseLegale.INTERET_LEGITIME:
        phrase = "l’intérêt légitime n’est pas ouvert aux missions d’une autorité publique."
    else:
        phrase = f"base légale inconnue : « {valeur} ». Écrivez a, b, c, d ou e."
    ecarts.append((chemin, phrase))


def duree_iso(valeur: Any, chemin: str, ecarts: Ecarts) -> None:
    try:
        duree = lire_duree_iso(str(valeur))
    except ValueError:
        duree = None
    if duree is None or not duree.nombre:
        ecarts.append((chemin, f"durée illisible : « {valeur} ». Écrivez P10Y, P13M ou P30D."))


def coherence(modele: Mapping[str, Any], chemin: str, ecarts: Ecarts) -> None:
    """Un modèle bien formé ne se contredit pas, et tient dans une fiche."""
    donnees = set(modele["donnees"])
    nir, sensibles = modele["nir"]["presence"], modele["donnees_sensibles"]["presence"]
    if vocabulaire.CategorieDonnees.NIR in donnees and nir in ABSENTES:
        ecarts.append((f"{chemin} > donnees", f"le NIR y figure, alors que sa présence est « {nir} »."))
    if donnees & vocabulaire.SENSIBLE and sensibles in ABSENTES:
        phrase = f"une donnée sensible y figure, alors que leur présence est « {sensibles} »."
        ecarts.append((f"{chemin} > donnees", phrase))
    if len("; ".join(b["ref"] for b in modele["base_legale"])) > TEXTE_DE_FINALITE_MAX:
        phrase = f"les références réunies dépassent {TEXTE_DE_FINALITE_MAX} signes."
        ecarts.append((f"{chemin} > base_legale", phrase))


_STATUT = parmi(StatutPreuve.values, "statut de preuve inconnu")
_FACULTATIF = ou_rien(texte)

LACUNES = {
    "ni_duree_ni_sort": "Ni durée ni sort final établis",
    "sort_connu_sans_duree": "Sort final connu, durée à établir",
    "duree_indiquee_sans_sort": "Durée connue, sort final à établir",
}
# Ce que tous les modèles partagent ; facultatif.
COMMUNES: dict[str, Regle] = {
    "avertissement": liste(texte),
    "valeurs_par_defaut": rubriques(
        {},
        {
            "transferts_hors_ue": texte,
            "profilage_decision_automatisee": texte,
            "origine_donnees": texte,
            "responsable": texte,
        },
    ),
    "lacunes": rubriques({}, {nature: liste(texte) for nature in LACUNES}),
}
SOURCE = rubriques(
    {"id": identifiant, "ref": texte, "statut": _STATUT},
    {"url": _FACULTATIF, "note": _FACULTATIF, "url_complete": indifferent},
)


def modele(sources: Iterable[str]) -> Regle:
    """La forme d’un modèle, sachant les identifiants des sources déclarées."""
    citees = liste(parmi(sources, "source inconnue"))
    presence = {"presence": parmi(PRESENCES, "présence inconnue"), "statut": _STATUT}
    precisions = {"condition": _FACULTATIF, "reference": _FACULTATIF, "sources": citees}
    exception = ou_rien(parmi(_EXCEPTIONS, "exception de l’article 9 inconnue"))
    aipd = {"requise": parmi(AIPD, "réponse inconnue"), "motif": texte, "statut": _STATUT}
    requises = {
        "id": identifiant,
        "domaine": texte_court(80),
        "nom": texte_court(200),
        "entites": liste(parmi(TypeCollectivite.values, "type d’organisme inconnu"), au_moins_un=True),
        "regime": parmi(REGIMES, "régime inconnu"),
        "role_collectivite": texte,
        "finalites": liste(rubriques({"libelle": texte_court(400), "art6": base_legale}), au_moins_un=True),
        "base_legale": liste(_reference(citees)),
        "personnes": _codes(vocabulaire.CategoriePersonnes, "catégorie de personnes inconnue"),
        "donnees": _codes(vocabulaire.CategorieDonnees, "catégorie de données inconnue"),
        "donnees_sensibles": rubriques(presence, {**precisions, "exception_art9": exception}),
        "nir": rubriques(presence, precisions),
        "destinataires": _codes(vocabulaire.CategorieDestinataire, "destinataire inconnu"),
        "durees": liste(_duree(citees)),
        "aipd": rubriques(aipd, {"reference": _FACULTATIF, "sources": citees}),
        "sous_traitants_types": _codes(vocabulaire.TypePrestataire, "prestataire type inconnu"),
        "niveau_securite": parmi(vocabulaire.NIVEAUX_SECURITE, "niveau de sécurité inconnu"),
        "descriptif": rubriques({"statut": _STATUT}, {"sources": citees}),
    }
    facultatives = {
        "vigilance": liste(texte),
        "donnees_precisions": liste(texte),
        "transferts_hors_ue": _FACULTATIF,
        "instructions_archives_a_confronter": citees,
    }
    return rubriques(requises, facultatives)


def _codes(enumeration: Any, quoi: str) -> Regle:
    return liste(parmi(enumeration.values, quoi))


def _reference(citees: Regle) -> Regle:
    requises = {"ref": texte, "nature": parmi(("texte", "repere"), "nature inconnue"), "statut": _STATUT}
    return rubriques(requises, {"sources": citees})


def _duree(citees: Regle) -> Regle:
    requises = {
        "objet": texte,
        "base_active": _FACULTATIF,
        "intermediaire": _FACULTATIF,
        "sort_final": ou_rien(parmi(vocabulaire.SortFinal.values, "sort final inconnu")),
        "duree_iso": ou_rien(duree_iso),
        "statut_duree": ou_rien(_STATUT),
        "statut_sort_final": ou_rien(_STATUT),
    }
    facultatives = {
        "point_de_depart": _FACULTATIF,
        "reference": _FACULTATIF,
        "note": _FACULTATIF,
        "sources": citees,
        "corroboration": parmi(("simple", "croisee", "aucune"), "corroboration inconnue"),
    }
    return rubriques(requises, facultatives)
