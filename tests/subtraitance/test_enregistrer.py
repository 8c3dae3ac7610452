"""Enregistrer une demande : la commune ou la structure la reçoit, le lien de suivi se remet tout de suite."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.urls import reverse
from post_office.models import Email

from dpd.pieces.models import Piece
from subtraitance.actions.demandes_reception import empreinte_du_suivi
from subtraitance.models import DemandeDroits
from tests.pieces.fabriques import fichier

pytestmark = pytest.mark.django_db
JETON = "7f9c1c3e-5a0b-4c51-9b1e-0e6f2f9d1a11"
ENVOI = {
    "jeton": JETON,
    "recue_le_date": "2026-11-20",
    "recue_le_heure": "16:30",
    "canal": "courriel",
    "demandeur_nom": "Gérard Fauré",
    "demandeur_courriel": "g.faure@habitant.example",
    "represente": "non",
    "regime": "rgpd",
    "droits": ["acces", "effacement"],
    "texte": "Que savez-vous de moi ?",
}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def ici(collectivite):
    return reverse("subtraitance:enregistrer_demande", args=[collectivite.siren])


@pytest.fixture
def la_bas(structure, collectivite):
    adresse = reverse("subtraitance:enregistrer_demande_structure", args=[structure.siren])
    return f"{adresse}?collectivite={collectivite.siren}"


def envoyer(client, adresse, **champs):
    return client.post(adresse, ENVOI | champs)


def erreurs(reponse):
    return reponse.context["formulaire"].errors


def lire(reponse):
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("qui", "statut"),
    [
        *(("referent", 200), ("decideur", 200), ("dpd", 200)),
        *(("lecteur", 403), ("agent", 403), ("gestionnaire", 403), ("etranger", 404)),
    ],
)
def test_qui_enregistre_pour_sa_collectivite(connecte, request, ici, qui, statut):
    assert connecte(request.getfixturevalue(qui)).get(ici).status_code == statut


@pytest.mark.parametrize(
    ("qui", "statut"),
    [("agent", 200), ("dpd", 200), ("gestionnaire", 403), ("referent", 404), ("etranger", 404)],
)
def test_qui_enregistre_pour_la_structure(connecte, request, la_bas, qui, statut):
    assert connecte(request.getfixturevalue(qui)).get(la_bas).status_code == statut


@pytest.mark.parametrize("qui", ["referent", "decideur"])
def test_recue_par_la_commune_elle_n_est_a_transmettre_a_personne(connecte, request, ici, qui, dpd):
    personne = request.getfixturevalue(qui)
    page = lire(envoyer(connecte(personne), ici))
    demande = DemandeDroits.objects.get()
    assert (demande.numero, demande.enregistree_par) == ("2026-01", personne)
    assert demande.recue_le == datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    assert demande.droits == ["acces", "effacement"]
    assert demande.echeance_transmission is None
    assert demande.echeance == date(2026, 12, 21)
    assert "Demande n° 2026-01 enregistrée" in page
    assert "Ceux qui ont un compte et doivent agir sont prévenus." in page
    assert "lundi 21 décembre 2026" in page
    assert "Transmettre à la collectivité" not in page
    assert Email.objects.filter(to=dpd.email).exists()


def test_recue_par_le_dpd_elle_l_est_par_la_structure(connecte, dpd, ici):
    page = lire(envoyer(connecte(dpd), ici))
    demande = DemandeDroits.objects.get()
    assert demande.echeance_transmission == datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
    assert "avant <strong>mardi 24 novembre 2026 à 16 h 30</strong>" in page
    assert reverse("registre:demande", args=[demande.collectivite.siren, 2026, 1]) in page


def test_l_agent_transmet_sans_ouvrir_le_dossier(connecte, agent, la_bas):
    page = lire(envoyer(connecte(agent), la_bas))
    demande = DemandeDroits.objects.get()
    arguments = [demande.collectivite.siren, 2026, 1]
    assert reverse("subtraitance:transmettre", args=arguments) in page
    assert f'href="{reverse("registre:demande", args=arguments)}"' not in page


def test_le_lien_de_suivi_se_remet_et_la_base_ne_le_garde_pas(connecte, referent, ici):
    reponse = envoyer(connecte(referent), ici)
    suivi = reponse.context["suivi"]
    jeton = suivi.rstrip("/").rsplit("/", 1)[1]
    demande = DemandeDroits.objects.get()
    assert suivi in lire(reponse)
    assert demande.suivi == empreinte_du_suivi(jeton)
    assert "no-store" in reponse["Cache-Control"]


def test_le_second_envoi_mene_a_la_meme_demande(connecte, referent, ici):
    client = connecte(referent)
    premier, second = envoyer(client, ici), envoyer(client, ici, demandeur_nom="Autre")
    assert DemandeDroits.objects.get().demandeur_nom == "Gérard Fauré"
    assert "était déjà enregistrée" in lire(second)
    assert second.context["suivi"] == premier.context["suivi"]


@pytest.mark.parametrize("jeton", ["", "pas-un-jeton"])
def test_un_jeton_abime_n_empeche_rien(connecte, referent, ici, jeton):
    envoyer(connecte(referent), ici, jeton=jeton)
    assert DemandeDroits.objects.get().jeton


def test_deux_formulaires_font_deux_demandes(connecte, referent, ici):
    client = connecte(referent)
    envoyer(client, ici)
    envoyer(client, ici, jeton=str(uuid4()))
    assert DemandeDroits.objects.count() == 2


def test_l_heure_est_celle_de_la_collectivite(connecte, referent, collectivite, ici):
    collectivite.territoire = "guyane"
    collectivite.save()
    client = connecte(referent)
    assert 'name="recue_le_heure" value="05:40"' in client.get(ici).content.decode()
    envoyer(client, ici)
    assert DemandeDroits.objects.get().recue_le == datetime(2026, 11, 20, 19, 30, tzinfo=UTC)


def test_une_demande_pour_un_autre_dit_qui_et_a_quel_titre(connecte, referent, ici):
    client = connecte(referent)
    refus = envoyer(client, ici, represente="oui")
    assert "pour qui" in str(erreurs(refus)["personne_nom"])
    envoyer(client, ici, represente="oui", personne_nom="Zoé Fauré", personne_lien="sa fille mineure")
    demande = DemandeDroits.objects.get()
    assert (demande.personne_nom, demande.personne_lien) == ("Zoé Fauré", "sa fille mineure")


def test_un_champ_dont_la_question_ne_se_pose_plus_est_ignore(connecte, referent, ici):
    reponse = envoyer(connecte(referent), ici, personne_nom="Zoé", regime="cada", droits=["martien"])
    assert "enregistrée" in lire(reponse), erreurs(reponse)
    demande = DemandeDroits.objects.get()
    assert (demande.personne_nom, demande.droits, demande.regime) == ("", [], "cada")


def test_on_peut_ne_pas_savoir_de_quoi_il_s_agit(connecte, referent, ici):
    reponse = envoyer(connecte(referent), ici, regime="", droits=["autre"])
    assert "enregistrée" in lire(reponse), erreurs(reponse)
    demande = DemandeDroits.objects.get()
    assert (demande.regime, demande.droits, demande.echeance) == ("", ["autre"], date(2026, 12, 21))


def test_un_regime_au_delai_inconnu_le_dit(connecte, referent, ici):
    page = lire(envoyer(connecte(referent), ici, regime="etat_civil"))
    assert "ne connaît pas le délai" in page


def test_chaque_regime_a_son_conseil(connecte, referent, ici):
    page = lire(connecte(referent).get(ici))
    for attendu in ("un mois de silence vaut refus", "au service de l’état civil", "code électoral"):
        assert attendu in page


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"recue_le_date": "2026-11-24"}, "recue_le", "dans le futur"),
        ({"recue_le_date": "2016-11-20"}, "recue_le", "Vérifiez l’année"),
        ({"recue_le_date": "", "recue_le_heure": ""}, "recue_le", "même approximatives"),
        ({"recue_le_date": "2026-03-29", "recue_le_heure": "02:30"}, "recue_le", "n’existe pas"),
        ({"recue_le_date": "2026-10-25", "recue_le_heure": "02:30"}, "recue_le", "deux fois"),
        ({"canal": ""}, "canal", "Choisissez une réponse"),
        ({"canal": "formulaire"}, "canal", "Choisissez dans la liste"),
        ({"demandeur_nom": " "}, "demandeur_nom", "qui demande"),
        ({"demandeur_nom": "x" * 201}, "demandeur_nom", "200"),
        ({"demandeur_courriel": "gerard"}, "demandeur_courriel", "nom@domaine.fr"),
        ({"texte": "Mon numéro : 1 84 12 76 451 089 46"}, "texte", "numéro de sécurité sociale"),
        ({"droits": []}, "droits", "au moins un droit"),
        ({"droits": [], "regime": ""}, "droits", "si vous hésitez"),
        ({"droits": ["martien"]}, "droits", "Choisissez dans la liste"),
        ({"regime": "martien"}, "regime", "Choisissez dans la liste"),
    ],
)
def test_une_mauvaise_saisie_se_dit_sous_son_champ_et_rien_n_est_perdu(
    connecte, referent, ici, champs, champ, phrase
):
    reponse = envoyer(connecte(referent), ici, **champs)
    assert reponse.status_code == 200
    assert phrase in str(erreurs(reponse)[champ])
    assert not DemandeDroits.objects.exists()
    if "texte" not in champs:
        assert "Que savez-vous de moi" in lire(reponse)


def test_la_piece_recue_se_range_au_dossier(connecte, referent, ici):
    client = connecte(referent)
    envoyer(client, ici, fichier=fichier())
    lien = DemandeDroits.objects.get().pieces.get()
    assert (lien.libelle, lien.identite) == ("La demande reçue", False)
    envoyer(client, ici, fichier=fichier())
    assert Piece.objects.count() == 1


def test_un_fichier_piege_se_refuse_sous_son_champ(connecte, referent, ici):
    piege = fichier()
    piege.name = "demande.exe"
    reponse = envoyer(connecte(referent), ici, fichier=piege)
    assert erreurs(reponse)["fichier"]
    assert not DemandeDroits.objects.exists()


def test_la_structure_choisit_dans_son_portefeuille(
    connecte, agent, structure, collectivite, voisine, lointaine
):
    adresse = reverse("subtraitance:enregistrer_demande_structure", args=[structure.siren])
    client = connecte(agent)
    page = lire(client.get(adresse))
    assert f"?collectivite={collectivite.siren}" in page
    assert voisine.denomination in page
    assert lointaine.denomination not in page
    assert voisine.denomination not in lire(client.get(adresse, {"q": "montpezat"}))
    assert "ne porte ce nom" in lire(client.get(adresse, {"q": "xyz"}))
    assert client.get(f"{adresse}?collectivite={lointaine.siren}").status_code == 404
    voisine.active = False
    voisine.save()
    assert client.post(f"{adresse}?collectivite={voisine.siren}", ENVOI).status_code == 404
    assert not DemandeDroits.objects.exists()


def test_une_structure_sans_collectivite_le_dit(connecte, agent, structure):
    adresse = reverse("subtraitance:enregistrer_demande_structure", args=[structure.siren])
    assert "ne suit encore aucune collectivité" in lire(connecte(agent).get(adresse))
