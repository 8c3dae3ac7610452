"""Un état mensuel : la collectivité le tranche, la structure lui répond."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.sortie import rendre, verifier_format
from dpd.conventions import mensuels_lus as lecture
from dpd.conventions.acces_etats import collectivite_presentee, peut_presenter
from dpd.conventions.actions.mensuels_lignes import decider, repondre, valider_tout
from dpd.conventions.exports.mensuel import etat_mensuel_en_document
from dpd.conventions.forms.mensuels import DecisionLigneForm, ReponseLigneForm
from dpd.conventions.models import EtatMensuel
from dpd.conventions.regles.mensuel import EtatLigne, GesteLigne
from dpd.regles.typographie import compte

ONGLET = "convention"
RELIRE = "Relisez les lignes, puis cochez la case\u00a0: validées, elles ne changeront plus."


def _etat(collectivite, annee: int, mois: int) -> EtatMensuel:
    etats = EtatMensuel.objects.select_related("fige_par", "valide_par", "convention__modele")
    return get_object_or_404(etats, collectivite=collectivite, annee=annee, mois=mois)


@require_safe
def etat_mensuel(request, siren, annee, mois):
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_INTERVENTIONS)
    return _page(request, collectivite, _etat(collectivite, annee, mois))


def _page(request, collectivite, etat: EtatMensuel, refuse=None):
    """La page, avec le formulaire refusé à la place de celui de sa ligne."""
    bilan = lecture.bilan(etat)
    decide = request.acces.peut(Capacite.DECIDER, collectivite)
    presente = peut_presenter(request.acces, collectivite)
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": ONGLET,
        "etat": etat,
        "bilan": bilan,
        "mois": lecture.nom_du_mois(etat.annee, etat.mois),
        "lignes": [_ligne(ligne, decide, presente, refuse) for ligne in bilan.lignes],
        "lu": lecture.lu_de_l_etat(bilan.lignes),
        "decide": decide and not presente,
        "presente": presente,
    }
    return render(request, "conventions/mensuel.html", contexte)


def _ligne(ligne, decide: bool, presente: bool, refuse) -> dict:
    """Une ligne et le formulaire de qui peut agir sur elle, s’il y en a un."""
    ouverts = {
        EtatLigne.A_VALIDER: DecisionLigneForm if decide and not presente else None,
        EtatLigne.CONTESTEE: ReponseLigneForm if presente else None,
    }
    classe, formulaire = ouverts.get(ligne.etape), None
    if classe is not None:
        sienne = isinstance(refuse, classe) and refuse.data.get("ligne") == str(ligne.ordre)
        initial = {"ligne": ligne.ordre, "lu": lecture.lu(ligne)}
        formulaire = refuse if sienne else classe(initial=initial, auto_id=f"id-{ligne.ordre}-%s")
        if sienne:  # la page montre la ligne d’aujourd’hui : c’est elle qui vient d’être relue
            formulaire.data = {**refuse.data.dict(), "lu": initial["lu"]}
    return {"ligne": ligne, "formulaire": formulaire}


@require_POST
def valider_etat_mensuel(request, siren, annee, mois):
    """Toutes les lignes en attente, d’un coup."""
    collectivite = collectivite_ou_404(request, siren, Capacite.DECIDER)
    etat = _etat(collectivite, annee, mois)
    if "relu" not in request.POST:
        messages.error(request, RELIRE)
        return redirect("conventions:etat_mensuel", siren, annee, mois)
    try:
        validees = valider_tout(
            etat=etat, lu=request.POST.get("lu", ""), auteur=request.user, maintenant=timezone.now()
        )
    except ValueError as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, f"{compte(len(validees), 'ligne validée', 'lignes validées')}.")
    return redirect("conventions:etat_mensuel", siren, annee, mois)


@require_POST
def decider_ligne(request, siren, annee, mois):
    collectivite = collectivite_ou_404(request, siren, Capacite.DECIDER)
    etat = _etat(collectivite, annee, mois)
    faits = {
        GesteLigne.VALIDER: "La ligne est validée.",
        GesteLigne.CONTESTER: "La ligne est contestée\u00a0: la structure vous répondra.",
    }
    return _geste(request, collectivite, etat, DecisionLigneForm, decider, faits)


@require_POST
def repondre_ligne(request, siren, annee, mois):
    collectivite = collectivite_presentee(request, siren)
    etat = _etat(collectivite, annee, mois)
    faits = {
        GesteLigne.CORRIGER: "La durée est corrigée\u00a0: la collectivité la validera.",
        GesteLigne.MAINTENIR: "La durée est maintenue\u00a0: la collectivité lira votre motif.",
        GesteLigne.RETIRER: "La ligne est retirée.",
    }
    return _geste(request, collectivite, etat, ReponseLigneForm, repondre, faits)


def _geste(request, collectivite, etat: EtatMensuel, classe, action, faits: dict[GesteLigne, str]):
    """Un geste sur une ligne : fait, ou la page revient avec le refus à sa place."""
    formulaire = classe(request.POST, auto_id=f"id-{_numero(request)}-%s")
    if formulaire.is_valid():
        saisie = formulaire.cleaned_data
        geste = GesteLigne(saisie["geste"])
        arguments = {"motif": saisie["motif"], "lu": saisie["lu"]}
        if "minutes" in saisie:
            arguments["minutes"] = saisie["minutes"]
        ligne = etat.lignes.select_related("etat_mensuel").filter(ordre=saisie["ligne"]).first()
        if ligne is None:
            raise Http404
        try:
            action(ligne=ligne, geste=geste, auteur=request.user, maintenant=timezone.now(), **arguments)
        except ValueError as refus:
            formulaire.add_error(None, str(refus))
        else:
            messages.success(request, faits[geste])
            return redirect("conventions:etat_mensuel", collectivite.siren, etat.annee, etat.mois)
    refus_generaux = formulaire.non_field_errors()
    for refus in refus_generaux or (["Une réponse est à reprendre."] if formulaire.errors else []):
        messages.error(request, refus)
    return _page(request, collectivite, etat, formulaire)


def _numero(request) -> str:
    numero = request.POST.get("ligne", "")
    return numero if numero.isascii() and numero.isdecimal() and len(numero) < 6 else "0"


@require_GET
def exporter_etat_mensuel(request, siren, annee, mois, format):
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_INTERVENTIONS)
    verifier_format(format)
    etat, maintenant = _etat(collectivite, annee, mois), timezone.now()
    return rendre(
        request,
        collectivite,
        etat_mensuel_en_document(collectivite, lecture.bilan(etat), maintenant=maintenant),
        format,
        nom=nom_de_fichier(f"etat-{annee}-{mois:02}", collectivite, maintenant),
        detail=f"état mensuel, {lecture.nom_du_mois(annee, mois)}",
        maintenant=maintenant,
    )
