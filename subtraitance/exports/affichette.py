"""L’affichette à poser à l’accueil : exercer ses droits sur ses données, à quelle adresse, auprès de qui."""

from datetime import datetime

from dpd.comptes.entete import de_la_collectivite
from dpd.comptes.models import Collectivite
from dpd.documents.imprime import Imprime
from dpd.documents.modele import Liste, Paragraphe, Section
from dpd.regles.empreintes import empreinte_du_contenu
from subtraitance.contacts_publics import CNIL_SITE, appellation

TITRE = "Vos données personnelles, vos droits"


def affichette(collectivite: Collectivite, adresse: str, maintenant: datetime) -> Imprime:
    """Une feuille A4 ; ``adresse`` : celle du formulaire public, écrite en toutes lettres."""
    entete = de_la_collectivite(
        collectivite,
        titre=TITRE,
        nature="Affiche A4",
        version="",
        empreinte=empreinte_du_contenu({"adresse": adresse, "dpd": collectivite.dpd}),
        maintenant=maintenant,
    )
    return Imprime(entete, TITRE, _sections(collectivite, adresse), (collectivite.denomination,))


def _sections(collectivite: Collectivite, adresse: str) -> tuple[Section, ...]:
    droits = Liste(
        (
            "consulter les données que nous avons sur vous\u00a0;",
            "les faire corriger ou effacer\u00a0;",
            "vous opposer à leur utilisation.",
        )
    )
    lieu = appellation(collectivite)
    dpd = ", ".join(texte for texte in (collectivite.dpd, collectivite.dpd_coordonnees) if texte)
    return (
        Section("Vous pouvez", (droits,)),
        Section("Comment\u202f?", (Paragraphe(adresse), Paragraphe(f"Ou ici, à l’accueil de {lieu}."))),
        Section(
            "Bon à savoir",
            (Paragraphe("C’est gratuit, sans pièce d’identité d’emblée. Réponse due en un mois."),),
        ),
        Section("Le délégué à la protection des données", (Paragraphe(dpd),)),
    )


def texte_pour_le_site(collectivite: Collectivite, adresse: str) -> str:
    """Le paragraphe à mettre sur le site et à l’accueil de la collectivité."""
    dpd = ", ".join(texte for texte in (collectivite.dpd, collectivite.dpd_coordonnees) if texte)
    return (
        f"Vos données personnelles\n\n{collectivite.denomination} tient des fichiers où vous figurez "
        "peut-être. Vous pouvez consulter vos données, les faire corriger ou effacer, vous opposer à leur "
        f"utilisation\u00a0: {adresse}\n\nC’est gratuit. La réponse est due en un mois. Aucune pièce "
        "d’identité n’est demandée d’emblée.\n\nDélégué à la protection des données\u00a0: "
        f"{dpd}\n\nSi la réponse ne vous convient pas, vous pouvez saisir la CNIL\u00a0: {CNIL_SITE}"
    )
