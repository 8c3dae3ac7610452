"""Les écritures, historique et courriels compris ; chacune dans une transaction défaite ensuite."""

from dataclasses import replace
from itertools import count

import pytest
from django.db import transaction
from stdnum import luhn

from bancs.bases import MAINTENANT
from bancs.mesures import taille_de_la_base
from dpd.comptes.actions_collectivites import creer_collectivite
from dpd.comptes.enums import TypeCollectivite
from dpd.comptes.models import Collectivite
from dpd.conventions.actions.campagne import avancer, lancer
from dpd.conventions.models import EtatAnnuel
from registre import actions as registre
from registre.ecriture import fiche_de
from registre.models import VersionTraitement
from violations.actions.declaration import declarer
from violations.actions.incidents import signaler
from violations.actions.incidents_ouverture import ouvrir

EXERCICE = MAINTENANT.year
TOUCHEES = tuple(n for n in (20, 50, 200) if n <= taille_de_la_base())  # collectivités d’un incident
ETATS = tuple(n for n in (50, 100, 500) if n <= taille_de_la_base())
RECIT = "Un tiers s’est introduit chez l’hébergeur et a copié la sauvegarde du portail familles."
FAITS = {"titre": "Une sauvegarde a été copiée", "recit": RECIT, "connaissance": MAINTENANT}


def bench_etape_de_fiche(mesurer, acteurs):
    """Une étape : la description change, et une durée ; deux rubriques, donc leurs lignes, sont récrites."""
    rang = count()

    def enregistrer():
        fiche = fiche_de(acteurs.brouillon)
        donnees = tuple(replace(d, description=f"{d.description} {next(rang)}"[:200]) for d in fiche.donnees)
        nouvelle = replace(fiche, description=f"Saisie n° {next(rang)}", donnees=donnees)
        acteurs.brouillon = registre.enregistrer_contenu(
            version=acteurs.brouillon,
            fiche=nouvelle,
            auteur=acteurs.referent,
            maintenant=MAINTENANT,
            raison="Données et durées",
        )

    mesurer(enregistrer, groupe="étape de fiche", tours=40)


def bench_etape_nue(mesurer, acteurs):
    """Le plancher : la version relue sous verrou, récrite, et sa ligne d’historique."""
    rang = count()

    @transaction.atomic
    def ecrire():
        version = VersionTraitement.objects.select_for_update().get(pk=acteurs.brouillon.pk)
        version.service = f"Service {next(rang)}"
        version._history_date = MAINTENANT
        version.save()

    mesurer(ecrire, groupe="étape de fiche", role="nu", tours=40)


def bench_declarer(mesurer, acteurs):
    mesurer(
        lambda: declarer(
            collectivite=acteurs.collectivite, auteur=acteurs.referent, maintenant=MAINTENANT, **FAITS
        ),
        groupe="déclarer une violation",
    )


@pytest.mark.parametrize("touchees", TOUCHEES)
def bench_incident(mesurer, acteurs, touchees):
    """Un incident ouvre une violation, ses rappels et ses courriels dans chaque commune touchée."""
    communes = list(Collectivite.objects.filter(structure=acteurs.structure).order_by("pk")[:touchees])

    def preparer():
        return signaler(structure=acteurs.structure, auteur=acteurs.dpd, maintenant=MAINTENANT, **FAITS)

    def ouvrir_partout(incident):
        ouvrir(incident=incident, collectivites=communes, auteur=acteurs.dpd, maintenant=MAINTENANT)

    mesurer(ouvrir_partout, groupe="incident", avant=preparer, tours=3, unites=touchees, lignes=touchees)


@pytest.mark.parametrize("etats", ETATS)
def bench_etats_annuels(mesurer, acteurs, etats):
    """La génération d’un exercice, par lots, jusqu’au nombre d’états dit."""

    def generer():
        with transaction.atomic():
            reprise = transaction.savepoint()
            trace = {"auteur": acteurs.gestionnaire, "maintenant": MAINTENANT}
            campagne = lancer(structure=acteurs.structure, exercice=EXERCICE, **trace)
            while EtatAnnuel.objects.filter(exercice=EXERCICE).count() < etats and not campagne.terminee_le:
                campagne = avancer(campagne=campagne, **trace)
            faits = EtatAnnuel.objects.filter(exercice=EXERCICE).count()
            transaction.savepoint_rollback(reprise)
        return faits

    faits = mesurer(generer, groupe="états annuels", tours=2, unites=etats, lignes=etats, memoire=True)
    assert faits >= 0.9 * etats  # hors tarif, une collectivité attend un devis


def bench_creer_une_collectivite(mesurer, acteurs):
    rang = count(1)

    def creer():
        creer_collectivite(
            structure=acteurs.structure,
            auteur=acteurs.dpd,
            maintenant=MAINTENANT,
            type=TypeCollectivite.SYNDICAT,
            nom=f"Syndicat {next(rang)}",
            denomination=f"Syndicat {next(rang)}",
            siren=_siren(next(rang)),
            territoire="metropole",
        )

    mesurer(creer, groupe="créer une collectivité", tours=60)


def _siren(rang: int) -> str:
    base = f"{25000000 + rang:08d}"
    return base + luhn.calc_check_digit(base)
