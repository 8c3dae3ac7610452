"""Les gestes d’une fiche, écrits comme un récit : qui a fait quoi, il y a combien de jours.

Une fiche de démonstration est une suite de gestes ; ``derouler`` les rejoue par les actions du registre,
du plus ancien au plus récent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from dpd.accompagnement.enums import SensAvis, SuiteAvis
from dpd.comptes.models import Utilisateur
from dpd.pilotage.demonstration.completer import Organisme, completer, imprimer
from dpd.pilotage.demonstration.horloge import Horloge
from registre import actions
from registre.bibliotheque.traduction import typographier
from registre.ecriture import fiche_de
from registre.models import VersionTraitement
from registre.regles.contenu import Fiche

Retouche = Callable[[Fiche], Fiche]


class Avis(NamedTuple):
    sens: SensAvis
    texte: str
    reserves: tuple[str, ...] = ()


class Geste(NamedTuple):
    """``jours`` : il y a combien de jours. ``texte`` : motif, question, réponse ou ce qui a été fait."""

    nom: str
    jours: int
    texte: str = ""
    avis: Avis | None = None
    suite: SuiteAvis | None = None
    retouche: Retouche | None = None


def saisir(jours: int, retouche: Retouche | None = None) -> Geste:
    """Complète la fiche depuis son modèle, puis la retouche."""
    return Geste("saisir", jours, "Saisie guidée", retouche=retouche)


def retoucher(jours: int, retouche: Retouche, raison: str) -> Geste:
    return Geste("retoucher", jours, raison, retouche=retouche)


def transmettre(jours: int) -> Geste:
    return Geste("transmettre", jours)


def conseiller(jours: int, avis: Avis) -> Geste:
    return Geste("conseiller", jours, avis=avis)


def adopter(jours: int, suite: SuiteAvis | None = SuiteAvis.SUIVI, motif: str = "") -> Geste:
    """``suite`` vide : sans attendre l’avis, le motif dit pourquoi."""
    return Geste("adopter", jours, motif, suite=suite)


def simple(nom: str, jours: int, texte: str = "") -> Geste:
    """relire, renvoyer, abroger, retirer, modifier, poser, repondre ou lever (une réserve)."""
    return Geste(nom, jours, texte)


@dataclass(frozen=True, slots=True)
class Scene:
    """Qui agit sur le registre d’une collectivité, et quand."""

    redacteur: Utilisateur
    dpd: Utilisateur
    decideur: Utilisateur | None
    horloge: Horloge
    chez: Organisme


# L’heure de chaque geste : dans une même journée, le récit reste dans l’ordre.
HEURES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "ouvrir": (8, 40),
        "modifier": (9, 5),
        "lever": (9, 20),
        "saisir": (9, 40),
        "relire": (10, 0),
        "retoucher": (10, 15),
        "retirer": (10, 30),
        "poser": (11, 5),
        "transmettre": (11, 20),
        "conseiller": (14, 30),
        "repondre": (15, 15),
        "adopter": (16, 10),
        "renvoyer": (16, 20),
        "abroger": (16, 40),
    }
)


def derouler(version: VersionTraitement, gestes: Sequence[Geste], scene: Scene) -> VersionTraitement:
    """Rejoue les gestes sur une version ; rend la dernière version écrite.

    :raises ValueError: si un geste n’est pas permis là où en est la version.
    """
    for geste in gestes:
        quand = scene.horloge.instant(geste.jours, *HEURES[geste.nom])
        version = GESTES[geste.nom](version, geste, scene, quand) or version
    return version


def _saisir(version: VersionTraitement, geste: Geste, scene: Scene, quand: datetime):
    fiche = completer(fiche_de(version), version.traitement.modele, scene.chez)
    return _ecrire(version, geste, scene, quand, fiche)


def _retoucher(version: VersionTraitement, geste: Geste, scene: Scene, quand: datetime):
    return _ecrire(version, geste, scene, quand, fiche_de(version))


def _ecrire(version: VersionTraitement, geste: Geste, scene: Scene, quand: datetime, fiche: Fiche):
    fiche = imprimer(geste.retouche(fiche)) if geste.retouche else fiche
    return actions.enregistrer_contenu(
        version=version,
        fiche=fiche,
        auteur=scene.redacteur,
        maintenant=quand,
        raison=typographier(geste.texte),
    )


def _transmettre(version: VersionTraitement, geste: Geste, scene: Scene, quand: datetime):
    return actions.transmettre(version=version, auteur=scene.redacteur, maintenant=quand)


def _conseiller(version: VersionTraitement, geste: Geste, scene: Scene, quand: datetime):
    return actions.rendre_avis(
        version=version,
        sens=geste.avis.sens,
        texte=typographier(geste.avis.texte),
        reserves=[typographier(reserve) for reserve in geste.avis.reserves],
        auteur=scene.dpd,
        maintenant=quand,
    )


def _adopter(version: VersionTraitement, geste: Geste, scene: Scene, quand: datetime):
    return actions.adopter(
        version=version,
        auteur=scene.decideur,
        maintenant=quand,
        suite=geste.suite,
        motif=typographier(geste.texte),
    )


def _motive(action) -> Callable:
    def rejouer(version: VersionTraitement, geste: Geste, scene: Scene, quand: datetime):
        motif = typographier(geste.texte)
        return action(version=version, motif=motif, auteur=scene.decideur, maintenant=quand)

    return rejouer


def _par_le_redacteur(action) -> Callable:
    def rejouer(version: VersionTraitement, geste: Geste, scene: Scene, quand: datetime):
        return action(version=version, auteur=scene.redacteur, maintenant=quand)

    return rejouer


def _poser(version: VersionTraitement, geste: Geste, scene: Scene, quand: datetime) -> None:
    texte = typographier(geste.texte)
    actions.poser(version=version, texte=texte, auteur=scene.redacteur, maintenant=quand)


def _repondre(version: VersionTraitement, geste: Geste, scene: Scene, quand: datetime) -> None:
    """Le DPD répond à la plus ancienne question ouverte de la fiche."""
    liens = version.questions.filter(question__repondue_le=None, question__retiree_le=None)
    lien = liens.select_related("question").order_by("question__posee_le", "pk").first()
    actions.repondre(
        question=lien.question, reponse=typographier(geste.texte), auteur=scene.dpd, maintenant=quand
    )


def _lever(version: VersionTraitement, geste: Geste, scene: Scene, quand: datetime) -> None:
    """La collectivité lève la première réserve encore ouverte."""
    reserve = version.avis.reserves.select_related("collectivite").filter(levee_le=None).first()
    actions.lever_reserve(
        reserve=reserve, comment=typographier(geste.texte), auteur=scene.redacteur, maintenant=quand
    )


GESTES: Mapping[str, Callable] = MappingProxyType(
    {
        "saisir": _saisir,
        "retoucher": _retoucher,
        "transmettre": _transmettre,
        "conseiller": _conseiller,
        "adopter": _adopter,
        "renvoyer": _motive(actions.renvoyer),
        "abroger": _motive(actions.abroger),
        "modifier": _par_le_redacteur(actions.modifier),
        "relire": _par_le_redacteur(actions.relire),
        "retirer": _par_le_redacteur(actions.retirer_brouillon),
        "poser": _poser,
        "repondre": _repondre,
        "lever": _lever,
    }
)
