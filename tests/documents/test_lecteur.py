"""Lire ce qu’une commune dépose, ou dire pourquoi on ne peut pas."""

import re
from datetime import date, datetime, time, timedelta
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import openpyxl
import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow

from dpd.documents import csv_, lecteur, lecteur_garde, ods, xlsx
from dpd.documents.lecteur import FeuilleLue, FichierIllisible, lire
from tests.documents.exemples import HOSTILES, de_cellules, registre

FEUILLE = "xl/worksheets/sheet1.xml"


def classeur(**cellules):
    livre = openpyxl.Workbook()
    for place, valeur in cellules.items():
        livre.active[place] = valeur
    sortie = BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def ecrit(module, document):
    sortie = BytesIO()
    module.ecrire(document, sortie)
    return sortie.getvalue()


def retouche(contenu, nom, changer, methode=ZIP_DEFLATED):
    """La même archive, dont une entrée est changée."""
    sortie = BytesIO()
    with ZipFile(BytesIO(contenu)) as avant, ZipFile(sortie, "w", methode) as apres:
        for entree in avant.namelist():
            octets = avant.read(entree)
            apres.writestr(entree, changer(octets) if entree == nom else octets)
    return sortie.getvalue()


@pytest.mark.parametrize(
    "contenu",
    [
        "nom;ville\nÉté;Œuvre, ici\n".encode("utf-8-sig"),
        "nom;ville\r\nÉté;Œuvre, ici\r\n".encode(),
        "nom;ville\nÉté;Œuvre, ici\n".encode("cp1252"),
        'nom,ville\nÉté,"Œuvre, ici"\n'.encode(),
        "nom\tville\nÉté\tŒuvre, ici\n\n\n".encode(),
    ],
    ids=["utf-8-bom", "utf-8", "cp1252", "virgule", "tabulation"],
)
def test_un_csv_se_lit_quels_que_soient_son_encodage_et_son_separateur(contenu):
    lu = lire("Registre 2026.csv", contenu)
    assert lu.feuilles == (FeuilleLue("Registre 2026", (("nom", "ville"), ("Été", "Œuvre, ici"))),)


def test_un_csv_mal_cite_se_lit_quand_meme():
    assert lire("a.csv", b'nom;note\nx;"dit "oui" ici"\n').feuilles[0].lignes[1][0] == "x"


@pytest.mark.parametrize("module", [csv_, xlsx, ods])
def test_nos_exports_se_relisent_a_l_identique(module):
    extension = {csv_: "csv", xlsx: "xlsx", ods: "ods"}[module]
    lignes = lire(f"a.{extension}", ecrit(module, de_cellules(*HOSTILES))).feuilles[-1].lignes
    attendus = [texte.replace("\t", " ") for texte in HOSTILES]
    assert [ligne[0] for ligne in lignes[-len(HOSTILES) :]] == attendus


@pytest.mark.parametrize("module", [xlsx, ods])
def test_un_classeur_garde_ses_feuilles_et_ses_entiers(module):
    extension = {xlsx: "XLSX", ods: "ODS"}[module]
    lu = lire(f"a.{extension}", ecrit(module, registre(2)))
    assert [feuille.nom for feuille in lu.feuilles] == ["À propos", "Registre"]
    assert lu.feuilles[1].lignes[-1] == ("Fiche 1", "Facturer les familles", "1")


def test_tout_est_rendu_en_texte():
    contenu = classeur(
        A1=35600000000048,
        B1=0.1 + 0.2,
        C1=date(2026, 11, 23),
        D1=datetime(2026, 1, 2, 3, 4),  # noqa: DTZ001 — une cellule XLSX n’a pas de fuseau
        E1=True,
        F1=time(9, 30),
        G1=timedelta(hours=30, minutes=15),
        H1=1e22,
        I1="01001",
        J1=False,
        K1=-2.5,
    )
    assert lire("a.xlsx", contenu).feuilles[0].lignes == (
        (
            "35600000000048",
            "0.3",
            "2026-11-23",
            "2026-01-02T03:04:00",
            "VRAI",
            "09:30:00",
            "30:15:00",
            "10000000000000000000000",
            "01001",
            "FAUX",
            "-2.5",
        ),
    )


def test_un_ods_type_ses_dates_ses_durees_et_ses_booleens():
    document = OpenDocumentSpreadsheet()
    table, ligne = Table(name="Types"), TableRow()
    for attributs in (
        {"valuetype": "date", "datevalue": "2026-01-02"},
        {"valuetype": "date", "datevalue": "2026-01-02T00:00:00"},
        {"valuetype": "date", "datevalue": "2026-01-02T03:04:00"},
        {"valuetype": "boolean", "booleanvalue": "true"},
        {"valuetype": "percentage", "value": "0.5"},
    ):
        ligne.addElement(TableCell(**attributs))
    table.addElement(ligne)
    document.spreadsheet.addElement(table)
    sortie = BytesIO()
    document.write(sortie)
    lu = lire("a.ods", sortie.getvalue()).feuilles[0].lignes
    assert lu == (("2026-01-02", "2026-01-02", "2026-01-02T03:04:00", "VRAI", "0.5"),)


def test_les_lignes_vides_du_milieu_restent_celles_de_la_fin_partent():
    assert lire("a.xlsx", classeur(A1="a", A3="b", A9="")).feuilles[0].lignes == (("a",), ("",), ("b",))


BON = classeur(A1="x")
EN_CLAIR = retouche(BON, FEUILLE, lambda octets: octets, ZIP_STORED)


@pytest.mark.parametrize(
    ("nom", "contenu", "message"),
    [
        ("a.csv", b"", "vide"),
        ("a.csv", b" \n\t\n", "vide"),
        ("a.csv", b";;\n;;\n", "aucune ligne remplie"),
        ("a.xlsx", classeur(), "aucune ligne remplie"),
        ("a.csv", b"x" * (lecteur.TAILLE_MAXIMALE + 1), "trop gros"),
        ("a.doc", b"x", "CSV, XLSX ou ODS"),
        ("sans-extension", b"x", "CSV, XLSX ou ODS"),
        ("a.csv", BON, "n’est pas un CSV"),
        ("a.csv", b"a;b\n\0\0", "n’est pas un CSV"),
        ("a.csv", b"a;\x81\n", "accents"),
        ("a.csv", b'a;"b\nc;d\n', "tronqué"),
        ("a.csv", b'a;"x"y' + b"z" * 200_000, "n’est pas un CSV lisible"),
        ("a.xlsx", b"bonjour", "ce n’en est pas un"),
        ("a.ods", BON, "ce n’en est pas un"),
        ("a.xlsx", ecrit(ods, registre(1)), "ce n’en est pas un"),
        ("a.xlsx", BON[:-300], "tronqué"),
        ("a.xlsx", BON[:700], "tronqué"),
        ("a.xlsx", BON[:900] + b"\0\1\2\3" + BON[904:], "tronqué"),
        ("a.xlsx", EN_CLAIR.replace(b"<sheetData>", b"<sheetDatA>"), "tronqué"),
        ("a.xlsx", retouche(BON, FEUILLE, lambda octets: octets[:-60]), "abîmé"),
        ("a.ods", retouche(ecrit(ods, registre(1)), "content.xml", lambda octets: octets[:-80]), "abîmé"),
    ],
)
def test_un_fichier_illisible_dit_pourquoi(nom, contenu, message):
    with pytest.raises(FichierIllisible, match=message):
        lire(nom, contenu)


def test_une_bombe_de_compression_est_refusee_avant_d_etre_decompressee(monkeypatch):
    def interdit(archive):
        raise AssertionError("rien ne doit être décompressé")

    monkeypatch.setattr(lecteur_garde.ZipFile, "testzip", interdit)
    monkeypatch.setattr(lecteur_garde, "TAILLE_DECOMPRESSEE_MAXIMALE", 1_000_000)
    with pytest.raises(FichierIllisible, match="trop gros une fois décompressé"):
        lire("a.xlsx", retouche(BON, FEUILLE, lambda octets: octets + b" " * 1_000_000))


def etendu(corps):
    return retouche(BON, FEUILLE, lambda octets: re.sub(rb"<sheetData>.*</sheetData>", corps, octets))


@pytest.mark.parametrize(
    "contenu",
    [
        classeur(A1="x", XFD1048576="y"),
        etendu(
            b'<sheetData><row r="1"><c x=">" r="XFD1"><v>1</v></c></row>'
            b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
        ),
        etendu(
            b'<sheetData><row r="1"><c><v>1</v></c></row><row r="1048576">'
            + b"<c><v>1</v></c>" * 20
            + b"</row></sheetData>"
        ),
    ],
    ids=["deux coins", "position cachée", "positions tues"],
)
def test_deux_cellules_aux_deux_bouts_d_un_xlsx_ne_font_pas_reserver_des_gigaoctets(contenu):
    with pytest.raises(FichierIllisible, match="trop étendue"):
        lire("a.xlsx", contenu)


def repete(contenu, lignes, colonnes, reste=b""):
    corps = (
        b'<table:table-row table:number-rows-repeated="%d"><table:table-cell office:value-type="string" '
        b'table:number-columns-repeated="%d"><text:p>x</text:p></table:table-cell></table:table-row>%b'
        % (lignes, colonnes, reste)
    )
    return retouche(
        contenu, "content.xml", lambda octets: octets.replace(b"</table:table>", corps + b"</table:table>", 1)
    )


def test_une_cellule_repetee_des_milliards_de_fois_dans_un_ods_est_refusee():
    with pytest.raises(FichierIllisible, match="trop étendue"):
        lire("a.ods", repete(ecrit(ods, registre(1)), 1_000_000, 16_384))


def test_les_repetitions_vides_d_un_ods_ordinaire_sont_acceptees():
    vides = (
        b'<table:table-row table:number-rows-repeated="9"/>'
        b'<table:table-row table:number-rows-repeated="1048000">'
        b'<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    lu = lire("a.ods", repete(ecrit(ods, registre(1)), 2, 3, vides))
    assert lu.feuilles[0].lignes[-1] == ("x", "x", "x")


def test_des_cellules_vides_mises_en_forme_au_loin_sont_acceptees():
    contenu = etendu(
        b'<sheetData><row r="1"><c r="A1"><v>7</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    )
    assert lire("a.xlsx", contenu).feuilles[0].lignes == (("7",),)
