"""Le responsable ouvre le formulaire et fixe la durée ; les autres lisent."""

from datetime import date, timedelta
from io import BytesIO

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dpd.comptes.models import JournalAcces
from subtraitance.actions.demandes_instruction import clore, repondre, rouvrir
from subtraitance.actions.reglages import reglages_de, regler_les_demandes
from subtraitance.enums import CanalDemande, SensReponse
from subtraitance.models import DemandeDroits, ReglagesDemandes
from tests.subtraitance.fabriques_d3 import RECUE, demander, fermer, regler

pytestmark = pytest.mark.django_db
SAISIE = {
    "formulaire_ouvert": "on",
    "message": "Ou passez à l’accueil, le matin.",
    "conservation_mois": "12",
    "conservation_source": "Avis du DPD du 3 mars 2026",
}


def page(collectivite):
    return reverse("subtraitance:reglages_demandes", args=[collectivite.siren])


def affichette(collectivite):
    return reverse("subtraitance:affichette_demandes", args=[collectivite.siren])


def test_rien_n_est_ouvert_ni_fixe_par_defaut(collectivite):
    reglages = reglages_de(collectivite)
    assert (reglages.pk, reglages.formulaire_ouvert, reglages.conservation_mois) == (None, False, None)


def test_le_responsable_regle_et_l_historique_le_garde(collectivite, decideur, connecte):
    reponse = connecte(decideur).post(page(collectivite), SAISIE)
    assert reponse.status_code == 302
    reglages = ReglagesDemandes.objects.get()
    assert reglages.formulaire_ouvert
    assert (reglages.conservation_mois, reglages.regle_par) == (12, decideur)
    connecte(decideur).post(page(collectivite), SAISIE)
    assert ReglagesDemandes.objects.count() == 1
    assert reglages.history.count() == 2


@pytest.mark.parametrize(
    ("qui", "lit", "ecrit"),
    [
        ("referent", 200, 403),
        ("dpd", 200, 403),
        ("lecteur", 403, 403),
        ("agent", 403, 403),
        ("gestionnaire", 403, 403),
        ("etranger", 404, 404),
    ],
)
def test_les_autres_lisent_au_plus(collectivite, connecte, request, qui, lit, ecrit):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(page(collectivite)).status_code == lit
    assert client.post(page(collectivite), SAISIE).status_code == ecrit
    assert not ReglagesDemandes.objects.exists()


@pytest.mark.parametrize("qui", ["referent", "dpd", "etranger"])
def test_l_action_refuse_qui_ne_decide_pas(collectivite, request, qui):
    with pytest.raises(ValidationError, match="appartiennent au responsable"):
        regler(collectivite, request.getfixturevalue(qui))


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"conservation_source": ""}, "Dites d’où vient cette durée."),
        ({"conservation_mois": "0"}, "Indiquez un mois au moins, ou laissez vide."),
        ({"conservation_mois": "douze"}, "Indiquez un nombre de mois, ou laissez vide."),
        ({"conservation_mois": "9999"}, "Cinquante ans au plus"),
        ({"message": "Mon numéro\u00a0: 2 94 03 75 120 005 22"}, "numéro de sécurité sociale"),
    ],
)
def test_une_saisie_refusee_revient_sous_son_champ(collectivite, decideur, connecte, change, phrase):
    corps = connecte(decideur).post(page(collectivite), {**SAISIE, **change}).content.decode()
    assert phrase in corps
    assert {**SAISIE, **change}["message"].replace("’", "’") in corps
    assert not ReglagesDemandes.objects.exists()


def test_l_action_refuse_une_duree_nulle(collectivite, decideur):
    with pytest.raises(ValidationError, match="un mois au moins"):
        regler(collectivite, decideur, conservation_mois=0)


def test_une_duree_retiree_perd_sa_source(collectivite, decideur):
    regler(collectivite, decideur)
    assert regler(collectivite, decideur, conservation_mois=None).conservation_source == ""


def test_une_duree_nouvelle_vaut_pour_les_demandes_deja_closes(collectivite, decideur):
    fermee = fermer(demander(collectivite).demande, decideur, RECUE + timedelta(days=3))
    ouverte = demander(collectivite).demande
    regler(collectivite, decideur, RECUE + timedelta(days=40), conservation_mois=6)
    fermee.refresh_from_db()
    ouverte.refresh_from_db()
    assert (fermee.effacer_apres, ouverte.effacer_apres) == (date(2027, 5, 20), None)
    assert fermee.history.first().history_change_reason == "Durée de conservation réglée"
    avant = fermee.history.count()
    regler(collectivite, decideur, RECUE + timedelta(days=41), conservation_mois=6)
    assert fermee.history.count() == avant
    regler(collectivite, decideur, RECUE + timedelta(days=42), conservation_mois=None)
    fermee.refresh_from_db()
    assert fermee.effacer_apres is None


def test_les_demandes_closes_se_verrouillent_dans_l_ordre_de_l_effacement(collectivite, decideur):
    """Deux gestes qui les prennent dans deux ordres s’interbloqueraient sur PostgreSQL."""
    closes = [fermer(demander(collectivite).demande, decideur, RECUE) for _ in range(3)]
    regler(collectivite, decideur, RECUE + timedelta(days=40))
    reportees = DemandeDroits.history.filter(history_change_reason="Durée de conservation réglée")
    assert list(reportees.order_by("history_id").values_list("id", flat=True)) == [d.pk for d in closes]


def test_le_terme_se_compte_de_la_derniere_cloture(collectivite, decideur):
    """Rouverte puis close de nouveau : c’est la seconde clôture qui compte."""
    demande = fermer(demander(collectivite).demande, decideur, RECUE)
    geste = {"auteur": decideur, "maintenant": RECUE + timedelta(days=30)}
    rouvrir(demande=demande, motif="Autre écrit", **geste)
    repondre(
        demande=demande,
        sens=SensReponse.FAVORABLE,
        envoyee_le=geste["maintenant"].date(),
        canal=CanalDemande.COURRIEL,
        texte="Voici.",
        **geste,
    )
    clore(demande=demande, **geste)
    regler(collectivite, decideur, RECUE + timedelta(days=40), conservation_mois=1)
    demande.refresh_from_db()
    assert demande.effacer_apres == date(2027, 1, 17)


def test_ouvert_l_ecran_donne_l_adresse_et_le_texte_a_copier(collectivite, decideur, referent, connecte):
    publique = reverse("subtraitance:formulaire_public", args=[collectivite.siren])
    assert publique not in connecte(referent).get(page(collectivite)).content.decode()
    regler(collectivite, decideur)
    corps = connecte(referent).get(page(collectivite)).content.decode()
    assert corps.count(publique) >= 3  # le lien, son texte, le texte à copier
    assert "Délégué à la protection des données" in corps
    assert affichette(collectivite) in corps
    assert "c’est le délai retenu" in corps


def test_l_affichette_porte_l_adresse_et_s_inscrit_au_journal(collectivite, decideur, referent, connecte):
    client = connecte(referent)
    assert client.get(affichette(collectivite)).status_code == 404
    regler(collectivite, decideur)
    reponse = client.get(affichette(collectivite))
    assert reponse["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(b"".join(reponse.streaming_content))) as pdf:
        assert len(pdf.pages) == 1
        assert str(pdf.Root.Lang) == "fr-FR"
    assert JournalAcces.objects.filter(detail="Affichette des droits, PDF", utilisateur=referent).count() == 1


def test_deux_reglages_a_la_suite_ne_font_qu_une_ligne(collectivite, decideur):
    for ouvert in (True, False):
        regler_les_demandes(
            collectivite=collectivite, formulaire_ouvert=ouvert, auteur=decideur, maintenant=RECUE
        )
    assert list(ReglagesDemandes.objects.values_list("formulaire_ouvert", flat=True)) == [False]
