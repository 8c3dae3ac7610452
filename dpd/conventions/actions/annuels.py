"""L’état annuel : figé une fois, avec ses sources et un numéro qui se suit. Rien ne le modifie ensuite."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.conventions.models import Convention, EtatAnnuel, Numerotation
from dpd.conventions.previsions import a_evaluer, evaluer
from dpd.conventions.regles.calcul import Calcul, Ligne
from dpd.conventions.regles.sources import vers_json
from dpd.conventions.tarification import Tarification
from dpd.regles.empreintes import empreinte_du_contenu


class DejaFige(ValidationError):
    """L’état de cet exercice existe ; il est dans ``etat``."""

    def __init__(self, etat: EtatAnnuel):
        self.etat = etat
        super().__init__(f"L’état {etat.exercice} est déjà figé (n°\u00a0{etat})\u00a0: il ne change plus.")


@transaction.atomic
def figer(
    *,
    convention: Convention,
    exercice: int,
    auteur,
    maintenant: datetime,
    tarification: Tarification | None = None,
) -> EtatAnnuel:
    """Fige l’état des prestations d’un exercice, base de la facturation.

    Le numéro se prend et l’état s’écrit dans la même transaction, sous le même verrou : ni doublon, ni
    trou. La convention se relit sous le sien, celui de qui trace : aucune journée ne lui échappe.
    ``tarification`` : celle de l’exercice, si l’appelant l’a déjà ; elle ne prête que ses prix.

    :raises DejaFige: si l’état existe.
    :raises ValidationError: si le montant ne peut pas être arrêté ; chaque anomalie y est nommée.
    """
    convention = _relire(convention)
    collectivite = convention.collectivite
    structure = collectivite.structure
    compteur = prendre_la_numerotation(structure, exercice)
    deja = EtatAnnuel.objects.filter(collectivite=collectivite, exercice=exercice).first()
    if deja is not None:
        raise DejaFige(deja)
    if tarification is None:
        tarification = Tarification(structure, exercice, [convention])
    else:
        tarification = tarification.de_la_seule(convention)
    jour = maintenant.astimezone(collectivite.fuseau).date()
    evaluation = evaluer(convention, jour, tarification)
    if evaluation.anomalies:
        raise ValidationError(list(evaluation.anomalies))
    compteur.dernier += 1
    compteur.save(update_fields=["dernier"])
    sources, calcul = evaluation.sources, evaluation.calcul
    etat = EtatAnnuel(
        collectivite=collectivite,
        structure=structure,
        convention=convention,
        bareme=tarification.bareme(convention),
        exercice=exercice,
        numero=compteur.dernier,
        phase=sources.phase.value,
        population=sources.population,
        millesime=sources.millesime,
        sources=vers_json(sources),
        lignes=lignes_figees(calcul),
        total=calcul.total,
        fige_le=maintenant,
        fige_par=auteur,
    )
    etat.empreinte = empreinte_de(etat)
    return etat.enregistrer(auteur=auteur, maintenant=maintenant, raison=f"État annuel n° {etat} figé")


def _relire(convention: Convention) -> Convention:
    """La convention telle qu’elle est en base, verrouillée : rien ne s’y trace pendant qu’on la fige."""
    verrouillees = a_evaluer().select_for_update(of=("self",), no_key=True)
    return verrouillees.select_related("modele", "collectivite__structure").get(pk=convention.pk)


def prendre_la_numerotation(structure, exercice: int) -> Numerotation:
    """La ligne du compteur, verrouillée : qui fige en même temps attend son tour."""
    compteur, _ = Numerotation.objects.get_or_create(structure=structure, exercice=exercice)
    return Numerotation.objects.select_for_update(no_key=True).get(pk=compteur.pk)


def lignes_figees(calcul: Calcul) -> list[dict[str, Any]]:
    """Les lignes en valeurs JSON : un montant y est un texte, jamais un nombre flottant."""
    return [_ligne(ligne) for ligne in calcul.lignes]


def _ligne(ligne: Ligne) -> dict[str, Any]:
    return {
        "libelle": ligne.libelle,
        "detail": ligne.detail,
        "quantite": str(ligne.quantite),
        "unite": ligne.unite,
        "prix_base": str(ligne.prix_base),
        "prix_revise": str(ligne.prix_revise),
        "montant": str(ligne.montant),
        "formule": [
            {"operateur": t.operateur, "valeur": str(t.valeur), "libelle": t.libelle} for t in ligne.formule
        ],
    }


def empreinte_de(etat: EtatAnnuel) -> str:
    """SHA-256 de tout ce que l’état affirme ; recalculée, elle prouve qu’il n’a pas changé."""
    return empreinte_du_contenu(
        {
            "structure": etat.structure.siren,
            "collectivite": etat.collectivite.siren,
            "exercice": etat.exercice,
            "numero": etat.numero,
            "phase": etat.phase,
            "sources": etat.sources,
            "lignes": etat.lignes,
            "total": str(etat.total),
        }
    )
