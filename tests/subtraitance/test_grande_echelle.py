"""Cinq cents prestataires, mille collectivités : les mêmes requêtes qu’à cinq et dix."""

from datetime import date

import pytest
from django.urls import reverse

from subtraitance.actions.article_30_2 import rattacher
from subtraitance.models import Contrat
from tests.subtraitance.fabriques_annuaire import LUNDI, creer_contrats, creer_fiches
from tests.subtraitance.fabriques_s1 import activite_d_essai
from tests.subtraitance.test_annuaire_echelle import mesurer
from tests.volume import collectivites_de

pytestmark = pytest.mark.django_db
PRESTATAIRES, COLLECTIVITES = (5, 500), (10, 1000)
DEPUIS = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine):
    time_machine.move_to(LUNDI, tick=False)


def test_cinq_cents_prestataires_et_mille_collectivites(connecte, structure, collectivite, dpd, referent):
    trace = {"auteur": dpd, "maintenant": LUNDI}
    activite = activite_d_essai(structure, dpd, "Assistance", maintenant=LUNDI)
    premiere = creer_fiches(structure, 1)[0]
    creer_contrats(collectivite, [premiere])
    pages = [
        (dpd, reverse("subtraitance:annuaire", args=[structure.siren])),
        (dpd, reverse("subtraitance:exporter_annuaire", args=[structure.siren, "csv"])),
        (dpd, reverse("subtraitance:fiche_annuaire", args=[structure.siren, premiere.pk])),
        (dpd, reverse("subtraitance:registre_30_2", args=[structure.siren])),
        (dpd, reverse("subtraitance:exporter_registre_30_2", args=[structure.siren, "csv"])),
        (dpd, reverse("subtraitance:demandes_structure", args=[structure.siren])),
        (referent, reverse("subtraitance:prestataires", args=[collectivite.siren])),
    ]
    mesures, fiches, communes = [], 1, 0
    for prestataires, collectivites in zip(PRESTATAIRES, COLLECTIVITES, strict=True):
        creer_fiches(structure, prestataires - fiches, premiere=fiches)
        neuves = collectivites_de(structure, range(communes, collectivites), raison="x", **trace)
        Contrat.objects.creer_en_masse(
            [Contrat(collectivite=c, sous_traitant=premiere, objet="Paie", debut=DEPUIS) for c in neuves],
            raison="x",
            **trace,
        )
        rattacher(activite=activite, collectivites=neuves, depuis=DEPUIS, **trace)
        fiches, communes = prestataires, collectivites
        mesures.append([mesurer(connecte(qui), page)[0] for qui, page in pages])
    assert mesures[0] == mesures[1]
