"""La saisie guidée, avec et sans JavaScript."""

import re

import pytest
from django.urls import reverse

from registre import actions
from registre.models import VersionTraitement
from registre.regles.contenu import Fiche, depuis_dict

pytestmark = pytest.mark.django_db


def adresse(collectivite, numero, reference=1):
    return reverse("registre:etape", args=[collectivite.siren, reference, numero])


def contenu(version):
    version.refresh_from_db()
    return depuis_dict(version.contenu)


@pytest.mark.parametrize("numero", range(1, 8))
def test_chaque_etape_s_ouvre(numero, connecte, referent, complete, collectivite):
    assert connecte(referent).get(adresse(collectivite, numero)).status_code == 200


@pytest.mark.parametrize("numero", range(1, 7))
def test_renvoyer_une_etape_telle_quelle_ne_change_rien(numero, connecte, referent, complete, collectivite):
    """Ce que l’écran affiche, renvoyé sans y toucher, redonne exactement la même fiche."""
    client = connecte(referent)
    page = client.get(adresse(collectivite, numero))
    avant = contenu(complete)
    donnees = {"revision": complete.revision}
    for formulaire in page.context["saisie"].formulaires():
        for champ in formulaire:
            valeur = champ.value()
            if valeur is not None and valeur is not False and valeur not in ("", []):
                donnees[champ.html_name] = "on" if valeur is True else valeur
    reponse = client.post(adresse(collectivite, numero), donnees)
    assert reponse.status_code == 302, [f.errors for f in reponse.context["saisie"].formulaires()]
    apres = contenu(complete)
    if numero == 6:
        assert apres.aipd_conclusion == "non_requise"
    else:
        assert apres == avant


@pytest.mark.parametrize("numero", [2, 4, 6])
def test_chaque_precision_se_lit_avec_sa_carte(numero, connecte, referent, complete, collectivite):
    page = connecte(referent).get(adresse(collectivite, numero)).content.decode()
    cartes = re.findall(r'class="choix__carte" role="group" aria-label="([^"]+)"', page)
    assert len(cartes) == len(set(cartes)) == page.count('class="choix__carte"') > 5


@pytest.mark.parametrize("numero", [0, 8, 99])
def test_une_etape_inconnue_n_existe_pas(numero, connecte, referent, complete, collectivite):
    assert connecte(referent).get(adresse(collectivite, numero)).status_code == 404


@pytest.mark.parametrize(
    ("qui", "statut"), [("lecteur", 403), ("decideur", 403), ("gestionnaire", 403), ("etranger", 404)]
)
def test_seuls_le_referent_et_le_dpd_saisissent(qui, statut, request, connecte, complete, collectivite):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(adresse(collectivite, 1)).status_code == statut
    assert client.post(adresse(collectivite, 1), {"p-nom": "Pirate"}).status_code == statut
    assert contenu(complete).nom == "Cantine et garderie"


def test_etape_1_enregistre_les_buts_et_leur_base(connecte, referent, brouillon, collectivite):
    donnees = {
        "p-nom": "Cantine",
        "f-1-libelle": "Inscrire les enfants",
        "f-1-base_legale": "e",
        "f-1-texte": "Code de l’éducation",
        "f-2-libelle": "Facturer",
        "f-2-base_legale": "c",
    }
    reponse = connecte(referent).post(adresse(collectivite, 1), donnees)
    assert reponse.url == adresse(collectivite, 2)
    fiche = contenu(brouillon)
    assert [(f.libelle, f.base_legale, f.principale) for f in fiche.finalites] == [
        ("Inscrire les enfants", "e", True),
        ("Facturer", "c", False),
    ]


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"p-nom": ""}, "elle est nécessaire"),
        ({"f-1-libelle": "", "f-1-texte": "CGCT"}, "Complétez cette ligne"),
        ({"f-1-libelle": "Suivre", "f-1-base_legale": "f"}, "intérêt légitime"),
        ({"f-1-libelle": "Suivre", "f-1-base_legale": ["c", "e"]}, "Une seule réponse"),
        ({"p-description": "Dossier 2 55 08 14 168 025 38"}, "sécurité sociale"),
        ({"p-coresponsables_reponse": "oui"}, "Nommez cet organisme"),
    ],
)
def test_une_erreur_se_dit_a_sa_place_et_rien_n_est_perdu(
    champs, message, connecte, referent, brouillon, collectivite
):
    donnees = {"p-nom": "Cantine", "p-service": "Mon service", **champs}
    reponse = connecte(referent).post(adresse(collectivite, 1), donnees)
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert message in page
    assert "Mon service" in page
    assert contenu(brouillon).service == ""


def test_etape_3_enregistre_durees_sorts_et_raisons(connecte, referent, brouillon, collectivite):
    donnees = {
        "d-identite-1-coche": "on",
        "d-identite-1-nombre": "1",
        "d-identite-1-unite": "annee",
        "d-identite-1-evenement": "la fin de l’année scolaire",
        "d-identite-1-sort_final": "E",
        "d-sante-1-coche": "on",
        "d-sante-1-unite": "inconnu",
        "d-sante-1-sort_final": "inconnu",
        "d-sante-1-exception_art9": "g",
        "d-bancaire-1-nombre": "13",
        "d-bancaire-1-unite": "mois",
    }
    connecte(referent).post(adresse(collectivite, 3), donnees)
    lignes = {d.categorie: d for d in contenu(brouillon).donnees}
    assert set(lignes) == {"identite", "sante"}  # une carte décochée est ignorée, même remplie
    assert (lignes["identite"].duree.nombre, lignes["identite"].sort_final) == (1, "E")
    assert lignes["sante"].duree.inconnue
    assert lignes["sante"].sort_inconnu
    assert lignes["sante"].exception_art9 == "g"


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"nombre": "douze", "unite": "mois"}, "Indiquez un nombre entier"),
        ({"nombre": "", "unite": "mois"}, "Indiquez un nombre"),
        ({"nombre": "3", "unite": ""}, "Choisissez jours"),
        ({"nombre": "-1", "unite": "mois"}, "supérieure ou égale"),
        ({"description": "4970 1012 3456 7893"}, "carte"),
    ],
)
def test_une_duree_illisible_se_dit_sur_la_ligne(
    champs, message, connecte, referent, brouillon, collectivite
):
    donnees = {"d-identite-1-coche": "on", **{f"d-identite-1-{k}": v for k, v in champs.items()}}
    reponse = connecte(referent).post(adresse(collectivite, 3), donnees)
    assert reponse.status_code == 422
    assert message in reponse.content.decode()
    assert contenu(brouillon).donnees == ()


def test_au_fil_de_l_eau_le_fragment_remplace_l_heure_et_la_completude(
    connecte, referent, brouillon, collectivite
):
    client = connecte(referent)
    reponse = client.post(
        adresse(collectivite, 6),
        {"m-papier-1-coche": "on", "revision": brouillon.revision},
        headers={"HX-Request": "true"},
    )
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert "Enregistré à" in page
    assert 'id="completude"' in page
    assert 'hx-swap-oob="true"' in page
    assert 'class="petit" id="manque-' in page, "sans id, le focus se perd à l’échange"
    assert "<html" not in page
    assert [m.mesure for m in contenu(brouillon).mesures] == ["papier"]


def test_au_fil_de_l_eau_une_erreur_ne_detruit_rien(connecte, referent, brouillon, collectivite):
    reponse = connecte(referent).post(
        adresse(collectivite, 3),
        {"d-identite-1-coche": "on", "d-identite-1-nombre": "x"},
        headers={"HX-Request": "true"},
    )
    assert "Pas encore enregistré" in reponse.content.decode()
    assert contenu(brouillon).donnees == ()


def test_un_conflit_garde_la_saisie_et_dit_qui(connecte, referent, dpd, brouillon, collectivite, maintenant):
    lue = brouillon.revision
    actions.enregistrer_contenu(
        version=brouillon,
        fiche=Fiche(nom="Version du DPD"),
        auteur=dpd,
        maintenant=maintenant,
        raison="x",
    )
    client = connecte(referent)
    donnees = {"p-nom": "Ma version", "revision": lue}
    reponse = client.post(adresse(collectivite, 1), donnees)
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert "Nadège Roucoules" in page
    assert "Ma version" in page
    assert contenu(brouillon).nom == "Version du DPD"
    fragment = client.post(adresse(collectivite, 1), donnees, headers={"HX-Request": "true"})
    assert "Votre saisie n’est pas perdue" in fragment.content.decode()
    nouvelle = reponse.context["version"].revision
    assert client.post(adresse(collectivite, 1), {**donnees, "revision": nouvelle}).status_code == 302
    assert contenu(brouillon).nom == "Ma version"


def test_deux_onglets_de_la_meme_personne_ne_s_ecrasent_pas(connecte, referent, brouillon, collectivite):
    client = connecte(referent)
    premier = client.get(adresse(collectivite, 1)).context["lu"]
    assert (
        client.post(adresse(collectivite, 1), {"p-nom": "Premier onglet", "lu": premier}).status_code == 302
    )
    second = {"p-nom": "Second onglet", "lu": premier}
    reponse = client.post(adresse(collectivite, 1), second)
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert "dans un autre onglet" in page
    assert "«\u00a0Premier onglet\u00a0»" in page.replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    assert contenu(brouillon).nom == "Premier onglet"
    fragment = client.post(adresse(collectivite, 1), second, headers={"HX-Request": "true"})
    assert "dans un autre onglet" in fragment.content.decode()
    confirme = client.post(adresse(collectivite, 1), {**second, "lu": reponse.context["lu"]})
    assert confirme.status_code == 302
    assert contenu(brouillon).nom == "Second onglet"


def test_au_fil_de_l_eau_un_onglet_ne_se_croit_pas_en_conflit_avec_lui_meme(
    connecte, referent, brouillon, collectivite
):
    client = connecte(referent)
    lu = client.get(adresse(collectivite, 1)).context["lu"]
    for nom in ("Un", "Un deux", "Un deux trois"):
        reponse = client.post(
            adresse(collectivite, 1), {"p-nom": nom, "lu": lu}, headers={"HX-Request": "true"}
        )
        lu = re.search(r'name="lu" id="lu" value="([^"]+)"', reponse.content.decode())[1]
    assert contenu(brouillon).nom == "Un deux trois"


def test_les_transferts_ne_comptent_que_si_la_reponse_est_oui(connecte, referent, brouillon, collectivite):
    client = connecte(referent)
    ligne = {"x-1-destinataire": "Lettre d’information", "x-1-pays": "US", "x-1-outil": "cct"}
    client.post(adresse(collectivite, 5), {"t-transferts_reponse": "aucun", **ligne})
    assert contenu(brouillon).transferts == ()
    client.post(adresse(collectivite, 5), {"t-transferts_reponse": "oui", **ligne})
    assert contenu(brouillon).transferts[0].pays == "US"
    brouillon.refresh_from_db()
    assert brouillon.a_transferts


@pytest.mark.parametrize(
    ("ligne", "message"),
    [
        ({"x-1-destinataire": "Y"}, "Choisissez le pays"),
        (
            {"x-1-destinataire": "Y", "x-1-pays": "AF", "x-1-outil": "adequation"},
            "Aucune décision d’adéquation",
        ),
    ],
)
def test_un_transfert_incomplet_ou_faux_se_dit(ligne, message, connecte, referent, brouillon, collectivite):
    reponse = connecte(referent).post(adresse(collectivite, 5), {"t-transferts_reponse": "oui", **ligne})
    assert reponse.status_code == 422
    assert message in reponse.content.decode()


@pytest.mark.parametrize(("bouton", "suite"), [("plus_tard", "fiche"), ("precedent", "etape")])
def test_chaque_bouton_enregistre_puis_mene_ou_il_dit(
    bouton, suite, connecte, referent, brouillon, collectivite
):
    reponse = connecte(referent).post(adresse(collectivite, 6), {"m-papier-1-coche": "on", bouton: "1"})
    assert contenu(brouillon).mesures
    attendu = (
        adresse(collectivite, 5)
        if suite == "etape"
        else reverse("registre:fiche", args=[collectivite.siren, 1])
    )
    assert reponse.url == attendu


def test_une_version_transmise_renvoie_a_la_fiche(connecte, referent, transmise, collectivite):
    reponse = connecte(referent).get(adresse(collectivite, 1), follow=True)
    assert "Cette fiche est transmise au DPD" in reponse.content.decode()


@pytest.mark.parametrize("par_htmx", [True, False])
def test_transmise_pendant_la_saisie_rien_n_est_ecrit_ni_efface_de_l_ecran(
    connecte, referent, transmise, collectivite, par_htmx
):
    """L’autre onglet a transmis : la fiche entière se collait dans la page, ou le texte partait."""
    entetes = {"hx-request": "true"} if par_htmx else {}
    donnees = {"d-identite-1-coche": "on", "d-identite-1-description": "Un texte long et précieux"}
    reponse = connecte(referent).post(adresse(collectivite, 3), donnees, headers=entetes)
    page = reponse.content.decode()
    assert "Rien n’est enregistré. Cette fiche est transmise au DPD" in page
    assert ("Un texte long et précieux" in page, "<h1" in page) == (not par_htmx, not par_htmx)
    assert reponse.status_code == (200 if par_htmx else 409)
    assert "Enregistré à" not in page
    assert "précieux" not in str(contenu(transmise))


def test_la_saisie_d_une_session_expiree_est_rendue(client, referent, brouillon, collectivite):
    porte = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(referent, backend=porte)
    client.get(adresse(collectivite, 3))
    client.cookies.pop("sessionid")  # la session expire pendant la saisie
    donnees = {"d-identite-1-coche": "on", "d-identite-1-description": "Saisie longue et précieuse"}
    reponse = client.post(adresse(collectivite, 3), donnees)
    assert reponse.status_code == 302
    client.force_login(referent, backend=porte)
    page = client.get(adresse(collectivite, 3)).content.decode()
    assert "Saisie longue et précieuse" in page
    assert "Votre saisie a été retrouvée" in page
    assert VersionTraitement.objects.get().contenu["donnees"] == []
