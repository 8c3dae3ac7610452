"""La liste du registre : filtres, tris, et leur traduction en requêtes."""

from datetime import date

from django.db.models import Count, Max, Q
from django.db.models.functions import Length

from dpd.regles.texte import normaliser
from registre.enums import EtatVersion
from registre.models import VersionTraitement
from registre.regles.affichage import SEUIL_BROUILLON, etat_affiche

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


def compter(requete, jour: date) -> dict:
    """Les comptes de l’en-tête, les services et l’instant de la dernière modification, en une requête.

    Une ligne par état, par manques et par service : c’est la règle qui dit ce qu’on en montre. Une fiche
    abrogée ne se compte pas ; son service se propose encore, pour la retrouver.
    """
    groupes = (
        requete.order_by()
        .values_list("etat", "manquantes", "service")
        .annotate(Count("pk"), dues=Count("pk", filter=Q(relire_avant__lte=jour)), derniere=Max("modifie_le"))
    )
    comptes = dict.fromkeys(("total", *FILTRES_ETAT), 0)
    dernieres, services = [], set()
    for etat, manquantes, service, nombre, dues, derniere in groupes:
        services.add(service)
        if etat == EtatVersion.ABROGEE:
            continue
        dernieres.append(derniere)
        comptes["total"] += nombre
        comptes[etat_affiche(etat, manquantes, None, jour).cle] += nombre
        if etat == EtatVersion.ADOPTEE:
            comptes["adoptee"] -= dues
            comptes["a_relire"] += dues
    derniere, dits = max(dernieres, default=None), sorted(services - {""}, key=normaliser)
    return {**comptes, "derniere": derniere, "services": dits}
