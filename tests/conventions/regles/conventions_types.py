"""Les clauses des quatre conventions réelles, recopiées de leurs articles."""

from datetime import date

from dpd.conventions.enums import Depart, Forme, Preavis, Reconduction
from dpd.conventions.regles.clauses import Clauses

TRANCHES = Clauses(  # un an de la dernière signature, tacite, LRAR trois mois avant (art. 6.4)
    depart=Depart.SIGNATURE,
    reconduction=Reconduction.TACITE,
    preavis=Preavis.AVANT_ECHEANCE,
    forme=Forme.LRAR,
    duree_mois=12,
    preavis_mois=3,
    article_denonciation="article 6.4",
)
DATES_FIXES = Clauses(  # avant le 31 octobre ou le 31 juillet, pour le 31 décembre (art. 23 et 24)
    depart=Depart.SIGNATURE,
    reconduction=Reconduction.TACITE,
    preavis=Preavis.DATES_FIXES,
    forme=Forme.NOTIFICATION,
    limite_collectivite=(10, 31),
    limite_structure=(7, 31),
    fin_annuelle=(12, 31),
    hausse_mois=3,
    article_denonciation="article 24",
    article_hausse="article 23",
)
GLISSANTE = Clauses(  # un an, tacite, résiliation à deux mois (art. 6)
    depart=Depart.SIGNATURE,
    reconduction=Reconduction.TACITE,
    preavis=Preavis.GLISSANT,
    forme=Forme.ECRIT,
    duree_mois=12,
    preavis_mois=2,
)
EXPRESSE = Clauses(  # cinq ans au 1er janvier 2021, renouvellement exprès six mois avant (art. 9 et 10)
    depart=Depart.DATE_FIXE,
    date_fixe=date(2021, 1, 1),
    reconduction=Reconduction.EXPRESSE,
    renouvellement_mois=6,
    preavis=Preavis.GLISSANT,
    forme=Forme.LRAR,
    duree_mois=60,
    preavis_mois=6,
)
