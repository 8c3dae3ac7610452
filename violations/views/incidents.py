"""Les incidents de la structure : la liste, le signalement, le tableau de bord et son export."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_safe

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.gestes import recus
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.sortie import rendre as rendre_l_export
from dpd.comptes.sortie import verifier_format
from dpd.pagination import paginer
from violations import incidents_lus as lecture
from violations.actions.incidents import signaler as signaler_un_incident
from violations.exports.incidents import tableau_en_document
from violations.forms.incidents import IncidentForm
from violations.incidents_affichage import etat_de, faits_dits, horloge_de, ligne_vue
from violations.views.incidents_commun import (
    adresse_incident,
    chemin_incident,
    incident_ou_404,
    lit_les_dossiers,
    rendre,
)


@require_safe
def incidents(request, siren):
    """Du plus récent au plus ancien."""
    structure = structure_ou_404(request, siren, Capacite.SIGNALER_INCIDENT)
    etat = request.GET.get("etat", "")
    etat = etat if etat in lecture.ETATS_INCIDENT else ""
    q = request.GET.get("q", "").strip()[:100]
    page = paginer(request, lecture.incidents_de(structure, etat, q))
    contexte = {
        "page": page,
        "lignes": [(incident, etat_de(incident)) for incident in page],
        "etat": etat,
        "q": q,
        "etats": lecture.ETATS_INCIDENT.items(),
    }
    fragment = "violations/incidents_tableau.html"
    reponse = rendre(
        request, structure, fragment if request.htmx else "violations/incidents.html", **contexte
    )
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


def signaler(request, siren):
    """Ce que le sous-traitant a dit ; la page suivante propose les collectivités à prévenir."""
    structure = structure_ou_404(request, siren, Capacite.SIGNALER_INCIDENT)
    formulaire = IncidentForm(recus(request)[0], structure=structure)
    if request.method == "POST" and formulaire.is_valid():
        try:
            incident = signaler_un_incident(
                structure=structure,
                auteur=request.user,
                maintenant=timezone.now(),
                **formulaire.saisie(),
            )
        except ValidationError as refus:
            formulaire.refuser(refus)
        else:
            messages.success(
                request,
                f"L’incident est enregistré sous le n°\u00a0{incident.numero}. "
                "Choisissez maintenant les collectivités à prévenir.",
            )
            return redirect(adresse_incident(incident, "ouvrir_incident"))
    chemin = (("Incidents", reverse("violations:incidents", args=[structure.siren])),)
    return rendre(
        request, structure, "violations/incident_signaler.html", formulaire=formulaire, chemin=chemin
    )


@require_safe
def incident(request, siren, annee, rang):
    """Qui est prévenu, qui a lu ; au DPD seul, qui a décidé et qui a notifié."""
    structure, vu = incident_ou_404(request, siren, annee, rang)
    maintenant, detaille = timezone.now(), lit_les_dossiers(request, structure)
    filtres = lecture.filtres_ouverts(detaille)
    filtre = request.GET.get("filtre", "")
    filtre = filtre if filtre in filtres else ""
    q = request.GET.get("q", "").strip()[:100]
    page = paginer(request, lecture.violations_de(vu, filtre, q, maintenant), lecture.PAR_PAGE)
    courriels = lecture.courriels_de(list(page))
    contexte = {
        "incident": vu,
        "page": page,
        "lignes": [ligne_vue(v, courriels[v.pk], maintenant, detaille) for v in page],
        "detaille": detaille,
        "filtre": filtre,
        "filtres": filtres.items(),
        "q": q,
        "adresse": adresse_incident(vu),
    }
    if request.htmx:
        reponse = rendre(request, structure, "violations/incident_tableau.html", **contexte)
    else:
        reponse = rendre(
            request,
            structure,
            "violations/incident.html",
            **contexte,
            chemin=chemin_incident(vu)[:1],
            etat=etat_de(vu),
            horloge=horloge_de(vu, maintenant),
            compteurs=lecture.compter(vu, maintenant, detaille),
            faits=faits_dits(vu),
            pieces=lecture.pieces_de(vu),
            informations=vu.informations.select_related("diffusee_par"),
        )
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


@require_GET
def exporter(request, siren, annee, rang, format):
    """Le tableau de bord en classeur ou en document, tel que la personne a le droit de le voir."""
    structure, vu = incident_ou_404(request, siren, annee, rang)
    verifier_format(format)
    maintenant = timezone.now()
    document = tableau_en_document(vu, maintenant, lit_les_dossiers(request, structure))
    return rendre_l_export(
        request,
        structure,
        document,
        format,
        nom=nom_de_fichier(f"incident {vu.numero}", structure, maintenant),
        detail=f"incident {vu.numero}",
        maintenant=maintenant,
    )
