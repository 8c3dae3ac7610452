"""Toute adresse du site, essayée par qui n’a rien à y faire. Aucune exception.

Le balayage part du plan du site lui-même : une adresse nouvelle est essayée sans qu’on l’y ajoute, et
un paramètre qu’on ne sait pas remplir fait échouer le test.
"""

import pytest

from dpd.comptes.enums import Role
from tests.conftest import creer_personne
from tests.monde import LOCATAIRES, NOMS, remplir_adresse

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
