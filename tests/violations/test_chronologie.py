"""Une seule histoire : ce qui fut noté, les instants, et l’échéance qui vient."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.violations.fabriques import ECHEANCE, PARIS, T0, decider, rendre_avis
from violations import actions
from violations.chronologie import Ligne, chronologie, fusionner
from violations.dossier_lu import lire_dossier
from violations.enums import TypeNotification

LUNDI = datetime(2026, 11, 23, 9, 40, tzinfo=PARIS)
CAYENNE = ZoneInfo("America/Cayenne")


def lignes(violation, maintenant=LUNDI):
    violation.refresh_from_db()
    return chronologie(lire_dossier(violation.collectivite, violation), maintenant)


def test_la_fusion_trie_par_instant_quel_que_soit_le_fuseau():
    tot = Ligne(datetime(2026, 11, 23, 9, tzinfo=PARIS), "tôt")
    tard = Ligne(datetime(2026, 11, 23, 8, tzinfo=CAYENNE), "tard")
    futur = Ligne(datetime(2026, 11, 24, tzinfo=PARIS), "futur", futur=True)
    assert [x.texte for x in fusionner(LUNDI, [futur, tard], [tot])] == ["tôt", "tard", "futur"]


def test_a_egalite_l_ordre_donne_est_garde():
    un, deux = Ligne(LUNDI, "un"), Ligne(LUNDI, "deux")
    assert fusionner(LUNDI, [un], [deux]) == [un, deux]
    assert fusionner(LUNDI) == []


@pytest.mark.django_db
def test_les_instants_les_evenements_et_l_echeance_se_suivent(violation, referent, dpd, prestataire):
    actions.corriger_instants(
        violation=violation,
        auteur=referent,
        maintenant=LUNDI,
        debut=T0 - timedelta(hours=43),
        detection=T0 - timedelta(hours=27),
        fin=T0 - timedelta(hours=25),
    )
    actions.impliquer(
        violation=violation,
        auteur=referent,
        maintenant=LUNDI,
        sous_traitant=prestataire,
        connaissance=T0 - timedelta(hours=26),
        prevenu_le=T0,
    )
    rendre_avis(violation, dpd, LUNDI)
    lues = lignes(violation)
    textes = [ligne.texte for ligne in lues]
    assert textes[:6] == [
        "Début de la violation",
        "La violation est détectée",
        "Logi-Quercy l’apprend",
        "Fin de la violation",
        "Montpezat-de-Quercy l’apprend.",
        "Logi-Quercy prévient la collectivité",
    ]
    assert "Le DPD l’apprend" in textes
    assert (lues[4].suite, lues[4].cle) == ("Les 72 h partent.", True)
    (avis,) = [x for x in lues if "Avis du DPD" in x.texte]
    assert (avis.cle, avis.qui) == (True, "Nadège Roucoules")
    assert (textes[-1], lues[-1].futur, lues[-1].instant) == ("Fin des 72 h", True, ECHEANCE)


@pytest.mark.django_db
def test_une_echeance_laissee_passer_n_est_plus_a_venir(violation):
    derniere = lignes(violation, ECHEANCE + timedelta(hours=1))[-1]
    assert (derniere.texte, derniere.cle, derniere.futur) == (
        "Fin des 72 h\u00a0: délai dépassé",
        True,
        False,
    )


@pytest.mark.django_db
def test_le_complement_attendu_remplace_les_72_heures(violation, decideur, referent):
    decider(violation, decideur, LUNDI)
    for numero, envoi in (("1", TypeNotification.INITIALE), ("2", TypeNotification.COMPLEMENTAIRE)):
        actions.notifier(
            violation=violation,
            type_envoi=envoi,
            numero=numero,
            envoyee_le=LUNDI,
            contenu={"x": 1},
            auteur=referent,
            maintenant=LUNDI,
        )
        a_venir = [x.texte for x in lignes(violation) if x.futur]
        assert a_venir == (["À compléter auprès de la CNIL, si possible"] if numero == "1" else [])


@pytest.mark.django_db
def test_close_ou_ecartee_plus_rien_n_est_a_venir(violation, decideur, referent):
    decider(violation, decideur, LUNDI, notifier=False, informer=False)
    assert not [x for x in lignes(violation) if x.futur]
    actions.clore(violation=violation, auteur=referent, maintenant=LUNDI)
    assert lignes(violation)[-1].texte == "Violation close"
