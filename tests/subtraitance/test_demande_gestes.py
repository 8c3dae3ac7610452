"""Les pages de geste : chaque refus sous son champ, rien de perdu, le retour au dossier."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from subtraitance.actions.demandes_delais import suspendre
from subtraitance.enums import Droit
from subtraitance.models import PieceDemande, Prolongation, Reponse, SuspensionDemande
from tests.pieces.fabriques import EXE, fichier
from tests.subtraitance.fabriques_demandes import LUNDI, creer_demande

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lundi")]
JOUR, DEMAIN = "2026-11-23", "2026-11-24"
SUSPENSION = {"doute": "Courriel inconnu", "demande": "Un appel", "debut": JOUR}
REPONSE = {"sens": "favorable", "texte": "Voici.", "envoyee_le": JOUR, "canal": "courrier"}
REFUS = {**REPONSE, "sens": "refus", "motif": "Secret", "voies_de_recours": "on"}


@pytest.fixture
def demande(collectivite, referent):
    return creer_demande(collectivite, referent, regime="rgpd", par_la_structure=False)


@pytest.fixture
def envoyer(demande, connecte):
    def _envoyer(personne, page, **donnees):
        reponse = connecte(personne).post(adresse(demande, page), donnees, follow=True)
        return reponse, reponse.content.decode()

    return _envoyer


def adresse(demande, page, espace="subtraitance"):
    return reverse(f"{espace}:{page}", args=[demande.collectivite.siren, demande.annee, demande.rang])


PAGES = (
    *("suspendre", "reprendre", "verifier_identite", "joindre_a_la_demande"),
    *("clore_demande", "rouvrir_demande"),
)


@pytest.mark.parametrize("page", PAGES)
def test_qui_entre_dans_un_geste(
    demande, connecte, page, referent, decideur, dpd, lecteur, agent, gestionnaire, etranger
):
    codes = [
        connecte(p).get(adresse(demande, page)).status_code
        for p in (referent, decideur, dpd, lecteur, agent, gestionnaire, etranger)
    ]
    assert codes == [200, 200, 200, 403, 403, 403, 404]


@pytest.mark.parametrize(
    ("page", "attendus"),
    [("repondre", [200, 200, 403, 403, 404]), ("prolonger", [403, 200, 403, 403, 404])],
)
def test_donner_suite_appartient_a_la_collectivite(
    demande, connecte, page, attendus, referent, decideur, dpd, agent, etranger
):
    gens = (referent, decideur, dpd, agent, etranger)
    assert [connecte(p).get(adresse(demande, page)).status_code for p in gens] == attendus


def test_suspendre_puis_reprendre(demande, envoyer, referent):
    reponse, page = envoyer(referent, "suspendre", **SUSPENSION)
    assert reponse.redirect_chain[-1][0] == adresse(demande, "demande", "registre")
    assert "Le délai est suspendu." in page
    assert SuspensionDemande.objects.get().motif == "Courriel inconnu\nDemandé\xa0: Un appel"
    _, page = envoyer(referent, "suspendre", **SUSPENSION)
    assert "déjà suspendu" in page
    assert SuspensionDemande.objects.count() == 1
    _, page = envoyer(referent, "reprendre", fin=DEMAIN)
    assert "Cette date est dans le futur." in page
    _, page = envoyer(referent, "reprendre", fin=JOUR)
    assert "Le délai repart." in page


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"doute": ""}, "Dites ce qui vous fait douter."),
        ({"demande": " "}, "Dites ce que vous avez demandé."),
        ({"debut": ""}, "Indiquez une date."),
        ({"debut": "2026-11-19"}, "avant la réception"),
        ({"doute": "Son numéro est 1 85 05 78 006 084 91"}, "sécurité sociale"),
    ],
)
def test_une_suspension_mal_dite_garde_sa_saisie(envoyer, referent, change, phrase):
    _, page = envoyer(referent, "suspendre", **{**SUSPENSION, **change})
    assert phrase in page
    assert "Un appel" in page or "demande" in change
    assert not SuspensionDemande.objects.exists()


def test_prolonger_par_le_maire(demande, envoyer, decideur):
    _, page = envoyer(decideur, "prolonger", motif="", informe_le=JOUR)
    assert "Dites pourquoi vous prolongez." in page
    _, page = envoyer(decideur, "prolonger", motif="Trois services", informe_le=JOUR)
    assert "Le délai est prolongé." in page
    _, page = envoyer(decideur, "prolonger", motif="Trois services", informe_le=JOUR)
    assert "ne l’est qu’une fois" in page
    assert Prolongation.objects.count() == 1


def test_prolonger_apres_le_premier_mois_se_refuse_sous_la_date(demande, envoyer, decideur):
    with time_machine.travel(LUNDI + timedelta(days=30), tick=False):
        _, page = envoyer(decideur, "prolonger", motif="Trois services", informe_le="2026-12-22")
    assert "Le premier mois est passé" in page
    assert "Trois services" in page


def test_joindre_une_piece_d_identite_puis_la_verifier(demande, envoyer, referent):
    _, page = envoyer(referent, "joindre_a_la_demande", fichier=fichier("CNI Fauré.pdf"), identite="on")
    assert "La pièce est au dossier." in page
    assert "piece-d-identite.pdf" in page
    assert "CNI Fauré" not in page
    _, page = envoyer(referent, "verifier_identite", le=JOUR, comment="")
    assert "Dites comment vous l’avez vérifiée." in page
    _, page = envoyer(referent, "verifier_identite", le=JOUR, comment="Au guichet")
    assert "Aucune pièce d’identité n’est gardée." in page
    assert "Fichier détruit" in page
    _, page = envoyer(referent, "joindre_a_la_demande", fichier=fichier(), identite="on")
    assert "ne gardez pas cette pièce" in page


def test_un_fichier_piege_se_refuse_sous_son_champ(envoyer, referent):
    _, page = envoyer(referent, "joindre_a_la_demande", fichier=fichier("lettre.pdf", EXE), libelle="Gardé")
    assert "erreur" in page
    assert "Gardé" in page
    assert not PieceDemande.objects.exists()


def test_la_referente_repond_une_fois_meme_en_pressant_deux_fois(demande, envoyer, referent):
    for _ in range(2):
        _, page = envoyer(referent, "repondre", **REPONSE)
        assert "La réponse est enregistrée." in page
    assert Reponse.objects.count() == 1
    encore = envoyer(referent, "repondre", **{**REPONSE, "envoyee_le": ""})[1]
    assert f"Compléter la réponse\xa0: demande {demande.numero} –" in encore


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"texte": ""}, "Joignez la réponse, ou écrivez-la."),
        ({"envoyee_le": DEMAIN}, "Cette date est dans le futur."),
        ({"sens": ""}, "Dites ce que vous répondez."),
        ({"canal": "formulaire"}, "Choisissez dans la liste."),
        ({"sens": "refus", "motif": "x", "voies_de_recours": "on"}, "Choisissez dans la liste."),
    ],
)
def test_une_reponse_mal_dite_se_refuse_sous_son_champ(envoyer, referent, change, phrase):
    _, page = envoyer(referent, "repondre", **{**REPONSE, **change})
    assert phrase in page
    assert not Reponse.objects.exists()


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"motif": " "}, "Un refus se motive"),
        ({"voies_de_recours": ""}, "Un refus dit comment le contester"),
        ({"sens": "favorable", "motif": "", "excessive": "on"}, "charge de la preuve"),
        ({"sens": "favorable", "motif": "", "frais": "12,50"}, "charge de la preuve"),
        ({"frais": "-1"}, "ni nuls ni négatifs"),
        ({"frais": "douze"}, "Écrivez un montant."),
    ],
)
def test_un_refus_ou_des_frais_se_motivent(envoyer, decideur, change, phrase):
    _, page = envoyer(decideur, "repondre", **{**REFUS, **change})
    assert phrase in page
    assert not Reponse.objects.exists()


def test_le_maire_refuse_avec_ses_motifs(demande, envoyer, decideur):
    envoyer(decideur, "repondre", **{**REFUS, "frais": "12,50", "excessive": "on"})
    reponse = Reponse.objects.get()
    assert (reponse.sens, str(reponse.frais), reponse.excessive) == ("refus", "12.50", True)


def test_apres_un_effacement_on_dit_si_les_destinataires_le_savent(collectivite, connecte, referent):
    efface = {"droits": (Droit.EFFACEMENT,), "regime": "rgpd", "par_la_structure": False}
    demande = creer_demande(collectivite, referent, **efface)
    chemin = adresse(demande, "repondre")
    client = connecte(referent)
    assert "l’article 19" in client.post(chemin, REPONSE).content.decode()
    client.post(chemin, {**REPONSE, "informes": "non"})
    assert Reponse.objects.get().destinataires_informes is False
    seule = creer_demande(collectivite, referent, **efface)
    client.post(adresse(seule, "repondre"), {**REPONSE, "informes": "personne"})
    reponse = Reponse.objects.get(demande=seule)
    assert (reponse.destinataires_informes, reponse.sans_destinataire) == (None, True)
    dossier = client.get(adresse(seule, "demande", espace="registre")).content.decode()
    assert "il n’y avait personne à prévenir" in dossier
    autre = creer_demande(collectivite, referent, **efface)
    client.post(adresse(autre, "repondre"), {**REPONSE, "sens": "rien", "informes": "oui"})
    assert Reponse.objects.get(demande=autre).destinataires_informes is None


def test_repondre_pendant_une_suspension_demande_un_motif_sous_son_champ(demande, envoyer, referent):
    suspendre(demande=demande, motif="Doute", debut=LUNDI.date(), auteur=referent, maintenant=LUNDI)
    _, page = envoyer(referent, "repondre", **REPONSE)
    assert "Dites pourquoi\xa0: ce motif reste au registre." in page


def test_clore_puis_rouvrir(demande, envoyer, referent):
    _, page = envoyer(referent, "clore_demande")
    assert "Une demande se clôt une fois la réponse envoyée." in page
    envoyer(referent, "repondre", **REPONSE)
    _, page = envoyer(referent, "clore_demande")
    assert "La demande est close." in page
    _, page = envoyer(referent, "rouvrir_demande", motif="")
    assert "Dites pourquoi vous la rouvrez." in page
    _, page = envoyer(referent, "rouvrir_demande", motif="Il conteste")
    assert "La demande est rouverte." in page


@pytest.mark.parametrize(
    ("regime", "voie"), [("rgpd", "plainte à la CNIL"), ("cada", "la CADA dans les deux mois"), ("", "")]
)
def test_l_ecran_de_reponse_suit_le_regime(collectivite, connecte, decideur, regime, voie):
    demande = creer_demande(collectivite, decideur, regime=regime, par_la_structure=False)
    page = connecte(decideur).get(adresse(demande, "repondre")).content.decode()
    assert voie in page
    assert ("CNIL" in page) is (regime == "rgpd")
    assert ("C’est gratuit" in page) is (regime == "rgpd")
    assert ("manifestement infondée" in page) is (regime == "rgpd")
    page = connecte(decideur).post(adresse(demande, "repondre"), {**REFUS, "voies_de_recours": ""})
    assert "Un refus dit comment le contester" in page.content.decode()


@pytest.mark.parametrize(("regime", "phrase"), [("cada", "pas celui du RGPD"), ("", "Qualifiez d’abord")])
def test_hors_rgpd_ni_suspension_ni_prolongation_au_serveur(collectivite, connecte, decideur, regime, phrase):
    demande = creer_demande(collectivite, decideur, regime=regime, par_la_structure=False)
    client = connecte(decideur)
    assert phrase in client.post(adresse(demande, "suspendre"), SUSPENSION).content.decode()
    prolongation = {"motif": "Trois services", "informe_le": JOUR}
    assert phrase in client.post(adresse(demande, "prolonger"), prolongation).content.decode()
    assert not SuspensionDemande.objects.exists()
    assert not Prolongation.objects.exists()


def test_une_question_tardive_s_avertit_et_suspend_quand_meme(demande, envoyer, connecte, referent):
    tot = connecte(referent).get(adresse(demande, "suspendre")).content.decode()
    assert "lignes directrices 01/2022" in tot
    assert "posée si tard" not in tot
    with time_machine.travel(LUNDI + timedelta(days=27), tick=False):
        tard = connecte(referent).get(adresse(demande, "suspendre")).content.decode()
        assert "reçue depuis 30\xa0jours. Une question posée si tard" in tard
        assert "lundi 21\xa0décembre 2026" in tard
        _, page = envoyer(referent, "suspendre", **{**SUSPENSION, "debut": "2026-12-20"})
        assert "Le délai est suspendu." in page
    assert SuspensionDemande.objects.count() == 1
