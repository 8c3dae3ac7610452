"""Prévenir les collectivités d’un incident : une violation dans chacune, toutes ou aucune.

Le nombre de requêtes ne croît qu’avec les lots d’écriture de la base, jamais avec les gestes d’une
collectivité : tout se lit, se numérote, s’écrit et s’envoie en groupe.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from dpd.comptes.destinataires import Destinataire, destinataires
from dpd.comptes.droits import Acces
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite
from dpd.regles.typographie import enumeration
from subtraitance.models import Contrat
from violations import emails_incidents as emails
from violations.actions.commun import calculer_echeances, controler_instants, rappels_a_prevoir
from violations.actions.incidents import prendre_incident_ouvert
from violations.enums import NatureEvenement, SourceConnaissance
from violations.models import (
    Evenement,
    Incident,
    InformationIncident,
    PieceIncident,
    PrestataireImplique,
    Rappel,
    Violation,
)
from violations.models.faits import Faits
from violations.regles.horloges import horloge_sous_traitant
from violations.regles.parametres import parametres_au

AUCUNE = "Choisissez au moins une collectivité."
AILLEURS = "Une collectivité choisie n’est pas de votre structure\u00a0: rien n’a été envoyé."
INJOIGNABLES = (
    "Personne à qui écrire\u00a0: {noms}. Donnez un courriel de contact ou un compte, ou décochez\u00a0: "
    "rien n’a été envoyé."
)
CITEES_MAX = 10
FAITS = tuple(champ.name for champ in Faits._meta.get_fields())


@dataclass(frozen=True, slots=True)
class Ouverture:
    """Ce que le geste a fait : ``deja`` compte les collectivités choisies qui l’étaient avant lui."""

    violations: Sequence[Violation]
    courriels: int
    deja: int


@transaction.atomic
def ouvrir(
    *, incident: Incident, collectivites: Collection[Collectivite], auteur, maintenant: datetime
) -> Ouverture:
    """Ouvre une violation dans chaque collectivité choisie et l’en avise, d’un seul geste.

    Chacune est réputée le savoir à l’instant de cet avis (EDPB 9/2022) : c’est son T0, d’où courent ses
    propres 72 heures. Rejoué, le geste n’ajoute que les collectivités qui manquaient.

    :raises ValidationError: si l’incident est clos, si une collectivité est d’une autre structure ou n’a
        personne à qui écrire ; rien n’est alors écrit ni envoyé.
    """
    incident = prendre_incident_ouvert(incident)
    choisies = _prendre_les_collectivites(incident, collectivites)
    deja = set(Violation.objects.filter(incident=incident).values_list("collectivite_id", flat=True))
    nouvelles = [c for c in choisies if c.pk not in deja]
    if not nouvelles:
        return Ouverture((), 0, len(choisies))
    a_qui = _qui_prevenir(nouvelles)
    violations = _ouvrir_les_violations(incident, nouvelles, auteur, maintenant)
    _noter_le_prestataire(incident, violations, auteur, maintenant)
    _tenir_la_chronologie(incident, violations, auteur, maintenant)
    Rappel.objects.bulk_create([r for v in violations for r in rappels_a_prevoir(v, maintenant)])
    if incident.ouvert_le is None:
        incident.ouvert_le = maintenant
        incident.enregistrer(auteur=auteur, maintenant=maintenant, raison="Collectivités prévenues")
    pieces = PieceIncident.objects.filter(incident=incident, piece__retiree_le=None)
    courriels = emails.aux_collectivites(
        incident=incident,
        violations=violations,
        a_qui=a_qui,
        pieces=list(pieces.select_related("piece")),
        maintenant=maintenant,
    )
    return Ouverture(violations, courriels, len(choisies) - len(nouvelles))


def _prendre_les_collectivites(incident: Incident, collectivites) -> list[Collectivite]:
    """Sous verrou et dans un ordre fixe : deux ouvertures ne s’attendent jamais l’une l’autre.

    :raises ValidationError: sans collectivité, ou si l’une est d’une autre structure.
    """
    cles = {c.pk for c in collectivites}
    if not cles:
        raise ValidationError({"collectivites": AUCUNE})
    verrou = Collectivite.objects.select_for_update(no_key=True, of=("self",))
    choisies = list(verrou.select_related("structure").filter(pk__in=cles).order_by("pk"))
    if any(c.structure_id != incident.structure_id for c in choisies):
        raise ValidationError({"collectivites": AILLEURS})
    return choisies


def _qui_prevenir(nouvelles: Sequence[Collectivite]) -> dict[int, list[Destinataire]]:
    """:raises ValidationError: si une collectivité n’a ni compte ni courriel de contact."""
    a_qui = destinataires(nouvelles)
    injoignables = [c.denomination for c in nouvelles if c.pk not in a_qui]
    if injoignables:
        cites = tuple(injoignables[:CITEES_MAX])
        autres = len(injoignables) - len(cites)
        noms = enumeration((*cites, f"{autres} autres") if autres else cites)
        raise ValidationError({"collectivites": INJOIGNABLES.format(noms=noms)})
    return a_qui


def _ouvrir_les_violations(incident, nouvelles, auteur, maintenant: datetime) -> list[Violation]:
    """Les mêmes faits pour toutes, à chacune son numéro, son T0 et son échéance."""
    annees = {c.pk: maintenant.astimezone(c.fuseau).year for c in nouvelles}
    rangs = _derniers_rangs(nouvelles, set(annees.values()))
    faits = {nom: getattr(incident, nom) for nom in FAITS}
    est_dpd = Role.DPD in Acces(auteur).roles_structure(incident.structure)
    violations = [
        Violation(
            collectivite=collectivite,
            incident=incident,
            annee=annees[collectivite.pk],
            rang=rangs.get((collectivite.pk, annees[collectivite.pk]), 0) + 1,
            source=SourceConnaissance.SOUS_TRAITANT,
            connaissance=maintenant,
            connaissance_dpd=maintenant if est_dpd else None,
            declaree_par=auteur,
            declaree_le=maintenant,
            **{nom: list(v) if isinstance(v, list) else v for nom, v in faits.items()},
        )
        for collectivite in nouvelles
    ]
    for violation in violations:
        # Les faits ont été contrôlés au signalement ; l’horloge, elle, vient de bouger.
        controler_instants(violation, maintenant, incident.connaissance)
        calculer_echeances(violation)
        violation.indexer()
    return Violation.objects.creer_en_masse(
        violations, auteur=auteur, maintenant=maintenant, raison=f"Incident {incident.numero}"
    )


def _derniers_rangs(nouvelles: Sequence[Collectivite], annees: set[int]) -> dict[tuple[int, int], int]:
    lignes = Violation.objects.filter(collectivite__in=[c.pk for c in nouvelles], annee__in=annees)
    numeros = lignes.order_by().values_list("collectivite_id", "annee").annotate(Max("rang"))
    return {(collectivite, annee): rang for collectivite, annee, rang in numeros}


def _noter_le_prestataire(incident: Incident, violations, auteur, maintenant: datetime) -> None:
    """Dans chaque dossier, ses heures pour prévenir : celles du contrat, à défaut l’usage (art. 33-2)."""
    delais = _delais_des_contrats(incident, violations)
    parametres = parametres_au(incident.connaissance)
    impliques = []
    for violation in violations:
        delai = delais.get(violation.collectivite_id, parametres.sous_traitant)
        horloge = horloge_sous_traitant(incident.connaissance, parametres, maintenant, delai)
        impliques.append(
            PrestataireImplique(
                collectivite=violation.collectivite,
                violation=violation,
                sous_traitant=incident.sous_traitant,
                nom="" if incident.sous_traitant else incident.structure.nom,
                connaissance=incident.connaissance,
                prevenu_le=maintenant,
                delai=delai,
                echeance=horloge.echeance,
            )
        )
    PrestataireImplique.objects.creer_en_masse(
        impliques, auteur=auteur, maintenant=maintenant, raison=f"Incident {incident.numero}"
    )


def _delais_des_contrats(incident: Incident, violations: Sequence[Violation]) -> dict[int, int]:
    """Le plus court des délais de prévenance en vigueur dans chaque collectivité qui en a convenu."""
    if incident.sous_traitant is None:
        return {}
    jours = {
        v.collectivite_id: incident.connaissance.astimezone(v.collectivite.fuseau).date() for v in violations
    }
    contrats = Contrat.objects.filter(
        collectivite__in=list(jours), sous_traitant=incident.sous_traitant, delai_violation__isnull=False
    )
    delais: dict[int, int] = {}
    for cle, debut, fin, delai in contrats.values_list("collectivite_id", "debut", "fin", "delai_violation"):
        if (debut is None or debut <= jours[cle]) and (fin is None or fin >= jours[cle]):
            delais[cle] = min(delai, delais.get(cle, delai))
    return delais


def _tenir_la_chronologie(incident: Incident, violations, auteur, maintenant: datetime) -> None:
    """L’avis reçu, et ce que l’on avait déjà dit aux autres : une collectivité ajoutée tard sait tout."""
    texte = f"Dossier ouvert depuis l’incident {incident.numero}, chez {incident.origine_dite}"
    informations = list(InformationIncident.objects.filter(incident=incident).order_by("instant", "pk"))
    Evenement.objects.creer_en_masse(
        [
            ligne
            for violation in violations
            for ligne in _lignes(violation, texte, informations, auteur, maintenant)
        ],
        auteur=auteur,
        maintenant=maintenant,
        raison=f"Incident {incident.numero}",
    )


def _lignes(violation: Violation, texte: str, informations, auteur, maintenant) -> list[Evenement]:
    commun = {
        "collectivite": violation.collectivite,
        "violation": violation,
        "auteur": auteur,
        "ecrit_le": maintenant,
    }
    avis = Evenement(nature=NatureEvenement.DECLARATION, instant=maintenant, texte=texte, **commun)
    dites = [
        Evenement(
            nature=NatureEvenement.PRESTATAIRE, instant=i.instant, texte=i.texte, information=i, **commun
        )
        for i in informations
    ]
    return [avis, *dites]
