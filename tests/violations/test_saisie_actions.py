"""Compléter, corriger, noter : ce qui change, ce qui se refuse, ce qui reste écrit."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from post_office.models import Email

from tests.violations.fabriques import T0, TITRE, creer_prestataire, decider
from violations import actions
from violations.enums import NatureEvenement
from violations.models import Violation

pytestmark = pytest.mark.django_db


@pytest.fixture
def close(violation, decideur, maintenant):
    decider(violation, decideur, maintenant, notifier=False, informer=False)
    violation.refresh_from_db()
    actions.clore(violation=violation, auteur=decideur, maintenant=maintenant)
    return violation


def completer(violation, auteur, maintenant, lu=None, **champs):
    return actions.completer(violation=violation, auteur=auteur, maintenant=maintenant, lu=lu or {}, **champs)


def corriger(violation, auteur, maintenant, **champs):
    return actions.corriger_instants(violation=violation, auteur=auteur, maintenant=maintenant, **champs)


def chronologie(violation):
    return [e.texte for e in violation.evenements.exclude(nature=NatureEvenement.DECLARATION)]


def test_completer_dit_quelles_rubriques_dans_la_chronologie(violation, referent, maintenant):
    completer(violation, referent, maintenant, lecon="Relire.", titre=TITRE, personnes_min=3)
    assert chronologie(violation) == ["Complété\u00a0: leçon tirée\u202f; personnes, au moins"]


def test_rien_de_neuf_ne_s_ecrit_pas(violation, referent, maintenant):
    avant = violation.history.count()
    completer(violation, referent, maintenant, titre=TITRE)
    assert (violation.history.count(), chronologie(violation)) == (avant, [])


def test_un_champ_qui_ne_se_complete_pas_est_une_erreur_du_code(violation, referent, maintenant):
    with pytest.raises(TypeError, match="etat"):
        completer(violation, referent, maintenant, etat="close")
    with pytest.raises(TypeError, match="declaree_le"):
        corriger(violation, referent, maintenant, declaree_le=maintenant)


def test_une_rubrique_changee_depuis_la_lecture_n_est_pas_ecrasee(violation, referent, dpd, maintenant):
    completer(violation, dpd, maintenant, lecon="La sienne.")
    with pytest.raises(ValidationError) as refus:
        completer(
            violation, referent, maintenant, lu={"lecon": "", "titre": TITRE}, lecon="La mienne.", titre="T"
        )
    assert list(refus.value.error_dict) == ["lecon"]
    assert Violation.objects.get().titre == TITRE


def test_ecrire_la_meme_chose_que_l_autre_n_est_pas_un_conflit(violation, referent, dpd, maintenant):
    completer(violation, dpd, maintenant, lecon="Relire.")
    completer(violation, referent, maintenant, lu={"lecon": ""}, lecon="Relire.")
    assert Violation.objects.get().lecon == "Relire."


def test_ce_qui_fut_lu_et_laisse_garde_l_ecrit_de_l_autre(violation, referent, dpd, maintenant):
    completer(violation, dpd, maintenant, lecon="La sienne.")
    completer(violation, referent, maintenant, lu={"lecon": "", "recit": "x"}, lecon="", consequences="Y")
    assert (Violation.objects.get().lecon, Violation.objects.get().consequences) == ("La sienne.", "Y")


@pytest.mark.parametrize(
    "champs",
    [
        {"personnes_min": 5, "personnes_max": 4},
        {"enregistrements_min": 5, "enregistrements_max": 4},
        {"personnes_min": -1},
        {"donnees": ["sante", "sante"]},
        {"gravite": "terrible"},
    ],
)
def test_une_valeur_qui_ne_convient_pas_n_ecrit_rien(violation, referent, maintenant, champs):
    with pytest.raises(ValidationError):
        completer(violation, referent, maintenant, **champs)
    assert chronologie(violation) == []


def test_close_elle_ne_se_complete_ni_ne_se_corrige_ni_ne_s_annote(close, referent, maintenant):
    for geste in (
        lambda: completer(close, referent, maintenant, lecon="x"),
        lambda: corriger(close, referent, maintenant, debut=T0),
        lambda: actions.ajouter_note(violation=close, texte="x", auteur=referent, maintenant=maintenant),
    ):
        with pytest.raises(ValidationError, match="rouvrez-la"):
            geste()


def test_corriger_t0_demande_un_motif_et_previent(violation, referent, dpd, maintenant):
    neuf = T0 - timedelta(hours=2)
    with pytest.raises(ValidationError) as refus:
        corriger(violation, referent, maintenant, connaissance=neuf, motif="  ")
    assert "motif" in refus.value.error_dict
    Email.objects.all().delete()
    corriger(violation, referent, maintenant, connaissance=neuf, debut=neuf, motif=" Courriel relu. ")
    violation.refresh_from_db()
    assert violation.echeance_notification == neuf + timedelta(hours=72)
    assert {mail.to[0] for mail in Email.objects.all()} == {referent.email, dpd.email}
    texte = chronologie(violation)[0]
    assert texte.startswith("Heure de connaissance\u00a0: vendredi 20")
    assert texte.endswith("Motif\u00a0: Courriel relu. Corrigé\u00a0: début")


def test_corriger_t0_seul_ne_parle_que_de_lui(violation, referent, maintenant):
    corriger(violation, referent, maintenant, connaissance=T0 - timedelta(hours=2), motif="Relu")
    assert chronologie(violation)[0].endswith("Motif\u00a0: Relu")


def test_corriger_t0_refait_les_rappels(violation, referent, maintenant):
    avant = set(violation.rappels.values_list("instant", flat=True))
    corriger(violation, referent, T0 + timedelta(hours=1), connaissance=T0 - timedelta(hours=2), motif="Relu")
    assert {i - timedelta(hours=2) for i in avant if i > T0} <= set(
        violation.rappels.values_list("instant", flat=True)
    )


def test_un_autre_instant_se_corrige_sans_motif_ni_courriel(violation, referent, maintenant):
    Email.objects.all().delete()
    corriger(violation, referent, maintenant, debut=T0 - timedelta(hours=5))
    assert chronologie(violation) == ["Corrigé\u00a0: début"]
    assert not Email.objects.exists()


def test_ne_rien_corriger_n_ecrit_rien(violation, referent, maintenant):
    corriger(violation, referent, maintenant, connaissance=T0.astimezone(UTC), motif="x")
    assert chronologie(violation) == []


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"fin": T0 - timedelta(days=3), "debut": T0 - timedelta(days=2)}, "fin"),
        ({"fin": T0, "en_cours": True}, "fin"),
        ({"detection": T0 + timedelta(hours=1)}, "connaissance"),
        ({"debut": T0 + timedelta(days=40)}, "debut"),
        ({"connaissance": datetime(2017, 1, 1, tzinfo=UTC), "motif": "x"}, "connaissance"),
    ],
)
def test_des_instants_impossibles_ne_s_ecrivent_pas(violation, referent, maintenant, champs, champ):
    with pytest.raises(ValidationError) as refus:
        corriger(violation, referent, maintenant, **champs)
    assert champ in refus.value.error_dict
    violation.refresh_from_db()
    assert (violation.connaissance, violation.debut) == (T0, None)


def test_le_plus_ancien_prestataire_borne_le_debut(violation, referent, structure, maintenant):
    for nom, heures in (("Un", 5), ("Deux", 20)):
        actions.impliquer(
            violation=violation,
            auteur=referent,
            maintenant=maintenant,
            sous_traitant=creer_prestataire(structure, nom),
            connaissance=T0 - timedelta(hours=heures),
        )
    with pytest.raises(ValidationError) as refus:
        corriger(violation, referent, maintenant, debut=T0 - timedelta(hours=10))
    assert "prestataire_le" in refus.value.error_dict


def test_l_instant_corrige_par_un_autre_ne_revient_pas(violation, referent, dpd, maintenant):
    corriger(violation, dpd, maintenant, debut=T0 - timedelta(hours=5))
    corriger(violation, referent, maintenant, lu={"debut": None, "fin": None}, debut=None, fin=T0)
    violation.refresh_from_db()
    assert (violation.debut, violation.fin) == (T0 - timedelta(hours=5), T0)
    with pytest.raises(ValidationError, match="a changé depuis votre lecture"):
        corriger(violation, referent, maintenant, lu={"debut": None}, debut=T0)


def noter(violation, auteur, maintenant, **champs):
    return actions.ajouter_note(violation=violation, auteur=auteur, maintenant=maintenant, **champs)


def test_une_note_se_date_des_faits_ou_de_maintenant(violation, referent, maintenant):
    assert noter(violation, referent, maintenant, texte=" Vu ", instant=T0).instant == T0
    note = noter(violation, referent, maintenant, texte="Su")
    assert (note.instant, note.texte) == (maintenant, "Su")


def test_la_meme_note_renvoyee_dans_la_minute_n_en_fait_qu_une(violation, referent, dpd, maintenant):
    une = noter(violation, referent, maintenant, texte="Vu")
    assert noter(violation, referent, maintenant + timedelta(seconds=30), texte="Vu").pk == une.pk
    for auteur, quand, instant in (
        (dpd, maintenant, None),
        (referent, maintenant + timedelta(minutes=2), None),
        (referent, maintenant, T0),
    ):
        assert noter(violation, auteur, quand, texte="Vu", instant=instant).pk != une.pk


@pytest.mark.parametrize(
    ("champs", "champ"),
    [({"texte": " "}, "texte"), ({"texte": "x", "instant": T0 + timedelta(days=30)}, "instant")],
)
def test_une_note_vide_ou_future_est_refusee(violation, referent, maintenant, champs, champ):
    with pytest.raises(ValidationError) as refus:
        noter(violation, referent, maintenant, **champs)
    assert champ in refus.value.error_dict
