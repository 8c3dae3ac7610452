"""L’état mensuel, ligne à ligne, et les minutes qui deviennent des journées."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpd.conventions.regles.mensuel import (
    LIBELLES,
    TRANSITIONS,
    EtatLigne,
    GesteLigne,
    jours,
    montant,
    relance_due,
    suite,
    tout_est_tranche,
)

VALIDEE, RETIREE, CONTESTEE = EtatLigne.VALIDEE, EtatLigne.RETIREE, EtatLigne.CONTESTEE


@pytest.mark.parametrize(("etat", "geste"), [(e, g) for e in EtatLigne for g in GesteLigne])
def test_seuls_les_gestes_de_la_table_sont_permis(etat, geste):
    if (etat, geste) in TRANSITIONS:
        assert suite(etat, geste, motif="Durée inexacte.") is TRANSITIONS[etat, geste][0]
    else:
        with pytest.raises(ValueError, match="n’est pas permis"):
            suite(etat, geste, motif="Durée inexacte.")


@pytest.mark.parametrize("geste", [g for g in GesteLigne if g is not GesteLigne.VALIDER])
def test_contester_et_repondre_se_motivent(geste):
    etat = EtatLigne.A_VALIDER if geste is GesteLigne.CONTESTER else CONTESTEE
    with pytest.raises(ValueError, match="pourquoi"):
        suite(etat, geste, motif=" ")


def test_valider_ne_demande_rien():
    assert suite(EtatLigne.A_VALIDER, GesteLigne.VALIDER) is VALIDEE


def test_une_ligne_maintenue_revient_a_la_collectivite():
    assert suite(CONTESTEE, GesteLigne.MAINTENIR, motif="Relevé joint.") is EtatLigne.A_VALIDER
    assert TRANSITIONS[CONTESTEE, GesteLigne.MAINTENIR][1] is True
    assert TRANSITIONS[EtatLigne.A_VALIDER, GesteLigne.VALIDER][1] is False


@pytest.mark.parametrize(
    ("etats", "tranche"),
    [
        ([VALIDEE, RETIREE], True),
        ([VALIDEE, CONTESTEE], False),
        ([EtatLigne.A_VALIDER], False),
        ([], False),
    ],
)
def test_un_etat_est_tranche_quand_chaque_ligne_l_est(etats, tranche):
    assert tout_est_tranche(iter(etats)) is tranche


@pytest.mark.parametrize(
    ("minutes", "par_jour", "attendu"),
    [
        (0, 420, "0.00"),
        (420, 420, "1.00"),
        (210, 420, "0.50"),
        (1, 420, "0.00"),
        (3, 600, "0.01"),  # 0,005 : la moitié vers le haut, quand le banquier dirait 0,00
        (690, 450, "1.53"),
    ],
)
def test_des_minutes_en_journees(minutes, par_jour, attendu):
    assert jours(minutes, par_jour) == Decimal(attendu)


@pytest.mark.parametrize(("minutes", "par_jour"), [(-1, 420), (60, 0), (60, -420)])
def test_une_duree_impossible_est_refusee(minutes, par_jour):
    with pytest.raises(ValueError, match="positive"):
        jours(minutes, par_jour)


@given(st.integers(0, 100_000), st.integers(0, 100_000), st.integers(60, 600))
def test_plus_de_minutes_ne_fait_jamais_moins_de_jours(une, autre, par_jour):
    moins, plus = sorted((une, autre))
    assert jours(moins, par_jour) <= jours(plus, par_jour)
    assert abs(jours(une, par_jour) * par_jour - une) <= Decimal("0.005") * par_jour


def test_le_prix_de_journees_au_centime():
    assert montant(Decimal("1.53"), Decimal(230)) == Decimal("351.90")
    assert montant(Decimal("0.15"), Decimal("230.10")) == Decimal("34.52")


def test_chaque_etat_a_son_libelle():
    assert [etat.label for etat in EtatLigne] == list(LIBELLES.values())


@pytest.mark.parametrize(
    ("silence", "jour", "due"),
    [
        (15, date(2026, 11, 15), False),
        (15, date(2026, 11, 16), True),
        (15, date(2027, 11, 16), True),
        (1, date(2026, 11, 1), False),
        (1, date(2026, 11, 2), True),
    ],
)
def test_la_relance_attend_le_silence_regle(silence, jour, due):
    assert relance_due(date(2026, 11, 1), jour, silence=silence) is due


@pytest.mark.parametrize("silence", [0, -3])
def test_un_delai_de_relance_nul_est_refuse(silence):
    with pytest.raises(ValueError, match="un jour au moins"):
        relance_due(date(2026, 11, 1), date(2026, 12, 1), silence=silence)
