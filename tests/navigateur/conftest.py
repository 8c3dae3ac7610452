"""Un vrai navigateur, deux tailles d’écran, et axe-core sur chaque page."""

import os
from pathlib import Path

import pytest
from django.conf import settings as reglages
from django.core.cache import cache
from django.test import Client

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright tourne dans une boucle asynchrone
AXE = (Path(__file__).parent / "axe.min.js").read_text()
REGLES_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CAPTURES = os.environ.get("CAPTURES")  # dossier où garder les captures, pour les regarder
TAILLES = {"1440": {"width": 1440, "height": 900}, "375": {"width": 375, "height": 812}}


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "navigateur":
            item.add_marker(pytest.mark.navigateur)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    options = {
        **browser_type_launch_args,
        "args": ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
    }
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    return {**options, "executable_path": chromium} if Path(chromium).exists() else options


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "fr-FR", "timezone_id": "Europe/Paris"}


@pytest.fixture(autouse=True)
def _cache_vide():
    cache.clear()


def _temoin_de_session(personne) -> dict[str, str]:
    client = Client()
    client.force_login(personne, backend="allauth.account.auth_backends.AuthenticationBackend")
    return {"name": reglages.SESSION_COOKIE_NAME, "value": client.cookies["sessionid"].value}


@pytest.fixture
def entrer(live_server, browser):
    """Ouvre une page pour une personne, session déjà ouverte ; sans personne, pour l’anonyme."""
    contextes = []

    def _entrer(personne=None, taille="1440", **options):
        contexte = browser.new_context(
            locale="fr-FR",
            timezone_id="Europe/Paris",
            viewport=TAILLES[taille],
            base_url=live_server.url,
            accept_downloads=True,
            **options,
        )
        contexte.set_default_timeout(15_000)
        if personne is not None:
            contexte.add_cookies([{"url": live_server.url, **_temoin_de_session(personne)}])
        page = contexte.new_page()
        erreurs = []
        page.on("console", lambda m: erreurs.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: erreurs.append(str(e)))
        page.erreurs = erreurs
        contextes.append(contexte)
        return page

    yield _entrer
    for contexte in contextes:
        contexte.close()


@pytest.fixture
def verifier():
    """Aucune violation WCAG 2.2 AA aux deux tailles, aucun défilement horizontal, aucune erreur de console.

    Le parcours va au bout, puis dit tout ce qui n’allait pas, page par page.
    """
    defauts = []

    def _verifier(page, nom):
        for taille, dimensions in TAILLES.items():
            page.set_viewport_size(dimensions)
            page.evaluate("window.scrollTo(0, 0)")
            if not page.evaluate("Boolean(window.axe)"):
                page.evaluate(AXE)
            violations = page.evaluate(
                "async regles => (await axe.run(document, {runOnly: {type: 'tag', values: regles}}))"
                ".violations"
                ".map(v => v.id + ' : ' + v.nodes.map(n => n.target.join(' ')).slice(0, 4).join(' | '))",
                REGLES_WCAG,
            )
            defauts.extend(f"{nom}, {taille} px, {v}" for v in violations)
            largeur = page.evaluate("document.documentElement.scrollWidth")
            if largeur > dimensions["width"]:
                defauts.append(f"{nom}, {taille} px, défile de côté ({largeur} px)")
            if CAPTURES:
                Path(CAPTURES).mkdir(parents=True, exist_ok=True)
                page.screenshot(path=f"{CAPTURES}/{nom}-{taille}.png", full_page=True)
        page.set_viewport_size(TAILLES["1440"])
        defauts.extend(f"{nom}, console : {e}" for e in page.erreurs if "style-src" not in e or not CAPTURES)
        page.erreurs.clear()

    yield _verifier
    assert defauts == []
