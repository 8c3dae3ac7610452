"""Un fichier est jugé sur ses octets : les bons passent, les menteurs sont refusés avec une phrase."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.core.files import File

from dpd.documents.ods import ecrire
from dpd.pieces.controle import Constat, controler
from dpd.pieces.forms import ACCEPTE
from dpd.pieces.regles.fichier import DOCX, ODS, ODT, TYPES, XLSX, FichierRefuse
from tests.documents.exemples import registre
from tests.pieces import fabriques
from tests.pieces.fabriques import BONS, PDF, archive, fichier, odf, ooxml, types_declares

IMPORTS = Path(__file__).parent.parent / "donnees" / "imports"


@pytest.mark.parametrize("nom", BONS)
def test_un_bon_fichier_passe_et_revient_rembobine(nom):
    depose = fichier(nom, BONS[nom])
    assert controler(depose) == Constat(nom, TYPES[nom.rpartition(".")[2]], len(BONS[nom]))
    assert depose.read() == BONS[nom]


def test_chaque_sorte_permise_est_essayee():
    assert {nom.rpartition(".")[2] for nom in BONS} == TYPES.keys()
    assert ACCEPTE.split(",") == [f".{extension}" for extension in TYPES]


@pytest.mark.parametrize("nom", ["bon.xlsx", "bon.ods", "cnil_rempli_a_la_main.ods", "bon.csv"])
def test_les_classeurs_qu_ecrivent_les_tableurs_passent(nom):
    octets = (IMPORTS / nom).read_bytes()
    assert controler(fichier(nom, octets)).type_mime == TYPES[nom.rpartition(".")[2]]


def test_nos_propres_documents_passent():
    classeur, tableur = BytesIO(), BytesIO()
    openpyxl.Workbook().save(classeur)
    ecrire(registre(1), tableur)
    assert controler(fichier("a.xlsx", classeur.getvalue())).type_mime == XLSX
    assert controler(fichier("a.ods", tableur.getvalue())).type_mime == ODS


def test_le_nom_garde_est_assaini_et_le_type_ne_vient_pas_du_navigateur():
    depose = File(BytesIO(PDF), name="../../\u202eacte.pdf")
    depose.content_type = "text/html"
    assert controler(depose) == Constat("acte.pdf", "application/pdf", len(PDF))


@pytest.mark.parametrize(
    ("nom", "octets", "dit"),
    [
        ("page.pdf", fabriques.HTML, "n’en est pas un"),
        ("dessin.png", fabriques.SVG, "n’en est pas un"),
        ("programme.pdf", fabriques.EXE, "n’en est pas un"),
        ("image.jpg", fabriques.PNG, "n’en est pas un"),
        ("image.png", fabriques.GIF, "n’en est pas un"),
        ("acte.pdf", ooxml(DOCX), "n’en est pas un"),
        ("acte.docx", PDF, "n’en est pas un"),
        ("acte.docx", ooxml(XLSX), "n’en est pas un"),
        ("acte.docx", odf(ODT), "n’en est pas un"),
        ("acte.odt", odf(ODS), "n’en est pas un"),
        ("acte.docx", archive({"page.html": fabriques.HTML}), "n’en est pas un"),
        ("acte.docx", b"#!/bin/sh\n" + ooxml(DOCX), "n’en est pas un"),
        ("acte.odt", archive({"content.xml": "<o/>", "mimetype": ODT}), "n’en est pas un"),
        ("acte.docx", ooxml(DOCX)[:-30], "tronqué ou abîmé"),
        ("acte.xlsx", b"PK\x03\x04" + bytes(100), "tronqué ou abîmé"),
        ("acte.docx", ooxml(DOCX, "application/vnd.ms-office.vbaProject"), "macros"),
        ("acte.odt", odf(ODT, "Basic/Standard/Module1.xml"), "macros"),
        ("acte.docx", fabriques.OLE, "mot de passe"),
        ("acte.xlsx", fabriques.OLE, "mot de passe"),
        ("acte.pdf", PDF.replace(b"%%EOF", b""), "incomplet"),
        ("acte.txt", PDF, "pas un texte lisible"),
        ("acte.csv", "a;b".encode("utf-16"), "pas un texte lisible"),
        ("acte.csv", ooxml(XLSX), "pas un texte lisible"),
        ("acte.txt", fabriques.EXE, "pas un texte lisible"),
        ("acte.html", fabriques.HTML, "ne se dépose pas ici"),
        ("acte.pdf\u202etxt.exe", PDF, "Un fichier .exe"),
        ("acte.pdf", b"", "vide"),
        ("acte", PDF, "pas d’extension"),
        ("", PDF, "pas d’extension"),
    ],
)
def test_un_fichier_qui_ment_est_refuse(nom, octets, dit):
    depose = File(BytesIO(octets), name=nom)
    with pytest.raises(FichierRefuse, match=dit):
        controler(depose)


def test_un_texte_qui_commence_comme_une_image_reste_un_texte():
    assert controler(fichier("codes.csv", b"BM_code;libelle\n")).type_mime == "text/csv"


def test_une_page_html_renommee_en_texte_n_est_qu_un_texte():
    """Rien ne l’exécute : elle se sert en texte, en téléchargement, sans que le navigateur devine."""
    assert controler(fichier("page.txt", fabriques.HTML)).type_mime == "text/plain"


def test_un_fichier_trop_gros_est_refuse_sans_etre_lu():
    depose = fichier()
    depose.size = 20_000_001
    depose.file = None  # le lire serait une erreur
    with pytest.raises(FichierRefuse, match="trop gros"):
        controler(depose)


def test_une_declaration_demesuree_n_est_lue_qu_a_son_debut():
    declares = b"<!--" + b"x" * 1_000_000 + b"-->" + types_declares(f"{DOCX}.main+xml")
    with pytest.raises(FichierRefuse, match="n’en est pas un"):
        controler(fichier("acte.docx", archive({"[Content_Types].xml": declares})))
