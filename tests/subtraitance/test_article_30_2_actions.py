"""Tenir le registre de l’article 30-2 : chaque geste, et ce qu’il refuse."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from subtraitance.actions import article_30_2 as actions
from subtraitance.models import ActiviteSousTraitee, ResponsableServi
from tests.subtraitance.fabriques_s1 import JOUR, LUNDI, activite_d_essai, communes, creer_fiche, servir

pytestmark = pytest.mark.django_db
DEMAIN = date(2026, 11, 24)
HIER = date(2026, 11, 22)


@pytest.fixture
def activite(structure, dpd):
    return activite_d_essai(structure, dpd)


def refus(action, **arguments) -> dict:
    with pytest.raises(ValidationError) as leve:
        action(maintenant=LUNDI, **arguments)
    erreur = leve.value
    return erreur.message_dict if hasattr(erreur, "error_dict") else {"": erreur.messages}


def test_une_activite_entre_au_registre_avec_ses_autres_sous_traitants(structure, dpd):
    fiche = creer_fiche(structure, "Éditeur")
    activite = activite_d_essai(structure, dpd, sous_traitants=[fiche], debut=HIER)
    assert list(activite.sous_traitants.all()) == [fiche]
    passe = activite.history.get()
    assert (passe.history_user, passe.history_change_reason) == (dpd, "Activité ajoutée au registre 30-2")


def test_une_activite_a_un_nom_unique_des_categories_et_de_la_securite(structure, dpd, activite):
    vide = {"structure": structure, "auteur": dpd, "nom": "Autre", "categories": "", "securite": ""}
    assert {"categories", "securite"} <= refus(actions.creer_activite, **vide).keys()
    meme = {**vide, "nom": activite.nom, "categories": "x", "securite": "x"}
    assert "Cette activité est déjà au registre." in str(refus(actions.creer_activite, **meme))


def test_une_activite_ne_commence_pas_demain_et_n_emploie_pas_l_annuaire_d_une_autre(
    structure, autre_structure, dpd
):
    champs = {"structure": structure, "auteur": dpd, "nom": "x", "categories": "x", "securite": "x"}
    assert refus(actions.creer_activite, **champs, debut=DEMAIN) == {"debut": [actions.FUTUR]}
    ailleurs = creer_fiche(autre_structure, "Ailleurs")
    erreurs = refus(actions.creer_activite, **champs, sous_traitants=[ailleurs])
    assert erreurs == {"sous_traitants": [actions.AUTRE_ANNUAIRE]}
    assert not ActiviteSousTraitee.objects.exists()


def test_modifier_garde_l_ancienne_redaction_a_l_historique(activite, structure, dpd):
    fiche = creer_fiche(structure, "Éditeur")
    arguments = {"activite": activite, "auteur": dpd, "maintenant": LUNDI, "securite": "Chiffrement."}
    actions.modifier_activite(**arguments, sous_traitants=[fiche])
    actions.modifier_activite(**arguments, nom="Assistance")
    activite.refresh_from_db()
    assert (activite.nom, activite.securite) == ("Assistance", "Chiffrement.")
    assert not activite.sous_traitants.exists()
    assert activite.history.earliest().securite != "Chiffrement."


def test_rattacher_en_lot_ne_rattache_personne_deux_fois(activite, structure, dpd, collectivite):
    bourgs = communes(structure, 5)
    premiers = servir(activite, dpd, collectivite, *bourgs[:2])
    assert (len(premiers.nouveaux), premiers.deja) == (3, 0)
    seconds = servir(activite, dpd, *bourgs)
    assert (len(seconds.nouveaux), seconds.deja) == (3, 2)
    assert ResponsableServi.objects.filter(activite=activite, jusqu_au=None).count() == 6
    assert ResponsableServi.history.filter(history_user=dpd).count() == 6


def test_rattacher_refuse_le_vide_l_ailleurs_et_les_mauvaises_dates(
    activite, dpd, collectivite, lointaine, structure
):
    base = {"activite": activite, "auteur": dpd}
    erreurs = refus(actions.rattacher, **base, collectivites=[], depuis=JOUR)
    assert erreurs == {"collectivites": [actions.PERSONNE]}
    erreurs = refus(actions.rattacher, **base, collectivites=[collectivite, lointaine], depuis=JOUR)
    assert erreurs == {"collectivites": [actions.D_AILLEURS]}
    erreurs = refus(actions.rattacher, **base, collectivites=[collectivite], depuis=DEMAIN)
    assert erreurs == {"depuis": [actions.FUTUR]}
    recente = activite_d_essai(structure, dpd, "Récente", debut=JOUR)
    arguments = {"activite": recente, "auteur": dpd, "collectivites": [collectivite], "depuis": HIER}
    assert refus(actions.rattacher, **arguments) == {"depuis": [actions.AVANT_LE_DEBUT]}
    assert not ResponsableServi.objects.exists()


def test_retirer_en_lot_date_la_fin_et_ne_touche_pas_les_autres(activite, structure, dpd):
    bourgs = communes(structure, 3)
    servir(activite, dpd, *bourgs, depuis=HIER)
    autre = activite_d_essai(structure, dpd, "Autre")
    servir(autre, dpd, bourgs[0])
    choisis = ResponsableServi.objects.filter(collectivite__in=bourgs[:2])
    arguments = {"activite": activite, "responsables": choisis, "auteur": dpd, "maintenant": LUNDI}
    assert actions.retirer_responsables(**arguments, jusqu_au=JOUR) == 2
    restants = ResponsableServi.objects.filter(jusqu_au=None).values_list("activite__nom", flat=True)
    assert sorted(restants) == ["Assistance aux logiciels", "Autre"]
    # Renvoyé deux fois, le formulaire ne change plus rien.
    assert actions.retirer_responsables(**arguments, jusqu_au=HIER) == 0
    assert set(choisis.filter(activite=activite).values_list("jusqu_au", flat=True)) == {JOUR}


def test_retirer_refuse_le_vide_le_futur_et_une_fin_avant_le_debut(activite, dpd, collectivite):
    servis = servir(activite, dpd, collectivite).nouveaux
    base = {"activite": activite, "auteur": dpd}
    erreurs = refus(actions.retirer_responsables, **base, responsables=[], jusqu_au=JOUR)
    assert erreurs == {"responsables": [actions.PERSONNE]}
    erreurs = refus(actions.retirer_responsables, **base, responsables=servis, jusqu_au=DEMAIN)
    assert erreurs == {"jusqu_au": [actions.FUTUR]}
    erreurs = refus(actions.retirer_responsables, **base, responsables=servis, jusqu_au=HIER)
    assert erreurs == {"jusqu_au": [actions.DEJA_SERVIE_APRES]}


def test_une_collectivite_retiree_se_rattache_de_nouveau(activite, dpd, collectivite):
    servis = servir(activite, dpd, collectivite, depuis=HIER).nouveaux
    actions.retirer_responsables(
        activite=activite, responsables=servis, jusqu_au=HIER, auteur=dpd, maintenant=LUNDI
    )
    assert len(servir(activite, dpd, collectivite).nouveaux) == 1


def test_arreter_une_activite_cesse_de_servir_chacun(activite, dpd, collectivite):
    servir(activite, dpd, collectivite)
    actions.arreter_activite(activite=activite, fin=JOUR, auteur=dpd, maintenant=LUNDI)
    assert ResponsableServi.objects.get().jusqu_au == JOUR
    assert refus(actions.arreter_activite, activite=activite, fin=JOUR, auteur=dpd) == {"": [actions.ARRETEE]}
    arguments = {"activite": activite, "collectivites": [collectivite], "depuis": JOUR, "auteur": dpd}
    assert refus(actions.rattacher, **arguments) == {"": [actions.ARRETEE]}


def test_arreter_refuse_le_futur_et_l_anteriorite(structure, dpd, collectivite):
    activite = activite_d_essai(structure, dpd, debut=HIER)
    servir(activite, dpd, collectivite)
    base = {"activite": activite, "auteur": dpd}
    assert refus(actions.arreter_activite, **base, fin=DEMAIN) == {"fin": [actions.FUTUR]}
    avant = date(2026, 11, 1)
    assert refus(actions.arreter_activite, **base, fin=avant) == {"fin": [actions.AVANT_LE_DEBUT]}
    assert refus(actions.arreter_activite, **base, fin=HIER) == {"fin": [actions.DEJA_SERVIE_APRES]}
    activite.refresh_from_db()
    assert activite.fin is None


def test_reprendre_une_activite_ne_rattache_personne(activite, dpd, collectivite):
    servir(activite, dpd, collectivite)
    assert refus(actions.reprendre_activite, activite=activite, auteur=dpd) == {"": [actions.PAS_ARRETEE]}
    actions.arreter_activite(activite=activite, fin=JOUR, auteur=dpd, maintenant=LUNDI)
    reprise = actions.reprendre_activite(activite=activite, auteur=dpd, maintenant=LUNDI)
    assert reprise.fin is None
    assert not ResponsableServi.objects.filter(jusqu_au=None).exists()


def test_le_jour_est_celui_de_la_structure(structure):
    structure.territoire = "reunion"
    tard = LUNDI.replace(hour=23)  # 2 h le lendemain à Saint-Denis
    assert actions.jour_de_la_structure(structure, tard) == DEMAIN
