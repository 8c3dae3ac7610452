"""CSV et JSON : ce qu’un autre logiciel y lira."""

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import pytest

from dpd.documents import csv_, json_
from dpd.documents.modele import Cellule, Feuille
from tests.documents.exemples import EDITION, EMPREINTE, ENTETE, FORMULES, HOSTILES, de_cellules, registre


def octets(module, document):
    sortie = BytesIO()
    module.ecrire(document, sortie)
    return sortie.getvalue()


def lignes_csv(document):
    texte = octets(csv_, document).decode("utf-8-sig")
    return list(csv.reader(StringIO(texte, newline=""), delimiter=";"))


def donnees(document):
    """Les lignes qui suivent le bloc d’identité."""
    lignes = lignes_csv(document)
    return lignes[lignes.index([]) + 1 :]


def test_le_csv_s_ouvre_dans_un_tableur_francais():
    brut = octets(csv_, registre(1))
    assert brut.startswith(b"\xef\xbb\xbf")
    assert b"\r\nOrganisme;Commune de Montpezat-de-Quercy\r\n" in brut


def test_le_csv_commence_par_son_identite():
    lignes = dict(ligne for ligne in lignes_csv(registre(1)) if len(ligne) == 2)
    assert lignes["Document"] == ENTETE.titre
    assert lignes["Délégué à la protection des données"] == "Centre de gestion de Tarn-et-Garonne"
    assert lignes["Édité le"] == EDITION
    assert lignes["Empreinte SHA-256"] == EMPREINTE


def test_le_csv_rend_la_premiere_feuille():
    assert donnees(registre(2)) == [
        ["Registre", "", ""],
        ["Fiche", "Finalité", "Nombre"],
        ["Fiche 0", "Facturer les familles", "0"],
        ["Fiche 1", "Facturer les familles", "1"],
    ]


def test_le_csv_sans_feuille_ne_dit_que_son_identite():
    lignes = lignes_csv(registre(0, feuilles=lambda: iter(())))
    assert lignes[-1] == ["Empreinte SHA-256", EMPREINTE]


@pytest.mark.parametrize("texte", FORMULES)
def test_une_formule_est_neutralisee_dans_le_csv(texte):
    assert donnees(de_cellules(texte)) == [["'" + texte.replace("\t", " ")]]


def test_une_formule_est_neutralisee_jusque_dans_l_identite():
    entete = replace(ENTETE, organisme="=cmd()")
    assert ["Organisme", "'=cmd()"] in lignes_csv(registre(1, entete=entete))


def test_un_nombre_negatif_reste_un_nombre_dans_le_csv():
    ligne = (-12, -1.5, Cellule("ok"))
    assert donnees(registre(0, feuilles=lambda: iter((Feuille("F", lambda: iter((ligne,))),)))) == [
        ["-12", "-1,5", "ok"]
    ]


def test_un_texte_ordinaire_reste_tel_quel_dans_le_csv():
    ordinaires = [texte for texte in HOSTILES if texte not in FORMULES]
    assert donnees(de_cellules(*ordinaires)) == [[texte.replace("\t", " ")] for texte in ordinaires]


def test_le_json_porte_l_identite_et_les_enregistrements():
    lu = json.loads(octets(json_, registre(2, meta={"schema": "1"}, avertissement="Sans noms.")))
    assert lu["document"]["organisme"] == "Commune de Montpezat-de-Quercy"
    assert lu["document"]["edite_le"] == "2026-11-23T09:45:00+01:00"
    assert lu["document"]["empreinte"] == EMPREINTE
    assert lu["document"]["meta"] == {"schema": "1"}
    assert lu["document"]["avertissement"] == "Sans noms."
    assert lu["enregistrements"] == [
        {"nom": "Traitement numéro 1", "reference": 1},
        {"nom": "Traitement numéro 2", "reference": 2},
    ]


def test_le_json_vide_reste_un_json():
    assert json.loads(octets(json_, registre(0)))["enregistrements"] == []


def test_le_json_ecrit_les_accents_en_clair_et_trie_les_cles():
    brut = octets(json_, registre(1)).decode()
    assert '{"nom": "Traitement numéro 1", "reference": 1}' in brut


@pytest.mark.parametrize("texte", HOSTILES)
def test_un_texte_hostile_se_relit_tel_quel_dans_le_json(texte):
    lu = json.loads(octets(json_, registre(0, enregistrements=lambda: iter(({"texte": texte},)))))
    assert lu["enregistrements"] == [{"texte": texte}]


def test_le_json_ecrit_dates_montants_et_listes():
    valeur = {
        "date": date(2026, 11, 23),
        "instant": datetime(2026, 11, 23, 8, 45, tzinfo=UTC),
        "montant": Decimal("1200.00"),
        "liste": ("a\x00", {"b": None}),
        "vrai": True,
    }
    lu = json.loads(octets(json_, registre(0, enregistrements=lambda: iter((valeur,)))))
    assert lu["enregistrements"] == [
        {
            "date": "2026-11-23",
            "instant": "2026-11-23T08:45:00+00:00",
            "montant": "1200.00",
            "liste": ["a", {"b": None}],
            "vrai": True,
        }
    ]


def test_le_json_refuse_une_valeur_sans_ecriture():
    with pytest.raises(TypeError):
        octets(json_, registre(0, enregistrements=lambda: iter(({"x": object()},))))
    with pytest.raises(ValueError, match="JSON"):
        octets(json_, registre(0, enregistrements=lambda: iter(({"x": float("nan")},))))


@pytest.mark.parametrize("module", [csv_, json_])
def test_les_morceaux_font_le_meme_fichier(module):
    document = registre(3000)
    morceaux = list(module.morceaux(document))
    assert len(morceaux) > 2
    assert b"".join(morceaux) == octets(module, document)
