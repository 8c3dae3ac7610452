"""Les gestes du DPD sur un modèle : adapter, préparer une version, publier, retirer.

Une version publiée ne change plus jamais : les fiches qui la suivent disent laquelle. Ce qui change
s’écrit dans la version suivante, numérotée, datée, signée.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.models import Structure
from registre.enums import EtatModele, StatutPreuve
from registre.models import ModeleTraitement, VersionModele

CHANGE = "Ce modèle a changé depuis votre lecture\u00a0: relisez-le d’abord."


@transaction.atomic
def adapter(*, version: VersionModele, structure, auteur, maintenant: datetime) -> VersionModele:
    """Copie un modèle de la bibliothèque commune en brouillon propre à la structure.

    :raises ValidationError: si le modèle n’est pas commun, ou si la structure l’a déjà adapté.
    """
    if version.modele.structure_id is not None:
        raise ValidationError("Ce modèle est déjà propre à une structure.")
    Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)  # deux DPD n’adaptent pas deux fois
    if ModeleTraitement.objects.filter(structure=structure, code=version.modele.code).exists():
        raise ValidationError("Votre structure a déjà sa version de ce modèle.")
    modele = ModeleTraitement(
        structure=structure,
        code=version.modele.code,
        domaine=version.modele.domaine,
        entites=version.modele.entites,
    )
    _signer(modele, auteur, maintenant, "Modèle adapté pour la structure")
    return _copier(version, modele, 1, auteur, maintenant)


@transaction.atomic
def preparer_version(*, modele: ModeleTraitement, auteur, maintenant: datetime) -> VersionModele:
    """Ouvre en brouillon la version suivante d’un modèle de structure, copie de la dernière.

    Rend le brouillon déjà ouvert s’il y en a un. :raises ValidationError: si le modèle est commun.
    """
    _exiger_propre(modele)
    ModeleTraitement.objects.select_for_update(no_key=True).get(pk=modele.pk)
    versions = list(modele.versions.order_by("numero").select_related("modele"))
    derniere = versions[-1]
    if derniere.etat == EtatModele.BROUILLON:
        return derniere
    proposee = next((v for v in versions if v.est_courante), derniere)
    return _copier(proposee, modele, derniere.numero + 1, auteur, maintenant)


@transaction.atomic
def enregistrer_brouillon(
    *,
    version: VersionModele,
    nom: str,
    description: str,
    vigilance: Sequence[str],
    durees: Sequence[Mapping[str, Any]],
    note_de_version: str,
    auteur,
    maintenant: datetime,
) -> VersionModele:
    """Modifie un brouillon de structure.

    Une durée ou un sort final retouchés perdent leurs sources : ils ne valent plus que ce qu’en sait
    l’auteur. :raises ValidationError: si la version n’est plus un brouillon.
    """
    _verrouiller(version)
    _exiger_brouillon(version, "Une version publiée ne change plus\u00a0: préparez la suivante.")
    version.nom = nom
    version.contenu = {**version.contenu, "nom": nom, "description": description}
    version.vigilance = list(vigilance)
    anciennes = {ligne["objet"]: ligne for ligne in version.durees}
    version.durees = [_duree_retouchee(dict(ligne), anciennes.get(ligne["objet"])) for ligne in durees]
    version.note_de_version = note_de_version
    return _signer(version, auteur, maintenant, "Brouillon de modèle modifié")


DUREE_VIDE: dict[str, Any] = {
    "objet": "", "duree": None, "sources": [], "base_active": "", "intermediaire": "",
    "point_de_depart": "", "sort_final": "", "reference": "", "statut_duree": "",
    "statut_sort_final": "", "corroboration": "", "note": "",
}  # fmt: skip
_DE_LA_DUREE = ("duree", "base_active", "intermediaire", "point_de_depart")


def _duree_retouchee(saisie: dict[str, Any], ancienne: Mapping[str, Any] | None) -> dict[str, Any]:
    avant = {**DUREE_VIDE, **(ancienne or {})}
    apres = {**avant, **saisie}
    duree_changee = any(apres[c] != avant[c] for c in _DE_LA_DUREE)
    sort_change = apres["sort_final"] != avant["sort_final"]
    if duree_changee:
        etablie = any(apres[c] for c in _DE_LA_DUREE)
        apres["statut_duree"] = StatutPreuve.K.value if etablie else ""
    if sort_change:
        apres["statut_sort_final"] = StatutPreuve.K.value if apres["sort_final"] else ""
    if duree_changee or sort_change:
        apres |= {"sources": [], "corroboration": ""}
    return apres


@transaction.atomic
def publier(*, version: VersionModele, auteur, maintenant: datetime) -> VersionModele:
    """Publie un brouillon : datée, signée, la version devient celle que l’on propose.

    :raises ValidationError: si ce n’est pas un brouillon de structure, ou si, dès la deuxième
        version, rien ne dit ce qui change.
    """
    _verrouiller(version)
    _exiger_brouillon(version, "Cette version n’est pas un brouillon.")
    if version.numero > 1 and not version.note_de_version.strip():
        raise ValidationError("Dites ce qui change\u00a0: les collectivités qui suivent ce modèle le liront.")
    for precedente in version.modele.versions.filter(est_courante=True).select_related("modele"):
        precedente.est_courante = False
        _signer(precedente, auteur, maintenant, "Remplacée par une nouvelle version")
    version.etat, version.est_courante = EtatModele.PUBLIE, True
    version.publiee_le, version.publiee_par = maintenant, auteur
    return _signer(version, auteur, maintenant, "Modèle publié")


@transaction.atomic
def retirer(*, version: VersionModele, auteur, maintenant: datetime) -> VersionModele:
    """Retire une version de structure, brouillon ou proposée ; les fiches qui la suivent n’en souffrent pas.

    :raises ValidationError: si le modèle est commun, si la version n’est plus proposée, ou si elle a été
        publiée depuis sa lecture : on abandonnait un brouillon.
    """
    lue = version.etat
    _verrouiller(version)
    if version.etat != lue:
        raise ValidationError(CHANGE)
    if version.etat != EtatModele.BROUILLON and not version.est_courante:
        raise ValidationError("Cette version n’est plus proposée.")
    version.etat, version.est_courante = EtatModele.RETIRE, False
    return _signer(version, auteur, maintenant, "Modèle retiré")


def _copier(version: VersionModele, modele, numero: int, auteur, maintenant: datetime) -> VersionModele:
    copie = VersionModele(
        modele=modele,
        numero=numero,
        nom=version.nom,
        contenu=version.contenu,
        durees=version.durees,
        sources=version.sources,
        vigilance=version.vigilance,
    )
    return _signer(copie, auteur, maintenant, f"Copiée de la version {version.numero}")


def _verrouiller(version: VersionModele) -> None:
    """La version telle qu’elle est à cet instant, sous le verrou de son modèle de structure."""
    _exiger_propre(version.modele)
    ModeleTraitement.objects.select_for_update(no_key=True).get(pk=version.modele_id)
    version.refresh_from_db()


def _exiger_propre(modele: ModeleTraitement) -> None:
    if modele.structure_id is None:
        raise ValidationError("Un modèle commun ne se modifie pas\u00a0: adaptez-le d’abord.")


def _exiger_brouillon(version: VersionModele, phrase: str) -> None:
    if version.etat != EtatModele.BROUILLON:
        raise ValidationError(phrase)


def _signer(objet, auteur, maintenant: datetime, raison: str):
    """Enregistre avec qui, quand et pourquoi."""
    objet._history_user, objet._history_date, objet._change_reason = auteur, maintenant, raison
    objet.save()
    return objet
