"""Ce que partagent les gestes sur une fiche de l’annuaire : la prendre, dire ce qui change."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError

from dpd.comptes.destinataires import destinataires
from dpd.regles.calendrier import Territoire, fuseau
from subtraitance.annuaire_pays import hors_europe, lieu_dit
from subtraitance.contrats_lus import vivants
from subtraitance.emails_annuaire import prevenir_du_changement
from subtraitance.enums import EtatFiche
from subtraitance.models import Autorisation, Contrat, SousTraitant

REUNIE = "Cette fiche est réunie à une autre\u00a0: modifiez celle qui la remplace."


def jour_de(structure, maintenant: datetime) -> date:
    """La date qu’il est à la structure."""
    return maintenant.astimezone(fuseau(Territoire(structure.territoire))).date()


def prendre(fiche: SousTraitant) -> SousTraitant:
    """La fiche, verrouillée.

    :raises ValidationError: si elle est réunie à une autre.
    """
    actuelle = SousTraitant.objects.select_for_update(no_key=True, of=("self",)).select_related("structure")
    prise = actuelle.get(pk=fiche.pk)
    if prise.etat == EtatFiche.FUSIONNEE:
        raise ValidationError(REUNIE)
    return prise


def prendre_la_gardee(fiche: SousTraitant) -> SousTraitant:
    """La fiche, verrouillée, ou celle qui la remplace si elle a été réunie depuis qu’on l’a choisie."""
    lue = SousTraitant.objects.get(pk=fiche.pk)
    while lue.fusionne_dans is not None:
        lue = lue.fusionne_dans
    return prendre(lue)


def contrats_a_prevenir(fiche: SousTraitant, maintenant: datetime) -> list[Contrat]:
    """Les contrats en cours avec ce prestataire, dans les collectivités que suit la structure."""
    jour = jour_de(fiche.structure, maintenant)
    siens = vivants(jour).filter(sous_traitant=fiche, collectivite__structure=fiche.structure)
    return list(siens.select_related("collectivite__structure", "sous_traitant").order_by("pk"))


def combien_prevenues(fiche: SousTraitant, maintenant: datetime) -> int:
    """Combien de collectivités un changement important préviendrait ; ce que dit le formulaire."""
    contrats = contrats_a_prevenir(fiche, maintenant)
    return len(destinataires(list({c.collectivite_id: c.collectivite for c in contrats}.values())))


def prevenir(
    fiche: SousTraitant,
    phrases: Sequence[str],
    *,
    sujet: str,
    maintenant: datetime,
    autorisations: Iterable[Autorisation] = (),
) -> int:
    """Un courriel à chaque collectivité liée, une fois ; rend combien sont prévenues.

    :param sujet: ce qui distingue cet événement d’un autre de la même fiche, au même instant.
    """
    if not phrases:
        return 0
    return prevenir_du_changement(
        fiche=fiche,
        phrases=phrases,
        contrats=contrats_a_prevenir(fiche, maintenant),
        autorisations=autorisations,
        cle=f"annuaire:{fiche.pk}:{sujet}:{maintenant.isoformat()}",
        maintenant=maintenant,
    )


def changements(avant: SousTraitant, apres: SousTraitant) -> list[str]:
    """Ce qui change assez pour que chaque collectivité le sache (RGPD art. 28-3 h), une phrase chacun.

    Compléter une rubrique vide n’est pas un changement ; sauf un hébergement hors d’Europe, que la
    collectivité doit encadrer (art. 44).
    """
    lieux = [lieu_dit(fiche.hebergement, fiche.hebergement_pays) for fiche in (avant, apres)]
    phrases = []
    if lieux[0] != lieux[1] and (lieux[0] or hors_europe(apres.hebergement_pays)):
        phrases.append(
            f"Il héberge les données ailleurs\u00a0: {lieux[1] or 'lieu inconnu'}"
            + (f", au lieu de {lieux[0]}." if lieux[0] else ".")
        )
    if hors_europe(apres.hebergement_pays) and avant.hebergement_pays != apres.hebergement_pays:
        phrases.append(
            "Ce pays est hors de l’Espace économique européen\u00a0: le transfert doit être encadré "
            "(RGPD, art. 44)."
        )
    if _remplace(avant, apres, "dpd_nom", "dpd_courriel"):
        phrases.append("Son délégué à la protection des données change.")
    if _remplace(avant, apres, "securite_courriel", "securite_telephone"):
        phrases.append("Le contact à joindre en cas d’incident change.")
    return phrases


def _remplace(avant: SousTraitant, apres: SousTraitant, *champs: str) -> bool:
    ecrits = [(getattr(avant, champ), getattr(apres, champ)) for champ in champs]
    return any(ancien and ancien != nouveau for ancien, nouveau in ecrits)
