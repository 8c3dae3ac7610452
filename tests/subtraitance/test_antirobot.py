"""Le sceau d’une page publique, et le débit que tous les processus partagent."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from django.core.management import call_command

from dpd.comptes.regles.tentatives import origine
from subtraitance.antirobot import Debit, EtatSceau, lire_le_sceau, passent, passer, qui_de, sceller

OUVERTE = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # la nuit où l’heure d’été finit à Paris
SIREN = "218201317"
DEUX = Debit("essai", 2)


@pytest.fixture(autouse=True)
def cache_neuf():
    cache.clear()


@pytest.mark.parametrize(
    ("age", "etat"),
    [
        (timedelta(seconds=-1), EtatSceau.TROP_TOT),
        (timedelta(seconds=2.9), EtatSceau.TROP_TOT),
        (timedelta(seconds=3), EtatSceau.BON),
        (timedelta(hours=24), EtatSceau.BON),
        (timedelta(hours=24, seconds=1), EtatSceau.PERIME),
    ],
)
def test_le_sceau_vaut_de_trois_secondes_a_vingt_quatre_heures(age, etat):
    lu = lire_le_sceau(sceller(SIREN, OUVERTE), SIREN, OUVERTE + age)
    assert lu.etat == etat
    assert isinstance(lu.jeton, UUID)


@pytest.mark.parametrize("faux", ["", "x", "a:b:c", "é" * 20])
def test_un_sceau_que_nous_n_avons_pas_fait_est_faux(faux):
    assert lire_le_sceau(faux, SIREN, OUVERTE) == (EtatSceau.FAUX, None)


def test_un_sceau_retouche_est_faux():
    sceau = sceller(SIREN, OUVERTE)
    retouche = ("A" if sceau[0] != "A" else "B") + sceau[1:]
    assert lire_le_sceau(retouche, SIREN, OUVERTE + timedelta(minutes=1)).etat == EtatSceau.FAUX


def test_chaque_page_a_son_jeton_qu_un_sceau_refait_peut_garder():
    apres = OUVERTE + timedelta(minutes=1)
    un, deux = (lire_le_sceau(sceller(SIREN, OUVERTE), SIREN, apres).jeton for _ in range(2))
    assert un != deux
    assert lire_le_sceau(sceller(SIREN, OUVERTE, un), SIREN, apres).jeton == un


def test_le_debit_compte_par_personne_et_par_usage():
    assert [passer(DEUX, "a") for _ in range(3)] == [True, True, False]
    assert passer(DEUX, "b")
    assert passer(DEUX._replace(nom="autre"), "a")


def test_le_premier_debit_plein_arrete_les_autres():
    plein, libre = Debit("plein", 0), Debit("libre", 1)
    assert not passent([(plein, "a"), (libre, "a")])
    assert passent([(libre, "a")])


def test_une_place_prise_entre_temps_par_un_autre_processus_n_est_pas_prise_deux_fois(monkeypatch):
    """La lecture dit tout libre : c’est l’ajout, unique, qui tranche."""
    monkeypatch.setattr(cache, "get_many", lambda cles: {}, raising=False)
    assert [passer(DEUX, "a") for _ in range(3)] == [True, True, False]


def test_une_place_se_libere_au_bout_de_la_periode():
    bref = Debit("bref", 1, timedelta(0))
    assert [passer(bref, "a") for _ in range(2)] == [True, True]


@pytest.mark.django_db
def test_le_debit_tient_dans_la_base_que_tous_les_processus_partagent(
    settings, django_assert_max_num_queries
):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_d_essai"}
    }
    call_command("createcachetable")
    assert [passer(DEUX, "a") for _ in range(2)] == [True, True]
    with django_assert_max_num_queries(2):
        assert not passer(DEUX, "a")


def test_l_adresse_est_celle_que_comptent_deja_les_connexions(rf):
    assert qui_de(rf.get("/", REMOTE_ADDR="2001:db8:1:2::9")) == origine("2001:db8:1:2::1")
    assert qui_de(rf.get("/", REMOTE_ADDR="pas une adresse")) == ""
