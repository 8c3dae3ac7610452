"""L’accueil du DPD : les violations à notifier, les avis à rendre, les décisions attendues, les registres."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from dpd.pagination import paginer
from dpd.pilotage import demandes, urgences
from dpd.pilotage.suivi import (
    avis_attendus,
    decisions_attendues,
    questions_ouvertes,
    registres_et_chiffres,
)

LIGNES = 8


@require_GET
def aujourdhui(request, siren):
    structure = structure_ou_404(request, siren, Capacite.VOIR_STRUCTURE)
    maintenant = timezone.now()
    contexte = {"onglet_actif": "aujourdhui", "jour": timezone.localdate(maintenant)}
    if not request.acces.peut_structure(Capacite.SUIVRE_PORTEFEUILLE, structure):
        contexte["demandes"] = ()
        if request.acces.peut_structure(Capacite.TRANSMETTRE_DEMANDES, structure):
            contexte["demandes"] = demandes.de_la_structure(
                structure, request.acces, maintenant, LIGNES, restreint=True
            )
        contexte["nb_collectivites"] = Collectivite.objects.actives().filter(structure=structure).count()
        return render(request, "pilotage/structure_sans_registre.html", contexte)
    jour = contexte["jour"]
    registres, chiffres = registres_et_chiffres(structure, jour)
    contexte |= {
        "delais": urgences.de_la_structure(structure, maintenant, LIGNES),
        "violations": urgences.nombre(structure),
        "maintenant": maintenant,
        "demandes": demandes.de_la_structure(structure, request.acces, maintenant, LIGNES),
        "avis": avis_attendus(structure, jour)[:LIGNES],
        "decisions": decisions_attendues(structure, jour)[:LIGNES],
        "questions": questions_ouvertes(structure)[:LIGNES],
        "chiffres": chiffres,
        "registres": registres,
        "lignes": LIGNES,
    }
    return render(request, "pilotage/structure.html", contexte)


@require_GET
def questions(request, siren):
    """Toutes les questions sans réponse des collectivités suivies ; au DPD seul (RGPD art. 38-5)."""
    structure = structure_ou_404(request, siren, Capacite.SUIVRE_PORTEFEUILLE)
    contexte = {"onglet_actif": "aujourdhui", "page": paginer(request, questions_ouvertes(structure))}
    return render(request, "pilotage/questions.html", contexte)
