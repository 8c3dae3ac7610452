"""Ce qui sort : relevé d’interventions, état mensuel, état annuel, classeur de la structure."""

import csv
import json
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pikepdf
import pytest
from django.urls import reverse

from dpd.comptes.models import JournalAcces
from dpd.conventions import interventions_lues as lecture
from dpd.conventions.actions.annuels import figer
from dpd.conventions.actions.campagne import avancer, lancer
from dpd.conventions.actions.mensuels_lignes import decider, repondre, valider_tout
from dpd.conventions.exports.annuel import etat_annuel_en_document
from dpd.conventions.exports.annuels import exercice_en_document
from dpd.conventions.exports.interventions import releve_des_interventions
from dpd.conventions.exports.mensuel import etat_mensuel_en_document
from dpd.conventions.exports.sources import sources_dites
from dpd.conventions.mensuels_lus import bilan
from dpd.conventions.models import EtatAnnuel, RegleRaccord
from dpd.conventions.regles.mensuel import GesteLigne
from dpd.documents.reponse import FORMATS
from tests.conventions.conftest import creer_indice
from tests.conventions.fabriques_etats import (
    JANVIER,
    bareme_journees,
    convention_journees,
    creer_portefeuille,
    mois_fige,
    tracee,
)
from tests.documents.lecture_pdf import Arbre

pytestmark = pytest.mark.django_db


def ecrit(document, format) -> bytes:
    sortie = BytesIO()
    FORMATS[format].ecrire(document, sortie)
    return sortie.getvalue()


class Imprime(str):
    """Le texte d’un PDF : une phrase s’y cherche quelles que soient ses espaces et ses fins de ligne."""

    def __contains__(self, mot):
        return "".join(mot.split()) in "".join(self.split())


def texte_du_pdf(document) -> Imprime:
    with pikepdf.open(BytesIO(ecrit(document, "pdf"))) as pdf:
        return Imprime("\n".join(texte for _, _, texte, _ in Arbre(pdf).noeuds))


def classeur(document):
    return openpyxl.load_workbook(BytesIO(ecrit(document, "xlsx")))


def rangees(feuille):
    return [tuple(cellule.value for cellule in ligne) for ligne in feuille.iter_rows()]


class TestReleve:
    @pytest.fixture
    def document(self, convention, collectivite, agent):
        tracee(collectivite, agent, date(2026, 11, 2), 90, nature="visite", demande="=cmd()")
        tracee(collectivite, agent, date(2026, 12, 1), 15)
        requete = lecture.de_la_collectivite(collectivite, 2026)
        return releve_des_interventions(collectivite, requete, annee=2026, maintenant=JANVIER)

    def test_le_pdf_est_range_par_mois(self, document):
        texte = texte_du_pdf(document)
        assert texte.index("Novembre 2026") < texte.index("Décembre 2026")
        for mot in (
            "Interventions 2026",
            "Visite",
            "1\u00a0h\u00a030",
            "Agathe Assistance",
            "1\u00a0h\u00a045",
        ):
            assert mot in texte

    def test_le_classeur_a_une_ligne_par_intervention(self, document):
        entete, premiere, seconde = rangees(classeur(document)["Interventions"])
        assert entete[:3] == ("Nature", "Date", "Durée (minutes)")
        assert premiere[:4] == ("Visite", "02/11/2026", 90, "À distance")
        assert premiere[5] == "=cmd()"
        assert seconde[:3] == ("Appel", "01/12/2026", 15)

    def test_le_csv_n_execute_rien(self, document):
        lignes = list(csv.reader(StringIO(ecrit(document, "csv").decode("utf-8-sig")), delimiter=";"))
        assert any("'=cmd()" in ligne for ligne in lignes)

    def test_le_json_dit_tout(self, document):
        contenu = json.loads(ecrit(document, "json"))
        assert contenu["document"]["siren"] == "218201317"
        assert contenu["enregistrements"][0] == {
            "nature": "visite",
            "date": "2026-11-02",
            "minutes": 90,
            "minutes_tracees": 90,
            "lieu": "distance",
            "phase": "accompagnement",
            "demande": "=cmd()",
            "intervenant": "Agathe Assistance",
            "etat_mensuel": "",
        }

    def test_l_ods_s_ecrit_aussi(self, document):
        assert ecrit(document, "ods").startswith(b"PK")

    def test_un_releve_vide_le_dit(self, collectivite):
        requete = lecture.de_la_collectivite(collectivite, None)
        document = releve_des_interventions(collectivite, requete, annee=None, maintenant=JANVIER)
        assert "Aucune intervention sur cette période." in texte_du_pdf(document)

    def test_l_empreinte_suit_le_contenu(self, document, convention, collectivite, agent):
        def empreinte():
            requete = lecture.de_la_collectivite(collectivite, 2026)
            document = releve_des_interventions(collectivite, requete, annee=2026, maintenant=JANVIER)
            return document.entete.empreinte

        assert empreinte() == document.entete.empreinte
        tracee(collectivite, agent, date(2026, 12, 3), 15)
        assert empreinte() != document.entete.empreinte


class TestMensuel:
    @pytest.fixture
    def etat(self, structure, collectivite, gestionnaire, agent, decideur):
        """Une ligne corrigée puis à valider, une validée, une retirée."""
        bareme_journees(structure)
        convention = convention_journees(collectivite)
        for jour, minutes in ((2, 60), (3, 420), (4, 120)):
            tracee(collectivite, agent, date(2026, 4, jour), minutes, demande=f"Demande {jour}")
        etat = mois_fige(convention, gestionnaire)
        une, deux, trois = etat.lignes.all()
        quand = {"auteur": decideur, "maintenant": JANVIER}
        for ligne in (une, trois):
            decider(ligne=ligne, geste=GesteLigne.CONTESTER, motif="Trop long", **quand)
        decider(ligne=deux, geste=GesteLigne.VALIDER, **quand)
        quand["auteur"] = gestionnaire
        repondre(ligne=une, geste=GesteLigne.CORRIGER, minutes=30, motif="Exact", **quand)
        repondre(ligne=trois, geste=GesteLigne.RETIRER, motif="Doublon", **quand)
        return etat

    def document(self, collectivite, etat):
        etat.refresh_from_db()
        return etat_mensuel_en_document(collectivite, bilan(etat), maintenant=JANVIER)

    def test_le_pdf_montre_le_presente_le_retenu_et_les_echanges(self, collectivite, etat):
        texte = texte_du_pdf(self.document(collectivite, etat))
        for mot in (
            "avril 2026",
            "Contestation\u00a0: Trop long",
            "Réponse\u00a0: Exact",
            "Retirée",
            "À valider",
            "1,07\u00a0jour de 7\u00a0h",
            "246,10\u00a0€",
            "En attente de la collectivité",
            "le titre de recettes est émis par la comptabilité",
        ):
            assert mot in texte

    def test_une_fois_valide_il_dit_par_qui(self, collectivite, etat, decideur):
        valider_tout(etat=etat, auteur=decideur, maintenant=JANVIER)
        document = self.document(collectivite, etat)
        assert document.entete.nature == "État validé par la collectivité"
        assert "Bernard Lacaze" in texte_du_pdf(document)

    def test_une_contestation_en_cours_se_compte(self, collectivite, etat, decideur):
        une = etat.lignes.get(ordre=1)
        decider(ligne=une, geste=GesteLigne.CONTESTER, motif="Non", auteur=decideur, maintenant=JANVIER)
        assert "1\u00a0ligne" in texte_du_pdf(self.document(collectivite, etat))

    def test_le_classeur_garde_la_duree_presentee(self, collectivite, etat):
        _, une, deux, trois = rangees(classeur(self.document(collectivite, etat))["État mensuel"])
        assert [ligne[5:8] for ligne in (une, deux, trois)] == [
            (60, 30, "À valider"),
            (420, 420, "Validée"),
            (120, 0, "Retirée"),
        ]
        assert deux[10:] == ("Bernard Lacaze", "05/01/2027")

    def test_il_sort_dans_les_cinq_formats(self, connecte, lecteur, collectivite, etat):
        client = connecte(lecteur)
        for format in FORMATS:
            adresse = reverse("conventions:exporter_etat_mensuel", args=[collectivite.siren, 2026, 4, format])
            reponse = client.get(adresse)
            assert reponse.status_code == 200
            assert b"".join(reponse.streaming_content)
        assert JournalAcces.objects.filter(detail__startswith="état mensuel, avril 2026").count() == 5


@pytest.fixture
def etat(structure, collectivite, convention, bareme_tranches, gestionnaire):
    """Exercice 2026 : 750 € révisés de 274,7 à 307,0, par le raccord délibéré."""
    creer_indice(structure, 2025, 11, "307.0", serie="revise", source="Essai", publie_le=date(2025, 12, 29))
    RegleRaccord(
        structure=structure,
        coefficient=Decimal("0.979750"),
        deliberation="2024-12",
        deliberee_le=date(2024, 3, 1),
        source="Essai",
    ).save()
    return figer(convention=convention, exercice=2026, auteur=gestionnaire, maintenant=JANVIER)


class TestAnnuel:
    def test_le_pdf_montre_le_calcul_et_ses_sources(self, collectivite, etat):
        texte = texte_du_pdf(etat_annuel_en_document(collectivite, etat, maintenant=JANVIER))
        for mot in (
            "État annuel des prestations 2026",
            "1\u00a0an",
            "750,00\u00a0€",
            "855,51\u00a0€",
            "Population totale de 1\u202f556\u00a0habitants\u00a0: tranche de 901 à 2\u202f000 habitants",
            "750,00\u00a0€ × 307,0 (indice de novembre 2025) ÷ 0,97975 (raccord des séries) ÷ 274,7",
            "= 855,51\u00a0€, arrondi au centime",
            "pour l’exercice entier, sans prorata",
            "1\u202f556\u00a0habitants, millésime 2023, INSEE",
            "307,0 (novembre 2025, série révisée), publié le 29\u00a0déc. 2025, Essai",
            "coefficient 0,97975",
            "Grille 2020 (tranches de population), Délibération de 2019, article 5.6",
            "base de la facturation",
            "le titre de recettes est émis par la comptabilité",
            etat.empreinte,
        ):
            assert mot in texte, mot
        assert "TVA" not in texte

    def test_le_document_ne_depend_que_de_l_etat(self, collectivite, etat, bareme_tranches):
        avant = texte_du_pdf(etat_annuel_en_document(collectivite, etat, maintenant=JANVIER))
        collectivite.population_totale = 12
        collectivite.save()
        bareme_tranches.nom = "Autre nom"
        bareme_tranches.save()
        relu = EtatAnnuel.objects.select_related("fige_par").get(pk=etat.pk)
        assert texte_du_pdf(etat_annuel_en_document(collectivite, relu, maintenant=JANVIER)) == avant

    def test_le_classeur_et_le_json_portent_les_memes_montants(self, collectivite, etat):
        document = etat_annuel_en_document(collectivite, etat, maintenant=JANVIER)
        feuille = rangees(classeur(document)["État 2026-001"])
        assert feuille[1][4:] == (750, 855.51, 855.51)
        assert feuille[-1][0::6] == ("Total", 855.51)
        (enregistrement,) = json.loads(ecrit(document, "json"))["enregistrements"]
        assert (enregistrement["total"], enregistrement["numero"]) == ("855.51", "2026-001")
        assert enregistrement["sources"]["base"]["valeur"] == "274.7"

    def test_des_journees_se_disent_en_jours(self, structure, collectivite, gestionnaire, decideur, agent):
        bareme_journees(structure, jours_inclus=Decimal("0"))
        convention = convention_journees(collectivite)
        tracee(collectivite, agent, date(2026, 4, 2), 1050)
        valider_tout(etat=mois_fige(convention, gestionnaire), auteur=decideur, maintenant=JANVIER)
        etat = figer(convention=convention, exercice=2026, auteur=gestionnaire, maintenant=JANVIER)
        texte = texte_du_pdf(etat_annuel_en_document(collectivite, etat, maintenant=JANVIER))
        for mot in (
            "2,5\u00a0jours",
            "2,5 × 230,00\u00a0€ = 575,00\u00a0€",
            "2\u202f875,00\u00a0€",
            "sans révision",
            "Le forfait, plus chaque journée",
            "Forfait annuel, 2\u202f300,00\u00a0€",
        ):
            assert mot in texte, mot

    def test_seules_les_sources_qui_ont_servi_sont_dites(self, etat):
        libelles = [libelle for libelle, _ in sources_dites(etat.sources)]
        assert "Population totale" in libelles
        assert "Forfait" not in libelles
        assert "Journées retenues" not in libelles

    @pytest.mark.parametrize(
        ("qui", "statut"), [("lecteur", 200), ("gestionnaire", 200), ("agent", 403), ("etranger", 404)]
    )
    def test_chacun_le_telecharge_selon_son_role(self, qui, statut, request, connecte, collectivite, etat):
        adresse = reverse("conventions:exporter_etat_annuel", args=[collectivite.siren, 2026, "pdf"])
        reponse = connecte(request.getfixturevalue(qui)).get(adresse)
        assert reponse.status_code == statut
        if statut == 200:
            assert "etat-annuel-2026-001-montpezat-de-quercy" in reponse["Content-Disposition"]
            assert JournalAcces.objects.filter(detail="état annuel 2026-001, PDF").count() == 1

    def test_un_exercice_non_fige_est_introuvable(self, connecte, lecteur, collectivite, etat):
        adresse = reverse("conventions:exporter_etat_annuel", args=[collectivite.siren, 2025, "pdf"])
        assert connecte(lecteur).get(adresse).status_code == 404


class TestExercice:
    @pytest.fixture
    def exercice(self, structure, modele_tranches, etat, gestionnaire):
        """Montpezat et onze communes."""
        creer_portefeuille(structure, modele_tranches, 11)
        campagne = lancer(structure=structure, exercice=2026, auteur=gestionnaire, maintenant=JANVIER)
        avancer(campagne=campagne, auteur=gestionnaire, maintenant=JANVIER)
        return structure

    def test_le_classeur_a_une_ligne_par_etat_puis_les_prestations(self, exercice):
        pages = classeur(exercice_en_document(exercice, 2026, maintenant=JANVIER))
        etats, prestations = rangees(pages["États"]), rangees(pages["Prestations"])
        assert (len(etats), len(prestations)) == (13, 13)
        assert etats[1][:3] == ("2026-001", "Commune de Montpezat-de-Quercy", "218201317")
        assert etats[1][8] == prestations[1][-1] == 855.51
        assert sum(ligne[8] for ligne in etats[1:]) == pytest.approx(12 * 855.51)

    def test_le_pdf_a_un_etat_par_fiche(self, exercice):
        document = exercice_en_document(exercice, 2026, maintenant=JANVIER)
        texte = texte_du_pdf(document)
        assert len(document.sommaire) == 12
        assert texte.count("base de la facturation") == 12
        assert document.entete.version == "12\u00a0états, 10\u202f266,12\u00a0€"

    def test_l_empreinte_est_celle_des_etats(self, exercice):
        premiere = exercice_en_document(exercice, 2026, maintenant=JANVIER).entete.empreinte
        assert exercice_en_document(exercice, 2026, maintenant=JANVIER).entete.empreinte == premiere
        vide = exercice_en_document(exercice, 2025, maintenant=JANVIER)
        assert vide.entete.empreinte != premiere
        assert vide.entete.version == "0\u00a0état, 0,00\u00a0€"

    def test_les_requetes_ne_suivent_pas_le_nombre_d_etats(
        self, exercice, django_assert_num_queries, modele_tranches, gestionnaire
    ):
        def lignes():
            return len(rangees(classeur(exercice_en_document(exercice, 2026, maintenant=JANVIER))["États"]))

        with django_assert_num_queries(5):
            assert lignes() == 13
        creer_portefeuille(exercice, modele_tranches, 20, depuis=50)
        campagne = lancer(structure=exercice, exercice=2026, auteur=gestionnaire, maintenant=JANVIER)
        campagne = avancer(campagne=campagne, auteur=gestionnaire, maintenant=JANVIER, lot=100)
        avancer(campagne=campagne, auteur=gestionnaire, maintenant=JANVIER)
        with django_assert_num_queries(5):
            assert lignes() == 33

    def test_il_sort_dans_les_cinq_formats(self, connecte, dpd, exercice):
        client = connecte(dpd)
        for format in FORMATS:
            adresse = reverse("conventions:exporter_etats_annuels", args=[exercice.siren, 2026, format])
            reponse = client.get(adresse)
            assert b"".join(reponse.streaming_content)
        assert (
            JournalAcces.objects.filter(structure=exercice, detail__startswith="états annuels").count() == 5
        )

    def test_ni_l_agent_ni_l_etranger_ne_le_lisent(self, connecte, agent, etranger, structure):
        adresse = reverse("conventions:exporter_etats_annuels", args=[structure.siren, 2026, "xlsx"])
        assert connecte(agent).get(adresse).status_code == 403
        assert connecte(etranger).get(adresse).status_code == 404
