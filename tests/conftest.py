"""Les personnes et les lieux de tous les tests : la bonne, la collègue, l’étranger."""

from datetime import UTC, datetime

import pytest
from django.db.models import QuerySet

from dpd.comptes.droits import accorder
from dpd.comptes.enums import Role, TypeCollectivite
from dpd.comptes.models import Collectivite, Structure, Utilisateur

pytest_plugins = ["tests.monde"]


@pytest.fixture
def maintenant():
    return datetime(2026, 11, 23, 8, 40, tzinfo=UTC)  # lundi 23 novembre 2026, 9 h 40 à Paris


@pytest.fixture
def au_verrou(monkeypatch):
    """``au_verrou(Modele, geste)`` : ce qu’un autre a écrit pendant que l’on attendait de verrouiller."""

    def _attendre(modele, geste):
        verrouiller, gestes = QuerySet.select_for_update, [geste]

        def select_for_update(self, **options):
            if self.model is modele and gestes:
                gestes.pop()()
            return verrouiller(self, **options)

        monkeypatch.setattr(QuerySet, "select_for_update", select_for_update)

    return _attendre


@pytest.fixture
def structure(db):
    return Structure.objects.create(
        nom="Centre de gestion de Tarn-et-Garonne",
        sigle="CDG 82",
        siren="288200017",
        departement="82",
        adresse="23 boulevard Vincent-Auriol, 82000 Montauban",
        dpd_nom="Nadège Roucoules",
        dpd_courriel="dpd@cdg.example",
        dpd_telephone="05 36 49 12 34",
    )


@pytest.fixture
def autre_structure(db):
    return Structure.objects.create(nom="Agence technique de l’Allier", siren="250300019", departement="03")


def creer_collectivite(structure, nom, siren, **champs):
    defauts = {
        "type": TypeCollectivite.COMMUNE,
        "denomination": f"Commune de {nom}",
        "population_totale": 1556,
        "population_millesime": 2023,
        "population_source": "INSEE",
        "responsable_nom": "Bernard Lacaze",
        "responsable_titre": "maire",
        "courriel": f"mairie@{nom.lower()}.example",
        "adresse": "Place de la Mairie",
    }
    return Collectivite.objects.create(structure=structure, nom=nom, siren=siren, **{**defauts, **champs})


@pytest.fixture
def collectivite(structure):
    return creer_collectivite(structure, "Montpezat-de-Quercy", "218201317", code_insee="82131")


@pytest.fixture
def voisine(structure):
    """Une autre commune de la même structure."""
    return creer_collectivite(structure, "Septfonds", "218201796", code_insee="82179")


@pytest.fixture
def lointaine(autre_structure):
    """Une commune d’une autre structure."""
    return creer_collectivite(autre_structure, "Bellerive-sur-Allier", "210300232", code_insee="03023")


def creer_personne(courriel, prenom, nom, role=None, objet=None):
    personne = Utilisateur.objects.create_user(courriel, "Une phrase de passe longue 1!")
    personne.first_name, personne.last_name = prenom, nom
    personne.save()
    if role:
        accorder(personne, role, objet)
    return personne


@pytest.fixture
def referent(collectivite):
    return creer_personne("sylvie@montpezat.example", "Sylvie", "Delmas", Role.REFERENT, collectivite)


@pytest.fixture
def decideur(collectivite):
    return creer_personne("maire@montpezat.example", "Bernard", "Lacaze", Role.DECIDEUR, collectivite)


@pytest.fixture
def lecteur(collectivite):
    return creer_personne("lecteur@montpezat.example", "Léa", "Lectrice", Role.LECTEUR, collectivite)


@pytest.fixture
def dpd(structure):
    return creer_personne("dpd@cdg.example", "Nadège", "Roucoules", Role.DPD, structure)


@pytest.fixture
def gestionnaire(structure):
    return creer_personne("gestion@cdg.example", "Gilles", "Comptable", Role.GESTIONNAIRE, structure)


@pytest.fixture
def agent(structure):
    return creer_personne("agent@cdg.example", "Agathe", "Assistance", Role.AGENT, structure)


@pytest.fixture
def etranger(lointaine):
    """Référent d’une commune d’une autre structure."""
    return creer_personne("etranger@bellerive.example", "Ernest", "Étranger", Role.REFERENT, lointaine)


@pytest.fixture
def connecte(client):
    """Connecte une personne sans passer par le formulaire : ``connecte(referent).get(…)``."""

    def _connecter(personne):
        client.force_login(personne, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return _connecter


def pytest_addoption(parser):
    parser.addoption(
        "--avec-la-base",
        action="store_true",
        help="seulement les tests qui lisent ou écrivent en base : les autres n’ont pas de second moteur",
    )


def pytest_collection_modifyitems(config, items):
    """Une règle pure ne change pas d’un moteur à l’autre : PostgreSQL ne rejoue que ce qui touche la base."""
    if not config.getoption("--avec-la-base"):
        return
    gardes = [item for item in items if _touche_la_base(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _touche_la_base(item)])
    items[:] = gardes


def _touche_la_base(item) -> bool:
    if item.get_closest_marker("un_moteur") is not None:
        return False
    return item.get_closest_marker("django_db") is not None or "db" in getattr(item, "fixturenames", ())
