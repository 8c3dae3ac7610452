"""Noter une étape : qui le peut, ce qu’elle demande ; passer en accompagnement."""

from dataclasses import replace
from datetime import date

import pytest

from dpd.conventions.actions.mise_en_place import Note, Ou, basculer, noter_etape, ou_en_est
from dpd.conventions.enums import Acteur
from dpd.conventions.models import EtapeMiseEnPlace
from dpd.pieces.models import Piece
from tests.conventions.conftest import creer_convention
from tests.conventions.refus import refus
from tests.pieces.fabriques import fichier

pytestmark = pytest.mark.django_db
JOUR = date(2026, 11, 20)
FAITE = Note(Ou.FAITE, faite_le=JOUR, trace="Registre des délibérations")


def creer_etape(convention, code="documents", acteur=Acteur.REFERENT, **champs) -> EtapeMiseEnPlace:
    etape = EtapeMiseEnPlace(
        collectivite=convention.collectivite,
        convention=convention,
        code=code,
        ordre=convention.etapes.count() + 1,
        libelle=f"Étape {code}",
        acteur=acteur,
        **{"trace_attendue": "dépôt", **champs},
    )
    etape.full_clean()
    etape.save()
    return etape


@pytest.fixture
def etape(convention):
    return creer_etape(convention)


@pytest.fixture
def geste(referent, maintenant):
    return {"auteur": referent, "maintenant": maintenant}


def test_une_etape_faite_garde_qui_quand_et_sa_trace(etape, geste):
    notee = noter_etape(etape=etape, note=FAITE, fichier=fichier(), **geste)
    assert (notee.faite_le, notee.faite_par, notee.trace) == (JOUR, geste["auteur"], FAITE.trace)
    assert (notee.piece.domaine, notee.piece.description) == ("mise_en_place", "dépôt")
    assert ou_en_est(notee) == Ou.FAITE


def test_un_double_envoi_n_ecrit_qu_une_fois(etape, geste):
    noter_etape(etape=etape, note=FAITE, fichier=fichier(), **geste)
    noter_etape(etape=etape, note=FAITE, fichier=fichier(), **geste)
    assert etape.history.count() == 2
    assert Piece.objects.count() == 1


@pytest.mark.parametrize(
    ("note", "champ"),
    [
        (Note(Ou.FAITE), "faite_le"),
        (replace(FAITE, faite_le=date(2026, 11, 24)), "faite_le"),
        (replace(FAITE, trace=" "), "trace"),
        (Note(Ou.BLOQUEE, blocage="Attente du maire"), "bloquee_depuis"),
        (Note(Ou.BLOQUEE, bloquee_depuis=date(2026, 12, 1), blocage="x"), "bloquee_depuis"),
        (Note(Ou.BLOQUEE, bloquee_depuis=JOUR), "blocage"),
        (Note(Ou.SANS_OBJET, motif=" "), "motif"),
    ],
)
def test_ce_qui_manque_se_dit_et_n_ecrit_rien(etape, geste, note, champ):
    with refus(".", champ):
        noter_etape(etape=etape, note=note, **geste)
    assert etape.history.count() == 1


def test_une_piece_vaut_trace_et_reste_quand_on_corrige(etape, geste):
    sans_texte = replace(FAITE, trace="")
    noter_etape(etape=etape, note=sans_texte, fichier=fichier(), **geste)
    corrigee = noter_etape(etape=etape, note=replace(sans_texte, faite_le=date(2026, 11, 2)), **geste)
    assert corrigee.piece is not None


def test_une_etape_sans_trace_attendue_n_en_demande_pas(convention, geste):
    libre = creer_etape(convention, trace_attendue="")
    assert noter_etape(etape=libre, note=replace(FAITE, trace=""), **geste).faite_le == JOUR


def test_changer_de_reponse_efface_ce_qui_repondait_a_l_autre(etape, geste):
    noter_etape(etape=etape, note=FAITE, fichier=fichier(), **geste)
    bloquee = noter_etape(
        etape=etape,
        note=replace(FAITE, ou=Ou.BLOQUEE, bloquee_depuis=JOUR, blocage="Pas de réponse", motif="x"),
        fichier=fichier("autre.pdf"),
        **geste,
    )
    assert (bloquee.faite_le, bloquee.faite_par, bloquee.trace, bloquee.piece) == (None, None, "", None)
    assert (bloquee.bloquee_depuis, bloquee.motif) == (JOUR, "")
    assert ou_en_est(bloquee) == Ou.BLOQUEE
    assert Piece.objects.count() == 1  # la preuve reste au dossier, le second fichier est ignoré
    sans_objet = noter_etape(etape=etape, note=Note(Ou.SANS_OBJET, motif="Pas de régie."), **geste)
    assert (sans_objet.bloquee_depuis, sans_objet.blocage, ou_en_est(sans_objet)) == (None, "", Ou.SANS_OBJET)
    rouverte = noter_etape(etape=etape, note=Note(Ou.A_FAIRE, prevue_le=date(2027, 1, 5)), **geste)
    assert (ou_en_est(rouverte), rouverte.prevue_le) == (Ou.A_FAIRE, date(2027, 1, 5))


def test_le_dpd_ne_valide_pas_a_la_place_du_responsable(convention, dpd, decideur, maintenant):
    plan = creer_etape(convention, "plan_actions", Acteur.RESPONSABLE)
    with refus("le responsable décide"):
        noter_etape(etape=plan, note=FAITE, auteur=dpd, maintenant=maintenant)
    assert noter_etape(etape=plan, note=FAITE, auteur=decideur, maintenant=maintenant).faite_par == decideur


@pytest.fixture
def bascule(dpd, maintenant):
    return {"auteur": dpd, "maintenant": maintenant, "le": JOUR, "bilan": "Tout est en place."}


def test_le_bilan_fait_passer_en_accompagnement(convention, etape, geste, bascule):
    noter_etape(etape=etape, note=FAITE, **geste)
    dernier = creer_etape(
        convention, "bilan", Acteur.DPD, bloquee_depuis=date(2026, 6, 1), blocage="En attente"
    )
    passee = basculer(convention=convention, **bascule)
    assert (passee.bascule_le, passee.bilan_mise_en_place) == (JOUR, "Tout est en place.")
    dernier.refresh_from_db()
    assert (dernier.faite_le, dernier.bloquee_depuis, dernier.faite_par) == (JOUR, None, bascule["auteur"])


def test_un_double_envoi_ne_bascule_qu_une_fois(convention, bascule):
    basculer(convention=convention, **bascule)
    with refus("a commencé le 20 novembre 2026"):
        basculer(convention=convention, **bascule)
    assert convention.history.count() == 2


def test_les_etapes_qui_restent_sont_nommees_et_demandent_un_motif(convention, etape, bascule):
    creer_etape(convention, "archives")
    with refus("2 étapes ne sont pas closes.*Étape documents.*Étape archives", "motif"):
        basculer(convention=convention, **bascule)
    passee = basculer(convention=convention, motif="Elles suivront.", **bascule)
    assert "– Étape documents" in passee.bilan_mise_en_place
    assert "Elles suivront." in passee.bilan_mise_en_place


def test_une_etape_sans_objet_ne_retient_pas(convention, etape, geste, bascule):
    noter_etape(etape=etape, note=Note(Ou.SANS_OBJET, motif="Aucun document."), **geste)
    assert basculer(convention=convention, **bascule).bascule_le == JOUR


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"le": date(2026, 12, 1)}, "le"),
        ({"le": date(2024, 2, 14)}, "le"),
        ({"bilan": " "}, "bilan"),
    ],
)
def test_une_bascule_mal_dite_est_refusee(convention, bascule, champs, champ):
    with refus(".", champ):
        basculer(convention=convention, **(bascule | champs))


def test_un_projet_ne_bascule_pas(collectivite, modele_tranches, bascule):
    with refus("pas encore signée"):
        basculer(convention=creer_convention(collectivite, modele_tranches, None), **bascule)
