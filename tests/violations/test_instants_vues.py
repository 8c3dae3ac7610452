"""Corriger les instants : motif pour T0, ordre des faits, nuits où la pendule ment."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from tests.violations.fabriques import T0, creer_prestataire
from violations import actions
from violations.enums import NatureEvenement

pytestmark = pytest.mark.django_db
ENVOI = {
    "connaissance_date": "2026-11-20",
    "connaissance_heure": "17:25",
    "debut_date": "2026-11-18",
    "debut_heure": "22:00",
    "fin_date": "2026-11-19",
    "fin_heure": "16:30",
    "detection_date": "2026-11-19",
    "detection_heure": "15:00",
}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def adresse(violation):
    return reverse("violations:instants", args=[violation.collectivite.siren, 2026, 1])


def erreurs(reponse):
    return reponse.context["formulaire"].errors


def test_les_instants_se_notent_sans_motif_tant_que_t0_ne_change_pas(connecte, referent, violation, adresse):
    reponse = connecte(referent).post(adresse, ENVOI)
    assert reponse.url == reverse("violations:violation", args=[violation.collectivite.siren, 2026, 1])
    violation.refresh_from_db()
    assert violation.debut == datetime(2026, 11, 18, 21, tzinfo=UTC)
    assert violation.fin == datetime(2026, 11, 19, 15, 30, tzinfo=UTC)
    assert violation.connaissance == T0
    correction = violation.evenements.get(nature=NatureEvenement.CORRECTION)
    assert correction.texte == "Corrigé\u00a0: début, fin, détectée le"


def test_changer_t0_sans_dire_pourquoi_est_refuse(connecte, referent, violation, adresse):
    reponse = connecte(referent).post(adresse, ENVOI | {"connaissance_heure": "18:00"})
    assert "pourquoi" in erreurs(reponse)["motif"][0]
    assert 'value="18:00"' in reponse.content.decode()
    violation.refresh_from_db()
    assert violation.connaissance == T0


def test_changer_t0_refait_l_echeance_et_le_motif_reste_visible(connecte, referent, violation, adresse):
    connecte(referent).post(adresse, ENVOI | {"connaissance_heure": "18:00", "motif": "Courriel relu."})
    violation.refresh_from_db()
    assert violation.echeance_notification == T0 + timedelta(hours=72, minutes=35)
    texte = violation.evenements.get(nature=NatureEvenement.CORRECTION).texte
    assert "17\u00a0h\u00a025" in texte
    assert "18\u00a0h\u00a000" in texte
    assert "Courriel relu." in texte


def test_rouvrir_et_enregistrer_ne_change_rien(connecte, dpd, collectivite, violation, adresse, maintenant):
    # Connue du DPD à la seconde près : la page n’affiche que la minute.
    instant = maintenant + timedelta(seconds=-17)
    actions.corriger_instants(
        violation=violation, auteur=dpd, maintenant=maintenant, connaissance_dpd=instant
    )
    client = connecte(dpd)
    formulaire = client.get(adresse).context["formulaire"]
    avant = violation.evenements.count()
    client.post(
        adresse,
        {
            "lu": formulaire["lu"].value(),
            "connaissance_date": "2026-11-20",
            "connaissance_heure": "17:25",
            "connaissance_dpd_date": "2026-11-23",
            "connaissance_dpd_heure": "09:39",
        },
    )
    violation.refresh_from_db()
    assert violation.connaissance_dpd == instant
    assert violation.evenements.count() == avant


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"fin_date": "2026-11-17"}, "fin", "finir avant de commencer"),
        ({"en_cours": "on"}, "fin", "n’a pas encore de fin"),
        ({"detection_date": "2026-11-17"}, "detection", "détectée avant de commencer"),
        ({"debut_date": "2026-11-21", "fin_date": "2026-11-22"}, "connaissance", "avant qu’elle commence"),
        ({"detection_date": "2026-11-21"}, "connaissance", "avant qu’elle soit détectée"),
        ({"connaissance_date": "2026-11-24", "motif": "x"}, "connaissance", "dans le futur"),
        (
            {"connaissance_dpd_date": "2026-11-24", "connaissance_dpd_heure": "9:00"},
            "connaissance_dpd",
            "futur",
        ),
        (
            {
                "connaissance_date": "2016-11-20",
                "motif": "x",
                "debut_date": "",
                "debut_heure": "",
                "fin_date": "",
                "fin_heure": "",
                "detection_date": "",
                "detection_heure": "",
            },
            "connaissance",
            "Vérifiez l’année",
        ),
        ({"debut_date": "2026-03-29", "debut_heure": "02:30"}, "debut", "n’existe pas"),
        ({"debut_date": "2026-10-25", "debut_heure": "02:30"}, "debut", "été ou d’hiver"),
        ({"connaissance_date": "", "connaissance_heure": ""}, "connaissance", "date et une heure"),
        ({"fin_heure": ""}, "fin", "Indiquez l’heure."),
    ],
)
def test_un_instant_impossible_se_dit_sous_son_champ(
    connecte, referent, violation, adresse, champs, champ, phrase
):
    reponse = connecte(referent).post(adresse, ENVOI | champs)
    assert phrase in erreurs(reponse)[champ][0], erreurs(reponse)
    violation.refresh_from_db()
    assert (violation.debut, violation.connaissance) == (None, T0)


def test_l_heure_double_se_demande_puis_se_garde(connecte, referent, violation, adresse):
    client = connecte(referent)
    nuit = {"debut_date": "2026-10-25", "debut_heure": "02:30"}
    assert "debut_saison" in client.post(adresse, ENVOI | nuit).content.decode()
    client.post(adresse, ENVOI | nuit | {"debut_saison": "ete"})
    violation.refresh_from_db()
    assert violation.debut == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_le_debut_ne_passe_pas_apres_ce_que_savait_le_prestataire(
    connecte, referent, structure, violation, maintenant, adresse
):
    actions.impliquer(
        violation=violation,
        auteur=referent,
        maintenant=maintenant,
        sous_traitant=creer_prestataire(structure),
        connaissance=T0 - timedelta(hours=26),
    )
    reponse = connecte(referent).post(
        adresse,
        ENVOI
        | {
            "debut_date": "2026-11-19",
            "debut_heure": "16:00",
            "detection_date": "2026-11-19",
            "detection_heure": "16:10",
        },
    )
    assert "prestataire ne peut pas l’avoir su" in erreurs(reponse)["debut"][0]


def test_l_instant_qu_un_autre_a_corrige_n_est_pas_remis_comme_avant(
    connecte, referent, dpd, violation, adresse, maintenant
):
    client = connecte(referent)
    lu = client.get(adresse).context["formulaire"]["lu"].value()
    plus_tard = T0 + timedelta(hours=1)
    actions.corriger_instants(
        violation=violation, auteur=dpd, maintenant=maintenant, motif="Relu.", connaissance=plus_tard
    )
    client.post(adresse, ENVOI | {"lu": lu})
    violation.refresh_from_db()
    assert (violation.connaissance, bool(violation.debut)) == (plus_tard, True)


def test_deux_corrections_contraires_se_montrent(connecte, referent, dpd, violation, adresse, maintenant):
    client = connecte(referent)
    lu = client.get(adresse).context["formulaire"]["lu"].value()
    actions.corriger_instants(
        violation=violation,
        auteur=dpd,
        maintenant=maintenant,
        motif="Relu.",
        connaissance=T0 + timedelta(hours=1),
    )
    reponse = client.post(adresse, ENVOI | {"lu": lu, "connaissance_heure": "19:00", "motif": "x"})
    assert "a changé depuis votre lecture" in erreurs(reponse)["connaissance"][0]
    assert "18\u00a0h\u00a025" in reponse.content.decode()


@pytest.mark.parametrize(
    "lu", ['{"debut": "hier"}', '{"debut": "2026-11-20T10:00:00"}', '{"debut": 12}', '{"en_cours": "x"}']
)
def test_un_temoin_abime_ne_casse_pas_la_page(connecte, referent, adresse, lu):
    assert connecte(referent).post(adresse, ENVOI | {"lu": lu}).status_code == 302


def test_seul_qui_tient_les_violations_corrige(connecte, lecteur, etranger, violation, adresse):
    for personne, statut in ((lecteur, 403), (etranger, 404)):
        assert connecte(personne).post(adresse, ENVOI).status_code == statut
