"""Un export long se prépare en flux : sa mémoire ne suit pas le nombre de fiches."""

import gc
import tracemalloc
from io import RawIOBase

import pytest

from dpd.documents import csv_, json_, ods, pdf, xlsx
from tests.documents.exemples import registre

# Le nombre de fiches à partir duquel le tampon d’écriture est plein.
ECRIVAINS = {"csv": (csv_, 1500), "json": (json_, 1500), "ods": (ods, 100), "xlsx": (xlsx, 100)}
OCTETS_PAR_FICHE = 6_000  # dix mille fiches tiennent donc sous 60 Mo


class Puits(RawIOBase):
    """Une sortie qui compte les octets sans les garder."""

    def __init__(self):
        self.position = 0

    def writable(self):
        return True

    def tell(self):
        return self.position

    def write(self, octets):
        self.position += len(octets)
        return len(octets)


def pic(module, nombre):
    document = registre(nombre, sommaire=False)  # ses titres, eux, sont en mémoire : hors de la mesure
    gc.collect()
    tracemalloc.start()
    try:
        module.ecrire(document, Puits())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("format_", ECRIVAINS)
def test_quatre_fois_plus_de_fiches_ne_double_pas_la_memoire(format_):
    module, nombre = ECRIVAINS[format_]
    pic(module, 5)  # ce qui se charge une fois pour toutes
    assert pic(module, 4 * nombre) < 2 * pic(module, nombre)


def test_le_pdf_ne_garde_de_chaque_fiche_que_sa_place_dans_le_fichier():
    pic(pdf, 5)  # les polices
    court, long = pic(pdf, 100), pic(pdf, 400)
    assert (long - court) / 300 < OCTETS_PAR_FICHE


@pytest.mark.parametrize("format_", ["csv", "json"])
def test_le_premier_morceau_part_avant_que_tout_soit_lu(format_):
    lus = 0

    def compter(elements):
        nonlocal lus
        for element in elements:
            lus += 1
            yield element

    modele = registre(5000)
    feuille = next(modele.feuilles())
    document = registre(
        5000,
        feuilles=lambda: iter((type(feuille)("F", lambda: compter(feuille.lignes())),)),
        enregistrements=lambda: compter(modele.enregistrements()),
    )
    morceaux = ECRIVAINS[format_][0].morceaux(document)
    next(morceaux)
    assert lus < 2500
    assert sum(1 for _ in morceaux) >= 2
    assert lus >= 5000
