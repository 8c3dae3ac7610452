"""Les devis d’une collectivité : demander, suivre, décider."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from dpd.comptes.sortie import rendre
from dpd.conventions import affichage_devis
from dpd.conventions.actions import devis as actions
from dpd.conventions.exports.devis import devis_imprime
from dpd.conventions.forms.devis import DemandeForm, MotifForm
from dpd.conventions.models import Devis
from dpd.conventions.regles.devis import GesteDevis, gestes_permis
from dpd.pagination import paginer

PAGE = {"onglet_actif": "convention"}
RELIRE = "Relisez le devis, puis cochez la case\u00a0: accepté, il ne se reprend pas."
# Chaque geste, et la capacité qu’il demande.
CAPACITES = {
    GesteDevis.ETUDIER: Capacite.GERER_DEVIS,
    GesteDevis.PROPOSER: Capacite.GERER_DEVIS,
    GesteDevis.REPRENDRE: Capacite.GERER_DEVIS,
    GesteDevis.DECLINER: Capacite.GERER_DEVIS,
    GesteDevis.ACCEPTER: Capacite.DECIDER,
    GesteDevis.REFUSER: Capacite.DECIDER,
    GesteDevis.RETIRER: Capacite.DEMANDER_DEVIS,
}


def devis_ou_404(request, siren, pk, capacite=Capacite.LIRE_CONVENTION):
    """(collectivité, devis) ; mêmes erreurs que ``collectivite_ou_404``."""
    collectivite = collectivite_ou_404(request, siren, capacite)
    requete = Devis.objects.select_related("demande_par", "propose_par", "decide_par")
    devis = get_object_or_404(requete, collectivite=collectivite, pk=pk)
    devis.collectivite = collectivite
    return collectivite, devis


def jour_chez(collectivite, maintenant):
    return maintenant.astimezone(collectivite.fuseau).date()


@require_safe
def devis_collectivite(request, siren):
    """Toutes les demandes d’une collectivité, la plus récente d’abord."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    jour = jour_chez(collectivite, timezone.now())
    page = paginer(request, Devis.objects.filter(collectivite=collectivite))
    lignes = [affichage_devis.lire(d, jour) for d in page.object_list]
    return render(request, "conventions/devis_collectivite.html", {**PAGE, "page": page, "lignes": lignes})


def devis_demander(request, siren):
    collectivite = collectivite_ou_404(request, siren, Capacite.DEMANDER_DEVIS)
    formulaire = DemandeForm(donnees_recues(request))
    if request.method == "POST" and formulaire.is_valid():
        try:
            devis = actions.demander(
                collectivite=collectivite,
                auteur=request.user,
                maintenant=timezone.now(),
                **formulaire.cleaned_data,
            )
        except ValidationError as refus:
            formulaire.add_error(None, refus)
        else:
            messages.success(request, "Votre demande est partie. Une étude de vos besoins suivra.")
            return redirect("conventions:devis", siren, devis.pk)
    return render(request, "conventions/devis_demander.html", {**PAGE, "formulaire": formulaire})


@require_safe
def devis(request, siren, pk):
    collectivite, lu = devis_ou_404(request, siren, pk)
    return render(request, "conventions/devis.html", contexte_devis(request, collectivite, lu))


def contexte_devis(request, collectivite, devis, **formulaires) -> dict:
    """La page d’un devis ; ``formulaires`` remplace un formulaire refusé, avec sa saisie et ses erreurs."""
    lu = affichage_devis.lire(devis, jour_chez(collectivite, timezone.now()))
    permis = gestes_permis(devis.etape, structure=True) + gestes_permis(devis.etape, structure=False)
    ouverts = {g.value for g in permis if request.acces.peut(CAPACITES[g], collectivite)}
    return {
        **PAGE,
        "lu": lu,
        "devis": devis,
        "gestes": ouverts,
        "version_lue": actions.version_lue(devis),
        "decliner": MotifForm(prefix="decliner", libelle="Pourquoi la structure ne donne pas suite"),
        "reprendre": MotifForm(prefix="reprendre", libelle="Ce qui est à revoir"),
        "refuser": MotifForm(prefix="refuser", libelle="Pourquoi vous refusez"),
        "retirer": MotifForm(prefix="retirer", libelle="Pourquoi vous retirez cette demande"),
        **formulaires,
    }


@require_POST
def devis_etudier(request, siren, pk):
    _, lu = devis_ou_404(request, siren, pk, Capacite.GERER_DEVIS)
    if request.POST.get("geste") != "etudier":
        return redirect("conventions:devis", siren, pk)
    return _geste(request, lu, actions.etudier, "Les besoins sont à l’étude\u00a0: préparez la proposition.")


@require_POST
def devis_accepter(request, siren, pk):
    _, lu = devis_ou_404(request, siren, pk, Capacite.DECIDER)
    if "relu" not in request.POST:
        messages.error(request, RELIRE)
        return redirect("conventions:devis", siren, pk)
    fait = "Le devis est accepté. Il sera porté à l’état annuel."
    return _geste(request, lu, actions.accepter, fait, lu=request.POST.get("lu", ""))


@require_POST
def devis_refuser(request, siren, pk):
    return _geste_motive(request, siren, pk, "refuser", "Le devis est refusé.")


@require_POST
def devis_retirer(request, siren, pk):
    return _geste_motive(request, siren, pk, "retirer", "Votre demande est retirée.")


@require_POST
def devis_decliner(request, siren, pk):
    return _geste_motive(request, siren, pk, "decliner", "La collectivité sait que vous ne donnez pas suite.")


@require_POST
def devis_reprendre(request, siren, pk):
    fait = "La proposition est retirée\u00a0: revoyez-la, puis proposez-la de nouveau."
    return _geste_motive(request, siren, pk, "reprendre", fait)


def _geste_motive(request, siren, pk, nom: str, fait: str):
    collectivite, lu = devis_ou_404(request, siren, pk, CAPACITES[GesteDevis(nom)])
    formulaire = MotifForm(request.POST, prefix=nom)
    if not formulaire.is_valid():
        contexte = contexte_devis(request, collectivite, lu, **{nom: formulaire})
        return render(request, "conventions/devis.html", contexte, status=422)
    return _geste(request, lu, getattr(actions, nom), fait, **formulaire.cleaned_data)


def _geste(request, devis, action, fait: str, **arguments):
    """Un geste, puis la page du devis ; un refus s’y dit en message."""
    try:
        action(devis=devis, auteur=request.user, maintenant=timezone.now(), **arguments)
    except ValueError as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, fait)
    return redirect("conventions:devis", devis.collectivite.siren, devis.pk)


@require_safe
def devis_pdf(request, siren, pk):
    """Le devis imprimable ; il sort du site, le journal le retient."""
    collectivite, lu = devis_ou_404(request, siren, pk)
    maintenant = timezone.now()
    return rendre(
        request,
        collectivite,
        devis_imprime(lu, maintenant=maintenant),
        "pdf",
        nom=nom_de_fichier(f"devis-{lu.pk}", collectivite, maintenant),
        detail=f"devis n°\u00a0{lu.pk}",
        maintenant=maintenant,
    )
