"""Signaler un incident, y joindre la documentation, le clore : les gestes de la structure."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from dpd.comptes.models import Structure
from dpd.pieces import actions as pieces
from dpd.pieces.enums import DomainePiece
from dpd.pieces.transaction import transaction_de_depot
from dpd.regles.calendrier import Territoire, fuseau
from subtraitance.actions.annuaire import proposer_prestataire
from subtraitance.models import Logiciel, SousTraitant
from violations import emails_incidents as emails
from violations.models import Incident, PieceIncident
from violations.regles.horloges import horloge_sous_traitant
from violations.regles.instants import Instants, impossibles
from violations.regles.parametres import parametres_au

CLOS = "Cet incident est clos\u00a0: rouvrez-le d’abord, en disant pourquoi."
DEJA_CLOS = "Cet incident est déjà clos."
PAS_CLOS = "Cet incident n’est pas clos."
MOTIF = "Dites pourquoi\u00a0: ce motif reste à l’incident."
AUTRE_ANNUAIRE = "Ce prestataire n’est pas dans votre annuaire."
AUTRE_LOGICIEL = "Ce logiciel n’est pas de ce prestataire."


def prendre_incident(incident: Incident) -> Incident:
    """L’incident relu sous verrou, avec ce qui le décrit."""
    requete = Incident.objects.select_for_update(no_key=True, of=("self",))
    return requete.select_related("structure", "sous_traitant", "logiciel").get(pk=incident.pk)


def prendre_incident_ouvert(incident: Incident) -> Incident:
    """:raises ValidationError: s’il est clos."""
    pris = prendre_incident(incident)
    if pris.clos_le is not None:
        raise ValidationError(CLOS)
    return pris


@transaction.atomic
def signaler(
    *,
    structure: Structure,
    titre: str,
    recit: str,
    connaissance: datetime,
    auteur,
    maintenant: datetime,
    sous_traitant: SousTraitant | None = None,
    logiciel: Logiciel | None = None,
    nouveau: str = "",
    jeton: UUID | None = None,
    **faits,
) -> Incident:
    """Ouvre un incident qui peut toucher plusieurs collectivités, et prévient la structure.

    Le sous-traitant a vingt-quatre heures réelles, depuis qu’il le sait, pour prévenir chaque responsable
    (RGPD art. 33-2) ; sans ``sous_traitant``, la structure est elle-même ce sous-traitant.

    :param connaissance: l’instant où le sous-traitant l’a su.
    :param nouveau: le nom d’un prestataire qui n’est pas dans la liste ; sa fiche est proposée à l’annuaire.
    :param jeton: celui du formulaire ; renvoyé deux fois, il n’ouvre qu’un incident.
    :raises ValidationError: par champ ; rien n’est alors écrit.
    """
    # Le numéro se donne la structure sous verrou : deux signalements simultanés n’ont pas le même.
    Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)
    if jeton and (deja := Incident.objects.filter(structure=structure, jeton=jeton).first()):
        return deja
    if nouveau and sous_traitant is None:
        sous_traitant = proposer_prestataire(
            structure=structure, nom=nouveau, auteur=auteur, maintenant=maintenant
        )
    _controler_l_origine(structure, sous_traitant, logiciel)
    _controler_les_instants(connaissance, maintenant, faits)
    annee = connaissance.astimezone(fuseau(Territoire(structure.territoire))).year
    incident = Incident(
        structure=structure,
        annee=annee,
        rang=_rang_suivant(structure, annee),
        sous_traitant=sous_traitant,
        logiciel=logiciel,
        titre=titre,
        recit=recit,
        connaissance=connaissance,
        echeance=horloge_sous_traitant(connaissance, parametres_au(connaissance), None).echeance,
        signale_par=auteur,
        signale_le=maintenant,
        jeton=jeton,
        **faits,
    )
    incident.enregistrer(auteur=auteur, maintenant=maintenant, raison="Incident signalé")
    emails.signale(incident=incident, auteur=auteur, maintenant=maintenant)
    return incident


def _rang_suivant(structure: Structure, annee: int) -> int:
    dernier = Incident.objects.filter(structure=structure, annee=annee).aggregate(d=Max("rang"))["d"]
    return (dernier or 0) + 1


def _controler_l_origine(structure, sous_traitant, logiciel) -> None:
    if sous_traitant is not None and sous_traitant.structure_id != structure.pk:
        raise ValidationError({"sous_traitant": AUTRE_ANNUAIRE})
    if logiciel is not None and (sous_traitant is None or logiciel.sous_traitant_id != sous_traitant.pk):
        raise ValidationError({"logiciel": AUTRE_LOGICIEL})


def _controler_les_instants(connaissance: datetime, maintenant: datetime, faits: dict) -> None:
    """:raises ValidationError: par champ ; rien n’est arrivé après maintenant, ni su avant d’arriver."""
    instants = Instants(
        t0=maintenant,
        connaissance_sous_traitant=connaissance,
        **{nom: faits.get(nom) for nom in ("debut", "fin")},
        en_cours=faits.get("en_cours", False),
    )
    erreurs = impossibles(instants, maintenant)
    if "connaissance_sous_traitant" in erreurs:
        erreurs["connaissance"] = erreurs.pop("connaissance_sous_traitant")
    erreurs.pop("t0", None)  # redit, sous un champ absent, qu’un début est dans le futur
    if not erreurs:
        try:
            parametres_au(connaissance)
        except ValueError as refus:
            erreurs["connaissance"] = str(refus)
    if erreurs:
        raise ValidationError(erreurs)


@transaction_de_depot()
def joindre_a_l_incident(
    *, incident: Incident, fichier, auteur, maintenant: datetime, libelle: str = ""
) -> PieceIncident:
    """Range une pièce de la structure à l’incident : les collectivités prévenues la lisent toutes.

    :raises FichierRefuse: si le fichier n’est pas de ceux que l’on garde.
    :raises ValidationError: si l’incident est clos.
    """
    incident = prendre_incident_ouvert(incident)
    piece = pieces.deposer(
        fichier=fichier,
        domaine=DomainePiece.VIOLATION,
        structure=incident.structure,
        auteur=auteur,
        maintenant=maintenant,
        description=libelle,
        parmi=incident.pieces.values("piece"),
    )
    if deja := incident.pieces.filter(piece=piece).first():
        return deja
    lien = PieceIncident(
        structure=incident.structure, incident=incident, piece=piece, libelle=libelle.strip()
    )
    return lien.enregistrer(auteur=auteur, maintenant=maintenant, raison="Pièce jointe à l’incident")


@transaction.atomic
def clore_incident(*, incident: Incident, motif: str, auteur, maintenant: datetime) -> Incident:
    """Clôt l’incident ; les violations qu’il a ouvertes restent à chaque collectivité.

    :raises ValidationError: sans motif, ou s’il est déjà clos.
    """
    incident = prendre_incident(incident)
    if incident.clos_le is not None:
        raise ValidationError(DEJA_CLOS)
    if not motif.strip():
        raise ValidationError({"motif": MOTIF})
    incident.clos_le, incident.clos_par, incident.motif_cloture = maintenant, auteur, motif.strip()
    return incident.enregistrer(auteur=auteur, maintenant=maintenant, raison=f"Clos\u00a0: {motif.strip()}")


@transaction.atomic
def rouvrir_incident(*, incident: Incident, motif: str, auteur, maintenant: datetime) -> Incident:
    """Rouvre un incident clos : on a appris quelque chose, ou une collectivité avait été oubliée.

    :raises ValidationError: sans motif, ou s’il n’est pas clos.
    """
    incident = prendre_incident(incident)
    if incident.clos_le is None:
        raise ValidationError(PAS_CLOS)
    if not motif.strip():
        raise ValidationError({"motif": MOTIF})
    incident.clos_le, incident.clos_par, incident.motif_cloture = None, None, ""
    return incident.enregistrer(
        auteur=auteur, maintenant=maintenant, raison=f"Rouvert\u00a0: {motif.strip()}"
    )
