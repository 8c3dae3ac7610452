"""Le registre 30-2 qui sort : les lettres a à d dans chaque format, et rien de plus."""

import csv
import json
from datetime import date
from io import BytesIO, StringIO

import pikepdf
import pytest
from django.urls import reverse

from dpd.comptes.models import JournalAcces
from dpd.documents.lecteur import lire as lire_classeur
from dpd.documents.reponse import FORMATS
from subtraitance.actions.article_30_2 import arreter_activite, retirer_responsables
from subtraitance.exports.article_30_2 import COLONNES, SANS_RESPONSABLE, VIDE, registre_en_document
from subtraitance.registre_30_2_lu import AUCUN_TRANSFERT
from tests.documents.lecture_pdf import Arbre
from tests.subtraitance.fabriques_s1 import (
    CATEGORIES,
    JOUR,
    LUNDI,
    SECURITE,
    activite_d_essai,
    creer_fiche,
    servir,
)

pytestmark = pytest.mark.django_db
TITRES = [titre for titre, _ in COLONNES]
# Ce que demande l’article 30-1 d’un responsable, et que le 30-2 ne demande pas à un sous-traitant.
DE_TROP = (
    "finalit",
    "durée",
    "conservation",
    "depuis",
    "base légale",
    "personnes concernées",
    "destinataire",
)


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def registre(structure, dpd, collectivite, voisine):
    """Deux activités pour trois responsables, une qui n’en a plus, une arrêtée."""
    editeur = creer_fiche(structure, "Éditeur", siren="732829320", courriel="contact@editeur.example")
    assistance = activite_d_essai(structure, dpd, sous_traitants=[editeur], debut=date(2020, 1, 1))
    servir(assistance, dpd, collectivite, voisine)
    certificats = activite_d_essai(structure, dpd, "Certificats", transferts="Suisse, décision d’adéquation.")
    servir(certificats, dpd, collectivite)
    seule = activite_d_essai(structure, dpd, "Seule")
    retires = servir(seule, dpd, voisine).nouveaux
    retirer_responsables(activite=seule, responsables=retires, jusqu_au=JOUR, auteur=dpd, maintenant=LUNDI)
    finie = activite_d_essai(structure, dpd, "Finie")
    servir(finie, dpd, collectivite)
    arreter_activite(activite=finie, fin=JOUR, auteur=dpd, maintenant=LUNDI)
    return structure


def octets(reponse) -> bytes:
    assert reponse.status_code == 200
    return b"".join(reponse.streaming_content)


def lire(client, structure, format) -> bytes:
    return octets(client.get(reverse("subtraitance:exporter_registre_30_2", args=[structure.siren, format])))


def du_csv(contenu: bytes) -> list[list[str]]:
    lignes = list(csv.reader(StringIO(contenu.decode("utf-8-sig")), delimiter=";"))
    return lignes[lignes.index([]) + 1 :]


def textes_pdf(contenu: bytes) -> str:
    with pikepdf.open(BytesIO(contenu)) as pdf:
        return " ".join(texte for _, _, texte, _ in Arbre(pdf).noeuds)


def test_les_colonnes_du_tableau_sont_les_lettres_a_a_d(connecte, gestionnaire, registre):
    lignes = du_csv(lire(connecte(gestionnaire), registre, "csv"))
    assert lignes[0] == TITRES
    assert [titre[:2] for titre in lignes[0]] == ["a)"] * 9 + ["b)", "c)", "d)"]
    assert not [titre for titre in TITRES for mot in DE_TROP if mot in titre.lower()]
    par_responsable = [(ligne[4], ligne[9].partition("\u00a0:")[0], ligne[10]) for ligne in lignes[1:]]
    assert par_responsable == [
        ("Commune de Montpezat-de-Quercy", "Assistance aux logiciels", AUCUN_TRANSFERT),
        ("Commune de Septfonds", "Assistance aux logiciels", AUCUN_TRANSFERT),
        ("Commune de Montpezat-de-Quercy", "Certificats", "Suisse, décision d’adéquation."),
        (SANS_RESPONSABLE, "Seule", AUCUN_TRANSFERT),
    ]
    assert {ligne[0] for ligne in lignes[1:]} == {registre.nom}
    assert {ligne[11] for ligne in lignes[1:]} == {SECURITE}
    assert "Éditeur, 732829320, contact@editeur.example" in lignes[1][3]


@pytest.mark.parametrize("format", ["xlsx", "ods"])
def test_les_classeurs_disent_la_meme_chose_que_le_csv(connecte, dpd, registre, format):
    client = connecte(dpd)
    attendues = du_csv(lire(client, registre, "csv"))
    classeur = lire_classeur(f"registre.{format}", lire(client, registre, format))
    lignes = next(feuille.lignes for feuille in classeur.feuilles if feuille.nom == "Article 30-2")
    assert [list(ligne) for ligne in lignes] == attendues


def test_le_json_n_a_que_les_cles_a_b_c_d(connecte, agent, registre, structure):
    recu = json.loads(lire(connecte(agent), registre, "json"))
    assert recu["document"]["meta"] == {"schema": "registre-art30-2/1"}
    assert [set(entree) for entree in recu["enregistrements"]] == [{"a", "b", "c", "d"}] * 3
    premiere = recu["enregistrements"][0]
    assert set(premiere["a"]) == {"sous_traitant", "autres_sous_traitants", "responsables"}
    assert premiere["b"] == {"nom": "Assistance aux logiciels", "categories": CATEGORIES}
    acteurs = [premiere["a"]["sous_traitant"], *premiere["a"]["responsables"]]
    assert {cle for acteur in acteurs for cle in acteur} == {
        *("nom", "siren", "coordonnees", "representant", "dpd"),
    }
    lui, montpezat = acteurs[0], acteurs[1]
    assert (lui["nom"], lui["coordonnees"]) == (structure.nom, structure.adresse)
    assert lui["dpd"] == "Nadège Roucoules, dpd@cdg.example, 05 36 49 12 34"
    assert montpezat["coordonnees"] == "Place de la Mairie, mairie@montpezat-de-quercy.example"
    assert montpezat["representant"] == "Bernard Lacaze, maire"
    assert montpezat["dpd"] == "Nadège Roucoules, dpd@cdg.example"


def test_le_pdf_porte_les_lettres_en_marge_et_rien_de_plus(connecte, dpd, registre):
    contenu = textes_pdf(lire(connecte(dpd), registre, "pdf"))
    for attendu in ("Assistance aux logiciels", "Certificats", "Seule", SANS_RESPONSABLE, SECURITE):
        assert attendu in contenu
    assert "Finie" not in contenu
    document = registre_en_document(registre, maintenant=LUNDI)
    for fiche in document.fiches():
        assert [section.repere for section in fiche.sections] == ["a", "a", "b", "c", "d"]
        rubriques = [section.titre.lower() for section in fiche.sections]
        assert not [rubrique for rubrique in rubriques for mot in DE_TROP if mot in rubrique]


@pytest.mark.parametrize("format", FORMATS)
def test_chaque_format_sort_et_se_note_au_journal(connecte, dpd, registre, format):
    assert lire(connecte(dpd), registre, format)
    trace = JournalAcces.objects.get(nature="export")
    assert (trace.structure, trace.utilisateur) == (registre, dpd)
    assert "registre de l’article 30-2" in trace.detail


@pytest.mark.parametrize("format", FORMATS)
def test_un_registre_vide_le_dit_dans_chaque_format(connecte, dpd, structure, format):
    contenu = lire(connecte(dpd), structure, format)
    if format == "csv":
        assert du_csv(contenu)[1][9] == VIDE
    if format == "pdf":
        assert VIDE in textes_pdf(contenu)
    if format == "json":
        assert json.loads(contenu)["enregistrements"] == []


def test_un_format_inconnu_n_existe_pas(connecte, dpd, registre):
    adresse = reverse("subtraitance:exporter_registre_30_2", args=[registre.siren, "docx"])
    assert connecte(dpd).get(adresse).status_code == 404


def test_l_empreinte_ne_depend_que_du_contenu(registre, dpd):
    premiere = registre_en_document(registre, maintenant=LUNDI).entete
    assert (
        premiere.empreinte
        == registre_en_document(registre, maintenant=LUNDI.replace(hour=12)).entete.empreinte
    )
    assert premiere.version == "3\u00a0activités, 2\u00a0responsables servis"
    activite_d_essai(registre, dpd, "Neuve")
    assert premiere.empreinte != registre_en_document(registre, maintenant=LUNDI).entete.empreinte


def fiche(client, collectivite, *format):
    nom = "exporter_fiche_30_2" if format else "fiche_30_2"
    return client.get(reverse(f"subtraitance:{nom}", args=[collectivite.siren, *format]))


def test_la_fiche_d_une_collectivite_ne_dit_que_ce_qui_la_concerne(
    connecte, referent, registre, collectivite
):
    client = connecte(referent)
    recu = json.loads(octets(fiche(client, collectivite, "json")))
    assert [entree["b"]["nom"] for entree in recu["enregistrements"]] == [
        *("Assistance aux logiciels", "Certificats"),
    ]
    responsables = [r["nom"] for entree in recu["enregistrements"] for r in entree["a"]["responsables"]]
    assert set(responsables) == {"Commune de Montpezat-de-Quercy"}
    assert recu["document"]["nature"] == "Fiche communiquée à Commune de Montpezat-de-Quercy"
    assert "Septfonds" not in textes_pdf(octets(fiche(client, collectivite)))
    traces = JournalAcces.objects.filter(nature="export", collectivite=collectivite)
    assert {t.detail for t in traces} == {"fiche de l’article 30-2, JSON", "fiche de l’article 30-2, PDF"}


@pytest.mark.parametrize(
    ("qui", "statut"),
    [
        ("referent", 200),
        ("lecteur", 200),
        ("dpd", 200),
        ("gestionnaire", 403),
        ("agent", 403),
        ("etranger", 404),
    ],
)
def test_qui_lit_la_fiche_d_une_collectivite(connecte, registre, collectivite, qui, statut, request):
    assert fiche(connecte(request.getfixturevalue(qui)), collectivite).status_code == statut
