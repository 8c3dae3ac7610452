"""Un site mal réglé refuse de démarrer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

import dpd.settings
from dpd.checks import (
    CLE_PAR_DEFAUT,
    controler_cle,
    controler_debug,
    controler_demonstration,
    controler_temoins,
    est_local,
    refuser_si_mal_regle,
)
from tests.projet import RACINE


@pytest.fixture
def demonstration(settings):
    """Une démonstration bien réglée."""
    settings.DEMONSTRATION = settings.DEBUG = True
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
    settings.SITE_URL = "http://127.0.0.1:8000"
    return settings


def identifiants(erreurs):
    return [erreur.id for erreur in erreurs]


def test_une_demonstration_locale_est_permise(demonstration):
    assert controler_demonstration(None) == []


def test_hors_demonstration_rien_a_dire(settings):
    settings.ALLOWED_HOSTS = ["dpd.example"]
    assert controler_demonstration(None) == []


def test_une_demonstration_sans_debug_est_refusee(demonstration):
    demonstration.DEBUG = False
    assert identifiants(controler_demonstration(None)) == ["dpd.E001"]


@pytest.mark.parametrize(
    "hote", ["dpd.example", "*", ".example", "0.0.0.0", "192.168.1.4", "localhost.example"]
)
def test_une_demonstration_sur_un_hote_public_est_refusee(demonstration, hote):
    demonstration.ALLOWED_HOSTS = ["127.0.0.1", hote]
    (erreur,) = controler_demonstration(None)
    assert erreur.id == "dpd.E002"
    assert hote in erreur.msg


@pytest.mark.parametrize("adresse", ["https://dpd.example", "", "http://192.168.1.4:8000"])
def test_une_demonstration_publiee_est_refusee(demonstration, adresse):
    demonstration.SITE_URL = adresse
    assert identifiants(controler_demonstration(None)) == ["dpd.E003"]


def test_toutes_les_erreurs_sont_dites_d_un_coup(demonstration):
    demonstration.DEBUG = False
    demonstration.ALLOWED_HOSTS = ["dpd.example"]
    demonstration.SITE_URL = "https://dpd.example"
    assert identifiants(controler_demonstration(None)) == ["dpd.E001", "dpd.E002", "dpd.E003"]


@pytest.mark.parametrize(
    ("hote", "local"),
    [("localhost", True), ("LOCALHOST", True), ("[::1]", True), ("essai.localhost", True), ("dpd.fr", False)],
)
def test_un_hote_local_ne_se_joint_que_de_sa_machine(hote, local):
    assert est_local(hote) is local


def test_la_cle_de_developpement_est_refusee_hors_debug(settings):
    settings.SECRET_KEY, settings.DEBUG = CLE_PAR_DEFAUT, False
    assert identifiants(controler_cle(None)) == ["dpd.E004"]
    settings.DEBUG = True
    assert controler_cle(None) == []


def test_une_cle_tiree_au_sort_convient(settings):
    settings.SECRET_KEY, settings.DEBUG = "k" * 60, False
    assert controler_cle(None) == []


def test_la_cle_controlee_est_bien_celle_des_reglages():
    assert CLE_PAR_DEFAUT in Path(dpd.settings.__file__).read_text(encoding="utf-8")


def test_les_controles_sont_branches(demonstration):
    demonstration.DEBUG = False
    assert "dpd.E001" in identifiants(run_checks())


def test_le_serveur_web_refuse_aussi(demonstration):
    refuser_si_mal_regle()
    demonstration.ALLOWED_HOSTS = ["dpd.example"]
    with pytest.raises(ImproperlyConfigured, match=r"dpd\.E002"):
        refuser_si_mal_regle()


@pytest.mark.parametrize(("longueur", "attendus"), [(49, ["dpd.E005"]), (50, [])])
def test_une_cle_courte_est_refusee_hors_debug(settings, longueur, attendus):
    settings.SECRET_KEY, settings.DEBUG = "k" * longueur, False
    assert identifiants(controler_cle(None)) == attendus


@pytest.mark.parametrize(
    ("debug", "hote", "attendus"),
    [
        (True, "dpd.example", ["dpd.E006"]),
        (True, "*", ["dpd.E006"]),
        (True, "localhost", []),
        (False, "dpd.example", []),
    ],
)
def test_debug_sur_un_hote_public_est_refuse(settings, debug, hote, attendus):
    settings.DEBUG, settings.DEMONSTRATION, settings.ALLOWED_HOSTS = debug, False, [hote]
    assert identifiants(controler_debug(None)) == attendus


# --- Témoins ---


@pytest.fixture
def sous_tls(settings):
    """Les témoins tels que les règle SECURE_SSL."""
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    return settings


def test_les_temoins_sous_tls_et_sans_tls_sont_coherents(settings, sous_tls):
    assert controler_temoins(None) == []
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "sessionid", "csrftoken"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    assert controler_temoins(None) == []


@pytest.mark.parametrize(
    ("reglage", "valeur"),
    [
        ("SESSION_COOKIE_NAME", "sessionid"),
        ("SESSION_COOKIE_SECURE", False),
        ("CSRF_COOKIE_DOMAIN", ".exemple.fr"),
        ("CSRF_COOKIE_PATH", "/registre"),
    ],
)
def test_un_temoin_que_le_navigateur_refuserait_est_signale(sous_tls, reglage, valeur):
    setattr(sous_tls, reglage, valeur)
    (erreur,) = controler_temoins(None)
    assert erreur.id == "dpd.E007"
    assert reglage.partition("_")[0] in erreur.msg


@pytest.mark.parametrize(("tls", "prefixe"), [("1", "__Host-"), ("0", "")])
def test_le_nom_des_temoins_suit_secure_ssl(tls, prefixe):
    lire = "from dpd.settings import *; print(SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, CSRF_COOKIE_SECURE)"
    sortie = subprocess.run(
        [sys.executable, "-c", lire],
        env={**os.environ, "SECURE_SSL": tls},
        cwd=RACINE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert sortie == [f"{prefixe}sessionid", f"{prefixe}csrftoken", str(tls == "1")]
