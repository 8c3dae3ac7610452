"""De la fiche modèle au registre remis à la CNIL : la référente, la DPD, le maire."""

import io

import pytest
from django.core.management import call_command
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from registre import actions
from registre.models import VersionTraitement
from tests.documents.lecture_pdf import texte_du_pdf


@pytest.fixture
def bibliotheque(collectivite):
    call_command("charger_modeles", verbosity=0)


@pytest.fixture
def brouillon_vide(collectivite, referent, maintenant):
    return actions.creer(
        collectivite=collectivite, nom="Comité de jumelage", auteur=referent, maintenant=maintenant
    )


def continuer(page):
    page.get_by_role("button", name="Continuer", exact=False).last.click()


def telecharger(page, lien) -> bytes:
    with page.expect_download() as attente:
        lien.click()
    chemin = attente.value.path()
    return chemin.read_bytes()


def reprendre_les_durees(page):
    """D’un clic les lignes ordinaires ; la santé et les photos, que l’écran nomme, sur leur propre ligne."""
    proposition = page.get_by_role("button", name="Inscriptions et présences")
    reprise, sante, photos = (page.locator(f"#{nom}") for nom in ("reprise", "d-sante", "d-image"))
    expect(reprise).to_contain_text("lignes encore vides")
    expect(reprise).to_contain_text("2 à traiter une à une")
    reprise.locator(proposition).click()
    expect(page.get_by_role("status").first).to_contain_text("À traiter une à une")
    expect(page.locator("[name='d-identite-1-nombre']")).to_have_value("5")
    for ligne in (sante, photos):
        expect(ligne.get_by_label("Nombre")).to_have_value("")
    reprise.get_by_role("link", name="Les données de santé").click()
    expect(sante).to_be_focused()
    sante.get_by_text("Préciser ou reprendre une durée du modèle").click()
    sante.locator(proposition).click()
    expect(sante.get_by_label("Nombre")).to_have_value("5")
    expect(sante).to_be_focused()
    expect(reprise).to_contain_text("1 à traiter une à une")
    photos.get_by_label("Nombre").fill("1")
    photos.get_by_label("Unité").select_option("annee")
    photos.get_by_label("Et ensuite").select_option("X")
    expect(reprise).to_contain_text("toutes les lignes cochées ont une réponse")  # au fil de l’eau


def completer(page, verifier):
    """Les sept étapes, comme la référente les parcourt."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("À quoi sert ce fichier")
    page.get_by_label("Quel service le tient").fill("Écoles")
    page.get_by_label("Décidez-vous avec un autre organisme").select_option("aucun")
    verifier(page, "etape-1")
    continuer(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Qui est dans ce fichier")
    page.get_by_label("Comment les prévenez-vous").fill("Mention sur le dossier d’inscription.")
    verifier(page, "etape-2")
    continuer(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quelles données")
    verifier(page, "etape-3")
    reprendre_les_durees(page)
    verifier(page, "etape-3-remplie")
    continuer(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Qui reçoit")
    verifier(page, "etape-4")
    continuer(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("sortent-elles")
    page.get_by_label("Non, rien ne sort d’Europe").check()
    verifier(page, "etape-5")
    continuer(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("protégé")
    page.get_by_role("checkbox", name="Comptes nominatifs, pas de compte partagé").check()
    expect(page.locator("#completude")).to_contain_text("7 sur 7")  # au fil de l’eau, sans recharger
    expect(page.locator("#enregistrement")).to_contain_text("Enregistré à")
    verifier(page, "etape-6")
    continuer(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Relisez")
    verifier(page, "etape-7")


def test_de_la_fiche_modele_au_registre_remis_a_la_cnil(
    bibliotheque, collectivite, referent, dpd, decideur, entrer, verifier
):
    page = entrer(referent)
    page.goto(f"/c/{collectivite.siren}/")
    verifier(page, "accueil-vide")
    page.goto(f"/c/{collectivite.siren}/registre/")
    verifier(page, "registre-vide")
    page.goto(f"/c/{collectivite.siren}/modeles/")
    verifier(page, "modeles")
    page.get_by_label("Restauration, périscolaire").first.check()
    page.get_by_role("button", name="Créer", exact=False).first.click()
    completer(page, verifier)
    page.get_by_role("button", name="Transmettre au DPD").click()
    expect(page.get_by_role("status").first).to_contain_text("transmise à votre DPD")
    verifier(page, "fiche-transmise")

    bureau = entrer(dpd)
    bureau.goto("/")
    verifier(bureau, "accueil-dpd")
    bureau.get_by_role("link", name="Rendre l’avis").first.click()
    bureau.get_by_label("Favorable avec réserves").check()
    bureau.get_by_label("Votre conseil").fill("Données bien cernées.")
    bureau.get_by_role("textbox", name="Réserves").fill("Ne donner aux agents que la liste des allergies.")
    verifier(bureau, "fiche-avis")
    bureau.get_by_role("button", name="Rendre cet avis").click()
    expect(bureau.get_by_role("status").first).to_contain_text("La décision appartient au responsable")
    assert bureau.get_by_role("button", name="Enregistrer ma décision").count() == 0

    mairie = entrer(decideur)
    mairie.goto(f"/c/{collectivite.siren}/")
    verifier(mairie, "accueil-maire")
    mairie.get_by_role("link", name="Décider", exact=False).first.click()
    mairie.get_by_label("J’adopte cette fiche").check()
    mairie.get_by_label("Suivez-vous l’avis du DPD").select_option("suivi")
    mairie.get_by_role("button", name="Enregistrer ma décision").click()
    expect(mairie.get_by_role("status").first).to_contain_text("Version 1 adoptée")
    verifier(mairie, "fiche-adoptee")
    assert VersionTraitement.objects.get().etat == "adoptee"

    page.goto(f"/c/{collectivite.siren}/registre/")
    verifier(page, "registre-liste")
    page.get_by_text("Exporter", exact=True).click()
    texte = texte_du_pdf(telecharger(page, page.get_by_role("link", name="Registre complet")))
    assert "Restauration, périscolaire et facturation aux familles" in " ".join(texte.split())
    assert VersionTraitement.objects.get().empreinte[:8] in texte.replace(" ", "")
    page.goto(f"/c/{collectivite.siren}/registre/")
    page.get_by_text("Exporter", exact=True).click()
    ods = telecharger(page, page.get_by_role("link", name="Classeur au format CNIL"))
    classeur = CalamineWorkbook.from_filelike(io.BytesIO(ods))
    cellules = {
        str(c)
        for feuille in classeur.sheet_names
        for ligne in classeur.get_sheet_by_name(feuille).to_python()
        for c in ligne
    }
    assert any("Restauration, périscolaire" in c for c in cellules)
    page.goto(f"/c/{collectivite.siren}/registre/1/historique/")
    verifier(page, "historique")


def test_tout_se_fait_sans_javascript(bibliotheque, collectivite, referent, entrer):
    page = entrer(referent, java_script_enabled=False)
    page.goto(f"/c/{collectivite.siren}/registre/nouvelle/")
    page.get_by_label("Comment appelez-vous ce fichier").fill("Location de la salle")
    page.get_by_role("button", name="Commencer").click()
    page.locator("[name='f-1-libelle']").fill("Louer la salle des fêtes")
    page.locator("[name='f-1-base_legale']").select_option("b")
    continuer(page)
    assert VersionTraitement.objects.get().contenu["finalites"][0]["libelle"] == "Louer la salle des fêtes"
    page.get_by_role("button", name="Finir plus tard").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Location de la salle")


def test_une_seconde_ligne_du_meme_genre_recoit_le_focus(
    bibliotheque, collectivite, referent, brouillon_vide, entrer, verifier
):
    page = entrer(referent)
    page.goto(f"/c/{collectivite.siren}/registre/1/etape/3/")
    verifier(page, "etape-3-vide")
    assert page.locator("[name='d-sante-1-coche']").is_hidden()
    famille = page.locator("details.famille", has_text="Données très protégées")
    famille.locator("> summary").focus()
    page.keyboard.press("Enter")
    expect(famille).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("[name='d-sante-1-coche']")).to_be_checked()
    expect(page.locator("#enregistrement")).to_contain_text("Enregistré à")
    for dit in ("Enregistré à", "Fiche complète à"):
        expect(page.locator("#annonce")).to_contain_text(dit)
    expect(page.locator("#enregistrement")).not_to_have_attribute("role", "status")  # lu une seule fois
    page.get_by_role("checkbox", name="Coordonnées (adresse, téléphone, mél)").check()
    premiere = page.locator("#d-coordonnees")
    premiere.get_by_text("Préciser", exact=False).first.click()
    premiere.get_by_role("button", name="Ajouter une ligne du même genre").click()
    seconde = page.locator("#d-coordonnees-2")
    expect(seconde).to_be_focused()
    expect(seconde).to_be_in_viewport()
    assert page.locator("#d-coordonnees + .choix__carte").get_attribute("id") == "d-coordonnees-2"
    page.keyboard.press("Tab")
    expect(page.locator("[name='d-coordonnees-2-coche']")).to_be_focused()
    verifier(page, "etape-3-seconde-ligne")


def test_agir_sur_plusieurs_fiches_avec_et_sans_javascript(collectivite, referent, brouillon_vide, entrer):
    for options in ({}, {"java_script_enabled": False}):
        page = entrer(referent, **options)
        page.goto(f"/c/{collectivite.siren}/registre/")
        page.get_by_role("button", name="Marquer relues").click()
        expect(page.locator("#agir")).to_contain_text("Rien n’est coché")
        expect(page.locator("#agir")).to_be_focused()
        page.get_by_role("link", name="Tout cocher").click()
        expect(page.get_by_label("Choisir la fiche Comité de jumelage")).to_be_checked()
        page.get_by_role("link", name="Tout décocher").click()
        expect(page.get_by_label("Choisir la fiche Comité de jumelage")).not_to_be_checked()
