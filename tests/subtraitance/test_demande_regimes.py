"""Le dossier d’une demande selon le texte qui la régit : rien du RGPD hors du RGPD."""

from datetime import date

import pytest

from subtraitance.actions.demandes_delais import reprendre, suspendre
from subtraitance.actions.demandes_instruction import commencer_la_recherche
from subtraitance.actions.demandes_reception import qualifier
from subtraitance.enums import SensReponse
from tests.subtraitance.fabriques_demandes import LUNDI, creer_demande
from tests.subtraitance.test_demande_page import donner, lire

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lundi")]
RGPD_SEUL = (
    *("Prolongation de deux mois", "Demande d’identité", "Information d’un destinataire"),
    *("Suspendre le délai</a>", "Prolonger le délai</a>", "CNIL", "RGPD, art. 12"),
)


@pytest.mark.parametrize("regime", ["rgpd", "cada", "etat_civil", ""])
def test_le_dossier_ne_propose_le_rgpd_qu_a_une_demande_rgpd(collectivite, agent, connecte, decideur, regime):
    page = lire(connecte, decideur, creer_demande(collectivite, agent, regime=regime))
    if regime == "rgpd":
        assert [mot for mot in RGPD_SEUL if mot not in page] == []
    else:
        assert [mot for mot in RGPD_SEUL if mot in page] == []
    assert "Refus motivé</a>" in page
    assert ("la CADA dans les deux mois, avant tout recours devant le juge" in page) is (regime == "cada")


def test_la_recherche_commencee_une_demande_se_qualifie_encore(collectivite, agent, connecte, referent):
    demande = creer_demande(collectivite, agent)
    commencer_la_recherche(demande=demande, auteur=referent, maintenant=LUNDI)
    assert "Qualifier la demande</a>" in lire(connecte, referent, demande)
    faite = qualifier(demande=demande, regime="cada", droits=[], auteur=referent, maintenant=LUNDI)
    assert (faite.etat, faite.informer_avant) == ("recherche", None)


@pytest.mark.parametrize(
    ("regime", "dit"),
    [("rgpd", "plainte à la CNIL"), ("cada", "la CADA dans les deux mois"), ("", "")],
)
def test_une_reponse_donnee_redit_le_recours_de_son_regime(
    collectivite, agent, connecte, decideur, regime, dit
):
    demande = creer_demande(collectivite, agent, regime=regime)
    donner(demande, decideur, sens=SensReponse.REFUS, motif="Secret", voies_de_recours=True)
    page = lire(connecte, decideur, demande)
    suite = f"\u00a0: {dit}" if dit else "."
    assert f"<li>Elle dit comment la contester{suite}" in page


def test_qualifiee_autrement_une_suspension_passee_n_arrete_plus_son_delai(demande, connecte, referent):
    suspendre(demande=demande, motif="Doute", debut=date(2026, 11, 20), auteur=referent, maintenant=LUNDI)
    reprendre(demande=demande, fin=LUNDI.date(), auteur=referent, maintenant=LUNDI)
    assert "délai suspendu" in lire(connecte, referent, demande)
    qualifier(demande=demande, regime="cada", droits=[], auteur=referent, maintenant=LUNDI)
    demande.refresh_from_db()
    assert demande.echeance == date(2026, 12, 20)
    assert "délai suspendu" not in lire(connecte, referent, demande)
