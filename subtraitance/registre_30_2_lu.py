"""Le registre de l’article 30-2 tel qu’on le lit : les lettres a à d, et rien d’autre."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from dpd.comptes.models import Collectivite, Structure
from subtraitance.models import ActiviteSousTraitee, ResponsableServi, SousTraitant

APERCU = 12  # responsables montrés sous une activité, avant « les voir tous »
ETATS = {"": "En cours", "arretees": "Arrêtées", "toutes": "Toutes"}
SERVIS = Q(responsables__jusqu_au=None)
AUCUN_TRANSFERT = "Aucun transfert hors de l’Union européenne."


@dataclass(frozen=True, slots=True)
class Acteur:
    """Un sous-traitant ou un responsable : ses coordonnées, son représentant, son DPD (art. 30-2 a)."""

    nom: str
    siren: str
    coordonnees: str
    representant: str
    dpd: str


@dataclass(frozen=True, slots=True)
class ActiviteLue:
    """Une catégorie de traitements et tous ceux pour qui elle s’exerce."""

    nom: str
    categories: str
    transferts: str
    securite: str
    sous_traitants: tuple[Acteur, ...]
    responsables: tuple[Acteur, ...]


@dataclass(frozen=True, slots=True)
class Registre:
    sous_traitant: Acteur
    activites: tuple[ActiviteLue, ...]

    @property
    def responsables(self) -> int:
        """Le nombre de responsables servis, chacun compté une fois."""
        return len({r.siren for activite in self.activites for r in activite.responsables})


def lire_registre(structure: Structure, collectivite: Collectivite | None = None) -> Registre:
    """Ce qui vaut aujourd’hui ; restreint à un responsable si on le donne. Quatre requêtes au plus."""
    servis = ResponsableServi.objects.filter(jusqu_au=None).select_related("collectivite__structure")
    activites = ActiviteSousTraitee.objects.filter(structure=structure, fin=None)
    if collectivite is not None:
        servis = servis.filter(collectivite=collectivite)
        activites = activites.filter(SERVIS, responsables__collectivite=collectivite)
    # Une commune servie par dix activités n’est dite qu’une fois en mémoire.
    dits: dict[int, Acteur] = {}
    lues = activites.order_by("nom", "pk").prefetch_related(
        "sous_traitants",
        Prefetch("responsables", servis.order_by("collectivite__nom", "collectivite"), to_attr="servis"),
    )
    return Registre(
        sous_traitant=structure_dite(structure), activites=tuple(_lire(activite, dits) for activite in lues)
    )


def _lire(activite: ActiviteSousTraitee, dits: dict[int, Acteur]) -> ActiviteLue:
    for servi in activite.servis:
        if servi.collectivite_id not in dits:
            dits[servi.collectivite_id] = responsable_dit(servi.collectivite)
    return ActiviteLue(
        nom=activite.nom,
        categories=activite.categories,
        transferts=activite.transferts or AUCUN_TRANSFERT,
        securite=activite.securite,
        sous_traitants=tuple(prestataire_dit(fiche) for fiche in activite.sous_traitants.all()),
        responsables=tuple(dits[servi.collectivite_id] for servi in activite.servis),
    )


def structure_dite(structure: Structure) -> Acteur:
    """La structure, sous-traitante ; établie dans l’Union, elle n’a pas de représentant (art. 27)."""
    dpd = (structure.dpd_nom, structure.dpd_courriel, structure.dpd_telephone)
    return Acteur(structure.nom, structure.siren, _ligne([structure.adresse]), "", _ligne(dpd))


def responsable_dit(collectivite: Collectivite) -> Acteur:
    adresse, code_postal = collectivite.adresse, collectivite.code_postal
    # Bien des adresses portent déjà leur code postal.
    suite = "" if code_postal in adresse else code_postal
    coordonnees = (adresse, suite, collectivite.courriel, collectivite.telephone)
    return Acteur(
        nom=collectivite.denomination,
        siren=collectivite.siren,
        coordonnees=_ligne(coordonnees),
        representant=collectivite.representant,
        dpd=_ligne((collectivite.dpd, _courriel_du_dpd(collectivite))),
    )


def _courriel_du_dpd(collectivite: Collectivite) -> str:
    if collectivite.dpd_propre_nom:
        return collectivite.dpd_propre_courriel
    return collectivite.structure.dpd_courriel


def prestataire_dit(fiche: SousTraitant) -> Acteur:
    return Acteur(
        nom=fiche.nom,
        siren=fiche.siren,
        coordonnees=_ligne((fiche.adresse, fiche.courriel, fiche.telephone)),
        representant="",
        dpd=_ligne((fiche.dpd_nom, fiche.dpd_courriel)),
    )


def _ligne(parties: Iterable[str]) -> str:
    return ", ".join(", ".join(partie.split("\n")) for partie in parties if partie)


def activites_de(structure: Structure, etat: str = "") -> QuerySet:
    """Celles que montre la page, chacune avec le nombre de responsables qu’elle sert et les premiers."""
    activites = ActiviteSousTraitee.objects.filter(structure=structure)
    if etat != "toutes":
        activites = activites.filter(fin__isnull=etat != "arretees")
    premiers = ResponsableServi.objects.filter(jusqu_au=None).select_related("collectivite")
    return (
        activites.annotate(nombre=Count("responsables", filter=SERVIS))
        .prefetch_related(
            "sous_traitants",
            Prefetch(
                "responsables",
                premiers.order_by("collectivite__nom", "collectivite")[:APERCU],
                to_attr="premiers",
            ),
        )
        .order_by("nom", "pk")
    )


def responsables_de(activite: ActiviteSousTraitee, q: str, *, anciens: bool = False) -> QuerySet:
    """Ceux qu’elle sert, ou qu’elle a servis, par nom."""
    servis = ResponsableServi.objects.filter(activite=activite, jusqu_au__isnull=not anciens)
    if q:
        servis = servis.filter(collectivite__in=_nommees(activite.structure_id, q))
    return servis.select_related("collectivite__structure").order_by("collectivite__nom", "pk")


def a_rattacher(activite: ActiviteSousTraitee, q: str) -> QuerySet:
    """Les collectivités suivies qu’elle ne sert pas encore, par nom."""
    servies = ResponsableServi.objects.filter(activite=activite, jusqu_au=None).values("collectivite")
    return (
        _nommees(activite.structure_id, q).filter(active=True).exclude(pk__in=servies).order_by("nom", "pk")
    )


def _nommees(structure: int, q: str) -> QuerySet:
    return Collectivite.objects.filter(structure=structure).recherche(q)


def activites_pour(collectivite: Collectivite) -> QuerySet:
    """Celles que la structure exerce aujourd’hui pour cette collectivité ; deux requêtes."""
    siennes = ResponsableServi.objects.filter(collectivite=collectivite, jusqu_au=None)
    activites = ActiviteSousTraitee.objects.filter(fin=None, pk__in=siennes.values("activite"))
    return activites.prefetch_related("sous_traitants").order_by("nom", "pk")
