"""Le dossier à recopier, l’accusé à noter, et la preuve de ce qui fut envoyé."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse

from dpd.comptes.models import JournalAcces
from tests.documents.lecture_pdf import contenus
from tests.pieces.fabriques import PDF, fichier
from tests.violations.fabriques import ECHEANCE, PARIS, decider, rendre_avis
from violations import actions
from violations.dossier_lu import lire_dossier
from violations.enums import EtatViolation, MoyenInformation, TypeNotification
from violations.models import NotificationCnil
from violations.rubriques_cnil import changees, contenu_fige, rubriques_de, rubriques_figees

pytestmark = pytest.mark.django_db
LUNDI = datetime(2026, 11, 23, 9, 40, tzinfo=PARIS)
ENVOI = {
    "type_envoi": "initiale",
    "numero": "2026-123456",
    "envoyee_le_date": "2026-11-23",
    "envoyee_le_heure": "09:30",
}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


def adresse(nom, *suite):
    return reverse(f"violations:{nom}", args=["218201317", 2026, 1, *suite])


@pytest.fixture
def decidee(violation, decideur):
    decider(violation, decideur, LUNDI)
    violation.refresh_from_db()
    return violation


def sans_blancs(texte: str) -> str:
    """Un PDF coupe ses lignes où il veut : on compare sans les blancs."""
    return "".join(texte.split())


def texte(reponse) -> str:
    with pikepdf.open(BytesIO(b"".join(reponse.streaming_content))) as pdf:
        morceaux = [contenus(page) for page in pdf.pages]
    return sans_blancs("".join(" ".join(marques.values()) + artefacts for marques, artefacts in morceaux))


def test_l_accuse_s_enregistre_avec_le_contenu_du_moment(connecte, referent, decidee):
    client = connecte(referent)
    page = client.get(adresse("violation")).content.decode()
    assert "Une fois l’envoi fait" in page
    reponse = client.post(adresse("notifier"), {**ENVOI, "fichier": fichier("accuse.pdf", PDF)}, follow=True)
    assert "L’envoi est enregistré sous le n°\u00a02026-123456" in reponse.content.decode()
    faite = NotificationCnil.objects.get()
    assert faite.envoyee_le == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    assert faite.piece.nom == "accuse.pdf"
    figees = rubriques_figees(faite)
    assert [r.numero for r in figees] == list(range(1, 15))
    assert figees[0].champs[0].valeur == TypeNotification.INITIALE.label
    decidee.refresh_from_db()
    assert decidee.etat == EtatViolation.NOTIFIEE


def test_le_contenu_fige_ne_suit_pas_le_dossier(connecte, referent, decidee):
    client = connecte(referent)
    client.post(adresse("notifier"), ENVOI)
    avant = rubriques_figees(NotificationCnil.objects.get())
    actions.completer(
        violation=decidee, auteur=referent, maintenant=LUNDI, lu={}, mesures_apres="Portail fermé"
    )
    decidee.refresh_from_db()
    lu = lire_dossier(decidee.collectivite, decidee)
    assert changees(avant, rubriques_de(lu, LUNDI)) == {11}
    assert rubriques_figees(NotificationCnil.objects.get()) == avant


@pytest.mark.parametrize(
    ("champs", "attendues"),
    [
        ({"numero": ""}, {"numero"}),
        ({"numero": "x" * 41}, {"numero"}),
        ({"type_envoi": ""}, {"type_envoi"}),
        ({"type_envoi": "complementaire"}, {"type_envoi"}),
        ({"envoyee_le_date": ""}, {"envoyee_le"}),
        ({"envoyee_le_heure": "25:00"}, {"envoyee_le"}),
        ({"envoyee_le_date": "2026-11-24"}, {"envoyee_le"}),
        ({"envoyee_le_date": "2026-11-19"}, {"envoyee_le"}),
    ],
)
def test_chaque_refus_est_sous_son_champ_et_rien_n_est_perdu(connecte, referent, decidee, champs, attendues):
    reponse = connecte(referent).post(adresse("notifier"), {**ENVOI, **champs})
    assert (reponse.status_code, set(reponse.context["formulaire"].errors)) == (200, attendues)
    assert not NotificationCnil.objects.exists()
    if "numero" not in champs:
        assert "2026-123456" in reponse.content.decode()


def test_l_heure_passee_deux_fois_se_demande(connecte, referent, collectivite, time_machine, decideur):
    octobre = datetime(2026, 10, 24, 12, tzinfo=UTC)
    time_machine.move_to(datetime(2026, 10, 25, 9, tzinfo=UTC), tick=False)
    nuit = actions.declarer(
        collectivite=collectivite,
        titre="Nuit",
        recit="Nuit",
        connaissance=octobre,
        auteur=referent,
        maintenant=octobre + timedelta(hours=1),
    )
    decider(nuit, decideur, octobre + timedelta(hours=2))
    envoi = {**ENVOI, "envoyee_le_date": "2026-10-25", "envoyee_le_heure": "02:30"}
    client = connecte(referent)
    reponse = client.post(adresse("notifier"), envoi)
    assert "passée deux fois" in reponse.content.decode()
    assert client.post(adresse("notifier"), {**envoi, "envoyee_le_saison": "hiver"}).status_code == 302
    assert NotificationCnil.objects.get().envoyee_le == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_en_retard_les_motifs_se_demandent_et_se_figent(connecte, referent, decidee, time_machine):
    time_machine.move_to(ECHEANCE + timedelta(hours=3), tick=False)
    envoi = {**ENVOI, "envoyee_le_heure": "19:00"}
    client = connecte(referent)
    assert "les motifs du retard" in client.get(adresse("violation")).content.decode()
    reponse = client.post(adresse("notifier"), envoi)
    assert set(reponse.context["formulaire"].errors) == {"motif_retard"}
    client.post(adresse("notifier"), {**envoi, "motif_retard": "Réponse tardive du prestataire"})
    dates = rubriques_figees(NotificationCnil.objects.get())[2]
    assert ("Motifs du retard", "Réponse tardive du prestataire") in [
        (c.libelle, c.valeur) for c in dates.champs
    ]


def test_le_double_envoi_n_enregistre_qu_un_accuse(connecte, referent, decidee):
    client = connecte(referent)
    for _ in range(2):
        assert client.post(adresse("notifier"), ENVOI).status_code == 302
    autre = client.post(adresse("notifier"), {**ENVOI, "numero": "2026-999"})
    assert "déjà enregistrée" in autre.content.decode()
    assert NotificationCnil.objects.get().type == "initiale"
    decidee.refresh_from_db()
    assert decidee.completee_le is None


def test_avant_la_decision_la_page_le_dit_et_n_enregistre_rien(connecte, referent, violation):
    client = connecte(referent)
    assert "décide d’abord de notifier" in client.get(adresse("notifier")).content.decode()
    assert "Une fois l’envoi fait" not in client.get(adresse("violation")).content.decode()
    assert "décide d’abord" in client.post(adresse("notifier"), ENVOI).content.decode()
    assert not NotificationCnil.objects.exists()


def test_un_fichier_refuse_se_dit_sous_son_champ(connecte, referent, decidee):
    faux = fichier("accuse.pdf", b"MZ programme")
    reponse = connecte(referent).post(adresse("notifier"), {**ENVOI, "fichier": faux})
    assert set(reponse.context["formulaire"].errors) == {"fichier"}


def test_le_complement_s_enregistre_ensuite(connecte, referent, decidee):
    client = connecte(referent)
    client.post(adresse("notifier"), ENVOI)
    page = client.get(adresse("violation")).content.decode()
    assert "Enregistrer un complément" in page
    assert "Notification complémentaire" in page
    lue = client.get(adresse("notifier")).content.decode()
    assert "Qu’avez-vous envoyé" not in lue
    envoi = {"numero": "C-1", "envoyee_le_date": "2026-11-23", "envoyee_le_heure": "09:35"}
    assert client.post(adresse("notifier"), envoi).status_code == 302
    decidee.refresh_from_db()
    assert decidee.completee_le == datetime(2026, 11, 23, 8, 35, tzinfo=UTC)


def test_le_pdf_contient_les_quatorze_rubriques_le_fuseau_et_les_manques(connecte, referent, violation):
    reponse = connecte(referent).get(adresse("dossier_pdf"))
    assert reponse["Content-Type"] == "application/pdf"
    lu = texte(reponse)
    for rubrique in rubriques_de(lire_dossier(violation.collectivite, violation), LUNDI):
        assert sans_blancs(f"{rubrique.numero}. {rubrique.titre}") in lu
    assert sans_blancs("L’application n’envoie rien à la CNIL") in lu
    assert sans_blancs("Heure légale\u00a0: Métropole (Europe/Paris)") in lu
    assert sans_blancs("Il manque\u00a0: la nature de la violation.") in lu
    assert sans_blancs("Dossier de notification initiale à la CNIL") in lu
    assert JournalAcces.objects.filter(nature="export", detail__contains="2026-01").exists()


def test_le_pdf_complementaire_montre_ce_qui_a_change(connecte, referent, decidee):
    client = connecte(referent)
    client.post(adresse("notifier"), ENVOI)
    actions.completer(
        violation=decidee, auteur=referent, maintenant=LUNDI, lu={}, mesures_apres="Portail fermé"
    )
    lu = texte(client.get(adresse("dossier_pdf")))
    assert sans_blancs("Dossier de notification complémentaire à la CNIL") in lu
    assert sans_blancs("2026-123456") in lu
    assert lu.count(sans_blancs("changée depuis le dernier envoi")) == 1


def test_le_pdf_de_l_envoi_reste_tel_qu_il_fut(connecte, referent, decidee):
    client = connecte(referent)
    client.post(adresse("notifier"), ENVOI)
    faite = NotificationCnil.objects.get()
    actions.completer(
        violation=decidee, auteur=referent, maintenant=LUNDI, lu={}, mesures_apres="Portail fermé"
    )
    lu = texte(client.get(adresse("notification_pdf", faite.pk)))
    assert sans_blancs("Portail fermé") not in lu
    assert sans_blancs("lundi 23\u00a0novembre 2026 à 9\u00a0h\u00a030") in lu
    assert faite.empreinte in lu
    assert client.get(adresse("notification_pdf", faite.pk + 1)).status_code == 404


def test_l_information_des_personnes_suit_la_decision_puis_le_fait(violation, decideur, referent, dpd):
    def rubrique():
        violation.refresh_from_db()
        return rubriques_de(lire_dossier(violation.collectivite, violation), LUNDI)[11]

    assert not rubrique().prete
    decider(violation, decideur, LUNDI, informer=False)
    assert [c.valeur for c in rubrique().champs][-1] == "Le risque est faible."
    decider(violation, decideur, LUNDI, motif="On change")
    assert rubrique().manques == ("la date où les personnes seront informées",)
    actions.enregistrer_information(
        violation=violation,
        moyen=MoyenInformation.COURRIEL,
        faite_le=LUNDI.date(),
        message="Madame, Monsieur",
        nombre=37,
        auteur=referent,
        maintenant=LUNDI,
    )
    assert rubrique().champs[0].valeur == "Oui, les personnes ont été informées"


def test_la_gravite_est_celle_du_dossier_a_defaut_celle_du_dpd(violation, dpd):
    rendre_avis(violation, dpd, LUNDI)
    violation.refresh_from_db()
    lu = lire_dossier(violation.collectivite, violation)
    assert "délégué" in rubriques_de(lu, LUNDI)[9].note
    violation.gravite = "limitee"
    lu = lire_dossier(violation.collectivite, violation)
    assert ("Gravité", "Limitée") in [(c.libelle, c.valeur) for c in rubriques_de(lu, LUNDI)[9].champs]
    contenu = contenu_fige(lu, LUNDI, type_envoi=TypeNotification.COMPLEMENTAIRE, motif_retard="x")
    assert "x" not in [c[1] for c in contenu["rubriques"][2]["champs"]]
