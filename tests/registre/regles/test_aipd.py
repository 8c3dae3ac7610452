"""Le premier filtre d’analyse d’impact."""

import pytest

from registre.regles.aipd import (
    AUCUN_TYPE,
    LIBELLES,
    SOURCE_ARTICLE_35_3,
    SOURCE_CRITERES,
    SOURCE_DISPENSES,
    SOURCE_REQUIS,
    Conclusion,
    evaluer_aipd,
)
from registre.regles.listes_aipd import CAS_ARTICLE_35_3, CRITERES_WP248, TYPES_DISPENSES, TYPES_REQUIS


def test_les_listes_ont_leur_compte_et_des_codes_distincts():
    assert (len(TYPES_REQUIS), len(TYPES_DISPENSES), len(CRITERES_WP248)) == (14, 12, 9)
    assert len(CAS_ARTICLE_35_3) == 3
    codes = [*CAS_ARTICLE_35_3, *TYPES_REQUIS, *TYPES_DISPENSES, AUCUN_TYPE]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("code", list(TYPES_REQUIS))
def test_un_type_de_la_liste_de_la_cnil_exige_une_aipd(code):
    conclusion = evaluer_aipd(code, ())
    assert (conclusion.code, conclusion.source) == ("requise", SOURCE_REQUIS)


@pytest.mark.parametrize("code", list(CAS_ARTICLE_35_3))
def test_un_cas_de_l_article_35_3_exige_une_aipd(code):
    conclusion = evaluer_aipd(code, ())
    assert (conclusion.code, conclusion.source) == ("requise", SOURCE_ARTICLE_35_3)


@pytest.mark.parametrize("code", list(TYPES_DISPENSES))
def test_un_type_dispense_l_est_sous_conditions_a_confirmer(code):
    conclusion = evaluer_aipd(code, ("vulnerables",))
    assert (conclusion.code, conclusion.source) == ("dispensee", SOURCE_DISPENSES)
    assert "conditions exactes" in conclusion.explication
    assert "DPD" not in conclusion.explication


def test_une_dispense_avec_deux_criteres_demande_l_avis_du_dpd():
    conclusion = evaluer_aipd("scolaire-petite-enfance", ("vulnerables", "sensibles"))
    assert conclusion.code == "dispensee"
    assert conclusion.explication.endswith("Demandez à votre DPD si elle tient encore.")


@pytest.mark.parametrize("type_liste", ["", AUCUN_TYPE])
@pytest.mark.parametrize(
    ("criteres", "code"),
    [
        ((), "non_requise"),
        (("vulnerables",), "a_justifier"),
        (("vulnerables", "vulnerables"), "a_justifier"),
        (("vulnerables", "sensibles"), "requise"),
        (tuple(CRITERES_WP248), "requise"),
    ],
)
def test_hors_des_listes_deux_criteres_suffisent(type_liste, criteres, code):
    conclusion = evaluer_aipd(type_liste, criteres)
    assert (conclusion.code, conclusion.source) == (code, SOURCE_CRITERES)
    assert conclusion.libelle == LIBELLES[code]


def test_l_explication_nomme_les_criteres_dans_l_ordre_de_la_liste():
    assert evaluer_aipd(AUCUN_TYPE, ["vulnerables", "surveillance"]) == Conclusion(
        "requise",
        "AIPD requise",
        "Deux critères de risque sur neuf\u00a0: surveillance systématique et personnes vulnérables.",
        SOURCE_CRITERES,
    )


def test_sans_reponse_rien_n_est_conclu_sauf_ce_que_disent_deja_les_criteres():
    assert evaluer_aipd("", (), repondu=False).code == "a_determiner"
    assert evaluer_aipd("", ("sensibles", "vulnerables"), repondu=False).code == "requise"


@pytest.mark.parametrize(
    ("type_liste", "criteres", "message"),
    [("inventé", (), "Type d’AIPD inconnu"), ("", ("inventé",), "Critère d’AIPD inconnu")],
)
def test_un_code_inconnu_est_refuse(type_liste, criteres, message):
    with pytest.raises(ValueError, match=message):
        evaluer_aipd(type_liste, criteres)
