"""La bibliothèque d’essai (deux modèles) et des modèles propres à une structure."""

from pathlib import Path

from registre.actions_modeles import adapter, publier
from registre.bibliotheque import lire_bibliotheque
from registre.chargement_modeles import charger
from registre.models import VersionModele

BON = Path(__file__).parent.parent / "donnees" / "modeles" / "bon.yaml"


def charger_essai(maintenant):
    charger(bibliotheque=lire_bibliotheque(BON.read_bytes()), maintenant=maintenant)
    return {v.modele.code: v for v in VersionModele.objects.select_related("modele")}


def adapter_pour(structure, version, auteur, maintenant, nom=None):
    """Un modèle de structure, publié."""
    copie = adapter(version=version, structure=structure, auteur=auteur, maintenant=maintenant)
    if nom:
        copie.nom = nom
        copie.contenu = {**copie.contenu, "nom": nom}
        copie.save()
    return publier(version=copie, auteur=auteur, maintenant=maintenant)
