"""Le repère d’un écran : assez pour voir ce qui a changé sous les yeux, rubrique par rubrique."""

from dataclasses import replace

import pytest

from registre.regles.concurrence import ecrasees, fusionner, repere
from registre.regles.contenu import Fiche, LigneFinalite, Responsable

LUE = Fiche(nom="Cantine", description="Repas", finalites=(LigneFinalite("Servir", "e", "", True),))


def test_le_repere_ne_depend_que_du_contenu():
    assert repere(LUE) == repere(replace(LUE))
    assert repere(LUE) != repere(replace(LUE, nom="Garderie"))


def test_le_responsable_vient_du_compte_et_ne_compte_pas():
    assert repere(LUE) == repere(replace(LUE, responsable=Responsable(denomination="Commune d’Auvillar")))


@pytest.mark.parametrize(
    ("actuelle", "saisie", "attendues"),
    [
        ({}, {}, ()),
        ({}, {"description": "B"}, ()),  # rien n’a bougé
        ({"description": "A"}, {"description": "A"}, ()),  # la même saisie, deux fois
        ({"description": "A"}, {"description": "A", "service": "S"}, ()),  # autre étape, autre rubrique
        ({"description": "A"}, {"description": "B"}, ("description",)),
        ({"description": "A"}, {}, ("description",)),  # la saisie remettrait l’ancien texte
        ({"description": "A", "finalites": ()}, {"service": "S"}, ("description", "finalites")),
    ],
)
def test_seul_un_changement_non_lu_est_en_conflit(actuelle, saisie, attendues):
    assert ecrasees(repere(LUE), replace(LUE, **actuelle), replace(LUE, **saisie)) == attendues


@pytest.mark.parametrize("lu", ["", "n’importe quoi", "description", "description:"])
def test_un_repere_illisible_ne_laisse_rien_ecraser(lu):
    assert ecrasees(lu, LUE, replace(LUE, description="B")) == ("description",)
    assert ecrasees(lu, LUE, LUE) == ()


def test_fusionner_ne_prend_de_la_saisie_que_ces_rubriques():
    saisie = replace(LUE, description="B", service="S")
    assert fusionner(LUE, saisie, ("description",)) == replace(LUE, description="B")
