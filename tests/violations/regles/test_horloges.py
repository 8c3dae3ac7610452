"""72 heures sont 72 heures : nuits, week-ends, fêtes et changements d’heure compris."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from violations.enums import Risque
from violations.regles.horloges import (
    EtatHorloge,
    Horloge,
    arrondi_1182_71,
    horloge_complement,
    horloge_notification,
    horloge_sous_traitant,
)
from violations.regles.parametres import EN_VIGUEUR, Parametres, parametres_au

PARIS, CAYENNE = ZoneInfo("Europe/Paris"), ZoneInfo("America/Cayenne")
RGPD = EN_VIGUEUR[0]


def paris(*valeurs):
    return datetime(*valeurs, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("t0", "echeance"),
    [
        pytest.param(paris(2026, 11, 20, 9, 0), paris(2026, 11, 23, 9, 0), id="week-end"),
        pytest.param(paris(2026, 3, 27, 18, 20), paris(2026, 3, 30, 19, 20), id="heure-d-ete"),
        pytest.param(paris(2026, 4, 2, 17, 45), paris(2026, 4, 5, 17, 45), id="dimanche-de-paques"),
        pytest.param(paris(2026, 12, 24, 16, 0), paris(2026, 12, 27, 16, 0), id="noel"),
        pytest.param(paris(2026, 10, 23, 9, 0), paris(2026, 10, 26, 8, 0), id="heure-d-hiver"),
        pytest.param(
            datetime(2026, 11, 20, 14, 25, tzinfo=CAYENNE),
            datetime(2026, 11, 23, 14, 25, tzinfo=CAYENNE),
            id="cayenne",
        ),
    ],
)
def test_la_notification_a_soixante_douze_heures_reelles(t0, echeance):
    assert horloge_notification(t0, RGPD, None).echeance == echeance


def test_le_sous_traitant_a_vingt_quatre_heures_reelles():
    """24 h réelles ne font pas la même heure murale, la nuit de l’heure d’hiver."""
    horloge = horloge_sous_traitant(paris(2026, 10, 24, 16, 0), RGPD, None)
    assert f"{horloge.echeance:%d/%m %H:%M}" == "25/10 15:00"


def test_le_delai_du_contrat_l_emporte_sur_celui_par_defaut():
    horloge = horloge_sous_traitant(paris(2026, 11, 19, 15, 0), RGPD, None, heures=48)
    assert horloge.duree == timedelta(hours=48)


ZONES = st.sampled_from(["Europe/Paris", "America/Cayenne", "Indian/Reunion", "America/Miquelon", "UTC"])
DEPUIS_2019 = datetime(2019, 1, 1, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=25_000)).map(lambda duree: DEPUIS_2019 + duree)


@given(INSTANTS, ZONES)
def test_quel_que_soit_le_fuseau_l_echeance_est_a_72_heures_reelles(instant, zone):
    t0 = instant.astimezone(ZoneInfo(zone))
    horloge = horloge_notification(t0, RGPD, None)
    assert horloge.echeance.astimezone(UTC) - instant == timedelta(hours=72)
    assert horloge.duree == timedelta(hours=72)
    assert horloge.echeance.tzinfo == t0.tzinfo


@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=10)))
def test_l_ecoule_et_le_reste_font_toujours_la_duree(instant, passe):
    horloge = horloge_notification(instant.astimezone(PARIS), RGPD, None)
    maintenant = (instant + passe).astimezone(CAYENNE)
    assert horloge.ecoule(maintenant) + horloge.reste(maintenant) == horloge.duree


@pytest.mark.parametrize(
    ("apres", "arretee", "etat"),
    [
        (timedelta(hours=59, minutes=59), None, EtatHorloge.COURT),
        (timedelta(hours=60), None, EtatHorloge.DERNIERES_HEURES),
        (timedelta(hours=72), None, EtatHorloge.DERNIERES_HEURES),
        (timedelta(hours=72, seconds=1), None, EtatHorloge.DEPASSEE),
        (timedelta(days=30), timedelta(hours=72), EtatHorloge.TENUE),
        (timedelta(days=30), timedelta(hours=73), EtatHorloge.TENUE_EN_RETARD),
    ],
)
def test_l_etat_d_une_horloge(apres, arretee, etat):
    t0 = paris(2026, 11, 20, 17, 25)
    horloge = horloge_notification(t0, RGPD, t0 + arretee if arretee else None)
    assert horloge.etat(t0.astimezone(UTC) + apres) is etat


def test_arretee_l_horloge_ne_bouge_plus():
    t0 = paris(2026, 11, 20, 17, 25)
    horloge = Horloge(t0, t0 + timedelta(hours=72), t0 + timedelta(hours=26))
    assert horloge.ecoule(t0 + timedelta(days=9)) == timedelta(hours=26)
    assert horloge.reste(t0 + timedelta(days=9)) == timedelta(hours=46)


def test_le_complement_part_de_la_notification():
    notifiee = paris(2026, 11, 23, 11, 0)
    assert horloge_complement(notifiee, RGPD, None).echeance == paris(2026, 11, 26, 11, 0)


@pytest.mark.parametrize(
    ("echeance", "arrondie"),
    [
        (paris(2026, 11, 23, 17, 25), paris(2026, 11, 23, 18, 0)),
        (paris(2026, 11, 23, 17, 0), paris(2026, 11, 23, 17, 0)),
    ],
)
def test_la_borne_du_reglement_1182_71_n_est_qu_une_information(echeance, arrondie):
    assert arrondi_1182_71(echeance) == arrondie


def test_un_delai_nouveau_ne_vaut_que_pour_les_connaissances_d_apres():
    futur = Parametres(datetime(2030, 1, 1, tzinfo=UTC), 96, 72, 24, Risque.ELEVE, "hypothèse d’essai")
    table = (*EN_VIGUEUR, futur)
    assert parametres_au(datetime(2029, 12, 31, 23, tzinfo=UTC), table).notification == 72
    assert parametres_au(datetime(2030, 1, 1, tzinfo=UTC), table) == futur


@pytest.mark.parametrize(
    ("instant", "message"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None), "fuseau"),
        (datetime(2018, 5, 24, tzinfo=UTC), "Aucun délai"),
    ],
)
def test_un_instant_naif_ou_trop_ancien_est_refuse(instant, message):
    with pytest.raises(ValueError, match=message):
        parametres_au(instant)
