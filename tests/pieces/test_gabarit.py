"""Une pièce montrée dans une page : son lien n’apparaît qu’à qui peut l’ouvrir."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from dpd.comptes.droits import Acces
from dpd.pieces import actions
from dpd.pieces.models import Piece
from tests.pieces.fabriques import fichier

pytestmark = pytest.mark.django_db


@pytest.fixture
def montrer():
    def _montrer(personne) -> str:
        requete = RequestFactory().get("/")
        requete.acces = Acces(personne)
        contexte = Context({"request": requete, "objet": Piece.objects.pour_affichage().get()})
        return Template("{% load pieces %}{% piece objet %}").render(contexte)

    return _montrer


def test_la_piece_dit_son_nom_sa_taille_sa_date_et_qui_l_a_deposee(deposer, montrer, referent):
    piece = deposer(fichier("<b>Convention</b>.pdf"), description="Signée & datée")
    html = montrer(referent)
    assert f'href="{piece.get_absolute_url()}"' in html
    for texte in ("b-.pdf", "Signée &amp; datée", "PDF,", "octets", "23\u00a0nov. 2026", "Sylvie Delmas"):
        assert texte in html
    assert "Retirée" not in html
    assert "<b>" not in html


def test_une_image_dit_son_type(deposer, montrer, referent):
    deposer(fichier("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(30)))
    assert "(JPEG," in montrer(referent)
    Piece.objects.get().history.update(type_mime="x")
    assert Piece(type_mime="image/tiff").type_lisible == "image/tiff"


def test_qui_ne_peut_pas_l_ouvrir_n_a_pas_de_lien(deposer, montrer, gestionnaire):
    deposer(domaine="violation")
    assert "href" not in montrer(gestionnaire)


def test_une_piece_retiree_dit_quand_par_qui_et_pourquoi(deposer, montrer, referent, decideur, maintenant):
    actions.retirer(piece=deposer(), motif="Mauvais fichier", auteur=decideur, maintenant=maintenant)
    html = montrer(referent)
    assert "Bernard Lacaze\u00a0: Mauvais fichier" in html
    assert "href" not in html
    assert "href" in montrer(decideur)
