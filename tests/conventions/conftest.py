"""Modèles, barèmes et conventions prêts à l’emploi ; les clauses et les prix sont ceux de textes réels."""

from datetime import date
from decimal import Decimal

import pytest

from dpd.conventions.enums import (
    Depart,
    Forme,
    NatureBareme,
    Preavis,
    Reconduction,
    ReglePhase,
    Revision,
    SensForfait,
    SerieIndice,
)
from dpd.conventions.models import (
    Bareme,
    Convention,
    Forfait,
    IndiceRevision,
    ModeleConvention,
    TranchePopulation,
)
from dpd.conventions.regles.vie import dernier_jour
from tests.conventions.regles.grilles import PRIX

# Les clauses des quatre conventions réelles, telles qu’un modèle les enregistre.
TRANCHES = {  # un an de la dernière signature, tacite, LRAR trois mois avant (art. 6.4)
    "nom": "Services numériques et DPD mutualisé",
    "depart": Depart.SIGNATURE,
    "reconduction": Reconduction.TACITE,
    "preavis": Preavis.AVANT_ECHEANCE,
    "forme": Forme.LRAR,
    "duree_mois": 12,
    "preavis_mois": 3,
    "article_duree": "article 6.4",
    "article_denonciation": "article 6.4",
    "article_tarif": "article 5.6",
    "article_prorata": "article 6.3",
}
DATES_FIXES = {  # avant le 31 octobre ou le 31 juillet, pour le 31 décembre (art. 23 et 24)
    "nom": "Accompagnement numérique",
    "depart": Depart.SIGNATURE,
    "reconduction": Reconduction.TACITE,
    "preavis": Preavis.DATES_FIXES,
    "forme": Forme.NOTIFICATION,
    "limite_collectivite": "10-31",
    "limite_structure": "07-31",
    "fin_annuelle": "12-31",
    "hausse_mois": 3,
    "article_denonciation": "article 24",
    "article_hausse": "article 23",
}
GLISSANTE = {  # un an, tacite, résiliation à deux mois (art. 6)
    "nom": "Partenariat informatique",
    "depart": Depart.SIGNATURE,
    "reconduction": Reconduction.TACITE,
    "preavis": Preavis.GLISSANT,
    "forme": Forme.ECRIT,
    "duree_mois": 12,
    "preavis_mois": 2,
    "etat_mensuel": True,
    "evaluation_mois": 6,
    "regle_phase": ReglePhase.BASCULE,
    "article_duree": "article 6",
    "article_denonciation": "article 6",
}
EXPRESSE = {  # cinq ans au 1er janvier 2021, renouvellement exprès six mois avant (art. 9 et 10)
    "nom": "Assistance informatique",
    "depart": Depart.DATE_FIXE,
    "date_fixe": date(2021, 1, 1),
    "reconduction": Reconduction.EXPRESSE,
    "renouvellement_mois": 6,
    "preavis": Preavis.GLISSANT,
    "forme": Forme.LRAR,
    "duree_mois": 60,
    "preavis_mois": 6,
    "article_duree": "article 9",
    "article_denonciation": "article 10",
}


def creer_modele(structure, **champs) -> ModeleConvention:
    """Un modèle, par défaut celui des tranches : ``creer_modele(structure, **EXPRESSE)``."""
    defauts = {"source": "Convention type, 2020", "en_vigueur_du": date(2020, 1, 1), **TRANCHES}
    base = defauts if "preavis" not in champs else {k: defauts[k] for k in ("source", "en_vigueur_du")}
    modele = ModeleConvention(structure=structure, **{**base, **champs})
    modele.full_clean()
    modele.save()
    return modele


def creer_convention(collectivite, modele, effet: date | None, **champs) -> Convention:
    """Une convention signée le jour de son effet, sans étapes ; ``effet`` nul : un projet à signer.

    ``fin`` se déduit des clauses, sauf si elle est donnée.
    """
    if effet is not None:
        champs = {
            "signee_collectivite_le": effet,
            "signee_structure_le": effet,
            "date_effet": effet,
            "fin": dernier_jour(modele.clauses, effet),
            **champs,
        }
    convention = Convention(collectivite=collectivite, modele=modele, **champs)
    convention.full_clean()
    convention.save()
    return convention


def creer_indice(structure, annee: int, mois: int, valeur: str, serie=SerieIndice.ANCIEN, **champs):
    """Une valeur d’indice ; ``valeur`` en texte, pour ne jamais passer par un flottant."""
    indice = IndiceRevision(
        structure=structure,
        serie=serie,
        annee=annee,
        mois=mois,
        valeur=Decimal(valeur),
        **{"source": "syntec.fr", **champs},
    )
    indice.full_clean()
    indice.save()
    return indice


def creer_bareme(structure, nature, *, tranches=(), forfaits=(), **champs) -> Bareme:
    """Un barème publié ; ``tranches`` : (de, à, mise en place, accompagnement), ``forfaits`` : (code,
    libellé, montant)."""
    defauts = {
        "nom": "Barème 2020",
        "en_vigueur_du": date(2020, 1, 1),
        "source": "Délibération de 2019",
        "publie": True,
        "sens_forfait": SensForfait.CUMUL if nature == NatureBareme.FORFAIT_JOURNEES else "",
    }
    bareme = Bareme(structure=structure, nature=nature, **{**defauts, **champs})
    bareme.full_clean()
    bareme.save()
    for minimum, maximum, mise_en_place, accompagnement in tranches:
        TranchePopulation(
            bareme=bareme,
            minimum=minimum,
            maximum=maximum,
            mise_en_place=Decimal(mise_en_place),
            accompagnement=Decimal(accompagnement),
        ).save()
    for code, libelle, montant in forfaits:
        Forfait(
            bareme=bareme,
            code=code,
            libelle=libelle,
            montant=None if montant is None else Decimal(montant),
        ).save()
    return bareme


@pytest.fixture
def modele_tranches(structure):
    return creer_modele(structure)


@pytest.fixture
def bareme_tranches(structure):
    """La grille 2020, révisée sur indice depuis novembre 2019 (274,7, série d’origine)."""
    return creer_bareme(
        structure,
        NatureBareme.TRANCHES,
        tranches=PRIX,
        nom="Grille 2020",
        article="article 5.6",
        cout_journee=Decimal("250"),
        revision=Revision.BASE_FIXE,
        indice_base=creer_indice(structure, 2019, 11, "274.7"),
    )


@pytest.fixture
def convention(collectivite, modele_tranches):
    """Montpezat-de-Quercy, en vigueur depuis le 15 février 2024."""
    return creer_convention(collectivite, modele_tranches, date(2024, 2, 15))
