"""Les violations à notifier, en tête des accueils."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.pilotage import urgences
from tests.violations.fabriques import T0, creer_violation, decider, rendre_avis
from tests.violations.fabriques_incidents import creer_incident
from tests.violations.fabriques_registre import violations_de
from tests.volume import collectivites_de

pytestmark = pytest.mark.django_db
REQUETES_AU_PLUS = 15


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def accueil(connecte, collectivite, structure):
    def _accueil(qui, lieu=collectivite):
        nom = "pilotage:collectivite" if lieu == collectivite else "pilotage:structure"
        page = connecte(qui).get(reverse(nom, args=[lieu.siren])).content.decode()
        return " ".join(page.replace("\u00a0", " ").replace("\u202f", " ").split())

    return _accueil


def test_la_referente_la_voit_en_premier_avec_son_reste(accueil, referent, violation):
    page = accueil(referent)
    assert "Bonjour Sylvie, une chose à faire" in page
    assert "Avant aujourd’hui, 17 h 25" in page
    assert "Reste 7 h 45" in page
    assert "Violation : compléter le dossier" in page
    assert "Décide : Bernard Lacaze, maire" in page
    assert "La première ne peut pas attendre" in page


def test_l_avis_rendu_on_fait_decider_le_maire(accueil, referent, decideur, dpd, violation, maintenant):
    rendre_avis(violation, dpd, maintenant)
    page = accueil(referent)
    assert "Violation : faire décider Bernard Lacaze, maire" in page
    assert "Notifier ou non la violation n° 2026-01" in page
    page = accueil(decideur)
    assert "Violation : décider" in page
    assert "La décision vous appartient" in page


def test_la_decision_prise_il_reste_a_notifier(accueil, referent, decideur, violation, maintenant):
    decider(violation, decideur, maintenant)
    assert "Violation : notifier la CNIL" in accueil(referent)


def test_ecartee_elle_ne_presse_plus(accueil, referent, decideur, violation, maintenant):
    decider(violation, decideur, maintenant, notifier=False, informer=False)
    assert violation.titre not in accueil(referent)


def test_le_retard_se_dit(accueil, referent, collectivite, maintenant):
    creer_violation(collectivite, referent, maintenant, connaissance=T0 - timedelta(days=1))
    page = accueil(referent)
    assert "16 h 15 de retard, c’était avant dimanche 22 novembre, 17 h 25" in page
    assert "<dt>16 h 15 de retard, c’était avant dimanche 22 novembre, 17 h 25</dt>" in page


def test_sans_responsable_on_dit_qui_peut_l_inviter(accueil, referent, dpd, collectivite, violation):
    phrase = "Personne n’a encore le rôle de responsable : "
    page = accueil(referent)
    assert f"{phrase}votre DPD peut l’inviter." in page
    inviter = reverse("comptes:inviter", args=[collectivite.siren])
    assert inviter not in page
    assert f'{phrase}<a href="{inviter}">invitez-le</a>.' in accueil(dpd)


def test_le_lecteur_n_en_sait_rien(accueil, lecteur, violation):
    page = accueil(lecteur)
    assert violation.titre not in page
    assert "Déclarer une violation" not in page


def test_la_referente_a_toujours_de_quoi_declarer(accueil, referent, collectivite):
    assert reverse("violations:declarer", args=[collectivite.siren]) in accueil(referent)


def test_le_dpd_voit_les_delais_avant_tout_le_reste(accueil, dpd, structure, violation):
    page = accueil(dpd, structure)
    assert "1 violation à notifier ou à écarter. Aucune fiche n’attend votre avis." in page
    assert page.index("Délais légaux en cours") < page.index("Avis attendus de vous")
    assert "<strong>7 h 45</strong> <p>avant aujourd’hui, 17 h 25</p>" in page
    assert "Votre avis est attendu" in page
    assert reverse("violations:avis", args=["218201317", 2026, 1]) in page
    assert 'aria-label="64 h 15 sur 72 heures"' in page


def test_sans_violation_le_bloc_disparait(accueil, dpd, structure):
    assert "Délais légaux en cours" not in accueil(dpd, structure)


@pytest.mark.parametrize("qui", ["gestionnaire", "agent"])
def test_qui_ne_lit_pas_les_violations_n_en_voit_aucune(accueil, structure, violation, request, qui):
    assert violation.titre not in accueil(request.getfixturevalue(qui), structure)


def test_un_incident_ne_prend_qu_une_place(accueil, dpd, structure, prestataire, maintenant):
    trace = {"auteur": dpd, "maintenant": maintenant, "raison": "Essai"}
    touchees = collectivites_de(structure, range(1, 8), **trace)
    incident = creer_incident(structure, dpd, sous_traitant=prestataire)
    for touchee in touchees:
        violations_de(touchee, (1,), dpd, maintenant, incident=incident)
    (delai,) = urgences.de_la_structure(structure, maintenant, 8)
    assert len(delai.urgences) == 7
    assert (len(delai.suivies), delai.autres) == (5, 2)
    page = accueil(dpd, structure)
    assert "Un incident chez Logi-Quercy, 7 collectivités à notifier ou à écarter" in page
    assert "et 2 autres" in page


def test_l_heure_du_dpd_s_ajoute_quand_elle_differe(
    accueil, dpd, structure, collectivite, referent, maintenant
):
    collectivite.territoire = "guyane"
    collectivite.save()
    creer_violation(collectivite, referent, maintenant)
    page = accueil(dpd, structure)
    assert "avant aujourd’hui, 13 h 25" in page
    assert "23 nov. 2026, 17 h 25 pour le DPD" in page


def test_une_collectivite_partie_ne_presse_plus(structure, collectivite, violation, maintenant):
    collectivite.active = False
    collectivite.save()
    assert urgences.de_la_structure(structure, maintenant, 8) == []
    assert urgences.nombre(structure) == 0


def test_les_accueils_coutent_autant_a_dix_qu_a_deux_cents_violations(
    connecte, dpd, referent, structure, collectivite, maintenant
):
    couts = []
    pages = [(referent, "pilotage:collectivite", collectivite), (dpd, "pilotage:structure", structure)]
    for rangs in (range(1, 11), range(11, 201)):
        violations_de(collectivite, rangs, referent, maintenant)
        for qui, nom, lieu in pages:
            client = connecte(qui)
            client.get(reverse(nom, args=[lieu.siren]))
            with CaptureQueriesContext(connection) as requetes:
                assert client.get(reverse(nom, args=[lieu.siren])).status_code == 200
            couts.append(len(requetes))
    assert couts[:2] == couts[2:]
    assert max(couts) <= REQUETES_AU_PLUS
