"""Le message aux personnes sur papier : un courrier A4, une affiche A4 ou A3."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import BinaryIO

from dpd.comptes.entete import de_la_collectivite
from dpd.comptes.models import Collectivite
from dpd.documents.imprime import Imprime, ecrire_affiche, ecrire_courrier
from dpd.documents.modele import Liste, Paragraphe, Section
from dpd.documents.pdf_flux import A3, A4
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.typographie import date_longue
from violations.regles.message_personnes import parties

TITRE = "Information sur une violation de vos données"


@dataclass(frozen=True, slots=True)
class Support:
    """``ecrire`` : de l’imprimé au PDF ; ``adresse`` : l’organisme y met la sienne et la date."""

    libelle: str
    ecrire: Callable[[Imprime, BinaryIO], None]
    adresse: bool = False


SUPPORTS = MappingProxyType(
    {
        "courrier": Support("Courrier A4", ecrire_courrier, adresse=True),
        "affiche-a4": Support("Affiche A4", partial(ecrire_affiche, echelle=A4)),
        "affiche-a3": Support("Affiche A3", partial(ecrire_affiche, echelle=A3)),
    }
)


def imprime(collectivite: Collectivite, message: str, support: Support, maintenant: datetime) -> Imprime:
    """Le message mis en page, titres et listes gardés ; rien n’y est ajouté que l’en-tête."""
    entete = de_la_collectivite(
        collectivite,
        titre=TITRE,
        nature=support.libelle,
        version="",
        empreinte=empreinte_du_contenu({"message": message}),
        maintenant=maintenant,
    )
    return Imprime(entete, TITRE, tuple(_sections(message)), tuple(_tete(collectivite, support, entete)))


def _tete(collectivite: Collectivite, support: Support, entete):
    yield collectivite.denomination
    if support.adresse:
        yield from (ligne for ligne in collectivite.adresse.splitlines() if ligne.strip())
        yield f"Le {date_longue(entete.edite_le.date())}"


def _sections(message: str):
    for partie in parties(message):
        textes = tuple(Paragraphe(texte) for texte in partie.paragraphes)
        puces = (Liste(partie.puces),) if partie.puces else ()
        yield Section(partie.titre, textes + puces)
