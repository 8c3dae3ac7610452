"""Les gestes d’un devis : chacun suit la table des transitions, sur une ligne verrouillée."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.models import Collectivite
from dpd.conventions import emails_devis
from dpd.conventions.actions.annuels import prendre_la_numerotation
from dpd.conventions.models import Devis, EtatAnnuel
from dpd.conventions.regles.devis import EtatDevis, GesteDevis, est_expiree, suite
from dpd.regles.typographie import date_longue


@transaction.atomic
def demander(*, collectivite: Collectivite, objet: str, besoin: str, auteur, maintenant: datetime) -> Devis:
    """Une collectivité demande un devis ; la structure en est prévenue.

    :raises ValidationError: par champ, ou si la même demande est déjà en cours.
    """
    Collectivite.objects.select_for_update(no_key=True).get(pk=collectivite.pk)  # deux envois se suivent
    en_cours = Devis.objects.filter(collectivite=collectivite, objet=objet)
    if en_cours.filter(etat__in=[EtatDevis.DEMANDE.value, EtatDevis.AUDIT.value]).exists():
        raise ValidationError({"objet": "Une demande de ce nom est déjà en cours."})
    devis = Devis(
        collectivite=collectivite, objet=objet, besoin=besoin, demande_le=maintenant, demande_par=auteur
    )
    devis.enregistrer(auteur=auteur, maintenant=maintenant, raison="Devis demandé")
    emails_devis.devis_demande(devis=devis, maintenant=maintenant)
    return devis


@transaction.atomic
def etudier(*, devis: Devis, auteur, maintenant: datetime) -> Devis:
    """La structure ouvre l’étude préalable des besoins. ``ValueError`` si l’état ne le permet pas."""
    actuel = _avancer(devis, GesteDevis.ETUDIER)
    actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Besoins à l’étude")
    emails_devis.devis_etudie(devis=actuel, maintenant=maintenant)
    return actuel


@transaction.atomic
def preparer(*, devis: Devis, auteur, maintenant: datetime, **champs) -> Devis:
    """Enregistre la proposition en préparation, complète ou non, sans l’envoyer.

    :raises ValueError: si les besoins ne sont pas à l’étude.
    """
    actuel = Devis.objects.select_for_update(no_key=True).get(pk=devis.pk)
    if actuel.etape is not EtatDevis.AUDIT:
        raise ValueError(f"Ce geste n’est pas permis\u00a0: le devis est «\u00a0{actuel.etape.label}\u00a0».")
    for nom, valeur in champs.items():
        setattr(actuel, nom, valeur)
    return actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Proposition préparée")


@transaction.atomic
def proposer(
    *,
    devis: Devis,
    audit: str,
    volet_administratif: str,
    plan_actions: str,
    jours_mise_en_place: Decimal | None,
    jours_accompagnement: Decimal | None,
    prix_jour: Decimal,
    prix_revisable: bool,
    exercice: int,
    ponctuel: bool,
    valable_jusqu_au: date,
    auteur,
    maintenant: datetime,
) -> Devis:
    """La structure propose : ce qu’elle a constaté, ce qu’elle fera, en combien de jours, à quel prix.

    :raises ValueError: si les besoins ne sont pas à l’étude.
    :raises ValidationError: si la proposition est incomplète, ou n’est plus valable le jour même.
    """
    actuel = _avancer(devis, GesteDevis.PROPOSER)
    actuel.audit, actuel.volet_administratif = audit, volet_administratif
    actuel.plan_actions, actuel.prix_jour, actuel.prix_revisable = plan_actions, prix_jour, prix_revisable
    actuel.jours_mise_en_place, actuel.jours_accompagnement = jours_mise_en_place, jours_accompagnement
    actuel.exercice, actuel.ponctuel, actuel.valable_jusqu_au = exercice, ponctuel, valable_jusqu_au
    actuel.propose_le, actuel.propose_par, actuel.motif = maintenant, auteur, ""
    _verifier_la_proposition(actuel, maintenant)
    actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Devis proposé")
    emails_devis.devis_propose(devis=actuel, maintenant=maintenant)
    return actuel


def _verifier_la_proposition(devis: Devis, maintenant: datetime) -> None:
    erreurs = {}
    if not devis.audit.strip():
        erreurs["audit"] = "Dites ce que l’étude des besoins a montré\u00a0: elle précède toute proposition."
    if not devis.jours_mise_en_place:
        erreurs["jours_mise_en_place"] = "Indiquez un nombre de jours."
    if not devis.ponctuel and not devis.jours_accompagnement:
        erreurs["jours_accompagnement"] = "Une prestation qui dure dit combien de jours par an."
    if devis.ponctuel and devis.jours_accompagnement:
        erreurs["jours_accompagnement"] = "Une prestation ponctuelle n’a pas de jours les années suivantes."
    if refus := _exercice_refuse(devis, _jour(devis, maintenant)):
        erreurs["exercice"] = refus
    if devis.valable_jusqu_au is None or est_expiree(devis.valable_jusqu_au, _jour(devis, maintenant)):
        erreurs["valable_jusqu_au"] = "Laissez à la collectivité le temps de décider."
    if erreurs:
        raise ValidationError(erreurs)


@transaction.atomic
def reprendre(*, devis: Devis, motif: str, auteur, maintenant: datetime) -> Devis:
    """La structure retire sa proposition pour la revoir. ``ValueError`` sans motif ou hors de cet état."""
    actuel = _avancer(devis, GesteDevis.REPRENDRE, motif)
    actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Proposition à revoir")
    emails_devis.devis_repris(devis=actuel, maintenant=maintenant)
    return actuel


@transaction.atomic
def decliner(*, devis: Devis, motif: str, auteur, maintenant: datetime) -> Devis:
    """La structure ne donne pas suite, faute de moyens. ``ValueError`` sans motif ou hors de cet état."""
    actuel = _avancer(devis, GesteDevis.DECLINER, motif)
    actuel.decide_le, actuel.decide_par = maintenant, auteur
    actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Devis décliné")
    emails_devis.devis_decline(devis=actuel, maintenant=maintenant)
    return actuel


@transaction.atomic
def accepter(*, devis: Devis, auteur, maintenant: datetime, lu: str | None = None) -> Devis:
    """La collectivité accepte la proposition qu’elle a lue.

    ``lu`` : l’instant de la proposition affichée ; une proposition refaite entre-temps se relit d’abord.

    :raises ValueError: si l’état ne le permet pas, si la proposition est expirée ou a changé, ou si l’état
        annuel qui devait la porter est figé : elle ne serait jamais facturée.
    """
    actuel = _avancer(devis, GesteDevis.ACCEPTER)
    _verifier_le_lu(actuel, lu)
    prendre_la_numerotation(actuel.collectivite.structure, actuel.exercice)
    if _est_fige(actuel):
        raise ValueError(
            f"L’état annuel {actuel.exercice} a été figé depuis cette proposition\u00a0: il ne la porterait "
            "pas. Demandez à la structure de la revoir sur un autre exercice."
        )
    if est_expiree(actuel.valable_jusqu_au, _jour(actuel, maintenant)):
        raise ValueError(
            f"Cette proposition a expiré le {date_longue(actuel.valable_jusqu_au)}\u00a0: elle ne peut plus "
            "être acceptée. Demandez à la structure de la revoir."
        )
    return _decider(actuel, auteur, maintenant, "Devis accepté")


@transaction.atomic
def refuser(*, devis: Devis, motif: str, auteur, maintenant: datetime) -> Devis:
    """La collectivité refuse, en disant pourquoi. ``ValueError`` sans motif ou hors de cet état."""
    return _decider(_avancer(devis, GesteDevis.REFUSER, motif), auteur, maintenant, "Devis refusé")


@transaction.atomic
def retirer(*, devis: Devis, motif: str, auteur, maintenant: datetime) -> Devis:
    """La collectivité retire sa demande avant toute proposition. ``ValueError`` comme :func:`refuser`."""
    return _decider(_avancer(devis, GesteDevis.RETIRER, motif), auteur, maintenant, "Demande retirée")


def version_lue(devis: Devis) -> str:
    """Ce qui désigne une proposition : l’instant où elle a été faite."""
    return devis.propose_le.isoformat() if devis.propose_le else ""


def _avancer(devis: Devis, geste: GesteDevis, motif: str = "") -> Devis:
    """Le devis verrouillé, dans l’état où mène le geste, pas encore enregistré."""
    actuel = Devis.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "collectivite__structure"
    )
    actuel = actuel.get(pk=devis.pk)
    actuel.etat = suite(actuel.etape, geste, motif=motif).value
    actuel.motif = motif.strip()
    return actuel


def _decider(devis: Devis, auteur, maintenant: datetime, raison: str) -> Devis:
    devis.decide_le, devis.decide_par = maintenant, auteur
    devis.enregistrer(auteur=auteur, maintenant=maintenant, raison=raison)
    emails_devis.devis_decide(devis=devis, maintenant=maintenant)
    return devis


def _exercice_refuse(devis: Devis, jour: date) -> str:
    """Pourquoi cet exercice ne porterait jamais la prestation ; vide s’il convient."""
    if devis.exercice < jour.year:
        return "Cet exercice est passé\u00a0: choisissez celui où les jours commenceront."
    if _est_fige(devis):
        return f"L’état annuel {devis.exercice} est figé\u00a0: choisissez le suivant."
    return ""


def _est_fige(devis: Devis) -> bool:
    return EtatAnnuel.objects.filter(collectivite=devis.collectivite_id, exercice=devis.exercice).exists()


def _verifier_le_lu(devis: Devis, lu: str | None) -> None:
    if lu is not None and lu != version_lue(devis):
        raise ValueError("La proposition a changé depuis que vous l’avez lue\u00a0: relisez-la d’abord.")


def _jour(devis: Devis, maintenant: datetime) -> date:
    return maintenant.astimezone(devis.collectivite.fuseau).date()
