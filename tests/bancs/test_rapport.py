"""Les tableaux du rapport : tirés des mesures, vides là où rien n’est mesuré."""

import pytest

from bancs.__main__ import RAPPORT
from bancs.buts import juger
from bancs.mesures import Banc, Mesure
from bancs.rapport import DEBUT, FIN, inserer, lignes

PAGE = {"requetes": 9}


def mesure(groupe, secondes, role="nous", moteur="sqlite", taille=1_000, **dits):
    return Mesure(groupe, role, moteur, taille, secondes, secondes, dits)


@pytest.fixture
def banc():
    return Banc(
        [
            *(mesure("registre", s, taille=n, **PAGE) for n, s in ((10, 0.03), (1_000, 0.03))),
            mesure("registre", 0.006, "vide", **PAGE),
            mesure("registre", 0.04, moteur="postgresql", **PAGE),
            mesure("export CSV", 0.5, taille=0, fiches=1_000, requetes=8),
            mesure("export CSV", 0.25, "nu", taille=0, fiches=1_000),
            mesure("mémoire, export CSV", 1, taille=0, fiches=1_000, memoire=90, memoire_ajoutee=12.4),
            mesure("sous charge : vide", 2, "service", unites=96, p50=0.03, p95=0.05, memoire=80),
            mesure(
                *("écritures concurrentes", 10, "16 fils, 2 processus"),
                taille=0,
                fils=16,
                processus=2,
                refus=0,
                pire=2,
                ecritures_par_seconde=150,
            ),
            mesure("incident", 2, lignes=200, requetes=812),
            mesure("incident", 0.5, lignes=50, requetes=212),
        ]
    )


def ecrits(banc):
    return list(lignes(banc, [v for moteur in banc.moteurs for v in juger(banc, moteur)]))


def test_une_page_se_lit_moteur_a_moteur(banc):
    assert "| registre | 9 | 30,0 ms | × 5,0 | – | 0,00 | 40,0 ms | – | – | – |" in ecrits(banc)


def test_un_export_dit_sa_duree_son_plancher_et_sa_memoire(banc):
    assert "| CSV, 1\u202f000 fiches | 500,0 ms | × 2,0 | 12 Mo | – | – | – |" in ecrits(banc)


def test_un_geste_dit_ce_dont_il_croit(banc):
    assert "| incident, 200 | 812 | 2,00 s | – | 1,00 | – | – | – |" in ecrits(banc)


def test_la_charge_et_les_ecritures_concurrentes(banc):
    texte = "\n".join(ecrits(banc))
    assert "| vide | 30,0 ms | 50,0 ms | 48 | – | – | – |" in texte
    assert "| 16 | 2 | 150 | 2,00 s | 0 | – | – | – |" in texte
    assert "Le pays" not in texte


def test_un_but_non_mesure_le_dit_et_un_but_manque_dit_sa_valeur(banc):
    texte = "\n".join(ecrits(banc))
    assert "| P2 | liste de 50 contre le tableau nu | non mesuré | non mesuré |" in texte


def test_les_tableaux_prennent_la_place_des_precedents(banc, tmp_path):
    rapport = tmp_path / "rapport.md"
    rapport.write_text(f"Avant\n{DEBUT}\nvieux\n{FIN}\nAprès\n", "utf-8")
    for _ in range(2):
        inserer(rapport, banc, [v for moteur in banc.moteurs for v in juger(banc, moteur)])
    texte = rapport.read_text("utf-8")
    assert texte.startswith(f"Avant\n{DEBUT}")
    assert texte.endswith(f"{FIN}\nAprès\n")
    assert "vieux" not in texte
    assert texte.count("### Les pages") == 1


def test_sans_marques_rien_ne_s_ecrit(banc, tmp_path):
    rapport = tmp_path / "rapport.md"
    rapport.write_text("Avant\n", "utf-8")
    with pytest.raises(ValueError, match="marques"):
        inserer(rapport, banc, [])
    assert rapport.read_text("utf-8") == "Avant\n"


def test_le_rapport_du_projet_a_ses_marques():
    texte = RAPPORT.read_text("utf-8")
    assert DEBUT in texte
    assert FIN in texte
