"""Personnes, invitations, profil, démonstration."""

from django.urls import path

from dpd.comptes.views import demonstration, invitations, journal, personnes, profil, structure

_C, _S = "c/<siren:siren>/", "s/<siren:siren>/"

urlpatterns = [
    path("entrer/<str:cle>/", demonstration.entrer, name="entrer"),
    path("invitation/<str:jeton>/", invitations.accepter, name="accepter"),
    path("compte/", profil.profil, name="profil"),
    path("compte/affichage/", profil.affichage, name="affichage"),
    path(f"{_C}personnes/", personnes.personnes, name="personnes"),
    path(f"{_C}personnes/inviter/", invitations.inviter, name="inviter"),
    path(f"{_C}personnes/<int:personne>/<str:role>/retirer/", personnes.retirer_role, name="retirer_role"),
    path(f"{_C}invitations/<int:pk>/revoquer/", invitations.revoquer_invitation, name="revoquer_invitation"),
    path(f"{_C}invitations/<int:pk>/renvoyer/", invitations.renvoyer_invitation, name="renvoyer_invitation"),
    path(f"{_C}journal/", journal.journal, name="journal"),
    path(f"{_S}equipe/", personnes.structure, name="structure"),
    path(f"{_S}reglages/", structure.reglages, name="reglages"),
    path(f"{_S}equipe/inviter/", invitations.inviter_structure, name="inviter_structure"),
    path(
        f"{_S}equipe/<int:personne>/<str:role>/retirer/",
        personnes.retirer_role_structure,
        name="retirer_role_structure",
    ),
    path(
        f"{_S}invitations/<int:pk>/revoquer/",
        invitations.revoquer_invitation_structure,
        name="revoquer_invitation_structure",
    ),
    path(
        f"{_S}invitations/<int:pk>/renvoyer/",
        invitations.renvoyer_invitation_structure,
        name="renvoyer_invitation_structure",
    ),
    path(f"{_S}comptes/<int:personne>/desactiver/", personnes.desactiver, name="desactiver"),
    path(f"{_S}comptes/<int:personne>/reactiver/", personnes.reactiver, name="reactiver"),
    path(
        f"{_S}comptes/<int:personne>/double-facteur/",
        personnes.oublier_double_facteur,
        name="oublier_double_facteur",
    ),
    path(f"{_S}journal/", journal.journal_structure, name="journal_structure"),
]
