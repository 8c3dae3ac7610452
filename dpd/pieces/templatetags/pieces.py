"""Montrer une pièce, avec son lien si la personne peut l’ouvrir."""

from django import template

from dpd.pieces.acces import peut_lire

register = template.Library()


@register.inclusion_tag("pieces/_piece.html", takes_context=True)
def piece(context, objet):
    """``{% load pieces %}{% piece objet %}``, l’objet lu par ``Piece.objects.pour_affichage()``."""
    return {"piece": objet, "lien": peut_lire(context["request"].acces, objet)}
