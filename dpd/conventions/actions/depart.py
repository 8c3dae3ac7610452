"""Conduire un départ : restituer, faire attester, puis clore, avec ou sans destruction constatée."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction

from dpd.comptes.actions_collectivites import modifier_collectivite
from dpd.comptes.enums import NatureAcces
from dpd.comptes.journal import consigner
from dpd.conventions import emails_depart
from dpd.conventions.actions.convention_commun import (
    refuser_l_avenir,
    verrouiller,
    verrouiller_collectivite,
)
from dpd.conventions.departs import AUTRE_CONVENTION, a_une_suite, empechement, faits_de
from dpd.conventions.enums import SortDonnees
from dpd.conventions.models import Convention, Depart
from dpd.conventions.regles.depart import GesteDepart, refus, refus_de_date
from dpd.pieces.actions import deposer
from dpd.pieces.enums import DomainePiece
from dpd.pieces.models import Piece
from dpd.pieces.regles.fichier import taille_lisible
from dpd.pieces.transaction import transaction_de_depot

# Ce que commence, au journal des accès, tout ce qui sort à l’occasion d’un départ.
AU_JOURNAL = "départ de la collectivité, "
CHANGE = (
    "Le registre ou les pièces ont changé depuis cette archive\u00a0: téléchargez-la de nouveau, pour n’en "
    "rien perdre."
)
AUTRE_ARCHIVE = (
    "L’archive a été remise de nouveau depuis l’ouverture de cette page\u00a0: relisez son empreinte."
)


@transaction.atomic
def ouvrir(*, convention: Convention, auteur, maintenant: datetime) -> Depart:
    """Ouvre le départ ; demandé deux fois, il ne s’ouvre qu’une. Après un abandon, il se rouvre à neuf.

    :raises ValidationError: si la convention ne finit pas, ou si une autre prend sa suite.
    """
    actuelle = verrouiller(convention)
    if deja := Depart.objects.filter(convention=actuelle, abandonne_le__isnull=True).first():
        return deja
    if phrase := empechement(actuelle, _jour(actuelle, maintenant)):
        raise ValidationError(phrase)
    if a_une_suite(actuelle):
        raise ValidationError(AUTRE_CONVENTION)
    depart = Depart(
        collectivite=actuelle.collectivite, convention=actuelle, ouvert_le=maintenant, ouvert_par=auteur
    ).enregistrer(auteur=auteur, maintenant=maintenant, raison="Départ ouvert")
    emails_depart.depart_ouvert(depart=depart, maintenant=maintenant)
    return depart


@transaction.atomic
def remettre(
    *,
    depart: Depart,
    empreinte: str,
    taille: int,
    change: bool,
    auteur,
    maintenant: datetime,
    request=None,
) -> Depart:
    """Note l’archive qui sort, au journal et au départ.

    Une fois sa réception attestée, l’archive qui fait foi ne change plus, sauf si le contenu a changé
    depuis (``change``) : la réception est alors à attester de nouveau.

    :raises ValidationError: si la destruction est constatée.
    """
    actuel = _verrouiller(depart)
    _exiger(GesteDepart.EXPORTER, actuel, maintenant)
    consigner(
        NatureAcces.EXPORT,
        maintenant=maintenant,
        utilisateur=auteur,
        collectivite=actuel.collectivite,
        detail=f"{AU_JOURNAL}archive complète, {taille_lisible(taille)}, SHA-256 {empreinte}",
        request=request,
    )
    if actuel.clos_le or (actuel.recu_le and not change):
        return actuel
    actuel.exporte_le, actuel.exporte_par = maintenant, auteur
    actuel.export_empreinte, actuel.export_taille = empreinte, taille
    actuel.recu_le = actuel.recu_par = None
    return actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Archive remise")


@transaction.atomic
def attester_reception(
    *, depart: Depart, empreinte_lue: str, change: bool, auteur, maintenant: datetime
) -> Depart:
    """La collectivité atteste avoir reçu l’archive dont elle a lu l’empreinte.

    :raises ValidationError: si aucune archive n’est remise, si elle a été remise de nouveau, si le contenu
        a changé depuis, ou si la réception est déjà attestée.
    """
    actuel = _verrouiller(depart)
    _exiger(GesteDepart.RECEVOIR, actuel, maintenant)
    if empreinte_lue != actuel.export_empreinte:
        raise ValidationError(AUTRE_ARCHIVE)
    if change:
        raise ValidationError(CHANGE)
    actuel.recu_le, actuel.recu_par = _jour(actuel, maintenant), auteur
    actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Réception attestée")
    emails_depart.depart_recu(depart=actuel, maintenant=maintenant)
    return actuel


@transaction.atomic
def choisir_le_sort(*, depart: Depart, sort: SortDonnees, auteur, maintenant: datetime) -> Depart:
    """Le responsable de traitement choisit (RGPD art. 28-3 g) ; n’écrit rien si rien ne change.

    :raises ValidationError: si la destruction est constatée ou le départ clos.
    """
    actuel = _verrouiller(depart)
    _exiger(GesteDepart.CHOISIR, actuel, maintenant)
    if actuel.sort == sort:
        return actuel
    actuel.sort = sort
    return actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Sort des données choisi")


@transaction_de_depot()
def viser(
    *, depart: Depart, visa: str, vise_le: date, fichier: File | None = None, auteur, maintenant: datetime
) -> Depart:
    """Note le visa des archives départementales, et garde le bordereau visé s’il est joint.

    :raises ValidationError: sans référence, pour une date à venir, ou si la destruction n’est pas choisie.
    """
    actuel = _verrouiller(depart)
    _exiger(GesteDepart.VISER, actuel, maintenant)
    if not visa.strip():
        raise ValidationError({"visa": "Indiquez la référence du visa."})
    refuser_l_avenir(vise_le, _jour(actuel, maintenant), "vise_le")
    if fichier is not None:
        deposer(
            fichier=fichier,
            domaine=DomainePiece.DEPART,
            collectivite=actuel.collectivite,
            auteur=auteur,
            maintenant=maintenant,
            description=f"Bordereau d’élimination visé, {visa.strip()}",
            parmi=Piece.objects.de(actuel.collectivite).filter(domaine=DomainePiece.DEPART).values("pk"),
        )
    if (actuel.visa, actuel.vise_le) == (visa.strip(), vise_le):
        return actuel
    actuel.visa, actuel.vise_le = visa.strip(), vise_le
    return actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Visa des archives noté")


@transaction.atomic
def constater_destruction(
    *, depart: Depart, detruit_le: date, detruit_comment: str, change: bool, auteur, maintenant: datetime
) -> Depart:
    """Note une destruction faite : l’application n’efface rien elle-même.

    :raises ValidationError: sans choix du responsable, sans réception attestée, sans visa s’il en faut un,
        avant eux, ou si le contenu a changé depuis l’archive reçue ; l’article est cité.
    """
    actuel = _verrouiller(depart)
    faits = _exiger(GesteDepart.DETRUIRE, actuel, maintenant)
    if change:
        raise ValidationError(CHANGE)
    refuser_l_avenir(detruit_le, _jour(actuel, maintenant), "detruit_le")
    if phrase := refus_de_date(detruit_le, faits):
        raise ValidationError({"detruit_le": phrase})
    if not detruit_comment.strip():
        raise ValidationError({"detruit_comment": "Dites qui a détruit, quoi et comment."})
    actuel.detruit_le, actuel.detruit_comment = detruit_le, detruit_comment.strip()
    return actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Destruction constatée")


@transaction.atomic
def abandonner(*, depart: Depart, motif: str, auteur, maintenant: datetime) -> Depart:
    """Renonce au départ : la collectivité reste. Rien ne s’efface, l’archive déjà remise reste remise.

    Demandé deux fois, il ne s’abandonne qu’une.

    :raises ValidationError: sans motif, si la destruction est constatée ou le départ clos.
    """
    actuel = _verrouiller(depart)
    if actuel.abandonne_le is not None:
        return actuel
    _exiger(GesteDepart.ABANDONNER, actuel, maintenant)
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi la collectivité ne part plus."})
    actuel.abandonne_le, actuel.abandonne_par = maintenant, auteur
    actuel.motif_abandon = motif.strip()
    actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Départ abandonné")
    emails_depart.depart_abandonne(depart=actuel, maintenant=maintenant)
    return actuel


@transaction.atomic
def clore(*, depart: Depart, auteur, maintenant: datetime) -> Depart:
    """Clôt le départ : la collectivité n’est plus suivie. Ses comptes restent à fermer, un par un.

    :raises ValidationError: si la réception n’est pas attestée, le sort pas choisi, la destruction pas
        constatée, la convention encore en vigueur, ou si une autre prend sa suite.
    """
    actuel = _verrouiller(depart)
    _exiger(GesteDepart.CLORE, actuel, maintenant)
    if a_une_suite(actuel.convention):
        raise ValidationError(AUTRE_CONVENTION)
    actuel.clos_le, actuel.clos_par = maintenant, auteur
    actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Départ clos")
    modifier_collectivite(
        collectivite=actuel.collectivite,
        auteur=auteur,
        maintenant=maintenant,
        motif="Départ clos\u00a0: la collectivité n’est plus suivie",
        active=False,
    )
    return actuel


def _verrouiller(depart: Depart) -> Depart:
    """Le départ tel qu’il est en base, sa collectivité verrouillée."""
    verrouiller_collectivite(depart.collectivite)
    return Depart.objects.select_related("convention__modele", "collectivite__structure").get(pk=depart.pk)


def _exiger(geste: GesteDepart, depart: Depart, maintenant: datetime):
    """Les faits du jour. :raises ValidationError: avec tout ce qui empêche le geste."""
    faits = faits_de(depart, _jour(depart, maintenant))
    if phrases := refus(geste, faits):
        raise ValidationError(list(phrases))
    return faits


def _jour(objet, maintenant: datetime) -> date:
    """La date chez la collectivité."""
    return maintenant.astimezone(objet.collectivite.fuseau).date()
