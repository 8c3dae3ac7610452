"""La convention d’une collectivité : où elle en est, ce qu’elle coûte, qui elle engage."""

from django.db.models import F
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.enums import FonctionContact
from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.actions.designation import designation_en_cours
from dpd.conventions.affichage import contexte_tarif, exercice_par_defaut
from dpd.conventions.affichage_etats import contexte_etats
from dpd.conventions.departs import lien_de_depart
from dpd.conventions.enums import ReglePhase
from dpd.conventions.jalons import a_faire, jalons
from dpd.conventions.lecture import ConventionLue, conventions_de, lire
from dpd.conventions.regles.en_clair import clauses_en_clair
from dpd.conventions.regles.vie import exercices, phase_de_l_exercice

EXERCICES_MONTRES = 10


@require_safe
def convention(request, siren):
    """Celle qui vaut, ou celle que demande l’adresse ; les autres restent à un clic."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    jour = timezone.localdate(timezone.now(), collectivite.fuseau)
    lues = [lire(c, jour) for c in conventions_de(collectivite, jour)]
    lue = _choisie(request, lues)
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": "convention",
        "jour": jour,
        "lue": lue,
        "autres": [autre for autre in lues if autre is not lue],
        "contacts": _contacts(collectivite),
        "designation": designation_en_cours(collectivite),
    }
    if lue is not None:
        contexte |= _detail(request, collectivite, lue, jour)
        contexte["lien_depart"] = lien_de_depart(collectivite, jour)
    return render(request, "conventions/convention.html", contexte)


def _choisie(request, lues: list[ConventionLue]) -> ConventionLue | None:
    """La convention que demande ``?convention=`` ; ``Http404`` si elle n’est pas de cette collectivité."""
    demandee = request.GET.get("convention", "")
    if not demandee:
        return lues[0] if lues else None
    for lue in lues:
        if str(lue.convention.pk) == demandee:
            return lue
    raise Http404


def _detail(request, collectivite, lue: ConventionLue, jour) -> dict:
    """Ce que la page dit d’une convention ; le tarif seulement une fois qu’elle a pris effet."""
    convention = lue.convention
    exercice = exercice_par_defaut(convention, jour)
    tarif = {"tarif": None} if exercice is None else contexte_tarif(convention, exercice, request, jour)
    return {
        "jalons": jalons(lue, jour),
        "a_faire": a_faire(lue, jour),
        "clauses": clauses_en_clair(convention.clauses),
        "exercices": _exercices(lue, jour)[-EXERCICES_MONTRES:],
        **tarif,
        **contexte_etats(collectivite, jour),
    }


def _exercices(lue: ConventionLue, jour) -> list[tuple[int, str]]:
    """(année, phase que paie l’exercice) de tous ceux que la convention a touchés."""
    convention = lue.convention
    return [
        (
            annee,
            phase_de_l_exercice(
                annee,
                effet=convention.date_effet,
                bascule_le=convention.bascule_le,
                regle=ReglePhase(convention.modele.regle_phase),
            ).label,
        )
        for annee in exercices(convention.date_effet, convention.fin, jour.year)
    ]


def _contacts(collectivite) -> dict[str, list]:
    """L’exécutif et les référents en fonction."""
    presents = collectivite.contacts.filter(
        jusqu_au__isnull=True, fonction__in=(FonctionContact.EXECUTIF, FonctionContact.REFERENT)
    ).order_by("fonction", F("depuis").desc(), "pk")
    lus: dict[str, list] = {"executifs": [], "referents": []}
    for contact in presents:
        lus["executifs" if contact.fonction == FonctionContact.EXECUTIF else "referents"].append(contact)
    return lus
