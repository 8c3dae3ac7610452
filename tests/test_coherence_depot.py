"""Les invariants du dépôt : taille, indépendance de la machine, verrous, documentation à jour."""

import re

from tests.projet import RACINE, du_code, fichiers, relatif

LIGNES_MAX = 400
TABLES = {"dpd/vocabulaire/pays.py"}  # une ligne par pays : une table ne se découpe pas


def test_aucun_module_ne_depasse_quatre_cents_lignes():
    longueurs = {relatif(f): len(f.read_text("utf-8").splitlines()) for f in du_code()}
    assert {nom: n for nom, n in longueurs.items() if n > LIGNES_MAX and nom not in TABLES} == {}


# Écrits en morceaux : ce fichier est lui-même contrôlé.
D_AILLEURS = {
    "chemin de machine": re.compile(
        r"(?<![\w.])/(wo" + r"rk|ro" + r"ot|ho" + r"me|tm" + r"p|opt/py" + r"pi|opt/whe" + r"els)/"
    ),
    "dossier d’atelier": re.compile(r"\bsha" + r"red/"),
    "registre de paquets": re.compile(
        r"\b(py"
        + r"pi\.org|pythonho"
        + r"sted|npm"
        + r"js\.org|jsde"
        + r"livr|unp"
        + r"kg|crates\.io|proxy\.gol"
        + r"ang)"
    ),
}


def test_le_depot_ne_parle_que_de_lui_meme():
    trouves = []
    for fichier in fichiers():
        try:
            texte = fichier.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # un fichier binaire : police, archive
        trouves += [
            f"{relatif(fichier)} : {quoi}" for quoi, motif in D_AILLEURS.items() if motif.search(texte)
        ]
    assert trouves == []


def test_les_verrous_n_ont_que_des_empreintes():
    for fichier in sorted((RACINE / "verrou").glob("*.txt")):
        lignes = fichier.read_text("utf-8").splitlines()
        epingles = [ligne for ligne in lignes if ligne and not ligne.startswith((" ", "#"))]
        assert epingles
        assert [ligne for ligne in epingles if not re.match(r"[a-z0-9.\[\],-]+==[\w.!+]+ ", ligne)] == []
        assert [ligne for ligne in lignes if "://" in ligne or ligne.startswith("-")] == []
        assert sum("--hash=sha256:" in ligne for ligne in lignes) >= len(epingles)


def test_chaque_reglage_lu_de_l_environnement_est_documente():
    reglages = set(
        re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (RACINE / "dpd" / "settings.py").read_text("utf-8"))
    )
    documentes = set(
        re.findall(r"^\| `([A-Z_]+)` \|", (RACINE / "docs" / "exploitation.md").read_text("utf-8"), re.M)
    )
    assert len(reglages) > 5
    assert reglages == documentes


CITATION = re.compile(r"""(?:`|^ *|RUN |\[|\["|exec )make[ ",]+([a-z]+(?:-[a-z]+)*)""", re.MULTILINE)


def test_chaque_cible_make_citee_existe():
    groupes = re.findall(r"^([a-z][a-z -]*):", (RACINE / "Makefile").read_text("utf-8"), re.MULTILINE)
    cibles = {nom for groupe in groupes for nom in groupe.split()}
    documents = [RACINE / "README.md", RACINE / "Dockerfile", RACINE / "compose.yaml", RACINE / ".ci" / "run"]
    documents += sorted((RACINE / "docs").glob("*.md"))
    for document in documents:
        citees = set(CITATION.findall(document.read_text("utf-8")))
        assert citees <= cibles, relatif(document)
    assert {"production-web", "production-relances"} <= cibles
