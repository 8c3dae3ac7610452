"""Tout ce que la base contient, pour dire après coup si un geste a écrit quelque chose."""

from django.apps import apps

APPLICATIONS = ("comptes", "accompagnement", "registre", "messagerie", "post_office")
# Le journal retient aussi les lectures qui sortent du site : il n’est pas l’écriture d’un locataire.
IGNORES = {"comptes.JournalAcces"}


def photographier() -> dict[str, list[tuple]]:
    """Toutes les lignes de tous les modèles, historique compris, par modèle."""
    modeles = [m for m in apps.get_models(include_auto_created=True) if _est_retenu(m)]
    return {m._meta.label: list(m._base_manager.order_by("pk").values_list()) for m in modeles}


def _est_retenu(modele) -> bool:
    projet = modele.__module__.startswith(("dpd.", "registre.", "subtraitance.", "violations."))
    return (projet or modele._meta.app_label in APPLICATIONS) and modele._meta.label not in IGNORES


def changements(avant: dict[str, list[tuple]]) -> list[str]:
    """Les modèles dont une ligne a été ajoutée, changée ou retirée depuis la photo."""
    apres = photographier()
    return sorted(nom for nom in apres if apres[nom] != avant[nom])
