"""« Le maire a changé » : ce qui est daté, ce qui reste à faire, ce qui ne change pas."""

from datetime import date

import pytest

from dpd.comptes.droits import accorder
from dpd.comptes.enums import FonctionContact, Role
from dpd.comptes.models import Contact
from dpd.conventions.actions.designation import Declaration, designer
from dpd.conventions.actions.passation import NON_NOTE, changer_executif, noter_suite, organismes_presides
from dpd.conventions.models import Passation
from dpd.messagerie.models import Message
from tests.conftest import creer_collectivite
from tests.conventions.refus import refus

pytestmark = pytest.mark.django_db
DEMANDE = {"nouveau": "Jeanne Vidal", "titre": "maire", "le": date(2026, 3, 28)}


@pytest.fixture
def geste(dpd, maintenant):
    return {"auteur": dpd, "maintenant": maintenant}


@pytest.fixture
def sortant(collectivite):
    contact = Contact(
        collectivite=collectivite,
        fonction=FonctionContact.EXECUTIF,
        nom="Bernard Lacaze",
        depuis=date(2020, 5, 25),
    )
    contact.save()
    return contact


def test_le_sortant_se_clot_et_le_nouveau_s_ouvre(collectivite, sortant, convention, geste):
    passation = changer_executif(collectivite=collectivite, courriel="jv@mairie.example", **DEMANDE, **geste)
    sortant.refresh_from_db()
    assert sortant.jusqu_au == date(2026, 3, 27)
    nouveau = collectivite.contacts.get(fonction=FonctionContact.EXECUTIF, jusqu_au=None)
    assert (nouveau.nom, nouveau.depuis, nouveau.courriel) == (
        "Jeanne Vidal",
        date(2026, 3, 28),
        "jv@mairie.example",
    )
    collectivite.refresh_from_db()
    assert collectivite.representant == "Jeanne Vidal, maire"
    assert str(passation) == "Bernard Lacaze → Jeanne Vidal"
    convention.refresh_from_db()
    assert convention.history.count() == 1  # la convention ne change pas


def test_les_suites_nomment_ce_qu_il_faut_reprendre(
    collectivite, sortant, decideur, structure, geste, referent
):
    collectivite.code_insee = "82131"
    collectivite.save()
    creer_collectivite(structure, "CCAS de Montpezat", "268201316", type="ccas", code_insee="82131")
    Contact(
        collectivite=collectivite,
        fonction=FonctionContact.REFERENT,
        nom="Sylvie Delmas",
        depuis=date(2024, 1, 1),
    ).save()
    designer(collectivite=collectivite, declaration=Declaration("CDG"), designee_le=date(2024, 3, 1), **geste)
    passation = changer_executif(collectivite=collectivite, **DEMANDE, **geste)
    suites = dict(passation.suites.values_list("code", "libelle"))
    assert "nouveau responsable légal" in suites["designation"]
    assert str(decideur) in suites["comptes"]
    assert "Sylvie Delmas" in suites["referent"]
    assert "CCAS de Montpezat" in suites["organismes"]
    recus = Message.objects.filter(nature="conventions.executif_change")
    assert {m.destinataire for m in recus} == {referent.email, geste["auteur"].email}


def test_un_referent_qui_est_aussi_le_dpd_n_est_prevenu_qu_une_fois(collectivite, geste):
    accorder(geste["auteur"], Role.REFERENT, collectivite)
    changer_executif(collectivite=collectivite, **DEMANDE, **geste)
    assert Message.objects.filter(nature="conventions.executif_change").count() == 1


def test_sans_contact_le_sortant_est_celui_de_la_fiche(collectivite, geste):
    assert changer_executif(collectivite=collectivite, **DEMANDE, **geste).ancien == "Bernard Lacaze"


def test_sans_rien_de_note_le_sortant_se_dit_non_note(collectivite, geste):
    collectivite.responsable_nom = ""
    collectivite.save()
    assert changer_executif(collectivite=collectivite, **DEMANDE, **geste).ancien == NON_NOTE


def test_un_double_envoi_ne_note_qu_un_changement(collectivite, sortant, geste):
    changer_executif(collectivite=collectivite, **DEMANDE, **geste)
    with refus("déjà noté", "nouveau"):
        changer_executif(collectivite=collectivite, **DEMANDE, **geste)
    assert Passation.objects.count() == 1


@pytest.mark.parametrize(
    ("champs", "champ", "motif"),
    [
        ({"nouveau": "bernard LACAZE"}, "nouveau", "déjà noté"),
        ({"le": date(2026, 12, 1)}, "le", "à venir"),
        ({"le": date(2020, 5, 25)}, "le", "en fonction depuis le 25 mai 2020"),
    ],
)
def test_un_changement_qui_n_en_est_pas_un_est_refuse(collectivite, sortant, geste, champs, champ, motif):
    with refus(motif, champ):
        changer_executif(collectivite=collectivite, **(DEMANDE | champs), **geste)
    sortant.refresh_from_db()
    assert sortant.jusqu_au is None


def test_un_executif_deja_note_a_cette_date_se_dit_sous_la_date(collectivite, geste):
    Contact(
        collectivite=collectivite,
        fonction=FonctionContact.EXECUTIF,
        nom="Paul Autre",
        depuis=date(2026, 1, 1),
        jusqu_au=date(2026, 12, 31),
    ).save()
    with refus("Paul Autre tient déjà cette fonction", "le"):
        changer_executif(collectivite=collectivite, **DEMANDE, **geste)
    assert not Passation.objects.exists()


def test_seule_une_commune_preside_de_droit(structure, collectivite):
    epci = creer_collectivite(structure, "CC du Quercy", "248200107", type="epci", code_insee="82131")
    creer_collectivite(structure, "Caisse", "268201316", type="caisse_ecoles", code_insee="82131")
    assert organismes_presides(epci) == []
    assert [o.nom for o in organismes_presides(collectivite)] == ["Caisse"]
    collectivite.code_insee = ""
    assert organismes_presides(collectivite) == []


def test_une_suite_se_coche_se_note_et_se_rouvre(collectivite, geste):
    suite = changer_executif(collectivite=collectivite, **DEMANDE, **geste).suites.first()
    faite = noter_suite(suite=suite, faite=True, note=" Accusé DPO-9 ", **geste)
    assert (faite.faite_le, faite.faite_par, faite.note) == (
        date(2026, 11, 23),
        geste["auteur"],
        "Accusé DPO-9",
    )
    noter_suite(suite=suite, faite=True, note="Accusé DPO-9", **geste)
    assert suite.history.count() == 2  # le double envoi n’écrit rien
    precisee = noter_suite(suite=suite, faite=True, note="Accusé DPO-10", **geste)
    assert (precisee.faite_le, precisee.note) == (date(2026, 11, 23), "Accusé DPO-10")
    rouverte = noter_suite(suite=suite, faite=False, **geste)
    assert (rouverte.faite_le, rouverte.faite_par, rouverte.note) == (None, None, "")
