"""La bibliothèque d’essai (deux modèles) et des modèles propres à une structure."""

from pathlib import Path

from django.urls import reverse

from registre.actions_modeles import adapter, publier
from registre.bibliotheque import lire_bibliotheque
from registre.chargement_modeles import charger
from registre.models import Traitement, VersionModele

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


def page_de(nom, structure, modele):
    return reverse(f"registre:{nom}", args=[structure.siren, modele.pk])


def envoyer(client, nom, structure, version):
    """Le geste tel que la page l’envoie : avec la version qu’elle montrait, relue à l’instant."""
    page = page_de(nom, structure, version.modele)
    return client.post(page, {"lu": relire(version).etat_lu}, follow=True)


def suivre(collectivite, version, maintenant, reference=1):
    return Traitement.objects.create(
        collectivite=collectivite, reference=reference, cree_le=maintenant, modele=version
    )


def relire(version):
    return VersionModele.objects.select_related("modele").get(pk=version.pk)


def formulaire(brouillon, **changes):
    """Le formulaire tel que la page l’envoie."""
    champs = {
        "nom": brouillon.nom,
        "description": brouillon.contenu["description"],
        "vigilance": "\n".join(brouillon.vigilance),
        "note_de_version": brouillon.note_de_version,
    }
    for rang, ligne in enumerate(brouillon.durees, 1):
        duree = ligne["duree"] or {"nombre": "", "unite": ""}
        for cle in ("objet", "point_de_depart", "base_active", "intermediaire", "sort_final", "reference"):
            champs[f"duree-{rang}-{cle}"] = ligne[cle]
        champs |= {f"duree-{rang}-{cle}": duree[cle] for cle in ("nombre", "unite")}
    return champs | changes
