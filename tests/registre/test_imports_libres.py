"""Des fiches à la forme de la CNIL, remplies de bien des façons : sans titres de colonnes, retouchées…"""

from dataclasses import replace

import pytest

from dpd.documents.lecteur import Classeur, FeuilleLue
from registre.exports.communicable import MESURES_RETIREES
from registre.imports import cnil, lire_registre
from registre.imports.csv_ import reprendre
from registre.imports.modele import Lecture
from registre.imports.tableau import lire_tableau
from registre.regles.contenu import (
    Duree,
    LigneDestinataire,
    LigneDonnees,
    LigneFinalite,
    LigneMesure,
    LignePersonnes,
    LignePrestataire,
    LigneTransfert,
)
from tests.registre.exemples_exports import ecrire
from tests.registre.regles.fiches import CANTINE

EN_TETE = ("Nom du traitement;Cantine", "Finalité principale;Nourrir les enfants")


def lire_fiche(*lignes: str) -> Lecture:
    """Une feuille de fiche, écrite en CSV."""
    feuille = FeuilleLue("fiche", tuple(tuple(ligne.split(";")) for ligne in (*EN_TETE, *lignes)))
    lecture = Lecture()
    cnil.lire_feuille(feuille, lecture)
    return lecture


def fiche(*lignes: str):
    (lue,) = lire_fiche(*lignes).fiches
    return lue.fiche


def messages(lecture: Lecture) -> list[str]:
    return [constat.message for constat in (*lecture.erreurs, *lecture.avertissements)]


def test_une_feuille_sans_titres_de_colonnes_se_lit_dans_l_ordre():
    lue = fiche(
        "Mesures de sécurité techniques;, Antivirus, sauvegarde sur disque, badge",
        "Mesures de sécurité organisationnelles;Néant",
        "Catégories de données",
        "Vie personnelle;Régime alimentaire;1 an",
        "Données de localisation;Adresse de livraison",
        "Catégories de personnes",
        "Catégorie de personnes 1;Parents d’élèves",
        "Catégorie de personnes 2;Néant",
        "Destinataires",
        "Destinataire 1;Préfecture",
        "Destinataire 2;Néant",
        "Transferts hors UE",
        "Organisme destinataire 1;Nuage SA",
        "Sous-finalité 1;Néant",
    )
    assert lue.finalites == (LigneFinalite("Nourrir les enfants", principale=True),)
    assert lue.mesures == (
        LigneMesure("postes", "Antivirus"),
        LigneMesure("sauvegarde", "sauvegarde sur disque, badge"),
    )
    assert lue.donnees == (
        LigneDonnees("vie-personnelle", "Régime alimentaire", Duree(1, "annee")),
        LigneDonnees("localisation", "Adresse de livraison"),
    )
    assert lue.personnes == (LignePersonnes("mineurs", "Parents d’élèves", True),)
    assert lue.destinataires == (LigneDestinataire("externe", "prefecture"),)
    assert lue.transferts == (LigneTransfert("Nuage SA"),)


def test_une_base_legale_ajoutee_au_modele_est_lue():
    lecture = lire_fiche("Finalités;Finalité;Base légale", "Sous-finalité 1;Facturer;Contrat")
    assert lecture.fiches[0].fiche.finalites[1] == LigneFinalite("Facturer", "b")


def test_deux_bases_legales_dans_une_fiche_sont_refusees():
    lecture = lire_fiche("Finalités;Finalité;Base légale", "Sous-finalité 1;Facturer;Contrat et consentement")
    assert [c.lieu for c in lecture.erreurs] == ["feuille «\u00a0fiche\u00a0», ligne 4"]
    assert "Deux bases légales" in lecture.erreurs[0].message


def test_une_categorie_ajoutee_au_modele_est_rangee_au_plus_proche():
    lecture = lire_fiche(
        "Catégories de données;Description;Durée",
        "Vêtements;Taille du tablier;1 an",
        "Photographies;Portrait;sans limite",
        "Scolarité, formation, diplômes;Classe;",
    )
    donnees = lecture.fiches[0].fiche.donnees
    assert [ligne.categorie for ligne in donnees] == ["vie-personnelle", "image", "scolarite"]
    assert donnees[1].duree == Duree(unite="permanente")
    assert "«\u00a0Vêtements\u00a0» est rangé dans" in messages(lecture)[0]


def test_des_prestataires_ajoutes_a_la_main_sont_lus():
    lue = fiche(
        "Prestataires;Type;Nom",
        "Prestataire 1;Portail famille et paiement;Logi-Quercy",
        "Prestataire 2;Reliure;",
        "Prestataire 3;;Néant",
        "Prestataire 4;Portail famille et paiement;",
    )
    assert lue.prestataires == (
        LignePrestataire("portail-famille", "Logi-Quercy"),
        LignePrestataire("reliure"),
        LignePrestataire("portail-famille"),
    )


def test_une_garantie_et_un_pays_inconnus_restent_ecrits():
    lecture = lire_fiche(
        "Transferts hors UE;Destinataire;Pays;Type de garanties;Lien",
        "Organisme 1;Nuage SA;Atlantide;Privacy Shield;https://x",
        "Organisme 2;Filet SA;Etats-Unis d’Amérique;Décision d’adéquation;",
    )
    assert lecture.fiches[0].fiche.transferts == (
        LigneTransfert("Nuage SA (Atlantide)", "", "", "Privacy Shield, https://x"),
        LigneTransfert("Filet SA", "US", "adequation"),
    )
    assert [m.split("\u00a0")[0] for m in messages(lecture)] == ["Pays à choisir", "Garantie à choisir"]


def test_les_blocs_de_fin_ignorent_ce_qu_ils_ne_connaissent_pas():
    lue = fiche("Compléments", "Couleur;bleu", "Service;Écoles", "Description", "Vérification", "Version;3")
    assert (lue.service, lue.description) == ("Écoles", "")


def test_un_responsable_conjoint_est_repris():
    lue = fiche(
        "Acteurs;Nom;Adresse",
        "Responsable du traitement;Mairie;Le Bourg",
        "Responsable(s) conjoint(s);CCAS;Le Bourg",
    )
    assert (lue.coresponsables_reponse, lue.coresponsables) == ("oui", "CCAS, Le Bourg")


class TestClasseurs:
    """Nos classeurs d’une ligne par fiche, abîmés."""

    def lire(self, *feuilles: tuple[str, list[tuple[str, ...]]]) -> Lecture:
        lecture = Lecture()
        lire_tableau(Classeur(tuple(FeuilleLue(nom, tuple(lignes)) for nom, lignes in feuilles)), lecture)
        return lecture

    def test_une_ligne_de_detail_sans_fiche_est_refusee(self):
        lecture = self.lire(
            ("Registre", [("N°", "Nom de la fiche"), ("1", "Paie"), ("", ""), ("2", "Cantine")]),
            (
                "Finalités",
                [("N°", "Finalité"), ("1", "Payer"), ("", ""), ("9", "Perdue"), ("", "Sans numéro")],
            ),
        )
        assert [lue.fiche.finalites for lue in lecture.fiches] == [(LigneFinalite("Payer"),), ()]
        assert [c.message for c in lecture.erreurs] == [
            "La fiche n°\u00a0? manque dans la feuille «\u00a0Registre\u00a0».",
            "La fiche n°\u00a09 manque dans la feuille «\u00a0Registre\u00a0».",
        ]

    def test_une_feuille_de_meme_nom_sans_nos_colonnes_n_est_pas_un_detail(self):
        lecture = self.lire(
            ("Registre", [("Nom de la fiche", "Finalités"), ("Paie", "Payer")]),
            ("Finalités", [("Idées en vrac",)]),
            ("Transferts", []),
        )
        assert lecture.fiches[0].fiche.finalites == (LigneFinalite("Payer", principale=True),)

    def test_une_cellule_fausse_est_dite_a_sa_ligne(self):
        lecture = self.lire(
            ("Registre", [("N°", "Nom", "Décision automatisée"), ("1", "Paie", "Parfois")]),
            ("Finalités", [("N°", "Finalité", "Principale"), ("1", "Payer", "peut-être")]),
        )
        assert [c.lieu for c in lecture.erreurs] == ["feuille «\u00a0Finalités\u00a0», ligne 2", "ligne 2"]

    def test_des_mesures_retirees_ne_sont_pas_des_mesures(self):
        lecture = self.lire(
            ("Registre", [("N°", "Nom", "Mesures de sécurité"), ("1", "Paie", MESURES_RETIREES)]),
            ("Sécurité", [("N°", "Fiche", "Mesure"), ("1", "Paie", MESURES_RETIREES)]),
        )
        assert lecture.fiches[0].fiche.mesures == ()
        assert messages(lecture) == []

    def test_des_mesures_retirees_d_un_csv_non_plus(self):
        lecture = self.lire(("x", [("Nom", "Mesures de sécurité"), ("Paie", MESURES_RETIREES)]))
        assert lecture.fiches[0].fiche.mesures == ()


class TestSeparateur:
    @pytest.mark.parametrize("fin", ["\r\n", "\n"])
    def test_notre_csv_se_relit_malgre_ses_virgules(self, fin):
        description = "\n".join(f"{rang}, {rang}, {rang}" for rang in range(30))
        octets = ecrire("csv", replace(CANTINE, description=description)).replace(b"\r\n", fin.encode())
        assert lire_registre("r.csv", octets).fiches[0].fiche.description == description

    def test_aucun_separateur_ne_convient_on_garde_la_premiere_lecture(self):
        classeur = Classeur((FeuilleLue("x", (("Ville",), ("Fau",))),))
        assert reprendre("x.csv", classeur, b"Ville\nFau\n") is classeur
        assert reprendre("x.csv", classeur, b"\x81\x8d") is classeur
        assert reprendre("x.csv", classeur, b"a" * 200_000) is classeur

    def test_un_windows_1252_se_relit_aussi(self):
        lu = reprendre("x.csv", Classeur(()), "Nom\tDurée\nÉcole\t1 an\n".encode("cp1252"))
        assert lu.feuilles[0].lignes == (("Nom", "Durée"), ("École", "1 an"))


def test_un_document_json_sans_identite_se_lit():
    lecture = lire_registre("r.json", b'{"document": 3, "enregistrements": [{"nom": "Paie"}]}')
    assert (lecture.fiches[0].fiche.nom, lecture.siren) == ("Paie", "")
