"""Les modèles de convention et les barèmes de la démonstration, recopiés des quatre textes réels.

Ce que les textes ne disent pas est marqué comme un choix de démonstration : montants des forfaits d’une
annexe non publiée, durée d’une journée, délibération du raccord.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from dpd.conventions.enums import (
    Depart,
    Forme,
    NatureBareme,
    Preavis,
    Reconduction,
    ReglePhase,
    Revision,
    SensForfait,
)
from dpd.conventions.etapes import Choix, Interlocuteur, TenueRegistre
from dpd.conventions.regles.tarifs import Tranche

DEBUT_GRILLE = date(2020, 1, 1)
JOURNEE = 420  # minutes ; choix de démonstration, aucun des textes ne le dit


class BaremeDemo(NamedTuple):
    """``forfaits`` : (libellé, montant annuel) ; ``base`` : (année, mois) de l’indice d’origine."""

    nature: NatureBareme
    nom: str
    source: str
    en_vigueur_du: date
    champs: Mapping[str, Any]
    grille: tuple[Tranche, ...] = ()
    forfaits: tuple[tuple[str, Decimal], ...] = ()
    base: tuple[int, int] | None = None


GRILLE_2020 = tuple(
    Tranche(minimum, maximum, Decimal(mise_en_place), Decimal(suite))
    for minimum, maximum, mise_en_place, suite in (
        (0, 300, 400, 250),
        (301, 500, 560, 350),
        (501, 700, 770, 450),
        (701, 900, 1040, 650),
        (901, 2000, 1200, 750),
        (2001, 2500, 1360, 850),
        (2501, 5000, 1520, 950),
        (5001, 10000, 2080, 1300),
    )
)

# Ce que chaque texte demande lui-même pendant la première année ; le catalogue en propose davantage.
_CENTRE_DE_GESTION = (
    *("deliberation", "reunion_information", "sensibilisation", "referent", "designation", "compte"),
    *("modeles", "fiches", "formation_referent", "bilan"),
)
_PREMIER_NIVEAU = ("deliberation", "reunion_information", "sensibilisation", "compte", "bilan")
MODELES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "CDG 82": {
            "nom": "Services numériques, chapitre V : DPD mutualisé",
            "source": "Convention du centre de gestion, chapitres V et VI",
            "depart": Depart.SIGNATURE,
            "duree_mois": 12,
            "reconduction": Reconduction.TACITE,
            "preavis": Preavis.AVANT_ECHEANCE,
            "preavis_mois": 3,
            "forme": Forme.LRAR,
            "etapes": Choix(_CENTRE_DE_GESTION).en_json(),
            "article_duree": "article 6.4",
            "article_denonciation": "article 6.4",
            "article_tarif": "article 5.6",
            "article_prorata": "article 6.3",
        },
        "CDG 47": {
            "nom": "Accompagnement numérique",
            "source": "Convention d’adhésion du centre de gestion, articles 5 et 22 à 24",
            "depart": Depart.SIGNATURE,
            "reconduction": Reconduction.TACITE,
            "preavis": Preavis.DATES_FIXES,
            "limite_collectivite": "10-31",
            "limite_structure": "07-31",
            "fin_annuelle": "12-31",
            "hausse_mois": 3,
            "forme": Forme.NOTIFICATION,
            "etapes": Choix(_PREMIER_NIVEAU).en_json(),
            "article_denonciation": "article 24",
            "article_hausse": "article 23",
            "article_tarif": "article 22",
        },
        "CACL": {
            "nom": "Partenariat informatique, DPD mutualisé",
            "source": "Convention de partenariat informatique, articles 3 et 5 à 9",
            "depart": Depart.SIGNATURE,
            "duree_mois": 12,
            "reconduction": Reconduction.TACITE,
            "preavis": Preavis.GLISSANT,
            "preavis_mois": 2,
            "forme": Forme.ECRIT,
            "regle_phase": ReglePhase.BASCULE,
            "etat_mensuel": True,
            "evaluation_mois": 6,
            "etapes": Choix(
                interlocuteur=Interlocuteur.CORRESPONDANT.value, registre=TenueRegistre.DPD.value
            ).en_json(),
            "article_duree": "article 6",
            "article_denonciation": "article 6",
            "article_tarif": "article 5",
        },
        "ATDA": {
            "nom": "Assistance informatique",
            "source": "Convention d’assistance technique, articles 8 à 10",
            "depart": Depart.DATE_FIXE,
            "date_fixe": date(2021, 1, 1),
            "duree_mois": 60,
            "reconduction": Reconduction.EXPRESSE,
            "renouvellement_mois": 6,
            "preavis": Preavis.GLISSANT,
            "preavis_mois": 6,
            "forme": Forme.LRAR,
            "sort_des_donnees": "Données des logiciels détruites, l’incident résolu (annexe, article 8).",
            "etapes": Choix(_PREMIER_NIVEAU).en_json(),
            "article_duree": "article 9",
            "article_denonciation": "article 10",
            "article_tarif": "article 8",
        },
    }
)

FICTIF = "montants de démonstration, l’annexe n’étant pas publiée"
BAREMES: Mapping[str, tuple[BaremeDemo, ...]] = MappingProxyType(
    {
        "CDG 82": (
            BaremeDemo(
                NatureBareme.TRANCHES,
                "Grille 2020",
                "Convention du centre de gestion",
                DEBUT_GRILLE,
                {
                    "article": "article 5.6",
                    "cout_journee": Decimal(250),
                    "minutes_par_jour": JOURNEE,
                    "revision": Revision.BASE_FIXE,
                },
                grille=GRILLE_2020,
                base=(2019, 11),
            ),
        ),
        "CDG 47": (
            BaremeDemo(
                NatureBareme.FORFAIT_DEVIS,
                "Forfaits 2024",
                f"Annexe 1 de la convention ; {FICTIF}",
                date(2024, 1, 1),
                {"article": "article 22", "revision": Revision.DECISION},
                forfaits=(("Technologie", Decimal(480)), ("Technologie Plus", Decimal(960))),
            ),
            BaremeDemo(
                NatureBareme.FORFAIT_DEVIS,
                "Forfaits 2027",
                f"Décision du conseil d’administration ; {FICTIF}",
                date(2027, 1, 1),
                {"article": "article 23", "revision": Revision.DECISION},
                forfaits=(("Technologie", Decimal(495)), ("Technologie Plus", Decimal(990))),
            ),
        ),
        "CACL": (
            BaremeDemo(
                NatureBareme.FORFAIT_JOURNEES,
                "Prestations d’études et de conseil",
                "Convention de partenariat informatique",
                date(2023, 1, 1),
                {
                    "article": "article 5",
                    "cout_journee": Decimal(230),
                    "minutes_par_jour": JOURNEE,
                    "sens_forfait": SensForfait.CUMUL,
                },
                forfaits=(("Forfait annuel", Decimal(2300)),),
            ),
        ),
        "ATDA": (
            BaremeDemo(
                NatureBareme.GRATUIT,
                "Compris dans la contribution des adhérents",
                "Convention d’assistance technique",
                date(2021, 1, 1),
                {"article": "article 8"},
            ),
        ),
    }
)
