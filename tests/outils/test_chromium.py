"""Le navigateur se trouve, s’installe s’il manque, ou l’échec dit quoi faire."""

import sys

import pytest

from outils import navigateur


@pytest.fixture
def sans_navigateur(monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(navigateur, "candidats", lambda: iter(["/absent/chromium"]))


@pytest.mark.usefixtures("sans_navigateur")
def test_une_installation_reussie_suffit(monkeypatch):
    def installer():
        monkeypatch.setattr(navigateur, "candidats", lambda: iter([sys.executable]))
        return True

    def inutile():
        raise AssertionError("un navigateur vient d’être installé")

    assert navigateur.trouver_ou_installer((lambda: False, installer, inutile)) == sys.executable


@pytest.mark.usefixtures("sans_navigateur")
def test_une_installation_qui_ne_donne_rien_laisse_essayer_la_suivante():
    essais = []
    assert (
        navigateur.trouver_ou_installer((lambda: not essais.append("apt"), lambda: bool(essais.append("pw"))))
        is None
    )
    assert essais == ["apt", "pw"]


@pytest.mark.usefixtures("sans_navigateur")
def test_l_echec_dit_quoi_faire_et_n_ecrit_aucun_chemin(monkeypatch, capsys):
    monkeypatch.setattr(navigateur, "trouver_ou_installer", lambda: None)
    assert navigateur.principal() == 1
    sortie = capsys.readouterr()
    assert sortie.out == ""
    assert "apt-get install chromium" in sortie.err


@pytest.mark.parametrize(("chemin", "code"), [(sys.executable, 0), ("/absent/chromium", 1)])
def test_le_chemin_impose_vaut_s_il_demarre(monkeypatch, capsys, chemin, code):
    monkeypatch.setenv("CHROMIUM", chemin)
    assert navigateur.principal() == code
    assert capsys.readouterr().out == (f"{chemin}\n" if code == 0 else "")
