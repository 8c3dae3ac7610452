"""Ce que la structure détient pour chaque collectivité : sa durée, son échéance, sa destruction prouvée."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from dpd.comptes.models import Collectivite, Structure
from dpd.conventions.models import Convention
from dpd.regles.calendrier import Territoire
from dpd.regles.renvois import DOUBLE_ENVOI
from dpd.regles.typographie import INSECABLE
from subtraitance.actions.article_30_2 import jour_de_la_structure
from subtraitance.enums import LotDetenu, UniteDetention
from subtraitance.models import DonneesDetenues, RegleDetention
from subtraitance.regles.detention import echeance_detention

SANS_REGLE = "Aucune durée fixée"
SANS_QUANTITE = frozenset({UniteDetention.INTERVENTION, UniteDetention.CONVENTION})
FUTUR = "Cette date est dans le futur."
AVANT_RECEPTION = "Ces données n’étaient pas encore reçues."
DEJA = "Un de ces lots est déjà détruit ou restitué."
AUCUN = "Cochez au moins un lot."
D_AILLEURS = "Cette collectivité n’est pas de votre structure."
EMPREINTE = "Une empreinte SHA-256 compte 64 chiffres ou lettres de a à f."
COMBIEN = "Indiquez un nombre."
QUI_LE_DIT = "Dites ce qui fixe cette durée\u00a0: la convention et son article."
COMMENT = "Dites comment\u00a0: c’est la preuve."
_SHA256 = re.compile("[0-9a-f]{64}")


def regle_dite(regle: RegleDetention | None) -> str:
    """« 3 mois, convention, annexe, art. 8 » : la durée et ce qui la dit, telles que le lot les garde."""
    if regle is None:
        return SANS_REGLE
    duree = regle.get_unite_display()
    if regle.unite not in SANS_QUANTITE:
        duree = f"{regle.quantite}{INSECABLE}{duree}"
    return f"{duree}, {regle.source}"


@transaction.atomic
def regler(
    *,
    structure: Structure,
    type: LotDetenu,
    unite: UniteDetention,
    source: str,
    auteur,
    maintenant: datetime,
    quantite: int | None = None,
) -> RegleDetention:
    """Fixe combien de temps un type de lot se garde, avec l’article de la convention qui le dit.

    Les lots déjà reçus gardent leur durée ; ceux qui n’en avaient aucune reçoivent celle-ci.

    :raises ValidationError: par champ.
    """
    if not source.strip():
        raise ValidationError({"source": QUI_LE_DIT})
    if unite in SANS_QUANTITE:
        quantite = None
    elif not quantite:
        raise ValidationError({"quantite": COMBIEN})
    Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)
    regle = RegleDetention.objects.filter(structure=structure, type=type).first()
    regle = regle or RegleDetention(structure=structure, type=type)
    regle.quantite, regle.unite, regle.source = quantite, unite, source.strip()
    regle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Durée de détention fixée")
    sans_duree = _detenus(structure).filter(type=type, regle=SANS_REGLE)
    lots = list(sans_duree.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    _appliquer(regle, lots, auteur, maintenant)
    return regle


def _detenus(structure: Structure):
    return DonneesDetenues.objects.filter(collectivite__structure=structure, detruit_le=None)


def _appliquer(regle: RegleDetention, lots: list[DonneesDetenues], auteur, maintenant: datetime) -> None:
    fins = fins_de_convention({lot.collectivite_id for lot in lots})
    for lot in lots:
        lot.regle = regle_dite(regle)
        lot.echeance = _echeance(regle, lot.recu_le, regle.structure, fins.get(lot.collectivite_id))
    DonneesDetenues.objects.modifier_en_masse(
        lots, ["regle", "echeance"], auteur=auteur, maintenant=maintenant, raison="Durée de détention fixée"
    )


def _echeance(
    regle: RegleDetention | None, recu_le: date, structure: Structure, fin: date | None
) -> date | None:
    if regle is None:
        return None
    unite, territoire = UniteDetention(regle.unite), Territoire(structure.territoire)
    echeance = echeance_detention(recu_le, regle.quantite, unite, territoire, fin)
    # Reçu après la fin de la convention, un lot ne pouvait déjà plus être gardé.
    return echeance and max(echeance, recu_le)


def fins_de_convention(collectivites: Iterable[int]) -> dict[int, date]:
    """Le dernier jour de la convention de chacune ; deux requêtes.

    Absente : celle qui n’a pas de convention, ou en a une à laquelle rien ne met fin.
    """
    signees = Convention.objects.filter(collectivite__in=list(collectivites), date_effet__isnull=False)
    ouvertes = set(signees.filter(fin=None).order_by().values_list("collectivite", flat=True))
    finies = signees.order_by().values_list("collectivite").annotate(fin=Max("fin"))
    return {pk: fin for pk, fin in finies if pk not in ouvertes}


@transaction.atomic
def enregistrer_lot(
    *,
    structure: Structure,
    collectivite: Collectivite,
    type: LotDetenu,
    description: str,
    recu_le: date,
    auteur,
    maintenant: datetime,
    empreinte: str = "",
) -> DonneesDetenues:
    """Note un lot reçu d’une collectivité, et jusqu’à quand il peut se garder (RGPD art. 28-3 g).

    Renvoyé dans la minute, il ne se note qu’une fois : rien ne le retirerait qu’une destruction attestée.

    :raises ValidationError: par champ.
    """
    if collectivite.structure_id != structure.pk:
        raise ValidationError({"collectivite": D_AILLEURS})
    if recu_le > jour_de_la_structure(structure, maintenant):
        raise ValidationError({"recu_le": FUTUR})
    Collectivite.objects.select_for_update(no_key=True).get(pk=collectivite.pk)
    empreinte = empreinte.strip().lower()
    if empreinte and not _SHA256.fullmatch(empreinte):
        raise ValidationError({"empreinte": EMPREINTE})
    renvoye = DonneesDetenues.objects.filter(
        collectivite=collectivite,
        type=type,
        description=description,
        recu_le=recu_le,
        empreinte=empreinte,
        enregistre_par=auteur,
        enregistre_le__gt=maintenant - DOUBLE_ENVOI,
    )
    if deja := renvoye.first():
        return deja
    regle = RegleDetention.objects.filter(structure=structure, type=type).first()
    fin = fins_de_convention([collectivite.pk]).get(collectivite.pk)
    lot = DonneesDetenues(
        collectivite=collectivite,
        type=type,
        description=description,
        recu_le=recu_le,
        regle=regle_dite(regle),
        echeance=_echeance(regle, recu_le, structure, fin),
        empreinte=empreinte,
        enregistre_par=auteur,
        enregistre_le=maintenant,
    )
    return lot.enregistrer(auteur=auteur, maintenant=maintenant, raison="Données détenues enregistrées")


@transaction.atomic
def detruire_lots(
    *,
    structure: Structure,
    lots: Iterable[DonneesDetenues],
    le: date,
    comment: str,
    auteur,
    maintenant: datetime,
    restitue: bool = False,
) -> list[DonneesDetenues]:
    """Prouve la destruction, ou la restitution, de ces lots : qui, quand, comment.

    Ce que c’était reste écrit, avec l’empreinte si on l’a.

    :raises ValidationError: par champ ; tous les lots passent, ou aucun.
    """
    choisis = [lot.pk for lot in lots]
    if not choisis:
        raise ValidationError(AUCUN)
    if not comment.strip():
        raise ValidationError({"comment": COMMENT})
    if le > jour_de_la_structure(structure, maintenant):
        raise ValidationError({"le": FUTUR})
    siens = DonneesDetenues.objects.filter(collectivite__structure=structure, pk__in=choisis)
    pris = list(siens.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    if any(lot.detruit_le is not None for lot in pris):
        raise ValidationError(DEJA)
    if any(lot.recu_le > le for lot in pris):
        raise ValidationError({"le": AVANT_RECEPTION})
    for lot in pris:
        lot.detruit_le, lot.detruit_par = le, auteur
        lot.detruit_comment, lot.restitue = comment.strip(), restitue
    DonneesDetenues.objects.modifier_en_masse(
        pris,
        ["detruit_le", "detruit_par", "detruit_comment", "restitue"],
        auteur=auteur,
        maintenant=maintenant,
        raison="Données restituées" if restitue else "Données détruites",
    )
    return pris


@transaction.atomic
def fixer_les_echeances(*, structure: Structure, maintenant: datetime) -> int:
    """Une convention qui finit fixe l’échéance des lots gardés « le temps de la convention ».

    Une fin retirée la rend de nouveau vide. Rend le nombre de lots changés ; rejouable.
    """
    Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)
    changes = echeances_a_fixer(structure)
    DonneesDetenues.objects.modifier_en_masse(
        changes, ["echeance"], auteur=None, maintenant=maintenant, raison="Fin de convention"
    )
    return len(changes)


def echeances_a_fixer(structure: Structure) -> list[DonneesDetenues]:
    """Les lots dont l’échéance n’est plus celle de leur convention, avec la bonne ; eux seuls sont lus."""
    regles = RegleDetention.objects.filter(structure=structure, unite=UniteDetention.CONVENTION)
    dites = [regle_dite(regle) for regle in regles]
    if not dites:
        return []
    lots = _detenus(structure).filter(regle__in=dites).annotate(fin=Subquery(_fin_de_convention()))
    attendue = Case(When(fin__lt=F("recu_le"), then=F("recu_le")), default=F("fin"))
    ecarts = lots.annotate(
        attendue=attendue, ecrite=Coalesce("echeance", date.max), juste=Coalesce(attendue, date.max)
    ).filter(~Q(ecrite=F("juste")))
    changes = list(ecarts)
    for lot in changes:
        lot.echeance = lot.attendue
    return changes


def _fin_de_convention() -> QuerySet:
    """Pour le lot d’une requête, ce que ``fins_de_convention`` dit de sa collectivité."""
    signees = Convention.objects.filter(collectivite=OuterRef("collectivite"), date_effet__isnull=False)
    fins = signees.order_by().values("collectivite").annotate(derniere=Max("fin"))
    return fins.filter(~Exists(signees.filter(fin__isnull=True))).values("derniere")
