"""Compléter le dossier : une page par rubrique, et l’aide de l’ENISA."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from dpd.comptes.saisie import donnees_recues
from dpd.regles.typographie import instant_long
from violations import actions
from violations.forms import saisie as formulaires
from violations.forms.saisie_commun import FormulaireRelu
from violations.forms.saisie_enisa import EnisaForm, cotation_lue
from violations.models import Violation
from violations.views.saisie_commun import (
    a_tenir,
    adresse_du_dossier,
    arguments,
    contexte_de,
    refus_si_close,
    refuser,
)


@dataclass(frozen=True)
class Rubrique:
    """Une page du dossier ; ``numeros`` : les rubriques du téléservice qu’elle prépare."""

    cle: str
    titre: str
    numeros: str
    formulaire: type[FormulaireRelu]
    chapo: str = ""


RUBRIQUES = (
    Rubrique("faits", "Ce qui s’est passé", "3 à 6", formulaires.FaitsForm),
    Rubrique("donnees", "Données et personnes", "7 et 8", formulaires.DonneesForm),
    Rubrique("consequences", "Conséquences", "9 et 10", formulaires.ConsequencesForm),
    Rubrique("suites", "Mesures et autorités", "11 et 13", formulaires.SuitesForm),
    Rubrique("lecon", "Leçon", "", formulaires.LeconForm),
)
PAR_CLE = {rubrique.cle: rubrique for rubrique in RUBRIQUES}


def saisie(request, siren, annee, rang, rubrique):
    """Ce qu’un autre a écrit entre-temps n’est jamais écrasé : la page le montre et garde la saisie."""
    violation = a_tenir(request, siren, annee, rang)
    ouverte = PAR_CLE.get(rubrique)
    if ouverte is None:
        raise Http404
    if close := refus_si_close(request, violation):
        return close
    formulaire = ouverte.formulaire(donnees_recues(request), violation=violation)
    suivante = _suivante(ouverte)
    if request.method == "POST" and _completer(request, violation, formulaire):
        if suivante and "suite" in request.POST:
            return redirect("violations:saisie", *arguments(violation), suivante.cle)
        return redirect(adresse_du_dossier(violation))
    contexte = {
        **contexte_de(violation, ouverte.titre),
        "rubrique": ouverte,
        "rubriques": RUBRIQUES,
        "suivante": suivante,
        "formulaire": formulaire,
        "changees": changees(formulaire, violation),
        "limite": _limite(violation),
        "retour": adresse_du_dossier(violation),
    }
    return render(request, "violations/saisie.html", contexte)


def enisa(request, siren, annee, rang):
    """Le score s’affiche et se garde ; il ne touche ni la gravité de la CNIL, ni la décision."""
    violation = a_tenir(request, siren, annee, rang)
    if close := refus_si_close(request, violation):
        return close
    formulaire = EnisaForm(donnees_recues(request), violation=violation)
    if request.method == "POST" and _completer(request, violation, formulaire):
        return redirect("violations:enisa", *arguments(violation))
    contexte = {
        **contexte_de(violation, "Aide de l’ENISA"),
        "formulaire": formulaire,
        "cotation": cotation_lue(violation.enisa),
        "changees": changees(formulaire, violation),
        "retour": adresse_du_dossier(violation),
    }
    return render(request, "violations/saisie_enisa.html", contexte)


def _completer(request, violation: Violation, formulaire: FormulaireRelu) -> bool:
    """Vrai si le dossier porte désormais cette saisie ; sinon le refus est dans le formulaire."""
    if not formulaire.is_valid():
        return False
    try:
        actions.completer(
            violation=violation,
            auteur=request.user,
            maintenant=timezone.now(),
            lu=formulaire.valeurs_lues,
            **formulaire.saisie(),
        )
    except ValidationError as refus:
        refuser(formulaire, refus, violation)
        return False
    messages.success(request, "Le dossier est enregistré.")
    return True


def _limite(violation: Violation) -> str:
    """Quand l’horloge s’arrêtera, à l’heure de la collectivité ; vide si elle ne court plus."""
    if violation.notifiee_le or violation.notification_ecartee:
        return ""
    return instant_long(violation.echeance_notification.astimezone(violation.collectivite.fuseau))


def _suivante(rubrique: Rubrique) -> Rubrique | None:
    rang = RUBRIQUES.index(rubrique) + 1
    return RUBRIQUES[rang] if rang < len(RUBRIQUES) else None


def changees(formulaire: FormulaireRelu, violation: Violation) -> list[tuple[str, str]]:
    """(libellé, ce qu’un autre y a écrit) de chaque rubrique changée depuis la lecture."""
    return [
        (str(Violation._meta.get_field(champ).verbose_name), en_clair(violation, champ, valeur))
        for champ, valeur in formulaire.changees
    ]


def en_clair(violation: Violation, champ: str, valeur) -> str:
    """Une valeur telle qu’on la lirait dans le dossier."""
    listes = dict(Violation.LISTES)
    if champ in listes:
        return ", ".join(str(listes[champ](code).label) for code in valeur) or "Rien"
    if champ == "enisa":
        return f"score {valeur.get('score', '')}"
    if isinstance(valeur, bool):
        return "Oui" if valeur else "Non"
    if hasattr(valeur, "utcoffset"):
        return instant_long(valeur.astimezone(violation.collectivite.fuseau))
    choix = dict(Violation._meta.get_field(champ).choices or ())
    return str(choix.get(valeur, valeur)) if valeur not in (None, "") else "Rien"
