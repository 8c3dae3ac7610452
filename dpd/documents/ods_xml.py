"""Le XML de nos ODS : ce qui ne change pas d’un classeur à l’autre, et l’échappement du texte."""

import re
from collections.abc import Iterable
from functools import lru_cache
from xml.sax.saxutils import escape

LARGEUR_PAR_DEFAUT = 18
LARGEUR_MAXIMALE = 120
CM_PAR_CARACTERE = 0.2
COURT = 200  # caractères
GENERATEUR = "DPD mutualisé"

_PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ESPACES_DE_NOMS = " ".join(
    f'xmlns:{prefixe}="urn:oasis:names:tc:opendocument:xmlns:{nom}:1.0"'
    for prefixe, nom in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
        ("meta", "meta"),
        ("config", "config"),
    )
)
_RACINE = f'{_ESPACES_DE_NOMS} xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'

MANIFESTE = (
    _PROLOGUE
    + '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    + 'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" '
    + 'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{nom}" manifest:media-type="text/xml"/>'
        for nom in ("content.xml", "styles.xml", "meta.xml", "settings.xml")
    )
    + "</manifest:manifest>"
)

META = (
    _PROLOGUE
    + f"<office:document-meta {_RACINE}><office:meta><meta:generator>{GENERATEUR}</meta:generator>"
    + "<dc:title>{titre}</dc:title><dc:subject>{sujet}</dc:subject>"
    + "<dc:description>{description}</dc:description><dc:language>fr-FR</dc:language>"
    + "<meta:initial-creator>{auteur}</meta:initial-creator><dc:creator>{auteur}</dc:creator>"
    + "<meta:creation-date>{date}</meta:creation-date><dc:date>{date}</dc:date>"
    + "</office:meta></office:document-meta>"
)


def _style(nom: str, texte: str, cellule: str = "") -> str:
    return (
        f'<style:style style:name="{nom}" style:family="table-cell" style:parent-style-name="Default">'
        f'<style:table-cell-properties style:vertical-align="top" fo:wrap-option="wrap"{cellule}/>'
        f"<style:text-properties {texte}/></style:style>"
    )


_GRAS = 'fo:font-weight="bold"'
STYLES = (
    _PROLOGUE
    + f'<office:document-styles {_RACINE}><office:styles><style:style style:name="Default" '
    + 'style:family="table-cell"><style:text-properties fo:font-size="10.5pt" fo:color="#1f2428" '
    + 'fo:language="fr" fo:country="FR"/></style:style>'
    + _style("normal", 'fo:color="#1f2428"')
    + _style("titre", f'fo:font-size="15pt" {_GRAS}')
    + _style("entete", _GRAS, ' fo:border-bottom="0.75pt solid #867b6c"')
    + _style("libelle", f'{_GRAS} fo:color="#4c535a"')
    + _style("discret", 'fo:font-size="9.5pt" fo:color="#4c535a"')
    + _style("manque", f'{_GRAS} fo:color="#75500a"', ' fo:border="0.75pt dashed #75500a"')
    + "</office:styles></office:document-styles>"
)


def style_de_colonne(largeur: int) -> str:
    """Le style d’une colonne de tant de caractères, borné à ce que nous déclarons d’avance."""
    return f"co{min(max(largeur, 1), LARGEUR_MAXIMALE)}"


# Les largeurs se déclarent avant les lignes, qui arrivent au fil de l’eau : on les déclare toutes.
_COLONNES = "".join(
    f'<style:style style:name="co{n}" style:family="table-column">'
    f'<style:table-column-properties style:column-width="{n * CM_PAR_CARACTERE:.2f}cm"/></style:style>'
    for n in range(1, LARGEUR_MAXIMALE + 1)
)
DEBUT_CONTENU = (
    _PROLOGUE
    + f"<office:document-content {_RACINE}><office:automatic-styles>{_COLONNES}"
    + '<style:style style:name="ligne" style:family="table-row">'
    + '<style:table-row-properties style:use-optimal-row-height="true"/></style:style>'
    + '<style:style style:name="feuille" style:family="table"><style:table-properties table:display="true"/>'
    + "</style:style></office:automatic-styles><office:body><office:spreadsheet>"
)
FIN_CONTENU = "</office:spreadsheet></office:body></office:document-content>"

_ESPACES = re.compile("^ +| {2,}| +$")


def paragraphes(texte: str) -> str:
    """Les ``text:p`` d’une cellule, un par ligne de texte."""
    return _gardes(texte) if len(texte) <= COURT else _ecrire(texte)


def _ecrire(texte: str) -> str:
    return "".join(f"<text:p>{paragraphe(ligne)}</text:p>" for ligne in texte.split("\n"))


# Un libellé revient d’une fiche à l’autre ; un récit, non.
_gardes = lru_cache(maxsize=4_096)(_ecrire)


def paragraphe(texte: str) -> str:
    """Le contenu d’un ``text:p`` : échappé, espaces multiples conservés."""
    return _ESPACES.sub(_repeter, escape(texte))


def _repeter(trouve: re.Match[str]) -> str:
    return f'<text:s text:c="{len(trouve.group())}"/>'


def _reglage(nom: str, genre: str, valeur: object) -> str:
    return f'<config:config-item config:name="{nom}" config:type="{genre}">{valeur}</config:config-item>'


def reglages(figees: Iterable[tuple[str, int]]) -> str:
    """``settings.xml`` : pour chaque (feuille, lignes), l’en-tête reste visible au défilement."""
    feuilles = "".join(
        f'<config:config-item-map-entry config:name="{escape(nom, {chr(34): "&quot;"})}">'
        + _reglage("VerticalSplitMode", "short", 2)
        + _reglage("VerticalSplitPosition", "int", lignes)
        + _reglage("ActiveSplitRange", "short", 2)
        + _reglage("PositionBottom", "int", lignes)
        + "</config:config-item-map-entry>"
        for nom, lignes in figees
    )
    return (
        f"{_PROLOGUE}<office:document-settings {_RACINE}><office:settings><config:config-item-set "
        'config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">'
        "<config:config-item-map-entry>"
        + _reglage("ViewId", "string", "view1")
        + f'<config:config-item-map-named config:name="Tables">{feuilles}</config:config-item-map-named>'
        "</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set>"
        "</office:settings></office:document-settings>"
    )
