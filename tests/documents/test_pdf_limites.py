"""Le PDF devant ce qu’une mise en page n’attend pas : textes immenses, vides, étrangers ou hostiles."""

from io import BytesIO

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpd.documents.modele import (
    Alerte,
    AvisDecision,
    Colonne,
    Fiche,
    Liste,
    Paires,
    Paragraphe,
    Section,
    Tableau,
)
from tests.documents.exemples import HOSTILES, d_une_fiche, en_pdf, fiche, registre
from tests.documents.lecture_pdf import Arbre, contenus

COLONNES = (Colonne("Intitulé"), Colonne("Valeur"), Colonne("Nombre", 0.5, nombre=True))
LONG = " ".join(f"mot{rang}" for rang in range(4000))


def arbre_de(*blocs):
    with pikepdf.open(en_pdf(d_une_fiche(fiche("Fiche", *blocs)))) as lu:
        assert lu.check_pdf_syntax() == []
        return Arbre(lu), len(lu.pages)


@pytest.mark.parametrize(
    "bloc",
    [
        Tableau(COLONNES, (("Ligne", LONG, "1"),)),
        Paires((("Libellé", LONG),)),
        Paragraphe(LONG),
        Liste((LONG,)),
        Alerte(LONG),
        AvisDecision(("Le DPD conseille", LONG), ("Le maire décide",)),
    ],
    ids=["tableau", "paires", "paragraphe", "liste", "alerte", "avis"],
)
def test_un_texte_plus_haut_qu_une_page_passe_a_la_suivante_sans_rien_perdre(bloc):
    arbre, pages = arbre_de(bloc)
    assert pages >= 3
    textes = [" ".join(texte.split()) for _, _, texte, _ in arbre.noeuds]
    assert LONG in textes


@pytest.mark.parametrize(
    "champ", ["titre", "sous_titre", "cartouche", "section", "note", "entete", "legende"]
)
def test_un_titre_demesure_ne_fait_pas_tomber_la_mise_en_page(champ):
    demesure = "démesuré " * 1500
    section = Section(
        demesure if champ == "section" else "Section",
        (
            Tableau(
                (Colonne(demesure if champ == "entete" else "Colonne"),),
                (("a",), ("b",)),
                legende=demesure if champ == "legende" else "",
            ),
        ),
        note=demesure if champ == "note" else "",
    )
    contenu = Fiche(
        demesure if champ == "titre" else "Titre",
        (section,),
        sous_titre=demesure if champ == "sous_titre" else "",
        cartouche=((("Libellé", demesure),) if champ == "cartouche" else ()),
    )
    with pikepdf.open(en_pdf(d_une_fiche(contenu))) as lu:
        assert lu.check_pdf_syntax() == []
        textes = " ".join(texte for _, _, texte, _ in Arbre(lu).noeuds)
    assert textes.split().count("démesuré") == 1500


def test_l_entete_d_un_tableau_se_repete_sans_etre_relu():
    lignes = tuple((f"Ligne {rang}", "valeur", str(rang)) for rang in range(120))
    with pikepdf.open(en_pdf(d_une_fiche(fiche("Fiche", Tableau(COLONNES, lignes))))) as lu:
        assert len(lu.pages) > 2
        for page in list(lu.pages)[1:-1]:
            marques, artefacts = contenus(page)
            assert "Intitulé" in artefacts
            assert "Intitulé" not in "".join(marques.values())
        assert Arbre(lu).textes("/TH").count("Intitulé") == 1


def test_une_ligne_de_tableau_qui_tient_sur_une_page_n_est_jamais_coupee():
    lignes = tuple((f"L{rang}", " ".join([f"m{rang}"] * 150), "") for rang in range(12))
    with pikepdf.open(en_pdf(d_une_fiche(fiche("Fiche", Tableau(COLONNES, lignes))))) as lu:
        assert len(lu.pages) > 1
        for rang in range(12):
            comptes = [" ".join(contenus(page)[0].values()).split().count(f"m{rang}") for page in lu.pages]
            assert sorted(comptes)[-1] == sum(comptes) == 150


def test_un_mot_plus_large_que_la_page_est_coupe():
    url = "https://exemple.fr/" + "chemin-tres-long/" * 40
    arbre, _ = arbre_de(Paragraphe(url), Tableau(COLONNES, (("x", url, url),)))
    assert [texte for _, _, texte, _ in arbre.noeuds].count(url) == 3


@pytest.mark.parametrize("texte", HOSTILES)
def test_un_texte_hostile_est_rendu_tel_quel(texte):
    arbre, _ = arbre_de(Paragraphe(texte), Paires(((texte, texte),)), Tableau(COLONNES, ((texte,) * 3,)))
    attendu = " ".join(texte.split())
    textes = [" ".join(lu.split()) for _, _, lu, _ in arbre.noeuds]
    assert textes.count(attendu) == 6


def test_un_titre_hostile_reste_un_titre_et_un_signet():
    titre = "a < b & (c) \\ \u202f; « Ÿ » <b>"
    with pikepdf.open(en_pdf(registre(1, fiches=lambda: iter((fiche(titre),)), sommaire=(titre,)))) as lu:
        with lu.open_outline() as signets:
            assert signets.root[-1].title == titre
            assert len(signets.root) == 3
        assert "a < b & (c) \\" in Arbre(lu).textes("/H1")[-1]


def test_les_caracteres_de_controle_disparaissent():
    arbre, _ = arbre_de(Paragraphe("avant\x00\x0b\x1f\x85\ufffe\ud800après"))
    assert "avantaprès" in arbre.textes("/P")


def test_les_espaces_et_traits_typographiques_se_lisent():
    arbre, _ = arbre_de(Paragraphe("1\u202f234\u00a0€\u202f; article 30\u2060\u2011\u20601\u202f!"))
    assert arbre.textes("/P")[0].replace("\u00a0", " ") == "1 234 € ; article 30-1 !"


def test_un_accent_decompose_est_recompose():
    arbre, _ = arbre_de(Paragraphe("e\u0301cole"))
    assert "école" in arbre.textes("/P")


@pytest.mark.parametrize(
    ("texte", "rendu"), [("L’HAŸ → ✓", "L’HAŸ → ✓"), ("漢字 𝄞", "�� �"), ("ok\u200b\ufe0f ✓", "ok ✓")]
)
def test_un_caractere_absent_prend_la_police_de_secours_jamais_un_carre_vide(texte, rendu):
    octets = en_pdf(d_une_fiche(fiche("Fiche", Paragraphe(texte)))).getvalue()
    with pikepdf.open(BytesIO(octets)) as lu:
        assert rendu in Arbre(lu).textes("/P")
        polices = {str(p.BaseFont) for p in lu.pages[0].Resources.Font.values()}
        assert {nom.split("+")[1] for nom in polices} == {
            "AtkinsonHyperlegibleNext-Regular",
            "AtkinsonHyperlegibleNext-Demi",
            "DejaVuSans",
        }
    # Seuls les caractères qui servent sont embarqués.
    assert len(octets) < 60_000


def test_des_centaines_de_caracteres_de_secours_se_lisent_tous():
    texte = " ".join(map(chr, range(0x370, 0x590))).replace("\u0378", "")
    arbre, _ = arbre_de(Paragraphe(texte))
    lu = "".join(arbre.textes("/P")[0].split())
    assert "αβγδ" in lu
    assert "абвг" in lu
    assert len(lu) > 450


@pytest.mark.parametrize(
    "bloc",
    [
        Paragraphe(""),
        Paragraphe("   "),
        Liste(()),
        Paires(()),
        Alerte(""),
        Tableau((), ()),
        Tableau(COLONNES, ()),
        Tableau(COLONNES, (("", "", ""),)),
        Tableau((Colonne(""), Colonne("")), (("a", "b"),)),
        AvisDecision((), ()),
        AvisDecision(("Le DPD conseille",), ()),
    ],
)
def test_un_bloc_vide_ne_casse_rien(bloc):
    arbre, pages = arbre_de(bloc)
    assert pages == 1
    assert "Section" in arbre.textes("/H2")


def test_une_ligne_de_tableau_incomplete_est_refusee():
    with pytest.raises(ValueError, match="Ligne de 2 cellules dans un tableau de 3 colonnes"):
        arbre_de(Tableau(COLONNES, (("a", "b"),)))


def test_les_nombres_s_alignent_a_droite():
    tableau = Tableau(COLONNES, (("a", "b", "7"), ("a", "b", "1 234")))
    with pikepdf.open(en_pdf(d_une_fiche(fiche("Fiche", tableau)))) as lu:
        abscisses = [
            float(operandes[4])
            for operandes, operateur in pikepdf.parse_content_stream(lu.pages[0])
            if str(operateur) == "Tm"
        ]
    court, long = sorted(abscisse for abscisse in abscisses if abscisse > 500)[-2:][::-1]
    assert court > long


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=80))
def test_aucun_texte_ne_fait_echouer_l_ecriture(long, court):
    blocs = (
        Paragraphe(long),
        Paires(((court, long),)),
        Tableau((Colonne(court),), ((long,),)),
        Alerte(court),
    )
    contenu = Fiche(
        court, (Section(court, blocs, note=court),), sous_titre=court, cartouche=((court, court),)
    )
    with pikepdf.open(en_pdf(d_une_fiche(contenu))) as lu:
        assert lu.check_pdf_syntax() == []
        assert len(lu.pages) >= 1
