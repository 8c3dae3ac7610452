"""Lire le registre : la liste, une fiche, son histoire."""

from collections.abc import Callable

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.regles.capacites import Capacite
from dpd.pagination import paginer
from registre import actions
from registre.acces import fiche_ou_404
from registre.ecriture import fiche_de
from registre.forms.parcours import AvisForm, DecisionForm, NouvelleFicheForm, QuestionForm, ReserveForm
from registre.historique import chronologie
from registre.lecture import presenter
from registre.listes import FILTRES, PARTICULARITES, compter, fiches_courantes, filtrer
from registre.regles.affichage import ETATS_AFFICHES, complement_affiche, etat_affiche
from registre.regles.completude import evaluer

PAR_PAGE = 20
# Ce qu’une ligne de la liste montre, lu sans objet : un gabarit y va deux fois plus vite.
COLONNES = (
    "nom",
    "service",
    "etat",
    "manquantes",
    "base_principale",
    "a_nir",
    "aipd_conclusion",
    "modifie_le",
    "relire_avant",
    "traitement__reference",
)
# (lettre de l’article 30, (titre, ancre)) : le sommaire d’une fiche.
SOMMAIRE = (
    ("a", ("Responsable et contacts", "s-a")),
    ("b", ("Finalités et base légale", "s-b")),
    ("c", ("Personnes et données", "s-c")),
    ("d", ("Destinataires", "s-d")),
    ("e", ("Hors Union européenne", "s-e")),
    ("f", ("Durées", "s-f")),
    ("g", ("Sécurité", "s-g")),
    ("", ("Avis et décision", "s-avis")),
    ("", ("Questions au DPD", "s-questions")),
    ("", ("Historique", "s-hist")),
)


def jour_local(collectivite, maintenant):
    return maintenant.astimezone(collectivite.fuseau).date()


@require_GET
def liste(request, siren):
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_REGISTRE)
    jour = jour_local(collectivite, timezone.now())
    filtres = {cle: _parametre(request, cle) for cle in FILTRES}
    toutes = fiches_courantes(collectivite)
    comptes = compter(toutes, jour)
    filtre_actif = any(v for k, v in filtres.items() if k != "tri")
    requete = filtrer(toutes, filtres, jour).values(*COLONNES)
    page = paginer(request, requete, PAR_PAGE, total=None if filtre_actif else comptes["total"])
    adresse = _adresses(siren)
    lignes = [
        {
            "version": v,
            "reference": str(v["traitement__reference"]),
            "adresse": adresse(v["traitement__reference"]),
            "etat": etat_affiche(v["etat"], v["manquantes"], v["relire_avant"], jour),
            "complement": complement_affiche(v["etat"], v["manquantes"]),
        }
        for v in page.object_list
    ]
    contexte = {
        "onglet_actif": "registre",
        "page": page,
        "lignes": lignes,
        "tout_coche": _vaut_ici(request, "cocher", page),
        "rien_coche": _vaut_ici(request, "rien", page),
        "filtres": filtres,
        "filtre_actif": filtre_actif,
        "comptes": comptes,
        "etats": ETATS_AFFICHES,
        "particularites": [(cle, libelle) for cle, (libelle, _) in PARTICULARITES.items()],
        "services": comptes["services"] if comptes["total"] else [],
        "proche": _la_plus_proche(toutes) if comptes["a_completer"] else None,
        "derniere": comptes["derniere"],
    }
    gabarit = "registre/_fiches.html" if request.htmx and not request.htmx.boosted else "registre/liste.html"
    return render(request, gabarit, contexte)


def _adresses(siren: str) -> Callable[[int], str]:
    """L’adresse d’une fiche par son numéro, sans refaire la résolution à chaque ligne."""
    avant, _, apres = reverse("registre:fiche", args=[siren, 0]).rpartition("0")
    return lambda reference: f"{avant}{reference}{apres}"


def _vaut_ici(request, cle: str, page) -> bool:
    """L’adresse le dit de cette page, par son numéro : passer à la suivante ne coche ni n’alerte rien."""
    return request.GET.get(cle, "") == str(page.number)


def _parametre(request, cle: str) -> str:
    """Un filtre d’adresse, sans octet nul ni longueur démesurée."""
    return request.GET.get(cle, "").replace("\0", "").strip()[:150]


def _la_plus_proche(toutes):
    entamees = toutes.filter(etat="brouillon", nb_manques__gt=0).order_by("nb_manques", "pk")
    return entamees.values("nom", "manquantes", "traitement__reference").first()


@require_http_methods(["GET", "POST"])
def nouvelle(request, siren):
    collectivite = collectivite_ou_404(request, siren, Capacite.TENIR_REGISTRE)
    formulaire = NouvelleFicheForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        version = actions.creer(
            collectivite=collectivite,
            auteur=request.user,
            maintenant=timezone.now(),
            **formulaire.cleaned_data,
        )
        return redirect("registre:etape", siren, version.traitement.reference, 1)
    return render(request, "registre/nouvelle.html", {"onglet_actif": "registre", "formulaire": formulaire})


@require_GET
def fiche(request, siren, reference):
    collectivite, version = fiche_ou_404(request, siren, reference, Capacite.LIRE_REGISTRE)
    return render(request, "registre/fiche.html", contexte_fiche(request, collectivite, version))


def _porteuse_de_l_avis(version):
    """La version dont montrer l’avis et la décision : celle-ci, sinon l’adoptée qui reste en vigueur."""
    if version.avis_id is not None or version.etat != "brouillon" or version.numero == 1:
        return version
    return version.traitement.versions.pour_lecture().adoptees().first() or version


def options_de_decision(version) -> dict[str, bool]:
    """Ce dont dépend le formulaire de décision."""
    return {
        "avec_avis": version.avis_id is not None,
        "complete": not version.manquantes,
        "attendu": version.etat == "transmise",
    }


def contexte_fiche(request, collectivite, version, **formulaires) -> dict:
    """Tout ce que montre une fiche ; ``formulaires`` remplace un formulaire refusé, avec ses erreurs."""
    contenu = fiche_de(version)
    completude = evaluer(contenu)
    porteuse = _porteuse_de_l_avis(version)
    avis = porteuse.avis
    return {
        "onglet_actif": "registre",
        "version": version,
        "sommaire": SOMMAIRE,
        "fiche": presenter(contenu),
        "completude": completude,
        "etat": etat_affiche(
            version.etat, version.manquantes, version.relire_avant, jour_local(collectivite, timezone.now())
        ),
        "versions": list(
            version.traitement.versions.defer("contenu").select_related("adoptee_par").order_by("-numero")
        ),
        "avis": avis,
        "porteuse": porteuse,
        "reserves": list(avis.reserves.select_related("levee_par")) if avis else [],
        "suite": getattr(avis, "suite", None) if avis else None,
        "questions": list(
            version.questions.select_related("question__posee_par", "question__repondue_par").filter(
                question__retiree_le__isnull=True
            )
        ),
        "chronologie": chronologie(version.traitement, limite=6),
        "avis_form": AvisForm(),
        "decision_form": DecisionForm(**options_de_decision(version)),
        "question_form": QuestionForm(),
        "reserve_form": ReserveForm(),
        **formulaires,
    }


@require_GET
def historique(request, siren, reference):
    _, version = fiche_ou_404(request, siren, reference, Capacite.LIRE_REGISTRE)
    return render(
        request,
        "registre/historique.html",
        {"onglet_actif": "registre", "version": version, "chronologie": chronologie(version.traitement)},
    )


@require_GET
def version_figee(request, siren, reference, numero):
    """Une version précise, telle qu’elle fut."""
    collectivite, courante = fiche_ou_404(request, siren, reference, Capacite.LIRE_REGISTRE)
    if courante.numero == numero:
        return redirect("registre:fiche", siren, reference)
    version = (
        courante.traitement.versions.select_related(
            "traitement__modele__modele", "collectivite__structure", "avis__rendu_par", "adoptee_par"
        )
        .filter(numero=numero)
        .first()
    )
    if version is None:
        raise Http404
    version.collectivite = collectivite
    contenu = fiche_de(version)
    return render(
        request,
        "registre/version.html",
        {
            "onglet_actif": "registre",
            "version": version,
            "fiche": presenter(contenu),
            "completude": evaluer(contenu),
        },
    )
