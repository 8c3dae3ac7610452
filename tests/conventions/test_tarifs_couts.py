"""Les pages des tarifs et des devis coûtent autant à dix qu’à deux cents lignes."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.conventions.enums import NatureBareme, Revision, SerieIndice
from dpd.conventions.models import (
    Bareme,
    Devis,
    Hausse,
    IndiceRevision,
    RegleRaccord,
    TranchePopulation,
)
from tests.conftest import creer_collectivite
from tests.conventions.conftest import DATES_FIXES, creer_bareme, creer_convention, creer_modele

pytestmark = pytest.mark.django_db
PEU, BEAUCOUP = 10, 200
STRUCTURE, COLLECTIVITE = "288200017", "218201317"


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def modele(structure):
    return creer_modele(structure, **DATES_FIXES)


@pytest.fixture
def sienne(collectivite, modele):
    return creer_convention(collectivite, modele, date(2024, 2, 15))


@pytest.fixture
def bareme(structure):
    return creer_bareme(structure, NatureBareme.TRANCHES, revision=Revision.DECISION)


@pytest.fixture
def gonfler(structure, collectivite, modele, sienne, bareme, maintenant, gestionnaire):
    """Ajoute une ligne de chaque sorte, partout où une page en montre."""

    def _gonfler(rang):
        commune = creer_collectivite(structure, f"Commune {rang:03}", f"{100_000_000 + rang}")
        la_bas = creer_convention(commune, modele, date(2024, 2, 15))
        TranchePopulation(
            bareme=bareme,
            minimum=rang * 10,
            maximum=rang * 10 + 9,
            mise_en_place=Decimal(100),
            accompagnement=Decimal(50),
        ).save()
        autre = Bareme(
            structure=structure,
            nature=NatureBareme.GRATUIT,
            nom=f"Barème {rang}",
            en_vigueur_du=date(1700 + rang, 1, 1),
            en_vigueur_au=date(1700 + rang, 12, 31),
            source="x",
            publie=True,
            revision=Revision.DECISION,
        )
        autre.save()
        for convention, vise in ((la_bas, bareme), (sienne, autre)):
            if rang % 2:
                Hausse(
                    collectivite=convention.collectivite,
                    convention=convention,
                    bareme=vise,
                    deliberation=f"Décision {rang}",
                    notifiee_le=maintenant.date(),
                    limite=date(2027, 2, 23),
                ).save()
        indice = IndiceRevision(
            structure=structure,
            serie=SerieIndice.ANCIEN,
            annee=1961 + rang // 12,
            mois=1 + rang % 12,
            valeur=Decimal(100),
            source="x",
        )
        indice.save()
        RegleRaccord(
            structure=structure,
            coefficient=Decimal("0.97975"),
            deliberation=f"Délibération {rang}",
            deliberee_le=date(1700 + rang, 1, 1),
            source="x",
        ).save()
        premier = IndiceRevision.objects.filter(structure=structure).last()
        premier.enregistrer(auteur=gestionnaire, maintenant=maintenant, raison=f"Correction {rang}")
        for lieu in (commune, collectivite):
            Devis(collectivite=lieu, objet=f"Devis {rang}", besoin="x", demande_le=maintenant).save()

    return _gonfler


def test_chaque_page_coute_autant_a_dix_qu_a_deux_cents_lignes(
    connecte, gestionnaire, structure, bareme, gonfler
):
    client, couts = connecte(gestionnaire), []
    for rangs in (range(PEU), range(PEU, BEAUCOUP)):
        for rang in rangs:
            gonfler(rang)
        indice = IndiceRevision.objects.filter(structure=structure).last()
        adresses = {
            "tarif": [COLLECTIVITE, 2026],
            "devis_collectivite": [COLLECTIVITE],
            "devis_structure": [STRUCTURE],
            "tarifs": [STRUCTURE],
            "bareme": [STRUCTURE, bareme.pk],
            "indices": [STRUCTURE],
            "indice_corriger": [STRUCTURE, indice.pk],
            "hausses": [STRUCTURE],
            "hausse": [STRUCTURE, bareme.pk],
        }
        mesures = {}
        for nom, arguments in adresses.items():
            adresse = reverse(f"conventions:{nom}", args=arguments)
            client.get(adresse)  # ce qui ne se lit qu’une fois par session est lu
            with CaptureQueriesContext(connection) as requetes:
                reponse = client.get(adresse)
            assert reponse.status_code == 200, nom
            mesures[nom] = (len(requetes), len(reponse.content))
        couts.append(mesures)
    peu, beaucoup = couts
    assert {n: (peu[n][0], beaucoup[n][0]) for n in peu if peu[n][0] != beaucoup[n][0]} == {}
    assert [n for n in peu if beaucoup[n][1] <= peu[n][1]] == []
