"""La collectivité tranche ligne à ligne ; la structure lui répond. Une durée présentée ne s’efface pas."""

from datetime import datetime

from django.db import transaction

from dpd.comptes.droits import Acces
from dpd.conventions import emails_etats as emails
from dpd.conventions.mensuels_lus import lu as ce_qui_se_lit
from dpd.conventions.mensuels_lus import lu_de_l_etat
from dpd.conventions.models import EtatMensuel, LigneEtatMensuel
from dpd.conventions.regles.mensuel import TRANSITIONS, EtatLigne, GesteLigne, suite, tout_est_tranche
from dpd.regles.durees import JOUR_ENTIER

CHANGE = "L’état a changé depuis votre lecture\u00a0: relisez-le d’abord."
RAISONS = {
    GesteLigne.VALIDER: "Validée par la collectivité",
    GesteLigne.CONTESTER: "Contestée par la collectivité",
    GesteLigne.CORRIGER: "Durée corrigée par la structure",
    GesteLigne.MAINTENIR: "Maintenue par la structure",
    GesteLigne.RETIRER: "Retirée par la structure",
}


@transaction.atomic
def decider(
    *,
    ligne: LigneEtatMensuel,
    geste: GesteLigne,
    motif: str = "",
    lu: str | None = None,
    auteur,
    maintenant: datetime,
) -> LigneEtatMensuel:
    """La collectivité valide une ligne, ou la conteste en disant pourquoi.

    ``lu`` : ce qu’elle avait sous les yeux. Quand toutes les lignes sont tranchées, l’état est validé.

    :raises ValueError: si le geste n’est pas permis, si le motif manque, si la ligne a changé, ou si la
        personne est de la structure qui présente ces journées.
    """
    ligne = _prendre(ligne, lu)
    _refuser_la_structure(auteur, ligne.etat_mensuel)
    _passer(ligne, geste, motif, de_la_structure=False)
    if geste is GesteLigne.CONTESTER:
        ligne.motif = motif.strip()
    else:
        ligne.tranchee_le, ligne.tranchee_par = maintenant, auteur
    ligne.enregistrer(auteur=auteur, maintenant=maintenant, raison=RAISONS[geste])
    if geste is GesteLigne.CONTESTER:
        emails.ligne_contestee(ligne=ligne, maintenant=maintenant)
    _clore(ligne.etat_mensuel, auteur, maintenant)
    return ligne


@transaction.atomic
def valider_tout(
    *, etat: EtatMensuel, lu: str | None = None, auteur, maintenant: datetime
) -> list[LigneEtatMensuel]:
    """Valide d’un geste toutes les lignes qui attendent ; rend celles qui viennent de l’être.

    :raises ValueError: si aucune n’attend, si l’état a changé depuis la lecture, ou si la personne est de
        la structure.
    """
    etat = _verrouiller(etat)
    _refuser_la_structure(auteur, etat)
    toutes = list(etat.lignes.order_by("ordre"))
    if lu is not None and lu != lu_de_l_etat(toutes):
        raise ValueError(CHANGE)
    lignes = [ligne for ligne in toutes if ligne.etape is EtatLigne.A_VALIDER]
    if not lignes:
        raise ValueError("Aucune ligne n’attend votre validation.")
    for ligne in lignes:
        ligne.etat = suite(ligne.etape, GesteLigne.VALIDER).value
        ligne.tranchee_le, ligne.tranchee_par = maintenant, auteur
    LigneEtatMensuel.objects.modifier_en_masse(
        lignes,
        ["etat", "tranchee_le", "tranchee_par"],
        auteur=auteur,
        maintenant=maintenant,
        raison=RAISONS[GesteLigne.VALIDER],
    )
    _clore(etat, auteur, maintenant)
    return lignes


@transaction.atomic
def repondre(
    *,
    ligne: LigneEtatMensuel,
    geste: GesteLigne,
    motif: str,
    minutes: int | None = None,
    lu: str | None = None,
    auteur,
    maintenant: datetime,
) -> LigneEtatMensuel:
    """La structure corrige la durée contestée, la maintient ou retire la ligne, toujours avec un motif.

    La durée présentée à l’origine reste. Une ligne corrigée ou maintenue revient à la collectivité.

    :raises ValueError: si le geste n’est pas permis, si le motif manque, si la ligne a changé, ou si la
        nouvelle durée est la même ou n’en est pas une.
    """
    ligne = _prendre(ligne, lu)
    _passer(ligne, geste, motif, de_la_structure=True)
    ligne.reponse = motif.strip()
    if geste is GesteLigne.CORRIGER:
        ligne.minutes = _corrigee(ligne, minutes)
    if geste is GesteLigne.RETIRER:
        ligne.tranchee_le, ligne.tranchee_par = maintenant, auteur
    ligne.enregistrer(auteur=auteur, maintenant=maintenant, raison=RAISONS[geste])
    emails.ligne_repondue(ligne=ligne, maintenant=maintenant)
    _clore(ligne.etat_mensuel, None, maintenant, historien=auteur)
    return ligne


def _verrouiller(etat: EtatMensuel) -> EtatMensuel:
    return (
        EtatMensuel.objects.select_for_update(no_key=True, of=("self",))
        .select_related("collectivite__structure")
        .get(pk=etat.pk)
    )


def _prendre(ligne: LigneEtatMensuel, lu: str | None) -> LigneEtatMensuel:
    """Relit la ligne sous le verrou de son état : deux gestes se suivent, ils ne se croisent pas."""
    etat = _verrouiller(ligne.etat_mensuel)
    ligne = etat.lignes.get(pk=ligne.pk)
    ligne.etat_mensuel = etat
    if lu is not None and lu != ce_qui_se_lit(ligne):
        raise ValueError(CHANGE)
    return ligne


def _refuser_la_structure(auteur, etat: EtatMensuel) -> None:
    """Qui présente des journées ne les valide pas, même s’il a reçu un rôle de décideur."""
    if Acces(auteur).roles_structure(etat.collectivite.structure):
        raise ValueError("La structure présente ces journées\u00a0: la collectivité les valide.")


def _passer(ligne: LigneEtatMensuel, geste: GesteLigne, motif: str, *, de_la_structure: bool) -> None:
    suivant = suite(ligne.etape, geste, motif=motif)
    if TRANSITIONS[ligne.etape, geste][1] is not de_la_structure:
        raise ValueError("Ce geste revient à l’autre partie.")
    ligne.etat = suivant.value


def _corrigee(ligne: LigneEtatMensuel, minutes: int | None) -> int:
    if minutes is None or not 0 < minutes <= JOUR_ENTIER:
        raise ValueError("Indiquez la nouvelle durée, d’une journée au plus.")
    if minutes == ligne.minutes:
        raise ValueError("C’est la durée déjà présentée\u00a0: maintenez la ligne, ou corrigez-la.")
    return minutes


def _clore(etat: EtatMensuel, auteur, maintenant: datetime, *, historien=None) -> None:
    """Valide l’état quand plus aucune ligne n’attend.

    ``auteur`` : qui vient de valider. Si la structure clôt en retirant la dernière ligne contestée, l’état
    porte le nom de la dernière personne qui en a validé une, s’il y en a.
    """
    lignes = list(etat.lignes.select_related("tranchee_par").order_by("tranchee_le", "pk"))
    if not tout_est_tranche(ligne.etape for ligne in lignes):
        return
    validees = [ligne.tranchee_par for ligne in lignes if ligne.etape is EtatLigne.VALIDEE]
    etat.valide_le = maintenant
    etat.valide_par = auteur or (validees[-1] if validees else None)
    etat.enregistrer(auteur=auteur or historien, maintenant=maintenant, raison="État validé")
    emails.etat_valide(etat=etat, maintenant=maintenant)
