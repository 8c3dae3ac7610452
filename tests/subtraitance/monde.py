"""De quoi remplir toutes les adresses de la sous-traitance et des demandes de droits."""

from django.urls import reverse

from tests.subtraitance.monde_d1 import PARAMETRES_D1, remplir_d1
from tests.subtraitance.monde_d2 import PARAMETRES_D2, remplir_d2
from tests.subtraitance.monde_d3 import PARAMETRES_D3, remplir_d3
from tests.subtraitance.monde_p1 import PARAMETRES_P1, remplir_p1
from tests.subtraitance.monde_s1 import PARAMETRES_S1, remplir_s1


def remplir_la_sous_traitance(structure, collectivite, gens, maintenant, premiere=1) -> dict:
    """Tout ce que ces pages ajoutent au petit monde d’une collectivité.

    ``premiere`` : celle des fiches du lieu, pour que deux lieux n’aient aucun numéro en commun.
    """
    valeurs: dict = {}
    for remplir in (remplir_d1, remplir_d2, remplir_d3, remplir_p1, remplir_s1):
        valeurs |= remplir(structure, collectivite, gens, maintenant, premiere)
    return valeurs


PARAMETRES = {**PARAMETRES_D1, **PARAMETRES_D2, **PARAMETRES_D3, **PARAMETRES_P1, **PARAMETRES_S1}


def pages_de_la_sous_traitance(monde):
    """Les pages dont l’adresse nue ne montre pas le formulaire qu’elles portent."""
    siren, maison = monde["collectivite"].siren, monde["structure"].siren
    yield reverse("subtraitance:enregistrer_demande_structure", args=[maison], query={"collectivite": siren})
    yield reverse("subtraitance:proposer", args=[siren], query={"q": "Introuvable"})
    yield reverse("subtraitance:detruire_lots", args=[maison], query={"lots": monde["lot"]})
    yield reverse("subtraitance:fiche_annuaire", args=[maison, monde["prestataire_propose"]])
    yield reverse("registre:demande", args=[siren, monde["annee_demande"], monde["rang_demande_close"]])
