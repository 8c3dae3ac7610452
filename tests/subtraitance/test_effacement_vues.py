"""La page d’effacement d’une demande, et la liste de celles dont le terme est passé."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from subtraitance.actions.effacement import effacer_le_demandeur
from subtraitance.models import DemandeDroits
from tests.subtraitance.fabriques_d3 import NOM, RECUE, demander, fermer, regler

pytestmark = pytest.mark.django_db
# Assez vieille pour que le terme de douze mois soit passé à l’instant où la vue lit l’horloge.
ANCIENNE = RECUE - timedelta(days=2000)
CLOSE_LE = ANCIENNE + timedelta(days=3)
SAISIE = {"visa": "visa", "accord": "Bordereau n° 12, visé le 3 mars 2026"}


@pytest.fixture
def close(collectivite, decideur, agent, dpd):
    demande = fermer(demander(collectivite, recue_le=ANCIENNE).demande, decideur, CLOSE_LE)
    regler(collectivite, decideur, CLOSE_LE)
    demande.refresh_from_db()
    return demande


def page(demande):
    return reverse(
        "subtraitance:effacer_demandeur", args=[demande.collectivite.siren, demande.annee, demande.rang]
    )


def liste(collectivite):
    return reverse("subtraitance:demandes_a_effacer", args=[collectivite.siren])


@pytest.mark.parametrize("qui", ["referent", "decideur"])
def test_la_collectivite_efface_et_revient_au_dossier(close, connecte, request, qui):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(page(close)).status_code == 200
    reponse = client.post(page(close), SAISIE)
    assert reponse.status_code == 302
    assert reponse["Location"] == reverse(
        "registre:demande", args=[close.collectivite.siren, close.annee, close.rang]
    )
    close.refresh_from_db()
    assert close.demandeur_nom == ""
    assert close.effacement_accord == "Visa des Archives\u00a0: Bordereau n° 12, visé le 3 mars 2026"


@pytest.mark.parametrize(
    ("qui", "code", "code_liste"),
    [
        ("dpd", 403, 200),
        ("agent", 403, 403),
        ("gestionnaire", 403, 403),
        ("lecteur", 403, 403),
        ("etranger", 404, 404),
    ],
)
def test_les_autres_n_effacent_pas(close, connecte, request, qui, code, code_liste):
    client = connecte(request.getfixturevalue(qui))
    assert client.post(page(close), SAISIE).status_code == code
    assert client.get(page(close)).status_code == code
    assert client.get(liste(close.collectivite)).status_code == code_liste
    assert client.post(liste(close.collectivite), {**SAISIE, "demandes": [close.pk]}).status_code == code
    close.refresh_from_db()
    assert close.demandeur_nom == NOM


def test_le_dpd_lit_la_liste_sans_case_ni_bouton(close, connecte, dpd):
    corps = connecte(dpd).get(liste(close.collectivite)).content.decode()
    assert NOM in corps
    assert 'name="demandes"' not in corps
    assert "Effacer définitivement" not in corps


def test_un_oubli_revient_sous_son_champ_sans_perdre_la_saisie(close, connecte, referent):
    corps = connecte(referent).post(page(close), {"accord": "Bordereau n° 12"}).content.decode()
    assert "Choisissez une réponse." in corps
    assert "Bordereau n° 12" in corps
    close.refresh_from_db()
    assert close.demandeur_nom == NOM


def test_un_numero_de_securite_sociale_est_refuse_dans_l_accord(close, connecte, referent):
    corps = connecte(referent).post(page(close), {"visa": "sans", "accord": "2 94 03 75 120 005 22"})
    assert "numéro de sécurité sociale" in corps.content.decode()


def test_sans_visa_la_page_dit_ce_qui_devrait_partir_et_n_empeche_pas(close, connecte, referent):
    client = connecte(referent)
    for corps in (client.get(page(close)), client.get(liste(close.collectivite))):
        texte = corps.content.decode()
        assert "Détruire une archive publique le demande, d’avance" in texte
        assert "seuls l’identité et des copies devraient partir" in texte
        assert "toutes les pièces" in texte
        assert "n’en faut pas" not in texte
    assert client.post(page(close), {"visa": "sans", "accord": "Copies seulement"}).status_code == 302
    close.refresh_from_db()
    assert (close.demandeur_nom, close.effacement_accord) == ("", "Sans visa\u00a0: Copies seulement")


def test_effacer_deux_fois_ne_refait_rien(close, connecte, referent, maintenant):
    effacer_le_demandeur(demande=close, accord="x", auteur=referent, maintenant=maintenant)
    reponse = connecte(referent).post(page(close), SAISIE)
    assert "déjà effacées" in " ".join(str(m) for m in get_messages(reponse.wsgi_request))
    close.refresh_from_db()
    assert close.effacement_accord == "x"


@pytest.mark.parametrize("rang", [99, 2])
def test_une_demande_d_ailleurs_n_existe_pas_ici(close, voisine, connecte, referent, rang):
    adresse = reverse("subtraitance:effacer_demandeur", args=[close.collectivite.siren, close.annee, rang])
    assert connecte(referent).get(adresse).status_code == 404


def test_la_page_dit_pourquoi_on_ne_peut_pas_encore(collectivite, connecte, referent, decideur):
    ouverte = demander(collectivite, recue_le=ANCIENNE).demande
    client = connecte(referent)
    assert "n’est pas close" in client.get(page(ouverte)).content.decode()
    fermer(ouverte, decideur, CLOSE_LE)
    corps = client.post(page(ouverte), SAISIE).content.decode()
    assert corps.count("Aucune durée") >= 2  # le chapeau, puis le refus
    assert reverse("subtraitance:reglages_demandes", args=[collectivite.siren]) in corps


def test_la_page_attend_le_terme(collectivite, connecte, referent, decideur):
    fermee = fermer(demander(collectivite, recue_le=ANCIENNE).demande, decideur, CLOSE_LE)
    regler(collectivite, decideur, conservation_mois=600)
    corps = connecte(referent).get(page(fermee)).content.decode()
    assert "Le dernier jour où le garder" in corps
    assert "Effacer définitivement" not in corps


def test_sans_duree_la_liste_mene_au_reglage(collectivite, connecte, decideur):
    fermer(demander(collectivite, recue_le=ANCIENNE).demande, decideur, CLOSE_LE)
    corps = connecte(decideur).get(liste(collectivite)).content.decode()
    assert "1 demande close attend une durée" in corps
    assert reverse("subtraitance:reglages_demandes", args=[collectivite.siren]) in corps


def test_un_lot_coche_s_efface_d_un_coup(close, collectivite, connecte, decideur):
    autre = fermer(demander(collectivite, recue_le=ANCIENNE).demande, decideur, CLOSE_LE)
    gardee = fermer(demander(collectivite, recue_le=ANCIENNE).demande, decideur, CLOSE_LE)
    regler(collectivite, decideur, CLOSE_LE)
    client = connecte(decideur)
    envoi = {**SAISIE, "demandes": [close.pk, autre.pk, "9" * 30, "x"]}
    reponse = client.post(liste(collectivite), envoi, follow=True)
    assert "2\u00a0demandes" in reponse.content.decode()
    noms = DemandeDroits.objects.order_by("pk").values_list("pk", "demandeur_nom")
    assert dict(noms) == {close.pk: "", autre.pk: "", gardee.pk: NOM}
    assert "déjà effacées" in client.post(liste(collectivite), envoi, follow=True).content.decode()


def test_sans_case_cochee_rien_ne_s_efface_et_la_saisie_reste(close, connecte, decideur):
    corps = connecte(decideur).post(liste(close.collectivite), SAISIE).content.decode()
    assert "Cochez au moins une demande." in corps
    assert "Bordereau n° 12" in corps


def test_un_lot_refuse_dit_pourquoi_et_garde_les_cases(close, collectivite, connecte, decideur):
    ouverte = demander(collectivite, recue_le=ANCIENNE).demande
    reponse = connecte(decideur).post(liste(collectivite), {**SAISIE, "demandes": [close.pk, ouverte.pk]})
    corps = reponse.content.decode()
    assert "Une demande s’efface une fois close." in corps
    assert f'id="d-{close.pk}" checked' in corps
    close.refresh_from_db()
    assert close.demandeur_nom == NOM


def test_la_demande_d_une_voisine_ne_s_efface_pas_d_ici(close, voisine, connecte, decideur):
    autre = demander(voisine, recue_le=ANCIENNE).demande
    corps = connecte(decideur).post(liste(close.collectivite), {**SAISIE, "demandes": [autre.pk]})
    assert "Cochez au moins une demande." in corps.content.decode()
    autre.refresh_from_db()
    assert autre.demandeur_nom == NOM


def test_la_liste_vide_apprend_ce_qui_y_vient(collectivite, connecte, decideur):
    regler(collectivite, decideur, CLOSE_LE)
    recente = fermer(demander(collectivite).demande, decideur, RECUE + timedelta(days=1))
    regler(collectivite, decideur, conservation_mois=600)
    corps = connecte(decideur).get(liste(collectivite)).content.decode()
    assert "Rien à effacer aujourd’hui" in corps
    assert "1 demande close se garde encore" in corps
    assert recente.numero not in corps


def test_la_liste_coute_autant_a_deux_qu_a_trente(
    close, collectivite, connecte, decideur, django_assert_num_queries, django_assert_max_num_queries
):
    client = connecte(decideur)
    client.get(liste(collectivite))
    with django_assert_max_num_queries(25) as avant:
        client.get(liste(collectivite))
    for _ in range(30):
        demande = demander(collectivite, recue_le=ANCIENNE).demande
        fermer(demande, decideur, CLOSE_LE)
    regler(collectivite, decideur, CLOSE_LE)
    with django_assert_num_queries(len(avant)):
        corps = client.get(liste(collectivite)).content.decode()
    assert corps.count('name="demandes"') == 31
