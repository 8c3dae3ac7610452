"""Les écrans des modèles de convention : lus de la structure, écrits du gestionnaire."""

from datetime import date

import pytest
from django.urls import reverse

from dpd.conventions.models import ModeleConvention
from tests.conventions.conftest import DATES_FIXES, EXPRESSE, creer_convention, creer_modele
from tests.conventions.test_convention_vues import texte

pytestmark = pytest.mark.django_db
SAISIE = {
    "nom": "Services numériques 2027",
    "source": "Délibération 2026-40",
    "en_vigueur_du": "2027-01-01",
    "depart": "signature",
    "duree_mois": "12",
    "reconduction": "tacite",
    "preavis": "avant_echeance",
    "preavis_mois": "3",
    "forme": "lrar",
    "article_denonciation": "article 6.4",
    "regle_phase": "premier_exercice",
    "interlocuteur": "correspondant",
    "registre": "dpd",
    "codes": ["deliberation", "formation_referent", "bilan"],
}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


def page(structure, nom="modeles", *args) -> str:
    return reverse(f"conventions:{nom}", args=[structure.siren, *args])


@pytest.mark.parametrize("nom", ["modeles", "modele"])
@pytest.mark.parametrize(
    ("qui", "statut"),
    [("gestionnaire", 200), ("dpd", 200), ("agent", 403), ("referent", 404), ("etranger", 404)],
)
def test_qui_lit_les_modeles(nom, qui, statut, request, connecte, structure, modele_tranches):
    adresse = page(structure, nom, *([modele_tranches.pk] if nom == "modele" else []))
    assert connecte(request.getfixturevalue(qui)).get(adresse).status_code == statut


@pytest.mark.parametrize("nom", ["creer_modele", "modifier_modele", "remplacer_modele", "clore_modele"])
@pytest.mark.parametrize(
    ("qui", "statut"), [("gestionnaire", 200), ("dpd", 403), ("agent", 403), ("etranger", 404)]
)
def test_seul_le_gestionnaire_ecrit_un_modele(
    nom, qui, statut, request, connecte, structure, modele_tranches
):
    client = connecte(request.getfixturevalue(qui))
    adresse = page(structure, nom, *([] if nom == "creer_modele" else [modele_tranches.pk]))
    assert client.get(adresse).status_code == statut
    assert client.post(adresse).status_code == statut
    assert ModeleConvention.objects.get().history.count() == 1


@pytest.mark.parametrize("nom", ["modele", "modifier_modele", "remplacer_modele", "clore_modele"])
def test_un_modele_d_une_autre_structure_est_introuvable(
    nom, connecte, gestionnaire, structure, autre_structure
):
    ailleurs = creer_modele(autre_structure)
    assert connecte(gestionnaire).get(page(structure, nom, ailleurs.pk)).status_code == 404


def test_la_liste_dit_les_clauses_et_combien_s_y_referent(connecte, gestionnaire, dpd, structure, convention):
    creer_modele(structure, **DATES_FIXES, en_vigueur_au=date(2026, 6, 30))
    creer_modele(structure, **EXPRESSE, en_vigueur_au=date(2027, 6, 30))
    lue = texte(connecte(gestionnaire).get(page(structure)))
    for attendu in (
        "Elle dure un an.",
        "avant le 31 octobre",
        "proposé jusqu’au 30 juin 2026",
        "proposé depuis le 1er janv. 2020, jusqu’au 30 juin 2027",
        page(structure, "creer_modele"),
    ):
        assert attendu in lue
    assert page(structure, "creer_modele") not in texte(connecte(dpd).get(page(structure)))


def test_sans_modele_la_page_dit_a_quoi_il_sert(connecte, gestionnaire, structure):
    assert "Aucun modèle" in texte(connecte(gestionnaire).get(page(structure)))


def test_un_modele_se_lit_en_clair_avec_un_exemple(connecte, gestionnaire, structure):
    modele = creer_modele(
        structure,
        **(DATES_FIXES | {"evaluation_mois": 6, "etat_mensuel": True, "sort_des_donnees": "Restitution."}),
    )
    lue = texte(connecte(gestionnaire).get(page(structure, "modele", modele.pk)))
    for attendu in (
        "la structure avant le 31 juillet",
        "Article 24.",
        "Signée aujourd’hui, elle prend effet le 23 novembre 2026.",
        "Elle se dénonce jusqu’au 30 octobre 2027",
        "6 mois après la signature",
        "Restitution.",
        "Nommer le référent",
        page(structure, "modifier_modele", modele.pk),
    ):
        assert attendu in lue


def test_un_modele_sans_etape_le_dit(connecte, gestionnaire, structure):
    modele = creer_modele(structure, **EXPRESSE, etapes={"codes": []})
    assert "Aucune étape" in texte(connecte(gestionnaire).get(page(structure, "modele", modele.pk)))


def test_un_modele_employe_se_remplace_et_ne_se_modifie_plus(connecte, gestionnaire, structure, convention):
    client, pk = connecte(gestionnaire), convention.modele.pk
    lue = texte(client.get(page(structure, "modele", pk)))
    assert page(structure, "modifier_modele", pk) not in lue
    reponse = client.get(page(structure, "modifier_modele", pk), follow=True)
    assert "Remplacez-le par un autre" in texte(reponse)
    assert 'value="Services numériques et DPD mutualisé (2026)"' in texte(
        client.get(page(structure, "remplacer_modele", pk))
    )
    reponse = client.post(page(structure, "remplacer_modele", pk), SAISIE, follow=True)
    assert "Services numériques 2027" in texte(reponse)
    convention.modele.refresh_from_db()
    assert convention.modele.en_vigueur_au == date(2026, 12, 31)
    reponse = client.post(page(structure, "remplacer_modele", pk), SAISIE)
    assert "n’est plus proposé depuis le 31 décembre 2026" in texte(reponse)


def test_creer_garde_les_etapes_et_les_mots_choisis(connecte, gestionnaire, structure):
    reponse = connecte(gestionnaire).post(page(structure, "creer_modele"), SAISIE, follow=True)
    assert "est enregistré" in texte(reponse)
    assert "Former le correspondant" in texte(reponse)
    modele = ModeleConvention.objects.get()
    assert modele.etapes == {
        "codes": ["deliberation", "formation_referent", "bilan"],
        "interlocuteur": "correspondant",
        "registre": "dpd",
    }


def test_modifier_repart_de_ce_qui_est_ecrit(connecte, gestionnaire, structure):
    modele = creer_modele(structure, **DATES_FIXES)
    client, adresse = connecte(gestionnaire), page(structure, "modifier_modele", modele.pk)
    lue = texte(client.get(adresse))
    assert 'value="31/10"' in lue
    saisie = SAISIE | {
        "preavis": "dates_fixes",
        "preavis_mois": "",
        "limite_collectivite": "31 octobre",
        "limite_structure": "1er août",
        "fin_annuelle": "31/12",
    }
    assert client.post(adresse, saisie).status_code == 302
    modele.refresh_from_db()
    assert (modele.limite_collectivite, modele.limite_structure, modele.fin_annuelle) == (
        "10-31",
        "08-01",
        "12-31",
    )
    client.post(adresse, saisie)
    assert modele.history.count() == 2  # le double envoi n’écrit rien


@pytest.mark.parametrize(
    ("saisie", "champs"),
    [
        ({"nom": "", "source": "", "depart": ""}, ["nom", "source", "depart"]),
        ({"preavis_mois": ""}, ["preavis_mois"]),
        ({"limite_collectivite": "30/02"}, ["limite_collectivite"]),
        ({"limite_collectivite": "demain"}, ["limite_collectivite"]),
        ({"limite_collectivite": "31 brumaire"}, ["limite_collectivite"]),
        ({"preavis": "dates_fixes"}, ["limite_collectivite"]),
        ({"codes": ["inconnue"]}, ["codes"]),
        ({"source": "1 84 12 82 131 001 66"}, ["source"]),
    ],
)
def test_chaque_erreur_est_sous_son_champ(saisie, champs, connecte, gestionnaire, structure):
    reponse = connecte(gestionnaire).post(page(structure, "creer_modele"), SAISIE | saisie)
    assert list(reponse.context["formulaire"].errors) == champs
    assert not ModeleConvention.objects.exists()
    assert 'value="2027-01-01"' in texte(reponse)  # rien n’est perdu


def test_un_nom_deja_pris_se_dit(connecte, gestionnaire, structure):
    creer_modele(structure, **(EXPRESSE | {"nom": SAISIE["nom"]}))
    reponse = connecte(gestionnaire).post(page(structure, "creer_modele"), SAISIE)
    assert "déjà ce nom" in str(reponse.context["formulaire"].errors["nom"])


def test_clore_par_l_ecran(connecte, gestionnaire, structure, modele_tranches):
    adresse = page(structure, "clore_modele", modele_tranches.pk)
    reponse = connecte(gestionnaire).post(adresse, {"en_vigueur_au": "2026-12-31"}, follow=True)
    assert "n’est plus proposé" in texte(reponse)
    assert adresse not in texte(reponse)


def test_un_projet_ne_propose_que_les_modeles_du_jour(connecte, gestionnaire, structure, collectivite):
    creer_modele(structure, **EXPRESSE, en_vigueur_au=date(2026, 6, 30))
    creer_modele(structure, **(DATES_FIXES | {"en_vigueur_du": date(2027, 1, 1)}))
    propose = creer_modele(structure)
    reponse = connecte(gestionnaire).get(reverse("conventions:projet", args=[collectivite.siren]))
    assert list(reponse.context["formulaire"].fields["modele"].queryset) == [propose]
    creer_convention(collectivite, propose, None, reference="R9")
    reponse = connecte(gestionnaire).get(reverse("conventions:projet", args=[collectivite.siren]))
    assert 'value="R9"' in texte(reponse)
