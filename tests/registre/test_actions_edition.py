"""Enregistrer au fil de l’eau : rien ne se perd, tout se retrouve."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dpd.accompagnement.models import Question
from registre import actions
from registre.ecriture import PROJECTIONS, fiche_de
from registre.regles.contenu import Duree, LigneDonnees, depuis_dict, empreinte
from tests.registre.conftest import remplir

pytestmark = pytest.mark.django_db


def enregistrer(version, fiche, auteur, maintenant, **options):
    return actions.enregistrer_contenu(
        version=version,
        fiche=fiche,
        auteur=auteur,
        maintenant=maintenant,
        raison="Données et durées",
        **options,
    )


def test_une_fiche_remplie_ne_manque_de_rien(complete):
    assert complete.manquantes == ""
    assert complete.a_donnees_sensibles
    assert complete.base_principale == "e"
    assert complete.empreinte == empreinte(depuis_dict(complete.contenu))


def test_les_lignes_disent_la_meme_chose_que_le_contenu(complete):
    contenu = depuis_dict(complete.contenu)
    for modele, (rubrique, _) in PROJECTIONS.items():
        lignes = modele.objects.filter(version=complete)
        assert lignes.count() == len(getattr(contenu, rubrique)), rubrique
        assert all(ligne.collectivite_id == complete.collectivite_id for ligne in lignes)
    assert [d.categorie for d in complete.donnees.all()] == [d.categorie for d in contenu.donnees]
    assert complete.donnees.get(categorie="sante").exception_art9 == "g"


def test_rien_ne_s_ecrit_quand_rien_ne_change(complete, referent, maintenant):
    avant = complete.history.count()
    meme = enregistrer(complete, depuis_dict(complete.contenu), referent, maintenant)
    assert meme.history.count() == avant
    assert meme.revision == complete.revision


def test_une_saisie_continue_ne_fait_qu_une_ligne_d_historique(complete, referent, maintenant):
    version = complete
    for minute in range(1, 4):
        fiche = replace(fiche_de(version), logiciels=f"Logiciel {minute}")
        version = enregistrer(version, fiche, referent, maintenant + timedelta(minutes=minute), continu=True)
    lignes = version.history.filter(history_change_reason="Données et durées")
    assert lignes.count() == 1
    assert lignes.get().contenu["logiciels"] == "Logiciel 3"
    assert version.revision == complete.revision + 3


def test_une_pause_d_un_quart_d_heure_ouvre_une_nouvelle_ligne(complete, referent, maintenant):
    un = enregistrer(complete, replace(fiche_de(complete), logiciels="A"), referent, maintenant, continu=True)
    plus_tard = maintenant + timedelta(minutes=16)
    deux = enregistrer(un, replace(fiche_de(un), logiciels="B"), referent, plus_tard, continu=True)
    assert deux.history.filter(history_change_reason="Données et durées").count() == 2


def test_une_autre_personne_ouvre_une_nouvelle_ligne(complete, referent, dpd, maintenant):
    un = enregistrer(complete, replace(fiche_de(complete), logiciels="A"), referent, maintenant, continu=True)
    deux = enregistrer(un, replace(fiche_de(un), logiciels="B"), dpd, maintenant, continu=True)
    assert deux.history.first().history_user == dpd
    assert deux.history.filter(history_change_reason="Données et durées").count() == 2


def test_une_revision_perimee_par_un_autre_est_refusee_sans_rien_ecrire(complete, referent, dpd, maintenant):
    lue = complete.revision
    apres = enregistrer(complete, replace(fiche_de(complete), logiciels="Du DPD"), dpd, maintenant)
    with pytest.raises(actions.RevisionPerimee) as conflit:
        enregistrer(apres, replace(fiche_de(complete), logiciels="À moi"), referent, maintenant, revision=lue)
    assert conflit.value.version.modifie_par == dpd
    apres.refresh_from_db()
    assert apres.contenu["logiciels"] == "Du DPD"


def test_une_version_transmise_ne_se_modifie_plus(transmise, referent, maintenant):
    with pytest.raises(ValueError, match="plus un brouillon"):
        enregistrer(transmise, fiche_de(transmise), referent, maintenant)


def test_je_ne_sais_pas_part_en_question_puis_se_retire(brouillon, referent, maintenant):
    fiche = remplir(fiche_de(brouillon))
    inconnue = replace(
        fiche,
        donnees=(LigneDonnees("bancaire", "RIB", Duree(inconnue=True), "", "", sort_inconnu=True),),
        transferts_reponse="inconnu",
    )
    version = enregistrer(brouillon, inconnue, referent, maintenant)
    assert set(version.questions.values_list("champ", flat=True)) == {
        "donnees.bancaire.1.duree",
        "donnees.bancaire.1.sort",
        "transferts",
    }
    assert "RIB" in Question.objects.get(fiches__champ="donnees.bancaire.1.duree").texte
    assert version.manquantes == "ef"
    enregistrer(version, replace(inconnue, transferts_reponse="aucun"), referent, maintenant)
    assert Question.objects.get(fiches__champ="transferts").retiree_le == maintenant
    assert Question.objects.filter(retiree_le__isnull=True).count() == 2


def test_une_cellule_de_nouveau_inconnue_rouvre_une_question(brouillon, referent, maintenant):
    fiche = remplir(fiche_de(brouillon))
    version = enregistrer(brouillon, replace(fiche, transferts_reponse="inconnu"), referent, maintenant)
    version = enregistrer(version, fiche, referent, maintenant)
    version = enregistrer(version, replace(fiche, transferts_reponse="inconnu"), referent, maintenant)
    assert version.questions.get().question.retiree_le is None
    assert Question.objects.count() == 2


def test_une_question_repondue_n_est_pas_retiree(brouillon, referent, dpd, maintenant):
    fiche = remplir(fiche_de(brouillon))
    version = enregistrer(brouillon, replace(fiche, transferts_reponse="inconnu"), referent, maintenant)
    question = Question.objects.get()
    actions.repondre(question=question, reponse="Non, hébergé en France.", auteur=dpd, maintenant=maintenant)
    enregistrer(version, fiche, referent, maintenant)
    question.refresh_from_db()
    assert question.retiree_le is None
    with pytest.raises(ValueError, match="déjà une réponse"):
        actions.repondre(question=question, reponse="Si.", auteur=dpd, maintenant=maintenant)


def test_enregistrer_une_etape_tient_en_douze_requetes(
    complete, referent, maintenant, django_assert_max_num_queries
):
    fiche = replace(fiche_de(complete), donnees=fiche_de(complete).donnees[:1])
    with django_assert_max_num_queries(12):
        enregistrer(complete, fiche, referent, maintenant, continu=True)
