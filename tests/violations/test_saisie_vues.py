"""Compléter le dossier : chaque rubrique, ses listes, ses nombres, et jamais l’écrit d’un autre écrasé."""

import json

import pytest
from django.urls import reverse

from tests.violations.fabriques import TITRE, decider
from violations import actions
from violations.enums import EtatViolation, NatureEvenement
from violations.models import Violation
from violations.views.saisie import RUBRIQUES, en_clair

pytestmark = pytest.mark.django_db
CHAMPS = {
    "faits": {
        "titre": TITRE,
        "recit": "Des parents ont lu d’autres dossiers.",
        "source": "sous_traitant",
        "natures": ["disponibilite", "confidentialite"],
        "origine": "portail",
        "origine_precision": "Portail familles",
        "cause": "externe_accidentel",
        "cause_precision": "Mise à jour",
    },
    "donnees": {
        "donnees": ["sante", "etat_civil"],
        "donnees_precision": "Listes d’allergies",
        "enregistrements_min": "37",
        "enregistrements_max": "1 200",
        "personnes": ["mineurs"],
        "personnes_precision": "",
        "personnes_min": "90",
        "personnes_max": "100",
    },
    "consequences": {
        "mesures_avant": "Un compte par famille",
        "consequences": "Moqueries",
        "prejudices": ["reputation", "controle"],
        "gravite": "importante",
    },
    "suites": {
        "mesures_apres": "Portail fermé",
        "transfrontaliere": "non",
        "autres_autorites": "Gendarmerie",
    },
    "lecon": {"lecon": "Tester avant de publier."},
}
ATTENDUS = {
    "faits": {"confidentialite": True, "integrite": False, "disponibilite": True, "origine": "portail"},
    "donnees": {"donnees": ["etat_civil", "sante"], "enregistrements_max": 1200, "personnes_min": 90},
    "consequences": {"prejudices": ["controle", "reputation"], "gravite": "importante"},
    "suites": {"transfrontaliere": False, "mesures_apres": "Portail fermé"},
    "lecon": {"lecon": "Tester avant de publier."},
}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


def adresse(violation, rubrique="donnees"):
    args = [violation.collectivite.siren, violation.annee, violation.rang, rubrique]
    return reverse("violations:saisie", args=args)


def dossier(violation):
    return reverse("violations:violation", args=[violation.collectivite.siren, 2026, 1])


def lu_de(client, chemin):
    return client.get(chemin).context["formulaire"]["lu"].value()


def envoyer(client, violation, rubrique, **champs):
    chemin = adresse(violation, rubrique)
    return client.post(chemin, CHAMPS[rubrique] | {"lu": lu_de(client, chemin)} | champs)


@pytest.mark.parametrize("rubrique", CHAMPS)
def test_chaque_rubrique_s_enregistre_puis_se_relit(connecte, referent, violation, rubrique):
    client = connecte(referent)
    reponse = envoyer(client, violation, rubrique)
    assert reponse.url == dossier(violation)
    violation.refresh_from_db()
    assert {nom: getattr(violation, nom) for nom in ATTENDUS[rubrique]} == ATTENDUS[rubrique]
    formulaire = client.get(adresse(violation, rubrique)).context["formulaire"]
    assert formulaire.initial["lu"] == formulaire["lu"].value()
    evenement = violation.evenements.get(nature=NatureEvenement.SAISIE)
    assert evenement.texte.startswith("Complété")


def test_les_rubriques_ecrivent_tout_ce_qui_se_complete_et_rien_deux_fois():
    champs = [champ for rubrique in RUBRIQUES for champ in rubrique.formulaire.champs]
    assert len(champs) == len(set(champs))
    assert {*champs, "enisa"} == set(actions.dossier.COMPLETABLES)


def test_toutes_les_listes_de_la_cnil_sont_proposees(connecte, referent, violation):
    page = connecte(referent).get(adresse(violation)).content.decode()
    assert page.count('name="donnees"') == 18
    assert page.count('name="personnes"') == 11


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"personnes_min": "-1"}, "personnes_min", "ne peut pas être négatif"),
        ({"enregistrements_max": "-3"}, "enregistrements_max", "ne peut pas être négatif"),
        ({"personnes_max": "environ cent"}, "personnes_max", "en chiffres"),
        ({"personnes_max": "9" * 12}, "personnes_max", "trop grand"),
        ({"personnes_min": "101"}, "personnes_max", "au moins"),
        ({"enregistrements_max": "36"}, "enregistrements_max", "au moins"),
        ({"donnees": ["secrets"]}, "donnees", "Choisissez dans la liste"),
        ({"donnees": ["sante", "inconnues"]}, "donnees", "décochez le reste"),
        ({"personnes": ["mineurs", "indetermine"]}, "personnes", "décochez le reste"),
        ({"donnees_precision": "1 84 12 76 451 089 46"}, "donnees_precision", "numéro de sécurité sociale"),
    ],
)
def test_une_mauvaise_entree_se_dit_sous_son_champ_et_rien_n_est_perdu(
    connecte, referent, violation, champs, champ, phrase
):
    reponse = envoyer(connecte(referent), violation, "donnees", **champs)
    assert phrase in reponse.context["formulaire"].errors[champ][0]
    assert 'value="37"' in reponse.content.decode()
    violation.refresh_from_db()
    assert violation.donnees == []


@pytest.mark.parametrize("champ", ["titre", "recit"])
def test_le_titre_et_le_recit_ne_s_effacent_pas(connecte, referent, violation, champ):
    reponse = envoyer(connecte(referent), violation, "faits", **{champ: ""})
    assert champ in reponse.context["formulaire"].errors


def test_un_nombre_seul_suffit(connecte, referent, violation):
    envoyer(connecte(referent), violation, "donnees", personnes_min="")
    violation.refresh_from_db()
    assert (violation.personnes_min, violation.personnes_max) == (None, 100)


def test_ce_qu_un_autre_a_ecrit_n_est_pas_ecrase_et_se_montre(connecte, referent, dpd, violation, maintenant):
    client = connecte(referent)
    chemin = adresse(violation, "consequences")
    lu = lu_de(client, chemin)
    actions.completer(
        violation=violation,
        auteur=dpd,
        maintenant=maintenant,
        lu={},
        consequences="Discrimination",
        gravite="maximale",
    )
    reponse = client.post(chemin, CHAMPS["consequences"] | {"lu": lu})
    page = reponse.content.decode()
    assert set(reponse.context["formulaire"].errors) == {"consequences", "gravite"}
    assert "Quelqu’un a écrit pendant votre saisie" in page
    assert "Discrimination" in page
    assert "Maximale" in page
    assert "Moqueries" in page
    violation.refresh_from_db()
    assert (violation.consequences, violation.mesures_avant) == ("Discrimination", "")
    # Ayant lu, la personne peut confirmer.
    confirmer = CHAMPS["consequences"] | {"lu": reponse.context["formulaire"]["lu"].value()}
    assert client.post(chemin, confirmer).url == dossier(violation)
    violation.refresh_from_db()
    assert violation.consequences == "Moqueries"


def test_ce_que_l_on_n_a_pas_touche_garde_ce_qu_un_autre_y_a_mis(
    connecte, referent, dpd, violation, maintenant
):
    client = connecte(referent)
    chemin = adresse(violation, "consequences")
    lu = lu_de(client, chemin)
    actions.completer(violation=violation, auteur=dpd, maintenant=maintenant, lu={}, gravite="maximale")
    client.post(chemin, {"consequences": "Moqueries", "lu": lu})
    violation.refresh_from_db()
    assert (violation.consequences, violation.gravite) == ("Moqueries", "maximale")


@pytest.mark.parametrize("lu", ["", "pas du json", "[1]", "null", json.dumps({"titre": "x", "autre": 1})])
def test_un_temoin_abime_n_empeche_pas_d_ecrire(connecte, referent, violation, lu):
    client = connecte(referent)
    reponse = client.post(adresse(violation, "lecon"), CHAMPS["lecon"] | {"lu": lu})
    assert reponse.status_code == 302


def test_on_peut_passer_a_la_rubrique_suivante(connecte, referent, violation):
    client = connecte(referent)
    assert envoyer(client, violation, "faits", suite="1").url == adresse(violation, "donnees")
    assert envoyer(client, violation, "lecon", suite="1").url == dossier(violation)


def test_ne_rien_changer_n_ajoute_rien_a_la_chronologie(connecte, referent, violation):
    client = connecte(referent)
    envoyer(client, violation, "lecon")
    avant = violation.evenements.count()
    assert envoyer(client, violation, "lecon").url == dossier(violation)
    assert violation.evenements.count() == avant


def test_une_rubrique_inconnue_n_existe_pas(connecte, referent, violation):
    assert connecte(referent).get(adresse(violation, "inconnue")).status_code == 404


def clore(violation, decideur, maintenant):
    decider(violation, decideur, maintenant, notifier=False, informer=False)
    violation.refresh_from_db()
    actions.clore(violation=violation, auteur=decideur, maintenant=maintenant)


def test_close_elle_renvoie_au_dossier_mais_garde_la_saisie_envoyee(
    connecte, referent, decideur, violation, maintenant
):
    client = connecte(referent)
    lu = lu_de(client, adresse(violation, "lecon"))
    clore(violation, decideur, maintenant)
    assert Violation.objects.get().etat == EtatViolation.CLOSE
    for chemin in (adresse(violation, "lecon"), adresse(violation).replace("dossier/donnees", "enisa")):
        assert client.get(chemin).url == dossier(violation)
    reponse = client.post(adresse(violation, "lecon"), CHAMPS["lecon"] | {"lu": lu})
    page = reponse.content.decode()
    assert "rouvrez-la d’abord" in page
    assert "Tester avant de publier." in page


def test_qui_ne_tient_pas_les_violations_n_ecrit_pas(
    connecte, lecteur, agent, gestionnaire, etranger, violation
):
    for personne, statut in ((lecteur, 403), (agent, 403), (gestionnaire, 403), (etranger, 404)):
        assert connecte(personne).get(adresse(violation)).status_code == statut
        assert connecte(personne).post(adresse(violation), CHAMPS["donnees"]).status_code == statut
    violation.refresh_from_db()
    assert violation.donnees == []


def test_le_dossier_d_a_cote_n_est_pas_atteint(connecte, referent, violation, voisine):
    chemin = reverse("violations:saisie", args=[voisine.siren, 2026, 1, "lecon"])
    assert connecte(referent).get(chemin).status_code == 404


@pytest.mark.parametrize(
    ("champ", "valeur", "lue"),
    [
        ("donnees", ["sante"], "Données de santé"),
        ("donnees", [], "Rien"),
        ("enisa", {"score": "3.5"}, "score 3.5"),
        ("confidentialite", True, "Oui"),
        ("transfrontaliere", False, "Non"),
        ("transfrontaliere", None, "Rien"),
        ("gravite", "maximale", "Maximale"),
        ("personnes_min", 0, "0"),
        ("lecon", "", "Rien"),
    ],
)
def test_une_valeur_ecrite_par_un_autre_se_lit_en_clair(violation, champ, valeur, lue):
    assert en_clair(violation, champ, valeur) == lue
