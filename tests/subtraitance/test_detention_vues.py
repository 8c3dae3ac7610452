"""Les pages de ce qui est détenu : noter, filtrer, détruire en lot, prouver, exporter."""

import csv
import hashlib
import json
from datetime import date, timedelta
from io import BytesIO, StringIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dpd.comptes.models import JournalAcces
from dpd.documents.reponse import FORMATS
from subtraitance.actions import detention as actions
from subtraitance.detention_lue import ETATS
from subtraitance.enums import LotDetenu, UniteDetention
from subtraitance.forms.detention import TROP_GROS
from subtraitance.models import DonneesDetenues, RegleDetention
from tests.documents.lecture_pdf import Arbre
from tests.subtraitance.fabriques_s1 import JOUR, detruire, lot_d_essai, regle_d_essai, texte

pytestmark = pytest.mark.django_db
IL_Y_A_TROIS_MOIS = date(2026, 8, 23)


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


def adresse(structure, nom="donnees_detenues", *args, **query):
    return reverse(f"subtraitance:{nom}", args=[structure.siren, *args], query=query or None)


def saisie(lieu, **champs):
    return {
        "collectivite": lieu.siren,
        "type": "sauvegarde",
        "description": "Sauvegarde de la paie",
        "recu_le": "2026-11-23",
        "empreinte": "",
        **champs,
    }


def octets(reponse) -> bytes:
    assert reponse.status_code == 200
    return b"".join(reponse.streaming_content)


@pytest.mark.parametrize(
    ("qui", "lit", "ecrit", "regle"),
    [
        ("dpd", 200, 200, 200),
        ("agent", 200, 200, 403),
        ("gestionnaire", 200, 403, 200),
        ("referent", 404, 404, 404),
        ("etranger", 404, 404, 404),
    ],
)
def test_qui_lit_qui_ecrit_et_qui_fixe_les_durees(
    connecte, structure, collectivite, dpd, qui, lit, ecrit, regle, request
):
    lot = lot_d_essai(collectivite, dpd)
    client = connecte(request.getfixturevalue(qui))
    lus = (adresse(structure), adresse(structure, "durees_detention"))
    lus += (adresse(structure, "exporter_detention", "csv"),)
    assert {client.get(page).status_code for page in lus} == {lit}
    ecrits = (adresse(structure, "enregistrer_lot"), adresse(structure, "detruire_lots", lots=lot.pk))
    assert {client.get(page).status_code for page in ecrits} == {ecrit}
    assert client.get(adresse(structure, "regler_detention", "sauvegarde")).status_code == regle


def test_la_page_vide_explique_et_mene_aux_durees(connecte, dpd, structure):
    page = texte(connecte(dpd).get(adresse(structure)))
    assert "Rien n’est noté" in page
    assert "L’application n’en invente aucune" in page


def test_une_duree_se_fixe_avec_sa_source(connecte, gestionnaire, structure):
    client = connecte(gestionnaire)
    assert texte(client.get(adresse(structure, "durees_detention"))).count("Aucune durée fixée") == 7
    regler = adresse(structure, "regler_detention", "sauvegarde")
    page = texte(client.post(regler, {"unite": "mois", "source": "Annexe, art. 8", "quantite": ""}))
    assert actions.COMBIEN in page
    assert "Annexe, art. 8" in page
    client.post(regler, {"unite": "mois", "source": "Annexe, art. 8", "quantite": "3"})
    assert RegleDetention.objects.get().quantite == 3
    assert "3 mois, Annexe, art. 8" in texte(client.get(adresse(structure, "durees_detention")))
    assert 'value="3"' in texte(client.get(regler))
    assert client.get(adresse(structure, "regler_detention", "inconnu")).status_code == 404


def test_un_lot_se_note_avec_son_echeance(connecte, agent, dpd, structure, collectivite):
    regle_d_essai(structure, dpd)
    client = connecte(agent)
    noter = adresse(structure, "enregistrer_lot")
    page = texte(client.post(noter, saisie(collectivite), follow=True))
    assert "À détruire avant la fin du mardi 23 février 2027" in page
    lot = DonneesDetenues.objects.get()
    assert (lot.enregistre_par, lot.echeance) == (agent, date(2027, 2, 23))
    regle_d_essai(structure, dpd, LotDetenu.ASSISTANCE, None, UniteDetention.CONVENTION)
    page = texte(client.post(noter, saisie(collectivite, type="assistance"), follow=True))
    assert "L’échéance viendra avec la fin de la convention." in page
    page = texte(client.post(noter, saisie(collectivite, type="autre"), follow=True))
    assert "Aucune durée n’est fixée pour ce type" in page


def test_l_empreinte_d_un_fichier_se_calcule_sans_le_garder(connecte, agent, structure, collectivite):
    client = connecte(agent)
    noter = adresse(structure, "enregistrer_lot")
    attendue = hashlib.sha256(b"base").hexdigest()

    def fichier():
        return SimpleUploadedFile("base.zip", b"base")

    refuse = texte(client.post(noter, saisie(collectivite, description="", fichier=fichier())))
    assert f'value="{attendue}"' in refuse
    client.post(noter, saisie(collectivite, fichier=fichier()))
    assert DonneesDetenues.objects.get().empreinte == attendue
    gros = SimpleUploadedFile("base.zip", b"x" * 20_000_001)
    assert TROP_GROS.replace("\u00a0", " ") in texte(client.post(noter, saisie(collectivite, fichier=gros)))


@pytest.mark.parametrize(
    ("champs", "refus"),
    [
        ({"recu_le": "2026-11-24"}, actions.FUTUR),
        ({"recu_le": "hier"}, "Cette date n’existe pas"),
        ({"empreinte": "abc"}, "Une empreinte SHA-256 compte 64"),
        ({"description": ""}, "Dites ce que c’est."),
        ({"type": ""}, "Choisissez un type."),
        ({"collectivite": ""}, "Dites à qui sont ces données."),
    ],
)
def test_une_mauvaise_saisie_revient_sous_son_champ(connecte, agent, structure, collectivite, champs, refus):
    reponse = connecte(agent).post(adresse(structure, "enregistrer_lot"), saisie(collectivite, **champs))
    assert refus in texte(reponse)
    assert not DonneesDetenues.objects.exists()


def test_une_collectivite_d_ailleurs_ne_se_choisit_pas(connecte, agent, structure, lointaine):
    connecte(agent).post(adresse(structure, "enregistrer_lot"), saisie(lointaine))
    assert not DonneesDetenues.objects.exists()


@pytest.fixture
def lots(structure, collectivite, voisine, dpd):
    """Un en retard, un du jour, un pour bientôt, un sans durée, un détruit en retard, un restitué."""
    sans = lot_d_essai(voisine, dpd, description="Sans durée", type=LotDetenu.AUTRE)
    regle_d_essai(structure, dpd)
    faits = {"Sans durée": sans}
    for description, recul in (
        ("En retard", 5),
        ("Du jour", 0),
        ("Bientôt", -10),
        ("Brûlé", 3),
        ("Rendu", 0),
    ):
        recu_le = IL_Y_A_TROIS_MOIS - timedelta(days=recul)
        faits[description] = lot_d_essai(collectivite, dpd, recu_le, description=description)
    detruire(dpd, faits["Brûlé"])
    detruire(dpd, faits["Rendu"], restitue=True, comment="Remis en main propre")
    return faits


@pytest.mark.parametrize(
    ("etat", "attendus"),
    [
        ("", {"En retard", "Du jour", "Bientôt", "Sans durée"}),
        ("retard", {"En retard"}),
        ("a_echeance", {"Du jour"}),
        ("bientot", {"Du jour", "Bientôt"}),
        ("sans_duree", {"Sans durée"}),
        ("detruits", {"Brûlé"}),
        ("restitues", {"Rendu"}),
        ("tous", {"En retard", "Du jour", "Bientôt", "Sans durée", "Brûlé", "Rendu"}),
    ],
)
def test_chaque_etat_filtre_l_ecran_et_l_export(connecte, dpd, structure, lots, etat, attendus):
    client = connecte(dpd)
    page = client.get(adresse(structure, etat=etat))
    assert {ligne.lot.description for ligne in page.context["lignes"]} == attendus
    lignes = octets(client.get(adresse(structure, "exporter_detention", "csv", etat=etat))).decode(
        "utf-8-sig"
    )
    exportees = list(csv.reader(StringIO(lignes), delimiter=";"))
    assert {ligne[3] for ligne in exportees[exportees.index([]) + 2 :]} == attendus


def test_les_etats_de_la_table_sont_tous_essayes():
    assert len(ETATS) == 8


def test_le_type_et_le_mot_filtrent_aussi(connecte, dpd, structure, lots):
    client = connecte(dpd)
    for query, attendus in (
        ({"type": "autre"}, {"Sans durée"}),
        ({"q": "septf"}, {"Sans durée"}),
        ({"q": "retard"}, {"En retard"}),
        ({"q": "zzz"}, set()),
        ({"type": "inconnu", "etat": "inconnu"}, {"En retard", "Du jour", "Bientôt", "Sans durée"}),
    ):
        page = client.get(adresse(structure, **query))
        assert {ligne.lot.description for ligne in page.context["lignes"]} == attendus
    assert "Aucun lot ne répond à ces filtres" in texte(client.get(adresse(structure, q="zzz")))


def test_le_retard_se_voit_meme_apres_la_destruction(connecte, dpd, structure, lots):
    client = connecte(dpd)
    assert "5 jours de retard" in texte(client.get(adresse(structure)))
    assert "Détruit, 3 jours de retard" in texte(client.get(adresse(structure, etat="detruits")))


def test_on_detruit_en_lot_ce_que_l_on_a_coche(connecte, agent, structure, lots):
    client = connecte(agent)
    choix = [lots["En retard"].pk, lots["Du jour"].pk]
    page = client.get(adresse(structure, "detruire_lots") + f"?lots={choix[0]}&lots={choix[1]}&lots=x")
    assert "Détruire ou restituer 2 lots" in texte(page)
    envoi = {"lots": choix, "sort": "detruit", "le": "2026-11-24", "comment": "Broyage"}
    assert actions.FUTUR in texte(client.post(adresse(structure, "detruire_lots"), envoi))
    page = texte(client.post(adresse(structure, "detruire_lots"), envoi | {"sort": ""}))
    assert "Dites ce que vous en avez fait." in page
    fait = client.post(adresse(structure, "detruire_lots"), envoi | {"le": "2026-11-23"}, follow=True)
    assert "2 lots détruits" in texte(fait)
    assert DonneesDetenues.objects.filter(pk__in=choix, detruit_par=agent, detruit_le=JOUR).count() == 2
    again = client.post(adresse(structure, "detruire_lots"), envoi | {"le": "2026-11-23"}, follow=True)
    assert "Cochez d’abord les lots" in texte(again)


def test_on_restitue_aussi(connecte, dpd, structure, lots):
    envoi = {"lots": lots["Bientôt"].pk, "sort": "restitue", "le": "2026-11-23", "comment": "Clé remise"}
    page = texte(connecte(dpd).post(adresse(structure, "detruire_lots"), envoi, follow=True))
    assert "1 lot restitué" in page


def test_un_lot_d_ailleurs_ne_se_detruit_pas_d_ici(connecte, agent, structure, lointaine):
    ailleurs = lot_d_essai(lointaine, agent)
    envoi = {"lots": ailleurs.pk, "sort": "detruit", "le": "2026-11-23", "comment": "x"}
    connecte(agent).post(adresse(structure, "detruire_lots"), envoi)
    ailleurs.refresh_from_db()
    assert ailleurs.detruit_le is None


def test_le_proces_verbal_reunit_les_lots_du_meme_geste(connecte, agent, dpd, structure, collectivite):
    empreinte = hashlib.sha256(b"x").hexdigest()
    lots = [lot_d_essai(collectivite, dpd, description=d, empreinte=empreinte) for d in ("Premier", "Second")]
    detruire(dpd, *lots)
    autre = lot_d_essai(collectivite, dpd, description="Autre geste")
    detruire(dpd, autre, comment="Broyage")
    client = connecte(agent)
    contenu = octets(client.get(adresse(structure, "proces_verbal", lots[0].pk)))
    with pikepdf.open(BytesIO(contenu)) as pdf:
        dit = " ".join(texte for _, _, texte, _ in Arbre(pdf).noeuds)
    for attendu in ("Procès-verbal de destruction", "Premier", "Second", "Nadège Roucoules", empreinte[:20]):
        assert attendu in dit
    assert "Autre geste" not in dit
    assert JournalAcces.objects.get(nature="export").structure == structure


def test_le_proces_verbal_dit_la_restitution_et_le_retard(connecte, agent, dpd, structure, lots):
    def dit(nom):
        with pikepdf.open(
            BytesIO(octets(connecte(agent).get(adresse(structure, "proces_verbal", nom))))
        ) as pdf:
            return " ".join(" ".join(texte for _, _, texte, _ in Arbre(pdf).noeuds).split())

    assert "Procès-verbal de restitution" in dit(lots["Rendu"].pk)
    assert "Brûlé : 3 jours de retard" in dit(lots["Brûlé"].pk)


def test_un_lot_encore_detenu_ou_d_ailleurs_n_a_pas_de_proces_verbal(
    connecte, agent, structure, lots, lointaine
):
    ailleurs = lot_d_essai(lointaine, agent)
    detruire(agent, ailleurs)
    client = connecte(agent)
    for pk in (lots["En retard"].pk, ailleurs.pk):
        assert client.get(adresse(structure, "proces_verbal", pk)).status_code == 404


@pytest.mark.parametrize("format", FORMATS)
def test_chaque_format_sort_vide_ou_plein(connecte, dpd, structure, lots, format):
    client = connecte(dpd)
    assert octets(client.get(adresse(structure, "exporter_detention", format, etat="tous")))
    assert octets(client.get(adresse(structure, "exporter_detention", format, q="zzz")))
    assert JournalAcces.objects.filter(nature="export", structure=structure).count() == 2


def test_le_json_dit_la_destruction_et_sa_preuve(connecte, dpd, structure, lots):
    recu = json.loads(
        octets(connecte(dpd).get(adresse(structure, "exporter_detention", "json", etat="restitues")))
    )
    (ligne,) = recu["enregistrements"]
    assert ligne["Comment"] == "Remis en main propre"
    assert ligne["Par"] == "Nadège Roucoules"
    assert ligne["Détruit ou restitué le"] == "23\u00a0nov. 2026"
    assert connecte(dpd).get(adresse(structure, "exporter_detention", "docx")).status_code == 404
