"""Relire un PDF : son texte, tel qu’un lecteur d’écran l’entend, et son arbre de balises."""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2


def texte_du_pdf(octets: bytes) -> str:
    """Le texte tel qu’un lecteur ordinaire le copie : celui des pages, dans l’ordre où elles le tracent."""
    with pypdfium2.PdfDocument(octets) as lu:
        return "\n".join(page.get_textpage().get_text_bounded() for page in lu)


def _table(police: Any) -> dict[int, str]:
    """Code vers caractère, d’après la table ``ToUnicode`` de la police."""
    cmap = bytes(police.ToUnicode.read_bytes()).decode("latin-1")
    table: dict[int, str] = {}
    for bloc in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.S):
        for debut, _, cibles in re.findall(r"<(\w+)>\s*<(\w+)>\s*\[(.*?)\]", bloc, re.S):
            for rang, cible in enumerate(re.findall(r"<(\w+)>", cibles)):
                table[int(debut, 16) + rang] = bytes.fromhex(cible).decode("utf-16-be")
    for bloc in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.S):
        for code, cible in re.findall(r"<(\w+)>\s*<(\w+)>", bloc):
            table[int(code, 16)] = bytes.fromhex(cible).decode("utf-16-be")
    return table


def contenus(page: Any) -> tuple[dict[int, str], str]:
    """Le texte de chaque contenu marqué de la page, et celui de ses artefacts."""
    tables = {nom: _table(police) for nom, police in page.Resources.Font.items()}
    marques: dict[int, str] = {}
    artefacts, en_cours, table = "", None, {}
    for operandes, operateur in pikepdf.parse_content_stream(page):
        match str(operateur):
            case "BDC" if "/MCID" in (operandes[1] if isinstance(operandes[1], pikepdf.Dictionary) else {}):
                en_cours = int(operandes[1].MCID)
            case "EMC":
                en_cours = None
            case "Tf":
                table = tables[str(operandes[0])]
            case "Tj":
                texte = "".join(table.get(octet, "�") for octet in bytes(operandes[0]))
                if en_cours is None:
                    artefacts += texte
                else:
                    marques[en_cours] = marques.get(en_cours, "") + texte
    return marques, artefacts


class Arbre:
    """L’arbre de structure, aplati : (profondeur, type, texte propre, attributs)."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._textes = {page.objgen: contenus(page)[0] for page in pdf.pages}
        self.racine = pdf.Root.StructTreeRoot
        self.noeuds = list(self._parcourir(self.racine.K, 0))

    def _parcourir(self, noeud: Any, profondeur: int) -> Iterator[tuple[int, str, str, Any]]:
        fils = list(noeud.K) if isinstance(noeud.K, pikepdf.Array) else [noeud.K]
        texte = "".join(self._texte(noeud, enfant) for enfant in fils)
        yield profondeur, str(noeud.S), texte.strip(), noeud.get("/A")
        for enfant in fils:
            if isinstance(enfant, pikepdf.Dictionary) and "/S" in enfant:
                yield from self._parcourir(enfant, profondeur + 1)

    def _texte(self, noeud: Any, enfant: Any) -> str:
        if isinstance(enfant, int):
            return self._textes[noeud.Pg.objgen][enfant]
        if enfant.get("/Type") == "/MCR":
            return self._textes[enfant.Pg.objgen][int(enfant.MCID)]
        return ""

    def textes(self, type_: str) -> list[str]:
        return [texte for _, type_lu, texte, _ in self.noeuds if type_lu == type_]

    def types(self) -> set[str]:
        return {type_lu for _, type_lu, _, _ in self.noeuds}
