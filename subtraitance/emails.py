"""Les courriels des demandes et de la sous-traitance : jamais le demandeur, jamais ses mots.

Un courriel dit qu’un dossier attend et jusqu’à quand ; le reste se lit connecté.
"""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.messagerie.envoi import adresse, envoyer
from dpd.regles.typographie import date_longue, instant_long
from subtraitance.models import DemandeDroits
from subtraitance.regles.regimes import texte_dit


def adresse_de(demande: DemandeDroits, page: str = "registre:demande") -> str:
    """L’adresse complète du dossier, ou d’une autre de ses pages."""
    return adresse(reverse(page, args=[demande.collectivite.siren, demande.annee, demande.rang]))


def prevenir(
    nature: str,
    demande: DemandeDroits,
    personnes: Iterable,
    maintenant: datetime,
    *,
    cle: str = "",
    page: str = "registre:demande",
    **contexte,
) -> None:
    """Un courriel par personne, même à deux titres, avec un lien vers ``page``.

    ``cle`` : préfixe qui rend l’envoi rejouable sans doublon.
    """
    transmission = demande.echeance_transmission
    fuseau = demande.collectivite.fuseau
    for personne in dict.fromkeys(personnes):
        envoyer(
            f"subtraitance.{nature}",
            gabarit=f"subtraitance/emails/{nature}",
            contexte={
                "demande": demande,
                "collectivite": demande.collectivite,
                "adresse": adresse_de(demande, page),
                "texte_applicable": texte_dit(demande.regime),
                "echeance": date_longue(demande.echeance) if demande.echeance else "",
                "a_transmettre": instant_long(transmission.astimezone(fuseau)) if transmission else "",
                "personne": personne,
                **contexte,
            },
            destinataire=personne.email,
            utilisateur=personne,
            collectivite=demande.collectivite,
            objet=demande,
            maintenant=maintenant,
            cle=f"{cle}:{personne.pk}" if cle else None,
        )


def demande_recue(*, demande: DemandeDroits, maintenant: datetime) -> None:
    """À qui doit agir : la structure s’il faut la transmettre, sinon la collectivité ; et au DPD."""
    structure = demande.collectivite.structure
    dpd = personnes_de(structure, Role.DPD)
    if demande.echeance_transmission is not None:
        personnes = [*personnes_de(structure, Role.AGENT), *dpd]
        prevenir(
            "demande_a_transmettre",
            demande,
            personnes,
            maintenant,
            cle=f"demande:{demande.pk}",
            page="subtraitance:transmettre",  # l’agent n’ouvre pas le dossier
        )
        return
    personnes = [*personnes_de(demande.collectivite, Role.REFERENT, Role.DECIDEUR), *dpd]
    prevenir("demande_recue", demande, personnes, maintenant, cle=f"demande:{demande.pk}")


def demande_transmise(*, demande: DemandeDroits, personnes: Iterable, maintenant: datetime) -> None:
    """À la collectivité : la demande lui est confiée, elle a jusqu’à telle date pour répondre."""
    prevenir("demande_transmise", demande, personnes, maintenant, cle=f"demande-transmise:{demande.pk}")


def demande_repondue(*, demande: DemandeDroits, maintenant: datetime) -> None:
    """Au DPD et aux référents : la réponse est partie, il reste à clore."""
    personnes = [
        *personnes_de(demande.collectivite, Role.REFERENT),
        *personnes_de(demande.collectivite.structure, Role.DPD),
    ]
    prevenir("demande_repondue", demande, personnes, maintenant)
