"""Les tableaux de ``docs/performance.md``, tirés des mesures : rien n’y est recopié à la main."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bancs.buts import EXPORTS, GRANDE, TOUTES, Constat, Verdict
from bancs.mesures import Banc, Mesure
from bancs.tableau import duree, ecrire

DEBUT, FIN = "<!-- tableaux : make bench, option --rapport -->", "<!-- fin des tableaux -->"
MOTEURS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
ECRITURES = ("étape de fiche", "déclarer une violation", "créer une collectivité")
PAR_LIGNES = (
    *(("incident", 200), ("états annuels", 500), ("import, aperçu", 1_000), ("import, aperçu", 10_000)),
)
PLANCHERS_D_IMPORT = ("lecture", "lecture et contrôle")
RIEN = "–"


def inserer(fichier: Path, banc: Banc, verdicts: Sequence[Verdict]) -> None:
    """Remplace ce qui est entre les deux marques. :raises ValueError: si elles n’y sont pas."""
    texte = fichier.read_text("utf-8")
    avant, debut, suite = texte.partition(DEBUT)
    _, fin, apres = suite.partition(FIN)
    if not debut or not fin:
        raise ValueError(f"{fichier.name} n’a pas les marques des tableaux.")
    corps = "\n".join(lignes(banc, verdicts))
    fichier.write_text(f"{avant}{debut}\n\n{corps}\n{fin}{apres}", "utf-8")


def lignes(banc: Banc, verdicts: Sequence[Verdict]) -> Iterator[str]:
    moteurs = [m for m in MOTEURS if m in banc.moteurs]
    noms = [MOTEURS[m] for m in moteurs]
    yield from _table("Les dix-neuf buts", ["", "But", *noms], _buts(verdicts, moteurs))
    pages = [(p, p) for p in (*TOUTES, "registre, par le DPD")]
    entetes = ["Page", "Requêtes", *_par_moteur(noms, ("médiane", "× vide", "× SQL", "exposant"))]
    yield from _table("Les pages, à mille collectivités", entetes, _pages(banc, pages, moteurs))
    servies = [(p, f"sous charge : {p}") for p in ("vide", "tableau nu", *(p for p, _ in pages))]
    entetes = ["Page", *_par_moteur(noms, ("p50", "p95", "pages/s"))]
    yield from _table("Deux processus, huit clients", entetes, _service(banc, servies, moteurs))
    entetes = ["Export", *_par_moteur(noms, ("durée", "× nu", "mémoire ajoutée"))]
    yield from _table("Les exports d’un registre", entetes, _exports(banc, moteurs))
    entetes = ["Geste", "Requêtes", *_par_moteur(noms, ("durée", "plancher", "exposant"))]
    yield from _table("Les gestes", entetes, _gestes(banc, moteurs))
    entetes = ["Fils", "Processus", *_par_moteur(noms, ("écritures/s", "pire attente", "refus"))]
    yield from _table("Écrire ensemble pendant dix secondes", entetes, _ensemble(banc, moteurs))
    if banc.filtrer("registre", taille=35_000):
        entetes = ["Page", *_par_moteur(noms, ("médiane", "× vide", "× SQL"))]
        yield from _table("Le pays : 35 000 communes de 60 fiches", entetes, _pays(banc, pages, moteurs))


def _table(titre: str, entetes: Sequence[str], corps: Iterable[Sequence[str]]) -> Iterator[str]:
    rangs = list(corps)
    if not rangs:
        return
    yield f"### {titre}"
    yield ""
    for rang in (entetes, ["---"] * len(entetes), *rangs):
        yield f"| {' | '.join(rang)} |"
    yield ""


def _par_moteur(noms: Iterable[str], colonnes: Iterable[str]) -> list[str]:
    colonnes = list(colonnes)
    return [f"{nom}, {colonne}" for nom in noms for colonne in colonnes]


def _buts(verdicts: Sequence[Verdict], moteurs: Sequence[str]) -> Iterator[list[str]]:
    rendus = {(v.but.cle, v.moteur): v for v in verdicts}
    for but in {v.but.cle: v.but for v in verdicts}.values():
        yield [but.cle, but.libelle, *(_verdict(rendus[but.cle, moteur]) for moteur in moteurs)]


def _verdict(verdict: Verdict) -> str:
    """« **tenu** : … », ou ce qui ne l’est pas ; deux constats au plus, les plus près de leur borne."""
    if not verdict.constats:
        return verdict.etat
    manques = [c for c in verdict.constats if not c.tenu]
    dits = manques or sorted((c for c in verdict.constats if c.limite), key=_pres, reverse=True)[:2]
    return f"**{verdict.etat}**. {' ; '.join(map(ecrire, dits))}"


def _pres(constat: Constat) -> float:
    return constat.limite / constat.valeur if constat.au_moins else constat.valeur / constat.limite


def _pages(banc: Banc, pages, moteurs) -> Iterator[list[str]]:
    for nom, groupe in pages:
        trouvees = [_premiere(banc, groupe, moteur=moteur, taille=GRANDE) for moteur in moteurs]
        if any(trouvees):
            yield [nom, _requetes(trouvees), *_suite(banc, trouvees, ("vide", "sql"), sur="taille")]


def _pays(banc: Banc, pages, moteurs) -> Iterator[list[str]]:
    for nom, groupe in pages:
        trouvees = [_premiere(banc, groupe, moteur=moteur, taille=35_000) for moteur in moteurs]
        if any(trouvees):
            yield [nom, *_suite(banc, trouvees, ("vide", "sql"))]


def _service(banc: Banc, pages, moteurs) -> Iterator[list[str]]:
    for nom, groupe in pages:
        rang = [nom]
        for moteur in moteurs:
            m = _premiere(banc, groupe, "service", moteur=moteur)
            debit = f"{m.dits['unites'] / m.secondes:.0f}" if m else RIEN
            rang += [duree(m.dits["p50"]), duree(m.dits["p95"]), debit] if m else [RIEN] * 3
        if set(rang[2:]) != {RIEN}:
            yield rang


def _exports(banc: Banc, moteurs) -> Iterator[list[str]]:
    for format in EXPORTS:
        for fiches in sorted({m.dits["fiches"] for m in banc.filtrer(f"export {format}")}):
            rang = [f"{format}, {_nombre(fiches)} fiches"]
            for moteur in moteurs:
                m = _premiere(banc, f"export {format}", moteur=moteur, fiches=fiches)
                rang += _suite(banc, [m], ("nu",))
                pointe = _premiere(banc, f"mémoire, export {format}", moteur=moteur, fiches=fiches)
                rang.append(f"{pointe.dits['memoire_ajoutee']:.0f} Mo" if pointe else RIEN)
            yield rang


def _gestes(banc: Banc, moteurs) -> Iterator[list[str]]:
    gestes = [(nom, nom, {"taille": GRANDE}, "taille") for nom in ECRITURES]
    gestes += [(f"{nom}, {_nombre(n)}", nom, {"lignes": n}, "lignes") for nom, n in PAR_LIGNES]
    gestes += [
        (nom, nom, {"taille": GRANDE}, "taille")
        for nom in ("relancer, 0 échéances", "relancer, 10 échéances")
    ]
    for nom, groupe, dits, sur in gestes:
        trouvees = [_premiere(banc, groupe, moteur=moteur, **dits) for moteur in moteurs]
        if any(trouvees):
            plancher = PLANCHERS_D_IMPORT[1] if groupe.startswith("import") else "nu"
            yield [nom, _requetes(trouvees), *_suite(banc, trouvees, (plancher,), sur=sur)]


def _ensemble(banc: Banc, moteurs) -> Iterator[list[str]]:
    for fils, processus in ((1, 1), (16, 1), (16, 2)):
        rang, role = [str(fils), str(processus)], f"{fils} fils, {processus} processus"
        for moteur in moteurs:
            m = _premiere(banc, "écritures concurrentes", role, moteur=moteur)
            vitesse = f"{m.dits['ecritures_par_seconde']:.0f}" if m else RIEN
            rang += [vitesse, duree(m.dits["pire"]), str(m.dits["refus"])] if m else [RIEN] * 3
        if set(rang[2:]) != {RIEN}:
            yield rang


def _suite(banc: Banc, mesures, planchers: Sequence[str], sur: str = "") -> list[str]:
    """La durée, son rapport à chaque plancher et, si ``sur`` dit selon quoi, son exposant."""
    rang = []
    for m in mesures:
        if m is None:
            rang += [RIEN] * (1 + len(planchers) + bool(sur))
            continue
        rang.append(duree(m.secondes))
        for role in planchers:
            memes = {cle: m.dits[cle] for cle in ("fiches", "lignes") if cle in m.dits}
            bas = _premiere(banc, m.groupe, role, moteur=m.moteur, taille=m.taille, **memes)
            rang.append(f"× {m.par_unite / bas.par_unite:.1f}".replace(".", ",") if bas else RIEN)
        if sur:
            fixe = {"taille": m.taille} if sur == "lignes" else {}
            pente = banc.croissance(m.groupe, sur=sur, moteur=m.moteur, **fixe)
            rang.append(RIEN if pente is None else f"{pente:.2f}".replace(".", ","))
    return rang


def _premiere(banc: Banc, groupe: str, role: str = "nous", **dits) -> Mesure | None:
    return next(iter(banc.filtrer(groupe, role, **dits)), None)


def _requetes(mesures) -> str:
    return " / ".join(sorted({str(m.requetes) for m in mesures if m}))


def _nombre(n: int) -> str:
    return f"{n:,}".replace(",", "\u202f")
