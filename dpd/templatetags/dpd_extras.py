"""Filtres et balises du site : fines enveloppes autour des règles pures."""

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html

from dpd.regles import typographie
from dpd.regles.durees import duree_en_heures

register = template.Library()


@register.simple_tag
def icone(nom: str, taille: str = ""):
    """Une icône décorative ; toujours suivie d’un mot."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        " i--grand" if taille else "",
        static("dpd/icones.svg"),
        nom,
    )


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
