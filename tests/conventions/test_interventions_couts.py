"""Interventions et états : chaque liste et chaque export coûtent autant à dix lignes qu’à deux cents."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.conventions import interventions_lues
from dpd.conventions.actions.annuels import figer
from dpd.conventions.enums import NatureIntervention
from dpd.conventions.models import EtatAnnuel, EtatMensuel, Intervention, LigneEtatMensuel, Numerotation
from dpd.conventions.regles.tarifs import Phase
from tests.conftest import creer_personne
from tests.conventions.conftest import creer_indice
from tests.conventions.fabriques_etats import JANVIER, creer_portefeuille

pytestmark = pytest.mark.django_db
PEU, BEAUCOUP = 10, 200


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine):
    time_machine.move_to(JANVIER, tick=False)


@pytest.fixture
def remplir(structure, collectivite, convention, modele_tranches, bareme_tranches, gestionnaire, agent):
    """Porte à ``n`` les interventions, les états de chaque sorte, et les lignes d’un même état."""
    creer_indice(structure, 2025, 11, "276.9", source="Essai, valeur d’exemple")
    gabarit = figer(convention=convention, exercice=2026, auteur=gestionnaire, maintenant=JANVIER)
    suite = {"auteur": gestionnaire, "maintenant": JANVIER, "raison": "Essai"}
    deja = 0

    def intervention(collectivite, rang, qui):
        return Intervention(
            collectivite=collectivite,
            convention=convention,
            nature=NatureIntervention.APPEL,
            le=date(2026, 10, 1) + timedelta(days=rang % 31),
            minutes=15,
            phase=Phase.ACCOMPAGNEMENT.value,
            intervenant=qui,
        )

    def etat_mensuel(collectivite, annee, mois):
        return EtatMensuel(
            collectivite=collectivite,
            convention=convention,
            annee=annee,
            mois=mois,
            prix_jour=Decimal(230),
            minutes_par_jour=420,
            fige_le=JANVIER,
            fige_par=gestionnaire,
        )

    (observe,) = EtatMensuel.objects.creer_en_masse([etat_mensuel(collectivite, 2026, 10)], **suite)

    def ligne(rang, tracee):
        return LigneEtatMensuel(
            collectivite=collectivite,
            etat_mensuel=observe,
            intervention=tracee,
            ordre=rang + 1,
            le=tracee.le,
            nature=tracee.nature,
            lieu=tracee.lieu,
            minutes_initiales=15,
            minutes=15,
            motif="Contestée",
            tranchee_le=JANVIER,
            tranchee_par=tracee.intervenant,
        )

    def etat_annuel(commune, numero):
        champs = ("bareme", "phase", "population", "millesime", "sources", "lignes", "total", "empreinte")
        return EtatAnnuel(
            collectivite=commune,
            structure=structure,
            convention=convention,
            exercice=2026,
            numero=numero,
            fige_le=JANVIER,
            fige_par=gestionnaire,
            **{champ: getattr(gabarit, champ) for champ in champs},
        )

    def _remplir(n):
        nonlocal deja
        rangs = range(deja, n)
        gens = [creer_personne(f"a{r}@cdg.example", "Agent", f"Numéro {r}") for r in rangs]
        tracees = Intervention.objects.creer_en_masse(
            [intervention(collectivite, r, qui) for r, qui in zip(rangs, gens, strict=True)], **suite
        )
        LigneEtatMensuel.objects.creer_en_masse(
            [ligne(r, tracee) for r, tracee in zip(rangs, tracees, strict=True)], **suite
        )
        communes = creer_portefeuille(structure, modele_tranches, n - deja, depuis=deja)
        EtatMensuel.objects.creer_en_masse(
            [etat_mensuel(commune, 2000 + r, 1) for r, commune in zip(rangs, communes, strict=True)], **suite
        )
        EtatAnnuel.objects.creer_en_masse(
            [etat_annuel(commune, r + 2) for r, commune in zip(rangs, communes, strict=True)], **suite
        )
        Numerotation.objects.filter(structure=structure).update(dernier=n + 1)
        deja = n

    return _remplir


def couts(client, adresses):
    """{adresse: (nombre de requêtes, taille)}, ce qui ne se lit qu’une fois par processus étant lu."""
    resultats = {}
    for adresse in [*adresses, *adresses]:
        with CaptureQueriesContext(connection) as requetes:
            reponse = client.get(adresse)
            contenu = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
        assert reponse.status_code == 200, adresse
        resultats[adresse] = (len(requetes), len(contenu))
    return resultats


def test_chaque_liste_coute_autant_a_dix_qu_a_deux_cents_lignes(
    connecte, gestionnaire, structure, collectivite, remplir
):
    s, c = [structure.siren], [collectivite.siren]
    adresses = [
        reverse("conventions:interventions_structure", args=s),
        reverse("conventions:interventions_structure", args=s) + "?mois=2026-10&q=montpezat",
        reverse("conventions:interventions", args=c),
        reverse("conventions:interventions", args=c) + "?annee=2026",
        reverse("conventions:etats_mensuels", args=s),
        reverse("conventions:etat_mensuel", args=[*c, 2026, 10]),
        reverse("conventions:etats_annuels", args=s) + "?exercice=2026",
        reverse("conventions:campagne", args=[*s, 2025]),
        *(reverse("conventions:exporter_interventions", args=[*c, f]) for f in ("csv", "pdf")),
        reverse("conventions:exporter_etat_mensuel", args=[*c, 2026, 10, "xlsx"]),
        *(reverse("conventions:exporter_etats_annuels", args=[*s, 2026, f]) for f in ("xlsx", "json")),
    ]
    client = connecte(gestionnaire)
    remplir(PEU)
    peu = couts(client, adresses)
    remplir(BEAUCOUP)
    beaucoup = couts(client, adresses)
    assert {a: (peu[a][0], beaucoup[a][0]) for a in adresses if peu[a][0] != beaucoup[a][0]} == {}
    assert [a for a in adresses if beaucoup[a][1] <= peu[a][1]] == [], "chacune doit y montrer davantage"


class TestUneSeuleLectureEntiere:
    """De toutes les interventions d’une structure, seul leur total se lit à chaque affichage."""

    @pytest.fixture
    def adresse(self, structure):
        return reverse("conventions:interventions_structure", args=[structure.siren])

    def test_la_page_ne_recompte_pas_ce_que_dit_le_total(self, connecte, gestionnaire, remplir, adresse):
        remplir(PEU)
        with CaptureQueriesContext(connection) as requetes:
            vue = connecte(gestionnaire).get(adresse)
        lues = [q["sql"] for q in requetes if 'FROM "conventions_intervention"' in q["sql"]]
        assert len([sql for sql in lues if "COUNT(" in sql]) == 1
        assert vue.context["page"].paginator.count == vue.context["total"]["lignes"] == PEU

    def test_les_intervenants_se_cherchent_dans_les_dernieres(
        self, connecte, gestionnaire, agent, remplir, adresse, monkeypatch
    ):
        remplir(PEU)
        derniers = list(Intervention.objects.values_list("intervenant", flat=True)[:3])
        ancien = Intervention.objects.last().intervenant_id
        monkeypatch.setattr(interventions_lues, "RECENTES", 3)
        client = connecte(gestionnaire)

        def proposes(**filtre):
            return {qui.pk for qui in client.get(adresse, filtre).context["intervenants"]}

        assert proposes() == set(derniers)
        assert proposes(intervenant=ancien) == {*derniers, ancien}
        assert proposes(intervenant=agent.pk) == set(derniers), "il n’a rien tracé ici"

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="vides, PostgreSQL trie les tables")
    def test_l_ordre_de_la_liste_et_le_mois_ont_leur_index(self, db):
        for requete in (Intervention.objects.all()[:25], Intervention.objects.le_mois(2026, 10)[:25]):
            plan = requete.explain()
            assert "intervention_recentes" in plan
            assert "TEMP B-TREE" not in plan
