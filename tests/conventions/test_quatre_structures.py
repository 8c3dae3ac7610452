"""Les quatre structures de démonstration calculent leurs montants par le même code : leurs seuls textes
changent."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from dpd.comptes.enums import Role
from dpd.comptes.models import Structure
from dpd.conventions.actions.annuels import figer
from dpd.conventions.enums import NatureBareme
from dpd.conventions.models import Bareme, ModeleConvention
from dpd.conventions.regles.calcul import calculer
from dpd.conventions.regles.sources import depuis_json, vers_json
from dpd.conventions.tarification import Tarification
from dpd.pilotage.demonstration.conventions import preparer
from dpd.pilotage.demonstration.structures import STRUCTURES
from tests.conftest import creer_collectivite, creer_personne
from tests.conventions.conftest import creer_convention
from tests.conventions.refus import refus

pytestmark = pytest.mark.django_db
JANVIER = datetime(2027, 1, 5, 8, 0, tzinfo=UTC)
NEUTRE = "Structure d’essai"


class Cas(NamedTuple):
    """Ce que paie une commune de 1 556 habitants, pour un exercice, chez une structure."""

    nature: NatureBareme
    effet: date
    exercice: int
    total: Decimal
    prevu: dict[str, Any]


CAS = {
    # 1 200 € × 307,0 ÷ 0,97975 ÷ 274,7 : la première année, tranche de 901 à 2 000 habitants.
    "CDG 82": Cas(NatureBareme.TRANCHES, date(2024, 2, 15), 2024, Decimal("1368.82"), {}),
    "CDG 47": Cas(
        NatureBareme.FORFAIT_DEVIS, date(2024, 6, 3), 2026, Decimal("480"), {"forfait_code": "technologie"}
    ),
    # 2 300 € par an, et douze journées estimées à 230 €.
    "CACL": Cas(
        NatureBareme.FORFAIT_JOURNEES,
        date(2024, 3, 1),
        2026,
        Decimal("5060"),
        {"bascule_le": date(2025, 3, 1), "jours_accompagnement": Decimal(12)},
    ),
    "ATDA": Cas(NatureBareme.GRATUIT, date(2021, 1, 1), 2025, Decimal("0"), {}),
}


def ouvrir(demo, nom: str, siren: str):
    """La structure, son équipe, son modèle et ses barèmes, tels que la démonstration les sème."""
    structure = Structure.objects.create(
        nom=nom, siren=siren, departement=demo.departement, territoire=demo.territoire
    )
    gens = {
        role: creer_personne(f"{role.value}@{siren}.example", role.label, "Essai", role, structure)
        for role in (Role.GESTIONNAIRE, Role.DPD, Role.AGENT)
    }
    preparer(structure, demo.sigle, JANVIER)
    return structure, gens[Role.GESTIONNAIRE]


def convenir(structure, cas: Cas):
    """Une commune au millésime de l’exercice, sous la convention de sa structure."""
    commune = creer_collectivite(
        structure, "Essai", "218201317", population_totale=1556, population_millesime=cas.exercice - 3
    )
    modele = ModeleConvention.objects.get(structure=structure)
    return creer_convention(commune, modele, cas.effet, **cas.prevu)


@pytest.mark.parametrize("demo", STRUCTURES, ids=lambda s: s.sigle)
@pytest.mark.parametrize("identite", ["sienne", "neutre"])
def test_son_montant_ne_depend_que_de_ses_textes(demo, identite):
    """Sous un autre nom et un autre SIREN, le montant est le même."""
    cas = CAS[demo.sigle]
    nom, siren = (demo.nom, demo.siren) if identite == "sienne" else (NEUTRE, "552100554")
    structure, gestionnaire = ouvrir(demo, nom, siren)
    convention = convenir(structure, cas)
    sources = Tarification(structure, cas.exercice, [convention]).sources(convention)
    calcul = calculer(sources)
    assert (sources.nature, calcul.total, calcul.manques) == (cas.nature, cas.total, ())
    assert calculer(depuis_json(vers_json(sources))) == calcul
    etat = figer(convention=convention, exercice=cas.exercice, auteur=gestionnaire, maintenant=JANVIER)
    assert (etat.total, etat.rejouer().total, etat.numero) == (cas.total, cas.total, 1)


def test_les_quatre_natures_de_bareme_sont_celles_des_quatre_structures():
    assert {demo.sigle for demo in STRUCTURES} == set(CAS)
    assert {cas.nature for cas in CAS.values()} == set(NatureBareme)


def test_une_convention_eteinte_n_a_plus_d_etat():
    """Terme le 31 décembre 2025, faute de renouvellement exprès : rien ne se fige pour 2026."""
    demo = next(s for s in STRUCTURES if s.sigle == "ATDA")
    structure, gestionnaire = ouvrir(demo, demo.nom, demo.siren)
    convention = convenir(structure, CAS["ATDA"])
    assert convention.fin == date(2025, 12, 31)
    with refus("s’est éteinte le mercredi 31 décembre 2025, faute de renouvellement"):
        figer(convention=convention, exercice=2026, auteur=gestionnaire, maintenant=JANVIER)
    assert Bareme.objects.get(structure=structure).nature == NatureBareme.GRATUIT
