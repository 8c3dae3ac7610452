"""Ce que partagent les pages où l’on complète un dossier : ouvrir, dérouler un geste, revenir."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse

from dpd.comptes.forms_gestes import ajouter_le_refus
from dpd.comptes.regles.capacites import Capacite
from violations.acces import violation_ou_404
from violations.actions.commun import CLOSE
from violations.enums import EtatViolation
from violations.models import Violation

GABARIT = "violations/saisie_geste.html"


@dataclass(frozen=True)
class Page:
    """``chapo`` : ce qu’il faut savoir avant d’écrire."""

    titre: str
    bouton: str
    chapo: str = ""


def adresse_du_dossier(violation: Violation) -> str:
    return reverse("violations:violation", args=arguments(violation))


def arguments(violation: Violation) -> list:
    """Ceux de toutes les adresses d’un dossier."""
    return [violation.collectivite.siren, violation.annee, violation.rang]


def a_tenir(request, siren, annee, rang) -> Violation:
    """Le dossier que la personne peut compléter ; mêmes erreurs que ``violation_ou_404``."""
    return violation_ou_404(request, siren, annee, rang, Capacite.TENIR_VIOLATIONS)[1]


def refus_si_close(request, violation: Violation):
    """Le retour au dossier clos, à l’ouverture d’une page ; un envoi, lui, garde sa saisie."""
    if request.method == "POST" or violation.etat != EtatViolation.CLOSE:
        return None
    messages.warning(request, CLOSE)
    return redirect(adresse_du_dossier(violation))


def contexte_de(violation: Violation, ici: str) -> dict:
    """Ce que montre toute page d’un dossier : son fil, son onglet."""
    collectivite = violation.collectivite
    chemin = (
        (collectivite.nom, reverse("pilotage:collectivite", args=[collectivite.siren])),
        (f"Violation {violation.numero}", adresse_du_dossier(violation)),
    )
    return {"onglet_actif": "violations", "violation": violation, "chemin": chemin, "ici": ici}


def derouler(
    request,
    violation: Violation,
    page: Page,
    formulaire,
    agir: Callable[[], str],
    *,
    gabarit: str = GABARIT,
    **contexte,
):
    """Un formulaire, une action, puis le dossier ; ou le formulaire, avec ses refus sous les champs.

    ``agir`` exécute l’action et rend ce qui s’est passé, en une phrase.
    """
    if close := refus_si_close(request, violation):
        return close
    if request.method == "POST" and formulaire.is_valid():
        try:
            fait = agir()
        except ValidationError as refus:
            refuser(formulaire, refus, violation)
        else:
            messages.success(request, fait)
            return redirect(adresse_du_dossier(violation))
    contexte = {
        **contexte_de(violation, page.titre),
        "page": page,
        "formulaire": formulaire,
        "retour": adresse_du_dossier(violation),
        **contexte,
    }
    return render(request, gabarit, contexte)


def refuser(formulaire, refus: ValidationError, violation: Violation) -> None:
    """Le refus d’une action, chaque phrase sous le champ qui la concerne."""
    if hasattr(formulaire, "refuser"):
        violation.refresh_from_db()
        formulaire.refuser(refus, violation)
        return
    montre = getattr(formulaire, "montre", {})
    if hasattr(refus, "error_dict"):
        refus = ValidationError({montre.get(c, c): erreurs for c, erreurs in refus.error_dict.items()})
    ajouter_le_refus(formulaire, refus)
