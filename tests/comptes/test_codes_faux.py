"""Les codes faux du second facteur se comptent en base : ni redémarrage ni autre poste ne les efface."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessFailureLog
from django.core.cache import cache
from django.urls import reverse

from dpd.comptes import actions
from dpd.comptes.adaptateur import Adaptateur
from dpd.comptes.enums import NatureAcces
from dpd.comptes.models import JournalAcces
from tests.comptes.conftest import T0
from tests.comptes.test_double_facteur import code, mot_de_passe, saisir
from tests.comptes.test_tentatives import tenter

pytestmark = pytest.mark.django_db
FERME = "Trop de codes faux. Réessayez à partir du lundi 23\u00a0novembre 2026 à 9\u00a0h\u00a046."


def se_tromper(client, fois=5):
    for _ in range(fois):
        reponse = saisir(client, "123456")
    return reponse


def essais():
    return AccessFailureLog.objects.filter(username__startswith="CODE:").count()


def test_cinq_codes_faux_ferment_la_saisie_et_disent_jusqu_a_quand(client, dpd, proteger, horloge):
    secret = proteger(dpd)
    mot_de_passe(client, dpd)
    assert "Ce code n’est pas le bon" in se_tromper(client).content.decode()
    assert FERME in saisir(client, code(secret)).content.decode()
    assert essais() == 5
    horloge.shift(timedelta(minutes=5, seconds=1))
    assert saisir(client, code(secret, T0 + timedelta(minutes=5, seconds=1))).status_code == 302


def test_le_decompte_survit_a_un_cache_vide_et_a_un_autre_poste(client, client_bis, dpd, proteger, horloge):
    secret = proteger(dpd)
    mot_de_passe(client, dpd)
    se_tromper(client)
    cache.clear()
    mot_de_passe(client_bis, dpd)
    reponse = client_bis.post(reverse("mfa_authenticate"), {"code": code(secret)}, REMOTE_ADDR="198.51.100.4")
    assert FERME in reponse.content.decode()
    assert "_auth_user_id" not in client_bis.session


def test_un_code_de_secours_n_ouvre_pas_davantage(client, dpd, proteger, horloge):
    proteger(dpd)
    secours = Authenticator.objects.get(user=dpd, type="recovery_codes").wrap().get_unused_codes()[0]
    mot_de_passe(client, dpd)
    se_tromper(client)
    cache.clear()
    assert FERME in saisir(client, secours).content.decode()


def test_la_deuxieme_serie_ferme_un_quart_d_heure(client, dpd, proteger, horloge):
    secret = proteger(dpd)
    mot_de_passe(client, dpd)
    for _ in range(2):
        se_tromper(client)
        cache.clear()
        horloge.shift(timedelta(minutes=5, seconds=1))
    assert essais() == 10
    maintenant = T0 + timedelta(minutes=10, seconds=2)
    assert "10\u00a0h\u00a001" in saisir(client, code(secret, maintenant)).content.decode()


def test_le_bon_code_efface_tout(client, dpd, proteger, horloge):
    secret = proteger(dpd)
    mot_de_passe(client, dpd)
    se_tromper(client, 4)
    assert saisir(client, code(secret)).status_code == 302
    assert essais() == 0


def test_chaque_code_faux_verifie_s_inscrit_au_journal(client, dpd, proteger, horloge):
    proteger(dpd)
    mot_de_passe(client, dpd)
    se_tromper(client, 7)
    echecs = JournalAcces.objects.filter(nature=NatureAcces.ECHEC, utilisateur=dpd)
    assert echecs.count() == 5


def test_confirmer_son_identite_par_un_code_suit_la_meme_regle(client, referent, proteger, horloge):
    secret = proteger(referent)
    mot_de_passe(client, referent)
    saisir(client, code(secret))
    horloge.shift(timedelta(minutes=20))
    for _ in range(5):
        client.post(reverse("mfa_reauthenticate"), {"code": "123456"})
    cache.clear()
    plus_tard = code(secret, T0 + timedelta(minutes=20))
    page = client.post(reverse("mfa_reauthenticate"), {"code": plus_tard}).content.decode()
    assert "Trop de codes faux" in page
    assert "10\u00a0h\u00a006" in page


def test_nul_ne_ferme_les_codes_d_autrui_depuis_la_page_de_connexion(client, dpd, proteger, horloge):
    secret = proteger(dpd)
    for _ in range(5):
        tenter(client, f"CODE:{dpd.pk}")
        AccessFailureLog.objects.create(username=f"code:{dpd.pk}")
    mot_de_passe(client, dpd)
    assert saisir(client, code(secret)).status_code == 302


def test_refaire_le_double_facteur_rouvre_la_saisie(
    client, dpd, agent, structure, proteger, horloge, maintenant
):
    proteger(agent)
    mot_de_passe(client, agent)
    se_tromper(client)
    actions.oublier_double_facteur(utilisateur=agent, structure=structure, auteur=dpd, maintenant=maintenant)
    assert essais() == 0


def test_un_nouveau_mot_de_passe_ne_rouvre_pas_les_codes(client, dpd, proteger, horloge):
    """La messagerie ne prouve pas le second facteur."""
    proteger(dpd)
    mot_de_passe(client, dpd)
    se_tromper(client)
    Adaptateur().set_password(dpd, "Une autre phrase de passe longue 2!")
    assert essais() == 5
