"""Le calculateur d’échéances, ouvert à tout compte : il lit l’adresse, et n’enregistre rien."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dpd.comptes.regles.capacites import Capacite
from dpd.regles.calendrier import Territoire
from dpd.regles.typographie import date_longue
from subtraitance.forms.calculateur import CalculateurForm
from subtraitance.regles.calculateur import calculer
from subtraitance.regles.calculateur_delais import Delai
from subtraitance.regles.calculateur_frise import frise_du_calcul, temps_dit
from subtraitance.regles.calculateur_modele import Resultat, SaisieRefusee

LIGNES_VISIBLES = 31  # au-delà, le jour par jour se déplie


@require_safe
def calculateur(request):
    """Un départ, un délai, un territoire : l’échéance, son dessin et sa règle."""
    formulaire = CalculateurForm(
        request.GET if "delai" in request.GET else None, initial=_depart(request, timezone.now())
    )
    resultat = None
    if formulaire.is_bound and formulaire.is_valid():
        try:
            resultat = calculer(formulaire.question())
        except SaisieRefusee as refus:
            formulaire.add_error(refus.champ, str(refus))
    contexte = {"formulaire": formulaire, "resultat": resultat, "onglet_actif": ""}
    if resultat:
        contexte |= _contexte(resultat)
        contexte["lien"] = request.build_absolute_uri(f"{request.path}?{urlencode(formulaire.partage())}")
    return render(request, "subtraitance/calculateur.html", contexte)


def _depart(request, maintenant) -> dict:
    """Chez soi, maintenant : le territoire de la première collectivité que suit la personne."""
    siennes = request.acces.collectivites(Capacite.VOIR_COLLECTIVITE).order_by("pk")
    return {
        "delai": Delai.HEURES_48_OUVREES.value,
        "territoire": siennes.values_list("territoire", flat=True).first() or Territoire.METROPOLE.value,
        "depart": maintenant.replace(second=0, microsecond=0),
        "mois": 3,
    }


def _contexte(resultat: Resultat) -> dict:
    en_heures = resultat.regle.en_heures
    lignes = [
        (date_longue(jour.jour), jour.ferme, temps_dit(jour, en_heures=en_heures)) for jour in resultat.jours
    ]
    return {
        "frise": frise_du_calcul(resultat),
        "lignes": lignes,
        "replie": len(lignes) > LIGNES_VISIBLES,
        "fermes": [(date_longue(jour.jour), jour.ferme) for jour in resultat.fermes],
        "comptes": [(date_longue(jour.jour), jour.ferme) for jour in resultat.comptes_quand_meme],
    }
