"""Ce que partagent les pages d’une demande : l’ouvrir, dire où l’on est, y revenir."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.gestes import Geste
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from subtraitance.models import DemandeDroits

ONGLET = "demandes"


def demande_ou_404(
    request, siren: str, annee: int, rang: int, *capacites: Capacite
) -> tuple[Collectivite, DemandeDroits]:
    """La collectivité et sa demande ; une seule de ces capacités suffit.

    Qui ne lit pas les demandes ne connaît que celles que la structure a reçues : celle que la collectivité
    a reçue elle-même n’existe pas pour lui.

    :raises Http404: à l’étranger, ou si la demande n’est pas de cette collectivité.
    :raises PermissionDenied: si le rôle ne suffit pas.
    """
    collectivite = collectivite_ou_404(request, siren, Capacite.VOIR_COLLECTIVITE)
    if not any(request.acces.peut(capacite, collectivite) for capacite in capacites):
        raise PermissionDenied
    demandes = DemandeDroits.objects.pour_lecture().filter(collectivite=collectivite)
    if not request.acces.peut(Capacite.LIRE_DEMANDES, collectivite):
        demandes = demandes.filter(echeance_transmission__isnull=False)
    demande = demandes.filter(annee=annee, rang=rang).first()
    if demande is None:
        raise Http404
    demande.collectivite = collectivite
    return collectivite, demande


def a_tenir(request, siren: str, annee: int, rang: int) -> DemandeDroits:
    """La demande que la personne instruit ; mêmes erreurs que :func:`demande_ou_404`."""
    return demande_ou_404(request, siren, annee, rang, Capacite.TENIR_DEMANDES)[1]


def arguments(demande: DemandeDroits) -> list:
    """Ceux de toutes les adresses d’une demande."""
    return [demande.collectivite.siren, demande.annee, demande.rang]


def adresse(demande: DemandeDroits, page: str) -> str:
    """L’adresse d’un geste sur cette demande."""
    return reverse(f"subtraitance:{page}", args=arguments(demande))


def page_de(request, demande: DemandeDroits) -> str:
    """Où revenir : le dossier, ou pour l’agent la page où il transmet."""
    lit = request.acces.peut(Capacite.LIRE_DEMANDES, demande.collectivite)
    return reverse("registre:demande" if lit else "subtraitance:transmettre", args=arguments(demande))


def chemin_de(request, demande: DemandeDroits) -> tuple[tuple[str, str], ...]:
    """Le fil d’Ariane jusqu’au dossier."""
    collectivite = demande.collectivite
    debut = (collectivite.nom, reverse("pilotage:collectivite", args=[collectivite.siren]))
    if request.acces.peut(Capacite.LIRE_DEMANDES, collectivite):
        liste = ("Demandes de droits", reverse("subtraitance:demandes", args=[collectivite.siren]))
    else:
        siren = collectivite.structure.siren
        liste = ("Demandes de droits", reverse("subtraitance:demandes_structure", args=[siren]))
    return (debut, liste)


def geste_de(request, demande: DemandeDroits, titre: str, bouton: str, **suite) -> Geste:
    """La page d’un geste, avec son fil et son retour."""
    dossier = (f"Demande {demande.numero}", page_de(request, demande))
    return Geste(
        titre,
        bouton,
        retour=dossier[1],
        onglet=ONGLET,
        chemin=(*chemin_de(request, demande), dossier),
        **suite,
    )
