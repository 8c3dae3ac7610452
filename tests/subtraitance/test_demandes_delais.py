"""Suspendre, reprendre, prolonger : ce qui change la date limite, et ce qui ne le peut pas."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from subtraitance.actions.demandes_delais import finir_la_suspension, prolonger, reprendre, suspendre
from subtraitance.enums import EtatDemande
from subtraitance.models import Prolongation, SuspensionDemande
from tests.subtraitance.fabriques_demandes import LUNDI, PARIS, creer_demande

pytestmark = pytest.mark.django_db
DOUTE = "Le courriel n’est pas celui du dossier. Demandé\u00a0: un appel au numéro connu."


@pytest.fixture
def demande(collectivite, referent):
    return creer_demande(collectivite, referent, par_la_structure=False, regime="rgpd")


def arreter(demande, auteur, debut=date(2026, 11, 23), motif=DOUTE, maintenant=LUNDI):
    return suspendre(demande=demande, motif=motif, debut=debut, auteur=auteur, maintenant=maintenant)


def repartir(demande, auteur, fin, maintenant):
    return reprendre(demande=demande, fin=fin, auteur=auteur, maintenant=maintenant)


def allonger(demande, auteur, informe_le=date(2026, 11, 23), motif="Trois services", maintenant=LUNDI):
    return prolonger(
        demande=demande, motif=motif, informe_le=informe_le, auteur=auteur, maintenant=maintenant
    )


def champs(refus):
    return set(getattr(refus.value, "error_dict", {}))


def test_le_delai_s_arrete_puis_repart_allonge_des_jours_d_attente(collectivite, referent):
    recue = datetime(2026, 3, 10, 10, tzinfo=PARIS)
    demande = creer_demande(
        collectivite, referent, recue, recue_le=recue, par_la_structure=False, regime="rgpd"
    )
    douze = datetime(2026, 3, 12, 10, tzinfo=PARIS)
    suspension = arreter(demande, referent, date(2026, 3, 12), maintenant=douze)
    demande.refresh_from_db()
    assert (demande.etat, suspension.motif) == (EtatDemande.IDENTITE, DOUTE)
    reprise = repartir(demande, referent, date(2026, 3, 20), datetime(2026, 3, 21, 9, tzinfo=PARIS))
    assert reprise.echeance == date(2026, 4, 20)  # le cas chiffré de la suspension
    assert reprise.etat == EtatDemande.RECHERCHE


def test_une_suspension_sans_motif_se_refuse_sous_son_champ(demande, referent):
    with pytest.raises(ValidationError, match="pourquoi") as refus:
        arreter(demande, referent, motif=" ")
    assert champs(refus) == {"motif"}
    assert not SuspensionDemande.objects.exists()


@pytest.mark.parametrize(
    ("debut", "phrase"), [(date(2026, 11, 24), "futur"), (date(2026, 11, 19), "avant la réception")]
)
def test_une_suspension_ne_se_date_pas_n_importe_quand(demande, referent, debut, phrase):
    with pytest.raises(ValidationError, match=phrase) as refus:
        arreter(demande, referent, debut)
    assert champs(refus) == {"debut"}


def test_un_delai_expire_ne_se_suspend_plus(demande, referent):
    with pytest.raises(ValidationError, match="déjà passé"):
        arreter(demande, referent, date(2026, 12, 22), maintenant=LUNDI + timedelta(days=40))


def test_une_suspension_a_la_fois(demande, referent):
    arreter(demande, referent)
    with pytest.raises(ValidationError, match="déjà suspendu"):
        arreter(demande, referent)


def test_un_autre_regime_ne_se_suspend_ni_ne_se_prolonge_ici(collectivite, referent, decideur):
    demande = creer_demande(collectivite, referent, par_la_structure=False, regime="cada")
    with pytest.raises(ValidationError, match="pas celui du RGPD"):
        arreter(demande, referent)
    with pytest.raises(ValidationError, match="pas celui du RGPD"):
        allonger(demande, decideur)
    sans_delai = creer_demande(collectivite, referent, par_la_structure=False, regime="etat_civil")
    with pytest.raises(ValidationError, match="pas celui du RGPD"):
        arreter(sans_delai, referent)


def test_on_ne_reprend_que_ce_qui_est_suspendu(demande, referent):
    with pytest.raises(ValidationError, match="pas possible"):
        repartir(demande, referent, date(2026, 11, 23), LUNDI)


@pytest.mark.parametrize(
    ("fin", "phrase"),
    [
        (date(2026, 11, 24), "futur"),
        (date(2026, 11, 19), "avant la réception"),
        (date(2026, 11, 21), "avant la date où vous l’avez demandé"),
    ],
)
def test_une_reprise_suit_la_question(demande, referent, fin, phrase):
    arreter(demande, referent)
    with pytest.raises(ValidationError, match=phrase) as refus:
        repartir(demande, referent, fin, LUNDI)
    assert champs(refus) == {"fin"}
    assert SuspensionDemande.objects.get().fin is None


def test_sans_suspension_ouverte_rien_ne_finit(demande, referent):
    finir_la_suspension(demande, date(2026, 11, 23), referent, LUNDI)
    assert not SuspensionDemande.objects.exists()


def test_prolonger_donne_trois_mois_depuis_la_reception(demande, decideur):
    prolongation = allonger(demande, decideur)
    demande.refresh_from_db()
    assert demande.prolongee
    assert demande.echeance == date(2027, 2, 22)  # le 20 février 2027 est un samedi
    assert (prolongation.motif, demande.etat) == ("Trois services", EtatDemande.RECUE)


def test_on_ne_prolonge_qu_une_fois(demande, decideur):
    allonger(demande, decideur)
    with pytest.raises(ValidationError, match="qu’une fois"):
        allonger(demande, decideur)
    assert Prolongation.objects.count() == 1


@pytest.mark.parametrize(
    ("informe_le", "maintenant", "phrase"),
    [
        (date(2026, 11, 24), LUNDI, "futur"),
        (date(2026, 11, 19), LUNDI, "avant la réception"),
        (date(2026, 12, 21), LUNDI + timedelta(days=30), "premier mois est passé"),
    ],
)
def test_le_demandeur_s_avertit_dans_le_premier_mois(demande, decideur, informe_le, maintenant, phrase):
    with pytest.raises(ValidationError, match=phrase) as refus:
        allonger(demande, decideur, informe_le, maintenant=maintenant)
    assert champs(refus) == {"informe_le"}
    assert not Prolongation.objects.exists()


def test_averti_a_temps_on_l_enregistre_meme_apres(demande, decideur):
    assert allonger(demande, decideur, date(2026, 12, 20), maintenant=LUNDI + timedelta(days=40))


def test_une_prolongation_se_motive(demande, decideur):
    with pytest.raises(ValidationError) as refus:
        allonger(demande, decideur, motif="")
    assert champs(refus) == {"motif"}


def test_ni_la_referente_ni_le_dpd_ne_prolongent(demande, referent, dpd):
    for personne in (referent, dpd):
        with pytest.raises(ValidationError, match="rôle"):
            allonger(demande, personne)


def test_a_qualifier_une_demande_ne_se_suspend_ni_ne_se_prolonge(collectivite, referent, decideur):
    demande = creer_demande(collectivite, referent, par_la_structure=False)
    with pytest.raises(ValidationError, match="Qualifiez d’abord"):
        arreter(demande, referent)
    with pytest.raises(ValidationError, match="Qualifiez d’abord"):
        allonger(demande, decideur)
    assert not SuspensionDemande.objects.exists()
    assert not Prolongation.objects.exists()
