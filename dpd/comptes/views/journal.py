"""Qui est entré, qui a exporté, qui a donné un droit."""

from django.db.models import Min, Q
from django.shortcuts import render

from dpd.comptes.acces import collectivite_ou_404, structure_ou_404
from dpd.comptes.actions.personnes import REACTIVE
from dpd.comptes.droits import ayant_un_role_ailleurs, habilitations_de
from dpd.comptes.enums import NatureAcces
from dpd.comptes.journal import cible
from dpd.comptes.models import Collectivite, JournalAcces
from dpd.comptes.regles.capacites import Capacite
from dpd.pagination import paginer

# Une entrée sur le site ne vise aucune collectivité : on la montre là où la personne a un rôle.
ENTREES = (NatureAcces.CONNEXION, NatureAcces.ECHEC, NatureAcces.DEMONSTRATION)
PAR_PAGE = 50


def _page(request, lignes: Q):
    return paginer(request, JournalAcces.objects.filter(lignes).select_related("utilisateur"), PAR_PAGE)


def _entrees_ici(portee) -> Q:
    """Les entrées de qui n’a de rôle qu’ici, depuis son habilitation : le reste regarde d’autres lieux.

    Qui a servi ailleurs dans l’année n’y est pas : rien ne dit pour qui elle entrait alors. Sans trace
    d’habilitation, celle-ci a plus d’un an, comme tout ce que le journal a déjà effacé.
    """
    habilites = {personne.pk for personne, _ in habilitations_de(portee)}
    traces = (
        JournalAcces.objects.filter(nature=NatureAcces.HABILITATION, utilisateur__in=habilites)
        .exclude(detail__endswith=REACTIVE)  # au nom de qui a rouvert le compte d’une autre personne
        .order_by()
    )
    servi_ailleurs = set(traces.exclude(_ici(portee)).values_list("utilisateur", flat=True))
    propres = habilites - ayant_un_role_ailleurs(portee, habilites) - servi_ailleurs
    siennes = traces.filter(utilisateur__in=propres, **cible(portee))
    debuts = dict(siennes.values_list("utilisateur").annotate(debut=Min("quand")))
    entrees = Q(utilisateur__in=propres - debuts.keys())
    for personne, debut in debuts.items():
        entrees |= Q(utilisateur=personne, quand__gte=debut)
    return entrees & Q(nature__in=ENTREES)


def _ici(portee) -> Q:
    """Les traces d’une collectivité et de sa structure, ou d’une structure et de ses collectivités."""
    if isinstance(portee, Collectivite):
        return Q(collectivite=portee) | Q(structure=portee.structure_id)
    return Q(collectivite__structure=portee) | Q(structure=portee)


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
