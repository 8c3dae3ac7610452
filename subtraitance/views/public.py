"""Le formulaire public d’une collectivité : exercer ses droits sans compte, sans pièce d’identité."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dpd.comptes.forms_gestes import ajouter_le_refus
from dpd.comptes.models import Collectivite
from subtraitance import antirobot
from subtraitance.actions.depot_public import Depot, deja_depose, deposer_en_public
from subtraitance.antirobot import EtatSceau
from subtraitance.contacts_publics import contexte_public
from subtraitance.forms.public import DemandePubliqueForm
from subtraitance.models import ReglagesDemandes

# La même phrase pour tout robot : elle ne dit pas ce qui l’a trahi.
REFUS = (
    "Votre demande n’a pas pu être enregistrée. Rien n’est perdu\u00a0: relisez-la et envoyez-la de "
    "nouveau. Si cela recommence, écrivez au délégué à la protection des données, ci-dessous."
)
PERIME = (
    "Cette page est restée ouverte plus d’un jour. Rien n’est perdu\u00a0: relisez votre demande et "
    "envoyez-la de nouveau."
)
TROP = (
    "Trop de demandes sont arrivées en peu de temps. Rien n’est perdu\u00a0: gardez cette page ouverte et "
    "envoyez-la de nouveau dans une heure, ou écrivez au délégué à la protection des données."
)
ATTENTE = timedelta(hours=1)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def formulaire_public(request, siren):
    """Recevoir la demande d’un habitant ; ouvert par le responsable, jamais par défaut.

    :raises Http404: si la collectivité n’existe pas, n’est pas suivie, ou n’a pas ouvert son formulaire.
    """
    reglages = _ouvert_ou_404(siren)
    collectivite = reglages.collectivite
    maintenant = timezone.now()
    formulaire = DemandePubliqueForm(request.POST if request.method == "POST" else None)
    statut = 200
    if request.method == "POST":
        sceau = antirobot.lire_le_sceau(request.POST.get("sceau", ""), siren, maintenant)
        if formulaire.is_valid():
            refus, statut = _refus(request, collectivite, formulaire, sceau)
            if not refus and (depot := _deposer(collectivite, formulaire, sceau, maintenant)):
                return _vers_le_suivi(depot)
            if refus:
                formulaire.add_error(None, refus)
        _resceller(formulaire, sceau, siren, maintenant)
    else:
        formulaire.initial["sceau"] = antirobot.sceller(siren, maintenant)
    contexte = contexte_public(collectivite) | {"reglages": reglages, "formulaire": formulaire}
    reponse = render(request, "subtraitance/public.html", contexte, status=statut)
    if statut == 429:
        reponse["Retry-After"] = str(int(ATTENTE.total_seconds()))
    reponse["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return reponse


def _ouvert_ou_404(siren: str) -> ReglagesDemandes:
    reglages = (
        ReglagesDemandes.objects.select_related("collectivite__structure")
        .filter(collectivite__siren=siren, collectivite__active=True, formulaire_ouvert=True)
        .first()
    )
    if reglages is None:
        raise Http404
    return reglages


def _refus(request, collectivite: Collectivite, formulaire, sceau: antirobot.Sceau) -> tuple[str, int]:
    """La phrase et le code d’un envoi que l’on n’enregistre pas ; une phrase vide le laisse passer."""
    if formulaire.est_piege or sceau.etat in (EtatSceau.FAUX, EtatSceau.TROP_TOT):
        return REFUS, 400
    if sceau.etat == EtatSceau.PERIME:
        return PERIME, 400
    if deja_depose(collectivite, sceau.jeton):
        return "", 200
    debits = (
        (antirobot.PAR_ADRESSE, antirobot.qui_de(request)),
        (antirobot.PAR_COLLECTIVITE, collectivite.siren),
    )
    return ("", 200) if antirobot.passent(debits) else (TROP, 429)


def _deposer(collectivite: Collectivite, formulaire, sceau, maintenant) -> Depot | None:
    """La demande enregistrée, ou ``None`` : le refus est alors sous son champ."""
    dits = formulaire.dits()
    courriel = dits["demandeur_courriel"].lower()
    try:
        return deposer_en_public(
            collectivite=collectivite,
            jeton=sceau.jeton,
            maintenant=maintenant,
            # On n’inonde pas la boîte de quelqu’un en donnant son courriel à sa place.
            accuser=bool(courriel) and antirobot.passer(antirobot.PAR_COURRIEL, courriel),
            **dits,
        )
    except ValidationError as refus:
        ajouter_le_refus(formulaire, refus)
        return None


def _vers_le_suivi(depot: Depot):
    adresse = redirect("subtraitance:suivi", depot.suivi)
    adresse["Location"] += "?deja=1" if depot.deja else "?recue=1"
    return adresse


def _resceller(formulaire, sceau, siren: str, maintenant) -> None:
    """Un sceau qui peut encore servir reste dans la page ; un autre est refait, avec le même jeton."""
    formulaire.data = formulaire.data.copy()
    formulaire.data["site_internet"] = ""
    if sceau.etat in (EtatSceau.FAUX, EtatSceau.PERIME):
        formulaire.data["sceau"] = antirobot.sceller(siren, maintenant, sceau.jeton)
