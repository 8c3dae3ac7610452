"""Le contenu d’une fiche : aller-retour, empreinte, relecture stricte."""

import json
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpd.regles.empreintes import empreinte_du_contenu, forme_canonique
from registre.exports.champs import RUBRIQUES
from registre.regles.contenu import (
    Duree,
    Fiche,
    LigneDonnees,
    completer,
    depuis_dict,
    empreinte,
    en_dict,
    lignes_de,
)
from tests.registre.regles.fiches import CANTINE, FICHES, RIB


@given(FICHES)
def test_une_fiche_revient_a_l_identique_de_son_dictionnaire(fiche):
    assert depuis_dict(en_dict(fiche)) == fiche


@given(FICHES)
def test_une_fiche_revient_a_l_identique_de_son_json(fiche):
    octets = forme_canonique(en_dict(fiche))
    relue = depuis_dict(json.loads(octets))
    assert relue == fiche
    assert empreinte(relue) == empreinte(fiche) == empreinte_du_contenu(json.loads(octets))


@given(FICHES, FICHES)
def test_deux_fiches_ont_la_meme_empreinte_si_et_seulement_si_elles_sont_egales(une, autre):
    assert (empreinte(une) == empreinte(autre)) is (une == autre)


def test_la_forme_canonique_trie_les_cles_et_garde_les_accents():
    assert forme_canonique({"b": "é", "a": [1, None, True]}) == '{"a":[1,null,true],"b":"é"}'.encode()


def test_l_empreinte_est_un_sha256_stable():
    assert empreinte(Fiche()) == empreinte(Fiche())
    assert len(empreinte(CANTINE)) == 64
    assert empreinte(replace(CANTINE, nom="Cantine")) != empreinte(CANTINE)


def test_l_ordre_des_lignes_fait_partie_du_contenu():
    assert empreinte(replace(CANTINE, donnees=CANTINE.donnees[::-1])) != empreinte(CANTINE)


def test_un_contenu_est_fige():
    with pytest.raises(FrozenInstanceError):
        CANTINE.nom = "Autre"


def test_le_dictionnaire_ne_porte_que_des_valeurs_json():
    contenu = en_dict(CANTINE)
    assert contenu["donnees"][2]["duree"] == {
        "nombre": 13,
        "unite": "mois",
        "evenement": "le dernier prélèvement",
        "inconnue": False,
    }
    assert json.loads(json.dumps(contenu)) == contenu


def test_un_instantane_ancien_se_relit_sans_la_rubrique_ajoutee_depuis():
    assert depuis_dict({}) == Fiche()
    assert depuis_dict({"donnees": [{"categorie": "bancaire"}]}).donnees == (LigneDonnees("bancaire"),)


@given(FICHES, st.randoms())
def test_un_contenu_ampute_se_complete_comme_la_fiche_qu_on_en_lirait(fiche, hasard):
    ampute = _amputer(en_dict(fiche), hasard)
    assert completer(ampute) == en_dict(depuis_dict(ampute))


@given(FICHES, st.randoms())
def test_une_rubrique_lue_seule_est_celle_de_la_fiche_entiere(fiche, hasard):
    ampute = _amputer(en_dict(fiche), hasard)
    for rubrique in RUBRIQUES:
        assert lignes_de(ampute, rubrique.cle) == getattr(depuis_dict(ampute), rubrique.cle)


def test_une_rubrique_mal_formee_se_nomme():
    with pytest.raises(ValueError, match=r"donnees\[2\].sort_inconnu.: vrai ou faux"):
        lignes_de({"donnees": [{}, {"sort_inconnu": "oui"}]}, "donnees")
    with pytest.raises(KeyError):
        lignes_de({}, "nom")


def test_un_contenu_entier_se_complete_de_lui_meme():
    assert completer(en_dict(CANTINE)) == en_dict(CANTINE)


def _amputer(valeur, hasard):
    """Le même contenu, dont une clé sur quatre manque, à tous les étages."""
    if isinstance(valeur, list):
        return [_amputer(element, hasard) for element in valeur]
    if isinstance(valeur, dict):
        return {cle: _amputer(v, hasard) for cle, v in valeur.items() if hasard.random() < 0.75}
    return valeur


def test_le_dictionnaire_donne_n_est_pas_modifie():
    contenu = en_dict(CANTINE)
    copie = json.loads(json.dumps(contenu))
    depuis_dict(contenu)
    completer(contenu)
    assert contenu == copie


@pytest.mark.parametrize(
    ("contenu", "message"),
    [
        ({"inconnu": ""}, "fiche.: rubrique inconnue inconnu"),
        ({3: ""}, "rubrique inconnue 3"),
        ({"nom": None}, "fiche.nom.: un texte est attendu"),
        ({"nom": 3}, "fiche.nom\u00a0: un texte est attendu"),
        ({"donnees": "bancaire"}, "fiche.donnees.: une liste est attendue"),
        ({"donnees": ["bancaire"]}, r"fiche.donnees\[1\].: un ensemble de rubriques est attendu"),
        ({"donnees": [{}, {"sort_inconnu": "oui"}]}, r"fiche.donnees\[2\].sort_inconnu.: vrai ou faux"),
        ({"donnees": [{"duree": {"nombre": True}}]}, "duree.nombre.: un nombre entier est attendu"),
        ({"donnees": [{"duree": {"nombre": "13"}}]}, "duree.nombre.: un nombre entier est attendu"),
        ({"aipd_criteres": [3]}, r"fiche.aipd_criteres\[1\].: un texte est attendu"),
        ({"mesures": [{"mesure": "mdp", "precision": 3}]}, r"fiche.mesures\[1\].precision.: un texte"),
        ({"responsable": None}, "fiche.responsable.: un ensemble de rubriques est attendu"),
        ([], "fiche.: un ensemble de rubriques est attendu"),
    ],
)
def test_un_contenu_mal_forme_est_refuse_en_nommant_la_rubrique(contenu, message):
    with pytest.raises(ValueError, match=message):
        depuis_dict(contenu)


def test_une_duree_absente_n_est_ni_connue_ni_inconnue():
    assert RIB.duree != Duree()
    assert not Duree().inconnue
    assert Duree().nombre is None
