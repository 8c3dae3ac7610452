"""Le montant d’un exercice, sa démonstration et ce qui lui manque."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpd.conventions.regles.calcul import DEVIS_ATTENDU, RACCORD_ATTENDU, Marge, calculer, marge
from dpd.conventions.regles.indices import Raccord
from dpd.conventions.regles.sources import Complement
from dpd.conventions.regles.tarifs import Indice, Phase, Tranche, reviser
from tests.conventions.regles.grilles import GRILLE
from tests.conventions.regles.sources_types import (
    NOV_2019,
    NOV_2020,
    NOV_2021,
    NOV_2023,
    RACCORD,
    en_2024,
    en_2027,
    indice,
    par_journees,
    par_tranches,
)

JOURNEE = Complement("Vidéoprotection", "Devis accepté", Decimal(1), "jour", Decimal(250))
PREMIERE = Tranche(0, 300, Decimal(400), Decimal(250))


def dits(termes):
    return [(t.operateur, t.valeur, t.libelle) for t in termes]


def test_la_mise_en_place_de_2024_est_celle_de_la_maquette():
    calcul = calculer(en_2024())
    assert (calcul.total, calcul.manques) == (Decimal("1368.82"), ())
    assert (calcul.tranche.minimum, calcul.tranche.maximum, calcul.marge) == (901, 2000, Marge(656, 445))
    (ligne,) = calcul.lignes
    assert (ligne.libelle, ligne.quantite, ligne.unite) == ("Mise en place", 1, "an")
    assert ligne.detail == "Tranche de 901 à 2\u202f000 habitants, population totale"
    assert ligne.montant_de_base == Decimal("1200.00")
    assert dits(ligne.formule) == [
        ("", Decimal(1200), "prix de base"),
        ("×", Decimal("307.0"), "indice de novembre 2023"),
        ("÷", Decimal("0.97975"), "raccord des séries"),
        ("÷", Decimal("274.7"), "indice de novembre 2019"),
    ]


def test_une_journee_a_250_euros_de_novembre_2019_vaut_285_17_en_2024():
    calcul = calculer(en_2024(complements=(JOURNEE,)))
    assert [ligne.montant for ligne in calcul.lignes] == [Decimal("1368.82"), Decimal("285.17")]
    assert calcul.total == Decimal("1653.99")


def test_sans_raccord_delibere_le_calcul_reste_bloque():
    """279,40 € sans raccord serait un montant faux : il n’y a pas de montant."""
    calcul = calculer(en_2024(raccord=None, complements=(JOURNEE,)))
    assert [ligne.montant for ligne in calcul.lignes] == [None, None]
    assert (calcul.total, calcul.manques) == (None, (RACCORD_ATTENDU,))
    assert [t.libelle for t in calcul.lignes[0].formule][1:] == [
        "indice de novembre 2023",
        "indice de novembre 2019",
    ]


@pytest.mark.parametrize("raccord", [Raccord("revise", "ancien", Decimal("1.02")), None])
def test_un_raccord_qui_relie_d_autres_series_ne_debloque_rien(raccord):
    assert RACCORD_ATTENDU in calculer(en_2024(raccord=raccord)).manques


def test_2027_attend_l_indice_de_novembre_2026_et_annonce_le_raccord():
    calcul = calculer(en_2027())
    assert calcul.total is None
    assert calcul.manques == ("L’indice de novembre 2026 n’est pas encore saisi.",)
    assert calcul.lignes[0].montant_de_base == Decimal("750.00")
    assert dits(calcul.lignes[0].formule) == [
        ("", Decimal(750), "prix de base"),
        ("×", None, "indice de novembre 2026"),
        ("÷", Decimal("0.97975"), "raccord des séries"),
        ("÷", Decimal("274.7"), "indice de novembre 2019"),
    ]


def test_l_essai_de_la_maquette():
    essai = en_2027(suite=(indice(2026, 11, "320.0", "revise"),))
    assert calculer(essai).total == Decimal("891.74")


def test_avant_la_rupture_un_indice_attendu_ne_demande_aucun_raccord():
    calcul = calculer(par_tranches(2022, suite=(None,), attendus=("novembre 2021",)))
    assert [t.operateur for t in calcul.lignes[0].formule] == ["", "×", "÷"]


def test_l_exercice_de_reference_n_est_pas_revise():
    calcul = calculer(par_tranches(2020))
    assert calcul.total == Decimal("750.00")
    assert len(calcul.lignes[0].formule) == 1


def test_sans_indice_d_origine_rien_n_est_calcule():
    calcul = calculer(en_2024(base=None))
    assert calcul.total is None
    assert calcul.manques[0] == "L’indice d’origine du barème n’est pas choisi."
    assert [t.valeur for t in calcul.lignes[0].formule] == [Decimal(1200), Decimal("307.0"), None]


@pytest.mark.parametrize(
    ("prix", "total"), [("350", "352.81"), ("750", "756.00")]
)  # en base fixe : 352,80 et 756,01
def test_en_chaine_chaque_annee_s_arrondit(prix, total):
    grille = (replace(PREMIERE, maximum=2000, accompagnement=Decimal(prix)),)
    sources = par_tranches(
        2022,
        grille=grille,
        revision="chainee",
        suite=(NOV_2020, NOV_2021),
        attendus=("novembre 2020", "novembre 2021"),
    )
    calcul = calculer(sources)
    assert calcul.total == Decimal(total)
    assert [t.valeur for t in calcul.lignes[0].formule[1:]] == [
        NOV_2020.valeur,
        NOV_2019.valeur,
        NOV_2021.valeur,
        NOV_2020.valeur,
    ]


def chaine_de_2024(**champs):
    noms = ("novembre 2020", "novembre 2021", "novembre 2022", "novembre 2023")
    suite = (NOV_2020, NOV_2021, None, NOV_2023)
    return par_tranches(2024, revision="chainee", **{"suite": suite, "attendus": noms, **champs})


def test_en_chaine_une_annee_manquante_bloque_et_se_voit_aux_deux_endroits():
    calcul = calculer(chaine_de_2024())
    assert calcul.manques == ("L’indice de novembre 2022 n’est pas encore saisi.",)
    attendus = [(t.operateur, t.libelle) for t in calcul.lignes[0].formule if t.valeur is None]
    assert attendus == [("×", "indice de novembre 2022"), ("÷", "indice de novembre 2022")]
    assert [t.libelle for t in calcul.lignes[0].formule].count("raccord des séries") == 1


def test_en_chaine_le_raccord_manquant_se_cherche_a_chaque_passage():
    nov_2022 = indice(2022, 11, "290.0", "revise")
    complete = chaine_de_2024(suite=(NOV_2020, NOV_2021, nov_2022, NOV_2023))
    assert calculer(complete).manques == ()
    assert calculer(replace(complete, raccord=None)).manques == (RACCORD_ATTENDU,)
    assert RACCORD_ATTENDU not in calculer(chaine_de_2024(raccord=None)).manques


def test_le_dernier_indice_publie_porte_son_propre_mois():
    septembre = indice(2024, 9, "314.5", "revise")
    calcul = calculer(par_tranches(2025, suite=(septembre,), attendus=("novembre 2024",)))
    assert calcul.lignes[0].formule[1].libelle == "indice de septembre 2024"


@pytest.mark.parametrize(
    ("population", "attendue"),
    [(0, Marge(None, 301)), (300, Marge(None, 1)), (301, Marge(1, 200)), (10_000, Marge(5000, 1))],
)
def test_la_marge_aux_bouts_de_la_grille(population, attendue):
    calcul = calculer(en_2024(population=population))
    assert calcul.marge == attendue
    assert calcul.marge == marge(calcul.tranche, population)


@pytest.mark.parametrize(
    "champs", [{"population": 10_001}, {"est_commune": False}, {"est_commune": False, "population": None}]
)
def test_hors_de_la_grille_il_faut_un_devis_accepte(champs):
    sans = calculer(en_2024(**champs))
    assert (sans.sur_devis, sans.total, sans.manques) == (True, None, (DEVIS_ATTENDU,))
    avec = calculer(en_2024(**champs, complements=(replace(JOURNEE, quantite=Decimal("2.5")),)))
    assert (avec.sur_devis, avec.manques) == (True, ())
    assert avec.total == Decimal("712.93")  # 2,5 × 285,17, moitié vers le haut


def test_une_grille_ouverte_a_tous_lit_la_population_d_un_ccas():
    calcul = calculer(en_2024(est_commune=False, communes_seulement=False))
    assert (calcul.total, calcul.sur_devis) == (Decimal("1368.82"), False)


def test_sans_population_rien_n_est_estime():
    calcul = calculer(en_2024(population=None, millesime=None))
    assert (calcul.total, calcul.manques) == (None, ("La population totale n’est pas connue.",))


@pytest.mark.parametrize(("millesime", "dit"), [(2020, "2020"), (None, "inconnu")])
@pytest.mark.parametrize("population", [1556, 35_000])
def test_la_population_du_mauvais_millesime_est_refusee(population, millesime, dit):
    """Elle décide de la tranche, et d’abord si la commune est dans la grille."""
    calcul = calculer(en_2024(population=population, millesime=millesime, complements=(JOURNEE,)))
    (phrase,) = calcul.manques
    assert f"du millésime {dit}" in phrase
    assert "attend le millésime 2021" in phrase
    assert calcul.total is None


def test_un_ccas_n_a_pas_de_millesime():
    calcul = calculer(en_2024(est_commune=False, population=None, millesime=None, complements=(JOURNEE,)))
    assert calcul.total == Decimal("285.17")


def test_un_bareme_qui_n_attend_aucun_millesime_prend_la_population_saisie():
    assert calculer(en_2024(millesime=None, millesime_attendu=None)).total == Decimal("1368.82")


def test_une_grille_mal_formee_est_refusee():
    with pytest.raises(ValueError, match="un trou de 0 à 300"):
        calculer(en_2024(grille=GRILLE[1:]))


@pytest.mark.parametrize("revision", ["aucune", "decision"])
def test_sans_indice_le_prix_est_celui_du_bareme(revision):
    calcul = calculer(en_2024(revision=revision, base=None, suite=(), attendus=()))
    assert (calcul.total, calcul.lignes[0].formule) == (Decimal("1200.00"), ())


def test_un_prix_non_revisable_ne_suit_pas_l_indice():
    calcul = calculer(en_2024(complements=(replace(JOURNEE, revisable=False),)))
    assert (calcul.lignes[1].montant, calcul.lignes[1].formule) == (Decimal("250.00"), ())


@pytest.mark.parametrize(
    ("sens", "champs", "montants"),
    [
        ("cumul", {}, ["2300.00", "2300.00"]),
        ("inclus", {"jours_inclus": Decimal(10)}, ["2300.00", "0.00"]),
        ("inclus", {"jours_inclus": Decimal("8.5")}, ["2300.00", "345.00"]),
        ("inclus", {"jours_inclus": Decimal(12)}, ["2300.00", "0.00"]),
        ("inclus", {}, ["2300.00", "2300.00"]),
        ("estime", {}, ["2300.00"]),
        ("estime", {"forfait": None}, ["2300.00"]),
    ],
)
def test_le_sens_du_forfait_et_des_journees_est_un_parametre(sens, champs, montants):
    calcul = calculer(par_journees(sens, **champs))
    assert [ligne.montant for ligne in calcul.lignes] == [Decimal(m) for m in montants]
    assert calcul.total == sum(Decimal(m) for m in montants)


def test_les_journees_se_comptent_passees_puis_estimees():
    passees, estimees = par_journees("estime"), par_journees("estime", Phase.ACCOMPAGNEMENT)
    assert calculer(passees).lignes[0].detail == "Journées passées et validées"
    assert calculer(estimees).lignes[0].detail == "Journées estimées"
    assert calculer(par_journees("cumul", forfait_libelle="")).lignes[0].libelle == "Forfait annuel"


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"cout_journee": None}, "Le prix de la journée n’est pas saisi."),
        ({"forfait": None}, "Le forfait annuel n’est pas saisi."),
        ({"jours": None}, "Des états mensuels restent à valider."),
        (
            {"jours": None, "phase": Phase.ACCOMPAGNEMENT},
            "Le nombre de jours estimés pour l’année n’est pas convenu.",
        ),
        ({"sens": ""}, "Le sens du forfait n’est pas réglé dans le barème."),
    ],
)
def test_ce_qui_manque_a_un_forfait_et_journees_est_nomme(champs, phrase):
    calcul = calculer(replace(par_journees("cumul"), **champs))
    assert (calcul.total, calcul.lignes) == (None, ())
    assert phrase in calcul.manques


def test_un_forfait_sans_montant_attend_le_sien():
    sources = replace(par_journees(""), nature="forfait_devis", forfait=None)
    assert calculer(sources).manques == ("Le montant du forfait choisi n’est pas saisi.",)


def test_un_forfait_et_ses_devis_s_ajoutent():
    sources = replace(par_journees(""), nature="forfait_devis", complements=(JOURNEE,))
    calcul = calculer(sources)
    assert [(x.libelle, x.montant) for x in calcul.lignes] == [
        ("Études et conseil", Decimal("2300.00")),
        ("Vidéoprotection", Decimal("250.00")),
    ]
    assert calculer(replace(sources, forfait_libelle="")).lignes[0].libelle == "Forfait annuel"


def test_un_bareme_gratuit_compte_zero():
    calcul = calculer(replace(par_journees(""), nature="gratuit"))
    assert (calcul.total, calcul.lignes[0].libelle) == (Decimal("0.00"), "Études et conseil")
    revisee = calculer(replace(en_2024(), nature="gratuit"))
    assert (revisee.total, revisee.lignes[0].formule) == (Decimal("0.00"), ())


PRIX = st.decimals(min_value=0, max_value=5000, places=2)
VALEURS = st.decimals(min_value=100, max_value=500, places=1)


@given(PRIX, VALEURS, VALEURS)
def test_dans_une_meme_serie_le_calcul_est_la_revision(prix, base, nouveau):
    sources = par_tranches(
        2024,
        grille=(replace(PREMIERE, maximum=2000, accompagnement=prix),),
        base=indice(2019, 11, base),
        suite=(indice(2023, 11, nouveau),),
        attendus=("novembre 2023",),
        raccord=None,
    )
    attendu = reviser(prix, Indice(nouveau, "ancien"), Indice(base, "ancien"))
    assert calculer(sources).total == attendu


@given(st.integers(min_value=0, max_value=10_000), st.sampled_from(list(Phase)))
def test_le_total_est_toujours_la_somme_des_lignes(population, phase):
    calcul = calculer(replace(en_2024(population=population, complements=(JOURNEE,)), phase=phase))
    assert calcul.total == sum(ligne.montant for ligne in calcul.lignes)
    assert RACCORD.coefficient in {t.valeur for t in calcul.lignes[0].formule}
