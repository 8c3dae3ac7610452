"""La page du calculateur : ouverte à tout compte connecté, sans rien garder, partagée par son adresse."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.comptes.models import JournalAcces
from subtraitance.regles.calculateur_delais import Delai

pytestmark = pytest.mark.django_db
ADRESSE = "/calculateur/"


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


def calculer(client, **champs):
    return client.get(ADRESSE, {"delai": "48_heures_ouvrees", "territoire": "metropole", **champs})


def lire(reponse):
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def erreurs(reponse):
    return reponse.context["formulaire"].errors


@pytest.mark.parametrize(
    "qui", ["referent", "decideur", "lecteur", "dpd", "gestionnaire", "agent", "etranger"]
)
def test_tout_compte_connecte_l_ouvre(connecte, request, qui):
    reponse = connecte(request.getfixturevalue(qui)).get(reverse("subtraitance:calculateur"))
    assert reponse.status_code == 200
    assert reponse.context["resultat"] is None
    assert "Calculer une échéance" in lire(reponse)


def test_sans_compte_on_est_mene_a_la_connexion(client):
    assert client.get(ADRESSE).status_code == 302


def test_on_n_y_envoie_rien(connecte, lecteur):
    assert connecte(lecteur).post(ADRESSE, {}).status_code == 405


def test_le_territoire_de_depart_est_celui_de_la_personne(connecte, referent, collectivite):
    collectivite.territoire = "guyane"
    collectivite.save()
    assert '<option value="guyane" selected>' in lire(connecte(referent).get(ADRESSE))


def test_les_48_heures_nomment_l_ascension_et_montrent_chaque_jour(connecte, agent):
    page = lire(calculer(connecte(agent), depart_date="2026-05-13", depart_heure="09:15"))
    assert "Échéance : lundi 18 mai 2026 à 9 h 15" in page
    assert "<li>jeudi 14 mai 2026 : Ascension</li>" in page
    assert "<li>samedi 16 mai 2026 : week-end</li>" in page
    assert "compte 14 h 45" in page
    assert "48 heures, non compris jours fériés et week-end" in page
    assert page.count('<rect class="neutre"') == 3
    assert (
        "http://testserver/calculateur/?delai=48_heures_ouvrees&amp;territoire=metropole"
        "&amp;depart_date=2026-05-13&amp;depart_heure=09%3A15"
    ) in page


def test_un_samedi_finit_le_mardi_a_24_heures(connecte, agent):
    page = lire(calculer(connecte(agent), depart_date="2026-11-21", depart_heure="11:00"))
    assert "mardi 24 novembre 2026 à 24 h 00" in page


def test_un_delai_en_mois_n_a_pas_besoin_d_heure(connecte, lecteur):
    page = lire(calculer(connecte(lecteur), delai="1_mois", depart_date="2026-03-05"))
    assert "Échéance : mardi 7 avril 2026, jusqu’à minuit" in page
    assert "<li>lundi 6 avril 2026 : Lundi de Pâques</li>" in page
    assert "au plus tard le dimanche 5 avril 2026" in page


def test_une_heure_tapee_pour_rien_est_ignoree(connecte, lecteur):
    reponse = calculer(connecte(lecteur), delai="1_mois", depart_date="29/03/2026", depart_heure="02:30")
    assert "mercredi 29 avril 2026" in lire(reponse)


def test_la_suspension_et_le_calendrier_local_comptent(connecte, lecteur):
    client = connecte(lecteur)
    suspendue = calculer(
        client,
        delai="1_mois",
        depart_date="2026-03-10",
        suspension_debut="2026-03-12",
        suspension_fin="2026-03-20",
    )
    assert "lundi 20 avril 2026" in lire(suspendue)
    assert "La suspension ajoute 8 jours." in lire(suspendue)
    champs = {"delai": "1_mois", "depart_date": "2026-03-03", "territoire": "alsace_moselle"}
    assert "vendredi 3 avril 2026" in lire(calculer(client, **champs))
    assert "mardi 7 avril 2026" in lire(calculer(client, local="on", **champs))


def test_un_preavis_remonte_du_terme(connecte, lecteur):
    page = lire(calculer(connecte(lecteur), delai="preavis", depart_date="2027-02-15", mois="3"))
    assert "Agissez au plus tard : vendredi 13 novembre 2026" in page


def test_la_seconde_des_deux_heures_d_automne_se_choisit(connecte, lecteur):
    client = connecte(lecteur)
    champs = {"delai": "24_heures", "depart_date": "2026-10-25", "depart_heure": "02:30"}
    doute = calculer(client, **champs)
    assert "passée deux fois" in str(erreurs(doute)["depart"])
    assert 'value="hiver"' in lire(doute)
    assert "lundi 26 octobre 2026 à 2 h 30" in lire(calculer(client, depart_saison="hiver", **champs))
    assert "lundi 26 octobre 2026 à 1 h 30" in lire(calculer(client, depart_saison="ete", **champs))


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"depart_date": "2026-03-29", "depart_heure": "02:30"}, "depart", "n’existe pas"),
        ({"depart_date": "31/02/2026", "depart_heure": "02:30"}, "depart", "n’existe pas"),
        ({"depart_date": "9999-01-01", "depart_heure": "02:30"}, "depart", "n’existe pas"),
        ({"depart_date": "2026-03-30"}, "depart", "Indiquez l’heure"),
        ({}, "depart", "Indiquez une date et une heure"),
        ({"delai": "1_mois"}, "depart", "Indiquez la date"),
        ({"delai": "1_mois", "depart_date": "hier"}, "depart", "n’existe pas"),
        ({"delai": "1_mois", "depart_date": "2017-01-01"}, "depart", "25\u00a0mai 2018"),
        ({"delai": "un siècle", "depart_date": "2026-01-01"}, "delai", "Choisissez dans la liste"),
        ({"territoire": "lune"}, "territoire", "Choisissez dans la liste"),
        ({"delai": "preavis", "depart_date": "2026-01-01", "mois": "99"}, "mois", "de 1 à 24"),
        ({"delai": "preavis", "depart_date": "2026-01-01", "mois": "x"}, "mois", "nombre de mois"),
        (
            {"delai": "1_mois", "depart_date": "2026-01-05", "suspension_fin": "2026-01-09"},
            "suspension_debut",
            "s’est arrêté",
        ),
        (
            {"delai": "1_mois", "depart_date": "2026-01-05", "suspension_debut": "2026-01-09"},
            "suspension_fin",
            "a repris",
        ),
    ],
)
def test_une_mauvaise_saisie_se_dit_sous_son_champ(connecte, lecteur, champs, champ, phrase):
    reponse = calculer(connecte(lecteur), **champs)
    assert reponse.status_code == 200
    assert phrase in str(erreurs(reponse)[champ])
    assert reponse.context["resultat"] is None


@pytest.mark.parametrize("delai", Delai)
def test_chaque_delai_se_montre(connecte, lecteur, delai):
    reponse = calculer(connecte(lecteur), delai=delai, depart_date="2026-11-23", depart_heure="09:00")
    assert reponse.context["resultat"] is not None


def test_rien_n_est_ecrit(connecte, lecteur):
    client = connecte(lecteur)
    calculer(client, depart_date="2026-05-13", depart_heure="09:15")
    with CaptureQueriesContext(connection) as requetes:
        calculer(client, depart_date="2026-05-13", depart_heure="09:15")
    assert not [r for r in requetes if r["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not JournalAcces.objects.exists()
