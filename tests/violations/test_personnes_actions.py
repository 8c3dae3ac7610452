"""Garder le message, le publier, noter qu’il est parti."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError

from tests.pieces.fabriques import fichier
from tests.violations.fabriques import PARIS, creer_violation, decider
from violations import actions
from violations.actions import Reponse
from violations.enums import MotifSansInformation, MoyenInformation, Question
from violations.models import Evenement, InformationFaite, PagePublique

pytestmark = pytest.mark.django_db
CE_JOUR = date(2026, 11, 23)
TEXTE = "Nous vous informons d’une violation."


@pytest.fixture
def geste(violation, referent, maintenant):
    return {"violation": violation, "auteur": referent, "maintenant": maintenant}


@pytest.fixture
def informer(geste):
    def _informer(**champs):
        defauts = {"moyen": MoyenInformation.COURRIER, "faite_le": CE_JOUR, "message": TEXTE, "nombre": 37}
        return actions.enregistrer_information(**geste, **{**defauts, **champs})

    return _informer


@pytest.fixture
def publique(violation, decideur, maintenant):
    """Le responsable a décidé une communication publique (art. 34-3 c)."""
    return decider_publique(violation, decideur, maintenant)


def decider_publique(violation, decideur, maintenant, moyen=MoyenInformation.PUBLICATION, motif=""):
    informer = Reponse(False, "Trop de monde.", MotifSansInformation.EFFORTS, moyen)
    return actions.decider(
        violation=violation,
        reponses={Question.NOTIFIER: Reponse(True), Question.INFORMER: informer},
        auteur=decideur,
        maintenant=maintenant,
        motif=motif,
    )


def dits(violation):
    return list(
        Evenement.objects.filter(violation=violation, nature="information").values_list("texte", flat=True)
    )


def test_le_message_se_garde_sans_espaces_autour(geste):
    violation = actions.rediger_message(**geste, message=f"  {TEXTE}\n")
    assert violation.message_personnes == TEXTE
    assert violation.history.first().history_change_reason == "Message aux personnes"


def test_le_meme_message_n_ecrit_rien(geste):
    violation = actions.rediger_message(**geste, message=TEXTE)
    avant = violation.history.count()
    actions.rediger_message(**geste, message=TEXTE, lu="autre chose")
    assert violation.history.count() == avant


def test_le_message_d_un_autre_ne_s_ecrase_pas(geste):
    actions.rediger_message(**geste, message="Le sien", lu="")
    with pytest.raises(ValidationError, match="relisez le sien") as refus:
        actions.rediger_message(**geste, message="Le mien", lu="")
    assert list(refus.value.error_dict) == ["message"]
    assert actions.rediger_message(**geste, message="Relu", lu="Le sien ").message_personnes == "Relu"


def test_une_violation_close_ne_change_plus(geste, informer, decideur, maintenant, referent):
    decider(geste["violation"], decideur, maintenant, notifier=False, informer=False)
    actions.clore(violation=geste["violation"], auteur=referent, maintenant=maintenant)
    with pytest.raises(ValidationError, match="close"):
        actions.rediger_message(**geste, message=TEXTE)
    with pytest.raises(ValidationError, match="close"):
        informer()
    with pytest.raises(ValidationError, match="close"):
        actions.publier_message(**geste)


def test_l_information_se_garde_avec_son_texte_exact(informer, violation, referent, maintenant):
    faite = informer()
    assert (faite.nombre, faite.message, faite.enregistree_par) == (37, TEXTE, referent)
    assert faite.piece is None
    assert dits(violation) == ["Personnes informées (courrier)"]


def test_la_preuve_se_joint(informer, violation):
    faite = informer(fichier=fichier())
    assert faite.piece == violation.pieces.get().piece


def test_la_meme_information_ne_s_enregistre_qu_une_fois(informer, violation):
    assert informer() == informer()
    assert InformationFaite.objects.count() == 1
    assert len(dits(violation)) == 1
    informer(moyen=MoyenInformation.AFFICHE, nombre=None)
    assert InformationFaite.objects.count() == 2


@pytest.mark.parametrize(
    ("champs", "erreurs"),
    [
        ({"faite_le": date(2026, 11, 24)}, ["faite_le"]),
        ({"faite_le": date(2026, 11, 19)}, ["faite_le"]),
        ({"message": "  "}, ["message"]),
        ({"message": "Bonjour. [À écrire\u00a0: les mesures.]"}, ["message"]),
        ({"message": "", "faite_le": date(2027, 1, 1)}, ["faite_le", "message"]),
    ],
)
def test_une_information_impossible_est_refusee_sous_son_champ(informer, champs, erreurs):
    with pytest.raises(ValidationError) as refus:
        informer(**champs)
    assert sorted(refus.value.error_dict) == erreurs
    assert not InformationFaite.objects.exists()


def test_la_date_se_juge_a_l_heure_de_la_collectivite(collectivite, referent):
    """Minuit est passé à Paris, pas en Guyane."""
    collectivite.territoire = "guyane"
    collectivite.save()
    maintenant = datetime(2026, 11, 24, 1, 0, tzinfo=PARIS)
    violation = creer_violation(collectivite, referent, maintenant)
    with pytest.raises(ValidationError, match="futur"):
        actions.enregistrer_information(
            violation=violation,
            moyen=MoyenInformation.SMS,
            faite_le=date(2026, 11, 24),
            message=TEXTE,
            auteur=referent,
            maintenant=maintenant,
        )


class TestPagePublique:
    def test_elle_attend_la_decision_du_responsable(self, geste):
        actions.rediger_message(**geste, message=TEXTE)
        with pytest.raises(ValidationError, match="n’a pas décidé de communication publique"):
            actions.publier_message(**geste)

    def test_informer_par_courrier_n_ouvre_pas_de_page(self, geste, decideur, maintenant):
        decider(geste["violation"], decideur, maintenant)
        actions.rediger_message(**geste, message=TEXTE)
        with pytest.raises(ValidationError, match="communication publique"):
            actions.publier_message(**geste)

    def test_elle_demande_un_message_et_un_message_fini(self, geste, publique):
        with pytest.raises(ValidationError, match="Écrivez d’abord"):
            actions.publier_message(**geste)
        actions.rediger_message(**geste, message="[À écrire\u00a0: tout.]")
        with pytest.raises(ValidationError, match="il reste à écrire tout"):
            actions.publier_message(**geste)

    def test_elle_s_ouvre_a_une_adresse_qui_ne_se_devine_pas(self, geste, publique, violation):
        actions.rediger_message(**geste, message=TEXTE)
        page = actions.publier_message(**geste)
        assert len(page.jeton) >= 43
        assert page.message == TEXTE
        assert dits(violation) == ["Message publié sur une page publique"]
        assert actions.publier_message(**geste) == page
        assert PagePublique.objects.ouvertes().get() == page

    def test_mise_a_jour_elle_garde_son_adresse(self, geste, publique, violation):
        actions.rediger_message(**geste, message=TEXTE)
        jeton = actions.publier_message(**geste).jeton
        actions.rediger_message(**geste, message="Mieux dit.")
        assert PagePublique.objects.get().message == TEXTE
        page = actions.publier_message(**geste)
        assert (page.jeton, page.message) == (jeton, "Mieux dit.")
        assert dits(violation)[-1] == "Page publique mise à jour"

    def test_fermee_elle_ne_rouvre_pas_a_la_meme_adresse(self, geste, publique, violation):
        actions.rediger_message(**geste, message=TEXTE)
        premiere = actions.publier_message(**geste)
        actions.fermer_page(**geste)
        assert not PagePublique.objects.ouvertes().exists()
        assert actions.publier_message(**geste).jeton != premiere.jeton

    def test_fermer_une_page_qui_n_existe_pas_ne_fait_rien(self, geste, violation):
        actions.fermer_page(**geste)
        assert dits(violation) == []

    def test_elle_ne_survit_pas_a_la_decision(self, geste, publique, decideur, maintenant):
        actions.rediger_message(**geste, message=TEXTE)
        actions.publier_message(**geste)
        decider(geste["violation"], decideur, maintenant, motif="Nous écrirons à chacun.")
        assert not PagePublique.objects.ouvertes().exists()
