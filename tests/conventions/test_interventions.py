"""Tracer et annuler : rattachée à sa convention et à sa phase, ou refusée avec la règle."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from dpd.conventions.actions.interventions import annuler
from dpd.conventions.enums import CauseFin, LieuIntervention, NatureIntervention, Partie
from dpd.conventions.models import FinConvention, Intervention
from dpd.conventions.regles.tarifs import Phase
from tests.conventions.conftest import EXPRESSE, GLISSANTE, creer_convention, creer_modele
from tests.conventions.fabriques_etats import JANVIER, bareme_journees, convention_journees, mois_fige, tracee

pytestmark = pytest.mark.django_db


class refus:
    """Attend un refus placé sous un champ ; son texte est dans ``texte``."""

    def __init__(self, champ="le"):
        self.champ, self.texte = champ, ""

    def __enter__(self):
        return self

    def __exit__(self, genre, erreur, trace):
        assert genre is not None, "aucun refus"
        if not issubclass(genre, ValidationError):
            return False
        assert set(erreur.message_dict) == {self.champ}
        self.texte = " ".join(erreur.messages)
        return True


def test_une_intervention_garde_nature_date_duree_et_phase(convention, collectivite, agent):
    faite = tracee(
        collectivite,
        agent,
        date(2024, 3, 1),
        90,
        nature=NatureIntervention.VISITE,
        lieu=LieuIntervention.SITE,
        demande="  Cantine  ",
    )
    assert (faite.nature, faite.le, faite.minutes, faite.lieu) == ("visite", date(2024, 3, 1), 90, "site")
    assert (faite.phase, faite.demande, faite.intervenant) == (Phase.MISE_EN_PLACE, "Cantine", agent)
    assert faite.convention == convention
    trace = faite.history.get()
    assert (trace.history_user, trace.history_date) == (agent, JANVIER)
    assert trace.history_change_reason == "Intervention tracée"


def test_la_phase_est_celle_du_jour(convention, collectivite, agent):
    assert tracee(collectivite, agent, date(2025, 2, 14)).phase == Phase.MISE_EN_PLACE
    assert tracee(collectivite, agent, date(2025, 2, 15)).phase == Phase.ACCOMPAGNEMENT


def test_une_intervention_a_venir_est_refusee(convention, collectivite, agent):
    with refus() as vu:
        tracee(collectivite, agent, date(2027, 1, 6))
    assert "cette date est à venir" in vu.texte


def test_le_jour_est_celui_de_la_collectivite(convention, collectivite, agent):
    """À Cayenne, il est encore la veille quand Paris a changé de jour."""
    collectivite.territoire = "guyane"
    minuit_a_paris = datetime.fromisoformat("2027-01-06T00:30:00+01:00")
    with refus() as vu:
        tracee(collectivite, agent, date(2027, 1, 6), maintenant=minuit_a_paris)
    assert "à venir" in vu.texte
    assert tracee(collectivite, agent, date(2027, 1, 5), maintenant=minuit_a_paris).pk


def test_sans_convention_l_intervention_est_refusee(collectivite, agent):
    with refus() as vu:
        tracee(collectivite, agent, date(2026, 3, 1))
    assert vu.texte.startswith("Aucune convention n’est signée")


def test_avant_les_signatures_elle_est_refusee(collectivite, modele_tranches, agent):
    creer_convention(collectivite, modele_tranches, None)
    with refus() as vu:
        tracee(collectivite, agent, date(2026, 3, 1))
    assert vu.texte.startswith("La convention n’est pas encore signée")


def test_avant_l_effet_la_regle_et_l_article_sont_cites(convention, collectivite, agent):
    with refus() as vu:
        tracee(collectivite, agent, date(2024, 2, 14))
    assert vu.texte.startswith("La convention prend effet le jeudi 15\u00a0février 2024 (article 6.4)")


def test_une_convention_eteinte_le_dit(collectivite, structure, agent):
    creer_convention(collectivite, creer_modele(structure, **EXPRESSE), date(2021, 1, 1))
    assert tracee(collectivite, agent, date(2025, 12, 31)).pk
    with refus() as vu:
        tracee(collectivite, agent, date(2026, 1, 1))
    attendu = (
        "La convention s’est éteinte le mercredi 31\u00a0décembre 2025, faute de renouvellement (article 9)"
    )
    assert vu.texte.startswith(attendu)


def test_une_convention_denoncee_cite_la_denonciation(collectivite, structure, agent):
    modele = creer_modele(structure, **{**GLISSANTE, "article_denonciation": ""})
    ancienne = creer_convention(collectivite, modele, date(2020, 1, 1), fin=date(2022, 6, 30))
    convention = creer_convention(collectivite, modele, date(2024, 1, 1), fin=date(2026, 6, 30))
    FinConvention(
        collectivite=collectivite,
        convention=convention,
        cause=CauseFin.DENONCIATION,
        par=Partie.COLLECTIVITE,
        notifiee_le=date(2026, 4, 30),
        fin=date(2026, 6, 30),
        regle="Préavis de deux mois",
    ).save()
    with refus() as vu:
        tracee(collectivite, agent, date(2026, 7, 1))
    assert vu.texte.startswith("La convention a pris fin le mardi 30\u00a0juin 2026\u00a0:")
    assert tracee(collectivite, agent, date(2021, 1, 1)).convention == ancienne


def test_le_meme_envoi_ne_fait_qu_une_intervention_si_tard_qu_il_revienne(convention, collectivite, agent):
    jeton = uuid4()
    premiere = tracee(collectivite, agent, date(2026, 3, 1), jeton=jeton)
    plus_tard = JANVIER + timedelta(days=3)
    assert tracee(collectivite, agent, date(2026, 3, 1), jeton=jeton, maintenant=plus_tard) == premiere
    assert Intervention.objects.count() == 1


@pytest.mark.parametrize(
    "champs",
    [
        {"minutes": 90},
        {"le": date(2026, 3, 2)},
        {"nature": NatureIntervention.AUDIT},
        {"lieu": LieuIntervention.SITE},
        {"demande": "Cantine"},
    ],
)
def test_le_meme_envoi_avec_d_autres_valeurs_est_refuse(champs, convention, collectivite, agent):
    jeton = uuid4()
    commun = {"collectivite": collectivite, "auteur": agent, "jeton": jeton}
    tracee(**{"le": date(2026, 3, 1), **commun})
    with pytest.raises(ValidationError, match="a déjà tracé d’autres valeurs"):
        tracee(**{"le": date(2026, 3, 1), **commun, **champs})
    assert (Intervention.objects.get().minutes, Intervention.history.count()) == (60, 1)


def test_annulee_elle_se_trace_de_nouveau_par_le_meme_envoi(convention, collectivite, agent):
    jeton = uuid4()
    annuler(
        intervention=tracee(collectivite, agent, date(2026, 3, 1), jeton=jeton),
        motif="Mauvaise durée",
        auteur=agent,
        maintenant=JANVIER,
    )
    seconde = tracee(collectivite, agent, date(2026, 3, 1), jeton=jeton)
    assert list(Intervention.objects.presentes()) == [seconde]


def test_la_base_refuse_deux_interventions_d_un_meme_envoi(convention, collectivite, agent):
    copie = tracee(collectivite, agent, date(2026, 3, 1), jeton=uuid4())
    copie.pk, copie._state.adding = None, True
    with pytest.raises(ValidationError, match="déjà tracée"):
        copie.enregistrer(auteur=agent, maintenant=JANVIER, raison="Intervention tracée")


def test_deux_appels_semblables_font_deux_interventions(convention, collectivite, agent, dpd):
    tracee(collectivite, agent, date(2026, 3, 1))
    tracee(collectivite, agent, date(2026, 3, 1), maintenant=JANVIER + timedelta(seconds=10))
    tracee(collectivite, dpd, date(2026, 3, 1))
    tracee(collectivite, agent, date(2026, 3, 1), demande="Paie")
    assert Intervention.objects.count() == 4


def test_une_duree_nulle_est_refusee(convention, collectivite, agent):
    with pytest.raises(ValidationError, match="d’une minute à une journée"):
        tracee(collectivite, agent, date(2026, 3, 1), 0)
    assert not Intervention.objects.exists()


def test_annuler_garde_la_ligne_et_son_motif(convention, collectivite, agent):
    faite = tracee(collectivite, agent, date(2026, 3, 1))
    annuler(intervention=faite, motif=" Saisie deux fois ", auteur=agent, maintenant=JANVIER)
    faite.refresh_from_db()
    assert (faite.annulee_le, faite.motif_annulation) == (JANVIER, "Saisie deux fois")
    assert list(Intervention.objects.presentes()) == []
    assert faite.history.first().history_change_reason == "Intervention annulée"
    with pytest.raises(ValidationError, match="déjà annulée"):
        annuler(intervention=faite, motif="x", auteur=agent, maintenant=JANVIER)


def test_annuler_sans_motif_est_refuse(convention, collectivite, agent):
    faite = tracee(collectivite, agent, date(2026, 3, 1))
    with refus("motif") as vu:
        annuler(intervention=faite, motif=" ", auteur=agent, maintenant=JANVIER)
    assert vu.texte == "Dites pourquoi vous l’annulez."


class TestMoisFige:
    @pytest.fixture
    def fige(self, structure, collectivite, gestionnaire, agent):
        bareme_journees(structure)
        convention = convention_journees(collectivite)
        faite = tracee(collectivite, agent, date(2026, 4, 2))
        mois_fige(convention, gestionnaire)
        return faite

    def test_un_mois_fige_ne_recoit_plus_d_intervention(self, fige, collectivite, agent):
        with refus() as vu:
            tracee(collectivite, agent, date(2026, 4, 30))
        assert vu.texte.startswith("L’état d’avril 2026 est figé depuis le 5\u00a0janv. 2027")
        assert tracee(collectivite, agent, date(2026, 5, 1)).pk

    def test_une_intervention_presentee_ne_s_annule_plus(self, fige, agent):
        with pytest.raises(ValidationError, match=r"L’état mensuel \(avril 2026\) est figé"):
            annuler(intervention=fige, motif="Erreur", auteur=agent, maintenant=JANVIER)
        fige.refresh_from_db()
        assert fige.annulee_le is None

    def test_apres_la_bascule_le_meme_mois_se_trace_encore(self, fige, collectivite, agent):
        convention = fige.convention
        convention.bascule_le = date(2026, 4, 15)
        convention.save()
        assert tracee(collectivite, agent, date(2026, 4, 16)).phase == Phase.ACCOMPAGNEMENT
