"""La liste de contrôle de l’article 28, passée à une vraie annexe de sous-traitance."""

import pytest

from dpd.pilotage.demonstration.sous_traitance import ANNEXE
from subtraitance.enums import Reponse28
from subtraitance.regles.article_28 import PAR_CODE, POINTS, manquants, reperer

# Relevés à la main : transferts non traités, ni AIPD, ni choix restitution/suppression, ni audits.
MANQUES = {"transferts", "aipd", "sort", "audits"}


@pytest.fixture(scope="module")
def reperes():
    return reperer(ANNEXE.read_text())


def test_l_annexe_a_exactement_les_manques_releves(reperes):
    assert {code for code, passages in reperes.items() if not passages} == MANQUES


@pytest.mark.parametrize(
    ("code", "extrait"),
    [
        ("instructions", "traiter les données conformément aux instructions documentées"),
        ("alerte", "considère qu'une instruction constitue une violation"),
        ("ulterieurs", "l'autorisation écrite, préalable et spécifique"),
        ("droits", "sous 48 heures, non compris jours fériés et week-end"),
        ("violations", "dans un délai de 24 heures"),
        ("documentation", "toute la documentation nécessaire pour démontrer"),
        ("confidentialite", "respectent la confidentialité"),
        ("donnees", "Les catégories de personnes concernées sont"),
    ],
)
def test_chaque_point_tenu_cite_son_passage(reperes, code, extrait):
    assert any(extrait in passage for passage in reperes[code])


@pytest.mark.parametrize(
    ("code", "clause"),
    [
        ("transferts", "Aucun transfert de données vers un pays tiers n’aura lieu."),
        ("aipd", "Le prestataire aide à réaliser les analyses d’impact."),
        ("sort", "Les données sont restituées ou détruites, au choix du responsable."),
        ("audits", "Le responsable peut mener un audit."),
    ],
)
def test_une_clause_ajoutee_comble_son_manque_et_lui_seul(reperes, code, clause):
    complete = reperer(f"{ANNEXE.read_text()}\n\n{clause}")
    assert {c for c, passages in complete.items() if not passages} == MANQUES - {code}


def test_un_avenant_fait_de_toutes_les_clauses_proposees_n_a_plus_de_manque():
    avenant = "\n\n".join(point.avenant for point in POINTS)
    assert [code for code, passages in reperer(avenant).items() if not passages] == []


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.code)
def test_chaque_clause_proposee_repond_a_son_point(point):
    assert reperer(point.avenant)[point.code]


def test_un_texte_vide_ne_repere_rien():
    assert all(passages == [] for passages in reperer("").values())


def test_la_liste_couvre_tout_l_article_28_3():
    articles = " ".join(point.article for point in POINTS)
    assert all(f"28-3 {lettre}" in articles for lettre in "abcdefgh")
    assert {"28-4", "33-2"} <= set(articles.replace(" et ", " ").split())
    assert len(PAR_CODE) == len(POINTS) == 16


def test_un_point_manque_tant_qu_il_n_est_pas_tenu_ou_sans_objet():
    reponses = {point.code: Reponse28.PRESENTE for point in POINTS}
    assert manquants(reponses) == []
    reponses |= {"audits": Reponse28.PARTIELLE, "aipd": Reponse28.ABSENTE, "sort": Reponse28.SANS_OBJET}
    del reponses["objet"]
    assert [point.code for point in manquants(reponses)] == ["objet", "aipd", "audits"]
