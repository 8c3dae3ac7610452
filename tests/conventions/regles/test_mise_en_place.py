"""L’avancement de la mise en place : fait, reste, bloque depuis quand."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from dpd.conventions.regles.mise_en_place import EtatEtape, avancement, jours_de_blocage

FAITE = EtatEtape("reunion", "Réunion d’information", faite_le=date(2024, 3, 1))
SANS_OBJET = EtatEtape("comite", "Comité", sans_objet=True)
A_FAIRE = EtatEtape("fiches", "Fiches préparées")
BLOQUEE = EtatEtape("arrete", "Arrêté du référent", bloquee_depuis=date(2024, 4, 2))
PLUS_ANCIENNE = EtatEtape("cnil", "Désignation", bloquee_depuis=date(2024, 2, 20))


def test_une_etape_sans_objet_ne_compte_ni_d_un_cote_ni_de_l_autre():
    fait = avancement([FAITE, SANS_OBJET, A_FAIRE])
    assert (fait.faites, fait.total, fait.restantes, fait.achevee) == (1, 2, (A_FAIRE,), False)


def test_ce_qui_bloque_vient_du_plus_ancien():
    fait = avancement(iter([BLOQUEE, FAITE, PLUS_ANCIENNE]))
    assert fait.bloquantes == (PLUS_ANCIENNE, BLOQUEE)


def test_une_etape_faite_ne_bloque_plus():
    levee = EtatEtape("cnil", "Désignation", faite_le=date(2024, 3, 5), bloquee_depuis=date(2024, 2, 20))
    fait = avancement([levee, SANS_OBJET])
    assert (fait.bloquantes, fait.achevee) == ((), True)


def test_une_liste_vide_est_achevee():
    assert avancement([]).achevee


def test_depuis_combien_de_jours():
    assert jours_de_blocage(PLUS_ANCIENNE, date(2024, 3, 1)) == 10
    assert jours_de_blocage(A_FAIRE, date(2024, 3, 1)) == 0


ETAPES = st.lists(st.sampled_from([FAITE, SANS_OBJET, A_FAIRE, BLOQUEE, PLUS_ANCIENNE]), max_size=22)


@given(ETAPES)
def test_faites_et_restantes_font_le_total(etapes):
    fait = avancement(etapes)
    assert fait.faites + len(fait.restantes) == fait.total == len(etapes) - etapes.count(SANS_OBJET)
    assert set(fait.bloquantes) <= set(fait.restantes)
