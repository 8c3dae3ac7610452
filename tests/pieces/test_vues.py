"""Télécharger une pièce : la bonne personne, la collègue, l’étranger ; et rien qui s’ouvre dans la page."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from dpd.comptes.enums import NatureAcces
from dpd.comptes.models import JournalAcces
from dpd.pieces import actions
from dpd.pieces.acces import SENSIBLES
from dpd.pieces.enums import DomainePiece
from tests.pieces.fabriques import BONS, PDF, fichier

pytestmark = pytest.mark.django_db


@pytest.fixture
def piece(deposer):
    return deposer(domaine=DomainePiece.CONVENTION)


def test_le_contenu_revient_a_l_octet_pres(connecte, referent, piece):
    reponse = connecte(referent).get(piece.get_absolute_url())
    assert reponse.status_code == 200
    assert reponse.getvalue() == PDF
    assert int(reponse["Content-Length"]) == len(PDF)


def test_une_piece_ne_s_ouvre_pas_dans_la_page(connecte, referent, piece):
    reponse = connecte(referent).get(piece.get_absolute_url())
    assert reponse["Content-Disposition"] == 'attachment; filename="convention.pdf"'
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert reponse["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert reponse["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("nom", BONS)
def test_le_type_servi_est_celui_du_contenu(nom, connecte, referent, deposer):
    piece = deposer(fichier(nom, BONS[nom]))
    reponse = connecte(referent).get(piece.get_absolute_url())
    assert reponse["Content-Type"] == piece.type_mime
    assert reponse.getvalue() == BONS[nom]


def test_un_nom_accentue_se_retrouve_au_telechargement(connecte, referent, deposer):
    piece = deposer(fichier("Récépissé n° 5.pdf"))
    reponse = connecte(referent).get(piece.get_absolute_url())
    attendu = f"attachment; filename*=utf-8''{quote('Récépissé n° 5.pdf')}"
    assert reponse["Content-Disposition"] == attendu


@pytest.mark.parametrize(
    ("domaine", "statuts"),
    [
        ("convention", {"referent": 200, "lecteur": 200, "gestionnaire": 200, "agent": 404, "etranger": 404}),
        ("registre", {"referent": 200, "lecteur": 200, "gestionnaire": 404, "agent": 404, "etranger": 404}),
        ("violation", {"decideur": 200, "dpd": 200, "lecteur": 404, "gestionnaire": 404, "etranger": 404}),
        ("demande", {"referent": 200, "dpd": 200, "lecteur": 404, "gestionnaire": 404, "agent": 404}),
        ("mise_en_place", {"decideur": 200, "dpd": 200, "lecteur": 404, "gestionnaire": 404, "agent": 404}),
    ],
)
def test_le_domaine_dit_qui_telecharge(domaine, statuts, request, connecte, deposer):
    adresse = deposer(domaine=domaine).get_absolute_url()
    for qui, attendu in statuts.items():
        assert connecte(request.getfixturevalue(qui)).get(adresse).status_code == attendu, qui


@pytest.mark.parametrize(
    ("qui", "attendu"), [("dpd", 200), ("gestionnaire", 200), ("agent", 404), ("referent", 404)]
)
def test_une_piece_de_la_structure_n_est_qu_a_elle(qui, attendu, request, connecte, deposer, structure, dpd):
    piece = deposer(structure=structure, auteur=dpd, domaine=DomainePiece.TARIF)
    reponse = connecte(request.getfixturevalue(qui)).get(piece.get_absolute_url())
    assert reponse.status_code == attendu


def test_l_anonyme_se_connecte_d_abord(client, piece):
    reponse = client.get(piece.get_absolute_url())
    assert reponse.status_code == 302
    assert "/connexion/" in reponse.url


def test_une_piece_secrete_repond_comme_une_piece_qui_n_existe_pas(
    connecte, agent, deposer, collectivite, structure, dpd
):
    client = connecte(agent)
    for lieu, secrete in (
        ("telecharger", deposer(domaine=DomainePiece.DEMANDE)),
        ("telecharger_structure", deposer(structure=structure, auteur=dpd, domaine=DomainePiece.TARIF)),
    ):
        siren = (collectivite if lieu == "telecharger" else structure).siren
        adresses = [reverse(f"pieces:{lieu}", args=[siren, pk]) for pk in (secrete.pk, 999_999)]
        assert [client.get(adresse).status_code for adresse in adresses] == [404, 404], lieu


def test_une_piece_ne_s_envoie_pas(connecte, referent, piece):
    assert connecte(referent).post(piece.get_absolute_url()).status_code == 405


def test_la_piece_d_un_autre_locataire_n_existe_pas_ici(
    connecte, dpd, deposer, collectivite, voisine, structure
):
    """Même pour qui a tous les droits des deux côtés : l’adresse dit à qui est la pièce."""
    d_a_cote = deposer(collectivite=voisine).pk
    de_la_maison = deposer(structure=structure, auteur=dpd).pk
    client = connecte(dpd)
    for pk in (d_a_cote, de_la_maison, 999_999):
        adresse = reverse("pieces:telecharger", args=[collectivite.siren, pk])
        assert client.get(adresse).status_code == 404
    adresse = reverse("pieces:telecharger_structure", args=[structure.siren, d_a_cote])
    assert client.get(adresse).status_code == 404


def test_une_piece_retiree_ne_se_telecharge_plus_par_qui_l_a_deposee(
    connecte, referent, decideur, piece, maintenant
):
    actions.retirer(piece=piece, motif="Erreur", auteur=decideur, maintenant=maintenant)
    assert connecte(referent).get(piece.get_absolute_url()).status_code == 404
    assert connecte(decideur).get(piece.get_absolute_url()).getvalue() == PDF


@pytest.mark.parametrize("domaine", DomainePiece)
def test_la_lecture_d_un_domaine_sensible_est_notee(domaine, connecte, dpd, deposer, collectivite):
    piece = deposer(fichier("Dossier de Mme Untel.pdf"), domaine=domaine)
    connecte(dpd).get(piece.get_absolute_url())
    notees = JournalAcces.objects.filter(nature=NatureAcces.CONSULTATION)
    assert notees.count() == (domaine in SENSIBLES)
    for note in notees:
        assert (note.utilisateur, note.collectivite) == (dpd, collectivite)
        assert note.detail == f"pièce n°\u00a0{piece.pk}, {domaine.label}"


def test_un_refus_n_est_pas_note_comme_une_lecture(connecte, gestionnaire, deposer):
    connecte(gestionnaire).get(deposer(domaine=DomainePiece.VIOLATION).get_absolute_url())
    assert not JournalAcces.objects.filter(nature=NatureAcces.CONSULTATION).exists()


def test_un_fichier_perdu_le_dit_et_alerte(connecte, referent, piece, sur_le_disque, caplog):
    for perdu in sur_le_disque():
        perdu.unlink()
    reponse = connecte(referent).get(piece.get_absolute_url())
    assert reponse.status_code == 404
    assert "Le fichier de cette pièce manque" in reponse.content.decode()
    assert f"Le fichier de la pièce {piece.pk} manque" in caplog.text


def test_une_piece_ne_se_sert_que_par_sa_vue(connecte, dpd, piece):
    """Aucune adresse ne mène au stockage lui-même."""
    for adresse in (
        f"/{piece.fichier.name}",
        f"/media/{piece.fichier.name}",
        f"/pieces/{piece.fichier.name}",
    ):
        assert connecte(dpd).get(adresse).status_code == 404
