"""Les conventions d’une structure : filtres, recherche, requêtes constantes."""

from datetime import date

import pytest
from django.urls import reverse

from dpd.conventions.actions.convention_vie import denoncer
from dpd.conventions.enums import CauseFin, Partie
from tests.conftest import creer_collectivite
from tests.conventions.conftest import EXPRESSE, GLISSANTE, creer_convention, creer_modele
from tests.conventions.test_convention_vues import texte
from tests.conventions.test_mise_en_place import creer_etape

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def liste(structure):
    return reverse("conventions:conventions", args=[structure.siren])


@pytest.fixture
def mises_en_place(structure):
    return reverse("conventions:mises_en_place", args=[structure.siren])


@pytest.fixture
def portefeuille(structure, modele_tranches, gestionnaire, maintenant):
    """Une collectivité dans chaque cas."""
    expresse = creer_modele(structure, **(EXPRESSE | {"date_fixe": date(2022, 2, 1)}))
    lieux = {
        nom: creer_collectivite(structure, nom, f"{rang:09}", courriel="")
        for rang, nom in enumerate(
            ("Projet", "Vigueur", "Denoncee", "Eteinte", "Expresse", "Sans", "Perdue"), 1
        )
    }
    creer_convention(lieux["Projet"], modele_tranches, None)
    creer_convention(lieux["Vigueur"], modele_tranches, date(2024, 2, 15))
    denoncee = creer_convention(lieux["Denoncee"], modele_tranches, date(2024, 2, 15))
    denoncer(
        convention=denoncee,
        cause=CauseFin.DENONCIATION,
        par=Partie.COLLECTIVITE,
        notifiee_le=date(2026, 11, 13),
        auteur=gestionnaire,
        maintenant=maintenant,
    )
    creer_convention(lieux["Eteinte"], expresse, date(2018, 1, 1), fin=date(2022, 12, 31))
    creer_convention(lieux["Expresse"], expresse, date(2022, 2, 1))
    lieux["Perdue"].active = False
    lieux["Perdue"].save()
    return lieux


def noms(reponse) -> set[str]:
    return {c.nom for c in reponse.context["page"]}


@pytest.mark.parametrize("nom", ["liste", "mises_en_place"])
@pytest.mark.parametrize(
    ("qui", "statut"),
    [("gestionnaire", 200), ("dpd", 200), ("agent", 403), ("referent", 404), ("etranger", 404)],
)
def test_qui_lit_les_conventions_d_une_structure(nom, qui, statut, request, connecte):
    adresse = request.getfixturevalue(nom)
    assert connecte(request.getfixturevalue(qui)).get(adresse).status_code == statut


@pytest.mark.parametrize(
    ("demande", "attendus"),
    [
        ({}, {"Projet", "Vigueur", "Denoncee", "Eteinte", "Expresse", "Sans"}),
        ({"etat": "a_signer"}, {"Projet"}),
        ({"etat": "en_vigueur"}, {"Vigueur", "Denoncee", "Expresse"}),
        ({"etat": "denoncees"}, {"Denoncee"}),
        ({"etat": "eteintes"}, {"Eteinte"}),
        ({"etat": "a_renouveler"}, {"Expresse"}),
        ({"etat": "sans"}, {"Sans"}),
        ({"etat": "inconnu"}, {"Projet", "Vigueur", "Denoncee", "Eteinte", "Expresse", "Sans"}),
        ({"q": "eTeInte"}, {"Eteinte"}),
        ({"q": "sans", "etat": "a_signer"}, set()),
    ],
)
def test_chaque_filtre_montre_les_siennes(demande, attendus, connecte, gestionnaire, liste, portefeuille):
    assert noms(connecte(gestionnaire).get(liste, demande)) == attendus


def test_une_expresse_encore_loin_n_est_pas_a_renouveler(
    connecte, gestionnaire, liste, structure, collectivite
):
    loin = creer_modele(structure, **(EXPRESSE | {"date_fixe": date(2025, 1, 1)}))
    creer_convention(collectivite, loin, date(2025, 1, 1))
    assert noms(connecte(gestionnaire).get(liste, {"etat": "a_renouveler"})) == set()


def test_les_colonnes_disent_quand_agir(connecte, gestionnaire, dpd, liste, portefeuille):
    lue = texte(connecte(gestionnaire).get(liste))
    for attendu in (
        "Éteinte",
        "depuis le 31 déc. 2022",
        "Dénoncée, encore en vigueur",
        "jusqu’au 14 févr. 2027",
        "1er févr. 2027",  # l’échéance de l’expresse
        "15 nov. 2027",  # la prochaine limite de la tacite
        "Accompagnement",
        "Ouvrir un projet",
    ):
        assert attendu in lue
    assert "Ouvrir un projet" not in texte(connecte(dpd).get(liste))


def test_une_recherche_vaine_et_un_portefeuille_vide_se_disent(connecte, gestionnaire, liste, structure):
    client = connecte(gestionnaire)
    assert "Votre portefeuille est vide" in texte(client.get(liste))
    assert "Aucune collectivité ne répond" in texte(client.get(liste, {"q": "zzz"}))


def test_htmx_ne_recoit_que_le_tableau(connecte, gestionnaire, liste, portefeuille):
    reponse = connecte(gestionnaire).get(liste, headers={"HX-Request": "true"})
    assert "<html" not in reponse.content.decode()
    assert 'id="resultats"' in reponse.content.decode()


def test_le_plus_ancien_blocage_vient_d_abord(
    connecte, gestionnaire, dpd, mises_en_place, structure, collectivite, voisine
):
    modele = creer_modele(structure, **GLISSANTE)
    premiere = creer_convention(voisine, modele, date(2026, 1, 1))
    seconde = creer_convention(collectivite, modele, date(2026, 1, 1))
    creer_etape(premiere, bloquee_depuis=date(2026, 11, 13), blocage="Récent")
    creer_etape(seconde, bloquee_depuis=date(2026, 6, 1), blocage="Secret du dossier")
    creer_etape(seconde, "close", bloquee_depuis=None, faite_le=date(2026, 2, 1))
    passee = creer_convention(
        creer_collectivite(structure, "Passée", "000000009"),
        modele,
        date(2025, 1, 1),
        bascule_le=date(2026, 1, 1),
    )
    creer_etape(passee)
    reponse = connecte(dpd).get(mises_en_place)
    assert [c.collectivite for c, _, _ in reponse.context["lignes"]] == [collectivite, voisine]
    lue = texte(reponse)
    assert "Étape documents" in lue
    assert "depuis 175 jours" in lue
    assert "1 sur 2" in lue
    lue = texte(connecte(gestionnaire).get(mises_en_place))
    assert "1 étape<span" in lue
    for tu in ("Étape documents", "Secret du dossier"):
        assert tu not in lue


def test_sans_mise_en_place_la_page_le_dit(connecte, dpd, mises_en_place):
    assert "Aucune mise en place en cours" in texte(connecte(dpd).get(mises_en_place))
