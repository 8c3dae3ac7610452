"""Filtres du registre : fines enveloppes autour de ses règles."""

from django import template

from dpd.regles import typographie
from dpd.templatetags.fragments import fragment
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


BASES_LEGALES = dict(BaseLegale.choices)


@register.filter
def base_legale(code):
    return BASES_LEGALES.get(code, "À préciser")


@register.simple_tag
def elements_de_fiche(manquantes: str):
    """La cellule « Éléments obligatoires » d’une liste : les cases, le compte, ce qui manque."""
    return fragment("registre/_elements_de_fiche.html", manquantes=manquantes, remplis=7 - len(manquantes))


@register.simple_tag
def etat_de_fiche(version: dict, etat, complement):
    """La cellule « État » d’une liste : le mot, la date d’une relecture due, ce qui reste à remplir."""
    return fragment(
        "registre/_etat_de_fiche.html",
        etat=etat,
        complement=complement,
        relire_avant=version["relire_avant"] if etat.cle == "a_relire" else None,
        manquantes=version["manquantes"],
        a_dire=bool(complement or (version["manquantes"] and version["etat"] == "brouillon")),
    )
