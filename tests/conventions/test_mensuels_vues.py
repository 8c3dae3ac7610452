"""Présenter un mois, le valider ligne à ligne, le contester, y répondre : à l’écran."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.conventions.actions.mensuels_lignes import decider
from dpd.conventions.mensuels_lus import lu, lu_de_l_etat
from dpd.conventions.models import Bareme, Convention, EtatMensuel
from dpd.conventions.regles.mensuel import EtatLigne, GesteLigne
from dpd.conventions.views.mensuels import REFUS_DITS
from tests.conventions.fabriques_etats import (
    JANVIER,
    bareme_journees,
    convention_journees,
    creer_portefeuille,
    mois_fige,
    tracee,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine):
    time_machine.move_to(JANVIER, tick=False)


@pytest.fixture
def convention(structure, collectivite, agent):
    """Deux interventions d’avril 2026, une heure puis une journée."""
    bareme_journees(structure)
    convention = convention_journees(collectivite)
    tracee(collectivite, agent, date(2026, 4, 2), 60, demande="Cantine")
    tracee(collectivite, agent, date(2026, 4, 20), 420)
    return convention


@pytest.fixture
def etat(convention, gestionnaire):
    return mois_fige(convention, gestionnaire)


def ligne(etat, ordre=1):
    return etat.lignes.get(ordre=ordre)


def adresse(nom, etat, *suite):
    return reverse(f"conventions:{nom}", args=[etat.collectivite.siren, etat.annee, etat.mois, *suite])


def liste(structure):
    return reverse("conventions:etats_mensuels", args=[structure.siren])


class TestStructure:
    def test_l_apercu_montre_le_dernier_mois_echu(self, connecte, gestionnaire, convention, structure):
        vue = connecte(gestionnaire).get(liste(structure))
        assert (vue.context["mois"], vue.context["mois_nomme"]) == ("2026-12", "décembre 2026")
        assert vue.context["a_figer"] == 0

    @pytest.mark.parametrize("qui", ["gestionnaire", "dpd"])
    def test_le_gestionnaire_ou_le_dpd_fige_un_mois(
        self, qui, request, connecte, convention, structure, decideur
    ):
        client = connecte(request.getfixturevalue(qui))
        page = client.get(f"{liste(structure)}?mois=2026-04").content.decode()
        assert "Figer et présenter 1 état" in page
        assert "262,20\u00a0€" in page  # 1,14 jour à 230 €
        figer = reverse("conventions:figer_mois", args=[structure.siren])
        vue = client.post(figer, {"mois": "2026-04"}, follow=True)
        assert vue.redirect_chain == [(f"{liste(structure)}?mois=2026-04", 302)]
        assert "1\u00a0état figé pour avril 2026" in vue.content.decode()
        etat = EtatMensuel.objects.get()
        assert adresse("etat_mensuel", etat) in vue.content.decode()
        encore = client.post(figer, {"mois": "2026-04"}, follow=True)
        assert "Rien à figer pour avril 2026" in encore.content.decode()
        assert EtatMensuel.objects.get() == etat

    def test_ce_qui_empeche_est_dit_collectivite_par_collectivite(
        self, connecte, gestionnaire, convention, structure
    ):
        figer = reverse("conventions:figer_mois", args=[structure.siren])
        client, seule = connecte(gestionnaire), {"collectivite": convention.collectivite.siren}
        vue = client.post(figer, {"mois": "2026-07", **seule}, follow=True)
        assert "Montpezat-de-Quercy\u00a0: Aucune intervention" in vue.content.decode()
        toutes = client.post(figer, {"mois": "2026-07"}, follow=True).content.decode()
        assert "Rien à figer pour juillet 2026\u00a0: aucune intervention n’attend." in toutes

    def test_mille_refus_ne_font_pas_mille_phrases(
        self, connecte, gestionnaire, convention, structure, agent
    ):
        for commune in creer_portefeuille(structure, convention.modele, 8, effet=date(2026, 3, 1)):
            tracee(commune, agent, date(2027, 1, 4))
        figer = reverse("conventions:figer_mois", args=[structure.siren])
        vue = connecte(gestionnaire).post(figer, {"mois": "2027-01"}, follow=True)
        (message,) = [str(m) for m in vue.context["messages"]]
        assert message.count("Le mois n’est pas fini") == REFUS_DITS == 5
        assert message.endswith("Et 3\u00a0autres refus, dits dans la liste.")

    def test_la_page_montre_d_abord_ce_qui_se_presente(
        self, connecte, gestionnaire, convention, structure, agent
    ):
        """Trente conventions de plus, dont deux ont des interventions, sur deux pages."""
        *_, avant, derniere = creer_portefeuille(structure, convention.modele, 30, effet=date(2026, 3, 1))
        for commune in (avant, derniere):
            tracee(commune, agent, date(2026, 4, 2))
        mois_fige(Convention.objects.get(collectivite=avant), gestionnaire)
        client = connecte(gestionnaire)
        vue = client.get(liste(structure), {"mois": "2026-04"})
        noms = [ligne.collectivite.nom for ligne in vue.context["apercu"]]
        assert (noms[:4], len(noms)) == (
            ["Commune 029", "Montpezat-de-Quercy", "Commune 028", "Commune 000"],
            25,
        )
        assert vue.context["a_figer"] == 2
        assert "?mois=2026-04&amp;convention=2" in vue.content.decode()
        suite = client.get(liste(structure), {"mois": "2026-04", "convention": "2"})
        assert (len(suite.context["apercu"]), suite.context["a_figer"]) == (6, 2)

    def test_sans_prix_rien_n_est_a_figer(self, connecte, gestionnaire, convention, structure):
        client, bareme = connecte(gestionnaire), Bareme.objects.get()
        assert client.get(liste(structure), {"mois": "2026-04"}).context["a_figer"] == 1
        bareme.cout_journee = None
        bareme.save()
        assert client.get(liste(structure), {"mois": "2026-04"}).context["a_figer"] == 0

    def test_les_lignes_ne_se_comptent_que_pour_la_page(self, connecte, gestionnaire, etat, structure):
        client = connecte(gestionnaire)
        with CaptureQueriesContext(connection) as lues:
            (presente,) = client.get(liste(structure)).context["page"]
        assert (presente.retenues, presente.contestees) == (480, 0)
        groupees = [q["sql"] for q in lues if 'COUNT("conventions_ligneetatmensuel"' in q["sql"]]
        assert [sql for sql in groupees if sql.startswith("SELECT COUNT")] == []
        assert " LIMIT 1) " in groupees[-1], "la page se prend d’abord"

    def test_un_mois_illisible_ou_en_cours_est_refuse(
        self, connecte, gestionnaire, convention, structure, agent
    ):
        client = connecte(gestionnaire)
        figer = reverse("conventions:figer_mois", args=[structure.siren])
        assert "Choisissez un mois" in client.post(figer, {"mois": "avril"}, follow=True).content.decode()
        tracee(convention.collectivite, agent, date(2027, 1, 4))
        en_cours = client.get(f"{liste(structure)}?mois=2027-01").content.decode()
        assert "Ce mois n’est pas fini" in en_cours
        assert "Figer" not in en_cours.split("t-presentes")[0].split("t-mois")[1]
        vue = client.post(figer, {"mois": "2027-01"}, follow=True)
        assert "Le mois n’est pas fini" in vue.content.decode()
        assert not EtatMensuel.objects.exists()

    def test_les_autres_n_y_entrent_pas(self, connecte, agent, etranger, referent, structure):
        assert connecte(agent).get(liste(structure)).status_code == 403
        assert connecte(etranger).get(liste(structure)).status_code == 404
        assert connecte(referent).get(liste(structure)).status_code == 404
        figer = reverse("conventions:figer_mois", args=[structure.siren])
        assert connecte(agent).post(figer, {"mois": "2026-04"}).status_code == 403

    def test_la_page_coute_autant_pour_une_convention_que_pour_trente(
        self, connecte, gestionnaire, convention, structure, django_assert_num_queries
    ):
        client = connecte(gestionnaire)
        client.get(liste(structure))
        with django_assert_num_queries(20, exact=False):
            client.get(liste(structure))
        creer_portefeuille(structure, convention.modele, 30, effet=date(2026, 3, 1))
        with django_assert_num_queries(20, exact=False):
            page = client.get(liste(structure)).context["apercu"]
        assert (len(page), page.paginator.count) == (25, 31)


class TestCollectivite:
    def test_le_decideur_valide_une_ligne(self, connecte, decideur, etat):
        client = connecte(decideur)
        page = client.get(adresse("etat_mensuel", etat)).content.decode()
        assert "2 lignes à valider" in page
        envoi = {"ligne": 1, "lu": lu(ligne(etat)), "geste": "valider", "motif": ""}
        vue = client.post(adresse("decider_ligne", etat), envoi, follow=True)
        assert vue.redirect_chain == [(adresse("etat_mensuel", etat), 302)]
        assert "La ligne est validée." in vue.content.decode()
        assert ligne(etat).tranchee_par == decideur

    def test_le_decideur_valide_tout(self, connecte, decideur, etat):
        envoi = {"lu": lu_de_l_etat(etat.lignes.all()), "relu": "on"}
        vue = connecte(decideur).post(adresse("valider_etat_mensuel", etat), envoi, follow=True)
        assert "2\u00a0lignes validées." in vue.content.decode()
        assert "État validé le mardi 5\u00a0janvier 2027" in vue.content.decode()
        encore = connecte(decideur).post(adresse("valider_etat_mensuel", etat), envoi, follow=True)
        assert "L’état a changé depuis votre lecture" in encore.content.decode()

    def test_tout_valider_demande_d_avoir_tout_relu(self, connecte, decideur, etat):
        client = connecte(decideur)
        page = client.get(adresse("etat_mensuel", etat)).content.decode()
        assert "Valider les 2 lignes" in page
        envoi = {"lu": lu_de_l_etat(etat.lignes.all())}
        vue = client.post(adresse("valider_etat_mensuel", etat), envoi, follow=True)
        assert "puis cochez la case" in vue.content.decode()
        assert ligne(etat).etape is EtatLigne.A_VALIDER

    def test_contester_sans_motif_revient_a_la_ligne(self, connecte, decideur, etat):
        envoi = {"ligne": 2, "lu": lu(ligne(etat, 2)), "geste": "contester", "motif": " "}
        vue = connecte(decideur).post(adresse("decider_ligne", etat), envoi)
        formulaires = {e["ligne"].ordre: e["formulaire"] for e in vue.context["lignes"]}
        assert "Dites ce qui ne va pas" in formulaires[2].errors["motif"][0]
        assert not formulaires[1].is_bound
        assert ligne(etat, 2).etape is EtatLigne.A_VALIDER

    def test_contester_se_motive_sans_donnee_personnelle(self, connecte, decideur, etat):
        client = connecte(decideur)
        nir = {"ligne": 1, "lu": lu(ligne(etat)), "geste": "contester", "motif": "2 75 03 82 131 005 44"}
        vue = client.post(adresse("decider_ligne", etat), nir)
        assert "numéro de sécurité sociale" in vue.content.decode()
        client.post(adresse("decider_ligne", etat), {**nir, "motif": "Pas venu"})
        assert (ligne(etat).etape, ligne(etat).motif) == (EtatLigne.CONTESTEE, "Pas venu")

    def test_une_ligne_changee_depuis_la_lecture_garde_le_motif_saisi(self, connecte, decideur, etat):
        client = connecte(decideur)
        envoi = {"ligne": 1, "lu": "a_valider-15", "geste": "contester", "motif": "Pas venu"}
        vue = client.post(adresse("decider_ligne", etat), envoi)
        assert "L’état a changé depuis votre lecture" in vue.content.decode()
        formulaire = vue.context["lignes"][0]["formulaire"]
        assert formulaire["motif"].value() == "Pas venu"
        assert formulaire["lu"].value() == lu(ligne(etat)), "relue, elle peut être envoyée de nouveau"

    def test_une_ligne_inconnue_est_introuvable(self, connecte, decideur, etat):
        envoi = {"ligne": 9, "lu": "x", "geste": "valider"}
        assert connecte(decideur).post(adresse("decider_ligne", etat), envoi).status_code == 404
        absent = adresse("etat_mensuel", etat).replace("/4/", "/5/")
        assert connecte(decideur).get(absent).status_code == 404

    def test_un_envoi_qui_ne_designe_aucune_ligne_revient(self, connecte, decideur, etat):
        vue = connecte(decideur).post(adresse("decider_ligne", etat), {"ligne": "x", "geste": "valider"})
        assert vue.status_code == 200
        assert "Une réponse est à reprendre." in vue.content.decode()

    @pytest.mark.parametrize("qui", ["referent", "lecteur", "agent", "gestionnaire", "dpd"])
    def test_les_autres_lisent_sans_decider(self, qui, request, connecte, etat):
        client = connecte(request.getfixturevalue(qui))
        page = client.get(adresse("etat_mensuel", etat))
        assert "Cantine" in page.content.decode()
        assert not any(entree["formulaire"] for entree in page.context["lignes"])
        envoi = {"ligne": 1, "lu": lu(ligne(etat)), "geste": "valider"}
        assert client.post(adresse("decider_ligne", etat), envoi).status_code == 403
        assert client.post(adresse("valider_etat_mensuel", etat), {"lu": ""}).status_code == 403

    def test_l_etranger_recoit_404(self, connecte, etranger, etat):
        client = connecte(etranger)
        for nom in ("etat_mensuel", "decider_ligne", "valider_etat_mensuel", "repondre_ligne"):
            verbe = client.get if nom == "etat_mensuel" else client.post
            assert verbe(adresse(nom, etat)).status_code == 404
        assert client.get(adresse("exporter_etat_mensuel", etat, "pdf")).status_code == 404


class TestReponse:
    @pytest.fixture
    def contestee(self, etat, decideur):
        decider(
            ligne=ligne(etat),
            geste=GesteLigne.CONTESTER,
            motif="Une demi-heure",
            auteur=decideur,
            maintenant=JANVIER,
        )
        return ligne(etat)

    def repondre(self, client, etat, **champs):
        envoi = {"ligne": 1, "lu": lu(ligne(etat)), "geste": "corriger", "duree": "30", "motif": "Exact"}
        return client.post(adresse("repondre_ligne", etat), {**envoi, **champs}, follow=True)

    @pytest.mark.parametrize("qui", ["gestionnaire", "dpd"])
    def test_la_structure_corrige_la_duree(self, qui, request, connecte, etat, contestee):
        client = connecte(request.getfixturevalue(qui))
        assert "1 ligne contestée" in client.get(adresse("etat_mensuel", etat)).content.decode()
        vue = self.repondre(client, etat)
        assert "La durée est corrigée" in vue.content.decode()
        assert "présentée pour 1\u00a0h" in vue.content.decode()
        assert (ligne(etat).minutes, ligne(etat).minutes_initiales) == (30, 60)

    @pytest.mark.parametrize(
        ("champs", "message"),
        [
            ({"duree": ""}, "Écrivez une durée"),
            ({"duree": "1 h"}, "C’est la durée déjà présentée"),
            ({"motif": ""}, "Répondez à cette question"),
            ({"geste": ""}, "Répondez à cette question"),
        ],
    )
    def test_un_refus_revient_a_sa_place(self, champs, message, connecte, gestionnaire, etat, contestee):
        vue = self.repondre(connecte(gestionnaire), etat, **champs)
        assert message in vue.content.decode()
        assert ligne(etat).etape is EtatLigne.CONTESTEE

    def test_maintenir_et_retirer(self, connecte, gestionnaire, etat, contestee, decideur):
        client = connecte(gestionnaire)
        assert "La durée est maintenue" in self.repondre(client, etat, geste="maintenir").content.decode()
        decider(
            ligne=ligne(etat),
            geste=GesteLigne.CONTESTER,
            motif="Toujours non",
            auteur=decideur,
            maintenant=JANVIER,
        )
        assert "La ligne est retirée." in self.repondre(client, etat, geste="retirer").content.decode()

    def test_la_collectivite_ne_repond_pas_a_elle_meme(self, connecte, decideur, agent, etat, contestee):
        for personne in (decideur, agent):
            client = connecte(personne)
            assert client.post(adresse("repondre_ligne", etat), {"ligne": 1}).status_code == 403
