"""Deux écrans ouverts sur une même fiche : voir ce qu’un enregistrement écraserait sans l’avoir lu.

Un écran garde le repère de ce qu’il a montré. À l’enregistrement, une rubrique est en conflit si elle a
changé depuis et si la saisie la changerait encore ; deux onglets sur deux étapes ne se gênent donc pas.
"""

import hashlib
import json
from dataclasses import replace

from registre.regles.contenu import Fiche, en_dict

DEDUITES = frozenset({"responsable"})  # relue du compte de la collectivité, jamais saisie dans une étape
LONGUEUR = 12  # chiffres hexadécimaux : on compare deux états d’une même rubrique, on ne prouve rien


def repere(fiche: Fiche) -> str:
    """Ce qu’un écran montre de la fiche : « nom:1f3a… finalites:90bc… », à garder avec la saisie."""
    return " ".join(f"{rubrique}:{trace}" for rubrique, trace in _traces(fiche).items())


def ecrasees(lu: str, actuelle: Fiche, saisie: Fiche) -> tuple[str, ...]:
    """Les rubriques que la saisie changerait et qui ne sont plus comme l’écran les a montrées.

    :param lu: le :func:`repere` de l’écran ; une rubrique qu’il ne dit pas passe pour non lue.
    """
    lues = dict(mot.partition(":")[::2] for mot in lu.split())
    nouvelles = _traces(saisie)
    return tuple(
        rubrique
        for rubrique, trace in _traces(actuelle).items()
        if nouvelles[rubrique] != trace != lues.get(rubrique)
    )


def fusionner(actuelle: Fiche, saisie: Fiche, rubriques: tuple[str, ...]) -> Fiche:
    """La fiche actuelle où ces seules rubriques viennent de la saisie."""
    return replace(actuelle, **{rubrique: getattr(saisie, rubrique) for rubrique in rubriques})


def _traces(fiche: Fiche) -> dict[str, str]:
    return {
        rubrique: hashlib.sha256(json.dumps(valeur, sort_keys=True).encode()).hexdigest()[:LONGUEUR]
        for rubrique, valeur in en_dict(fiche).items()
        if rubrique not in DEDUITES
    }
