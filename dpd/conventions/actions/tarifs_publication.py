"""Publier un barème : ce qui lui manque, et ce que devient celui d’avant."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from dpd.comptes.models import Structure
from dpd.conventions.actions.tarifs import brouillon_ou_refus
from dpd.conventions.enums import NatureBareme, Revision, SensForfait
from dpd.conventions.models import Bareme, Forfait
from dpd.conventions.regles.tarifs import verifier_grille
from dpd.regles.typographie import date_longue

SUR_INDICE = (Revision.BASE_FIXE, Revision.CHAINEE)
_VEILLE = timedelta(days=1)


@transaction.atomic
def publier_bareme(*, bareme: Bareme, auteur, maintenant: datetime) -> Bareme:
    """Publie un brouillon complet ; celui qui valait la veille s’arrête la veille.

    Un barème publié plus tard reste le sien : le nouveau s’arrête alors avant lui.

    :raises ValidationError: si le barème est incomplet, déjà publié, ou si un autre prend effet ce jour-là.
    """
    Structure.objects.select_for_update(no_key=True).get(
        pk=bareme.structure_id
    )  # deux publications se suivent
    brouillon = brouillon_ou_refus(bareme)
    if manques := manques_du_bareme(brouillon):
        raise ValidationError(manques)
    autres = Bareme.objects.filter(structure=brouillon.structure_id, publie=True)
    brouillon.publie = True
    _borner(brouillon, autres.filter(en_vigueur_du__gt=brouillon.en_vigueur_du).last())
    brouillon.enregistrer(auteur=auteur, maintenant=maintenant, raison="Barème publié")
    for precedent in autres.filter(
        Q(en_vigueur_au__isnull=True) | Q(en_vigueur_au__gte=brouillon.en_vigueur_du),
        en_vigueur_du__lt=brouillon.en_vigueur_du,
    ):
        precedent.en_vigueur_au = brouillon.en_vigueur_du - _VEILLE
        raison = f"Remplacé au {date_longue(brouillon.en_vigueur_du)}"
        precedent.enregistrer(auteur=auteur, maintenant=maintenant, raison=raison)
    return brouillon


def manques_du_bareme(bareme: Bareme) -> list[str]:
    """Ce qui empêche un barème d’être publié, en phrases ; vide s’il est complet."""
    phrases = [*_manques_de_la_nature(bareme)]
    if bareme.revision in SUR_INDICE and bareme.indice_base is None:
        phrases.append("Une révision sur indice part d’un indice d’origine\u00a0: choisissez-le.")
    return phrases


def _manques_de_la_nature(bareme: Bareme) -> list[str]:
    if bareme.nature == NatureBareme.TRANCHES:
        try:
            verifier_grille([t.tranche for t in bareme.tranches.all()])
        except ValueError as erreur:
            return [str(erreur)]
        return []
    forfaits = list(bareme.forfaits.all())
    if bareme.nature == NatureBareme.FORFAIT_DEVIS:
        return [] if forfaits else ["Ce barème n’a pas encore de forfait."]
    if bareme.nature == NatureBareme.FORFAIT_JOURNEES:
        return _manques_des_journees(bareme, forfaits)
    return []


def _manques_des_journees(bareme: Bareme, forfaits: list[Forfait]) -> list[str]:
    sans_forfait = bareme.sens_forfait == SensForfait.ESTIME
    regles = (
        (bareme.cout_journee is None, "Il manque le prix de la journée."),
        (not bareme.minutes_par_jour, "Il manque la durée d’une journée."),
        (not sans_forfait and not forfaits, "Il manque le forfait annuel."),
        (
            bareme.sens_forfait == SensForfait.INCLUS and bareme.jours_inclus is None,
            "Il manque le nombre de journées que le forfait comprend.",
        ),
    )
    return [phrase for fautif, phrase in regles if fautif]


def _borner(bareme: Bareme, suivant: Bareme | None) -> None:
    """Un barème s’arrête au plus tard la veille du suivant."""
    if suivant is not None:
        veille = suivant.en_vigueur_du - _VEILLE
        bareme.en_vigueur_au = min(veille, bareme.en_vigueur_au or veille)
