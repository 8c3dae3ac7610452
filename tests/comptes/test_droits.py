"""Chaque écran de personnes, pour la bonne personne, la collègue, l’étranger et l’anonyme."""

import pytest
from django.urls import get_resolver, reverse

from dpd.comptes import actions
from dpd.comptes.droits import Acces, accorder, habilitations_de, personnes_de, retirer
from dpd.comptes.enums import ROLES_COLLECTIVITE, ROLES_STRUCTURE, Role
from dpd.comptes.models import Invitation, Utilisateur
from dpd.comptes.regles.capacites import CAPACITES, Capacite, role_compatible
from dpd.comptes.routes import personnes as routes

pytestmark = pytest.mark.django_db

COLLECTIVITE = {
    "personnes": [],
    "inviter": [],
    "journal": [],
    "retirer_role": ["personne", "role"],
    "revoquer_invitation": ["invitation"],
    "renvoyer_invitation": ["invitation"],
}
STRUCTURE = {
    "structure": [],
    "reglages": [],
    "inviter_structure": [],
    "journal_structure": [],
    "retirer_role_structure": ["personne_structure", "role_structure"],
    "revoquer_invitation_structure": ["invitation_structure"],
    "renvoyer_invitation_structure": ["invitation_structure"],
    "desactiver": ["personne"],
    "oublier_double_facteur": ["personne"],
    "reactiver": ["personne"],
}
SANS_LOCATAIRE = {"entrer", "accepter", "profil", "affichage"}
GET_SANS_PAGE = {
    "revoquer_invitation",
    "renvoyer_invitation",
    "revoquer_invitation_structure",
    "renvoyer_invitation_structure",
    "reactiver",
}


@pytest.fixture
def adresse(collectivite, structure, lecteur, gestionnaire, decideur, dpd, maintenant):
    """L’adresse d’un écran, avec de vrais objets."""
    communs = {"auteur": dpd, "maintenant": maintenant}
    valeurs = {
        "personne": lecteur.pk,
        "role": "lecteur",
        "personne_structure": gestionnaire.pk,
        "role_structure": "gestionnaire",
        "invitation": actions.inviter(
            courriel="a@b.example", role=Role.LECTEUR, portee=collectivite, **communs
        ).pk,
        "invitation_structure": actions.inviter(
            courriel="a@b.example", role=Role.AGENT, portee=structure, **communs
        ).pk,
    }

    def _adresse(nom):
        lieu, table = (collectivite, COLLECTIVITE) if nom in COLLECTIVITE else (structure, STRUCTURE)
        return reverse(f"comptes:{nom}", args=[lieu.siren, *(valeurs[cle] for cle in table[nom])])

    return _adresse


def test_aucun_ecran_n_echappe_a_ces_tests():
    assert {route.name for route in routes.urlpatterns} == {*COLLECTIVITE, *STRUCTURE, *SANS_LOCATAIRE}


def statuts(client, adresse, noms, methodes=("get", "post")):
    """Le statut de chaque écran, pour la personne connectée."""
    return {(nom, m): getattr(client, m)(adresse(nom)).status_code for nom in noms for m in methodes}


def test_l_anonyme_est_conduit_a_la_connexion(client, adresse):
    for nom in [*COLLECTIVITE, *STRUCTURE]:
        for reponse in (client.get(adresse(nom)), client.post(adresse(nom))):
            assert reponse.status_code == 302, nom
            assert reponse["Location"].startswith(reverse("account_login")), nom


def test_l_etranger_ne_trouve_rien(connecte, etranger, adresse):
    assert set(statuts(connecte(etranger), adresse, [*COLLECTIVITE, *STRUCTURE]).values()) == {404}


@pytest.mark.parametrize("role", ["referent", "lecteur", "gestionnaire", "agent"])
def test_qui_ne_gere_pas_les_comptes_est_refuse(request, connecte, adresse, role):
    client = connecte(request.getfixturevalue(role))
    assert set(statuts(client, adresse, COLLECTIVITE).values()) == {403}


@pytest.mark.parametrize("role", ["gestionnaire", "agent"])
def test_qui_ne_gere_pas_la_structure_voit_l_equipe_et_rien_d_autre(request, connecte, adresse, role):
    client = connecte(request.getfixturevalue(role))
    page = client.get(adresse("structure"))
    assert page.status_code == 200
    for interdit in ("Inviter une", "Retirer<span", "Fermer<span", "Renvoyer<span"):
        assert interdit not in page.content.decode()
    reserves = [nom for nom in STRUCTURE if nom != "structure"]
    assert set(statuts(client, adresse, reserves).values()) == {403}


@pytest.mark.parametrize("role", ["referent", "decideur", "lecteur"])
def test_une_commune_ne_voit_rien_de_la_structure(request, connecte, adresse, role):
    client = connecte(request.getfixturevalue(role))
    assert set(statuts(client, adresse, STRUCTURE).values()) == {404}


@pytest.mark.parametrize("role", ["decideur", "dpd"])
def test_qui_gere_les_comptes_entre(request, connecte, adresse, role):
    client = connecte(request.getfixturevalue(role))
    for (nom, _), statut in statuts(client, adresse, COLLECTIVITE, ["get"]).items():
        assert statut == (302 if nom in GET_SANS_PAGE else 200), nom


def test_le_dpd_entre_dans_sa_structure(connecte, dpd, adresse):
    for (nom, _), statut in statuts(connecte(dpd), adresse, STRUCTURE, ["get"]).items():
        assert statut == (302 if nom in GET_SANS_PAGE else 200), nom


def test_une_consultation_n_ecrit_jamais(connecte, dpd, adresse):
    avant = list(Invitation.objects.values())
    client = connecte(dpd)
    for nom in [*COLLECTIVITE, *STRUCTURE]:
        client.get(adresse(nom))
    assert list(Invitation.objects.values()) == avant
    assert not Utilisateur.objects.filter(is_active=False).exists()


def test_aucune_adresse_de_la_bibliotheque_ne_reste_ouverte_par_megarde():
    noms = {nom for nom in get_resolver().reverse_dict if isinstance(nom, str)}
    permis = ("account_", "mfa_")
    compte = {nom for nom in noms if nom.startswith(permis)}
    assert not {nom for nom in compte if "signup" in nom or "email" in nom or "social" in nom}


# --- Les droits eux-mêmes ------------------------------------------------------------------------


def test_chaque_role_se_donne_sur_une_seule_sorte_d_objet():
    for role in Role:
        assert role_compatible(role, True) == (role in ROLES_COLLECTIVITE)
        assert role_compatible(role, False) == (role in ROLES_STRUCTURE)


def test_le_dpd_ne_decide_jamais_et_le_gestionnaire_ne_lit_jamais():
    assert Capacite.DECIDER not in CAPACITES[Role.DPD]
    for role in (Role.GESTIONNAIRE, Role.AGENT):
        assert Capacite.LIRE_REGISTRE not in CAPACITES[role]


def test_un_role_donne_sur_le_mauvais_objet_est_refuse(referent, structure, collectivite):
    with pytest.raises(ValueError, match="ne se donne pas"):
        accorder(referent, Role.DPD, collectivite)
    with pytest.raises(ValueError, match="ne se donne pas"):
        retirer(referent, Role.REFERENT, structure)


def test_plusieurs_roles_se_cumulent_et_se_retirent_un_a_un(referent, collectivite):
    accorder(referent, Role.DECIDEUR, collectivite)
    assert Acces(referent).roles(collectivite) == {Role.REFERENT, Role.DECIDEUR}
    retirer(referent, Role.REFERENT, collectivite)
    assert Acces(referent).roles(collectivite) == {Role.DECIDEUR}
    assert habilitations_de(collectivite) == [(referent, Role.DECIDEUR)]


def test_un_compte_ferme_n_est_plus_une_personne_a_qui_ecrire(referent, collectivite):
    assert list(personnes_de(collectivite, Role.REFERENT)) == [referent]
    Utilisateur.objects.filter(pk=referent.pk).update(is_active=False)
    assert not personnes_de(collectivite, Role.REFERENT).exists()


def test_un_siren_inconnu_et_un_siren_etranger_se_ressemblent(connecte, etranger, collectivite):
    client = connecte(etranger)
    reponses = [client.get(reverse("comptes:personnes", args=[s])) for s in (collectivite.siren, "000000000")]
    assert [r.status_code for r in reponses] == [404, 404]
    assert collectivite.nom not in reponses[0].content.decode()
