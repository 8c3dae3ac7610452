"""Une liste déroulante dit ce qu’on attend : jamais la ligne de tirets du cadre."""

import importlib

import pytest
from django import forms

from tests.projet import du_code, relatif

MODULES = [relatif(f).removesuffix(".py").replace("/", ".") for f in du_code() if "form" in relatif(f)]
FORMULAIRES = sorted(
    {
        objet
        for nom in MODULES
        if not nom.startswith("tests.")
        for objet in vars(importlib.import_module(nom.removesuffix(".__init__"))).values()
        if isinstance(objet, type) and issubclass(objet, forms.BaseForm) and hasattr(objet, "base_fields")
    },
    key=lambda classe: (classe.__module__, classe.__name__),
)


def test_les_formulaires_sont_trouves():
    assert {"ContactForm", "CollectiviteForm", "DonneesForm"} <= {f.__name__ for f in FORMULAIRES}


@pytest.mark.parametrize("formulaire", FORMULAIRES)
def test_aucune_liste_ne_commence_par_des_tirets(formulaire):
    assert [
        nom
        for nom, champ in formulaire.base_fields.items()
        if any(str(libelle).startswith("---") for _, libelle in getattr(champ, "choices", None) or ())
    ] == []
