"""Filtres et balises du site : fines enveloppes autour des règles pures."""

from functools import lru_cache

from django import template
from django.template import defaultfilters
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dpd.regles import typographie
from dpd.regles.durees import duree_en_heures

register = template.Library()
MANQUE = SafeString(' class="manque"')


@lru_cache(maxsize=512, typed=True)
def _icone(nom: str, taille: str) -> SafeString:
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        " i--grand" if taille else "",
        static("dpd/icones.svg"),
        nom,
    )


@register.simple_tag
def icone(nom: str, taille: str = ""):
    """Une icône décorative ; toujours suivie d’un mot."""
    return _icone(nom, taille)


# Typé : un libellé déjà sûr et le même qui ne l’est pas ne s’écrivent pas pareil.
@lru_cache(maxsize=1_024, typed=True)
def _etat(ton: str, dessin: str, libelle: str) -> SafeString:
    classe = f" etat--{ton}" if ton else ""
    return format_html('<span class="etat{}">{}{}</span>', classe, _icone(dessin, ""), libelle)


@register.simple_tag
def etat(vu):
    """Un état : icône, mot, forme. ``vu`` dit son ``ton``, son ``icone`` et son ``libelle``.

    Une liste en montre deux par ligne : écrite une fois, la balise se relit en mémoire.
    """
    return _etat(vu.ton, vu.icone, str(vu.libelle))


@register.simple_tag
@lru_cache(maxsize=256, typed=True)
def cases(manquantes: str):
    """Les cases a à g de l’article 30 ; ``manquantes`` : les lettres qui manquent (« df »)."""
    lettres = format_html_join("", "<i{}>{}</i>", ((MANQUE if x in manquantes else "", x) for x in "abcdefg"))
    return format_html('<span class="cases" aria-hidden="true">{}</span>', lettres)


@register.simple_tag(takes_context=True)
def autre_page(context, page, numero: int) -> str:
    """L’adresse d’une autre page d’une liste ; les autres paramètres de l’adresse restent."""
    parametres = context.request.GET.copy()
    parametres[page.parametre] = str(numero)
    return f"?{parametres.urlencode()}"


def _local(instant):
    return timezone.localtime(instant) if timezone.is_aware(instant) else instant


@register.filter
def date_longue(jour):
    return typographie.date_longue(jour) if jour else ""


@register.filter
def date_courte(jour):
    return typographie.date_courte(jour) if jour else ""


@register.filter
def instant_long(instant):
    return typographie.instant_long(_local(instant)) if instant else ""


@register.filter
def instant_court(instant):
    return typographie.instant_court(_local(instant)) if instant else ""


@register.filter
def heure(instant):
    return typographie.heure(_local(instant)) if instant else ""


@register.filter
def nombre(valeur):
    return "" if valeur is None or valeur == "" else typographie.nombre(valeur)


@register.filter
def euros(montant):
    """« 1 368,82 € » ; rien s’il n’y a pas de montant."""
    return "" if montant is None or montant == "" else typographie.euros(montant)


@register.filter
def de(nom):
    """Élision : « de Montpezat », « d’Auvillar », « du Fau »."""
    return typographie.de(nom)


@register.filter
def siren(valeur):
    """« 218 201 317 »."""
    return "\u00a0".join(valeur[i : i + 3] for i in range(0, len(valeur), 3))


@register.filter
def jour_court(instant):
    """La date locale d’un instant : « 20 nov. 2026 »."""
    return typographie.date_courte(_local(instant).date()) if instant else ""


@register.filter
def svg(valeur):
    """Un nombre pour un attribut SVG : point décimal, quelle que soit la langue."""
    return f"{valeur:.1f}"


@register.filter
def pluralize(valeur, formes="s"):
    """L’accord français d’un nombre ou d’une suite : zéro reste au singulier (« 0 fiche », « 2 fiches »)."""
    try:
        nombre = float(valeur)
    except TypeError:
        nombre = len(valeur)
    return defaultfilters.pluralize(1 if abs(nombre) < 2 else 2, formes)


@register.filter
def en_lettres(valeur):
    return typographie.en_lettres(valeur)


@register.filter
def tel(numero):
    """Le numéro composable d’un lien « tel: »."""
    chiffres = "".join(c for c in numero if c.isdigit() or c == "+")
    return f"+33{chiffres[1:]}" if chiffres.startswith("0") else chiffres


@register.filter
def duree_heures(minutes):
    """Une durée en minutes : « 11 h 30 »."""
    return "" if minutes is None or minutes == "" else duree_en_heures(minutes)
