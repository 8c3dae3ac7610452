"""Les délais tenus : des nombres bruts, un temps médian, et rien de ce qui court encore."""

from datetime import UTC, date, datetime, timedelta

from dpd.regles.calendrier import Territoire
from subtraitance.regles.delais_tenus import Fait, Tenus, delais_tenus

LUNDI = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
MAINTENANT = datetime(2026, 12, 31, 9, 0, tzinfo=UTC)


def fait(**champs):
    return Fait(
        **{
            "annee": 2026,
            "recue_le": LUNDI,
            "limite_transmission": LUNDI + timedelta(days=2),
            "transmise_le": None,
            "limite": date(2026, 12, 16),
            "repondue_le": None,
            "suspendue": False,
            "prolongee": False,
            "territoire": Territoire.METROPOLE,
            "territoire_structure": Territoire.METROPOLE,
            **champs,
        }
    )


def annee(*faits, maintenant=MAINTENANT):
    (seule,) = delais_tenus(faits, maintenant)
    return seule


def test_une_transmission_compte_en_temps_ouvre():
    vendredi = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    tenue = fait(
        recue_le=vendredi,
        limite_transmission=vendredi + timedelta(days=4),
        transmise_le=vendredi + timedelta(days=3),
    )
    assert annee(tenue).transmissions == Tenus(1, 1, timedelta(hours=24))


def test_un_delai_passe_sans_suite_n_est_pas_tenu():
    assert annee(fait()).transmissions == Tenus(0, 1, None)
    assert annee(fait()).reponses == Tenus(0, 1, None)


def test_ce_qui_court_encore_ne_compte_pas():
    bilan = annee(fait(), maintenant=LUNDI + timedelta(hours=1))
    assert (bilan.recues, bilan.transmissions.sur, bilan.reponses.sur) == (1, 0, 0)


def test_une_demande_suspendue_ou_sans_delai_ne_compte_pas():
    assert annee(fait(suspendue=True)).reponses.sur == 0
    assert annee(fait(limite=None, repondue_le=date(2026, 12, 1))).reponses.sur == 0


def test_recue_par_la_collectivite_ou_repondue_avant_d_etre_transmise_elle_n_est_pas_en_retard():
    assert annee(fait(limite_transmission=None)).transmissions.sur == 0
    assert annee(fait(repondue_le=date(2026, 12, 1))).transmissions.sur == 0


def test_les_medianes_et_les_retards():
    faits = [
        fait(
            transmise_le=LUNDI + timedelta(hours=heures),
            repondue_le=date(2026, 11, 16) + timedelta(days=jours),
            prolongee=jours > 30,
        )
        for heures, jours in ((2, 10), (10, 20), (60, 40))
    ]
    bilan = annee(*faits)
    assert bilan.transmissions == Tenus(2, 3, timedelta(hours=10))
    assert bilan.reponses == Tenus(2, 3, timedelta(days=20))
    assert bilan.prolongees == 1


def test_l_annee_la_plus_recente_vient_d_abord():
    annees = [a.annee for a in delais_tenus([fait(annee=2024), fait(), fait(annee=2025)], MAINTENANT)]
    assert annees == [2026, 2025, 2024]
