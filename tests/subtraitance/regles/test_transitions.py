"""La vie d’une demande : qui peut quoi, à quelle étape, avec quel motif."""

import itertools

import pytest

from subtraitance.enums import EtatDemande as Etat
from subtraitance.regles.transitions import (
    REFUS,
    TRANSITIONS,
    Geste,
    TransitionRefusee,
    transition,
)

ROLES = ("referent", "decideur", "dpd", "agent", "lecteur", "gestionnaire")


def permis(etat, geste):
    """Les rôles qui peuvent ce geste à cette étape."""
    return {r for r in ROLES if (etat, geste) in TRANSITIONS and r in TRANSITIONS[etat, geste].roles}


@pytest.mark.parametrize(
    ("etat", "geste", "suivant"),
    [
        (Etat.RECUE, Geste.TRANSMETTRE, Etat.TRANSMISE),
        (Etat.TRANSMISE, Geste.CHERCHER, Etat.RECHERCHE),
        (Etat.RECHERCHE, Geste.SUSPENDRE, Etat.IDENTITE),
        (Etat.IDENTITE, Geste.REPRENDRE, Etat.RECHERCHE),
        (Etat.RECHERCHE, Geste.REPONDRE, Etat.REPONDUE),
        (Etat.REPONDUE, Geste.CLORE, Etat.CLOSE),
        (Etat.CLOSE, Geste.ROUVRIR, Etat.RECHERCHE),
    ],
)
def test_le_chemin_d_une_demande(etat, geste, suivant):
    roles = frozenset(TRANSITIONS[etat, geste].roles)
    assert transition(etat, geste, roles, "motif") == suivant


@pytest.mark.parametrize("etat", list(Etat))
def test_qui_conseille_ou_transmet_ne_repond_jamais(etat):
    for geste in (Geste.REPONDRE, Geste.REFUSER, Geste.PROLONGER):
        assert not permis(etat, geste) & {"dpd", "agent", "lecteur", "gestionnaire"}


@pytest.mark.parametrize("etat", list(Etat))
def test_seul_le_responsable_refuse_ou_prolonge(etat):
    assert permis(etat, Geste.REFUSER) <= {"decideur"}
    assert permis(etat, Geste.PROLONGER) <= {"decideur"}


def test_le_referent_satisfait_une_demande():
    assert "referent" in permis(Etat.RECHERCHE, Geste.REPONDRE)


@pytest.mark.parametrize(
    "geste", [Geste.SUSPENDRE, Geste.PROLONGER, Geste.REFUSER, Geste.ROUVRIR], ids=lambda g: g.value
)
def test_ces_gestes_se_motivent_partout(geste):
    concernees = {cle: t for cle, t in TRANSITIONS.items() if cle[1] == geste}
    assert concernees
    for (etat, _), trouvee in concernees.items():
        assert trouvee.motif_obligatoire
        with pytest.raises(TransitionRefusee, match="Dites pourquoi"):
            transition(etat, geste, trouvee.roles, "  ")


def test_un_role_insuffisant_est_refuse():
    with pytest.raises(TransitionRefusee, match="rôle"):
        transition(Etat.RECHERCHE, Geste.REPONDRE, frozenset({"dpd"}))


def test_un_geste_hors_de_son_etape_dit_pourquoi():
    for (etat, geste), phrase in REFUS.items():
        assert (etat, geste) not in TRANSITIONS
        with pytest.raises(TransitionRefusee) as refus:
            transition(etat, geste, frozenset(ROLES), "motif")
        assert str(refus.value) == phrase
    with pytest.raises(TransitionRefusee, match="pas possible"):
        transition(Etat.CLOSE, Geste.REPONDRE, frozenset(ROLES), "motif")


def test_chaque_etape_se_quitte():
    quittees = {etat for (etat, _), trouvee in TRANSITIONS.items() if trouvee.suivant != etat}
    assert quittees == set(Etat)


def test_de_chaque_etape_on_arrive_a_la_cloture():
    for depart in Etat:
        vus, frontiere = {depart}, {depart}
        while frontiere:
            frontiere = {t.suivant for (e, _), t in TRANSITIONS.items() if e in frontiere} - vus
            vus |= frontiere
        assert Etat.CLOSE in vus, depart


def test_chaque_couple_est_un_etat_et_un_geste_connus():
    assert set(TRANSITIONS) <= set(itertools.product(Etat, Geste))
