"""La grille 2020 du chapitre V d’une convention réelle (article 5.6)."""

from decimal import Decimal

from dpd.conventions.regles.tarifs import Tranche

PRIX = (
    (0, 300, 400, 250),
    (301, 500, 560, 350),
    (501, 700, 770, 450),
    (701, 900, 1040, 650),
    (901, 2000, 1200, 750),
    (2001, 2500, 1360, 850),
    (2501, 5000, 1520, 950),
    (5001, 10000, 2080, 1300),
)
GRILLE = tuple(Tranche(a, b, Decimal(m), Decimal(s)) for a, b, m, s in PRIX)
