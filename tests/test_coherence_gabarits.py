"""Les invariants des gabarits : tous servent, aucun n’enfreint la politique de sécurité du contenu."""

import ast
import re
from functools import cache
from pathlib import Path

import django
import pytest
from django.template.utils import get_app_template_dirs

from tests.projet import GABARITS, RACINE, du_code


def gabarits(suffixe: str) -> dict[str, str]:
    """Nom du gabarit → son texte."""
    return {
        f.relative_to(GABARITS).as_posix(): f.read_text("utf-8")
        for f in sorted(GABARITS.rglob(f"*{suffixe}"))
    }


# Appelées par leur nom : par Django, et par allauth quand on va trop vite.
PAGES_D_ERREUR = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}
HTML = gabarits(".html")
TEXTE = gabarits(".txt")


def motif_compose(noeud: ast.JoinedStr) -> str | None:
    """Le motif d’un nom qui se compose, f"pages/{nom}.html" ; ``None`` s’il ne dit pas son dossier."""
    debut = noeud.values[0]
    if not isinstance(debut, ast.Constant) or "/" not in debut.value:
        return None
    return "".join(re.escape(p.value) if isinstance(p, ast.Constant) else "[^/]+" for p in noeud.values)


@cache
def textes_cites() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Les chaînes du code et des gabarits, et les motifs des noms qui se composent."""
    chaines: set[str] = set()
    motifs: set[str | None] = set()
    for fichier in du_code():
        if fichier.is_relative_to(RACINE / "tests"):
            continue
        for noeud in ast.walk(ast.parse(fichier.read_text("utf-8"))):
            if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str):
                chaines.add(noeud.value)
            elif isinstance(noeud, ast.JoinedStr):
                motifs.add(motif_compose(noeud))
    for texte in (*HTML.values(), *TEXTE.values()):
        chaines.update(re.findall(r"""["']([^"'{}\s]+)["']""", texte))
    return frozenset(chaines), tuple(re.compile(motif) for motif in motifs if motif)


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


def est_compose(nom: str, motifs: tuple[re.Pattern[str], ...]) -> bool:
    return any(motif.fullmatch(nom) for motif in motifs)


def est_appele(nom: str) -> bool:
    chaines, motifs = textes_cites()
    prefixe = re.sub(r"_(objet|corps)\.txt$", "", nom)
    return (
        nom in chaines
        or prefixe in chaines
        or est_compose(nom, motifs)
        or (prefixe != nom and est_compose(prefixe, motifs) and prefixe.rsplit("/", 1)[-1] in chaines)
        or nom in PAGES_D_ERREUR
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


def test_deux_listes_d_un_meme_ecran_nomment_leurs_pages():
    """Sans « de », deux « Page suivante » se confondent pour qui ne voit pas le tableau au-dessus."""
    inclusion = re.compile(r"""{%\s*include\s+["']composants/pagination\.html["'][^%]*%}""")
    plusieurs = {nom: t for nom, texte in HTML.items() if len(t := inclusion.findall(texte)) > 1}
    assert plusieurs
    assert [nom for nom, trouvees in plusieurs.items() if any(" de=" not in une for une in trouvees)] == []


ESPACE_ORDINAIRE = re.compile(r"(?<=\S) [:;?!»](?=[\s<.,)\"'{]|$)|« ", re.MULTILINE)


@pytest.mark.parametrize("nom", HTML)
def test_aucune_ponctuation_double_ne_commence_une_ligne(nom):
    """Devant « : ; ? ! » et dans les guillemets, l’espace est insécable ; un commentaire ne s’affiche pas."""
    lignes = re.sub(r"{#.*?#}|<!--.*?-->", "", HTML[nom], flags=re.DOTALL).splitlines()
    assert [ligne.strip() for ligne in lignes if ESPACE_ORDINAIRE.search(ligne)] == []


@pytest.mark.parametrize("texte", ["Quoi ?", "vu : ", "oui ; non", "« oui", "<b>Nom</b> :</p>", "oui »."])
def test_le_controle_voit_une_espace_ordinaire(texte):
    assert ESPACE_ORDINAIRE.search(texte)


def test_un_ecran_sombre_s_imprime_aux_couleurs_claires():
    theme = (RACINE / "dpd" / "static" / "dpd" / "theme.css").read_text("utf-8")
    clair, _, suite = theme.partition('[data-bs-theme="dark"] {')
    sombre, papier = suite.partition("}")[0], theme.partition("@media print {")[2]
    # Le fond et l’encre ont leurs valeurs d’impression ; la barre et le focus ne s’impriment pas.
    sens = re.findall(r"--(?:(?:sur-)?accent|urgence|attention|fait)(?:-fonce|-voile)?: #\w+;", sombre)
    noms = {declaration.partition(":")[0] for declaration in sens}
    assert len(noms) == 10
    for nom in noms:
        (valeur,) = re.findall(rf"{nom}: (#\w+);", clair)
        assert re.findall(rf"{nom}: (#\w+);", papier) == [valeur]


def test_un_fragment_trouve_dans_la_page_ou_dire_son_etat():
    """La zone est là, vide, avant l’échange : arrivée avec lui, elle ne se lirait pas (RGAA 7.5)."""
    assert '<p class="visually-hidden" role="status" id="annonce"></p>' in HTML["base.html"]
    assert 'getElementById("annonce")' in (RACINE / "dpd" / "static" / "dpd" / "dpd.js").read_text("utf-8")


def test_un_filtre_suit_toute_saisie():
    """Effacer par la croix ou dicter n’enfonce aucune touche ; « input » voit tout."""
    assert [nom for nom, texte in HTML.items() if "keyup" in texte] == []
