"""Toute adresse du site, lue puis envoyée par qui n’a rien à y faire. Aucune exception.

Le balayage part du plan du site lui-même : une adresse nouvelle est essayée sans qu’on l’y ajoute, et
échoue tant que ``tests/acces_attendus.py`` ne dit pas à qui elle s’ouvre.
"""

import pytest

from dpd.comptes.enums import Role
from tests import acces_attendus as attendus
from tests.conftest import creer_personne
from tests.monde import LOCATAIRES, NOMS, TOUTES, remplir_adresse
from tests.photo import changements, photographier

# Un balayage : long, et ce qu’il traverse est couvert ailleurs.
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
VERBES = ("get", "post")
CHEMINS = {nom: chemin for nom, (_, chemin) in TOUTES}
# Ce qu’une page montrée à quelqu’un d’ailleurs ne doit jamais contenir.
FICHE = "Secret d’état civil"
MARQUES = ("Montpezat", FICHE)


@pytest.fixture(autouse=True)
def _journal_tu(caplog):
    caplog.set_level("ERROR", logger="django.request")  # des centaines de refus attendus


@pytest.fixture
def monde_ferme(monde):
    """Le monde, sans jeton à montrer : ni d’invitation, ni de page publique."""
    return monde | {"jeton": "x" * 43, "jeton_public": "x" * 43, "jeton_suivi": "x" * 43}


@pytest.fixture
def collegue(voisine):
    """La référente d’une autre commune de la même structure."""
    return creer_personne("voisine@septfonds.example", "Marc", "Vialard", Role.REFERENT, voisine)


def statut(reponse) -> int:
    vers_connexion = reponse.status_code == 302 and "/connexion/" in reponse.url
    return attendus.CONNEXION if vers_connexion else reponse.status_code


def balayer(client, monde):
    """{adresse: (statut de la lecture, statut d’un envoi vide)}, et les pages rendues."""
    statuts, pages = {}, []
    for nom in sorted(NOMS, key=lambda nom: nom == "account_logout"):  # se déconnecter vient en dernier
        adresse, obtenus = remplir_adresse(nom, monde), []
        for verbe in VERBES:
            reponse = getattr(client, verbe)(adresse)
            obtenus.append(statut(reponse))
            if not reponse.streaming:
                pages.append((nom, verbe, reponse.content.decode(errors="replace")))
        statuts[nom] = tuple(obtenus)
    return statuts, pages


def ecarts(statuts, permises, codes):
    """Les adresses qui ne répondent pas comme déclaré, ou qui ne refusent pas ce qui n’est pas déclaré.

    ``codes`` : ce que répond un refus à une adresse de collectivité, puis de structure. Une adresse qui
    refuserait les deux verbes pour leur seule forme (405) n’aurait rien montré de sa garde.
    """
    permises = {nom: libre.connecte for nom, libre in attendus.HORS_LOCATAIRE.items()} | permises

    def est_juste(nom, obtenus):
        if nom in permises:
            return obtenus == permises[nom]
        code = codes[CHEMINS[nom][:2]]
        return code in obtenus and set(obtenus) <= {code, 405}

    return {nom: obtenus for nom, obtenus in statuts.items() if not est_juste(nom, obtenus)}


def bavardes(pages, marques=MARQUES):
    return [(nom, verbe) for nom, verbe, page in pages if any(marque in page for marque in marques)]


def test_toute_adresse_hors_des_locataires_est_declaree():
    assert set(attendus.HORS_LOCATAIRE) == set(NOMS) - set(LOCATAIRES)


@pytest.mark.parametrize("role", ["DU_LECTEUR", "DE_L_AGENT", "DU_GESTIONNAIRE"])
def test_chaque_droit_declare_est_celui_d_une_adresse_de_locataire(role):
    assert set(getattr(attendus, role)) <= set(LOCATAIRES)


def test_l_anonyme_n_entre_que_par_les_pages_ouvertes(client, monde_ferme):
    avant = photographier()
    statuts, pages = balayer(client, monde_ferme)
    permises = {nom: libre.anonyme for nom, libre in attendus.HORS_LOCATAIRE.items()}
    assert {n: s for n, s in statuts.items() if s != permises.get(n, attendus.FERMEE)} == {}
    assert bavardes(pages) == []
    assert changements(avant) == []


@pytest.mark.parametrize("qui", ["etranger", "collegue"])
def test_qui_est_d_ailleurs_recoit_404_partout(qui, request, connecte, monde_ferme):
    client = connecte(request.getfixturevalue(qui))
    avant = photographier()
    statuts, pages = balayer(client, monde_ferme)
    assert ecarts(statuts, {}, {"c/": 404, "s/": 404}) == {}
    assert bavardes(pages) == []
    assert changements(avant) == []


@pytest.mark.parametrize(
    ("qui", "permises", "codes", "tu"),
    [
        ("lecteur", attendus.DU_LECTEUR, {"c/": 403, "s/": 404}, ()),
        ("agent", attendus.DE_L_AGENT, {"c/": 403, "s/": 403}, (FICHE,)),
        ("gestionnaire", attendus.DU_GESTIONNAIRE, {"c/": 403, "s/": 403}, (FICHE,)),
    ],
)
def test_chaque_role_n_ouvre_que_ce_qui_lui_est_declare(
    qui, permises, codes, tu, request, connecte, monde_ferme
):
    client = connecte(request.getfixturevalue(qui))
    avant = photographier()
    statuts, pages = balayer(client, monde_ferme)
    assert ecarts(statuts, permises, codes) == {}
    assert bavardes(pages, tu) == []
    assert changements(avant) == []
