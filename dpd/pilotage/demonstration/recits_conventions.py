"""Où en est chaque collectivité de la démonstration avec sa convention, écrit comme un récit.

La clé est la position de la collectivité dans ``COLLECTIVITES`` ; celle qui n’y est pas suit le récit
ordinaire de sa structure. Les dates sont celles d’un passé fixe : une signature ne glisse pas.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from dpd.conventions.enums import LieuIntervention, NatureIntervention

APPEL, VISITE, TELE = NatureIntervention.APPEL, NatureIntervention.VISITE, NatureIntervention.TELEASSISTANCE
FORMATION, REUNION, AUDIT = (
    NatureIntervention.FORMATION,
    NatureIntervention.REUNION,
    NatureIntervention.AUDIT,
)
DISTANCE, SITE = LieuIntervention.DISTANCE, LieuIntervention.SITE


class InterventionDemo(NamedTuple):
    """``jours`` : il y a combien de jours."""

    jours: int
    nature: NatureIntervention
    minutes: int
    lieu: LieuIntervention = DISTANCE
    demande: str = ""


class RecitConvention(NamedTuple):
    """``signatures`` vides : à signer. ``etapes`` : combien d’étapes sont faites, -1 pour toutes.

    ``bascule`` : date du passage en accompagnement. ``blocage`` : ce qui arrête la première étape restante.
    """

    signatures: tuple[date, date] | None = None
    etapes: int = 0
    bascule: date | None = None
    blocage: str = ""
    denoncee: date | None = None
    renouvelee: date | None = None
    forfait: str = ""
    jours: tuple[int, int] | None = None
    interventions: tuple[InterventionDemo, ...] = ()


QUELQUES_APPELS = (
    InterventionDemo(12, APPEL, 30, demande="Durée de conservation des dossiers d’inscription"),
    InterventionDemo(47, TELE, 45, demande="Prise en main de la liste des traitements"),
    InterventionDemo(96, APPEL, 15, demande="Affichage du délégué sur le site"),
)
RECITS: Mapping[str, Mapping[int, RecitConvention]] = MappingProxyType(
    {
        "CDG 82": {
            0: RecitConvention(
                (date(2024, 2, 9), date(2024, 2, 15)),
                -1,
                date(2025, 2, 15),
                interventions=(
                    InterventionDemo(9, APPEL, 30, demande="Portail familles : que dire aux parents"),
                    InterventionDemo(40, VISITE, 420, SITE, "Revue annuelle du registre"),
                    InterventionDemo(75, APPEL, 60, demande="Panneaux de vidéoprotection"),
                    InterventionDemo(130, APPEL, 30, demande="Nouvelle secrétaire de mairie"),
                    InterventionDemo(170, FORMATION, 150, SITE, "Formation de la référente"),
                ),
            ),
            1: RecitConvention(
                (date(2025, 3, 4), date(2025, 3, 11)), -1, date(2026, 3, 11), interventions=QUELQUES_APPELS
            ),
            2: RecitConvention(
                (date(2024, 6, 3), date(2024, 6, 3)), -1, date(2025, 6, 3), denoncee=date(2026, 2, 20)
            ),
            6: RecitConvention(
                (date(2026, 9, 14), date(2026, 9, 22)),
                3,
                blocage="La délibération qui nomme le référent passe au prochain conseil",
            ),
            9: RecitConvention(),
            10: RecitConvention(
                (date(2026, 6, 8), date(2026, 6, 15)),
                4,
                blocage="Récépissé de la CNIL attendu depuis l’envoi du formulaire",
            ),
            11: RecitConvention((date(2026, 10, 5), date(2026, 10, 12)), 3),
            15: RecitConvention((date(2026, 5, 4), date(2026, 5, 11)), 7),
            17: RecitConvention(),
        },
        "CDG 47": {
            0: RecitConvention(
                (date(2024, 1, 8), date(2024, 1, 15)), -1, date(2025, 1, 15), forfait="technologie-plus"
            ),
            4: RecitConvention((date(2026, 9, 1), date(2026, 9, 8)), 2, forfait="technologie"),
        },
        "CACL": {
            0: RecitConvention(
                (date(2026, 3, 2), date(2026, 3, 9)),
                8,
                jours=(15, 10),
                interventions=(
                    InterventionDemo(
                        33, VISITE, 420, SITE, "Recensement avec la direction des ressources humaines"
                    ),
                    InterventionDemo(38, REUNION, 210, SITE, "Comité de protection des données"),
                    InterventionDemo(64, VISITE, 420, SITE, "Recensement avec l’état civil"),
                    InterventionDemo(70, AUDIT, 840, SITE, "Audit préalable des accès"),
                ),
            ),
            1: RecitConvention((date(2025, 1, 13), date(2025, 1, 20)), -1, date(2025, 12, 1), jours=(8, 6)),
        },
        "ATDA": {
            0: RecitConvention(
                (date(2020, 11, 12), date(2020, 12, 3)),
                -1,
                date(2022, 1, 3),
                renouvelee=date(2025, 6, 12),
                interventions=QUELQUES_APPELS,
            ),
            1: RecitConvention(
                (date(2020, 11, 16), date(2020, 12, 3)), -1, date(2022, 1, 3), renouvelee=date(2025, 6, 26)
            ),
        },
    }
)
ORDINAIRES: Mapping[str, RecitConvention] = MappingProxyType(
    {
        "CDG 82": RecitConvention((date(2025, 5, 12), date(2025, 5, 20)), -1, date(2026, 5, 20)),
        "CDG 47": RecitConvention(
            (date(2024, 2, 5), date(2024, 2, 12)), -1, date(2025, 2, 12), forfait="technologie"
        ),
        "CACL": RecitConvention(
            (date(2025, 2, 3), date(2025, 2, 10)),
            -1,
            date(2025, 12, 15),
            jours=(6, 5),
            interventions=QUELQUES_APPELS,
        ),
        # Terme au 31 décembre 2025, sans renouvellement exprès : ces conventions sont éteintes.
        "ATDA": RecitConvention((date(2020, 11, 20), date(2020, 12, 8)), -1, date(2022, 1, 3)),
    }
)
