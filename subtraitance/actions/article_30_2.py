"""Tenir le registre de l’article 30-2 : ses activités, et les responsables pour qui elles s’exercent."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.models import Collectivite, Structure
from dpd.regles.calendrier import Territoire, fuseau
from subtraitance.models import ActiviteSousTraitee, ResponsableServi, SousTraitant

FUTUR = "Cette date est dans le futur."
ARRETEE = "Cette activité est arrêtée\u00a0: reprenez-la d’abord."
PAS_ARRETEE = "Cette activité n’est pas arrêtée."
AVANT_LE_DEBUT = "L’activité n’avait pas encore commencé."
DEJA_SERVIE_APRES = "Une collectivité est servie depuis une date plus récente."
PERSONNE = "Cochez au moins une collectivité."
D_AILLEURS = "Une de ces collectivités n’est pas de votre structure."
AUTRE_ANNUAIRE = "Ce prestataire n’est pas dans votre annuaire."


class Rattachement(NamedTuple):
    """``deja`` : celles que l’activité servait déjà, et qui n’ont pas bougé."""

    nouveaux: list[ResponsableServi]
    deja: int


def jour_de_la_structure(structure: Structure, maintenant: datetime) -> date:
    """La date civile d’un instant, chez la structure."""
    return maintenant.astimezone(fuseau(Territoire(structure.territoire))).date()


@transaction.atomic
def creer_activite(
    *,
    structure: Structure,
    auteur,
    maintenant: datetime,
    sous_traitants: Iterable[SousTraitant] = (),
    **champs,
) -> ActiviteSousTraitee:
    """Ajoute une catégorie de traitements au registre (RGPD art. 30-2 b à d).

    :param sous_traitants: les autres sous-traitants qui y concourent (art. 30-2 a).
    :raises ValidationError: par champ ; si le nom est déjà pris.
    """
    activite = ActiviteSousTraitee(structure=structure, **champs)
    return _ecrire(activite, sous_traitants, auteur, maintenant, "Activité ajoutée au registre 30-2")


@transaction.atomic
def modifier_activite(
    *,
    activite: ActiviteSousTraitee,
    auteur,
    maintenant: datetime,
    sous_traitants: Iterable[SousTraitant] = (),
    **champs,
) -> ActiviteSousTraitee:
    """Récrit une activité ; l’ancienne rédaction reste à l’historique.

    :raises ValidationError: par champ.
    """
    activite = _prendre(activite)
    for nom, valeur in champs.items():
        setattr(activite, nom, valeur)
    return _ecrire(activite, sous_traitants, auteur, maintenant, "Activité modifiée")


def _ecrire(activite, sous_traitants, auteur, maintenant: datetime, raison: str) -> ActiviteSousTraitee:
    autres = list(sous_traitants)
    if any(fiche.structure_id != activite.structure_id for fiche in autres):
        raise ValidationError({"sous_traitants": AUTRE_ANNUAIRE})
    if activite.debut and activite.debut > jour_de_la_structure(activite.structure, maintenant):
        raise ValidationError({"debut": FUTUR})
    activite.enregistrer(auteur=auteur, maintenant=maintenant, raison=raison)
    activite.sous_traitants.set(autres)
    return activite


@transaction.atomic
def arreter_activite(
    *, activite: ActiviteSousTraitee, fin: date, auteur, maintenant: datetime
) -> ActiviteSousTraitee:
    """L’activité s’arrête, et avec elle le service de chaque responsable ; rien n’est effacé.

    :raises ValidationError: sous ``fin``, si elle est future ou précède un début ; si c’est déjà fait.
    """
    activite = prendre_en_cours(activite)
    if fin > jour_de_la_structure(activite.structure, maintenant):
        raise ValidationError({"fin": FUTUR})
    if activite.debut and fin < activite.debut:
        raise ValidationError({"fin": AVANT_LE_DEBUT})
    servis = list(activite.responsables.filter(jusqu_au=None))
    activite.fin = fin
    activite.enregistrer(auteur=auteur, maintenant=maintenant, raison="Activité arrêtée")
    _cesser(servis, fin, auteur, maintenant, champ="fin")
    return activite


@transaction.atomic
def reprendre_activite(*, activite: ActiviteSousTraitee, auteur, maintenant: datetime) -> ActiviteSousTraitee:
    """Une activité arrêtée reprend, sans responsable : on rattache de nouveau ceux qu’elle sert.

    :raises ValidationError: si elle n’est pas arrêtée.
    """
    activite = _prendre(activite)
    if activite.fin is None:
        raise ValidationError(PAS_ARRETEE)
    activite.fin = None
    return activite.enregistrer(auteur=auteur, maintenant=maintenant, raison="Activité reprise")


@transaction.atomic
def rattacher(
    *,
    activite: ActiviteSousTraitee,
    collectivites: Iterable[Collectivite],
    depuis: date,
    auteur,
    maintenant: datetime,
) -> Rattachement:
    """L’activité s’exerce pour ces responsables (art. 30-2 a) ; celui qu’elle sert déjà ne bouge pas.

    :raises ValidationError: sous ``collectivites`` ou ``depuis`` ; rien n’est alors écrit.
    """
    activite = prendre_en_cours(activite)
    choisies = {collectivite.pk: collectivite for collectivite in collectivites}
    _controler_le_choix(activite, choisies.values())
    if depuis > jour_de_la_structure(activite.structure, maintenant):
        raise ValidationError({"depuis": FUTUR})
    if activite.debut and depuis < activite.debut:
        raise ValidationError({"depuis": AVANT_LE_DEBUT})
    deja = set(
        activite.responsables.filter(jusqu_au=None, collectivite__in=choisies).values_list(
            "collectivite_id", flat=True
        )
    )
    nouveaux = ResponsableServi.objects.creer_en_masse(
        [
            ResponsableServi(activite=activite, collectivite=collectivite, depuis=depuis)
            for pk, collectivite in choisies.items()
            if pk not in deja
        ],
        auteur=auteur,
        maintenant=maintenant,
        raison="Responsable rattaché",
    )
    return Rattachement(nouveaux, len(deja))


def _controler_le_choix(activite: ActiviteSousTraitee, collectivites: Collection[Collectivite]) -> None:
    if not collectivites:
        raise ValidationError({"collectivites": PERSONNE})
    if any(collectivite.structure_id != activite.structure_id for collectivite in collectivites):
        raise ValidationError({"collectivites": D_AILLEURS})


@transaction.atomic
def retirer_responsables(
    *,
    activite: ActiviteSousTraitee,
    responsables: Iterable[ResponsableServi],
    jusqu_au: date,
    auteur,
    maintenant: datetime,
) -> int:
    """L’activité ne s’exerce plus pour ces responsables ; rend le nombre de ceux que cela change.

    Celui qui n’est déjà plus servi, ou qui l’est par une autre activité, n’est pas touché.

    :raises ValidationError: sous ``responsables`` ou ``jusqu_au``.
    """
    activite = _prendre(activite)
    choisis = [responsable.pk for responsable in responsables]
    if not choisis:
        raise ValidationError({"responsables": PERSONNE})
    if jusqu_au > jour_de_la_structure(activite.structure, maintenant):
        raise ValidationError({"jusqu_au": FUTUR})
    servis = list(activite.responsables.filter(pk__in=choisis, jusqu_au=None))
    _cesser(servis, jusqu_au, auteur, maintenant, champ="jusqu_au")
    return len(servis)


def _cesser(
    servis: list[ResponsableServi], jusqu_au: date, auteur, maintenant: datetime, *, champ: str
) -> None:
    if any(servi.depuis > jusqu_au for servi in servis):
        raise ValidationError({champ: DEJA_SERVIE_APRES})
    for servi in servis:
        servi.jusqu_au = jusqu_au
    ResponsableServi.objects.modifier_en_masse(
        servis, ["jusqu_au"], auteur=auteur, maintenant=maintenant, raison="Responsable retiré"
    )


def _prendre(activite: ActiviteSousTraitee) -> ActiviteSousTraitee:
    """L’activité relue sous verrou, avec sa structure."""
    requete = ActiviteSousTraitee.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "structure"
    )
    return requete.get(pk=activite.pk)


def prendre_en_cours(activite: ActiviteSousTraitee) -> ActiviteSousTraitee:
    """:raises ValidationError: si elle est arrêtée."""
    prise = _prendre(activite)
    if prise.fin is not None:
        raise ValidationError(ARRETEE)
    return prise
