"""L’annuaire à l’écran : qui le lit, qui le tient, et ce qu’il ne dit pas."""

import json
from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise

import openpyxl
import pytest
from django.urls import reverse

from dpd.comptes.models import JournalAcces
from dpd.documents.reponse import FORMATS
from subtraitance.actions.annuaire import proposer_prestataire
from subtraitance.actions.annuaire_lignes import ajouter_certification
from subtraitance.annuaire_lu import chaine
from subtraitance.annuaire_pays import lieu_dit
from subtraitance.enums import EtatFiche
from subtraitance.models import Certification, SousTraitant
from tests.pieces.fabriques import HTML, PDF, fichier
from tests.subtraitance.fabriques_annuaire import (
    LUNDI,
    SIREN,
    ajouter_sous_traitant,
    creer_fiche,
    noter_contrat,
    noter_logiciel,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine):
    time_machine.move_to(LUNDI, tick=False)


@pytest.fixture
def fiche(structure, dpd):
    return creer_fiche(structure, dpd, siren=SIREN)


def adresse(fiche, nom="fiche_annuaire", *suite, **query):
    return reverse(f"subtraitance:{nom}", args=[fiche.structure.siren, fiche.pk, *suite], query=query or None)


def liste(structure, nom="annuaire", *suite, **query):
    return reverse(f"subtraitance:{nom}", args=[structure.siren, *suite], query=query or None)


def noms(reponse):
    return [ligne.fiche.nom for ligne in reponse.context["lignes"]]


def erreurs(reponse):
    return reponse.context["formulaire"].errors


def test_l_annuaire_vide_explique_ce_qu_il_est(connecte, dpd, structure):
    reponse = connecte(dpd).get(liste(structure))
    assert "L’annuaire est vide" in reponse.text
    assert "Créer la fiche de la structure" in reponse.text


@pytest.mark.parametrize(
    ("query", "attendus"),
    [
        ({}, ["Garonne", "Hébergeur", "Logi-Quercy"]),
        ({"q": "quercy logi"}, ["Logi-Quercy"]),
        ({"q": "552 100"}, ["Logi-Quercy"]),
        ({"q": "famil"}, ["Logi-Quercy"]),
        ({"etat": "proposee"}, ["Garonne"]),
        ({"type": "hebergeur"}, ["Hébergeur"]),
        ({"pays": "US"}, ["Hébergeur"]),
        ({"etat": "fusionnee", "type": "x", "pays": "??"}, ["Garonne", "Hébergeur", "Logi-Quercy"]),
        ({"q": "introuvable"}, []),
    ],
)
def test_la_liste_se_filtre(connecte, structure, dpd, referent, fiche, query, attendus):
    noter_logiciel(fiche, dpd)
    creer_fiche(structure, dpd, "Hébergeur", type="hebergeur", hebergement_pays="US")
    proposer_prestataire(structure=structure, nom="Garonne", auteur=referent, maintenant=LUNDI)
    assert noms(connecte(dpd).get(liste(structure, **query))) == attendus


def test_un_filtre_ne_renvoie_que_le_tableau_a_htmx(connecte, structure, dpd, fiche):
    reponse = connecte(dpd).get(liste(structure), headers={"HX-Request": "true"})
    assert reponse.text.lstrip().startswith('<div id="resultats">')


@pytest.mark.parametrize("qui", ["gestionnaire", "agent"])
def test_seul_le_dpd_voit_quelles_collectivites_sont_liees(
    connecte, request, structure, collectivite, referent, dpd, qui
):
    fiche = proposer_prestataire(
        structure=structure, nom="Garonne", collectivite=collectivite, auteur=referent, maintenant=LUNDI
    )
    noter_contrat(collectivite, fiche, referent, objet="Objet très secret")
    client = connecte(request.getfixturevalue(qui))
    page, tableau = client.get(adresse(fiche)).text, client.get(liste(structure))
    export = b"".join(client.get(liste(structure, "exporter_annuaire", "json")).streaming_content).decode()
    for texte in (page, tableau.text, export):
        assert not [mot for mot in ("Montpezat", "Delmas", "très secret") if mot in texte]
    assert "1 collectivité liée" in page
    assert [ligne.fiche.liees for ligne in tableau.context["lignes"]] == [1]
    du_dpd = connecte(dpd).get(adresse(fiche)).text
    assert all(mot in du_dpd for mot in ("Montpezat", "Sylvie Delmas", "Objet très secret"))


def test_la_chaine_se_lit_jusqu_au_bout_sans_tourner_en_rond(
    connecte, structure, dpd, fiche, django_assert_num_queries
):
    maillons = [fiche, *(creer_fiche(structure, dpd, f"Rang {rang}") for rang in range(1, 41))]
    for donneur, suivant in pairwise(maillons):
        ajouter_sous_traitant(donneur, suivant, dpd)
    ajouter_sous_traitant(maillons[-1], fiche, dpd)
    with django_assert_num_queries(1):
        lue = chaine(fiche)
    assert [m.rang for m in lue] == list(range(1, 42))
    assert lue[2].chemin == ("Logi-Quercy", "Rang 1", "Rang 2")
    assert (lue[-1].lien.ulterieur, lue[-1].deja) == (fiche, True)
    assert "Déjà dans la chaîne" in connecte(dpd).get(adresse(fiche)).text


def test_un_prestataire_appele_deux_fois_ne_se_deplie_qu_une(structure, dpd, fiche):
    a, b, c, d = (creer_fiche(structure, dpd, nom) for nom in "ABCD")
    for donneur, suivant in ((fiche, a), (fiche, b), (a, c), (b, c), (c, d)):
        ajouter_sous_traitant(donneur, suivant, dpd)
    lus = [(m.lien.ulterieur.nom, m.rang, m.deja) for m in chaine(fiche)]
    assert lus == [("A", 1, False), ("C", 2, False), ("D", 3, False), ("B", 1, False), ("C", 2, True)]


def test_une_certification_expiree_se_voit(connecte, dpd, fiche):
    for nom, expire in (("Ancienne", date(2026, 11, 22)), ("Vague", None), ("Valable", date(2026, 11, 23))):
        ajouter_certification(fiche=fiche, nom=nom, expire_le=expire, auteur=dpd, maintenant=LUNDI)
    vues = connecte(dpd).get(adresse(fiche)).context["vue"].certifications
    assert [(v.certification.nom, v.etat.libelle) for v in vues] == [
        ("Vague", "Sans terme connu"),
        ("Valable", "Valable"),
        ("Ancienne", "Expirée"),
    ]


def test_le_formulaire_dit_d_avance_combien_seront_prevenues(connecte, collectivite, referent, dpd, fiche):
    assert "personne ne sera prévenu" in connecte(dpd).get(adresse(fiche, "modifier_prestataire")).text
    noter_contrat(collectivite, fiche, referent)
    autre = creer_fiche(fiche.structure, dpd, "Hébergeur")
    lien = ajouter_sous_traitant(fiche, autre, dpd)
    certification = ajouter_certification(fiche=fiche, nom="HDS", auteur=dpd, maintenant=LUNDI)
    for nom, suite in (
        ("modifier_prestataire", ()),
        ("ajouter_ulterieur", ()),
        ("retirer_ulterieur", (lien.pk,)),
        ("retirer_certification", (certification.pk,)),
    ):
        page = connecte(dpd).get(adresse(fiche, nom, *suite)).text
        assert "1\u00a0collectivité en sera prévenue aussitôt" in page


def test_modifier_dit_combien_sont_prevenues_et_la_fiche_en_garde_la_trace(
    connecte, collectivite, referent, dpd, fiche
):
    noter_contrat(collectivite, fiche, referent)
    envoi = {"nom": "Logi-Quercy", "siren": SIREN, "hebergement": "Dublin", "hebergement_pays": "IE"}
    page = connecte(dpd).post(adresse(fiche, "modifier_prestataire"), envoi, follow=True)
    assert "1\u00a0collectivité est prévenue" in page.text
    assert [trace.collectivites for trace in page.context["annonces"]] == [1]
    derniers = page.context["evenements"][0].changements
    assert ("Pays d’hébergement", "France", "Irlande") in [(c.champ, c.avant, c.apres) for c in derniers]


def test_une_fiche_refusee_garde_sa_saisie(connecte, structure, dpd, fiche):
    envoi = {"nom": "Autre", "siren": SIREN, "telephone": "05 63 00 00 00"}
    reponse = connecte(dpd).post(liste(structure, "creer_prestataire"), envoi)
    assert "déjà dans l’annuaire" in erreurs(reponse)["siren"][0]
    assert "05 63 00 00 00" in reponse.text
    reponse = connecte(dpd).post(liste(structure, "creer_prestataire"), {"siren": "123"})
    assert set(erreurs(reponse)) == {"nom", "siren"}
    connecte(dpd).post(liste(structure, "creer_prestataire"), {"nom": "Autre"})
    assert SousTraitant.objects.get(nom="Autre").etat == EtatFiche.VERIFIEE


def test_verifier_et_inscrire_la_structure_en_un_clic(connecte, structure, dpd, referent):
    fiche = proposer_prestataire(structure=structure, nom="Garonne", auteur=referent, maintenant=LUNDI)
    connecte(dpd).post(adresse(fiche, "verifier_prestataire"))
    fiche.refresh_from_db()
    assert fiche.etat == EtatFiche.VERIFIEE
    page = connecte(dpd).post(liste(structure, "inscrire_la_structure"), follow=True)
    assert page.context["fiche"].est_la_structure


def test_logiciels_certifications_et_sous_traitants_se_tiennent_a_l_ecran(connecte, structure, dpd, fiche):
    autre = creer_fiche(structure, dpd, "Hébergeur")
    client = connecte(dpd)
    assert set(erreurs(client.post(adresse(fiche, "ajouter_logiciel")))) == {"nom"}
    client.post(adresse(fiche, "ajouter_logiciel"), {"nom": "Familia"})
    piege = {"nom": "HDS", "fichier": fichier(octets=HTML)}
    assert set(erreurs(client.post(adresse(fiche, "ajouter_certification"), piege))) == {"fichier"}
    client.post(adresse(fiche, "ajouter_certification"), {"nom": "HDS", "fichier": fichier()})
    client.post(adresse(fiche, "ajouter_ulterieur"), {"ulterieur": autre.pk, "activite": "Serveurs"})
    vue = client.get(adresse(fiche)).context["vue"]
    assert [str(x) for x in vue.logiciels] == ["Familia"]
    assert [m.lien.activite for m in vue.chaine] == ["Serveurs"]
    certification = vue.certifications[0].certification
    lu = client.get(adresse(fiche, "justificatif_structure", certification.pk))
    assert b"".join(lu.streaming_content) == PDF
    for nom, ligne in (
        ("retirer_logiciel", vue.logiciels[0]),
        ("retirer_certification", certification),
        ("retirer_ulterieur", vue.chaine[0].lien),
    ):
        assert client.post(adresse(fiche, nom, ligne.pk), {"confirme": "True"}).status_code == 302
        assert client.get(adresse(fiche, nom, ligne.pk)).status_code == 404
    vue = client.get(adresse(fiche)).context["vue"]
    assert [*vue.logiciels, *vue.certifications, *vue.chaine] == []
    assert client.get(adresse(fiche, "justificatif_structure", certification.pk)).status_code == 404


def test_reunir_deux_fiches_mene_a_celle_qui_reste(connecte, structure, dpd, fiche):
    double = creer_fiche(structure, dpd, "Logi Quercy SARL")
    client = connecte(dpd)
    assert f'value="{double.pk}" selected' in client.get(adresse(fiche, "fusionner", avec=double.pk)).text
    assert set(erreurs(client.post(adresse(fiche, "fusionner"), {"absorber": fiche.pk}))) == {"absorber"}
    client.post(adresse(fiche, "fusionner"), {"absorber": double.pk})
    assert client.get(adresse(double)).url == adresse(fiche)
    assert client.get(adresse(double, "modifier_prestataire")).status_code == 404
    assert noms(client.get(liste(structure))) == ["Logi-Quercy"]


@pytest.mark.parametrize("format", FORMATS)
def test_l_annuaire_s_exporte_dans_tous_les_formats(connecte, structure, collectivite, dpd, fiche, format):
    noter_logiciel(fiche, dpd)
    noter_contrat(collectivite, fiche, dpd)
    ajouter_certification(fiche=fiche, nom="HDS", expire_le=date(2026, 1, 1), auteur=dpd, maintenant=LUNDI)
    ajouter_certification(fiche=fiche, nom="ISO", auteur=dpd, maintenant=LUNDI)
    reponse = connecte(dpd).get(liste(structure, "exporter_annuaire", format))
    contenu = b"".join(reponse.streaming_content)
    assert reponse["Content-Disposition"].startswith("attachment")
    assert JournalAcces.objects.filter(detail__startswith="annuaire des prestataires").count() == 1
    if format == "json":
        (lu,) = json.loads(contenu)["enregistrements"]
        assert (lu["Logiciels"], lu["Collectivités liées"]) == ("Familia", "1")
        attendu = "HDS, expirée le 1er\u00a0janv. 2026; ISO, sans terme connu"
        assert lu["Certifications"] == attendu
    if format == "xlsx":
        feuille = openpyxl.load_workbook(BytesIO(contenu))["Prestataires"]
        assert "Logi-Quercy" in {cellule.value for ligne in feuille for cellule in ligne}


@pytest.mark.parametrize(
    ("lieu", "code", "dit"),
    [
        ("Roubaix", "FR", "Roubaix, France"),
        ("Centre de données, France", "FR", "Centre de données, France"),
        ("", "US", "États-Unis"),
        ("Ailleurs", "", "Ailleurs"),
        ("", "", ""),
    ],
)
def test_un_lieu_se_dit_sans_repeter_son_pays(lieu, code, dit):
    assert lieu_dit(lieu, code) == dit


def test_les_fiches_du_meme_nom_se_proposent_au_dpd(connecte, structure, dpd, fiche):
    double = creer_fiche(structure, dpd, "Logi Quercy SARL")
    court = creer_fiche(structure, dpd, "LQ")
    client = connecte(dpd)
    assert client.get(adresse(fiche)).context["homonymes"] == [double]
    assert client.get(adresse(court)).context["homonymes"] == []


def test_un_format_inconnu_n_existe_pas(connecte, structure, dpd):
    assert connecte(dpd).get(liste(structure, "exporter_annuaire", "exe")).status_code == 404


def test_une_certification_dont_la_piece_manque_n_a_pas_de_lien(connecte, dpd, fiche):
    sans = ajouter_certification(fiche=fiche, nom="HDS", auteur=dpd, maintenant=LUNDI)
    assert connecte(dpd).get(adresse(fiche, "justificatif_structure", sans.pk)).status_code == 404
    assert Certification.objects.get().piece is None


def test_une_fiche_ancienne_montre_ses_cinquante_derniers_changements(connecte, dpd, fiche):
    for jour in range(60):
        noter_logiciel(fiche, dpd, f"Logiciel {jour}", LUNDI + timedelta(minutes=jour))
    evenements = connecte(dpd).get(adresse(fiche)).context["evenements"]
    assert len(evenements) == 50
    assert evenements[0].quoi == "Logiciel ajouté\u00a0: Logiciel 59"
