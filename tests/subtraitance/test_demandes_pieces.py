"""Une pièce d’identité ne survit ni à la vérification, ni à la clôture, et son nom non plus."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from dpd.pieces.models import Piece
from subtraitance.actions.demandes_instruction import clore, joindre, repondre, verifier_identite
from subtraitance.enums import CanalDemande, SensReponse
from subtraitance.models import PieceDemande
from tests.pieces.fabriques import PNG, fichier
from tests.subtraitance.fabriques_demandes import LUNDI, creer_demande

pytestmark = pytest.mark.django_db
JOUR = date(2026, 11, 23)


@pytest.fixture
def demande(collectivite, referent):
    return creer_demande(collectivite, referent, par_la_structure=False)


def verifier(demande, auteur, le=JOUR, comment="Rappel au numéro connu"):
    return verifier_identite(demande=demande, le=le, comment=comment, auteur=auteur, maintenant=LUNDI)


def ranger(demande, auteur, depot=None, **dits):
    return joindre(demande=demande, fichier=depot or fichier(), auteur=auteur, maintenant=LUNDI, **dits)


def fermer(demande, auteur):
    repondre(
        demande=demande,
        sens=SensReponse.RIEN,
        envoyee_le=JOUR,
        canal=CanalDemande.COURRIEL,
        texte="Rien.",
        auteur=auteur,
        maintenant=LUNDI,
    )
    clore(demande=demande, auteur=auteur, maintenant=LUNDI)


def test_une_piece_se_range_avec_son_libelle(demande, referent):
    lien = ranger(demande, referent, libelle=" Courrier du 20 ")
    assert (lien.libelle, lien.piece.domaine, lien.identite) == ("Courrier du 20", "demande", False)


def test_la_meme_piece_deux_fois_n_y_est_qu_une(demande, referent):
    assert ranger(demande, referent) == ranger(demande, referent)
    assert PieceDemande.objects.count() == 1


def test_renvoyee_avec_la_case_cochee_c_est_une_piece_d_identite(demande, referent):
    ranger(demande, referent, libelle="CNI Fauré")
    for _ in range(2):
        lien = ranger(demande, referent, identite=True)
    assert PieceDemande.objects.get() == lien
    assert (lien.identite, lien.libelle, lien.history.count()) == (True, "Pièce d’identité", 2)
    assert ranger(demande, referent).identite
    verifier(demande, referent)
    assert Piece.objects.get().est_detruite


def test_une_piece_d_identite_perd_son_nom(demande, referent):
    lien = ranger(demande, referent, fichier("CNI Gérard Fauré.png", PNG), identite=True, libelle="CNI Fauré")
    assert (lien.piece.nom, lien.libelle) == ("piece-d-identite.png", "Pièce d’identité")
    assert "Fauré" not in lien.piece.description


def test_aucune_piece_ne_garde_le_nom_de_son_fichier(demande, referent):
    """Il nomme souvent le demandeur, et survivrait à son effacement."""
    lien = ranger(demande, referent, fichier("Courriel de Gérard Fauré.pdf"))
    assert lien.piece.nom == f"demande-{demande.numero}-piece-1.pdf"
    assert not lien.piece.history.filter(nom__contains="Fauré").exists()


def test_verifier_detruit_la_piece_d_identite_et_elle_seule(
    demande, referent, django_capture_on_commit_callbacks
):
    identite = ranger(demande, referent, fichier("cni.png", PNG), identite=True).piece
    autre = ranger(demande, referent).piece
    stockage, chemin = identite.fichier.storage, identite.fichier.name
    assert stockage.exists(chemin)
    with django_capture_on_commit_callbacks(execute=True):
        verifiee = verifier(demande, referent)
    assert not stockage.exists(chemin)
    assert (verifiee.identite_verifiee_le, verifiee.identite_comment) == (JOUR, "Rappel au numéro connu")
    assert Piece.objects.get(pk=identite.pk).est_detruite
    assert not Piece.objects.get(pk=autre.pk).est_retiree
    with pytest.raises(ValidationError, match="ne gardez pas") as refus:
        ranger(demande, referent, fichier("encore.png", PNG), identite=True)
    assert "identite" in refus.value.error_dict
    assert verifier(demande, referent, comment="Au guichet").identite_comment == "Au guichet"


@pytest.mark.parametrize(
    ("le", "comment", "champ"),
    [
        (JOUR, " ", "comment"),
        (JOUR + timedelta(days=1), "x", "le"),
        (date(2026, 11, 19), "x", "le"),
    ],
)
def test_une_verification_se_date_et_s_explique(demande, referent, le, comment, champ):
    with pytest.raises(ValidationError) as refus:
        verifier(demande, referent, le, comment)
    assert set(refus.value.error_dict) == {champ}


def test_clore_detruit_ce_qui_reste_d_identite(demande, referent, django_capture_on_commit_callbacks):
    piece = ranger(demande, referent, identite=True).piece
    with django_capture_on_commit_callbacks(execute=True):
        fermer(demande, referent)
    assert Piece.objects.get(pk=piece.pk).est_detruite
    assert not piece.fichier.storage.exists(piece.fichier.name)


def test_une_demande_close_ne_recoit_plus_rien(demande, referent):
    fermer(demande, referent)
    with pytest.raises(ValidationError, match="close"):
        ranger(demande, referent)
    with pytest.raises(ValidationError, match="close"):
        verifier(demande, referent)
