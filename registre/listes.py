"""La liste du registre : filtres, tris, et leur traduction en requêtes."""

from datetime import date

from django.db.models import Count, Max, Q, Value
from django.db.models.functions import Length

from registre.enums import EtatVersion
from registre.models import VersionTraitement
from registre.regles.affichage import SEUIL_BROUILLON

FILTRES = ("q", "etat", "service", "part", "tri")  # ce que l’adresse dit de la liste, hors sa page
FILTRES_ETAT = {
    "a_completer": lambda jour: Q(etat="brouillon", nb_manques__gt=0, nb_manques__lt=SEUIL_BROUILLON),
    "brouillon": lambda jour: Q(etat="brouillon", nb_manques__gte=SEUIL_BROUILLON),
    "a_transmettre": lambda jour: Q(etat="brouillon", manquantes=""),
    "avis_attendu": lambda jour: Q(etat="transmise"),
    "adoption_attendue": lambda jour: Q(etat="avis_rendu"),
    "a_relire": lambda jour: Q(etat="adoptee", relire_avant__lte=jour),
    "adoptee": lambda jour: Q(etat="adoptee") & (Q(relire_avant__gt=jour) | Q(relire_avant__isnull=True)),
    "abrogee": lambda jour: Q(etat="abrogee"),
}
PARTICULARITES = {
    "sensible": ("Données sensibles", Q(a_donnees_sensibles=True)),
    "nir": ("Numéro de sécurité sociale", Q(a_nir=True)),
    "aipd": ("Analyse d’impact requise", Q(aipd_conclusion="requise")),
    "transfert": ("Hors d’Europe", Q(a_transferts=True)),
}
TRIS = {
    "nom": ("nom", "pk"),
    "-nom": ("-nom", "-pk"),
    "date": ("modifie_le", "pk"),
    "-date": ("-modifie_le", "-pk"),
}


def fiches_courantes(collectivite):
    """Une ligne par fiche du registre, abrogées comprises, retirées exclues."""
    return (
        VersionTraitement.objects.courantes()
        .filter(collectivite=collectivite)
        .exclude(etat=EtatVersion.RETIREE)
        .annotate(nb_manques=Length("manquantes"))
    )


def filtrer(requete, filtres: dict[str, str], jour: date):
    """Applique les filtres d’écran ; une valeur inconnue est ignorée."""
    if filtres.get("q"):
        requete = requete.recherche(filtres["q"])
    if filtres.get("etat") in FILTRES_ETAT:
        requete = requete.filter(FILTRES_ETAT[filtres["etat"]](jour))
    elif not filtres.get("q"):
        requete = requete.exclude(etat=EtatVersion.ABROGEE)
    if filtres.get("service"):
        requete = requete.filter(service=filtres["service"])
    if filtres.get("part") in PARTICULARITES:
        requete = requete.filter(PARTICULARITES[filtres["part"]][1])
    return requete.order_by(*TRIS.get(filtres.get("tri", ""), TRIS["nom"]))


def compter(requete, jour: date) -> dict[str, int]:
    """Les comptes de l’en-tête et l’instant de la dernière modification, en une requête."""
    comptes = {"total": Count("pk"), "derniere": Max("modifie_le")}
    for cle in [c for c in FILTRES_ETAT if c != "abrogee"]:
        comptes[cle] = Count("pk", filter=FILTRES_ETAT[cle](jour))
    # Un seul groupe : ``aggregate`` recopie chaque compte dans chacun des suivants, et coûte le double.
    groupes = requete.exclude(etat=EtatVersion.ABROGEE).order_by().values(tout=Value(1)).annotate(**comptes)
    return next(iter(groupes), {"derniere": None, **dict.fromkeys(comptes.keys() - {"derniere"}, 0)})
