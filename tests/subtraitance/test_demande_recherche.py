"""Où chercher : le registre propose d’après la personne, la commune coche, interroge et note."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dpd.vocabulaire import CategoriePersonnes
from registre import actions as registre
from registre.actions.recherche import Constat, choisir_les_fiches, noter_les_constats
from registre.ecriture import fiche_de
from registre.enums import EtatRecherche
from registre.models import RechercheDonnees
from registre.recherche import (
    aide_par_base,
    compter,
    fiches_ou_chercher,
    lignes_de,
    proposees,
    qui_interroger,
)
from subtraitance.actions.demandes_instruction import clore, repondre
from subtraitance.enums import CanalDemande, Droit, EtatDemande, SensReponse
from tests.registre.conftest import remplir
from tests.subtraitance.fabriques_demandes import LUNDI, creer_demande

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lundi")]


@pytest.fixture
def demande(collectivite, referent):
    return creer_demande(collectivite, referent, regime="rgpd", par_la_structure=False)


def creer_fiche(collectivite, auteur, nom, categorie=CategoriePersonnes.USAGERS, prestataire=""):
    """Une fiche complète dont les personnes sont de cette catégorie."""
    version = registre.creer(collectivite=collectivite, nom=nom, auteur=auteur, maintenant=LUNDI)
    version = registre.enregistrer_contenu(
        version=version, fiche=remplir(fiche_de(version)), auteur=auteur, maintenant=LUNDI, raison="x"
    )
    version.personnes.update(categorie=categorie)
    version.recours.all().delete()
    if prestataire:
        version.recours.create(collectivite=collectivite, type="logiciel", nom=prestataire)
    return version


@pytest.fixture
def eau(collectivite, referent):
    return creer_fiche(collectivite, referent, "Facturation de l’eau", prestataire="Logi-Quercy")


@pytest.fixture
def paie(collectivite, referent):
    return creer_fiche(collectivite, referent, "Paie", CategoriePersonnes.AGENTS)


def choisir(demande, auteur, *versions):
    return choisir_les_fiches(
        demande=demande,
        traitements=[v.traitement for v in versions],
        auteur=auteur,
        maintenant=LUNDI,
    )


def noter(demande, auteur, *constats):
    return noter_les_constats(demande=demande, constats=constats, auteur=auteur, maintenant=LUNDI)


def etats(demande):
    return {ligne.nom: ligne.recherche.etat for ligne in lignes_de(demande)}


def fermer(demande, auteur):
    repondre(
        demande=demande,
        sens=SensReponse.RIEN,
        envoyee_le=LUNDI.date(),
        canal=CanalDemande.COURRIER,
        texte="Rien.",
        auteur=auteur,
        maintenant=LUNDI,
    )


def adresse(demande, page):
    return reverse(f"registre:{page}", args=[demande.collectivite.siren, demande.annee, demande.rang])


def test_le_registre_propose_d_apres_la_personne(collectivite, eau, paie):
    versions = list(fiches_ou_chercher(collectivite))
    assert proposees(versions, CategoriePersonnes.USAGERS) == {eau.traitement_id}
    assert proposees(versions, CategoriePersonnes.AGENTS) == {paie.traitement_id}
    assert proposees(versions, CategoriePersonnes.ELUS) == set()


def test_une_fiche_d_ailleurs_ou_retiree_ne_se_propose_pas(collectivite, voisine, eau, paie, referent, dpd):
    creer_fiche(voisine, dpd, "Ailleurs")
    registre.retirer_brouillon(version=paie, auteur=referent, maintenant=LUNDI)
    assert list(fiches_ou_chercher(collectivite)) == [eau]


def test_qui_interroger_dit_le_service_puis_le_prestataire(eau, paie):
    qui = qui_interroger([eau, paie])
    assert qui[eau.traitement_id].endswith("Logi-Quercy")
    assert eau.service in qui[eau.traitement_id]
    assert "Logi" not in qui[paie.traitement_id]


def test_choisir_ouvre_la_recherche(demande, referent, eau, paie):
    choisir(demande, referent, eau)
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.RECHERCHE
    ligne = RechercheDonnees.objects.get()
    assert (ligne.etat, ligne.traitement_id) == (EtatRecherche.A_CHERCHER, eau.traitement_id)
    assert ligne.history.count() == 1


def test_ajouter_puis_retirer_garde_la_trace(demande, referent, eau, paie):
    choisir(demande, referent, eau)
    choisir(demande, referent, paie)
    assert etats(demande) == {"Facturation de l’eau": "ecartee", "Paie": "a_chercher"}
    ecartee = RechercheDonnees.objects.get(etat="ecartee")
    assert (ecartee.cherchee_par, ecartee.cherchee_le) == (referent, LUNDI)
    choisir(demande, referent, eau, paie)
    assert set(etats(demande).values()) == {"a_chercher"}
    assert RechercheDonnees.objects.count() == 2
    choisir(demande, referent, eau, paie)
    assert RechercheDonnees.objects.count() == 2


def test_ce_qui_est_deja_note_ne_se_decoche_pas(demande, referent, eau, paie):
    choisir(demande, referent, eau, paie)
    noter(
        demande,
        referent,
        Constat(RechercheDonnees.objects.get(traitement=eau.traitement), EtatRecherche.TROUVE),
    )
    choisir(demande, referent, paie)
    assert etats(demande)["Facturation de l’eau"] == "trouve"


@pytest.mark.parametrize("ailleurs", [False, True])
def test_choisir_rien_ou_ailleurs_se_refuse(demande, referent, voisine, dpd, ailleurs):
    choisies = [creer_fiche(voisine, dpd, "Ailleurs")] if ailleurs else []
    with pytest.raises(ValidationError) as refus:
        choisir(demande, referent, *choisies)
    assert set(refus.value.error_dict) == {"fiches"}
    assert not RechercheDonnees.objects.exists()


def test_close_on_ne_cherche_plus(demande, referent, eau):
    choisir(demande, referent, eau)
    fermer(demande, referent)
    choisir(demande, referent, eau)  # répondue, elle se complète encore
    clore(demande=demande, auteur=referent, maintenant=LUNDI)
    with pytest.raises(ValidationError, match="close"):
        choisir(demande, referent, eau)
    with pytest.raises(ValidationError, match="close"):
        noter(demande, referent)


def test_noter_dit_qui_quand_et_ne_recrit_pas_l_inchange(demande, referent, dpd, eau, paie):
    choisir(demande, referent, eau, paie)
    une, autre = (ligne.recherche for ligne in lignes_de(demande))
    faits = noter(
        demande,
        dpd,
        Constat(une, EtatRecherche.TROUVE, " Comptabilité ", " Copie remise "),
        Constat(autre, EtatRecherche.A_CHERCHER, autre.qui, ""),
    )
    assert faits == 1
    une.refresh_from_db()
    assert (une.qui, une.suite, une.cherchee_par, une.cherchee_le) == (
        "Comptabilité",
        "Copie remise",
        dpd,
        LUNDI,
    )
    noter(demande, referent, Constat(une, EtatRecherche.A_CHERCHER, "Comptabilité", ""))
    une.refresh_from_db()
    assert (une.cherchee_par, une.cherchee_le) == (None, None)
    assert compter(lignes_de(demande)) == (0, 2)


def test_la_fiche_d_une_autre_demande_ne_se_note_pas_ici(demande, collectivite, referent, eau):
    autre = creer_demande(collectivite, referent, par_la_structure=False)
    choisir(autre, referent, eau)
    with pytest.raises(ValidationError, match="registre de la collectivité"):
        noter(demande, referent, Constat(RechercheDonnees.objects.get(), EtatRecherche.RIEN))


def test_l_aide_suit_les_bases_des_fiches_trouvees(collectivite, referent, eau, paie):
    demande = creer_demande(collectivite, referent, droits=(Droit.ACCES, Droit.EFFACEMENT), regime="rgpd")
    eau.finalites.update(base_legale="e")
    choisir(demande, referent, eau, paie)
    recherche = RechercheDonnees.objects.get(traitement=eau.traitement)
    noter(demande, referent, Constat(recherche, EtatRecherche.TROUVE))
    [aide] = aide_par_base(demande, lignes_de(demande))
    assert aide.nom == "Facturation de l’eau"
    assert [(droit, ouverture) for droit, ouverture, _ in aide.indications] == [
        ("Accès et copie (art. 15)", "Ouvert"),
        ("Effacement (art. 17)", "Exclu en principe"),
    ]
    demande.droits = []
    assert aide_par_base(demande, lignes_de(demande)) == []


@pytest.mark.parametrize("page", ["choisir_les_fiches", "noter_la_recherche"])
def test_qui_entre_dans_la_recherche(
    demande, connecte, page, referent, decideur, dpd, lecteur, agent, gestionnaire, etranger
):
    gens = (referent, decideur, dpd, lecteur, agent, gestionnaire, etranger)
    codes = [connecte(p).get(adresse(demande, page)).status_code for p in gens]
    assert codes == [200, 200, 200, 403, 403, 403, 404]
    titre = connecte(referent).get(adresse(demande, page)).content.decode().partition("</title>")[0]
    assert f"\u00a0: demande {demande.numero} –" in titre


def test_sans_fiche_la_page_dit_d_ouvrir_le_registre(demande, connecte, referent):
    assert (
        "Le registre est vide"
        in connecte(referent).get(adresse(demande, "choisir_les_fiches")).content.decode()
    )
    vide = connecte(referent).get(adresse(demande, "noter_la_recherche")).content.decode()
    assert "Aucune fiche n’est encore retenue" in vide


def test_on_choisit_la_personne_puis_les_fiches(demande, connecte, referent, eau, paie):
    client, chemin = connecte(referent), adresse(demande, "choisir_les_fiches")
    page = client.get(chemin)
    assert page.context["formulaire"].initial["fiches"] == [str(eau.traitement_id)]
    page = client.get(chemin, {"personnes": "agents"})
    assert page.context["formulaire"].initial["fiches"] == [str(paie.traitement_id)]
    assert client.get(chemin, {"personnes": "martiens"}).context["categorie"].startswith("Usagers")
    vide = client.post(chemin, {})
    assert "Cochez au moins une fiche" in vide.content.decode()
    assert "Choisissez dans la liste." in client.post(chemin, {"fiches": ["999999"]}).content.decode()
    fait = client.post(chemin, {"fiches": [eau.traitement_id, paie.traitement_id]}, follow=True)
    assert "Facturation de l’eau" in fait.content.decode()
    retenues = client.get(chemin).context["formulaire"].initial["fiches"]
    assert set(retenues) == {str(eau.traitement_id), str(paie.traitement_id)}
    assert client.get(chemin, {"personnes": "elus"}).context["nb_proposees"] == 0


def test_un_refus_de_l_action_revient_sous_son_champ(demande, connecte, referent, eau):
    fermer(demande, referent)
    clore(demande=demande, auteur=referent, maintenant=LUNDI)
    client = connecte(referent)
    page = client.post(adresse(demande, "choisir_les_fiches"), {"fiches": [eau.traitement_id]})
    assert "La demande est close" in page.content.decode()
    assert "La demande est close" in client.post(adresse(demande, "noter_la_recherche"), {}).content.decode()


def envoi(recherche, etat, qui, suite, avant=None):
    """Une ligne de la page, telle qu’elle s’envoie ; ``avant`` : ce que la page montrait."""
    avant = avant or {"etat": recherche.etat, "qui": recherche.qui, "suite": recherche.suite}
    cle = f"fiche-{recherche.pk}"
    dits = {"etat": etat, "qui": qui, "suite": suite}
    return {f"{cle}-{nom}": valeur for nom, valeur in dits.items()} | {
        f"initial-{cle}-{nom}": valeur for nom, valeur in avant.items()
    }


def test_noter_en_une_page_n_ecrase_pas_le_voisin(demande, connecte, referent, dpd, eau, paie):
    choisir(demande, referent, eau, paie)
    une, autre = (ligne.recherche for ligne in lignes_de(demande))
    noter(demande, dpd, Constat(autre, EtatRecherche.RIEN, "Mairie", "Rien en archive"))
    donnees = envoi(une, "trouve", "Comptabilité", "Copie remise") | envoi(autre, "a_chercher", autre.qui, "")
    client, chemin = connecte(referent), adresse(demande, "noter_la_recherche")
    page = client.post(chemin, donnees, follow=True).content.decode()
    assert "1\xa0fiche à jour." in page
    assert etats(demande) == {"Facturation de l’eau": "trouve", "Paie": "rien"}
    une.refresh_from_db()
    rien = envoi(une, "trouve", "Comptabilité", "Copie remise") | envoi(
        autre, "rien", "Mairie", "Rien en archive"
    )
    assert "Rien n’a changé." in client.post(chemin, rien, follow=True).content.decode()


@pytest.mark.parametrize(
    ("etat", "suite", "phrase"),
    [("martien", "", "Choisissez dans la liste."), ("trouve", "1 85 05 78 006 084 91", "sécurité sociale")],
)
def test_une_ligne_fausse_se_dit_sans_rien_perdre(demande, connecte, referent, eau, etat, suite, phrase):
    choisir(demande, referent, eau)
    recherche = RechercheDonnees.objects.get()
    donnees = envoi(recherche, etat, "Guichet de l’eau", suite)
    page = connecte(referent).post(adresse(demande, "noter_la_recherche"), donnees).content.decode()
    assert phrase in page
    assert "Guichet de l’eau" in page
    assert "1 fiche à reprendre" in page
    assert 'role="group" aria-labelledby="t-' in page
    recherche.refresh_from_db()
    assert recherche.etat == EtatRecherche.A_CHERCHER


def test_la_page_de_la_recherche_coute_autant_a_2_qu_a_20_fiches(
    demande, collectivite, connecte, referent, eau, paie, django_assert_max_num_queries
):
    client = connecte(referent)
    comptes = []
    for chemin in (adresse(demande, "choisir_les_fiches"), adresse(demande, "noter_la_recherche")):
        choisir(demande, referent, eau, paie)
        client.get(chemin)
        with django_assert_max_num_queries(40) as capture:
            client.get(chemin)
        comptes.append(len(capture))
    neuves = [creer_fiche(collectivite, referent, f"Fiche {n}") for n in range(18)]
    choisir(demande, referent, eau, paie, *neuves)
    apres = []
    for chemin in (adresse(demande, "choisir_les_fiches"), adresse(demande, "noter_la_recherche")):
        client.get(chemin)
        with django_assert_max_num_queries(40) as capture:
            client.get(chemin)
        apres.append(len(capture))
    assert apres == comptes


def test_une_demande_d_un_agent_cherche_dans_la_paie(demande, referent, paie, eau):
    plus_tard = LUNDI + timedelta(hours=1)
    choisir_les_fiches(demande=demande, traitements=[paie.traitement], auteur=referent, maintenant=plus_tard)
    assert etats(demande) == {"Paie": "a_chercher"}
