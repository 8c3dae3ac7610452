"""Le DPD ne décide pas : personne n’est à la fois DPD d’une structure et décideur chez elle."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.urls import reverse

from dpd.comptes import actions
from dpd.comptes.actions import InvitationPerimee
from dpd.comptes.actions_collectivites import modifier_collectivite
from dpd.comptes.droits import Acces, accorder, cumuls, retirer
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite, Invitation, Utilisateur
from tests.comptes.conftest import MOT_DE_PASSE

pytestmark = pytest.mark.django_db
COURRIEL = "nouvelle@mairie.example"


@pytest.fixture
def inviter(dpd, maintenant):
    def _inviter(courriel, role, portee, auteur=dpd):
        return actions.inviter(
            courriel=courriel, role=role, portee=portee, auteur=auteur, maintenant=maintenant
        )

    return _inviter


def test_le_dpd_ne_recoit_pas_le_role_de_decideur(dpd, voisine, lointaine):
    with pytest.raises(ValueError, match="38-6"):
        accorder(dpd, Role.DECIDEUR, voisine)
    assert Role.DECIDEUR not in Acces(dpd).roles(voisine)
    accorder(dpd, Role.DECIDEUR, lointaine)  # élue d’une commune d’une autre structure
    assert Role.DECIDEUR in Acces(dpd).roles(lointaine)


def test_un_decideur_ne_devient_pas_dpd_de_sa_structure(decideur, structure, autre_structure):
    with pytest.raises(ValueError, match="38-6"):
        accorder(decideur, Role.DPD, structure)
    assert not Acces(decideur).par_structure
    accorder(decideur, Role.DPD, autre_structure)
    accorder(decideur, Role.AGENT, structure)


def test_un_decideur_qui_a_quitte_ce_role_peut_devenir_dpd(decideur, collectivite, structure):
    retirer(decideur, Role.DECIDEUR, collectivite)
    accorder(decideur, Role.DPD, structure)
    assert Acces(decideur).roles_structure(structure) == {Role.DPD}


def test_le_dpd_ne_s_invite_pas_decideur_depuis_l_ecran(connecte, dpd, collectivite):
    adresse = reverse("comptes:inviter", args=[collectivite.siren])
    reponse = connecte(dpd).post(adresse, {"courriel": dpd.email, "role": "decideur"})
    assert "art. 38-6" in reponse.content.decode()
    assert not Invitation.objects.exists()


def test_un_decideur_ne_s_invite_pas_dpd(inviter, decideur, structure):
    with pytest.raises(ValidationError, match="38-6"):
        inviter(decideur.email, Role.DPD, structure)


def test_une_invitation_envoyee_ailleurs_ne_fait_pas_du_dpd_un_decideur(
    inviter, lien_recu, connecte, dpd, voisine, settings
):
    inviter(COURRIEL, Role.DECIDEUR, voisine)
    settings.DOUBLE_FACTEUR_OBLIGATOIRE = False
    actions_possibles = Invitation.objects.get()
    with pytest.raises(ValidationError, match="38-6"):
        actions.rattacher(invitation=actions_possibles, utilisateur=dpd, maintenant=actions_possibles.cree_le)
    assert Role.DECIDEUR not in Acces(dpd).roles(voisine)


def test_deux_invitations_acceptees_ensemble_ne_font_pas_un_cumul(
    inviter, lecteur, voisine, structure, au_verrou
):
    """Sous le verrou de la personne, la seconde attend la première, puis voit le rôle qu’elle a donné."""
    inviter(COURRIEL, Role.DECIDEUR, voisine)
    invitation = Invitation.objects.get()
    au_verrou(Utilisateur, lambda: accorder(lecteur, Role.DPD, structure))
    with pytest.raises(ValidationError, match="38-6"):
        actions.rattacher(invitation=invitation, utilisateur=lecteur, maintenant=invitation.cree_le)
    assert not Acces(lecteur).roles(voisine) & {Role.DECIDEUR}


# --- Un cumul né autrement que d’une invitation ---------------------------------------------------


@pytest.fixture
def elue(dpd, lointaine):
    """Le DPD d’une structure, élu d’une commune d’une autre : permis."""
    accorder(dpd, Role.DECIDEUR, lointaine)
    return dpd


def test_une_collectivite_ne_rejoint_pas_la_structure_dont_le_dpd_decide_pour_elle(
    elue, gestionnaire, lointaine, structure, maintenant
):
    changer = {"collectivite": lointaine, "structure": structure, "auteur": gestionnaire}
    avant = lointaine.history.count()
    with pytest.raises(ValidationError, match=r"38-6.*Nadège Roucoules"):
        modifier_collectivite(**changer, maintenant=maintenant)
    lointaine.refresh_from_db()
    assert (lointaine.structure.departement, lointaine.history.count()) == ("03", avant)
    retirer(elue, Role.DECIDEUR, lointaine)
    assert modifier_collectivite(**changer, maintenant=maintenant).structure == structure
    assert cumuls() == []


def test_un_decideur_qui_n_est_pas_dpd_suit_sa_collectivite(
    decideur, collectivite, autre_structure, maintenant
):
    modifier_collectivite(
        collectivite=collectivite, structure=autre_structure, auteur=decideur, maintenant=maintenant
    )
    assert Role.DECIDEUR in Acces(decideur).roles(collectivite)


def test_un_cumul_deja_en_base_se_trouve_et_se_montre(
    elue, connecte, gestionnaire, lointaine, structure, autre_structure, capsys
):
    call_command("verifier_habilitations")
    assert "Aucun cumul" in capsys.readouterr().out
    QuerySet(Collectivite).filter(pk=lointaine.pk).update(structure=structure)  # une base reprise
    assert cumuls() == cumuls(structure) == [(elue, lointaine)]
    assert cumuls(autre_structure) == []
    with pytest.raises(CommandError, match="1\u00a0cumul"):
        call_command("verifier_habilitations")
    assert f"{elue.email} : DPD ({structure}) et décideur ({lointaine})" in capsys.readouterr().out
    page = connecte(gestionnaire).get(reverse("comptes:structure", args=[structure.siren])).content.decode()
    assert "Un DPD ne décide pas pour une collectivité" in page
    assert lointaine.denomination in page


def test_sans_cumul_la_page_de_l_equipe_n_alerte_pas(connecte, dpd, decideur, structure):
    page = connecte(dpd).get(reverse("comptes:structure", args=[structure.siren])).content.decode()
    assert "Un DPD ne décide pas" not in page


# --- L’invitation ne survit pas aux droits de son auteur ------------------------------------------


@pytest.mark.parametrize("cas", ["role_retire", "compte_ferme"])
@pytest.mark.parametrize("lieu", ["collectivite", "structure"])
def test_une_invitation_s_eteint_avec_les_droits_de_son_auteur(
    inviter, request, client, lien_recu, dpd, maintenant, time_machine, cas, lieu
):
    time_machine.move_to(maintenant)
    portee = request.getfixturevalue(lieu)
    role = Role.REFERENT if lieu == "collectivite" else Role.AGENT
    invitation = inviter(COURRIEL, role, portee)
    lien = lien_recu(COURRIEL)
    assert client.get(lien).status_code == 200
    if cas == "role_retire":
        retirer(dpd, Role.DPD, request.getfixturevalue("structure"))
    else:
        dpd.is_active = False
        dpd.save()
    reponse = client.get(lien)
    assert reponse.status_code == 404
    assert "Demandez-en une nouvelle" in reponse.content.decode()
    with pytest.raises(InvitationPerimee):
        actions.ouvrir_compte(
            invitation=invitation,
            prenom="N",
            nom="V",
            fonction="",
            mot_de_passe=MOT_DE_PASSE,
            maintenant=maintenant,
        )


def test_qui_renvoie_une_invitation_en_repond(
    inviter, lien_recu, client, dpd, decideur, collectivite, maintenant
):
    invitation = inviter(COURRIEL, Role.REFERENT, collectivite)
    dpd.is_active = False
    dpd.save()
    renvoyee = actions.renvoyer(invitation=invitation, auteur=decideur, maintenant=maintenant)
    assert renvoyee.invite_par == decideur
    assert (
        actions.invitation_du_jeton(lien_recu(COURRIEL).strip("/").split("/")[-1], maintenant) == invitation
    )
