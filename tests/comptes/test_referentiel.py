"""Le référentiel des communes : chargé une fois, cherché comme on tape."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from dpd.comptes import preremplissage, referentiel
from dpd.comptes.models import Commune, Epci
from tests.comptes.fabriques_referentiel import creer_commune, creer_epci, montpezat

pytestmark = pytest.mark.django_db


def charger():
    sortie = StringIO()
    call_command("charger_communes", stdout=sortie)
    return sortie.getvalue()


def test_le_referentiel_livre_se_charge_et_se_recharge_sans_rien_changer(django_assert_max_num_queries):
    assert charger().startswith("34969 communes et 1255 intercommunalités. Source : INSEE / DGCL, Etalab")
    commune = Commune.objects.get(pk="82131")
    assert (commune.nom, commune.siren, commune.code_postal) == ("Montpezat-de-Quercy", "218201317", "82270")
    assert (commune.epci_nom, commune.departement, commune.region) == ("CC du Quercy Caussadais", "82", "76")
    assert (commune.population_municipale, commune.population_totale) == (1600, 1637)
    assert (commune.millesime, commune.en_vigueur_au) == (2023, date(2026, 1, 1))
    assert Commune.objects.get(pk="01001").nom == "L’Abergement-Clémenciat"
    sans = Commune.objects.filter(population_totale=None)
    assert sans.count() == 104
    assert not sans.exclude(millesime=None, en_vigueur_au=None, source="").exists()
    Commune.objects.filter(pk="82131").update(population_totale=1700, millesime=2024, siren="")
    Commune.objects.filter(pk="82008").update(population_totale=1)
    creer_commune("99999", "Disparue")
    with django_assert_max_num_queries(20):  # second passage : rien que les différences
        charger()
    commune.refresh_from_db()
    assert (commune.population_totale, commune.millesime) == (1700, 2024)  # plus récente : gardée
    assert commune.siren == "218201317"
    assert Commune.objects.get(pk="82008").population_totale == 951
    assert not Commune.objects.filter(pk="99999").exists()
    assert Epci.objects.get(pk="248200057").population_totale == 20_991
    assert [c.nom for c in referentiel.proposer_communes("mon", "82")][:2] == ["Montauban", "Montech"]


@pytest.fixture
def communes():
    montpezat()
    creer_commune("34172", "Montpellier", population_totale=310_611)
    creer_commune("82124", "Montbeton", population_totale=4422, code_postal="82290")
    creer_commune("12345", "Le Monteil", population_totale=9_000_000)
    creer_commune("2A004", "Ajaccio")
    creer_commune("82155", "Saint-Antonin-Noble-Val")
    creer_commune("80829", "Y")
    creer_commune("51410", "Œuilly")


@pytest.mark.parametrize(
    ("texte", "attendues"),
    [
        ("mon", ["Montbeton", "Montpezat-de-Quercy", "Montpellier", "Le Monteil"]),
        ("MONTPEZAT quercy", ["Montpezat-de-Quercy"]),
        ("montp 82", ["Montpezat-de-Quercy"]),
        ("82270", ["Montpezat-de-Quercy"]),
        ("82131", ["Montpezat-de-Quercy"]),
        ("218 201 317", ["Montpezat-de-Quercy"]),
        ("2a0", ["Ajaccio"]),
        ("st antonin", ["Saint-Antonin-Noble-Val"]),
        ("oeuilly", ["Œuilly"]),
        ("y", ["Y"]),
        ("mo", []),
        ("82", []),
        ("m 8", []),
        ("", []),
        ("zzz", []),
    ],
)
def test_la_recherche_classe_le_debut_du_nom_puis_le_departement_puis_la_population(
    communes, texte, attendues
):
    assert [c.nom for c in referentiel.proposer_communes(texte, "82")] == attendues


def test_une_entree_du_referentiel_se_nomme(communes):
    assert str(Commune.objects.get(pk="82131")) == "Montpezat-de-Quercy"


def test_dix_propositions_au_plus():
    for rang in range(12):
        creer_commune(f"820{rang:02}", f"Montagne {rang}")
    assert len(referentiel.proposer_communes("mon", "82")) == 10


def test_une_intercommunalite_se_cherche_par_son_nom_sa_denomination_ou_son_siren():
    montpezat()
    creer_epci("248200057", "CC du Quercy Caussadais")
    creer_epci("200066884", "CC Quercy Blanc", population_totale=99_999)
    for texte in ("quercy", "communaute de communes du quercy c", "248 200 057"):
        assert referentiel.proposer_epcis(texte, "82")[0].nom == "CC du Quercy Caussadais"
    assert referentiel.proposer_epcis("qu") == []


def test_une_commune_remplit_tout_ce_que_le_referentiel_sait():
    assert preremplissage.depuis_commune(montpezat()) == {
        "type": "commune",
        "nom": "Montpezat-de-Quercy",
        "denomination": "Commune de Montpezat-de-Quercy",
        "siren": "218201317",
        "code_insee": "82131",
        "code_postal": "82270",
        "territoire": "metropole",
        "epci_siren": "248200057",
        "population_totale": 1637,
        "population_millesime": 2022,
        "population_source": "INSEE, essai",
    }


def test_une_population_absente_n_est_jamais_estimee():
    vide = {"population_municipale": None, "population_totale": None, "millesime": None, "source": ""}
    rempli = preremplissage.depuis_commune(creer_commune("97501", "Miquelon-Langlade", **vide))
    assert rempli["territoire"] == "saint_pierre_et_miquelon"
    assert "population_totale" not in rempli
    assert "population_millesime" not in rempli


def test_une_intercommunalite_prend_le_territoire_de_ses_communes():
    creer_commune("97302", "Cayenne", epci_siren="249730045")
    rempli = preremplissage.depuis_epci(creer_epci("249730045", "CA du Centre Littoral", "CA"))
    assert rempli["denomination"] == "Communauté d’agglomération du Centre Littoral"
    assert (rempli["territoire"], rempli["population_totale"]) == ("guyane", 20_991)
    assert "territoire" not in preremplissage.depuis_epci(creer_epci("200066884", "CC Sans commune"))
