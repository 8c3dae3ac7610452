"""Un barème se prépare, se contrôle en entier, se publie, puis ne change plus."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from dpd.conventions.actions import tarifs as actions
from dpd.conventions.actions.tarifs_publication import manques_du_bareme, publier_bareme
from dpd.conventions.enums import NatureBareme, Revision, SensForfait
from dpd.conventions.models import Bareme, Forfait, ReglagesConventions, TranchePopulation
from dpd.conventions.regles.tarifs import Tranche
from tests.conventions.conftest import creer_bareme, creer_indice
from tests.conventions.regles.grilles import GRILLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def geste(gestionnaire, maintenant):
    return {"auteur": gestionnaire, "maintenant": maintenant}


@pytest.fixture
def brouillon(structure, geste):
    return preparer(structure, geste)


def preparer(structure, geste, nature=NatureBareme.TRANCHES, **champs):
    defauts = {"nom": "Grille 2027", "en_vigueur_du": date(2027, 1, 1), "source": "Délibération 2026-41"}
    return actions.creer_bareme(structure=structure, nature=nature, **{**defauts, **champs}, **geste)


def test_un_bareme_se_prepare_sans_valoir(brouillon, gestionnaire, maintenant):
    assert not brouillon.publie
    trace = brouillon.history.get()
    assert (trace.history_user, trace.history_date) == (gestionnaire, maintenant)
    assert trace.history_change_reason == "Barème préparé"


def test_un_bareme_sans_date_est_refuse(structure, geste):
    with pytest.raises(ValidationError) as refus:
        preparer(structure, geste, en_vigueur_du=None)
    assert "en_vigueur_du" in refus.value.message_dict


def test_deux_envois_ne_font_qu_un_brouillon(structure, geste, brouillon):
    with pytest.raises(ValidationError, match="déjà en préparation"):
        preparer(structure, geste)
    assert Bareme.objects.count() == 1


def test_une_grille_s_enregistre_en_entier_et_une_seule_fois(brouillon, geste):
    actions.enregistrer_grille(bareme=brouillon, tranches=GRILLE[::-1], **geste)
    actions.enregistrer_grille(bareme=brouillon, tranches=GRILLE, **geste)
    assert [t.tranche for t in brouillon.tranches.all()] == list(GRILLE)
    assert TranchePopulation.history.count() == len(GRILLE)


def test_une_grille_remplacee_laisse_sa_trace(brouillon, geste, gestionnaire):
    actions.enregistrer_grille(bareme=brouillon, tranches=GRILLE, **geste)
    actions.enregistrer_grille(bareme=brouillon, tranches=GRILLE[:2], **geste)
    assert brouillon.tranches.count() == 2
    retirees = TranchePopulation.history.filter(history_type="-")
    assert retirees.count() == len(GRILLE)
    assert {r.history_user for r in retirees} == {gestionnaire}


@pytest.mark.parametrize(
    ("tranches", "phrase"),
    [
        ((), "aucune tranche"),
        (GRILLE[:2] + GRILLE[3:], "un trou de 501 à 700"),
        ((*GRILLE, Tranche(900, 950, Decimal(1), Decimal(1))), "chevauchent à 900"),
    ],
)
def test_une_grille_mal_formee_est_refusee_et_l_ancienne_reste(brouillon, geste, tranches, phrase):
    actions.enregistrer_grille(bareme=brouillon, tranches=GRILLE, **geste)
    with pytest.raises(ValidationError, match=phrase):
        actions.enregistrer_grille(bareme=brouillon, tranches=tranches, **geste)
    assert brouillon.tranches.count() == len(GRILLE)


def test_les_forfaits_gardent_leur_code_d_un_bareme_au_suivant(structure, geste):
    premier = preparer(structure, geste, NatureBareme.FORFAIT_DEVIS)
    suivant = preparer(structure, geste, NatureBareme.FORFAIT_DEVIS, en_vigueur_du=date(2028, 1, 1))
    for bareme, prix in ((premier, "300"), (suivant, "320")):
        lignes = [("Forfait « Essentiel »", Decimal(prix)), ("!!!", None)]
        actions.enregistrer_forfaits(bareme=bareme, forfaits=lignes, **geste)
    assert list(premier.forfaits.values_list("code", flat=True)) == ["forfait-essentiel", "forfait"]
    assert suivant.forfaits.get(code="forfait-essentiel").montant == 320


def test_deux_forfaits_du_meme_nom_sont_refuses(structure, geste):
    bareme = preparer(structure, geste, NatureBareme.FORFAIT_DEVIS)
    with pytest.raises(ValidationError, match="même nom"):
        actions.enregistrer_forfaits(bareme=bareme, forfaits=[("Base", None), ("base", None)], **geste)
    assert not Forfait.objects.exists()


def test_publier_clot_le_precedent_la_veille(structure, bareme_tranches, brouillon, geste):
    actions.enregistrer_grille(bareme=brouillon, tranches=GRILLE, **geste)
    publie = publier_bareme(bareme=brouillon, **geste)
    bareme_tranches.refresh_from_db()
    assert (publie.publie, publie.en_vigueur_au) == (True, None)
    assert bareme_tranches.en_vigueur_au == date(2026, 12, 31)
    assert "vendredi 1er" in bareme_tranches.history.first().history_change_reason


def test_publier_entre_deux_baremes_s_arrete_avant_le_suivant(structure, bareme_tranches, geste):
    apres = creer_bareme(structure, NatureBareme.GRATUIT, nom="2029", en_vigueur_du=date(2029, 1, 1))
    brouillon = preparer(structure, geste, NatureBareme.GRATUIT)
    publie = publier_bareme(bareme=brouillon, **geste)
    apres.refresh_from_db()
    assert (publie.en_vigueur_au, apres.en_vigueur_au) == (date(2028, 12, 31), None)


def test_un_bareme_deja_clos_n_est_pas_prolonge(structure, bareme_tranches, geste):
    bareme_tranches.en_vigueur_au = date(2025, 6, 30)
    bareme_tranches.save()
    publier_bareme(bareme=preparer(structure, geste, NatureBareme.GRATUIT), **geste)
    bareme_tranches.refresh_from_db()
    assert bareme_tranches.en_vigueur_au == date(2025, 6, 30)


def test_deux_baremes_ne_prennent_pas_effet_le_meme_jour(structure, bareme_tranches, geste):
    jumeau = preparer(structure, geste, NatureBareme.GRATUIT, en_vigueur_du=date(2020, 1, 1))
    with pytest.raises(ValidationError, match="déjà effet ce jour-là"):
        publier_bareme(bareme=jumeau, **geste)
    assert not Bareme.objects.get(pk=jumeau.pk).publie


@pytest.mark.parametrize("nature", [n for n in NatureBareme if n != NatureBareme.GRATUIT])
def test_un_bareme_sans_prix_ne_se_publie_pas(structure, geste, nature):
    sens = {"sens_forfait": SensForfait.INCLUS} if nature == NatureBareme.FORFAIT_JOURNEES else {}
    bareme = preparer(structure, geste, nature, **sens)
    with pytest.raises(ValidationError):
        publier_bareme(bareme=bareme, **geste)
    assert not Bareme.objects.get(pk=bareme.pk).publie


def test_ce_qui_manque_a_un_forfait_et_journees_est_nomme(structure, geste):
    bareme = preparer(structure, geste, NatureBareme.FORFAIT_JOURNEES, sens_forfait=SensForfait.INCLUS)
    assert manques_du_bareme(bareme) == [
        "Il manque le prix de la journée.",
        "Il manque la durée d’une journée.",
        "Il manque le forfait annuel.",
        "Il manque le nombre de journées que le forfait comprend.",
    ]


def test_des_journees_seules_n_ont_pas_de_forfait(structure, geste):
    bareme = preparer(
        structure,
        geste,
        NatureBareme.FORFAIT_JOURNEES,
        sens_forfait=SensForfait.ESTIME,
        cout_journee=Decimal(230),
        minutes_par_jour=420,
    )
    assert publier_bareme(bareme=bareme, **geste).publie


def test_un_forfait_dont_le_montant_est_inconnu_se_publie(structure, geste):
    bareme = preparer(structure, geste, NatureBareme.FORFAIT_DEVIS)
    actions.enregistrer_forfaits(bareme=bareme, forfaits=[("Essentiel", None)], **geste)
    assert publier_bareme(bareme=bareme, **geste).publie


def test_une_revision_sur_indice_demande_son_origine(structure, geste):
    bareme = preparer(structure, geste, NatureBareme.GRATUIT, revision=Revision.CHAINEE)
    with pytest.raises(ValidationError, match="indice d’origine"):
        publier_bareme(bareme=bareme, **geste)
    indice = creer_indice(structure, 2019, 11, "274.7")
    actions.modifier_bareme(bareme=bareme, indice_base=indice, **geste)
    assert publier_bareme(bareme=bareme, **geste).indice_base == indice


@pytest.mark.parametrize(
    "changer",
    [
        lambda b, g: actions.modifier_bareme(bareme=b, nom="Autre", **g),
        lambda b, g: actions.enregistrer_grille(bareme=b, tranches=GRILLE[:1], **g),
        lambda b, g: actions.enregistrer_forfaits(bareme=b, forfaits=[], **g),
        lambda b, g: actions.retirer_brouillon(bareme=b, **g),
        lambda b, g: publier_bareme(bareme=b, **g),
    ],
)
def test_un_bareme_publie_ne_change_plus(bareme_tranches, geste, changer):
    with pytest.raises(ValidationError, match="ne change plus"):
        changer(bareme_tranches, geste)
    assert bareme_tranches.tranches.count() == len(GRILLE)


def test_une_copie_reprend_les_prix_et_seulement_eux(bareme_tranches, geste):
    copie = actions.copier_bareme(
        bareme=bareme_tranches, nom="2027", en_vigueur_du=date(2027, 1, 1), source="2026-41", **geste
    )
    assert (copie.publie, copie.nom, copie.source) == (False, "2027", "2026-41")
    assert (copie.indice_base, copie.cout_journee) == (bareme_tranches.indice_base, 250)
    assert [t.tranche for t in copie.tranches.all()] == list(GRILLE)


def test_une_copie_de_forfaits_garde_leurs_codes(structure, geste):
    bareme = creer_bareme(structure, NatureBareme.FORFAIT_DEVIS, forfaits=(("base", "Base", "300"),))
    copie = actions.copier_bareme(
        bareme=bareme, nom="2027", en_vigueur_du=date(2027, 1, 1), source="x", **geste
    )
    assert list(copie.forfaits.values_list("code", "montant")) == [("base", Decimal("300.00"))]


def test_un_brouillon_se_retire_et_son_histoire_reste(brouillon, geste, gestionnaire):
    actions.enregistrer_grille(bareme=brouillon, tranches=GRILLE, **geste)
    actions.retirer_brouillon(bareme=brouillon, **geste)
    assert not Bareme.objects.filter(pk=brouillon.pk).exists()
    assert Bareme.history.filter(id=brouillon.pk, history_type="-").get().history_user == gestionnaire
    with pytest.raises(ValidationError, match="retiré entre-temps"):
        actions.modifier_bareme(bareme=brouillon, nom="Trop tard", **geste)


def test_le_simulateur_s_ouvre_et_se_ferme(structure, geste):
    for ouvert in (True, False):
        actions.regler_simulateur(
            structure=structure, simulateur_ouvert=ouvert, presentation="Le service", **geste
        )
    reglages = ReglagesConventions.objects.get(structure=structure)
    assert not reglages.simulateur_ouvert
    assert [h.history_change_reason for h in reglages.history.all()] == [
        "Simulateur fermé",
        "Simulateur ouvert",
    ]
