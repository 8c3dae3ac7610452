"""Où chercher pour répondre à une demande de droits : les fiches où cette personne peut figurer.

Tout se lit en un nombre fixe de requêtes, quel que soit le nombre de fiches.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from dpd.comptes.models import Collectivite
from dpd.regles.etiquette import Etiquette
from dpd.regles.typographie import enumeration
from dpd.vocabulaire import BaseLegale, CategoriePersonnes
from registre.enums import EtatRecherche, EtatVersion
from registre.models import Finalite, RechercheDonnees, Recours, VersionTraitement
from subtraitance.enums import Droit
from subtraitance.models import DemandeDroits
from subtraitance.regles.bases import Indication, Ouverture, indication

HABITANT = CategoriePersonnes.USAGERS
QUI_MAX = 200  # longueur de RechercheDonnees.qui
ETATS: dict[str, tuple[str, str, str]] = {
    EtatRecherche.A_CHERCHER: ("À chercher", "", "circle"),
    EtatRecherche.TROUVE: ("Données trouvées", "accent", "check2"),
    EtatRecherche.RIEN: ("Rien trouvé", "fait", "check-circle-fill"),
    EtatRecherche.ECARTEE: ("Sans rapport", "", "x-lg"),
}
OUVERTURES = {
    Ouverture.OUVERT: "Ouvert",
    Ouverture.CONDITION: "À examiner",
    Ouverture.EXCLU: "Exclu en principe",
}


@dataclass(frozen=True, slots=True)
class LigneRecherche:
    """``nom`` et ``reference`` : ceux de la fiche à montrer ; ``qui`` : qui interroger."""

    recherche: RechercheDonnees
    reference: int
    nom: str
    qui: str
    etiquette: Etiquette


@dataclass(frozen=True, slots=True)
class LigneDroits:
    """Ce que le tableau dit de chaque droit invoqué, pour une fiche et une base ; une aide, pas un rejet."""

    nom: str
    base: str
    indications: tuple[tuple[str, str, str], ...]


def fiches_ou_chercher(collectivite: Collectivite):
    """Les versions à montrer du registre, par nom : ni retirées, ni abrogées."""
    requete = VersionTraitement.objects.courantes().filter(collectivite=collectivite)
    finies = (EtatVersion.RETIREE, EtatVersion.ABROGEE)
    return (
        requete.exclude(etat__in=finies).select_related("traitement").defer("contenu").order_by("nom", "pk")
    )


def proposees(versions: Iterable[VersionTraitement], categorie: CategoriePersonnes) -> set[int]:
    """Parmi ces fiches, les traitements où figure cette catégorie de personnes."""
    cles = [version.pk for version in versions]
    trouvees = VersionTraitement.objects.filter(pk__in=cles, personnes__categorie=categorie)
    return set(trouvees.values_list("traitement_id", flat=True))


def qui_interroger(versions: Collection[VersionTraitement]) -> dict[int, str]:
    """Traitement → « Comptabilité, et Berger-Levrault » : le service, puis les prestataires de la fiche."""
    prestataires: dict[int, list[str]] = defaultdict(list)
    for recours in Recours.objects.filter(version__in=[version.pk for version in versions]):
        prestataires[recours.version_id].append(str(recours))
    return {v.traitement_id: _qui(v.service, prestataires[v.pk]) for v in versions}


def _qui(service: str, prestataires: Sequence[str]) -> str:
    noms = enumeration(tuple(prestataires))
    return ", et ".join(part for part in (service, noms) if part)[:QUI_MAX]


def lignes_de(demande: DemandeDroits) -> list[LigneRecherche]:
    """Les fiches retenues, par nom, avec ce qu’on y a trouvé."""
    recherches = list(
        RechercheDonnees.objects.filter(demande=demande).select_related("traitement", "cherchee_par")
    )
    versions = VersionTraitement.objects.courantes().filter(
        traitement__in=[recherche.traitement_id for recherche in recherches]
    )
    noms = dict(versions.values_list("traitement_id", "nom"))
    lignes = [
        LigneRecherche(
            recherche=recherche,
            reference=recherche.traitement.reference,
            nom=noms.get(recherche.traitement_id, str(recherche.traitement)),
            qui=recherche.qui,
            etiquette=Etiquette(*ETATS[recherche.etat]),
        )
        for recherche in recherches
    ]
    return sorted(lignes, key=lambda ligne: (ligne.nom.casefold(), ligne.reference))


def compter(lignes: Iterable[LigneRecherche]) -> tuple[int, int]:
    """(fiches où l’on a cherché, fiches à interroger) ; celles sans rapport ne comptent pas."""
    utiles = [x.recherche.etat for x in lignes if x.recherche.etat != EtatRecherche.ECARTEE]
    return sum(etat != EtatRecherche.A_CHERCHER for etat in utiles), len(utiles)


def aide_par_base(demande: DemandeDroits, lignes: Iterable[LigneRecherche]) -> list[LigneDroits]:
    """Droit × base légale, pour les fiches où l’on a trouvé des données."""
    trouvees = {x.recherche.traitement_id: x.nom for x in lignes if x.recherche.etat == EtatRecherche.TROUVE}
    droits = [Droit(droit) for droit in Droit.values if droit in demande.droits]
    if not trouvees or not droits:
        return []
    bases = (
        Finalite.objects.filter(version__est_courante=True, version__traitement__in=trouvees)
        .exclude(base_legale="")
        .values_list("version__traitement_id", "base_legale")
        .distinct()
        .order_by()
    )
    return [
        LigneDroits(
            trouvees[fiche], BaseLegale(base).label, tuple(_dite(d, indication(d, base)) for d in droits)
        )
        for fiche, base in sorted(bases, key=lambda paire: (trouvees[paire[0]].casefold(), paire))
    ]


def _dite(droit: Droit, lue: Indication) -> tuple[str, str, str]:
    """(droit, ouverture, pourquoi)."""
    return droit.label, OUVERTURES[lue.ouverture], lue.pourquoi
