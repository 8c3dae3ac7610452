"""Les horloges se lisent d’un coup d’œil et avancent sans recharger, sans tenir la session ouverte."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from dpd.comptes.sessions import VUE_LE
from tests.violations.fabriques import ECHEANCE, PARIS, T0, decider
from violations import actions
from violations.affichage import heures_de
from violations.affichage_horloges import horloges_vues
from violations.enums import Question, TypeNotification

pytestmark = pytest.mark.django_db
LUNDI = datetime(2026, 11, 23, 9, 40, tzinfo=PARIS)
MATIN = datetime(2026, 11, 20, 15, tzinfo=PARIS)


def lues(violation, maintenant):
    ecartee = violation.decisions.filter(question=Question.NOTIFIER, courante=True, reponse=False).first()
    return horloges_vues(
        violation, violation.prestataires.all(), ecartee, heures_de(violation.collectivite), maintenant
    )


def notifier(violation, auteur, quand=LUNDI, type_envoi=TypeNotification.INITIALE, numero="1"):
    actions.notifier(
        violation=violation,
        type_envoi=type_envoi,
        numero=numero,
        envoyee_le=quand,
        contenu={"x": 1},
        auteur=auteur,
        maintenant=quand,
        motif_retard="Retard",
    )
    violation.refresh_from_db()


def test_les_72_heures_de_la_maquette(violation):
    (vue,) = lues(violation, LUNDI)
    assert vue.titre == "Notifier la CNIL, si vous le décidez"
    assert (vue.reste, vue.suite) == ("7\u00a0h\u00a045", "avant")
    assert vue.instant_dit == "lundi 23\u00a0novembre, 17\u00a0h\u00a025"
    assert vue.instant_dpd == ""
    assert (vue.etiquette.libelle, vue.allure) == ("Se termine aujourd’hui", "urgente")
    assert (
        vue.libelle
        == "Temps écoulé\u00a0: 64\u00a0h\u00a015 sur 72\u00a0heures\u202f; il reste 7\u00a0h\u00a045"
    )
    assert "72\u00a0heures d’horloge depuis que vous le savez" in vue.regle
    assert vue.colonne == "col-12"


@pytest.mark.parametrize(
    ("maintenant", "libelle", "allure", "reste"),
    [
        (T0, "Se termine lundi 23\u00a0novembre", "", "72\u00a0h"),
        (ECHEANCE - timedelta(hours=30), "Se termine demain", "", "30\u00a0h"),
        (ECHEANCE - timedelta(hours=12), "Se termine aujourd’hui", "urgente", "12\u00a0h"),
        (ECHEANCE, "Se termine aujourd’hui", "urgente", "moins d’une minute"),
        (ECHEANCE + timedelta(hours=5), "Délai dépassé", "urgente", "5\u00a0h"),
        (ECHEANCE + timedelta(days=9), "Délai dépassé", "urgente", "9\u00a0jours"),
    ],
)
def test_l_etat_suit_le_temps(violation, maintenant, libelle, allure, reste):
    (vue,) = lues(violation, maintenant)
    assert (vue.etiquette.libelle, vue.allure, vue.reste) == (libelle, allure, reste)


def test_depassee_elle_dit_le_retard_et_l_echeance(violation):
    (vue,) = lues(violation, ECHEANCE + timedelta(hours=5))
    assert vue.suite == "de retard, c’était avant"
    assert vue.libelle.endswith("5\u00a0h de retard")


def test_notifiee_a_temps_l_horloge_s_arrete_et_le_complement_part(violation, decideur, referent):
    decider(violation, decideur, LUNDI)
    notifier(violation, referent)
    complement, faite = lues(violation, LUNDI + timedelta(hours=1))
    assert (faite.titre, faite.allure) == ("Notifier la CNIL", "arretee")
    assert (faite.reste, faite.suite) == (
        "64\u00a0h\u00a015",
        "sur 72\u00a0heures, avec 7\u00a0h\u00a045 d’avance",
    )
    assert (faite.instant, faite.etiquette.libelle) == (None, "Dans les temps")
    assert (complement.titre, complement.reste) == ("Compléter la notification", "71\u00a0h")
    assert "72\u00a0heures d’usage pour la CNIL" in complement.regle, "l’art. 33-4 ne dit pas de durée"
    assert (complement.colonne, faite.colonne) == ("col-lg-7", "col-lg-5")


def test_le_delai_souple_du_complement_ne_crie_pas(violation, decideur, referent):
    decider(violation, decideur, LUNDI)
    notifier(violation, referent)
    vue = lues(violation, LUNDI + timedelta(hours=80))[0]
    assert (vue.allure, vue.etiquette.ton, vue.etiquette.libelle) == ("", "attention", "Délai dépassé")
    notifier(violation, referent, LUNDI + timedelta(hours=81), TypeNotification.COMPLEMENTAIRE, "2")
    assert {v.allure for v in lues(violation, LUNDI + timedelta(hours=82))} == {"arretee"}


def test_notifiee_en_retard_elle_le_dit(violation, decideur, referent):
    decider(violation, decideur, LUNDI)
    notifier(violation, referent, ECHEANCE + timedelta(hours=2, minutes=25))
    faite = lues(violation, ECHEANCE + timedelta(hours=3))[1]
    assert (faite.etiquette.libelle, faite.etiquette.ton) == ("Hors délai de 2\u00a0h\u00a025", "attention")
    assert (faite.reste, faite.suite) == ("74\u00a0h\u00a025", "au lieu de 72\u00a0heures")


def test_ecartee_par_le_responsable_elle_s_arrete_a_sa_decision(violation, decideur):
    decider(violation, decideur, LUNDI, notifier=False)
    violation.refresh_from_db()
    (vue,) = lues(violation, ECHEANCE + timedelta(days=3))
    assert (vue.reste, vue.suite, vue.allure) == ("Ne pas notifier", "décidé", "arretee")
    assert vue.instant_dit == "lundi 23\u00a0novembre, 9\u00a0h\u00a040"
    assert vue.frise.maintenant == ""


def impliquer(violation, referent, prestataire, prevenu_le):
    actions.impliquer(
        violation=violation,
        auteur=referent,
        maintenant=LUNDI,
        sous_traitant=prestataire,
        connaissance=T0 - timedelta(hours=26, minutes=25),
        prevenu_le=prevenu_le,
    )


def test_le_prestataire_a_prevenu_hors_delai(violation, referent, prestataire):
    impliquer(violation, referent, prestataire, T0)
    notification, vue = lues(violation, LUNDI)
    assert (vue.titre, vue.reste, vue.suite) == (
        "Logi-Quercy devait vous prévenir",
        "26\u00a0h\u00a025",
        "au lieu de 24\u00a0heures",
    )
    assert "Ce retard n’entame pas vos 72\u00a0heures" in vue.regle
    assert (notification.colonne, vue.colonne) == ("col-lg-7", "col-lg-5")


def test_le_prestataire_a_prevenu_a_temps_ou_pas_encore(violation, referent, prestataire):
    impliquer(violation, referent, prestataire, T0 - timedelta(hours=20))
    assert "pas de la sienne" in lues(violation, LUNDI)[1].regle
    autre = actions.impliquer(
        violation=violation, auteur=referent, maintenant=LUNDI, nom="Autre", connaissance=T0
    )
    actions.impliquer(violation=violation, auteur=referent, maintenant=LUNDI, nom="Sans heure")
    vues = lues(violation, LUNDI)
    assert [v.cle for v in vues][:2] == ["cnil", f"prestataire-{autre.pk}"]
    assert vues[1].titre == "Autre doit vous prévenir"
    assert "24\u00a0heures depuis qu’il l’a su" in vues[1].regle
    assert [v.colonne for v in vues] == ["col-lg-7", "col-lg-5", "col-12"]


def test_le_dpd_d_un_autre_fuseau_lit_aussi_la_sienne(violation, collectivite):
    collectivite.territoire = "guyane"
    violation.collectivite = collectivite
    (vue,) = lues(violation, LUNDI)
    assert vue.instant_dit == "lundi 23\u00a0novembre, 13\u00a0h\u00a025"
    assert vue.instant_dpd == "lundi 23\u00a0novembre, 17\u00a0h\u00a025 pour le DPD"


# Le fragment


@pytest.fixture
def fragment(connecte, referent, violation, time_machine):
    adresse = reverse("violations:horloges", args=["218201317", violation.annee, violation.rang])

    def _lire(maintenant):
        time_machine.move_to(maintenant, tick=False)
        reponse = connecte(referent).get(adresse, HTTP_HX_REQUEST="true")
        assert reponse.status_code == 200
        return reponse.content.decode()

    return _lire


def test_le_reste_avance_d_une_lecture_a_l_autre(fragment):
    assert "<strong>7\u00a0h\u00a045</strong>" in fragment(LUNDI)
    assert "<strong>7\u00a0h\u00a044</strong>" in fragment(LUNDI + timedelta(minutes=1))
    assert "<strong>2\u00a0h</strong>" in fragment(ECHEANCE + timedelta(hours=2))


def test_le_fragment_se_relit_de_lui_meme_tant_qu_une_horloge_court(fragment, violation, decideur, referent):
    lu = fragment(LUNDI)
    assert f'hx-get="/c/218201317/violations/{violation.annee}-{violation.rang}/horloges/"' in lu
    assert 'hx-trigger="every 30s"' in lu
    assert "<html" not in lu
    decider(violation, decideur, LUNDI)
    notifier(violation, referent, type_envoi=TypeNotification.COMPLETE)
    assert "hx-get" not in fragment(LUNDI)


def test_qui_ouvre_le_fragment_seul_va_au_dossier(connecte, referent, violation):
    dossier = reverse("violations:violation", args=["218201317", violation.annee, violation.rang])
    assert connecte(referent).get(f"{dossier}horloges/").url == dossier


def test_le_dessin_a_une_phrase_qui_le_remplace(fragment):
    lu = fragment(LUNDI)
    assert 'role="img" aria-label="Temps écoulé' in lu
    assert lu.count('class="passe"') == 64
    assert lu.count('class="reste"') == 8
    assert 'datetime="2026-11-23T16:25:00+00:00"' in lu


def test_la_page_porte_les_memes_horloges_que_le_fragment(fragment, connecte, referent, violation):
    lu = fragment(LUNDI)
    page = connecte(referent).get(
        reverse("violations:violation", args=["218201317", violation.annee, violation.rang])
    )
    assert lu.strip() in page.content.decode()


def test_un_ecran_laisse_seul_ne_tient_pas_la_session_ouverte(connecte, referent, violation, time_machine):
    time_machine.move_to(LUNDI, tick=False)
    client, adresse = connecte(referent), reverse("violations:horloges", args=["218201317", 2026, 1])
    client.get(adresse, HTTP_HX_REQUEST="true")
    vue_le = client.session[VUE_LE]
    time_machine.move_to(LUNDI + timedelta(minutes=10), tick=False)
    client.get(adresse, HTTP_HX_REQUEST="true", HTTP_X_VEILLE="1")
    assert client.session[VUE_LE] == vue_le
    client.get(adresse, HTTP_HX_REQUEST="true")
    assert client.session[VUE_LE] == datetime(2026, 11, 23, 8, 50, tzinfo=UTC).timestamp()


def test_la_session_fermee_le_fragment_le_dit_sans_chasser_la_page(client, violation):
    adresse = reverse("violations:horloges", args=["218201317", violation.annee, violation.rang])
    reponse = client.get(adresse, HTTP_HX_REQUEST="true", HTTP_X_VEILLE="1")
    assert (reponse.status_code, reponse["HX-Reswap"]) == (286, "beforebegin")
    assert "n’est plus tenu à jour" in reponse.content.decode()
    assert "HX-Redirect" not in reponse.headers
    assert client.get(adresse).status_code == 302
