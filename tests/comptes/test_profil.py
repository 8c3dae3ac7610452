"""Mon compte, mes accès, mon affichage."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from dpd.comptes.droits import accorder
from dpd.comptes.enums import Role
from dpd.comptes.models import Utilisateur

pytestmark = pytest.mark.django_db
REPONSES = {
    "prenom": " Sylvie ",
    "nom": "Delmas-Roux",
    "fonction": "Secrétaire générale",
    "telephone": "05 63",
}


def test_le_profil_se_met_a_jour(connecte, referent):
    reponse = connecte(referent).post(reverse("comptes:profil"), REPONSES)
    assert reponse["Location"] == reverse("comptes:profil")
    referent.refresh_from_db()
    assert (str(referent), referent.fonction, referent.telephone) == (
        "Sylvie Delmas-Roux",
        "Secrétaire générale",
        "05 63",
    )
    assert referent.history.latest().last_name == "Delmas-Roux"


def test_le_courriel_ne_change_pas_meme_glisse_dans_le_formulaire(connecte, referent):
    connecte(referent).post(
        reverse("comptes:profil"), {**REPONSES, "email": "pirate@mal.example", "is_active": ""}
    )
    referent.refresh_from_db()
    assert (referent.email, referent.is_active) == ("sylvie@montpezat.example", True)


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("nom", "", "Indiquez le nom."),
        ("nom", "x" * 151, "150"),
        ("fonction", "2 69 05 49 588 157 80", "numéro de sécurité sociale"),
    ],
)
def test_une_saisie_fausse_est_rendue_avec_sa_raison(connecte, referent, champ, valeur, phrase):
    page = connecte(referent).post(reverse("comptes:profil"), {**REPONSES, champ: valeur})
    assert page.status_code == 200
    assert phrase in page.content.decode()
    assert "Secrétaire générale" in page.content.decode() or champ == "fonction"
    referent.refresh_from_db()
    assert referent.last_name == "Delmas"


def test_mes_acces_nomment_chaque_lieu_et_chaque_role(connecte, referent, collectivite, voisine, structure):
    accorder(referent, Role.LECTEUR, collectivite)
    accorder(referent, Role.DECIDEUR, voisine)
    accorder(referent, Role.AGENT, structure)
    page = connecte(referent).get(reverse("comptes:profil")).content.decode()
    assert "Référent RGPD, Lecteur" in page
    assert "Commune de Septfonds" in page
    assert "<br>Agent</li>" in page


def test_sans_role_le_profil_dit_a_qui_s_adresser(connecte, db):
    seul = Utilisateur.objects.create_user("seul@mairie.example", "x")
    assert "Vous n’avez plus de rôle" in connecte(seul).get(reverse("comptes:profil")).content.decode()


def test_le_profil_dit_l_etat_du_double_facteur(connecte, dpd, settings):
    client = connecte(dpd)
    assert "Conseillé" in client.get(reverse("comptes:profil")).content.decode()
    settings.DOUBLE_FACTEUR_OBLIGATOIRE = True
    TOTP.activate(dpd, generate_totp_secret())
    assert "Votre rôle l’exige." in client.get(reverse("comptes:profil")).content.decode()


def test_qui_n_a_pas_de_mot_de_passe_en_choisit_un_par_courriel(connecte, referent):
    """Une personne de la démonstration entre d’un clic : la bibliothèque la menait à une adresse absente."""
    client = connecte(referent)
    changer, choisir = reverse("account_change_password"), reverse("account_reset_password")
    assert changer in client.get(reverse("comptes:profil")).content.decode()
    referent.set_unusable_password()
    referent.save(update_fields=["password"])
    client.force_login(referent, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("comptes:profil")).content.decode()
    assert changer not in page.replace(choisir, "")
    assert choisir in page
    assert client.get(changer)["Location"] == choisir
    assert client.get(choisir).status_code == 200


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_l_affichage_suit_la_personne(connecte, referent, theme):
    client = connecte(referent)
    assert client.post(reverse("comptes:affichage"), {"theme": theme}).status_code == 302
    page = client.get(reverse("comptes:affichage")).content.decode()
    assert f'data-bs-theme="{theme}"' in page
    assert page.count("checked") == 1


def test_un_affichage_inconnu_est_refuse(connecte, referent):
    page = connecte(referent).post(reverse("comptes:affichage"), {"theme": "rose"})
    assert page.status_code == 200
    assert 'id="id_theme_error"' in page.content.decode()


def test_changer_d_affichage_n_ecrit_pas_d_historique(connecte, referent):
    client = connecte(referent)
    avant = referent.history.count()
    client.post(reverse("comptes:affichage"), {"theme": "dark"})
    assert referent.history.count() == avant


@pytest.mark.parametrize("nom", ["comptes:profil", "comptes:affichage"])
def test_l_anonyme_est_conduit_a_la_connexion(client, nom):
    for reponse in (client.get(reverse(nom)), client.post(reverse(nom))):
        assert reponse.status_code == 302
        assert reponse["Location"].startswith(reverse("account_login"))
