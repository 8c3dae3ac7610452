"""Le PDF : ce qu’il montre, ce qu’il dit à un lecteur d’écran, ce qui le rend vérifiable."""

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from dpd.documents import pdf
from dpd.documents.modele import Alerte, Fiche, Section
from tests.documents.exemples import EMPREINTE, ENTETE, d_une_fiche, en_pdf, fiche, registre
from tests.documents.lecture_pdf import Arbre, contenus, texte_du_pdf


@pytest.mark.parametrize("document", [d_une_fiche(), registre(5)], ids=["fiche", "registre"])
def test_deux_ecritures_donnent_exactement_les_memes_octets(document):
    assert en_pdf(document).getvalue() == en_pdf(document).getvalue()


def test_une_autre_date_d_edition_change_les_octets():
    autre = replace(ENTETE, edite_le=ENTETE.edite_le.replace(minute=46))
    assert en_pdf(d_une_fiche()).getvalue() != en_pdf(d_une_fiche(entete=autre)).getvalue()


def test_le_fichier_est_un_pdf_bien_forme():
    with pikepdf.open(en_pdf(registre(60))) as lu:
        assert lu.check_pdf_syntax() == []
        assert lu.pdf_version == "1.7"


def test_le_texte_accentue_s_extrait():
    texte = texte_du_pdf(en_pdf(d_une_fiche()).getvalue())
    for attendu in ("Cantine et garderie périscolaires", "Année scolaire", "À préciser", "Élimination"):
        assert attendu in texte
    assert "Page 1 sur 1" in texte.replace("\u00a0", " ")
    assert "édition du lundi 23 novembre 2026 à 9 h 45" in texte


def test_une_fiche_seule_n_a_ni_garde_ni_sommaire():
    with pikepdf.open(en_pdf(d_une_fiche())) as lu:
        assert len(lu.pages) == 1
        assert Arbre(lu).textes("/H1") == ["Cantine et garderie périscolaires"]


def test_plusieurs_fiches_sans_sommaire_ont_une_garde():
    with pikepdf.open(en_pdf(registre(3, sommaire=False))) as lu:
        assert len(lu.pages) == 4
        assert Arbre(lu).textes("/H1")[0] == ENTETE.titre


def test_la_page_de_garde_dit_qui_quoi_quand_et_l_empreinte():
    texte = texte_du_pdf(en_pdf(registre(2, avertissement="Sans les mesures de sécurité.")).getvalue())
    garde = texte.split("\f")[0]
    for attendu in (
        "Commune de Montpezat-de-Quercy",
        "218 201 317",
        "Bernard Lacaze, maire",
        "Centre de gestion de Tarn-et-Garonne",
        "Extrait intégral",
        "lundi 23 novembre 2026 à 9 h 45",
        "Registre au 23 novembre 2026",
        EMPREINTE,
        "Sans les mesures de sécurité.",
    ):
        assert attendu in garde.replace("\u00a0", " ")


def test_l_avertissement_est_rappele_sur_une_fiche_seule():
    with pikepdf.open(en_pdf(d_une_fiche(avertissement="Version communicable."))) as lu:
        assert "Version communicable." in Arbre(lu).textes("/P")


def test_le_sommaire_mene_a_la_page_qu_il_annonce():
    with pikepdf.open(en_pdf(registre(90))) as lu:
        pages = {page.objgen: rang for rang, page in enumerate(lu.pages, start=1)}
        liens = [annotation for page in lu.pages for annotation in page.get("/Annots", [])]
        entrees = Arbre(lu).textes("/Link")
        assert len(liens) == len(entrees) == 90
        for rang, (lien, entree) in enumerate(zip(liens, entrees, strict=True), start=1):
            page = pages[lien.Dest[0].objgen]
            assert entree.split() == ["Traitement", "numéro", str(rang), str(page)]
            assert str(lien.Contents) == f"Traitement numéro {rang}, page {page}"
            assert f"Traitement numéro {rang} " in " ".join(contenus(lu.pages[page - 1])[0].values())


def test_un_titre_trop_long_tient_en_trois_lignes_au_sommaire():
    titres = ("Cantine " * 10, "démesuré " * 100, "")
    document = registre(3, fiches=lambda: (fiche(titre) for titre in titres), sommaire=titres)
    with pikepdf.open(en_pdf(document)) as lu:
        entrees = Arbre(lu).textes("/Link")
    assert entrees[0] == "Cantine " * 10 + "3"
    assert entrees[1].endswith("… 4")
    assert 20 < entrees[1].count("démesuré") < 40
    assert entrees[2].startswith("Fiche sans titre ")


def test_le_sommaire_et_les_fiches_doivent_se_correspondre():
    with pytest.raises(ValueError, match="3 titres au sommaire, 1 fiches"):
        en_pdf(registre(3, fiches=lambda: iter((fiche(),))))


def test_chaque_fiche_a_son_signet():
    with pikepdf.open(en_pdf(registre(4))) as lu, lu.open_outline() as signets:
        titres = [signet.title for signet in signets.root]
        assert titres == [ENTETE.titre, "Sommaire", *(f"Traitement numéro {n}" for n in range(1, 5))]
        pages = {page.objgen: rang for rang, page in enumerate(lu.pages)}
        assert [pages[signet.destination[0].objgen] for signet in signets.root] == [0, 1, 2, 3, 4, 5]


def test_la_page_x_sur_y_compte_toutes_les_pages():
    texte = texte_du_pdf(en_pdf(registre(12)).getvalue()).replace("\u00a0", " ")
    for numero in range(1, 15):
        assert f"Page {numero} sur 14" in texte


def test_les_metadonnees_disent_le_titre_l_auteur_la_langue_et_la_date():
    with pikepdf.open(en_pdf(registre(2))) as lu:
        assert str(lu.Root.Lang) == "fr-FR"
        assert lu.Root.ViewerPreferences.DisplayDocTitle
        assert lu.Root.MarkInfo.Marked
        assert str(lu.docinfo["/Title"]) == ENTETE.titre
        assert str(lu.docinfo["/Author"]) == ENTETE.auteur
        assert str(lu.docinfo["/CreationDate"]) == "D:20261123094500+01'00'"
        with lu.open_metadata() as xmp:
            assert xmp["dc:title"] == ENTETE.titre
            assert xmp["dc:language"] == {"fr-FR"}
            assert xmp["xmp:CreateDate"] == "2026-11-23T09:45:00+01:00"
            assert xmp["dc:identifier"] == f"sha256:{EMPREINTE}"


def test_les_polices_sont_embarquees_et_helvetica_absente():
    octets = en_pdf(registre(2)).getvalue()
    assert b"Helvetica" not in octets
    with pikepdf.open(BytesIO(octets)) as lu:
        polices = [objet for objet in lu.objects if isinstance(objet, pikepdf.Dictionary)]
        polices = [objet for objet in polices if objet.get("/Type") == "/Font"]
        assert {str(police.BaseFont).split("+")[1] for police in polices} == {
            "AtkinsonHyperlegibleNext-Regular",
            "AtkinsonHyperlegibleNext-Demi",
        }
        assert all("/FontFile2" in police.FontDescriptor and "/ToUnicode" in police for police in polices)


def test_les_titres_listes_et_tableaux_sont_balises():
    with pikepdf.open(en_pdf(d_une_fiche())) as lu:
        arbre = Arbre(lu)
    assert {"/Document", "/Sect", "/H1", "/H2", "/H3", "/P", "/L", "/LI", "/Table", "/TR"} <= arbre.types()
    assert arbre.textes("/H2")[:2] == [
        "Responsable et contacts",
        "Données et durées de conservation et sort final",
    ]
    assert arbre.textes("/Span") == ["a", "f", "g"]
    assert arbre.textes("/Caption") == ["Par catégorie"]
    assert arbre.textes("/TD") == ["Année scolaire", "Élimination", "À préciser", "À préciser"]
    portees = [(texte, str(attributs.Scope)) for _, type_, texte, attributs in arbre.noeuds if type_ == "/TH"]
    assert portees == [
        ("Données", "/Column"),
        ("Durée", "/Column"),
        ("Sort final", "/Column"),
        ("Identité et coordonnées", "/Row"),
        ("Coordonnées bancaires", "/Row"),
    ]
    assert arbre.textes("/Lbl")[-2:] == ["1.", "2."]


def test_la_lettre_en_marge_dit_si_la_rubrique_est_complete():
    with pikepdf.open(en_pdf(d_une_fiche())) as lu:
        dits = [
            str(objet.Alt)
            for objet in lu.objects
            if isinstance(objet, pikepdf.Dictionary) and objet.get("/S") == "/Span"
        ]
    assert sorted(dits) == ["Rubrique a, complète. ", "Rubrique f, incomplète. ", "Rubrique g, complète. "]


def test_l_entete_et_le_pied_sont_des_artefacts():
    with pikepdf.open(en_pdf(d_une_fiche())) as lu:
        marques, artefacts = contenus(lu.pages[0])
    assert "SIREN" in artefacts
    assert "Page" in artefacts
    assert "SIREN" not in "".join(marques.values())


def test_chaque_contenu_marque_retrouve_son_element():
    with pikepdf.open(en_pdf(registre(3))) as lu:
        feuilles = [feuille.Nums for feuille in lu.Root.StructTreeRoot.ParentTree.Kids]
        parents = {int(nums[i]): nums[i + 1] for nums in feuilles for i in range(0, len(nums), 2)}
        for page in lu.pages:
            marques, _ = contenus(page)
            elements = parents[int(page.StructParents)]
            assert len(elements) == len(marques)
            assert all("/S" in element for element in elements)
        liens = [annotation for page in lu.pages for annotation in page.get("/Annots", [])]
        assert all(parents[int(lien.StructParent)].S == "/Link" for lien in liens)


def test_l_authenticite_finit_le_document():
    with pikepdf.open(en_pdf(registre(2))) as lu:
        arbre = Arbre(lu)
    assert arbre.textes("/H2").count("Authenticité") == 1
    derniers = arbre.textes("/P")[-2:]
    assert "".join(derniers[0].split()).endswith(EMPREINTE)
    assert derniers[1] == (
        "Contenu : Registre au 23 novembre 2026 · "
        "Délégué à la protection des données : Centre de gestion de Tarn-et-Garonne"
    )


def test_un_registre_vide_le_dit():
    with pikepdf.open(en_pdf(registre(0))) as lu:
        assert len(lu.pages) == 1
        assert "Ce document ne contient aucune fiche." in Arbre(lu).textes("/P")


def test_une_section_courte_ne_se_coupe_pas():
    sections = tuple(Section(f"Section {n}", (Alerte("ligne " * 60),)) for n in range(20))
    with pikepdf.open(en_pdf(d_une_fiche(Fiche("Longue", sections)))) as lu:
        assert len(lu.pages) > 1
        for page in lu.pages:
            textes = " ".join(contenus(page)[0].values())
            assert textes.count("Section ") * 60 == textes.count("ligne")


def test_les_pages_suivantes_rappellent_la_reference_de_la_fiche():
    sections = tuple(Section(f"Section {n}", (Alerte("ligne " * 200),)) for n in range(9))
    with pikepdf.open(en_pdf(d_une_fiche(Fiche("Longue", sections, reference="fiche n° 7")))) as lu:
        assert "fiche n° 7" not in contenus(lu.pages[0])[1]
        assert all("fiche n° 7" in contenus(page)[1] for page in list(lu.pages)[1:])


def test_les_fiches_sont_lues_une_a_la_fois():
    demandees = 0
    ecrites: list[int] = []

    class Sortie(BytesIO):
        def write(self, octets):
            ecrites.append(demandees)
            return super().write(octets)

    def fiches():
        nonlocal demandees
        for rang in range(50):
            demandees += 1
            yield fiche(f"Traitement numéro {rang}")

    pdf.ecrire(registre(50, fiches=fiches), Sortie())
    # Une fiche d’avance, pas plus, pour savoir laquelle est la dernière.
    assert {2, 3, 10, 30, 50} <= set(ecrites)
