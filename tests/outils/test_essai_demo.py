"""La démonstration s’essaie pour de vrai : on y entre, ou l’essai échoue en disant pourquoi."""

import sys

import pytest

from outils import essai_demo

ENTREE = """<h2>Démonstration : entrer comme…</h2><form action="/entrer/maire/">
<input type="hidden" name="csrfmiddlewaretoken" value="abc"></form>"""
# Un site minuscule : la page d’entrée, puis la porte, qui mène où on le lui dit.
SITE = """
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
ENTREE, PORTE, port = sys.argv[1], sys.argv[2], int(sys.argv[3].removeprefix("PORT="))
class Site(BaseHTTPRequestHandler):
    def repondre(self, statut, page="", vers=""):
        self.send_response(statut)
        self.send_header("Location", vers)
        self.end_headers()
        self.wfile.write(page.encode())
    def do_GET(self):
        self.repondre(200, ENTREE) if self.path == "/" else self.repondre(200, "ici")
    def do_POST(self):
        longueur = int(self.headers["Content-Length"])
        jeton = self.rfile.read(longueur) == b"csrfmiddlewaretoken=abc"
        self.repondre(302, vers=PORTE) if jeton and self.path == "/entrer/maire/" else self.repondre(403)
    def log_message(self, *_):
        pass
HTTPServer(("127.0.0.1", port), Site).serve_forever()
"""


@pytest.fixture(autouse=True)
def _dossier_neuf(tmp_path, monkeypatch):
    (tmp_path / "var").mkdir()
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def lances(monkeypatch):
    """Les processus lancés, pour vérifier qu’aucun ne survit."""
    processus, lancer = [], essai_demo.subprocess.Popen

    def retenir(*arguments, **options):
        processus.append(lancer(*arguments, **options))
        return processus[-1]

    monkeypatch.setattr(essai_demo.subprocess, "Popen", retenir)
    return processus


def site(entree=ENTREE, porte="/c/218201317/"):
    return [sys.executable, "-c", SITE, entree, porte]


def test_une_demonstration_ou_l_on_entre_reussit_et_s_arrete(lances, capsys):
    assert essai_demo.essayer(site(), delai=30) == 0
    assert "La démonstration répond en" in capsys.readouterr().out
    assert [p.poll() is not None for p in lances] == [True]


@pytest.mark.parametrize(
    ("commande", "delai", "phrase"),
    [
        (site(entree="<h1>Se connecter</h1>"), 30, "ne propose pas"),
        (site(entree=ENTREE.replace("/entrer/maire/", "/entrer/personne/")), 30, "répond 403"),
        (site(porte="/compte/connexion/"), 30, "ne fait entrer personne"),
        ([sys.executable, "-c", "raise SystemExit(3)"], 30, "s’est arrêtée (code 3)"),
        ([sys.executable, "-c", "import time; time.sleep(60)"], 0.5, "rien ne répond"),
    ],
)
def test_une_demonstration_qui_ne_repond_pas_echoue_et_s_arrete(commande, delai, phrase, lances, capsys):
    assert essai_demo.essayer(commande, delai=delai) == 1
    assert phrase in capsys.readouterr().err
    assert [p.poll() is not None for p in lances] == [True]


def test_l_essai_part_d_une_base_neuve_sans_toucher_a_la_demonstration(tmp_path):
    for nom in ("essai-demonstration.sqlite3", "essai-demonstration.sqlite3-wal", "demonstration.sqlite3"):
        (tmp_path / "var" / nom).touch()
    essai_demo.essayer([sys.executable, "-c", "raise SystemExit(1)"])
    assert [fichier.name for fichier in (tmp_path / "var").iterdir()] == ["demonstration.sqlite3"]


def test_sans_commande_l_essai_dit_son_usage(capsys):
    assert essai_demo.principal([]) == 2
    assert "Usage" in capsys.readouterr().err
