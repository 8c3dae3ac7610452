"""La navigation : des entrées déclarées en table, ouvertes par capacité. Sept au plus."""

from typing import NamedTuple

from dpd.comptes.regles.capacites import Capacite


class Onglet(NamedTuple):
    """``couvre`` : les pages qui n’ont pas d’entrée à elles et s’ouvrent depuis celle-ci.

    ``sauf`` : la capacité qui la rend inutile, une autre entrée y menant déjà.
    """

    cle: str
    libelle: str
    vue: str
    capacite: Capacite
    siren: str = ""
    sauf: Capacite | None = None
    couvre: tuple[str, ...] = ()


COLLECTIVITE = (
    Onglet("a_faire", "À faire", "pilotage:collectivite", Capacite.VOIR_COLLECTIVITE),
    Onglet("registre", "Registre", "registre:liste", Capacite.LIRE_REGISTRE, couvre=("modeles",)),
    Onglet("violations", "Violations", "violations:liste", Capacite.LIRE_VIOLATIONS),
    Onglet("demandes", "Demandes de droits", "subtraitance:demandes", Capacite.LIRE_DEMANDES),
    Onglet("prestataires", "Prestataires", "subtraitance:prestataires", Capacite.LIRE_CONTRATS),
    Onglet("convention", "Convention", "conventions:convention", Capacite.LIRE_CONVENTION),
    Onglet("contacts", "Collectivité et contacts", "comptes:collectivite", Capacite.VOIR_COLLECTIVITE),
)
STRUCTURE = (
    Onglet("aujourdhui", "Aujourd’hui", "pilotage:structure", Capacite.VOIR_STRUCTURE),
    Onglet("collectivites", "Collectivités", "pilotage:portefeuille", Capacite.VOIR_STRUCTURE),
    Onglet(
        "violations",
        "Violations",
        "violations:structure",
        Capacite.LIRE_VIOLATIONS,
        couvre=("incidents",),
    ),
    Onglet(
        "incidents",
        "Incidents",
        "violations:incidents",
        Capacite.SIGNALER_INCIDENT,
        sauf=Capacite.LIRE_VIOLATIONS,
    ),
    Onglet(
        "demandes",
        "Demandes de droits",
        "subtraitance:demandes_structure",
        Capacite.TRANSMETTRE_DEMANDES,
    ),
    Onglet("prestataires", "Prestataires", "subtraitance:annuaire", Capacite.LIRE_SOUS_TRAITANCE),
    Onglet("bibliotheque", "Fiches modèles", "registre:bibliotheque", Capacite.PUBLIER_MODELES),
    Onglet(
        "conventions",
        "Conventions",
        "conventions:conventions",
        Capacite.LIRE_CONVENTION,
        couvre=("interventions",),
    ),
    Onglet(
        "interventions",
        "Interventions",
        "conventions:interventions_structure",
        Capacite.LIRE_INTERVENTIONS,
        sauf=Capacite.LIRE_CONVENTION,
    ),
    # Le DPD l’ouvre depuis le menu de son compte : sept entrées au plus.
    Onglet(
        "equipe",
        "Équipe et réglages",
        "comptes:structure",
        Capacite.VOIR_STRUCTURE,
        sauf=Capacite.TENIR_ANNUAIRE,
    ),
)


def _ouverts(table: tuple[Onglet, ...], capacites: set[str], siren: str) -> list[Onglet]:
    return [
        onglet._replace(siren=siren)
        for onglet in table
        if onglet.capacite in capacites and onglet.sauf not in capacites
    ]


def onglets_collectivite(capacites: set[str], siren: str) -> list[Onglet]:
    """Les onglets d’une collectivité ouverts par ces capacités."""
    return _ouverts(COLLECTIVITE, capacites, siren)


def onglets_structure(capacites: set[str], siren: str) -> list[Onglet]:
    """Les onglets du portefeuille ouverts par ces capacités."""
    return _ouverts(STRUCTURE, capacites, siren)
