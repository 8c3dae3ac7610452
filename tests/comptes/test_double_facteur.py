"""Deux preuves pour qui voit des centaines de registres."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from post_office.models import Email

from dpd.comptes.adaptateur import AdaptateurMfa
from dpd.comptes.droits import accorder, retirer
from dpd.comptes.enums import NatureAcces, Role
from dpd.comptes.models import JournalAcces
from tests.comptes.conftest import MOT_DE_PASSE, T0

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _exige(settings):
    settings.DOUBLE_FACTEUR_OBLIGATOIRE = True


def code(secret, instant=T0):
    return format_hotp_value(hotp_value(secret, int(instant.timestamp()) // 30))


def mot_de_passe(client, personne):
    return client.post(reverse("account_login"), {"login": personne.email, "password": MOT_DE_PASSE})


def saisir(client, chiffres):
    return client.post(reverse("mfa_authenticate"), {"code": chiffres})


# --- Obligatoire pour les rôles de structure -----------------------------------------------------


@pytest.mark.parametrize("role", ["dpd", "gestionnaire", "agent"])
def test_un_role_de_structure_sans_double_facteur_ne_voit_que_l_activation(
    request, connecte, structure, role
):
    client = connecte(request.getfixturevalue(role))
    reponse = client.get(reverse("comptes:structure", args=[structure.siren]))
    assert reponse["Location"] == reverse("mfa_activate_totp")


@pytest.mark.parametrize("nom", ["aide", "mentions_legales", "account_logout"])
def test_l_aide_et_la_sortie_restent_ouvertes(connecte, dpd, nom):
    assert connecte(dpd).get(reverse(nom)).status_code == 200


def test_un_fragment_recoit_un_changement_de_page_pas_une_page(connecte, dpd, structure):
    reponse = connecte(dpd).get(reverse("comptes:structure", args=[structure.siren]), HTTP_HX_REQUEST="true")
    assert (reponse.status_code, reponse["HX-Redirect"]) == (204, reverse("mfa_activate_totp"))


def test_un_mot_de_passe_oublie_n_empeche_pas_d_activer_le_double_facteur(client, dpd, lien_recu):
    client.post(reverse("account_reset_password"), {"email": dpd.email})
    formulaire = client.get(lien_recu(dpd.email))["Location"]
    nouveau = "Une autre phrase de passe 2!"
    client.post(formulaire, {"password1": nouveau, "password2": nouveau})
    client.post(reverse("account_login"), {"login": dpd.email, "password": nouveau})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


@pytest.mark.parametrize("role", ["referent", "decideur", "lecteur"])
def test_un_role_de_collectivite_entre_avec_son_mot_de_passe(request, connecte, role):
    assert connecte(request.getfixturevalue(role)).get(reverse("comptes:profil")).status_code == 200


def test_le_double_facteur_se_lit_une_seule_fois_par_session(connecte, dpd, proteger):
    proteger(dpd)
    client = connecte(dpd)
    adresse = reverse("comptes:affichage")
    client.get(adresse)
    assert client.session["double_facteur_actif"] == dpd.pk
    with CaptureQueriesContext(connection) as requetes:
        client.get(adresse)
    assert not [r for r in requetes.captured_queries if "mfa_authenticator" in r["sql"]]


def test_perdre_puis_retrouver_un_role_de_structure_redemande_la_preuve(connecte, dpd, structure, proteger):
    proteger(dpd)
    client = connecte(dpd)
    client.get(reverse("comptes:profil"))
    retirer(dpd, Role.DPD, structure)
    client.get(reverse("comptes:profil"))
    Authenticator.objects.filter(user=dpd).delete()
    accorder(dpd, Role.AGENT, structure)
    assert client.get(reverse("comptes:profil"))["Location"] == reverse("mfa_activate_totp")


# --- Activer -------------------------------------------------------------------------------------


def test_activer_juste_apres_la_connexion_sans_retaper_le_mot_de_passe(client, dpd, horloge):
    mot_de_passe(client, dpd)
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    assert "data:image/svg+xml;base64," in page.content.decode()
    secret = client.session["mfa.totp.secret"]
    reponse = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert reponse["Location"] == reverse("mfa_view_recovery_codes")
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert page.count('class="copiable"') == 10
    assert client.get(reverse("comptes:profil")).status_code == 200


def test_un_code_faux_n_active_rien(client, dpd, horloge):
    mot_de_passe(client, dpd)
    client.get(reverse("mfa_activate_totp"))
    page = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "Ce code n’est pas le bon" in page.content.decode()
    assert not Authenticator.objects.exists()


def test_un_quart_d_heure_plus_tard_on_redemande_le_mot_de_passe(client, referent, horloge):
    mot_de_passe(client, referent)
    horloge.shift(timedelta(minutes=16))
    reponse = client.get(reverse("mfa_activate_totp"))
    assert reponse["Location"].startswith(reverse("account_reauthenticate"))
    page = client.get(reponse["Location"])
    assert "ressaisissez votre mot de passe" in page.content.decode()
    suite = client.post(
        reverse("account_reauthenticate"), {"password": MOT_DE_PASSE, "next": reverse("mfa_activate_totp")}
    )
    assert suite["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_confirmer_avec_un_mot_de_passe_faux_est_refuse(client, referent, horloge):
    mot_de_passe(client, referent)
    horloge.shift(timedelta(minutes=16))
    page = client.post(reverse("account_reauthenticate"), {"password": "faux"}).content.decode()
    assert "Ce n’est pas votre mot de passe actuel." in page


def test_le_secret_est_chiffre_en_base_et_survit_au_changement_de_cle(dpd, proteger, settings):
    secret = proteger(dpd)
    garde = Authenticator.objects.get(user=dpd, type="totp").data["secret"]
    assert secret not in garde
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "une-autre-cle"
    assert AdaptateurMfa().decrypt(garde) == secret


# --- Se connecter avec un code -------------------------------------------------------------------


def test_le_mot_de_passe_ne_suffit_plus(client, dpd, proteger, horloge):
    proteger(dpd)
    assert mot_de_passe(client, dpd)["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("mfa_authenticate")).status_code == 200


def test_le_code_ouvre_la_session_et_l_inscrit_une_fois(client, dpd, proteger, horloge):
    secret = proteger(dpd)
    mot_de_passe(client, dpd)
    assert saisir(client, code(secret)).status_code == 302
    assert client.session["_auth_user_id"] == str(dpd.pk)
    assert [ligne.nature for ligne in JournalAcces.objects.all()] == [NatureAcces.CONNEXION]


def test_un_code_deja_servi_est_refuse(client, client_bis, dpd, proteger, horloge):
    secret = proteger(dpd)
    mot_de_passe(client, dpd)
    saisir(client, code(secret))
    mot_de_passe(client_bis, dpd)
    reponse = saisir(client_bis, code(secret))
    assert "il a déjà servi" in reponse.content.decode()
    assert "_auth_user_id" not in client_bis.session


@pytest.mark.parametrize("ecart", [-30, 30, 60])
def test_un_code_d_une_autre_demi_minute_est_refuse(client, dpd, proteger, horloge, ecart):
    secret = proteger(dpd)
    mot_de_passe(client, dpd)
    reponse = saisir(client, code(secret, T0 + timedelta(seconds=ecart)))
    assert reponse.status_code == 200
    assert "_auth_user_id" not in client.session


def test_un_code_de_secours_ouvre_une_seule_fois(client, client_bis, dpd, proteger, horloge):
    proteger(dpd)
    secours = Authenticator.objects.get(user=dpd, type="recovery_codes").wrap().get_unused_codes()[0]
    mot_de_passe(client, dpd)
    assert saisir(client, secours).status_code == 302
    mot_de_passe(client_bis, dpd)
    assert saisir(client_bis, secours).status_code == 200


def test_un_code_faux_s_inscrit_au_journal_sans_le_code(client, dpd, proteger, horloge):
    proteger(dpd)
    mot_de_passe(client, dpd)
    saisir(client, "123456")
    ligne = JournalAcces.objects.get()
    assert (ligne.nature, ligne.utilisateur, ligne.detail) == (
        NatureAcces.ECHEC,
        dpd,
        "Code de double facteur",
    )


# --- Retirer -------------------------------------------------------------------------------------


def test_un_role_de_structure_ne_peut_pas_retirer_son_double_facteur(client, dpd, proteger, horloge):
    secret = proteger(dpd)
    mot_de_passe(client, dpd)
    saisir(client, code(secret))
    page = client.get(reverse("mfa_deactivate_totp")).content.decode()
    assert "Votre rôle exige un double facteur" in page
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=dpd, type="totp").exists()


def test_les_autres_le_retirent_et_en_sont_prevenus(client, referent, proteger, horloge, courriel_recu):
    secret = proteger(referent)
    mot_de_passe(client, referent)
    saisir(client, code(secret))
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=referent).exists()
    assert "vient d’être retiré" in courriel_recu(referent.email).message


def test_de_nouveaux_codes_de_secours_remplacent_les_anciens(client, referent, proteger, horloge):
    secret = proteger(referent)
    mot_de_passe(client, referent)
    saisir(client, code(secret))
    anciens = client.get(reverse("mfa_download_recovery_codes")).content.decode()
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    client.post(reverse("mfa_generate_recovery_codes"))
    nouveaux = client.get(reverse("mfa_download_recovery_codes")).content.decode()
    assert anciens != nouveaux
    assert len(nouveaux.split("\n\n")[1].split()) == 10


def test_confirmer_par_un_code_plutot_que_par_le_mot_de_passe(client, referent, proteger, horloge):
    secret = proteger(referent)
    mot_de_passe(client, referent)
    saisir(client, code(secret))
    horloge.shift(timedelta(minutes=20))
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 302
    assert client.get(reverse("mfa_reauthenticate")).status_code == 200
    plus_tard = T0 + timedelta(minutes=20)
    assert client.post(reverse("mfa_reauthenticate"), {"code": code(secret, plus_tard)}).status_code == 302
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200


def test_la_page_double_facteur_propose_l_activation_puis_les_codes(connecte, referent, proteger):
    client = connecte(referent)
    assert "Nous vous le conseillons" in client.get(reverse("mfa_index")).content.decode()
    proteger(referent)
    assert "Voir mes codes" in client.get(reverse("mfa_index")).content.decode()


def test_le_drapeau_de_session_ne_survit_pas_a_un_double_facteur_eteint_entre_deux_roles(
    connecte, dpd, structure, proteger
):
    proteger(dpd)
    client, adresse = connecte(dpd), reverse("comptes:profil")
    assert client.get(adresse).status_code == 200
    retirer(dpd, Role.DPD, structure)
    client.get(reverse("mfa_index"))  # seules pages visitées sans rôle : celles qui l’éteignent
    Authenticator.objects.filter(user=dpd).delete()
    accorder(dpd, Role.DPD, structure)
    assert client.get(adresse)["Location"] == reverse("mfa_activate_totp")


def test_effacer_un_double_facteur_previent_la_personne(
    connecte, dpd, agent, structure, proteger, courriel_recu
):
    proteger(dpd)
    proteger(agent)
    adresse, client = (
        reverse("comptes:oublier_double_facteur", args=[structure.siren, agent.pk]),
        connecte(dpd),
    )
    for _ in range(2):
        client.post(adresse)
    assert Email.objects.filter(to=agent.email).count() == 1  # la seconde fois, rien à oublier
    courriel = courriel_recu(agent.email)
    assert courriel.subject == "Votre double facteur a été effacé"
    assert "Nadège Roucoules a effacé le double facteur de votre compte" in courriel.message
