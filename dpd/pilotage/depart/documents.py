"""Les documents de l’archive : registre, états, devis, interventions, à lire ou à reprendre."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Prefetch

from dpd.conventions import interventions_lues
from dpd.conventions.exports.annuel import etat_annuel_en_document
from dpd.conventions.exports.devis import devis_imprime
from dpd.conventions.exports.interventions import releve_des_interventions
from dpd.conventions.exports.mensuel import etat_mensuel_en_document
from dpd.conventions.mensuels_lus import Bilan
from dpd.conventions.models import Devis, EtatAnnuel, EtatMensuel, LigneEtatMensuel
from dpd.documents.modele import Document
from dpd.regles.typographie import compte
from registre.enums import EtatVersion
from registre.exports import registre_art30, versions_du_registre
from registre.models import VersionTraitement

PAR_PAQUET = 500  # plus d’états mensuels qu’une convention n’en verra
IMPRIME = ("pdf", "json")


@dataclass(frozen=True, slots=True)
class Fichiers:
    """Un document, son nom sans extension, et les formats où l’écrire."""

    nom: str
    document: Document
    formats: tuple[str, ...]


def registre(collectivite, arrete_le: datetime) -> Iterator[Fichiers]:
    """Le registre en vigueur, que l’application sait réimporter ; puis chaque version de chaque fiche."""
    en_vigueur = registre_art30(
        collectivite, versions_du_registre(collectivite), maintenant=arrete_le, format="ods", imprime=True
    )
    yield Fichiers("registre/registre", en_vigueur, ("json", "ods", "pdf"))
    versions = (
        VersionTraitement.objects.filter(collectivite=collectivite)
        .exclude(etat=EtatVersion.RETIREE)
        .select_related("traitement__modele")
        .order_by("traitement__reference", "numero")
    )
    toutes = registre_art30(
        collectivite, versions, maintenant=arrete_le, nature="Toutes les versions de chaque fiche"
    )
    combien = compte(len(toutes.sommaire), "version")
    yield Fichiers(
        "registre/versions",
        replace(toutes, entete=replace(toutes.entete, version=combien)),
        IMPRIME,
    )


def conventions(collectivite, arrete_le: datetime) -> Iterator[Fichiers]:
    """Les interventions, les devis et les états, un document à la fois."""
    yield Fichiers(
        "conventions/interventions",
        releve_des_interventions(
            collectivite,
            interventions_lues.de_la_collectivite(collectivite, None),
            annee=None,
            maintenant=arrete_le,
        ),
        ("pdf", "ods", "json"),
    )
    for devis in _devis(collectivite):
        devis.collectivite = collectivite
        yield Fichiers(f"conventions/devis-{devis.pk}", devis_imprime(devis, maintenant=arrete_le), IMPRIME)
    for mensuel in _etats_mensuels(collectivite):
        bilan = Bilan(mensuel, tuple(mensuel.lignes.all()))
        document = etat_mensuel_en_document(collectivite, bilan, maintenant=arrete_le)
        yield Fichiers(f"conventions/etat-mensuel-{mensuel.annee}-{mensuel.mois:02}", document, IMPRIME)
    for annuel in _etats_annuels(collectivite):
        annuel.collectivite = collectivite
        document = etat_annuel_en_document(collectivite, annuel, maintenant=arrete_le)
        yield Fichiers(f"conventions/etat-annuel-{annuel.reference}", document, IMPRIME)


def _devis(collectivite):
    requete = Devis.objects.filter(collectivite=collectivite).order_by("pk")
    return requete.select_related("demande_par", "propose_par", "decide_par").iterator(PAR_PAQUET)


def _etats_mensuels(collectivite):
    lignes = LigneEtatMensuel.objects.select_related("tranchee_par").order_by("ordre")
    requete = EtatMensuel.objects.filter(collectivite=collectivite).select_related("fige_par", "valide_par")
    requete = requete.prefetch_related(Prefetch("lignes", lignes))
    return requete.order_by("annee", "mois", "pk").iterator(PAR_PAQUET)


def _etats_annuels(collectivite):
    requete = EtatAnnuel.objects.filter(collectivite=collectivite).select_related("fige_par")
    return requete.order_by("exercice", "numero").iterator(PAR_PAQUET)
