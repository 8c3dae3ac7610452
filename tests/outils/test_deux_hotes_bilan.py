"""Le bilan de l’essai à deux hôtes sait dire « perdu » et « doublé » ; sans cela, il ne prouverait rien."""

import pytest

from outils.deux_hotes.bilan import Bilan, Ecart, comparer, courriels
from outils.deux_hotes.client import Compte
from outils.deux_hotes.jugement import juger

SIREN = "218200000"
LIEUX = [{"siren": SIREN, "revision": "1"}]


@pytest.mark.parametrize(
    ("promis", "constates", "quoi"),
    [
        ({"v": 1}, {"v": 1}, []),
        ({"v": 1}, {}, ["perdu (0 sur 1)"]),
        ({"v": 3}, {"v": 2}, ["perdu (2 sur 3)"]),
        ({"v": 1}, {"v": 2}, ["doublé (2 au lieu de 1)"]),
        ({}, {"v": 1}, ["inattendu"]),
    ],
)
def test_chaque_ecart_a_son_nom(promis, constates, quoi):
    assert [ecart.quoi for ecart in comparer("violation", promis, constates)] == quoi


def test_un_envoi_abandonne_a_un_effet_ou_aucun_jamais_deux():
    assert comparer("violation", {}, {"v": 1}, incertains={"v"}) == []
    assert comparer("violation", {}, {}, incertains={"v"}) == []
    (ecart,) = comparer("violation", {}, {"v": 2}, incertains={"v"})
    assert ecart.quoi.startswith("doublé")


def test_un_courriel_perdu_est_un_ecart():
    ecarts, repetes = courriels(["<a@x>", "<b@x>"], {"<a@x>": 1}, coupures=2)
    assert ([str(ecart) for ecart in ecarts], repetes) == (["perdu (0 sur 1) : courriel « <b@x> »"], 0)


def test_un_courriel_que_personne_n_a_confie_est_un_ecart():
    ((ecart,), _) = courriels([], {"<a@x>": 1}, coupures=2)
    assert ecart.quoi == "inattendu"


def test_une_coupure_repete_un_courriel_au_plus():
    confies = ["<a@x>", "<b@x>"]
    assert courriels(confies, {"<a@x>": 2, "<b@x>": 1}, coupures=1) == ([], 1)
    ecarts, repetes = courriels(confies, {"<a@x>": 2, "<b@x>": 2}, coupures=1)
    assert (len(ecarts), repetes) == (2, 2)
    assert len(courriels(confies, {"<a@x>": 3, "<b@x>": 1}, coupures=1)[0]) == 1


def compte():
    return Compte(
        acquis={
            "violation déclarée": {"Essai 1": 1},
            "pièce déposée": {"Pièce 1": 1},
            "étape enregistrée": {SIREN: 2},
        },
        empreintes={"Pièce 1": "abc"},
        derniere_etape="Étape 2",
    )


def constat(**autres):
    return {
        "violations": {"Essai 1": 1},
        "pieces": {"Pièce 1": 1},
        "empreintes": {"Pièce 1": "abc"},
        "lignes_de_pieces": 1,
        "abimees": [],
        "orphelines": 0,
        "dans_le_seau": 1,
        "revisions": {SIREN: 3},
        "descriptions": {SIREN: "Étape 2"},
        "rappels": {"Préparée 0": 1},
        "preuves": {"violations.rappel 1 → a@b.example": 1},
        "courriels": ["<a@x>"],
        "en_file": 0,
        "non_notes": 0,
        **autres,
    }


def jugement(le_constat, le_compte=None, recus=None):
    comptes = {SIREN: le_compte or compte()}
    return juger(comptes, LIEUX, le_constat, recus or {"<a@x>": 1}, echeances=1, coupures=1)


def test_un_essai_sans_faute_le_dit():
    bilan = jugement(constat())
    assert bilan.ecarts == []
    assert str(bilan).endswith("Verdict : rien de perdu, rien de doublé.")


@pytest.mark.parametrize(
    ("change", "nature"),
    [
        ({"violations": {}}, "violation déclarée"),
        ({"violations": {"Essai 1": 2}}, "violation déclarée"),
        ({"pieces": {"Pièce 1": 2}}, "pièce déposée"),
        ({"empreintes": {"Pièce 1": "autre"}}, "empreinte de pièce"),
        ({"abimees": ["7 illisible"]}, "fichier de pièce"),
        ({"dans_le_seau": 2}, "fichiers du seau"),
        ({"revisions": {SIREN: 2}}, "étape enregistrée"),
        ({"revisions": {SIREN: 4}}, "étape enregistrée"),
        ({"descriptions": {SIREN: "Étape 1"}}, "dernière étape"),
        ({"rappels": {}}, "rappel d’échéance"),
        ({"rappels": {"Préparée 0": 2}}, "rappel d’échéance"),
        ({"preuves": {"violations.rappel 1 → a@b.example": 2}}, "courriel à une personne"),
        ({"en_file": 1}, "courriels restés en file"),
        ({"non_notes": 1}, "preuves sans envoi"),
    ],
)
def test_chaque_defaut_fait_echouer_l_essai(change, nature):
    bilan = jugement(constat(**change))
    assert [ecart.nature for ecart in bilan.ecarts] == [nature]
    assert "Verdict : 1 écart(s)." in str(bilan)


def test_une_session_perdue_ou_une_erreur_fait_echouer_l_essai():
    perdue = compte()
    perdue.deconnexions = 1
    perdue.erreurs = ["POST /x : 500"]
    assert [ecart.nature for ecart in jugement(constat(), perdue).ecarts] == ["session", "réponse"]


def test_un_courriel_jamais_recu_fait_echouer_l_essai():
    (ecart,) = jugement(constat(courriels=["<a@x>", "<b@x>"])).ecarts
    assert (ecart.nature, ecart.cle) == ("courriel", "<b@x>")


def test_les_ecarts_trop_nombreux_se_resument():
    bilan = Bilan(ecarts=[Ecart("violation", str(rang), "perdu") for rang in range(12)])
    assert "… et 2 violation" in str(bilan)
