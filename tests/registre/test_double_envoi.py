"""Un formulaire renvoyé (double clic, hôte mort en route) ne fait rien de plus que le premier."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dpd.accompagnement.models import Question
from dpd.messagerie.models import Message
from registre import actions
from registre.ecriture import fiche_de
from registre.models import Traitement
from registre.regles.contenu import Duree, LigneDonnees
from tests.registre.fabriques_modeles import charger_essai
from tests.registre.regles.fiches import CANTINE

pytestmark = pytest.mark.django_db


@pytest.fixture
def ouvrir(collectivite, referent, maintenant):
    def _ouvrir(nom="Cantine", auteur=referent, apres=0, ou=collectivite):
        quand = maintenant + timedelta(seconds=apres)
        return actions.creer(collectivite=ou, nom=nom, auteur=auteur, maintenant=quand)

    return _ouvrir


def test_une_fiche_vide_renvoyee_dans_la_minute_ne_s_ouvre_qu_une_fois(ouvrir, collectivite):
    premiere = ouvrir()
    assert ouvrir(apres=59) == premiere
    assert Traitement.objects.filter(collectivite=collectivite).count() == 1


def test_un_autre_nom_une_autre_personne_plus_tard_ou_ailleurs_ouvrent_une_autre_fiche(
    ouvrir, collectivite, voisine, dpd
):
    fiches = {ouvrir(), ouvrir("Paie"), ouvrir(auteur=dpd), ouvrir(ou=voisine), ouvrir(apres=60)}
    assert len(fiches) == 5


def test_une_fiche_deja_saisie_n_est_pas_un_renvoi(ouvrir, referent, maintenant):
    premiere = ouvrir()
    actions.enregistrer_contenu(
        version=premiere,
        fiche=replace(fiche_de(premiere), description="Repas des élèves"),
        auteur=referent,
        maintenant=maintenant,
        raison="Saisie",
    )
    assert ouvrir(apres=10) != premiere


def test_une_fiche_remplie_du_meme_nom_n_est_pas_un_renvoi(ouvrir, collectivite, referent, maintenant):
    """Elle vient d’un modèle ou d’un import : ouvrir la vide rendrait l’autre, sans le dire."""
    (remplie,) = actions.creer_fiches(
        collectivite=collectivite,
        fiches=[(replace(CANTINE, nom="Cantine"), None)],
        auteur=referent,
        maintenant=maintenant,
        raison="Import",
    )
    assert ouvrir(apres=10) != remplie


def test_une_question_que_la_fiche_a_posee_seule_n_en_cache_pas_une(ouvrir, referent, maintenant):
    version = ouvrir()
    fiche = replace(fiche_de(version), donnees=(LigneDonnees("bancaire", duree=Duree(inconnue=True)),))
    actions.enregistrer_contenu(
        version=version, fiche=fiche, auteur=referent, maintenant=maintenant, raison="Saisie"
    )
    seule = Question.objects.get()
    posee = actions.poser(version=version, texte=seule.texte, auteur=referent, maintenant=maintenant)
    assert posee != seule


def test_une_question_renvoyee_n_est_posee_ni_ecrite_qu_une_fois(ouvrir, referent, dpd, maintenant):
    version = ouvrir()

    def poser(texte="Combien de temps ?", apres=0, auteur=referent):
        quand = maintenant + timedelta(seconds=apres)
        return actions.poser(version=version, texte=texte, auteur=auteur, maintenant=quand)

    premiere, courriels = poser(), Message.objects.count()
    assert courriels > 0
    assert poser(apres=30) == premiere
    assert Message.objects.count() == courriels
    assert Question.objects.count() == 1
    assert len({premiere, poser("Et après ?"), poser(apres=61)}) == 3
    assert Question.objects.count() == 3


@pytest.fixture
def depuis_modeles(collectivite, referent, maintenant):
    modeles = charger_essai(maintenant)

    def _depuis_modeles(*codes, apres=0, auteur=referent):
        return actions.creer_depuis_modeles(
            collectivite=collectivite,
            versions=[modeles[code] for code in codes or modeles],
            auteur=auteur,
            maintenant=maintenant + timedelta(seconds=apres),
        )

    return _depuis_modeles


def test_le_meme_choix_de_modeles_renvoye_ne_s_ouvre_qu_une_fois(depuis_modeles, collectivite):
    premieres = depuis_modeles()
    assert depuis_modeles(apres=59) == premieres
    assert Traitement.objects.filter(collectivite=collectivite).count() == len(premieres) > 1


def test_un_autre_choix_ou_le_meme_plus_tard_ou_par_un_autre_s_ouvre(depuis_modeles, dpd, collectivite):
    depuis_modeles("cantine")
    tout = depuis_modeles(apres=10)  # la cantine n’en était qu’une partie
    depuis_modeles("cantine", apres=90)
    depuis_modeles("cantine", auteur=dpd)
    assert Traitement.objects.filter(collectivite=collectivite).count() == 3 + len(tout)
