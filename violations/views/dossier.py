"""Le dossier d’une violation : sa page, ses horloges qui se relisent, son dossier pour la CNIL."""

from datetime import datetime

from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.enums import Role
from dpd.comptes.sortie import rendre as rendre_document
from violations import actions
from violations.acces import violation_ou_404
from violations.dossier_lu import lire_dossier, lire_horloges
from violations.exports.dossier_cnil import dossier_imprime, notification_imprimee
from violations.models import Violation
from violations.views.dossier_commun import contexte_des_horloges, contexte_du_dossier, rendre

TIENNENT = {Role.REFERENT, Role.DECIDEUR}


@require_safe
def violation(request, siren, annee, rang):
    """Toute la page.

    C’est la seule lecture du site qui écrive : la première personne de la collectivité à ouvrir le dossier,
    et le premier DPD, y laissent leur date (suivi d’un incident, ``actions.marquer_lue``). Une fois, sans
    rien changer aux suivantes ; jamais sur une requête HEAD, un préchargement ou un fragment.
    """
    collectivite, ouverte = violation_ou_404(request, siren, annee, rang)
    maintenant = timezone.now()
    if _est_une_lecture(request) and _est_la_premiere(request, ouverte):
        actions.marquer_lue(violation=ouverte, auteur=request.user, maintenant=maintenant)
        ouverte.refresh_from_db(fields=["lue_par", "lue_le", "connaissance_dpd"])
    lu = lire_dossier(collectivite, ouverte)
    contexte = contexte_du_dossier(request, lu, maintenant)
    return rendre(request, collectivite, "violations/violation.html", contexte)


def _est_une_lecture(request) -> bool:
    """Une personne regarde la page : ni HEAD, ni fragment, ni préchargement du navigateur ou de htmx."""
    entetes = request.headers
    prefetch = "prefetch" in (entetes.get("Sec-Purpose", "") + entetes.get("Purpose", ""))
    return request.method == "GET" and not request.htmx and "HX-Preloaded" not in entetes and not prefetch


def _est_la_premiere(request, ouverte: Violation) -> bool:
    roles = request.acces.roles(ouverte.collectivite)
    a_lire = ouverte.lue_le is None and roles & TIENNENT
    return bool(a_lire or (ouverte.connaissance_dpd is None and Role.DPD in roles))


@require_safe
def horloges(request, siren, annee, rang):
    """Les horloges seules, que la page relit d’elle-même ; qui les ouvre autrement va au dossier."""
    collectivite, ouverte = violation_ou_404(request, siren, annee, rang)
    if not request.htmx:
        return redirect("violations:violation", siren, annee, rang)
    contexte = contexte_des_horloges(lire_horloges(collectivite, ouverte), timezone.now())
    return rendre(request, collectivite, "violations/_horloges.html", contexte)


@require_safe
def dossier_pdf(request, siren, annee, rang):
    """Le dossier à recopier : l’envoi initial, puis le complément."""
    collectivite, ouverte = violation_ou_404(request, siren, annee, rang)
    maintenant = timezone.now()
    lu = lire_dossier(collectivite, ouverte)
    return _en_pdf(request, lu, dossier_imprime(lu, maintenant=maintenant), "dossier CNIL", maintenant)


@require_safe
def notification_pdf(request, siren, annee, rang, pk):
    """Ce qui fut envoyé à la CNIL, figé."""
    collectivite, ouverte = violation_ou_404(request, siren, annee, rang)
    maintenant = timezone.now()
    lu = lire_dossier(collectivite, ouverte)
    notification = get_object_or_404(ouverte.notifications, pk=pk)
    document = notification_imprimee(lu, notification, maintenant=maintenant)
    return _en_pdf(request, lu, document, f"notification CNIL {pk}", maintenant)


def _en_pdf(request, lu, document, quoi: str, maintenant: datetime):
    numero = lu.violation.numero
    return rendre_document(
        request,
        lu.collectivite,
        document,
        "pdf",
        nom=nom_de_fichier(f"violation-{numero} {quoi}", lu.collectivite, maintenant),
        detail=f"violation n°\u00a0{numero}, {quoi}",
        maintenant=maintenant,
    )
