"""La méthode ENISA au quart de point, et ce que demande le droit : deux choses distinctes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from violations.regles.gravite import (
    Atteinte,
    ContexteDonnees,
    Identification,
    Risque,
    SeveriteEnisa,
    cotation_enisa,
    obligations,
)


@pytest.mark.parametrize(
    ("contexte", "identification", "options", "score", "severite"),
    [
        ("simples", "negligeable", {}, "0.25", SeveriteEnisa.FAIBLE),
        ("comportement", "maximale", {}, "2", SeveriteEnisa.MOYENNE),
        ("financieres", "maximale", {}, "3", SeveriteEnisa.ELEVEE),
        ("sensibles", "maximale", {}, "4", SeveriteEnisa.TRES_ELEVEE),
        ("sensibles", "limitee", {"confidentialite": Atteinte.ETENDUE}, "2.5", SeveriteEnisa.MOYENNE),
        ("comportement", "importante", {"malveillance": True}, "2.0", SeveriteEnisa.MOYENNE),
        (
            "simples",
            "maximale",
            {"integrite": Atteinte.LIMITEE, "disponibilite": Atteinte.ETENDUE},
            "1.75",
            SeveriteEnisa.FAIBLE,
        ),
        ("simples", "maximale", {"ajustement": 3}, "4", SeveriteEnisa.TRES_ELEVEE),
        ("sensibles", "maximale", {"ajustement": 3}, "4", SeveriteEnisa.TRES_ELEVEE),
        ("simples", "maximale", {"ajustement": -3}, "1", SeveriteEnisa.FAIBLE),
    ],
)
def test_le_score_est_dpc_fois_ei_plus_cb(contexte, identification, options, score, severite):
    cote = cotation_enisa(ContexteDonnees(contexte), Identification(identification), **options)
    assert cote.score == Decimal(score)
    assert cote.severite is severite


@given(
    st.sampled_from(list(ContexteDonnees)),
    st.sampled_from(list(Identification)),
    *[st.sampled_from(list(Atteinte))] * 3,
    st.booleans(),
    st.integers(-3, 3),
)
def test_le_score_reste_dans_ses_bornes(contexte, identification, conf, integ, dispo, malveillance, ajout):
    cote = cotation_enisa(
        contexte,
        identification,
        confidentialite=conf,
        integrite=integ,
        disponibilite=dispo,
        malveillance=malveillance,
        ajustement=ajout,
    )
    assert 1 <= cote.dpc <= 4
    assert cote.score == cote.dpc * cote.ei + cote.cb
    assert Decimal("0.25") <= cote.score <= 6


def test_les_drapeaux_accompagnent_le_score_sans_le_changer():
    nue = cotation_enisa(ContexteDonnees.SIMPLES, Identification.LIMITEE, personnes=100)
    signalee = cotation_enisa(
        ContexteDonnees.SIMPLES, Identification.LIMITEE, personnes=101, inintelligibles=True
    )
    assert (nue.nombreuses, nue.inintelligibles) == (False, False)
    assert (signalee.nombreuses, signalee.inintelligibles) == (True, True)
    assert nue.score == signalee.score


@pytest.mark.parametrize("options", [{"ajustement": 4}, {"ajustement": -4}, {"personnes": -1}])
def test_une_entree_impossible_est_refusee(options):
    with pytest.raises(ValueError, match=r"ajustement|négatif"):
        cotation_enisa(ContexteDonnees.SIMPLES, Identification.LIMITEE, **options)


@pytest.mark.parametrize(
    ("risque", "notifier", "informer"),
    [(Risque.IMPROBABLE, False, False), (Risque.PROBABLE, True, False), (Risque.ELEVE, True, True)],
)
def test_ce_que_demande_le_droit_selon_le_risque(risque, notifier, informer):
    exige = obligations(risque)
    assert (exige.documenter, exige.notifier, exige.informer) == (True, notifier, informer)
    assert "33-5" in exige.source
