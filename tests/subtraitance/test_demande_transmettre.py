"""L’agent lit la demande tant qu’elle n’est pas transmise ; ensuite, son état et ses délais seulement."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from subtraitance.actions.demandes_instruction import (
    clore,
    commencer_la_recherche,
    joindre,
    repondre,
    rouvrir,
    verifier_identite,
)
from subtraitance.actions.demandes_reception import qualifier
from subtraitance.enums import CanalDemande, RegimeDemande, SensReponse
from subtraitance.models import Transmission
from tests.pieces.fabriques import fichier
from tests.subtraitance.fabriques_demandes import LUNDI, NOM, TEXTE, creer_demande

pytestmark = pytest.mark.django_db


def adresse(demande, nom="subtraitance:transmettre"):
    return reverse(nom, args=[demande.collectivite.siren, demande.annee, demande.rang])


def ouvrir(connecte, personne, demande, quand=LUNDI):
    with time_machine.travel(quand, tick=False):
        return connecte(personne).get(adresse(demande)).content.decode()


def envoyer(connecte, personne, demande, quand=LUNDI, **donnees):
    with time_machine.travel(quand, tick=False):
        return connecte(personne).post(adresse(demande), donnees, follow=True)


def test_l_agent_et_le_dpd_y_entrent_personne_d_autre(
    demande, connecte, agent, dpd, referent, lecteur, gestionnaire, etranger
):
    codes = [
        connecte(p).get(adresse(demande)).status_code
        for p in (agent, dpd, referent, lecteur, gestionnaire, etranger)
    ]
    assert codes == [200, 200, 403, 403, 403, 404]


def test_l_agent_lit_la_demande_puis_la_transmet(demande, connecte, agent, referent, decideur):
    page = ouvrir(connecte, agent, demande)
    assert NOM in page
    assert TEXTE in page
    assert "30\xa0h\xa050" in page
    assert "Sylvie Delmas, référent RGPD" in page
    assert NOM not in page.partition("<textarea")[2].partition("</textarea>")[0]
    assert "Ouvrir le dossier" not in page
    reponse = envoyer(connecte, agent, demande, destinataires=[referent.pk], message="Bonjour")
    apres = reponse.content.decode()
    assert reponse.redirect_chain[-1][0] == adresse(demande)
    assert "La demande est transmise" in apres
    assert "Transmise dans le délai" in apres
    for secret in (NOM, TEXTE, "Demande d’accès", "Transmettre maintenant", "Qualifier"):
        assert secret not in apres


def test_le_dpd_revient_au_dossier(demande, connecte, dpd, referent):
    assert "Ouvrir le dossier" in ouvrir(connecte, dpd, demande)
    reponse = envoyer(connecte, dpd, demande, destinataires=[referent.pk])
    assert reponse.redirect_chain[-1][0] == adresse(demande, "registre:demande")


def test_un_double_envoi_ne_transmet_qu_une_fois(demande, connecte, agent, referent):
    for _ in range(2):
        reponse = envoyer(connecte, agent, demande, destinataires=[referent.pk])
        assert "La demande est transmise" in reponse.content.decode()
    assert Transmission.objects.count() == 1
    encore = envoyer(connecte, agent, demande, LUNDI + timedelta(hours=1), destinataires=[referent.pk])
    assert "Cette demande est déjà transmise." in encore.content.decode()


def test_sans_destinataire_ou_d_ailleurs_l_erreur_est_a_sa_place(demande, connecte, agent, referent, dpd):
    page = envoyer(connecte, agent, demande, message="Gardé").content.decode()
    assert "Choisissez à qui transmettre." in page
    assert "Gardé" in page
    page = envoyer(connecte, agent, demande, destinataires=[dpd.pk]).content.decode()
    assert "Choisissez dans la liste." in page
    page = envoyer(connecte, agent, demande, destinataires=["x"]).content.decode()
    assert "Choisissez dans la liste." in page
    assert not Transmission.objects.exists()


def test_en_retard_le_motif_est_obligatoire_et_la_saisie_reste(demande, connecte, agent, referent):
    tard = LUNDI + timedelta(days=4)
    assert "Pourquoi en retard" in ouvrir(connecte, agent, demande, tard)
    page = envoyer(
        connecte, agent, demande, tard, destinataires=[referent.pk], message="Gardé"
    ).content.decode()
    assert "dites pourquoi" in page
    assert "Gardé" in page
    envoyer(connecte, agent, demande, tard, destinataires=[referent.pk], motif_retard="Congés")
    assert Transmission.objects.get().motif_retard == "Congés"
    assert "Motif du retard : Congés" in ouvrir(connecte, agent, demande, tard).replace("\xa0", " ")


def test_sans_compte_on_dit_d_inviter(demande, connecte, agent):
    assert "Personne n’a encore de compte" in ouvrir(connecte, agent, demande)


def test_sans_referent_le_responsable_est_coche(demande, connecte, agent, decideur):
    page = ouvrir(connecte, agent, demande)
    assert "Bernard Lacaze, responsable de traitement" in page
    assert "checked" in page


def test_une_demande_recue_par_la_commune_n_a_rien_a_transmettre(collectivite, referent, connecte, dpd):
    demande = creer_demande(collectivite, referent, par_la_structure=False)
    page = ouvrir(connecte, dpd, demande)
    assert "rien à transmettre" in page
    assert NOM not in page


def test_un_autre_regime_se_transmet_sans_date_inventee(collectivite, connecte, agent, referent):
    demande = creer_demande(collectivite, agent, regime="etat_civil")
    message = ouvrir(connecte, agent, demande).partition("<textarea")[2].partition("</textarea>")[0]
    assert "Textes de l’état civil" in message
    assert "doit répondre" not in message


def test_l_agent_qualifie_avant_la_transmission_plus_apres(demande, connecte, agent, referent, lecteur):
    chemin = adresse(demande, "subtraitance:qualifier")
    client = connecte(agent)
    assert "un mois de silence vaut refus" in client.get(chemin).content.decode()
    sans = client.post(chemin, {"regime": "rgpd"})
    assert "Dites au moins un droit." in sans.content.decode()
    rien = client.post(chemin, {"regime": "x"})
    assert "Choisissez dans la liste." in rien.content.decode()
    fait = client.post(chemin, {"regime": "cada", "droits": ["acces"]})
    assert fait.url == adresse(demande)
    demande.refresh_from_db()
    assert (demande.regime, demande.droits) == ("cada", [])
    envoyer(connecte, agent, demande, destinataires=[referent.pk])
    apres = connecte(agent).get(chemin, follow=True)
    assert apres.redirect_chain[-1][0] == adresse(demande)
    assert "plus à vous" in apres.content.decode()
    assert connecte(lecteur).get(chemin).status_code == 403


def test_repondue_sans_attendre_la_transmission_l_agent_ne_la_lit_plus(
    demande, connecte, agent, dpd, referent
):
    repondre(
        demande=demande,
        sens=SensReponse.FAVORABLE,
        envoyee_le=LUNDI.date(),
        canal=CanalDemande.COURRIER,
        texte="Voici la copie.",
        auteur=referent,
        maintenant=LUNDI,
    )
    for finir in (None, clore):
        if finir:
            finir(demande=demande, auteur=referent, maintenant=LUNDI)
        for personne in (agent, dpd):
            page = ouvrir(connecte, personne, demande)
            assert "rien à transmettre" in page
            for secret in (NOM, TEXTE, "g.faure", "Demande d’accès", "Transmettre à", "Qualifier"):
                assert secret not in page
        la = adresse(demande, "subtraitance:qualifier")
        assert connecte(dpd).get(la).status_code == 200
        suite = connecte(agent).get(la, follow=True)
        assert suite.redirect_chain[-1][0] == adresse(demande)
        assert "plus à vous" in suite.content.decode()
        assert connecte(agent).post(la, {"regime": "cada"}).url == adresse(demande)
    demande.refresh_from_db()
    assert demande.regime == "rgpd"


def test_rouverte_apres_reponse_l_agent_ne_la_relit_pas(demande, connecte, agent, referent):
    geste = {"demande": demande, "auteur": referent, "maintenant": LUNDI}
    repondre(
        sens=SensReponse.FAVORABLE,
        envoyee_le=LUNDI.date(),
        canal=CanalDemande.COURRIER,
        texte="Voici la copie.",
        **geste,
    )
    joindre(fichier=fichier("x.txt", b"relance"), libelle="Relance de Madame Fauré", **geste)
    clore(**geste)
    rouvrir(motif="Il conteste", **geste)
    page = ouvrir(connecte, agent, demande)
    for secret in (NOM, TEXTE, "g.faure", "Relance de Madame", "Transmettre maintenant"):
        assert secret not in page
    assert connecte(agent).get(adresse(demande, "subtraitance:qualifier")).status_code == 302


def test_l_agent_ne_lit_pas_ce_que_la_commune_verse_au_dossier(demande, connecte, agent, dpd, referent):
    """Ses pièces lui répondent 404 : leur seul nom en dirait l’existence."""
    geste = {"demande": demande, "auteur": referent, "maintenant": LUNDI}
    commencer_la_recherche(**geste)
    joindre(fichier=fichier("x.txt", b"pv"), libelle="PV de plainte du 3 mars", **geste)
    verifier_identite(le=LUNDI.date(), comment="reconnue au guichet", **geste)
    page = ouvrir(connecte, agent, demande)
    assert TEXTE in page
    for secret in ("PV de plainte", "reconnue au guichet"):
        assert secret not in page
        assert secret in ouvrir(connecte, dpd, demande)


@pytest.mark.parametrize("page", ["transmettre", "qualifier"])
def test_une_demande_recue_par_la_commune_n_existe_pas_pour_l_agent(
    collectivite, referent, agent, dpd, connecte, page
):
    demande = creer_demande(collectivite, referent, par_la_structure=False, regime="rgpd")
    demande.precision = "Dossier de 2019"
    demande.enregistrer(auteur=referent, maintenant=LUNDI, raison="x")
    la = adresse(demande, f"subtraitance:{page}")
    client = connecte(agent)
    assert client.get(la).status_code == 404
    assert client.post(la, {"regime": "cada", "precision": "autre"}).status_code == 404
    demande.refresh_from_db()
    assert (demande.regime, demande.precision) == ("rgpd", "Dossier de 2019")
    assert connecte(dpd).get(la).status_code == 200


def test_l_action_elle_meme_refuse_l_agent(collectivite, referent, agent):
    demande = creer_demande(collectivite, referent, par_la_structure=False)
    with pytest.raises(ValidationError, match="elle-même"):
        qualifier(demande=demande, regime=RegimeDemande.CADA, droits=[], auteur=agent, maintenant=LUNDI)
