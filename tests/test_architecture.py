"""Les étages de la maison : le haut connaît le bas, jamais l’inverse, et chaque porte est unique.

Analyse du texte seul (``ast``) : rien n’est importé, un module cassé n’empêche pas de juger les autres.
Un module mal rangé se déplace ; une liste d’exceptions ne s’allonge pas.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parent.parent
PAQUETS = ("dpd", "registre", "violations", "subtraitance")

# Du haut vers le bas. Un étage importe ceux qui sont sous lui, et lui-même.
ETAGES = (
    ("dpd.urls", "dpd.wsgi"),
    ("dpd.pilotage",),
    ("violations",),
    ("registre",),
    ("subtraitance",),
    ("dpd.accompagnement",),
    ("dpd.conventions",),
    ("dpd.pieces",),
    ("dpd.comptes",),
    ("dpd.messagerie",),
    ("dpd.documents",),
    ("dpd.vocabulaire",),
    ("dpd.pagination", "dpd.checks", "dpd.templatetags", "dpd.apps", "dpd.settings"),
    ("dpd.regles",),
)
# Bibliothèque → les seuls modules qui la touchent.
PORTES = {
    "guardian": ("dpd.comptes.droits", "dpd.comptes.models"),
    "django.core.mail": ("dpd.messagerie",),
    "post_office": ("dpd.messagerie",),
    "reportlab": ("dpd.documents",),
    "openpyxl": ("dpd.documents",),
    "pikepdf": ("dpd.documents",),
    "python_calamine": ("dpd.documents",),
    "docx": ("dpd.documents",),
    "django.db.models.signals": (),
    "django.dispatch": (),
    "django.contrib.auth.decorators.login_required": (),
}
# Le plan d’une application : chaque rôle connaît ceux qui le précèdent.
PLAN = ("enums", "regles", "models", "emails", "actions", "forms", "views", "urls")
ROLES = {nom: rang for rang, nom in enumerate(PLAN)} | {"routes": len(PLAN) - 1}
# L’horloge se lit au bord, une fois, puis se passe : nos vues, nos commandes, et les points d’entrée
# qu’allauth et axes appellent à la place d’une vue.
BORDS = (
    "dpd.comptes.adaptateur",
    "dpd.comptes.forms_acces",
    "dpd.comptes.middleware",
    "dpd.comptes.tentatives",
)
HORLOGES = {"now", "utcnow", "today"}
CONVERSIONS = {"localdate", "localtime"}  # sans argument, elles lisent l’heure
PORTE_HORLOGE = {"timezone", "datetime", "date"}
ENTREES_SORTIES = {"open", "print", "input"}


def nom_du_module(fichier: Path) -> str:
    parties = fichier.relative_to(RACINE).with_suffix("").parts
    return ".".join(parties[:-1] if parties[-1] == "__init__" else parties)


def sources() -> dict[str, Path]:
    """Les modules de la maison, migrations exceptées."""
    fichiers = (f for paquet in PAQUETS for f in (RACINE / paquet).rglob("*.py"))
    return {nom_du_module(f): f for f in sorted(fichiers) if "migrations" not in f.parts}


MODULES = sources()


def est_dans(module: str, prefixe: str) -> bool:
    return module == prefixe or module.startswith(f"{prefixe}.")


def etage(module: str) -> int | None:
    """Le rang de l’étage, 0 en haut ; ``None`` pour ce qui n’est pas de la maison."""
    return next((rang for rang, noms in enumerate(ETAGES) for nom in noms if est_dans(module, nom)), None)


def imports(arbre: ast.AST) -> Iterator[tuple[int, str]]:
    """(ligne, nom complet) de tout ce qui est importé ; ``from a import b`` donne ``a.b``."""
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Import):
            yield from ((noeud.lineno, alias.name) for alias in noeud.names)
        elif isinstance(noeud, ast.ImportFrom):
            yield from ((noeud.lineno, f"{noeud.module}.{alias.name}") for alias in noeud.names)


def vers_le_haut(module: str, arbre: ast.AST) -> Iterator[str]:
    ici = etage(module)
    if ici is None:
        if module not in PAQUETS:  # « dpd » lui-même est vide : seuls ses sous-paquets ont un étage
            yield "n’a pas d’étage : rangez-le, ou ajoutez l’étage"
        return
    for ligne, cible in imports(arbre):
        la = etage(cible)
        if la is not None and la < ici:
            yield f"ligne {ligne} : {cible} est à un étage supérieur"


def portes_forcees(module: str, arbre: ast.AST) -> Iterator[str]:
    for ligne, cible in imports(arbre):
        for bibliotheque, permis in PORTES.items():
            if est_dans(cible, bibliotheque) and not any(est_dans(module, nom) for nom in permis):
                porte = ", ".join(permis) or "fermée à tous"
                yield f"ligne {ligne} : {bibliotheque} n’a qu’une porte, {porte}"


def role(module: str) -> int | None:
    """Le rang de ``models``, ``actions_modeles``, ``views.fiches``… dans le plan d’une application."""
    parties = (partie.split("_")[0] for partie in module.split(".")[1:])
    return next((ROLES[partie] for partie in parties if partie in ROLES), None)


def a_rebours_du_plan(module: str, arbre: ast.AST) -> Iterator[str]:
    ici = role(module)
    for ligne, cible in imports(arbre):
        la = role(cible) if cible.split(".")[0] in PAQUETS else None
        if ici is not None and la is not None and la > ici:
            yield f"ligne {ligne} : {cible} vient après {PLAN[ici]} dans le plan d’une application"


def lectures_de_l_horloge(module: str, arbre: ast.AST) -> Iterator[str]:
    if {"views", "commands"} & set(module.split(".")) or module in BORDS:
        return
    appels = [n for n in ast.walk(arbre) if isinstance(n, ast.Call) and not n.args and not n.keywords]
    lectures = [n.func for n in appels if isinstance(n.func, ast.Attribute) and n.func.attr in CONVERSIONS]
    lectures += [n for n in ast.walk(arbre) if isinstance(n, ast.Attribute) and n.attr in HORLOGES]
    for lecture in lectures:
        if isinstance(lecture.value, ast.Name) and lecture.value.id in PORTE_HORLOGE:
            yield f"ligne {lecture.lineno} : l’horloge se lit au bord, dans une vue ou une commande"


def imports_caches(module: str, arbre: ast.AST) -> Iterator[str]:
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for ligne, cible in imports(noeud):
                yield f"ligne {ligne} : {cible} est importé dans une fonction"


def impuretes(module: str, arbre: ast.AST) -> Iterator[str]:
    """Une règle ne dépend que de ses arguments : ni base, ni fichier, ni cadre (ni horloge, plus haut)."""
    parties = module.split(".")
    if "regles" not in parties:
        return
    application = ".".join(parties[: parties.index("regles")])
    permis = ("dpd.regles", f"{application}.regles", f"{application}.enums")
    for ligne, cible in imports(arbre):
        maison = any(est_dans(cible, prefixe) for prefixe in permis)
        if not maison and cible.split(".")[0] not in sys.stdlib_module_names:
            yield f"ligne {ligne} : une règle pure n’importe pas {cible}"
    for appel in (n for n in ast.walk(arbre) if isinstance(n, ast.Call)):
        if isinstance(appel.func, ast.Name) and appel.func.id in ENTREES_SORTIES:
            yield f"ligne {appel.lineno} : une règle pure n’appelle pas {appel.func.id}()"


def verrous_larges(module: str, arbre: ast.AST) -> Iterator[str]:
    """Sans ``no_key``, PostgreSQL fait aussi attendre qui écrit une ligne menant à celle-ci par une clé
    étrangère : deux gestes qui se croisent s’interbloquent."""
    for appel in (n for n in ast.walk(arbre) if isinstance(n, ast.Call)):
        verrouille = isinstance(appel.func, ast.Attribute) and appel.func.attr == "select_for_update"
        if verrouille and not any(option.arg == "no_key" for option in appel.keywords):
            yield f"ligne {appel.lineno} : select_for_update se prend avec no_key=True"


def fautes(module: str, source: str) -> list[str]:
    """Toutes les fautes de rangement d’un module, une phrase chacune."""
    arbre = ast.parse(source)
    controles = (
        *(vers_le_haut, a_rebours_du_plan, portes_forcees),
        *(imports_caches, lectures_de_l_horloge, impuretes, verrous_larges),
    )
    return [f"{module} : {faute}" for controle in controles for faute in controle(module, arbre)]


def test_la_maison_a_ses_modules():
    assert {"dpd.urls", "dpd.comptes.droits", "registre.views", "dpd.regles.delais"} <= MODULES.keys()


@pytest.mark.parametrize("module", MODULES)
def test_chaque_module_est_a_son_etage(module):
    assert fautes(module, MODULES[module].read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("module", "source", "faute"),
    [
        ("dpd.comptes.acces", "from registre.models import Traitement", "étage supérieur"),
        ("dpd.comptes.acces", "import registre.models", "étage supérieur"),
        ("dpd.messagerie.envoi", "from dpd.comptes import droits", "étage supérieur"),
        ("dpd.messagerie.envoi", "from dpd import comptes", "étage supérieur"),
        ("dpd.pagination", "from dpd.documents.modele import Document", "étage supérieur"),
        ("dpd.nouveau", "", "n’a pas d’étage"),
        ("registre.views.fiches", "from guardian.shortcuts import assign_perm", "qu’une porte"),
        ("registre.emails", "from django.core import mail", "qu’une porte"),
        ("registre.exports", "import reportlab.lib", "qu’une porte"),
        ("registre.actions", "from django.db.models.signals import post_save", "fermée à tous"),
        ("registre.actions", "def f():\n    from datetime import date", "dans une fonction"),
        ("registre.regles.aipd", "from django.conf import settings", "n’importe pas"),
        ("registre.regles.aipd", "from dpd.vocabulaire import BASES", "n’importe pas"),
        ("registre.regles.aipd", "from dpd.comptes.enums import Role", "n’importe pas"),
        ("registre.regles.aipd", "from datetime import date\ndate.today()", "horloge"),
        ("registre.actions.edition", "timezone.now()", "horloge"),
        ("registre.actions.edition", "timezone.localdate()", "horloge"),
        ("registre.models.traitement", "Champ(default=timezone.now)", "horloge"),
        ("registre.models.traitement", "from registre.actions import creation", "vient après models"),
        ("registre.actions_modeles", "from registre.forms_modeles import ModeleForm", "vient après actions"),
        ("dpd.regles.delais", "open('jours.csv')", "open()"),
        ("registre.actions.edition", "lignes.select_for_update(of=('self',))", "no_key"),
    ],
)
def test_le_controle_voit_la_faute(module, source, faute):
    assert any(faute in trouvee for trouvee in fautes(module, source))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("dpd.pilotage.taches", "from violations.models import Violation"),
        ("registre.actions", "from dpd.comptes.droits import personnes_de"),
        ("registre.regles.aipd", "from registre.enums import Etat\nfrom dpd.regles.texte import normaliser"),
        ("dpd.comptes.droits", "from guardian.shortcuts import assign_perm"),
        ("dpd.documents.pdf", "from reportlab.lib import colors"),
        ("registre.views.fiches", "from registre.actions.edition import modifier\ntimezone.now()"),
        ("dpd.templatetags.dpd_extras", "timezone.localtime(instant)"),
        ("registre.actions.edition", "lignes.select_for_update(no_key=True)"),
    ],
)
def test_le_controle_laisse_passer_ce_qui_est_a_sa_place(module, source):
    assert fautes(module, source) == []
