"""Compléter le dossier, corriger un instant, noter ce qui se passe."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from dpd.regles.renvois import DOUBLE_ENVOI
from dpd.regles.typographie import instant_long
from violations import emails
from violations.actions.commun import (
    calculer_echeances,
    controler_instants,
    noter,
    prendre_ouverte,
    refaire_les_rappels,
)
from violations.enums import NatureEvenement
from violations.models import Evenement, Violation

MOTIF_T0 = "Dites pourquoi l’heure de connaissance change\u00a0: ce motif reste visible dans la chronologie."
DEPASSE = "Cette rubrique a changé depuis votre lecture\u00a0: relisez-la."
# Ce que l’on complète librement ; les instants et l’état passent par leurs propres gestes.
COMPLETABLES = (
    *("titre", "recit", "source", "confidentialite", "integrite", "disponibilite"),
    *("origine", "origine_precision", "cause", "cause_precision", "donnees", "donnees_precision"),
    *("personnes", "personnes_precision", "personnes_min", "personnes_max"),
    *("enregistrements_min", "enregistrements_max", "mesures_avant", "consequences", "prejudices"),
    *("gravite", "enisa", "mesures_apres", "transfrontaliere", "autres_autorites", "lecon"),
)
INSTANTS = ("debut", "fin", "en_cours", "detection", "connaissance", "connaissance_dpd")


@transaction.atomic
def completer(*, violation: Violation, auteur, maintenant: datetime, lu: dict, **champs) -> Violation:
    """Complète des rubriques. ``lu`` : les valeurs que la personne avait sous les yeux.

    Deux personnes écrivent en même temps : une rubrique que l’autre a changée depuis n’est pas écrasée.

    :raises ValidationError: par champ, si une valeur ne convient pas ou a changé depuis la lecture.
    """
    if inconnus := set(champs) - set(COMPLETABLES):
        raise TypeError(f"Ces champs ne se complètent pas ainsi : {sorted(inconnus)}")
    violation = prendre_ouverte(violation)
    changes = _changes(violation, champs, lu)
    if not changes:
        return violation
    for champ, valeur in changes.items():
        setattr(violation, champ, valeur)
    violation.indexer()
    violation.enregistrer(auteur=auteur, maintenant=maintenant, raison="Dossier complété")
    # Des libellés contiennent une virgule : « personnes, au moins ».
    noms = "\u202f; ".join(str(Violation._meta.get_field(champ).verbose_name) for champ in changes)
    noter(
        violation,
        NatureEvenement.SAISIE,
        f"Complété\u00a0: {noms}",
        auteur=auteur,
        maintenant=maintenant,
    )
    return violation


def _changes(violation: Violation, champs: dict, lu: dict) -> dict:
    """Ce que la personne a écrit elle-même : ce qu’elle a laissé tel qu’elle l’a lu reste comme il est.

    :raises ValidationError: par champ, si un autre l’a changé depuis sa lecture.
    """
    ecrits = {c: v for c, v in champs.items() if c not in lu or v != lu[c]}
    changes = {c: v for c, v in ecrits.items() if getattr(violation, c) != v}
    depasses = [c for c in changes if c in lu and getattr(violation, c) != lu[c]]
    if depasses:
        raise ValidationError(dict.fromkeys(depasses, DEPASSE))
    return changes


@transaction.atomic
def corriger_instants(
    *,
    violation: Violation,
    auteur,
    maintenant: datetime,
    motif: str = "",
    lu: dict | None = None,
    **instants,
) -> Violation:
    """Change des instants ; changer T0 demande un motif, refait l’échéance et les rappels.

    ``lu`` : les instants que la personne avait sous les yeux, comme pour :func:`completer`.

    :raises ValidationError: par champ, sans motif pour T0, ou si les instants ne se tiennent pas.
    """
    if inconnus := set(instants) - set(INSTANTS):
        raise TypeError(f"Ces instants n’existent pas : {sorted(inconnus)}")
    violation = prendre_ouverte(violation)
    avant = violation.connaissance
    changes = _changes(violation, instants, lu or {})
    if not changes:
        return violation
    if "connaissance" in changes and not motif.strip():
        raise ValidationError({"motif": MOTIF_T0})
    for champ, valeur in changes.items():
        setattr(violation, champ, valeur)
    premier = violation.prestataires.filter(retire_le=None, connaissance__isnull=False)
    prestataire = premier.order_by("connaissance").first()
    controler_instants(violation, maintenant, prestataire.connaissance if prestataire else None)
    calculer_echeances(violation)
    violation.enregistrer(auteur=auteur, maintenant=maintenant, raison=motif.strip() or "Instants corrigés")
    texte = _correction_dite(violation, avant, changes, motif)
    noter(violation, NatureEvenement.CORRECTION, texte, auteur=auteur, maintenant=maintenant)
    if "connaissance" in changes:
        refaire_les_rappels(violation, maintenant)
        emails.connaissance_corrigee(violation=violation, motif=motif.strip(), maintenant=maintenant)
    return violation


def _correction_dite(violation: Violation, avant: datetime, changes: dict, motif: str) -> str:
    autres = [
        str(Violation._meta.get_field(champ).verbose_name) for champ in changes if champ != "connaissance"
    ]
    phrases = []
    if "connaissance" in changes:
        fuseau = violation.collectivite.fuseau
        avant_dit, apres_dit = (instant_long(i.astimezone(fuseau)) for i in (avant, violation.connaissance))
        phrases.append(f"Heure de connaissance\u00a0: {avant_dit}, corrigée en {apres_dit}")
        phrases.append(f"Motif\u00a0: {motif.strip().rstrip('.')}")
    if autres:
        phrases.append(f"Corrigé\u00a0: {', '.join(autres)}")
    return ". ".join(phrases)


@transaction.atomic
def ajouter_note(
    *, violation: Violation, texte: str, auteur, maintenant: datetime, instant: datetime | None = None
) -> Evenement:
    """Un événement de la chronologie, écrit par la collectivité ou le DPD.

    Renvoyé deux fois en une minute, il n’y est qu’une fois.

    :raises ValidationError: s’il est dans le futur, vide, ou si la violation est close.
    """
    violation = prendre_ouverte(violation)
    if instant is not None and instant > maintenant:
        raise ValidationError({"instant": "Cet instant est dans le futur."})
    if not texte.strip():
        raise ValidationError({"texte": "Dites ce qui s’est passé."})
    siennes = violation.evenements.filter(nature=NatureEvenement.NOTE, auteur=auteur, texte=texte.strip())
    recentes = siennes.filter(instant=instant or F("ecrit_le"), ecrit_le__gt=maintenant - DOUBLE_ENVOI)
    if deja := recentes.first():
        return deja
    return noter(
        violation,
        NatureEvenement.NOTE,
        texte.strip(),
        auteur=auteur,
        maintenant=maintenant,
        instant=instant,
    )
