"""Le formulaire public : sans compte, sans pièce d’identité, fermé aux robots, jamais perdu."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from post_office.models import Email

from dpd.comptes.enums import TypeCollectivite
from dpd.messagerie.models import Message
from dpd.regles.calendrier import Territoire
from subtraitance import antirobot
from subtraitance.actions.demandes_reception import empreinte_du_suivi
from subtraitance.actions.depot_public import suivi_du_formulaire
from subtraitance.enums import CanalDemande, RegimeDemande
from subtraitance.models import DemandeDroits
from tests.subtraitance.fabriques_d3 import COURRIEL, LIEU, MOTS, NOM, SECRETS, regler

pytestmark = pytest.mark.django_db
OUVERTE = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
ENVOYEE = OUVERTE + timedelta(minutes=4)
SAISIE = {
    "droits": ["acces", "effacement"],
    "texte": MOTS,
    "pour_qui": "moi",
    "demandeur_nom": NOM,
    "demandeur_courriel": COURRIEL,
    "demandeur_adresse": "",
    "site_internet": "",
}


@pytest.fixture(autouse=True)
def cache_neuf():
    cache.clear()


@pytest.fixture
def horloge(monkeypatch):
    """Fixe l’heure que lit la vue : ``horloge(instant)``."""

    def _fixer(instant):
        monkeypatch.setattr("subtraitance.views.public.timezone.now", lambda: instant)

    _fixer(ENVOYEE)
    return _fixer


@pytest.fixture
def ouverte(collectivite, decideur, agent, dpd, horloge):
    regler(collectivite, decideur, message="Ou passez à l’accueil, le matin.")
    return collectivite


def page(collectivite):
    return reverse("subtraitance:formulaire_public", args=[collectivite.siren])


def sceau(collectivite, quand=OUVERTE):
    return antirobot.sceller(collectivite.siren, quand)


def envoyer(client, collectivite, *, sceau_=None, adresse="203.0.113.7", **change):
    envoi = {**SAISIE, "sceau": sceau_ or sceau(collectivite), **change}
    return client.post(page(collectivite), envoi, REMOTE_ADDR=adresse)


def aucune_demande():
    return not DemandeDroits.objects.exists() and not Message.objects.exists()


def test_l_envoi_enregistre_la_demande_et_montre_son_suivi(ouverte, client):
    reponse = envoyer(client, ouverte)
    demande = DemandeDroits.objects.get()
    jeton = re.fullmatch(r"/suivi/([0-9a-f]{64})/\?recue=1", reponse["Location"])[1]
    assert demande.suivi == empreinte_du_suivi(jeton)
    assert (demande.canal, demande.regime) == (CanalDemande.FORMULAIRE, RegimeDemande.RGPD)
    assert (demande.droits, demande.enregistree_par) == (["acces", "effacement"], None)
    assert (demande.demandeur_nom, demande.texte, demande.personne_nom) == (NOM, MOTS, "")
    assert demande.recue_le == ENVOYEE
    assert demande.echeance == date(2026, 12, 17)
    assert demande.echeance_transmission == ENVOYEE + timedelta(hours=48)
    corps = client.get(reponse["Location"]).content.decode()
    assert "Votre demande est enregistrée." in corps
    assert f"/suivi/{jeton}/" in corps


def test_le_jeton_de_suivi_n_est_ecrit_nulle_part_en_clair(ouverte, client):
    jeton = envoyer(client, ouverte)["Location"].split("/")[2]
    message = Message.objects.get(nature="subtraitance.accuse_public")
    assert jeton not in message.corps + message.sujet
    assert jeton not in repr(DemandeDroits.objects.values_list().get())
    assert jeton not in repr(list(DemandeDroits.history.values_list()))
    assert jeton in Email.objects.get(to__contains=COURRIEL).message


def test_l_accuse_ne_repete_ni_le_nom_ni_la_demande(ouverte, client):
    envoyer(client, ouverte)
    accuse = Email.objects.get(to__contains=COURRIEL)
    assert not [mot for mot in (NOM, "Quatrefages", "Philémon", "cantine") if mot in accuse.message]
    autres = Email.objects.exclude(pk=accuse.pk)
    assert {courriel for email in autres for courriel in email.to} == {"agent@cdg.example", "dpd@cdg.example"}
    assert not [mot for mot in SECRETS for email in autres if mot in email.subject + email.message]


def test_sans_courriel_l_adresse_postale_suffit_et_rien_n_est_envoye(ouverte, client):
    envoyer(client, ouverte, demandeur_courriel="", demandeur_adresse=LIEU)
    assert DemandeDroits.objects.get().demandeur_adresse == LIEU
    assert not Message.objects.filter(nature="subtraitance.accuse_public").exists()


def test_pour_une_autre_personne_on_dit_qui_et_a_quel_titre(ouverte, client):
    corps = envoyer(client, ouverte, pour_qui="autre").content.decode()
    assert "Indiquez le nom de la personne." in corps
    assert "Dites à quel titre vous demandez pour elle." in corps
    assert aucune_demande()
    envoyer(client, ouverte, pour_qui="autre", personne_nom="Philémon", personne_lien="Sa mère")
    demande = DemandeDroits.objects.get()
    assert (demande.personne_nom, demande.personne_lien) == ("Philémon", "Sa mère")


def test_la_personne_saisie_puis_abandonnee_n_est_pas_gardee(ouverte, client):
    envoyer(client, ouverte, personne_nom="Philémon", personne_lien="Sa mère")
    assert DemandeDroits.objects.get().personne_nom == ""


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"droits": []}, "Cochez au moins une réponse."),
        ({"droits": ["tout"]}, "Choisissez dans la liste."),
        ({"pour_qui": ""}, "Dites pour qui vous demandez."),
        ({"pour_qui": "chien"}, "Choisissez une réponse."),
        ({"demandeur_nom": ""}, "Indiquez votre nom."),
        ({"demandeur_courriel": ""}, "il en faut un pour vous répondre."),
        ({"demandeur_courriel": "zenobie@"}, "Ce courriel n’est pas complet."),
        ({"droits": ["autre"], "texte": ""}, "Dites en quelques mots ce que vous voulez."),
        ({"texte": "Mon numéro : 2 94 03 75 120 005 22"}, "Retirez le numéro de sécurité sociale"),
        ({"demandeur_adresse": "carte 4970 1012 3456 7893"}, "ou de carte bancaire"),
        ({"texte": "x" * 4001}, "4000"),
    ],
)
def test_une_erreur_revient_sous_son_champ_sans_perdre_la_saisie(ouverte, client, change, phrase):
    reponse = envoyer(client, ouverte, **change)
    corps = reponse.content.decode()
    assert phrase in corps
    assert "<title>Erreur" in corps
    assert "demandeur_nom" in change or NOM in corps
    assert "texte" in change or MOTS in corps
    assert aucune_demande()


def test_ce_que_seule_la_base_refuse_revient_aussi_sous_son_champ(ouverte, client):
    trop_long = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.example"
    corps = envoyer(client, ouverte, demandeur_courriel=trop_long).content.decode()
    assert 'id="id_demandeur_courriel_error"' in corps
    assert MOTS in corps
    assert aucune_demande()


def test_un_envoi_refuse_puis_corrige_garde_son_sceau(ouverte, client):
    scelle = sceau(ouverte)
    corps = envoyer(client, ouverte, sceau_=scelle, demandeur_nom="").content.decode()
    assert scelle in corps
    assert envoyer(client, ouverte, sceau_=scelle).status_code == 302


def test_envoyee_deux_fois_elle_ne_s_enregistre_qu_une_et_rend_le_meme_suivi(ouverte, client):
    scelle = sceau(ouverte)
    premiere = envoyer(client, ouverte, sceau_=scelle)["Location"]
    seconde = envoyer(client, ouverte, sceau_=scelle)["Location"]
    assert seconde == premiere.replace("recue", "deja")
    assert "était déjà enregistrée" in client.get(seconde).content.decode()
    assert DemandeDroits.objects.count() == 1
    assert Message.objects.filter(nature="subtraitance.accuse_public").count() == 1


# --- Robots ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"site_internet": "https://pilules.example"},
        {"sceau_": "n’importe quoi"},
        {"sceau": ""},
        {"maintenant": OUVERTE + timedelta(seconds=2)},
    ],
    ids=["piege", "sceau-faux", "sans-sceau", "trop-vite"],
)
def test_un_robot_recoit_le_meme_refus_poli_et_rien_n_est_ecrit(ouverte, client, horloge, change):
    horloge(change.pop("maintenant", ENVOYEE))
    reponse = envoyer(client, ouverte, **change)
    corps = reponse.content.decode()
    assert reponse.status_code == 400
    assert "Votre demande n’a pas pu être enregistrée. Rien n’est perdu" in corps
    vu = corps[corps.index("<main") :]
    assert not re.search(r"robot|piège|trop vite|invisible", vu)
    assert "pilules" not in corps
    assert MOTS in corps
    assert aucune_demande()


def test_une_personne_prise_pour_un_robot_renvoie_sa_saisie(ouverte, client, horloge):
    """Le champ piège se vide ; trois secondes plus tard, le même sceau est bon."""
    scelle = sceau(ouverte)
    horloge(OUVERTE + timedelta(seconds=2))
    corps = envoyer(client, ouverte, sceau_=scelle, site_internet="rempli par le navigateur").content.decode()
    assert scelle in corps
    horloge(OUVERTE + timedelta(seconds=3))
    assert envoyer(client, ouverte, sceau_=scelle).status_code == 302


def test_apres_un_jour_la_page_se_renvoie_avec_un_sceau_neuf_et_le_meme_jeton(ouverte, client, horloge):
    scelle = sceau(ouverte)
    trop_tard = OUVERTE + timedelta(hours=24, seconds=1)
    horloge(trop_tard)
    corps = envoyer(client, ouverte, sceau_=scelle).content.decode()
    assert "restée ouverte plus d’un jour" in corps
    assert MOTS in corps
    assert aucune_demande()
    neuf = re.search(r'name="sceau" value="([^"]+)"', corps)[1]
    apres = trop_tard + timedelta(seconds=10)
    jetons = [antirobot.lire_le_sceau(s, ouverte.siren, apres).jeton for s in (scelle, neuf)]
    assert jetons[0] == jetons[1]
    horloge(apres)
    assert envoyer(client, ouverte, sceau_=neuf).status_code == 302


def test_le_sceau_d_une_autre_collectivite_ne_vaut_rien_ici(ouverte, voisine, client):
    assert envoyer(client, ouverte, sceau_=sceau(voisine)).status_code == 400
    assert aucune_demande()


def test_le_piege_est_hors_du_clavier_et_des_lecteurs_d_ecran(ouverte, client):
    corps = client.get(page(ouverte)).content.decode()
    piege = re.search(r'<div class="visually-hidden" aria-hidden="true">.*?</div>', corps, re.S)[0]
    assert 'name="site_internet"' in piege
    assert 'tabindex="-1"' in piege
    assert 'autocomplete="off"' in piege


# --- Débit -------------------------------------------------------------------------------------------


def test_au_dela_de_cinq_par_heure_une_adresse_attend_sans_perdre_sa_saisie(ouverte, client):
    for _ in range(5):
        assert envoyer(client, ouverte).status_code == 302
    reponse = envoyer(client, ouverte)
    assert (reponse.status_code, reponse["Retry-After"]) == (429, "3600")
    corps = reponse.content.decode()
    assert "Trop de demandes sont arrivées en peu de temps." in corps
    assert MOTS in corps
    assert DemandeDroits.objects.count() == 5
    assert envoyer(client, ouverte, adresse="203.0.113.8").status_code == 302


def test_une_ipv6_compte_pour_son_reseau(ouverte, client):
    for rang in range(5):
        envoyer(client, ouverte, adresse=f"2001:db8:1:2::{rang}")
    assert envoyer(client, ouverte, adresse="2001:db8:1:2::ffff").status_code == 429


def test_une_collectivite_assaillie_de_partout_se_ferme_un_moment(ouverte, client, monkeypatch):
    monkeypatch.setattr(antirobot, "PAR_COLLECTIVITE", antirobot.PAR_COLLECTIVITE._replace(places=2))
    codes = [envoyer(client, ouverte, adresse=f"203.0.113.{rang}").status_code for rang in range(3)]
    assert codes == [302, 302, 429]


def test_un_second_envoi_passe_meme_le_debit_atteint(ouverte, client, monkeypatch):
    monkeypatch.setattr(antirobot, "PAR_ADRESSE", antirobot.PAR_ADRESSE._replace(places=1))
    scelle = sceau(ouverte)
    assert [envoyer(client, ouverte, sceau_=scelle).status_code for _ in range(2)] == [302, 302]


def test_on_n_inonde_pas_la_boite_d_un_tiers(ouverte, client):
    for rang in range(5):
        envoyer(client, ouverte, adresse=f"203.0.113.{rang}", demandeur_courriel=COURRIEL.upper())
    assert DemandeDroits.objects.count() == 5
    assert Message.objects.filter(nature="subtraitance.accuse_public").count() == 3


def test_le_debit_n_ecrit_ni_adresse_ni_courriel_en_clair(ouverte, client, monkeypatch):
    cles = []
    monkeypatch.setattr(antirobot.cache, "add", lambda cle, *_: cles.append(cle) or True)
    envoyer(client, ouverte)
    assert len(cles) == 3
    assert not [cle for cle in cles if "203.0" in cle or "@" in cle]


# --- Ouvert, fermé -----------------------------------------------------------------------------------


def test_ferme_inconnu_ou_plus_suivi_donnent_la_meme_page(collectivite, voisine, decideur, client, horloge):
    regler(collectivite, decideur, formulaire_ouvert=False)
    pages = [client.get(page(collectivite)), client.get(page(voisine)), client.get("/demande/200000008/")]
    regler(collectivite, decideur)
    collectivite.active = False
    collectivite.save()
    pages += [client.get(page(collectivite)), client.post(page(collectivite), SAISIE)]
    assert {reponse.status_code for reponse in pages} == {404}
    assert len({re.sub(rb"csrftoken[^}]*", b"", reponse.content) for reponse in pages}) == 1
    assert aucune_demande()


def test_la_page_dit_a_qui_l_on_ecrit_et_ce_que_deviennent_les_donnees(ouverte, client):
    reponse = client.get(page(ouverte))
    corps = reponse.content.decode()
    for attendu in (
        "Commune de Montpezat-de-Quercy",
        "Ou passez à l’accueil, le matin.",
        "Nadège Roucoules",
        "dpd@cdg.example",
        "12 mois après la clôture",
        "pourront être effacés, avec l’accord des Archives",
        "saisir la CNIL",
        "Ne joignez pas votre pièce d’identité",
        "Centre de gestion de Tarn-et-Garonne",
    ):
        assert attendu in corps
    assert 'type="file"' not in corps
    assert "<script" not in corps
    assert "no-store" in reponse["Cache-Control"]
    assert "noindex" in reponse["X-Robots-Tag"]


def test_sans_duree_fixee_la_page_ne_l_invente_pas(collectivite, decideur, client):
    regler(collectivite, decideur, conservation_mois=None)
    assert "n’a pas encore fixé de durée" in client.get(page(collectivite)).content.decode()


def test_un_syndicat_n_est_pas_une_mairie(ouverte, client):
    ouverte.type = TypeCollectivite.SYNDICAT
    ouverte.dpd_propre_nom, ouverte.dpd_propre_courriel = "Denis Propre", "dpd@syndicat.example"
    ouverte.save()
    corps = client.get(page(ouverte)).content.decode()
    assert "mairie" not in corps.replace("Place de la Mairie", "")
    assert "dpd@syndicat.example" in corps
    assert "23 boulevard" not in corps  # l’adresse est celle du DPD de la structure


@pytest.mark.parametrize(
    ("territoire", "envoyee", "transmission", "reponse"),
    [
        pytest.param(
            Territoire.GUYANE,
            datetime(2026, 11, 20, 21, 30, tzinfo=UTC),  # vendredi, 18 h 30 à Cayenne
            datetime(2026, 11, 24, 21, 30, tzinfo=UTC),  # mardi, 18 h 30
            date(2026, 12, 21),  # le 20 est un dimanche
            id="vendredi-soir-en-guyane",
        ),
        pytest.param(
            Territoire.METROPOLE,
            datetime(2026, 5, 14, 8, 0, tzinfo=UTC),  # jeudi de l’Ascension, 10 h à Paris
            datetime(2026, 5, 18, 22, 0, tzinfo=UTC),  # le vendredi et le lundi comptés : lundi, minuit
            date(2026, 6, 15),  # le 14 est un dimanche
            id="ascension-en-metropole",
        ),
    ],
)
def test_les_deux_horloges_d_un_jour_ferme(
    ouverte, structure, client, horloge, territoire, envoyee, transmission, reponse
):
    structure.territoire = ouverte.territoire = territoire.value
    structure.save()
    ouverte.save()
    horloge(envoyee)
    envoyer(client, ouverte, sceau_=sceau(ouverte, envoyee - timedelta(minutes=5)))
    demande = DemandeDroits.objects.get()
    assert demande.echeance_transmission == transmission
    assert demande.echeance == reponse


def test_le_jeton_ne_se_refait_pas_sans_la_cle_du_site(settings):
    jeton = antirobot.lire_le_sceau(sceau_de("x"), "x", ENVOYEE).jeton
    premier = suivi_du_formulaire(jeton)
    settings.SECRET_KEY = "une autre clé secrète"
    assert suivi_du_formulaire(jeton) != premier


def sceau_de(siren):
    return antirobot.sceller(siren, OUVERTE)
