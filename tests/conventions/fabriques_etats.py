"""Interventions, états et campagnes : de quoi les fabriquer dans tous les tests."""

from datetime import UTC, date, datetime
from decimal import Decimal

from dpd.comptes.enums import TypeCollectivite
from dpd.comptes.models import Collectivite
from dpd.conventions import mensuels_lus
from dpd.conventions.actions.interventions import tracer
from dpd.conventions.actions.mensuels import figer_mois
from dpd.conventions.enums import NatureBareme, NatureIntervention
from dpd.conventions.models import Convention
from dpd.conventions.tarification import Tarification
from dpd.regles.texte import normaliser
from tests.conventions.conftest import GLISSANTE, creer_bareme, creer_convention, creer_modele

# Le jour des tests : mardi 5 janvier 2027, 9 h à Paris ; l’exercice 2026 est fini.
JANVIER = datetime(2027, 1, 5, 8, 0, tzinfo=UTC)


def tracee(collectivite, auteur, le: date, minutes=60, maintenant=JANVIER, **champs):
    """Une intervention, un appel d’une heure par défaut."""
    champs = {"nature": NatureIntervention.APPEL, **champs}
    return tracer(
        collectivite=collectivite, le=le, minutes=minutes, auteur=auteur, maintenant=maintenant, **champs
    )


def bareme_journees(structure, **champs):
    """2 300 € par an et 230 € par jour de sept heures : un forfait et des journées."""
    defauts = {
        "nom": "Études et conseil",
        "article": "article 5",
        "cout_journee": Decimal("230"),
        "minutes_par_jour": 420,
        "forfaits": [("dpd", "Forfait annuel", "2300")],
    }
    return creer_bareme(structure, NatureBareme.FORFAIT_JOURNEES, **{**defauts, **champs})


def convention_journees(collectivite, effet=date(2026, 3, 1), **champs) -> Convention:
    """Une convention à état mensuel, en mise en place depuis le 1er mars 2026."""
    modele = creer_modele(collectivite.structure, **GLISSANTE)
    return creer_convention(collectivite, modele, effet, jours_mise_en_place=Decimal("5"), **champs)


def mois_fige(convention, auteur, annee=2026, mois=4, maintenant=JANVIER):
    return figer_mois(convention=convention, annee=annee, mois=mois, auteur=auteur, maintenant=maintenant)


def apercu_du_mois(structure, annee, mois):
    """Ce que donne un mois pour toute la structure, sans pages."""
    conventions = mensuels_lus.conventions_du_mois(structure, annee, mois)
    return mensuels_lus.apercu(conventions, annee, mois, Tarification(structure, annee, ()))


def creer_portefeuille(structure, modele, nombre, *, effet=date(2025, 2, 15), millesime=2023, depuis=0):
    """``nombre`` communes sous convention, créées en masse ; toutes paient la tranche de 1 556 habitants."""
    trace = {"auteur": None, "maintenant": JANVIER, "raison": "Essai"}
    communes = Collectivite.objects.creer_en_masse(
        [
            Collectivite(
                structure=structure,
                type=TypeCollectivite.COMMUNE,
                nom=f"Commune {rang:03}",
                denomination=f"Commune de Numéro {rang:03}",
                siren=f"{700_000_000 + rang}",
                population_totale=1556,
                population_millesime=millesime,
                population_source="INSEE",
                recherche=normaliser(f"Commune de Numéro {rang:03}"),
            )
            for rang in range(depuis, depuis + nombre)
        ],
        **trace,
    )
    Convention.objects.creer_en_masse(
        [
            Convention(
                collectivite=commune,
                modele=modele,
                signee_collectivite_le=effet,
                signee_structure_le=effet,
                date_effet=effet,
            )
            for commune in communes
        ],
        **trace,
    )
    return communes
