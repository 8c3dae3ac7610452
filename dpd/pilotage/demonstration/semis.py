"""Semer la démonstration : les référentiels, les comptes, puis les registres. Relancer n’ajoute rien."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dpd.comptes import referentiel
from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite, Structure
from dpd.messagerie.models import Message
from dpd.pilotage.demonstration import cantine, montpezat
from dpd.pilotage.demonstration.annuaire import passer_les_contrats, remplir_l_annuaire
from dpd.pilotage.demonstration.collectivites import COLLECTIVITES, CollectiviteDemo
from dpd.pilotage.demonstration.completer import Organisme
from dpd.pilotage.demonstration.comptes import le_dpd, ouvrir_collectivite, ouvrir_structure
from dpd.pilotage.demonstration.conventions import conventionner, preparer
from dpd.pilotage.demonstration.demandes import semer_les_demandes
from dpd.pilotage.demonstration.gestes import HEURES, Scene, derouler
from dpd.pilotage.demonstration.horloge import Horloge
from dpd.pilotage.demonstration.prestations import prestations
from dpd.pilotage.demonstration.registres import PROFILS, gestes_de, modeles_de
from dpd.pilotage.demonstration.rubriques import PRESTATAIRES
from dpd.pilotage.demonstration.sous_traitance import semer_la_sous_traitance
from dpd.pilotage.demonstration.structures import STRUCTURES, StructureDemo
from dpd.pilotage.demonstration.violations import Plateau, semer_les_violations
from dpd.regles.calendrier import Territoire
from registre import actions
from registre.bibliotheque import FICHIER, lire_bibliotheque
from registre.bibliotheque.traduction import typographier
from registre.chargement_modeles import charger
from registre.models import ModeleTraitement, VersionModele
from subtraitance.models import SousTraitant

GRANDE_VILLE = 20_000  # au-delà, une commune emploie d’ordinaire plus de 250 agents


@dataclass(slots=True)
class Bilan:
    """Ce que le semis vient d’ajouter ; tout à zéro si la démonstration était déjà là."""

    structures: int = 0
    collectivites: int = 0
    fiches: int = 0
    conventions: int = 0
    violations: int = 0
    demandes: int = 0


@transaction.atomic
def semer(maintenant: datetime) -> Bilan:
    """Ajoute ce qui manque de la démonstration, tout ou rien ; ne touche pas à ce qui est déjà là.

    Aucun courriel ne part : les messages des actions restent comme preuves, leur envoi est retiré de la file.
    """
    bilan, dernier_message = (
        Bilan(),
        Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0,
    )
    _charger_les_referentiels(maintenant)
    modeles = {v.modele.code: v for v in _modeles_communs()}
    rang = 0
    for demo in STRUCTURES:
        structure, nouvelle = ouvrir_structure(demo, maintenant)
        bilan.structures += nouvelle
        propres, ouvertes = dict(modeles), []
        for position, ligne in enumerate(COLLECTIVITES[demo.sigle]):
            rang += 1
            collectivite = ouvrir_collectivite(
                ligne, structure=structure, bloc=demo.telephone, rang=rang, maintenant=maintenant
            )
            if collectivite is None:
                continue
            bilan.collectivites += 1
            ouvertes.append((position, collectivite))
            scene = _scene(demo, structure, collectivite, maintenant)
            if ligne.registre == "montpezat":
                propres |= _modele_propre(structure, modeles, scene)
                bilan.fiches += _semer_montpezat(collectivite, propres, scene)
            else:
                bilan.fiches += _semer_ordinaire(ligne, collectivite, propres, scene, rang)
        bilan.conventions += _semer_les_conventions(demo.sigle, structure, ouvertes, maintenant)
        _semer_les_dossiers(demo.sigle, structure, ouvertes, maintenant, bilan)
    _retirer_de_la_file(dernier_message)
    return bilan


def _semer_les_conventions(
    sigle: str, structure: Structure, ouvertes: list[tuple[int, Collectivite]], maintenant: datetime
) -> int:
    """Les conventions de la structure, si elle n’en a pas encore ; combien ont été ouvertes."""
    bureau = preparer(structure, sigle, maintenant)
    if bureau is None:
        return 0
    conventions = [conventionner(bureau, collectivite, sigle, rang) for rang, collectivite in ouvertes]
    prestations(bureau, conventions)
    return len(conventions)


def _semer_les_dossiers(
    sigle: str,
    structure: Structure,
    ouvertes: list[tuple[int, Collectivite]],
    maintenant: datetime,
    bilan: Bilan,
) -> None:
    """L’annuaire, les contrats, les violations et les demandes de droits, à l’ouverture de la structure."""
    if not ouvertes or SousTraitant.objects.filter(structure=structure).exists():
        return
    dpd = le_dpd(structure)
    fiches = remplir_l_annuaire(structure, sigle, maintenant)
    passer_les_contrats([collectivite for _, collectivite in ouvertes], fiches, dpd, maintenant)
    plateau = Plateau(structure, fiches, dpd, personnes_de(structure, Role.AGENT).first(), maintenant)
    semer_la_sous_traitance(plateau, sigle, ouvertes)
    bilan.violations += len(semer_les_violations(plateau, sigle, ouvertes))
    bilan.demandes += len(semer_les_demandes(plateau, sigle, ouvertes))


def _charger_les_referentiels(maintenant: datetime) -> None:
    if not referentiel.est_charge():
        referentiel.charger()
    if not ModeleTraitement.objects.filter(structure=None).exists():
        charger(bibliotheque=lire_bibliotheque(FICHIER.read_bytes()), maintenant=maintenant)


def _modeles_communs() -> Iterable[VersionModele]:
    return VersionModele.objects.filter(modele__structure=None, est_courante=True).select_related("modele")


def _scene(
    demo: StructureDemo, structure: Structure, collectivite: Collectivite, maintenant: datetime
) -> Scene:
    dpd = le_dpd(structure)
    return Scene(
        redacteur=personnes_de(collectivite, Role.REFERENT).first() or dpd,
        dpd=dpd,
        decideur=personnes_de(collectivite, Role.DECIDEUR).first(),
        horloge=Horloge(maintenant, Territoire(collectivite.territoire)),
        chez=Organisme(PRESTATAIRES[demo.sigle], (collectivite.population_totale or 0) > GRANDE_VILLE),
    )


def _modele_propre(
    structure: Structure, modeles: dict[str, VersionModele], scene: Scene
) -> dict[str, VersionModele]:
    """Le modèle du centre de gestion ; les collectivités suivent sa première version."""
    premiere, _ = cantine.publier_le_modele(
        modeles[cantine.CODE], structure=structure, dpd=scene.dpd, horloge=scene.horloge
    )
    return {cantine.CODE: premiere}


def _ouvrir(collectivite: Collectivite, versions, jours: int, scene: Scene) -> list:
    return actions.creer_depuis_modeles(
        collectivite=collectivite,
        versions=versions,
        auteur=scene.redacteur,
        maintenant=scene.horloge.instant(jours, *HEURES["ouvrir"]),
    )


def _semer_montpezat(collectivite: Collectivite, modeles: dict[str, VersionModele], scene: Scene) -> int:
    for fiche in montpezat.FICHES:
        if fiche.code:
            version = _ouvrir(collectivite, [modeles[fiche.code]], fiche.ouverture, scene)[0]
        else:
            version = actions.creer(
                collectivite=collectivite,
                nom=typographier(fiche.nom),
                auteur=scene.redacteur,
                maintenant=scene.horloge.instant(fiche.ouverture, *HEURES["ouvrir"]),
            )
        derouler(version, fiche.gestes, scene)
    return len(montpezat.FICHES)


def _semer_ordinaire(
    demo: CollectiviteDemo,
    collectivite: Collectivite,
    modeles: dict[str, VersionModele],
    scene: Scene,
    rang: int,
) -> int:
    profil = PROFILS[demo.registre]
    codes = modeles_de(demo.type, profil.nombre, rang)
    if not codes:
        return 0
    versions = _ouvrir(collectivite, [modeles[code] for code in codes], profil.ouverture, scene)
    for position, version in enumerate(versions):
        etat = profil.etats[position % len(profil.etats)]
        derouler(version, gestes_de(etat, rang + position), scene)
    return len(versions)


def _retirer_de_la_file(dernier_message: int) -> None:
    """Les destinataires n’existent pas : rien ne part, et chaque preuve dit que rien n’est parti."""
    envois = Message._meta.get_field("courriel").related_model.objects
    envois.filter(preuve__pk__gt=dernier_message).delete()
