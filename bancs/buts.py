"""Les dix-neuf buts, chacun lu dans les mesures d’un même passage ; un but non mesuré le dit."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bancs.mesures import Absente, Banc

PAGES_DE_LISTE = ("registre", "portefeuille", "violations du portefeuille", "demandes du portefeuille")
PAGES_DE_FICHE = ("fiche", "violation", "demande de droits")
ACCUEILS = ("accueil du DPD", "accueil du référent")
EXPORTS = ("CSV", "JSON", "XLSX", "ODS", "PDF")
TOUTES = (*PAGES_DE_LISTE, *PAGES_DE_FICHE, *ACCUEILS)
GRANDE = 1_000


@dataclass(frozen=True, slots=True)
class Constat:
    """Une valeur devant sa limite. ``unite`` : « × », « requêtes », « Mo »…"""

    quoi: str
    valeur: float
    limite: float
    unite: str = "×"
    au_moins: bool = False

    @property
    def tenu(self) -> bool:
        return self.valeur >= self.limite if self.au_moins else self.valeur <= self.limite


@dataclass(frozen=True, slots=True)
class But:
    cle: str
    libelle: str
    constater: Callable[[Banc, str], Iterator[Constat]]


def _p1(banc: Banc, moteur: str) -> Iterator[Constat]:
    for pages, limite in ((PAGES_DE_LISTE, 10), (PAGES_DE_FICHE, 12), (ACCUEILS, 15)):
        for page in pages:
            comptes = {m.requetes for m in banc.filtrer(page, moteur=moteur)}
            if not comptes:
                raise Absente(page)
            yield Constat(page, max(comptes), limite, "requêtes")
            yield Constat(f"{page}, écart entre les tailles", max(comptes) - min(comptes), 0, "requêtes")
    for format in EXPORTS:
        comptes = {m.requetes for m in banc.filtrer(f"export {format}", moteur=moteur)}
        if not comptes:
            raise Absente(format)
        yield Constat(f"export {format}", max(comptes), 12, "requêtes")
        yield Constat(f"export {format}, écart entre les tailles", max(comptes) - min(comptes), 0, "requêtes")


def _p2(banc: Banc, moteur: str) -> Iterator[Constat]:
    valeur = banc.rapport("registre", "tableau nu", moteur=moteur, taille=GRANDE)
    yield Constat("liste de 50, contre le tableau nu", valeur, 2)


def _p4(banc: Banc, moteur: str) -> Iterator[Constat]:
    yield Constat(
        "accueil du DPD, contre son SQL",
        banc.rapport("accueil du DPD", "sql", moteur=moteur, taille=GRANDE),
        3,
    )
    pente = banc.croissance("accueil du DPD", moteur=moteur)
    if pente is not None:
        yield Constat("croissance", pente, 1.05, "exposant")


def _export(banc: Banc, moteur: str, format: str, fiches: int, fois: float, memoire: float | None):
    yield Constat(
        f"{format}, {fiches} fiches",
        banc.rapport(f"export {format}", "nu", moteur=moteur, fiches=fiches),
        fois,
    )
    if memoire is not None:
        mesure = banc.une(f"mémoire, export {format}", moteur=moteur, fiches=fiches)
        yield Constat("mémoire ajoutée", mesure.dits["memoire_ajoutee"], memoire, "Mo")


def _p5(banc: Banc, moteur: str) -> Iterator[Constat]:
    yield from _export(banc, moteur, "XLSX", 10_000, 1.5, 80)


def _p6(banc: Banc, moteur: str) -> Iterator[Constat]:
    for format in ("CSV", "JSON"):
        yield from _export(banc, moteur, format, 10_000, 3, 60)
        mesure = banc.une(f"export {format}", moteur=moteur, fiches=10_000)
        yield Constat(f"{format}, premier octet", 100 * min(mesure.dits["premier_octet"]), 10, "% du total")


def _p7(banc: Banc, moteur: str) -> Iterator[Constat]:
    yield from _export(banc, moteur, "PDF", 10_000, 4, None)
    mesure = banc.une("mémoire, export PDF", moteur=moteur, fiches=10_000)
    yield Constat("mémoire du processus", mesure.dits["memoire"], 250, "Mo")
    pente = banc.croissance("export PDF", sur="fiches", moteur=moteur)
    if pente is not None:
        yield Constat("croissance", pente, 1.05, "exposant")


def _p8(banc: Banc, moteur: str) -> Iterator[Constat]:
    yield from _export(banc, moteur, "ODS", 1_000, 1.5, None)


def _p9(banc: Banc, moteur: str) -> Iterator[Constat]:
    mesure = banc.une("import, aperçu", moteur=moteur, lignes=10_000)
    yield Constat(
        "aperçu, contre lecture et contrôle",
        banc.rapport("import, aperçu", "lecture et contrôle", moteur=moteur, lignes=10_000),
        3,
    )
    yield Constat("requêtes par ligne", mesure.requetes / mesure.dits["unites"], 0.1, "requête")


def _p10(banc: Banc, moteur: str) -> Iterator[Constat]:
    mesure = banc.une("étape de fiche", moteur=moteur, taille=GRANDE)
    yield Constat("étape de fiche", mesure.requetes, 12, "requêtes")
    yield Constat(
        "contre l’écriture nue", banc.rapport("étape de fiche", "nu", moteur=moteur, taille=GRANDE), 2
    )


def _p11(banc: Banc, moteur: str) -> Iterator[Constat]:
    mesure = banc.une("incident", moteur=moteur, taille=GRANDE, lignes=200)
    yield Constat("par commune touchée", mesure.requetes / 200, 10, "requêtes")
    yield Constat("croissance", _pente(banc, "incident", moteur), 1.05, "exposant")


def _p12(banc: Banc, moteur: str) -> Iterator[Constat]:
    yield Constat("500 états, croissance", _pente(banc, "états annuels", moteur), 1.05, "exposant")
    mesure = banc.une("états annuels", moteur=moteur, lignes=500)
    yield Constat("mémoire ajoutée", mesure.dits["memoire_ajoutee"], 100, "Mo")


def _pente(banc: Banc, groupe: str, moteur: str) -> float:
    pente = banc.croissance(groupe, sur="lignes", moteur=moteur, taille=GRANDE)
    if pente is None:
        raise Absente(groupe)
    return pente


def _p13(banc: Banc, moteur: str) -> Iterator[Constat]:
    pente = banc.croissance("relancer, 10 échéances", moteur=moteur)
    if pente is None:
        raise Absente("relances")
    yield Constat("dix échéances, selon les collectivités", pente, 0.2, "exposant")


def _p14(banc: Banc, moteur: str) -> Iterator[Constat]:
    for page in ("registre", "portefeuille"):
        yield Constat(f"{page}, 35 000 × 60", banc.rapport(page, "sql", moteur=moteur, taille=35_000), 3)


def _p15(banc: Banc, moteur: str) -> Iterator[Constat]:
    nous = banc.une("échéances ouvrées").par_unite
    yield Constat("contre la table lue à nu", nous / banc.une("échéances ouvrées", "table").par_unite, 3)
    boucle = banc.une("échéances ouvrées", "boucle").par_unite
    yield Constat("plus vite que la boucle naïve", boucle / nous, 10, au_moins=True)


def _p16(banc: Banc, moteur: str) -> Iterator[Constat]:
    dpd = banc.une("registre, par le DPD", moteur=moteur, taille=GRANDE)
    yield Constat(
        "DPD contre référente", dpd.secondes / banc.une("registre", moteur=moteur, taille=GRANDE).secondes, 2
    )
    parametres = max(m.dits["parametres"] for page in TOUTES for m in banc.filtrer(page, moteur=moteur))
    yield Constat("paramètres d’une requête", parametres, 100, "paramètres")


def _p17(banc: Banc, moteur: str) -> Iterator[Constat]:
    grande = banc.une("créer une collectivité", moteur=moteur, taille=GRANDE)
    petite = banc.une("créer une collectivité", moteur=moteur, taille=10)
    yield Constat("la 1 001e contre la 11e", grande.secondes / petite.secondes, 1.2)
    yield Constat("création", grande.requetes, 20, "requêtes")


def _p18(banc: Banc, moteur: str) -> Iterator[Constat]:
    # Seize fils comme la production les sert : dans deux processus.
    seize = banc.une("écritures concurrentes", "16 fils, 2 processus", moteur=moteur)
    yield Constat("verrous refusés", seize.dits["refus"], 0, "refus")
    if moteur == "postgresql":
        seul = banc.une("écritures concurrentes", "1 fils, 1 processus", moteur=moteur)
        gain = seize.dits["ecritures_par_seconde"] / seul.dits["ecritures_par_seconde"]
        yield Constat("16 fils contre un", gain, 1.5, au_moins=True)


def _p19(banc: Banc, moteur: str) -> Iterator[Constat]:
    pointes = [
        (m.dits["memoire"], m.groupe) for m in banc.mesures if m.moteur == moteur and "memoire" in m.dits
    ]
    if not pointes:
        raise Absente("mémoire")
    pointe, ou = max(pointes)
    yield Constat(f"pointe d’un processus ({ou})", pointe, 250, "Mo")


def _hors_du_banc(banc: Banc, moteur: str) -> Iterator[Constat]:
    raise Absente("se mesure à côté du projet, contre l’application paire")
    yield  # fait de cette fonction un générateur, comme les autres


BUTS = (
    But("P1", "requêtes par page et par export, constantes", _p1),
    But("P2", "liste de 50 contre le tableau nu", _p2),
    But("P3", "liste de 50 contre le pair", _hors_du_banc),
    But("P4", "accueil du DPD contre son SQL", _p4),
    But("P5", "export XLSX contre openpyxl", _p5),
    But("P6", "exports CSV et JSON contre lecture et écriture nues", _p6),
    But("P7", "export PDF contre canevas", _p7),
    But("P8", "export ODS contre l’écriture nue", _p8),
    But("P9", "import XLSX, aperçu compris", _p9),
    But("P10", "enregistrer une étape de fiche", _p10),
    But("P11", "incident sur 200 communes", _p11),
    But("P12", "500 états annuels", _p12),
    But("P13", "relances selon les échéances, pas les collectivités", _p13),
    But("P14", "échelle nationale", _p14),
    But("P15", "échéances ouvrées", _p15),
    But("P16", "DPD de mille collectivités contre référente d’une", _p16),
    But("P17", "créer la 1 001e collectivité", _p17),
    But("P18", "seize fils d’écriture", _p18),
    But("P19", "mémoire d’un processus web", _p19),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``etat`` : « tenu », « non tenu » ou « non mesuré »."""

    but: But
    moteur: str
    etat: str
    constats: tuple[Constat, ...] = ()
    pourquoi: str = ""


def juger(banc: Banc, moteur: str) -> list[Verdict]:
    """Un verdict par but ; il suffit d’un constat manqué pour qu’il ne soit pas tenu."""
    return [_juger(but, banc, moteur) for but in BUTS]


def _juger(but: But, banc: Banc, moteur: str) -> Verdict:
    try:
        constats = tuple(but.constater(banc, moteur))
    except Absente as absence:
        return Verdict(but, moteur, "non mesuré", pourquoi=str(absence))
    etat = "tenu" if constats and all(c.tenu for c in constats) else "non tenu"
    return Verdict(but, moteur, etat, constats)
