"""Le registre des demandes qui sort : cinq formats, un seul contenu, jamais un demandeur."""

import csv
import json
from datetime import date, timedelta
from io import BytesIO, StringIO

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.comptes.models import JournalAcces
from dpd.documents.lecteur import lire as lire_classeur
from dpd.documents.reponse import FORMATS
from subtraitance.enums import EtatDemande
from subtraitance.exports.demandes import VIDE, registre_de_la_collectivite
from subtraitance.statistiques import bilan_dit, mediane_dite
from tests.documents.lecture_pdf import Arbre
from tests.subtraitance.fabriques_listes import RECUE, demandes_de, rattacher

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def trois(collectivite, referent, maintenant):
    """Répondue à temps, suspendue et prolongée ; répondue tard ; reçue sur place, en retard ; état civil."""
    complete = demandes_de(
        collectivite,
        (1,),
        referent,
        maintenant,
        etat=EtatDemande.REPONDUE,
        regime="rgpd",
        transmise_le=RECUE + timedelta(hours=3),
        repondue_le=date(2026, 12, 1),
        prolongee=True,
    )
    rattacher(complete, referent, maintenant)
    tardive = demandes_de(
        collectivite,
        (2,),
        referent,
        maintenant,
        etat=EtatDemande.CLOSE,
        transmise_le=RECUE + timedelta(days=9),
        repondue_le=date(2026, 12, 24),
    )
    ici = demandes_de(
        collectivite, (3,), referent, maintenant, echeance_transmission=None, echeance=date(2026, 11, 1)
    )
    autre = demandes_de(collectivite, (4,), referent, maintenant, regime="etat_civil", echeance=None)
    return [*complete, *tardive, *ici, *autre]


def adresse(lieu, format, nom="exporter_demandes"):
    return reverse(f"subtraitance:{nom}", args=[lieu.siren, format])


def contenu(reponse) -> bytes:
    assert reponse.status_code == 200
    return b"".join(reponse.streaming_content) if reponse.streaming else reponse.content


def ordinaire(texte: str) -> str:
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("format", FORMATS)
def test_chaque_format_porte_les_memes_faits_et_aucun_demandeur(
    connecte, referent, trois, collectivite, format
):
    octets = contenu(connecte(referent).get(adresse(collectivite, format)))
    if format == "pdf":
        with pikepdf.open(BytesIO(octets)) as pdf:
            texte = " ".join(texte for _, _, texte, _ in Arbre(pdf).noeuds)
    elif format in ("xlsx", "ods"):
        classeur = lire_classeur(f"registre.{format}", octets)
        texte = " ".join(str(c) for f in classeur.feuilles for li in f.lignes for c in li)
    else:
        texte = octets.decode()
    assert "2026-02" in texte
    assert "favorable" in texte or "Satisfaite" in texte
    for secret in ("Habitant", "Une demande d’essai", "Un doute.", "Beaucoup."):
        assert secret not in ordinaire(texte)


@pytest.mark.parametrize(
    ("qui", "statut"),
    [("referent", 200), ("decideur", 200), ("dpd", 200), ("lecteur", 403), ("agent", 403), ("etranger", 404)],
)
def test_qui_exporte_le_registre_d_une_collectivite(connecte, collectivite, request, qui, statut):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(adresse(collectivite, "json")).status_code == statut


@pytest.mark.parametrize(
    ("qui", "statut"), [("dpd", 200), ("gestionnaire", 403), ("agent", 403), ("referent", 404)]
)
def test_qui_exporte_tout_le_portefeuille(connecte, structure, request, qui, statut):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(adresse(structure, "json", "exporter_demandes_structure")).status_code == statut


def test_un_format_inconnu_ne_laisse_aucune_trace(connecte, referent, collectivite):
    assert connecte(referent).get(adresse(collectivite, "exe")).status_code == 404
    assert not JournalAcces.objects.exists()


def test_l_export_est_note_au_journal(connecte, referent, trois, collectivite):
    reponse = connecte(referent).get(adresse(collectivite, "csv"))
    contenu(reponse)
    detail = "registre des demandes de droits, 4\u00a0demandes, CSV"
    assert JournalAcces.objects.get().detail == detail
    assert "registre-des-demandes-de-droits-montpezat-de-quercy" in reponse["Content-Disposition"]


def test_le_csv_a_une_ligne_par_demande(connecte, referent, trois, collectivite):
    texte = ordinaire(contenu(connecte(referent).get(adresse(collectivite, "csv"))).decode("utf-8-sig"))
    lignes = list(csv.reader(StringIO(texte), delimiter=";"))
    rang = next(r for r, ligne in enumerate(lignes) if ligne[:1] == ["N°"])
    par_numero = {li[0]: dict(zip(lignes[rang], li, strict=True)) for li in lignes[rang + 1 :]}
    assert list(par_numero) == ["2026-04", "2026-03", "2026-02", "2026-01"]
    complete, tardive = par_numero["2026-01"], par_numero["2026-02"]
    assert complete["Reçue le"] == "20 nov. 2026, 15 h 30 (Europe/Paris, UTC+01:00)"
    assert complete["Transmise dans les 48 heures"] == "Oui"
    assert complete["Répondue dans son délai"] == "Oui"
    assert complete["Suite donnée"] == "Satisfaite"
    assert complete["Suspensions"] == "du 23 nov. 2026 au 23 nov. 2026"
    assert complete["Demandeur averti de la prolongation le"] == "23 nov. 2026"
    assert (tardive["Transmise dans les 48 heures"], tardive["Répondue dans son délai"]) == ("Non", "Non")
    assert par_numero["2026-03"]["Transmise dans les 48 heures"] == ""
    assert par_numero["2026-03"]["De quoi il s’agit"] == "À qualifier"
    assert par_numero["2026-04"]["Droits"] == "Acte d’état civil"


def test_le_json_garde_les_codes(connecte, referent, trois, collectivite):
    lu = json.loads(contenu(connecte(referent).get(adresse(collectivite, "json"))))
    assert lu["document"]["meta"] == {"schema": "registre-demandes/1"}
    complete = lu["enregistrements"][-1]
    assert complete["recue_le"] == "2026-11-20T15:30:00+01:00"
    assert complete["droits"] == ["acces"]
    assert complete["reponses"][0]["sens"] == "favorable"
    assert complete["suspensions"] == [{"debut": "2026-11-23", "fin": "2026-11-23"}]
    assert not {"demandeur_nom", "texte", "motif"} & set(complete)


def test_un_registre_vide_le_dit(collectivite, maintenant):
    document, nombre = registre_de_la_collectivite(collectivite, maintenant=maintenant)
    (fiche,) = document.fiches()
    assert (nombre, fiche.sections[0].blocs[0].texte) == (0, VIDE)
    assert list(next(document.feuilles()).lignes()) == [(VIDE,)]
    assert list(document.enregistrements()) == []


def test_le_portefeuille_dit_la_collectivite(connecte, dpd, agent, structure, voisine, trois, maintenant):
    demandes_de(voisine, (1,), agent, maintenant)
    lu = json.loads(contenu(connecte(dpd).get(adresse(structure, "json", "exporter_demandes_structure"))))
    assert [d["organisme"] for d in lu["enregistrements"]] == [
        *["Commune de Montpezat-de-Quercy"] * 4,
        "Commune de Septfonds",
    ]
    octets = contenu(connecte(dpd).get(adresse(structure, "pdf", "exporter_demandes_structure")))
    with pikepdf.open(BytesIO(octets)) as pdf:
        assert "Septfonds" in " ".join(texte for _, _, texte, _ in Arbre(pdf).noeuds)


def test_le_cout_d_un_export_ne_depend_pas_du_nombre(connecte, referent, collectivite, maintenant):
    client, couts = connecte(referent), []
    contenu(client.get(adresse(collectivite, "json")))
    for rangs in (range(1, 3), range(3, 61)):
        rattacher(demandes_de(collectivite, rangs, referent, maintenant), referent, maintenant)
        with CaptureQueriesContext(connection) as requetes:
            contenu(client.get(adresse(collectivite, "json")))
        couts.append(len(requetes))
    assert couts[0] == couts[1]
    assert not [r for r in requetes if "demandeur_nom" in r["sql"]]


def test_la_page_dit_les_delais_tenus_en_nombres(connecte, referent, trois, collectivite):
    page = ordinaire(
        connecte(referent).get(reverse("subtraitance:demandes", args=[collectivite.siren])).content.decode()
    )
    assert "En 2026, transmises dans les 48 heures : 1 sur 2 ; répondues dans leur délai : 1 sur 3." in page
    assert 'data-titre="Répondues dans leur délai">1 sur 3</td>' in page
    assert 'data-titre="Temps ouvré médian">' in page


def test_ce_qui_ne_se_compte_pas_encore_se_tait():
    assert bilan_dit([]) == ""
    assert mediane_dite(None) == "–"
    assert ordinaire(mediane_dite(timedelta(days=12))) == "12 jours"
    assert ordinaire(mediane_dite(timedelta(days=1))) == "1 jour"
    assert ordinaire(mediane_dite(timedelta(days=10.5))) == "10,5 jours"
    assert ordinaire(mediane_dite(timedelta(days=20))) == "20 jours"
    assert ordinaire(mediane_dite(timedelta(hours=26, minutes=15), en_heures=True)) == "26 h 15"
