"""Rappeler les demandes de droits : ce que fait ``manage.py relancer`` pour elles.

Chaque rappel se prend sous un verrou et porte une clé unique : rejoué, ou joué par deux processus à la
fois, il ne part qu’une fois. Une demande répondue n’est jamais rappelée, ni une demande suspendue pour une
réponse que l’on ne doit pas encore.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from dpd.comptes.models import Collectivite
from dpd.messagerie.models import Message
from dpd.regles.calendrier import Territoire
from subtraitance import emails_rappels as emails
from subtraitance.actions.demandes_commun import jour_de, prendre
from subtraitance.enums import EtatDemande
from subtraitance.models import DemandeDroits, SuspensionDemande
from subtraitance.regles.rappels import (
    SILENCE,
    Palier,
    est_sans_nouvelle,
    palier_de_reponse,
    palier_de_transmission,
)

Geste = Callable[[], int]
FINIES = (EtatDemande.REPONDUE, EtatDemande.CLOSE)
AVANCE = timedelta(days=1)  # un jour civil d’écart au plus entre deux fuseaux
LOT = 500  # demandes dont on cherche les rappels à la fois


class Du(NamedTuple):
    """Un rappel à faire ; ``cle`` : ce qui l’empêche de partir deux fois, la personne exceptée."""

    cle: str
    envoyer: Callable[[str, datetime], bool]


def gestes_de_rappel(maintenant: datetime) -> Iterable[Geste]:
    """Un geste par rappel à faire ; chacun rend 1 si un courriel est parti, 0 sinon.

    Le nombre de lectures ne dépend que des rappels à faire : ceux déjà partis ne se relisent pas un à un.
    """
    yield from _gestes(_a_transmettre(maintenant), _du_transmission, maintenant)
    yield from _gestes(_a_repondre(maintenant), _du_reponse, maintenant)
    yield from _gestes(_suspendues(maintenant), _du_suspension, maintenant)
    yield from _effacements(maintenant)


def _en_cours() -> QuerySet:
    requete = DemandeDroits.objects.filter(repondue_le__isnull=True).exclude(etat__in=FINIES)
    return requete.select_related("collectivite__structure").order_by("echeance", "pk")


def _attentes() -> QuerySet:
    return SuspensionDemande.objects.filter(fin__isnull=True)


def _a_transmettre(maintenant: datetime) -> QuerySet:
    # Douze heures ouvrées tiennent en moins d’une semaine, le plus long des ponts compris.
    return _en_cours().filter(
        transmise_le__isnull=True, echeance_transmission__lte=maintenant + timedelta(days=7)
    )


def _a_repondre(maintenant: datetime) -> QuerySet:
    limite = (maintenant + AVANCE).date() + timedelta(days=7)
    suspendue = _attentes().filter(demande=OuterRef("pk"))
    return _en_cours().filter(~Exists(suspendue), echeance__lte=limite)


def _suspendues(maintenant: datetime) -> QuerySet:
    limite = (maintenant + AVANCE).date() - SILENCE
    attente = _attentes().filter(demande=OuterRef("pk"), debut__lt=limite)
    return _en_cours().filter(Exists(attente))


def _du_transmission(demande: DemandeDroits, maintenant: datetime) -> Du | None:
    if demande.transmise_le is not None or demande.echeance_transmission is None:
        return None
    territoire = Territoire(demande.collectivite.structure.territoire)
    palier = palier_de_transmission(demande.echeance_transmission, maintenant, territoire)
    if palier is None:
        return None
    return _du(demande, palier, partial(emails.rappeler_la_transmission, demande=demande, palier=palier))


def _du_reponse(demande: DemandeDroits, maintenant: datetime) -> Du | None:
    if demande.echeance is None or _debut_de_l_attente(demande) is not None:
        return None
    palier: Palier | None = palier_de_reponse(demande.echeance, jour_de(demande, maintenant))
    if palier is None:
        return None
    # Prolongée ou reprise, la demande a une autre échéance : ses rappels repartent.
    cle = f"{palier}:{demande.echeance:%Y%m%d}"
    return _du(demande, cle, partial(emails.rappeler_la_reponse, demande=demande, palier=palier))


def _du_suspension(demande: DemandeDroits, maintenant: datetime) -> Du | None:
    debut = _debut_de_l_attente(demande)
    if debut is None or not est_sans_nouvelle(debut, jour_de(demande, maintenant)):
        return None
    cle = f"suspension:{debut:%Y%m%d}"
    return _du(demande, cle, partial(emails.rappeler_la_suspension, demande=demande, debut=debut))


def _debut_de_l_attente(demande: DemandeDroits) -> date | None:
    return next((s.debut for s in demande.suspensions.all() if s.fin is None), None)


def _du(demande: DemandeDroits, cle: str, envoyer: Callable[..., bool]) -> Du:
    return Du(
        f"demande-rappel:{demande.pk}:{cle}",
        lambda cle, maintenant: envoyer(cle=cle, maintenant=maintenant),
    )


def _gestes(
    requete: QuerySet, du: Callable[[DemandeDroits, datetime], Du | None], maintenant: datetime
) -> Iterator[Geste]:
    demandes = list(requete.prefetch_related("suspensions"))
    for debut in range(0, len(demandes), LOT):
        lot = demandes[debut : debut + LOT]
        partis = _deja_partis(DemandeDroits, lot)
        for demande in lot:
            rappel = du(demande, maintenant)
            if rappel is not None and rappel.cle not in partis:
                yield partial(_rappeler, demande, du, maintenant)


def _deja_partis(modele: type, objets: list, depuis: date = date.min) -> set[str]:
    """Les clés des rappels faits sur ces objets depuis ce jour, sans la personne ; une requête."""
    cles = Message.objects.filter(
        objet_type=ContentType.objects.get_for_model(modele),
        objet_id__in=[objet.pk for objet in objets],
        nature__startswith=emails.PREFIXE,
        cree_le__gte=datetime.combine(depuis, time.min, UTC),
    ).values_list("cle", flat=True)
    return {cle.rpartition(":")[0] for cle in cles}


@transaction.atomic
def _rappeler(
    demande: DemandeDroits, du: Callable[[DemandeDroits, datetime], Du | None], maintenant: datetime
) -> int:
    """Relu sous verrou : un autre processus vient peut-être de rappeler, ou la mairie de répondre."""
    actuelle = prendre(demande)
    if actuelle.repondue_le is not None or actuelle.etat in FINIES:
        return 0
    rappel = du(actuelle, maintenant)
    if rappel is None or rappel.cle in _deja_partis(DemandeDroits, [actuelle]):
        return 0
    return int(rappel.envoyer(rappel.cle, maintenant))


def _effacements(maintenant: datetime) -> Iterator[Geste]:
    """Un rappel par collectivité ; il repart quand le terme d’une autre demande passe."""
    echues = _a_effacer((maintenant + AVANCE).date()).order_by("collectivite").values_list("collectivite")
    dernieres = list(echues.annotate(derniere=Max("effacer_apres")).order_by("derniere", "collectivite"))
    for debut in range(0, len(dernieres), LOT):
        lot = dict(dernieres[debut : debut + LOT])
        collectivites = list(Collectivite.objects.filter(pk__in=lot).order_by("pk"))
        partis = _deja_partis(Collectivite, collectivites, depuis=min(lot.values()))
        for collectivite in collectivites:
            if _cle_d_effacement(collectivite, lot[collectivite.pk]) not in partis:
                yield partial(_rappeler_l_effacement, collectivite, maintenant)


def _cle_d_effacement(collectivite: Collectivite, derniere: date) -> str:
    return f"demandes-a-effacer:{collectivite.pk}:{derniere:%Y%m%d}"


def _a_effacer(avant: date) -> QuerySet:
    return DemandeDroits.objects.filter(
        etat=EtatDemande.CLOSE, efface_le__isnull=True, effacer_apres__lt=avant
    )


@transaction.atomic
def _rappeler_l_effacement(collectivite: Collectivite, maintenant: datetime) -> int:
    Collectivite.objects.select_for_update(no_key=True).get(pk=collectivite.pk)
    jour = maintenant.astimezone(collectivite.fuseau).date()
    siennes = _a_effacer(jour).filter(collectivite=collectivite)
    bilan = siennes.aggregate(nombre=Count("pk"), derniere=Max("effacer_apres"))
    if not bilan["nombre"]:
        return 0
    cle = _cle_d_effacement(collectivite, bilan["derniere"])
    if cle in _deja_partis(Collectivite, [collectivite], depuis=bilan["derniere"]):
        return 0
    parti = emails.rappeler_l_effacement(
        collectivite=collectivite, nombre=bilan["nombre"], cle=cle, maintenant=maintenant
    )
    return int(parti)
