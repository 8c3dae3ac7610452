"""Ce que « make bench » imprime et écrit : les mesures, leurs rapports, leurs exposants, et les verdicts."""

from collections.abc import Iterable, Iterator

from bancs.buts import Constat, Verdict
from bancs.mesures import Banc, Mesure, exposant

PLANCHERS = ("vide", "tableau nu", "sql", "nu", "lecture", "lecture et contrôle", "table", "boucle")
LIGNE = "{:44} {:10} {:>10} {:>10} {:>10} {:>5}  {}"
GRANDEURS = ("fiches", "lignes", "echues", "fils")


def mesures(banc: Banc) -> Iterator[str]:
    """Une ligne par mesure : combien, contre quoi, combien de requêtes."""
    yield LIGNE.format("mesure", "moteur", "taille", "médiane", "p95", "req.", "contre les planchers")
    for mesure in banc.mesures:
        if mesure.role in PLANCHERS:
            continue
        contre = ", ".join(f"{n} × {f:.1f}" for n, f in _rapports(banc, mesure))
        p95 = mesure.dits.get("p95", mesure.p95)
        temps = (duree(_mediane(mesure)), duree(p95))
        requetes = str(mesure.requetes or "")
        ou = (mesure.groupe[:44], mesure.moteur, _taille(mesure))
        yield LIGNE.format(*ou, *temps, requetes, contre + _suite(mesure))


def _mediane(mesure: Mesure) -> float:
    return mesure.dits.get("p50", mesure.secondes)


def _taille(mesure: Mesure) -> str:
    grandeur = next((f"{mesure.dits[g]} {g}" for g in GRANDEURS if g in mesure.dits), "")
    return grandeur or str(mesure.taille or "")


def _suite(mesure: Mesure) -> str:
    dits = mesure.dits
    morceaux = [f"{dits['memoire_ajoutee']:.0f} Mo de plus"] if "memoire_ajoutee" in dits else []
    if "ecritures_par_seconde" in dits:
        vitesse, processus = dits["ecritures_par_seconde"], dits["processus"]
        morceaux.append(f"{processus} processus, {vitesse:.0f}/s, {dits['refus']} refus")
    if "p50" in dits:
        morceaux.append(f"{dits['unites'] / mesure.secondes:.0f} pages/s")
    return "".join(f"  {morceau}" for morceau in morceaux)


def _rapports(banc: Banc, mesure: Mesure) -> Iterator[tuple[str, float]]:
    memes = {g: mesure.dits[g] for g in GRANDEURS if g in mesure.dits}
    for role in PLANCHERS:
        for plancher in banc.filtrer(
            mesure.groupe, role, moteur=mesure.moteur, taille=mesure.taille, **memes
        )[:1]:
            yield role, mesure.par_unite / plancher.par_unite


def croissances(banc: Banc) -> Iterator[str]:
    """L’exposant de chaque mesure prise à plusieurs tailles : 0 = constant, 1 = linéaire."""
    yield f"{'croissance':44} {'moteur':10} {'selon':14} {'exposant':>8}"
    for groupe, moteur, role, grandeur, points in _suites(banc):
        pente = exposant(points)
        if pente is not None:
            precision = "" if role == "nous" else f"  ({role})"
            yield f"{groupe[:44]:44} {moteur:10} {grandeur:14} {pente:8.2f}{precision}"


def _suites(banc: Banc) -> Iterator[tuple]:
    suites: dict[tuple, list[tuple[float, float]]] = {}
    for m in banc.mesures:
        grandeur = next((g for g in GRANDEURS if m.dits.get(g)), "collectivités")
        x = m.taille if grandeur == "collectivités" else m.dits[grandeur]
        if x and m.role not in PLANCHERS:
            base = "" if grandeur == "collectivités" or not m.taille else f" ({m.taille} collectivités)"
            suites.setdefault((m.groupe + base, m.moteur, m.role, grandeur), []).append((x, m.secondes))
    for cle, points in suites.items():
        yield (*cle, points)


def verdicts(juges: Iterable[Verdict]) -> Iterator[str]:
    """But par but : tenu ou non, et chaque valeur devant sa limite."""
    for verdict in juges:
        yield f"{verdict.but.cle:4} {verdict.moteur:10} {verdict.etat.upper():10} {verdict.but.libelle}"
        if verdict.pourquoi:
            yield f"{'':26}{verdict.pourquoi}"
        for constat in _a_dire(verdict):
            yield f"{'':26}{'' if constat.tenu else '✗ '}{ecrire(constat)}"


def _a_dire(verdict: Verdict) -> list[Constat]:
    """Tous s’ils sont peu ; sinon les manqués, et le plus proche de sa limite."""
    manques = [c for c in verdict.constats if not c.tenu]
    if len(verdict.constats) <= 6:
        return list(verdict.constats)
    proche = max((c for c in verdict.constats if c.limite), key=lambda c: c.valeur / c.limite, default=None)
    return manques or ([proche] if proche else [])


def ecrire(constat: Constat) -> str:
    """« liste de 50 : 1,8 × pour 2 × au plus »."""
    borne = "au moins" if constat.au_moins else "au plus"
    return f"{constat.quoi} : {_nombre(constat.valeur)} {constat.unite}, {_nombre(constat.limite)} {borne}"


def _nombre(valeur: float) -> str:
    return f"{valeur:.0f}" if float(valeur).is_integer() else f"{valeur:.2f}".replace(".", ",")


def duree(secondes: float) -> str:
    """« 850 µs », « 12,3 ms », « 4,21 s »."""
    for borne, facteur, unite in ((1e-3, 1e6, "µs"), (1, 1e3, "ms")):
        if secondes < borne:
            return f"{secondes * facteur:.1f} {unite}".replace(".", ",")
    return f"{secondes:.2f} s".replace(".", ",")
