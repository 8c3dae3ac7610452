"""Générer un exercice : aperçu, exécution par lots, reprise, jamais deux fois."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dpd.conventions.actions import campagne as module
from dpd.conventions.actions.annuels import figer
from dpd.conventions.actions.campagne import avancer, lancer
from dpd.conventions.actions.mensuels_lignes import valider_tout
from dpd.conventions.models import CampagneEtats, Convention, EtatAnnuel, Numerotation
from dpd.conventions.previsions import apercu
from tests.conventions.conftest import EXPRESSE, creer_convention, creer_indice, creer_modele
from tests.conventions.fabriques_etats import (
    JANVIER,
    bareme_journees,
    convention_journees,
    creer_portefeuille,
    mois_fige,
    tracee,
)

pytestmark = pytest.mark.django_db
EXERCICE = 2026
PRIX = Decimal("756.01")  # 750 × 276,9 ÷ 274,7


@pytest.fixture
def modele(structure, modele_tranches, bareme_tranches):
    creer_indice(structure, 2025, 11, "276.9", source="Essai, valeur d’exemple")
    return modele_tranches


def lancee(structure, auteur, exercice=EXERCICE):
    return lancer(structure=structure, exercice=exercice, auteur=auteur, maintenant=JANVIER)


def avancee(campagne, auteur, lot=20):
    return avancer(campagne=campagne, auteur=auteur, maintenant=JANVIER, lot=lot)


def menee(structure, auteur, lot=20):
    campagne = lancee(structure, auteur)
    while campagne.terminee_le is None:
        campagne = avancee(campagne, auteur, lot)
    return campagne


def numeros(structure, exercice=EXERCICE):
    etats = EtatAnnuel.objects.filter(structure=structure, exercice=exercice)
    return list(etats.order_by("numero").values_list("numero", flat=True))


def test_cinq_cents_collectivites_ont_leur_etat(structure, modele, gestionnaire):
    creer_portefeuille(structure, modele, 500)
    campagne = menee(structure, gestionnaire, lot=100)
    assert numeros(structure) == list(range(1, 501))
    assert (campagne.total, campagne.traitees, campagne.anomalies) == (500, 500, [])
    assert set(EtatAnnuel.objects.values_list("total", flat=True)) == {PRIX}
    assert Numerotation.objects.get().dernier == 500
    assert campagne.history.count() == 2, "le début et la fin, pas une ligne par collectivité"


def test_les_requetes_croissent_comme_les_collectivites(structure, modele, gestionnaire):
    """Deux fois plus d’états coûtent deux fois plus, pas quatre ; l’aperçu, lui, ne coûte rien de plus."""

    def cout(nombre, depuis):
        creer_portefeuille(structure, modele, nombre, depuis=depuis)
        with CaptureQueriesContext(connection) as lues:
            assert apercu(structure, EXERCICE, JANVIER.date()).a_figer == nombre
        campagne = lancee(structure, gestionnaire)
        with CaptureQueriesContext(connection) as requetes:
            while campagne.terminee_le is None:
                campagne = avancee(campagne, gestionnaire, lot=1000)
        return len(lues), len(requetes)

    apercu_10, generer_10 = cout(10, 0)
    apercu_20, generer_20 = cout(20, 10)
    assert apercu_20 == apercu_10
    par_etat = (generer_20 - generer_10) / 10
    assert par_etat == int(par_etat) <= 30
    assert generer_10 - 10 * par_etat <= 25


def test_l_apercu_compte_et_nomme_ce_qui_manque(
    structure, modele, gestionnaire, collectivite, voisine, autre_structure
):
    """Population, millésime, convention éteinte ou absente, devis attendu, état déjà figé."""
    a_figer, sans_population, vieille, syndicat, figee = creer_portefeuille(structure, modele, 5)
    sans_population.population_totale = sans_population.population_millesime = None
    vieille.population_millesime = 2020
    syndicat.type = "syndicat"
    for fautive in (sans_population, vieille, syndicat):
        fautive.save()
    creer_convention(collectivite, creer_modele(structure, **EXPRESSE), date(2021, 1, 1))
    siennes = Convention.objects.get(collectivite=figee)
    figer(convention=siennes, exercice=EXERCICE, auteur=gestionnaire, maintenant=JANVIER)
    vu = apercu(structure, EXERCICE, JANVIER.date())
    assert (vu.a_figer, vu.montant, vu.deja, vu.deja_montant, vu.total) == (1, PRIX, 1, PRIX, 7)
    motifs = {p.collectivite: " ".join(p.anomalies) for p in vu.anomalies}
    assert set(motifs) == {sans_population, vieille, syndicat, collectivite, voisine}
    assert "n’est pas connue" in motifs[sans_population]
    assert "millésime 2020" in motifs[vieille]
    assert "devis" in motifs[syndicat]
    assert "s’est éteinte le mercredi 31\u00a0décembre 2025" in motifs[collectivite]
    assert motifs[voisine] == "Aucune convention n’est signée."
    assert a_figer not in motifs


def test_un_indice_manquant_retient_toute_la_structure(structure, modele_tranches, bareme_tranches):
    creer_portefeuille(structure, modele_tranches, 2)
    vu = apercu(structure, EXERCICE, JANVIER.date())
    assert (vu.a_figer, len(vu.anomalies)) == (0, 2)
    assert "L’indice de novembre 2025 n’est pas encore saisi." in vu.anomalies[0].anomalies


def test_deux_conventions_sur_un_exercice_sont_une_anomalie(structure, modele, collectivite, gestionnaire):
    for effet in (date(2025, 1, 1), date(2026, 1, 1)):
        creer_convention(collectivite, modele, effet)
    vu = apercu(structure, EXERCICE, JANVIER.date())
    assert [p.anomalies for p in vu.anomalies] == [("Deux conventions touchent cet exercice.",)]


def test_la_convention_qui_suit_une_fin_repond_de_l_exercice(structure, modele, collectivite, gestionnaire):
    creer_convention(collectivite, modele, date(2021, 1, 1), fin=date(2024, 12, 31))
    nouvelle = creer_convention(collectivite, modele, date(2025, 1, 1))
    creer_convention(collectivite, modele, None)
    menee(structure, gestionnaire)
    assert EtatAnnuel.objects.get().convention == nouvelle


def test_une_collectivite_partie_dans_l_annee_doit_tout_l_exercice(
    structure, modele, collectivite, voisine, gestionnaire
):
    creer_convention(collectivite, modele, date(2021, 1, 1), fin=date(2026, 3, 31))
    collectivite.active = voisine.active = False
    collectivite.save()
    voisine.save()
    campagne = menee(structure, gestionnaire)
    assert EtatAnnuel.objects.get().total == PRIX
    assert (campagne.total, campagne.anomalies) == (1, [])


def test_les_anomalies_restent_ecrites_dans_la_campagne(structure, modele, voisine, gestionnaire):
    creer_portefeuille(structure, modele, 2)
    campagne = menee(structure, gestionnaire, lot=1)
    assert campagne.anomalies == [
        {"siren": voisine.siren, "nom": "Septfonds", "motifs": ["Aucune convention n’est signée."]}
    ]
    assert (campagne.traitees, len(numeros(structure))) == (3, 2)


def test_relancer_une_campagne_finie_ne_cree_rien_de_plus(structure, modele, gestionnaire):
    creer_portefeuille(structure, modele, 3)
    premiere, seconde = menee(structure, gestionnaire), menee(structure, gestionnaire)
    assert premiere != seconde
    assert numeros(structure) == [1, 2, 3]
    assert seconde.traitees == 3


def test_relancer_une_campagne_en_cours_la_rend(structure, modele, gestionnaire):
    creer_portefeuille(structure, modele, 3)
    campagne = lancee(structure, gestionnaire)
    avancee(campagne, gestionnaire, lot=1)
    assert lancee(structure, gestionnaire) == campagne
    assert CampagneEtats.objects.count() == 1


def test_avancer_une_campagne_finie_ne_fait_rien(structure, modele, gestionnaire):
    campagne = menee(structure, gestionnaire)
    assert avancee(campagne, gestionnaire).terminee_le == campagne.terminee_le


def test_un_exercice_a_venir_ne_se_genere_pas(structure, modele, gestionnaire):
    with pytest.raises(ValidationError, match="L’exercice 2028 n’a pas commencé"):
        lancee(structure, gestionnaire, exercice=2028)
    assert not CampagneEtats.objects.exists()


def test_une_anomalie_levee_ajoute_a_la_suite_des_numeros(structure, modele, gestionnaire):
    premiere, *_ = creer_portefeuille(structure, modele, 3)
    premiere.population_totale = premiere.population_millesime = None
    premiere.save()
    menee(structure, gestionnaire)
    premiere.population_totale, premiere.population_millesime = 1556, 2023
    premiere.save()
    menee(structure, gestionnaire)
    assert numeros(structure) == [1, 2, 3]
    assert EtatAnnuel.objects.get(collectivite=premiere).numero == 3


def test_un_arret_au_milieu_reprend_sans_perte(structure, modele, gestionnaire, monkeypatch):
    """L’exception tombe pendant un état : le sien est défait, les précédents restent, la suite reprend."""
    creer_portefeuille(structure, modele, 30)
    campagne, faits = lancee(structure, gestionnaire), []

    def figer_puis_tomber(**arguments):
        etat = figer(**arguments)
        faits.append(etat.pk)
        if len(faits) == 13:
            raise RuntimeError("coupure")
        return etat

    monkeypatch.setattr(module, "figer", figer_puis_tomber)
    with pytest.raises(RuntimeError, match="coupure"):
        avancee(campagne, gestionnaire)
    monkeypatch.undo()
    campagne.refresh_from_db()
    assert (campagne.traitees, numeros(structure)) == (12, list(range(1, 13)))
    assert campagne.terminee_le is None
    finie = menee(structure, gestionnaire)
    assert finie.pk == campagne.pk
    assert numeros(structure) == list(range(1, 31))
    assert finie.traitees == 30


def test_un_etat_fige_a_la_main_pendant_la_campagne_compte_comme_traite(
    structure, modele, gestionnaire, monkeypatch
):
    creer_portefeuille(structure, modele, 2)
    campagne = lancee(structure, gestionnaire)

    def deux_fois(**arguments):
        figer(**arguments)
        return figer(**arguments)

    monkeypatch.setattr(module, "figer", deux_fois)
    campagne = avancee(campagne, gestionnaire)
    assert (campagne.traitees, campagne.anomalies) == (2, [])


def test_un_refus_de_derniere_minute_devient_une_anomalie(structure, modele, gestionnaire, monkeypatch):
    creer_portefeuille(structure, modele, 1)

    def refuser(**_):
        raise ValidationError("La population vient de changer.")

    monkeypatch.setattr(module, "figer", refuser)
    campagne = menee(structure, gestionnaire)
    assert campagne.anomalies[0]["motifs"] == ["La population vient de changer."]


def test_ce_qu_un_autre_a_deja_traite_n_est_pas_compte_deux_fois(structure, modele, gestionnaire, voisine):
    """Deux lots lus en même temps, traités l’un après l’autre."""
    creer_portefeuille(structure, modele, 3)
    campagne = lancee(structure, gestionnaire)
    en_retard = module.previsions_du_lot(
        structure, EXERCICE, list(module.concernees(structure, EXERCICE).order_by("pk")), JANVIER.date()
    )
    menee(structure, gestionnaire)
    tarification, previsions = en_retard
    for prevision in previsions:
        if prevision.est_a_figer:
            module._traiter(campagne, [], prevision, tarification, gestionnaire, JANVIER)
        else:
            module._noter(campagne, [prevision])
    module._clore(campagne, gestionnaire, JANVIER)
    campagne.refresh_from_db()
    assert (campagne.traitees, len(campagne.anomalies), numeros(structure)) == (4, 1, [1, 2, 3])


class TestEntreLaLectureDuLotEtLeFigement:
    """Un état ne se corrige pas : il se fige sur ce qui est en base, jamais sur le lot lu avant."""

    @pytest.fixture
    def convention(self, structure, collectivite):
        bareme_journees(structure)
        return convention_journees(collectivite)

    def figer_apres(self, structure, gestionnaire, geste):
        """La campagne, une fois figé un lot lu et évalué avant ``geste``."""
        campagne = lancee(structure, gestionnaire)
        lot = list(module.concernees(structure, EXERCICE).order_by("pk"))
        tarification, (prevision,) = module.previsions_du_lot(structure, EXERCICE, lot, JANVIER.date())
        assert prevision.est_a_figer
        geste()
        return module._traiter(campagne, [], prevision, tarification, gestionnaire, JANVIER)

    def test_une_journee_tracee_suspend_l_etat(
        self, structure, collectivite, convention, gestionnaire, agent
    ):
        campagne = self.figer_apres(
            structure, gestionnaire, lambda: tracee(collectivite, agent, date(2026, 12, 30))
        )
        assert not EtatAnnuel.objects.exists()
        (anomalie,) = campagne.anomalies
        assert "Des états mensuels restent à valider" in " ".join(anomalie["motifs"])

    def test_une_journee_tracee_et_validee_est_facturee(
        self, structure, collectivite, convention, gestionnaire, decideur, agent
    ):
        def tracer_et_valider():
            tracee(collectivite, agent, date(2026, 12, 30), 420)
            etat = mois_fige(convention, gestionnaire, mois=12)
            valider_tout(etat=etat, auteur=decideur, maintenant=JANVIER)

        self.figer_apres(structure, gestionnaire, tracer_et_valider)
        assert EtatAnnuel.objects.get().total == Decimal("2530.00")  # 2 300 + 230

    def test_la_convention_et_la_collectivite_se_relisent(
        self, structure, collectivite, modele, gestionnaire
    ):
        creer_convention(collectivite, modele, date(2025, 2, 15))

        def changer():
            collectivite.population_totale = 250
            collectivite.save()

        self.figer_apres(structure, gestionnaire, changer)
        etat = EtatAnnuel.objects.get()
        assert etat.population == etat.sources_figees.population == 250


class TestCommande:
    def appeler(self, *arguments):
        sortie = StringIO()
        call_command("generer_etats", *arguments, stdout=sortie)
        return sortie.getvalue()

    @pytest.fixture(autouse=True)
    def _ce_jour_la(self, time_machine):
        time_machine.move_to(JANVIER, tick=False)

    def test_elle_genere_et_fait_son_bilan(self, structure, modele, gestionnaire, voisine):
        creer_portefeuille(structure, modele, 3)
        dit = self.appeler(structure.siren, str(EXERCICE), "--lot", "2")
        assert numeros(structure) == [1, 2, 3]
        assert set(EtatAnnuel.objects.values_list("fige_par", flat=True)) == {gestionnaire.pk}
        assert "3\u00a0états figés pour 2026" in dit
        assert "Septfonds : Aucune convention n’est signée." in dit
        assert dit.splitlines()[0] == "2 / 4"

    def test_son_apercu_n_ecrit_rien(self, structure, modele, voisine):
        creer_portefeuille(structure, modele, 2)
        dit = self.appeler(structure.siren, str(EXERCICE), "--apercu")
        assert "2\u00a0états à figer, 1\u202f512,02\u00a0€" in dit
        assert not EtatAnnuel.objects.exists()
        assert not CampagneEtats.objects.exists()

    def test_elle_porte_le_nom_d_un_gestionnaire(self, structure, modele, gestionnaire, agent):
        creer_portefeuille(structure, modele, 1)
        self.appeler(structure.siren, str(EXERCICE), "--auteur", gestionnaire.email)
        assert EtatAnnuel.objects.get().fige_par == gestionnaire
        with pytest.raises(CommandError, match="Aucun gestionnaire de cette structure"):
            self.appeler(structure.siren, str(EXERCICE), "--auteur", agent.email)
        with pytest.raises(CommandError, match="Aucun gestionnaire de cette structure"):
            self.appeler(structure.siren, str(EXERCICE), "--auteur", "personne@nulle.example")

    def test_sans_gestionnaire_elle_demande_qui(self, structure, modele):
        with pytest.raises(CommandError, match="Dites quel gestionnaire"):
            self.appeler(structure.siren, str(EXERCICE))

    def test_une_structure_inconnue_ou_un_exercice_a_venir_sont_refuses(self, structure, gestionnaire):
        with pytest.raises(CommandError, match="Aucune structure"):
            self.appeler("111111111", str(EXERCICE))
        with pytest.raises(CommandError, match="n’a pas commencé"):
            self.appeler(structure.siren, "2031")


def test_le_jour_de_la_structure_decide_du_premier_janvier(structure, modele, gestionnaire):
    structure.territoire = "guyane"
    minuit_a_paris = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    with pytest.raises(ValidationError, match="n’a pas commencé"):
        lancer(structure=structure, exercice=2027, auteur=gestionnaire, maintenant=minuit_a_paris)
