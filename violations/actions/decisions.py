"""Le DPD conseille ; le responsable de traitement décide, et peut revenir sur sa décision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.regles.typographie import enumeration
from violations import emails
from violations.actions.commun import franchir, noter, prendre, refaire_les_rappels
from violations.enums import (
    EtatViolation,
    GraviteCnil,
    MotifSansInformation,
    MoyenInformation,
    NatureEvenement,
    Question,
    Risque,
)
from violations.models import AvisViolation, DecisionViolation, Violation
from violations.regles.transitions import Geste

PUBLICS = frozenset({MoyenInformation.AFFICHE, MoyenInformation.PUBLICATION})
TRANCHEES = frozenset({EtatViolation.DECIDEE, EtatViolation.NOTIFIEE})
DITES = {
    (Question.NOTIFIER, True): "de notifier la CNIL",
    (Question.NOTIFIER, False): "de ne pas notifier la CNIL",
    (Question.INFORMER, True): "d’informer les personnes",
    (Question.INFORMER, False): "de ne pas informer les personnes",
}
DEJA_NOTIFIEE = "La CNIL est déjà notifiée\u00a0: cette réponse ne change plus."


@dataclass(frozen=True, slots=True)
class Reponse:
    """La réponse à une question ; ``motif`` est exigé d’un non, ``motif_34`` d’un refus d’informer."""

    oui: bool
    motif: str = ""
    motif_34: MotifSansInformation | None = None
    moyen: MoyenInformation | None = None
    prevue_le: date | None = None


@transaction.atomic
def rendre_avis(
    *,
    violation: Violation,
    risque: Risque,
    gravite: GraviteCnil,
    conseil_notifier: bool,
    conseil_informer: bool,
    raisons: str,
    auteur,
    maintenant: datetime,
    sait: str = "",
    ignore: str = "",
    motif: str = "",
) -> AvisViolation:
    """Le conseil du DPD (art. 39-1 a) ; il remplace le précédent, qui reste lisible.

    ``motif`` est exigé si le responsable avait déjà décidé. Le même avis envoyé deux fois n’en fait qu’un.

    :raises ValidationError: si l’état, le rôle ou un champ ne convient pas.
    """
    violation = prendre(violation)
    franchir(violation, Geste.RENDRE_AVIS, auteur, motif)
    dit = {
        "risque": risque,
        "gravite": gravite,
        "conseil_notifier": conseil_notifier,
        "conseil_informer": conseil_informer,
        "raisons": raisons.strip(),
        "sait": sait.strip(),
        "ignore": ignore.strip(),
        "rendu_par": auteur,
    }
    precedent = violation.avis.first()
    if precedent and all(getattr(precedent, champ) == valeur for champ, valeur in dit.items()):
        return precedent
    avis = AvisViolation(collectivite=violation.collectivite, violation=violation, rendu_le=maintenant, **dit)
    avis.enregistrer(auteur=auteur, maintenant=maintenant, raison=motif.strip() or "Avis rendu")
    violation.connaissance_dpd = violation.connaissance_dpd or maintenant
    violation.enregistrer(auteur=auteur, maintenant=maintenant, raison="Avis du DPD rendu")
    noter(
        violation,
        NatureEvenement.AVIS,
        "Avis du DPD remis au responsable de traitement",
        auteur=auteur,
        maintenant=maintenant,
    )
    emails.avis_rendu(violation=violation, maintenant=maintenant)
    return avis


@transaction.atomic
def decider(
    *,
    violation: Violation,
    reponses: Mapping[Question, Reponse],
    auteur,
    maintenant: datetime,
    avis_lu: int | None = None,
    motif: str = "",
) -> Violation:
    """Les décisions du responsable de traitement : les deux questions d’abord, l’une ou l’autre ensuite.

    Il peut décider sans attendre l’avis du DPD : la chronologie le dit. Les mêmes réponses envoyées deux
    fois ne décident qu’une fois.

    :param avis_lu: l’avis qu’il avait sous les yeux (sa clé) ; s’il y en a un plus récent, il le relit.
    :param motif: pourquoi il revient sur une décision déjà prise.
    :raises ValidationError: si l’état, le rôle, un motif ou une réponse manque.
    """
    violation = prendre(violation)
    avis = violation.avis.first()
    if (avis.pk if avis else None) != avis_lu:
        raise ValidationError("Le DPD vient de rendre un nouvel avis\u00a0: relisez-le avant de décider.")
    courantes = {d.question: d for d in violation.decisions.filter(courante=True)}
    if not set(Question.values) <= courantes.keys() | {q.value for q in reponses}:
        raise ValidationError("Répondez aux deux questions.")
    _controler(violation, reponses, maintenant)
    deja = violation.etat in TRANCHEES and _deja_prises(reponses, courantes)
    franchir(violation, Geste.DECIDER, auteur, motif or ("Envoi répété" if deja else ""))
    if deja:
        return violation
    for question, reponse in reponses.items():
        _enregistrer_une(violation, question, reponse, courantes.get(question), avis, auteur, maintenant)
    if Question.NOTIFIER in reponses:
        violation.notification_ecartee = not reponses[Question.NOTIFIER].oui
    violation.enregistrer(auteur=auteur, maintenant=maintenant, raison=motif.strip() or "Décisions prises")
    texte = _dites(reponses, avis, motif.strip())
    noter(violation, NatureEvenement.DECISION, texte, auteur=auteur, maintenant=maintenant)
    refaire_les_rappels(violation, maintenant)
    emails.decidee(violation=violation, maintenant=maintenant)
    return violation


def _dites(reponses: Mapping[Question, Reponse], avis: AvisViolation | None, motif: str) -> str:
    """« Le responsable décide de notifier la CNIL et de ne pas informer les personnes »."""
    dites = enumeration(tuple(DITES[question, reponse.oui] for question, reponse in reponses.items()))
    seul = "" if avis else ", sans attendre l’avis du DPD,"
    return f"Le responsable décide{seul} {dites}{f' ({motif})' if motif else ''}"


def _deja_prises(reponses: Mapping[Question, Reponse], courantes: Mapping[str, DecisionViolation]) -> bool:
    def prise(reponse: Reponse, d: DecisionViolation) -> bool:
        voulue = (reponse.oui, reponse.motif.strip(), reponse.motif_34 or "", reponse.moyen or "")
        return (d.reponse, d.motif, d.motif_34, d.moyen) == voulue and d.prevue_le == reponse.prevue_le

    return all(q in courantes and prise(reponse, courantes[q]) for q, reponse in reponses.items())


def _controler(violation: Violation, reponses: Mapping[Question, Reponse], maintenant: datetime) -> None:
    notifier, informer = reponses.get(Question.NOTIFIER), reponses.get(Question.INFORMER)
    if notifier and not notifier.oui and violation.notifiee_le is not None:
        raise ValidationError({"notifier": DEJA_NOTIFIEE})
    ce_jour = maintenant.astimezone(violation.collectivite.fuseau).date()
    if informer and informer.prevue_le and informer.prevue_le < ce_jour:
        raise ValidationError({"prevue_le": "Cette date est passée."})
    publique = informer is not None and informer.moyen in PUBLICS
    if informer and not informer.oui and informer.motif_34 == MotifSansInformation.EFFORTS and not publique:
        raise ValidationError(
            {"moyen": "L’article 34-3 c demande alors une communication publique\u00a0: dites laquelle."}
        )


def _enregistrer_une(violation, question, reponse, remplacee, avis, auteur, maintenant) -> None:
    if remplacee is not None:
        remplacee.courante = False
        remplacee.enregistrer(auteur=auteur, maintenant=maintenant, raison="Décision remplacée")
    decision = DecisionViolation(
        collectivite=violation.collectivite,
        violation=violation,
        question=question,
        reponse=reponse.oui,
        motif=reponse.motif.strip(),
        motif_34=reponse.motif_34 or "",
        moyen=reponse.moyen or "",
        prevue_le=reponse.prevue_le,
        avis=avis,
        suit_avis=_suit(avis, question, reponse.oui),
        decidee_par=auteur,
        decidee_le=maintenant,
    )
    decision.enregistrer(auteur=auteur, maintenant=maintenant, raison="Décision du responsable")


def _suit(avis: AvisViolation | None, question: Question, oui: bool) -> bool | None:
    if avis is None:
        return None
    conseil = avis.conseil_notifier if question == Question.NOTIFIER else avis.conseil_informer
    return conseil == oui
