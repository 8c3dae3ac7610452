"""La documentation utile part avec l’avis, sans copie ; trop lourde, elle se lit depuis le dossier."""

import pytest
from post_office.models import Attachment

from dpd.messagerie.expedition import expedier
from dpd.messagerie.models import Message
from tests.messagerie.conftest import Horloge
from tests.pieces.fabriques import PDF, fichier
from tests.violations.fabriques_incidents import SIGNALE_LE, creer_incident
from violations import emails_incidents
from violations.actions.incidents import joindre_a_l_incident
from violations.actions.incidents_ouverture import ouvrir

pytestmark = pytest.mark.django_db


@pytest.fixture
def prevenir(structure, collectivite, voisine, referent, dpd):
    """Signale, joint deux documents, prévient les deux communes ; rend les pièces."""

    def _prevenir():
        geste = {"auteur": dpd, "maintenant": SIGNALE_LE}
        incident = creer_incident(structure, dpd)
        liens = [
            joindre_a_l_incident(incident=incident, fichier=fichier(nom, contenu), **geste)
            for nom, contenu in (("avis.pdf", PDF), ("journal.txt", b"une ligne"))
        ]
        ouvrir(incident=incident, collectivites=[collectivite, voisine], **geste)
        return [lien.piece for lien in liens]

    return _prevenir


def avis():
    return list(Message.objects.filter(nature=emails_incidents.AVIS))


def test_chaque_avis_emporte_les_documents_et_leur_empreinte(prevenir, mailoutbox, settings):
    settings.POST_OFFICE = {
        **settings.POST_OFFICE,
        "BACKENDS": {"default": "django.core.mail.backends.locmem.EmailBackend"},
    }
    pieces = prevenir()
    attendues = [{"nom": p.nom, "taille": p.taille, "sha256": p.sha256} for p in pieces]
    assert [message.jointes for message in avis()] == [attendues] * 2
    assert expedier(Horloge(SIGNALE_LE)).refuses == 0
    partis = [c for c in mailoutbox if c.attachments]
    assert len(partis) == 2
    for courriel in partis:
        assert [(nom, contenu) for nom, contenu, _ in courriel.attachments] == [
            ("avis.pdf", PDF),
            ("journal.txt", "une ligne"),
        ]


def test_les_fichiers_ne_sont_pas_recopies(prevenir):
    pieces = prevenir()
    assert sorted(a.file.name for a in Attachment.objects.all()) == sorted(p.fichier.name for p in pieces)


def test_au_dela_de_la_limite_le_reste_se_lit_depuis_le_dossier(prevenir, monkeypatch):
    monkeypatch.setattr(emails_incidents, "JOINDRE_MAX", len(PDF) + 1)
    prevenir()
    assert [[j["nom"] for j in message.jointes] for message in avis()] == [["avis.pdf"]] * 2
    assert all("journal.txt" in message.corps for message in avis())
