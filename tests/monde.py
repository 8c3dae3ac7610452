"""Un petit monde complet, et toutes les adresses du site avec de quoi les remplir."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from dpd.comptes.actions import inviter
from dpd.comptes.enums import Role
from registre import actions
from registre.ecriture import fiche_de
from registre.models import ModeleTraitement, VersionModele
from registre.regles.contenu import Fiche, en_dict
from tests.registre.conftest import remplir


def adresses(motifs=None, prefixe="", espace=""):
    """(nom, gabarit d’adresse) de toutes les adresses du site."""
    for motif in motifs if motifs is not None else get_resolver().url_patterns:
        if isinstance(motif, URLResolver):
            nom = f"{espace}{motif.namespace}:" if motif.namespace else espace
            yield from adresses(motif.url_patterns, prefixe + str(motif.pattern), nom)
        elif isinstance(motif, URLPattern):
            yield f"{espace}{motif.name}", motif, prefixe + str(motif.pattern)


TOUTES = sorted({nom: (motif, chemin) for nom, motif, chemin in adresses()}.items())
NOMS = [nom for nom, _ in TOUTES]
LOCATAIRES = [nom for nom, (_, chemin) in TOUTES if chemin.startswith(("c/", "s/"))]


@pytest.fixture
def monde(collectivite, voisine, structure, referent, dpd, decideur, maintenant):
    """Une fiche adoptée avec réserve et question, un modèle de structure, une invitation."""
    version = actions.creer(collectivite=collectivite, nom="Secret", auteur=referent, maintenant=maintenant)
    version = actions.enregistrer_contenu(
        version=version, fiche=remplir(fiche_de(version)), auteur=referent, maintenant=maintenant, raison="x"
    )
    question = actions.poser(version=version, texte="?", auteur=referent, maintenant=maintenant)
    version = actions.transmettre(version=version, auteur=referent, maintenant=maintenant)
    version = actions.rendre_avis(
        version=version, sens="reserves", texte="x", reserves=["r"], auteur=dpd, maintenant=maintenant
    )
    version = actions.adopter(version=version, auteur=decideur, maintenant=maintenant, suite="suivi")
    modele = ModeleTraitement.objects.create(structure=structure, code="m", domaine="D", entites="|commune|")
    version_modele = VersionModele.objects.create(
        modele=modele, numero=1, nom="M", contenu=en_dict(Fiche(nom="M")), etat="publie", est_courante=True
    )
    invitations = [
        inviter(courriel="a@b.example", role=role, portee=portee, auteur=dpd, maintenant=maintenant).pk
        for role, portee in ((Role.LECTEUR, collectivite), (Role.AGENT, structure))
    ]
    return {
        "reference": 1,
        "numero": 1,
        "format": "csv",
        "question": question.pk,
        "reserve": version.avis.reserves.get().pk,
        "modele": version_modele.pk,
        "base": modele.pk,
        "invitation": invitations[0],
        "invitation_structure": invitations[1],
        "collectivite": collectivite,
        "structure": structure,
        "referent": referent,
        "dpd": dpd,
    }


PK = {
    "registre:repondre": "question",
    "registre:lever": "reserve",
    "registre:modele": "modele",
    "registre:modele_structure": "base",
    "registre:modele_modifier": "base",
    "registre:modele_adapter": "base",
    "registre:modele_version": "base",
    "registre:modele_publier": "base",
    "registre:modele_retirer": "base",
    "comptes:revoquer_invitation": "invitation",
    "comptes:renvoyer_invitation": "invitation",
    "comptes:revoquer_invitation_structure": "invitation_structure",
    "comptes:renvoyer_invitation_structure": "invitation_structure",
}


def remplir_adresse(nom, monde):
    """L’adresse concrète ; échoue si un paramètre n’a pas de valeur connue."""
    if nom == "account_reset_password_from_key":
        return reverse(nom, kwargs={"uidb36": "1", "key": "x-y"})
    motif, chemin = dict(TOUTES)[nom]
    connus = {
        **monde,
        "siren": (monde["collectivite"] if chemin.startswith("c/") else monde["structure"]).siren,
        "pk": monde.get(PK.get(nom, ""), 1),
        "role": "referent",
        "personne": monde["referent"].pk,
        "cle": "dpd",
        "jeton": "x" * 43,
    }
    inconnus = [parametre for parametre in motif.pattern.converters if parametre not in connus]
    assert not inconnus, f"{nom} : dites comment remplir {inconnus}."
    return reverse(nom, kwargs={p: connus[p] for p in motif.pattern.converters})
