"""L’historique d’une fiche : ce qui a changé, quand, et par qui pour le DPD seul.

Qui a proposé ou modifié une fiche trahirait quelle collectivité travaille avec le prestataire.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import capfirst

from subtraitance.actions.annuaire_fiche import CHAMPS
from subtraitance.annuaire_pays import NOMS
from subtraitance.models import Certification, Logiciel, SousTraitant, SousTraitantUlterieur

LIMITE = 50
LIGNES = (Logiciel, Certification, SousTraitantUlterieur)


@dataclass(frozen=True, slots=True)
class Changement:
    champ: str
    avant: str
    apres: str


@dataclass(frozen=True, slots=True)
class Evenement:
    quand: datetime
    quoi: str
    qui: str
    changements: tuple[Changement, ...] = ()


def evenements(fiche: SousTraitant, *, nominatif: bool) -> list[Evenement]:
    """Les cinquante derniers, du plus récent au plus ancien ; quatre requêtes."""
    trouves = [*_de_la_fiche(fiche, nominatif), *_des_lignes(fiche, nominatif)]
    return sorted(trouves, key=lambda e: e.quand, reverse=True)[:LIMITE]


def _qui(ligne, nominatif: bool) -> str:
    return str(ligne.history_user or "l’application") if nominatif else ""


def _de_la_fiche(fiche: SousTraitant, nominatif: bool) -> Iterator[Evenement]:
    lues = fiche.history.select_related("history_user").order_by("-history_date", "-history_id")
    lignes = list(lues[: LIMITE + 1])
    for ligne, avant in zip(lignes[:LIMITE], [*lignes[1:], None], strict=False):
        yield Evenement(
            ligne.history_date,
            ligne.history_change_reason or "Fiche",
            _qui(ligne, nominatif),
            tuple(_changements(avant, ligne)) if avant else (),
        )


def _changements(avant, apres) -> Iterator[Changement]:
    for nom in CHAMPS:
        if getattr(avant, nom) != getattr(apres, nom):
            libelle = capfirst(SousTraitant._meta.get_field(nom).verbose_name)
            yield Changement(libelle, _lisible(avant, nom), _lisible(apres, nom))


def _lisible(ligne, nom: str) -> str:
    valeur = getattr(ligne, nom)
    if nom == "hebergement_pays":
        valeur = NOMS.get(valeur, valeur)
    if nom == "type":
        valeur = dict(SousTraitant._meta.get_field(nom).flatchoices).get(valeur, valeur)
    return valeur or "vide"


def _des_lignes(fiche: SousTraitant, nominatif: bool) -> Iterator[Evenement]:
    for modele in LIGNES:
        lues = modele.history.filter(sous_traitant=fiche).select_related("history_user")
        if modele is SousTraitantUlterieur:
            lues = lues.select_related("history_user", "ulterieur")
        for ligne in lues.order_by("-history_date", "-history_id")[:LIMITE]:
            nom = ligne.ulterieur.nom if modele is SousTraitantUlterieur else ligne.nom
            quoi = f"{ligne.history_change_reason or capfirst(modele._meta.verbose_name)}\u00a0: {nom}"
            yield Evenement(ligne.history_date, quoi, _qui(ligne, nominatif))
