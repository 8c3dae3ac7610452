"""Ce que coûtent les écrans et les gestes quand le portefeuille grandit : des exposants, jamais des temps.

Un exposant de 0 est un coût constant, de 1 un coût linéaire. Chaque taille est peuplée, mesurée, défaite.
"""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.test import Client

from bancs.mesures import exposant
from dpd.comptes import referentiel
from dpd.comptes.actions_collectivites import creer_collectivite
from dpd.comptes.models import Commune, Structure
from dpd.conventions.actions.campagne import avancer, lancer
from dpd.conventions.models import Convention, EtatAnnuel, EtatMensuel, Intervention, LigneEtatMensuel
from dpd.documents.reponse import FORMATS
from dpd.pilotage.charge.lieux import relire
from dpd.pilotage.charge.peuplement import Demande, peupler
from dpd.pilotage.charge.registres import catalogue, remplir_les_registres
from dpd.pilotage.relances import relancer
from registre.bibliotheque import FICHIER, lire_bibliotheque
from registre.chargement_modeles import charger
from registre.exports import registre_art30, versions_du_registre
from subtraitance.actions.annuaire_lignes import ajouter_ulterieur
from subtraitance.enums import LotDetenu, UniteDetention
from subtraitance.models import Autorisation, DemandeDroits
from tests.subtraitance.fabriques_annuaire import creer_contrats, creer_fiche
from tests.subtraitance.fabriques_s1 import lot_d_essai, regle_d_essai
from tests.travail import Travail, mesurer
from violations.actions.declaration import declarer
from violations.actions.incidents import signaler
from violations.actions.incidents_ouverture import ouvrir

# Un balayage : long, et ce qu’il traverse est couvert ailleurs.
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover, pytest.mark.un_moteur]
MAINTENANT = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
TAILLES = (12, 36, 108)
LINEAIRE, CONSTANT = 1.05, 0.1
PORTE = "allauth.account.auth_backends.AuthenticationBackend"
# Adresses sous /s/<structure>/ pour le DPD, sous /c/<collectivité>/ pour une référente.
DU_DPD = (
    *("", "collectivites/", "violations/", "violations/?q=eleves", "demandes/", "questions/", "courriels/"),
    *("modeles/", "interventions/", "conventions/"),
)
DE_LA_REFERENTE = ("", "registre/", "violations/", "demandes/")


@pytest.fixture(autouse=True)
def reference(db):
    """De vraies communes, et la bibliothèque de modèles : lues une fois par essai."""
    choisies = [c for c in referentiel._communes() if c.siren and c.code_insee.startswith("82")]
    Commune.objects.bulk_create(choisies[: TAILLES[-1]])
    charger(bibliotheque=lire_bibliotheque(FICHIER.read_bytes()), maintenant=MAINTENANT)


@contextmanager
def portefeuille(collectivites: int, fiches: int):
    """Une structure de tant de collectivités, le temps du bloc."""
    with transaction.atomic():
        list(peupler(Demande(collectivites, fiches, 5, ensemble=True), MAINTENANT))
        yield relire(Structure.objects.get())
        transaction.set_rollback(True)


def pentes(travaux: dict[int, Travail]) -> tuple[float, float]:
    """Les exposants des appels et des pas de la base."""
    return tuple(
        exposant((n, 1 + getattr(t, quoi)) for n, t in travaux.items()) for quoi in ("appels", "pas")
    )


def chaud(geste) -> Travail:
    """Le travail du geste, fait une première fois pour que les caches ne comptent pas."""
    geste()
    return mesurer(geste)


def page(personne, adresse):
    client = Client()
    client.force_login(personne, backend=PORTE)

    def ouvrir_la_page():
        assert client.get(adresse).status_code == 200, adresse

    return ouvrir_la_page


def test_les_pages_et_la_creation_ne_croissent_pas_avec_le_portefeuille():
    """La base relit les lignes du DPD, la page en montre quelques-unes ; ailleurs, rien ne change."""
    travaux: dict[str, dict[int, Travail]] = {}
    for taille in TAILLES:
        with portefeuille(taille, 3) as (equipe, lieux):
            gestes = {f"DPD {s}": page(equipe.dpd, f"/s/{equipe.structure.siren}/{s}") for s in DU_DPD}
            siren = lieux[0].collectivite.siren
            gestes |= {f"référente {s}": page(lieux[0].referent, f"/c/{siren}/{s}") for s in DE_LA_REFERENTE}
            gestes["création"] = _creer(equipe)
            for nom, geste in gestes.items():
                travaux.setdefault(nom, {})[taille] = chaud(geste)
    for nom, mesures in travaux.items():
        appels, pas = pentes(mesures)
        du_dpd = nom.startswith("DPD")
        assert appels < (0.25 if du_dpd else CONSTANT), nom  # les listes se remplissent, puis se paginent
        assert pas < (LINEAIRE if du_dpd else CONSTANT), nom
        comptes = {t.requetes for t in mesures.values()}
        assert max(comptes) - min(comptes) <= 1, nom  # une fiche à compléter se nomme, s’il y en a une
    assert travaux["création"][TAILLES[0]].requetes <= 20


def _creer(equipe):
    def creer():
        with transaction.atomic():
            creer_collectivite(
                structure=equipe.structure,
                auteur=equipe.dpd,
                maintenant=MAINTENANT,
                type="syndicat",
                nom="Syndicat des eaux",
                denomination="Syndicat des eaux",
                siren="258200179",
                territoire="metropole",
            )
            transaction.set_rollback(True)

    return creer


def test_le_registre_se_pagine_quel_que_soit_le_nombre_de_fiches():
    travaux = {}
    for fiches in (30, 90, 270):
        with portefeuille(1, fiches) as (_, [lieu]):
            travaux[fiches] = chaud(page(lieu.referent, f"/c/{lieu.collectivite.siren}/registre/"))
    appels, pas = pentes(travaux)
    assert appels < CONSTANT
    assert pas < LINEAIRE
    assert len({t.requetes for t in travaux.values()}) == 1


@pytest.mark.parametrize("format", FORMATS)
def test_un_export_croit_comme_ses_fiches(format):
    travaux = {}
    for fiches in (12, 36, 108):
        with portefeuille(1, 0) as (equipe, [lieu]):
            remplir_les_registres(equipe, [lieu], catalogue(), fiches, MAINTENANT)
            requete = versions_du_registre(lieu.collectivite)

            def exporter(lieu=lieu, requete=requete):
                document = registre_art30(lieu.collectivite, requete, maintenant=MAINTENANT, format=format)
                FORMATS[format].ecrire(document, BytesIO())

            travaux[requete.count()] = chaud(exporter)
    appels, pas = pentes(travaux)
    assert 0.5 < appels < LINEAIRE  # au moins le travail d’écrire : un export vide passerait sinon
    assert pas < LINEAIRE
    assert len({t.requetes for t in travaux.values()}) == 1


def test_une_relance_coute_ses_echeances_non_le_portefeuille():
    """Dix violations dont un rappel tombe, parmi douze puis cent huit collectivités."""

    travaux = {}
    for taille in TAILLES:
        with portefeuille(taille, 1) as (equipe, lieux):
            relancer(MAINTENANT)
            _declarer_dix(equipe, lieux, MAINTENANT + timedelta(days=60))
            assert relancer(MAINTENANT + timedelta(days=60, hours=49)).rappels >= 10
            _declarer_dix(equipe, lieux, MAINTENANT + timedelta(days=120))
            bilans = []
            travaux[taille] = mesurer(
                lambda bilans=bilans: bilans.append(relancer(MAINTENANT + timedelta(days=120, hours=49)))
            )
            assert bilans[0].echecs == 0
            assert bilans[0].rappels >= 10
    appels, pas = pentes(travaux)
    assert appels < 0.2
    assert pas < 0.2


def test_une_relance_ne_relit_pas_ce_qui_attend_sans_etre_du():
    """Par commune : contrats et lot loin du terme, un état présenté hier, une autorisation sans réponse."""
    travaux = {}
    for taille in TAILLES:
        with portefeuille(taille, 0) as (equipe, lieux):
            _sans_reponse(equipe, lieux)
            QuerySet(DemandeDroits).update(repondue_le=MAINTENANT)
            for jours in (7, 30, 31):
                relancer(MAINTENANT + timedelta(days=jours))
            _presenter_les_etats(equipe, MAINTENANT + timedelta(days=31))
            bilans = []
            travaux[taille] = chaud(
                lambda bilans=bilans: bilans.append(relancer(MAINTENANT + timedelta(days=32)))
            )
            assert bilans[1] == (0, 0)
    # Un objet lu par la base se construit en des dizaines d’appels : aucun ne l’est.
    de_plus = travaux[TAILLES[-1]].appels - travaux[TAILLES[0]].appels
    assert de_plus < 5 * (TAILLES[-1] - TAILLES[0])
    assert pentes(travaux)[1] < LINEAIRE
    assert len({t.requetes for t in travaux.values()}) == 1


def _sans_reponse(equipe, lieux) -> None:
    trace = {"auteur": equipe.dpd, "maintenant": MAINTENANT}
    editeur, hebergeur = (creer_fiche(equipe.structure, equipe.dpd, nom) for nom in ("Logi", "Héberge"))
    regle_d_essai(equipe.structure, equipe.dpd, LotDetenu.ASSISTANCE, None, UniteDetention.CONVENTION)
    for lieu in lieux:
        creer_contrats(lieu.collectivite, [editeur], MAINTENANT)
        lot_d_essai(lieu.collectivite, equipe.agent, MAINTENANT.date(), type=LotDetenu.ASSISTANCE)
    ajouter_ulterieur(fiche=editeur, ulterieur=hebergeur, activite="Hébergement", **trace)
    assert Autorisation.objects.exclude(rappel_le=None).count() == len(lieux)


def _presenter_les_etats(equipe, fige_le) -> None:
    trace = {"auteur": equipe.gestionnaire, "maintenant": fige_le, "raison": "Essai"}
    dites = {"annee": 2026, "mois": 11, "prix_jour": 230, "minutes_par_jour": 420}
    dites |= {"fige_le": fige_le, "fige_par": equipe.gestionnaire}
    etats = EtatMensuel.objects.creer_en_masse(
        [
            EtatMensuel(convention=c, collectivite_id=c.collectivite_id, **dites)
            for c in Convention.objects.all()
        ],
        **trace,
    )
    ligne = {"ordre": 1, "le": fige_le, "minutes_initiales": 60, "minutes": 60}
    premieres = {i.collectivite_id: i for i in Intervention.objects.order_by("-pk")}
    LigneEtatMensuel.objects.creer_en_masse(
        [
            LigneEtatMensuel(
                collectivite_id=etat.collectivite_id,
                etat_mensuel=etat,
                intervention=premieres[etat.collectivite_id],
                **ligne,
            )
            for etat in etats
            if etat.collectivite_id in premieres
        ],
        **trace,
    )
    assert LigneEtatMensuel.objects.count() > 0.5 * len(etats)


def _declarer_dix(equipe, lieux, connue) -> None:
    for lieu in lieux[:10]:
        declarer(
            collectivite=lieu.collectivite,
            titre="Liste envoyée à tous",
            recit="Un courriel est parti à tous les parents.",
            connaissance=connue,
            auteur=equipe.dpd,
            maintenant=connue,
        )
    relancer(connue)


def test_un_incident_coute_ses_communes_et_moins_de_dix_requetes_chacune():
    travaux = {}
    with portefeuille(TAILLES[-1], 0) as (equipe, lieux):
        trace = {"auteur": equipe.dpd, "maintenant": MAINTENANT}
        for touchees in (8, 24, 72):
            communes = [lieu.collectivite for lieu in lieux[:touchees]]
            with transaction.atomic():
                incident = signaler(
                    structure=equipe.structure,
                    titre="Une sauvegarde copiée",
                    recit="Un tiers a copié la sauvegarde du portail.",
                    connaissance=MAINTENANT,
                    **trace,
                )
                travaux[touchees] = mesurer(
                    lambda communes=communes, incident=incident: ouvrir(
                        incident=incident, collectivites=communes, **trace
                    )
                )
                transaction.set_rollback(True)
    appels, pas = pentes(travaux)
    assert 0.5 < appels < LINEAIRE
    assert pas < LINEAIRE
    assert all(t.requetes <= 10 * n for n, t in travaux.items())


def test_generer_des_etats_coute_le_nombre_d_etats():
    travaux = {}
    for taille in TAILLES:
        with portefeuille(taille, 0) as (equipe, lieux):
            travaux[taille] = chaud(partial(_generer, equipe, len(lieux)))
    appels, pas = pentes(travaux)
    assert 0.5 < appels < LINEAIRE
    assert pas < LINEAIRE


def _generer(equipe, etats: int) -> None:
    with transaction.atomic():
        trace = {"auteur": equipe.gestionnaire, "maintenant": MAINTENANT}
        campagne = lancer(structure=equipe.structure, exercice=2026, **trace)
        while campagne.terminee_le is None:
            campagne = avancer(campagne=campagne, **trace)
        assert campagne.traitees == etats
        assert EtatAnnuel.objects.count() > 0.9 * etats  # hors tarif, une collectivité attend un devis
        transaction.set_rollback(True)
