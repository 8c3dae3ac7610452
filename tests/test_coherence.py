"""Les invariants de tout le projet : ce qu’aucun test d’application ne verrait."""

import ast
import re
from functools import cache
from pathlib import Path

import django
import pytest
import yaml
from django.apps import apps
from django.core.management import call_command
from django.template.utils import get_app_template_dirs

from dpd import vocabulaire

RACINE = Path(__file__).resolve().parent.parent
PAQUETS = ("dpd", "registre", "violations", "subtraitance")
GABARITS = RACINE / "templates"
IGNORES = {"__pycache__", "var", "media", "staticfiles", "captures", "htmlcov", "node_modules"}
LIGNES_MAX = 400
TABLES = {"dpd/vocabulaire/pays.py"}  # une ligne par pays : une table ne se découpe pas

# Un modèle de la maison est une preuve, dont chaque état se retrouve, ou bien il dit ici pourquoi non.
PROBANTS = {
    "comptes.Structure",
    "comptes.Collectivite",
    "comptes.Contact",
    "comptes.Utilisateur",
    "comptes.Invitation",
    "accompagnement.Avis",
    "accompagnement.Reserve",
    "accompagnement.Suite",
    "accompagnement.Question",
    "registre.Traitement",
    "registre.VersionTraitement",
    "registre.ModeleTraitement",
    "registre.VersionModele",
}
PROJECTION = "projection de VersionTraitement.contenu, qui est historisé"
SANS_HISTORIQUE = {
    "comptes.StructureUserObjectPermission": "le journal des accès garde qui a donné et retiré le rôle",
    "comptes.CollectiviteUserObjectPermission": "le journal des accès garde qui a donné et retiré le rôle",
    "comptes.JournalAcces": "journal : on y ajoute, on n’y change rien",
    "comptes.Commune": "référentiel public, rechargé en entier",
    "comptes.Epci": "référentiel public, rechargé en entier",
    "messagerie.Message": "preuve écrite une fois",
    "registre.Finalite": PROJECTION,
    "registre.PersonnesConcernees": PROJECTION,
    "registre.DonneesTraitees": PROJECTION,
    "registre.Destinataire": PROJECTION,
    "registre.Recours": PROJECTION,
    "registre.Transfert": PROJECTION,
    "registre.MesureSecurite": PROJECTION,
    "registre.QuestionFiche": "lien écrit une fois vers une question historisée",
}
ENUMERATIONS_DU_YAML = {
    "categories_donnees": vocabulaire.CategorieDonnees,
    "categories_personnes": vocabulaire.CategoriePersonnes,
    "destinataires": vocabulaire.CategorieDestinataire,
    "sous_traitants": vocabulaire.TypePrestataire,
    "mesures_securite": vocabulaire.MesureSecurite,
}


@cache
def fichiers() -> tuple[Path, ...]:
    """Les fichiers du projet, hors dossiers cachés, environnements et produits."""
    dossiers = [f for f in RACINE.iterdir() if f.is_dir() and f.name not in IGNORES and f.name[0] != "."]
    dossiers.append(RACINE / ".ci")
    racine = [f for f in RACINE.iterdir() if f.is_file() and f.name != ".env"]
    profonds = [f for dossier in dossiers for f in dossier.rglob("*") if f.is_file()]
    return tuple(sorted(f for f in racine + profonds if not IGNORES & set(f.relative_to(RACINE).parts)))


def relatif(fichier: Path) -> str:
    return fichier.relative_to(RACINE).as_posix()


def du_code() -> list[Path]:
    return [f for f in fichiers() if f.suffix == ".py" and "migrations" not in f.parts]


def gabarits(suffixe: str) -> dict[str, str]:
    """Nom du gabarit → son texte."""
    return {
        f.relative_to(GABARITS).as_posix(): f.read_text("utf-8")
        for f in sorted(GABARITS.rglob(f"*{suffixe}"))
    }


HTML = gabarits(".html")
TEXTE = gabarits(".txt")


# --- Modèles -------------------------------------------------------------------------------------


def modeles():
    """Les modèles de la maison, sans leurs tables d’historique."""
    return {
        modele._meta.label: modele
        for modele in apps.get_models()
        if modele.__module__.split(".")[0] in PAQUETS and not hasattr(modele, "instance_type")
    }


def est_en_minuscules(nom: str) -> bool:
    """Vrai pour « fiche » comme pour « SIREN du siège » : un sigle garde ses capitales."""
    premier = re.split(r"[\s’]", nom)[0]
    return premier.islower() or (premier.isupper() and len(premier) > 1)


@pytest.mark.django_db
def test_les_migrations_sont_a_jour():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_chaque_modele_est_une_preuve_ou_dit_pourquoi_il_n_en_est_pas_une():
    assert PROBANTS | SANS_HISTORIQUE.keys() == modeles().keys()
    assert not PROBANTS & SANS_HISTORIQUE.keys()


@pytest.mark.parametrize("label", sorted(PROBANTS))
def test_un_modele_probant_est_historise(label):
    assert hasattr(apps.get_model(label), "history")


@pytest.mark.parametrize("label", sorted(PROBANTS))
@pytest.mark.parametrize(
    ("geste", "arguments"),
    [
        ("update", {}),
        ("delete", {}),
        ("bulk_create", {"objs": []}),
        ("bulk_update", {"objs": [], "fields": []}),
    ],
)
def test_un_modele_probant_refuse_les_ecritures_en_masse(label, geste, arguments):
    """Elles ne laissent aucune trace dans l’historique."""
    with pytest.raises(TypeError, match="probant"):
        getattr(apps.get_model(label).objects.none(), geste)(**arguments)


@pytest.mark.parametrize("label", sorted(SANS_HISTORIQUE))
def test_un_modele_sans_historique_n_en_a_pas(label):
    assert not hasattr(apps.get_model(label), "history")


def test_les_noms_affiches_des_modeles_sont_ecrits_et_en_minuscules():
    fautifs = [
        label
        for label, modele in modeles().items()
        for nom in ("verbose_name", "verbose_name_plural")
        if not est_en_minuscules(str(modele._meta.original_attrs.get(nom, "Absent")))
    ]
    assert fautifs == []


def test_les_noms_affiches_des_champs_sont_ecrits_et_en_minuscules():
    """Un lien sans libellé prend le nom de son champ, qui est déjà du français."""
    fautifs = [
        f"{label}.{champ.name}"
        for label, modele in modeles().items()
        for champ in modele._meta.local_fields
        if not champ.auto_created and not champ.is_relation
        if champ._verbose_name is None or not est_en_minuscules(str(champ.verbose_name))
    ]
    assert fautifs == []


# --- Gabarits ------------------------------------------------------------------------------------


@cache
def textes_cites() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Les chaînes du code et des gabarits, et les motifs de celles qui se composent (f"pages/{nom}.html")."""
    chaines: set[str] = set()
    motifs: set[str] = set()
    for fichier in du_code():
        if fichier.is_relative_to(RACINE / "tests"):
            continue
        for noeud in ast.walk(ast.parse(fichier.read_text("utf-8"))):
            if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str):
                chaines.add(noeud.value)
            elif isinstance(noeud, ast.JoinedStr):
                parties = [
                    re.escape(p.value) if isinstance(p, ast.Constant) else "[^/]+" for p in noeud.values
                ]
                motifs.add("".join(parties))
    for texte in (*HTML.values(), *TEXTE.values()):
        chaines.update(re.findall(r"""["']([^"'{}\s]+)["']""", texte))
    return frozenset(chaines), tuple(
        re.compile(m) for m in motifs if "/" in m and m.endswith((r"\.html", r"\.txt"))
    )


@cache
def dossiers_des_bibliotheques() -> tuple[Path, ...]:
    dossiers = [Path(d) for d in get_app_template_dirs("templates")]
    return (*dossiers, Path(django.__file__).parent / "forms" / "templates")


def remplace_celui_d_une_bibliotheque(nom: str) -> bool:
    """Vrai si une bibliothèque appelle ce nom ; nos courriels remplacent ``_subject`` et ``_message``."""
    noms = {
        nom,
        re.sub(r"_(objet|corps)\.txt$", "_subject.txt", nom),
        re.sub(r"_(objet|corps)\.txt$", "_message.txt", nom),
    }
    return any((dossier / n).is_file() for dossier in dossiers_des_bibliotheques() for n in noms)


def est_appele(nom: str) -> bool:
    chaines, motifs = textes_cites()
    prefixe = re.sub(r"_(objet|corps)\.txt$", "", nom)
    page_d_erreur = re.fullmatch(r"(400|403|403_csrf|404|500)\.html", nom) is not None
    return (
        nom in chaines
        or prefixe in chaines
        or any(motif.fullmatch(nom) for motif in motifs)
        or page_d_erreur
        or remplace_celui_d_une_bibliotheque(nom)
    )


def test_chaque_gabarit_sert():
    assert [nom for nom in (*HTML, *TEXTE) if not est_appele(nom)] == []


def test_chaque_courriel_a_son_objet_et_son_corps():
    for ici, la in (("_objet.txt", "_corps.txt"), ("_corps.txt", "_objet.txt")):
        seuls = [nom for nom in TEXTE if nom.endswith(ici) and nom.removesuffix(ici) + la not in TEXTE]
        assert seuls == []


EN_LIGNE = {
    "attribut style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "balise style": re.compile(r"<style\b", re.IGNORECASE),
    "script en ligne": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "gestionnaire on…": re.compile(r"\s(hx-)?on[a-z:-]+\s*=\s*[\"']", re.IGNORECASE),
    "adresse javascript": re.compile(r"javascript:", re.IGNORECASE),
}


@pytest.mark.parametrize("nom", HTML)
def test_un_gabarit_respecte_la_politique_de_securite_du_contenu(nom):
    assert [quoi for quoi, motif in EN_LIGNE.items() if motif.search(HTML[nom])] == []


@pytest.mark.parametrize(
    "texte",
    [
        '<p style="color:red">',
        "<style>",
        "<script>x()</script>",
        '<a onclick="x()">',
        '<a hx-on:click="x()">',
        "JavaScript:x",
    ],
)
def test_le_controle_voit_ce_que_la_politique_refuse(texte):
    assert any(motif.search(texte) for motif in EN_LIGNE.values())


def parent(nom: str) -> str | None:
    trouve = re.search(r"""{%\s*extends\s+["']([^"']+)["']""", HTML[nom])
    return trouve[1] if trouve else None


def a_un_titre(nom: str | None) -> bool:
    """Le bloc titre rempli par la page ou l’un de ses parents ; celui de base.html est vide."""
    if nom is None or nom == "base.html" or nom not in HTML:
        return False
    return re.search(
        r"{%\s*block titre\s*%}\s*[^\s{]|{%\s*block titre\s*%}\s*{[{%](?!\s*endblock)", HTML[nom]
    ) is not None or (a_un_titre(parent(nom)))


def test_chaque_page_a_un_titre():
    pages = [nom for nom in HTML if parent(nom)]
    assert pages
    assert [nom for nom in pages if not a_un_titre(nom)] == []
    entieres = [nom for nom, texte in HTML.items() if "<html" in texte]
    assert [nom for nom in entieres if not re.search(r"<title>\s*\S", HTML[nom])] == []


# --- Fichiers ------------------------------------------------------------------------------------


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


def test_chaque_cible_make_citee_existe():
    cibles = set(re.findall(r"^([a-z][a-z -]*):", (RACINE / "Makefile").read_text("utf-8"), re.M))
    cibles = {nom for groupe in cibles for nom in groupe.split()}
    documents = [RACINE / "README.md", RACINE / "Dockerfile", RACINE / "compose.yaml", RACINE / ".ci" / "run"]
    documents += sorted((RACINE / "docs").glob("*.md"))
    citees = {
        (relatif(d), cible)
        for d in documents
        for cible in re.findall(r"\bmake ([a-z]+(?:-[a-z]+)*)", d.read_text("utf-8"))
    }
    assert citees
    assert {(document, cible) for document, cible in citees if cible not in cibles} == set()


# --- Vocabulaires --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bibliotheque():
    return yaml.safe_load((RACINE / "registre" / "donnees" / "modeles-traitements.yaml").read_text("utf-8"))


@pytest.mark.parametrize("nom", ENUMERATIONS_DU_YAML)
def test_le_vocabulaire_de_la_bibliotheque_est_celui_de_l_application(bibliotheque, nom):
    identifiants = [entree["id"] for entree in bibliotheque["vocabulaires"][nom]]
    assert len(identifiants) == len(set(identifiants))
    assert set(identifiants) == set(ENUMERATIONS_DU_YAML[nom].values)


@pytest.mark.parametrize(
    ("nature", "attendues"),
    [
        ("sensible", vocabulaire.SENSIBLE),
        ("vigilance", vocabulaire.VIGILANCE),
        ("encadree", vocabulaire.ENCADREE),
    ],
)
def test_la_nature_des_donnees_est_la_meme_des_deux_cotes(bibliotheque, nature, attendues):
    entrees = bibliotheque["vocabulaires"]["categories_donnees"]
    assert {e["id"] for e in entrees if e.get("nature") == nature} == {
        categorie.value for categorie in attendues
    }


def test_les_fondements_et_les_sorts_de_la_bibliotheque_sont_ceux_de_l_application(bibliotheque):
    assert set(bibliotheque["enumerations"]["art6"]) == set(vocabulaire.BaseLegale.values)
    assert set(bibliotheque["sorts_finaux"]) <= set(vocabulaire.SortFinal.values)


def test_les_niveaux_de_securite_ne_citent_que_des_mesures_connues(bibliotheque):
    niveaux = bibliotheque["vocabulaires"]["niveaux_securite"]
    cites = {mesure for nom, mesures in niveaux.items() if nom != "note" for mesure in mesures}
    assert cites <= set(vocabulaire.MesureSecurite.values)
    assert set(vocabulaire.NIVEAUX_SECURITE) == niveaux.keys() - {"note"}
