"""Le calcul montré pas à pas : chaque nombre a sa source, ce qui manque est dit, rien n’est inventé."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from dpd.comptes.enums import TypeCollectivite
from dpd.conventions.affichage import exercice_par_defaut
from dpd.conventions.enums import LectureIndice, NatureBareme, Revision, SensForfait, SerieIndice
from dpd.conventions.models import Hausse
from tests.conftest import creer_collectivite
from tests.conventions.conftest import (
    DATES_FIXES,
    EXPRESSE,
    GLISSANTE,
    creer_bareme,
    creer_convention,
    creer_indice,
    creer_modele,
)
from tests.conventions.regles.sources_types import en_2024
from tests.conventions.test_indices_actions import figer
from tests.conventions.test_tarification import creer_devis, creer_raccord

pytestmark = pytest.mark.django_db
REVISE = SerieIndice.REVISE


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def lire(client, connecte, referent):
    """La page d’un exercice, en texte, et le tarif de son contexte."""

    def _lire(exercice, **demande):
        adresse = reverse("conventions:tarif", args=["218201317", exercice])
        reponse = connecte(referent).get(adresse, demande)
        assert reponse.status_code == 200
        return reponse.content.decode(), reponse.context["tarif"]

    return _lire


@pytest.fixture
def montpezat(convention, bareme_tranches, structure):
    creer_raccord(structure)
    return convention


def pas(tarif):
    return {etape.titre: etape for etape in tarif.etapes}


def test_2027_est_la_page_de_la_maquette(lire, montpezat, collectivite):
    creer_devis(collectivite)
    page, tarif = lire(2027)
    etapes = pas(tarif)
    assert list(etapes) == [
        "Population de la commune",
        "Tranche de la grille",
        "Phase",
        "Révision annuelle Syntec",
        "Montant 2027",
    ]
    assert etapes["Population de la commune"].resultat == "1\u202f556\u00a0hab."
    assert "Celle de 2027 (millésime 2024) paraît fin décembre 2026" in page
    assert etapes["Tranche de la grille"].resultat == "901 à 2\u202f000"
    assert "656\u00a0habitants de moins ou 445 de plus pour changer de tranche" in page
    assert "dans la cinquième des 8 tranches" in page
    assert etapes["Phase"].resultat == "750,00\u00a0€"
    assert "quatrième année de convention. La mise en place (1\u202f200,00\u00a0€)" in page
    assert etapes["Révision annuelle Syntec"].attente == "En attente"
    assert "L’indice de novembre 2026 paraît fin décembre 2026." in page
    assert etapes["Montant 2027"].attente == "Fin décembre 2026"
    assert [(x.libelle, x.montant) for x in tarif.lignes] == [("Accompagnement", ""), ("Vidéoprotection", "")]
    assert tarif.total_de_base == "1\u202f000,00\u00a0€"
    assert "Pourquoi un raccord\u202f?" in page
    assert "Délibération 2023-18 du vendredi 1er" in page


def test_la_formule_se_lit_et_s_entend(lire, montpezat):
    _, tarif = lire(2027)
    formule = pas(tarif)["Révision annuelle Syntec"].formule
    assert [(t.operateur, t.valeur, t.libelle, t.inconnue) for t in formule.termes] == [
        ("", "750,00\u00a0€", "prix de base", False),
        ("×", "?", "indice nov. 2026", True),
        ("÷", "0,97975", "raccord des séries", False),
        ("÷", "274,7", "indice nov. 2019", False),
    ]
    assert "multiplié par l’indice de novembre 2026, encore inconnu" in formule.phrase


@pytest.mark.parametrize("saisie", ["320,0", "320", " 320.0 "])
def test_essayer_un_indice_n_enregistre_rien(lire, montpezat, structure, saisie):
    page, tarif = lire(2027, essai=saisie)
    assert tarif.essai.resultat == "891,74\u00a0€"
    assert "Valeur d’essai, non enregistrée" in page
    assert tarif.total == ""


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ("abc", "Écrivez un nombre"),
        ("0", "strictement positif"),
        ("-3", "strictement positif"),
        ("0,04", "s’arrondit à zéro"),
        ("NaN", "strictement positif"),
        ("Infinity", "strictement positif"),
        ("1e9", "strictement positif"),
        ("9" * 400, "strictement positif"),
    ],
)
def test_un_essai_illisible_le_dit(lire, montpezat, saisie, phrase):
    page, tarif = lire(2027, essai=saisie)
    assert phrase in tarif.essai.erreur
    assert 'aria-invalid="true"' in page


def test_un_essai_ajoute_les_devis_sans_les_meler(lire, montpezat, collectivite):
    creer_devis(collectivite)
    essai = lire(2027, essai="320,0")[1].essai
    assert (essai.resultat, essai.en_tout) == ("891,74\u00a0€", "1\u202f188,99\u00a0€")


def test_ce_qui_aurait_du_paraitre_est_en_retard_de_saisie(lire, montpezat, collectivite):
    collectivite.population_millesime = 2022
    collectivite.save()
    page, tarif = lire(2026)
    assert "L’indice de novembre 2025, paru fin décembre 2025, n’est pas encore saisi." in page
    assert "Celle de 2026 (millésime 2023) a paru\u00a0: mettez la population à jour." in page
    assert pas(tarif)["Montant 2026"].attente == "En attente"


def test_sans_raccord_le_calcul_est_bloque_meme_a_l_essai(lire, convention, bareme_tranches):
    _, tarif = lire(2027, essai="320,0")
    assert "raccord" in tarif.essai.erreur
    assert pas(tarif)["Révision annuelle Syntec"].attente == "En attente"


def test_un_indice_saisi_sans_raccord_bloque_et_dit_pourquoi(lire, convention, bareme_tranches, structure):
    creer_indice(structure, 2025, 11, "318.0", REVISE)
    page, tarif = lire(2026)
    assert pas(tarif)["Révision annuelle Syntec"].attente == "Bloqué"
    assert "tant qu’une règle de raccord n’est pas" in page
    assert tarif.essai is None


def test_un_exercice_complet_donne_son_montant(lire, montpezat, structure):
    creer_indice(structure, 2025, 11, "318.0", REVISE)
    page, tarif = lire(2026)
    assert tarif.total == "886,16\u00a0€"
    assert pas(tarif)["Montant 2026"].resultat == "886,16\u00a0€"
    assert tarif.essai is None
    assert "sur l’indice de novembre 2025" in page


def test_un_exercice_fige_se_remontre_depuis_ses_sources(
    lire, montpezat, bareme_tranches, gestionnaire, maintenant, collectivite
):
    figer(montpezat, bareme_tranches, gestionnaire, maintenant, en_2024())
    collectivite.population_totale = 9_000
    collectivite.save()
    page, tarif = lire(2024)
    assert (tarif.total, tarif.etat.reference) == ("1\u202f368,82\u00a0€", "2024-057")
    assert "Figé le" in page
    assert "Le montant est figé" in page


def test_le_dernier_calcul_fige_s_ajoute_aux_autres_exercices(
    lire, montpezat, bareme_tranches, gestionnaire, maintenant
):
    figer(montpezat, bareme_tranches, gestionnaire, maintenant, en_2024())
    page, tarif = lire(2027)
    assert "Un calcul complet\u00a0: l’exercice 2024" in page
    assert [t.valeur for t in tarif.fige.formule.termes][-1] == "1\u202f368,82\u00a0€"
    assert "mise en place, 901 à 2\u202f000\u00a0hab." in page


def test_une_population_trop_recente_ne_sert_pas_a_un_exercice_passe(lire, montpezat):
    page, tarif = lire(2024)
    assert "L’exercice 2024 attend le millésime 2021" in page
    assert tarif.total == ""


def test_les_onglets_vont_jusqu_a_l_an_prochain(lire, montpezat):
    _, tarif = lire(2025)
    assert tarif.exercices == (2024, 2025, 2026, 2027)


@pytest.mark.parametrize("exercice", [2023, 2028])
def test_un_exercice_que_la_convention_ne_touche_pas_donne_404(connecte, referent, montpezat, exercice):
    adresse = reverse("conventions:tarif", args=["218201317", exercice])
    assert connecte(referent).get(adresse).status_code == 404


def test_sans_bareme_la_page_le_dit(lire, convention):
    page, tarif = lire(2026)
    assert "Aucun barème publié ne vaut" in page
    assert tarif.etapes == ()


def test_sans_population_l_etape_attend(lire, montpezat, collectivite):
    collectivite.population_totale = collectivite.population_millesime = None
    collectivite.save()
    page, tarif = lire(2026)
    assert pas(tarif)["Population de la commune"].attente == "À saisir"
    assert "La population totale n’est pas connue" in page


def test_au_dela_de_la_grille_tout_passe_par_le_devis(lire, montpezat, collectivite):
    collectivite.population_totale = 35_000
    collectivite.save()
    page, tarif = lire(2026)
    assert pas(tarif)["Tranche de la grille"].resultat == "sur devis"
    assert pas(tarif)["Devis"].attente == "À demander"
    creer_devis(collectivite, exercice=2026, jours_mise_en_place=Decimal("12.5"))
    page, tarif = lire(2026)
    assert pas(tarif)["Devis"].resultat == "3\u202f125,00\u00a0€"
    assert "12,5\u00a0jours à 250,00\u00a0€" in page


def test_un_ccas_n_est_pas_dans_la_grille(connecte, dpd, structure, modele_tranches, bareme_tranches):
    ccas = creer_collectivite(structure, "CCAS", "268200017", type=TypeCollectivite.CCAS)
    creer_convention(ccas, modele_tranches, date(2024, 2, 15))
    page = connecte(dpd).get(reverse("conventions:tarif", args=["268200017", 2026])).content.decode()
    assert "les autres organismes sont sur devis" in page
    assert "Population de la commune" not in page


@pytest.mark.parametrize(
    ("lecture", "phrase"),
    [
        (LectureIndice.DU_MOIS, "L’indice de novembre 2026 paraît"),
        (LectureIndice.DERNIER_PUBLIE, "Aucun indice publié avant la fin de novembre 2026"),
    ],
)
def test_les_deux_lectures_de_novembre_s_expliquent(lire, montpezat, bareme_tranches, lecture, phrase):
    bareme_tranches.lecture_indice = lecture
    bareme_tranches.save()
    page, tarif = lire(2027)
    assert phrase in page
    assert tarif.total == ""


def test_en_chaine_les_annees_manquantes_sont_enumerees(lire, montpezat, bareme_tranches, structure):
    bareme_tranches.revision = Revision.CHAINEE
    bareme_tranches.save()
    for annee, valeur in ((2020, "274.8"), (2021, "276.9")):
        creer_indice(structure, annee, 11, valeur)
    page, tarif = lire(2024)
    assert "Les indices de novembre 2022 et de novembre 2023 ne sont pas saisis." in page
    assert tarif.essai is None
    creer_indice(structure, 2022, 11, "290.0", REVISE)
    assert lire(2024)[1].essai.indice == "novembre 2023"
    creer_indice(structure, 2023, 11, "307.0", REVISE)
    assert "au centime" in lire(2024)[0]


def test_sans_indice_d_origine_le_bareme_est_en_cause(lire, montpezat, bareme_tranches):
    bareme_tranches.indice_base = None
    bareme_tranches.save()
    page, _ = lire(2026)
    assert "L’indice d’origine du barème n’est pas choisi." in page


def test_l_exercice_d_origine_garde_ses_prix(lire, collectivite, modele_tranches, bareme_tranches):
    creer_convention(collectivite, modele_tranches, date(2020, 3, 1))
    page, _ = lire(2020)
    assert "le prix est celui d’origine" in page
    assert "L’accompagnement (750,00\u00a0€) suivra." in page


def au_forfait(structure, sens, **champs):
    return creer_bareme(
        structure,
        NatureBareme.FORFAIT_JOURNEES,
        forfaits=(("etudes", "Études et conseil", "2300"),),
        cout_journee=Decimal(230),
        minutes_par_jour=420,
        sens_forfait=sens,
        **champs,
    )


def test_un_forfait_et_des_journees_estimees(lire, collectivite, structure):
    au_forfait(structure, SensForfait.INCLUS, jours_inclus=Decimal(10))
    creer_convention(
        collectivite,
        creer_modele(structure, **GLISSANTE),
        date(2025, 1, 5),
        bascule_le=date(2025, 10, 1),
        jours_accompagnement=Decimal(12),
    )
    page, tarif = lire(2026)
    assert [e.titre for e in tarif.etapes] == ["Forfait annuel", "Journées", "Montant 2026"]
    assert pas(tarif)["Journées"].resultat == "12\u00a0jours"
    assert "Le forfait en comprend 10\u00a0jours" in page
    assert tarif.total == "2\u202f760,00\u00a0€"


@pytest.mark.parametrize(("bascule", "attente"), [(None, ""), (date(2025, 10, 1), "À convenir")])
def test_des_journees_a_convenir_attendent(lire, collectivite, structure, bascule, attente):
    au_forfait(structure, SensForfait.ESTIME)
    creer_convention(collectivite, creer_modele(structure, **GLISSANTE), date(2025, 1, 5), bascule_le=bascule)
    _, tarif = lire(2026)
    assert [e.titre for e in tarif.etapes] == ["Journées", "Montant 2026"]
    assert pas(tarif)["Journées"].attente == attente


def test_un_forfait_dont_le_montant_manque(lire, collectivite, structure):
    creer_bareme(structure, NatureBareme.FORFAIT_DEVIS, forfaits=(("a", "Essentiel", None),))
    creer_convention(collectivite, creer_modele(structure, **DATES_FIXES), date(2025, 1, 5))
    page, tarif = lire(2026)
    assert pas(tarif)["Forfait choisi"].attente == "À choisir"
    assert "Son montant n’est pas encore connu." in page
    assert pas(tarif)["Montant 2026"].attente == "En attente"
    assert "Le montant du forfait choisi n’est pas saisi." in page


def test_un_forfait_revise_par_decision_dit_le_delai(lire, collectivite, structure):
    bareme = creer_bareme(
        structure,
        NatureBareme.FORFAIT_DEVIS,
        forfaits=(("a", "Essentiel", "300"),),
        revision=Revision.DECISION,
    )
    convention = creer_convention(collectivite, creer_modele(structure, **DATES_FIXES), date(2025, 1, 5))
    creer_devis(collectivite, exercice=2026)
    Hausse(
        collectivite=collectivite,
        convention=convention,
        bareme=bareme,
        deliberation="2026-12",
        notifiee_le=date(2026, 11, 2),
        limite=date(2027, 2, 2),
    ).save()
    page, tarif = lire(2026)
    assert [e.titre for e in tarif.etapes] == [
        "Forfait choisi",
        "Devis",
        "Évolution des prix",
        "Montant 2026",
    ]
    assert "Une hausse ouvre 3 mois pour dénoncer la convention (article 23)." in page
    assert "Nouveau barème notifié le lundi 2" in page
    assert "jusqu’au mardi 2" in page
    assert tarif.total == "550,00\u00a0€"


def test_une_convention_sans_clause_de_hausse_ne_promet_rien(lire, montpezat, bareme_tranches):
    bareme_tranches.revision = Revision.DECISION
    bareme_tranches.save()
    page, _ = lire(2026)
    assert "par décision de la structure" in page
    assert "mois pour dénoncer" not in page


def test_un_service_gratuit_le_dit(lire, collectivite, structure):
    creer_bareme(structure, NatureBareme.GRATUIT, nom="Cotisation")
    creer_convention(collectivite, creer_modele(structure, **EXPRESSE), date(2021, 1, 1))
    page, tarif = lire(2025)
    assert "Le service n’a pas de prix propre." in page
    assert tarif.total == "0,00\u00a0€"


def test_la_bascule_change_ce_que_dit_la_phase(lire, collectivite, structure, bareme_tranches):
    modele = creer_modele(structure, **GLISSANTE)
    convention = creer_convention(collectivite, modele, date(2025, 1, 5))
    assert "viendra après la bascule décidée" in lire(2026)[0]
    convention.bascule_le = date(2025, 12, 1)
    convention.save()
    assert "a pris fin à la bascule" in lire(2026)[0]


def test_trois_personnes_devant_un_tarif(connecte, montpezat, lecteur, agent, etranger):
    adresse = reverse("conventions:tarif", args=["218201317", 2026])
    assert connecte(lecteur).get(adresse).status_code == 200
    assert connecte(agent).get(adresse).status_code == 403
    assert connecte(etranger).get(adresse).status_code == 404


def test_l_exercice_par_defaut_est_celui_qui_reste_a_arreter(
    collectivite, modele_tranches, bareme_tranches, gestionnaire, maintenant, structure
):
    projet = creer_convention(collectivite, modele_tranches, None)
    assert exercice_par_defaut(projet, date(2026, 11, 23)) is None
    convention = creer_convention(collectivite, modele_tranches, date(2024, 2, 15))
    assert exercice_par_defaut(convention, date(2024, 11, 23)) == 2024
    figer(convention, bareme_tranches, gestionnaire, maintenant, en_2024())
    assert exercice_par_defaut(convention, date(2024, 11, 23)) == 2025
    assert exercice_par_defaut(convention, date(2020, 1, 1)) == 2024
    convention.fin = date(2025, 2, 14)
    assert exercice_par_defaut(convention, date(2026, 11, 23)) == 2025
