"""De quoi remplir les adresses publiques, les réglages et l’effacement des demandes de droits."""

from datetime import timedelta

from subtraitance.actions.reglages import regler_les_demandes
from tests.subtraitance.fabriques_d3 import demander, fermer

CENTAINE = 100  # les numéros d’un lieu : aucun en commun avec ceux d’un autre


def remplir_d3(structure, collectivite, gens, maintenant, premiere) -> dict:
    """Le formulaire ouvert, une demande que son auteur suit, une autre close ; rien ne les distingue."""
    sobre = {"demandeur_nom": "x", "demandeur_courriel": "", "demandeur_adresse": "x", "texte": "x"}
    recue_le = maintenant - timedelta(hours=2)
    suivie = demander(collectivite, recue_le=recue_le, **sobre)
    close = demander(collectivite, recue_le=recue_le, **sobre).demande
    for rang, demande in enumerate((suivie.demande, close), start=CENTAINE * premiere + 90):
        demande.rang = rang
        demande.enregistrer(auteur=gens["referent"], maintenant=maintenant, raison="x")
    close = fermer(close, gens["decideur"], maintenant)
    regler_les_demandes(
        collectivite=collectivite,
        formulaire_ouvert=True,
        conservation_mois=12,
        conservation_source="x",
        auteur=gens["decideur"],
        maintenant=maintenant,
    )
    close.refresh_from_db()
    close.effacer_apres = maintenant.date() - timedelta(days=1)
    close.enregistrer(auteur=gens["decideur"], maintenant=maintenant, raison="Terme passé")
    return {
        "jeton_suivi": suivie.jeton,
        "annee_d3": close.annee,
        "rang_a_effacer": close.rang,
    }


PARAMETRES_D3 = {
    "subtraitance:suivi": {"jeton": "jeton_suivi"},
    "subtraitance:effacer_demandeur": {"annee": "annee_d3", "rang": "rang_a_effacer"},
}
