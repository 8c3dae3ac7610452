"""Cinq échecs ferment l’accès, de plus en plus longtemps, à une personne depuis une adresse."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from axes.models import AccessFailureLog
from django.urls import reverse

from dpd.comptes.regles.tentatives import DUREES, ECHECS_MAX, MEMOIRE, duree, fin_du_blocage
from dpd.comptes.tentatives import Blocage, identifiant
from tests.comptes.conftest import MOT_DE_PASSE

T0 = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def serie(debut, nombre=ECHECS_MAX):
    return [debut + timedelta(seconds=i) for i in range(nombre)]


def test_les_durees_s_allongent_puis_plafonnent():
    minutes = [duree(n).total_seconds() / 60 for n in range(6)]
    assert minutes == [5, 15, 60, 1440, 1440, 1440]


def test_quatre_echecs_ne_ferment_rien():
    assert fin_du_blocage(serie(T0, 4), T0 + MINUTE) is None


def test_le_cinquieme_ferme_cinq_minutes_et_pas_une_de_plus():
    echecs = serie(T0)
    fin = echecs[-1] + timedelta(minutes=5)
    assert fin_du_blocage(echecs, T0 + MINUTE) == fin
    assert fin_du_blocage(echecs, fin - timedelta(seconds=1)) == fin
    assert fin_du_blocage(echecs, fin) is None


def test_un_echec_pendant_le_blocage_ne_le_prolonge_pas():
    echecs = serie(T0)
    fin = echecs[-1] + timedelta(minutes=5)
    assert fin_du_blocage([*echecs, T0 + 2 * MINUTE, T0 + 3 * MINUTE], T0 + 4 * MINUTE) == fin


def test_l_ordre_des_echecs_ne_change_rien():
    echecs = serie(T0)
    assert fin_du_blocage(reversed(echecs), T0 + MINUTE) == fin_du_blocage(echecs, T0 + MINUTE)


@pytest.mark.parametrize("rang", range(5))
def test_chaque_nouvelle_serie_dure_plus_longtemps(rang):
    echecs, debut = [], T0
    for numero in range(rang + 1):
        echecs += serie(debut)
        debut = echecs[-1] + duree(numero) + MINUTE
    assert fin_du_blocage(echecs, echecs[-1] + MINUTE) == echecs[-1] + DUREES[min(rang, 3)]


def test_une_semaine_sans_echec_efface_l_ardoise():
    anciens = serie(T0)
    recents = serie(T0 + MEMOIRE + timedelta(hours=1))
    assert fin_du_blocage(anciens + recents, recents[-1] + MINUTE) == recents[-1] + DUREES[0]


def test_quatre_echecs_anciens_ne_s_ajoutent_pas_a_un_recent():
    assert fin_du_blocage([*serie(T0, 4), T0 + MEMOIRE + MINUTE], T0 + MEMOIRE + 2 * MINUTE) is None


# --- Le formulaire -------------------------------------------------------------------------------


def tenter(client, courriel, mot_de_passe="faux", adresse="203.0.113.7"):
    return client.post(
        reverse("account_login"), {"login": courriel, "password": mot_de_passe}, REMOTE_ADDR=adresse
    )


@pytest.mark.parametrize("courriel", ["sylvie@montpezat.example", "inconnue@nullepart.example"])
def test_la_page_de_blocage_dit_jusqu_a_quand_que_le_compte_existe_ou_non(client, referent, courriel):
    with time_machine.travel(T0, tick=False):
        reponses = [tenter(client, courriel) for _ in range(5)]
        assert [r.status_code for r in reponses] == [200, 200, 200, 200, 429]
        assert "lundi 23\u00a0novembre 2026 à 9\u00a0h\u00a005" in reponses[-1].content.decode()
        assert reponses[-1]["Retry-After"] == "300"


def test_l_heure_affichee_n_est_jamais_trop_tot(client, referent):
    with time_machine.travel(T0 + timedelta(seconds=1), tick=False):
        for _ in range(5):
            reponse = tenter(client, referent.email)
    assert "9\u00a0h\u00a006" in reponse.content.decode()


def test_le_bon_mot_de_passe_n_ouvre_pas_pendant_le_blocage_puis_ouvre(client, referent):
    with time_machine.travel(T0, tick=False) as horloge:
        for _ in range(5):
            tenter(client, referent.email)
        assert tenter(client, referent.email.upper(), MOT_DE_PASSE).status_code == 429
        horloge.shift(timedelta(minutes=5, seconds=1))
        assert tenter(client, referent.email, MOT_DE_PASSE).status_code == 302


def test_insister_ne_repousse_pas_l_heure_annoncee(client, referent):
    with time_machine.travel(T0, tick=False) as horloge:
        for _ in range(5):
            tenter(client, referent.email)
        horloge.shift(timedelta(minutes=4))
        assert tenter(client, referent.email).status_code == 429
        assert AccessFailureLog.objects.count() == 5
        horloge.shift(timedelta(minutes=1, seconds=1))
        assert tenter(client, referent.email).status_code == 200


def test_la_deuxieme_serie_ferme_un_quart_d_heure(client, referent):
    with time_machine.travel(T0, tick=False) as horloge:
        for _ in range(5):
            tenter(client, referent.email)
        horloge.shift(timedelta(minutes=6))
        for _ in range(5):
            reponse = tenter(client, referent.email)
        assert reponse.status_code == 429
        horloge.shift(timedelta(minutes=14))
        assert tenter(client, referent.email, MOT_DE_PASSE).status_code == 429
        horloge.shift(timedelta(minutes=2))
        assert tenter(client, referent.email, MOT_DE_PASSE).status_code == 302


def test_une_collegue_derriere_la_meme_adresse_n_est_pas_bloquee(client, referent, decideur):
    for _ in range(5):
        tenter(client, referent.email)
    assert tenter(client, decideur.email, MOT_DE_PASSE).status_code == 302


def test_la_meme_personne_entre_depuis_une_autre_adresse(client, referent):
    for _ in range(5):
        tenter(client, referent.email)
    assert tenter(client, referent.email, MOT_DE_PASSE, adresse="198.51.100.4").status_code == 302


def test_une_reussite_efface_les_echecs(client, referent):
    for _ in range(4):
        tenter(client, referent.email)
    assert tenter(client, referent.email, MOT_DE_PASSE).status_code == 302
    assert not AccessFailureLog.objects.exists()


def test_l_echec_d_un_autre_n_efface_pas_un_blocage_long(client, referent, decideur):
    """Piège de la bibliothèque : l’échec d’une personne y purge les blocages plus longs des autres."""
    with time_machine.travel(T0, tick=False) as horloge:
        for _ in range(3):
            for _ in range(5):
                tenter(client, referent.email)
            horloge.shift(timedelta(minutes=16))
        assert tenter(client, decideur.email).status_code == 200
        assert tenter(client, referent.email, MOT_DE_PASSE).status_code == 429


def test_les_echecs_de_plus_d_un_mois_sont_effaces(client, referent):
    with time_machine.travel(T0, tick=False) as horloge:
        tenter(client, "ancien@nullepart.example")
        horloge.shift(timedelta(days=31))
        tenter(client, "recent@nullepart.example")
    assert list(AccessFailureLog.objects.values_list("username", flat=True)) == ["recent@nullepart.example"]


@pytest.mark.parametrize(
    ("identifiants", "attendu"),
    [
        ({"email": " Sylvie@Mairie.example "}, "sylvie@mairie.example"),
        ({"username": "a@b.fr\0"}, "a@b.fr"),
        ({"login": "x" * 400}, "x" * 254),
        (None, ""),
    ],
)
def test_l_identifiant_est_normalise(identifiants, attendu):
    assert identifiant(None, identifiants) == attendu


def test_l_identifiant_se_lit_dans_le_formulaire_ou_la_session(rf, referent):
    assert identifiant(rf.post("/", {"login": "A@B.fr"})) == "a@b.fr"
    requete = rf.post("/")
    requete.user = referent
    assert identifiant(requete) == referent.email


def test_un_echec_hors_requete_ne_se_compte_pas(db):
    Blocage().user_login_failed(None, {"email": "a@b.fr"}, None)
    assert not AccessFailureLog.objects.exists()
