"""Les familles de données : un rangement complet, où rien n’est deux fois."""

from dpd.vocabulaire import ENCADREE, SENSIBLE, CategorieDonnees
from registre.regles.familles import FAMILLES


def test_chaque_categorie_est_dans_une_famille_et_une_seule():
    rangees = [code for famille in FAMILLES for code in famille.categories]
    assert sorted(rangees) == sorted(CategorieDonnees.values)


def test_les_donnees_tres_protegees_ont_leur_famille_en_dernier():
    assert set(FAMILLES[-1].categories) == SENSIBLE | ENCADREE


def test_chaque_famille_a_son_titre():
    assert len({famille.titre for famille in FAMILLES}) == len(FAMILLES)
