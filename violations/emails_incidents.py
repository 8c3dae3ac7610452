"""Les courriels d’un incident : l’avis à chaque collectivité, l’information nouvelle, les rappels.

Ni le titre, ni le récit, ni le texte d’une information n’y sont : ils s’écrivent librement et pourraient
nommer quelqu’un. Le courriel dit les catégories et les instants (RGPD art. 33-2 et 33-3), et mène au
dossier.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from dpd.comptes.destinataires import Destinataire
from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.messagerie.envoi import adresse, envoyer
from dpd.messagerie.file import Jointe
from dpd.messagerie.masse import Pli, envoyer_en_masse
from dpd.messagerie.models import Message
from dpd.regles.calendrier import Territoire, fuseau
from dpd.regles.typographie import instant_long
from violations.emails import adresse_de, dit
from violations.enums import DonneesTouchees, NatureViolation, PersonnesTouchees
from violations.models import Incident, InformationIncident, PieceIncident, Violation

AVIS = "violations.incident_avis"
INFORMATION = "violations.incident_information"
JOINDRE_MAX = 5_000_000  # octets ; au-delà, bien des messageries refusent le courriel
DE_LA_STRUCTURE = (Role.DPD, Role.AGENT)


def _libelles(codes: Collection[str], liste) -> tuple[str, ...]:
    """Dans l’ordre du téléservice, et avec ses mots."""
    return tuple(valeur.label for valeur in liste if valeur in codes)


def aux_collectivites(
    *,
    incident: Incident,
    violations: Sequence[Violation],
    a_qui: dict[int, list[Destinataire]],
    pieces: Sequence[PieceIncident],
    maintenant: datetime,
) -> int:
    """L’avis de l’article 33-2, à chaque destinataire de chaque collectivité ; rend le nombre d’envois."""
    commun = {
        "incident": incident,
        "structure": incident.structure,
        "origine": incident.origine_dite,
        "natures": _libelles(incident.natures, NatureViolation),
        "donnees": _libelles(incident.donnees, DonneesTouchees),
        "personnes": _libelles(incident.personnes, PersonnesTouchees),
        "pieces": pieces,
    }
    plis = [
        Pli(
            destinataire=destinataire.courriel,
            utilisateur=destinataire.compte,
            collectivite=violation.collectivite,
            objet=violation,
            cle=f"incident-avis:{violation.pk}:{destinataire.cle}",
            contexte={**commun, **_de_la_violation(violation), "compte": destinataire.compte},
        )
        for violation in violations
        for destinataire in a_qui[violation.collectivite_id]
    ]
    return len(
        envoyer_en_masse(
            AVIS,
            gabarit="violations/emails/incident_avis",
            plis=plis,
            maintenant=maintenant,
            jointes=_jointes(pieces),
        )
    )


def _jointes(pieces: Sequence[PieceIncident]) -> list[Jointe]:
    """La documentation utile, jointe tant qu’une messagerie l’accepte ; le reste se lit depuis le dossier."""
    jointes, total = [], 0
    for jointe in pieces:
        total += jointe.piece.taille
        if total > JOINDRE_MAX:
            break
        piece = jointe.piece
        jointes.append(Jointe(piece.nom, piece.type_mime, piece.taille, piece.sha256, piece.fichier.name))
    return jointes


def _de_la_violation(violation: Violation) -> dict[str, Any]:
    """Ce qui change d’une collectivité à l’autre ; les instants dans son fuseau."""
    incident = violation.incident
    return {
        "violation": violation,
        "collectivite": violation.collectivite,
        "adresse": adresse_de(violation),
        "connaissance": dit(violation, violation.connaissance),
        "echeance": dit(violation, violation.echeance_notification),
        "su_le": dit(violation, incident.connaissance),
        "debut": dit(violation, incident.debut) if incident.debut else "",
        "fin": dit(violation, incident.fin) if incident.fin else "",
    }


def information(
    *,
    information: InformationIncident,
    violations: Sequence[Violation],
    a_qui: dict[int, list[Destinataire]],
    maintenant: datetime,
) -> int:
    """Une information nouvelle est au dossier : à lire, rien de ce qui y était n’a changé."""
    plis = [
        Pli(
            destinataire=destinataire.courriel,
            utilisateur=destinataire.compte,
            collectivite=violation.collectivite,
            objet=violation,
            cle=f"incident-information:{information.pk}:{violation.pk}:{destinataire.cle}",
            contexte={
                "incident": information.incident,
                "structure": information.structure,
                "origine": information.incident.origine_dite,
                "compte": destinataire.compte,
                **_de_la_violation(violation),
            },
        )
        for violation in violations
        for destinataire in a_qui.get(violation.collectivite_id, ())
    ]
    return len(
        envoyer_en_masse(
            INFORMATION, gabarit="violations/emails/incident_information", plis=plis, maintenant=maintenant
        )
    )


def adresse_de_l_incident(incident: Incident, nom: str = "incident") -> str:
    chemin = reverse(f"violations:{nom}", args=[incident.structure.siren, incident.annee, incident.rang])
    return adresse(chemin)


def _a_la_structure(nature: str, incident: Incident, maintenant: datetime, **contexte) -> dict[str, Any]:
    """Ce que partagent les courriels à la structure ; les instants dans son fuseau."""
    zone = fuseau(Territoire(incident.structure.territoire))
    return {
        "nature": f"violations.{nature}",
        "gabarit": f"violations/emails/{nature}",
        "contexte": {
            "incident": incident,
            "structure": incident.structure,
            "origine": incident.origine_dite,
            "su_le": instant_long(incident.connaissance.astimezone(zone)),
            "echeance": instant_long(incident.echeance.astimezone(zone)),
            "adresse": adresse_de_l_incident(incident, "ouvrir_incident"),
            **contexte,
        },
        "objet": incident,
        "maintenant": maintenant,
    }


def signale(*, incident: Incident, auteur, maintenant: datetime) -> None:
    """Au DPD et aux autres agents : un incident attend que l’on prévienne les collectivités."""
    courriel = _a_la_structure("incident_signale", incident, maintenant)
    for personne in personnes_de(incident.structure, *DE_LA_STRUCTURE).exclude(pk=auteur.pk):
        envoyer(
            destinataire=personne.email,
            utilisateur=personne,
            cle=f"incident-signale:{incident.pk}:{personne.pk}",
            **courriel,
        )


def rappel(*, incident: Incident, palier: str, depasse: bool, direction: bool, maintenant: datetime) -> int:
    """Les collectivités ne sont pas encore prévenues ; une fois par palier et par personne.

    Rend le nombre de rappels qui partent.
    """
    courriel = _a_la_structure("incident_rappel", incident, maintenant, depasse=depasse)
    gens = [(p.email, p, str(p.pk)) for p in personnes_de(incident.structure, *DE_LA_STRUCTURE)]
    if direction and incident.structure.direction_courriel:
        gens.append((incident.structure.direction_courriel, None, "direction"))
    cles = {qui: f"incident-rappel:{incident.pk}:{palier}:{qui}" for _, _, qui in gens}
    partis = set(Message.objects.filter(cle__in=cles.values()).values_list("cle", flat=True))
    restants = [(destinataire, compte, cles[qui]) for destinataire, compte, qui in gens]
    restants = [reste for reste in restants if reste[2] not in partis]
    for destinataire, compte, cle in restants:
        envoyer(destinataire=destinataire, utilisateur=compte, cle=cle, **courriel)
    return len(restants)
