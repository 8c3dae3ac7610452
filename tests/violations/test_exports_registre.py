"""Le registre des violations qui sort : cinq formats, un seul contenu, noté au journal."""

import csv
import json
from io import BytesIO, StringIO

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.comptes.models import JournalAcces
from dpd.documents.lecteur import lire as lire_classeur
from dpd.documents.reponse import FORMATS
from tests.documents.lecture_pdf import Arbre
from tests.violations.fabriques import T0, creer_violation, decider, rendre_avis
from tests.violations.fabriques_registre import rattacher, violations_de
from violations import actions
from violations.enums import MoyenInformation, TypeNotification
from violations.exports.registre import VIDE, registre_de_la_collectivite

pytestmark = pytest.mark.django_db
REQUETES_AU_PLUS = 20  # session, droits et journal compris


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def complete(violation, referent, dpd, decideur, prestataire, maintenant):
    """Une violation menée jusqu’au bout."""
    geste = {"violation": violation, "auteur": referent, "maintenant": maintenant}
    actions.completer(
        **geste,
        lu={},
        confidentialite=True,
        donnees=["sante", "etat_civil"],
        personnes=["mineurs"],
        personnes_min=30,
        personnes_max=37,
        origine="portail",
        cause="externe_accidentel",
        consequences="Perte de confiance.",
        prejudices=["reputation"],
        gravite="importante",
        mesures_apres="Portail fermé.",
        lecon="Tester avant de livrer.",
        transfrontaliere=False,
    )
    actions.impliquer(**geste, sous_traitant=prestataire, connaissance=T0, prevenu_le=T0)
    avis = rendre_avis(violation, dpd, maintenant)
    decider(violation, decideur, maintenant, avis_lu=avis.pk)
    actions.notifier(
        **geste,
        type_envoi=TypeNotification.COMPLETE,
        numero="CNIL-2026-7",
        envoyee_le=maintenant,
        contenu={"rubriques": []},
    )
    actions.enregistrer_information(
        **geste,
        moyen=MoyenInformation.COURRIER,
        faite_le=maintenant.date(),
        nombre=37,
        message="Le texte remis.",
    )
    actions.clore(**geste)
    violation.refresh_from_db()
    return violation


def adresse(lieu, format, nom="exporter"):
    return reverse(f"violations:{nom}", args=[lieu.siren, format])


def contenu(reponse) -> bytes:
    assert reponse.status_code == 200
    return b"".join(reponse.streaming_content) if reponse.streaming else reponse.content


def ordinaire(texte: str) -> str:
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("format", FORMATS)
def test_chaque_format_porte_les_memes_faits(connecte, referent, complete, collectivite, format):
    octets = contenu(connecte(referent).get(adresse(collectivite, format)))
    if format == "pdf":
        with pikepdf.open(BytesIO(octets)) as pdf:
            texte = " ".join(texte for _, _, texte, _ in Arbre(pdf).noeuds)
    elif format in ("xlsx", "ods"):
        classeur = lire_classeur(f"registre.{format}", octets)
        texte = " ".join(str(c) for f in classeur.feuilles for li in f.lignes for c in li)
    else:
        texte = octets.decode()
    for attendu in ("CNIL-2026-7", "Le texte remis.", "Tester avant de livrer.", "Logi-Quercy"):
        assert attendu in ordinaire(texte)
    assert "Europe/Paris" in texte


@pytest.mark.parametrize(
    ("qui", "statut"),
    [("referent", 200), ("decideur", 200), ("dpd", 200), ("lecteur", 403), ("agent", 403), ("etranger", 404)],
)
def test_qui_peut_exporter_le_registre_d_une_collectivite(connecte, collectivite, request, qui, statut):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(adresse(collectivite, "json")).status_code == statut


@pytest.mark.parametrize(
    ("qui", "statut"), [("dpd", 200), ("gestionnaire", 403), ("agent", 403), ("referent", 404)]
)
def test_qui_peut_exporter_tout_le_portefeuille(connecte, structure, request, qui, statut):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(adresse(structure, "json", "exporter_structure")).status_code == statut


def test_un_format_inconnu_ne_laisse_aucune_trace(connecte, referent, collectivite):
    assert connecte(referent).get(adresse(collectivite, "exe")).status_code == 404
    assert not JournalAcces.objects.exists()


def test_l_export_est_note_au_journal(connecte, referent, complete, collectivite):
    reponse = connecte(referent).get(adresse(collectivite, "csv"))
    contenu(reponse)
    assert JournalAcces.objects.get().detail == "registre des violations, 1\u00a0violation, CSV"
    assert "registre-des-violations-montpezat-de-quercy-2026-11-23.csv" in reponse["Content-Disposition"]


def test_le_csv_a_une_ligne_par_violation_et_dit_tout_ce_que_veut_le_registre(
    connecte, referent, complete, collectivite
):
    texte = contenu(connecte(referent).get(adresse(collectivite, "csv"))).decode("utf-8-sig")
    lignes = list(csv.reader(StringIO(texte), delimiter=";"))
    rang = next(r for r, ligne in enumerate(lignes) if ligne[:1] == ["N°"])
    ligne = {titre: ordinaire(valeur) for titre, valeur in zip(*lignes[rang : rang + 2], strict=True)}
    ligne = {ordinaire(titre): valeur for titre, valeur in ligne.items()}
    assert len(lignes) == rang + 2
    assert ligne["N°"] == "2026-01"
    assert ligne["État"] == "Close"
    assert ligne["Connue du responsable le"] == "20 nov. 2026, 17 h 25 (Europe/Paris, UTC+01:00)"
    assert ligne["Délai de 72 heures"] == "tenu, notifiée en 64 h 15"
    assert ligne["Nature"] == "Perte de la confidentialité"
    assert ligne["Nombre de personnes"] == "de 30 à 37 personnes"
    assert ligne["Notifier la CNIL"] == "Oui"
    assert ligne["Notifier la CNIL : décidé par"] == "Bernard Lacaze"
    assert ligne["Notifier la CNIL : suit l’avis du DPD"] == "Oui"
    assert ligne["Avis rendu par"] == "Nadège Roucoules"
    assert ligne["Numéro donné par la CNIL"] == "CNIL-2026-7"
    assert ligne["Personnes informées"] == "23 nov. 2026, courrier, 37 personnes"
    assert "l’a su le 20 nov. 2026, 17 h 25 (Europe/Paris" in ligne["Prestataires"]
    assert ligne["Touche d’autres pays de l’Union"] == "Non"
    assert ligne["Close par"] == "Sylvie Delmas"


def test_le_json_garde_les_codes_et_l_heure_de_la_collectivite(connecte, referent, complete, collectivite):
    collectivite.territoire = "guyane"
    collectivite.save()
    lu = json.loads(contenu(connecte(referent).get(adresse(collectivite, "json"))))
    (violation,) = lu["enregistrements"]
    assert lu["document"]["meta"] == {"schema": "registre-violations/1"}
    assert violation["connaissance"] == "2026-11-20T13:25:00-03:00"
    assert violation["fuseau"] == "America/Cayenne"
    assert violation["natures"] == ["confidentialite"]
    assert violation["notifications"][0]["numero"] == "CNIL-2026-7"
    assert [d["question"] for d in violation["decisions"]] == ["notifier", "informer"]
    assert violation["prestataires"][0]["nom"] == "Logi-Quercy"
    assert violation["chronologie"]


def test_une_formule_n_est_jamais_executee(connecte, referent, collectivite, maintenant):
    creer_violation(collectivite, referent, maintenant, titre="=1+1")
    texte = contenu(connecte(referent).get(adresse(collectivite, "csv"))).decode()
    assert ";=1+1" not in texte


def test_un_registre_vide_le_dit(collectivite, maintenant):
    document = registre_de_la_collectivite(collectivite, maintenant=maintenant)
    (fiche,) = document.fiches()
    assert fiche.sections[0].blocs[0].texte == VIDE
    assert list(next(document.feuilles()).lignes()) == [(VIDE,)]
    assert list(document.enregistrements()) == []


def test_l_empreinte_suit_le_contenu_et_lui_seul(violation, collectivite, referent, maintenant):
    premier = registre_de_la_collectivite(collectivite, maintenant=maintenant).entete.empreinte
    assert registre_de_la_collectivite(collectivite, maintenant=maintenant).entete.empreinte == premier
    actions.ajouter_note(violation=violation, texte="Vu.", auteur=referent, maintenant=maintenant)
    assert registre_de_la_collectivite(collectivite, maintenant=maintenant).entete.empreinte != premier


def test_le_portefeuille_range_par_collectivite(connecte, dpd, structure, voisine, violation, maintenant):
    creer_violation(voisine, dpd, maintenant, titre="Chez la voisine")
    lu = json.loads(contenu(connecte(dpd).get(adresse(structure, "json", "exporter_structure"))))
    assert [v["organisme"] for v in lu["enregistrements"]] == [
        "Commune de Montpezat-de-Quercy",
        "Commune de Septfonds",
    ]
    assert lu["document"]["siren"] == structure.siren


@pytest.mark.parametrize("ecartee", [True, False])
def test_le_delai_dit_ce_qu_il_est_devenu(violation, collectivite, decideur, maintenant, ecartee):
    attendu = "en cours"
    if ecartee:
        decider(violation, decideur, maintenant, notifier=False, informer=False)
        attendu = "sans objet, notification écartée"
    document = registre_de_la_collectivite(collectivite, maintenant=maintenant)
    entete, ligne = next(document.feuilles()).lignes()
    titres = [cellule.valeur for cellule in entete]
    assert ligne[titres.index("Délai de 72 heures")] == attendu


def test_le_cout_ne_depend_pas_du_nombre_de_violations(connecte, dpd, structure, collectivite, maintenant):
    client, couts = connecte(dpd), []
    adresses = [adresse(collectivite, f) for f in FORMATS]
    adresses.append(adresse(structure, "json", "exporter_structure"))
    client.get(reverse("violations:liste", args=[collectivite.siren]))
    for rangs in (range(1, 11), range(11, 201)):
        rattacher(violations_de(collectivite, rangs, dpd, maintenant), dpd, maintenant)
        for page in adresses:
            with CaptureQueriesContext(connection) as requetes:
                assert contenu(client.get(page))
            couts.append(len(requetes))
    assert couts[: len(adresses)] == couts[len(adresses) :]
    assert max(couts) <= REQUETES_AU_PLUS
