"""Filtres du registre : fines enveloppes autour de ses règles."""

from django import template

from dpd.regles import typographie
from dpd.vocabulaire import BaseLegale
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


INTITULES = {
    "a": "le responsable et le DPD (a)",
    "b": "les finalités (b)",
    "c": "les personnes et les données (c)",
    "d": "les destinataires (d)",
    "e": "les transferts (e)",
    "f": "les durées (f)",
    "g": "la sécurité (g)",
}


@register.filter
def manques_en_clair(lettres):
    """« les destinataires (d) et la sécurité (g) »."""
    return typographie.enumeration(tuple(INTITULES[lettre] for lettre in lettres))


@register.filter
def base_legale(code):
    return dict(BaseLegale.choices).get(code, "À préciser")
