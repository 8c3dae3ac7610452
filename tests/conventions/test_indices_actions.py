"""Un indice se saisit avec sa source, se corrige en disant pourquoi, et ne touche aucun état figé."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from dpd.conventions.actions import indices as actions
from dpd.conventions.enums import SerieIndice
from dpd.conventions.indices_surs import valeurs_sures
from dpd.conventions.models import EtatAnnuel, IndiceRevision, RegleRaccord
from dpd.conventions.regles.sources import vers_json
from tests.conventions.conftest import creer_indice
from tests.conventions.regles.sources_types import en_2024

pytestmark = pytest.mark.django_db
ANCIEN, REVISE = SerieIndice.ANCIEN, SerieIndice.REVISE
SEPT_2026 = {
    "serie": REVISE,
    "annee": 2026,
    "mois": 9,
    "valeur": Decimal("320.0"),
    "publie_le": date(2026, 11, 13),
    "source": "Fédération Syntec",
}


@pytest.fixture
def geste(structure, gestionnaire, maintenant):
    return {"auteur": gestionnaire, "maintenant": maintenant}


def figer(convention, bareme, gestionnaire, maintenant, sources, exercice=2024):
    etat = EtatAnnuel(
        collectivite=convention.collectivite,
        structure=convention.collectivite.structure,
        convention=convention,
        bareme=bareme,
        exercice=exercice,
        numero=57,
        phase="mise_en_place",
        sources=vers_json(sources),
        lignes=[{"libelle": "Mise en place"}],
        total=Decimal("1368.82"),
        empreinte="0" * 64,
        fige_le=maintenant,
        fige_par=gestionnaire,
    )
    return etat.enregistrer(auteur=gestionnaire, maintenant=maintenant, raison="Figé")


def test_un_indice_se_saisit_une_fois(structure, geste):
    saisi = actions.saisir_indice(structure=structure, **SEPT_2026, **geste)
    assert str(saisi) == "septembre 2026"
    with pytest.raises(ValidationError, match="déjà saisi"):
        actions.saisir_indice(structure=structure, **SEPT_2026, **geste)


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"valeur": Decimal(0)}, "strictement positif"),
        ({"serie": ANCIEN, "annee": 2022, "mois": 8, "publie_le": None}, "juillet 2022"),
        ({"publie_le": date(2026, 9, 30)}, "après le mois"),
        ({"publie_le": date(2026, 11, 24)}, "dans le futur"),
        ({"mois": 11, "publie_le": date(2026, 12, 30)}, "pas paru"),
        ({"annee": 2031, "publie_le": None}, "pas paru"),
        ({"source": ""}, None),
    ],
)
def test_une_mauvaise_saisie_est_refusee(structure, geste, change, phrase):
    with pytest.raises(ValidationError, match=phrase):
        actions.saisir_indice(structure=structure, **{**SEPT_2026, **change}, **geste)
    assert not IndiceRevision.objects.exists()


def test_l_ancienne_serie_se_saisit_jusqu_a_juillet_2022(structure, geste):
    juillet = {**SEPT_2026, "serie": ANCIEN, "annee": 2022, "mois": 7, "publie_le": None}
    assert actions.saisir_indice(structure=structure, **juillet, **geste).serie == ANCIEN


def test_les_valeurs_sures_ont_une_source_et_aucune_n_est_devinee():
    connues = {(v.serie, v.annee, v.mois): v for v in valeurs_sures()}
    assert all(v.source for v in connues.values())
    assert not {("revise", annee, 11) for annee in (2022, 2024, 2025)} & connues.keys()
    assert [connues["ancien", a, 11].valeur for a in range(2013, 2022)] == [
        Decimal(v) for v in ("245.6", "245.5", "253.3", "257.0", "265.1", "270.2", "274.7", "274.8", "276.9")
    ]
    assert "corrigé rétroactivement" in connues["ancien", 2020, 11].source
    novembre_2023 = connues["revise", 2023, 11]
    assert (novembre_2023.valeur, novembre_2023.publie_le) == (Decimal("307.0"), date(2023, 12, 29))
    assert {(v.annee, v.mois) for v in connues.values() if v.serie == "revise"} == {
        (2023, 11),
        (2024, 9),
        (2024, 12),
        (2025, 1),
    }


def test_reprendre_les_valeurs_sures_deux_fois_n_ecrit_qu_une_fois(structure, geste):
    assert actions.reprendre_valeurs_sures(structure=structure, **geste).repris == len(valeurs_sures())
    seconde = actions.reprendre_valeurs_sures(structure=structure, **geste)
    assert (seconde.repris, seconde.differents) == (0, ())
    assert IndiceRevision.history.count() == len(valeurs_sures())


def test_une_valeur_deja_saisie_n_est_jamais_remplacee(structure, geste):
    sienne = creer_indice(structure, 2019, 11, "275.0")
    egale = creer_indice(structure, 2021, 11, "276.9")
    reprise = actions.reprendre_valeurs_sures(structure=structure, **geste)
    sienne.refresh_from_db()
    assert sienne.valeur == Decimal("275.0")
    assert reprise.differents == (sienne,)
    assert reprise.repris == len(valeurs_sures()) - 2
    assert egale not in reprise.differents


def test_les_valeurs_reprises_restent_dans_leur_structure(structure, autre_structure, geste):
    actions.reprendre_valeurs_sures(structure=structure, **geste)
    assert not IndiceRevision.objects.filter(structure=autre_structure).exists()


def corriger(indice, geste, **champs):
    defauts = {"valeur": Decimal("274.8"), "publie_le": None, "source": "syntec.fr", "motif": "Rectificatif"}
    return actions.corriger_indice(indice=indice, **{**defauts, **champs}, **geste)


def test_corriger_se_motive_et_se_trace(structure, geste):
    indice = creer_indice(structure, 2019, 11, "274.7")
    corrige = corriger(indice, geste)
    assert corrige.valeur == Decimal("274.8")
    assert corrige.history.first().history_change_reason == "Indice corrigé\u00a0: Rectificatif"
    with pytest.raises(ValidationError) as refus:
        corriger(indice, geste, motif=" ")
    assert "motif" in refus.value.message_dict


@pytest.mark.parametrize("champs", [{"valeur": Decimal(0)}, {"publie_le": date(2019, 11, 1)}, {"source": ""}])
def test_une_mauvaise_correction_est_refusee(structure, geste, champs):
    indice = creer_indice(structure, 2019, 11, "274.7")
    with pytest.raises(ValidationError):
        corriger(indice, geste, **champs)
    indice.refresh_from_db()
    assert indice.valeur == Decimal("274.7")


def test_un_etat_fige_garde_la_valeur_qu_il_a_employee(
    structure, convention, bareme_tranches, gestionnaire, maintenant, geste
):
    etat = figer(convention, bareme_tranches, gestionnaire, maintenant, en_2024())
    base = bareme_tranches.indice_base
    autre = creer_indice(structure, 2019, 10, "270.0")
    recent = creer_indice(structure, 2023, 11, "307.0", REVISE)
    assert [actions.etats_figes_avec(i) for i in (base, recent, autre)] == [1, 1, 0]
    corriger(base, geste, valeur=Decimal("280.0"))
    etat.refresh_from_db()
    assert etat.sources["base"]["valeur"] == "274.7"
    assert etat.rejouer().total == Decimal("1368.82")


def test_un_etat_qui_attendait_un_indice_ne_compte_pas(
    convention, bareme_tranches, gestionnaire, maintenant, structure
):
    figer(convention, bareme_tranches, gestionnaire, maintenant, en_2024(base=None, suite=(None,)))
    assert actions.etats_figes_avec(bareme_tranches.indice_base) == 0


RACCORD = {
    "coefficient": Decimal("0.97975"),
    "deliberation": "2023-18",
    "deliberee_le": date(2023, 9, 1),
    "source": "Le Moniteur",
}


def test_une_regle_de_raccord_se_delibere(structure, geste):
    regle = actions.deliberer_raccord(structure=structure, **RACCORD, **geste)
    assert (regle.de, regle.vers) == (ANCIEN, REVISE)
    assert regle.history.get().history_change_reason == "Règle de raccord délibérée"


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"coefficient": Decimal(0)}, "strictement positif"),
        ({"deliberee_le": date(2026, 11, 24)}, "une fois délibérée"),
        ({"deliberation": ""}, None),
    ],
)
def test_une_regle_mal_saisie_est_refusee(structure, geste, change, phrase):
    with pytest.raises(ValidationError, match=phrase):
        actions.deliberer_raccord(structure=structure, **{**RACCORD, **change}, **geste)
    assert not RegleRaccord.objects.exists()


def test_deux_regles_ne_portent_pas_la_meme_date(structure, geste):
    actions.deliberer_raccord(structure=structure, **RACCORD, **geste)
    with pytest.raises(ValidationError, match="déjà enregistrée"):
        actions.deliberer_raccord(structure=structure, **RACCORD, **geste)
