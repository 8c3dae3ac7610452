"""Ce que montre la page d’un dossier : tout, rangé par section, à l’heure de la collectivité."""

from datetime import datetime
from typing import Any

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from dpd.comptes.regles.capacites import Capacite
from dpd.regles.typographie import enumeration
from registre.models import VersionTraitement
from violations.affichage import Heures, heures_de
from violations.affichage_decisions import (
    aide_a_notifier,
    etat_vu,
    gravite_vue,
    rappel_des_obligations,
    reponses_dites,
)
from violations.affichage_gestes import adresse, adresses_des_rubriques, gestes
from violations.affichage_horloges import HorlogeVue, horloges_vues
from violations.chronologie import chronologie
from violations.dossier_lu import DossierLu
from violations.enums import EtatViolation, Question
from violations.forms.cnil import NotificationForm
from violations.forms.decisions import DecisionForm
from violations.regles.rubriques import TELESERVICE, pretes
from violations.rubriques_cnil import rubriques_de

TRANCHEES = (EtatViolation.DECIDEE, EtatViolation.NOTIFIEE)
RYTHME = 30  # secondes entre deux relevés des horloges


def rendre(request, collectivite, gabarit: str, contexte: dict[str, Any]):
    """La page, aux heures de la collectivité."""
    with timezone.override(collectivite.fuseau):
        return render(request, gabarit, contexte)


def capacites_de(request, collectivite) -> frozenset[Capacite]:
    """Ce que la personne peut sur ce dossier. Qui conseille ne décide pas (RGPD art. 38-6)."""
    peut = frozenset(c for c in Capacite if request.acces.peut(c, collectivite))
    return peut - {Capacite.DECIDER} if Capacite.RENDRE_AVIS in peut else peut


def contexte_des_horloges(lu: DossierLu, maintenant: datetime) -> dict[str, Any]:
    """Le fragment qui se relit sans recharger la page."""
    horloges = horloges_du_dossier(lu, heures_de(lu.collectivite), maintenant)
    return {
        "violation": lu.violation,
        "horloges": horloges,
        "courent": any(horloge.allure != "arretee" for horloge in horloges),
        "horloges_adresse": adresse("horloges", lu.violation),
        "rythme": RYTHME,
    }


def horloges_du_dossier(lu: DossierLu, heures: Heures, maintenant: datetime) -> list[HorlogeVue]:
    notifier = lu.decision(Question.NOTIFIER)
    ecartee = notifier if notifier and lu.violation.notification_ecartee else None
    return horloges_vues(lu.violation, lu.prestataires, ecartee, heures, maintenant)


def formulaire_de_decision(lu: DossierLu, donnees=None) -> DecisionForm:
    """Les deux questions, pré-remplies si le responsable a déjà tranché."""
    return DecisionForm(
        donnees,
        courantes=lu.courantes,
        revenir=lu.violation.etat in TRANCHEES,
        notifiee=lu.violation.notifiee_le is not None,
    )


def formulaire_de_notification(lu: DossierLu, donnees=None, fichiers=None) -> NotificationForm:
    """L’accusé de l’envoi initial, ou d’un complément une fois l’initial enregistré.

    Un envoi initial qui arrive deux fois reste un envoi initial : il ne devient pas un complément.
    """
    initial = lu.violation.notifiee_le is None or "type_envoi" in (donnees or ())
    return NotificationForm(donnees, fichiers, collectivite=lu.collectivite, complement=not initial)


def contexte_du_dossier(request, lu: DossierLu, maintenant: datetime) -> dict[str, Any]:
    """Toute la page."""
    violation, collectivite = lu.violation, lu.collectivite
    peut, heures = capacites_de(request, collectivite), heures_de(collectivite)
    return {
        "onglet_actif": "violations",
        "chemin": chemin_du_dossier(lu),
        "ici": f"Violation {violation.numero}",
        "lu": lu,
        "heures": heures,
        "etat": etat_vu(violation.etat),
        "prestataires_dits": enumeration(tuple(str(p) for p in lu.prestataires)),
        "gestes": gestes(violation, peut),
        "lignes": [(ligne, heures.court(ligne.instant)) for ligne in chronologie(lu, maintenant)],
        "peut_noter": Capacite.TENIR_VIOLATIONS in peut and violation.etat != EtatViolation.CLOSE,
        "note_adresse": adresse("note", violation),
        "personnes_adresse": adresse("personnes", violation),
        "fiches": fiches_touchees(lu),
        "courriels": [(message, heures.court(message.cree_le)) for message in lu.courriels],
        "courriels_en_echec": any(message.est_en_echec for message in lu.courriels),
        **contexte_des_horloges(lu, maintenant),
        **_decisions(lu, peut),
        **_cnil(lu, peut, maintenant),
        **_cloture(lu, peut),
    }


def chemin_du_dossier(lu: DossierLu) -> tuple[tuple[str, str], ...]:
    """Le fil d’Ariane jusqu’au registre des violations."""
    siren = lu.collectivite.siren
    return (
        (lu.collectivite.nom, reverse("pilotage:collectivite", args=[siren])),
        ("Violations", reverse("violations:liste", args=[siren])),
    )


def fiches_touchees(lu: DossierLu) -> list[VersionTraitement]:
    """La version à montrer de chaque fiche touchée."""
    touchees = [lien.traitement_id for lien in lu.traitements]
    versions = VersionTraitement.objects.courantes().filter(traitement__in=touchees)
    return list(versions.select_related("traitement").order_by("traitement__reference"))


def contexte_de_l_avis_et_des_decisions(lu: DossierLu) -> dict[str, Any]:
    """L’avis et les décisions côte à côte, et ce que demande le règlement selon le risque."""
    avis, violation = lu.dernier_avis, lu.violation
    return {
        "avis": avis,
        "gravite": gravite_vue(avis.gravite) if avis else "",
        "raisons": [r.strip() for r in avis.raisons.splitlines() if r.strip()] if avis else [],
        "avis_precedents": lu.avis[1:],
        "notifier": lu.decision(Question.NOTIFIER),
        "informer": lu.decision(Question.INFORMER),
        "decisions_precedentes": [d for d in lu.decisions if not d.courante],
        "obligations": rappel_des_obligations(violation.connaissance, avis.risque if avis else ""),
        "aide_a_notifier": aide_a_notifier(violation.connaissance),
        "avis_lu": lu.avis_lu,
        "dites": reponses_dites(avis, une_seule=violation.notifiee_le is not None),
    }


def _decisions(lu: DossierLu, peut: frozenset[Capacite]) -> dict[str, Any]:
    violation = lu.violation
    decide = Capacite.DECIDER in peut and violation.etat != EtatViolation.CLOSE
    a_decider = violation.etat in (EtatViolation.DECLAREE, EtatViolation.A_DECIDER)
    conseille = Capacite.RENDRE_AVIS in peut and violation.etat != EtatViolation.CLOSE
    return {
        **contexte_de_l_avis_et_des_decisions(lu),
        "a_decider": a_decider,
        "decision_form": formulaire_de_decision(lu) if decide and a_decider else None,
        "revenir_adresse": adresse("decider", violation) if decide and not a_decider else "",
        "avis_adresse": adresse("avis", violation) if conseille else "",
        "decider_adresse": adresse("decider", violation),
    }


def _cnil(lu: DossierLu, peut: frozenset[Capacite], maintenant: datetime) -> dict[str, Any]:
    violation = lu.violation
    lues = rubriques_de(lu, maintenant)
    ou = adresses_des_rubriques(violation, peut)
    tient = Capacite.TENIR_VIOLATIONS in peut
    initial = tient and violation.etat == EtatViolation.DECIDEE and not violation.notification_ecartee
    return {
        "rubriques": [(rubrique, ou(rubrique)) for rubrique in lues],
        "pretes": pretes(lues),
        "teleservice": TELESERVICE,
        "notification_form": formulaire_de_notification(lu) if initial else None,
        "notifier_adresse": adresse("notifier", violation),
        "peut_completer": tient and violation.etat == EtatViolation.NOTIFIEE,
    }


def _cloture(lu: DossierLu, peut: frozenset[Capacite]) -> dict[str, Any]:
    violation = lu.violation
    tient = Capacite.TENIR_VIOLATIONS in peut
    a_clore, close = violation.etat in TRANCHEES, violation.etat == EtatViolation.CLOSE
    return {
        "clore_adresse": adresse("clore", violation) if tient and a_clore else "",
        "rouvrir_adresse": adresse("rouvrir", violation) if tient and close else "",
    }
