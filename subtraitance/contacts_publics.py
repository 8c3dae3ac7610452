"""Ce que disent toutes les pages publiques : à qui l’on écrit, qui est le DPD, où saisir la CNIL."""

from dpd.comptes.enums import TypeCollectivite
from dpd.comptes.models import Collectivite
from subtraitance.regles.recours import CNIL

CNIL_SITE = CNIL.site


def appellation(collectivite: Collectivite) -> str:
    """« la mairie » pour une commune, « l’organisme » pour un autre : les mots de l’habitant."""
    return "la mairie" if collectivite.type == TypeCollectivite.COMMUNE else "l’organisme"


def contexte_public(collectivite: Collectivite) -> dict:
    """De quoi joindre l’organisme et son DPD, et le site de la CNIL ; rien du demandeur.

    ``collectivite`` n’y est pas : le site y verrait un locataire ouvert par un compte.
    """
    structure = collectivite.structure
    propre = bool(collectivite.dpd_propre_nom)
    return {
        "organisme": collectivite.denomination,
        "la_mairie": appellation(collectivite),
        "organisme_adresse": collectivite.adresse,
        "representant": collectivite.representant,
        "structure_nom": structure.nom,
        "dpd_nom": collectivite.dpd,
        "dpd_courriel": collectivite.dpd_propre_courriel if propre else structure.dpd_courriel,
        "dpd_adresse": "" if propre else structure.adresse,
        "dpd_telephone": "" if propre else structure.dpd_telephone,
        "cnil_site": CNIL_SITE,
    }
