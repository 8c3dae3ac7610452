"""Ce que la collectivité lit des interventions, et ce qu’il reste du temps prévu."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.sortie import rendre, verifier_format
from dpd.conventions import interventions_lues as lecture
from dpd.conventions.exports.interventions import releve_des_interventions
from dpd.conventions.mensuels_lus import etats_de
from dpd.pagination import paginer

ONGLET = "convention"


@require_safe
def interventions(request, siren):
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_INTERVENTIONS)
    jour = timezone.now().astimezone(collectivite.fuseau).date()
    annees = lecture.annees(collectivite)
    annee = lecture.lire_annee(request.GET.get("annee", ""))
    requete = lecture.de_la_collectivite(collectivite, annee)
    convention = lecture.convention_montree(collectivite, jour)
    temps = lecture.temps_de(convention, jour) if convention else ()
    total = lecture.total(requete)
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": ONGLET,
        "annee": annee,
        "annees": annees,
        "page": paginer(request, requete, total=total["lignes"]),
        "total": total,
        "temps": [t for t in temps if t.passe or t.prevu is not None],
        "etats": etats_de(collectivite),
    }
    return render(request, "conventions/interventions_collectivite.html", contexte)


@require_GET
def exporter_interventions(request, siren, format):
    """Le relevé d’une année (``?annee=``) ou de toutes."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_INTERVENTIONS)
    verifier_format(format)
    maintenant, annee = timezone.now(), lecture.lire_annee(request.GET.get("annee", ""))
    document = releve_des_interventions(
        collectivite,
        lecture.de_la_collectivite(collectivite, annee),
        annee=annee,
        maintenant=maintenant,
    )
    return rendre(
        request,
        collectivite,
        document,
        format,
        nom=nom_de_fichier("interventions", collectivite, maintenant),
        detail=f"interventions, {annee or 'toutes années'}",
        maintenant=maintenant,
    )
