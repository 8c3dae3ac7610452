"""Figer un mois : les journées de mise en place sont copiées, une fois, et le décideur prévenu."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from dpd.conventions.actions import mensuels
from dpd.conventions.actions.interventions import annuler
from dpd.conventions.actions.mensuels import figer_la_structure
from dpd.conventions.mensuels_lus import PERSONNE, RIEN, bilan, est_echu
from dpd.conventions.models import EtatMensuel, LigneEtatMensuel
from dpd.conventions.regles.mensuel import EtatLigne
from dpd.messagerie.models import Message
from tests.conventions.conftest import creer_convention
from tests.conventions.fabriques_etats import (
    JANVIER,
    apercu_du_mois,
    bareme_journees,
    convention_journees,
    creer_portefeuille,
    mois_fige,
    tracee,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bareme(structure):
    return bareme_journees(structure)


@pytest.fixture
def convention(collectivite, bareme):
    return convention_journees(collectivite)


def test_un_mois_se_fige_dans_l_ordre_des_dates(convention, collectivite, gestionnaire, agent):
    tracee(collectivite, agent, date(2026, 4, 20), 420, demande="Registre des écoles")
    tracee(collectivite, agent, date(2026, 4, 2), 90)
    tracee(collectivite, agent, date(2026, 5, 1), 60)
    annulee = tracee(collectivite, agent, date(2026, 4, 3), 30)
    annuler(intervention=annulee, motif="Erreur", auteur=agent, maintenant=JANVIER)
    etat = mois_fige(convention, gestionnaire)
    lignes = list(etat.lignes.all())
    assert [(li.ordre, li.le.day, li.minutes_initiales, li.minutes) for li in lignes] == [
        (1, 2, 90, 90),
        (2, 20, 420, 420),
    ]
    assert {li.etape for li in lignes} == {EtatLigne.A_VALIDER}
    assert lignes[1].demande == "Registre des écoles"
    assert (etat.prix_jour, etat.minutes_par_jour, etat.fige_par) == (Decimal("230.00"), 420, gestionnaire)
    assert LigneEtatMensuel.history.filter(history_user=gestionnaire).count() == 2
    resultat = bilan(etat)
    assert (resultat.minutes, resultat.jours, resultat.montant) == (510, Decimal("1.21"), Decimal("278.30"))


def test_le_decideur_recoit_un_courriel_et_un_seul(convention, collectivite, gestionnaire, agent, decideur):
    tracee(collectivite, agent, date(2026, 4, 2), 90, demande="Sujet confidentiel")
    etat = mois_fige(convention, gestionnaire)
    message = Message.objects.get()
    assert (message.destinataire, message.objet, message.collectivite) == (decideur.email, etat, collectivite)
    assert message.sujet == "Montpezat-de-Quercy\u00a0: état d’avril 2026 à valider"
    assert "1 intervention, 1\u00a0h\u00a030 en tout" in message.corps
    assert f"/c/{collectivite.siren}/etats-mensuels/2026/4/" in message.corps
    assert "confidentiel" not in message.corps


@pytest.mark.parametrize(
    ("jour", "echu"), [(date(2026, 4, 30), False), (date(2026, 5, 1), True), (date(2026, 3, 31), False)]
)
def test_un_mois_est_echu_le_lendemain_de_son_dernier_jour(jour, echu):
    assert est_echu(2026, 4, jour) is echu


def test_un_mois_non_echu_est_refuse(convention, collectivite, gestionnaire, agent):
    tracee(collectivite, agent, date(2026, 4, 2), maintenant=datetime(2026, 4, 2, 12, tzinfo=UTC))
    with pytest.raises(ValidationError, match="Le mois n’est pas fini"):
        mois_fige(convention, gestionnaire, maintenant=datetime(2026, 4, 30, 21, tzinfo=UTC))
    assert not EtatMensuel.objects.exists()


def test_a_cayenne_le_mois_finit_quatre_heures_plus_tard(convention, collectivite, gestionnaire, agent):
    collectivite.territoire = "guyane"
    collectivite.save()
    tracee(collectivite, agent, date(2026, 4, 2))
    minuit_a_paris = datetime.fromisoformat("2026-05-01T00:30:00+02:00")
    with pytest.raises(ValidationError, match="Le mois n’est pas fini"):
        mois_fige(convention, gestionnaire, maintenant=minuit_a_paris)
    cinq_heures_a_paris = datetime.fromisoformat("2026-05-01T05:30:00+02:00")
    assert mois_fige(convention, gestionnaire, maintenant=cinq_heures_a_paris).pk


def test_un_mois_deja_fige_ne_change_plus(convention, collectivite, gestionnaire, agent):
    tracee(collectivite, agent, date(2026, 4, 2))
    etat = mois_fige(convention, gestionnaire)
    with pytest.raises(ValidationError, match="L’état d’avril 2026 est déjà figé"):
        mois_fige(convention, gestionnaire)
    assert etat.lignes.count() == 1


def test_un_mois_vide_est_refuse(convention, gestionnaire):
    with pytest.raises(ValidationError, match="Aucune intervention de mise en place"):
        mois_fige(convention, gestionnaire)


def test_une_convention_sans_etat_mensuel_n_en_fige_pas(collectivite, modele_tranches, gestionnaire):
    convention = creer_convention(collectivite, modele_tranches, date(2026, 3, 1))
    with pytest.raises(ValidationError, match="ne prévoit pas d’état mensuel"):
        mois_fige(convention, gestionnaire)


def test_apres_la_bascule_les_interventions_ne_se_presentent_plus(
    convention, collectivite, gestionnaire, agent
):
    """Un forfait annuel les couvre : les présenter ferait payer deux fois."""
    convention.bascule_le = date(2026, 4, 15)
    convention.save()
    tracee(collectivite, agent, date(2026, 4, 14))
    tracee(collectivite, agent, date(2026, 4, 15))
    assert [li.le.day for li in mois_fige(convention, gestionnaire).lignes.all()] == [14]


@pytest.mark.parametrize(
    ("champs", "manque"),
    [
        ({"cout_journee": None}, "Le prix de la journée"),
        ({"minutes_par_jour": None}, "La durée d’une journée"),
        ({"publie": False}, "Aucun barème publié"),
    ],
)
def test_sans_prix_ni_duree_rien_ne_se_fige(champs, manque, structure, collectivite, gestionnaire, agent):
    bareme_journees(structure, **champs)
    convention = convention_journees(collectivite)
    tracee(collectivite, agent, date(2026, 4, 2))
    with pytest.raises(ValidationError, match=manque):
        mois_fige(convention, gestionnaire)


class TestStructure:
    @pytest.fixture
    def autre(self, voisine, convention):
        return creer_convention(voisine, convention.modele, date(2026, 3, 1))

    def test_un_refus_n_arrete_pas_les_autres(
        self, structure, collectivite, convention, autre, gestionnaire, agent
    ):
        """À Cayenne, le mois n’est pas encore fini."""
        autre.collectivite.territoire = "guyane"
        autre.collectivite.save()
        for commune in (collectivite, autre.collectivite):
            tracee(commune, agent, date(2026, 4, 2))
        minuit_a_paris = datetime.fromisoformat("2026-05-01T00:30:00+02:00")
        bilan = figer_la_structure(
            structure=structure, annee=2026, mois=4, auteur=gestionnaire, maintenant=minuit_a_paris
        )
        assert [etat.convention for etat in bilan.etats] == [convention]
        ((refusee, motif),) = bilan.refus
        assert (refusee, motif.split("\u00a0")[0]) == (autre, "Le mois n’est pas fini")

    def test_seules_celles_qui_ont_quelque_chose_a_presenter_sont_tentees(
        self, structure, collectivite, convention, autre, gestionnaire, agent, monkeypatch
    ):
        tracee(collectivite, agent, date(2026, 4, 2))
        tentees = []
        monkeypatch.setattr(mensuels, "figer_mois", lambda **choix: tentees.append(choix["convention"]))
        commun = {"structure": structure, "annee": 2026, "auteur": gestionnaire, "maintenant": JANVIER}
        figer_la_structure(mois=4, **commun)
        assert tentees == [convention]
        figer_la_structure(mois=5, **commun)
        assert tentees == [convention]

    def test_la_seule_choisie_dit_qu_elle_n_a_rien(self, structure, autre, gestionnaire):
        bilan = figer_la_structure(
            structure=structure,
            annee=2026,
            mois=4,
            auteur=gestionnaire,
            maintenant=JANVIER,
            collectivite=autre.collectivite.siren,
        )
        assert bilan.refus == [(autre, RIEN)]

    def test_relancer_ne_presente_rien_deux_fois(
        self, structure, collectivite, convention, gestionnaire, agent
    ):
        tracee(collectivite, agent, date(2026, 4, 2))
        for attendu in (1, 0):
            bilan = figer_la_structure(
                structure=structure, annee=2026, mois=4, auteur=gestionnaire, maintenant=JANVIER
            )
            assert (len(bilan.etats), bilan.refus) == (attendu, [])
        assert EtatMensuel.objects.count() == 1

    def test_une_seule_collectivite_peut_etre_choisie(
        self, structure, collectivite, voisine, autre, gestionnaire, agent
    ):
        tracee(collectivite, agent, date(2026, 4, 2))
        tracee(voisine, agent, date(2026, 4, 2))
        bilan = figer_la_structure(
            structure=structure,
            annee=2026,
            mois=4,
            auteur=gestionnaire,
            maintenant=JANVIER,
            collectivite=voisine.siren,
        )
        assert [etat.collectivite for etat in bilan.etats] == [voisine]

    def test_l_apercu_dit_ce_qui_sera_fige_et_ce_qui_manque(
        self, structure, collectivite, convention, autre, decideur, agent
    ):
        tracee(collectivite, agent, date(2026, 4, 2), 840)
        lignes = {ligne.collectivite: ligne for ligne in apercu_du_mois(structure, 2026, 4)}
        sienne, vide = lignes[collectivite], lignes[autre.collectivite]
        assert (sienne.nombre, sienne.minutes, sienne.montant) == (1, 840, Decimal("460.00"))
        assert (sienne.refus, sienne.alertes, sienne.est_a_figer) == ((), (), True)
        assert (vide.refus, vide.est_a_figer) == ((RIEN,), False)

    def test_l_apercu_previent_que_personne_ne_pourra_valider(
        self, structure, collectivite, convention, gestionnaire, agent
    ):
        tracee(collectivite, agent, date(2026, 4, 2))
        (ligne,) = apercu_du_mois(structure, 2026, 4)
        assert ligne.alertes == (PERSONNE,)
        etat = mois_fige(convention, gestionnaire)
        (ligne,) = apercu_du_mois(structure, 2026, 4)
        assert (ligne.etat, ligne.est_a_figer, ligne.refus) == (etat, False, ())

    def test_l_apercu_sans_bareme_ne_dit_aucun_montant(self, structure, collectivite, agent):
        convention_journees(collectivite)
        tracee(collectivite, agent, date(2026, 4, 2))
        (ligne,) = apercu_du_mois(structure, 2026, 4)
        assert (ligne.jours, ligne.montant, ligne.est_a_figer) == (None, None, False)

    def test_l_apercu_coute_autant_pour_une_que_pour_dix(
        self, structure, convention, agent, django_assert_num_queries
    ):
        creer_portefeuille(structure, convention.modele, 10, effet=date(2026, 3, 1))
        with django_assert_num_queries(6):
            assert len(apercu_du_mois(structure, 2026, 4)) == 11
