"""Un petit monde complet, et toutes les adresses du site avec de quoi les remplir."""

import re
from datetime import timedelta

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from post_office.models import STATUS, Email

from dpd.comptes.actions import inviter
from dpd.comptes.enums import FonctionContact, Role
from dpd.comptes.models import Contact
from dpd.messagerie.models import Message
from dpd.pieces.actions import deposer
from dpd.pieces.enums import DomainePiece
from registre import actions
from registre.ecriture import fiche_de
from registre.models import ModeleTraitement, Traitement, VersionModele
from tests.conftest import creer_personne
from tests.conventions import monde as conventions
from tests.pieces.fabriques import fichier
from tests.registre.conftest import remplir
from tests.registre.fabriques_modeles import adapter_pour, charger_essai
from tests.subtraitance import monde as subtraitance
from tests.violations import monde as violations


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

UN_AN_PASSE = timedelta(days=400)


def _fiche(collectivite, nom, gens, maintenant, complete=True):
    """Un brouillon, complet sauf avis contraire."""
    version = actions.creer(
        collectivite=collectivite, nom=nom, auteur=gens["referent"], maintenant=maintenant
    )
    if not complete:
        return version
    return actions.enregistrer_contenu(
        version=version,
        fiche=remplir(fiche_de(version)),
        auteur=gens["referent"],
        maintenant=maintenant,
        raison="x",
    )


def _transmise(collectivite, nom, gens, maintenant):
    version = _fiche(collectivite, nom, gens, maintenant)
    return actions.transmettre(version=version, auteur=gens["referent"], maintenant=maintenant)


def _avec_avis(collectivite, nom, gens, maintenant):
    return actions.rendre_avis(
        version=_transmise(collectivite, nom, gens, maintenant),
        sens="reserves",
        texte="x",
        reserves=["r"],
        auteur=gens["dpd"],
        maintenant=maintenant,
    )


def _adoptee(collectivite, nom, gens, maintenant):
    version = _avec_avis(collectivite, nom, gens, maintenant)
    return actions.adopter(version=version, auteur=gens["decideur"], maintenant=maintenant, suite="suivi")


def peupler_collectivite(collectivite, gens, maintenant, premiere=1):
    """Une fiche dans chaque état, une question, une réserve, un contact, une invitation.

    ``premiere`` : numéro de la première fiche, pour que deux registres n’en aient aucun en commun.
    """
    if premiere > 1:
        Traitement(
            collectivite=collectivite, reference=premiere - 1, cree_le=maintenant, retire_le=maintenant
        ).save()
    adoptee = _adoptee(collectivite, "Secret d’état civil", gens, maintenant)
    question = actions.poser(version=adoptee, texte="?", auteur=gens["referent"], maintenant=maintenant)
    rouverte = _adoptee(collectivite, "Rouverte", gens, maintenant)
    rouverte = actions.modifier(version=rouverte, auteur=gens["referent"], maintenant=maintenant)
    contact = Contact(
        collectivite=collectivite,
        fonction=FonctionContact.REFERENT,
        nom="Sylvie Delmas",
        depuis=maintenant.date(),
    )
    contact.save()
    return {
        "collectivite": collectivite,
        "reference": adoptee.traitement.reference,
        "rouverte": rouverte.traitement.reference,
        "brouillon": _fiche(collectivite, "Neuve", gens, maintenant, complete=False).traitement.reference,
        "transmise": _transmise(collectivite, "Transmise", gens, maintenant).traitement.reference,
        "a_relire": _adoptee(collectivite, "À relire", gens, maintenant - UN_AN_PASSE).traitement.reference,
        "avis_rendu": _avec_avis(collectivite, "Avis rendu", gens, maintenant).traitement.reference,
        "question": question.pk,
        "reserve": adoptee.avis.reserves.get().pk,
        "contact": contact.pk,
        "personne": gens["referent"].pk,
        "piece": _piece(DomainePiece.DEMANDE, gens["referent"], maintenant, collectivite=collectivite).pk,
        "invitation": _invitation(Role.LECTEUR, collectivite, gens, maintenant).pk,
        "jeton": _dernier_jeton(),
        "courriel": _courriel_refuse(collectivite).pk,
        **conventions.remplir_conventions(collectivite.structure, collectivite, gens, maintenant),
        **violations.remplir_violations(collectivite.structure, collectivite, gens, maintenant, premiere),
        **subtraitance.remplir_la_sous_traitance(
            collectivite.structure, collectivite, gens, maintenant, premiere
        ),
    }


def _courriel_refuse(collectivite):
    """Un courriel que le serveur a refusé : sa page propose de le retenter."""
    message = Message.objects.filter(collectivite=collectivite).latest("pk")
    Email.objects.filter(pk=message.courriel_id).update(status=STATUS.failed)
    return message


def _piece(domaine, auteur, maintenant, **portee):
    """Une pièce que le gestionnaire, l’agent et le lecteur ne lisent pas."""
    return deposer(fichier=fichier(), domaine=domaine, auteur=auteur, maintenant=maintenant, **portee)


def _invitation(role, portee, gens, maintenant):
    courriel = f"a@{portee.siren}.example"
    return inviter(courriel=courriel, role=role, portee=portee, auteur=gens["dpd"], maintenant=maintenant)


def _dernier_jeton():
    return re.search(r"/invitation/([^/\s]+)/", Email.objects.latest("pk").message)[1]


def peupler_structure(structure, gens, maintenant):
    """Un modèle commun, un modèle adapté et publié, un autre en brouillon, une équipe, une invitation."""
    charger_essai(maintenant)
    communs = VersionModele.objects.filter(modele__structure=None).select_related("modele")
    cantine, paie = communs.get(modele__code="cantine"), communs.get(modele__code="paie")
    publie = adapter_pour(structure, cantine, gens["dpd"], maintenant, nom="Cantine à façon")
    ferme = creer_personne(f"ferme@{structure.siren}.example", "Fermé", "Compte", Role.AGENT, structure)
    ferme.is_active = False
    ferme.save()
    agent = creer_personne(f"agent@{structure.siren}.example", "Agent", "Ouvert", Role.AGENT, structure)
    return {
        "structure": structure,
        "modele": publie.pk,
        "base": publie.modele_id,
        "base_preparee": _modele_en_brouillon(structure, paie).pk,
        "base_commune": paie.modele_id,
        "agent": agent.pk,
        "role_agent": Role.AGENT.value,
        "ferme": ferme.pk,
        "piece_structure": _piece(DomainePiece.REGISTRE, gens["dpd"], maintenant, structure=structure).pk,
        "invitation_structure": _invitation(Role.AGENT, structure, gens, maintenant).pk,
    }


def _modele_en_brouillon(structure, version):
    modele = ModeleTraitement.objects.create(
        structure=structure, code="prepare", domaine=version.modele.domaine, entites=version.modele.entites
    )
    VersionModele.objects.create(
        modele=modele,
        numero=1,
        nom=f"Modèle de {structure.siren}",
        contenu=version.contenu,
        durees=version.durees,
        sources=version.sources,
    )
    return modele


@pytest.fixture
def monde(collectivite, voisine, structure, referent, dpd, decideur, maintenant):
    """Une collectivité et sa structure, où toute adresse du site a quelque chose à montrer."""
    gens = {"referent": referent, "dpd": dpd, "decideur": decideur}
    return {
        **peupler_structure(structure, gens, maintenant),
        **peupler_collectivite(collectivite, gens, maintenant),
    }


# Adresse → clé du monde qui donne ``pk`` ou un autre paramètre quand ce n’est pas celle du même nom.
PARAMETRES = {
    "registre:repondre": {"pk": "question"},
    "registre:lever": {"pk": "reserve"},
    "registre:etape": {"reference": "rouverte"},
    "registre:version": {"reference": "rouverte"},
    "registre:modele": {"pk": "modele"},
    "registre:modele_structure": {"pk": "base"},
    "registre:modele_modifier": {"pk": "base_preparee"},
    "registre:modele_adapter": {"pk": "base"},
    "registre:modele_version": {"pk": "base"},
    "registre:modele_publier": {"pk": "base"},
    "registre:modele_retirer": {"pk": "base"},
    "comptes:clore_contact": {"pk": "contact"},
    "pilotage:retenter_courriel": {"pk": "courriel"},
    "pieces:telecharger": {"pk": "piece"},
    "pieces:telecharger_structure": {"pk": "piece_structure"},
    "comptes:retirer_role_structure": {"personne": "agent", "role": "role_agent"},
    "comptes:reactiver": {"personne": "ferme"},
    "comptes:revoquer_invitation": {"pk": "invitation"},
    "comptes:renvoyer_invitation": {"pk": "invitation"},
    "comptes:revoquer_invitation_structure": {"pk": "invitation_structure"},
    "comptes:renvoyer_invitation_structure": {"pk": "invitation_structure"},
    **conventions.PARAMETRES,
    **violations.PARAMETRES,
    **subtraitance.PARAMETRES,
}
# Ce que tout monde partage : aucun ne désigne une ligne d’un locataire.
COMMUNS = {"numero": 1, "format": "csv", "role": "referent", "cle": "dpd"}


def valeurs_de(nom, monde):
    """Les paramètres d’une adresse ; échoue si l’un n’a pas de valeur connue."""
    if nom == "account_reset_password_from_key":
        return {"uidb36": "1", "key": "x-y"}
    motif, chemin = dict(TOUTES)[nom]
    cles = PARAMETRES.get(nom, {})
    connus = {**COMMUNS, **monde}
    connus["siren"] = (monde["collectivite"] if chemin.startswith("c/") else monde["structure"]).siren
    valeurs = {p: connus.get(cles.get(p, p)) for p in motif.pattern.converters}
    inconnus = [parametre for parametre, valeur in valeurs.items() if valeur is None]
    assert not inconnus, f"{nom} : dites dans tests/monde.py comment remplir {inconnus}."
    return valeurs


def remplir_adresse(nom, monde):
    """L’adresse concrète."""
    return reverse(nom, kwargs=valeurs_de(nom, monde))
