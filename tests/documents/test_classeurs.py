"""XLSX et ODS : mêmes cellules, jamais de formule, relus par d’autres que nous."""

from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import load
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.teletype import extractText
from odf.text import P
from python_calamine import CalamineWorkbook

from dpd.documents import ods, xlsx
from dpd.documents.modele import Cellule, Feuille
from dpd.documents.surete import COUPURE, LIMITE_EXCEL, sans_controle
from tests.documents.exemples import EDITION, EMPREINTE, ENTETE, FORMULES, HOSTILES, de_cellules, registre

ECRIVAINS = {"xlsx": xlsx, "ods": ods}


def octets(format_, document):
    sortie = BytesIO()
    ECRIVAINS[format_].ecrire(document, sortie)
    return sortie.getvalue()


def par_calamine(contenu):
    classeur = CalamineWorkbook.from_filelike(BytesIO(contenu))
    return {
        nom: classeur.get_sheet_by_name(nom).to_python(skip_empty_area=False) for nom in classeur.sheet_names
    }


def par_odfpy(contenu):
    """Les feuilles d’un ODS lues par la bibliothèque de référence, types de cellule compris."""
    feuilles = {}
    for table in load(BytesIO(contenu)).spreadsheet.getElementsByType(Table):
        lignes = []
        for ligne in table.getElementsByType(TableRow):
            cellules = [c for c in ligne.childNodes if c.qname[1] in ("table-cell", "covered-table-cell")]
            lignes.append([_par_odfpy(cellule) for cellule in cellules])
        feuilles[table.getAttribute("name")] = lignes
    return feuilles


def _par_odfpy(cellule):
    if cellule.isInstanceOf(CoveredTableCell):
        return ""
    assert cellule.isInstanceOf(TableCell)
    assert cellule.getAttribute("formula") is None
    texte = "\n".join(extractText(paragraphe) for paragraphe in cellule.getElementsByType(P))
    if cellule.getAttribute("valuetype") == "float":
        return float(cellule.getAttribute("value"))
    return texte


def sans_tabulation(textes):
    return [texte.replace("\t", " ") for texte in textes]


def propre(lignes):
    """Sans les cases vides de fin de ligne, que chaque bibliothèque complète à sa façon."""
    return [
        list(ligne)[: max((i + 1 for i, v in enumerate(ligne) if v != ""), default=0)] for ligne in lignes
    ]


@pytest.mark.parametrize("format_", ECRIVAINS)
def test_deux_ecritures_donnent_exactement_les_memes_octets(format_):
    assert octets(format_, registre(20)) == octets(format_, registre(20))


@pytest.mark.parametrize("format_", ECRIVAINS)
def test_la_premiere_feuille_dit_de_quoi_il_s_agit(format_):
    feuilles = par_calamine(octets(format_, registre(3, avertissement="Sans les mesures de sécurité.")))
    assert list(feuilles) == ["À propos", "Registre"]
    lu = {ligne[0]: ligne[1] for ligne in feuilles["À propos"][1:]}
    assert feuilles["À propos"][0][0] == ENTETE.titre
    assert lu["Organisme"] == "Commune de Montpezat-de-Quercy"
    assert lu["SIREN"] == "218\u00a0201\u00a0317"
    assert lu["Responsable du traitement"] == "Bernard Lacaze, maire"
    assert lu["Délégué à la protection des données"] == "Centre de gestion de Tarn-et-Garonne"
    assert lu["Nature"] == "Extrait intégral"
    assert lu["Édité le"] == EDITION
    assert lu["Contenu"] == "Registre au 23 novembre 2026"
    assert lu["Empreinte SHA-256"] == EMPREINTE
    assert lu["Avertissement"] == "Sans les mesures de sécurité."


@pytest.mark.parametrize("format_", ECRIVAINS)
def test_les_cellules_gardent_leur_place_et_leur_type(format_):
    lignes = par_calamine(octets(format_, registre(3)))["Registre"]
    assert propre(lignes) == [
        ["Registre"],
        ["Fiche", "Finalité", "Nombre"],
        ["Fiche 0", "Facturer les familles", 0.0],
        ["Fiche 1", "Facturer les familles", 1.0],
        ["Fiche 2", "Facturer les familles", 2.0],
    ]


@pytest.mark.parametrize("format_", ECRIVAINS)
def test_un_texte_hostile_est_rendu_tel_quel(format_):
    lignes = par_calamine(octets(format_, de_cellules(*HOSTILES)))["Textes"]
    assert [ligne[0] for ligne in lignes] == sans_tabulation(HOSTILES)


def test_une_formule_reste_un_texte_dans_un_xlsx():
    classeur = openpyxl.load_workbook(BytesIO(octets("xlsx", de_cellules(*FORMULES))))
    cellules = [ligne[0] for ligne in classeur["Textes"].iter_rows()]
    assert [cellule.value for cellule in cellules] == sans_tabulation(FORMULES)
    assert {cellule.data_type for cellule in cellules} == {"s"}


def test_une_formule_reste_un_texte_dans_un_ods():
    contenu = octets("ods", de_cellules(*FORMULES))
    with ZipFile(BytesIO(contenu)) as archive:
        xml = archive.read("content.xml").decode()
    assert "table:formula" not in xml
    assert xml.count('office:value-type="float"') == 0
    assert [ligne[0] for ligne in par_odfpy(contenu)["Textes"]] == sans_tabulation(FORMULES)


def test_l_ods_se_relit_a_l_identique_par_deux_bibliotheques():
    contenu = octets("ods", registre(30))
    une, autre = par_odfpy(contenu), par_calamine(contenu)
    assert list(une) == list(autre) == ["À propos", "Registre"]
    for nom in une:
        assert propre(une[nom]) == propre(autre[nom])


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60), min_size=1, max_size=8
    )
)
def test_tout_texte_se_relit_a_l_identique_dans_un_ods(textes):
    attendus = sans_tabulation(map(sans_controle, textes))
    contenu = octets("ods", de_cellules(*textes))
    assert [ligne[0] if ligne else "" for ligne in par_odfpy(contenu)["Textes"]] == attendus
    lus = [ligne[0] for ligne in par_calamine(contenu)["Textes"]]
    assert lus == attendus[: len(lus)]
    assert not any(attendus[len(lus) :])


@pytest.mark.parametrize("format_", ECRIVAINS)
def test_les_caracteres_illegaux_disparaissent(format_):
    lignes = par_calamine(octets(format_, de_cellules("avant\x00\x0b\x1f\ufffe\ud800après")))["Textes"]
    assert lignes[0][0] == "avantaprès"


@pytest.mark.parametrize("format_", ECRIVAINS)
def test_un_booleen_s_ecrit_en_toutes_lettres_et_un_infini_ne_s_ecrit_pas(format_):
    ligne = (True, False, float("inf"), float("nan"), "fin")
    document = registre(0, feuilles=lambda: iter((Feuille("F", lambda: iter((ligne,))),)))
    assert par_calamine(octets(format_, document))["F"] == [["oui", "non", "", "", "fin"]]


def test_un_texte_trop_long_pour_excel_est_coupe_en_le_disant():
    lu = par_calamine(octets("xlsx", de_cellules("é" * 40_000)))["Textes"][0][0]
    assert len(lu) == LIMITE_EXCEL
    assert lu.endswith(COUPURE)
    assert par_calamine(octets("ods", de_cellules("é" * 40_000)))["Textes"][0][0] == "é" * 40_000


@pytest.mark.parametrize("format_", ECRIVAINS)
def test_les_noms_de_feuilles_sont_uniques_courts_et_permis(format_):
    noms = ("Paie [2026]: a/b?", "A" * 40, "A" * 40, "a" * 40, "À propos", "", "'''", 'Guillemet " & <x>')
    feuilles = [Feuille(nom, lambda: iter((("x",),))) for nom in noms]
    lus = list(par_calamine(octets(format_, registre(0, feuilles=lambda: iter(feuilles)))))
    assert lus == [
        "À propos",
        "Paie 2026 a b",
        "A" * 31,
        "A" * 27 + " (2)",
        "a" * 27 + " (3)",
        "À propos (2)",
        "Feuille",
        "Feuille (2)",
        'Guillemet " & <x>',
    ]


@pytest.mark.parametrize("format_", ECRIVAINS)
def test_une_feuille_sans_ligne_reste_lisible(format_):
    document = registre(
        0, feuilles=lambda: iter((Feuille("Vide", lambda: iter(())), Feuille("Ligne", lambda: iter(((),)))))
    )
    assert list(par_calamine(octets(format_, document))) == ["À propos", "Vide", "Ligne"]


def test_le_xlsx_fige_fusionne_elargit_et_se_presente():
    classeur = openpyxl.load_workbook(BytesIO(octets("xlsx", registre(2))))
    feuille = classeur["Registre"]
    assert feuille.freeze_panes == "A3"
    assert [str(plage) for plage in feuille.merged_cells.ranges] == ["A1:C1"]
    assert [feuille.column_dimensions[lettre].width for lettre in "ABC"] == [12, 40, 10]
    assert feuille["A2"].style == "dpd_entete"
    assert feuille["B3"].style == "dpd_discret"
    proprietes = classeur.properties
    assert (proprietes.title, proprietes.creator) == (ENTETE.titre, ENTETE.auteur)
    assert proprietes.created == proprietes.modified
    assert proprietes.created.isoformat() == "2026-11-23T08:45:00"  # en temps universel, sans le dire


def test_l_ods_annonce_son_type_et_se_presente():
    contenu = octets("ods", registre(2))
    with ZipFile(BytesIO(contenu)) as archive:
        premiere = archive.infolist()[0]
        assert (premiere.filename, premiere.compress_type) == ("mimetype", ZIP_STORED)
        assert archive.read("mimetype").decode() == ods.TYPE_MIME
        assert {entree.date_time for entree in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        meta = archive.read("meta.xml").decode()
        reglages = archive.read("settings.xml").decode()
    assert f"<dc:title>{ENTETE.titre}</dc:title>" in meta
    assert "<dc:date>2026-11-23T08:45:00Z</dc:date>" in meta
    assert '<config:config-item-map-entry config:name="Registre">' in reglages
    assert 'config:name="VerticalSplitPosition" config:type="int">2<' in reglages


def test_l_ods_fusionne_et_elargit():
    document = load(BytesIO(octets("ods", registre(1))))
    table = document.spreadsheet.getElementsByType(Table)[1]
    premiere = table.getElementsByType(TableRow)[0]
    assert premiere.getElementsByType(TableCell)[0].getAttribute("numbercolumnsspanned") == "3"
    assert len(premiere.getElementsByType(CoveredTableCell)) == 2
    colonnes = [c.getAttribute("stylename") for c in table.childNodes if c.qname[1] == "table-column"]
    assert colonnes == ["co12", "co40", "co10"]


@pytest.mark.parametrize("format_", ECRIVAINS)
def test_une_cellule_fusionnee_pousse_les_suivantes(format_):
    ligne = (Cellule("a", colonnes=2), "b", Cellule("c", colonnes=0), 4)
    document = registre(0, feuilles=lambda: iter((Feuille("F", lambda: iter((ligne,))),)))
    assert par_calamine(octets(format_, document))["F"] == [["a", "", "b", "c", 4.0]]
