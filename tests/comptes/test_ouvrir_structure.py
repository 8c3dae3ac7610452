"""La première structure d’une installation."""

import pytest
from django.core.management import CommandError, call_command

from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.comptes.models import JournalAcces, Structure, Utilisateur

pytestmark = pytest.mark.django_db
OPTIONS = {
    "nom": "Centre de gestion de Tarn-et-Garonne",
    "siren": "288200017",
    "courriel": "Dpd@CDG.example",
    "prenom": "Nadège",
    "nom_dpd": "Roucoules",
    "verbosity": 0,
}


def test_la_commande_ouvre_la_structure_et_son_dpd(capsys):
    call_command("ouvrir_structure", **OPTIONS)
    structure = Structure.objects.get()
    dpd = personnes_de(structure, Role.DPD).get()
    assert (dpd.email, dpd.has_usable_password()) == ("dpd@cdg.example", False)
    assert JournalAcces.objects.filter(structure=structure, nature="habilitation").exists()
    assert "Mot de passe oublié" in capsys.readouterr().out


@pytest.mark.parametrize(
    "faux",
    [{"siren": "288200018"}, {"courriel": "pas un courriel"}, {"nom": ""}],
    ids=["siren", "courriel", "nom"],
)
def test_une_saisie_fausse_n_ecrit_rien(faux):
    with pytest.raises(CommandError):
        call_command("ouvrir_structure", **{**OPTIONS, **faux})
    assert not Structure.objects.exists()
    assert not Utilisateur.objects.exists()
