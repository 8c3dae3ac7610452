"""Le registre qui sort, et les gestes groupés de la liste."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.enums import NatureAcces
from dpd.comptes.journal import consigner
from dpd.comptes.regles.capacites import Capacite
from dpd.documents.reponse import FORMATS, reponse
from dpd.regles.typographie import compte, pluriel
from registre import actions
from registre.acces import fiche_ou_404
from registre.enums import EtatVersion
from registre.exports import INTEGRAL, fiche_art30, registre_art30, versions_choisies, versions_du_registre
from registre.listes import FILTRES, fiches_courantes

FICHES_COCHEES_MAXIMALES = 2_000
CAPACITES = {
    **dict.fromkeys(FORMATS, Capacite.EXPORTER),
    "transmettre": Capacite.TENIR_REGISTRE,
    "relire": Capacite.TENIR_REGISTRE,
}


@require_GET
def exporter(request, siren, format):
    """Tout le registre, intégral ou communicable."""
    collectivite = collectivite_ou_404(request, siren, Capacite.EXPORTER)
    _verifier(format)
    requete = versions_du_registre(collectivite)
    return _rendre_le_registre(request, collectivite, requete, format, "registre")


@require_GET
def exporter_fiche(request, siren, reference, format):
    """La version affichée d’une fiche."""
    collectivite, version = fiche_ou_404(request, siren, reference, Capacite.EXPORTER)
    _verifier(format)
    maintenant, communicable = timezone.now(), _communicable(request)
    document = fiche_art30(
        collectivite, version, maintenant=maintenant, communicable=communicable, format=format
    )
    _consigner(request, collectivite, maintenant, format, f"fiche n°\u00a0{reference}", communicable)
    return reponse(document, format, _nom(f"fiche-{reference}", collectivite, maintenant, communicable))


@require_POST
def groupe(request, siren):
    """Un même geste pour les fiches cochées : les exporter, les transmettre, les marquer relues."""
    geste = request.POST.get("geste", "")
    collectivite = collectivite_ou_404(request, siren, CAPACITES.get(geste, Capacite.LIRE_REGISTRE))
    references = _references(request.POST.getlist("fiches"))
    if geste not in CAPACITES:
        return _refuser(request, siren, "Choisissez un geste dans la liste.")
    if not references:
        return _a_la_liste(request, siren, rien=request.GET.get("page", "1"), ancre="agir")
    if geste in FORMATS:
        return _exporter_le_choix(request, collectivite, references, geste)
    versions = fiches_courantes(collectivite).filter(traitement__reference__in=references)
    versions = list(versions.select_related("traitement", "collectivite__structure"))
    if not versions:
        return _refuser(request, siren, "Aucune de ces fiches n’est dans ce registre.")
    _GESTES[geste](request, versions)
    return _a_la_liste(request, siren)


def _verifier(format: str) -> None:
    if format not in FORMATS:
        raise Http404(f"Format d’export inconnu : {format}")


def _communicable(request) -> bool:
    return request.GET.get("communicable", "") == "1"


def _references(valeurs: Sequence[str]) -> set[int]:
    """Les numéros de fiche bien formés ; tout autre texte est ignoré."""
    return {
        int(v) for v in valeurs[:FICHES_COCHEES_MAXIMALES] if v.isascii() and v.isdecimal() and len(v) < 10
    }


def _refuser(request, siren, message: str):
    messages.error(request, message)
    return _a_la_liste(request, siren)


def _a_la_liste(request, siren, ancre: str = "", **ajouts: str):
    """La liste comme on l’avait laissée : mêmes filtres, même tri, même page."""
    gardes = {cle: request.GET[cle] for cle in (*FILTRES, "page") if request.GET.get(cle)}
    return redirect(
        reverse("registre:liste", args=[siren], query={**gardes, **ajouts}, fragment=ancre or None)
    )


def _exporter_le_choix(request, collectivite, references, format):
    requete = versions_choisies(collectivite, references)
    nombre = requete.count()
    if not nombre:
        return _refuser(request, collectivite.siren, "Aucune de ces fiches n’est dans ce registre.")
    nature = f"Extrait, {compte(nombre, 'fiche choisie', 'fiches choisies')}"
    return _rendre_le_registre(request, collectivite, requete, format, "selection", nature)


def _rendre_le_registre(request, collectivite, requete, format, quoi, nature=INTEGRAL):
    maintenant, communicable = timezone.now(), _communicable(request)
    document = registre_art30(
        collectivite,
        requete,
        maintenant=maintenant,
        nature=nature,
        communicable=communicable,
        format=format,
    )
    detail = f"{'registre' if quoi == 'registre' else 'sélection'}, {compte(len(document.sommaire), 'fiche')}"
    _consigner(request, collectivite, maintenant, format, detail, communicable)
    return reponse(document, format, _nom(quoi, collectivite, maintenant, communicable))


def _consigner(request, collectivite, maintenant, format, quoi, communicable) -> None:
    """Un export est une lecture, mais il sort du site : le journal le retient."""
    nature = ", version communicable" if communicable else ""
    consigner(
        NatureAcces.EXPORT,
        maintenant=maintenant,
        utilisateur=request.user,
        collectivite=collectivite,
        detail=f"{quoi}, {FORMATS[format].libelle}{nature}",
        request=request,
    )


def _nom(quoi, collectivite, maintenant, communicable) -> str:
    """« registre-montpezat-de-quercy-2026-11-23 » ; l’extension vient du format."""
    suite = " communicable" if communicable else ""
    jour = maintenant.astimezone(collectivite.fuseau).date()
    return f"{quoi}{suite} {collectivite.nom} {jour:%Y-%m-%d}".lower()


def _transmettre(request, versions) -> None:
    faites = [
        v for v in versions if v.etat == EtatVersion.BROUILLON and _faire(request, actions.transmettre, v)
    ]
    autres = len(versions) - len(faites)
    if faites:
        messages.success(
            request, f"{compte(len(faites), 'fiche transmise', 'fiches transmises')} à votre DPD."
        )
    if autres:
        verbe = pluriel(autres, "n’était pas un brouillon", "n’étaient pas des brouillons")
        messages.warning(request, f"{compte(autres, 'fiche')} {verbe}\u00a0: rien n’a changé.")


def _relire(request, versions) -> None:
    faites = [v for v in versions if v.etat == EtatVersion.ADOPTEE and _faire(request, actions.relire, v)]
    autres = len(versions) - len(faites)
    if faites:
        relues = compte(len(faites), "fiche relue", "fiches relues")
        messages.success(request, f"{relues}. Prochaine relecture dans un an.")
    if autres:
        verbe = pluriel(autres, "n’est pas adoptée", "ne sont pas adoptées")
        messages.warning(
            request, f"{compte(autres, 'fiche')} {verbe}\u00a0: seule une fiche adoptée se relit."
        )


def _faire(request, geste, version) -> bool:
    """Le geste sur une fiche ; faux si elle a changé d’état entre-temps."""
    try:
        geste(version=version, auteur=request.user, maintenant=timezone.now())
    except ValueError:
        return False
    return True


_GESTES = {"transmettre": _transmettre, "relire": _relire}
