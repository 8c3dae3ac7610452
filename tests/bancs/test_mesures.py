"""Le banc : lire des mesures, en tirer rapports et exposants, et dire la vérité d’un but."""

import json

import pytest

from bancs import tableau
from bancs.buts import BUTS, But, Constat, juger
from bancs.mesures import Absente, Banc, Mesure, exposant, lire


def mesure(groupe, secondes, role="nous", moteur="sqlite", taille=1_000, **dits):
    return Mesure(groupe, role, moteur, taille, secondes, secondes, dits)


@pytest.mark.parametrize(("puissance", "attendu"), [(0, 0), (1, 1), (2, 2), (0.5, 0.5)])
def test_l_exposant_retrouve_la_puissance(puissance, attendu):
    assert exposant((n, 7 * n**puissance) for n in (10, 100, 1_000)) == pytest.approx(attendu)


def test_une_seule_taille_n_a_pas_d_exposant():
    assert exposant([(10, 1.0), (10, 2.0)]) is None
    assert exposant([]) is None


@pytest.mark.parametrize("point", [(0, 1), (1, 0), (10, -1)])
def test_un_exposant_se_lit_sur_des_nombres_positifs(point):
    with pytest.raises(ValueError, match="positifs"):
        exposant([(10, 1), point])


def test_un_fichier_de_mesures_se_lit(tmp_path):
    fichier = tmp_path / "mesures.json"
    info = {"role": "nous", "moteur": "sqlite", "taille": 10, "requetes": 9, "unites": 2}
    banc = {"group": "registre", "extra_info": info, "stats": {"data": [0.3, 0.1, 0.2]}}
    fichier.write_text(json.dumps({"benchmarks": [banc]}), "utf-8")
    [lue] = lire(fichier)
    assert (lue.groupe, lue.role, lue.moteur, lue.taille) == ("registre", "nous", "sqlite", 10)
    assert (lue.secondes, lue.p95, lue.requetes, lue.par_unite) == (0.2, 0.3, 9, 0.1)


def test_un_rapport_se_prend_dans_le_meme_passage():
    banc = Banc([mesure("registre", 0.03), mesure("registre", 0.01, "vide"), mesure("fiche", 1)])
    assert banc.rapport("registre", "vide") == pytest.approx(3)
    with pytest.raises(Absente):
        banc.rapport("registre", "sql")
    with pytest.raises(Absente):
        banc.une("registre", taille=10)


def test_une_grandeur_dite_donne_un_exposant():
    banc = Banc([mesure("export PDF", n / 100, fiches=n) for n in (100, 1_000)])
    assert banc.croissance("export PDF", sur="fiches") == pytest.approx(1)
    assert banc.croissance("export PDF") is None


@pytest.mark.parametrize(
    ("constat", "tenu"),
    [
        (Constat("x", 2, 2), True),
        (Constat("x", 2.01, 2), False),
        (Constat("x", 10, 10, au_moins=True), True),
        (Constat("x", 9.9, 10, au_moins=True), False),
    ],
)
def test_un_constat_est_tenu_ou_non(constat, tenu):
    assert constat.tenu is tenu


def p17(grande, petite, requetes):
    nom = "créer une collectivité"
    return Banc([mesure(nom, grande, requetes=requetes), mesure(nom, petite, taille=10, requetes=requetes)])


@pytest.mark.parametrize(
    ("banc", "etat"),
    [
        (p17(1.1, 1, 5), "tenu"),
        (p17(1.3, 1, 5), "non tenu"),
        (p17(1.1, 1, 21), "non tenu"),
        (Banc([]), "non mesuré"),
    ],
)
def test_un_but_se_juge_sur_ce_qui_est_mesure(banc, etat):
    [verdict] = [v for v in juger(banc, "sqlite") if v.but.cle == "P17"]
    assert verdict.etat == etat
    assert bool(verdict.pourquoi) is (etat == "non mesuré")


def test_sans_mesure_aucun_but_n_est_tenu():
    assert {verdict.etat for verdict in juger(Banc([]), "sqlite")} == {"non mesuré"}
    assert [but.cle for but in BUTS] == [f"P{n}" for n in range(1, 20)]
    assert all(isinstance(but, But) for but in BUTS)


def test_le_tableau_dit_la_mesure_ses_planchers_et_les_exposants():
    banc = Banc(
        [
            mesure("registre", 0.01, taille=10, requetes=9),
            mesure("registre", 0.02, requetes=9),
            mesure("registre", 0.005, "vide"),
        ]
    )
    lignes = list(tableau.mesures(banc))
    assert len(lignes) == 3
    assert "20,0 ms" in lignes[2]
    assert "vide × 4.0" in lignes[2]
    assert "0.15" in list(tableau.croissances(banc))[1]


def test_le_verdict_imprime_nomme_ce_qui_manque():
    texte = "\n".join(tableau.verdicts(juger(p17(1.3, 1, 5), "sqlite")))
    assert "P17  sqlite     NON TENU" in texte
    assert "✗ la 1 001e contre la 11e : 1,30 ×, 1,20 au plus" in texte
    assert "P2   sqlite     NON MESURÉ" in texte


@pytest.mark.parametrize(
    ("secondes", "dit"), [(0.000_85, "850,0 µs"), (0.0123, "12,3 ms"), (4.214, "4,21 s")]
)
def test_une_duree_se_lit_dans_son_unite(secondes, dit):
    assert tableau.duree(secondes) == dit
