"""Aucun courriel perdu, aucun en double, chaque essai visible : contre un vrai serveur SMTP."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from post_office.models import PRIORITY, STATUS, Email, Log

from dpd.messagerie import expedition
from dpd.messagerie.envoi import envoyer
from dpd.messagerie.expedition import ABANDON, BAIL, Bilan, expedier, prendre
from dpd.messagerie.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def ecrire(maintenant, referent):
    """``ecrire(n)`` : n courriels en file, à n destinataires."""

    def _ecrire(nombre=1, prefixe="mairie", **champs):
        return [
            envoyer(
                "essai",
                gabarit="comptes/emails/compte_active",
                contexte={"personne": referent, "adresse": "/", "prenom": "Sylvie"},
                destinataire=f"{prefixe}{n}@exemple.fr",
                maintenant=maintenant,
                **champs,
            )
            for n in range(nombre)
        ]

    return _ecrire


@pytest.fixture(autouse=True)
def _gabarit(settings):
    (moteur,) = settings.TEMPLATES
    textes = {
        "comptes/emails/compte_active_objet.txt": "Essai",
        "comptes/emails/compte_active_corps.txt": "Bonjour {{ prenom }}",
    }
    chargeurs = [("django.template.loaders.locmem.Loader", textes)]
    settings.TEMPLATES = [
        {**moteur, "APP_DIRS": False, "OPTIONS": {**moteur["OPTIONS"], "loaders": chargeurs}}
    ]


def test_un_serveur_qui_refuse_puis_traine_puis_accepte_ne_perd_ni_ne_double_rien(smtp, ecrire, horloge):
    ecrire(2)
    smtp.humeur = "refuse"
    assert expedier(horloge) == Bilan(0, 2, 0)
    assert expedier(horloge) == Bilan(0, 0, 0), "pas de nouvel essai avant l’heure"
    horloge.avancer(minutes=1)
    smtp.humeur = "traine"
    assert expedier(horloge) == Bilan(0, 2, 0)
    horloge.avancer(minutes=5)
    smtp.humeur = "accepte"
    assert expedier(horloge) == Bilan(2, 0, 0)
    horloge.avancer(days=10)
    assert expedier(horloge) == Bilan(0, 0, 0)
    assert smtp.recus == {f"mairie{n}@exemple.fr": 1 for n in range(2)}
    assert smtp.essais == 6
    for message in Message.objects.avec_etat():
        assert (message.est_envoye, message.etat, message.tentatives) == (True, "envoyé", 3)
        essais = list(message.courriel.logs.order_by("pk").values_list("status", "exception_type"))
        assert essais[0] == (STATUS.failed, "SMTPDataError")
        assert essais[1][0] == STATUS.failed
        assert essais[1][1]
        assert essais[2] == (STATUS.sent, "")
        assert len(essais) == 3


def test_un_serveur_eteint_ne_perd_rien(ecrire, horloge, settings):
    settings.POST_OFFICE = {
        **settings.POST_OFFICE,
        "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
    }
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    ecrire(2)
    attentes = []
    for _ in range(6):
        assert expedier(horloge).remis == 2
        prochain = Email.objects.first().scheduled_time
        attentes.append(prochain - horloge())
        horloge.instant = prochain
    minutes = [int(attente.total_seconds() // 60) for attente in attentes]
    assert minutes == [1, 5, 15, 60, 60, 60]
    message = Message.objects.avec_etat().first()
    assert (message.etat, message.tentatives) == ("en attente, après un essai manqué", 6)
    assert message.courriel.message != ""


def test_une_adresse_inconnue_s_arrete_la_et_n_arrete_pas_les_autres(smtp, ecrire, horloge):
    ecrire(1, prefixe="inconnu")
    ecrire(2)
    assert expedier(horloge) == Bilan(2, 0, 1)
    horloge.avancer(days=1)
    assert expedier(horloge) == Bilan(0, 0, 0)
    etats = [message.etat for message in Message.objects.avec_etat().order_by("pk")]
    assert etats == ["échec définitif", "envoyé", "envoyé"]
    assert Log.objects.get(status=STATUS.failed).exception_type == "SMTPRecipientsRefused"


def test_au_bout_de_cinq_jours_on_renonce_et_cela_se_voit(smtp, ecrire, horloge):
    (message,) = ecrire(1)
    smtp.humeur = "refuse"
    Email.objects.update(created=horloge() - ABANDON - timedelta(minutes=1))
    assert expedier(horloge) == Bilan(0, 0, 1)
    message = Message.objects.avec_etat().get(pk=message.pk)
    assert (message.etat, message.tentatives) == ("échec définitif", 1)


def test_le_meme_identifiant_sert_a_chaque_essai(smtp, ecrire, horloge):
    ecrire(1)
    identifiant = Email.objects.get().message_id
    assert identifiant.endswith("@127.0.0.1>")
    smtp.humeur = "refuse"
    expedier(horloge)
    horloge.avancer(minutes=1)
    smtp.humeur = "accepte"
    expedier(horloge)
    assert smtp.identifiants == [f"Message-ID: {identifiant}"]


def test_un_courriel_pris_ne_se_prend_pas_deux_fois(ecrire, horloge):
    ecrire(3)
    ici, ailleurs = prendre(horloge), prendre(horloge)
    premier = next(ici)
    assert [premier.pk, next(ailleurs).pk, next(ici).pk] == sorted(Email.objects.values_list("pk", flat=True))
    assert [*ici, *ailleurs, *prendre(horloge)] == []
    horloge.avancer(seconds=BAIL.total_seconds())
    assert next(prendre(horloge)).pk == premier.pk, "celui d’un processus tué revient à l’échéance du bail"


def test_la_file_ne_se_trie_qu_une_fois_par_lot_les_plus_presses_d_abord(ecrire, horloge, monkeypatch):
    monkeypatch.setattr(expedition, "LOT", 3)
    ecrire(7)
    presse = Email.objects.order_by("pk").last()
    Email.objects.filter(pk=presse.pk).update(priority=PRIORITY.high)
    with CaptureQueriesContext(connection) as requetes:
        pris = [courriel.pk for courriel in prendre(horloge)]
    assert pris[0] == presse.pk
    assert pris[1:] == sorted(pris[1:])
    assert len(pris) == 7
    assert len([r for r in requetes if "ORDER BY" in r["sql"] and "priority" in r["sql"]]) == 4


def test_le_bail_court_de_l_instant_ou_le_courriel_est_pris(ecrire, horloge):
    """Un lot peut durer : le dernier n’est pas pris pour moins longtemps que le premier."""
    ecrire(2)
    for courriel in prendre(horloge):
        assert courriel.scheduled_time == horloge() + BAIL
        horloge.avancer(minutes=4)


def test_un_autre_le_prend_entre_la_lecture_et_la_prise(ecrire, horloge, monkeypatch):
    """Deux processus lisent la même liste : le second passe au courriel suivant."""
    ecrire(2)
    premier = Email.objects.order_by("pk").first()
    execute = connection.execute_wrapper

    def voler(executer, sql, params, many, contexte):
        resultat = executer(sql, params, many, contexte)
        if sql.startswith("SELECT") and not vole:
            vole.append(True)
            Email.objects.filter(pk=premier.pk).update(scheduled_time=horloge() + BAIL)
        return resultat

    vole: list[bool] = []
    with execute(voler):
        pris = next(prendre(horloge))
    assert vole
    assert pris.pk != premier.pk


def test_le_texte_parti_ne_reste_pas_dans_la_file(smtp, ecrire, horloge):
    ecrire(1)
    expedier(horloge)
    assert Email.objects.get().message == ""
    assert "Sylvie" in Message.objects.get().corps
