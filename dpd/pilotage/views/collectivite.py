"""L’accueil d’une collectivité : que faire, avant quand, qui décide."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.comptes.regles.capacites import Capacite
from dpd.pilotage import demandes, urgences
from dpd.pilotage.graphiques import barre_de_registre
from dpd.pilotage.taches import MAX_TACHES, taches_de
from registre.listes import compter, fiches_courantes

MINUTES_VIOLATION = 5
MINUTES_DEMANDE = 15


@require_GET
def a_faire(request, siren):
    collectivite = collectivite_ou_404(request, siren, Capacite.VOIR_COLLECTIVITE)
    maintenant = timezone.now()
    jour = maintenant.astimezone(collectivite.fuseau).date()
    contexte = {"onglet_actif": "a_faire", "jour": jour, "comptes": None}
    if request.acces.peut(Capacite.LIRE_REGISTRE, collectivite):
        presse = _violations(request, collectivite, maintenant)
        taches = taches_de(
            collectivite, jour, tient=request.acces.peut(Capacite.TENIR_REGISTRE, collectivite)
        )
        comptes = compter(fiches_courantes(collectivite), jour)
        droits = _demandes(request, collectivite, maintenant, MAX_TACHES - len(presse))
        urgentes = len(presse) + len(droits)
        montrees = taches[: MAX_TACHES - urgentes]
        contexte |= {
            "taches": montrees,
            "autres_taches": len(taches) - len(montrees),
            "violations": presse,
            "demandes": droits,
            "choses": len(taches) + urgentes,
            "montrees": len(montrees) + urgentes,
            "minutes": sum(t.minutes for t in montrees)
            + MINUTES_VIOLATION * len(presse)
            + MINUTES_DEMANDE * len(droits),
            "comptes": comptes,
            "barre": barre_de_registre(comptes),
            "decisions": [t for t in taches if t.etat.cle == "adoption_attendue"],
            "decideurs": list(personnes_de(collectivite, Role.DECIDEUR)),
        }
    return render(request, "pilotage/collectivite.html", contexte)


def _violations(request, collectivite, maintenant):
    """Celles à notifier, à qui lit les violations ; le lecteur du registre n’en sait rien."""
    if not request.acces.peut(Capacite.LIRE_VIOLATIONS, collectivite):
        return []
    return urgences.de_la_collectivite(collectivite, maintenant, MAX_TACHES)


def _demandes(request, collectivite, maintenant, au_plus: int):
    """Celles qui attendent une réponse, à qui lit les demandes."""
    if not request.acces.peut(Capacite.LIRE_DEMANDES, collectivite):
        return []
    return demandes.de_la_collectivite(collectivite, request.acces, maintenant, au_plus)
