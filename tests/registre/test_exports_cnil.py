"""Le classeur à la forme du modèle de la CNIL, ouvert par une autre bibliothèque que celle qui l’écrit."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from odf.opendocument import load
from odf.table import Table, TableCell, TableRow
from odf.teletype import extractText

from dpd.vocabulaire import CategorieDonnees, MesureSecurite
from registre.exports.correspondance_cnil import (
    FAMILLE_DE,
    MESURES_TECHNIQUES,
    ORDINAIRES,
    SENSIBLES,
    famille_de,
)
from registre.imports import lire_registre
from registre.regles.contenu import Fiche, LigneFinalite, LignePersonnes, Responsable
from tests.registre.exemples_exports import ecrire
from tests.registre.regles.fiches import CANTINE


def feuilles(octets: bytes) -> dict[str, list[list[str]]]:
    document = load(BytesIO(octets))
    return {
        table.getAttribute("name"): [
            [extractText(cellule) for cellule in ligne.getElementsByType(TableCell)]
            for ligne in table.getElementsByType(TableRow)
        ]
        for table in document.spreadsheet.getElementsByType(Table)
    }


@pytest.fixture(scope="module")
def classeur():
    return feuilles(ecrire("ods", CANTINE, Fiche(nom="Paie : agents/élus")))


def etiquettes(feuille):
    return [ligne[0] for ligne in feuille if ligne and ligne[0]]


def test_les_feuilles_sont_celles_du_modele(classeur):
    assert list(classeur) == [
        "À propos",
        "Tutoriel",
        "Liste des traitements",
        "1 Cantine et garderie périscola",
        "2 Paie agents élus",
    ]


def test_la_liste_nomme_chaque_traitement(classeur):
    liste = classeur["Liste des traitements"]
    entete = next(rang for rang, ligne in enumerate(liste) if ligne[0] == "Nom du traitement")
    assert [ligne[:2] + ligne[4:6] for ligne in liste[entete + 1 :]] == [
        [CANTINE.nom, "1", "Inscrire et accueillir les enfants", "Oui"],
        ["Paie : agents/élus", "2", "", "Non"],
    ]


def test_une_fiche_suit_l_ordre_des_champs_du_modele(classeur):
    lues = etiquettes(classeur["1 Cantine et garderie périscola"])
    attendues = [
        "Nom / sigle du traitement",
        "N° / REF",
        "Date de création",
        "Mise à jour",
        "Acteurs",
        "Responsable du traitement",
        "Délégué à la protection des données",
        "Représentant",
        "Responsable(s) conjoint(s)",
        "Finalité principale",
        "Sous-finalité 1",
        "Mesures de sécurité techniques",
        "Mesures de sécurité organisationnelles",
        *(famille.libelle for famille in ORDINAIRES),
        "Données sensibles",
        *(famille.libelle for famille in SENSIBLES),
        "Catégorie de personnes 1",
        "Destinataire 1",
        "Organisme destinataire 1",
    ]
    assert [etiquette for etiquette in lues if etiquette in attendues] == attendues


def test_chaque_donnee_a_son_delai_en_toutes_lettres(classeur):
    lignes = {ligne[0]: ligne for ligne in classeur["1 Cantine et garderie périscola"] if ligne}
    sante = lignes["Données concernant la santé"]
    assert sante[1:3] == [
        "Santé, handicap, aptitude, vaccination, PAI\u00a0: PAI",
        "jusqu’à la fin de l’année scolaire",
    ]
    assert lignes["Données génétiques"] == ["Données génétiques"]


def test_les_acteurs_ont_leurs_coordonnees_demelees():
    responsable = replace(
        CANTINE.responsable,
        coordonnees="Le Bourg, 82270 Montpezat-de-Quercy, mairie@montpezat.example, 05 63 02 07 08",
    )
    feuille = feuilles(ecrire("ods", replace(CANTINE, responsable=responsable)))[
        "1 Cantine et garderie périscola"
    ]
    acteur = next(ligne for ligne in feuille if ligne and ligne[0] == "Responsable du traitement")
    assert acteur[1:] == [
        "Commune de Montpezat-de-Quercy",
        "Le Bourg",
        "82270",
        "Montpezat-de-Quercy",
        "France",
        "05 63 02 07 08",
        "mairie@montpezat.example",
    ]


def test_chaque_categorie_a_sa_famille_et_chaque_famille_son_repli():
    assert set(FAMILLE_DE) == {categorie.value for categorie in CategorieDonnees}
    assert {m.value for m in MesureSecurite} >= MESURES_TECHNIQUES
    for famille in (*ORDINAIRES, *SENSIBLES):
        assert famille_de(famille.repli) == famille


class TestRetouches:
    """Notre classeur, modifié à la main dans un tableur."""

    def relire(self, *changements):
        source = ecrire("ods", replace(CANTINE, responsable=Responsable()))
        sortie = BytesIO()
        with ZipFile(BytesIO(source)) as lu, ZipFile(sortie, "w", ZIP_DEFLATED) as ecrit:
            for nom in lu.namelist():
                texte = lu.read(nom)
                if nom == "content.xml":
                    for avant, apres in changements:
                        assert avant.encode() in texte
                        texte = texte.replace(avant.encode(), apres.encode(), 1)
                ecrit.writestr(nom, texte)
        return lire_registre("registre.ods", sortie.getvalue())

    def test_une_ligne_ajoutee_sans_rang_est_lue(self):
        famille = "Vie personnelle (habitudes de vie, situation familiale, etc.)"
        vide = f"<text:p>{famille}</text:p></table:table-cell>"
        ajout = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{texte}</text:p></table:table-cell>'
            for texte in ("Régime alimentaire", "2 ans après l’inscription")
        )
        lecture = self.relire((vide, vide + ajout))
        derniere = lecture.fiches[0].fiche.donnees[-1]
        assert (derniere.categorie, derniere.description) == ("vie-personnelle", "Régime alimentaire")
        assert (derniere.duree.nombre, derniere.duree.evenement) == (2, "l’inscription")

    def test_une_colonne_d_affichage_changee_se_signale(self):
        lecture = self.relire(
            ("<text:p>jusqu’à la fin de l’année scolaire</text:p>", "<text:p>1 an</text:p>")
        )
        assert lecture.fiches[0].fiche.donnees == CANTINE.donnees
        assert [
            "«\u00a0Délai d’effacement\u00a0» a été changée" in c.message for c in lecture.avertissements
        ] == [True]

    def test_un_rang_illisible_est_refuse(self):
        nombre = 'office:value-type="float" office:value="2"><text:p>2</text:p>'
        lecture = self.relire((nombre, 'office:value-type="string"><text:p>second</text:p>'))
        assert ["Rang illisible\u00a0: «\u00a0second\u00a0»" in c.message for c in lecture.erreurs] == [True]

    def test_un_nom_efface_est_refuse(self):
        lecture = self.relire(
            (f"<text:p>{CANTINE.nom}</text:p>", ""), (f"<text:p>{CANTINE.nom}</text:p>", "")
        )
        assert [c.message for c in lecture.erreurs] == ["Il manque le nom du traitement."]

    def test_une_reponse_inconnue_est_refusee(self):
        lecture = self.relire(
            ("<text:p>Non, une personne décide toujours</text:p>", "<text:p>Parfois</text:p>")
        )
        assert ["«\u00a0Parfois\u00a0» est inconnu" in c.message for c in lecture.erreurs] == [True]


def test_un_resume_retouche_dans_le_classeur_xlsx_se_signale():
    source = ecrire("xlsx", replace(CANTINE, responsable=Responsable()))
    sortie = BytesIO()
    with ZipFile(BytesIO(source)) as lu, ZipFile(sortie, "w", ZIP_DEFLATED) as ecrit:
        for nom in lu.namelist():
            texte = lu.read(nom)
            if nom.endswith("sheet2.xml"):
                texte = texte.replace(b"environ 90 enfants", b"environ 12 enfants")
            ecrit.writestr(nom, texte)
    lecture = lire_registre("registre.xlsx", sortie.getvalue())
    assert lecture.fiches[0].fiche.personnes[0] == LignePersonnes("mineurs", "environ 90 enfants", True)
    messages = [constat.message for constat in lecture.avertissements]
    assert ["«\u00a0Personnes concernées\u00a0» a été changé ici" in message for message in messages] == [
        True
    ]


def test_la_finalite_principale_vient_d_abord_et_l_ordre_est_garde():
    fiche = Fiche(nom="X", finalites=(LigneFinalite("Seconde"), LigneFinalite("Première", principale=True)))
    octets = ecrire("ods", fiche)
    feuille = feuilles(octets)["1 X"]
    assert [ligne[:2] for ligne in feuille if ligne and "inalité " in ligne[0]] == [
        ["Finalité principale", "Première"],
        ["Sous-finalité 1", "Seconde"],
    ]
    assert lire_registre("r.ods", octets).fiches[0].fiche == fiche
