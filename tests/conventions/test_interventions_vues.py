"""L’écran de saisie, la liste, l’annulation, et ce que la collectivité en lit."""

import re
from datetime import date

import pytest
from django.urls import reverse

from dpd.comptes.enums import NatureAcces, TypeCollectivite
from dpd.comptes.models import JournalAcces
from dpd.conventions.models import Intervention
from tests.conftest import creer_collectivite
from tests.conventions.conftest import creer_convention
from tests.conventions.fabriques_etats import (
    JANVIER,
    bareme_journees,
    convention_journees,
    mois_fige,
    tracee,
)

pytestmark = pytest.mark.django_db
SAISIE = {
    "collectivite": "Montpezat",
    "nature": "appel",
    "duree": "15",
    "le": "2026-12-04",
    "lieu": "distance",
    "demande": "Registre de la cantine",
}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine):
    time_machine.move_to(JANVIER, tick=False)


@pytest.fixture
def adresse(structure):
    return reverse("conventions:interventions_structure", args=[structure.siren])


def envoyer(client, adresse, **champs):
    return client.post(adresse, {**SAISIE, **champs}, follow=True)


class TestSaisie:
    def test_une_intervention_se_trace_sur_un_seul_ecran(self, connecte, agent, convention, adresse):
        page = envoyer(connecte(agent), adresse)
        faite = Intervention.objects.get()
        assert (faite.collectivite, faite.minutes, faite.intervenant) == (convention.collectivite, 15, agent)
        assert page.redirect_chain == [(adresse, 302)]
        assert "Tracé\u00a0: Appel, 15\u00a0min, Montpezat-de-Quercy." in page.content.decode()

    def test_renvoyee_elle_ne_fait_qu_une_ligne_et_un_nouvel_ecran_en_fait_une_autre(
        self, connecte, agent, convention, adresse
    ):
        client = connecte(agent)
        affiche = client.get(adresse).context["formulaire"]
        dits = [envoyer(client, adresse, jeton=affiche["jeton"].value()).content.decode() for _ in range(2)]
        assert "Tracé\u00a0: Appel, 15\u00a0min" in dits[0]
        assert "Déjà enregistré\u00a0: Appel, 15\u00a0min, Montpezat-de-Quercy." in dits[1]
        assert Intervention.objects.count() == 1
        envoyer(client, adresse, jeton=client.get(adresse).context["formulaire"]["jeton"].value())
        assert Intervention.objects.count() == 2

    def test_corrigee_apres_un_envoi_arrete_elle_n_est_pas_dite_tracee(
        self, connecte, agent, convention, adresse
    ):
        """L’agent envoie, arrête le chargement, corrige la durée, renvoie le même écran."""
        client = connecte(agent)
        jeton = client.get(adresse).context["formulaire"]["jeton"].value()
        envoyer(client, adresse, jeton=jeton)
        vue = envoyer(client, adresse, jeton=jeton, duree="60")
        (refus,) = vue.context["formulaire"].non_field_errors()
        assert "déjà tracé d’autres valeurs\u00a0: Appel, 15\u00a0min, le 4\u00a0déc. 2026" in refus
        assert vue.context["formulaire"]["duree"].value() == "60"
        assert Intervention.objects.get().minutes == 15

    def test_la_date_est_celle_du_jour_et_le_lieu_a_distance(self, connecte, agent, convention, adresse):
        formulaire = connecte(agent).get(adresse).context["formulaire"]
        assert formulaire["le"].value() == date(2027, 1, 5)
        assert formulaire["lieu"].value() == "distance"

    def test_la_derniere_saisie_se_repete_sans_la_collectivite(
        self, connecte, agent, convention, collectivite, adresse
    ):
        tracee(collectivite, agent, date(2026, 12, 1), 80, nature="visite", lieu="site")
        formulaire = connecte(agent).get(adresse).context["formulaire"]
        valeurs = {nom: formulaire[nom].value() for nom in ("nature", "duree", "autre_duree", "lieu")}
        assert valeurs == {
            "nature": "visite",
            "duree": "autre",
            "autre_duree": "1\u00a0h\u00a020",
            "lieu": "site",
        }
        assert formulaire["collectivite"].value() is None

    def test_repeter_reprend_tout_sauf_la_date(self, connecte, agent, dpd, convention, collectivite, adresse):
        sienne = tracee(collectivite, agent, date(2026, 12, 1), 30, demande="Paie")
        client = connecte(agent)
        formulaire = client.get(f"{adresse}?repeter={sienne.pk}").context["formulaire"]
        assert formulaire["collectivite"].value() == "Commune de Montpezat-de-Quercy, 218201317"
        assert formulaire["demande"].value() == "Paie"
        assert formulaire["le"].value() == date(2027, 1, 5)
        d_un_autre = tracee(collectivite, dpd, date(2026, 12, 1), 30)
        assert (
            client.get(f"{adresse}?repeter={d_un_autre.pk}").context["formulaire"]["collectivite"].value()
            is None
        )
        assert client.get(f"{adresse}?repeter=x").status_code == 200

    def test_ce_que_propose_la_liste_designe_la_collectivite(self, connecte, agent, convention, adresse):
        envoyer(connecte(agent), adresse, collectivite="Commune de Montpezat-de-Quercy, 218201317")
        assert Intervention.objects.get().collectivite == convention.collectivite

    def test_un_nom_ambigu_se_tranche(self, connecte, agent, convention, structure, modele_tranches, adresse):
        ccas = creer_collectivite(
            structure,
            "Montpezat-de-Quercy",
            "268201111",
            type=TypeCollectivite.CCAS,
            denomination="CCAS de Montpezat-de-Quercy",
        )
        creer_convention(ccas, modele_tranches, date(2025, 1, 1))
        client = connecte(agent)
        page = envoyer(client, adresse)
        assert "Plusieurs collectivités répondent" in page.content.decode()
        assert not Intervention.objects.exists()
        assert f'name="siren" value="{ccas.siren}"' in page.content.decode()
        envoyer(client, adresse, siren=ccas.siren)
        assert Intervention.objects.get().collectivite == ccas

    def test_un_siren_d_ailleurs_ne_tranche_rien(self, connecte, agent, convention, lointaine, adresse):
        envoyer(connecte(agent), adresse, siren=lointaine.siren)
        assert Intervention.objects.get().collectivite == convention.collectivite

    @pytest.mark.parametrize("tape", ["Bellerive", "210300232", "…", "Nulle part"])
    def test_un_agent_ne_trouve_que_les_collectivites_de_sa_structure(
        self, tape, connecte, agent, convention, lointaine, adresse
    ):
        page = envoyer(connecte(agent), adresse, collectivite=tape)
        assert "Aucune collectivité de la structure" in page.content.decode()
        assert not Intervention.objects.exists()

    @pytest.mark.parametrize(
        ("champs", "champ", "message"),
        [
            ({"le": "2024-01-01"}, "le", "La convention prend effet le jeudi 15\u00a0février 2024"),
            ({"le": "2027-01-06"}, "le", "cette date est à venir"),
            ({"duree": "autre"}, "autre_duree", "Écrivez une durée d’un jour au plus"),
            ({"demande": "Dossier de 2 75 03 82 131 005 44"}, "demande", "numéro de sécurité sociale"),
            ({"nature": "x"}, "nature", "Sélectionnez un choix valide"),
            ({"duree": "x"}, "duree", "Sélectionnez un choix valide"),
            ({"collectivite": ""}, "collectivite", "Répondez à cette question"),
        ],
    )
    def test_chaque_refus_est_a_sa_place(self, champs, champ, message, connecte, agent, convention, adresse):
        page = envoyer(connecte(agent), adresse, **champs)
        assert message in " ".join(page.context["formulaire"].errors[champ])
        assert page.context["formulaire"]["demande"].value() == {**SAISIE, **champs}["demande"]
        assert not Intervention.objects.exists()

    def test_les_propositions_viennent_a_la_frappe(
        self, connecte, agent, convention, voisine, lointaine, adresse
    ):
        client = connecte(agent)
        fragment = client.get(
            adresse, {"proposer": "1", "collectivite": "sept"}, headers={"hx-request": "true"}
        ).content.decode()
        assert re.findall(r'value="([^"]+)"', fragment) == ["Commune de Septfonds, 218201796"]
        tout = client.get(adresse, {"proposer": "1", "collectivite": "e"}, headers={"hx-request": "true"})
        assert "Bellerive" not in tout.content.decode()

    def test_la_journee_dure_ce_que_dit_le_bareme(self, connecte, agent, structure, collectivite, adresse):
        bareme_journees(structure, minutes_par_jour=450)
        convention_journees(collectivite)
        client = connecte(agent)
        assert "Journée (7\u00a0h\u00a030)" in client.get(adresse).content.decode()
        envoyer(client, adresse, duree="demi")
        assert Intervention.objects.get().minutes == 225

    def test_le_gestionnaire_lit_la_liste_sans_rien_tracer(self, connecte, gestionnaire, convention, adresse):
        client = connecte(gestionnaire)
        assert "t-tracer" not in client.get(adresse).content.decode()
        assert client.post(adresse, SAISIE).status_code == 403

    def test_l_etranger_et_le_referent_n_y_entrent_pas(self, connecte, etranger, referent, adresse):
        assert connecte(etranger).get(adresse).status_code == 404
        assert connecte(referent).get(adresse).status_code == 404


class TestListe:
    @pytest.fixture
    def traces(self, convention, collectivite, voisine, modele_tranches, agent, dpd):
        creer_convention(voisine, modele_tranches, date(2025, 1, 1))
        return [
            tracee(collectivite, agent, date(2026, 12, 1), 60),
            tracee(collectivite, dpd, date(2026, 11, 30), 30),
            tracee(voisine, agent, date(2026, 12, 2), 15),
        ]

    @pytest.mark.parametrize(
        ("filtre", "attendues", "minutes"),
        [
            ("", [2, 0, 1], 105),
            ("?mois=2026-12", [2, 0], 75),
            ("?q=septf", [2], 15),
            ("?q=septf&mois=2026-11", [], 0),
            ("?mois=2026-13&q=&intervenant=abc", [2, 0, 1], 105),
        ],
    )
    def test_la_liste_se_filtre(self, filtre, attendues, minutes, connecte, agent, traces, adresse):
        page = connecte(agent).get(adresse + filtre)
        assert list(page.context["page"]) == [traces[rang] for rang in attendues]
        assert page.context["total"] == {
            "lignes": len(attendues),
            "nombre": len(attendues),
            "minutes": minutes,
        }

    def test_la_liste_se_filtre_par_intervenant(self, connecte, agent, dpd, traces, adresse):
        page = connecte(agent).get(adresse, {"intervenant": dpd.pk})
        assert list(page.context["page"]) == [traces[1]]
        assert list(page.context["intervenants"]) == [agent, dpd]

    def test_une_annulee_reste_dans_la_liste_hors_du_total(self, connecte, agent, traces, structure, adresse):
        client = connecte(agent)
        annuler = reverse("conventions:annuler_intervention", args=[structure.siren, traces[0].pk])
        assert "Annuler cette intervention" in client.get(annuler).content.decode()
        page = client.post(annuler, {"motif": "Saisie deux fois"}, follow=True)
        assert "Saisie deux fois" in page.content.decode()
        assert page.context["total"] == {"lignes": 3, "nombre": 2, "minutes": 45}
        assert annuler not in page.content.decode()

    def test_une_annulation_sans_motif_revient(self, connecte, agent, traces, structure):
        annuler = reverse("conventions:annuler_intervention", args=[structure.siren, traces[0].pk])
        page = connecte(agent).post(annuler, {"motif": ""})
        assert "Répondez à cette question" in page.content.decode()
        assert not Intervention.objects.filter(annulee_le__isnull=False).exists()

    def test_une_intervention_presentee_ne_s_annule_plus(
        self, connecte, agent, gestionnaire, structure, collectivite, adresse
    ):
        bareme_journees(structure)
        convention = convention_journees(collectivite)
        faite = tracee(collectivite, agent, date(2026, 4, 2))
        mois_fige(convention, gestionnaire)
        client = connecte(agent)
        annuler = reverse("conventions:annuler_intervention", args=[structure.siren, faite.pk])
        assert annuler not in client.get(adresse).content.decode()
        assert "est figé" in client.post(annuler, {"motif": "Erreur"}).content.decode()

    def test_seul_qui_trace_annule(
        self, connecte, gestionnaire, etranger, traces, structure, autre_structure
    ):
        annuler = reverse("conventions:annuler_intervention", args=[structure.siren, traces[0].pk])
        assert connecte(gestionnaire).post(annuler, {"motif": "x"}).status_code == 403
        assert connecte(etranger).post(annuler, {"motif": "x"}).status_code == 404

    def test_l_intervention_d_une_autre_structure_est_introuvable(
        self, connecte, agent, lointaine, autre_structure, modele_tranches, structure
    ):
        creer_convention(lointaine, modele_tranches, date(2025, 1, 1))
        ailleurs = tracee(lointaine, agent, date(2026, 12, 1))
        annuler = reverse("conventions:annuler_intervention", args=[structure.siren, ailleurs.pk])
        assert connecte(agent).get(annuler).status_code == 404


class TestCollectivite:
    @pytest.fixture
    def lieu(self, collectivite):
        return reverse("conventions:interventions", args=[collectivite.siren])

    @pytest.mark.parametrize("qui", ["referent", "decideur", "lecteur", "dpd", "gestionnaire", "agent"])
    def test_chacun_y_lit_nature_date_et_duree(
        self, qui, request, connecte, agent, convention, collectivite, lieu
    ):
        tracee(collectivite, agent, date(2026, 12, 1), 90, nature="visite", demande="Vidéoprotection")
        lue = connecte(request.getfixturevalue(qui)).get(lieu).content.decode()
        for mot in (
            "Visite",
            "1er\u00a0déc. 2026",
            "1\u00a0h\u00a030",
            "Vidéoprotection",
            "Agathe Assistance",
        ):
            assert mot in lue

    def test_l_etranger_recoit_404(self, connecte, etranger, lieu):
        assert connecte(etranger).get(lieu).status_code == 404

    def test_le_temps_prevu_passe_et_restant_se_lit_par_phase(
        self, connecte, referent, agent, structure, collectivite, lieu
    ):
        bareme_journees(structure)
        convention = convention_journees(collectivite, bascule_le=date(2026, 12, 1), jours_accompagnement="2")
        tracee(collectivite, agent, date(2026, 4, 2), 600)
        tracee(collectivite, agent, date(2026, 12, 2), 60)
        tracee(collectivite, agent, date(2027, 1, 4), 900)
        temps = connecte(referent).get(lieu).context["temps"]
        assert [(t.prevu, t.passe, t.reste) for t in temps] == [(2100, 600, 1500), (840, 900, -60)]
        assert "dépassé de 1\u00a0h" in connecte(referent).get(lieu).content.decode()
        assert convention.phase(date(2027, 1, 4)).value == "accompagnement"

    def test_une_annee_se_choisit(self, connecte, referent, agent, convention, collectivite, lieu):
        tracee(collectivite, agent, date(2025, 6, 1), 60)
        tracee(collectivite, agent, date(2026, 6, 1), 30)
        reponse = connecte(referent).get(f"{lieu}?annee=2025")
        assert (reponse.context["annees"], reponse.context["total"]["minutes"]) == ([2026, 2025], 60)

    def test_sans_intervention_la_page_dit_ce_qu_elle_montrera(self, connecte, referent, lieu):
        assert (
            "chaque intervention de la structure se lit ici" in connecte(referent).get(lieu).content.decode()
        )

    def test_un_export_est_note_au_journal(self, connecte, referent, agent, convention, collectivite):
        tracee(collectivite, agent, date(2026, 12, 1))
        adresse = reverse("conventions:exporter_interventions", args=[collectivite.siren, "csv"])
        reponse = connecte(referent).get(f"{adresse}?annee=2026")
        assert b"".join(reponse.streaming_content).count(b"Appel") == 1
        ligne = JournalAcces.objects.get(nature=NatureAcces.EXPORT)
        assert (ligne.collectivite, ligne.detail) == (collectivite, "interventions, 2026, CSV")
        assert connecte(referent).get(adresse.replace("csv", "exe")).status_code == 404
