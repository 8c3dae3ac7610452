"""Une collectivité et une structure ont les mêmes écrans de personnes, à des adresses différentes."""

from typing import NamedTuple

from django.urls import reverse


class Portee(NamedTuple):
    """Les noms d’URL des écrans d’une portée, et l’onglet où ils se rangent."""

    onglet: str
    liste: str
    inviter: str
    retirer: str
    revoquer: str
    renvoyer: str
    journal: str
    sur_collectivite: bool

    def adresse(self, lieu) -> str:
        return reverse(self.liste, args=[lieu.siren])


COLLECTIVITE = Portee(
    onglet="contacts",
    liste="comptes:personnes",
    inviter="comptes:inviter",
    retirer="comptes:retirer_role",
    revoquer="comptes:revoquer_invitation",
    renvoyer="comptes:renvoyer_invitation",
    journal="comptes:journal",
    sur_collectivite=True,
)
STRUCTURE = Portee(
    onglet="equipe",
    liste="comptes:structure",
    inviter="comptes:inviter_structure",
    retirer="comptes:retirer_role_structure",
    revoquer="comptes:revoquer_invitation_structure",
    renvoyer="comptes:renvoyer_invitation_structure",
    journal="comptes:journal_structure",
    sur_collectivite=False,
)
