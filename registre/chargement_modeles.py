"""Enregistrer la bibliothèque livrée avec l’application, en requêtes groupées et avec son historique."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from dpd.regles.texte import normaliser
from dpd.regles.typographie import date_longue
from registre.bibliotheque import Bibliotheque, ModeleLu
from registre.enums import EtatModele
from registre.models import ModeleTraitement, VersionModele

_COMPARES = ("nom", "contenu", "durees", "sources", "vigilance")
_HORS_COMPARAISON = "avertissement"  # il vaut pour toute la bibliothèque : seul, il ne change aucun modèle


@dataclass(frozen=True, slots=True)
class Bilan:
    """Ce qu’un chargement a fait ; ``absents`` : codes que le fichier ne porte plus, laissés tels quels."""

    crees: int
    nouvelles_versions: int
    inchanges: int
    absents: tuple[str, ...]


@transaction.atomic
def charger(*, bibliotheque: Bibliotheque, maintenant: datetime) -> Bilan:
    """Enregistre la bibliothèque commune ; relancer sans changement n’écrit rien.

    Un modèle dont le contenu a changé gagne une version publiée, qui devient celle que l’on propose.
    """
    connus = {
        m.code: m for m in ModeleTraitement.objects.filter(structure=None).select_for_update(no_key=True)
    }
    courantes = {
        v.modele_id: v
        for v in VersionModele.objects.filter(modele__structure=None, est_courante=True).select_related(
            "modele"
        )
    }
    _reclasser(bibliotheque.modeles, connus, courantes, maintenant)
    nouveaux = [lu for lu in bibliotheque.modeles if lu.code not in connus]
    if nouveaux:
        connus |= {m.code: m for m in _creer_modeles(nouveaux, maintenant)}
    changes = [lu for lu in bibliotheque.modeles if not _est_a_jour(lu, courantes.get(connus[lu.code].pk))]
    perimees = [courantes[pk] for lu in changes if (pk := connus[lu.code].pk) in courantes]
    if changes:
        _publier_en_bloc(changes, connus, perimees, bibliotheque.version, maintenant)
    presents = {lu.code for lu in bibliotheque.modeles}
    return Bilan(
        crees=len(nouveaux),
        nouvelles_versions=len(changes) - len(nouveaux),
        inchanges=len(bibliotheque.modeles) - len(changes),
        absents=tuple(sorted(set(connus) - presents)),
    )


def _creer_modeles(lus: Sequence[ModeleLu], maintenant: datetime) -> list[ModeleTraitement]:
    return bulk_create_with_history(
        [ModeleTraitement(code=lu.code, domaine=lu.domaine, entites=lu.entites) for lu in lus],
        ModeleTraitement,
        default_change_reason="Bibliothèque chargée",
        default_date=maintenant,
    )


def _reclasser(lus: Sequence[ModeleLu], connus, courantes, maintenant: datetime) -> None:
    """Domaine et types d’organismes ne font que ranger : les changer ne fait pas une version."""
    deplaces = []
    for lu in lus:
        modele = connus.get(lu.code)
        if modele is not None and (modele.domaine, modele.entites) != (lu.domaine, lu.entites):
            modele.domaine, modele.entites = lu.domaine, lu.entites
            deplaces.append(modele)
    if not deplaces:
        return
    _modifier_en_bloc(
        deplaces, ModeleTraitement, ["domaine", "entites"], "Modèle rangé autrement", maintenant
    )
    rangees = [courantes[m.pk] for m in deplaces if m.pk in courantes]
    for version in rangees:
        version.recherche = _cle_de_recherche(
            version.nom, version.contenu, connus[version.modele.code].domaine
        )
    VersionModele.objects.bulk_update(rangees, ["recherche"])  # colonne déduite, hors historique


def _est_a_jour(lu: ModeleLu, version: VersionModele | None) -> bool:
    if version is None:
        return False
    return all(
        _sans_avertissement(getattr(version, c)) == _sans_avertissement(getattr(lu, c)) for c in _COMPARES
    )


def _sans_avertissement(valeur: Any) -> Any:
    if isinstance(valeur, dict):
        return {cle: v for cle, v in valeur.items() if cle != _HORS_COMPARAISON}
    return valeur


def _publier_en_bloc(lus: Sequence[ModeleLu], connus, perimees, edition: str, maintenant: datetime) -> None:
    for version in perimees:
        version.est_courante = False
    _modifier_en_bloc(
        perimees, VersionModele, ["est_courante"], "Remplacée par une nouvelle version", maintenant
    )
    derniers = dict(
        VersionModele.objects.filter(modele__structure=None)
        .order_by()
        .values_list("modele")
        .annotate(dernier=Max("numero"))
    )
    note = f"Bibliothèque, édition du {date_longue(date.fromisoformat(edition))}."
    bulk_create_with_history(
        [
            VersionModele(
                modele=connus[lu.code],
                numero=derniers.get(connus[lu.code].pk, 0) + 1,
                etat=EtatModele.PUBLIE,
                nom=lu.nom,
                contenu=lu.contenu,
                durees=lu.durees,
                sources=lu.sources,
                vigilance=lu.vigilance,
                recherche=_cle_de_recherche(lu.nom, lu.contenu, lu.domaine),
                note_de_version=note,
                publiee_le=maintenant,
                est_courante=True,
            )
            for lu in lus
        ],
        VersionModele,
        default_change_reason="Bibliothèque chargée",
        default_date=maintenant,
    )


def _modifier_en_bloc(objets, modele, champs: list[str], raison: str, maintenant: datetime) -> None:
    if objets:
        bulk_update_with_history(
            objets, modele, champs, default_change_reason=raison, default_date=maintenant
        )


def _cle_de_recherche(nom: str, contenu: Mapping[str, Any], domaine: str) -> str:
    return normaliser(f"{nom} {contenu.get('description', '')} {domaine}")
