"""Ouvrir, lire et modifier une collectivité."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dpd.comptes import actions_collectivites as actions
from dpd.comptes.models import Collectivite
from tests.comptes.fabriques_referentiel import creer_commune, creer_epci, montpezat
from tests.conftest import creer_collectivite

pytestmark = pytest.mark.django_db

MONTPEZAT = {
    "type": "commune",
    "denomination": "Commune de Montpezat-de-Quercy",
    "nom": "Montpezat-de-Quercy",
    "siren": "218 201 317",
    "siret": "",
    "code_insee": "82131",
    "code_postal": "82270",
    "adresse": "",
    "territoire": "metropole",
    "epci_siren": "",
    "population_totale": "1637",
    "population_millesime": "2022",
    "population_source": "INSEE, essai",
    "responsable_nom": "Bernard Lacaze",
    "responsable_titre": "maire",
}


@pytest.fixture
def referentiel():
    montpezat()
    creer_commune("97302", "Cayenne")
    creer_epci("248200057", "CC du Quercy Caussadais")


@pytest.fixture
def creation(structure):
    return reverse("comptes:creer_collectivite", args=[structure.siren])


ROLES = [
    ("dpd", 200),
    ("gestionnaire", 200),
    ("agent", 403),
    ("referent", 404),
    ("etranger", 404),
    (None, 302),
]


@pytest.mark.parametrize(("personne", "statut"), ROLES)
@pytest.mark.parametrize("nom", ["creer_collectivite", "communes"])
def test_seuls_le_dpd_et_le_gestionnaire_ajoutent_une_collectivite(
    nom, personne, statut, request, client, connecte, structure
):
    if personne:
        connecte(request.getfixturevalue(personne))
    assert client.get(reverse(f"comptes:{nom}", args=[structure.siren])).status_code == statut


@pytest.mark.parametrize(
    ("personne", "lire", "modifier"),
    [
        ("dpd", 200, 200),
        ("gestionnaire", 200, 200),
        ("agent", 200, 403),
        ("referent", 200, 403),
        ("decideur", 200, 403),
        ("lecteur", 200, 403),
        ("etranger", 404, 404),
        (None, 302, 302),
    ],
)
def test_qui_lit_et_qui_modifie_la_collectivite(
    personne, lire, modifier, request, client, connecte, collectivite
):
    if personne:
        connecte(request.getfixturevalue(personne))
    assert client.get(reverse("comptes:collectivite", args=[collectivite.siren])).status_code == lire
    assert (
        client.get(reverse("comptes:modifier_collectivite", args=[collectivite.siren])).status_code
        == modifier
    )


def test_trois_lettres_proposent_une_commune_avec_ou_sans_script(connecte, dpd, structure, referentiel):
    client, adresse = connecte(dpd), reverse("comptes:communes", args=[structure.siren])
    lien = reverse("comptes:creer_collectivite", args=[structure.siren]) + "?commune=82131"
    fragment = client.get(adresse, {"q": "mon"}, headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert "HX-Request" in fragment["Vary"]
    page = client.get(adresse, {"q": "mon"}).content.decode()
    assert "<h1>" in page
    for contenu in (fragment.content.decode(), page):
        assert lien in contenu
        assert "1\u202f637 hab. (2022)" in contenu
    assert "?epci=248200057" in client.get(adresse, {"q": "quercy"}).content.decode()
    assert "ne répond à" in client.get(adresse, {"q": "zzz"}).content.decode()


def test_une_commune_deja_suivie_se_dit(connecte, dpd, structure, referentiel, collectivite):
    page = (
        connecte(dpd).get(reverse("comptes:communes", args=[structure.siren]), {"q": "mon"}).content.decode()
    )
    assert "déjà suivie" in page
    assert "?commune=82131" not in page


def test_sans_referentiel_la_page_dit_quoi_faire(connecte, dpd, creation):
    assert "charger_communes" in connecte(dpd).get(creation).content.decode()


@pytest.mark.parametrize(
    ("demande", "champ", "valeur"),
    [
        ("?commune=82131", "siren", "218201317"),
        ("?commune=82131", "epci_siren", "248200057"),
        ("?epci=248200057", "denomination", "Communauté de communes du Quercy Caussadais"),
        ("?type=syndicat", "type", "syndicat"),
        (
            "?type=ccas&depuis=218201317",
            "denomination",
            "Centre communal d’action sociale de Montpezat-de-Quercy",
        ),
        ("?type=ccas&depuis=218201317", "code_insee", "82131"),
        ("?type=ccas&depuis=210300232", "denomination", None),  # commune d’une autre structure
    ],
)
def test_le_formulaire_arrive_rempli(
    connecte, dpd, creation, referentiel, collectivite, lointaine, demande, champ, valeur
):
    formulaire = connecte(dpd).get(creation + demande).context["formulaire"]
    assert formulaire[champ].value() == valeur


@pytest.mark.parametrize("demande", ["?commune=99999", "?type=licorne", "?epci=1"])
def test_une_demande_inconnue_revient_au_choix(connecte, dpd, creation, referentiel, demande):
    assert "Quelle collectivité ajouter" in connecte(dpd).get(creation + demande).content.decode()


def test_une_commune_s_ajoute_avec_son_intercommunalite_et_son_historique(
    connecte, gestionnaire, creation, referentiel, structure
):
    reponse = connecte(gestionnaire).post(creation, MONTPEZAT)
    nouvelle = Collectivite.objects.get()
    assert reponse.url == reverse("comptes:collectivite", args=["218201317"])
    assert (nouvelle.structure, nouvelle.siren, nouvelle.active) == (structure, "218201317", True)
    assert (nouvelle.epci_siren, nouvelle.epci_nom) == ("248200057", "CC du Quercy Caussadais")
    trace = nouvelle.history.get()
    assert (trace.history_user, trace.history_change_reason) == (gestionnaire, "Collectivité ajoutée")


@pytest.mark.parametrize(
    ("saisie", "champ", "phrase"),
    [
        ({"siren": "218201318"}, "siren", "la clé ne tombe pas juste"),
        ({"siren": "210300232"}, "siren", "Le SIREN de Montpezat-de-Quercy est 218201317"),
        ({"siren": ""}, "siren", "Indiquez le SIREN"),
        ({"siret": "21820131700018"}, "siret", "la clé ne tombe pas juste"),
        ({"siret": "288 200 017 00011"}, "siret", "les neuf premiers chiffres diffèrent"),
        ({"code_insee": "82999"}, "code_insee", "n’est pas au référentiel"),
        ({"code_insee": ""}, "code_insee", "Indiquez le code INSEE"),
        ({"code_insee": "97302"}, "territoire", "Cayenne relève d’un autre territoire"),
        ({"population_totale": "-1"}, "population_totale", "ne peut pas être négative"),
        ({"population_millesime": ""}, "population_millesime", "l’année que décrit"),
        ({"population_millesime": "2090"}, "population_millesime", "au plus tard"),
        ({"population_source": ""}, "population_source", "d’où vient"),
        ({"population_totale": "1700"}, "population_source", "Cette source donne un autre chiffre"),
        ({"adresse": "1 84 12 82 131 001 66"}, "adresse", "numéro de sécurité sociale"),
        ({"epci_siren": "111111111"}, "epci_siren", "choix"),
    ],
)
def test_une_mauvaise_saisie_se_dit_sous_son_champ_et_n_ecrit_rien(
    connecte, dpd, creation, referentiel, saisie, champ, phrase
):
    reponse = connecte(dpd).post(creation, MONTPEZAT | saisie)
    page = reponse.content.decode()
    assert phrase in str(reponse.context["formulaire"].errors[champ])
    assert f'id="id_{champ}_error"' in page
    assert 'value="Bernard Lacaze"' in page  # rien de perdu
    assert not Collectivite.objects.exists()


def test_une_population_saisie_a_la_main_cite_sa_propre_source(connecte, dpd, creation, referentiel):
    connecte(dpd).post(creation, MONTPEZAT | {"population_totale": "1700", "population_source": "Décret"})
    assert Collectivite.objects.get().population_source == "Décret"


def test_une_population_plus_recente_que_le_referentiel_garde_sa_source(connecte, dpd, creation, referentiel):
    recente = {"population_totale": "1700", "population_millesime": "2023"}
    connecte(dpd).post(creation, MONTPEZAT | recente)
    assert Collectivite.objects.get().population_totale == 1700


def test_une_population_inconnue_reste_vide(connecte, dpd, creation, referentiel):
    vide = {"population_totale": "", "population_millesime": "", "population_source": ""}
    connecte(dpd).post(creation, MONTPEZAT | vide)
    assert Collectivite.objects.get().population_totale is None


def test_un_siren_suivi_ailleurs_est_refuse_sans_dire_par_qui(
    connecte, dpd, creation, referentiel, lointaine
):
    saisie = MONTPEZAT | {"type": "autre", "siren": lointaine.siren}
    page = connecte(dpd).post(creation, saisie).content.decode()
    assert "Ce SIREN est déjà suivi dans l’application" in page
    assert "Bellerive" not in page
    assert "Allier" not in page


def test_un_siren_deja_au_portefeuille_se_nomme(connecte, dpd, creation, referentiel, collectivite):
    page = connecte(dpd).post(creation, MONTPEZAT).content.decode()
    assert "Commune de Montpezat-de-Quercy est déjà dans votre portefeuille." in page


def test_l_action_refuse_un_siren_pris_entre_temps(structure, dpd, maintenant, collectivite):
    with pytest.raises(ValidationError):
        actions.creer_collectivite(
            structure=structure,
            auteur=dpd,
            maintenant=maintenant,
            type="autre",
            nom="X",
            denomination="X",
            siren=collectivite.siren,
        )
    assert Collectivite.objects.count() == 1


def test_un_refus_de_l_action_revient_dans_la_page(connecte, dpd, creation, referentiel, monkeypatch):
    def refuser(**champs):
        raise ValidationError({"siren": "Pris entre-temps."})

    monkeypatch.setattr(actions, "creer_collectivite", refuser)
    assert "Pris entre-temps." in connecte(dpd).post(creation, MONTPEZAT).content.decode()


def test_un_refus_de_l_action_de_modification_revient_dans_la_page(
    connecte, dpd, referentiel, collectivite, monkeypatch
):
    def refuser(**champs):
        raise ValidationError("Impossible aujourd’hui.")

    monkeypatch.setattr(actions, "modifier_collectivite", refuser)
    adresse = reverse("comptes:modifier_collectivite", args=[collectivite.siren])
    assert "Impossible aujourd’hui." in connecte(dpd).post(adresse, MONTPEZAT).content.decode()


def test_une_structure_sans_departement_propose_toutes_les_intercommunalites(
    connecte, dpd, creation, referentiel, structure
):
    creer_epci("249730045", "CA du Centre Littoral", "CA")
    client = connecte(dpd)

    def proposees():
        formulaire = client.get(creation + "?type=syndicat").context["formulaire"]
        return [str(libelle) for _, libelle in formulaire.fields["epci_siren"].choices]

    assert proposees() == ["Aucune, ou inconnue", "CC du Quercy Caussadais"]
    structure.departement = ""
    structure.save()
    assert proposees() == ["Aucune, ou inconnue", "CA du Centre Littoral", "CC du Quercy Caussadais"]


def test_modifier_garde_l_avant_et_l_apres(connecte, dpd, referentiel, collectivite, referent):
    client = connecte(dpd)
    adresse = reverse("comptes:modifier_collectivite", args=[collectivite.siren])
    saisie = MONTPEZAT | {"responsable_nom": "Jeanne Vidal", "active": "on"}
    reponse = client.post(adresse, saisie, follow=True)
    page = reponse.content.decode()
    assert "La collectivité est à jour." in page
    assert "Bernard Lacaze → Jeanne Vidal" in page
    assert "1\u202f556 → 1\u202f637" in page
    assert "2023 → 2022" in page
    assert str(dpd) in page
    collectivite.refresh_from_db()
    assert (collectivite.responsable_nom, collectivite.active) == ("Jeanne Vidal", True)
    assert (
        connecte(referent).get(reverse("comptes:collectivite", args=[collectivite.siren])).status_code == 200
    )


def test_l_historique_dit_les_libelles_et_qui_a_agi(connecte, dpd, collectivite, maintenant):
    actions.modifier_collectivite(
        collectivite=collectivite, auteur=dpd, maintenant=maintenant, territoire="guyane"
    )
    page = connecte(dpd).get(reverse("comptes:collectivite", args=[collectivite.siren])).content.decode()
    assert "→ Guyane" in page
    assert "Collectivité modifiée" in page
    assert "l’application" in page  # l’ouverture, faite sans auteur


def test_ne_rien_changer_n_ecrit_aucun_historique(collectivite, dpd, maintenant):
    actions.modifier_collectivite(
        collectivite=collectivite, auteur=dpd, maintenant=maintenant, nom=collectivite.nom
    )
    assert collectivite.history.count() == 1


def test_decocher_le_suivi_se_lit_sur_la_page(connecte, dpd, referentiel, collectivite):
    client = connecte(dpd)
    adresse = reverse("comptes:modifier_collectivite", args=[collectivite.siren])
    page = client.post(adresse, MONTPEZAT, follow=True).content.decode()
    assert "l’accompagnement a pris fin" in page
    assert "Suivie\u00a0:</span> oui → non" in page


def test_un_refus_de_modification_garde_la_saisie(connecte, dpd, referentiel, collectivite):
    adresse = reverse("comptes:modifier_collectivite", args=[collectivite.siren])
    reponse = connecte(dpd).post(adresse, MONTPEZAT | {"denomination": "", "nom": "", "siret": "1"})
    page = reponse.content.decode()
    assert "3 réponses sont à reprendre" in page
    assert 'href="#id_denomination"' in page
    assert Collectivite.objects.get().nom == "Montpezat-de-Quercy"


@pytest.mark.parametrize("nom", ["creer_collectivite", "modifier_collectivite"])
def test_une_saisie_envoyee_apres_la_fin_de_session_revient(
    nom, client, connecte, dpd, referentiel, collectivite, structure
):
    siren = structure.siren if nom.startswith("creer") else collectivite.siren
    adresse = reverse(f"comptes:{nom}", args=[siren])
    connecte(dpd).get(adresse)
    client.cookies.pop("sessionid")
    assert client.post(adresse, MONTPEZAT | {"nom": "Montpezat à moi"}).status_code == 302
    page = connecte(dpd).get(adresse).content.decode()
    assert "Votre session avait expiré" in page
    assert 'value="Montpezat à moi"' in page


def test_la_page_propose_le_ccas_puis_y_mene(connecte, dpd, referentiel, collectivite, structure):
    client, adresse = connecte(dpd), reverse("comptes:collectivite", args=[collectivite.siren])
    assert "?type=ccas&amp;depuis=218201317" in client.get(adresse).content.decode()
    creer_collectivite(structure, "CCAS de Montpezat", "268201318", type="ccas", code_insee="82131")
    page = client.get(adresse).content.decode()
    assert "Ajouter le CCAS" not in page
    assert "Ajouter la caisse des écoles" in page
    assert reverse("comptes:collectivite", args=["268201318"]) in page
    assert (
        "?type=ccas" not in client.get(reverse("comptes:collectivite", args=["268201318"])).content.decode()
    )


def test_un_syndicat_n_a_ni_commune_ni_organisme_lie(connecte, dpd, structure):
    syndicat = creer_collectivite(structure, "Syndicat des eaux", "258200014", type="syndicat")
    page = connecte(dpd).get(reverse("comptes:collectivite", args=[syndicat.siren])).content.decode()
    assert "Code INSEE" not in page
    assert "Ajouter le CCAS" not in page
    assert "Organismes de la même commune" not in page


def test_le_referent_ne_voit_ni_le_ccas_d_a_cote_ni_les_boutons(connecte, referent, collectivite, structure):
    creer_collectivite(structure, "CCAS de Montpezat", "268201318", type="ccas", code_insee="82131")
    page = connecte(referent).get(reverse("comptes:collectivite", args=[collectivite.siren])).content.decode()
    assert "268201318" not in page
    assert "Modifier" not in page
    assert reverse("comptes:personnes", args=[collectivite.siren]) not in page


def test_le_nombre_de_requetes_de_la_page_ne_depend_pas_des_lignes(
    connecte, dpd, collectivite, maintenant, django_assert_max_num_queries
):
    for rang in range(30):
        actions.modifier_collectivite(
            collectivite=collectivite, auteur=dpd, maintenant=maintenant, nom=f"N{rang}"
        )
    client, adresse = connecte(dpd), reverse("comptes:collectivite", args=[collectivite.siren])
    with django_assert_max_num_queries(12):
        client.get(adresse)
