"""Rappeler une fois à la collectivité un état mensuel qui attend sa réponse."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from dpd.conventions import emails_etats as emails
from dpd.conventions.models import EtatMensuel, LigneEtatMensuel
from dpd.conventions.regles.mensuel import SILENCE_JOURS, EtatLigne, relance_due
from dpd.messagerie.models import Message


def relancer_etats(maintenant: datetime, *, silence: int = SILENCE_JOURS) -> int:
    """Rappelle aux décideurs les états restés sans réponse ; rend le nombre d’états rappelés.

    Un rappel par état, jamais deux : rejouée le même jour ou un an plus tard, elle n’écrit à personne de
    plus. Un état dont toutes les lignes en suspens attendent la structure n’est pas rappelé, ni un état
    sans décideur à qui écrire. Le nombre de requêtes ne dépend que des rappels à faire.

    :raises ValueError: si un état attend et que ``silence`` n’est pas d’un jour au moins.
    """
    etats = list(en_attente_de_la_collectivite())
    mouvements = dict(
        LigneEtatMensuel.history.filter(etat_mensuel__in=[etat.pk for etat in etats])
        .order_by()
        .values_list("etat_mensuel")
        .annotate(Max("history_date"))
    )
    rappeles = 0
    for etat in etats:
        fuseau = etat.collectivite.fuseau
        dernier = max(etat.fige_le, mouvements.get(etat.pk, etat.fige_le))
        if relance_due(
            dernier.astimezone(fuseau).date(), maintenant.astimezone(fuseau).date(), silence=silence
        ):
            rappeles += _relancer(etat, maintenant)
    return rappeles


def en_attente_de_la_collectivite() -> QuerySet:
    """Les états non validés dont une ligne au moins attend la collectivité, jamais rappelés encore."""
    deja = Message.objects.filter(
        nature=emails.RELANCE, objet_id=OuterRef("pk"), objet_type__model="etatmensuel"
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
    actuel = EtatMensuel.objects.select_for_update().get(pk=etat.pk)
    if actuel.valide_le is not None:
        return False
    return emails.mois_relance(etat=etat, nombre=etat.a_valider, maintenant=maintenant)
