"""L’autorisation d’un sous-traitant ultérieur : demandée, décidée par le responsable, ou acquise au silence.

RGPD art. 28-2 : spécifique, elle est écrite et préalable, et le silence vaut refus ; générale, le
responsable a un délai pour s’opposer, et le silence vaut accord une fois ce délai passé.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.pieces.actions import deposer
from dpd.pieces.enums import DomainePiece
from dpd.pieces.transaction import transaction_de_depot
from dpd.regles.typographie import date_longue
from subtraitance.enums import DecisionAutorisation, RegimeAutorisation
from subtraitance.models import Autorisation, Contrat, SousTraitantUlterieur
from subtraitance.regles.rappels import rappel_d_autorisation

RAISON = "Autorisation demandée"
# Ce que le responsable peut répondre, selon ce que son contrat a prévu.
DECISIONS = {
    RegimeAutorisation.SPECIFIQUE: (DecisionAutorisation.AUTORISEE, DecisionAutorisation.REFUSEE),
    RegimeAutorisation.GENERALE: (DecisionAutorisation.AUTORISEE, DecisionAutorisation.OPPOSEE),
}


def jour_local(collectivite, maintenant: datetime) -> date:
    """La date qu’il est dans cette collectivité."""
    return maintenant.astimezone(collectivite.fuseau).date()


def _nouvelle(contrat: Contrat, lien, garanties: str, auteur, maintenant: datetime) -> Autorisation:
    """``objection_avant`` : le dernier jour pour s’opposer, celui de la demande ne comptant pas.

    Le silence y vaut accord : rien ne se rappelle.
    """
    avant, rappel_le = None, rappel_d_autorisation(maintenant, maintenant)
    if contrat.autorisation == RegimeAutorisation.GENERALE:
        rappel_le = None
        delai = timedelta(days=contrat.objection_jours)
        avant = jour_local(contrat.collectivite, maintenant) + delai
    return Autorisation(
        collectivite=contrat.collectivite,
        contrat=contrat,
        ulterieur=lien,
        regime=contrat.autorisation,
        demandee_le=maintenant,
        demandee_par=auteur,
        garanties=garanties.strip(),
        objection_avant=avant,
        rappel_le=rappel_le,
    )


def demander_a_tous(
    *,
    lien: SousTraitantUlterieur,
    contrats: Iterable[Contrat],
    garanties: str,
    auteur,
    maintenant: datetime,
) -> list[Autorisation]:
    """Une demande à chacun de ces contrats, lus avec leur collectivité ; requêtes constantes.

    À appeler dans la transaction qui ajoute le sous-traitant, sous le verrou de sa fiche.
    """
    attendues = Autorisation.objects.filter(ulterieur=lien, decision=DecisionAutorisation.ATTENDUE)
    deja = set(attendues.values_list("contrat_id", flat=True))
    demandes = [
        _nouvelle(contrat, lien, garanties, auteur, maintenant)
        for contrat in contrats
        if contrat.pk not in deja
    ]
    return Autorisation.objects.creer_en_masse(demandes, auteur=auteur, maintenant=maintenant, raison=RAISON)


@transaction.atomic
def demander(*, contrat: Contrat, lien: SousTraitantUlterieur, auteur, maintenant: datetime) -> Autorisation:
    """La demande de ce contrat pour ce sous-traitant, quand il était là avant lui ou qu’on y revient.

    Déjà en attente, c’est la même.

    :raises ValidationError: si le contrat est clos, ou si le sous-traitant n’est pas de ce prestataire.
    """
    contrat = (
        Contrat.objects.select_for_update(no_key=True, of=("self",))
        .select_related("collectivite")
        .get(pk=contrat.pk)
    )
    if contrat.clos_le is not None:
        raise ValidationError("Ce contrat est clos.")
    if lien.sous_traitant_id != contrat.sous_traitant_id or lien.retire_le is not None:
        raise ValidationError("Ce sous-traitant ne travaille pas pour ce prestataire.")
    attendues = contrat.autorisations.filter(ulterieur=lien, decision=DecisionAutorisation.ATTENDUE)
    if deja := attendues.first():
        return deja
    demande = _nouvelle(contrat, lien, "", auteur, maintenant)
    return demande.enregistrer(auteur=auteur, maintenant=maintenant, raison=RAISON)


def _prendre(pk: int) -> Autorisation:
    Autorisation.objects.select_for_update(no_key=True).get(pk=pk)  # sans jointure, comme un contrat
    lues = Autorisation.objects.select_related("collectivite__structure", "contrat", "ulterieur__ulterieur")
    return lues.get(pk=pk)


@transaction_de_depot()
def decider(
    *,
    autorisation: Autorisation,
    decision: str,
    auteur,
    maintenant: datetime,
    motif: str = "",
    fichier=None,
) -> Autorisation:
    """Ce que le responsable de traitement répond ; renvoyée deux fois, la même réponse n’est qu’une.

    :raises ValidationError: par champ ; si une décision est déjà prise, si le sous-traitant est retiré, si
        un refus n’est pas motivé, ou si le délai pour s’opposer est passé.
    :raises FichierRefuse: si la pièce n’est pas de celles que l’on garde.
    """
    actuelle = _prendre(autorisation.pk)
    if actuelle.decision == decision and actuelle.decidee_par_id == auteur.pk:
        return actuelle
    _controler(actuelle, decision, motif.strip(), maintenant)
    actuelle.decision, actuelle.motif = decision, motif.strip()
    actuelle.decidee_par, actuelle.decidee_le = auteur, maintenant
    if fichier is not None:
        actuelle.piece = deposer(
            fichier=fichier,
            domaine=DomainePiece.SOUSTRAITANCE,
            collectivite=actuelle.collectivite,
            auteur=auteur,
            maintenant=maintenant,
            description=f"Décision sur {actuelle.ulterieur}"[:300],
        )
    return actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison=actuelle.get_decision_display())


def _controler(actuelle: Autorisation, decision: str, motif: str, maintenant: datetime) -> None:
    if actuelle.decision != DecisionAutorisation.ATTENDUE:
        raise ValidationError(
            f"Une décision est déjà prise\u00a0: {actuelle.get_decision_display().lower()}."
        )
    if actuelle.ulterieur.retire_le is not None:
        raise ValidationError("Ce sous-traitant n’intervient plus\u00a0: il n’y a plus rien à décider.")
    if decision not in DECISIONS[RegimeAutorisation(actuelle.regime)]:
        raise ValidationError({"decision": "Choisissez une réponse."})
    if decision == DecisionAutorisation.AUTORISEE:
        return
    if not motif:
        raise ValidationError({"motif": "Dites pourquoi\u00a0: le prestataire en a besoin."})
    if delai_passe(actuelle, maintenant):
        passe = date_longue(actuelle.objection_avant)
        raise ValidationError(
            {
                "decision": f"Vous pouviez vous opposer jusqu’au {passe}\u00a0: sans opposition, c’est "
                "accepté. Écrivez au prestataire\u202f; votre DPD vous aide."
            }
        )


def delai_passe(autorisation: Autorisation, maintenant: datetime) -> bool:
    """Vrai si le dernier jour pour s’opposer est derrière nous, à l’heure de la collectivité."""
    avant = autorisation.objection_avant
    return avant is not None and jour_local(autorisation.collectivite, maintenant) > avant


@transaction.atomic
def constater_silence(*, autorisation_id: int, maintenant: datetime) -> int:
    """Autorisation générale, délai passé, aucune opposition : c’est accepté ; rend 1 si l’état change.

    Jamais avant la fin du dernier jour, ni deux fois.
    """
    actuelle = _prendre(autorisation_id)
    if actuelle.decision != DecisionAutorisation.ATTENDUE or not delai_passe(actuelle, maintenant):
        return 0
    if actuelle.regime != RegimeAutorisation.GENERALE or actuelle.ulterieur.retire_le is not None:
        return 0
    actuelle.decision, actuelle.decidee_le = DecisionAutorisation.SILENCE, maintenant
    actuelle.enregistrer(auteur=None, maintenant=maintenant, raison="Délai d’opposition passé")
    return 1
