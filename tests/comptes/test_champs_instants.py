"""Un instant saisi : ce qui manque se dit, l’heure sautée se refuse, l’heure double se demande."""

from datetime import UTC, datetime

import pytest
from django import forms

from dpd.comptes.champs_instants import AvecInstants, ChampInstant, lire_date, lire_heure, meme_minute
from dpd.comptes.forms_collectivites import Formulaire
from dpd.comptes.models import Collectivite

T0 = datetime(2026, 11, 20, 16, 25, tzinfo=UTC)
METROPOLE = Collectivite(territoire="metropole")


class Essai(AvecInstants, Formulaire, forms.Form):
    quand = ChampInstant(label="Quand")


class EssaiFacultatif(Essai):
    quand = ChampInstant(label="Quand", required=False)


def essai(date="", heure="", saison="", *, territoire="metropole", classe=Essai, initial=None):
    envoi = {"quand_date": date, "quand_heure": heure, "quand_saison": saison}
    lieu = Collectivite(territoire=territoire)
    return classe(envoi, collectivite=lieu, initial={"quand": initial} if initial else None)


def lu(*args, **kwargs):
    formulaire = essai(*args, **kwargs)
    assert formulaire.is_valid(), formulaire.errors
    return formulaire.cleaned_data["quand"]


@pytest.mark.parametrize(
    ("territoire", "attendu"),
    [
        ("metropole", T0),
        ("reunion", datetime(2026, 11, 20, 13, 25, tzinfo=UTC)),
        ("guyane", datetime(2026, 11, 20, 20, 25, tzinfo=UTC)),
    ],
)
def test_l_heure_est_celle_de_la_collectivite(territoire, attendu):
    assert lu("2026-11-20", "17:25", territoire=territoire) == attendu


@pytest.mark.parametrize("date", ["2026-11-20", "20/11/2026", "20.11.2026", " 2026-11-20 "])
@pytest.mark.parametrize("heure", ["17:25", "17h25", "17 h 25", "17\u00a0h\u00a025", "17:25:59"])
def test_la_date_et_l_heure_se_tapent_de_plusieurs_facons(date, heure):
    assert lu(date, heure) == T0


def test_une_heure_ronde_se_tape_sans_minutes():
    assert lu("2026-11-20", "17 h") == datetime(2026, 11, 20, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "heure", "phrase"),
    [
        ("", "", "Indiquez une date et une heure."),
        ("", "17:25", "Indiquez la date."),
        ("2026-11-20", "", "Indiquez l’heure."),
        ("2026-02-30", "17:25", "Cette date n’existe pas"),
        ("demain", "17:25", "Cette date n’existe pas"),
        ("0026-11-20", "17:25", "Cette date n’existe pas"),
        ("9999-12-31", "23:59", "Cette date n’existe pas"),
        ("2026-11-20", "25:10", "Cette heure n’existe pas"),
        ("2026-11-20", "midi", "Cette heure n’existe pas"),
        ("2026-03-29", "02:30", "l’heure d’été commence"),
        ("2026-10-25", "02:30", "Cette heure est passée deux fois"),
    ],
)
def test_ce_qui_ne_va_pas_se_dit_sous_le_champ(date, heure, phrase):
    formulaire = essai(date, heure)
    assert not formulaire.is_valid()
    assert phrase in formulaire.errors["quand"][0]


def test_rien_n_est_une_reponse_quand_le_champ_est_facultatif():
    assert lu(classe=EssaiFacultatif) is None
    assert not essai("2026-11-20", classe=EssaiFacultatif).is_valid()


@pytest.mark.parametrize(("saison", "heure_utc"), [("ete", 0), ("hiver", 1)])
def test_l_heure_double_se_tranche_par_la_saison(saison, heure_utc):
    assert lu("2026-10-25", "02:30", saison) == datetime(2026, 10, 25, heure_utc, 30, tzinfo=UTC)


def test_une_saison_inconnue_ne_tranche_rien():
    assert not essai("2026-10-25", "02:30", "printemps").is_valid()


def test_la_saison_ne_change_pas_une_heure_sans_doute():
    assert lu("2026-11-20", "17:25", "ete") == T0


def test_la_question_de_la_saison_ne_parait_que_dans_le_doute():
    doute, sur = essai("2026-10-25", "02:30"), essai("2026-11-20", "17:25")
    assert "quand_saison" in str(doute["quand"])
    assert "quand_saison" not in str(sur["quand"])
    assert "quand_saison" not in str(essai("2026-03-29", "02:30")["quand"])
    assert "quand_saison" not in str(Essai(collectivite=METROPOLE)["quand"])


def test_une_heure_double_deja_tranchee_revient_avec_sa_saison():
    initial = {"quand": datetime(2026, 10, 25, 1, 30, tzinfo=UTC)}
    page = str(Essai(initial=initial, collectivite=METROPOLE)["quand"])
    assert 'value="hiver" checked' in page
    assert 'value="ete" checked' not in page


def test_la_saisie_refusee_reste_a_l_ecran():
    page = str(essai("2026-02-30", "17:25")["quand"])
    assert 'value="2026-02-30"' in page
    assert 'value="17:25"' in page
    assert 'aria-invalid="true"' in page


def test_l_instant_s_affiche_dans_le_fuseau_de_la_collectivite_qui_se_nomme_hors_de_metropole():
    page = str(Essai(initial={"quand": T0}, collectivite=Collectivite(territoire="reunion"))["quand"])
    assert 'value="20:25"' in page
    assert "(La Réunion)" in page
    assert "La Réunion" not in str(Essai(initial={"quand": T0}, collectivite=METROPOLE)["quand"])


def test_chaque_entree_a_son_libelle_et_le_champ_sa_question():
    page = Essai(collectivite=METROPOLE)["quand"].as_field_group()
    assert "<legend>Quand</legend>" in page
    assert '<label for="id_quand_0">Date</label>' in page
    assert 'for="id_quand_1"' in page
    assert Essai(collectivite=METROPOLE)["quand"].id_for_label == "id_quand_0"


def test_rouvrir_puis_enregistrer_ne_change_pas_un_instant_a_la_seconde():
    precis = T0.replace(second=41, microsecond=7)
    assert lu("2026-11-20", "17:25", initial=precis) == precis
    assert not essai("2026-11-20", "17:25", initial=precis).has_changed()
    assert essai("2026-11-20", "17:26", initial=precis).has_changed()
    assert essai("2026-02-30", "17:26", initial=precis).has_changed()


def test_deux_heures_doubles_ne_sont_pas_la_meme_minute():
    paris = T0.astimezone(METROPOLE.fuseau).tzinfo
    ete = datetime(2026, 10, 25, 2, 30, tzinfo=paris)
    assert not meme_minute(ete, ete.replace(fold=1))
    assert meme_minute(ete, datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert meme_minute(None, None)
    assert not meme_minute(None, ete)


def test_les_lectures_disent_none_de_ce_qu_elles_ne_comprennent_pas():
    assert lire_date("31/02/2026") is None
    assert lire_heure("17 h 60") is None
