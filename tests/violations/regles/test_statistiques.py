"""Le bilan annuel : tranches, parts, évolution."""

import pytest

from violations.enums import NatureViolation as N
from violations.regles.statistiques import Fait, Suite, Tranche, bilans, evolution, parts, tranche


def fait(annee=2026, *, natures=(N.CONFIDENTIALITE,), suite=Suite.EN_COURS, **champs):
    champs = {"origine": "piratage", "cause": "", "informees": False, **champs}
    return Fait(annee=annee, natures=natures, suite=suite, **champs)


@pytest.mark.parametrize(
    ("au_moins", "au_plus", "attendue"),
    [
        (None, None, Tranche.INCONNUE),
        (0, 0, Tranche.CINQ),
        (None, 5, Tranche.CINQ),
        (6, None, Tranche.CINQUANTE),
        (6, 50, Tranche.CINQUANTE),
        (None, 51, Tranche.TROIS_CENTS),
        (10, 300, Tranche.TROIS_CENTS),
        (301, None, Tranche.CINQ_MILLE),
        (1, 5000, Tranche.CINQ_MILLE),
        (5001, None, Tranche.AU_DELA),
    ],
)
def test_la_tranche_est_celle_du_plus_haut_nombre_connu(au_moins, au_plus, attendue):
    assert tranche(au_moins, au_plus) == attendue


def test_un_nombre_negatif_n_est_pas_une_tranche():
    with pytest.raises(ValueError, match="négatif"):
        tranche(-1, None)


def test_chaque_annee_a_son_bilan_la_plus_recente_d_abord():
    lus = bilans(
        [
            fait(2025, suite=Suite.DANS_LES_TEMPS, informees=True, personnes_max=4),
            fait(2026, natures=(N.CONFIDENTIALITE, N.DISPONIBILITE), suite=Suite.EN_RETARD),
            fait(2026, natures=(), suite=Suite.ECARTEE, origine=""),
        ]
    )
    assert list(lus) == [2026, 2025]
    assert (lus[2026].total, lus[2026].notifiees, lus[2026].informees) == (2, 1, 0)
    assert (lus[2025].total, lus[2025].notifiees, lus[2025].informees) == (1, 1, 1)
    assert lus[2026].natures == {N.CONFIDENTIALITE: 1, N.DISPONIBILITE: 1}
    assert lus[2025].tranches == {Tranche.CINQ: 1}


def test_les_parts_se_rapportent_au_total_de_l_annee():
    (bilan,) = bilans([fait(), fait(origine=""), fait(natures=())]).values()
    lues = parts(bilan)
    assert [(p.libelle, p.nombre, p.part) for p in lues["natures"]] == [
        ("Perte de la confidentialité", 2, 67),
        ("Perte de l’intégrité", 0, 0),
        ("Perte de la disponibilité", 0, 0),
    ]
    assert [p.nombre for p in lues["origines"]] == [2, 1]
    assert lues["origines"][1].libelle == "Pas encore précisée"
    assert [p.libelle for p in lues["causes"]] == ["Pas encore précisée"]
    assert sum(p.nombre for p in lues["suites"]) == 3
    assert len(lues["tranches"]) == 6


def test_sans_fait_il_n_y_a_pas_de_bilan():
    assert bilans([]) == {}


@pytest.mark.parametrize(("avant", "apres", "attendue"), [(2, 3, 50), (4, 3, -25), (2, 2, 0)])
def test_l_evolution_se_dit_en_pour_cent(avant, apres, attendue):
    lus = bilans([fait(2025)] * avant + [fait(2026)] * apres)
    assert evolution(lus[2026], lus[2025]) == attendue


def test_sans_annee_d_avant_il_n_y_a_pas_d_evolution():
    lus = bilans([fait(2024), fait(2026)])
    assert evolution(lus[2026], None) is None
    assert evolution(lus[2026], lus[2024]) is None
