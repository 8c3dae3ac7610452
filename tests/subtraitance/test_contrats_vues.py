"""Le contrat à l’écran : le noter, en lire les clauses sur son texte, y rattacher des fiches, le clore."""

import re
import zipfile
from io import BytesIO

import pytest
from django.urls import reverse

from dpd.comptes.models import JournalAcces
from dpd.pilotage.demonstration.sous_traitance import ANNEXE as FICHIER
from registre import actions as registre
from subtraitance.models import Contrat
from subtraitance.regles.article_28 import POINTS
from tests.pieces.fabriques import fichier
from tests.subtraitance.fabriques_annuaire import LUNDI, creer_fiche, lire_tout, noter_contrat, noter_logiciel

pytestmark = pytest.mark.django_db
ANNEXE = FICHIER.read_text("utf-8")
# Relevés à la main : transferts non traités, ni AIPD, ni choix restitution/suppression, ni audits.
MANQUES = ["transferts", "aipd", "sort", "audits"]
MINIMUM = {"objet": "Paie", "preavis_mois": "3", "autorisation": "specifique"}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine):
    time_machine.move_to(LUNDI, tick=False)


@pytest.fixture
def fiche(structure, dpd):
    return creer_fiche(structure, dpd)


@pytest.fixture
def contrat(collectivite, fiche, referent):
    return noter_contrat(collectivite, fiche, referent)


def adresse(contrat, nom="contrat", *suite):
    return reverse(f"registre:{nom}", args=[contrat.collectivite.siren, contrat.pk, *suite])


def nouveau(collectivite, fiche):
    return reverse("registre:nouveau_contrat", args=[collectivite.siren, fiche.pk])


def erreurs(reponse):
    return reponse.context["formulaire"].errors


def codes(points):
    return [point.code for point in points]


def test_noter_un_contrat_et_sa_piece(connecte, collectivite, fiche, referent, dpd):
    logiciel = noter_logiciel(fiche, dpd)
    envoi = {**MINIMUM, "debut": "2026-01-01", "fin": "2026-12-31", "logiciels": [logiciel.pk]}
    client = connecte(referent)
    reponse = client.post(nouveau(collectivite, fiche), {**envoi, "fichier": fichier()}, follow=True)
    assert "Le contrat est noté" in reponse.text
    contrat = Contrat.objects.get()
    page = client.get(adresse(contrat))
    assert [x.nom for x in page.context["logiciels"]] == ["Familia"]
    for phrase in ("Terme proche", "convention.pdf", "Personne n’a encore lu les clauses"):
        assert phrase in page.text
    assert "Remplacer le contrat signé" in client.get(adresse(contrat, "modifier_contrat")).text


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"objet": ""}, "objet"),
        ({"debut": "2026-02-01", "fin": "2026-01-01"}, "fin"),
        ({"fin": "hier"}, "fin"),
        ({"preavis_mois": "61"}, "preavis_mois"),
        ({"autorisation": "generale"}, "objection_jours"),
        ({"delai_violation": "0"}, "delai_violation"),
        ({"logiciels": ["999"]}, "logiciels"),
    ],
)
def test_un_contrat_refuse_se_dit_sous_son_champ_et_garde_sa_saisie(
    connecte, collectivite, fiche, referent, dpd, champs, champ
):
    noter_logiciel(fiche, dpd)
    reponse = connecte(referent).post(nouveau(collectivite, fiche), {**MINIMUM, "reference": "M-7", **champs})
    assert list(erreurs(reponse)) == [champ]
    assert 'value="M-7"' in reponse.text
    assert not Contrat.objects.exists()


def test_modifier_reprend_ce_qui_est_note(connecte, contrat, referent):
    client = connecte(referent)
    assert 'value="Logiciel de paie"' in client.get(adresse(contrat, "modifier_contrat")).text
    client.post(adresse(contrat, "modifier_contrat"), {**MINIMUM, "sort_choisi": "restitution"})
    assert "Restitution" in client.get(adresse(contrat)).text


def test_l_annexe_de_l_atda_passee_par_l_ecran_a_exactement_ses_manques(connecte, contrat, referent):
    client, page = connecte(referent), adresse(contrat, "clauses_contrat")
    vide = client.get(page).context["formulaire"]
    assert codes(vide.sans_passage) == []
    groupes = re.findall(r'role="group" id="point-([^"]+)" aria-labelledby="t-\1"', client.get(page).text)
    assert groupes == [point.code for point in POINTS]
    texte = ANNEXE.replace("\n", "\r\n")  # ce qu’envoie un navigateur
    repere = client.post(page, {"texte": texte, "geste": "chercher"})
    formulaire = repere.context["formulaire"]
    assert codes(formulaire.sans_passage) == MANQUES
    assert "Rien trouvé dans ce texte pour 4 points" in repere.text.replace("\u00a0", " ")
    assert not contrat.clauses.exists()
    envoi = {"texte": texte}
    for ligne in formulaire.lignes():
        code = ligne.point.code
        envoi |= {
            f"reponse_{code}": "absente" if ligne.manque else "presente",
            f"citation_{code}": ligne.citation.value() or "",
            f"reperage_{code}": "annexe",
        }
    lu = client.post(page, envoi, follow=True)
    assert codes(lu.context["manques"]) == MANQUES
    assert "4 clauses manquent" in lu.text
    citee = contrat.clauses.get(code="droits").citation
    assert "sous 48 heures, non compris jours fériés et week-end" in citee
    avenant = client.get(adresse(contrat, "avenant")).context["avenant"]
    assert [clause.code for clause in avenant.clauses] == MANQUES


def test_une_citation_deja_tapee_n_est_pas_remplacee(connecte, contrat, referent):
    envoi = {"texte": ANNEXE, "geste": "chercher", "citation_droits": "À moi", "reponse_droits": "partielle"}
    formulaire = connecte(referent).post(adresse(contrat, "clauses_contrat"), envoi).context["formulaire"]
    lignes = {ligne.point.code: ligne for ligne in formulaire.lignes()}
    assert lignes["droits"].citation.value() == "À moi"
    assert lignes["droits"].reponse.value() == "partielle"
    assert len(lignes["donnees"].passages) >= 1


def test_dire_oui_sans_citer_se_refuse_a_sa_place(connecte, contrat, referent):
    envoi = {"reponse_aipd": "presente", "reponse_audits": "peut-être", "citation_objet": "Gardée"}
    reponse = connecte(referent).post(adresse(contrat, "clauses_contrat"), envoi)
    assert list(erreurs(reponse)) == ["reponse_audits"]
    del envoi["reponse_audits"]
    reponse = connecte(referent).post(adresse(contrat, "clauses_contrat"), envoi)
    assert list(erreurs(reponse)) == ["citation_aipd"]
    assert "Gardée" in reponse.text


def test_une_lecture_deja_faite_se_reprend_et_nomme_ses_manques(connecte, contrat, referent):
    lire_tout(contrat, referent, sauf={"audits"})
    page = connecte(referent).get(adresse(contrat, "clauses_contrat"))
    assert codes(page.context["manques"]) == ["audits"]
    assert page.context["formulaire"]["reponse_aipd"].value() == "presente"


def test_un_contrat_complet_n_appelle_pas_d_avenant(connecte, contrat, referent):
    lire_tout(contrat, referent)
    client = connecte(referent)
    assert "Toutes les clauses de l’article 28 sont là" in client.get(adresse(contrat)).text
    assert "Aucune clause ne manque" in client.get(adresse(contrat, "avenant")).text


@pytest.mark.parametrize(("format", "debut"), [("pdf", b"%PDF-"), ("docx", b"PK")])
def test_l_avenant_sort_en_pdf_et_en_docx(connecte, contrat, lecteur, referent, format, debut):
    lire_tout(contrat, referent, sauf={"audits"})
    reponse = connecte(lecteur).get(adresse(contrat, "exporter_avenant", format))
    contenu = b"".join(reponse.streaming_content)
    assert contenu.startswith(debut)
    assert f'avenant-logi-quercy-montpezat-de-quercy-2026-11-23.{format}"' in reponse["Content-Disposition"]
    assert JournalAcces.objects.filter(detail__startswith="avenant proposé").exists()
    if format == "docx":
        texte = zipfile.ZipFile(BytesIO(contenu)).read("word/document.xml").decode()
        assert "Audits et inspections" in texte


def test_un_avenant_vide_et_un_format_inconnu(connecte, contrat, referent):
    lire_tout(contrat, referent)
    client = connecte(referent)
    assert client.get(adresse(contrat, "exporter_avenant", "pdf")).status_code == 200
    assert client.get(adresse(contrat, "exporter_avenant", "csv")).status_code == 404


def test_rattacher_des_fiches_depuis_le_contrat(connecte, contrat, referent):
    client, page = connecte(referent), adresse(contrat, "fiches_contrat")
    assert "Votre registre n’a pas encore de fiche" in client.get(page).text
    version = registre.creer(
        collectivite=contrat.collectivite, nom="Cantine", auteur=referent, maintenant=LUNDI
    )
    assert "Cantine (fiche n°\u00a01)" in client.get(page).text
    lu = client.post(page, {"traitements": [version.traitement_id], "lus": ""}, follow=True)
    assert [f.nom for f in lu.context["fiches"]] == ["Cantine"]
    assert list(erreurs(client.post(page, {"proposees": ["999"]}))) == ["proposees"]
    lu = client.post(page, {"lus": f"{version.traitement_id},x"}, follow=True)
    assert lu.context["fiches"] == []


def test_clore_puis_ne_plus_rien_pouvoir(connecte, contrat, referent):
    client, page = connecte(referent), adresse(contrat, "clore_contrat")
    assert 'value="2026-11-23"' in client.get(page).text
    assert list(erreurs(client.post(page, {"fin": "2026-11-23"}))) == ["motif"]
    assert list(erreurs(client.post(page, {"fin": "2026-11-24", "motif": "x"}))) == ["fin"]
    lu = client.post(page, {"fin": "2026-11-23", "motif": "Résilié"}, follow=True)
    assert "Résilié" in lu.text
    assert adresse(contrat, "modifier_contrat") not in lu.text
    for nom in ("modifier_contrat", "clauses_contrat"):
        refus = client.post(adresse(contrat, nom), {**MINIMUM, "reponse_aipd": "absente"})
        assert "Ce contrat est clos" in refus.text


def test_le_contrat_avec_la_structure_a_la_meme_page(connecte, structure, collectivite, referent, dpd):
    soi = creer_fiche(structure, dpd, "Centre de gestion", siren=structure.siren, est_la_structure=True)
    contrat = noter_contrat(collectivite, soi, referent)
    page = connecte(referent).get(adresse(contrat))
    assert "votre structure" in page.text
    assert len(page.context["clauses"]) == len(POINTS)
