"""La désignation du DPD à la CNIL, et la lettre du référent : deux papiers que l’application prépare."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.gestes import derouler, recus
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.actions.designation import (
    Declaration,
    designation_en_cours,
    designer,
    finir_designation,
    modifier_designation,
)
from dpd.conventions.etapes import REFERENT
from dpd.conventions.forms.designation import DesignationForm, FinMissionForm, LettreForm, ModificationForm
from dpd.conventions.lecture import PIECE, convention_utile
from dpd.conventions.lettre_referent import Nature, document, texte_propose
from dpd.conventions.models import Designation, EtapeMiseEnPlace
from dpd.conventions.regles.en_clair import le_jour
from dpd.conventions.teleservice import a_reunir, rubriques
from dpd.conventions.views.convention_commun import Geste, chemin_collectivite
from dpd.documents.reponse import reponse


@require_safe
def designation(request, siren):
    """Ce qu’il faut recopier sur le téléservice, ce qui manque, et ce qui a été déclaré."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_REGISTRE)
    lues = rubriques(collectivite)
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": "convention",
        "rubriques": lues,
        "a_reunir": a_reunir(lues),
        "actuelle": designation_en_cours(collectivite),
        "designations": Designation.objects.filter(collectivite=collectivite).select_related(*PIECE),
        "liees": _liees(request, collectivite),
    }
    return render(request, "conventions/designation.html", contexte)


def _liees(request, collectivite) -> list[Collectivite]:
    """Les autres personnes morales de la commune que l’on peut voir : chacune a sa désignation."""
    if not collectivite.code_insee:
        return []
    memes = Collectivite.objects.filter(
        structure=collectivite.structure, code_insee=collectivite.code_insee
    ).exclude(pk=collectivite.pk)
    return [c for c in memes if request.acces.peut(Capacite.VOIR_COLLECTIVITE, c)]


def _geste(collectivite, **dits) -> Geste:
    retour = reverse("conventions:designation", args=[collectivite.siren])
    suite = ("Désignation à la CNIL", retour)
    return Geste(retour=retour, chemin=chemin_collectivite(collectivite, suite), **dits)


def noter_designation(request, siren):
    """Ce que la CNIL a accusé : n°, date, récépissé."""
    collectivite = collectivite_ou_404(request, siren, Capacite.CONTRIBUER_MISE_EN_PLACE)
    maintenant = timezone.now()
    formulaire = DesignationForm(
        *recus(request),
        initial={
            "delegue": collectivite.dpd_propre_nom or collectivite.structure.nom,
            "coordonnees": collectivite.dpd_coordonnees,
            "representant": collectivite.representant,
        },
    )
    geste = _geste(
        collectivite,
        titre="Noter la désignation faite à la CNIL",
        bouton="Enregistrer la désignation",
        chapo="L’application n’envoie rien\u00a0: notez ici ce que le téléservice a accusé.",
    )
    return derouler(
        request,
        geste,
        formulaire,
        partial(designer, collectivite=collectivite, maintenant=maintenant),
        fait=lambda faite: f"Désignation notée au {le_jour(faite.designee_le)}.",
        collectivite=collectivite,
    )


def _designation_ou_404(request, siren, pk) -> Designation:
    """Une désignation en cours de cette collectivité."""
    collectivite = collectivite_ou_404(request, siren, Capacite.CONTRIBUER_MISE_EN_PLACE)
    requete = Designation.objects.filter(collectivite=collectivite, fin_le__isnull=True)
    return get_object_or_404(requete.select_related("collectivite__structure"), pk=pk)


def changer_designation(request, siren, pk):
    """Un nouveau responsable légal, de nouvelles coordonnées : déclarés, puis notés."""
    actuelle, maintenant = _designation_ou_404(request, siren, pk), timezone.now()
    collectivite = actuelle.collectivite
    initial = {nom: getattr(actuelle, nom) for nom in Declaration.__slots__}
    initial |= {"representant": collectivite.representant or actuelle.representant}
    geste = _geste(
        collectivite,
        titre="Noter une modification déclarée à la CNIL",
        bouton="Enregistrer la modification",
        chapo=f"La désignation date du {le_jour(actuelle.designee_le)}.",
    )
    return derouler(
        request,
        geste,
        ModificationForm(*recus(request), initial=initial),
        partial(modifier_designation, designation=actuelle, maintenant=maintenant),
        fait=lambda _: "La modification est notée.",
        collectivite=collectivite,
    )


def clore_designation(request, siren, pk):
    """Une fin de mission déclarée à la CNIL, avec son motif."""
    actuelle, maintenant = _designation_ou_404(request, siren, pk), timezone.now()
    geste = _geste(
        actuelle.collectivite,
        titre="Noter une fin de mission déclarée à la CNIL",
        bouton="Enregistrer la fin de mission",
        chapo="Un organisme public a toujours un délégué\u00a0: désignez le suivant (RGPD, art. 37-1).",
    )
    return derouler(
        request,
        geste,
        FinMissionForm(*recus(request)),
        partial(finir_designation, designation=actuelle, maintenant=maintenant),
        fait=lambda finie: f"Fin de mission notée au {le_jour(finie.fin_le)}.",
        collectivite=actuelle.collectivite,
    )


def lettre_referent(request, siren, nature):
    """La lettre de mission ou l’arrêté, à relire, à corriger, à télécharger, à faire signer."""
    collectivite = collectivite_ou_404(request, siren, Capacite.CONTRIBUER_MISE_EN_PLACE)
    if nature not in list(Nature):
        raise Http404
    choisie, maintenant = Nature(nature), timezone.now()
    convention = convention_utile(collectivite, timezone.localdate(maintenant, collectivite.fuseau))
    formulaire = LettreForm(
        request.POST or None, initial={"texte": texte_propose(choisie, collectivite, convention)}
    )
    if request.method == "POST" and formulaire.is_valid():
        ecrit = document(choisie, collectivite, formulaire.cleaned_data["texte"], maintenant)
        return reponse(ecrit, "pdf", f"{choisie.titre} {collectivite.nom}".lower())
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": "convention",
        "formulaire": formulaire,
        "nature": choisie,
        "natures": list(Nature),
        "etape": EtapeMiseEnPlace.objects.filter(convention=convention, code=REFERENT).first(),
    }
    return render(request, "conventions/designation_lettre.html", contexte)
