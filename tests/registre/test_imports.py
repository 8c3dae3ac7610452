"""Relire un registre déposé : ce qu’on en comprend, ce qu’on refuse, ce qu’on signale."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dpd.documents.lecteur import FichierIllisible
from registre.exports.champs import CODES, SIMPLES
from registre.imports import lire_registre
from registre.imports.codes import chercher, lire_base_legale, lire_champ, lire_entier, lire_oui
from registre.imports.controles import controler
from registre.imports.durees import lire_duree
from registre.imports.modele import Illisible, Lecture
from registre.imports.mots import est_neant, separer
from registre.regles.conservation import libelle_duree
from registre.regles.contenu import (
    Duree,
    Fiche,
    LigneDestinataire,
    LigneDonnees,
    LigneFinalite,
    LigneMesure,
    LignePersonnes,
    LignePrestataire,
    LigneTransfert,
    Responsable,
    en_dict,
)
from tests.registre.regles.fiches import CANTINE

DOSSIER = Path(__file__).parent.parent / "donnees" / "imports"
SANS_RESPONSABLE = replace(CANTINE, responsable=Responsable())


def relire(nom: str) -> Lecture:
    return lire_registre(nom, (DOSSIER / nom).read_bytes())


def erreurs(nom: str) -> list[tuple[str, str]]:
    return [(constat.lieu, constat.message) for constat in relire(nom).erreurs]


def relire_csv(texte: str) -> Lecture:
    return lire_registre("essai.csv", texte.encode())


class TestFichiers:
    @pytest.mark.parametrize("extension", ["ods", "xlsx", "json"])
    def test_nos_exports_se_relisent_a_l_identique(self, extension):
        lecture = relire(f"bon.{extension}")
        attendues = [SANS_RESPONSABLE, replace(SANS_RESPONSABLE, nom="Paie")]
        assert [lue.fiche for lue in lecture.fiches] == attendues
        assert (lecture.erreurs, lecture.avertissements) == ([], [])
        assert (lecture.siren, lecture.nature) == ("218201317", "Extrait intégral")

    def test_le_csv_ne_perd_que_ce_qu_il_annonce(self):
        lecture = relire("bon.csv")
        assert [constat.lieu for constat in lecture.avertissements] == ["tout le fichier"]
        attendue = replace(
            SANS_RESPONSABLE,
            donnees=tuple(replace(ligne, exception_art9="") for ligne in CANTINE.donnees),
        )
        assert lecture.fiches[0].fiche == attendue

    @pytest.mark.parametrize(
        ("nom", "phrase"),
        [
            ("vide.csv", "Ce fichier est vide"),
            ("faux.xlsx", "ce n’en est pas un"),
            ("illisible.ods", "tronqué ou abîmé"),
            ("tronque.json", "n’est pas un JSON lisible"),
            ("sans_fiche.csv", "Aucune fiche n’est reconnue"),
            ("cnil_vierge.ods", "Aucune fiche n’est reconnue"),
        ],
    )
    def test_un_fichier_qui_ne_se_lit_pas_dit_quoi_faire(self, nom, phrase):
        with pytest.raises(FichierIllisible, match=phrase):
            relire(nom)

    @pytest.mark.parametrize(
        ("nom", "contenu", "phrase"),
        [
            ("registre.pdf", b"%PDF", "ODS, XLSX, CSV ou JSON"),
            ("registre.json", b"", "vide"),
            ("registre.json", b" " * 20_000_001, "trop gros"),
            ("registre.json", b"[" * 200_000, "JSON lisible"),
            ("registre.json", b"\xff\xfe", "JSON lisible"),
            ("registre.json", b"1" * 5_000, "JSON lisible"),
            ("registre.json", b'{"document": {}}', "enregistrements"),
            ("registre.json", b"[]", "Aucune fiche"),
        ],
    )
    def test_un_contenu_impossible_est_refuse(self, nom, contenu, phrase):
        with pytest.raises(FichierIllisible, match=phrase):
            lire_registre(nom, contenu)

    @pytest.mark.parametrize(
        ("nom", "lieu", "phrase"),
        [
            ("deux_bases.csv", "ligne 2", "Deux bases légales pour une finalité"),
            ("nom_manquant.csv", "ligne 2", "Il manque le nom de la fiche."),
            ("trop_long.csv", "ligne 2", "Nom\u00a0: 201 caractères, 200 au plus."),
            ("numero_de_securite_sociale.csv", "ligne 2", "numéro de sécurité sociale"),
            ("carte_bancaire.json", "enregistrement 1", "numéro de carte bancaire"),
            ("rubrique_inconnue.json", "enregistrement 1", "rubrique inconnue couleur"),
            ("trop_de_fiches.csv", "tout le fichier", "2\u202f001 fiches, 2\u202f000 au plus"),
            (
                "duree_illisible.ods",
                "feuille «\u00a01 Cantine et garderie périscola\u00a0», ligne 25",
                "Durée illisible\u00a0: «\u00a0treize\u00a0»",
            ),
            (
                "categorie_inconnue.ods",
                "feuille «\u00a01 Cantine et garderie périscola\u00a0», ligne 18",
                "«\u00a0Un dragon devant la porte\u00a0» est inconnu",
            ),
        ],
    )
    def test_chaque_faute_est_dite_a_sa_place(self, nom, lieu, phrase):
        premiere = erreurs(nom)[0]
        assert premiere[0] == lieu
        assert phrase in premiere[1]

    def test_un_autre_organisme_et_une_version_communicable_sont_signales(self):
        lecture = relire("autre_organisme.json")
        assert lecture.siren == "210300232"
        (constat,) = lecture.avertissements
        assert "version communicable" in constat.message

    def test_les_titres_se_reconnaissent_sans_accents_ni_ordre(self):
        (lue,) = relire("accents_et_ordre.csv").fiches
        cinq_ans = Duree(5, "annee")
        assert lue.fiche == Fiche(
            nom="Adhésions à la médiathèque",
            logiciels="Orphée",
            donnees=(
                LigneDonnees("identite", "Nom, prénom", cinq_ans),
                LigneDonnees("bancaire", "RIB", cinq_ans),
            ),
        )


class TestModeleDeLaCnil:
    """Un classeur du modèle rempli à la main, écrit par une autre bibliothèque que la nôtre."""

    @pytest.fixture
    def lecture(self):
        return relire("cnil_rempli_a_la_main.ods")

    def test_les_fiches_remplies_sont_reconnues(self, lecture):
        assert [lue.fiche.nom for lue in lecture.fiches] == [
            "Gestion du personnel",
            "Location de la salle des fêtes",
        ]
        assert lecture.erreurs == []

    def test_tout_ce_qui_se_range_est_range(self, lecture):
        fiche = lecture.fiches[0].fiche
        assert fiche.finalites == (
            LigneFinalite("Payer les agents", principale=True),
            LigneFinalite("Suivre les carrières"),
        )
        assert fiche.personnes == (
            LignePersonnes("agents", "Salariés, agents titulaires et contractuels", True),
            LignePersonnes("tiers-correspondants", "Autre (préciser), stagiaires de troisième"),
        )
        assert fiche.destinataires == (
            LigneDestinataire("interne", "services", "Service RH"),
            LigneDestinataire("externe", "comptable", "Trésor public"),
        )
        assert fiche.prestataires == (LignePrestataire("", "Berger-Levrault"),)
        assert fiche.transferts_reponse == "oui"
        assert fiche.transferts[0] == LigneTransfert("Google LLC", "US", "cct", "https://exemple.fr/cct")
        assert (fiche.coresponsables_reponse, fiche.coresponsables) == ("oui", "CCAS de Fau")

    def test_un_delai_lisible_devient_une_duree_et_l_autre_reste_ecrit(self, lecture):
        assert lecture.fiches[0].fiche.donnees == (
            LigneDonnees("identite", "Nom, prénom, adresse", Duree(5, "annee", "le départ")),
            LigneDonnees("economique", "RIB, salaire (durée\u00a0: 10 ans puis archivage)"),
            LigneDonnees("nir", "NIR pour la DSN", Duree(5, "annee")),
            LigneDonnees("sante", "Arrêts de travail", Duree(0, "jour", "le départ de l'agent")),
        )

    def test_une_mesure_inconnue_est_gardee_sans_categorie(self, lecture):
        assert lecture.fiches[0].fiche.mesures == (
            LigneMesure("habilitations", "Contrôle d'accès des utilisateurs"),
            LigneMesure("mots-de-passe", "Identifiant et mot de passe"),
            LigneMesure("sauvegarde", "Sauvegarde des données, Disque externe chaque vendredi"),
            LigneMesure("", "Autres mesures, On ferme les volets"),
        )

    def test_ce_qui_ne_se_range_pas_reste_dans_la_description(self, lecture):
        assert lecture.fiches[0].fiche.description == (
            "Destinataire\u00a0: Partenaires institutionnels ou commerciaux, Club du troisième âge"
        )

    def test_neant_se_comprend(self, lecture):
        fiche = lecture.fiches[1].fiche
        assert (fiche.coresponsables_reponse, fiche.transferts_reponse) == ("aucun", "aucun")
        assert fiche.transferts == ()

    @pytest.mark.parametrize(
        "phrase",
        [
            "Durée à reprendre\u00a0: «\u00a010 ans puis archivage\u00a0» est gardé dans la description.",
            "«\u00a0Autre (préciser)\u00a0» est rangé dans «\u00a0Autres correspondants et tiers cités",
            "«\u00a0Club du troisième âge\u00a0» est gardé dans la description",
            "«\u00a0Autres mesures\u00a0» est gardé sans catégorie",
            "Choisissez le type du prestataire «\u00a0Berger-Levrault\u00a0».",
            "Pays à choisir\u00a0: «\u00a0Belgique\u00a0» n’est pas un pays hors d’Europe.",
            "C’est l’exemple du modèle\u00a0: elle est ignorée.",
            "«\u00a0Vidéoprotection\u00a0» est dans la liste mais n’a pas de feuille",
        ],
    )
    def test_chaque_doute_est_dit(self, lecture, phrase):
        assert [c for c in lecture.avertissements if phrase in c.message]


class TestTableau:
    def test_une_base_legale_vaut_pour_la_premiere_finalite(self):
        (lue,) = relire_csv('Nom;Finalités;Base légale\nPaie;"Payer\nDéclarer";art. 6-1 c\n').fiches
        assert lue.fiche.finalites == (LigneFinalite("Payer", "c", "", True), LigneFinalite("Déclarer"))

    def test_un_crochet_qui_n_est_pas_une_base_est_un_texte(self):
        (lue,) = relire_csv("Nom;Finalités\nPaie;Payer [Code général]\n").fiches
        assert lue.fiche.finalites == (LigneFinalite("Payer", "", "Code général", True),)

    def test_des_durees_qui_ne_se_comptent_pas_comme_les_donnees_sont_gardees(self):
        lecture = relire_csv('Nom;Données;Durées\nPaie;"Nom\nRIB\nSalaire";"5 ans\n6 ans"\n')
        fiche = lecture.fiches[0].fiche
        assert fiche.description == "Durée\u00a0: 5 ans\nDurée\u00a0: 6 ans"
        assert {ligne.duree for ligne in fiche.donnees} == {Duree()}
        assert [c for c in lecture.avertissements if "2 durées pour 3 données" in c.message]

    def test_deux_fiches_de_meme_nom_dans_le_fichier_se_disent(self):
        lecture = relire_csv("Nom;Service\nPaie;RH\nPAIE;\n")
        assert len([c for c in lecture.avertissements if "plusieurs fiches" in c.message]) == 2

    @pytest.mark.parametrize(
        ("texte", "reponse", "transferts"),
        [
            ("Aucun", "aucun", ()),
            ("Non, rien ne sort d’Europe", "aucun", ()),
            ("", "", ()),
            (
                "Nuage SA (États-Unis) : adéquation, https://x",
                "oui",
                ("Nuage SA", "US", "adequation", "https://x"),
            ),
            ("Nuage SA", "oui", ("Nuage SA", "", "", "")),
            (
                "Nuage SA (USA)\u00a0: Décision d’adéquation (art. 45), https://x",
                "oui",
                ("Nuage SA", "US", "adequation", "https://x"),
            ),
        ],
    )
    def test_les_transferts_se_lisent_dans_une_cellule(self, texte, reponse, transferts):
        (lue,) = relire_csv(f"Nom;Transferts hors UE\nPaie;{texte}\n").fiches
        assert lue.fiche.transferts_reponse == reponse
        assert lue.fiche.transferts == ((LigneTransfert(*transferts),) if transferts else ())


@pytest.mark.parametrize(
    ("texte", "attendue"),
    [
        ("5 ans", Duree(5, "annee")),
        ("5 ans après le départ", Duree(5, "annee", "le départ")),
        ("3 ans à compter de la clôture.", Duree(3, "annee", "la clôture")),
        ("1 an à compter du dernier contact", Duree(1, "annee", "le dernier contact")),
        ("2 mois à partir des résultats", Duree(2, "mois", "les résultats")),
        ("6 mois à compter d’une décision", Duree(6, "mois", "une décision")),
        ("un mois", Duree(1, "mois")),
        ("2 semaines", Duree(14, "jour")),
        ("1\u202f200 jours", Duree(1200, "jour")),
        ("P13M", Duree(13, "mois")),
        ("Illimitée", Duree(unite="permanente")),
        ("effacement immédiat", Duree(0, "jour")),
        ("jusqu’aux élections", Duree(0, "jour", "les élections")),
        ("Jusqu'à la fin du contrat", Duree(0, "jour", "la fin du contrat")),
        ("10 ans puis archivage", None),
        ("5 ans après le départ, puis 10 ans", None),
        ("Année scolaire en cours + 1 an", None),
        ("plusieurs ans", None),
        ("99999 ans", None),
        ("x" * 400, None),
        ("", None),
    ],
)
def test_un_delai_en_toutes_lettres(texte, attendue):
    assert lire_duree(texte) == attendue


@pytest.mark.parametrize("unite", ["jour", "mois", "annee"])
@pytest.mark.parametrize("evenement", ["", "le départ", "les résultats", "la fin de l’année"])
@pytest.mark.parametrize("nombre", [1, 2, 13, 1200])
def test_une_duree_dite_se_relit(nombre, unite, evenement):
    duree = Duree(nombre, unite, evenement)
    assert lire_duree(libelle_duree(duree)) == duree


class TestCodes:
    @pytest.mark.parametrize("vocabulaire", CODES)
    def test_chaque_libelle_rend_son_code(self, vocabulaire):
        for code, libelle in CODES[vocabulaire].items():
            assert chercher(vocabulaire, libelle) == code
            assert chercher(vocabulaire, libelle.upper()) == code
            assert chercher(vocabulaire, code) == code

    def test_un_debut_de_libelle_suffit_s_il_n_en_designe_qu_un(self):
        assert chercher("sorts_finaux", "Élimination") == "E"
        assert chercher("sorts_finaux", "Élim") is None
        assert chercher("categories_personnes", "Personnes") is None

    @pytest.mark.parametrize(
        ("texte", "base"),
        [("Mission de service public", "e"), ("6.1.f", "f"), ("Article 6-1 a", "a"), ("", "")],
    )
    def test_une_base_legale_se_dit_de_plusieurs_facons(self, texte, base):
        assert lire_base_legale(texte) == base

    def test_une_base_legale_inconnue_est_refusee(self):
        with pytest.raises(Illisible, match="Base légale inconnue"):
            lire_base_legale("parce que")

    def test_un_oui_et_un_nombre_se_verifient(self):
        assert (lire_oui("X"), lire_oui("non"), lire_entier(" 12 "), lire_entier("")) == (
            True,
            False,
            12,
            None,
        )
        with pytest.raises(Illisible, match="ni oui ni non"):
            lire_oui("peut-être")
        with pytest.raises(Illisible, match="illisible"):
            lire_entier("-3")

    def test_une_reponse_inconnue_est_refusee(self):
        champ = next(champ for champ in SIMPLES if champ.chemin == "decision_automatisee")
        with pytest.raises(Illisible, match="inconnu"):
            lire_champ(champ, "Parfois")

    def test_un_libelle_a_deux_points_garde_sa_precision(self):
        libelle = CODES["mesures_securite"]["papier"]
        assert separer("mesures_securite", f"{libelle}\u00a0: armoire") == ("papier", "armoire")
        assert separer("mesures_securite", "Autre : armoire") == ("", "Autre : armoire")

    @pytest.mark.parametrize("texte", ["", "-", "Néant", "Sans objet à ce jour", "N/A", "Aucune"])
    def test_ne_rien_dire_se_dit_de_plusieurs_facons(self, texte):
        assert est_neant(texte)
        assert not est_neant(f"Nom {texte}")


class TestControles:
    def test_une_fiche_valable_ne_suscite_rien(self):
        assert list(controler(CANTINE)) == []

    @pytest.mark.parametrize(
        ("changement", "phrase"),
        [
            ({"nom": " "}, "Il manque le nom de la fiche."),
            ({"personnes": (LignePersonnes("", "x"),)}, "Personnes concernées, ligne 1\u00a0: choisissez"),
            ({"personnes": (LignePersonnes("martiens"),)}, "«\u00a0martiens\u00a0» est inconnu"),
            ({"donnees": (LigneDonnees(),)}, "Données et durées, ligne 1\u00a0: choisissez une catégorie."),
            ({"donnees": (LigneDonnees("identite", duree=Duree(10_000, "jour")),)}, "durée illisible"),
            ({"donnees": (LigneDonnees("identite", duree=Duree(-1, "jour")),)}, "durée illisible"),
            ({"aipd_criteres": ("evaluation", "magie")}, "«\u00a0magie\u00a0» est inconnu"),
            ({"finalites": (LigneFinalite("x" * 401),)}, "401 caractères, 400 au plus"),
            ({"information": "x" * 4_001}, "4\u202f001 caractères"),
        ],
    )
    def test_une_fiche_fautive_est_decrite(self, changement, phrase):
        assert any(phrase in faute for faute in controler(replace(CANTINE, **changement)))

    def test_un_enregistrement_sans_contenu_est_refuse(self):
        lecture = lire_registre("r.json", json.dumps({"enregistrements": ["x", en_dict(CANTINE)]}).encode())
        assert [(c.lieu, c.message) for c in lecture.erreurs] == [
            ("enregistrement 1", "Le contenu de la fiche manque.")
        ]
        assert [lue.fiche.nom for lue in lecture.fiches] == [CANTINE.nom]


def test_une_rubrique_demesuree_est_refusee_sans_etre_fouillee():
    fiche = replace(CANTINE, mesures=CANTINE.mesures * 300)
    assert [p for p in controler(fiche) if "lignes, 200 au plus" in p]


def test_un_texte_demesure_ne_donne_qu_une_erreur():
    phrases = list(controler(replace(CANTINE, information="2 55 08 14 168 025 38 " * 1000)))
    assert len(phrases) == 1
    assert "au plus" in phrases[0]
