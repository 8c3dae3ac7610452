"""Les imprimés pour le public : lisibles de loin, balisés, jamais coupés."""

from io import BytesIO

import pikepdf
import pytest

from dpd.documents.imprime import Imprime, ecrire_affiche, ecrire_courrier
from dpd.documents.modele import Alerte, Liste, Paragraphe, Section
from dpd.documents.pdf_flux import A3, A4
from tests.documents.exemples import ENTETE
from tests.documents.lecture_pdf import Arbre

SECTIONS = (
    Section("", (Paragraphe("Madame, Monsieur,"),)),
    Section("Qui joindre", (Paragraphe("La mairie."), Liste(("Par courriel", "Par téléphone")))),
)


def imprime(sections=SECTIONS, tete=("Commune de Montpezat", "Place de la Mairie")):
    return Imprime(ENTETE, "Information sur une violation", sections, tete)


def lu(ecrire, *args, **options):
    sortie = BytesIO()
    ecrire(imprime(*args), sortie, **options)
    pdf = pikepdf.open(BytesIO(sortie.getvalue()))
    return pdf, Arbre(pdf)


def tailles(pdf) -> set[float]:
    """Les corps employés sur la première page, en points."""
    return {
        float(operandes[1])
        for operandes, operateur in pikepdf.parse_content_stream(pdf.pages[0])
        if str(operateur) == "Tf"
    }


@pytest.mark.parametrize("ecrire", [ecrire_courrier, ecrire_affiche])
def test_tout_le_texte_y_est_dans_l_ordre_et_balise(ecrire):
    _, arbre = lu(ecrire)
    assert [(type_, texte) for _, type_, texte, _ in arbre.noeuds if texte] == [
        ("/P", "Commune de Montpezat"),
        ("/P", "Place de la Mairie"),
        ("/H1", "Information sur une violation"),
        ("/P", "Madame, Monsieur,"),
        ("/H2", "Qui joindre"),
        ("/P", "La mairie."),
        ("/Lbl", "•"),
        ("/LBody", "Par courriel"),
        ("/Lbl", "•"),
        ("/LBody", "Par téléphone"),
    ]


@pytest.mark.parametrize(("echelle", "feuille"), [(A4, (595, 842)), (A3, (842, 1191))])
def test_l_affiche_est_a_la_taille_de_sa_feuille(echelle, feuille):
    pdf, _ = lu(ecrire_affiche, echelle=echelle)
    assert tuple(round(float(cote)) for cote in pdf.pages[0].MediaBox[2:]) == feuille
    assert pdf.Root.Lang == "fr-FR"


def test_une_affiche_courte_prend_de_grandes_lettres():
    pdf, _ = lu(ecrire_affiche)
    assert min(tailles(pdf)) == 20


def test_une_affiche_longue_tient_encore_sur_une_feuille():
    longue = (
        Section("Faits", tuple(Paragraphe("Une phrase assez longue pour la ligne. " * 3) for _ in range(12))),
    )
    pdf, _ = lu(ecrire_affiche, longue)
    assert len(pdf.pages) == 1
    assert 11 <= min(tailles(pdf)) < 20


def test_une_affiche_trop_longue_continue_sur_une_autre_feuille():
    section = Section("Faits", tuple(Paragraphe(f"Phrase {r}. " + "mot " * 60) for r in range(40)))
    pdf, arbre = lu(ecrire_affiche, (section, Section("Fin", (Liste(("La dernière",)),))))
    assert len(pdf.pages) > 1
    assert min(tailles(pdf)) == 11
    assert arbre.noeuds[-1][2] == "La dernière"


def test_un_titre_ne_reste_pas_seul_en_bas_de_page():
    for nombre in range(20, 40):
        corps = tuple(Paragraphe(f"Ligne {r}") for r in range(nombre))
        pdf, _ = lu(ecrire_courrier, (Section("", corps), Section("Titre", (Paragraphe("Suite"),))))
        if len(pdf.pages) > 1:
            marques = [o for _, o in pikepdf.parse_content_stream(pdf.pages[0]) if str(o) == "BDC"]
            assert len(marques) <= nombre + 3
            break
    else:
        pytest.fail("Aucune longueur ne tourne la page.")


def test_sans_en_tete_le_titre_commence_la_page():
    _, arbre = lu(ecrire_affiche, SECTIONS, ())
    assert next(texte for _, _, texte, _ in arbre.noeuds if texte) == "Information sur une violation"


def test_un_bloc_d_un_autre_genre_est_refuse():
    with pytest.raises(TypeError, match="paragraphes et des listes"):
        lu(ecrire_courrier, (Section("x", (Alerte("Attention"),)),))
