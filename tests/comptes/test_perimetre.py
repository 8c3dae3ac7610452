"""Le périmètre d’une personne, tel qu’il filtre les requêtes."""

import pytest
from django.contrib.auth.models import AnonymousUser

from dpd.comptes.droits import Acces, accorder
from dpd.comptes.enums import Role
from dpd.comptes.regles.capacites import Capacite, roles_donnant
from registre import actions
from registre.models import VersionTraitement

pytestmark = pytest.mark.django_db


def noms(requete):
    return sorted(c.nom for c in requete)


def test_la_referente_ne_voit_que_les_siennes(referent, collectivite, voisine, lointaine):
    acces = Acces(referent)
    assert noms(acces.collectivites(Capacite.LIRE_REGISTRE)) == ["Montpezat-de-Quercy"]
    assert noms(acces.collectivites(Capacite.DECIDER)) == []
    accorder(referent, Role.LECTEUR, voisine)
    assert noms(Acces(referent).collectivites(Capacite.LIRE_REGISTRE)) == ["Montpezat-de-Quercy", "Septfonds"]
    assert noms(Acces(referent).collectivites(Capacite.TENIR_REGISTRE)) == ["Montpezat-de-Quercy"]


def test_le_dpd_voit_toutes_celles_de_sa_structure_et_aucune_autre(dpd, collectivite, voisine, lointaine):
    assert noms(Acces(dpd).collectivites(Capacite.LIRE_REGISTRE)) == ["Montpezat-de-Quercy", "Septfonds"]


def test_le_gestionnaire_voit_les_collectivites_mais_aucun_registre(gestionnaire, collectivite):
    acces = Acces(gestionnaire)
    assert noms(acces.collectivites(Capacite.VOIR_COLLECTIVITE)) == ["Montpezat-de-Quercy"]
    assert noms(acces.collectivites(Capacite.LIRE_REGISTRE)) == []


def test_l_anonyme_ne_voit_rien(collectivite):
    assert noms(Acces(AnonymousUser()).collectivites(Capacite.VOIR_COLLECTIVITE)) == []


def test_une_ligne_de_locataire_se_filtre_par_le_meme_perimetre(
    referent, dpd, etranger, gestionnaire, collectivite, voisine, maintenant
):
    ici = actions.creer(collectivite=collectivite, nom="Ici", auteur=referent, maintenant=maintenant)
    la = actions.creer(collectivite=voisine, nom="Là", auteur=dpd, maintenant=maintenant)
    attendu = {referent: {ici}, dpd: {ici, la}, etranger: set(), gestionnaire: set()}
    for personne, versions in attendu.items():
        visibles = VersionTraitement.objects.visibles_par(Acces(personne), Capacite.LIRE_REGISTRE)
        assert set(visibles) == versions


def test_seul_le_responsable_a_la_capacite_de_decider():
    assert roles_donnant(Capacite.DECIDER) == {Role.DECIDEUR}
    assert roles_donnant(Capacite.RENDRE_AVIS) == {Role.DPD}
