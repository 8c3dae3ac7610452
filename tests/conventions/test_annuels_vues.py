"""La liste des états, la génération à l’écran et ses deux façons d’avancer, l’affichage de la convention."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from dpd.comptes.models import Collectivite
from dpd.conventions.actions.annuels import figer
from dpd.conventions.actions.campagne import lancer
from dpd.conventions.affichage_etats import contexte_etats, temps_passe
from dpd.conventions.models import CampagneEtats, EtatAnnuel
from tests.conventions.conftest import creer_indice
from tests.conventions.fabriques_etats import JANVIER, creer_portefeuille, tracee

pytestmark = pytest.mark.django_db
EXERCICE = 2026


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine):
    time_machine.move_to(JANVIER, tick=False)


@pytest.fixture
def prix(structure, convention):
    creer_indice(structure, 2025, 11, "276.9", source="Essai, valeur d’exemple")


@pytest.fixture
def etat(convention, bareme_tranches, prix, gestionnaire):
    return figer(convention=convention, exercice=EXERCICE, auteur=gestionnaire, maintenant=JANVIER)


def adresse(nom, structure, *suite):
    return reverse(f"conventions:{nom}", args=[structure.siren, *suite])


class TestListe:
    def test_les_etats_de_l_exercice_se_lisent(self, connecte, gestionnaire, etat, structure):
        vue = connecte(gestionnaire).get(adresse("etats_annuels", structure), {"exercice": EXERCICE})
        page = vue.content.decode()
        assert "1 état figé, 756,01\u00a0€ en tout." in page
        assert "2026-001" in page
        assert (
            reverse("conventions:exporter_etat_annuel", args=[etat.collectivite.siren, 2026, "pdf"]) in page
        )
        assert vue.context["exercices"] == [2027, 2026]

    def test_l_exercice_par_defaut_est_celui_en_cours(self, connecte, dpd, etat, structure):
        vue = connecte(dpd).get(adresse("etats_annuels", structure))
        assert (vue.context["exercice"], list(vue.context["page"])) == (2027, [])
        assert "Aucun état n’est figé pour 2027" in vue.content.decode()

    def test_le_dpd_lit_sans_generer(self, connecte, dpd, etat, structure):
        client = connecte(dpd)
        assert "Générer" not in client.get(adresse("etats_annuels", structure)).content.decode()
        assert client.get(adresse("campagne", structure, EXERCICE)).status_code == 403
        assert client.post(adresse("lancer_campagne", structure, EXERCICE)).status_code == 403
        assert client.post(adresse("avancer_campagne", structure, EXERCICE)).status_code == 403

    def test_les_autres_n_y_entrent_pas(self, connecte, agent, etranger, referent, structure):
        assert connecte(agent).get(adresse("etats_annuels", structure)).status_code == 403
        for personne in (etranger, referent):
            assert connecte(personne).get(adresse("etats_annuels", structure)).status_code == 404
            assert connecte(personne).get(adresse("campagne", structure, EXERCICE)).status_code == 404


def lancer_a_l_ecran(client, structure, exercice=EXERCICE):
    """Lit l’aperçu, puis confirme ce qu’il montre."""
    lu = client.get(adresse("campagne", structure, exercice)).context["lu"]
    return client.post(adresse("lancer_campagne", structure, exercice), {"lu": lu}, follow=True)


def avancer_a_l_ecran(client, structure, **options):
    """Le bouton « Continuer », tel que la page le montre."""
    depuis = CampagneEtats.objects.get().curseur
    return client.post(adresse("avancer_campagne", structure, EXERCICE), {"depuis": depuis}, **options)


class TestGeneration:
    @pytest.fixture
    def portefeuille(self, structure, modele_tranches, bareme_tranches, prix, voisine):
        """Montpezat, vingt-cinq communes, et Septfonds sans convention."""
        creer_portefeuille(structure, modele_tranches, 25)

    def test_l_apercu_precede_l_ecriture(self, connecte, gestionnaire, portefeuille, structure):
        page = connecte(gestionnaire).get(adresse("campagne", structure, EXERCICE)).content.decode()
        assert "26\u00a0états, 19\u202f656,26\u00a0€" in page
        assert "Figer 26\u00a0états" in page
        assert "Aucune convention n’est signée." in page
        assert not EtatAnnuel.objects.exists()

    def test_sans_script_on_continue_par_un_bouton(self, connecte, gestionnaire, portefeuille, structure):
        client = connecte(gestionnaire)
        page = lancer_a_l_ecran(client, structure).content.decode()
        assert "Génération en cours" in page
        assert "Continuer" in page
        page = avancer_a_l_ecran(client, structure, follow=True).content.decode()
        assert "20\u00a0collectivités examinées sur 27" in page
        for _ in range(2):
            reponse = avancer_a_l_ecran(client, structure, follow=True)
        page = reponse.content.decode()
        assert "Tout ce qui peut l’être est figé. Il reste des anomalies à lever." in page
        assert EtatAnnuel.objects.count() == 26
        assert CampagneEtats.objects.get().terminee_le == JANVIER

    def test_avec_script_un_fragment_avance_seul(self, connecte, gestionnaire, portefeuille, structure):
        client = connecte(gestionnaire)
        lancer_a_l_ecran(client, structure)
        fragments = [
            avancer_a_l_ecran(client, structure, headers={"hx-request": "true"}).content.decode()
            for _ in range(4)
        ]
        assert all("<html" not in fragment for fragment in fragments)
        assert [("load delay:1s" in fragment) for fragment in fragments] == [True, True, False, False]
        assert 'value="20" max="27"' in fragments[0]
        assert 'id="continuer"' in fragments[0], "le bouton échangé retrouve le focus"
        assert "Génération terminée" in fragments[2]
        assert EtatAnnuel.objects.count() == 26

    def test_quitter_la_page_puis_revenir_reprend(self, connecte, gestionnaire, portefeuille, structure):
        client = connecte(gestionnaire)
        lancer_a_l_ecran(client, structure)
        avancer_a_l_ecran(client, structure)
        liste = client.get(adresse("etats_annuels", structure), {"exercice": EXERCICE}).content.decode()
        assert "Reprendre la génération 2026" in liste
        client.post(adresse("lancer_campagne", structure, EXERCICE), {"lu": "26-1"})
        assert CampagneEtats.objects.count() == 1
        assert (
            "20\u00a0collectivités examinées"
            in client.get(adresse("campagne", structure, EXERCICE)).content.decode()
        )

    def test_un_lot_deja_traite_ne_se_redemande_pas(self, connecte, gestionnaire, portefeuille, structure):
        """Deux clics sur « Continuer » ne font qu’un lot."""
        client = connecte(gestionnaire)
        lancer_a_l_ecran(client, structure)
        for _ in range(2):
            client.post(adresse("avancer_campagne", structure, EXERCICE), {"depuis": "0"})
        assert CampagneEtats.objects.get().traitees == 20

    def test_un_apercu_perime_ne_lance_rien(self, connecte, gestionnaire, portefeuille, structure):
        client = connecte(gestionnaire)
        lu = client.get(adresse("campagne", structure, EXERCICE)).context["lu"]
        commune = Collectivite.objects.get(nom="Commune 000")
        commune.population_totale = 300
        commune.save()
        vue = client.post(adresse("lancer_campagne", structure, EXERCICE), {"lu": lu}, follow=True)
        assert "L’aperçu a changé depuis votre lecture" in vue.content.decode()
        assert not CampagneEtats.objects.exists()

    def test_un_exercice_a_venir_se_regarde_sans_se_figer(
        self, connecte, gestionnaire, portefeuille, structure
    ):
        client = connecte(gestionnaire)
        page = client.get(adresse("campagne", structure, 2028)).content.decode()
        assert "L’exercice 2028 n’a pas commencé" in page
        vue = lancer_a_l_ecran(client, structure, 2028)
        assert "rien ne s’y fige encore" in vue.content.decode()
        assert not CampagneEtats.objects.exists()

    def test_avancer_sans_campagne_est_introuvable(self, connecte, gestionnaire, structure):
        assert connecte(gestionnaire).post(adresse("avancer_campagne", structure, 2026)).status_code == 404

    def test_l_apercu_coute_autant_pour_une_que_pour_cinquante(
        self,
        connecte,
        gestionnaire,
        structure,
        modele_tranches,
        bareme_tranches,
        prix,
        django_assert_num_queries,
    ):
        client = connecte(gestionnaire)
        client.get(adresse("campagne", structure, EXERCICE))
        with django_assert_num_queries(20, exact=False):
            client.get(adresse("campagne", structure, EXERCICE))
        creer_portefeuille(structure, modele_tranches, 50)
        with django_assert_num_queries(20, exact=False):
            assert client.get(adresse("campagne", structure, EXERCICE)).context["apercu"].a_figer == 51


class TestAffichage:
    def test_le_temps_de_l_annee_se_compte_par_nature(self, convention, collectivite, agent):
        for rang in range(3):
            tracee(collectivite, agent, date(2026, 12, 1), 30, maintenant=JANVIER + timedelta(minutes=rang))
        tracee(collectivite, agent, date(2026, 12, 2), 600, nature="visite")
        tracee(collectivite, agent, date(2025, 12, 2), 600)
        passe = temps_passe(collectivite, 2026)
        assert (passe.annee, passe.minutes, passe.detail) == (2026, 690, "3\u00a0appels et 1\u00a0visite")

    def test_les_exercices_passes_vont_du_plus_recent_au_plus_ancien(
        self, collectivite, etat, gestionnaire, django_assert_num_queries
    ):
        with django_assert_num_queries(2):
            contexte = contexte_etats(collectivite, date(2027, 1, 5))
            assert [str(e) for e in contexte["exercices_passes"]] == ["2026-001"]
        assert contexte["temps_passe"].minutes == 0

    def test_la_page_de_la_convention_les_montre(self, connecte, referent, collectivite, etat, agent):
        tracee(collectivite, agent, date(2027, 1, 4), 90)
        page = connecte(referent).get(reverse("conventions:convention", args=[collectivite.siren]))
        texte = page.content.decode()
        assert "État n°\u00a02026-001 (PDF)" in texte
        assert "Temps passé en 2027" in texte
        assert "1\u00a0h\u00a030" in texte

    def test_une_campagne_se_dit_par_son_exercice(self, structure, gestionnaire, bareme_tranches):
        campagne = lancer(structure=structure, exercice=2026, auteur=gestionnaire, maintenant=JANVIER)
        assert str(campagne) == "Exercice 2026"
