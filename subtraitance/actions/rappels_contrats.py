"""Ce que les contrats font rappeler : leur terme, une certification qui expire, une décision attendue.

Chaque rappel porte une clé unique : deux relances qui tournent ensemble n’en envoient qu’un.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet

from dpd.comptes.destinataires import destinataires
from dpd.messagerie.models import Message
from subtraitance.actions.annuaire_commun import jour_de, prevenir
from subtraitance.actions.autorisations import constater_silence, jour_local
from subtraitance.contrats_lus import alerte_le
from subtraitance.emails_annuaire import (
    certification_expiree,
    rappel_de_l_autorisation,
    rappel_du_contrat,
)
from subtraitance.enums import DecisionAutorisation, EtatFiche, RegimeAutorisation
from subtraitance.models import Autorisation, Certification, Contrat, SousTraitant
from subtraitance.regles.rappels import palier_d_autorisation, rappel_d_autorisation

Geste = Callable[[], int]
UN_JOUR = timedelta(days=1)
LOT = 500  # objets cherchés à la fois


def gestes_de_rappel(maintenant: datetime) -> Iterable[Geste]:
    """Ce qu’il y a à rappeler à cet instant, un geste par sujet ; chacun rend le nombre d’envois."""
    yield from _contrats(maintenant)
    yield from _certifications(maintenant)
    yield from _autorisations(maintenant)
    yield from _silences(maintenant)


def _deja(nature: str, modele: type[Model], objets: Collection[int]) -> set[str]:
    """Les clés, sans leur destinataire, des rappels de cette nature déjà partis pour ces objets."""
    pks, partis = sorted(set(objets)), set()
    for debut in range(0, len(pks), LOT):
        messages = Message.objects.filter(
            # Sans le type, l’index par objet ne sert pas : toute la nature se relirait, des années durant.
            objet_type=ContentType.objects.get_for_model(modele),
            objet_id__in=pks[debut : debut + LOT],
            nature=f"subtraitance.{nature}",
            cle__isnull=False,
        )
        partis |= {cle.rpartition(":")[0] for cle in messages.values_list("cle", flat=True)}
    return partis


# --- Le terme d’un contrat ---------------------------------------------------------------------------


def _cle_du_terme(contrat: Contrat, jour: date) -> str | None:
    """La clé du rappel que ce contrat mérite ce jour-là ; ``None`` s’il n’en mérite aucun."""
    if contrat.fin < jour:
        return f"contrat-echu:{contrat.pk}:{contrat.fin:%Y%m%d}"
    if alerte_le(contrat) <= jour:
        return f"contrat-terme:{contrat.pk}:{contrat.fin:%Y%m%d}"
    return None


def _a_terme() -> QuerySet:
    return Contrat.objects.filter(
        clos_le__isnull=True, fin__isnull=False, collectivite__active=True
    ).select_related("collectivite__structure", "sous_traitant")


def _contrats(maintenant: datetime) -> Iterator[Geste]:
    """Ceux dont le jour est venu ; rappelés, ils ne se relisent plus avant leur prochain rappel."""
    dus = _a_terme().filter(rappel_le__lte=maintenant.date() + UN_JOUR).order_by("fin", "pk")
    for contrat in dus:
        if _cle_du_terme(contrat, jour_local(contrat.collectivite, maintenant)) is not None:
            yield partial(_rappeler_le_terme, contrat_id=contrat.pk, maintenant=maintenant)


@transaction.atomic
def _rappeler_le_terme(*, contrat_id: int, maintenant: datetime) -> int:
    """Sous le verrou du contrat : on ne rappelle pas le terme d’un contrat que l’on vient de prolonger."""
    contrat = _a_terme().select_for_update(no_key=True, of=("self",)).filter(pk=contrat_id).first()
    jour = contrat and jour_local(contrat.collectivite, maintenant)
    cle = contrat and _cle_du_terme(contrat, jour)
    if not cle:
        return 0
    personnes = destinataires([contrat.collectivite]).get(contrat.collectivite_id, ())
    if personnes:  # sinon le rappel attend que la collectivité ait quelqu’un à qui écrire
        contrat.rappel_le = contrat.fin + UN_JOUR if contrat.fin >= jour else None
        contrat.save_without_historical_record(update_fields=["rappel_le"])
    nature = cle.partition(":")[0].replace("-", "_")
    if cle in _deja(nature, Contrat, [contrat.pk]):
        return 0
    return rappel_du_contrat(
        nature=nature,
        contrat=contrat,
        personnes=personnes,
        cle=cle,
        maintenant=maintenant,
    )


# --- Une certification expirée -----------------------------------------------------------------------


def _expirees(maintenant: datetime) -> QuerySet:
    """Au plus large des fuseaux ; chacune se juge ensuite à l’heure de sa structure."""
    return (
        Certification.objects.filter(retiree_le__isnull=True, expire_le__lte=maintenant.date() + UN_JOUR)
        .exclude(sous_traitant__etat=EtatFiche.FUSIONNEE)
        .select_related("sous_traitant__structure", "structure")
    )


def _cle_de(certification: Certification) -> str:
    return f"certification-expiree:{certification.pk}:{certification.expire_le:%Y%m%d}"


def _certifications(maintenant: datetime) -> Iterator[Geste]:
    expirees = {
        _cle_de(certification): certification
        for certification in _expirees(maintenant).order_by("expire_le", "pk")
        if certification.expire_le < jour_de(certification.structure, maintenant)
    }
    partis = _deja("certification_expiree", SousTraitant, [c.sous_traitant_id for c in expirees.values()])
    for cle in sorted(expirees.keys() - partis):
        yield partial(_dire_expiree, certification_id=expirees[cle].pk, maintenant=maintenant)


@transaction.atomic
def _dire_expiree(*, certification_id: int, maintenant: datetime) -> int:
    """Au DPD, et à chaque collectivité liée, une fois ; sans effet si elle vient d’être renouvelée."""
    prises = _expirees(maintenant).select_for_update(no_key=True, of=("self",)).filter(pk=certification_id)
    certification = prises.first()
    if certification is None or certification.expire_le >= jour_de(certification.structure, maintenant):
        return 0
    cle, fiche = _cle_de(certification), certification.sous_traitant
    if cle in _deja("certification_expiree", SousTraitant, [fiche.pk]):
        return 0
    phrase = f"Sa certification «\u00a0{certification.nom}\u00a0» a expiré."
    envoyes = certification_expiree(fiche=fiche, nom=certification.nom, cle=cle, maintenant=maintenant)
    if not envoyes:  # le courriel au DPD garde trace que c’est dit : sans lui, tout repartirait chaque minute
        return 0
    return envoyes + prevenir(fiche, [phrase], sujet=cle, maintenant=maintenant)


# --- Une autorisation attendue -----------------------------------------------------------------------


def _attendues(regime: RegimeAutorisation) -> QuerySet:
    return Autorisation.objects.filter(
        decision=DecisionAutorisation.ATTENDUE,
        regime=regime,
        ulterieur__retire_le__isnull=True,
        contrat__clos_le__isnull=True,
    )


def _cle_d_attente(autorisation: Autorisation, maintenant: datetime) -> str | None:
    palier = palier_d_autorisation(autorisation.demandee_le, maintenant)
    return f"autorisation-attendue:{autorisation.pk}:{palier}" if palier else None


def _autorisations(maintenant: datetime) -> Iterator[Geste]:
    """Celles dont l’heure est venue ; rappelées, elles ne se relisent plus avant leur prochain rappel."""
    dues = _attendues(RegimeAutorisation.SPECIFIQUE).filter(
        rappel_le__lte=maintenant, collectivite__active=True
    )
    for pk in dues.order_by("rappel_le", "pk").values_list("pk", flat=True):
        yield partial(_rappeler_l_autorisation, autorisation_id=pk, maintenant=maintenant)


@transaction.atomic
def _rappeler_l_autorisation(*, autorisation_id: int, maintenant: datetime) -> int:
    """Sous le verrou de la demande : rien ne part à l’instant où le responsable décide."""
    prise = (
        _attendues(RegimeAutorisation.SPECIFIQUE)
        .select_for_update(no_key=True, of=("self",))
        .select_related("contrat__collectivite__structure", "contrat__sous_traitant", "ulterieur__ulterieur")
        .filter(pk=autorisation_id)
        .first()
    )
    cle = prise and _cle_d_attente(prise, maintenant)
    if not cle:
        return 0
    collectivite = prise.contrat.collectivite
    personnes = destinataires([collectivite]).get(collectivite.pk, ())
    if personnes:  # sinon le rappel attend que la collectivité ait quelqu’un à qui écrire
        prise.rappel_le = rappel_d_autorisation(prise.demandee_le, maintenant)
        prise.save_without_historical_record(update_fields=["rappel_le"])
    if cle in _deja("autorisation_attendue", Autorisation, [prise.pk]):
        return 0
    return rappel_de_l_autorisation(
        autorisation=prise,
        personnes=personnes,
        cle=cle,
        demandee=jour_local(collectivite, prise.demandee_le),
        maintenant=maintenant,
    )


def _silences(maintenant: datetime) -> Iterator[Geste]:
    """Le délai d’opposition est passé quelque part ; chaque constat se juge à l’heure de sa collectivité."""
    generales = _attendues(RegimeAutorisation.GENERALE).filter(objection_avant__lte=maintenant.date())
    for pk in generales.order_by("objection_avant", "pk").values_list("pk", flat=True):
        yield partial(constater_silence, autorisation_id=pk, maintenant=maintenant)
