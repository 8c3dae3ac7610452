"""Une intervention exécute un devis accepté : choisi parmi ceux de la collectivité, payé une seule fois."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dpd.conventions.actions.interventions import tracer
from dpd.conventions.enums import NatureIntervention
from dpd.conventions.interventions_lues import temps_de
from dpd.conventions.models import Devis, Intervention
from dpd.conventions.tarification import Tarification
from tests.conventions.fabriques_etats import (
    JANVIER,
    apercu_du_mois,
    bareme_journees,
    convention_journees,
    mois_fige,
    tracee,
)

pytestmark = pytest.mark.django_db
SAISIE = {
    "collectivite": "Montpezat",
    "nature": "audit",
    "duree": "60",
    "le": "2026-04-10",
    "lieu": "site",
    "demande": "Caméras",
}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine):
    time_machine.move_to(JANVIER, tick=False)


@pytest.fixture
def convention(structure, collectivite):
    bareme_journees(structure)
    return convention_journees(collectivite)


@pytest.fixture
def adresse(structure):
    return reverse("conventions:interventions_structure", args=[structure.siren])


def creer_devis(collectivite, etat="accepte", objet="Vidéoprotection"):
    return Devis.objects.create(
        collectivite=collectivite,
        objet=objet,
        besoin="x",
        etat=etat,
        motif="Non" if etat == "refuse" else "",
        demande_le=JANVIER,
        propose_le=JANVIER,
        decide_le=JANVIER,
        plan_actions="x",
        prix_jour=Decimal(230),
    )


@pytest.fixture
def devis(collectivite):
    return creer_devis(collectivite)


def test_elle_garde_son_devis_et_reste_hors_de_l_etat_mensuel(
    convention, collectivite, devis, agent, gestionnaire
):
    tracee(collectivite, agent, date(2026, 4, 2), 60)
    faite = tracee(collectivite, agent, date(2026, 4, 10), 420, devis=devis)
    assert faite.devis == devis
    (ligne,) = apercu_du_mois(collectivite.structure, 2026, 4)
    assert (ligne.nombre, ligne.minutes) == (1, 60)
    etat = mois_fige(convention, gestionnaire)
    assert list(etat.lignes.values_list("minutes", flat=True)) == [60]
    (fige,) = apercu_du_mois(collectivite.structure, 2026, 4)
    assert (fige.nombre, fige.minutes, fige.montant) == (1, 60, Decimal("32.20"))


def test_elle_se_trace_meme_dans_un_mois_deja_presente(convention, collectivite, devis, agent, gestionnaire):
    tracee(collectivite, agent, date(2026, 4, 2), 60)
    mois_fige(convention, gestionnaire)
    assert tracee(collectivite, agent, date(2026, 4, 10), 30, devis=devis).pk
    with pytest.raises(ValidationError, match="est figé"):
        tracee(collectivite, agent, date(2026, 4, 11), 30)


def test_elle_ne_bloque_pas_l_exercice_et_n_entame_pas_le_temps_prevu(convention, collectivite, devis, agent):
    tracee(collectivite, agent, date(2026, 4, 10), 420, devis=devis)
    sources = Tarification(collectivite.structure, 2026, [convention]).sources(convention)
    assert sources.jours == Decimal("0.00")
    assert temps_de(convention, JANVIER.date())[0].passe == 0


@pytest.mark.parametrize("etat", ["demande", "audit", "propose", "refuse"])
def test_un_devis_qui_n_est_pas_accepte_est_refuse(convention, collectivite, agent, etat):
    with pytest.raises(ValidationError, match="n’est pas accepté") as refus:
        tracee(collectivite, agent, date(2026, 4, 10), devis=creer_devis(collectivite, etat))
    assert list(refus.value.message_dict) == ["devis"]


@pytest.mark.parametrize("ailleurs", ["voisine", "lointaine"])
def test_le_devis_d_une_autre_est_refuse_par_l_action_et_par_la_page(
    request, convention, collectivite, connecte, agent, adresse, ailleurs
):
    d_ailleurs = creer_devis(request.getfixturevalue(ailleurs))
    with pytest.raises(ValidationError, match="d’une autre collectivité"):
        tracer(
            collectivite=collectivite,
            nature=NatureIntervention.AUDIT,
            le=date(2026, 4, 10),
            minutes=60,
            devis=d_ailleurs,
            auteur=agent,
            maintenant=JANVIER,
        )
    page = connecte(agent).post(adresse, SAISIE | {"devis": d_ailleurs.pk})
    assert list(page.context["formulaire"].errors) == ["devis"]
    assert not Intervention.objects.exists()


def test_le_refus_du_devis_se_relie_a_sa_liste(connecte, agent, convention, devis, voisine, adresse):
    page = connecte(agent).post(adresse, SAISIE | {"devis": creer_devis(voisine).pk}).content.decode()
    assert 'aria-describedby="aide-devis id_devis_error" aria-invalid="true"' in page
    assert page.count('id="id_devis_error"') == 1


def test_il_se_choisit_a_la_saisie_et_se_lit_ensuite(
    connecte, agent, dpd, referent, convention, collectivite, devis, adresse
):
    creer_devis(collectivite, "propose", "Pas encore")
    page = connecte(agent).post(adresse, SAISIE | {"devis": devis.pk, "duree": ""})
    choix = page.content.decode()
    assert f'<option value="{devis.pk}" selected>Vidéoprotection, accepté le 5\u00a0janv. 2027<' in choix
    assert "Pas encore" not in choix
    connecte(agent).post(adresse, SAISIE | {"devis": devis.pk})
    faite = Intervention.objects.get()
    assert faite.devis == devis
    assert "Sur devis\u00a0: Vidéoprotection" in connecte(agent).get(adresse).content.decode()
    lue = connecte(referent).get(reverse("conventions:interventions", args=[collectivite.siren]))
    assert "sur devis\u00a0: Vidéoprotection" in lue.content.decode()
    repetee = connecte(agent).get(f"{adresse}?repeter={faite.pk}").context["formulaire"]
    assert (repetee.devis_choisi, repetee.devis_proposes) == (str(devis.pk), [devis])


def test_il_se_propose_au_fil_de_la_frappe(connecte, agent, convention, voisine, devis, adresse):
    client = connecte(agent)

    def proposer(texte):
        demande = {"proposer": "1", "collectivite": texte}
        return client.get(adresse, demande, headers={"HX-Request": "true"}).content.decode()

    assert "Vidéoprotection" in proposer("Montpezat")
    assert "Vidéoprotection" not in proposer("Septfonds")
    assert 'id="choix-devis"' in proposer("Septfonds")
    assert "Vidéoprotection" not in proposer("")


def test_la_page_du_devis_mene_a_la_saisie(
    connecte, dpd, gestionnaire, convention, collectivite, devis, adresse
):
    page = reverse("conventions:devis", args=[collectivite.siren, devis.pk])
    lien = f"{adresse}?devis={devis.pk}"
    assert lien in connecte(dpd).get(page).content.decode()
    assert lien not in connecte(gestionnaire).get(page).content.decode()
    formulaire = connecte(dpd).get(lien).context["formulaire"]
    assert formulaire["collectivite"].value() == "Commune de Montpezat-de-Quercy, 218201317"
    assert formulaire.devis_choisi == str(devis.pk)


@pytest.mark.parametrize("ailleurs", ["propose", "lointaine", "inconnu"])
def test_un_autre_devis_dans_l_adresse_ne_remplit_rien(
    request, connecte, dpd, convention, collectivite, lointaine, adresse, ailleurs
):
    cle = {
        "propose": lambda: creer_devis(collectivite, "propose").pk,
        "lointaine": lambda: creer_devis(lointaine).pk,
        "inconnu": lambda: "x",
    }[ailleurs]()
    formulaire = connecte(dpd).get(f"{adresse}?devis={cle}").context["formulaire"]
    assert formulaire["collectivite"].value() is None
    assert formulaire.devis_proposes == []
