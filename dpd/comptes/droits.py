"""La seule porte de guardian : donner, retirer, lire les habilitations.

Les permissions se posent sur ``Collectivite`` et ``Structure`` seulement, une par rôle. Celles d’une
personne se lisent en une requête, une fois par requête web, puis se consultent en mémoire.
"""

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import NamedTuple

from django.apps import apps
from django.db.models import F, Q, Value
from guardian.shortcuts import assign_perm, remove_perm

from dpd.comptes.enums import Role
from dpd.comptes.regles.capacites import CAPACITES, Capacite, role_compatible, roles_donnant

PREFIXE = "role_"
CONFLIT = (
    "Le DPD conseille, il ne décide pas\u00a0: une même personne ne peut être à la fois DPD de la structure "
    "et décideur d’une de ses collectivités (RGPD, art. 38-6)."
)


def _habilitations(utilisateur) -> dict[str, dict[int, frozenset[Role]]]:
    """{modèle: {objet: rôles}} de la personne, en une requête."""
    requetes = [
        apps.get_model("comptes", f"{modele}UserObjectPermission")
        .objects.filter(user_id=utilisateur.pk)
        .annotate(modele=Value(modele))
        .values_list("modele", "content_object_id", "permission__codename")
        for modele in ("Collectivite", "Structure")
    ]
    roles: dict[str, dict[int, frozenset[Role]]] = {"Collectivite": {}, "Structure": {}}
    for modele, objet, codename in requetes[0].union(requetes[1], all=True):
        deja = roles[modele].get(objet, frozenset())
        roles[modele][objet] = deja | {Role(codename.removeprefix(PREFIXE))}
    return roles


class Acces:
    """Ce que peut une personne. Immuable : une habilitation nouvelle vaut à la requête suivante."""

    def __init__(self, utilisateur):
        self.utilisateur = utilisateur

    @cached_property
    def _par_modele(self) -> dict[str, dict[int, frozenset[Role]]]:
        if not self.utilisateur.is_authenticated:
            return {"Collectivite": {}, "Structure": {}}
        return _habilitations(self.utilisateur)

    @property
    def par_collectivite(self) -> dict[int, frozenset[Role]]:
        return self._par_modele["Collectivite"]

    @property
    def par_structure(self) -> dict[int, frozenset[Role]]:
        return self._par_modele["Structure"]

    def roles(self, collectivite) -> frozenset[Role]:
        """Les rôles exercés sur une collectivité, ceux de sa structure compris."""
        directs = self.par_collectivite.get(collectivite.pk, frozenset())
        return directs | self.par_structure.get(collectivite.structure_id, frozenset())

    def roles_structure(self, structure) -> frozenset[Role]:
        return self.par_structure.get(structure.pk, frozenset())

    def peut(self, capacite: Capacite, collectivite) -> bool:
        return any(capacite in CAPACITES[role] for role in self.roles(collectivite))

    def peut_structure(self, capacite: Capacite, structure) -> bool:
        return any(capacite in CAPACITES[role] for role in self.roles_structure(structure))

    def structures(self, capacite: Capacite) -> list[int]:
        donnant = roles_donnant(capacite)
        return sorted(pk for pk, roles in self.par_structure.items() if roles & donnant)

    def directes(self, capacite: Capacite) -> list[int]:
        donnant = roles_donnant(capacite)
        return sorted(pk for pk, roles in self.par_collectivite.items() if roles & donnant)

    def filtre(self, capacite: Capacite, chemin: str = "collectivite") -> Q:
        """Le filtre de périmètre d’une ligne ; ``chemin`` mène à la collectivité (vide = elle-même)."""
        cle = f"{chemin}__" if chemin else ""
        par_cle = Q(**{f"{chemin}_id__in" if chemin else "pk__in": self.directes(capacite)})
        structures = self.structures(capacite)
        return par_cle | Q(**{f"{cle}structure_id__in": structures}) if structures else par_cle

    def collectivites(self, capacite: Capacite):
        modele = apps.get_model("comptes", "Collectivite")
        return modele.objects.filter(self.filtre(capacite, chemin=""))


def _verifier(role: Role, objet) -> None:
    sur_collectivite = objet._meta.model_name == "collectivite"
    if not role_compatible(role, sur_collectivite):
        raise ValueError(f"Le rôle {role.label} ne se donne pas sur cet objet.")


def en_conflit(role: Role, objet):
    """Les comptes, fermés compris, que leur autre rôle empêche de recevoir celui-ci ici.

    Le DPD d’une structure ne décide pour aucune de ses collectivités, et réciproquement (RGPD art. 38-6).
    """
    comptes = apps.get_model("comptes", "Utilisateur").objects
    if role == Role.DECIDEUR:
        return comptes.filter(
            structureuserobjectpermission__content_object_id=objet.structure_id,
            structureuserobjectpermission__permission__codename=f"{PREFIXE}{Role.DPD.value}",
        )
    if role == Role.DPD:
        return comptes.filter(
            collectiviteuserobjectpermission__content_object__structure=objet,
            collectiviteuserobjectpermission__permission__codename=f"{PREFIXE}{Role.DECIDEUR.value}",
        )
    return comptes.none()


class Cumul(NamedTuple):
    """Un DPD qui décide pour une collectivité de sa structure, ce que le règlement exclut."""

    personne: object
    collectivite: object


def cumuls(structure=None) -> list[Cumul]:
    """Ceux qui existent, comptes fermés compris, chez une structure ou partout ; une requête.

    Aucun geste n’en crée (:func:`accorder`, changement de structure) ; une base reprise peut en porter.
    """
    lignes = apps.get_model("comptes", "CollectiviteUserObjectPermission").objects.filter(
        permission__codename=f"{PREFIXE}{Role.DECIDEUR.value}",
        user__structureuserobjectpermission__permission__codename=f"{PREFIXE}{Role.DPD.value}",
        user__structureuserobjectpermission__content_object=F("content_object__structure"),
    )
    if structure is not None:
        lignes = lignes.filter(content_object__structure=structure)
    lues = lignes.select_related("user", "content_object__structure").order_by("content_object", "user")
    return [Cumul(ligne.user, ligne.content_object) for ligne in lues]


def decideurs_en_conflit(collectivite):
    """Les décideurs d’une collectivité que la structure qu’elle porte, enregistrée ou non, a pour DPD."""
    return en_conflit(Role.DECIDEUR, collectivite).filter(
        collectiviteuserobjectpermission__content_object=collectivite,
        collectiviteuserobjectpermission__permission__codename=f"{PREFIXE}{Role.DECIDEUR.value}",
    )


def accorder(utilisateur, role: Role, objet) -> None:
    """Habilite une personne.

    :raises ValueError: si le rôle ne convient pas à l’objet, ou s’il ferait du DPD un décideur.
    """
    _verifier(role, objet)
    if en_conflit(role, objet).filter(pk=utilisateur.pk).exists():
        raise ValueError(CONFLIT)
    assign_perm(f"comptes.{PREFIXE}{role.value}", utilisateur, objet)


def accorder_en_masse(role: Role, paires: Iterable[tuple]) -> None:
    """Habilite d’un coup des (comptes, objets) neufs, qu’aucun autre rôle ne lie encore ; deux requêtes.

    :raises ValueError: si le rôle ne convient pas à l’un des objets.
    """
    paires = list(paires)
    if not paires:
        return
    for _, objet in paires:
        _verifier(role, objet)
    nom = paires[0][1]._meta.object_name
    permission = apps.get_model("auth", "Permission").objects.get(
        codename=f"{PREFIXE}{role.value}", content_type__app_label="comptes"
    )
    habilitation = apps.get_model("comptes", f"{nom}UserObjectPermission")
    habilitation.objects.bulk_create(
        habilitation(permission=permission, user=compte, content_object=objet) for compte, objet in paires
    )


def retirer(utilisateur, role: Role, objet) -> None:
    """Retire une habilitation ; sans effet si elle n’existait pas."""
    _verifier(role, objet)
    remove_perm(f"comptes.{PREFIXE}{role.value}", utilisateur, objet)


def personnes_de(objet, *roles: Role):
    """Les comptes actifs qui exercent un de ces rôles directement sur une collectivité ou une structure."""
    modele = apps.get_model("comptes", "Utilisateur")
    lien = f"{objet._meta.model_name}userobjectpermission"
    return modele.objects.filter(
        is_active=True,
        **{
            f"{lien}__content_object": objet,
            f"{lien}__permission__codename__in": [f"{PREFIXE}{r.value}" for r in roles],
        },
    ).distinct()


def ayant_un_role_ailleurs(portee, personnes: Collection[int]) -> set[int]:
    """Parmi ces comptes, ceux qui ont un rôle ailleurs qu’ici ; deux requêtes.

    Ici : une collectivité et sa structure, ou une structure et toutes ses collectivités.
    """
    if portee._meta.model_name == "collectivite":
        ici = {
            "Collectivite": Q(content_object=portee.pk),
            "Structure": Q(content_object=portee.structure_id),
        }
    else:
        ici = {
            "Collectivite": Q(content_object__structure=portee.pk),
            "Structure": Q(content_object=portee.pk),
        }
    ailleurs: set[int] = set()
    for nom, la in ici.items():
        lignes = apps.get_model("comptes", f"{nom}UserObjectPermission").objects.filter(user__in=personnes)
        ailleurs |= set(lignes.exclude(la).values_list("user_id", flat=True))
    return ailleurs


def habilitations_de(objet) -> list[tuple]:
    """(personne, rôle) de toutes les habilitations posées sur un objet, comptes désactivés compris."""
    modele = apps.get_model("comptes", f"{objet._meta.object_name}UserObjectPermission")
    lignes = (
        modele.objects.filter(content_object=objet)
        .select_related("user", "permission")
        .order_by("user__last_name", "user__first_name", "permission__codename")
    )
    return [(ligne.user, Role(ligne.permission.codename.removeprefix(PREFIXE))) for ligne in lignes]
