"""Filtres du registre : fines enveloppes autour de ses règles."""

from django import template

from registre.regles import completude as regle
from registre.regles.conservation import libelle_duree as dire_duree
from registre.regles.contenu import Duree

register = template.Library()


@register.filter
def phrase_completude(completude):
    """« Il manque une seule chose : … »."""
    return regle.phrase(completude)


@register.filter
def proposition_lue(proposition):
    """Une durée proposée par le modèle, en une phrase ; « à déterminer » si le modèle ne l’établit pas."""
    duree = proposition.get("duree") or {}
    lue = Duree(duree.get("nombre"), duree.get("unite") or "", proposition.get("point_de_depart") or "")
    if lue.unite:
        return dire_duree(lue)
    return proposition.get("intermediaire") or proposition.get("base_active") or "à déterminer"
