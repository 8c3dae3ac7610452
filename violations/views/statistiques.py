"""Les statistiques annuelles des violations, d’une collectivité ou d’un portefeuille."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from dpd.comptes.acces import collectivite_ou_404, structure_ou_404
from dpd.comptes.regles.capacites import Capacite
from violations import listes
from violations.regles.statistiques import Bilan, evolution, parts
from violations.statistiques import lire_bilans, reperes

# Clé d’un tableau : son titre, et ce que compte sa première colonne.
TABLEAUX = {
    "suites": ("Les 72 heures ont-elles été tenues\u202f?", "Notification à la CNIL"),
    "natures": ("Qu’est-il arrivé aux données\u202f?", "Nature"),
    "origines": ("D’où viennent-elles\u202f?", "Origine"),
    "causes": ("Quelle en est la cause\u202f?", "Cause"),
    "tranches": ("Combien de personnes touchent-elles\u202f?", "Personnes touchées, au plus"),
}


@require_GET
def statistiques(request, siren):
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_VIOLATIONS)
    chemin = (
        (collectivite.nom, reverse("pilotage:collectivite", args=[siren])),
        ("Violations", reverse("violations:liste", args=[siren])),
    )
    return _page(request, listes.de_la_collectivite(collectivite), chemin)


@require_GET
def statistiques_structure(request, siren):
    structure = structure_ou_404(request, siren, Capacite.LIRE_VIOLATIONS)
    return _page(request, listes.de_la_structure(structure), ())


def _page(request, violations, chemin):
    bilans = lire_bilans(violations, timezone.now())
    bilan = _choisi(bilans, request.GET.get("annee", ""))
    contexte = {
        "onglet_actif": "violations",
        "chemin": chemin,
        "bilan": bilan,
        "bilans": list(bilans.values()),
        "tableaux": _tableaux(bilan) if bilan else [],
        "evolution": evolution(bilan, bilans.get(bilan.annee - 1)) if bilan else None,
        "reperes": [repere for repere in reperes() if repere.valeur is not None],
        "inconnus": [repere.libelle for repere in reperes() if repere.valeur is None],
    }
    return render(request, "violations/statistiques.html", contexte)


def _choisi(bilans: dict[int, Bilan], annee: str) -> Bilan | None:
    """L’année demandée si elle a un bilan, sinon la plus récente."""
    voulu = bilans.get(int(annee)) if annee.isascii() and annee.isdigit() and len(annee) == 4 else None
    return voulu or next(iter(bilans.values()), None)


def _tableaux(bilan: Bilan) -> list[dict]:
    lignes = parts(bilan)
    return [
        {"cle": cle, "titre": titre, "colonne": colonne, "lignes": lignes[cle]}
        for cle, (titre, colonne) in TABLEAUX.items()
    ]
