"""Ouvrir un projet, le signer : dates calculées, étapes copiées, exercice jamais partagé."""

from dataclasses import replace
from datetime import date

import pytest

from dpd.conventions.actions.convention import Signatures, deposer_signee, preparer_projet, signer
from dpd.conventions.etapes import BILAN, catalogue
from dpd.conventions.models import Convention
from dpd.messagerie.models import Message
from dpd.pieces.models import Piece
from tests.conventions.conftest import EXPRESSE, GLISSANTE, TRANCHES, creer_convention, creer_modele
from tests.conventions.refus import refus
from tests.pieces.fabriques import fichier

pytestmark = pytest.mark.django_db
TOUTES_DEUX = Signatures(date(2026, 9, 1), date(2026, 10, 2), "2026-04", "2026-31", date(2026, 8, 20))


@pytest.fixture
def geste(gestionnaire, maintenant):
    return {"auteur": gestionnaire, "maintenant": maintenant}


@pytest.fixture
def projet(collectivite, modele_tranches, geste):
    return preparer_projet(collectivite=collectivite, modele=modele_tranches, reference="R1", **geste)


def test_un_projet_ne_s_ouvre_qu_une_fois(collectivite, modele_tranches, projet, geste):
    encore = preparer_projet(collectivite=collectivite, modele=modele_tranches, reference="R1", **geste)
    assert encore.pk == projet.pk
    assert Convention.objects.get().history.count() == 1
    assert str(projet) == "R1"


def test_un_projet_change_de_modele_tant_que_personne_n_a_signe(projet, collectivite, structure, geste):
    autre = creer_modele(structure, **GLISSANTE)
    change = preparer_projet(collectivite=collectivite, modele=autre, **geste)
    assert (change.pk, change.modele, str(change)) == (projet.pk, autre, autre.nom)
    signer(convention=change, signatures=Signatures(signee_structure_le=date(2026, 9, 1)), **geste)
    with refus("a déjà signé"):
        preparer_projet(collectivite=collectivite, modele=autre, reference="x", **geste)


def test_un_modele_clos_ou_d_ailleurs_ne_s_ouvre_pas(collectivite, structure, autre_structure, geste):
    clos = creer_modele(structure, **TRANCHES, en_vigueur_au=date(2025, 12, 31))
    with refus("n’est plus proposé", "modele"):
        preparer_projet(collectivite=collectivite, modele=clos, **geste)
    with refus("autre structure"):
        preparer_projet(collectivite=collectivite, modele=creer_modele(autre_structure), **geste)
    assert not Convention.objects.exists()


def test_la_derniere_signature_donne_l_effet_et_ouvre_la_mise_en_place(projet, geste, referent, dpd):
    signee = signer(convention=projet, signatures=TOUTES_DEUX, fichier=fichier(), **geste)
    signee.refresh_from_db()
    assert (signee.date_effet, signee.fin, signee.reference) == (date(2026, 10, 2), None, "2026-04")
    assert (signee.deliberation, signee.deliberee_le) == ("2026-31", date(2026, 8, 20))
    assert (signee.piece.domaine, signee.piece.description) == ("convention", "Convention signée")
    etapes = list(signee.etapes.all())
    assert [e.ordre for e in etapes] == list(range(1, 20))
    assert etapes[0].libelle == catalogue()[0].libelle
    assert all(e.collectivite_id == signee.collectivite_id and e.history.count() == 1 for e in etapes)
    assert signee.history.first().history_change_reason == "Signée par les deux parties"
    destinataires = {m.destinataire for m in Message.objects.filter(nature="conventions.convention_signee")}
    assert destinataires == {referent.email, dpd.email}


def test_une_signature_seule_ne_donne_pas_d_effet(projet, geste):
    premiere = Signatures(signee_collectivite_le=date(2026, 9, 1))
    signee = signer(convention=projet, signatures=premiere, **geste)
    assert (signee.date_effet, signee.fin, signee.etapes.count()) == (None, None, 0)
    assert not Message.objects.exists()
    complete = signer(
        convention=projet, signatures=replace(premiere, signee_structure_le=date(2026, 9, 8)), **geste
    )
    assert complete.date_effet == date(2026, 9, 8)


def test_une_convention_a_date_fixe_prend_effet_ce_jour_la(collectivite, structure, geste):
    projet = preparer_projet(collectivite=collectivite, modele=creer_modele(structure, **EXPRESSE), **geste)
    signee = signer(convention=projet, signatures=Signatures(date(2020, 12, 1), date(2020, 12, 15)), **geste)
    assert (signee.date_effet, signee.fin) == (date(2021, 1, 1), date(2025, 12, 31))


def test_un_modele_echu_avant_d_etre_signe_est_refuse(collectivite, structure, geste):
    projet = preparer_projet(collectivite=collectivite, modele=creer_modele(structure, **EXPRESSE), **geste)
    with refus(r"31.décembre 2025, avant d’être signée"):
        signer(convention=projet, signatures=TOUTES_DEUX, **geste)


@pytest.mark.parametrize(
    ("signatures", "champ", "motif"),
    [
        (Signatures(), "signee_collectivite_le", "au moins une signature"),
        (replace(TOUTES_DEUX, signee_structure_le=date(2026, 12, 1)), "signee_structure_le", "à venir"),
        (replace(TOUTES_DEUX, deliberee_le=date(2026, 9, 15)), "deliberee_le", "ne peut pas la suivre"),
    ],
)
def test_des_dates_qui_se_contredisent_n_ecrivent_rien(projet, geste, signatures, champ, motif):
    with refus(motif, champ):
        signer(convention=projet, signatures=signatures, fichier=fichier(), **geste)
    projet.refresh_from_db()
    assert (projet.signee_collectivite_le, projet.history.count()) == (None, 1)
    assert not Piece.objects.exists()


def test_une_convention_signee_ne_change_plus(projet, geste):
    signer(convention=projet, signatures=TOUTES_DEUX, **geste)
    with refus("ne change plus"):
        signer(convention=projet, signatures=replace(TOUTES_DEUX, reference="autre"), **geste)
    assert Convention.objects.get().etapes.count() == 19


def test_deux_conventions_ne_partagent_pas_un_exercice(collectivite, structure, projet, geste):
    """Un exercice entamé est dû en entier : la seconde attend que la première ait fini l’année d’avant."""
    creer_convention(collectivite, creer_modele(structure, **GLISSANTE), date(2024, 2, 15))
    with refus("sans date de fin, couvre déjà l’exercice 2026"):
        signer(convention=projet, signatures=TOUTES_DEUX, fichier=fichier(), **geste)
    projet.refresh_from_db()
    assert (projet.date_effet, projet.etapes.count(), Piece.objects.count()) == (None, 0, 0)


def test_une_convention_finie_l_annee_d_avant_laisse_la_place(collectivite, structure, projet, geste):
    ancienne = creer_modele(structure, **EXPRESSE)
    creer_convention(collectivite, ancienne, date(2021, 1, 1))
    assert signer(convention=projet, signatures=TOUTES_DEUX, **geste).date_effet == date(2026, 10, 2)


def test_une_convention_a_venir_bloque_aussi(collectivite, structure, projet, geste):
    finie = creer_modele(structure, **EXPRESSE)
    creer_convention(collectivite, finie, date(2021, 1, 1), fin=date(2026, 3, 31))
    with refus(r"jusqu’au 31.mars 2026"):
        signer(convention=projet, signatures=TOUTES_DEUX, **geste)


def test_le_modele_retient_les_etapes_et_leurs_mots(collectivite, structure, geste):
    modele = creer_modele(
        structure,
        **GLISSANTE,
        etapes={"codes": None, "interlocuteur": "correspondant", "registre": "dpd"},
    )
    projet = preparer_projet(collectivite=collectivite, modele=modele, **geste)
    signee = signer(convention=projet, signatures=TOUTES_DEUX, **geste)
    libelles = dict(signee.etapes.values_list("code", "libelle"))
    assert "etat_mensuel" in libelles  # la convention prévoit un état mensuel
    assert libelles["formation_referent"] == "Former le correspondant à la plateforme"
    assert libelles["fiches"].endswith("puis les tenir à jour")


@pytest.mark.parametrize(
    ("etapes", "attendues"),
    [({"codes": []}, []), (["bilan", "inconnue", "deliberation"], ["deliberation", BILAN])],
)
def test_un_modele_peut_ne_retenir_que_quelques_etapes(collectivite, structure, geste, etapes, attendues):
    modele = creer_modele(structure, **TRANCHES, etapes=etapes)
    projet = preparer_projet(collectivite=collectivite, modele=modele, **geste)
    signee = signer(convention=projet, signatures=TOUTES_DEUX, **geste)
    assert list(signee.etapes.values_list("code", flat=True)) == attendues


def test_l_exemplaire_signe_se_depose_apres_coup(convention, geste):
    deposee = deposer_signee(convention=convention, fichier=fichier(), **geste)
    assert deposee.piece is not None
    encore = deposer_signee(convention=convention, fichier=fichier(), **geste)
    assert encore.piece_id == deposee.piece_id
    assert convention.history.count() == 2  # le double envoi n’écrit rien


def test_sans_signature_il_n_y_a_pas_d_exemplaire(projet, geste):
    with refus("Personne n’a encore signé"):
        deposer_signee(convention=projet, fichier=fichier(), **geste)
    assert not Piece.objects.exists()
