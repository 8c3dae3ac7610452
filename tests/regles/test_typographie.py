"""Dates, heures, nombres et mots à la française."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from dpd.regles import typographie as t

PARIS = ZoneInfo("Europe/Paris")


def lisible(texte):
    """Les espaces insécables rendues ordinaires, pour relire le test."""
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def test_une_date_longue_dit_le_jour_et_le_mois():
    assert t.date_longue(date(2026, 11, 23)) == "lundi 23\u00a0novembre 2026"
    assert lisible(t.date_longue(date(2026, 11, 1))) == "dimanche 1er novembre 2026"


@pytest.mark.parametrize(
    ("mois", "court"),
    list(
        enumerate(
            [
                "janv.",
                "févr.",
                "mars",
                "avr.",
                "mai",
                "juin",
                "juill.",
                "août",
                "sept.",
                "oct.",
                "nov.",
                "déc.",
            ],
            1,
        )
    ),
)
def test_une_date_courte_abrege_le_mois(mois, court):
    assert lisible(t.date_courte(date(2026, mois, 23))) == f"23 {court} 2026"
    assert lisible(t.date_courte(date(2026, mois, 1))) == f"1er {court} 2026"


def test_un_instant_se_lit_dans_le_fuseau_qu_il_porte():
    instant = datetime(2026, 11, 23, 17, 25, tzinfo=PARIS)
    assert t.instant_long(instant) == "lundi 23\u00a0novembre 2026 à 17\u00a0h\u00a025"
    assert lisible(t.instant_court(datetime(2026, 11, 20, 11, 5, tzinfo=PARIS))) == "20 nov. 2026, 11 h 05"
    assert lisible(t.heure(instant.astimezone(UTC))) == "16 h 25"
    assert lisible(t.heure(datetime(2026, 11, 23, 9, 41, tzinfo=PARIS))) == "9 h 41"
    assert lisible(t.heure(datetime(2026, 11, 23, 0, 0, tzinfo=PARIS))) == "0 h 00"


@pytest.mark.parametrize("fonction", [t.instant_long, t.instant_court, t.heure])
def test_un_instant_naif_ne_s_affiche_pas(fonction):
    with pytest.raises(ValueError, match="fuseau"):
        fonction(datetime(2026, 11, 23, 17, 25))  # noqa: DTZ001 — naïf exprès : la règle le refuse


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (0, "0"),
        (999, "999"),
        (1556, "1\u202f556"),
        (1234567, "1\u202f234\u202f567"),
        (-1556, "-1\u202f556"),
        (Decimal("0.97975"), "0,97975"),
        (Decimal("1234.50"), "1\u202f234,50"),
        (Decimal("1E+3"), "1\u202f000"),
    ],
)
def test_les_milliers_sont_separes_d_une_fine_insecable(valeur, attendu):
    assert t.nombre(valeur) == attendu


@pytest.mark.parametrize(
    ("montant", "attendu"),
    [("1200", "1 200,00 €"), ("0.005", "0,01 €"), ("128.514", "128,51 €"), ("-3.5", "-3,50 €")],
)
def test_un_montant_a_deux_decimales_et_l_euro(montant, attendu):
    assert lisible(t.euros(Decimal(montant))) == attendu
    assert t.euros(Decimal(montant)).endswith("\u00a0€")


@pytest.mark.parametrize(
    ("n", "mot"), [(0, "fiche"), (1, "fiche"), (-1, "fiche"), (2, "fiches"), (14, "fiches")]
)
def test_le_pluriel_commence_a_deux(n, mot):
    assert t.pluriel(n, "fiche") == mot


def test_un_pluriel_irregulier_se_donne():
    assert t.pluriel(2, "journal", "journaux") == "journaux"
    assert t.pluriel(1, "journal", "journaux") == "journal"
    assert lisible(t.compte(1556, "habitant")) == "1 556 habitants"
    assert lisible(t.compte(3, "avis", "avis")) == "3 avis"


def test_un_petit_nombre_s_ecrit_en_lettres():
    assert [t.en_lettres(n) for n in (0, 1, 7, 10, 11, -1)] == ["zéro", "une", "sept", "dix", "11", "-1"]


def test_une_enumeration_finit_par_et():
    assert t.enumeration(()) == ""
    assert t.enumeration(("a",)) == "a"
    assert t.enumeration(("a", "b")) == "a et b"
    assert t.enumeration(("a", "b", "c")) == "a, b et c"


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("Montpezat-de-Quercy", "de Montpezat-de-Quercy"),
        ("Auvillar", "d’Auvillar"),
        ("Le Fau", "du Fau"),
        ("Les Barthes", "des Barthes"),
        ("La Ville-Dieu-du-Temple", "de La Ville-Dieu-du-Temple"),
        ("L’Honor-de-Cos", "de L’Honor-de-Cos"),
        ("Lescar", "de Lescar"),
        ("Évry", "d’Évry"),
        ("Œuilly", "d’Œuilly"),
        ("Hyères", "d’Hyères"),
        ("Hérouville", "d’Hérouville"),
        ("Houilles", "de Houilles"),
        ("Yvetot", "d’Yvetot"),
        ("Yutz", "de Yutz"),
        ("Le", "de Le"),
    ],
)
def test_le_nom_d_une_commune_s_elide_et_se_contracte(nom, attendu):
    assert t.de(nom) == attendu
