"""Entrer, sortir, retrouver son mot de passe."""

import pytest
import time_machine
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse
from post_office.models import Email

from dpd.comptes.adaptateur import Adaptateur
from dpd.comptes.enums import NatureAcces
from dpd.comptes.models import JournalAcces, Structure, Utilisateur
from dpd.messagerie.models import Message
from tests.comptes.conftest import MOT_DE_PASSE

pytestmark = pytest.mark.django_db
NOUVEAU = "Tout-neuf-2026!"

OUVERTES = [
    "account_login",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
]
FERMEES = [
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "comptes:profil",
    "comptes:affichage",
]


def se_connecter(client, courriel, mot_de_passe=MOT_DE_PASSE, **champs):
    return client.post(reverse("account_login"), {"login": courriel, "password": mot_de_passe, **champs})


@pytest.mark.parametrize("nom", OUVERTES)
def test_les_pages_de_connexion_s_ouvrent_sans_connexion(client, nom):
    assert client.get(reverse(nom)).status_code == 200


@pytest.mark.parametrize("nom", FERMEES)
def test_les_autres_pages_de_compte_demandent_une_connexion(client, nom):
    reponse = client.get(reverse(nom))
    assert reponse.status_code == 302
    assert reponse["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "nom", ["account_signup", "account_email", "account_set_password", "mfa_add_webauthn"]
)
def test_ni_inscription_libre_ni_gestion_d_adresses(nom):
    with pytest.raises(NoReverseMatch):
        reverse(nom)


def test_la_bibliotheque_n_ouvre_aucune_inscription(rf):
    assert Adaptateur().is_open_for_signup(rf.get("/")) is False


def test_la_connexion_par_courriel_ouvre_l_accueil(client, referent):
    reponse = se_connecter(client, referent.email.upper())
    assert reponse.status_code == 302
    assert reponse["Location"] == reverse("accueil")
    assert client.session["_auth_user_id"] == str(referent.pk)


def test_la_connexion_n_ajoute_rien_a_l_historique_du_compte(client, referent):
    avant = referent.history.count()
    se_connecter(client, referent.email)
    assert referent.history.count() == avant


def test_la_page_demandee_s_ouvre_apres_connexion(client, referent):
    page = client.get(reverse("account_login"), {"next": "/compte/"})
    assert '<input type="hidden" name="next" value="/compte/">' in page.content.decode()
    assert se_connecter(client, referent.email, next="/compte/")["Location"] == "/compte/"


def test_une_adresse_etrangere_n_est_pas_suivie(client, referent):
    page = client.get(reverse("account_login"), {"next": "https://pirate.example/"})
    assert "pirate.example" not in page.content.decode()
    assert se_connecter(client, referent.email, next="https://pirate.example/")["Location"] == "/"


@pytest.mark.parametrize("courriel", ["sylvie@montpezat.example", "personne@nullepart.example"])
def test_le_refus_est_le_meme_que_le_compte_existe_ou_non(client, referent, courriel):
    reponse = se_connecter(client, courriel, "Pas le bon")
    assert reponse.status_code == 200
    assert "Ce courriel et ce mot de passe ne vont pas ensemble." in reponse.content.decode()


def test_un_compte_ferme_n_entre_pas(client, referent):
    Utilisateur.objects.filter(pk=referent.pk).update(is_active=False)
    reponse = se_connecter(client, referent.email)
    assert reponse["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_deja_connecte_la_page_de_connexion_renvoie_a_l_accueil(connecte, referent):
    assert connecte(referent).get(reverse("account_login")).status_code == 302


def test_se_deconnecter_demande_confirmation_puis_ferme(connecte, referent):
    client = connecte(referent)
    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post(reverse("account_logout"))["Location"] == reverse("account_login")
    assert "_auth_user_id" not in client.session


# --- Le téléphone en cas d’incident --------------------------------------------------------------


def test_une_seule_structure_son_telephone_s_affiche(client, structure):
    page = client.get(reverse("account_login")).content.decode()
    assert 'href="tel:0536491234"' in page
    assert structure.nom in page


def test_plusieurs_structures_aucune_n_est_nommee(client, structure, autre_structure):
    page = client.get(reverse("account_login")).content.decode()
    assert "tel:" not in page
    assert structure.nom not in page
    assert "Le téléphone de votre DPD est sur le site de votre collectivité" in page
    assert "mailto:" not in page


def test_sans_courriel_public_le_telephone_reste(client, structure):
    structure.dpd_courriel, structure.dpd_horaires = "", "De 9 h à 17 h"
    structure.save()
    page = client.get(reverse("account_login")).content.decode()
    assert "De 9 h à 17 h</p>" in page
    assert "mailto:" not in page
    assert "Hors horaires" not in page


def test_sans_telephone_le_courriel_reste(client, structure):
    structure.dpd_telephone = ""
    structure.save()
    page = client.get(reverse("account_login")).content.decode()
    assert "Le téléphone de votre DPD est sur le site de votre collectivité" in page
    assert f"mailto:{structure.dpd_courriel}" in page


def test_en_demonstration_la_premiere_structure_repond(client, structure, autre_structure, settings):
    settings.DEMONSTRATION = True
    assert "tel:0536491234" in client.get(reverse("account_login")).content.decode()


def test_sans_structure_la_page_s_ouvre(client, db):
    assert not Structure.objects.exists()
    assert client.get(reverse("account_login")).status_code == 200


# --- Mot de passe oublié -------------------------------------------------------------------------


def demander(client, courriel):
    return client.post(reverse("account_reset_password"), {"email": courriel})


def test_mot_de_passe_oublie_du_courriel_a_la_connexion(client, referent, lien_recu):
    assert demander(client, referent.email)["Location"] == reverse("account_reset_password_done")
    formulaire = client.get(lien_recu(referent.email))["Location"]
    assert client.get(formulaire).status_code == 200
    reponse = client.post(formulaire, {"password1": NOUVEAU, "password2": NOUVEAU})
    assert reponse["Location"] == reverse("account_reset_password_from_key_done")
    assert se_connecter(client, referent.email, NOUVEAU).status_code == 302


def test_le_lien_ne_sert_qu_une_fois(client, referent, lien_recu):
    demander(client, referent.email)
    lien = lien_recu(referent.email)
    client.post(client.get(lien)["Location"], {"password1": NOUVEAU, "password2": NOUVEAU})
    assert "Ce lien n’est plus valable" in client.get(lien).content.decode()


def test_un_nouveau_mot_de_passe_trop_faible_est_refuse_en_disant_pourquoi(client, referent, lien_recu):
    demander(client, referent.email)
    formulaire = client.get(lien_recu(referent.email))["Location"]
    page = client.post(formulaire, {"password1": "Azertyu1", "password2": "Azertyu1"}).content.decode()
    assert "Ajoutez 4 caractères" in page


def test_la_preuve_d_envoi_ne_garde_pas_le_lien(client, referent, lien_recu):
    demander(client, referent.email)
    message = Message.objects.get(destinataire=referent.email)
    assert lien_recu(referent.email) not in message.corps
    assert "[lien personnel, non conservé]" in message.corps
    assert message.utilisateur == referent


def test_un_inconnu_recoit_la_meme_reponse_et_aucun_courriel(client, referent):
    connu, inconnu = demander(client, referent.email), demander(client, "personne@nullepart.example")
    assert (connu.status_code, connu["Location"]) == (inconnu.status_code, inconnu["Location"])
    assert [e.to for e in Email.objects.all()] == [[referent.email]]
    assert Message.objects.count() == 1


def test_changer_de_mot_de_passe_previent_la_personne(connecte, referent, courriel_recu):
    reponse = connecte(referent).post(
        reverse("account_change_password"),
        {"oldpassword": MOT_DE_PASSE, "password1": NOUVEAU, "password2": NOUVEAU},
    )
    assert reponse.status_code == 302
    assert "vient d’être changé" in courriel_recu(referent.email).message


def test_changer_de_mot_de_passe_leve_le_blocage(client, referent, lien_recu):
    for _ in range(5):
        se_connecter(client, referent.email, "faux")
    demander(client, referent.email)
    client.post(
        client.get(lien_recu(referent.email))["Location"], {"password1": NOUVEAU, "password2": NOUVEAU}
    )
    assert se_connecter(client, referent.email, NOUVEAU).status_code == 302


# --- Le journal ----------------------------------------------------------------------------------


def test_la_connexion_s_inscrit_au_journal_avec_l_adresse(client, referent):
    se_connecter(client, referent.email)
    ligne = JournalAcces.objects.get()
    assert (ligne.nature, ligne.utilisateur, ligne.adresse_ip) == (
        NatureAcces.CONNEXION,
        referent,
        "127.0.0.1",
    )


def test_l_echec_s_inscrit_sans_le_mot_de_passe(client, referent):
    se_connecter(client, referent.email, "Mon-Secret-2026")
    se_connecter(client, "personne@nullepart.example", "Mon-Secret-2026")
    lignes = JournalAcces.objects.order_by("pk")
    assert [(x.nature, x.utilisateur, x.detail) for x in lignes] == [
        (NatureAcces.ECHEC, referent, referent.email),
        (NatureAcces.ECHEC, None, "personne@nullepart.example"),
    ]


def test_trop_de_demandes_depuis_une_adresse_la_page_le_dit(client, db):
    for numero in range(21):
        reponse = demander(client, f"p{numero}@nullepart.example")
    assert reponse.status_code == 429
    assert "Attendez une minute" in reponse.content.decode()


def test_la_page_d_un_jeton_de_formulaire_perime_ne_fait_rien_perdre(referent, client):
    client.handler.enforce_csrf_checks = True
    reponse = client.post(reverse("account_login"), {"login": "a@b.fr", "password": "x"})
    assert reponse.status_code == 403
    assert "votre saisie y est encore" in reponse.content.decode()


def test_la_purge_efface_le_journal_de_plus_d_un_an(client, referent, capsys):
    with time_machine.travel("2025-01-01 10:00+01:00", tick=False):
        se_connecter(client, referent.email)
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False):
        se_connecter(client, referent.email, "faux")
        call_command("purger_journaux")
    assert [ligne.nature for ligne in JournalAcces.objects.all()] == [NatureAcces.ECHEC]
    assert "1 ligne(s)" in capsys.readouterr().out
