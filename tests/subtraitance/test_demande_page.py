"""Le dossier d’une demande : à qui il s’ouvre, ce que chacun y trouve, et ce qu’il en coûte."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from registre import actions as registre
from registre.actions.recherche import Constat, choisir_les_fiches, noter_les_constats
from registre.ecriture import fiche_de
from registre.enums import EtatRecherche
from registre.models import RechercheDonnees, Traitement
from subtraitance.actions.demandes_delais import prolonger, suspendre
from subtraitance.actions.demandes_instruction import (
    clore,
    joindre,
    repondre,
    rouvrir,
)
from subtraitance.actions.demandes_reception import transmettre
from subtraitance.enums import CanalDemande, Droit, SensReponse
from tests.pieces.fabriques import fichier
from tests.registre.conftest import remplir
from tests.subtraitance.fabriques_demandes import LUNDI, NOM, TEXTE, creer_demande

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lundi")]


def adresse(demande, nom="registre:demande", *suite):
    return reverse(nom, args=[demande.collectivite.siren, demande.annee, demande.rang, *suite])


def lire(connecte, personne, demande):
    reponse = connecte(personne).get(adresse(demande))
    assert reponse.status_code == 200
    return reponse.content.decode()


def donner(demande, auteur, **dits):
    defauts = {
        "sens": SensReponse.FAVORABLE,
        "envoyee_le": LUNDI.date(),
        "canal": CanalDemande.COURRIER,
        "texte": "Voici la copie.",
    }
    return repondre(demande=demande, auteur=auteur, maintenant=LUNDI, **{**defauts, **dits})


def fiches(collectivite, auteur, combien):
    versions = []
    for rang in range(combien):
        version = registre.creer(
            collectivite=collectivite, nom=f"Fiche {rang:02}", auteur=auteur, maintenant=LUNDI
        )
        versions.append(
            registre.enregistrer_contenu(
                version=version,
                fiche=remplir(fiche_de(version)),
                auteur=auteur,
                maintenant=LUNDI,
                raison="x",
            )
        )
    return [version.traitement for version in versions]


def test_trois_personnes_devant_un_dossier(demande, connecte, referent, decideur, dpd, etranger):
    for personne in (referent, decideur, dpd):
        assert connecte(personne).get(adresse(demande)).status_code == 200
    assert connecte(etranger).get(adresse(demande)).status_code == 404


def test_ni_lecteur_ni_gestionnaire_ni_agent_ne_l_ouvrent(demande, connecte, lecteur, gestionnaire, agent):
    for personne in (lecteur, gestionnaire, agent):
        assert connecte(personne).get(adresse(demande)).status_code == 403


def test_une_demande_d_ailleurs_n_existe_pas_ici(demande, voisine, connecte, dpd):
    chemin = reverse("registre:demande", args=[voisine.siren, demande.annee, demande.rang])
    assert connecte(dpd).get(chemin).status_code == 404


def test_les_deux_horloges_disent_la_date_la_regle_et_l_article(demande, connecte, dpd):
    page = lire(connecte, dpd, demande)
    assert "30\xa0h\xa050" in page
    assert "mardi 24\xa0novembre, 16\xa0h\xa030" in page
    assert "À faire par vous" in page
    assert "28\xa0jours" in page
    assert "lundi 21\xa0décembre 2026, minuit" in page
    assert "le 20\xa0décembre est un dimanche" in page
    assert "À faire par la commune" in page
    assert "RGPD, art. 12-3" in page
    assert page.count('role="img"') == 2
    assert "48\xa0heures, délai retenu par la structure" in page


def test_le_titre_ne_nomme_personne_mais_le_dossier_si(demande, connecte, dpd):
    page = lire(connecte, dpd, demande)
    assert "<h1>Demande d’accès</h1>" in page
    assert NOM in page
    assert TEXTE in page
    assert "savoir ce que la commune détient sur elle" in page


def test_le_dpd_transmet_depuis_le_dossier_la_referente_non(demande, connecte, dpd, referent, decideur):
    page = lire(connecte, dpd, demande)
    assert "Transmettre maintenant" in page
    assert 'aria-describedby="id_destinataires_helptext"' in page, "l’aide se lit avec son champ"
    assert 'aria-describedby="id_message_helptext"' in page
    page = lire(connecte, referent, demande)
    assert "Transmettre maintenant" not in page
    assert "Répondre au demandeur</a>" in page
    assert "Prolonger le délai</a>" not in page
    assert "Prolonger le délai</a>" in lire(connecte, decideur, demande)


def test_le_dpd_n_a_ni_reponse_ni_prolongation(demande, connecte, dpd):
    page = lire(connecte, dpd, demande)
    assert adresse(demande, "subtraitance:repondre") not in page
    assert adresse(demande, "subtraitance:prolonger") not in page


def test_sans_compte_dans_la_commune_on_dit_d_inviter(demande, connecte, dpd):
    assert "Personne n’a encore de compte" in lire(connecte, dpd, demande)


def test_la_premiere_lecture_par_la_commune_se_note(demande, connecte, dpd, referent, decideur):
    lire(connecte, dpd, demande)
    demande.refresh_from_db()
    assert demande.lue_le is None
    connecte(referent).head(adresse(demande))
    demande.refresh_from_db()
    assert demande.lue_le is None
    lire(connecte, referent, demande)
    demande.refresh_from_db()
    assert demande.lue_le == LUNDI
    assert "La collectivité ouvre le dossier" in lire(connecte, decideur, demande)


def test_si_ca_se_complique_les_dates_sont_celles_de_la_demande(demande, connecte, dpd):
    page = lire(connecte, dpd, demande)
    assert "au plus tard dimanche 20\xa0décembre" in page
    assert "lundi 22\xa0février 2027" in page
    assert "le 20\xa0février étant un samedi" in page
    assert "Suspendre le délai</a>" in page


def test_passe_le_premier_mois_on_ne_prolonge_plus(collectivite, agent, connecte, dpd):
    vieille = creer_demande(collectivite, agent, recue_le=LUNDI - timedelta(days=40), regime="rgpd")
    page = lire(connecte, dpd, vieille)
    assert "le délai ne se prolonge plus" in page
    assert page.count("Délai dépassé") >= 2
    assert "de retard, c’était avant" in page


def test_prolongee_puis_suspendue_elle_le_dit(demande, connecte, decideur):
    prolonger(
        demande=demande, motif="Trois services", informe_le=LUNDI.date(), auteur=decideur, maintenant=LUNDI
    )
    suspendre(demande=demande, motif="Doute", debut=LUNDI.date(), auteur=decideur, maintenant=LUNDI)
    page = lire(connecte, decideur, demande)
    assert "Trois mois depuis la réception" in page
    assert "Suspendu" in page
    assert "Le temps passé à attendre le demandeur ne compte pas" in page
    assert "déjà prolongé" in page
    assert "Le demandeur a répondu</a>" in page
    assert "on attend le demandeur" in page


def test_transmise_l_horloge_s_arrete_et_le_message_se_lit(demande, connecte, agent, referent, decideur):
    transmettre(
        demande=demande, destinataires=[referent], message="Voir avec l’eau.", auteur=agent, maintenant=LUNDI
    )
    page = lire(connecte, referent, demande)
    assert "Transmise dans le délai" in page
    assert "Voir avec l’eau." in page
    assert decideur.email in page


@pytest.mark.parametrize(
    ("regime", "horloge", "phrase"),
    [
        ("", True, "À qualifier d’abord"),
        ("cada", True, "un mois de silence vaut refus"),
        ("etat_civil", False, "Le mois du RGPD ne s’y applique pas"),
        ("liste_electorale", False, "Code électoral, art. L.37"),
    ],
)
def test_hors_rgpd_aucune_horloge_ne_s_invente(
    collectivite, agent, connecte, referent, regime, horloge, phrase
):
    demande = creer_demande(collectivite, agent, regime=regime, par_la_structure=True)
    page = lire(connecte, referent, demande)
    assert phrase in page
    assert ('id="h-repondre"' in page) is horloge
    assert "veut refuser" not in page


def test_repondue_close_tout_ce_que_l_on_a_repondu_reste_lisible(demande, connecte, referent, decideur, dpd):
    joindre(demande=demande, fichier=fichier(), auteur=referent, maintenant=LUNDI, libelle="Courrier")
    donner(
        demande,
        decideur,
        sens=SensReponse.PARTIELLE,
        motif="Secret des tiers",
        voies_de_recours=True,
        excessive=True,
        frais=12,
        fichier=fichier("reponse.pdf"),
    )
    page = lire(connecte, dpd, demande)
    for phrase in (
        "Secret des tiers",
        "Voici la copie.",
        "12,00\xa0€",
        "art. 12-5",
        "-piece-1.pdf",
        "Réponse envoyée dans le délai",
    ):
        assert phrase in page
    assert "Clore</a>" in page
    clore(demande=demande, auteur=referent, maintenant=LUNDI)
    page = lire(connecte, referent, demande)
    assert "Rouvrir</a>" in page
    assert "Si ça se complique" not in page
    assert "Joindre une pièce" not in page


def test_le_terme_passe_la_commune_peut_effacer(demande, connecte, referent, dpd):
    donner(demande, referent)
    close = clore(demande=demande, auteur=referent, maintenant=LUNDI)
    close.effacer_apres = date(2026, 11, 22)
    close.enregistrer(auteur=referent, maintenant=LUNDI, raison="x")
    assert "Effacer les données du demandeur</a>" in lire(connecte, referent, demande)
    assert "Effacer les données du demandeur</a>" not in lire(connecte, dpd, demande)
    close.efface_le = LUNDI
    close.demandeur_nom = close.texte = ""
    close.enregistrer(auteur=referent, maintenant=LUNDI, raison="Données du demandeur effacées")
    page = lire(connecte, referent, demande)
    assert "Demandeur effacé" in page
    assert "Rouvrir</a>" not in page
    assert "Courriers types" not in page


def test_l_aide_droit_par_base_ne_rejette_rien(collectivite, agent, connecte, referent):
    demande = creer_demande(collectivite, agent, regime="rgpd", droits=(Droit.EFFACEMENT, Droit.OPPOSITION))
    [traitement] = fiches(collectivite, referent, 1)
    choisir_les_fiches(demande=demande, traitements=[traitement], auteur=referent, maintenant=LUNDI)
    assert "Une aide à la lecture" not in lire(connecte, referent, demande)
    constat = Constat(RechercheDonnees.objects.get(), EtatRecherche.TROUVE, "Secrétariat", "Copie remise")
    noter_les_constats(demande=demande, constats=[constat], auteur=referent, maintenant=LUNDI)
    page = lire(connecte, referent, demande)
    assert "rien n’est rejeté d’office" in page
    assert "Effacement (art. 17)" in page
    assert "Copie remise" in page
    assert "1\xa0fiche sur 1" in page


def test_le_dossier_coute_autant_a_2_qu_a_60_fiches(
    collectivite, agent, connecte, referent, django_assert_max_num_queries
):
    petite, grande = (creer_demande(collectivite, agent, regime="rgpd") for _ in range(2))
    [modele] = fiches(collectivite, referent, 1)
    autres = [
        Traitement.objects.create(collectivite=collectivite, reference=100 + n, cree_le=LUNDI)
        for n in range(59)
    ]
    choisir_les_fiches(demande=petite, traitements=[modele, autres[0]], auteur=referent, maintenant=LUNDI)
    choisir_les_fiches(demande=grande, traitements=[modele, *autres], auteur=referent, maintenant=LUNDI)
    comptes = []
    client = connecte(referent)
    for demande in (petite, petite, grande):
        with django_assert_max_num_queries(60) as capture:
            client.get(adresse(demande))
        comptes.append(len(capture))
    client.get(adresse(grande))
    with django_assert_max_num_queries(60) as capture:
        client.get(adresse(grande))
    assert len(capture) == comptes[1]


def test_la_chronologie_raconte_une_reouverture(demande, connecte, referent):
    donner(demande, referent)
    clore(demande=demande, auteur=referent, maintenant=LUNDI)
    rouvrir(demande=demande, motif="Il conteste", auteur=referent, maintenant=LUNDI)
    page = lire(connecte, referent, demande)
    assert "Demande rouverte" in page
    assert "Il conteste" in page


def test_une_autre_collectivite_ne_s_appelle_pas_commune(collectivite, agent, connecte, dpd):
    collectivite.type = "syndicat"
    collectivite.save()
    page = lire(connecte, dpd, creer_demande(collectivite, agent))
    assert "Transmettre à la collectivité" in page


def test_recue_un_samedi_l_echeance_finit_a_24_heures(collectivite, agent, connecte, dpd):
    samedi = LUNDI.replace(day=21, hour=11, minute=0)
    demande = creer_demande(collectivite, agent, recue_le=samedi)
    page = lire(connecte, dpd, demande)
    assert "mardi 24\xa0novembre, 24\xa0h\xa000" in page
    assert "Mar.\xa024, 24\xa0h\xa000" in page


def test_repondue_en_retard_elle_le_dit(collectivite, connecte, referent):
    vieille = creer_demande(
        collectivite, referent, recue_le=LUNDI - timedelta(days=40), par_la_structure=False, regime="rgpd"
    )
    donner(vieille, referent)
    page = lire(connecte, referent, vieille)
    assert "Réponse envoyée en retard" in page
    assert "après le terme" in page


def test_le_dernier_jour_se_dit_aujourd_hui(collectivite, agent, connecte, referent):
    recue = LUNDI.replace(month=10, day=23)
    page = lire(connecte, referent, creer_demande(collectivite, agent, recue_le=recue))
    assert "<strong>Aujourd’hui</strong>" in page


def test_trois_mois_qui_tombent_un_jour_ouvre_ne_parlent_pas_de_report(collectivite, agent, connecte, dpd):
    recue = LUNDI.replace(day=19)
    page = lire(connecte, dpd, creer_demande(collectivite, agent, recue_le=recue, regime="rgpd"))
    assert "vendredi 19\xa0février 2027\xa0: trois mois après la réception (RGPD" in page


def test_ailleurs_qu_en_metropole_les_48_heures_disent_leur_pendule(
    structure, collectivite, agent, connecte, dpd
):
    collectivite.territoire = "guyane"
    collectivite.save()
    page = lire(connecte, dpd, creer_demande(collectivite, agent))
    assert "Heures de la structure" in page


def test_une_demande_du_formulaire_public_le_dit(collectivite, connecte, referent):
    page = lire(connecte, referent, creer_demande(collectivite, None, par_la_structure=False))
    assert "par le formulaire public" in page
