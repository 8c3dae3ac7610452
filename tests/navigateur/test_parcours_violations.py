"""Une violation de la déclaration à la clôture : la référente déclare, la DPD conseille, le maire décide."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone
from playwright.sync_api import expect

from dpd.messagerie.models import Message
from tests.documents.lecture_pdf import texte_du_pdf
from tests.violations.fabriques import creer_prestataire
from violations.models import Violation
from violations.views import dossier

RUBRIQUES = (
    "Type d’envoi",
    "Organisme et contacts",
    "Dates",
    "Nature",
    "Origine",
    "Cause",
    "Données",
    "Personnes",
    "Mesures avant",
    "Conséquences",
    "Mesures après",
    "Information des personnes",
    "Autres pays, autres autorités",
    "Pièces jointes",
)
TITRE = "Des parents ont pu lire des dossiers d’autres familles"


def net(texte: str) -> str:
    """Le texte, espaces insécables et retours à la ligne confondus."""
    return " ".join(texte.split())


def remplir_instant(page, nom: str, instant) -> None:
    """La date et l’heure d’un instant, à Paris."""
    local = timezone.localtime(instant)
    page.fill(f"[name={nom}_date]", f"{local:%Y-%m-%d}")
    page.fill(f"[name={nom}_heure]", f"{local:%H:%M}")


def declarer(referente, collectivite, verifier):
    """Deux minutes, depuis n’importe quelle page."""
    connue = timezone.now() - timedelta(hours=20)
    referente.goto(f"/c/{collectivite.siren}/registre/")
    referente.get_by_role("link", name="Déclarer une violation").first.click()
    verifier(referente, "violation-declarer")
    referente.get_by_role("button", name="Déclarer et prévenir").click()
    expect(referente.locator("main")).to_contain_text("Dites en une phrase ce qui s’est passé")
    verifier(referente, "violation-declarer-refusee")
    referente.fill("[name=titre]", TITRE)
    remplir_instant(referente, "connaissance", connue)
    referente.check("[name=source][value=sous_traitant]")
    referente.check("[name=finie][value=oui]")
    remplir_instant(referente, "fin", connue - timedelta(hours=1))
    referente.check("[name=personnes][value=mineurs]")
    referente.check("[name=en_cause][value=oui]")
    referente.fill("[name=prestataire]", "Logi-Quercy")
    remplir_instant(referente, "prestataire_le", connue - timedelta(hours=26))
    referente.get_by_role("button", name="Déclarer et prévenir").click()
    expect(referente.get_by_role("heading", level=1)).to_have_text(TITRE)
    verifier(referente, "violation-declaree")
    violation = Violation.objects.get()
    assert violation.prestataires.get().sous_traitant.nom == "Logi-Quercy"
    assert Message.objects.filter(nature="violations.declaree").count() == 3
    return violation


def completer(referente, adresse, verifier):
    """Les rubriques du téléservice, l’une après l’autre."""
    referente.goto(f"{adresse}dossier/faits/")
    verifier(referente, "violation-faits")
    referente.check("[name=natures][value=confidentialite]")
    referente.check("[name=origine][value=portail]")
    referente.check("[name=cause][value=externe_accidentel]")
    referente.locator("main form button[type=submit]").first.click()
    referente.goto(f"{adresse}dossier/donnees/")
    referente.check("[name=donnees][value=sante]")
    referente.fill("[name=personnes_min]", "90")
    referente.fill("[name=personnes_max]", "100")
    referente.fill("[name=enregistrements_min]", "37")
    referente.fill("[name=enregistrements_max]", "37")
    verifier(referente, "violation-donnees")
    referente.locator("main form button[type=submit]").first.click()
    referente.goto(f"{adresse}dossier/consequences/")
    referente.fill("[name=mesures_avant]", "Un compte par famille")
    referente.fill("[name=consequences]", "Des familles ont pu être reconnues")
    referente.check("[name=prejudices][value=controle]")
    referente.check("[name=gravite][value=importante]")
    referente.locator("main form button[type=submit]").first.click()
    referente.goto(f"{adresse}dossier/suites/")
    referente.fill("[name=mesures_apres]", "Portail fermé, correctif posé")
    referente.check("[name=transfrontaliere][value=non]")
    referente.fill("[name=autres_autorites]", "Aucune")
    referente.locator("main form button[type=submit]").first.click()


def corriger(referente, adresse, connue, verifier):
    """Le début se corrige librement ; l’heure de connaissance, seulement en disant pourquoi."""
    referente.goto(f"{adresse}instants/")
    remplir_instant(referente, "debut", connue - timedelta(hours=40))
    remplir_instant(referente, "connaissance", connue - timedelta(minutes=5))
    referente.locator("main form button[type=submit]").first.click()
    expect(referente.locator("main")).to_contain_text("Dites pourquoi l’heure de connaissance change")
    verifier(referente, "violation-instants-sans-motif")
    referente.fill("[name=motif]", "Le courriel est arrivé cinq minutes plus tôt")
    referente.locator("main form button[type=submit]").first.click()
    expect(referente.locator("main")).to_contain_text("Le courriel est arrivé cinq minutes plus tôt")


def conseiller(dpd, adresse, verifier):
    dpd.goto(f"{adresse}avis/")
    dpd.check("[name=risque][value=eleve]")
    dpd.check("[name=gravite][value=importante]")
    dpd.check("[name=conseil_notifier][value=oui]")
    dpd.check("[name=conseil_informer][value=oui]")
    dpd.fill("[name=raisons]", "Six fiches contiennent des données de santé d’enfants.")
    verifier(dpd, "violation-avis")
    dpd.get_by_role("button", name="Rendre cet avis").click()
    expect(dpd.locator("main")).to_contain_text("La décision appartient au responsable de traitement")
    assert dpd.get_by_role("button", name="Enregistrer mes deux décisions").count() == 0


def decider(maire, adresse, verifier):
    maire.goto(adresse)
    expect(maire.get_by_role("heading", name="Ce que vous devez décider")).to_be_visible()
    verifier(maire, "violation-a-decider")
    maire.check("[name=notifier][value=oui]")
    maire.check("[name=informer][value=oui]")
    maire.get_by_role("button", name="Enregistrer mes deux décisions").click()
    expect(maire.locator("main")).to_contain_text("Vos décisions sont enregistrées")
    verifier(maire, "violation-decidee")


def l_horloge_avance(page, adresse, monkeypatch):
    """Sans recharger : la page relit ses horloges, et le temps qui reste a changé."""
    page.clock.install()
    page.goto(adresse)
    reste = page.locator("#horloges .horloge__reste strong").first
    avant = net(reste.inner_text())
    plus_tard = timezone.now() + timedelta(hours=3)
    monkeypatch.setattr(dossier, "timezone", SimpleNamespace(now=lambda: plus_tard))
    page.evaluate("window.jamaisRechargee = true")
    page.clock.fast_forward("02:00")
    expect(reste).not_to_have_text(avant)
    assert page.evaluate("window.jamaisRechargee")
    apres = net(reste.inner_text())
    monkeypatch.undo()
    heures = [int(texte.split(" h")[0]) for texte in (avant, apres)]
    assert heures[0] - heures[1] == 3


def informer(referente, adresse, verifier):
    referente.goto(f"{adresse}personnes/")
    verifier(referente, "violation-personnes")
    referente.get_by_role("button", name="Enregistrer le message").click()
    referente.get_by_role("link", name="Noter que c’est fait").click()
    referente.check("[name=moyen][value=courriel]")
    referente.fill("[name=faite_le]", timezone.localdate().isoformat())
    referente.fill("[name=nombre]", "37")
    verifier(referente, "violation-personnes-informees")
    referente.locator("main form button[type=submit]").first.click()
    expect(referente.locator("main")).to_contain_text("37")


def notifier(referente, adresse, verifier):
    referente.goto(adresse)
    expect(referente.locator("main")).to_contain_text("14 rubriques prêtes sur 14")
    with referente.expect_download() as attente:
        referente.get_by_role("link", name="Télécharger le dossier").click()
    octets = attente.value.path().read_bytes()
    texte = net(texte_du_pdf(octets))
    absentes = [f"{n}. {titre}" for n, titre in enumerate(RUBRIQUES, 1) if f"{n}. {titre}" not in texte]
    assert absentes == []
    assert "Logi-Quercy" in texte
    referente.goto(f"{adresse}cnil/")
    referente.check("[name=type_envoi][value=complete]")
    referente.fill("[name=numero]", "FR-2026-001")
    remplir_instant(referente, "envoyee_le", timezone.now() - timedelta(minutes=1))
    verifier(referente, "violation-notifier")
    referente.locator("main form button[type=submit]").first.click()
    expect(referente.locator("main")).to_contain_text("FR-2026-001")
    verifier(referente, "violation-notifiee")


def clore(referente, adresse, verifier):
    referente.goto(f"{adresse}clore/")
    verifier(referente, "violation-clore")
    referente.fill("[name=lecon]", "Essayer chaque mise à jour avant de l’ouvrir aux familles.")
    referente.locator("main form button[type=submit]").first.click()
    expect(referente.locator("main")).to_contain_text("Close")
    verifier(referente, "violation-close")


def test_de_la_declaration_a_la_cloture(
    entrer, verifier, collectivite, structure, referent, decideur, dpd, monkeypatch
):
    creer_prestataire(structure)
    referente, conseil, maire = entrer(referent), entrer(dpd), entrer(decideur)
    violation = declarer(referente, collectivite, verifier)
    adresse = f"/c/{collectivite.siren}/violations/{violation.annee}-{violation.rang}/"
    completer(referente, adresse, verifier)
    corriger(referente, adresse, violation.connaissance, verifier)
    conseiller(conseil, adresse, verifier)
    decider(maire, adresse, verifier)
    l_horloge_avance(entrer(decideur), adresse, monkeypatch)
    informer(referente, adresse, verifier)
    notifier(referente, adresse, verifier)
    clore(referente, adresse, verifier)
    violation.refresh_from_db()
    assert violation.etat == "close"
    assert violation.notifiee_le < violation.echeance_notification
    assert [a.conseil_notifier for a in violation.avis.all()] == [True]
    assert {d.question: (d.reponse, d.suit_avis) for d in violation.decisions.all()} == {
        "notifier": (True, True),
        "informer": (True, True),
    }
