"""Les prestataires d’une collectivité : ses contrats, l’annuaire où les choisir, ses décisions."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse

from dpd.comptes.models import JournalAcces
from dpd.documents.reponse import FORMATS
from subtraitance.actions.annuaire_fiche import inscrire_la_structure, modifier_prestataire
from subtraitance.actions.annuaire_fusion import fusionner
from subtraitance.actions.annuaire_lignes import ajouter_certification
from subtraitance.enums import EtatFiche
from subtraitance.models import Autorisation, SousTraitant
from tests.pieces.fabriques import HTML, PDF, fichier
from tests.subtraitance.fabriques_annuaire import (
    LUNDI,
    SIREN,
    ajouter_sous_traitant,
    creer_fiche,
    lire_tout,
    noter_contrat,
    noter_logiciel,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine):
    time_machine.move_to(LUNDI, tick=False)


@pytest.fixture
def fiche(structure, dpd):
    return creer_fiche(structure, dpd)


def adresse(collectivite, nom="prestataires", *suite, **query):
    return reverse(f"subtraitance:{nom}", args=[collectivite.siren, *suite], query=query or None)


def erreurs(reponse):
    return reponse.context["formulaire"].errors


@pytest.fixture
def demande(structure, collectivite, fiche, referent, decideur, dpd):
    noter_contrat(collectivite, fiche, referent)
    ajouter_sous_traitant(fiche, creer_fiche(structure, dpd, "Hébergeur"), dpd, garanties="Lyon")
    return Autorisation.objects.get()


def test_sans_contrat_la_page_apprend_ce_que_c_est(connecte, referent, lecteur, collectivite):
    page = connecte(referent).get(adresse(collectivite)).text
    assert "Aucun contrat noté" in page
    assert adresse(collectivite, "proposer") in page
    assert adresse(collectivite, "proposer") not in connecte(lecteur).get(adresse(collectivite)).text


def test_la_liste_dit_ce_qui_manque_et_ce_qui_presse(connecte, collectivite, fiche, referent, demande):
    contrat = demande.contrat
    lire_tout(contrat, referent, sauf={"aipd", "audits", "sort"})
    noter_contrat(collectivite, fiche, referent, objet="Site", fin=date(2026, 12, 1))
    page = connecte(referent).get(adresse(collectivite))
    assert [ligne.etat_28.libelle for ligne in page.context["lignes"]] == [
        "Clauses à vérifier",
        "3\u00a0clauses manquent",
    ]
    assert page.context["lignes"][0].terme.etat.libelle == "Terme proche"
    for phrase in ("1 contrat attend une décision", "1 contrat à renouveler ou à clore"):
        assert phrase in " ".join(page.text.replace("\u202f", " ").split()).replace("</strong>", "")
    assert 'href="?etat=decision">Voir lequel</a>' in page.text
    page = connecte(referent).get(adresse(collectivite, etat="decision"))
    assert [ligne.contrat for ligne in page.context["lignes"]] == [contrat]


def test_la_structure_se_propose_comme_prestataire(connecte, structure, collectivite, referent, dpd):
    fiche = inscrire_la_structure(structure=structure, auteur=dpd, maintenant=LUNDI)
    lien = reverse("registre:nouveau_contrat", args=[collectivite.siren, fiche.pk])
    assert lien in connecte(referent).get(adresse(collectivite)).text
    noter_contrat(collectivite, fiche, referent)
    assert lien not in connecte(referent).get(adresse(collectivite)).text
    page = connecte(referent).get(adresse(collectivite, "prestataire", fiche.pk)).text
    assert "Votre structure est aussi votre prestataire" in page


def test_on_cherche_avant_de_proposer(connecte, collectivite, referent, dpd, fiche):
    noter_logiciel(fiche, dpd)
    client = connecte(referent)
    assert "proposez sa fiche" not in client.get(adresse(collectivite, "proposer")).text
    page = client.get(adresse(collectivite, "proposer", q="familia"))
    assert [ligne.fiche for ligne in page.context["lignes"]] == [fiche]
    page = client.get(adresse(collectivite, "proposer", q="garonne"))
    assert "n’est pas dans l’annuaire" in page.text
    assert page.context["formulaire"]["nom"].value() == "garonne"


def test_proposer_mene_au_contrat(connecte, collectivite, referent):
    client = connecte(referent)
    envoi = {"nom": "Garonne", "siren": "552 100 554", "type": "hebergeur"}
    reponse = client.post(adresse(collectivite, "proposer"), envoi)
    fiche = SousTraitant.objects.get()
    assert reponse.url == reverse("registre:nouveau_contrat", args=[collectivite.siren, fiche.pk])
    assert (fiche.etat, fiche.proposee_pour, fiche.siren) == (EtatFiche.PROPOSEE, collectivite, SIREN)
    client.post(adresse(collectivite, "proposer"), envoi)
    assert SousTraitant.objects.count() == 1
    sans_lettre = client.post(adresse(collectivite, "proposer"), {"nom": " - "})
    assert list(erreurs(sans_lettre)) == ["nom"]
    refus = client.post(adresse(collectivite, "proposer"), {"nom": " ", "siren": "1", "type": "hebergeur"})
    assert set(erreurs(refus)) == {"nom", "siren"}


def test_la_fiche_dit_tout_du_prestataire_et_rien_des_autres(
    connecte, structure, collectivite, voisine, fiche, referent, dpd, demande
):
    noter_contrat(voisine, fiche, dpd, objet="Contrat de la voisine")
    certification = ajouter_certification(
        fiche=fiche, nom="HDS", fichier=fichier(), auteur=dpd, maintenant=LUNDI
    )
    modifier_prestataire(fiche=fiche, dpd_nom="Cabinet", auteur=dpd, maintenant=LUNDI + timedelta(minutes=1))
    client = connecte(referent)
    page = client.get(adresse(collectivite, "prestataire", fiche.pk))
    for mot in ("Toulouse, France", "HDS", "Hébergeur", "Logiciel de paie", "Cabinet", "Décision attendue"):
        assert mot in page.text
    for mot in ("Septfonds", "Contrat de la voisine", "Nadège"):
        assert mot not in page.text
    assert "Son délégué à la protection des données change" in page.context["annonces"][0].sujet
    lu = client.get(adresse(collectivite, "justificatif", fiche.pk, certification.pk))
    assert b"".join(lu.streaming_content) == PDF
    assert JournalAcces.objects.filter(collectivite=collectivite, detail__contains="pièce").exists()


def test_une_fiche_reunie_mene_a_celle_qui_la_remplace(
    connecte, structure, collectivite, referent, dpd, fiche
):
    double = creer_fiche(structure, dpd, "Logi Quercy SARL")
    fusionner(garder=fiche, absorber=double, auteur=dpd, maintenant=LUNDI)
    client = connecte(referent)
    reponse = client.get(adresse(collectivite, "prestataire", double.pk))
    assert reponse.url == adresse(collectivite, "prestataire", fiche.pk)
    nouveau = reverse("registre:nouveau_contrat", args=[collectivite.siren, double.pk])
    assert client.get(nouveau).url == nouveau.replace(f"/{double.pk}/", f"/{fiche.pk}/")


@pytest.mark.parametrize("format", FORMATS)
def test_le_registre_des_contrats_s_exporte_dans_tous_les_formats(
    connecte, collectivite, voisine, fiche, referent, dpd, demande, format
):
    noter_contrat(voisine, fiche, dpd, objet="Contrat de la voisine")
    lire_tout(demande.contrat, referent, sauf={"audits"})
    reponse = connecte(referent).get(adresse(collectivite, "exporter_contrats", format))
    contenu = b"".join(reponse.streaming_content)
    assert "voisine" not in contenu.decode("utf-8", "ignore")
    if format == "json":
        (lu,) = json.loads(contenu)["enregistrements"]
        assert (lu["Clauses manquantes"], lu["Début"]) == ("Audits et inspections", "1er\u00a0janv. 2025")
        assert lu["Autorisations"] == "Hébergeur\u00a0: décision attendue"


def test_un_registre_vide_s_exporte_et_un_format_inconnu_non(connecte, collectivite, referent):
    client = connecte(referent)
    vide = b"".join(client.get(adresse(collectivite, "exporter_contrats", "csv")).streaming_content)
    assert "Aucun contrat" in vide.decode("utf-8-sig")
    assert client.get(adresse(collectivite, "exporter_contrats", "pdf")).status_code == 200
    assert client.get(adresse(collectivite, "exporter_contrats", "exe")).status_code == 404


@pytest.mark.parametrize("qui", ["referent", "lecteur", "dpd"])
def test_tous_lisent_la_demande_le_decideur_seul_repond(connecte, request, collectivite, demande, qui):
    client = connecte(request.getfixturevalue(qui))
    page = client.get(adresse(collectivite, "autorisation", demande.pk))
    assert "Lyon" in page.text
    assert page.context["formulaire"] is None
    refus = client.post(adresse(collectivite, "autorisation", demande.pk), {"decision": "autorisee"})
    assert refus.status_code == 403


def test_le_responsable_refuse_en_disant_pourquoi(connecte, collectivite, demande, decideur):
    client, page = connecte(decideur), adresse(collectivite, "autorisation", demande.pk)
    for envoi, champ in (
        ({}, "decision"),
        ({"decision": "silence"}, "decision"),
        ({"decision": "refusee"}, "motif"),
        ({"decision": "refusee", "motif": "x", "fichier": fichier(octets=HTML)}, "fichier"),
    ):
        assert list(erreurs(client.post(page, envoi))) == [champ]
    envoi = {"decision": "refusee", "motif": "Données hors de France", "fichier": fichier()}
    lue = client.post(page, envoi, follow=True)
    assert "Données hors de France" in lue.text
    assert lue.context["formulaire"] is None
    assert "convention.pdf" in lue.text


def test_la_decision_se_redemande_en_un_clic(connecte, collectivite, demande, referent, decideur, lecteur):
    lien = [demande.contrat_id, demande.ulterieur_id]
    client = connecte(referent)
    encore = client.post(adresse(collectivite, "demander_autorisation", *lien))
    assert encore.url == adresse(collectivite, "autorisation", demande.pk)
    ailleurs = client.post(adresse(collectivite, "demander_autorisation", demande.contrat_id, 999))
    assert ailleurs.status_code == 404
    demande.ulterieur.retire_le = LUNDI
    demande.ulterieur.enregistrer(auteur=None, maintenant=LUNDI, raison="x")
    page = client.post(adresse(collectivite, "demander_autorisation", *lien), follow=True)
    assert "ne travaille pas pour ce prestataire" in page.text
    refus = connecte(lecteur).post(adresse(collectivite, "demander_autorisation", *lien))
    assert refus.status_code == 403
