"""Déposer et retirer : une trace par geste, un seul dépôt par envoi, rien qui reste d’une annulation."""

import hashlib
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from dpd.pieces import actions
from dpd.pieces import transaction as depot
from dpd.pieces.enums import DomainePiece
from dpd.pieces.models import Piece
from dpd.pieces.regles.fichier import FichierRefuse
from dpd.pieces.transaction import retenir, transaction_de_depot
from tests.pieces.fabriques import HTML, PDF, PNG, fichier

pytestmark = pytest.mark.django_db
NIR = "1 85 05 78 006 084 91"


class Annulation(Exception):
    pass


def test_une_piece_deposee_garde_son_contenu_et_son_empreinte(deposer, collectivite, referent, maintenant):
    piece = deposer(fichier("../Convention signée.pdf"), description="  Signée le 12 mars. ")
    piece.refresh_from_db()
    assert piece.collectivite == collectivite
    assert piece.structure is None
    assert (piece.nom, piece.description) == ("Convention signée.pdf", "Signée le 12 mars.")
    assert (piece.taille, piece.type_mime) == (len(PDF), "application/pdf")
    assert piece.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (piece.deposee_par, piece.deposee_le) == (referent, maintenant)
    assert piece.fichier.open().read() == PDF


def test_le_depot_est_historise(deposer, referent, maintenant):
    trace = deposer().history.get()
    assert (trace.history_user, trace.history_date) == (referent, maintenant)
    assert trace.history_change_reason == "Pièce déposée"


def test_le_nom_stocke_ne_dit_rien_du_nom_donne(deposer, dpd, structure, collectivite, stockage):
    noms = [
        deposer(fichier("Secret.pdf")).fichier.name,
        deposer(fichier("Secret.pdf"), structure=structure, auteur=dpd).fichier.name,
    ]
    assert re.fullmatch(rf"c/{collectivite.siren}/[0-9a-f]{{32}}", noms[0])
    assert re.fullmatch(rf"s/{structure.siren}/[0-9a-f]{{32}}", noms[1])
    assert all((stockage / nom).read_bytes() == PDF for nom in noms)


def test_un_gros_fichier_passe_par_le_disque_sans_changer(deposer, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    octets = PDF + b"%" * 3_000_000 + b"\n%%EOF"
    assert deposer(fichier(octets=octets)).fichier.open().read() == octets


def test_un_fichier_refuse_n_ecrit_rien(deposer, sur_le_disque):
    with pytest.raises(FichierRefuse):
        deposer(fichier("page.pdf", HTML))
    assert sur_le_disque() == []
    assert not Piece.objects.exists()


@pytest.mark.parametrize("portees", [(), ("collectivite", "structure")])
def test_une_piece_a_exactement_une_portee(portees, request, referent, maintenant, sur_le_disque):
    options = {nom: request.getfixturevalue(nom) for nom in portees}
    with pytest.raises(ValidationError, match="d’une collectivité, ou de la structure"):
        actions.deposer(
            fichier=fichier(), domaine="convention", auteur=referent, maintenant=maintenant, **options
        )
    assert sur_le_disque() == []


@pytest.mark.parametrize(
    ("options", "champ"),
    [({"description": f"Agent {NIR}"}, "description"), ({"domaine": "ailleurs"}, "domaine")],
)
def test_une_ligne_refusee_efface_le_fichier_deja_ecrit(options, champ, deposer, sur_le_disque):
    with pytest.raises(ValidationError) as refus:
        deposer(**options)
    assert champ in refus.value.message_dict
    assert sur_le_disque() == []
    assert not Piece.objects.exists()


# --- Double envoi --------------------------------------------------------------------------------


def test_le_meme_envoi_deux_fois_en_une_minute_ne_fait_qu_une_piece(deposer, maintenant, sur_le_disque):
    premiere = deposer()
    tard = maintenant + timedelta(seconds=59)
    seconde = deposer(fichier("autre nom.pdf"), maintenant=tard, parmi=[premiere.pk])
    assert seconde == premiere
    assert seconde.nom == "convention.pdf"
    assert Piece.objects.count() == len(sur_le_disque()) == 1


def test_un_envoi_different_fait_une_autre_piece(deposer, voisine, decideur, maintenant, structure, dpd):
    premiere = deposer()
    autres = [
        deposer(**envoi, parmi=[premiere.pk])
        for envoi in (
            {"envoi": fichier("plan.png", PNG)},
            {"domaine": DomainePiece.DEVIS},
            {"auteur": decideur},
            {"collectivite": voisine},
            {"structure": structure, "auteur": dpd},
            {"maintenant": maintenant + timedelta(minutes=1)},
        )
    ]
    assert len({piece.pk for piece in [premiere, *autres]}) == 7


def test_le_meme_fichier_dans_deux_dossiers_fait_deux_pieces(deposer, sur_le_disque):
    """Détruire celle de l’un laisse entière celle de l’autre."""
    premiere, seconde = deposer(), deposer()
    assert premiere != seconde
    assert len(sur_le_disque()) == 2


def test_une_piece_retiree_se_redepose(deposer, decideur, maintenant):
    premiere = deposer()
    actions.retirer(piece=premiere, motif="Mauvais fichier", auteur=decideur, maintenant=maintenant)
    assert deposer(parmi=[premiere.pk]) != premiere


def test_deux_envois_simultanes_passent_l_un_apres_l_autre(deposer):
    """Le second attend que le premier soit écrit : il le trouve. SQLite n’a qu’un écrivain à la fois."""
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        deposer()
    verrous = [r["sql"] for r in requetes if "FOR NO KEY UPDATE" in r["sql"]]
    assert len(verrous) == connection.features.has_select_for_no_key_update
    assert len(verrous) == (connection.vendor == "postgresql")


# --- Annulation ----------------------------------------------------------------------------------


def test_une_transaction_annulee_efface_les_fichiers_deposes_dedans(deposer, sur_le_disque):
    garde = deposer()

    @transaction_de_depot()
    def geste():
        deposer(fichier("plan.png", PNG))
        deposer(domaine=DomainePiece.DEVIS)
        assert len(sur_le_disque()) == 3
        raise Annulation

    with pytest.raises(Annulation):
        geste()
    assert [f.name for f in sur_le_disque()] == [garde.fichier.name.rpartition("/")[2]]
    assert Piece.objects.get() == garde


def test_un_geste_englobant_annule_defait_aussi_le_geste_englobe(deposer, sur_le_disque):
    @transaction_de_depot()
    def geste():
        deposer()
        assert len(sur_le_disque()) == 1
        raise Annulation

    with pytest.raises(Annulation):
        geste()
    assert sur_le_disque() == []


def test_un_geste_englobe_annule_ne_defait_que_lui(deposer, sur_le_disque):
    @transaction_de_depot()
    def geste():
        deposer(domaine=DomainePiece.DEVIS)
        raise Annulation

    with transaction_de_depot():
        garde = deposer()
        with pytest.raises(Annulation):
            geste()
    assert Piece.objects.get() == garde
    assert len(sur_le_disque()) == 1


def test_une_validation_qui_echoue_garde_le_fichier(deposer, sur_le_disque, monkeypatch):
    """On ne sait pas si la base a validé : un fichier de trop vaut mieux qu’une preuve perdue."""
    fichier_ecrit = deposer().fichier

    @contextmanager
    def validation_en_panne():
        yield
        raise ConnectionError

    monkeypatch.setattr(depot, "transaction", SimpleNamespace(atomic=validation_en_panne))
    with pytest.raises(ConnectionError), transaction_de_depot():
        retenir(fichier_ecrit)
    assert len(sur_le_disque()) == 1


def test_un_fichier_ne_s_ecrit_pas_hors_d_une_transaction_de_depot(deposer):
    with pytest.raises(RuntimeError, match="transaction de dépôt"):
        retenir(deposer().fichier)


# --- Retrait -------------------------------------------------------------------------------------


def test_une_piece_retiree_garde_sa_ligne_et_son_fichier(deposer, decideur, maintenant):
    piece = deposer()
    plus_tard = maintenant + timedelta(days=1)
    retiree = actions.retirer(piece=piece, motif=" Mauvais fichier ", auteur=decideur, maintenant=plus_tard)
    assert (retiree.retiree_le, retiree.retiree_par) == (plus_tard, decideur)
    assert retiree.motif_retrait == "Mauvais fichier"
    assert retiree.fichier.open().read() == PDF
    assert retiree.history.latest().history_change_reason == "Pièce retirée"
    assert not Piece.objects.presentes().exists()


@pytest.mark.parametrize("motif", ["", "   ", f"Contient {NIR}"])
def test_un_retrait_dit_pourquoi(motif, deposer, decideur, maintenant):
    piece = deposer()
    with pytest.raises(ValidationError) as refus:
        actions.retirer(piece=piece, motif=motif, auteur=decideur, maintenant=maintenant)
    assert "motif_retrait" in refus.value.message_dict
    piece.refresh_from_db()
    assert not piece.est_retiree


def test_une_piece_ne_se_retire_qu_une_fois(deposer, decideur, maintenant):
    piece = deposer()
    actions.retirer(piece=piece, motif="x", auteur=decideur, maintenant=maintenant)
    with pytest.raises(ValidationError, match="déjà retirée"):
        actions.retirer(piece=piece, motif="y", auteur=decideur, maintenant=maintenant)


# --- Destruction ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_une_piece_detruite_ne_laisse_que_son_empreinte(deposer, decideur, maintenant, sur_le_disque):
    piece = deposer()
    detruite = actions.detruire(piece=piece, motif="Vérifiée", auteur=decideur, maintenant=maintenant)
    assert sur_le_disque() == []
    assert (detruite.detruite_le, detruite.detruite_par) == (maintenant, decideur)
    assert (detruite.retiree_par, detruite.motif_retrait) == (decideur, "Vérifiée")
    assert detruite.sha256 == hashlib.sha256(PDF).hexdigest()
    assert detruite.history.latest().history_change_reason == "Pièce détruite"


@pytest.mark.django_db(transaction=True)
def test_une_piece_deja_retiree_garde_le_motif_de_son_retrait(deposer, decideur, maintenant):
    piece = deposer()
    actions.retirer(piece=piece, motif="Erreur", auteur=decideur, maintenant=maintenant)
    detruite = actions.detruire(piece=piece, motif="Vérifiée", auteur=decideur, maintenant=maintenant)
    assert detruite.motif_retrait == "Erreur"


@pytest.mark.django_db(transaction=True)
def test_une_destruction_annulee_ne_detruit_rien(deposer, decideur, maintenant, sur_le_disque):
    piece = deposer()

    @transaction.atomic
    def detruire_puis_echouer():
        actions.detruire(piece=piece, motif="Vérifiée", auteur=decideur, maintenant=maintenant)
        raise Annulation

    with pytest.raises(Annulation):
        detruire_puis_echouer()
    piece.refresh_from_db()
    assert not piece.est_detruite
    assert len(sur_le_disque()) == 1


def test_une_destruction_dit_pourquoi_et_ne_se_fait_qu_une_fois(deposer, decideur, maintenant):
    piece = deposer()
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        actions.detruire(piece=piece, motif=" ", auteur=decideur, maintenant=maintenant)
    actions.detruire(piece=piece, motif="x", auteur=decideur, maintenant=maintenant)
    with pytest.raises(ValidationError, match="déjà détruite"):
        actions.detruire(piece=piece, motif="y", auteur=decideur, maintenant=maintenant)


# --- Ce que la base refuse d’elle-même -----------------------------------------------------------


@pytest.mark.parametrize(
    ("champs", "contrainte"),
    [
        ({"collectivite": None}, "piece_une_seule_portee"),
        ({"motif_retrait": "sans date"}, "piece_retiree_avec_motif"),
        ({"detruite_le": datetime(2026, 1, 1, tzinfo=UTC)}, "piece_detruite_retiree_d_abord"),
        ({"taille": 0}, "piece_non_vide"),
    ],
)
def test_la_base_refuse_une_ligne_incoherente(champs, contrainte, deposer):
    piece = deposer()
    for nom, valeur in champs.items():
        setattr(piece, nom, valeur)
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        piece.save()


def test_une_empreinte_mal_formee_est_refusee(deposer):
    piece = deposer()
    piece.sha256 = "A" * 64
    with pytest.raises(ValidationError, match="sha256"):
        piece.full_clean()
