"""L’état annuel : figé avec ses sources, numéroté sans trou, rejouable à l’identique, jamais modifié."""

import ast
import inspect
import pkgutil
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module

import pytest
from django.core.exceptions import ValidationError

from dpd.conventions import actions
from dpd.conventions.actions.annuels import DejaFige, empreinte_de, figer
from dpd.conventions.actions.mensuels_lignes import valider_tout
from dpd.conventions.enums import NatureBareme
from dpd.conventions.models import EtatAnnuel, Numerotation
from dpd.conventions.tarification import Tarification
from tests.conventions.conftest import EXPRESSE, creer_bareme, creer_convention, creer_indice, creer_modele
from tests.conventions.fabriques_etats import (
    JANVIER,
    bareme_journees,
    convention_journees,
    mois_fige,
    tracee,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def indice(structure, bareme_tranches):
    """Novembre 2021, dernier de la série d’origine : 276,9."""
    return creer_indice(structure, 2021, 11, "276.9")


@pytest.fixture
def de_2022(collectivite, modele_tranches, indice):
    """Une convention de 2021, et la population qui vaut en 2022."""
    collectivite.population_millesime = 2019
    collectivite.save()
    return creer_convention(collectivite, modele_tranches, date(2021, 2, 15))


def fige(convention, auteur, exercice=2022, maintenant=JANVIER, **options):
    return figer(convention=convention, exercice=exercice, auteur=auteur, maintenant=maintenant, **options)


def test_un_etat_garde_son_montant_et_ses_sources(de_2022, collectivite, gestionnaire, structure):
    etat = fige(de_2022, gestionnaire)
    assert etat.total == Decimal("756.01")  # 750 × 276,9 ÷ 274,7, en une fois
    assert (str(etat), etat.numero, etat.phase) == ("2022-001", 1, "accompagnement")
    assert (etat.population, etat.millesime, etat.structure) == (1556, 2019, structure)
    assert etat.lignes[0]["prix_base"] == "750.00"
    assert etat.lignes[0]["prix_revise"] == etat.lignes[0]["montant"] == "756.01"
    assert [t["valeur"] for t in etat.lignes[0]["formule"]] == ["750.00", "276.9", "274.7"]
    assert etat.history.get().history_user == gestionnaire


def test_un_etat_se_rejoue_a_l_identique_quoi_qu_il_arrive_ensuite(
    de_2022, collectivite, gestionnaire, indice, bareme_tranches
):
    etat = fige(de_2022, gestionnaire)
    collectivite.population_totale = 12
    collectivite.save()
    indice.valeur = Decimal("999.9")
    indice.save()
    tranche = bareme_tranches.tranches.get(minimum=901)
    tranche.accompagnement = Decimal("1")
    tranche.save()
    etat = EtatAnnuel.objects.get(pk=etat.pk)
    refait = etat.rejouer()
    assert refait.total == etat.total == Decimal("756.01")
    assert [str(ligne.montant) for ligne in refait.lignes] == [ligne["montant"] for ligne in etat.lignes]
    assert empreinte_de(etat) == etat.empreinte


def test_l_empreinte_dit_si_un_chiffre_a_bouge(de_2022, gestionnaire):
    etat = fige(de_2022, gestionnaire)
    etat.lignes[0]["montant"] = "756.02"
    assert empreinte_de(etat) != etat.empreinte


def test_un_etat_ne_se_fige_pas_deux_fois(de_2022, gestionnaire):
    etat = fige(de_2022, gestionnaire)
    with pytest.raises(DejaFige, match="déjà figé") as refus:
        fige(de_2022, gestionnaire)
    assert refus.value.etat == etat
    assert Numerotation.objects.get().dernier == 1


def test_les_numeros_se_suivent_par_structure_et_par_exercice(
    de_2022, structure, voisine, lointaine, autre_structure, gestionnaire
):
    gratuit = creer_modele(autre_structure, **EXPRESSE)
    creer_bareme(autre_structure, NatureBareme.GRATUIT)
    voisine.population_millesime = 2019
    voisine.save()
    seconde = creer_convention(voisine, de_2022.modele, date(2021, 2, 15))
    ailleurs = creer_convention(lointaine, gratuit, date(2021, 1, 1))
    assert str(fige(de_2022, gestionnaire)) == "2022-001"
    assert str(fige(seconde, gestionnaire)) == "2022-002"
    assert str(fige(ailleurs, gestionnaire)) == "2022-001"
    assert str(fige(ailleurs, gestionnaire, exercice=2023)) == "2023-001"
    gratuit = EtatAnnuel.objects.get(collectivite=lointaine, exercice=2022)
    assert (gratuit.total, gratuit.lignes[0]["montant"]) == (Decimal("0.00"), "0.00")


def test_un_refus_ne_consomme_aucun_numero(de_2022, collectivite, gestionnaire):
    collectivite.population_totale = collectivite.population_millesime = None
    collectivite.save()
    with pytest.raises(ValidationError, match="La population totale n’est pas connue"):
        fige(de_2022, gestionnaire)
    assert not Numerotation.objects.filter(dernier__gt=0).exists()
    collectivite.population_totale, collectivite.population_millesime = 300, 2019
    collectivite.save()
    assert fige(de_2022, gestionnaire).numero == 1


def test_un_arret_apres_la_prise_du_numero_le_rend(de_2022, gestionnaire, monkeypatch):
    def arret(*_, **__):
        raise RuntimeError("coupure")

    monkeypatch.setattr(EtatAnnuel, "enregistrer", arret)
    with pytest.raises(RuntimeError, match="coupure"):
        fige(de_2022, gestionnaire)
    assert not Numerotation.objects.exists()


@pytest.mark.parametrize(
    ("exercice", "anomalie"),
    [
        (2020, "La convention prend effet après l’exercice"),
        (2023, "La population est du millésime 2019"),
        (2028, "L’exercice 2028 n’a pas commencé"),
    ],
)
def test_chaque_anomalie_est_nommee(exercice, anomalie, de_2022, gestionnaire):
    with pytest.raises(ValidationError, match=anomalie):
        fige(de_2022, gestionnaire, exercice=exercice)
    assert not EtatAnnuel.objects.exists()


def test_l_indice_manquant_est_nomme(de_2022, collectivite, gestionnaire):
    collectivite.population_millesime = 2020
    collectivite.save()
    with pytest.raises(ValidationError, match="L’indice de novembre 2022 n’est pas encore saisi"):
        fige(de_2022, gestionnaire, exercice=2023)


def test_sans_bareme_l_etat_est_refuse(collectivite, modele_tranches, gestionnaire):
    convention = creer_convention(collectivite, modele_tranches, date(2021, 2, 15))
    with pytest.raises(ValidationError, match="Aucun barème publié"):
        fige(convention, gestionnaire)


def test_une_convention_a_signer_est_refusee(collectivite, modele_tranches, bareme_tranches, gestionnaire):
    with pytest.raises(ValidationError, match="n’est pas signée par les deux parties"):
        fige(creer_convention(collectivite, modele_tranches, None), gestionnaire)


def test_une_convention_eteinte_cite_son_article(collectivite, structure, gestionnaire):
    creer_bareme(structure, NatureBareme.GRATUIT)
    convention = creer_convention(collectivite, creer_modele(structure, **EXPRESSE), date(2021, 1, 1))
    assert fige(convention, gestionnaire, exercice=2025).total == 0
    attendu = r"s’est éteinte le mercredi 31.+décembre 2025, faute de renouvellement \(article 9\)"
    with pytest.raises(ValidationError, match=attendu):
        fige(convention, gestionnaire, exercice=2026)


def test_une_convention_denoncee_n_est_pas_dite_eteinte(de_2022, gestionnaire):
    de_2022.fin = date(2021, 12, 31)
    de_2022.save()
    with pytest.raises(ValidationError, match=r"a pris fin le vendredi 31.+décembre 2021 \(article 6\.4\)"):
        fige(de_2022, gestionnaire)


def test_un_syndicat_sans_devis_est_refuse(de_2022, collectivite, gestionnaire):
    collectivite.type = "syndicat"
    collectivite.save()
    with pytest.raises(ValidationError, match="il faut un devis accepté"):
        fige(de_2022, gestionnaire)


def test_une_grille_trouee_est_une_anomalie_pas_une_panne(de_2022, bareme_tranches, gestionnaire):
    tranche = bareme_tranches.tranches.get(minimum=301)
    tranche.minimum = 310
    tranche.save()
    with pytest.raises(ValidationError, match="La grille laisse un trou de 301 à 309 habitants"):
        fige(de_2022, gestionnaire)


class TestJournees:
    @pytest.fixture
    def convention(self, structure, collectivite):
        bareme_journees(structure)
        return convention_journees(collectivite)

    def test_les_journees_validees_sont_facturees(
        self, convention, collectivite, gestionnaire, decideur, agent
    ):
        tracee(collectivite, agent, date(2026, 4, 2), 420)
        tracee(collectivite, agent, date(2026, 4, 3), 210)
        etat = mois_fige(convention, gestionnaire)
        valider_tout(etat=etat, auteur=decideur, maintenant=JANVIER)
        annuel = fige(convention, gestionnaire, exercice=2026)
        assert annuel.total == Decimal("2645.00")  # 2 300 + 1,5 × 230
        assert [ligne["quantite"] for ligne in annuel.lignes] == ["1", "1.50"]

    def test_une_journee_non_validee_suspend_l_etat(self, convention, collectivite, gestionnaire, agent):
        tracee(collectivite, agent, date(2026, 4, 2), 420)
        with pytest.raises(ValidationError, match="Des états mensuels restent à valider"):
            fige(convention, gestionnaire, exercice=2026)
        mois_fige(convention, gestionnaire)
        with pytest.raises(ValidationError, match="Des états mensuels restent à valider"):
            fige(convention, gestionnaire, exercice=2026)

    def test_un_exercice_en_cours_attend_sa_fin(self, convention, gestionnaire):
        en_decembre = datetime(2026, 12, 31, 20, tzinfo=UTC)
        with pytest.raises(ValidationError, match="Des journées peuvent encore s’ajouter"):
            fige(convention, gestionnaire, exercice=2026, maintenant=en_decembre)
        assert fige(convention, gestionnaire, exercice=2026).total == Decimal("2300.00")

    def test_une_fois_la_bascule_passee_l_exercice_n_attend_plus(self, convention, gestionnaire):
        convention.bascule_le = date(2026, 9, 1)
        convention.save()
        en_octobre = datetime(2026, 10, 1, 8, tzinfo=UTC)
        assert fige(convention, gestionnaire, exercice=2026, maintenant=en_octobre).numero == 1

    def test_une_fois_fige_l_exercice_ne_recoit_plus_de_journee(
        self, convention, collectivite, gestionnaire, agent
    ):
        fige(convention, gestionnaire, exercice=2026)
        with pytest.raises(ValidationError, match=r"L’état annuel n°.+2026-001 est figé"):
            tracee(collectivite, agent, date(2026, 5, 2))


def test_la_tarification_de_l_appelant_donne_le_meme_etat(de_2022, structure, gestionnaire):
    commune = Tarification(structure, 2022, [de_2022])
    assert fige(de_2022, gestionnaire, tarification=commune).total == Decimal("756.01")


def modules_d_actions():
    noms = [nom for _, nom, _ in pkgutil.iter_modules(actions.__path__, f"{actions.__name__}.")]
    return [import_module(nom) for nom in noms]


def test_aucune_action_ne_modifie_un_etat_annuel():
    """Un état se crée, en un seul endroit ; nulle part on ne le relit pour l’écrire."""
    createurs = {}
    for module in modules_d_actions():
        for noeud in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(noeud, ast.Call) and getattr(noeud.func, "id", "") == "EtatAnnuel":
                createurs.setdefault(module.__name__, 0)
                createurs[module.__name__] += 1
            if isinstance(noeud, ast.Attribute) and noeud.attr in ("modifier_en_masse", "creer_en_masse"):
                assert "EtatAnnuel" not in ast.unparse(noeud), module.__name__
            if isinstance(noeud, ast.Attribute) and noeud.attr == "select_for_update":
                assert "EtatAnnuel" not in ast.unparse(noeud), module.__name__
    assert createurs == {"dpd.conventions.actions.annuels": 1}


def test_les_ecritures_en_masse_sont_refusees(de_2022, gestionnaire):
    fige(de_2022, gestionnaire)
    for geste in (lambda q: q.update(total=0), lambda q: q.delete()):
        with pytest.raises(TypeError, match="probant"):
            geste(EtatAnnuel.objects.all())
