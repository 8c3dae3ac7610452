"""Les contacts datés : on sait qui était maire à une date."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dpd.comptes import actions_collectivites as actions
from dpd.comptes.enums import FonctionContact
from dpd.comptes.models import Contact

pytestmark = pytest.mark.django_db

SAISIE = {
    "fonction": "referent",
    "nom": "Sylvie Delmas",
    "courriel": "sylvie@montpezat.example",
    "telephone": "05 63 00 00 00",
    "depuis": "2024-03-01",
}


@pytest.fixture
def maire(collectivite, dpd, maintenant):
    return actions.ajouter_contact(
        collectivite=collectivite,
        auteur=dpd,
        maintenant=maintenant,
        fonction=FonctionContact.EXECUTIF,
        nom="Bernard Lacaze",
        depuis=date(2020, 5, 25),
    )


@pytest.mark.parametrize(
    ("personne", "statut"),
    [
        ("dpd", 200),
        ("gestionnaire", 200),
        ("agent", 403),
        ("referent", 403),
        ("lecteur", 403),
        ("etranger", 404),
        (None, 302),
    ],
)
def test_seuls_le_dpd_et_le_gestionnaire_tiennent_les_contacts(
    personne, statut, request, client, connecte, collectivite, maire
):
    if personne:
        connecte(request.getfixturevalue(personne))
    ajouter = reverse("comptes:ajouter_contact", args=[collectivite.siren])
    clore = reverse("comptes:clore_contact", args=[collectivite.siren, maire.pk])
    assert client.get(ajouter).status_code == statut
    assert client.get(clore).status_code == statut
    if statut != 200:
        assert client.post(ajouter, SAISIE).status_code == statut
        assert client.post(clore, {"jusqu_au": "2026-01-01"}).status_code == statut
        assert Contact.objects.get().jusqu_au is None


def test_un_contact_s_ajoute_et_se_lit_avec_sa_date(connecte, dpd, collectivite, referent):
    adresse = reverse("comptes:ajouter_contact", args=[collectivite.siren])
    page = connecte(dpd).post(adresse, SAISIE, follow=True).content.decode()
    assert "Contact ajouté\u00a0: Sylvie Delmas." in page
    assert "depuis le 1er\u00a0mars 2024" in page
    trace = Contact.objects.get().history.get()
    assert (trace.history_user, trace.history_change_reason) == (dpd, "Contact ajouté")
    lu = connecte(referent).get(reverse("comptes:collectivite", args=[collectivite.siren])).content.decode()
    assert "mailto:sylvie@montpezat.example" in lu
    assert "Clore" not in lu


def test_sans_contact_la_page_dit_a_quoi_ils_servent(connecte, dpd, collectivite):
    page = connecte(dpd).get(reverse("comptes:collectivite", args=[collectivite.siren])).content.decode()
    assert "Aucun contact noté." in page
    assert reverse("comptes:ajouter_contact", args=[collectivite.siren]) in page


@pytest.mark.parametrize(
    ("saisie", "champ", "phrase"),
    [
        ({"nom": ""}, "nom", "Indiquez le nom"),
        ({"fonction": "licorne"}, "fonction", "choix"),
        ({"courriel": "sylvie"}, "courriel", "valide"),
        ({"depuis": "hier"}, "depuis", "date"),
        (
            {"fonction": "executif", "depuis": "2026-03-22"},
            "depuis",
            "Bernard Lacaze tient déjà cette fonction",
        ),
    ],
)
def test_une_mauvaise_saisie_se_dit_sous_son_champ(connecte, dpd, collectivite, maire, saisie, champ, phrase):
    adresse = reverse("comptes:ajouter_contact", args=[collectivite.siren])
    reponse = connecte(dpd).post(adresse, SAISIE | saisie)
    assert phrase in str(reponse.context["formulaire"].errors[champ])
    assert Contact.objects.count() == 1


def test_le_maire_se_clot_puis_son_successeur_s_ajoute(connecte, dpd, collectivite, maire):
    client = connecte(dpd)
    clore = reverse("comptes:clore_contact", args=[collectivite.siren, maire.pk])
    page = client.post(clore, {"jusqu_au": "2026-03-21"}, follow=True).content.decode()
    assert "du 25\u00a0mai 2020 au 21\u00a0mars 2026" in page
    client.post(
        reverse("comptes:ajouter_contact", args=[collectivite.siren]),
        SAISIE | {"fonction": "executif", "nom": "Jeanne Vidal", "depuis": "2026-03-22"},
    )
    assert list(Contact.objects.order_by("depuis").values_list("nom", flat=True)) == [
        "Bernard Lacaze",
        "Jeanne Vidal",
    ]
    assert maire.history.order_by("history_id").last().history_change_reason == "Contact clos"


def test_un_contact_ne_finit_pas_avant_d_avoir_commence(connecte, dpd, collectivite, maire):
    clore = reverse("comptes:clore_contact", args=[collectivite.siren, maire.pk])
    page = connecte(dpd).post(clore, {"jusqu_au": "2019-01-01"}).content.decode()
    assert "La fin ne peut pas précéder le début." in page
    assert Contact.objects.get().jusqu_au is None


def test_un_contact_clos_ne_se_reclot_pas(connecte, dpd, collectivite, maire, maintenant):
    actions.clore_contact(contact=maire, jusqu_au=date(2026, 3, 21), auteur=dpd, maintenant=maintenant)
    clore = reverse("comptes:clore_contact", args=[collectivite.siren, maire.pk])
    page = connecte(dpd).post(clore, {"jusqu_au": "2026-04-01"}).content.decode()
    assert "Ce contact est déjà clos." in page
    assert Contact.objects.get().jusqu_au == date(2026, 3, 21)


def test_un_contact_d_une_autre_collectivite_n_existe_pas_ici(connecte, dpd, voisine, maire):
    clore = reverse("comptes:clore_contact", args=[voisine.siren, maire.pk])
    assert connecte(dpd).post(clore, {"jusqu_au": "2026-01-01"}).status_code == 404
    assert Contact.objects.get().jusqu_au is None


def test_deux_maires_peuvent_se_suivre_dans_le_passe(collectivite, dpd, maintenant, maire):
    avant = {"fonction": FonctionContact.EXECUTIF, "nom": "Paul Ancien", "depuis": date(2014, 3, 30)}
    commun = {"collectivite": collectivite, "auteur": dpd, "maintenant": maintenant}
    actions.ajouter_contact(**commun, **avant, jusqu_au=date(2020, 5, 24))
    with pytest.raises(ValidationError, match="Bernard Lacaze tient déjà"):
        actions.ajouter_contact(**commun, **avant, jusqu_au=date(2020, 5, 25))
    assert Contact.objects.count() == 2


def test_un_contact_tape_apres_la_fin_de_session_revient(client, connecte, dpd, collectivite):
    adresse = reverse("comptes:ajouter_contact", args=[collectivite.siren])
    connecte(dpd).get(adresse)
    client.cookies.pop("sessionid")
    client.post(adresse, SAISIE)
    assert 'value="Sylvie Delmas"' in connecte(dpd).get(adresse).content.decode()
    assert not Contact.objects.exists()


def test_un_contact_renvoye_n_est_note_qu_une_fois(collectivite, dpd, maintenant, maire):
    commun = {"collectivite": collectivite, "auteur": dpd, "maintenant": maintenant}
    le_meme = {"fonction": FonctionContact.EXECUTIF, "nom": maire.nom, "depuis": maire.depuis}
    assert actions.ajouter_contact(**commun, **le_meme) == maire
    autre = actions.ajouter_contact(**commun, **{**le_meme, "fonction": FonctionContact.REFERENT})
    assert autre != maire
    assert Contact.objects.count() == 2


def test_un_contact_clos_par_erreur_se_note_de_nouveau(collectivite, dpd, maintenant):
    commun = {"collectivite": collectivite, "auteur": dpd, "maintenant": maintenant}
    lui = {"fonction": FonctionContact.REFERENT, "nom": "Sylvie Delmas", "depuis": date(2024, 3, 1)}
    clos = actions.ajouter_contact(**commun, **lui)
    actions.clore_contact(contact=clos, jusqu_au=date(2026, 1, 1), auteur=dpd, maintenant=maintenant)
    assert actions.ajouter_contact(**commun, **lui) != clos
