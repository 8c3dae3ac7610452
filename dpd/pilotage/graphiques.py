"""Les nombres d’un graphique, prêts pour un SVG rendu par le serveur."""

from dataclasses import dataclass

LARGEUR = 700
ECART = 4
CASES_MAX = 60


@dataclass(frozen=True, slots=True)
class Case:
    x: float
    largeur: float
    remplissage: str  # g-plein, g-raye, g-points, g-vide


@dataclass(frozen=True, slots=True)
class Barre:
    """Une barre de cases et la phrase qui l’énonce."""

    cases: tuple[Case, ...]
    phrase: str
    legende: tuple[tuple[str, str, int], ...]  # (remplissage, libellé, nombre)


def barre_de_registre(comptes: dict[str, int]) -> Barre:
    """Une case par fiche : complètes, à compléter, brouillons."""
    brouillons, a_completer = comptes["brouillon"], comptes["a_completer"]
    completes = comptes["total"] - brouillons - a_completer
    groupes = (
        ("g-plein", "complète" if completes < 2 else "complètes", completes),
        ("g-raye", "à compléter", a_completer),
        ("g-vide", "en brouillon", brouillons),
    )
    phrase = ", ".join(f"{n}\u00a0{libelle}" for _, libelle, n in groupes if n)
    return Barre(_cases(groupes), phrase, tuple(g for g in groupes if g[2]))


def _cases(groupes) -> tuple[Case, ...]:
    total = sum(n for _, _, n in groupes)
    if not total:
        return ()
    if total > CASES_MAX:
        return _proportions(groupes, total)
    pas = LARGEUR / total
    cases, x = [], 0.0
    for remplissage, _, n in groupes:
        for _ in range(n):
            cases.append(Case(round(x + 1, 1), round(pas - ECART, 1), remplissage))
            x += pas
    return tuple(cases)


def _proportions(groupes, total) -> tuple[Case, ...]:
    cases, x = [], 0.0
    for remplissage, _, n in groupes:
        if n:
            largeur = LARGEUR * n / total
            cases.append(Case(round(x + 1, 1), round(max(largeur - ECART, 2), 1), remplissage))
            x += largeur
    return tuple(cases)
