"""De la signature à la base de facturation : le gestionnaire, la DPD, l’agent, le maire."""

import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from dpd.conventions.etapes import Choix
from dpd.conventions.models import Convention, Devis, EtatAnnuel, EtatMensuel
from dpd.regles.typographie import MOIS
from tests.conventions.conftest import GLISSANTE, creer_convention, creer_modele
from tests.conventions.fabriques_etats import bareme_journees
from tests.documents.lecture_pdf import texte_du_pdf

# 2 300 € de forfait et une journée à 230 € : sept heures retenues, la réunion ramenée de 7 h à 3 h 30.
TOTAL = "2 530,00 €"


@pytest.fixture
def premier() -> date:
    """Le premier jour du mois dernier : la convention y prend effet, son état se fige aujourd’hui."""
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def dernier() -> date:
    """Le dernier jour du mois dernier : la collectivité passe en accompagnement."""
    return timezone.localdate().replace(day=1) - timedelta(days=1)


@pytest.fixture
def modele(structure):
    bareme_journees(structure)
    return creer_modele(structure, **GLISSANTE, etapes=Choix(("reunion_information", "bilan")).en_json())


@pytest.fixture
def devis(collectivite, referent, decideur):
    """Un devis déjà accepté : ce qui s’y rattache n’entre pas dans l’état du mois."""
    return Devis.objects.create(
        collectivite=collectivite,
        objet="Vidéoprotection",
        besoin="Une analyse d’impact",
        etat="accepte",
        demande_le=timezone.now(),
        propose_le=timezone.now(),
        decide_le=timezone.now(),
        decide_par=decideur,
        audit="Vu.",
        plan_actions="Analyser.",
        prix_jour=Decimal(230),
        prix_revisable=False,
        jours_mise_en_place=Decimal(1),
        exercice=2099,
    )


def net(texte: str) -> str:
    """Le texte, espaces insécables et retours à la ligne confondus."""
    return " ".join(texte.split())


def telecharger(page, lien) -> bytes:
    with page.expect_download() as attente:
        lien.click()
    return attente.value.path().read_bytes()


def fait(page, phrase: str) -> None:
    expect(page.get_by_role("status").filter(has_text=phrase).first).to_be_visible()


def signer(bureau, collectivite, modele, premier, verifier):
    bureau.goto(f"/c/{collectivite.siren}/convention/")
    verifier(bureau, "convention-vide")
    bureau.get_by_role("link", name="Ouvrir un projet de convention").click()
    bureau.get_by_label("Modèle").select_option(label=str(modele))
    bureau.get_by_label("Référence").fill("2026-07")
    verifier(bureau, "convention-projet")
    bureau.get_by_role("button", name="Enregistrer le projet").click()
    expect(bureau.locator("main")).to_contain_text("À signer")
    verifier(bureau, "convention-a-signer")
    bureau.get_by_role("link", name="Noter les signatures").first.click()
    bureau.get_by_label("Signée par la collectivité le").fill(premier.isoformat())
    bureau.get_by_label("Signée par la structure le").fill(premier.isoformat())
    verifier(bureau, "convention-signer")
    bureau.get_by_role("button", name="Enregistrer les signatures").click()
    expect(bureau.get_by_role("heading", level=1)).to_have_text("Convention et tarif")
    expect(bureau.locator("main")).to_contain_text("Signée par les deux parties")
    verifier(bureau, "convention-signee")
    assert Convention.objects.get(collectivite=collectivite).date_effet == premier


def mettre_en_place(page, collectivite, premier, dernier, verifier):
    page.goto(f"/c/{collectivite.siren}/convention/mise-en-place/")
    expect(page.locator("main")).to_contain_text("sur 2")
    verifier(page, "mise-en-place")
    page.get_by_role("link", name="Noter").first.click()
    verifier(page, "mise-en-place-etape")
    page.get_by_role("radio", name="Faite").check()
    page.get_by_label("Faite le").fill(premier.isoformat())
    page.get_by_label("Trace", exact=False).first.fill("Compte rendu du conseil")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("main")).to_contain_text("1 étape faite sur 2")
    page.get_by_role("link", name="Passer en accompagnement", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Passer en accompagnement")
    page.get_by_label("En accompagnement depuis le").fill(dernier.isoformat())
    page.get_by_label("Bilan de la mise en place").fill("Registre ouvert, référente formée.")
    verifier(page, "bascule")
    page.get_by_role("button", name="Passer en accompagnement").click()
    if (motif := page.get_by_label("Pourquoi passer quand même")).count():
        motif.fill("Le bilan se fait ici même.")
        page.get_by_role("button", name="Passer en accompagnement").click()
    fait(page, "La collectivité est en accompagnement")
    assert Convention.objects.get(collectivite=collectivite).bascule_le == dernier


def tracer(page, structure, le: date, nature: str, demande: str, duree: str, devis: str = ""):
    page.goto(f"/s/{structure.siren}/interventions/")
    page.locator("#id_collectivite").press_sequentially("Montpezat")
    choix = page.get_by_label("Devis accepté")
    expect(choix).to_be_visible()  # proposé au fil de la frappe
    choix.select_option(label=next(t for t in choix.locator("option").all_inner_texts() if devis in t))
    page.get_by_role("radio", name=nature, exact=True).check()
    page.get_by_role("group", name="Durée").get_by_role("radio", name="Autre").check()
    page.get_by_role("textbox", name="Autre durée").fill(duree)
    page.get_by_label("Date").first.fill(le.isoformat())
    page.get_by_label("Demande d’origine").fill(demande)
    page.get_by_role("button", name="Tracer cette intervention").click()
    fait(page, "Tracé")


def contester(mairie, adresse, verifier):
    mairie.goto(adresse)
    expect(mairie.locator("main")).to_contain_text("2 lignes à valider")
    verifier(mairie, "etat-mensuel-a-valider")
    ligne = mairie.get_by_role("listitem").filter(has_text="Réunion")
    ligne.get_by_text("Contester", exact=False).first.click()
    ligne.get_by_role("button", name="Contester cette ligne").click()
    expect(mairie.locator("main")).to_contain_text("Dites ce qui ne va pas")
    verifier(mairie, "etat-mensuel-sans-motif")
    ligne.get_by_label("Ce que vous contestez").fill("La réunion n’a pris que la matinée.")
    ligne.get_by_role("button", name="Contester cette ligne").click()
    fait(mairie, "La ligne est contestée")
    verifier(mairie, "etat-mensuel-conteste")


def repondre(page, adresse, verifier):
    page.goto(adresse)
    expect(page.locator("main")).to_contain_text("La réunion n’a pris que la matinée.")
    page.get_by_role("radio", name="Corriger la durée").check()
    page.get_by_label("Nouvelle durée").fill("3 h 30")
    page.get_by_label("Motif").fill("Le trajet avait été compté.")
    verifier(page, "etat-mensuel-repondre")
    page.get_by_role("button", name="Répondre").click()
    fait(page, "La durée est corrigée")


def valider(mairie, adresse, verifier):
    mairie.goto(adresse)
    expect(mairie.locator("main")).to_contain_text("Le trajet avait été compté.")
    mairie.get_by_label("J’ai tout relu").check()
    mairie.get_by_role("button", name="Valider les 2 lignes").click()
    fait(mairie, "2 lignes validées")
    expect(mairie.locator("main")).to_contain_text("État validé le")
    verifier(mairie, "etat-mensuel-valide")
    etat = EtatMensuel.objects.get()
    assert sorted(etat.lignes.values_list("minutes_initiales", "minutes")) == [(210, 210), (420, 210)]
    assert etat.valide_le


def generer(bureau, structure, exercice: int, verifier):
    """L’aperçu, la confirmation, la barre qui avance toute seule, puis la liste."""
    bureau.goto(f"/s/{structure.siren}/etats-annuels/{exercice}/generation/")
    expect(bureau.locator("main")).to_contain_text("1 état, 2 530,00 €".replace(" ", "\u00a0", 1))
    expect(bureau.locator("main")).to_contain_text("n’est pas signée par les deux parties")
    verifier(bureau, "generation-apercu")
    bureau.get_by_role("button", name="Figer").click()
    expect(bureau.get_by_role("progressbar")).to_be_visible()
    expect(bureau.get_by_role("heading", name="Génération terminée")).to_be_visible(timeout=20_000)
    expect(bureau.get_by_role("progressbar")).to_have_attribute("value", "2")
    verifier(bureau, "generation-terminee")
    bureau.get_by_role("link", name="Voir les états de l’exercice").click()
    expect(bureau.get_by_role("row").nth(1)).to_contain_text(f"{exercice}-001")
    verifier(bureau, "etats-annuels")


def relire_le_classeur(octets: bytes, etat: EtatAnnuel) -> None:
    classeur = openpyxl.load_workbook(io.BytesIO(octets))
    entete, *lignes = classeur["États"].values
    (ligne,) = (dict(zip(entete, valeurs, strict=True)) for valeurs in lignes)
    assert (ligne["N°"], ligne["SIREN"], ligne["Total"]) == (etat.reference, "218201317", 2530)
    assert ligne["Empreinte SHA-256"] == etat.empreinte
    prestations = list(classeur["Prestations"].values)[1:]
    assert [(p[0], p[-1]) for p in prestations] == [(etat.reference, 2300), (etat.reference, 230)]


def test_de_la_signature_a_l_etat_annuel(
    structure,
    collectivite,
    voisine,
    modele,
    devis,
    premier,
    dernier,
    gestionnaire,
    dpd,
    agent,
    decideur,
    entrer,
    verifier,
):
    creer_convention(voisine, modele, None)  # un projet jamais signé : une anomalie de la génération
    bureau, delegue, assistance, mairie = (entrer(p) for p in (gestionnaire, dpd, agent, decideur))
    signer(bureau, collectivite, modele, premier, verifier)
    mettre_en_place(delegue, collectivite, premier, dernier, verifier)

    tracer(assistance, structure, premier + timedelta(days=4), "Visite", "Recensement", "3 h 30", "Aucun")
    tracer(delegue, structure, premier + timedelta(days=11), "Réunion", "Comité", "7 h", "Aucun")
    tracer(delegue, structure, premier + timedelta(days=12), "Audit, état des lieux", "Caméras", "7 h", "Vid")
    expect(delegue.locator("main")).to_contain_text("Sur devis")
    verifier(delegue, "interventions")

    bureau.goto(f"/s/{structure.siren}/etats-mensuels/")
    expect(bureau.locator("main")).to_contain_text(
        "10 h 30".replace(" ", "\u00a0")
    )  # le devis paie la sienne
    verifier(bureau, "etats-mensuels")
    bureau.get_by_role("button", name="Figer et présenter").click()
    fait(bureau, f"pour {MOIS[premier.month - 1]} {premier.year}")
    adresse = f"/c/{collectivite.siren}/etats-mensuels/{premier.year}/{premier.month}/"
    contester(mairie, adresse, verifier)
    repondre(delegue, adresse, verifier)
    valider(mairie, adresse, verifier)

    generer(bureau, structure, premier.year, verifier)
    etat = EtatAnnuel.objects.get()
    assert etat.total == Decimal("2530.00")
    lu = net(texte_du_pdf(telecharger(bureau, bureau.get_by_role("link", name="PDF de l’état"))))
    assert etat.reference in lu
    assert net(TOTAL) in lu
    assert etat.empreinte[:8] in lu.replace(" ", "")
    bureau.get_by_text("Exporter", exact=True).click()
    relire_le_classeur(telecharger(bureau, bureau.get_by_role("link", name="Classeur Excel")), etat)

    mairie.goto(f"/c/{collectivite.siren}/convention/")
    verifier(mairie, "convention-decideur")
    sien = net(
        texte_du_pdf(telecharger(mairie, mairie.get_by_role("link", name=f"État n° {etat.reference}")))
    )
    assert net(TOTAL) in sien
