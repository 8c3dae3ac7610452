"""Le tarif d’un exercice, montré pas à pas : ce que lisent la page de la convention et celle du tarif.

:func:`contexte_tarif` rend de quoi afficher ``conventions/_calcul.html`` ; rien n’y est écrit en base.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dpd.conventions.affichage_essai import Essai, essayer
from dpd.conventions.affichage_etapes import etapes
from dpd.conventions.affichage_formules import Formule, formule, quantite
from dpd.conventions.affichage_modele import Contexte, Etape
from dpd.conventions.enums import LectureIndice
from dpd.conventions.models import Convention, EtatAnnuel, Hausse, RegleRaccord
from dpd.conventions.regles.calcul import Calcul, Ligne, calculer
from dpd.conventions.regles.sources import Sources
from dpd.conventions.regles.vie import exercices
from dpd.conventions.tarification import Tarification
from dpd.regles.typographie import date_longue, euros, nombre

SANS_EFFET = (
    "La convention n’a pas encore pris effet\u00a0: son tarif se calculera une fois signée par les deux."
)
EXERCICES_MONTRES = 4


@dataclass(frozen=True, slots=True)
class LigneAffichee:
    libelle: str
    detail: str
    quantite: str
    prix_base: str
    prix_revise: str
    montant: str


@dataclass(frozen=True, slots=True)
class CalculFige:
    """Un exercice passé, tel que son état l’a figé."""

    etat: EtatAnnuel
    formule: Formule | None
    total: Decimal


@dataclass(frozen=True, slots=True)
class Tarif:
    """Tout ce que montre ``_calcul.html``. ``message`` : pourquoi il n’y a rien à calculer, sinon vide."""

    exercice: int
    exercices: tuple[int, ...]
    collectivite: Any
    message: str = ""
    etapes: tuple[Etape, ...] = ()
    lignes: tuple[LigneAffichee, ...] = ()
    total_de_base: str = ""
    total: str = ""
    article: str = ""
    manques: tuple[str, ...] = ()
    etat: EtatAnnuel | None = None
    fige: CalculFige | None = None
    essai: Essai | None = None
    hausses: tuple[Hausse, ...] = ()


def contexte_tarif(convention: Convention, exercice: int, request, jour: date | None = None) -> dict:
    """Le contexte de ``conventions/_calcul.html`` : une seule clé, ``tarif``.

    Un exercice dont l’état est figé se remontre depuis ses seules sources. ``?essai=320,0`` essaie un
    indice attendu. ``jour`` borne les exercices proposés à celui qui suit ; sans lui, ils s’arrêtent à
    l’exercice montré et au suivant. ``convention`` porte son modèle et sa collectivité.
    """
    collectivite = convention.collectivite
    commun = {"exercice": exercice, "collectivite": collectivite}
    if convention.date_effet is None:
        return {"tarif": Tarif(**commun, exercices=(), message=SANS_EFFET)}
    commun["exercices"] = _exercices(convention, exercice, jour)
    commun["hausses"] = tuple(
        Hausse.objects.filter(convention=convention).select_related("bareme").order_by("-notifiee_le", "-pk")
    )
    figes = list(EtatAnnuel.objects.filter(convention=convention).order_by("-exercice"))
    etat = next((e for e in figes if e.exercice == exercice), None)
    commun |= {"etat": etat, "fige": _fige(figes, exercice), "article": convention.modele.article_tarif}
    if etat is not None:
        return {"tarif": _tarif(commun, etat.sources_figees, _autour(convention, exercice, jour))}
    tarification = Tarification(collectivite.structure, exercice, [convention])
    try:
        sources = tarification.sources(convention)
        autour = _autour(convention, exercice, jour, tarification.bareme(convention).lecture_indice)
        return {"tarif": _tarif(commun, sources, autour, essai=request.GET.get("essai", ""))}
    except ValueError as manque:  # aucun barème, ou une grille mal formée
        return {"tarif": Tarif(**commun, message=str(manque), manques=(str(manque),))}


def exercice_par_defaut(convention: Convention, jour: date) -> int | None:
    """L’exercice dont le montant reste à arrêter : l’année en cours, ou la suivante si elle est figée."""
    if convention.date_effet is None:
        return None
    fige = EtatAnnuel.objects.filter(convention=convention, exercice=jour.year).exists()
    couverts = exercices(convention.date_effet, convention.fin, jour.year + 1)
    if not couverts:
        return convention.date_effet.year
    voulu = jour.year + 1 if fige else jour.year
    return min(max(voulu, couverts[0]), couverts[-1])


def _exercices(convention: Convention, exercice: int, jour: date | None) -> tuple[int, ...]:
    dernier = max(exercice, jour.year + 1) if jour else exercice + 1
    couverts = exercices(convention.date_effet, convention.fin, dernier)
    montres = tuple(couverts)[-EXERCICES_MONTRES:]
    return montres if exercice in montres or exercice not in couverts else (exercice, *montres)


def _autour(
    convention: Convention, exercice: int, jour: date | None, lecture: str = LectureIndice.DU_MOIS.value
) -> Contexte:
    modele = convention.modele
    regles = RegleRaccord.objects.filter(structure=convention.collectivite.structure)
    regle = regles.filter(deliberee_le__year__lte=exercice).first()
    return Contexte(
        rang=exercice - convention.date_effet.year + 1,
        regle_phase=modele.regle_phase,
        lecture=lecture,
        jour=jour,
        article_prorata=modele.article_prorata,
        article_hausse=modele.article_hausse,
        hausse_mois=modele.hausse_mois,
        raccord=_dire_la_regle(regle) if regle else "",
    )


def _dire_la_regle(regle: RegleRaccord) -> str:
    delibere = f"Délibération {regle.deliberation} du {date_longue(regle.deliberee_le)}"
    return f"{delibere}, source\u00a0: {regle.source}."


def _tarif(commun: dict, sources: Sources, autour: Contexte, *, essai: str | None = None) -> Tarif:
    calcul = calculer(sources)
    return Tarif(
        **commun,
        etapes=tuple(etapes(sources, calcul, autour)),
        lignes=tuple(_ligne(ligne) for ligne in calcul.lignes),
        total_de_base=euros(sum((x.montant_de_base for x in calcul.lignes), Decimal(0))),
        total=euros(calcul.total) if calcul.total is not None else "",
        manques=calcul.manques,
        essai=essayer(sources, essai) if essai is not None else None,
    )


def _ligne(ligne: Ligne) -> LigneAffichee:
    return LigneAffichee(
        libelle=ligne.libelle,
        detail=ligne.detail,
        quantite=quantite(ligne.quantite, ligne.unite),
        prix_base=euros(ligne.prix_base),
        prix_revise="" if ligne.prix_revise is None else euros(ligne.prix_revise),
        montant="" if ligne.montant is None else euros(ligne.montant),
    )


def _fige(figes: Sequence[EtatAnnuel], exercice: int) -> CalculFige | None:
    """Le dernier exercice figé, hors celui qu’on montre."""
    etat = next((e for e in figes if e.exercice != exercice), None)
    if etat is None:
        return None
    calcul = etat.rejouer()
    revisee = next((ligne for ligne in calcul.lignes if ligne.formule), None)
    origine = _origine(revisee, calcul) if revisee else ""
    return CalculFige(etat, formule(revisee, origine, conclue=True) if revisee else None, etat.total)


def _origine(ligne: Ligne, calcul: Calcul) -> str:
    """« mise en place, 901 à 2 000 hab. »."""
    tranche = calcul.tranche
    suite = f", {nombre(tranche.minimum)} à {nombre(tranche.maximum)}\u00a0hab." if tranche else ""
    return f"{ligne.libelle[:1].lower()}{ligne.libelle[1:]}{suite}"
