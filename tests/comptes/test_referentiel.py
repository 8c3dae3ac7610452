"""Le référentiel des communes : chargé une fois, cherché comme on tape."""

import pytest
from django.core.management import call_command

from dpd.comptes import referentiel
from dpd.comptes.models import Commune, Epci

pytestmark = pytest.mark.django_db


def test_charge():
    import time
    for i in range(2):
        t=time.time()
        call_command("charger_communes")
        print("TEMPS", time.time()-t)
    for q,d in [("mon","82"),("mon",""),("82270",""),("82131",""),("2a0",""),("st antonin","82"),("Y",""),("eu",""),("oeuilly",""),("montpezat 82",""),("l'abergement",""),("218201317","")]:
        t=time.time(); r=referentiel.proposer_communes(q,d); print(q,d,[(c.nom,c.code_insee,c.population_totale) for c in r][:6], round((time.time()-t)*1000,1))
    for q,d in [("quercy","82"),("cc du quercy","82"),("248200057","")]:
        t=time.time(); r=referentiel.proposer_epcis(q,d); print(q,d,[(c.nom,c.pk,c.population_totale) for c in r][:6], round((time.time()-t)*1000,1))
