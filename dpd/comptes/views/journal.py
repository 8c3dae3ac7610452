"""Qui est entré, qui a exporté, qui a donné un droit."""

from django.db.models import Q
from django.shortcuts import render

from dpd.comptes.acces import collectivite_ou_404, structure_ou_404
from dpd.comptes.droits import habilitations_de
from dpd.comptes.enums import NatureAcces
from dpd.comptes.models import JournalAcces
from dpd.comptes.regles.capacites import Capacite
from dpd.pagination import paginer

# Une entrée sur le site ne vise aucune collectivité : on la montre là où la personne a un rôle.
ENTREES = (NatureAcces.CONNEXION, NatureAcces.ECHEC, NatureAcces.DEMONSTRATION)
PAR_PAGE = 50


def _page(request, portee, gestes: Q):
    habilites = {personne.pk for personne, _ in habilitations_de(portee)}
    entrees = Q(utilisateur__in=habilites, nature__in=ENTREES)
    return paginer(
        request, JournalAcces.objects.filter(gestes | entrees).select_related("utilisateur"), PAR_PAGE
    )


def journal(request, siren: str):
    collectivite = collectivite_ou_404(request, siren, Capacite.GERER_COMPTES)
    contexte = {
        "page": _page(request, collectivite, Q(collectivite=collectivite)),
        "portee": collectivite,
        "retour": "comptes:personnes",
        "onglet_actif": "contacts",
    }
    return render(request, "comptes/journal.html", contexte)


def journal_structure(request, siren: str):
    structure = structure_ou_404(request, siren, Capacite.GERER_STRUCTURE)
    contexte = {
        "page": _page(request, structure, Q(structure=structure)),
        "portee": structure,
        "retour": "comptes:structure",
        "onglet_actif": "equipe",
    }
    return render(request, "comptes/journal.html", contexte)
