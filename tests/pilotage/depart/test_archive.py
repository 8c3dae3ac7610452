"""L’archive d’un départ : complète, vérifiable, identique à elle-même, réimportable."""

import csv
import hashlib
import json
import subprocess
from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO
from zipfile import ZipFile

import pikepdf
import pytest

from dpd.conventions.actions.annuels import figer
from dpd.conventions.actions.depart import ouvrir
from dpd.conventions.actions.mensuels_lignes import valider_tout
from dpd.conventions.mensuels_lus import lu_de_l_etat
from dpd.conventions.models import Convention
from dpd.pieces import actions as pieces
from dpd.pieces.enums import DomainePiece
from dpd.pieces.models import Piece
from dpd.pilotage.depart.contenu import AILLEURS, modeles_lies, tables
from registre.imports import lire_registre
from registre.imports.actions import importer
from registre.models import VersionTraitement
from registre.regles.contenu import depuis_dict
from tests.conftest import creer_collectivite
from tests.conventions.fabriques_etats import JANVIER, bareme_journees, convention_journees, mois_fige, tracee
from tests.documents.lecture_pdf import contenus as contenus_marques
from tests.pieces.fabriques import fichier
from tests.pilotage.depart.conftest import ecrire_archive, lire_archive

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(peuplee):
    return lire_archive(ecrire_archive(peuplee)[1])


def lignes(archive, chemin):
    """Les lignes d’un CSV de l’archive, par titre de colonne."""
    texte = archive[chemin].decode("utf-8-sig")
    return list(csv.DictReader(StringIO(texte), delimiter=";"))


def test_chaque_somme_est_celle_du_fichier(peuplee):
    bilan, octets = ecrire_archive(peuplee)
    archive = lire_archive(octets)
    sommes = dict(reversed(ligne.split("  ", 1)) for ligne in archive["SHA256SUMS"].decode().splitlines())
    assert sommes.keys() == archive.keys() - {"SHA256SUMS"}
    assert all(hashlib.sha256(archive[nom]).hexdigest() == somme for nom, somme in sommes.items())
    assert bilan.empreinte == hashlib.sha256(octets).hexdigest()
    assert (bilan.taille, bilan.fichiers, bilan.perdues) == (len(octets), len(archive), 0)


def test_la_commande_du_lisezmoi_verifie_l_archive(archive, tmp_path):
    for chemin, contenu in archive.items():
        (tmp_path / chemin).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / chemin).write_bytes(contenu)
    assert "sha256sum -c SHA256SUMS" in archive["LISEZMOI.txt"].decode()
    verifie = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path, capture_output=True)
    assert (verifie.returncode, verifie.stdout) == (0, b"")


def test_l_archive_a_tout_ce_qu_elle_annonce(archive):
    attendus = {
        *("LISEZMOI.txt", "SHA256SUMS", "donnees/DICTIONNAIRE.json", "pieces/manifeste.csv"),
        *(f"registre/registre.{e}" for e in ("json", "ods", "pdf")),
        *("registre/versions.json", "registre/versions.pdf", "registre/historique.csv"),
        *(f"conventions/interventions.{e}" for e in ("json", "ods", "pdf")),
        *(f"journaux/{nom}.csv" for nom in ("acces", "courriels", "habilitations")),
        *(f"donnees/{table.nom}.json" for table in tables()),
    }
    assert attendus <= archive.keys()
    lisezmoi = archive["LISEZMOI.txt"].decode()
    assert all(nom in lisezmoi for nom in archive.keys() - {"LISEZMOI.txt"})
    assert "Commune de Montpezat-de-Quercy, SIREN 218\u00a0201\u00a0317" in lisezmoi


def test_tout_modele_qui_designe_une_collectivite_est_rendu_ou_dit_pourquoi():
    rendus = {table.label for table in tables()}
    assert (
        modeles_lies() | {"comptes.Collectivite", "conventions.ModeleConvention"} == rendus | AILLEURS.keys()
    )
    assert not rendus & AILLEURS.keys()


def test_chaque_table_se_lit_avec_le_dictionnaire(archive):
    dictionnaire = json.loads(archive["donnees/DICTIONNAIRE.json"])
    lues = set()
    for table in tables():
        decrite = dictionnaire[table.label]
        rendues = json.loads(archive[f"donnees/{table.nom}.json"])
        assert rendues["modele"] == table.label
        assert decrite["fichier"] == f"{table.nom}.json"
        assert all(ligne.keys() == decrite["champs"].keys() for ligne in rendues["lignes"]), table.label
        if table.est_historisee:
            etats = json.loads(archive[f"donnees/{table.nom}-historique.json"])["lignes"]
            assert {etat["id"] for etat in etats} >= {ligne["id"] for ligne in rendues["lignes"]}, table.label
        lues.add(table.label)
    assert lues == dictionnaire.keys()


def test_les_secrets_ne_sortent_pas(archive):
    invitations = json.loads(archive["donnees/comptes-invitation.json"])["lignes"]
    assert [i["courriel"] for i in invitations] == ["partante@invite.example"]
    textes = b"".join(contenu for nom, contenu in archive.items() if not nom.endswith((".pdf", ".ods")))
    for tu in (b"condensat", b"adresse_ip", b"password", b"/invitation/"):
        assert tu not in textes


def test_le_registre_se_reimporte_a_l_identique(archive, collectivite, structure, referent, maintenant):
    lecture = lire_registre("registre.json", archive["registre/registre.json"])
    assert (lecture.erreurs, lecture.siren) == ([], collectivite.siren)
    vierge = creer_collectivite(structure, "Caussade", "218200376")
    importer(
        collectivite=vierge,
        fiches=[lue.fiche for lue in lecture.fiches],
        fichier="registre.json",
        auteur=referent,
        maintenant=maintenant,
    )
    assert contenus(vierge) == contenus(collectivite)
    assert len(contenus(vierge)) == 2


def contenus(collectivite):
    """Le registre en vigueur, sans l’en-tête qui dit à qui il est."""
    versions = VersionTraitement.objects.filter(collectivite=collectivite)
    en_vigueur = versions.exclude(etat__in=["remplacee", "abrogee"]).order_by(
        "traitement__reference", "numero"
    )
    lues = {}
    for version in en_vigueur.select_related("traitement"):
        lues.setdefault(version.traitement.reference, version)
    rangees = [depuis_dict(version.contenu) for version in lues.values()]
    return [replace(fiche, responsable=None) for fiche in rangees]


def test_chaque_version_et_chaque_geste_sont_la(archive, collectivite):
    versions = json.loads(archive["registre/versions.json"])
    connues = VersionTraitement.objects.filter(collectivite=collectivite)
    rendues = {(v["reference"], v["version"], v["etat"]) for v in versions["enregistrements"]}
    assert rendues == set(connues.values_list("traitement__reference", "numero", "etat"))
    assert {etat for *_, etat in rendues} == {"adoptee", "abrogee", "brouillon"}
    histoire = lignes(archive, "registre/historique.csv")
    assert len(histoire) == VersionTraitement.history.filter(collectivite=collectivite).count()
    etats = json.loads(archive["donnees/registre-versiontraitement-historique.json"])["lignes"]
    assert len(etats) == len(histoire)
    assert all(etat["contenu"] for etat in etats)


def test_avis_suites_et_questions_sont_la_avec_leur_auteur(archive):
    avis = json.loads(archive["donnees/accompagnement-avis.json"])["lignes"]
    assert {a["texte"] for a in avis} == {"Avis Fiche PARTANTE", "Avis Abrogée PARTANTE"}
    assert avis[0]["rendu_par"]["nom"] == "Nadège Roucoules"
    suites = json.loads(archive["donnees/accompagnement-suite.json"])["lignes"]
    assert {(s["sens"], s["decidee_par"]["nom"]) for s in suites} == {("suivi", "Bernard Lacaze")}
    questions = json.loads(archive["donnees/accompagnement-question.json"])["lignes"]
    assert [q["texte"] for q in questions] == ["Question PARTANTE"]


def test_le_registre_imprime_dit_l_avis_la_decision_et_les_versions(archive):
    """Le même document s’écrit en ODS, qui n’a pas d’histoire, et en PDF, qui la doit."""
    lu = texte_de("registre/registre.pdf", archive["registre/registre.pdf"])
    assert "Avis Fiche PARTANTE" in lu
    assert "Liste séparée" in lu
    assert "Adoptée par" in lu


def test_les_pieces_sont_rendues_avec_leur_manifeste(archive):
    piece = Piece.objects.get()
    (ligne,) = lignes(archive, "pieces/manifeste.csv")
    assert ligne["Fichier"] == f"pieces/{piece.pk}-PARTANTE.pdf"
    assert (ligne["État"], ligne["Empreinte SHA-256"]) == ("rendue", piece.sha256)
    assert hashlib.sha256(archive[ligne["Fichier"]]).hexdigest() == piece.sha256


def test_une_piece_retiree_ne_rend_que_sa_trace(peuplee, decideur, maintenant):
    piece = Piece.objects.get()
    pieces.retirer(piece=piece, motif="D’une autre commune", auteur=decideur, maintenant=maintenant)
    archive = lire_archive(ecrire_archive(peuplee)[1])
    (ligne,) = lignes(archive, "pieces/manifeste.csv")
    assert ligne["Fichier"] == ""
    assert "n’est pas rendu" in ligne["État"]
    assert ligne["Motif du retrait"] == "D’une autre commune"
    assert [nom for nom in archive if nom.startswith("pieces/")] == ["pieces/manifeste.csv"]
    assert "1\u00a0pièce retirée" in archive["LISEZMOI.txt"].decode()


@pytest.mark.parametrize(
    ("abimer", "etat"), [("effacer", "manque"), ("changer", "n’est plus celui du dépôt")]
)
def test_une_piece_perdue_se_dit_partout(peuplee, abimer, etat):
    piece = Piece.objects.get()
    if abimer == "effacer":
        piece.fichier.storage.delete(piece.fichier.name)
    else:
        with piece.fichier.storage.open(piece.fichier.name, "wb") as flux:
            flux.write(b"autre chose")
    bilan, octets = ecrire_archive(peuplee)
    archive = lire_archive(octets)
    assert bilan.perdues == 1
    assert etat in lignes(archive, "pieces/manifeste.csv")[0]["État"]
    assert f"n° {piece.pk} « PARTANTE.pdf »" in archive["LISEZMOI.txt"].decode()


def test_les_journaux_sont_des_tableaux_sans_formule(archive, collectivite):
    assert {ligne["Détail"] for ligne in lignes(archive, "journaux/acces.csv")} >= {"vu PARTANTE"}
    assert any("PARTANTE" in ligne["Texte"] for ligne in lignes(archive, "journaux/courriels.csv"))
    roles = {(ligne["Nom"], ligne["Rôle"]) for ligne in lignes(archive, "journaux/habilitations.csv")}
    assert roles == {("Sylvie Delmas", "Référent RGPD"), ("Bernard Lacaze", "Décideur")}
    for chemin in (nom for nom in archive if nom.endswith(".csv")):
        cellules = [c for ligne in lignes(archive, chemin) for c in ligne.values()]
        assert not [c for c in cellules if c.startswith(("=", "+", "-", "@"))]


def texte_de(nom: str, contenu: bytes) -> str:
    """Tout ce qui se lit dans un fichier de l’archive, quel que soit son format."""
    if nom.startswith("pieces/"):
        return f"{nom} {contenu.decode(errors='replace')}"
    if nom.endswith(".pdf"):
        with pikepdf.open(BytesIO(contenu)) as pdf:
            lues = [contenus_marques(page) for page in pdf.pages]
        return " ".join(" ".join((*marques.values(), artefacts)) for marques, artefacts in lues)
    if nom.endswith(".ods"):
        with ZipFile(BytesIO(contenu)) as classeur:
            return classeur.read("content.xml").decode()
    return contenu.decode("utf-8-sig")


def fichiers_qui_disent(archive, marque: str) -> set[str]:
    return {nom for nom, contenu in archive.items() if marque.lower() in texte_de(nom, contenu).lower()}


def test_rien_de_la_voisine_ne_sort(voisine_peuplee, archive):
    for marque in ("VOISINE", "Septfonds", voisine_peuplee.siren):
        assert fichiers_qui_disent(archive, marque) == set()
    for table in tables():
        lues = json.loads(archive[f"donnees/{table.nom}.json"])["lignes"]
        assert voisine_peuplee.pk not in {ligne.get("collectivite") for ligne in lues}


def test_les_marques_semees_chez_la_voisine_sont_bien_dans_son_archive(
    voisine_peuplee, gestionnaire, maintenant
):
    """Sans quoi leur absence ailleurs ne prouverait rien."""
    sienne = Convention.objects.get(collectivite=voisine_peuplee)
    depart = ouvrir(convention=sienne, auteur=gestionnaire, maintenant=maintenant)
    archive = lire_archive(ecrire_archive(depart)[1])
    partout = fichiers_qui_disent(archive, "VOISINE")
    assert partout >= {
        *(f"registre/registre.{e}" for e in ("json", "ods", "pdf")),
        *("registre/versions.json", "registre/versions.pdf", "registre/historique.csv"),
        *("conventions/interventions.json", "conventions/interventions.pdf", "pieces/manifeste.csv"),
        *("journaux/acces.csv", "journaux/courriels.csv", "journaux/habilitations.csv"),
        *(f"donnees/{nom}.json" for nom in ("comptes-contact", "accompagnement-avis", "pieces-piece")),
        *(f"donnees/conventions-{nom}.json" for nom in ("devis", "intervention", "designation")),
    }


def test_une_piece_de_la_structure_ou_du_depart_n_y_est_pas(peuplee, structure, dpd, maintenant):
    avant = ecrire_archive(peuplee)[1]
    trace = {"auteur": dpd, "maintenant": maintenant}
    pieces.deposer(fichier=fichier("structure.pdf"), domaine=DomainePiece.TARIF, structure=structure, **trace)
    pieces.deposer(
        fichier=fichier("visa.pdf"), domaine=DomainePiece.DEPART, collectivite=peuplee.collectivite, **trace
    )
    assert ecrire_archive(peuplee)[1] == avant


def test_les_etats_mensuels_et_annuels_sont_rendus(collectivite, structure, dpd, decideur):
    bareme_journees(structure)
    convention = convention_journees(collectivite, forfait_code="dpd", fin=date(2026, 12, 31))
    tracee(collectivite, dpd, date(2026, 4, 7))
    trace = {"auteur": dpd, "maintenant": JANVIER}
    etat = mois_fige(convention, dpd)
    valider_tout(etat=etat, lu=lu_de_l_etat(etat.lignes.all()), auteur=decideur, maintenant=JANVIER)
    annuel = figer(convention=convention, exercice=2026, **trace)
    archive = lire_archive(ecrire_archive(ouvrir(convention=convention, **trace))[1])
    mensuel = json.loads(archive["conventions/etat-mensuel-2026-04.json"])["enregistrements"]
    assert [ligne["minutes"] for ligne in mensuel] == [60]
    (rendu,) = json.loads(archive[f"conventions/etat-annuel-{annuel.reference}.json"])["enregistrements"]
    assert rendu["empreinte"] == annuel.empreinte
    assert rendu["sources"] == annuel.sources
    assert {"conventions/etat-mensuel-2026-04.pdf", f"conventions/etat-annuel-{annuel.reference}.pdf"} <= set(
        archive
    )


def test_un_registre_vide_fait_tout_de_meme_une_archive(depart):
    archive = lire_archive(ecrire_archive(depart)[1])
    assert json.loads(archive["registre/registre.json"])["enregistrements"] == []
    assert archive["registre/registre.pdf"].startswith(b"%PDF-")
