"""Qui est entré, qui a exporté, qui a donné un droit."""

from django.db.models import Min, Q
from django.shortcuts import render

from dpd.comptes.acces import collectivite_ou_404, structure_ou_404
from dpd.comptes.actions.personnes import REACTIVE
from dpd.comptes.droits import ayant_un_role_ailleurs, habilitations_de
from dpd.comptes.enums import NatureAcces
from dpd.comptes.journal import cible
from dpd.comptes.models import JournalAcces
from dpd.comptes.regles.capacites import Capacite
from dpd.pagination import paginer

# Une entrée sur le site ne vise aucune collectivité : on la montre là où la personne a un rôle.
ENTREES = (NatureAcces.CONNEXION, NatureAcces.ECHEC, NatureAcces.DEMONSTRATION)
PAR_PAGE = 50


def _page(request, lignes: Q):
    return paginer(request, JournalAcces.objects.filter(lignes).select_related("utilisateur"), PAR_PAGE)


def _entrees_ici(portee) -> Q:
    """Les entrées de qui n’a de rôle qu’ici, depuis son habilitation : le reste regarde d’autres lieux.

    Sans trace d’habilitation, celle-ci a plus d’un an, comme tout ce que le journal a déjà effacé.
    """
    habilites = {personne.pk for personne, _ in habilitations_de(portee)}
    propres = habilites - ayant_un_role_ailleurs(portee, habilites)
    debuts = dict(
        JournalAcces.objects.filter(nature=NatureAcces.HABILITATION, utilisateur__in=propres, **cible(portee))
        .exclude(detail__endswith=REACTIVE)  # au nom de qui a rouvert le compte d’une autre personne
        .order_by()
        .values_list("utilisateur")
        .annotate(debut=Min("quand"))
    )
    entrees = Q(utilisateur__in=propres - debuts.keys())
    for personne, debut in debuts.items():
        entrees |= Q(utilisateur=personne, quand__gte=debut)
    return entrees & Q(nature__in=ENTREES)


def journal(request, siren: str):
    collectivite = collectivite_ou_404(request, siren, Capacite.GERER_COMPTES)
    contexte = {
        "page": _page(request, Q(collectivite=collectivite) | _entrees_ici(collectivite)),
        "avec_adresses": False,
        "portee": collectivite,
        "retour": "comptes:personnes",
        "onglet_actif": "contacts",
    }
    return render(request, "comptes/journal.html", contexte)


def journal_structure(request, siren: str):
    structure = structure_ou_404(request, siren, Capacite.GERER_STRUCTURE)
    contexte = {
        "page": _page(request, Q(structure=structure) | _entrees_ici(structure)),
        "avec_adresses": True,
        "portee": structure,
        "retour": "comptes:structure",
        "onglet_actif": "equipe",
    }
    return render(request, "comptes/journal.html", contexte)
