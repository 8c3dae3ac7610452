"""Une demande de droits, du formulaire public à la réponse : l’habitant, l’agent, la référente.

Jour de l’Ascension à Montpezat, vendredi soir en Guyane : deux départs qu’un calcul naïf raterait.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from playwright.sync_api import expect

from dpd.comptes.enums import Role
from dpd.messagerie.models import Message
from registre import actions as registre
from registre.ecriture import fiche_de
from subtraitance.enums import EtatDemande
from subtraitance.models import DemandeDroits
from tests.conftest import creer_collectivite, creer_personne
from tests.registre.conftest import remplir
from tests.subtraitance.fabriques_d3 import regler

PARIS, CAYENNE = ZoneInfo("Europe/Paris"), ZoneInfo("America/Cayenne")
ASCENSION = datetime(2026, 5, 14, 9, 15, tzinfo=PARIS)  # jeudi, férié
VENDREDI_SOIR = datetime(2026, 11, 20, 22, 0, tzinfo=CAYENNE)
NOM = "Gérard Fauré"
TEXTE = "Je voudrais savoir ce que la mairie sait de moi."


def net(page) -> str:
    """Le texte de la page, espaces confondues."""
    return " ".join(page.locator("main").inner_text().split())


@pytest.fixture
def a_l_heure():
    """Fait commencer le parcours à cet instant ; le temps passe ensuite comme il passe."""
    voyages = []

    def _a_l_heure(instant):
        voyage = time_machine.travel(instant, tick=True)
        voyage.start()
        voyages.append(voyage)

    yield _a_l_heure
    for voyage in voyages:
        voyage.stop()


def deposer(habitant, collectivite, verifier) -> DemandeDroits:
    """Sans compte, sans pièce d’identité : ce que l’on veut, qui l’on est, où répondre."""
    habitant.goto(f"/demande/{collectivite.siren}/")
    verifier(habitant, "demande-publique")
    habitant.check("[name=droits][value=acces]")
    habitant.fill("[name=texte]", TEXTE)
    habitant.locator("[name=pour_qui]").first.check()
    habitant.fill("[name=demandeur_nom]", NOM)
    habitant.fill("[name=demandeur_courriel]", "g.faure@habitant.example")
    habitant.wait_for_timeout(3500)  # plus vite, ce serait un robot
    habitant.get_by_role("button", name="Envoyer ma demande").click()
    habitant.wait_for_url("**/suivi/**")
    verifier(habitant, "demande-suivie")
    assert NOM not in net(habitant)
    return DemandeDroits.objects.get()


def transmettre(agent, structure, demande, verifier):
    """L’agent voit ce qu’il lui reste, transmet, et n’en lit plus rien."""
    agent.goto(f"/s/{structure.siren}/")
    agent.get_by_role("link", name="Transmettre la demande").click()
    expect(agent.locator("main")).to_contain_text("48")
    verifier(agent, "demande-a-transmettre")
    assert TEXTE in net(agent)
    agent.get_by_role("button", name="Transmettre maintenant").click()
    expect(agent.locator("main")).not_to_contain_text(TEXTE)
    assert NOM not in net(agent)
    demande.refresh_from_db()
    assert demande.transmise_le is not None


def chercher(referente, verifier):
    """Le registre propose où chercher ; on note ce que l’on y a trouvé, jamais les données."""
    referente.get_by_role("link", name="Choisir les fiches").click()
    verifier(referente, "demande-recherche")
    referente.locator("[name=fiches]").first.check()
    referente.get_by_role("button", name="Interroger ces fiches").click()
    referente.get_by_role("link", name="Noter ce que l’on a trouvé").click()
    referente.locator("select[name$=-etat]").first.select_option("trouve")
    referente.locator("input[name$=-suite]").first.fill("Copie remise")
    verifier(referente, "demande-recherche-notee")
    referente.get_by_role("button", name="Enregistrer").click()
    expect(referente.locator("main")).to_contain_text("Copie remise")


def repondre(referente, verifier):
    referente.get_by_role("link", name="Répondre").first.click()
    referente.check("[name=sens][value=favorable]")
    referente.fill("[name=texte]", "Voici la copie de vos données.")
    referente.check("[name=canal][value=courriel]")
    verifier(referente, "demande-repondre")
    referente.locator("main form button[type=submit]").first.click()
    expect(referente.locator("main")).to_contain_text("Réponse envoyée")
    verifier(referente, "demande-repondue")


def test_une_demande_deposee_le_jour_de_l_ascension(
    entrer, verifier, a_l_heure, structure, collectivite, agent, referent, decideur, dpd
):
    a_l_heure(ASCENSION)
    version = registre.creer(collectivite=collectivite, nom="Cantine", auteur=referent, maintenant=ASCENSION)
    registre.enregistrer_contenu(
        version=version, fiche=remplir(fiche_de(version)), auteur=referent, maintenant=ASCENSION, raison="x"
    )
    regler(collectivite, decideur, ASCENSION)
    habitant = entrer()
    demande = deposer(habitant, collectivite, verifier)
    # Jeudi ne compte pas : vendredi entier, puis lundi entier.
    assert demande.echeance_transmission.astimezone(PARIS) == datetime(2026, 5, 19, tzinfo=PARIS)
    assert (demande.echeance.isoformat(), demande.recue_le.date()) == ("2026-06-15", ASCENSION.date())
    transmettre(entrer(agent), structure, demande, verifier)

    referente = entrer(referent)
    referente.goto(f"/c/{collectivite.siren}/")
    referente.get_by_role("link", name="Répondre à la demande").click()
    horloges = referente.locator(".horloge")
    expect(horloges).to_have_count(2)
    expect(horloges.nth(0)).to_contain_text("Transmise dans le délai")
    expect(horloges.nth(1)).to_contain_text("lundi 15 juin 2026")
    verifier(referente, "demande-deux-horloges")
    chercher(referente, verifier)
    repondre(referente, verifier)

    demande.refresh_from_db()
    assert demande.etat == EtatDemande.REPONDUE
    habitant.reload()
    expect(habitant.locator("main")).to_contain_text("éponse")
    verifier(habitant, "demande-suivie-repondue")
    corps = Message.objects.exclude(nature__contains="accuse").values_list("corps", flat=True)
    assert not any(NOM in texte or TEXTE in texte for texte in corps)


def test_une_demande_deposee_un_vendredi_soir_en_guyane(entrer, verifier, a_l_heure, autre_structure, dpd):
    a_l_heure(VENDREDI_SOIR)
    autre_structure.territoire = "guyane"
    autre_structure.save()
    cayenne = creer_collectivite(autre_structure, "Cayenne", "219733029", territoire="guyane")
    maire = creer_personne("maire@cayenne.example", "Ghislaine", "Balata", Role.DECIDEUR, cayenne)
    agent = creer_personne("agent@cacl.example", "Théo", "Marty", Role.AGENT, autre_structure)
    regler(cayenne, maire, VENDREDI_SOIR)
    demande = deposer(entrer(), cayenne, verifier)
    # Deux heures le vendredi, tout le lundi, puis jusqu’à 22 h le mardi, à l’heure de Cayenne.
    attendue = datetime(2026, 11, 24, 22, 0, tzinfo=CAYENNE)
    assert abs((demande.echeance_transmission - attendue).total_seconds()) < 120
    page = entrer(agent)
    page.goto(f"/s/{autre_structure.siren}/demandes/")
    expect(page.locator("main")).to_contain_text("24 nov. 2026")
    verifier(page, "demandes-structure-guyane")
    page.goto(f"/c/{cayenne.siren}/demandes/{demande.annee}-{demande.rang}/transmettre/")
    expect(page.locator("main")).to_contain_text("mardi 24 novembre")
