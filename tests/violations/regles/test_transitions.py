"""Chaque passage, permis ou refusé : le DPD conseille, le responsable décide, rien ne s’efface."""

import itertools

import pytest

from violations.regles.transitions import REFUS, TRANSITIONS, Etat, Geste, TransitionRefusee, transition

ROLES = ("referent", "decideur", "dpd", "lecteur", "gestionnaire", "agent")


@pytest.mark.parametrize(("etat", "geste", "role"), list(itertools.product(Etat, Geste, ROLES)))
def test_seule_la_table_permet(etat, geste, role):
    permise = TRANSITIONS.get((etat, geste))
    if permise and role in permise.roles:
        assert transition(etat, geste, frozenset({role}), "un motif") is permise.suivant
    else:
        with pytest.raises(TransitionRefusee):
            transition(etat, geste, frozenset({role}), "un motif")


@pytest.mark.parametrize("cle", [cle for cle, t in TRANSITIONS.items() if t.motif_obligatoire])
def test_un_motif_attendu_manque_et_cela_se_dit(cle):
    with pytest.raises(TransitionRefusee, match="pourquoi"):
        transition(*cle, TRANSITIONS[cle].roles, " ")


def test_le_dpd_ne_decide_jamais():
    assert not [cle for cle, t in TRANSITIONS.items() if cle[1] is Geste.DECIDER and "dpd" in t.roles]


def test_seul_le_dpd_rend_un_avis():
    assert {t.roles for (_, geste), t in TRANSITIONS.items() if geste is Geste.RENDRE_AVIS} == {
        frozenset({"dpd"})
    }


def test_on_ne_clot_ni_ne_notifie_avant_la_decision():
    for (etat, geste), phrase in REFUS.items():
        with pytest.raises(TransitionRefusee, match=phrase):
            transition(etat, geste, frozenset(ROLES), "motif")
    assert {geste for _, geste in REFUS} == {Geste.CLORE, Geste.NOTIFIER}


def test_une_violation_close_se_rouvre_mais_ne_disparait_pas():
    assert [geste for etat, geste in TRANSITIONS if etat is Etat.CLOSE] == [Geste.ROUVRIR]
