"""Une collectivité qui part, sa voisine qui reste, et de quoi relire l’archive."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from dpd.comptes.actions import inviter
from dpd.comptes.actions_collectivites import ajouter_contact
from dpd.comptes.enums import FonctionContact, NatureAcces, Role
from dpd.comptes.journal import consigner
from dpd.conventions.actions import depart as actions
from dpd.conventions.enums import NatureIntervention
from dpd.conventions.models import Designation, Devis, Intervention
from dpd.conventions.regles.tarifs import Phase
from dpd.messagerie.envoi import envoyer
from dpd.pieces.actions import deposer
from dpd.pieces.enums import DomainePiece
from dpd.pilotage.depart.archive import ecrire
from registre import actions as registre
from registre.ecriture import fiche_de
from tests.conftest import creer_personne
from tests.conventions.conftest import EXPRESSE, creer_convention, creer_modele
from tests.pieces.fabriques import PDF, fichier
from tests.registre.conftest import remplir

EFFET = date(2021, 1, 1)


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def modele(structure):
    clause = "La structure restitue les données, puis les détruit avec l’accord de la collectivité."
    return creer_modele(structure, **EXPRESSE, sort_des_donnees=clause)


@pytest.fixture
def eteinte(collectivite, modele):
    """Éteinte au soir du 31 décembre 2025."""
    return creer_convention(collectivite, modele, EFFET)


@pytest.fixture
def depart(eteinte, gestionnaire, maintenant):
    return actions.ouvrir(convention=eteinte, auteur=gestionnaire, maintenant=maintenant)


def ecrire_archive(depart):
    """Le bilan et les octets de l’archive."""
    tampon = BytesIO()
    return ecrire(depart, tampon), tampon.getvalue()


def lire_archive(octets: bytes) -> dict[str, bytes]:
    """{chemin: contenu} de l’archive, intègre."""
    with ZipFile(BytesIO(octets)) as archive:
        assert archive.testzip() is None
        noms = archive.namelist()
        assert len(noms) == len(set(noms))
        return {nom: archive.read(nom) for nom in noms}


def peupler(collectivite, convention, marque, gens, maintenant):
    """De tout, chez une collectivité ; chaque texte libre porte ``marque``."""
    fiches(collectivite, marque, gens, maintenant)
    trace = {"auteur": gens["referent"], "maintenant": maintenant}
    ajouter_contact(
        collectivite=collectivite,
        fonction=FonctionContact.INFORMATIQUE,
        nom=f"Contact {marque}",
        depuis=EFFET,
        **trace,
    )
    piece = fichier(f"{marque}.pdf", PDF + marque.encode())
    deposer(
        fichier=piece,
        domaine=DomainePiece.REGISTRE,
        collectivite=collectivite,
        description=f"Pièce {marque}",
        **trace,
    )
    inviter(
        courriel=f"{marque.lower()}@invite.example",
        role=Role.LECTEUR,
        portee=collectivite,
        auteur=gens["dpd"],
        maintenant=maintenant,
    )
    consigner(
        NatureAcces.CONSULTATION, maintenant=maintenant, collectivite=collectivite, detail=f"vu {marque}"
    )
    prestations(collectivite, convention, marque, gens, maintenant)


def fiches(collectivite, marque, gens, maintenant):
    """Une fiche adoptée puis rouverte, une abrogée, un brouillon, une question."""
    adoptee = _adoptee(collectivite, f"Fiche {marque}", gens, maintenant)
    registre.modifier(version=adoptee, auteur=gens["referent"], maintenant=maintenant)
    registre.poser(
        version=adoptee, texte=f"Question {marque}", auteur=gens["referent"], maintenant=maintenant
    )
    abrogee = _adoptee(collectivite, f"Abrogée {marque}", gens, maintenant)
    registre.abroger(version=abrogee, motif="Fini", auteur=gens["decideur"], maintenant=maintenant)
    registre.creer(
        collectivite=collectivite, nom=f"Brouillon {marque}", auteur=gens["referent"], maintenant=maintenant
    )


def _adoptee(collectivite, nom, gens, maintenant):
    trace = {"auteur": gens["referent"], "maintenant": maintenant}
    version = registre.creer(collectivite=collectivite, nom=nom, **trace)
    fiche = replace(remplir(fiche_de(version)), description=f"{nom}\u00a0: =SOMME(A1) « é »")
    version = registre.enregistrer_contenu(version=version, fiche=fiche, raison="Saisie", **trace)
    version = registre.transmettre(version=version, **trace)
    version = registre.rendre_avis(
        version=version,
        sens="reserves",
        texte=f"Avis {nom}",
        reserves=["Liste séparée"],
        auteur=gens["dpd"],
        maintenant=maintenant,
    )
    return registre.adopter(version=version, auteur=gens["decideur"], maintenant=maintenant, suite="suivi")


def prestations(collectivite, convention, marque, gens, maintenant):
    """Un devis, une intervention, une désignation, un courriel."""
    trace = {"auteur": gens["dpd"], "maintenant": maintenant, "raison": "x"}
    Devis(
        collectivite=collectivite, objet=f"Devis {marque}", besoin="Former.", demande_le=maintenant
    ).enregistrer(**trace)
    Intervention(
        collectivite=collectivite,
        convention=convention,
        nature=NatureIntervention.VISITE,
        le=date(2025, 11, 3),
        minutes=90,
        phase=Phase.ACCOMPAGNEMENT.value,
        demande=f"Demande {marque}",
        intervenant=gens["dpd"],
    ).enregistrer(**trace)
    Designation(
        collectivite=collectivite, delegue=f"Délégué {marque}", numero="DPO-1", designee_le=EFFET
    ).enregistrer(**trace)
    envoyer(
        "essai",
        gabarit="conventions/emails/convention_denoncee",
        contexte={
            "fin": {
                "get_cause_display": "Fin",
                "regle": f"règle {marque}",
                "notifiee_le": EFFET,
                "fin": EFFET,
            },
            "convention": convention,
            "collectivite": collectivite,
            "adresse": "https://exemple.example/",
        },
        destinataire=f"{marque.lower()}@mairie.example",
        collectivite=collectivite,
        maintenant=maintenant,
    )


@pytest.fixture
def gens(referent, decideur, dpd):
    return {"referent": referent, "decideur": decideur, "dpd": dpd}


@pytest.fixture
def peuplee(depart, eteinte, collectivite, gens, maintenant):
    """Le départ d’une collectivité qui a de tout."""
    peupler(collectivite, eteinte, "PARTANTE", gens, maintenant + timedelta(hours=1))
    return depart


@pytest.fixture
def voisine_peuplee(voisine, modele, dpd, maintenant):
    """La voisine, elle aussi pleine, avec ses propres personnes."""
    siens = {
        "referent": creer_personne("ref@septfonds.example", "Rémi", "VOISINE", Role.REFERENT, voisine),
        "decideur": creer_personne("maire@septfonds.example", "Maud", "VOISINE", Role.DECIDEUR, voisine),
        "dpd": dpd,
    }
    peupler(voisine, creer_convention(voisine, modele, EFFET), "VOISINE", siens, maintenant)
    return voisine


@pytest.fixture
def brouillon(collectivite, referent, maintenant):
    """Une fiche ouverte, pas encore remplie."""
    return registre.creer(collectivite=collectivite, nom="Cantine", auteur=referent, maintenant=maintenant)
