"""Des demandes d’essai : celle de la maquette, reçue le vendredi 20 novembre 2026 à 16 h 30."""

from datetime import datetime
from zoneinfo import ZoneInfo

from subtraitance.actions.demandes_reception import qualifier, recevoir
from subtraitance.enums import CanalDemande, Droit, RegimeDemande
from subtraitance.models import DemandeDroits

PARIS = ZoneInfo("Europe/Paris")
RECUE = datetime(2026, 11, 20, 16, 30, tzinfo=PARIS)
LUNDI = datetime(2026, 11, 23, 9, 40, tzinfo=PARIS)
NOM = "Gérard Fauré"
TEXTE = "Je voudrais savoir ce que la mairie sait de moi, et en avoir une copie."


def creer_demande(
    collectivite,
    auteur=None,
    maintenant=LUNDI,
    *,
    recue_le=RECUE,
    droits=(Droit.ACCES,),
    canal=CanalDemande.COURRIEL,
    par_la_structure=True,
    regime="",
    **dits,
) -> DemandeDroits:
    """Une demande d’accès de Gérard Fauré, arrivée à la structure sauf avis contraire.

    ``regime`` : vide, elle n’est pas encore qualifiée.
    """
    demande = recevoir(
        collectivite=collectivite,
        droits=droits,
        canal=canal,
        recue_le=recue_le,
        maintenant=maintenant,
        auteur=auteur,
        par_la_structure=par_la_structure,
        **{"demandeur_nom": NOM, "demandeur_courriel": "g.faure@habitant.example", "texte": TEXTE, **dits},
    ).demande
    if regime:
        return qualifier(
            demande=demande,
            regime=RegimeDemande(regime),
            droits=droits,
            auteur=auteur,
            maintenant=maintenant,
        )
    return demande
