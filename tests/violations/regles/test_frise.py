"""La frise dit le temps qui passe : une case par heure, les minuits à leur place, le retard en plus."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from violations.regles.frise import Genre, frise
from violations.regles.horloges import Horloge

PARIS = ZoneInfo("Europe/Paris")
CAYENNE = ZoneInfo("America/Cayenne")
T0 = datetime(2026, 11, 20, 17, 25, tzinfo=PARIS)
FIN = datetime(2026, 11, 23, 17, 25, tzinfo=PARIS)
LUNDI = datetime(2026, 11, 23, 9, 40, tzinfo=PARIS)
H72 = Horloge(T0, FIN)


def genres(dessin):
    return [case.genre for case in dessin.cases]


def nombre(pourcent):
    return float(pourcent.removesuffix("%"))


def test_la_frise_de_la_maquette_compte_soixante_quatre_heures_passees_sur_soixante_douze():
    dessin = frise(H72, LUNDI, PARIS)
    assert genres(dessin) == [Genre.PASSE] * 64 + [Genre.RESTE] * 8
    assert dessin.maintenant == "89.24%"
    assert dessin.limites == ("9.14%", "42.48%", "75.81%")
    assert [(jour.x, jour.texte) for jour in dessin.jours] == [
        ("25.81%", "sam.\u00a021"),
        ("59.14%", "dim.\u00a022"),
        ("87.91%", "lun.\u00a023"),
    ]
    assert (dessin.debut, dessin.fin) == ("Ven. 17\u00a0h\u00a025", "Lun. 17\u00a0h\u00a025")
    assert (dessin.cases[0].x, dessin.cases[1].x) == ("0.00%", "1.39%")


def test_les_memes_instants_se_lisent_a_l_heure_de_la_collectivite():
    dessin = frise(H72, LUNDI, CAYENNE)
    assert (dessin.debut, dessin.fin) == ("Ven. 13\u00a0h\u00a025", "Lun. 13\u00a0h\u00a025")
    assert dessin.limites == ("14.70%", "48.03%", "81.37%")
    assert dessin.cases == frise(H72, LUNDI, PARIS).cases


def test_le_jour_ou_l_heure_change_garde_ses_vraies_heures():
    horloge = Horloge(datetime(2026, 10, 24, 16, tzinfo=PARIS), datetime(2026, 10, 25, 15, tzinfo=PARIS))
    dessin = frise(horloge, horloge.depart, PARIS)
    assert len(dessin.cases) == 24
    assert (dessin.debut, dessin.fin) == ("Sam. 16\u00a0h\u00a000", "Dim. 15\u00a0h\u00a000")
    assert dessin.limites == ("33.33%",)


def test_un_retard_se_voit_des_sa_premiere_minute():
    dessin = frise(H72, FIN + timedelta(minutes=1), PARIS)
    assert genres(dessin) == [Genre.PASSE] * 72 + [Genre.HORS]
    assert nombre(dessin.cases[-1].largeur) < 0.1
    assert dessin.maintenant == "100.00%"
    assert dessin.limites[-1] == "99.98%"


def test_une_horloge_arretee_ne_porte_plus_maintenant():
    arretee = Horloge(T0, T0 + timedelta(hours=24), T0 + timedelta(hours=26, minutes=25))
    dessin = frise(arretee, FIN, PARIS)
    assert genres(dessin) == [Genre.PASSE] * 24 + [Genre.HORS] * 3
    assert dessin.maintenant == ""
    assert dessin.fin == "Sam. 19\u00a0h\u00a050"


def test_tenue_en_avance_elle_montre_ce_qui_restait():
    dessin = frise(Horloge(T0, FIN, T0 + timedelta(hours=10)), FIN, PARIS)
    assert genres(dessin).count(Genre.RESTE) == 62


def test_avant_son_depart_rien_n_est_passe():
    dessin = frise(H72, T0 - timedelta(hours=5), PARIS)
    assert set(genres(dessin)) == {Genre.RESTE}
    assert dessin.maintenant == "0.00%"


def test_un_long_retard_elargit_l_echelle_sans_perdre_le_delai():
    dessin = frise(H72, FIN + timedelta(days=400), PARIS)
    assert len(dessin.cases) <= 101
    assert dessin.fin == "28\u00a0déc., 17\u00a0h\u00a025"
    assert dessin.debut == "20\u00a0nov., 17\u00a0h\u00a025"
    assert dessin.limites == (dessin.limites[0],)
    assert dessin.jours == ()


def test_un_delai_nul_se_dessine_quand_meme():
    dessin = frise(Horloge(T0, T0), T0, PARIS)
    assert dessin.cases == ()
    assert frise(Horloge(T0, T0), T0 + timedelta(minutes=30), PARIS).cases[0].genre is Genre.HORS


@given(
    st.integers(0, 480_000_000).map(lambda s: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=s)),
    st.integers(1, 100),
    st.integers(-3_000, 3_000_000),
    st.sampled_from([PARIS, CAYENNE, ZoneInfo("America/Miquelon"), ZoneInfo("Pacific/Noumea")]),
)
def test_rien_ne_sort_du_dessin(depart, heures, minutes, fuseau):
    horloge = Horloge(depart, depart + timedelta(hours=heures))
    dessin = frise(horloge, depart + timedelta(minutes=minutes), fuseau)
    positions = [nombre(case.x) + nombre(case.largeur) for case in dessin.cases]
    assert all(0 <= position <= 100.01 for position in positions)
    assert all(0 <= nombre(limite) <= 100 for limite in dessin.limites)
    assert all(0 <= nombre(jour.x) <= 100 for jour in dessin.jours)
    assert len(dessin.cases) <= 102


@pytest.mark.parametrize("heures", [24, 48, 72])
def test_une_case_par_heure_du_delai(heures):
    assert len(frise(Horloge(T0, T0 + timedelta(hours=heures)), T0, PARIS).cases) == heures
