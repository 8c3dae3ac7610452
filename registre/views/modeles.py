"""Choisir des modèles de fiches pour sa collectivité."""

from itertools import groupby

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import reprendre
from dpd.regles.typographie import compte
from registre import presentation_modeles as presentation
from registre.actions import creer_depuis_modeles
from registre.forms_modeles import ChoixModelesForm, FiltreModelesForm
from registre.modeles_suivis import correspond, fiches_par_modele, modeles_proposes, versions_lisibles

ONGLET = "modeles"


@require_http_methods(["GET", "HEAD", "POST"])
def modeles(request, siren):
    collectivite = collectivite_ou_404(request, siren, Capacite.TENIR_REGISTRE)
    proposees = modeles_proposes(collectivite)
    saisie = request.POST if request.method == "POST" else reprendre(request) or request.GET
    erreurs = []
    if request.method == "POST" and "filtrer" not in request.POST:
        choix = ChoixModelesForm(request.POST, proposees=proposees)
        if choix.is_valid():
            creees = creer_depuis_modeles(
                collectivite=collectivite,
                versions=choix.cleaned_data["versions"],
                auteur=request.user,
                maintenant=timezone.now(),
            )
            return _vers_les_brouillons(request, collectivite, creees)
        erreurs = choix["versions"].errors
    return _page(request, collectivite, proposees, saisie, erreurs)


def _vers_les_brouillons(request, collectivite, creees):
    if len(creees) == 1:
        messages.success(
            request, "Brouillon créé. Complétez-le à votre rythme, tout s’enregistre au fil de l’eau."
        )
        return redirect("registre:etape", collectivite.siren, creees[0].traitement.reference, 1)
    messages.success(request, f"{compte(len(creees), 'brouillon créé', 'brouillons créés')}.")
    return redirect("registre:liste", collectivite.siren)


def _page(request, collectivite, proposees, saisie, erreurs):
    filtre = FiltreModelesForm(
        saisie or None, domaines=list(dict.fromkeys(v.modele.domaine for v in proposees))
    )
    cochees = set(saisie.getlist("versions"))
    pour_mon_type = [v for v in proposees if f"|{collectivite.type}|" in v.modele.entites]
    retenues = _filtrer(proposees, pour_mon_type, filtre, cochees)
    fiches = fiches_par_modele(collectivite)
    cartes = [_carte(version, fiches, cochees) for version in retenues]
    return render(
        request,
        "registre/modeles.html",
        {
            "onglet_actif": ONGLET,
            "chemin": [(collectivite.nom, reverse("pilotage:collectivite", args=[collectivite.siren]))],
            "filtre": filtre,
            "erreurs": erreurs,
            "domaines": [(d, list(g)) for d, g in groupby(cartes, key=lambda c: c["version"].modele.domaine)],
            "nb_affiches": len(cartes),
            "nb_total": len(proposees),
            "aucun_pour_mon_type": not pour_mon_type,
            "mot": filtre["mot"].value() or "",
        },
    )


def _filtrer(proposees, pour_mon_type, filtre, cochees):
    """Un modèle coché reste affiché, quel que soit le tri ; sans modèle de son type, on les montre tous."""
    filtre.is_valid()
    demande = getattr(filtre, "cleaned_data", {})
    base = proposees if demande.get("tous") or not pour_mon_type else pour_mon_type
    voulues = [
        v
        for v in base
        if correspond(v, demande.get("mot", "")) and demande.get("domaine", "") in ("", v.modele.domaine)
    ]
    affichees = {v.pk for v in voulues}
    return [v for v in proposees if v.pk in affichees or str(v.pk) in cochees]


def _carte(version, fiches, cochees):
    return {
        "version": version,
        "fiche": presentation.fiche_lue(version),
        "cochee": str(version.pk) in cochees,
        "dans_le_registre": fiches.get(version.modele.code, []),
    }


@require_safe
def modele(request, siren, pk):
    collectivite = collectivite_ou_404(request, siren, Capacite.TENIR_REGISTRE)
    version = versions_lisibles(collectivite).filter(pk=pk).first()
    if version is None:
        raise Http404
    avec_preuves = request.acces.peut(Capacite.PUBLIER_MODELES, collectivite)
    return render(
        request,
        "registre/modeles_detail.html",
        {
            "onglet_actif": ONGLET,
            "chemin": [
                (collectivite.nom, reverse("pilotage:collectivite", args=[collectivite.siren])),
                ("Fiches modèles", reverse("registre:modeles", args=[collectivite.siren])),
            ],
            "version": version,
            "dans_le_registre": fiches_par_modele(collectivite).get(version.modele.code, []),
            **contenu_lu(version, avec_preuves=avec_preuves),
        },
    )


def contenu_lu(version, *, avec_preuves: bool) -> dict:
    """Ce que les deux pages de détail montrent d’un modèle ; les preuves, au DPD seulement."""
    return {
        "fiche": presentation.fiche_lue(version),
        "durees": presentation.durees_lues(version),
        "mesures": presentation.mesures_proposees(version),
        "niveau": presentation.niveau_de_securite(version),
        "organismes": presentation.types_d_organismes(version),
        "avec_preuves": avec_preuves,
        "faits": presentation.faits(version) if avec_preuves else [],
        "lacunes": presentation.lacunes(version) if avec_preuves else [],
        "sources_des_durees": presentation.sources_des_durees(version) if avec_preuves else [],
    }
