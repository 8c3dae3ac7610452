"""Les sources d’un calcul, pour chacune des quatre natures de barème."""

from datetime import date
from decimal import Decimal

from dpd.conventions.regles.indices import IndicePublie, Raccord
from dpd.conventions.regles.sources import Sources
from dpd.conventions.regles.tarifs import Phase
from tests.conventions.regles.grilles import GRILLE

RACCORD = Raccord("ancien", "revise", Decimal("0.97975"))


def indice(annee, mois, valeur, serie="ancien", publie_le=None):
    return IndicePublie(serie, annee, mois, Decimal(valeur), publie_le, "Fédération Syntec")


NOV_2019 = indice(2019, 11, "274.7")
NOV_2020 = indice(2020, 11, "274.8")
NOV_2021 = indice(2021, 11, "276.9")
NOV_2023 = indice(2023, 11, "307.0", "revise", date(2023, 12, 29))


def par_tranches(exercice, phase=Phase.ACCOMPAGNEMENT, **champs):
    """Montpezat-de-Quercy, 1 556 habitants, grille 2020 révisée depuis novembre 2019."""
    defauts = {
        "nature": "tranches",
        "bareme": "Grille 2020",
        "source": "Convention, article 5.6",
        "population": 1556,
        "millesime": exercice - 3,
        "millesime_attendu": exercice - 3,
        "population_source": "INSEE",
        "grille": GRILLE,
        "cout_journee": Decimal(250),
        "revision": "base_fixe",
        "base": NOV_2019,
        "raccord": RACCORD,
    }
    return Sources(exercice=exercice, phase=phase, **{**defauts, **champs})


def en_2024(**champs):
    """La mise en place de 2024, sur l’indice de novembre 2023."""
    return par_tranches(
        2024, Phase.MISE_EN_PLACE, **{"suite": (NOV_2023,), "attendus": ("novembre 2023",), **champs}
    )


def en_2027(**champs):
    """L’accompagnement de 2027, qui attend l’indice de novembre 2026."""
    return par_tranches(2027, **{"suite": (None,), "attendus": ("novembre 2026",), **champs})


def par_journees(sens, phase=Phase.MISE_EN_PLACE, **champs):
    """2 300 € par an et 230 € par jour, dix journées."""
    defauts = {
        "nature": "forfait_journees",
        "bareme": "Études et conseil",
        "source": "Convention, article 5",
        "cout_journee": Decimal(230),
        "forfait": Decimal(2300),
        "forfait_libelle": "Études et conseil",
        "sens": sens,
        "jours": Decimal(10),
    }
    return Sources(exercice=2026, phase=phase, **{**defauts, **champs})
