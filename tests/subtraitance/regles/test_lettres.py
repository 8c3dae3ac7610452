"""Les lettres types : ce que le dossier sait, et des crochets à la place de ce qu’il ne sait pas."""

from dataclasses import replace
from datetime import date

import pytest

from subtraitance.enums import Droit, RegimeDemande
from subtraitance.regles.lettres import composer
from subtraitance.regles.lettres_modeles import MODELES, TYPES, Faits, TypeLettre, types_pour
from subtraitance.regles.lettres_texte import Morceau, a_completer, mettre_en_page

FAITS = Faits(
    jour=date(2026, 11, 23),
    numero="2026-04",
    organisme="Commune de Lauzerte",
    responsable="Anne-Marie Estival",
    titre="maire",
    dpd="Nadège Roucoules",
    dpd_coordonnees="dpd@cdg.example",
    demandeur="Gérard Fauré",
    adresse="1 place des Cornières\n82110 Lauzerte",
    courriel="g.faure@habitant.example",
    personne="",
    lien="",
    regime="rgpd",
    droits=(Droit.ACCES,),
    recue_le=date(2026, 11, 20),
    echeance=date(2026, 12, 21),
    prolongee_au=date(2027, 2, 22),
    motif_prolongation="",
    motif_suspension="",
    motif_refus="",
)
VIDE = replace(
    FAITS,
    responsable="",
    titre="",
    dpd="",
    dpd_coordonnees="",
    demandeur="",
    adresse="",
    courriel="",
    droits=(),
    echeance=None,
    prolongee_au=None,
)


def ecrite(type_, **champs):
    return composer(type_, replace(FAITS, **champs)).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("type_", TypeLettre)
def test_chaque_lettre_dit_a_qui_quand_quoi_et_qui_signe(type_):
    texte = ecrite(type_)
    assert "Le lundi 23 novembre 2026" in texte
    assert "Objet : " in texte
    assert "demande n° 2026-04" in texte
    assert texte.endswith("Pour Commune de Lauzerte,\nAnne-Marie Estival, maire")
    assert "Nadège Roucoules" in texte
    assert "None" not in texte
    assert len(type_) <= 20


@pytest.mark.parametrize("type_", TypeLettre)
def test_un_dossier_vide_s_ecrit_entre_crochets_sans_rien_inventer(type_):
    texte = composer(type_, VIDE)
    assert "son titre" in a_completer(texte)
    assert "None" not in texte


@pytest.mark.parametrize("type_", [t for t in TypeLettre if t != TypeLettre.DESTINATAIRES])
def test_le_demandeur_recoit_la_sienne_a_son_adresse(type_):
    assert ecrite(type_).startswith("Gérard Fauré\n1 place des Cornières\n82110 Lauzerte\n\n")
    assert ecrite(type_, adresse="").startswith("Gérard Fauré\ng.faure@habitant.example\n\n")


def test_l_accuse_dit_jusqu_a_quand():
    texte = ecrite(TypeLettre.ACCUSE)
    assert "reçu le vendredi 20 novembre 2026" in texte
    assert "au plus tard le lundi 21 décembre 2026 (RGPD, art. 12-3)" in texte
    assert "[à compléter : dans quel délai" in ecrite(TypeLettre.ACCUSE, echeance=None)


def test_la_prolongation_compte_depuis_la_reception():
    texte = ecrite(TypeLettre.PROLONGATION, motif_prolongation="les archives sont éclatées")
    assert "au plus tard le lundi 22 février 2027" in texte
    assert "pour cette raison : les archives sont éclatées." in texte
    assert "[à compléter : les motifs de la prolongation]" in ecrite(TypeLettre.PROLONGATION)


@pytest.mark.parametrize("type_", [TypeLettre.REFUS, TypeLettre.RIEN, TypeLettre.REPONSE])
def test_une_reponse_dit_les_deux_voies_de_recours(type_):
    texte = ecrite(type_)
    assert "réclamation à la CNIL" in texte
    assert "TSA 80715" in texte
    assert "tribunal administratif" in texte
    assert "deux mois" in texte


def test_un_refus_se_motive():
    assert "donner suite : c’est excessif." in ecrite(TypeLettre.REFUS, motif_refus="c’est excessif.")
    assert "[à compléter : les motifs du refus" in ecrite(TypeLettre.REFUS)


def test_la_reponse_suit_les_droits_invoques():
    acces = ecrite(TypeLettre.REPONSE)
    assert "Vous trouverez jointe la copie" in acces
    assert "[à compléter : les destinataires]" in acces
    autres = ecrite(TypeLettre.REPONSE, droits=tuple(d for d in Droit if d not in (Droit.ACCES, Droit.AUTRE)))
    assert "Vous trouverez jointe la copie" not in autres
    for article in ("art. 16", "art. 17", "art. 18", "art. 20", "art. 21", "art. 22", "art. 7-3", "art. 85"):
        assert article in autres
    assert "[à compléter : la réponse]" in ecrite(TypeLettre.REPONSE, droits=(Droit.AUTRE,))


def test_on_ne_demande_pas_de_piece_d_identite_sans_doute():
    texte = ecrite(TypeLettre.IDENTITE, motif_suspension="la signature diffère")
    assert "la signature diffère" in texte
    assert "par le moyen de votre choix" in texte
    assert "nous la détruirons" in texte
    assert "la signature diffère" in ecrite(TypeLettre.PRECISION, motif_suspension="la signature diffère")


def test_une_demande_pour_un_autre_le_nomme():
    texte = ecrite(TypeLettre.RIEN, personne="Zoé Fauré", lien="sa fille")
    assert "votre demande pour Zoé Fauré (sa fille)" in texte
    assert "aucune donnée sur Zoé Fauré" in texte
    assert "pour Zoé Fauré. Elle" in ecrite(TypeLettre.ACCUSE, personne="Zoé Fauré")


def test_un_destinataire_sait_de_qui_il_s_agit():
    texte = ecrite(TypeLettre.DESTINATAIRES)
    assert texte.startswith("[à compléter : nom et adresse du destinataire des données]")
    assert "des données sur Gérard Fauré" in texte
    assert "L’article 19" in texte


def test_ce_qui_manque_se_compte_une_fois():
    texte = "[à compléter : a] b [à compléter\u00a0: c d ] [à compléter : a]"
    assert a_completer(texte) == ("a", "c d")
    assert a_completer("rien") == ()


def test_la_page_separe_l_adresse_l_objet_et_le_corps():
    page = mettre_en_page(
        "A\r\nB\r\n\r\nLe 1er\n\nObjet : x & <y>\nNos références : 1\n\nBonjour,\n- un\n- deux\nfin"
    )
    assert page.tete == ("A", "B", "", "Le 1er")
    assert page.objet == "x & <y>"
    assert page.corps == (
        Morceau(texte="Nos références : 1"),
        Morceau(texte="Bonjour,"),
        Morceau(puces=("un", "deux")),
        Morceau(texte="fin"),
    )


def test_sans_objet_tout_est_corps():
    page = mettre_en_page("Bonjour\n\n\nau revoir")
    assert (page.tete, page.objet) == ((), "")
    assert [m.texte for m in page.corps] == ["Bonjour", "au revoir"]
    assert mettre_en_page("Objet : seul").tete == ()


def test_chaque_type_a_son_modele():
    assert {type_.value for type_ in MODELES} == TYPES
    assert all(modele.libelle and modele.quand for modele in MODELES.values())


AUTRES = ("", *(regime for regime in RegimeDemande if regime != RegimeDemande.RGPD))


def test_chaque_regime_a_ses_lettres():
    assert types_pour(RegimeDemande.RGPD) == tuple(TypeLettre)
    for regime in AUTRES:
        assert types_pour(regime) == (TypeLettre.ACCUSE, TypeLettre.REFUS)


@pytest.mark.parametrize("regime", AUTRES)
@pytest.mark.parametrize("type_", [TypeLettre.ACCUSE, TypeLettre.REFUS])
def test_hors_rgpd_rien_ne_cite_le_rgpd_ni_la_cnil(regime, type_):
    texte = ecrite(type_, regime=regime)
    for interdit in (
        "RGPD",
        "CNIL",
        "gratuite",
        "art. 15",
        "plus de temps",
        "pièce d’identité",
        "vos données",
    ):
        assert interdit not in texte
    assert "Elle porte sur : [à compléter : ce qui est demandé]." in texte


def test_un_document_refuse_se_porte_devant_la_cada():
    texte = ecrite(TypeLettre.REFUS, regime=RegimeDemande.CADA, motif_refus="secret des affaires")
    assert "saisir la Commission d’accès aux documents administratifs" in texte
    assert "dans les deux mois" in texte
    assert "CRPA, art. R.343-1" in texte
    assert "avant tout recours devant le juge" in texte
    assert "tribunal administratif" not in texte


def test_l_accuse_d_un_document_dit_ce_que_vaut_le_silence():
    texte = ecrite(TypeLettre.ACCUSE, regime=RegimeDemande.CADA, echeance=date(2026, 12, 20))
    assert "au plus tard le dimanche 20 décembre 2026 (CRPA, art. L.311-1 et R.311-13)" in texte
    assert "Un mois de silence vaut refus." in texte
    assert "saisir la CADA dans les deux mois" in texte


@pytest.mark.parametrize("regime", [r for r in AUTRES if r != RegimeDemande.CADA])
def test_un_recours_inconnu_se_complete(regime):
    assert "[à compléter : la voie de recours et son délai" in ecrite(TypeLettre.REFUS, regime=regime)
    assert "CADA" not in ecrite(TypeLettre.REFUS, regime=regime)


def test_a_qualifier_aucune_date_ne_s_ecrit():
    assert "[à compléter : dans quel délai" in ecrite(TypeLettre.ACCUSE, regime="")


def test_le_considerant_permet_la_question_et_le_comite_la_suspension():
    texte = ecrite(TypeLettre.PRECISION)
    assert "ce que vous cherchez (RGPD, cons. 63)" in texte
    assert "suspendu jusqu’à votre réponse, puis reprend (Comité européen" in texte
    assert "lignes directrices 01/2022" in texte
