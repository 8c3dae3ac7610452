"""Deux onglets, ou deux personnes, sur une même fiche : rien ne s’écrase sans qu’on l’ait lu."""

from dataclasses import replace

import pytest

from registre import actions
from registre.ecriture import fiche_de
from registre.regles.concurrence import repere

pytestmark = pytest.mark.django_db


@pytest.fixture
def enregistrer(maintenant):
    def _enregistrer(version, fiche, auteur, **options):
        return actions.enregistrer_contenu(
            version=version, fiche=fiche, auteur=auteur, maintenant=maintenant, raison="Saisie", **options
        )

    return _enregistrer


@pytest.mark.parametrize("qui", ["referent", "dpd"])
def test_un_ecran_qui_n_a_pas_lu_n_ecrase_pas_et_dit_quoi(qui, request, enregistrer, complete, referent):
    """Le second onglet de la même personne compte comme l’écran d’une autre."""
    lue, lu = fiche_de(complete), repere(fiche_de(complete))
    premier = enregistrer(
        complete, replace(lue, description="Du premier"), request.getfixturevalue(qui), lu=lu
    )
    with pytest.raises(actions.RevisionPerimee) as conflit:
        enregistrer(complete, replace(lue, description="Du second"), referent, lu=lu)
    (ecart,) = conflit.value.ecarts
    assert (ecart.avant, ecart.apres) == ("Du premier", "Du second")
    assert conflit.value.version.revision == premier.revision
    premier.refresh_from_db()
    assert premier.contenu["description"] == "Du premier"


def test_apres_avoir_lu_l_ecart_on_enregistre(enregistrer, complete, referent):
    lue = fiche_de(complete)
    enregistrer(complete, replace(lue, description="Du premier"), referent)
    actuelle = replace(lue, description="Du premier")
    version = enregistrer(complete, replace(actuelle, description="Du second"), referent, lu=repere(actuelle))
    assert version.contenu["description"] == "Du second"


def test_deux_onglets_sur_deux_etapes_ne_se_genent_pas(enregistrer, complete, referent, dpd):
    lue, lu = fiche_de(complete), repere(fiche_de(complete))
    version = enregistrer(complete, replace(lue, logiciels="Logiciel"), dpd, lu=lu)
    version = enregistrer(
        version, replace(fiche_de(version), description="Autre étape"), referent, lu=lu, revision=0
    )
    assert (version.contenu["logiciels"], version.contenu["description"]) == ("Logiciel", "Autre étape")


def test_le_meme_envoi_deux_fois_passe(enregistrer, complete, referent):
    lue, lu = fiche_de(complete), repere(fiche_de(complete))
    saisie = replace(lue, description="Une fois")
    un = enregistrer(complete, saisie, referent, lu=lu)
    assert enregistrer(complete, saisie, referent, lu=lu).revision == un.revision


def test_un_ecart_qui_ne_concerne_pas_la_saisie_n_est_pas_montre(enregistrer, complete, referent):
    lue, lu = fiche_de(complete), repere(fiche_de(complete))
    version = enregistrer(complete, replace(lue, description="A", logiciels="L"), referent)
    saisie = replace(fiche_de(version), description="B")
    with pytest.raises(actions.RevisionPerimee) as conflit:
        enregistrer(version, saisie, referent, lu=lu)
    assert [(e.avant, e.apres) for e in conflit.value.ecarts] == [("A", "B")]
