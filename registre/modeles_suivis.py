"""Lire la bibliothèque : ce qui se propose à une collectivité, ce que suit un portefeuille.

Un modèle adapté par la structure prend la place de celui de la bibliothèque commune dont il vient
(même code), pour ses collectivités seulement. Nombre de requêtes constant.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q

from dpd.comptes.models import Collectivite
from dpd.regles.texte import normaliser
from registre.bibliotheque import plus_faible
from registre.enums import EtatModele
from registre.models import ModeleTraitement, Traitement, VersionModele


def modeles_proposes(collectivite) -> list[VersionModele]:
    """Les versions publiées que la collectivité peut choisir, par domaine puis par nom."""
    visibles = ModeleTraitement.objects.pour_structure(collectivite.structure)
    versions = list(
        VersionModele.objects.filter(est_courante=True, etat=EtatModele.PUBLIE, modele__in=visibles)
        .select_related("modele")
        .defer("sources", "recherche")
    )
    adaptes = {v.modele.code for v in versions if v.modele.structure_id}
    retenues = [v for v in versions if v.modele.structure_id or v.modele.code not in adaptes]
    return sorted(retenues, key=lambda v: (normaliser(v.modele.domaine), normaliser(v.nom)))


def versions_lisibles(collectivite):
    """Les versions qu’une collectivité peut lire : publiées, même retirées depuis ; jamais un brouillon, pas
    même abandonné.
    """
    visibles = ModeleTraitement.objects.pour_structure(collectivite.structure)
    return VersionModele.objects.filter(modele__in=visibles, publiee_le__isnull=False).select_related(
        "modele"
    )


def fiches_par_modele(collectivite) -> dict[str, list[int]]:
    """Les numéros des fiches ouvertes depuis chaque modèle, par code de modèle."""
    numeros = defaultdict(list)
    lignes = (
        Traitement.objects.filter(collectivite=collectivite, modele__isnull=False, retire_le=None)
        .order_by("reference")
        .values_list("modele__modele__code", "reference")
    )
    for code, reference in lignes:
        numeros[code].append(reference)
    return dict(numeros)


def correspond(version: VersionModele, mot: str) -> bool:
    """Vrai si tous les mots cherchés se trouvent dans ce que le modèle dit de son objet.

    Son nom et son domaine, ses finalités et leurs textes, ses documents, ses précautions.
    """
    contenu = version.contenu
    morceaux = [version.nom, version.modele.code, version.modele.domaine, contenu["description"]]
    for finalite in contenu["finalites"]:
        morceaux += [finalite["libelle"], finalite["texte"]]
    morceaux += [ligne["objet"] for ligne in version.durees]
    cle = normaliser(" ".join([*morceaux, *version.vigilance]))
    return all(m in cle for m in normaliser(mot).split())


@dataclass(frozen=True, slots=True)
class Suivi:
    """Combien de collectivités d’une structure suivent un modèle, et à quelle version."""

    total: int
    par_version: Mapping[int, int]

    def en_retard(self, courante: int) -> list[tuple[int, int]]:
        """(version, nombre de collectivités) des versions antérieures à la courante."""
        return [(numero, nb) for numero, nb in sorted(self.par_version.items()) if numero < courante]


PERSONNE = Suivi(0, {})


def suivis(structure) -> dict[int, Suivi]:
    """Par modèle : les collectivités de la structure qui en ont au moins une fiche.

    Trois requêtes au plus : joindre les versions aux fiches, pour compter par modèle d’un coup, coûte sept
    fois plus. Seul un modèle suivi à plusieurs versions demande le second compte, la même collectivité
    pouvant en suivre deux.
    """
    suivies = Collectivite.objects.filter(structure=structure)
    fiches = Traitement.objects.filter(collectivite__in=suivies, retire_le=None).order_by()
    nb = Count("collectivite", distinct=True)
    nombres = dict(fiches.filter(modele__isnull=False).values_list("modele").annotate(nb=nb))
    if not nombres:
        return {}
    par_version: dict[int, dict[int, int]] = defaultdict(dict)
    visibles = ModeleTraitement.objects.pour_structure(structure)
    for pk, modele, numero in VersionModele.objects.filter(modele__in=visibles).values_list(
        "pk", "modele", "numero"
    ):
        if pk in nombres:
            par_version[modele][numero] = nombres[pk]
    totaux = {modele: sum(versions.values()) for modele, versions in par_version.items()}
    if plusieurs := [modele for modele, versions in par_version.items() if len(versions) > 1]:
        lus = fiches.filter(modele__modele__in=plusieurs)
        totaux |= dict(lus.values_list("modele__modele").annotate(nb=nb))
    return {modele: Suivi(total, par_version[modele]) for modele, total in totaux.items()}


@dataclass(frozen=True, slots=True)
class Entree:
    """Une ligne de la bibliothèque du DPD : le modèle, la version montrée, ce qu’elle vaut."""

    modele: ModeleTraitement
    version: VersionModele
    a_brouillon: bool
    preuve: str
    nb_lacunes: int
    suivi: Suivi


def entrees(structure) -> list[Entree]:
    """Toute la bibliothèque visible de la structure, modèles retirés compris ; cinq requêtes au plus."""
    utiles = VersionModele.objects.filter(Q(est_courante=True) | ~Q(etat=EtatModele.PUBLIE)).defer(
        "recherche"
    )
    modeles = ModeleTraitement.objects.pour_structure(structure).prefetch_related(
        Prefetch("versions", queryset=utiles.order_by("-numero"), to_attr="utiles")
    )
    par_modele = suivis(structure)
    lignes = [_entree(m, par_modele.get(m.pk, PERSONNE)) for m in modeles if m.utiles]
    return sorted(lignes, key=lambda e: (normaliser(e.modele.domaine), normaliser(e.version.nom)))


def _entree(modele: ModeleTraitement, suivi: Suivi) -> Entree:
    version = next((v for v in modele.utiles if v.est_courante), modele.utiles[0])
    version.modele = modele
    return Entree(
        modele=modele,
        version=version,
        a_brouillon=any(v.etat == EtatModele.BROUILLON for v in modele.utiles),
        preuve=plus_faible(version.sources, version.durees),
        nb_lacunes=nb_lacunes(version.durees),
        suivi=suivi,
    )


def nb_lacunes(durees: Iterable[Mapping]) -> int:
    """Les cellules de durée ou de sort final que le modèle n’établit pas."""
    return sum(not ligne["statut_duree"] for ligne in durees) + sum(
        not ligne["sort_final"] for ligne in durees
    )
