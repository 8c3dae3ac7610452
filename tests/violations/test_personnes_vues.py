"""Les pages de l’information des personnes, et la page publique."""

from io import BytesIO

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.comptes.models import JournalAcces
from tests.violations.fabriques import creer_violation, decider
from tests.violations.test_personnes_actions import decider_publique
from violations import actions
from violations.models import InformationFaite, PagePublique, Violation

pytestmark = pytest.mark.django_db
TEXTE = "Bonjour,\n\nQui joindre\nLa mairie\u00a0: mairie@montpezat.example"
PUBLIC_404 = "/information/un-jeton-qui-n-existe-pas/"


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


def adresse(violation, nom="personnes", *suite):
    return reverse(
        f"violations:{nom}", args=[violation.collectivite.siren, violation.annee, violation.rang, *suite]
    )


def lue(reponse, statut=200):
    assert reponse.status_code == statut
    return " ".join(reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.fixture
def publiee(violation, referent, decideur, maintenant):
    decider_publique(violation, decideur, maintenant)
    geste = {"violation": violation, "auteur": referent, "maintenant": maintenant}
    actions.rediger_message(**geste, message=TEXTE)
    return actions.publier_message(**geste)


@pytest.mark.parametrize(
    ("qui", "statut"),
    [("referent", 200), ("decideur", 200), ("dpd", 200), ("lecteur", 403), ("agent", 403), ("etranger", 404)],
)
@pytest.mark.parametrize("nom", ["personnes", "personnes_informees"])
def test_les_pages_s_ouvrent_a_qui_tient_les_violations(connecte, violation, request, nom, qui, statut):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(adresse(violation, nom)).status_code == statut


@pytest.mark.parametrize("nom", ["personnes", "personnes_publier", "personnes_fermer", "personnes_informees"])
def test_le_lecteur_et_l_etranger_n_ecrivent_rien(connecte, violation, lecteur, etranger, nom):
    assert connecte(lecteur).post(adresse(violation, nom), {"message": "x"}).status_code == 403
    assert connecte(etranger).post(adresse(violation, nom), {"message": "x"}).status_code == 404
    assert Violation.objects.get().message_personnes == ""


def test_la_page_propose_un_message_et_nomme_ce_qui_manque(connecte, referent, violation):
    page = lue(connecte(referent).get(adresse(violation)))
    assert "des parents ont pu lire des dossiers d’autres familles" in page.lower()
    assert "ce qui a été fait pour y mettre fin" in page
    assert "L’application n’envoie rien aux personnes" in page
    assert "Le responsable de traitement n’a pas encore décidé" in page


def test_le_message_s_enregistre_et_la_page_le_rend(connecte, referent, violation):
    client = connecte(referent)
    reponse = client.post(adresse(violation), {"message": TEXTE.replace("\n", "\r\n"), "lu": ""})
    assert reponse.url == adresse(violation)
    assert Violation.objects.get().message_personnes == TEXTE
    page = lue(client.get(adresse(violation)))
    assert "Le message est enregistré. Rien n’est envoyé" in page
    assert "ce que vous avez fait, ou allez faire, pour y remédier" in page


def test_repartir_du_dossier_ne_perd_pas_le_message_garde(connecte, referent, violation, maintenant):
    actions.rediger_message(violation=violation, message=TEXTE, auteur=referent, maintenant=maintenant)
    page = lue(connecte(referent).get(adresse(violation) + "?reprendre=1"))
    assert "Madame, Monsieur," in page
    assert Violation.objects.get().message_personnes == TEXTE


def test_le_message_d_un_autre_ne_s_ecrase_pas(connecte, referent, dpd, violation, maintenant):
    actions.rediger_message(violation=violation, message="Le sien", auteur=dpd, maintenant=maintenant)
    page = lue(connecte(referent).post(adresse(violation), {"message": "Le mien", "lu": ""}))
    assert "Quelqu’un a changé ce message" in page
    assert "Le mien" in page
    assert Violation.objects.get().message_personnes == "Le sien"


def test_un_message_vide_ou_qui_porte_un_numero_de_securite_sociale_est_refuse(connecte, referent, violation):
    client = connecte(referent)
    assert "Écrivez le message" in lue(client.post(adresse(violation), {"message": ""}))
    refusee = lue(client.post(adresse(violation), {"message": "Dossier 2 69 05 49 588 157 80"}))
    assert "numéro de sécurité sociale" in refusee
    assert Violation.objects.get().message_personnes == ""


def test_une_violation_close_se_lit_sans_se_modifier(connecte, referent, decideur, violation, maintenant):
    decider(violation, decideur, maintenant, notifier=False, informer=False)
    actions.clore(violation=violation, auteur=referent, maintenant=maintenant)
    client = connecte(referent)
    assert "Enregistrer le message" not in lue(client.get(adresse(violation)))
    assert "close" in lue(client.post(adresse(violation), {"message": "Autre", "lu": ""}))
    assert client.get(adresse(violation, "personnes_informees")).status_code == 302


@pytest.mark.parametrize("support", ["courrier", "affiche-a4", "affiche-a3"])
def test_chaque_support_est_un_pdf_note_au_journal(connecte, referent, violation, support):
    reponse = connecte(referent).get(adresse(violation, "personnes_document", support))
    contenu = b"".join(reponse.streaming_content)
    with pikepdf.open(BytesIO(contenu)) as pdf:
        largeur = round(float(pdf.pages[0].MediaBox[2]))
    assert largeur == (842 if support == "affiche-a3" else 595)
    assert f"information-{support}-violation-2026-01" in reponse["Content-Disposition"]
    assert "message aux personnes" in JournalAcces.objects.get().detail


def test_un_support_inconnu_n_existe_pas(connecte, referent, violation):
    assert connecte(referent).get(adresse(violation, "personnes_document", "banderole")).status_code == 404
    assert not JournalAcces.objects.exists()


SAISIE = {"moyen": "courrier", "faite_le": "2026-11-23", "nombre": "1 200", "message": "Bonjour."}


def test_noter_que_c_est_fait_deux_fois_n_ecrit_qu_une_ligne(connecte, referent, violation):
    client = connecte(referent)
    for _ in range(2):
        assert client.post(adresse(violation, "personnes_informees"), SAISIE).status_code == 302
    assert InformationFaite.objects.get().nombre == 1200
    page = lue(client.get(adresse(violation)))
    assert "Lundi 23 novembre 2026" in page
    assert "Courrier, 1 200 personnes" in page


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("faite_le", "2026-11-30", "Cette date est dans le futur."),
        ("nombre", "-3", "Un nombre ne peut pas être négatif."),
        ("moyen", "", "Choisissez un moyen."),
        ("message", "[À écrire : la suite]", "il reste à écrire la suite"),
    ],
)
def test_une_saisie_refusee_garde_tout_et_dit_pourquoi(connecte, referent, violation, champ, valeur, phrase):
    reponse = connecte(referent).post(adresse(violation, "personnes_informees"), {**SAISIE, champ: valeur})
    page = lue(reponse)
    assert phrase in page
    assert not InformationFaite.objects.exists()


class TestPagePublique:
    def test_elle_se_lit_sans_compte_et_ne_montre_que_le_message(self, client, publiee, violation):
        reponse = client.get(reverse("violations:page_publique", args=[publiee.jeton]))
        page = lue(reponse)
        assert "mairie@montpezat.example" in page
        assert '<h2 class="h3">Qui joindre</h2>' in page
        assert violation.titre not in page
        assert violation.numero not in page
        assert reponse["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert '<meta name="robots" content="noindex, nofollow, noarchive">' in page
        assert "no-store" in reponse["Cache-Control"]
        assert reponse["Referrer-Policy"] == "no-referrer"

    def test_une_adresse_fausse_ou_fermee_ne_repond_pas(self, client, publiee, referent, maintenant):
        assert client.get(PUBLIC_404).status_code == 404
        actions.fermer_page(violation=publiee.violation, auteur=referent, maintenant=maintenant)
        assert client.get(reverse("violations:page_publique", args=[publiee.jeton])).status_code == 404

    def test_elle_ne_s_ecrit_pas(self, client, publiee):
        assert client.post(reverse("violations:page_publique", args=[publiee.jeton])).status_code == 405

    def test_elle_se_ferme_quand_le_responsable_revient_sur_sa_decision(
        self, client, connecte, referent, publiee, decideur, maintenant
    ):
        decider(publiee.violation, decideur, maintenant, motif="Nous écrirons à chacun.")
        assert client.get(reverse("violations:page_publique", args=[publiee.jeton])).status_code == 404
        assert "Elle ne répond plus" in lue(connecte(referent).get(adresse(publiee.violation)))

    def test_le_dossier_donne_son_adresse_puis_la_ferme(self, connecte, referent, publiee):
        client = connecte(referent)
        assert publiee.jeton in lue(client.get(adresse(publiee.violation)))
        assert client.post(adresse(publiee.violation, "personnes_fermer")).status_code == 302
        assert PagePublique.objects.get().fermee_le is not None

    def test_fermer_se_deplie_et_dit_que_l_adresse_est_perdue(self, connecte, referent, publiee):
        client = connecte(referent)
        page = lue(client.get(adresse(publiee.violation)))
        volet = page.split("<summary>Fermer la page</summary>")[1].split("</details>")[0]
        assert "L’adresse déjà donnée ne répondra plus jamais" in volet
        assert adresse(publiee.violation, "personnes_fermer") in volet
        client.post(adresse(publiee.violation, "personnes_fermer"))
        client.post(adresse(publiee.violation, "personnes_publier"))
        assert publiee.jeton not in lue(client.get(adresse(publiee.violation)))

    def test_sans_decision_publier_est_refuse_en_disant_pourquoi(self, connecte, referent, violation):
        client = connecte(referent)
        reponse = client.post(adresse(violation, "personnes_publier"), follow=True)
        assert "n’a pas décidé de communication publique" in lue(reponse)
        assert not PagePublique.objects.exists()

    def test_publier_puis_mettre_a_jour(self, connecte, referent, decideur, violation, maintenant):
        decider_publique(violation, decideur, maintenant)
        client = connecte(referent)
        client.post(adresse(violation), {"message": TEXTE, "lu": ""})
        assert "La page publique montre le message" in lue(
            client.post(adresse(violation, "personnes_publier"), follow=True)
        )
        client.post(adresse(violation), {"message": "Suite", "lu": TEXTE})
        assert "Elle montre encore le message d’avant" in lue(client.get(adresse(violation)))


def test_la_page_coute_autant_a_dix_qu_a_deux_cents_informations(connecte, referent, violation, maintenant):
    client, couts = connecte(referent), []
    client.get(adresse(violation))
    trace = {"auteur": referent, "maintenant": maintenant, "raison": "Essai"}
    for nombre in (10, 190):
        faites = [
            InformationFaite(
                collectivite=violation.collectivite,
                violation=violation,
                moyen="sms",
                faite_le=maintenant.date(),
                message="Bonjour.",
                enregistree_par=referent,
                enregistree_le=maintenant,
            )
            for _ in range(nombre)
        ]
        InformationFaite.objects.creer_en_masse(faites, **trace)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse(violation)).status_code == 200
        couts.append(len(requetes))
    assert couts[0] == couts[1] <= 15


def test_la_page_d_une_autre_violation_reste_la_sienne(connecte, referent, collectivite, publiee, maintenant):
    autre = creer_violation(collectivite, referent, maintenant, titre="Une autre")
    assert publiee.jeton not in lue(connecte(referent).get(adresse(autre)))
