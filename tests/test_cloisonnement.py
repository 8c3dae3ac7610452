"""Toute adresse du site, essayée par qui n’a rien à y faire. Aucune exception.

Le balayage part du plan du site lui-même : une adresse nouvelle est essayée sans qu’on l’y ajoute, et
un paramètre qu’on ne sait pas remplir fait échouer le test.
"""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from dpd.comptes.actions import inviter
from registre import actions
from registre.ecriture import fiche_de
from registre.models import ModeleTraitement, VersionModele
from registre.regles.contenu import Fiche, en_dict
from tests.conftest import Role, creer_personne
from tests.registre.conftest import remplir

pytestmark = pytest.mark.django_db

# Les seules pages ouvertes sans compte, et pourquoi.
OUVERTES = {
    "aide": "dire qui joindre",
    "accessibilite": "mention obligatoire",
    "donnees_personnelles": "information des personnes (art. 13)",
    "mentions_legales": "mention obligatoire",
    "plan": "aide à la navigation",
    "account_login": "se connecter",
    "account_logout": "se déconnecter",
    "account_inactive": "dire qu’un compte est fermé",
    "account_reset_password": "mot de passe oublié",
    "account_reset_password_done": "mot de passe oublié",
    "account_reset_password_from_key": "mot de passe oublié",
    "account_reset_password_from_key_done": "mot de passe oublié",
    "mfa_authenticate": "second facteur, après le mot de passe",
    "comptes:accepter": "le jeton de l’invitation fait foi",
    "comptes:entrer": "démonstration ; n’existe pas autrement",
}
# Propres à la personne connectée : aucun locataire en jeu.
PERSONNELLES = ("account_", "mfa_", "comptes:profil", "comptes:affichage", "accueil")


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


def balayer(client, monde, noms, permis):
    """Lit puis envoie un formulaire vide à chaque adresse ; rend tout ce qui n’est pas permis."""
    anomalies = []
    for nom in noms:
        adresse = remplir_adresse(nom, monde)
        for verbe in ("get", "post"):
            reponse = getattr(client, verbe)(adresse)
            if not permis(nom, verbe, reponse):
                anomalies.append((nom, verbe, reponse.status_code))
    return anomalies


def est_connexion(reponse):
    return reponse.status_code == 302 and "/connexion/" in reponse.url


def test_l_anonyme_n_entre_que_par_les_pages_ouvertes(client, monde):
    def permis(nom, verbe, reponse):
        if nom in OUVERTES:
            return reponse.status_code in (200, 302, 404, 405, 429)
        return est_connexion(reponse)

    assert balayer(client, monde, NOMS, permis) == []


def test_l_etranger_recoit_404_partout(connecte, etranger, monde):
    permis = lambda nom, verbe, reponse: reponse.status_code in (404, 405)  # noqa: E731
    assert balayer(connecte(etranger), monde, LOCATAIRES, permis) == []


def test_la_referente_d_une_commune_voisine_recoit_404_partout(connecte, voisine, monde):
    collegue = creer_personne("voisine@septfonds.example", "Marc", "Vialard", Role.REFERENT, voisine)
    permis = lambda nom, verbe, reponse: reponse.status_code in (404, 405)  # noqa: E731
    assert balayer(connecte(collegue), monde, LOCATAIRES, permis) == []


@pytest.mark.parametrize("qui", ["gestionnaire", "agent"])
def test_la_structure_ne_lit_aucun_registre_hors_du_dpd(qui, request, connecte, monde):
    registre = [nom for nom in LOCATAIRES if nom.startswith("registre:")]
    permis = lambda nom, verbe, reponse: reponse.status_code in (403, 405)  # noqa: E731
    assert balayer(connecte(request.getfixturevalue(qui)), monde, registre, permis) == []


def test_le_lecteur_n_ecrit_nulle_part(connecte, lecteur, monde):
    def permis(nom, verbe, reponse):
        return verbe == "get" or reponse.status_code in (403, 404, 405) or est_rappel(nom, reponse)

    def est_rappel(nom, reponse):
        # Les actions groupées servent aussi à exporter : sans fiche cochée, elles le rappellent.
        return nom == "registre:groupe" and reponse.status_code == 302

    assert balayer(connecte(lecteur), monde, LOCATAIRES, permis) == []


def test_toute_adresse_est_de_locataire_personnelle_ou_ouverte():
    reste = [n for n in NOMS if n not in LOCATAIRES and n not in OUVERTES and not n.startswith(PERSONNELLES)]
    assert reste == []
