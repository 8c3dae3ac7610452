"""Le contrôle de couverture refuse ce qu’il doit refuser, et nomme le fichier."""

import pytest

from outils.couverture import exige_en_entier, fautes

VU = {"missing_lines": [], "missing_branches": []}


def rapport(lignes=95.0, total_branches=95.0, branches=True, **fichiers):
    return {
        "meta": {"branch_coverage": branches},
        "files": {"dpd/regles/delais.py": VU, **{nom.replace("__", "/"): f for nom, f in fichiers.items()}},
        "totals": {"percent_statements_covered": lignes, "percent_branches_covered": total_branches},
    }


@pytest.mark.parametrize(
    "chemin",
    [
        "dpd/regles/delais.py",
        "registre/regles/completude.py",
        "registre/actions/parcours.py",
        "registre/actions_modeles.py",
        "dpd/accompagnement/actions.py",
    ],
)
def test_les_regles_et_les_gestes_sont_exiges_en_entier(chemin):
    assert exige_en_entier(chemin)


@pytest.mark.parametrize(
    "chemin", ["registre/views/fiches.py", "dpd/actions_bis/vue.py", "registre/reglages.py"]
)
def test_le_reste_ne_l_est_pas(chemin):
    assert not exige_en_entier(chemin)


def test_une_couverture_suffisante_passe():
    assert fautes(rapport()) == []


def test_une_branche_jamais_prise_dans_une_regle_est_nommee():
    incomplet = {"missing_lines": [12], "missing_branches": [[10, 12], [14, -1]]}
    (faute,) = fautes(rapport(**{"registre/regles/aipd.py": incomplet}))
    assert faute == "registre/regles/aipd.py : lignes 12, branches 10→12 14→sortie"


def test_une_vue_incomplete_ne_compte_que_dans_le_total():
    incomplete = {"missing_lines": [12], "missing_branches": []}
    assert fautes(rapport(**{"registre/views.py": incomplete})) == []


def test_un_total_trop_bas_est_refuse():
    assert fautes(rapport(lignes=89.99)) == ["total : 89.99 % des lignes, il en faut 90 %"]
    assert fautes(rapport(total_branches=89.5)) == ["total : 89.50 % des branches, il en faut 90 %"]


def test_un_rapport_sans_branches_ou_sans_regles_n_est_pas_accepte():
    with pytest.raises(ValueError, match="branches"):
        fautes(rapport(branches=False))
    with pytest.raises(ValueError, match="règles"):
        fautes(
            {
                "meta": {"branch_coverage": True},
                "files": {"dpd/urls.py": VU},
                "totals": {"percent_covered": 100},
            }
        )
