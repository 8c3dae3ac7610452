"""La lettre en DOCX : relue telle qu’écrite, en français, sans macro ni lien."""

import zipfile
from datetime import UTC
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from dpd.documents.docx_ import ecrire
from dpd.documents.imprime import Imprime
from dpd.documents.modele import Alerte, Liste, Paragraphe, Section
from tests.documents.exemples import ENTETE

PIEGE = "L’élève Zoé & <Cie> « à 5 € »"
SECTIONS = (
    Section("", (Paragraphe(f"Madame, Monsieur,\n{PIEGE}"), Liste(("Un", "Deux")))),
    Section("Vos recours", (Liste(("Premier",), numerotee=True), Paragraphe("Fin\x0b."))),
)


def octets(sections=SECTIONS, titre=f"Objet : {PIEGE}", tete=("Commune de Montpezat", "Place & Mairie")):
    sortie = BytesIO()
    ecrire(Imprime(ENTETE, titre, sections, tete), sortie)
    return sortie.getvalue()


@pytest.fixture
def lu():
    return docx.Document(BytesIO(octets()))


def test_tout_le_texte_y_est_dans_l_ordre_avec_ses_styles(lu):
    assert [(p.style.name, p.text) for p in lu.paragraphs] == [
        ("Normal", "Commune de Montpezat"),
        ("Normal", "Place & Mairie"),
        ("Heading 1", f"Objet : {PIEGE}"),
        ("Normal", f"Madame, Monsieur,\n{PIEGE}"),
        ("List Bullet", "Un"),
        ("List Bullet", "Deux"),
        ("Heading 2", "Vos recours"),
        ("List Number", "Premier"),
        ("Normal", "Fin."),
    ]
    assert lu.paragraphs[0].runs[0].bold
    assert not lu.paragraphs[1].runs[0].bold


def test_la_langue_et_les_metadonnees_sont_dites(lu):
    proprietes = lu.core_properties
    assert proprietes.title == f"Objet : {PIEGE}"
    assert proprietes.author == proprietes.last_modified_by == ENTETE.organisme
    assert proprietes.language == "fr-FR"
    assert proprietes.comments == ""
    assert proprietes.created.replace(tzinfo=UTC) == ENTETE.edite_le.replace(microsecond=0)
    for style in ("Normal", "Heading 1"):
        langue = lu.styles[style].element.rPr.find(qn("w:lang"))
        assert langue.get(qn("w:val")) == "fr-FR"


def test_une_page_a4(lu):
    page = lu.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)


def test_ni_macro_ni_lien_exterieur():
    with zipfile.ZipFile(BytesIO(octets())) as archive:
        assert not [nom for nom in archive.namelist() if "vba" in nom.lower() or nom.endswith(".bin")]
        relations = archive.read("word/_rels/document.xml.rels").decode()
        types = archive.read("[Content_Types].xml").decode()
    assert "External" not in relations
    assert "macroEnabled" not in types


def test_sans_titre_ni_tete_celui_de_l_en_tete_sert():
    relu = docx.Document(BytesIO(octets(titre="", tete=())))
    assert relu.core_properties.title == ENTETE.titre
    assert relu.paragraphs[0].text.startswith("Madame")


def test_une_lettre_ne_porte_que_du_texte():
    with pytest.raises(TypeError, match="paragraphes et des listes"):
        octets(sections=(Section("", (Alerte("x"),)),))
