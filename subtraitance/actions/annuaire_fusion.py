"""Réunir deux fiches du même prestataire : tout ce qui menait à l’une mène à l’autre, rien ne se perd.

Ce qui pointe vers une fiche se découvre dans les modèles eux-mêmes, violations et incidents compris : une
application plus haute suit sans que celle-ci la connaisse.
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction

from dpd.comptes.models.locataire import Enregistrable
from subtraitance.actions.annuaire_commun import prendre
from subtraitance.actions.annuaire_fiche import CHAMPS
from subtraitance.enums import EtatFiche
from subtraitance.models import ActiviteSousTraitee, Logiciel, SousTraitant, SousTraitantUlterieur

RAISON = "Fiches réunies"


@transaction.atomic
def fusionner(*, garder: SousTraitant, absorber: SousTraitant, auteur, maintenant: datetime) -> SousTraitant:
    """La fiche gardée, enrichie de l’autre, qui reste lisible et mène à elle.

    Contrats, logiciels, certifications, sous-traitants ultérieurs, prestataires en cause, incidents et
    activités suivent. Ce qui ferait double emploi (le même logiciel deux fois) reste à l’ancienne fiche,
    retiré, et ce qui en dépendait suit son jumeau.

    :raises ValidationError: pour une seule et même fiche, deux SIREN différents, deux annuaires, ou la
        fiche de la structure elle-même.
    """
    gardee, absorbee = _prendre_les_deux(garder, absorber)
    trace = {"auteur": auteur, "maintenant": maintenant, "raison": RAISON}
    _retirer_les_boucles(gardee, absorbee, trace)
    for double, jumeau in _repointer(absorbee, gardee, trace):
        if isinstance(double, Logiciel | SousTraitantUlterieur):
            _repointer(double, jumeau, trace)
            double.retire_le = maintenant
            double.enregistrer(**trace)
    _suivre_les_activites(absorbee, gardee, trace)
    absorbee.etat, absorbee.fusionne_dans = EtatFiche.FUSIONNEE, gardee
    absorbee.enregistrer(**trace)
    for champ in CHAMPS:
        if not getattr(gardee, champ):
            setattr(gardee, champ, getattr(absorbee, champ))
    gardee.etat = EtatFiche.VERIFIEE
    gardee.verifiee_par, gardee.verifiee_le = auteur, maintenant
    return gardee.enregistrer(**trace)


def _prendre_les_deux(garder: SousTraitant, absorber: SousTraitant) -> tuple[SousTraitant, SousTraitant]:
    """Verrouillées dans l’ordre de leur clé : deux fusions croisées ne s’attendent pas l’une l’autre."""
    if garder.pk == absorber.pk:
        raise ValidationError({"absorber": "Choisissez une autre fiche que celle-ci."})
    prises = {f.pk: prendre(f) for f in sorted((garder, absorber), key=lambda fiche: fiche.pk)}
    gardee, absorbee = prises[garder.pk], prises[absorber.pk]
    if gardee.structure_id != absorbee.structure_id:
        raise ValidationError({"absorber": "Choisissez dans l’annuaire."})
    if gardee.siren and absorbee.siren and gardee.siren != absorbee.siren:
        raise ValidationError(
            {
                "absorber": "Leurs SIREN diffèrent\u00a0: ce sont deux personnes morales. "
                "Corrigez d’abord celui qui est faux."
            }
        )
    if absorbee.est_la_structure:
        raise ValidationError(
            {"absorber": "La fiche de la structure elle-même se garde\u00a0: partez d’elle."}
        )
    return gardee, absorbee


def _retirer_les_boucles(gardee: SousTraitant, absorbee: SousTraitant, trace: dict) -> None:
    """L’une sous-traitait à l’autre : devenues une seule, elle ne se sous-traite pas à elle-même."""
    paire = [gardee.pk, absorbee.pk]
    liens = SousTraitantUlterieur.objects.filter(sous_traitant__in=paire, ulterieur__in=paire)
    for lien in liens.filter(retire_le__isnull=True):
        lien.retire_le = trace["maintenant"]
        lien.enregistrer(**trace)


def _repointer(de: models.Model, vers: models.Model, trace: dict) -> list[tuple[models.Model, models.Model]]:
    """Fait suivre toutes les lignes ; rend celles qui feraient double emploi, avec leur jumelle."""
    doubles: list[tuple[models.Model, models.Model]] = []
    for modele, champ in _pointeurs(type(de)):
        lignes = list(modele.objects.filter(**{champ: de}).select_for_update(no_key=True).order_by("pk"))
        jumelles = _jumelles(modele, champ, lignes, vers) if lignes else {}
        suivent = [ligne for ligne in lignes if ligne.pk not in jumelles and not _boucle(ligne, vers)]
        for ligne in suivent:
            setattr(ligne, champ, vers)
        if suivent:
            modele.objects.modifier_en_masse(suivent, [champ], **trace)
        doubles += [(ligne, jumelles[ligne.pk]) for ligne in lignes if ligne.pk in jumelles]
    return doubles


def _pointeurs(modele: type[models.Model]) -> Iterable[tuple[type[models.Model], str]]:
    """(modèle, champ) de chaque clé qui mène à ce modèle ; ni historiques, ni tables de liaison."""
    for relation in modele._meta.get_fields(include_hidden=True):
        if (
            relation.auto_created
            and relation.one_to_many
            and issubclass(relation.related_model, Enregistrable)
        ):
            yield relation.related_model, relation.field.name


def _jumelles(modele, champ: str, lignes: list, vers) -> dict[int, models.Model]:
    """{ligne: celle qui, chez ``vers``, empêche de la déplacer}, d’après les unicités du modèle."""
    trouvees: dict[int, models.Model] = {}
    for unicite in modele._meta.constraints:
        if not isinstance(unicite, models.UniqueConstraint) or champ not in unicite.fields:
            continue
        autres = [f"{nom}_id" if modele._meta.get_field(nom).is_relation else nom for nom in unicite.fields]
        autres = [nom for nom in autres if nom not in (champ, f"{champ}_id")]
        valables = modele.objects.filter(unicite.condition) if unicite.condition else modele.objects.all()
        concernees = set(valables.filter(pk__in=[ligne.pk for ligne in lignes]).values_list("pk", flat=True))
        presentes = {tuple(getattr(p, nom) for nom in autres): p for p in valables.filter(**{champ: vers})}
        for ligne in lignes:
            cle = tuple(getattr(ligne, nom) for nom in autres)
            if ligne.pk in concernees and cle in presentes:
                trouvees[ligne.pk] = presentes[cle]
    return trouvees


def _boucle(ligne, vers) -> bool:
    """Vrai d’un lien qui mènerait ``vers`` à elle-même : il reste, retiré, où il est."""
    if not isinstance(ligne, SousTraitantUlterieur) or not isinstance(vers, SousTraitant):
        return False
    return vers.pk in (ligne.sous_traitant_id, ligne.ulterieur_id)


def _suivre_les_activites(absorbee: SousTraitant, gardee: SousTraitant, trace: dict) -> None:
    """Les activités de la structure qui nommaient l’ancienne fiche nomment la nouvelle (art. 30-2)."""
    activites = ActiviteSousTraitee.objects.filter(sous_traitants=absorbee)
    for activite in activites.select_for_update(no_key=True, of=("self",)).order_by("pk"):
        activite.sous_traitants.remove(absorbee)
        activite.sous_traitants.add(gardee)
        activite.enregistrer(**trace)
