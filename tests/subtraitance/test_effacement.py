"""Effacer le demandeur : à son terme, avec l’accord des Archives, et pour de vrai."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from post_office.models import Email

from dpd.comptes.droits import Acces, accorder
from dpd.comptes.enums import Role
from dpd.messagerie.models import Message
from dpd.pieces.models import Piece
from dpd.pieces.transaction import transaction_de_depot
from subtraitance.actions.demandes_instruction import rouvrir
from subtraitance.actions.demandes_pieces import ranger
from subtraitance.actions.depot_public import deposer_en_public
from subtraitance.actions.effacement import (
    DEJA,
    PAS_CLOSE,
    SANS_ACCORD,
    SANS_TERME,
    TROP_TOT,
    effacer_le_demandeur,
    effacer_les_demandeurs,
    peut_effacer,
    poser_l_effacement,
)
from subtraitance.actions.rappels import gestes_de_rappel
from subtraitance.enums import Droit, EtatDemande
from subtraitance.models.demande import DU_DEMANDEUR
from tests.pieces.fabriques import fichier
from tests.subtraitance.fabriques_d3 import (
    COURRIEL,
    LIEU,
    MOTS,
    NOM,
    RECUE,
    SECRETS,
    demander,
    ecrire_une_lettre,
    fermer,
    joindre,
    regler,
    un_an_apres,
)

pytestmark = pytest.mark.django_db
CLOSE_LE = RECUE + timedelta(days=3)
TERME = un_an_apres(CLOSE_LE)
VISA = "Visa des Archives\u00a0: bordereau n° 12"


@pytest.fixture
def close(collectivite, decideur, agent, dpd):
    """Close, à effacer après le 20 novembre 2027."""
    demande = fermer(demander(collectivite).demande, decideur, CLOSE_LE)
    regler(collectivite, decideur, CLOSE_LE)
    demande.refresh_from_db()
    return demande


def effacer(demande, auteur, accord=VISA, maintenant=TERME):
    return effacer_le_demandeur(demande=demande, accord=accord, auteur=auteur, maintenant=maintenant)


def partout_en_base() -> str:
    """Tout le texte de toutes les tables du site, historiques, courriels et files compris."""
    morceaux = []
    for modele in apps.get_models(include_auto_created=True):
        champs = [
            c.attname for c in modele._meta.local_concrete_fields if not isinstance(c, models.BinaryField)
        ]
        for ligne in modele._base_manager.values_list(*champs) if champs else ():
            morceaux.append(f"{modele._meta.label} {ligne!r}")
    return "\n".join(morceaux)


@pytest.mark.parametrize(("mois", "attendu"), [(12, date(2027, 2, 28)), (None, None)])
def test_le_terme_se_compte_de_la_cloture_ou_reste_vide(collectivite, decideur, mois, attendu):
    regler(collectivite, decideur, conservation_mois=mois)
    demande = demander(collectivite).demande
    poser_l_effacement(demande, date(2026, 2, 28))
    assert demande.effacer_apres == attendu
    demande.refresh_from_db()
    assert demande.effacer_apres is None  # la clôture l’enregistre, pas nous


def test_sans_reglages_le_terme_reste_vide(collectivite):
    demande = demander(collectivite).demande
    demande.effacer_apres = date(2026, 1, 1)
    poser_l_effacement(demande, date(2026, 2, 28))
    assert demande.effacer_apres is None


def test_l_effacement_vide_le_demandeur_et_garde_les_preuves(close, decideur):
    faite = effacer(close, decideur)
    faite.refresh_from_db()
    assert [getattr(faite, champ) for champ in DU_DEMANDEUR] == [""] * len(DU_DEMANDEUR)
    assert (faite.efface_le, faite.effacement_accord, faite.etat) == (TERME, VISA, EtatDemande.CLOSE)
    assert faite.nom_montre == "Demandeur effacé"
    assert (faite.recue_le, faite.repondue_le) == (RECUE, CLOSE_LE.date())
    assert faite.history.first().history_change_reason == "Données du demandeur effacées"


def test_il_ne_reste_le_nom_ni_les_mots_nulle_part(collectivite, decideur, referent, agent, dpd):
    """Aucune table, aucun historique, aucun courriel, aucune file ne les garde après l’effacement."""
    depot = deposer_en_public(
        collectivite=collectivite,
        jeton="6f0c6c5e-4b0e-4c53-9a51-8f7a0c7a9b11",
        droits=[Droit.ACCES],
        maintenant=RECUE,
        demandeur_nom=NOM,
        demandeur_courriel=COURRIEL,
        demandeur_adresse=LIEU,
        texte=MOTS,
        personne_nom="Philémon Quatrefages",
        personne_lien="Sa mère",
    )
    demande = fermer(depot.demande, decideur, CLOSE_LE)
    joindre(demande, referent, CLOSE_LE)
    ecrire_une_lettre(demande, referent, CLOSE_LE)
    regler(collectivite, decideur, CLOSE_LE)
    avant = partout_en_base()
    assert all(secret in avant for secret in SECRETS)
    for geste in gestes_de_rappel(TERME):
        geste()
    effacer(demande, decideur)
    apres = partout_en_base()
    assert [secret for secret in SECRETS if secret in apres] == []
    assert Message.objects.filter(nature="subtraitance.accuse_public").count() == 1
    assert not Email.objects.filter(to__contains=COURRIEL).exists()


def test_l_historique_n_a_jamais_rien_garde_du_demandeur(close):
    with connection.cursor() as curseur:
        curseur.execute("SELECT * FROM subtraitance_historicaldemandedroits")
        texte = repr(curseur.fetchall())
    assert close.numero
    assert [secret for secret in SECRETS if secret in texte] == []


def test_les_pieces_sont_detruites_et_les_lettres_videes(
    close, decideur, referent, django_capture_on_commit_callbacks
):
    piece, detruite = joindre(close, referent, CLOSE_LE), None
    lettre = ecrire_une_lettre(close, referent, CLOSE_LE)
    chemin, stockage = piece.fichier.name, piece.fichier.storage
    assert stockage.exists(chemin)
    with django_capture_on_commit_callbacks(execute=True):
        effacer(close, referent)
    detruite = type(piece).objects.get(pk=piece.pk)
    assert detruite.est_detruite
    assert detruite.detruite_par == referent
    assert not stockage.exists(chemin)
    lettre.refresh_from_db()
    assert lettre.texte == ""
    assert lettre.history.count() == 2


def test_la_meme_reponse_jointe_a_deux_demandes_survit_a_l_effacement_de_l_une(
    close, collectivite, decideur, referent
):
    """Une réponse type, envoyée à deux demandeurs dans la même minute."""
    autre = demander(collectivite).demande
    liens = []
    for demande in (close, autre):
        with transaction_de_depot():
            liens.append(ranger(demande, fichier(), referent, CLOSE_LE, libelle="Réponse"))
    effacer(close, decideur)
    assert [Piece.objects.get(pk=lien.piece_id).est_detruite for lien in liens] == [True, False]


def test_une_piece_deja_detruite_n_arrete_pas_l_effacement(close, decideur, referent):
    piece = joindre(close, referent, CLOSE_LE)
    piece.retiree_le = piece.detruite_le = CLOSE_LE
    piece.retiree_par = piece.detruite_par = referent
    piece.motif_retrait = "Identité vérifiée"
    piece.enregistrer(auteur=referent, maintenant=CLOSE_LE, raison="x")
    assert effacer(close, decideur).efface_le == TERME


def test_l_accuse_deja_retire_de_la_file_perd_aussi_son_adresse(collectivite, decideur, agent):
    depot = deposer_en_public(
        collectivite=collectivite,
        jeton="6f0c6c5e-4b0e-4c53-9a51-8f7a0c7a9b12",
        droits=[Droit.ACCES],
        maintenant=RECUE,
        demandeur_nom=NOM,
        demandeur_courriel=COURRIEL,
    )
    demande = fermer(depot.demande, decideur, CLOSE_LE)
    regler(collectivite, decideur, CLOSE_LE)
    Email.objects.filter(to__contains=COURRIEL).delete()
    effacer(demande, decideur)
    assert Message.objects.get(nature="subtraitance.accuse_public").destinataire == "demandeur@efface.invalid"


@pytest.mark.parametrize("qui", ["referent", "decideur"])
def test_la_collectivite_efface(close, request, qui):
    assert effacer(close, request.getfixturevalue(qui)).efface_le == TERME


@pytest.mark.parametrize("qui", ["dpd", "agent", "gestionnaire", "lecteur", "etranger"])
def test_personne_d_autre_n_efface(close, request, qui):
    with pytest.raises(ValidationError, match="Effacer appartient à la collectivité"):
        effacer(close, request.getfixturevalue(qui))
    close.refresh_from_db()
    assert close.demandeur_nom == NOM


def test_qui_conseille_n_efface_pas_meme_s_il_est_aussi_referent(close, dpd, collectivite):
    accorder(dpd, Role.REFERENT, collectivite)
    assert not peut_effacer(Acces(dpd), collectivite)


def test_rien_ne_s_efface_sans_l_accord_ni_avant_le_terme(close, decideur):
    for accord in ("", "   "):
        with pytest.raises(ValidationError, match=SANS_ACCORD):
            effacer(close, decideur, accord=accord)
    dernier_jour = un_an_apres(CLOSE_LE) - timedelta(days=2)
    with pytest.raises(ValidationError, match=TROP_TOT):
        effacer(close, decideur, maintenant=dernier_jour)
    close.refresh_from_db()
    assert close.demandeur_nom == NOM


def test_on_n_efface_ni_deux_fois_ni_une_demande_ouverte(close, collectivite, decideur):
    effacer(close, decideur)
    with pytest.raises(ValidationError, match=DEJA):
        effacer(close, decideur)
    ouverte = demander(collectivite).demande
    with pytest.raises(ValidationError, match=PAS_CLOSE):
        effacer(ouverte, decideur)


def test_une_demande_rouverte_ne_s_efface_plus(close, decideur):
    rouvrir(demande=close, motif="Il a écrit de nouveau", auteur=decideur, maintenant=TERME)
    with pytest.raises(ValidationError, match=PAS_CLOSE):
        effacer(close, decideur)


def test_sans_duree_fixee_rien_ne_s_efface(close, collectivite, decideur):
    regler(collectivite, decideur, CLOSE_LE, conservation_mois=None)
    with pytest.raises(ValidationError, match="Aucune durée n’est fixée"):
        effacer(close, decideur)
    assert SANS_TERME.startswith("Aucune durée n’est fixée")


def test_un_lot_s_efface_en_entier_ou_pas_du_tout(close, collectivite, decideur):
    autre = fermer(demander(collectivite).demande, decideur, CLOSE_LE)
    ouverte = demander(collectivite).demande
    regler(collectivite, decideur, CLOSE_LE)
    geste = {"accord": VISA, "auteur": decideur, "maintenant": TERME}
    with pytest.raises(ValidationError, match=PAS_CLOSE):
        effacer_les_demandeurs(demandes=[close, ouverte], **geste)
    close.refresh_from_db()
    assert close.demandeur_nom == NOM
    assert effacer_les_demandeurs(demandes=[autre, close], **geste) == 2
    assert effacer_les_demandeurs(demandes=[autre, close], **geste) == 0
