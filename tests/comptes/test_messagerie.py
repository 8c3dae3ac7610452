"""Chaque courriel laisse une preuve ; aucun ne part deux fois ; aucun ne se perd."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.template import TemplateDoesNotExist
from post_office.models import STATUS, Email

from dpd.messagerie import envoi
from dpd.messagerie.envoi import MASQUE, adresse, envoyer, rediger
from dpd.messagerie.models import Message

GABARIT = "comptes/emails/essai"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _gabarits(settings):
    """Un gabarit d’essai, qui prolonge la base commune."""
    textes = {
        f"{GABARIT}_objet.txt": "Fiche «\u00a0{{ nom }}\u00a0»\n",
        f"{GABARIT}_corps.txt": (
            '{% extends "courriel_base.txt" %}{% block texte %}{{ nom }}, ici\u00a0: {{ lien }}{% endblock %}'
        ),
    }
    (moteur,) = settings.TEMPLATES
    chargeurs = [
        ("django.template.loaders.locmem.Loader", textes),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    settings.TEMPLATES = [
        {**moteur, "APP_DIRS": False, "OPTIONS": {**moteur["OPTIONS"], "loaders": chargeurs}}
    ]


@pytest.fixture
def ecrire(maintenant):
    def _ecrire(**champs):
        defauts = {
            "gabarit": GABARIT,
            "contexte": {"nom": "Paie", "lien": "https://dpd.example/x"},
            "destinataire": "sylvie@mairie.example",
            "maintenant": maintenant,
        }
        return envoyer(champs.pop("nature", "essai"), **(defauts | champs))

    return _ecrire


# --- Écrire --------------------------------------------------------------------------------------


def test_une_preuve_et_un_courriel_en_file(ecrire, collectivite, referent, maintenant):
    message = ecrire(collectivite=collectivite, utilisateur=referent, objet=collectivite)
    message.refresh_from_db()
    assert (message.nature, message.collectivite, message.utilisateur) == ("essai", collectivite, referent)
    assert message.objet == collectivite
    assert message.cree_le == maintenant
    assert message.sujet == "Fiche «\u00a0Paie\u00a0»"
    courriel = Email.objects.get()
    assert (courriel.to, courriel.subject, courriel.status) == (
        ["sylvie@mairie.example"],
        message.sujet,
        STATUS.queued,
    )
    assert courriel.message == message.corps
    assert courriel.html_message == ""
    assert message.etat == "en attente"
    assert str(message) == "Fiche «\u00a0Paie\u00a0» → sylvie@mairie.example"


def test_la_base_commune_signe_et_donne_l_adresse_du_site(settings):
    settings.SITE_URL = "https://dpd.example"
    _, corps = rediger(GABARIT, {"nom": "Paie", "lien": "/x"})
    assert corps.startswith("Bonjour,\n\nPaie, ici")
    assert corps.endswith(
        "DPD mutualisé\nhttps://dpd.example\nCe message est envoyé automatiquement\u00a0: n’y répondez pas.\n"
    )
    assert adresse("/c/1/") == "https://dpd.example/c/1/"


def test_le_texte_brut_n_est_ni_echappe_ni_execute(ecrire):
    message = ecrire(contexte={"nom": "L’eau & <b> {% now 'Y' %} {{ nom }}", "lien": "?a=1&b=2"})
    assert "L’eau & <b> {% now 'Y' %} {{ nom }}" in message.corps
    assert "?a=1&b=2" in message.corps
    assert message.courriel.message == message.corps


def test_un_retour_a_la_ligne_dans_l_objet_n_ouvre_pas_d_en_tete(ecrire):
    message = ecrire(contexte={"nom": "Paie\r\nBcc: pirate@mal.example", "lien": ""})
    assert message.sujet == "Fiche «\u00a0Paie Bcc: pirate@mal.example\u00a0»"
    assert message.courriel.bcc == []


def test_un_objet_trop_long_est_coupe(ecrire):
    assert len(ecrire(contexte={"nom": "x" * 500, "lien": ""}).sujet) == 300


def test_un_lien_secret_part_mais_n_est_pas_garde(ecrire):
    message = ecrire(secret="https://dpd.example/x")
    assert "https://dpd.example/x" in message.courriel.message
    assert "https://dpd.example/x" not in message.corps
    assert MASQUE in message.corps


def test_un_gabarit_absent_n_ecrit_rien(ecrire):
    with pytest.raises(TemplateDoesNotExist):
        ecrire(gabarit="comptes/emails/absent")
    assert not Message.objects.exists()
    assert not Email.objects.exists()


def test_annuler_la_transaction_annule_le_courriel(ecrire):
    with transaction.atomic():
        ecrire()
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not Email.objects.exists()


# --- Une seule fois ------------------------------------------------------------------------------


def test_une_meme_cle_n_envoie_qu_une_fois(ecrire):
    premier = ecrire(cle="rappel-1-j7")
    assert ecrire(cle="rappel-1-j7", destinataire="autre@mairie.example") == premier
    assert Email.objects.count() == Message.objects.count() == 1
    assert ecrire(cle="rappel-1-j1") != premier


def test_sans_cle_chaque_envoi_compte(ecrire):
    ecrire()
    ecrire()
    assert Message.objects.count() == 2


def test_deux_relances_au_meme_instant_une_seule_part(ecrire, monkeypatch):
    """La seconde n’a pas vu la première à la lecture ; la base la refuse, sans courriel orphelin."""
    premier = ecrire(cle="rappel")
    vrai = Message.objects.filter

    monkeypatch.setattr(
        envoi.Message.objects,
        "filter",
        lambda **criteres: vrai(pk=0) if "cle" in criteres else vrai(**criteres),
    )
    assert ecrire(cle="rappel") == premier
    assert Email.objects.count() == 1


def test_une_autre_erreur_de_base_n_est_pas_avalee(ecrire, monkeypatch):
    def _en_panne(message):
        raise IntegrityError

    monkeypatch.setattr(envoi, "enfiler", _en_panne)
    with pytest.raises(IntegrityError):
        ecrire()


# --- Preuve --------------------------------------------------------------------------------------


def test_un_message_ne_s_efface_pas(ecrire):
    message = ecrire()
    with pytest.raises(TypeError, match="preuve"):
        message.delete()
    with pytest.raises(TypeError, match="preuve"):
        Message.objects.all().delete()


@pytest.mark.parametrize(
    ("statut", "rates", "etat", "tentatives"),
    [
        (STATUS.queued, None, "en attente", 0),
        (STATUS.requeued, 2, "en attente, après un essai manqué", 2),
        (STATUS.failed, 6, "échec définitif", 7),
        (STATUS.sent, None, "envoyé", 1),
        (STATUS.sent, 2, "envoyé", 3),
    ],
)
def test_l_etat_se_lit_en_clair(ecrire, statut, rates, etat, tentatives):
    message = ecrire()
    Email.objects.update(status=statut, number_of_retries=rates)
    message = Message.objects.avec_etat().get(pk=message.pk)
    assert (message.etat, message.tentatives) == (etat, tentatives)


def test_l_etat_survit_au_menage_de_la_file(ecrire, maintenant):
    parti, perdu = ecrire(), ecrire()
    Message.objects.filter(pk=parti.pk).update(envoye_le=maintenant + timedelta(minutes=1))
    Email.objects.all().delete()
    parti.refresh_from_db()
    perdu.refresh_from_db()
    assert (parti.etat, parti.tentatives) == ("envoyé", 1)
    assert (perdu.etat, perdu.tentatives) == ("retiré de la file sans confirmation d’envoi", 0)


def test_lire_l_etat_d_une_liste_ne_coute_qu_une_requete(ecrire, django_assert_num_queries):
    for _ in range(5):
        ecrire()
    with django_assert_num_queries(1):
        assert {m.etat for m in Message.objects.avec_etat()} == {"en attente"}


# --- La file -------------------------------------------------------------------------------------


def test_tout_courriel_du_cadre_passe_par_la_file(settings):
    courriel = EmailMultiAlternatives("Objet {{ x }}", "Texte", "de@dpd.example", ["a@mairie.example"])
    courriel.attach_alternative("<p>Texte</p>", "text/html")
    courriel.attach("note.txt", "un", "text/plain")
    courriel.attach("note.txt", b"deux", "text/plain")
    assert (
        get_connection(settings.POST_OFFICE and "dpd.messagerie.file.FileDAttente").send_messages([courriel])
        == 1
    )
    email = Email.objects.get()
    assert (email.subject, email.html_message) == ("Objet {{ x }}", "<p>Texte</p>")
    contenus = sorted(piece.file.read() for piece in email.attachments.all())
    assert contenus == [b"deux", b"un"]


def test_sans_html_ni_piece_jointe(db):
    connexion = get_connection("dpd.messagerie.file.FileDAttente")
    connexion.send_messages([EmailMessage("O", "T", "de@dpd.example", ["a@mairie.example"])])
    assert Email.objects.get().html_message == ""


@pytest.mark.django_db(transaction=True)
class TestEnvoi:
    @pytest.fixture(autouse=True)
    def _file(self, settings):
        settings.POST_OFFICE = {
            **settings.POST_OFFICE,
            "BACKENDS": {"default": "django.core.mail.backends.locmem.EmailBackend"},
        }

    def test_la_commande_envoie_date_la_preuve_et_vide_la_file(self, ecrire, mailoutbox, capsys):
        message = ecrire(secret="https://dpd.example/x")
        ecrire(destinataire="autre@mairie.example")
        call_command("envoyer_courriels")
        assert sorted(c.to[0] for c in mailoutbox) == ["autre@mairie.example", "sylvie@mairie.example"]
        assert "https://dpd.example/x" in " ".join(c.body for c in mailoutbox)
        assert "2\u00a0courriels partis." in capsys.readouterr().out
        message = Message.objects.avec_etat().get(pk=message.pk)
        assert message.est_envoye
        assert message.envoye_le is not None
        assert message.courriel.message == ""
        call_command("envoyer_courriels")
        assert len(mailoutbox) == 2
        assert "0\u00a0courriel parti." in capsys.readouterr().out

    def test_un_envoi_manque_attend_son_tour_sans_rien_perdre(self, ecrire, settings):
        settings.POST_OFFICE["BACKENDS"]["default"] = "tests.comptes.test_messagerie.EnPanne"
        message = ecrire()
        call_command("envoyer_courriels")
        message = Message.objects.avec_etat().get(pk=message.pk)
        assert message.etat == "en attente, après un essai manqué"
        assert message.tentatives == 1
        assert "Paie" in message.courriel.message


class EnPanne:
    def __init__(self, **_):
        pass

    def open(self):
        pass

    def close(self):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError("serveur injoignable")
