"""Qui a accès, à quel titre ; retirer un rôle, fermer et rouvrir un compte."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.comptes import actions
from dpd.comptes.droits import Acces, accorder
from dpd.comptes.enums import NatureAcces, Role
from dpd.comptes.models import JournalAcces, Utilisateur
from tests.comptes.conftest import MOT_DE_PASSE
from tests.conftest import creer_personne

pytestmark = pytest.mark.django_db


def page_des_personnes(client, collectivite):
    return client.get(reverse("comptes:personnes", args=[collectivite.siren])).content.decode()


def retirer(client, collectivite, personne, role, **options):
    adresse = reverse("comptes:retirer_role", args=[collectivite.siren, personne.pk, role])
    return client.post(adresse, **options)


# --- La liste ------------------------------------------------------------------------------------


def test_la_liste_dit_qui_quel_role_et_quelle_protection(connecte, decideur, referent, dpd, collectivite):
    accorder(referent, Role.LECTEUR, collectivite)
    TOTP.activate(referent, generate_totp_secret())
    page = page_des_personnes(connecte(decideur), collectivite)
    assert page.count(referent.email) == 1
    for attendu in ("Sylvie Delmas", "Référent RGPD", "Lecteur", "Double facteur", "Mot de passe seul"):
        assert attendu in page
    assert "Nadège Roucoules (pour le compte de\u00a0: Centre de gestion" in page


def test_la_liste_ne_montre_personne_d_ailleurs(connecte, decideur, collectivite, etranger, voisine):
    autre = creer_personne("autre@septfonds.example", "Paul", "Voisin", Role.REFERENT, voisine)
    page = page_des_personnes(connecte(decideur), collectivite)
    assert autre.email not in page
    assert etranger.email not in page


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_personnes(
    connecte, decideur, collectivite, maintenant
):
    client = connecte(decideur)
    mesures = []
    for nombre in (10, 200):
        for i in range(Utilisateur.objects.count(), nombre):
            accorder(Utilisateur.objects.create(email=f"p{i}@mairie.example"), Role.LECTEUR, collectivite)
        page_des_personnes(client, collectivite)
        with CaptureQueriesContext(connection) as requetes:
            page_des_personnes(client, collectivite)
        mesures.append(len(requetes))
    assert mesures[0] == mesures[1]


def test_le_decideur_ne_voit_pas_fermer_un_compte_le_dpd_si(connecte, decideur, dpd, referent, collectivite):
    adresse = reverse("comptes:desactiver", args=[collectivite.structure.siren, referent.pk])
    assert adresse not in page_des_personnes(connecte(decideur), collectivite)
    assert adresse in page_des_personnes(connecte(dpd), collectivite)


def test_une_collectivite_sans_personne_apprend_quoi_faire(connecte, dpd, voisine):
    assert "Personne n’a encore de rôle ici" in page_des_personnes(connecte(dpd), voisine)


def test_une_structure_sans_autre_personne_s_affiche(connecte, dpd, structure):
    page = connecte(dpd).get(reverse("comptes:structure", args=[structure.siren])).content.decode()
    assert "Le vôtre" in page


# --- Retirer un rôle -----------------------------------------------------------------------------


def test_retirer_un_role_coupe_l_acces_a_la_requete_suivante(client, decideur, referent, collectivite):
    sienne = Client()
    sienne.force_login(referent, backend="allauth.account.auth_backends.AuthenticationBackend")
    fiche = reverse("pilotage:collectivite", args=[collectivite.siren])
    assert sienne.get(fiche).status_code == 200
    client.force_login(decideur, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert retirer(client, collectivite, referent, "referent").status_code == 302
    assert sienne.get(fiche).status_code == 404
    ligne = JournalAcces.objects.get(nature=NatureAcces.REVOCATION)
    assert (ligne.utilisateur, ligne.collectivite) == (decideur, collectivite)
    assert ligne.detail == f"{referent.email}, Référent RGPD"


@pytest.mark.parametrize(
    ("role", "phrase"), [("referent", "dernier référent"), ("decideur", "dernier décideur")]
)
def test_retirer_le_dernier_est_permis_apres_avertissement(
    connecte, dpd, referent, decideur, collectivite, role, phrase
):
    personne = {"referent": referent, "decideur": decideur}[role]
    client = connecte(dpd)
    adresse = reverse("comptes:retirer_role", args=[collectivite.siren, personne.pk, role])
    assert phrase in client.get(adresse).content.decode()
    client.post(adresse)
    assert not Acces(personne).roles(collectivite)


def test_pas_d_avertissement_s_il_en_reste_un(connecte, dpd, referent, collectivite):
    creer_personne("second@montpezat.example", "Paul", "Second", Role.REFERENT, collectivite)
    adresse = reverse("comptes:retirer_role", args=[collectivite.siren, referent.pk, "referent"])
    assert "C’est le dernier" not in connecte(dpd).get(adresse).content.decode()


def test_un_lecteur_se_retire_sans_avertissement(connecte, dpd, lecteur, collectivite):
    adresse = reverse("comptes:retirer_role", args=[collectivite.siren, lecteur.pk, "lecteur"])
    assert "C’est le dernier" not in connecte(dpd).get(adresse).content.decode()


def test_se_retirer_soi_meme_ramene_a_l_accueil(connecte, decideur, collectivite):
    reponse = retirer(connecte(decideur), collectivite, decideur, "decideur")
    assert reponse["Location"] == reverse("accueil")


@pytest.mark.parametrize("role", ["lecteur", "dpd", "chef"])
def test_un_role_que_la_personne_n_a_pas_est_introuvable(connecte, decideur, referent, collectivite, role):
    assert retirer(connecte(decideur), collectivite, referent, role).status_code == 404


def test_une_personne_d_une_autre_collectivite_est_introuvable(connecte, decideur, etranger, collectivite):
    assert retirer(connecte(decideur), collectivite, etranger, "referent").status_code == 404
    assert Acces(etranger).par_collectivite


def test_le_dernier_dpd_ne_se_retire_pas(connecte, dpd, structure):
    adresse = reverse("comptes:retirer_role_structure", args=[structure.siren, dpd.pk, "dpd"])
    page = connecte(dpd).post(adresse, follow=True).content.decode()
    assert "invitez d’abord son successeur" in page
    assert Acces(dpd).roles_structure(structure) == {Role.DPD}


def test_un_second_dpd_remplace_le_premier(connecte, dpd, structure):
    creer_personne("second@cdg.example", "Paul", "Second", Role.DPD, structure)
    adresse = reverse("comptes:retirer_role_structure", args=[structure.siren, dpd.pk, "dpd"])
    connecte(dpd).post(adresse)
    assert not Acces(dpd).par_structure


# --- Fermer, rouvrir -----------------------------------------------------------------------------


def fermer(client, structure, personne, **options):
    return client.post(reverse("comptes:desactiver", args=[structure.siren, personne.pk]), **options)


def test_fermer_un_compte_coupe_ses_sessions_et_garde_son_nom(connecte, dpd, referent, structure):
    appareils = [Client(), Client()]
    for appareil in appareils:
        appareil.force_login(referent, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert Session.objects.count() == 2
    fermer(connecte(dpd), structure, referent)
    assert Session.objects.count() == 1  # celle du DPD
    for appareil in appareils:
        assert appareil.get(reverse("comptes:profil")).status_code == 302
    referent.refresh_from_db()
    assert not referent.is_active
    assert Utilisateur.objects.filter(pk=referent.pk).exists()
    ligne = JournalAcces.objects.get(nature=NatureAcces.DESACTIVATION)
    assert (ligne.utilisateur, ligne.structure, ligne.detail) == (dpd, structure, referent.email)


def test_un_compte_ferme_ne_rentre_pas_et_se_voit_dans_la_liste(
    client, dpd, referent, structure, collectivite
):
    client.force_login(dpd, backend="allauth.account.auth_backends.AuthenticationBackend")
    fermer(client, structure, referent)
    assert "Compte fermé" in page_des_personnes(client, collectivite)
    reponse = Client().post(reverse("account_login"), {"login": referent.email, "password": MOT_DE_PASSE})
    assert reponse["Location"] == reverse("account_inactive")


def test_rouvrir_rend_le_compte_et_ses_roles_sans_rendre_les_sessions(
    connecte, dpd, referent, structure, collectivite
):
    ancien = Client()
    ancien.force_login(referent, backend="allauth.account.auth_backends.AuthenticationBackend")
    client = connecte(dpd)
    fermer(client, structure, referent)
    client.post(reverse("comptes:reactiver", args=[structure.siren, referent.pk]))
    referent.refresh_from_db()
    assert referent.is_active
    assert Acces(referent).roles(collectivite) == {Role.REFERENT}
    assert ancien.get(reverse("comptes:profil")).status_code == 302


def test_on_ne_ferme_pas_son_propre_compte(connecte, dpd, structure):
    page = fermer(connecte(dpd), structure, dpd, follow=True).content.decode()
    assert "votre propre compte" in page
    dpd.refresh_from_db()
    assert dpd.is_active


def test_on_ne_ferme_pas_le_dernier_dpd(dpd, gestionnaire, structure, maintenant):
    with pytest.raises(ValidationError, match="dernier DPD"):
        actions.desactiver(utilisateur=dpd, structure=structure, auteur=gestionnaire, maintenant=maintenant)


def test_un_compte_de_la_structure_se_ferme(connecte, dpd, agent, structure):
    fermer(connecte(dpd), structure, agent)
    agent.refresh_from_db()
    assert not agent.is_active


@pytest.mark.parametrize("lieu", ["lointaine", "autre_structure"])
def test_un_compte_qui_sert_aussi_ailleurs_ne_se_ferme_pas(request, connecte, dpd, referent, structure, lieu):
    role = Role.LECTEUR if lieu == "lointaine" else Role.AGENT
    accorder(referent, role, request.getfixturevalue(lieu))
    page = fermer(connecte(dpd), structure, referent, follow=True).content.decode()
    assert "sert aussi ailleurs" in page
    referent.refresh_from_db()
    assert referent.is_active


def test_un_compte_d_une_autre_structure_est_introuvable(connecte, dpd, etranger, structure):
    client = connecte(dpd)
    assert fermer(client, structure, etranger).status_code == 404
    adresse = reverse("comptes:desactiver", args=[structure.siren, 999_999])
    assert client.get(adresse).status_code == 404


def test_le_double_facteur_d_un_compte_ferme_reste_en_place(connecte, dpd, agent, structure):
    TOTP.activate(agent, generate_totp_secret())
    fermer(connecte(dpd), structure, agent)
    assert Authenticator.objects.filter(user=agent).exists()


def test_le_dpd_fait_refaire_un_double_facteur_perdu(connecte, dpd, structure, agent, maintenant):
    TOTP.activate(agent, "JBSWY3DPEHPK3PXP")
    adresse = reverse("comptes:oublier_double_facteur", args=[structure.siren, agent.pk])
    client = connecte(dpd)
    assert client.get(adresse).status_code == 200
    assert client.post(adresse).status_code == 302
    assert not Authenticator.objects.filter(user=agent).exists()
    assert JournalAcces.objects.filter(detail__contains="double facteur à refaire").exists()


def test_personne_n_efface_son_propre_double_facteur(connecte, dpd, structure):
    TOTP.activate(dpd, "JBSWY3DPEHPK3PXP")
    connecte(dpd).post(reverse("comptes:oublier_double_facteur", args=[structure.siren, dpd.pk]))
    assert Authenticator.objects.filter(user=dpd).exists()


def test_le_double_facteur_d_un_compte_d_ailleurs_ne_se_touche_pas(connecte, dpd, structure, etranger):
    TOTP.activate(etranger, "JBSWY3DPEHPK3PXP")
    adresse = reverse("comptes:oublier_double_facteur", args=[structure.siren, etranger.pk])
    assert connecte(dpd).post(adresse).status_code == 404
    assert Authenticator.objects.filter(user=etranger).exists()
