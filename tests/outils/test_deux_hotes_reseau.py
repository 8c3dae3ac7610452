"""Le répartiteur et le client de l’essai : un hôte mort se contourne, un envoi perdu se rejoue tel quel."""

import threading
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from outils.deux_hotes.client import Compte, Inattendue, Navigateur
from outils.deux_hotes.formulaire import avec_fichier, lire
from outils.deux_hotes.hote import Hote
from outils.deux_hotes.repartiteur import en_service
from outils.s3 import port_libre


@contextmanager
def hote(nom, pannes=0):
    """Un site minuscule ; il coupe les ``pannes`` premières connexions après avoir lu la demande."""
    recus = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            self.repondre()

        def do_POST(self):
            recus.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.repondre()

        def repondre(self):
            if len(recus) <= pannes and self.command == "POST":
                self.close_connection = True
                return
            self.send_response(302 if self.command == "POST" else 200)
            self.send_header("Set-Cookie", "sessionid=abc; Path=/")
            self.send_header("Location", "/fait/")
            self.end_headers()
            self.wfile.write(f"{nom} {self.headers.get('Cookie')}".encode())

        def log_message(self, *_):
            pass

    serveur = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    fil = threading.Thread(target=serveur.serve_forever, daemon=True)
    fil.start()
    try:
        yield serveur.server_port, recus
    finally:
        serveur.shutdown()
        serveur.server_close()


def demander(port):
    connexion = HTTPConnection("127.0.0.1", port, timeout=5)
    connexion.request("GET", "/")
    reponse = connexion.getresponse()
    return reponse.status, reponse.read().decode().split(" ")[0]


def test_chaque_hote_sert_a_son_tour():
    with hote("a") as (a, _), hote("b") as (b, _), en_service([a, b]) as repartiteur:
        assert sorted(demander(repartiteur.port)[1] for _ in range(4)) == ["a", "a", "b", "b"]
        assert repartiteur.servies == {a: 2, b: 2}


def test_un_hote_mort_est_contourne():
    with hote("b") as (b, _), en_service([port_libre(), b]) as repartiteur:
        assert [demander(repartiteur.port) for _ in range(3)] == [(200, "b")] * 3


def test_sans_aucun_hote_la_reponse_le_dit():
    with en_service([port_libre(), port_libre()]) as repartiteur:
        assert demander(repartiteur.port) == (503, "")


def test_un_envoi_perdu_se_rejoue_a_l_identique():
    compte = Compte()
    with hote("a", pannes=2) as (a, recus), en_service([a]) as repartiteur:
        assert Navigateur(repartiteur.port, compte).envoyer("/x/", {"titre": "État civil"}) == "/fait/"
    assert recus == [b"titre=%C3%89tat+civil"] * 3
    assert compte.reprises == 2


def test_le_temoin_de_session_se_renvoie():
    with hote("a") as (a, _):
        navigateur = Navigateur(a, Compte())
        navigateur.page("/")
        assert "sessionid=abc" in navigateur.page("/")


def test_une_reponse_qui_n_est_pas_un_succes_se_dit():
    navigateur = Navigateur(port_libre(), Compte())
    navigateur.demander = lambda *_: (422, "", b"")
    with pytest.raises(Inattendue, match="POST /x/ : 422"):
        navigateur.envoyer("/x/", {})


PAGE = """
<form method="get"><input name="q"></form>
<form method="post"><input type="hidden" name="jeton" value="t&amp;1"><input name="titre" value="">
<textarea name="recit">Un &eacute;v&eacute;nement</textarea>
<input type="radio" name="finie" value="oui"><input type="radio" name="finie" value="inconnu" checked>
<select name="base"><option value="">Choisir</option><option value="loi" selected>Loi</option></select>
<input type="checkbox" name="coche" value="1"><input type="file" name="fichier"><button name="plus" value="1">
</form>
"""


def test_un_formulaire_se_lit_comme_un_navigateur_l_enverrait():
    assert lire(PAGE, "titre") == {
        "jeton": "t&1",
        "titre": "",
        "recit": "Un événement",
        "finie": "inconnu",
        "base": "loi",
    }
    with pytest.raises(LookupError, match="absent"):
        lire(PAGE, "absent")


def test_un_fichier_part_avec_ses_champs():
    genre, corps = avec_fichier({"libelle": "Été"}, "fichier", "1.pdf", b"%PDF")
    borne = genre.partition("boundary=")[2]
    assert corps.count(borne.encode()) == 3
    assert 'name="libelle"\r\n\r\nÉté'.encode() in corps
    assert b'filename="1.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n' in corps


def test_un_hote_dit_la_cause_de_sa_premiere_erreur(tmp_path):
    hote = Hote("hote-a", tmp_path / "a", {})
    journal = tmp_path / "a" / "journal"
    journal.write_text("Démarré.\n", "utf-8")
    assert hote.erreurs() == ""
    lignes = [f'  File "{rang}.py", line 1' for rang in range(9)]
    journal.write_text(
        "\n".join(["Démarré.", "Traceback (most recent call last):", *lignes, "KeyError: 'ton'", "Suite."]),
        "utf-8",
    )
    assert hote.erreurs().splitlines() == [*lignes[-6:], "KeyError: 'ton'"]


def test_tuer_un_hote_tue_tous_ses_processus(tmp_path):
    hote = Hote("hote-a", tmp_path / "a", {})
    hote._groupes = [hote._lancer(["-c", "import time; time.sleep(60)"]) for _ in range(2)]
    groupes = list(hote._groupes)
    assert not hote.relances_arretees
    hote.tuer()
    assert [groupe.returncode for groupe in groupes] == [-9, -9]
