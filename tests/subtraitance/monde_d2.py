"""De quoi remplir les adresses du registre des demandes, de ses lettres et du calculateur."""

from datetime import timedelta

from subtraitance.actions.demandes_reception import recevoir
from subtraitance.actions.lettres import ecrire_lettre
from subtraitance.enums import CanalDemande, Droit, RegimeDemande
from subtraitance.regles.lettres_modeles import TypeLettre

CENTAINE = 100  # les numéros d’un lieu : aucun en commun avec ceux d’un autre


def remplir_d2(structure, collectivite, gens, maintenant, premiere) -> dict:
    """Une demande reçue sur place, avec un accusé de réception écrit."""
    demande = recevoir(
        collectivite=collectivite,
        droits=[Droit.ACCES],
        canal=CanalDemande.GUICHET,
        regime=RegimeDemande.RGPD,
        recue_le=maintenant - timedelta(hours=5),
        maintenant=maintenant,
        auteur=gens["referent"],
        demandeur_nom=f"Demandeur {collectivite.siren}",
        texte="x",
    ).demande
    demande.rang = CENTAINE * premiere + 85
    demande.enregistrer(auteur=gens["referent"], maintenant=maintenant, raison="x")
    lettre = ecrire_lettre(
        demande=demande,
        type_=TypeLettre.ACCUSE,
        texte=f"Lettre {collectivite.siren}",
        auteur=gens["referent"],
        maintenant=maintenant,
    )
    return {
        "annee_ecrite": demande.annee,
        "rang_ecrite": demande.rang,
        "lettre": lettre.pk,
        "type_lettre": TypeLettre.ACCUSE.value,
        "sortie": "docx",
    }


_ECRITE = {"annee": "annee_ecrite", "rang": "rang_ecrite"}
PARAMETRES_D2 = {
    "subtraitance:lettre": _ECRITE | {"type": "type_lettre"},
    "subtraitance:lettre_fichier": _ECRITE | {"pk": "lettre"},
}
