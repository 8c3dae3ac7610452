"""Les courriels des états mensuels : une fonction par message, sans le détail d’une intervention."""

from datetime import datetime

from django.urls import reverse

from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.conventions.mensuels_lus import nom_du_mois
from dpd.conventions.models import EtatMensuel, LigneEtatMensuel
from dpd.messagerie.envoi import adresse, envoyer

RELANCE = "conventions.mois_relance"


def _prevenir(
    nature: str, etat: EtatMensuel, destinataires, maintenant: datetime, *, par_jour: bool = False, **contexte
) -> None:
    """Un message par personne ; ``par_jour`` : un par jour au plus, quel que soit le nombre de lignes."""
    collectivite = etat.collectivite
    lien = reverse("conventions:etat_mensuel", args=[collectivite.siren, etat.annee, etat.mois])
    jour = f":{maintenant.astimezone(collectivite.fuseau):%Y-%m-%d}" if par_jour else ""
    for personne in destinataires:
        envoyer(
            f"conventions.{nature}",
            gabarit=f"conventions/emails/{nature}",
            contexte={
                "etat": etat,
                "mois": nom_du_mois(etat.annee, etat.mois),
                "collectivite": collectivite,
                "structure": collectivite.structure,
                "adresse": adresse(lien),
                **contexte,
            },
            destinataire=personne.email,
            utilisateur=personne,
            collectivite=collectivite,
            objet=etat,
            cle=f"conventions.{nature}:{etat.pk}:{personne.pk}{jour}",
            maintenant=maintenant,
        )


def _decideurs(etat: EtatMensuel):
    return personnes_de(etat.collectivite, Role.DECIDEUR)


def _structure(etat: EtatMensuel):
    return personnes_de(etat.collectivite.structure, Role.GESTIONNAIRE, Role.DPD)


def mois_presente(*, etat: EtatMensuel, lignes: list[LigneEtatMensuel], maintenant: datetime) -> None:
    """Au décideur : les journées d’un mois sont à valider."""
    minutes = sum(ligne.minutes for ligne in lignes)
    _prevenir("mois_presente", etat, _decideurs(etat), maintenant, nombre=len(lignes), minutes=minutes)


def mois_relance(*, etat: EtatMensuel, nombre: int, maintenant: datetime) -> bool:
    """Au décideur, une seule fois : des lignes attendent encore sa réponse. Faux si personne ne la reçoit."""
    decideurs = list(_decideurs(etat))
    _prevenir("mois_relance", etat, decideurs, maintenant, nombre=nombre)
    return bool(decideurs)


def ligne_contestee(*, ligne: LigneEtatMensuel, maintenant: datetime) -> None:
    """À la structure : la collectivité conteste une ligne ; le premier du jour vaut pour les suivantes."""
    etat = ligne.etat_mensuel
    _prevenir("ligne_contestee", etat, _structure(etat), maintenant, par_jour=True)


def ligne_repondue(*, ligne: LigneEtatMensuel, maintenant: datetime) -> None:
    """Au décideur : la structure a répondu ; le premier du jour vaut pour les suivants."""
    etat = ligne.etat_mensuel
    _prevenir("ligne_repondue", etat, _decideurs(etat), maintenant, par_jour=True)


def etat_valide(*, etat: EtatMensuel, maintenant: datetime) -> None:
    """À la structure : plus aucune ligne n’attend."""
    _prevenir("etat_valide", etat, _structure(etat), maintenant)
