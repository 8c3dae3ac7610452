"""Rappeler une fois à la collectivité un état mensuel qui attend sa réponse."""

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery

from dpd.conventions import emails_etats as emails
from dpd.conventions.models import EtatMensuel, LigneEtatMensuel
from dpd.conventions.regles.mensuel import SILENCE_JOURS, EtatLigne, relance_due
from dpd.messagerie.models import Message

# Un silence se compte en jours civils : à un jour près d’une durée, plus l’heure d’été.
AVANCE = timedelta(hours=25)


def relancer_etats(maintenant: datetime, *, silence: int = SILENCE_JOURS) -> int:
    """Rappelle aux décideurs les états restés sans réponse ; rend le nombre d’états rappelés.

    Un rappel par état, jamais deux : rejouée le même jour ou un an plus tard, elle n’écrit à personne de
    plus. Un état dont toutes les lignes en suspens attendent la structure n’est pas rappelé, ni un état
    sans décideur à qui écrire. Ni les requêtes ni les états lus ne dépendent d’autre chose que des
    rappels à faire.

    :raises ValueError: si un état attend et que ``silence`` n’est pas d’un jour au moins.
    """
    rappeles = 0
    for etat in _silencieux(maintenant - timedelta(days=silence) + AVANCE):
        fuseau = etat.collectivite.fuseau
        dernier = max(etat.fige_le, etat.dernier_geste or etat.fige_le)
        if relance_due(
            dernier.astimezone(fuseau).date(), maintenant.astimezone(fuseau).date(), silence=silence
        ):
            rappeles += _relancer(etat, maintenant)
    return rappeles


def _silencieux(limite: datetime) -> QuerySet:
    """Ceux qui attendent la collectivité et où rien n’a bougé depuis, avec leur ``dernier_geste``."""
    gestes = LigneEtatMensuel.history.filter(etat_mensuel=OuterRef("pk")).order_by()
    dernier = gestes.values("etat_mensuel").annotate(le=Max("history_date")).values("le")
    return (
        en_attente_de_la_collectivite()
        .filter(~Exists(gestes.filter(history_date__gt=limite)), fige_le__lte=limite)
        .annotate(dernier_geste=Subquery(dernier))
    )


def en_attente_de_la_collectivite() -> QuerySet:
    """Les états non validés dont une ligne au moins attend la collectivité, jamais rappelés encore."""
    deja = Message.objects.filter(
        nature=emails.RELANCE,
        objet_id=OuterRef("pk"),
        objet_type=ContentType.objects.get_for_model(EtatMensuel),
    )
    return (
        EtatMensuel.objects.filter(~Exists(deja), valide_le__isnull=True)
        .annotate(a_valider=Count("lignes", filter=Q(lignes__etat=EtatLigne.A_VALIDER.value)))
        .filter(a_valider__gt=0)
        .select_related("collectivite__structure")
        .order_by("fige_le", "pk")
    )


@transaction.atomic
def _relancer(etat: EtatMensuel, maintenant: datetime) -> bool:
    """Vrai si un rappel est parti : sous le verrou de l’état, deux relances ne se croisent pas."""
    actuel = EtatMensuel.objects.select_for_update(no_key=True).get(pk=etat.pk)
    if actuel.valide_le is not None:
        return False
    return emails.mois_relance(etat=etat, nombre=etat.a_valider, maintenant=maintenant)
