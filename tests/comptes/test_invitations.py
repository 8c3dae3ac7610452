"""Un lien à usage unique, sept jours, révocable ; seul le condensat du jeton est gardé."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dpd.comptes import actions
from dpd.comptes.actions import InvitationPerimee
from dpd.comptes.actions.invitations import condensat
from dpd.comptes.droits import Acces
from dpd.comptes.enums import NatureAcces, Role
from dpd.comptes.models import Invitation, JournalAcces, Utilisateur
from dpd.messagerie.models import Message
from tests.comptes.conftest import MOT_DE_PASSE

pytestmark = pytest.mark.django_db
COURRIEL = "nouvelle@mairie.example"
REPONSES = {
    "prenom": "Nora",
    "nom": "Velle",
    "fonction": "Secrétaire de mairie",
    "mot_de_passe": MOT_DE_PASSE,
    "confirmation": MOT_DE_PASSE,
}


@pytest.fixture
def inviter(collectivite, decideur, maintenant):
    def _inviter(**champs):
        defauts = {
            "courriel": COURRIEL,
            "role": Role.REFERENT,
            "portee": collectivite,
            "auteur": decideur,
            "maintenant": maintenant,
        }
        return actions.inviter(**(defauts | champs))

    return _inviter


@pytest.fixture(autouse=True)
def _a_l_heure(maintenant):
    with time_machine.travel(maintenant, tick=False):
        yield


# --- Le geste ------------------------------------------------------------------------------------


def test_seul_le_condensat_du_jeton_est_garde(inviter, lien_recu):
    invitation = inviter()
    jeton = lien_recu(COURRIEL).strip("/").split("/")[-1]
    assert len(jeton) == 43  # 256 bits
    assert invitation.condensat == hashlib.sha256(jeton.encode()).hexdigest()
    assert jeton not in str(list(Invitation.objects.values()) + list(Invitation.history.values()))
    assert jeton not in Message.objects.get().corps


def test_le_courriel_dit_qui_invite_ou_a_quel_titre_et_jusqu_a_quand(inviter, courriel_recu, collectivite):
    inviter(prenom="Nora", nom="Velle")
    courriel = courriel_recu(COURRIEL)
    assert courriel.subject == "Votre accès à DPD mutualisé\u00a0: Commune de Montpezat-de-Quercy"
    assert courriel.message.startswith("Bonjour Nora Velle,\n")
    for attendu in ("Bernard Lacaze", "Référent RGPD", "lundi 30\u00a0novembre 2026 à 9\u00a0h\u00a040"):
        assert attendu in courriel.message


def test_le_courriel_est_le_meme_pour_un_compte_existant(inviter, courriel_recu, etranger):
    """On n’apprend pas, en invitant, qui a déjà un compte."""
    inviter()
    inviter(courriel=etranger.email)
    textes = [courriel_recu(adresse).message.split("http")[0] for adresse in (COURRIEL, etranger.email)]
    assert textes[0] == textes[1]


def test_inviter_coute_les_memes_requetes_que_le_courriel_existe_ou_non(inviter, etranger):
    inviter(courriel="chauffe@nullepart.example")
    with CaptureQueriesContext(connection) as inconnu:
        inviter()
    with CaptureQueriesContext(connection) as connu:
        inviter(courriel=etranger.email)
    assert len(inconnu) == len(connu)


@pytest.mark.parametrize("role", [Role.DPD, Role.GESTIONNAIRE, Role.AGENT])
def test_un_role_de_structure_ne_se_donne_pas_sur_une_collectivite(inviter, role):
    with pytest.raises(ValidationError, match="ne se donne pas ici"):
        inviter(role=role)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", [Role.REFERENT, Role.DECIDEUR, Role.LECTEUR])
def test_un_role_de_collectivite_ne_se_donne_pas_sur_une_structure(inviter, structure, role):
    with pytest.raises(ValidationError, match="ne se donne pas ici"):
        inviter(role=role, portee=structure)


def test_on_n_invite_pas_deux_fois_la_meme_personne_pour_le_meme_role(inviter, referent):
    inviter()
    with pytest.raises(ValidationError, match="l’attend déjà"):
        inviter(courriel=COURRIEL.upper())
    with pytest.raises(ValidationError, match="a déjà ce rôle"):
        inviter(courriel=referent.email)
    assert inviter(role=Role.LECTEUR).pk


def test_un_courriel_faux_n_ecrit_rien(inviter):
    with pytest.raises(ValidationError):
        inviter(courriel="pas-un-courriel")
    assert not Invitation.objects.exists()
    assert not Message.objects.exists()


def test_renvoyer_donne_un_nouveau_lien_et_eteint_l_ancien(inviter, lien_recu, client, decideur, maintenant):
    invitation = inviter()
    ancien = lien_recu(COURRIEL)
    plus_tard = maintenant + timedelta(days=8)
    with time_machine.travel(plus_tard, tick=False):
        assert client.get(ancien).status_code == 404
        actions.renvoyer(invitation=invitation, auteur=decideur, maintenant=plus_tard)
        assert client.get(ancien).status_code == 404
        assert client.get(lien_recu(COURRIEL)).status_code == 200


def test_renvoyer_deux_fois_de_suite_n_eteint_pas_le_lien_qui_vient_de_partir(
    inviter, lien_recu, client, decideur, dpd, maintenant
):
    invitation, commun = inviter(), {"maintenant": maintenant + timedelta(seconds=59)}
    for _ in range(2):
        actions.renvoyer(invitation=invitation, auteur=decideur, **commun)
    assert client.get(lien_recu(COURRIEL)).status_code == 200
    assert Message.objects.count() == 1
    actions.renvoyer(invitation=invitation, auteur=dpd, **commun)  # une autre personne en répond
    assert Message.objects.count() == 2


@pytest.mark.parametrize("geste", [actions.renvoyer, actions.revoquer])
def test_une_invitation_acceptee_ou_revoquee_ne_bouge_plus(inviter, decideur, lecteur, maintenant, geste):
    acceptee, revoquee = inviter(), inviter(courriel="autre@mairie.example")
    actions.rattacher(invitation=acceptee, utilisateur=lecteur, maintenant=maintenant)
    actions.revoquer(invitation=revoquee, auteur=decideur, maintenant=maintenant)
    for invitation in (acceptee, revoquee):
        with pytest.raises(ValidationError, match="déjà été"):
            geste(invitation=invitation, auteur=decideur, maintenant=maintenant)


def test_chaque_geste_s_inscrit_au_journal(inviter, decideur, lecteur, maintenant, collectivite):
    invitation = inviter()
    actions.rattacher(invitation=invitation, utilisateur=lecteur, maintenant=maintenant)
    actions.revoquer(
        invitation=inviter(courriel="autre@mairie.example"), auteur=decideur, maintenant=maintenant
    )
    lignes = JournalAcces.objects.filter(collectivite=collectivite).order_by("pk")
    assert [(ligne.nature, ligne.utilisateur) for ligne in lignes] == [
        (NatureAcces.INVITATION, decideur),
        (NatureAcces.HABILITATION, lecteur),
        (NatureAcces.INVITATION, decideur),
        (NatureAcces.REVOCATION, decideur),
    ]
    assert lignes[1].detail == f"{lecteur.email}, Référent RGPD, sur invitation"


# --- Accepter ------------------------------------------------------------------------------------


def test_accepter_ouvre_le_compte_et_la_session(inviter, lien_recu, client, collectivite):
    inviter(prenom="Nora")
    lien = lien_recu(COURRIEL)
    assert 'value="Nora"' in client.get(lien).content.decode()
    reponse = client.post(lien, REPONSES)
    assert reponse["Location"] == reverse("accueil")
    personne = Utilisateur.objects.get(email=COURRIEL)
    assert str(personne) == "Nora Velle"
    assert personne.fonction == "Secrétaire de mairie"
    assert personne.check_password(MOT_DE_PASSE)
    assert Acces(personne).roles(collectivite) == {Role.REFERENT}
    assert client.session["_auth_user_id"] == str(personne.pk)


def test_le_lien_ne_sert_qu_une_fois(inviter, lien_recu, client):
    inviter()
    client.post(lien_recu(COURRIEL), REPONSES)
    client.logout()
    for methode in (client.get, client.post):
        assert methode(lien_recu(COURRIEL)).status_code == 404


@pytest.mark.parametrize("cas", ["faux", "perime", "revoque"])
def test_un_lien_faux_perime_ou_revoque_recoit_la_meme_page(
    inviter, lien_recu, client, decideur, maintenant, cas
):
    invitation = inviter()
    lien, instant = lien_recu(COURRIEL), maintenant
    if cas == "faux":
        lien = reverse("comptes:accepter", args=["faux"])
    elif cas == "perime":
        instant += timedelta(days=7)
    else:
        actions.revoquer(invitation=invitation, auteur=decideur, maintenant=maintenant)
    with time_machine.travel(instant, tick=False):
        reponse = client.get(lien)
        assert reponse.status_code == 404
        assert "Demandez-en une nouvelle" in reponse.content.decode()
        assert client.post(lien, REPONSES).status_code == 404
    assert not Utilisateur.objects.filter(email=COURRIEL).exists()


def test_le_lien_vaut_jusqu_a_la_derniere_seconde(inviter, lien_recu, client, maintenant):
    inviter()
    with time_machine.travel(maintenant + timedelta(days=7, seconds=-1), tick=False):
        assert client.get(lien_recu(COURRIEL)).status_code == 200


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"mot_de_passe": "azerty", "confirmation": "azerty"}, "Ajoutez 8 caractères"),
        ({"confirmation": "Autre chose 2026"}, "Les deux mots de passe diffèrent"),
        ({"prenom": ""}, "Indiquez le prénom."),
        ({"mot_de_passe": ""}, "Choisissez un mot de passe."),
    ],
)
def test_une_saisie_fausse_dit_quoi_reparer_et_ne_cree_rien(inviter, lien_recu, client, champs, phrase):
    inviter()
    page = client.post(lien_recu(COURRIEL), REPONSES | champs)
    assert page.status_code == 200
    assert phrase in page.content.decode()
    assert 'value="Velle"' in page.content.decode()
    assert not Utilisateur.objects.filter(email=COURRIEL).exists()
    assert Invitation.objects.get().acceptee_le is None


def test_un_compte_existant_se_connecte_puis_recoit_l_acces(
    inviter, lien_recu, client, etranger, collectivite
):
    inviter(courriel=etranger.email)
    lien = lien_recu(etranger.email)
    page = client.post(lien, REPONSES)
    assert "Un compte existe déjà pour ce courriel" in page.content.decode()
    client.force_login(etranger, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Ajouter cet accès à votre compte" in client.get(lien).content.decode()
    assert client.post(lien)["Location"] == reverse("accueil")
    assert Acces(etranger).roles(collectivite) == {Role.REFERENT}
    assert Utilisateur.objects.filter(email=etranger.email).count() == 1


def test_sans_connexion_le_compte_existant_ne_recoit_rien(inviter, lien_recu, client, etranger, collectivite):
    inviter(courriel=etranger.email)
    client.post(lien_recu(etranger.email), REPONSES)
    assert not Acces(etranger).roles(collectivite)
    assert etranger.check_password(MOT_DE_PASSE)
    assert "_auth_user_id" not in client.session


def test_connecte_sous_un_autre_courriel_la_page_le_dit_avant(inviter, lien_recu, connecte, lecteur):
    inviter()
    page = connecte(lecteur).get(lien_recu(COURRIEL)).content.decode()
    assert f"vous êtes connecté comme {lecteur.email}" in page


def test_deux_acceptations_simultanees_une_seule_passe(inviter, lecteur, decideur, maintenant):
    invitation = inviter()
    actions.rattacher(invitation=invitation, utilisateur=lecteur, maintenant=maintenant)
    with pytest.raises(InvitationPerimee):
        actions.rattacher(invitation=invitation, utilisateur=decideur, maintenant=maintenant)
    with pytest.raises(InvitationPerimee):
        actions.ouvrir_compte(
            invitation=invitation,
            prenom="N",
            nom="V",
            fonction="",
            mot_de_passe=MOT_DE_PASSE,
            maintenant=maintenant,
        )
    assert not Utilisateur.objects.filter(email=COURRIEL).exists()


def test_une_course_perdue_montre_la_page_du_lien_perime(inviter, lien_recu, connecte, lecteur, monkeypatch):
    inviter()

    def _perimee(**_):
        raise InvitationPerimee

    monkeypatch.setattr(actions, "rattacher", _perimee)
    assert connecte(lecteur).post(lien_recu(COURRIEL)).status_code == 404


def test_un_role_de_structure_accepte_doit_activer_son_double_facteur(
    inviter, lien_recu, client, structure, dpd, settings
):
    settings.DOUBLE_FACTEUR_OBLIGATOIRE = True
    inviter(role=Role.AGENT, portee=structure, auteur=dpd)
    reponse = client.post(lien_recu(COURRIEL), REPONSES, follow=True)
    assert reponse.redirect_chain[-1][0] == reverse("mfa_activate_totp")
    assert reponse.status_code == 200


# --- L’écran -------------------------------------------------------------------------------------


def test_inviter_depuis_l_ecran(connecte, decideur, collectivite, lien_recu):
    client = connecte(decideur)
    adresse = reverse("comptes:inviter", args=[collectivite.siren])
    reponse = client.post(adresse, {"courriel": COURRIEL, "role": "referent"})
    assert reponse["Location"] == reverse("comptes:personnes", args=[collectivite.siren])
    page = client.get(reponse["Location"]).content.decode()
    assert COURRIEL in page
    assert "30\u00a0nov. 2026" in page
    assert Invitation.objects.get().invite_par == decideur


@pytest.mark.parametrize("role", ["dpd", "agent", "chef", ""])
def test_un_role_hors_portee_glisse_dans_le_formulaire_est_refuse(connecte, decideur, collectivite, role):
    adresse = reverse("comptes:inviter", args=[collectivite.siren])
    reponse = connecte(decideur).post(adresse, {"courriel": COURRIEL, "role": role})
    assert reponse.status_code == 200
    assert 'value="nouvelle@mairie.example"' in reponse.content.decode()
    assert not Invitation.objects.exists()


def test_une_invitation_en_double_est_dite_a_cote_du_courriel(connecte, decideur, collectivite, inviter):
    inviter()
    adresse = reverse("comptes:inviter", args=[collectivite.siren])
    page = connecte(decideur).post(adresse, {"courriel": COURRIEL, "role": "referent"}).content.decode()
    assert 'id="id_courriel_error"' in page
    assert "renvoyez-la depuis la liste" in page


def test_renvoyer_et_revoquer_depuis_l_ecran(connecte, decideur, collectivite, inviter, client, lien_recu):
    invitation = inviter()
    client = connecte(decideur)
    ancien = invitation.condensat
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        client.post(reverse("comptes:renvoyer_invitation", args=[collectivite.siren, invitation.pk]))
    invitation.refresh_from_db()
    assert invitation.condensat != ancien
    for _ in range(2):
        reponse = client.post(
            reverse("comptes:revoquer_invitation", args=[collectivite.siren, invitation.pk]), follow=True
        )
    assert "déjà été acceptée ou révoquée" in reponse.content.decode()
    invitation.refresh_from_db()
    assert invitation.revoquee_le is not None
    assert (
        COURRIEL not in client.get(reverse("comptes:personnes", args=[collectivite.siren])).content.decode()
    )


def test_l_invitation_d_une_voisine_ne_se_touche_pas(connecte, decideur, dpd, collectivite, voisine, inviter):
    invitation = inviter(portee=voisine, auteur=dpd)
    for nom in ("comptes:renvoyer_invitation", "comptes:revoquer_invitation"):
        adresse = reverse(nom, args=[collectivite.siren, invitation.pk])
        assert connecte(decideur).post(adresse).status_code == 404
    assert condensat("x") != invitation.condensat


def test_le_dpd_invite_dans_toute_collectivite_de_sa_structure_et_pas_ailleurs(
    connecte, dpd, voisine, lointaine
):
    client = connecte(dpd)
    assert client.get(reverse("comptes:inviter", args=[voisine.siren])).status_code == 200
    assert client.get(reverse("comptes:inviter", args=[lointaine.siren])).status_code == 404


def test_le_dpd_invite_dans_sa_structure(connecte, dpd, structure):
    adresse = reverse("comptes:inviter_structure", args=[structure.siren])
    connecte(dpd).post(adresse, {"courriel": COURRIEL, "role": "gestionnaire"})
    invitation = Invitation.objects.get()
    assert (invitation.structure, invitation.collectivite) == (structure, None)
    assert Message.objects.get().collectivite is None
