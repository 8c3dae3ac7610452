"""La page de suivi : l’état et la date, jamais qui ni quoi ; rien à qui n’a pas le lien."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from dpd.comptes.enums import TypeCollectivite
from subtraitance import antirobot
from subtraitance.actions.demandes_instruction import commencer_la_recherche, reprendre, suspendre
from subtraitance.actions.demandes_reception import transmettre
from subtraitance.actions.effacement import effacer_le_demandeur
from subtraitance.enums import RegimeDemande
from tests.subtraitance.fabriques_d3 import RECUE, SECRETS, demander, fermer, regler, un_an_apres

pytestmark = pytest.mark.django_db
JOUR = timedelta(days=1)


@pytest.fixture(autouse=True)
def cache_neuf():
    cache.clear()


@pytest.fixture
def horloge(monkeypatch):
    def _fixer(instant):
        monkeypatch.setattr("subtraitance.views.suivi.timezone.now", lambda: instant)

    _fixer(RECUE + JOUR)
    return _fixer


@pytest.fixture
def recue(collectivite, referent, decideur, agent, dpd, horloge):
    return demander(collectivite)


def page(jeton):
    return reverse("subtraitance:suivi", args=[jeton])


def lire(client, recue) -> str:
    reponse = client.get(page(recue.jeton))
    assert reponse.status_code == 200
    corps = reponse.content.decode()
    assert [secret for secret in SECRETS if secret in corps] == []
    return corps


def titre(corps: str) -> str:
    return re.search(r"<h1>(.*?)</h1>", corps)[1]


def test_recue_elle_va_etre_transmise(recue, client):
    corps = lire(client, recue)
    assert titre(corps) == "Votre demande est reçue"
    assert "jeudi 17\u00a0décembre 2026" in corps
    assert "mardi 17\u00a0novembre 2026" in corps
    assert "Nadège Roucoules" in corps
    assert "3 place de Fontenoy" in corps
    assert "recue" not in corps.split("</main>")[0].split("<main")[1]  # pas de message de confirmation


def test_transmise_elle_est_a_la_mairie(recue, referent, agent, client):
    quand = RECUE + timedelta(hours=3)
    transmettre(demande=recue.demande, destinataires=[referent], auteur=agent, maintenant=quand)
    corps = lire(client, recue)
    assert titre(corps) == "La mairie a reçu votre demande"
    assert "Demande transmise à la mairie" in corps


def test_recue_par_la_collectivite_elle_n_a_rien_a_transmettre(collectivite, client, horloge):
    corps = lire(client, demander(collectivite, par_la_structure=False))
    assert titre(corps) == "La mairie a reçu votre demande"


def test_suspendue_on_attend_le_demandeur_sans_redire_ce_qu_on_lui_demande(recue, referent, client, horloge):
    motif = "Zénobie Quatrefages doit prouver son adresse"
    geste = {"auteur": referent, "maintenant": RECUE + 3 * JOUR}
    suspendre(demande=recue.demande, motif=motif, debut=date(2026, 11, 20), **geste)
    horloge(RECUE + 60 * JOUR)
    corps = lire(client, recue)
    assert titre(corps) == "On attend une réponse de vous"
    assert "vendredi 20\u00a0novembre 2026" in corps
    assert "le délai est arrêté en attendant" in corps
    assert "Ce délai est passé" not in corps
    assert "décembre" not in corps
    reprendre(demande=recue.demande, fin=date(2026, 12, 1), auteur=referent, maintenant=RECUE + 60 * JOUR)
    horloge(RECUE + 20 * JOUR)
    assert titre(lire(client, recue)) == "Votre demande est en cours"


def test_en_cours_puis_en_retard_elle_dit_comment_saisir_la_cnil(recue, referent, client, horloge):
    commencer_la_recherche(demande=recue.demande, auteur=referent, maintenant=RECUE)
    assert titre(lire(client, recue)) == "Votre demande est en cours"
    dernier_soir = datetime(2026, 12, 17, 22, 59, tzinfo=UTC)  # 23 h 59 à Paris
    horloge(dernier_soir)
    assert "Ce délai est passé" not in lire(client, recue)
    horloge(dernier_soir + timedelta(minutes=1))
    corps = lire(client, recue)
    assert "Ce délai est passé" in corps
    assert titre(corps) == "La réponse est en retard"
    assert "Vous pouvez aussi saisir la CNIL dès maintenant" in corps


def test_repondue_elle_dit_quand_la_reponse_est_partie(recue, decideur, client, horloge):
    fermer(recue.demande, decideur, RECUE + 3 * JOUR)
    horloge(RECUE + 90 * JOUR)
    corps = lire(client, recue)
    assert titre(corps) == "La réponse vous a été envoyée"
    assert "vendredi 20\u00a0novembre 2026" in corps
    assert "Ce délai est passé" not in corps


def test_l_adresse_gardee_ne_redit_pas_qu_elle_vient_d_etre_enregistree(recue, decideur, client, horloge):
    confirmee = page(recue.jeton) + "?recue=1"
    assert "Votre demande est enregistrée" in client.get(confirmee).content.decode()
    fermer(recue.demande, decideur, RECUE + 3 * JOUR)
    assert "Votre demande est enregistrée" not in client.get(confirmee).content.decode()


def test_prolongee_elle_le_dit(recue, client):
    recue.demande.prolongee = True
    recue.demande.echeance = date(2027, 2, 17)
    recue.demande.save()
    corps = lire(client, recue)
    assert "Le délai est prolongé" in corps
    assert "17\u00a0février 2027" in corps


def test_hors_rgpd_elle_renvoie_a_l_autre_procedure(collectivite, client, horloge):
    recue = demander(collectivite, regime=RegimeDemande.ETAT_CIVIL)
    corps = lire(client, recue)
    assert titre(corps) == "Votre demande suit une autre procédure"
    assert "Le délai dépend de la procédure" in corps
    assert [mot for mot in ("CNIL", "CADA", "Saisir") if mot in corps] == []


def test_un_document_administratif_se_porte_devant_la_cada(collectivite, referent, client, horloge):
    recue = demander(collectivite, regime=RegimeDemande.CADA)
    corps = lire(client, recue)
    assert "jeudi 17\u00a0décembre 2026" in corps
    assert "Un mois de silence vaut refus." in corps
    assert "Saisir la CADA" in corps
    assert "CRPA, art. R.343-1" in corps
    horloge(datetime(2026, 12, 18, 9, 0, tzinfo=UTC))
    passe = lire(client, recue)
    assert titre(passe) == "La réponse est en retard"
    assert "Vous pouvez aussi saisir la CADA dans les deux mois" in passe
    assert "obligatoire avant tout recours au juge" in passe
    assert [mot for mot in ("CNIL", "prolongé", "arrêté") if mot in corps + passe] == []


def test_prolongee_puis_qualifiee_autrement_elle_ne_l_est_plus(collectivite, client, horloge):
    recue = demander(collectivite, regime=RegimeDemande.CADA)
    recue.demande.prolongee = True
    recue.demande.save()
    assert "prolongé" not in lire(client, recue)


@pytest.mark.parametrize("jours", [1, 40])
def test_a_qualifier_elle_n_affirme_ni_date_ni_recours(collectivite, client, horloge, jours):
    recue = demander(collectivite, regime="")
    horloge(RECUE + jours * JOUR)
    corps = lire(client, recue)
    assert titre(corps) == "Votre demande est reçue"
    assert "Le délai dépend de la procédure" in corps
    assert [mot for mot in ("CNIL", "CADA", "décembre", "prolongé", "retard") if mot in corps] == []


def test_un_syndicat_se_nomme_organisme(recue, collectivite, client):
    collectivite.type = TypeCollectivite.SYNDICAT
    collectivite.save()
    assert "transmise à l’organisme" in lire(client, recue)


def test_inconnu_faux_ou_efface_la_meme_page_au_meme_prix(
    recue, decideur, collectivite, client, horloge, django_assert_num_queries
):
    regler(collectivite, decideur)
    fermer(recue.demande, decideur, RECUE + JOUR)
    regler(collectivite, decideur, RECUE + 2 * JOUR)
    recue.demande.refresh_from_db()
    effacer_le_demandeur(
        demande=recue.demande, accord="Visa", auteur=decideur, maintenant=un_an_apres(RECUE + JOUR)
    )
    jetons = [recue.jeton, recue.jeton[:-1], "x", "0" * 64, recue.demande.suivi, "é" * 200]
    pages = []
    for jeton in jetons:
        with django_assert_num_queries(1):
            pages.append(client.get(page(jeton)))
    assert {reponse.status_code for reponse in pages} == {404}
    assert len({re.sub(rb"csrftoken[^}]*", b"", reponse.content) for reponse in pages}) == 1


def test_le_lien_d_une_demande_n_ouvre_que_la_sienne(recue, voisine, client):
    autre = demander(voisine)
    assert "Montpezat" in lire(client, recue)
    corps = lire(client, autre)
    assert "Septfonds" in corps
    assert "Montpezat" not in corps


def test_ni_cache_ni_moteur_ni_site_suivant_n_en_gardent_l_adresse(recue, client):
    reponse = client.get(page(recue.jeton))
    assert "no-store" in reponse["Cache-Control"]
    assert "noindex" in reponse["X-Robots-Tag"]
    assert reponse["Referrer-Policy"] == "no-referrer"
    assert "<script" not in reponse.content.decode()
    assert client.post(page(recue.jeton)).status_code == 405


def test_trop_de_pages_ouvertes_d_une_adresse_attendent_bon_ou_mauvais_jeton(recue, client, monkeypatch):
    monkeypatch.setattr(antirobot, "SUIVI", antirobot.SUIVI._replace(places=2))
    codes = [client.get(page(jeton)).status_code for jeton in ("x", recue.jeton, recue.jeton, "x")]
    assert codes == [404, 200, 429, 429]
    reponse = client.get(page(recue.jeton))
    assert reponse["Retry-After"] == "3600"
    assert "no-store" in reponse["Cache-Control"]
    assert recue.jeton not in reponse.content.decode()
    assert client.get(page(recue.jeton), REMOTE_ADDR="203.0.113.9").status_code == 200
