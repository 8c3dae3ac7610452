"""Qui lit quoi : la table entière, rôle par rôle et domaine par domaine."""

import pytest

from dpd.comptes.droits import Acces
from dpd.comptes.regles.capacites import Capacite
from dpd.pieces import actions
from dpd.pieces.acces import LECTURE, SENSIBLES, peut_lire
from dpd.pieces.enums import DomainePiece as D
from dpd.pieces.models import Piece

pytestmark = pytest.mark.django_db

CONVENTION = {D.CONVENTION, D.TARIF, D.DEVIS, D.DEPART}
REGISTRE = {D.REGISTRE, D.SOUSTRAITANCE, D.DESIGNATION}
# Ce que chacun lit dans sa collectivité ; tout le reste lui est fermé.
DANS_LA_COLLECTIVITE = {
    "referent": set(D),
    "decideur": set(D),
    "dpd": set(D),
    "lecteur": CONVENTION | REGISTRE | {D.INTERVENTION},
    "gestionnaire": CONVENTION | {D.INTERVENTION},
    "agent": {D.INTERVENTION},
    "etranger": set(),
}
DANS_LA_STRUCTURE = {
    "dpd": set(D),
    "gestionnaire": CONVENTION | {D.INTERVENTION},
    "agent": {D.INTERVENTION},
    "referent": set(),
    "decideur": set(),
    "lecteur": set(),
    "etranger": set(),
}


@pytest.fixture
def pieces_de_la_collectivite(deposer):
    return {domaine: deposer(domaine=domaine) for domaine in D}


@pytest.fixture
def pieces_de_la_structure(deposer, structure, dpd):
    return {domaine: deposer(domaine=domaine, structure=structure, auteur=dpd) for domaine in D}


def lues(acces, pieces) -> set:
    return {domaine for domaine, piece in pieces.items() if peut_lire(acces, piece)}


@pytest.mark.parametrize("qui", DANS_LA_COLLECTIVITE)
def test_ce_que_chacun_lit_dans_la_collectivite(qui, request, pieces_de_la_collectivite):
    acces = Acces(request.getfixturevalue(qui))
    assert lues(acces, pieces_de_la_collectivite) == DANS_LA_COLLECTIVITE[qui]
    assert set(Piece.objects.lisibles_par(acces).values_list("domaine", flat=True)) == {
        domaine.value for domaine in DANS_LA_COLLECTIVITE[qui]
    }


@pytest.mark.parametrize("qui", DANS_LA_STRUCTURE)
def test_ce_que_chacun_lit_dans_la_structure(qui, request, pieces_de_la_structure, collectivite):
    acces = Acces(request.getfixturevalue(qui))
    assert lues(acces, pieces_de_la_structure) == DANS_LA_STRUCTURE[qui]
    assert Piece.objects.lisibles_par(acces).count() == len(DANS_LA_STRUCTURE[qui])


@pytest.mark.parametrize("qui", ["gestionnaire", "agent"])
def test_la_structure_hors_dpd_ne_lit_jamais_le_secret_du_dpd(qui):
    assert not DANS_LA_COLLECTIVITE[qui] & {D.REGISTRE, D.VIOLATION, D.DEMANDE, D.MISE_EN_PLACE, *SENSIBLES}


def test_chaque_domaine_dit_qui_le_lit():
    assert LECTURE.keys() == set(D)
    assert all(capacites and capacites <= set(Capacite) for capacites in LECTURE.values())


@pytest.mark.parametrize(
    ("qui", "attendu"),
    [
        ("decideur", True),
        ("dpd", True),
        ("referent", False),
        ("lecteur", False),
        ("gestionnaire", False),
        ("etranger", False),
    ],
)
def test_une_piece_retiree_ne_se_lit_plus_que_du_decideur_et_du_dpd(
    qui, attendu, request, deposer, decideur, maintenant
):
    piece = deposer()
    retiree = actions.retirer(piece=piece, motif="Erreur", auteur=decideur, maintenant=maintenant)
    acces = Acces(request.getfixturevalue(qui))
    assert peut_lire(acces, retiree) is attendu
    assert not Piece.objects.lisibles_par(acces).exists()


def test_la_voisine_ne_lit_pas_les_pieces_d_a_cote(deposer, voisine, referent):
    ailleurs = deposer(collectivite=voisine)
    acces = Acces(referent)
    assert not peut_lire(acces, ailleurs)
    assert not Piece.objects.lisibles_par(acces).exists()


def test_le_vocabulaire_de_lecture(deposer, structure, dpd, collectivite, django_assert_num_queries):
    ici, maison = deposer(), deposer(structure=structure, auteur=dpd)
    assert list(Piece.objects.de(collectivite)) == [ici]
    assert list(Piece.objects.de(structure)) == [maison]
    with django_assert_num_queries(1):
        textes = [
            f"{p} {p.portee.siren} {p.deposee_par} {p.get_absolute_url()}"
            for p in Piece.objects.pour_affichage()
        ]
    assert len(textes) == 2
