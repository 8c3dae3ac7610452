"""Les gestes sur les indices : saisir, reprendre les valeurs sûres, corriger, délibérer d’un raccord."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.models import Structure
from dpd.conventions.acces_etats import jour_de
from dpd.conventions.enums import SerieIndice
from dpd.conventions.indices_surs import valeurs_sures
from dpd.conventions.models import EtatAnnuel, IndiceRevision, RegleRaccord
from dpd.conventions.regles.indices import serie_publiee

MOTIF_MAX = 70  # l’historique garde cent caractères, verbe compris


@transaction.atomic
def saisir_indice(
    *,
    structure: Structure,
    serie: str,
    annee: int,
    mois: int,
    valeur: Decimal,
    publie_le: date | None,
    source: str,
    auteur,
    maintenant: datetime,
) -> IndiceRevision:
    """Enregistre une valeur publiée, avec sa source.

    :raises ValidationError: si elle est déjà saisie, nulle ou négative, si sa série était arrêtée, ou si
        elle n’a pas pu paraître.
    """
    if serie == SerieIndice.ANCIEN and serie_publiee(annee, mois) != SerieIndice.ANCIEN:
        raise ValidationError({"serie": "La série d’origine s’arrête en juillet 2022."})
    indice = IndiceRevision(
        structure=structure,
        serie=serie,
        annee=annee,
        mois=mois,
        valeur=valeur,
        publie_le=publie_le,
        source=source,
    )
    _verrouiller(structure)
    _verifier_publication(indice, jour_de(structure, maintenant))
    return indice.enregistrer(auteur=auteur, maintenant=maintenant, raison="Indice saisi")


@dataclass(frozen=True, slots=True)
class Reprise:
    """``differents`` : les valeurs déjà saisies qui ne sont pas celles de la reprise ; elles restent."""

    repris: int
    differents: tuple[IndiceRevision, ...]


@transaction.atomic
def reprendre_valeurs_sures(*, structure: Structure, auteur, maintenant: datetime) -> Reprise:
    """Saisit les valeurs livrées avec l’application ; ce qui est déjà saisi n’est jamais remplacé."""
    _verrouiller(structure)
    deja = {(i.serie, i.annee, i.mois): i for i in IndiceRevision.objects.filter(structure=structure)}
    nouveaux, differents = [], []
    for sure in valeurs_sures():
        connu = deja.get((sure.serie, sure.annee, sure.mois))
        if connu is None:
            nouveaux.append(
                IndiceRevision(
                    structure=structure,
                    serie=sure.serie,
                    annee=sure.annee,
                    mois=sure.mois,
                    valeur=sure.valeur,
                    publie_le=sure.publie_le,
                    source=sure.source,
                )
            )
        elif connu.valeur != sure.valeur:
            differents.append(connu)
    IndiceRevision.objects.creer_en_masse(
        nouveaux, auteur=auteur, maintenant=maintenant, raison="Valeur sûre reprise"
    )
    return Reprise(len(nouveaux), tuple(differents))


@transaction.atomic
def corriger_indice(
    *,
    indice: IndiceRevision,
    valeur: Decimal,
    publie_le: date | None,
    source: str,
    motif: str,
    auteur,
    maintenant: datetime,
) -> IndiceRevision:
    """Corrige une valeur en disant pourquoi ; un état figé garde la valeur qu’il a employée.

    :raises ValidationError: si le motif manque, ou si la valeur n’est pas strictement positive.
    """
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi\u00a0: cette valeur a pu servir à un calcul."})
    actuel = IndiceRevision.objects.select_for_update(no_key=True).get(pk=indice.pk)
    actuel.valeur, actuel.publie_le, actuel.source = valeur, publie_le, source
    _verifier_publication(actuel, jour_de(actuel.structure, maintenant))
    raison = f"Indice corrigé\u00a0: {motif.strip()[:MOTIF_MAX]}"
    return actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison=raison)


def etats_figes_avec(indice: IndiceRevision) -> int:
    """Combien d’états annuels figés ont employé cette valeur ; ils ne changent jamais."""
    figes = EtatAnnuel.objects.filter(structure=indice.structure_id, exercice__gt=indice.annee)
    cle = (indice.serie, indice.annee, indice.mois)
    return sum(
        any(i and (i["serie"], i["annee"], i["mois"]) == cle for i in (sources["base"], *sources["suite"]))
        for sources in figes.order_by().values_list("sources", flat=True).iterator()
    )


@transaction.atomic
def deliberer_raccord(
    *,
    structure: Structure,
    coefficient: Decimal,
    deliberation: str,
    deliberee_le: date,
    source: str,
    auteur,
    maintenant: datetime,
) -> RegleRaccord:
    """Enregistre la règle délibérée qui prolonge la série d’origine par la série révisée.

    Elle vaut pour l’exercice de sa délibération et les suivants.

    :raises ValidationError: par champ ; ou si une règle porte déjà cette date.
    """
    regle = RegleRaccord(
        structure=structure,
        coefficient=coefficient,
        deliberation=deliberation,
        deliberee_le=deliberee_le,
        source=source,
    )
    if deliberee_le > jour_de(structure, maintenant):
        raise ValidationError({"deliberee_le": "Une règle s’enregistre une fois délibérée."})
    if RegleRaccord.objects.filter(structure=structure, deliberee_le=deliberee_le).exists():
        raise ValidationError({"deliberee_le": "Une règle délibérée ce jour-là est déjà enregistrée."})
    return regle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Règle de raccord délibérée")


def _verrouiller(structure: Structure) -> None:
    """Saisir et reprendre passent l’un après l’autre : ils se disputeraient la même valeur."""
    Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)


def _verifier_publication(indice: IndiceRevision, jour: date) -> None:
    """Un indice se publie après le mois qu’il décrit, et ne se saisit qu’une fois publié."""
    if (indice.annee, indice.mois) >= (jour.year, jour.month):
        raise ValidationError({"annee": "Ce mois n’est pas fini\u00a0: son indice n’a pas paru."})
    if indice.publie_le and indice.publie_le > jour:
        raise ValidationError({"publie_le": "Cette date est dans le futur."})
    if indice.publie_le and (indice.publie_le.year, indice.publie_le.month) <= (indice.annee, indice.mois):
        raise ValidationError({"publie_le": "Un indice paraît après le mois qu’il décrit."})
