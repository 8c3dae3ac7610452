"""Chercher dans le registre pour répondre à une demande : retenir les fiches, noter ce qu’on y trouve."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from registre.enums import EtatRecherche
from registre.models import RechercheDonnees, Traitement
from registre.recherche import fiches_ou_chercher, qui_interroger
from subtraitance.actions.demandes_commun import prendre
from subtraitance.actions.demandes_instruction import commencer_la_recherche
from subtraitance.enums import EtatDemande
from subtraitance.models import DemandeDroits

AILLEURS = "Choisissez dans le registre de la collectivité."
FINIE = "La demande est close\u00a0: rouvrez-la pour chercher encore."
RIEN_DE_CHOISI = "Cochez au moins une fiche, ou répondez que vous ne détenez rien."
ETAPES_DE_RECHERCHE = frozenset({EtatDemande.RECUE, EtatDemande.TRANSMISE})


class Constat(NamedTuple):
    """Ce que l’on note d’une fiche ; ``suite`` dit le geste, jamais les données."""

    recherche: RechercheDonnees
    etat: EtatRecherche
    qui: str = ""
    suite: str = ""


@transaction.atomic
def choisir_les_fiches(
    *, demande: DemandeDroits, traitements: Collection[Traitement], auteur, maintenant: datetime
) -> None:
    """Les fiches à interroger sont désormais celles-là ; la recherche commence si ce n’était fait.

    Une fiche décochée n’est pas effacée : on garde qu’elle fut jugée sans rapport.

    :raises ValidationError: sans aucune fiche, si l’une est d’ailleurs, si la demande est close, ou si le
        rôle ne permet pas de chercher.
    """
    if any(traitement.collectivite_id != demande.collectivite_id for traitement in traitements):
        raise ValidationError({"fiches": AILLEURS})
    if not traitements:
        raise ValidationError({"fiches": RIEN_DE_CHOISI})
    demande = _a_chercher(demande)
    if demande.etat in ETAPES_DE_RECHERCHE:
        commencer_la_recherche(demande=demande, auteur=auteur, maintenant=maintenant)
    presentes = {r.traitement_id: r for r in RechercheDonnees.objects.filter(demande=demande)}
    voulues = {traitement.pk for traitement in traitements}
    _ajouter(demande, voulues - presentes.keys(), auteur, maintenant)
    for cle, recherche in presentes.items():
        if cle in voulues and recherche.etat == EtatRecherche.ECARTEE:
            _changer(recherche, EtatRecherche.A_CHERCHER, None, None, auteur, maintenant)
        elif cle not in voulues and recherche.etat == EtatRecherche.A_CHERCHER:
            _changer(recherche, EtatRecherche.ECARTEE, auteur, maintenant, auteur, maintenant)


def _a_chercher(demande: DemandeDroits) -> DemandeDroits:
    demande = prendre(demande)
    if demande.etat == EtatDemande.CLOSE:
        raise ValidationError(FINIE)
    return demande


def _ajouter(demande: DemandeDroits, cles: Collection[int], auteur, maintenant: datetime) -> None:
    if not cles:
        return
    versions = list(fiches_ou_chercher(demande.collectivite).filter(traitement__in=cles))
    qui = qui_interroger(versions)
    nouvelles = [
        RechercheDonnees(
            collectivite=demande.collectivite, demande=demande, traitement_id=cle, qui=qui.get(cle, "")
        )
        for cle in sorted(cles)
    ]
    RechercheDonnees.objects.creer_en_masse(
        nouvelles, auteur=auteur, maintenant=maintenant, raison="Fiche à interroger"
    )


def _changer(recherche, etat, par, le, auteur, maintenant: datetime) -> None:
    recherche.etat, recherche.cherchee_par, recherche.cherchee_le = etat, par, le
    recherche.enregistrer(auteur=auteur, maintenant=maintenant, raison=f"Recherche\u00a0: {etat.label}")


@transaction.atomic
def noter_les_constats(
    *, demande: DemandeDroits, constats: Sequence[Constat], auteur, maintenant: datetime
) -> int:
    """Note ce qui a changé ; rend combien de fiches l’ont été.

    :raises ValidationError: si la demande est close, ou si une fiche n’est pas de sa recherche.
    """
    demande = _a_chercher(demande)
    actuelles = {
        r.pk: r for r in RechercheDonnees.objects.select_for_update(no_key=True).filter(demande=demande)
    }
    faits = 0
    for constat in constats:
        actuelle = actuelles.get(constat.recherche.pk)
        if actuelle is None:
            raise ValidationError(AILLEURS)
        dits = (constat.etat, constat.qui.strip(), constat.suite.strip())
        if dits == (actuelle.etat, actuelle.qui, actuelle.suite):
            continue
        _, actuelle.qui, actuelle.suite = dits
        cherche = constat.etat != EtatRecherche.A_CHERCHER
        _changer(
            actuelle,
            constat.etat,
            auteur if cherche else None,
            maintenant if cherche else None,
            auteur,
            maintenant,
        )
        faits += 1
    return faits
