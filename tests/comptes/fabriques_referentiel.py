"""De quoi chercher et importer sans charger les trente-cinq mille communes."""

from datetime import date

from dpd.comptes.models import Commune, Epci

SOURCE = "INSEE, essai"


def creer_commune(code, nom, **champs):
    defauts = {
        "departement": code[:2],
        "region": "76",
        "population_municipale": 100,
        "population_totale": 105,
        "millesime": 2022,
        "en_vigueur_au": date(2025, 1, 1),
        "source": SOURCE,
    }
    commune = Commune(code_insee=code, nom=nom, **{**defauts, **champs})
    commune.indexer()
    commune.save()
    return commune


def creer_epci(siren, nom, type_="CC", **champs):
    defauts = {"population_totale": 20_991, "millesime": 2022, "source": SOURCE, "nombre_communes": 19}
    epci = Epci(siren=siren, nom=nom, type=type_, **{**defauts, **champs})
    epci.indexer()
    epci.save()
    return epci


def montpezat(**champs):
    return creer_commune(
        "82131",
        "Montpezat-de-Quercy",
        **{
            "siren": "218201317",
            "code_postal": "82270",
            "epci_siren": "248200057",
            "epci_nom": "CC du Quercy Caussadais",
            "population_totale": 1637,
            **champs,
        },
    )
