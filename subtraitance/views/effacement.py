"""Effacer les données des demandeurs dont le terme est passé, une à une ou par lot coché."""

import re
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.forms_gestes import ajouter_le_refus
from dpd.comptes.gestes import Geste, derouler
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from dpd.pagination import paginer
from dpd.regles.typographie import compte, date_longue
from subtraitance.actions.effacement import effacer_le_demandeur, effacer_les_demandeurs, peut_effacer
from subtraitance.actions.reglages import reglages_de
from subtraitance.enums import EtatDemande
from subtraitance.forms.effacement import EffacementForm
from subtraitance.models import DemandeDroits

PAR_PAGE = 50
AUCUNE = "Cochez au moins une demande."
DEJA = "Les données de ce demandeur sont déjà effacées."
NUMERO = re.compile(r"[0-9]{1,18}")  # ce que la base sait comparer
FAIT = "Les données du demandeur sont effacées. Les dates et les décisions restent au registre."
FAITES = "{}\u00a0: données du demandeur effacées. Les dates et les décisions restent au registre."
REPERES = (
    {
        "titre": "Ce qui s’efface",
        "phrase": "Le nom, les coordonnées, la demande et ses mots, les lettres, tous les fichiers joints.",
        "article": "RGPD, art. 5-1 e",
    },
    {
        "titre": "Ce qui reste",
        "phrase": "Le numéro, les dates, les étapes et la décision\u00a0: la preuve que vous avez répondu.",
        "article": "RGPD, art. 5-2",
    },
    {
        "titre": "Les Archives",
        "phrase": "Toute demande est une archive publique\u00a0: la détruire demande leur visa préalable.",
        "article": "Code du patrimoine, art. L.212-2",
    },
)


def effacer_demandeur(request, siren, annee, rang):
    """Sans retour : la page dit ce qui s’efface et ce qui reste."""
    collectivite = _a_effacer_ou_403(request, siren)
    demande = (
        DemandeDroits.objects.pour_lecture().filter(collectivite=collectivite, annee=annee, rang=rang).first()
    )
    if demande is None:
        raise Http404
    dossier = reverse("registre:demande", args=[siren, annee, rang])
    if demande.efface_le is not None:
        messages.info(request, DEJA)
        return redirect(dossier)
    maintenant = timezone.now()
    formulaire = EffacementForm(donnees_recues(request))
    empeche, phrase = _etat(demande, maintenant)
    geste = Geste(
        titre="Effacer le demandeur",
        bouton="Effacer définitivement",
        retour=dossier,
        onglet="demandes",
        chapo=phrase,
        chemin=(*_chemin(collectivite), (f"Demande {demande.numero}", dossier)),
        reperes=REPERES,
        titre_reperes="Ce que fait cet effacement",
    )
    return derouler(
        request,
        geste,
        formulaire,
        effacer_le_demandeur,
        fait=lambda _: FAIT,
        saisie=lambda _: {
            "demande": demande,
            "accord": formulaire.accord_dit(),
            "maintenant": maintenant,
        },
        gabarit="subtraitance/effacer_demandeur.html",
        demande=demande,
        empeche=empeche,
        sans_duree=demande.effacer_apres is None and demande.etat == EtatDemande.CLOSE,
    )


def demandes_a_effacer(request, siren):
    """Celles dont le terme est passé ; le DPD lit, la collectivité efface."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_DEMANDES)
    efface = peut_effacer(request.acces, collectivite)
    if request.method == "POST" and not efface:
        raise PermissionDenied
    maintenant = timezone.now()
    formulaire = EffacementForm(donnees_recues(request))
    cochees = [valeur for valeur in request.POST.getlist("demandes") if NUMERO.fullmatch(valeur)]
    if request.method == "POST" and formulaire.is_valid():
        faites = _effacer_les_cochees(request, collectivite, formulaire, cochees, maintenant)
        if not formulaire.errors:
            messages.success(request, FAITES.format(compte(faites, "demande")) if faites else DEJA)
            return redirect("subtraitance:demandes_a_effacer", siren)
    closes = DemandeDroits.objects.filter(
        collectivite=collectivite, etat=EtatDemande.CLOSE, efface_le__isnull=True
    )
    jour = maintenant.astimezone(collectivite.fuseau).date()
    contexte = {
        "onglet_actif": "demandes",
        "chemin": _chemin(collectivite),
        "page": paginer(
            request, closes.filter(effacer_apres__lt=jour).order_by("effacer_apres", "pk"), PAR_PAGE
        ),
        "gardees": closes.filter(effacer_apres__gte=jour).count(),
        "sans_terme": closes.filter(effacer_apres__isnull=True).count(),
        "reglages": reglages_de(collectivite),
        "formulaire": formulaire,
        "cochees": cochees,
        "efface": efface,
        "reperes": REPERES,
    }
    return render(request, "subtraitance/effacer.html", contexte)


def _effacer_les_cochees(request, collectivite: Collectivite, formulaire, cochees, maintenant) -> int:
    """Combien l’ont été ; le refus est au formulaire."""
    demandes = list(DemandeDroits.objects.filter(collectivite=collectivite, pk__in=cochees))
    if not demandes:
        formulaire.add_error(None, AUCUNE)
        return 0
    try:
        return effacer_les_demandeurs(
            demandes=demandes, accord=formulaire.accord_dit(), auteur=request.user, maintenant=maintenant
        )
    except ValidationError as refus:
        ajouter_le_refus(formulaire, refus)
        return 0


def _a_effacer_ou_403(request, siren: str) -> Collectivite:
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_DEMANDES)
    if not peut_effacer(request.acces, collectivite):
        raise PermissionDenied
    return collectivite


def _etat(demande: DemandeDroits, maintenant: datetime) -> tuple[bool, str]:
    """Si quelque chose empêche d’effacer, et ce que la page en dit."""
    if demande.etat != EtatDemande.CLOSE:
        return True, "Cette demande n’est pas close\u00a0: le demandeur s’efface après la clôture."
    if demande.effacer_apres is None:
        return True, (
            "Aucune durée de conservation n’est fixée\u00a0: le responsable la choisit dans les réglages des "
            "demandes, et rien ne s’efface avant."
        )
    dernier = f"Le dernier jour où le garder\u00a0: {date_longue(demande.effacer_apres)}."
    if maintenant.astimezone(demande.collectivite.fuseau).date() <= demande.effacer_apres:
        return True, f"{dernier} Il pourra être effacé ensuite, avec l’accord des Archives."
    return False, f"{dernier} L’effacement est sans retour."


def _chemin(collectivite: Collectivite) -> tuple[tuple[str, str], ...]:
    return (
        (collectivite.nom, reverse("pilotage:collectivite", args=[collectivite.siren])),
        ("Demandes de droits", reverse("subtraitance:demandes", args=[collectivite.siren])),
    )
