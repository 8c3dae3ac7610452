"""Ouvrir des fiches : à la main, depuis la bibliothèque ou par import."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from dpd.comptes.models import Collectivite
from dpd.regles.renvois import DOUBLE_ENVOI
from registre.actions.questions import accorder_questions
from registre.ecriture import PROJECTIONS, deduire, lignes_de, responsable_de
from registre.enums import EtatVersion
from registre.models import Traitement, VersionModele, VersionTraitement
from registre.regles import contenu as pivot
from registre.regles.contenu import depuis_dict
from registre.regles.questions import cellules_inconnues


@transaction.atomic
def creer(*, collectivite, nom: str, auteur, maintenant: datetime) -> VersionTraitement:
    """Ouvre une fiche vide en brouillon et rend sa première version.

    Renvoyée par la même personne dans la minute, elle ne s’ouvre qu’une fois.
    """
    Collectivite.objects.select_for_update(no_key=True).get(pk=collectivite.pk)
    # Vide : ni une fiche partie d’un modèle, ni une fiche importée, sous le même nom.
    vide = pivot.empreinte(pivot.Fiche(nom=nom, responsable=responsable_de(collectivite)))
    ouvertes = _ouvertes_a_l_instant(collectivite, auteur, maintenant)
    if deja := ouvertes.filter(nom=nom, empreinte=vide).first():
        return deja
    return creer_fiches(
        collectivite=collectivite,
        fiches=[(pivot.Fiche(nom=nom), None)],
        auteur=auteur,
        maintenant=maintenant,
        raison="Fiche créée",
    )[0]


@transaction.atomic
def creer_depuis_modeles(
    *, collectivite, versions: Sequence[VersionModele], auteur, maintenant: datetime
) -> list[VersionTraitement]:
    """Ouvre un brouillon par modèle ; une cellule vide du modèle reste « à déterminer ».

    Le même choix, renvoyé par la même personne dans la minute, ne s’ouvre qu’une fois.

    :raises ValueError: si un modèle appartient à une autre structure.
    """
    for version in versions:
        if version.modele.structure_id not in (None, collectivite.structure_id):
            raise ValueError("Ce modèle appartient à une autre structure.")
    Collectivite.objects.select_for_update(no_key=True).get(pk=collectivite.pk)
    ouvertes = _ouvertes_a_l_instant(collectivite, auteur, maintenant)
    renvoyees = {v.traitement.modele_id: v for v in ouvertes.filter(traitement__modele__in=versions)}
    if versions and renvoyees.keys() == {version.pk for version in versions}:
        return [renvoyees[version.pk] for version in versions]
    return creer_fiches(
        collectivite=collectivite,
        fiches=[(depuis_dict(version.contenu), version) for version in versions],
        auteur=auteur,
        maintenant=maintenant,
        raison="Fiche créée depuis un modèle",
    )


def _ouvertes_a_l_instant(collectivite, auteur, maintenant: datetime) -> QuerySet[VersionTraitement]:
    """Ce que la personne vient d’ouvrir et n’a pas touché ; à lire sous le verrou du registre."""
    return VersionTraitement.objects.filter(
        collectivite=collectivite,
        modifie_par=auteur,
        numero=1,
        revision=0,
        etat=EtatVersion.BROUILLON,
        cree_le__gt=maintenant - DOUBLE_ENVOI,
    ).select_related("traitement")


@transaction.atomic
def creer_fiches(
    *,
    collectivite,
    fiches: Sequence[tuple[pivot.Fiche, VersionModele | None]],
    auteur,
    maintenant: datetime,
    raison: str,
) -> list[VersionTraitement]:
    """Ouvre une fiche en brouillon par contenu, toutes ou aucune ; nombre de requêtes constant.

    Les numéros se suivent dans le registre et ne sont jamais réattribués.
    """
    # Verrou du registre : deux créations simultanées ne prennent pas le même numéro.
    Collectivite.objects.select_for_update(no_key=True).get(pk=collectivite.pk)
    dernier = Traitement.objects.filter(collectivite=collectivite).aggregate(n=Max("reference"))["n"] or 0
    trace = {"auteur": auteur, "maintenant": maintenant, "raison": raison}
    traitements = Traitement.objects.creer_en_masse(
        [
            Traitement(collectivite=collectivite, reference=dernier + rang, cree_le=maintenant, modele=modele)
            for rang, (_, modele) in enumerate(fiches, 1)
        ],
        **trace,
    )
    versions, contenus = [], []
    for traitement, (fiche, _) in zip(traitements, fiches, strict=True):
        fiche = replace(fiche, responsable=responsable_de(collectivite))
        version = VersionTraitement(
            collectivite=collectivite,
            traitement=traitement,
            numero=1,
            cree_le=maintenant,
            modifie_le=maintenant,
            modifie_par=auteur,
        )
        deduire(version, fiche)
        version.full_clean(exclude=["traitement", "collectivite", "modifie_par"], validate_constraints=False)
        versions.append(version)
        contenus.append(fiche)
    versions = VersionTraitement.objects.creer_en_masse(versions, **trace)
    for modele, (_, lignes) in PROJECTIONS.items():
        modele.objects.bulk_create(
            [ligne for v, f in zip(versions, contenus, strict=True) for ligne in lignes_de(v, f, lignes)]
        )
    for version, fiche in zip(versions, contenus, strict=True):
        if cellules_inconnues(fiche):
            accorder_questions(version=version, fiche=fiche, auteur=auteur, maintenant=maintenant)
    return versions
