"""Une hausse décidée se notifie une fois par convention, avec le délai que chacune ouvre."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from post_office.models import Email

from dpd.conventions.actions.hausses import SANS_ADRESSE, SANS_DROIT, a_examiner, notifier_hausse
from dpd.conventions.enums import NatureBareme, Revision
from dpd.conventions.models import Hausse
from dpd.messagerie.models import Message
from tests.conftest import creer_collectivite
from tests.conventions.conftest import (
    DATES_FIXES,
    creer_bareme,
    creer_convention,
    creer_modele,
)

pytestmark = pytest.mark.django_db
SIREN = "288200017"
ENVOI = {"deliberation": "2026-41 du 15 novembre 2026", "relu": "on"}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def modele(structure):
    return creer_modele(structure, **DATES_FIXES)


@pytest.fixture
def adherente(collectivite, modele):
    return creer_convention(collectivite, modele, date(2024, 2, 15))


@pytest.fixture
def bareme(structure):
    return creer_bareme(
        structure,
        NatureBareme.FORFAIT_DEVIS,
        nom="Forfaits 2027",
        en_vigueur_du=date(2027, 1, 1),
        forfaits=(("base", "Essentiel", "320"),),
        revision=Revision.DECISION,
    )


@pytest.fixture
def notifier(bareme, gestionnaire, maintenant):
    def _notifier(quand=maintenant):
        return notifier_hausse(bareme=bareme, deliberation="2026-41", auteur=gestionnaire, maintenant=quand)

    return _notifier


def adresse(nom="hausse", *args):
    return reverse(f"conventions:{nom}", args=[SIREN, *args])


def test_notifier_ecrit_a_la_collectivite_et_ouvre_son_delai(
    notifier, adherente, decideur, referent, lecteur, bareme
):
    (hausse,) = notifier().hausses
    assert (hausse.notifiee_le, hausse.limite) == (date(2026, 11, 23), date(2027, 2, 23))
    assert hausse.history.get().history_change_reason == "Hausse notifiée"
    recus = {m.destinataire: m for m in Message.objects.filter(nature="conventions.hausse_notifiee")}
    assert set(recus) == {decideur.email, referent.email, adherente.collectivite.courriel}
    assert "jusqu’au mardi 23\u00a0février 2027 (article 23)" in recus[decideur.email].corps
    assert "/convention/tarif/2027/" in recus[decideur.email].corps
    assert "/convention/tarif/" not in recus[adherente.collectivite.courriel].corps
    assert "Forfaits 2027" in recus[decideur.email].corps


def test_rejouer_n_envoie_rien_de_plus(notifier, adherente, decideur, maintenant):
    notifier()
    envoyes = Email.objects.count()
    seconde = notifier(maintenant + timedelta(days=3))
    assert (seconde.hausses, seconde.ecartees) == ((), ())
    assert (Hausse.objects.count(), Email.objects.count()) == (1, envoyes)
    assert Hausse.objects.get().notifiee_le == date(2026, 11, 23)


def test_une_convention_nouvelle_est_prevenue_plus_tard(notifier, adherente, voisine, modele, maintenant):
    notifier()
    creer_convention(voisine, modele, date(2026, 11, 25))
    (suivante,) = notifier(maintenant + timedelta(days=4)).hausses
    assert (suivante.collectivite, suivante.notifiee_le) == (voisine, date(2026, 11, 27))


def test_seules_les_conventions_en_vigueur_sont_prevenues(notifier, modele, structure, autre_structure):
    for rang, (effet, fin) in enumerate(
        [(date(2020, 1, 1), date(2025, 12, 31)), (date(2027, 1, 1), None), (None, None)]
    ):
        commune = creer_collectivite(structure, f"C{rang}", f"{100_000_000 + rang}")
        creer_convention(commune, modele, effet, **({"fin": fin} if fin else {}))
    ailleurs = creer_collectivite(autre_structure, "Ailleurs", "100000009")
    creer_convention(ailleurs, creer_modele(autre_structure, **DATES_FIXES), date(2024, 1, 1))
    assert notifier().hausses == ()


def test_une_convention_sans_cette_clause_ou_sans_adresse_est_ecartee(
    notifier, adherente, modele_tranches, structure, modele
):
    adherente.collectivite.courriel = ""
    adherente.collectivite.save()
    sans_clause = creer_collectivite(structure, "Sans clause", "100000001")
    creer_convention(sans_clause, modele_tranches, date(2024, 2, 15))
    faite = notifier()
    assert faite.hausses == ()
    assert {d.convention.collectivite.nom: d.obstacle for d in faite.ecartees} == {
        "Montpezat-de-Quercy": SANS_ADRESSE,
        "Sans clause": SANS_DROIT,
    }
    assert not Message.objects.filter(nature="conventions.hausse_notifiee").exists()


def test_un_compte_suffit_sans_adresse_de_contact(notifier, adherente, decideur):
    adherente.collectivite.courriel = ""
    adherente.collectivite.save()
    assert len(notifier().hausses) == 1
    assert [m.destinataire for m in Message.objects.filter(nature="conventions.hausse_notifiee")] == [
        decideur.email
    ]


def test_un_compte_ferme_ne_rend_pas_joignable(notifier, adherente, referent):
    adherente.collectivite.courriel = ""
    adherente.collectivite.save()
    referent.is_active = False
    referent.save()
    assert [d.obstacle for d in notifier().ecartees] == [SANS_ADRESSE]


def test_le_courriel_mene_a_un_exercice_que_la_convention_touche(notifier, adherente, decideur):
    adherente.fin = date(2026, 12, 31)
    adherente.save()
    notifier()
    message = Message.objects.get(destinataire=decideur.email)
    assert "/convention/tarif/2026/" in message.corps


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [({"publie": False}, "Publiez d’abord"), ({"revision": Revision.AUCUNE}, "par décision")],
)
def test_un_bareme_qui_ne_se_notifie_pas_le_dit(notifier, bareme, adherente, champs, phrase):
    for nom, valeur in champs.items():
        setattr(bareme, nom, valeur)
    bareme.save()
    with pytest.raises(ValidationError, match=phrase):
        notifier()
    assert not Hausse.objects.exists()


def test_l_apercu_puis_l_envoi_puis_le_suivi(connecte, gestionnaire, bareme, adherente, decideur):
    client, page_de_hausse = connecte(gestionnaire), adresse("hausse", bareme.pk)
    avant = client.get(page_de_hausse)
    assert [d.convention for d in avant.context["a_prevenir"]] == [adherente]
    assert "23\u00a0févr. 2027" in avant.content.decode()
    assert not Hausse.objects.exists()
    apres = client.post(page_de_hausse, ENVOI, follow=True).content.decode()
    assert "1\u00a0collectivité prévenue" in apres
    assert "Délai ouvert" in apres
    assert "Personne de plus à prévenir aujourd’hui." in apres
    encore = client.post(page_de_hausse, ENVOI, follow=True).content.decode()
    assert "rien n’est parti" in encore
    assert Hausse.objects.count() == 1
    liste = client.get(adresse("hausses")).content.decode()
    assert "Forfaits 2027" in liste


def test_le_delai_passe_se_voit(connecte, dpd, bareme, adherente, notifier, maintenant):
    notifier(maintenant - timedelta(days=200))
    page = connecte(dpd).get(adresse("hausse", bareme.pk)).content.decode()
    assert "Délai passé" in page
    assert "Notifier maintenant" not in page


@pytest.mark.parametrize(
    ("envoi", "champ"), [({"relu": "on"}, "deliberation"), ({"deliberation": "x"}, "relu")]
)
def test_un_envoi_incomplet_ne_part_pas(connecte, gestionnaire, bareme, adherente, envoi, champ):
    reponse = connecte(gestionnaire).post(adresse("hausse", bareme.pk), envoi)
    assert set(reponse.context["formulaire"].errors) == {champ}
    assert not Hausse.objects.exists()


def test_un_bareme_a_l_indice_ne_propose_pas_d_envoi(connecte, gestionnaire, bareme_tranches, convention):
    client = connecte(gestionnaire)
    assert (
        "ne se révise pas par décision" in client.get(adresse("hausse", bareme_tranches.pk)).content.decode()
    )
    refus = client.post(adresse("hausse", bareme_tranches.pk), ENVOI)
    assert "ne se révise pas par décision" in refus.context["formulaire"].non_field_errors()[0]
    assert "Aucun barème révisé par décision" in client.get(adresse("hausses")).content.decode()


def test_le_dpd_lit_sans_notifier(connecte, dpd, bareme, adherente):
    client = connecte(dpd)
    assert client.get(adresse("hausse", bareme.pk)).status_code == 200
    assert client.post(adresse("hausse", bareme.pk), ENVOI).status_code == 403


def test_l_apercu_et_le_suivi_coutent_autant_a_dix_qu_a_deux_cents(
    connecte, gestionnaire, bareme, structure, modele, modele_tranches, maintenant
):
    client, couts = connecte(gestionnaire), []
    client.get(adresse("hausse", bareme.pk))
    for rangs in (range(10), range(10, 200)):
        for rang in rangs:
            commune = creer_collectivite(structure, f"Commune {rang:03}", f"{100_000_000 + rang}")
            clauses = modele_tranches if rang % 4 == 2 else modele
            convention = creer_convention(commune, clauses, date(2024, 2, 15))
            if rang % 2:
                Hausse(
                    collectivite=commune,
                    convention=convention,
                    bareme=bareme,
                    deliberation="x",
                    notifiee_le=maintenant.date(),
                    limite=date(2027, 2, 23),
                ).save()
        with CaptureQueriesContext(connection) as requetes:
            client.get(adresse("hausse", bareme.pk))
        couts.append(len(requetes))
    assert couts[0] == couts[1]
    assert couts[0] <= 10
    assert a_examiner(bareme, maintenant.date()).count() == 100


def test_notifier_coute_autant_a_dix_qu_a_cent(bareme, structure, modele, gestionnaire, maintenant):
    """Le verrou de la structure se tient le temps de l’envoi : aucune ligne n’y ajoute de requête."""
    couts = []
    for rangs in (range(10), range(10, 110)):
        for rang in rangs:
            commune = creer_collectivite(structure, f"Commune {rang:03}", f"{100_000_000 + rang}")
            creer_convention(commune, modele, date(2024, 2, 15))
        with CaptureQueriesContext(connection) as requetes:
            faite = notifier_hausse(
                bareme=bareme, deliberation="2026-41", auteur=gestionnaire, maintenant=maintenant
            )
        assert len(faite.hausses) == len(rangs)
        couts.append(len(requetes))
    assert Message.objects.filter(nature="conventions.hausse_notifiee").count() == 110
    assert Hausse.history.count() == 110
    assert couts[1] - couts[0] <= 5, "les seuls lots de l’écriture en masse"


def test_une_decision_trop_longue_se_refuse_sans_rien_ecrire(bareme, adherente, gestionnaire, maintenant):
    with pytest.raises(ValidationError) as refus:
        notifier_hausse(bareme=bareme, deliberation="x" * 121, auteur=gestionnaire, maintenant=maintenant)
    assert set(refus.value.message_dict) == {"deliberation"}
    assert not Hausse.objects.exists()


def test_l_apercu_et_les_ecartees_tournent_leurs_pages_a_part(
    connecte, gestionnaire, bareme, structure, modele, modele_tranches
):
    for rang in range(60):
        commune = creer_collectivite(structure, f"Commune {rang:03}", f"{100_000_000 + rang}")
        creer_convention(commune, modele if rang % 2 else modele_tranches, date(2024, 2, 15))
    client, page_de_hausse = connecte(gestionnaire), adresse("hausse", bareme.pk)
    vue = client.get(page_de_hausse, {"a_prevenir": "2"})
    assert "À prévenir\u00a0: 30 collectivités" in vue.content.decode()
    assert (len(vue.context["a_prevenir"]), len(vue.context["ecartees"])) == (5, 25)
    assert {d.obstacle for d in vue.context["ecartees"]} == {SANS_DROIT}
    assert "?a_prevenir=2&amp;ecartees=2" in vue.content.decode()
    a_part = '<span class="visually-hidden"> des collectivités '
    assert f"Page précédente{a_part}à prévenir</span>" in vue.content.decode()
    assert f"Page suivante{a_part}non prévenues</span>" in vue.content.decode()
    client.post(page_de_hausse, ENVOI)
    assert Hausse.objects.count() == 30, "toutes, pas seulement celles de la page"
