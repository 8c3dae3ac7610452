"""La vie d’un devis : qui fait quoi, dans quel état, et en disant pourquoi."""

from datetime import date

import pytest

from dpd.conventions.regles.devis import (
    LIBELLES,
    TRANSITIONS,
    EtatDevis,
    GesteDevis,
    est_expiree,
    gestes_permis,
    suite,
)

TOUS = [(etat, geste) for etat in EtatDevis for geste in GesteDevis]


@pytest.mark.parametrize(("etat", "geste"), TOUS)
def test_seuls_les_gestes_de_la_table_sont_permis(etat, geste):
    if (etat, geste) in TRANSITIONS:
        assert suite(etat, geste, motif="Parce que.") == TRANSITIONS[etat, geste].suivant
    else:
        with pytest.raises(ValueError, match="n’est pas permis") as erreur:
            suite(etat, geste, motif="Parce que.")
        assert etat.label in str(erreur.value)


@pytest.mark.parametrize(("etat", "geste"), [cle for cle, t in TRANSITIONS.items() if t.motif_obligatoire])
@pytest.mark.parametrize("motif", ["", "  \n"])
def test_un_refus_se_motive(etat, geste, motif):
    with pytest.raises(ValueError, match="pourquoi"):
        suite(etat, geste, motif=motif)


@pytest.mark.parametrize(
    ("etat", "geste"), [cle for cle, t in TRANSITIONS.items() if not t.motif_obligatoire]
)
def test_avancer_ne_demande_pas_de_motif(etat, geste):
    assert suite(etat, geste) == TRANSITIONS[etat, geste].suivant


def test_la_structure_propose_et_la_collectivite_decide():
    assert gestes_permis(EtatDevis.PROPOSE, structure=False) == [GesteDevis.ACCEPTER, GesteDevis.REFUSER]
    assert gestes_permis(EtatDevis.PROPOSE, structure=True) == [GesteDevis.REPRENDRE]
    assert gestes_permis(EtatDevis.DEMANDE, structure=False) == [GesteDevis.RETIRER]
    assert gestes_permis(EtatDevis.AUDIT, structure=True) == [GesteDevis.PROPOSER, GesteDevis.DECLINER]


@pytest.mark.parametrize("etat", [EtatDevis.ACCEPTE, EtatDevis.REFUSE, EtatDevis.DECLINE, EtatDevis.RETIRE])
def test_une_decision_ne_se_reprend_pas(etat):
    assert gestes_permis(etat, structure=True) == gestes_permis(etat, structure=False) == []


def test_la_structure_ne_donne_suite_que_si_elle_le_peut():
    """Faute de moyens, elle décline avant d’avoir proposé, jamais après."""
    assert suite(EtatDevis.DEMANDE, GesteDevis.DECLINER, motif="Faute d’agent.") is EtatDevis.DECLINE
    assert (EtatDevis.PROPOSE, GesteDevis.DECLINER) not in TRANSITIONS


def test_chaque_etat_a_son_libelle():
    assert {etat.label for etat in EtatDevis} == set(LIBELLES.values())
    assert len(set(LIBELLES.values())) == len(EtatDevis)


@pytest.mark.parametrize(
    ("jusqu_au", "expiree"),
    [(date(2026, 11, 22), True), (date(2026, 11, 23), False), (date(2026, 11, 24), False), (None, False)],
)
def test_une_proposition_vaut_jusqu_au_jour_dit_compris(jusqu_au, expiree):
    assert est_expiree(jusqu_au, date(2026, 11, 23)) is expiree
