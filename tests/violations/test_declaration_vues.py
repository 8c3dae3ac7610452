"""Déclarer en deux minutes : ce que l’on sait suffit, l’horloge part, chacun est prévenu."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse
from post_office.models import Email

from tests.violations.fabriques import creer_prestataire
from violations.models import Violation

pytestmark = pytest.mark.django_db
JETON = "7f9c1c3e-5a0b-4c51-9b1e-0e6f2f9d1a11"
ENVOI = {
    "jeton": JETON,
    "titre": "Un courriel est parti à la mauvaise famille",
    "connaissance_date": "2026-11-20",
    "connaissance_heure": "17:25",
    "source": "agent",
    "finie": "oui",
    "fin_date": "2026-11-20",
    "fin_heure": "16:00",
    "personnes": ["mineurs", "utilisateurs"],
    "en_cause": "non",
    "recit": "",
}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def adresse(collectivite):
    return reverse("violations:declarer", args=[collectivite.siren])


def envoyer(client, adresse, **champs):
    return client.post(adresse, ENVOI | champs)


def erreurs(reponse):
    return reponse.context["formulaire"].errors


def test_la_declaration_lance_l_horloge_previent_et_mene_au_dossier(
    connecte, referent, decideur, dpd, adresse
):
    reponse = envoyer(connecte(referent), adresse)
    violation = Violation.objects.get()
    assert reponse.url == reverse("violations:violation", args=[violation.collectivite.siren, 2026, 1])
    assert violation.connaissance == datetime(2026, 11, 20, 16, 25, tzinfo=UTC)
    assert violation.echeance_notification == datetime(2026, 11, 23, 16, 25, tzinfo=UTC)
    assert violation.fin == datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert violation.recit == violation.titre == ENVOI["titre"]
    assert violation.personnes == ["utilisateurs", "mineurs"]
    assert (violation.source, violation.en_cours, str(violation.jeton)) == ("agent", False, JETON)
    assert {mail.to[0] for mail in Email.objects.all()} == {referent.email, decideur.email, dpd.email}


def test_le_message_dit_jusqu_a_quand_a_l_heure_de_la_collectivite(connecte, referent, collectivite, adresse):
    collectivite.territoire = "reunion"
    collectivite.save()
    page = connecte(referent).post(adresse, ENVOI, follow=True).content.decode()
    assert "lundi 23\u00a0novembre 2026 à 17\u00a0h\u00a025" in page
    assert Violation.objects.get().connaissance == datetime(2026, 11, 20, 13, 25, tzinfo=UTC)


def test_le_second_envoi_mene_au_meme_dossier(connecte, referent, dpd, adresse, time_machine):
    premier = envoyer(connecte(referent), adresse)
    time_machine.shift(3)
    reponse = connecte(referent).post(adresse, ENVOI | {"titre": "Autre"}, follow=True)
    assert reponse.redirect_chain[-1][0] == premier.url
    assert "était déjà enregistrée" in reponse.content.decode()
    assert Violation.objects.get().titre == ENVOI["titre"]
    assert Email.objects.filter(to=dpd.email).count() == 1


@pytest.mark.parametrize("jeton", ["", "pas-un-jeton"])
def test_un_jeton_abime_n_empeche_pas_de_declarer(connecte, referent, adresse, jeton):
    assert envoyer(connecte(referent), adresse, jeton=jeton).status_code == 302
    assert Violation.objects.get().jeton


def test_chaque_page_ouverte_a_son_jeton(connecte, referent, adresse):
    client = connecte(referent)
    un, autre = (client.get(adresse).context["formulaire"]["jeton"].value() for _ in range(2))
    assert un != autre


def test_deux_declarations_differentes_ouvrent_deux_dossiers(connecte, referent, adresse):
    envoyer(connecte(referent), adresse)
    envoyer(connecte(referent), adresse, jeton=str(uuid4()))
    assert list(Violation.objects.values_list("rang", flat=True)) == [2, 1]


def test_sans_compte_de_responsable_on_ne_le_dit_pas_prevenu(connecte, referent, dpd, adresse):
    client = connecte(referent)
    assert "n’en a pas, appelez-le" in client.get(adresse).content.decode()
    page = client.post(adresse, ENVOI, follow=True).content.decode()
    assert {mail.to[0] for mail in Email.objects.all()} == {referent.email, dpd.email}
    assert "Le DPD et ceux qui ont un compte ici sont prévenus." in page
    assert "le responsable sont prévenus" not in page


def test_la_date_est_preremplie_a_maintenant(connecte, referent, adresse):
    page = connecte(referent).get(adresse).content.decode()
    assert 'name="connaissance_date" value="2026-11-23"' in page
    assert 'name="connaissance_heure" value="09:40"' in page


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"titre": " "}, "titre", "Dites en une phrase ce qui s’est passé."),
        ({"titre": "x" * 201}, "titre", "200"),
        ({"titre": "Le 1 84 12 76 451 089 46 a fuité"}, "titre", "numéro de sécurité sociale"),
        ({"connaissance_date": "", "connaissance_heure": ""}, "connaissance", "même approximatives"),
        ({"connaissance_date": "2026-11-24"}, "connaissance", "dans le futur"),
        ({"connaissance_date": "2016-11-20", "fin_date": ""}, "connaissance", "Vérifiez l’année"),
        ({"connaissance_date": "2026-03-29", "connaissance_heure": "02:30"}, "connaissance", "n’existe pas"),
        ({"connaissance_date": "2026-10-25", "connaissance_heure": "02:30"}, "connaissance", "deux fois"),
        ({"fin_date": "2026-11-24"}, "fin", "dans le futur"),
        ({"personnes": ["martiens"]}, "personnes", "Choisissez dans la liste"),
        ({"finie": ""}, "finie", "Je ne sais pas"),
        ({"en_cause": "oui"}, "prestataire", "son nom suffit"),
    ],
)
def test_une_reponse_a_reprendre_se_dit_sous_son_champ_sans_rien_perdre(
    connecte, referent, adresse, champs, champ, phrase
):
    if champ == "connaissance" and "fin_date" not in champs:
        champs |= {"fin_date": "", "fin_heure": ""}
    if champs.get("fin_date") == "":
        champs |= {"fin_heure": ""}
    reponse = envoyer(connecte(referent), adresse, **champs)
    assert reponse.status_code == 200
    assert phrase in erreurs(reponse)[champ][0], erreurs(reponse)
    assert JETON in reponse.content.decode()
    assert not Violation.objects.exists()
    assert not Email.objects.exists()


def test_le_recapitulatif_mene_a_chaque_champ(connecte, referent, adresse):
    """Un instant est deux entrées : le lien mène à sa date, seule à porter un identifiant."""
    reponse = envoyer(
        connecte(referent), adresse, titre=" ", finie="", connaissance_date="", connaissance_heure=""
    )
    assert {"titre", "finie", "connaissance"} <= erreurs(reponse).keys()
    page = reponse.content.decode()
    liens = re.findall(r'<li><a href="#(id_[^"]+)">', page)
    assert "id_connaissance_0" in liens
    assert [page.count(f'id="{lien}"') for lien in liens] == [1] * len(liens)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [({"titre": " "}, "Une réponse est"), ({"titre": " ", "source": "x"}, "Deux réponses sont")],
)
def test_le_recapitulatif_compte_les_reponses(connecte, referent, adresse, champs, phrase):
    reponse = envoyer(connecte(referent), adresse, **champs)
    assert erreurs(reponse).keys() == champs.keys()
    assert phrase in reponse.content.decode()


def test_l_heure_double_se_tranche_et_l_horloge_part_de_la_bonne(connecte, referent, adresse):
    nuit = {
        "connaissance_date": "2026-10-25",
        "connaissance_heure": "02:30",
        "fin_date": "",
        "fin_heure": "",
        "finie": "inconnu",
    }
    page = envoyer(connecte(referent), adresse, **nuit).content.decode()
    assert "La seconde, à l’heure d’hiver" in page
    envoyer(connecte(referent), adresse, **nuit, connaissance_saison="hiver")
    assert Violation.objects.get().connaissance == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_une_reponse_dont_la_question_ne_se_pose_plus_est_ignoree(connecte, referent, adresse):
    envoyer(
        connecte(referent),
        adresse,
        finie="non",
        fin_date="2026-02-30",
        prestataire="Logi-Quercy",
        prestataire_le_date="2026-02-30",
    )
    violation = Violation.objects.get()
    assert violation.en_cours
    assert violation.fin is None
    assert not violation.prestataires.exists()


AVEC = {"en_cause": "oui", "prestataire_le_date": "2026-11-19", "prestataire_le_heure": "15:00"}


@pytest.mark.parametrize(
    "tape", ["Logi-Quercy", "logi-quercy", "Logi-Quercy, 732829320", "Ancien nom, 732 829 320"]
)
def test_le_prestataire_se_reconnait_dans_l_annuaire(connecte, referent, structure, adresse, tape):
    prestataire = creer_prestataire(structure, siren="732829320")
    envoyer(connecte(referent), adresse, **AVEC, source="sous_traitant", prestataire=tape)
    implique = Violation.objects.get().prestataires.get()
    assert implique.sous_traitant == prestataire
    assert implique.connaissance == datetime(2026, 11, 19, 14, tzinfo=UTC)
    assert implique.prevenu_le == Violation.objects.get().connaissance


def test_hors_annuaire_le_nom_tape_est_garde(connecte, referent, structure, autre_structure, adresse):
    creer_prestataire(autre_structure)
    envoyer(connecte(referent), adresse, **AVEC, prestataire="Logi-Quercy")
    implique = Violation.objects.get().prestataires.get()
    assert (implique.sous_traitant, implique.nom, implique.prevenu_le) == (None, "Logi-Quercy", None)


def test_un_siren_inconnu_reste_un_nom_libre(connecte, referent, structure, adresse):
    creer_prestataire(structure)
    envoyer(connecte(referent), adresse, **AVEC, prestataire="Logi-Quercy, 552081317")
    assert Violation.objects.get().prestataires.get().nom == "Logi-Quercy, 552081317"


def test_deux_prestataires_du_meme_nom_se_distinguent_par_leur_siren(connecte, referent, structure, adresse):
    creer_prestataire(structure, siren="732829320")
    creer_prestataire(structure, siren="552081317")
    reponse = envoyer(connecte(referent), adresse, **AVEC, prestataire="Logi-Quercy")
    assert "choisissez celui dont le SIREN convient" in erreurs(reponse)["prestataire"][0]


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"prestataire_le_date": "2026-11-24"}, "prestataire_le", "dans le futur"),
        ({"prestataire_le_date": "2016-11-24"}, "prestataire_le", "Vérifiez l’année"),
        (
            {"prestataire_le_date": "2026-11-21", "source": "sous_traitant"},
            "prestataire_le",
            "avant de le savoir",
        ),
        ({"prestataire": "x" * 201}, "prestataire", "200"),
    ],
)
def test_le_refus_du_prestataire_revient_sous_le_sien(connecte, referent, adresse, champs, champ, phrase):
    reponse = envoyer(connecte(referent), adresse, **(AVEC | {"prestataire": "Logi-Quercy"} | champs))
    assert phrase in erreurs(reponse)[champ][0], erreurs(reponse)
    assert not Violation.objects.exists()


def test_les_propositions_suivent_la_frappe(connecte, referent, structure, adresse):
    creer_prestataire(structure, siren="732829320")
    creer_prestataire(structure, "Autre Éditeur")
    client = connecte(referent)
    page = client.get(adresse, {"proposer": "1", "prestataire": "quer"}, headers={"HX-Request": "true"})
    assert page.content.decode().count("<option") == 1
    assert 'value="Logi-Quercy, 732829320"' in page.content.decode()
    vide = client.get(adresse, {"proposer": "1", "prestataire": " "}, headers={"HX-Request": "true"})
    assert "<option" not in vide.content.decode()


def test_au_dpd_on_demande_quand_la_collectivite_l_a_su(connecte, dpd, referent, adresse):
    assert "Quand la collectivité l’a-t-elle su" in connecte(dpd).get(adresse).content.decode()
    assert "Quand l’avez-vous su" in connecte(referent).get(adresse).content.decode()


def test_le_lecteur_ne_declare_pas_et_l_etranger_ne_voit_rien(
    connecte, lecteur, agent, gestionnaire, etranger, adresse
):
    for personne, statut in ((lecteur, 403), (agent, 403), (gestionnaire, 403), (etranger, 404)):
        assert connecte(personne).get(adresse).status_code == statut
        assert envoyer(connecte(personne), adresse).status_code == statut
    assert not Violation.objects.exists()
