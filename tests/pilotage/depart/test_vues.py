"""Le départ à l’écran : qui ouvre, qui télécharge, qui atteste, qui clôt."""

import hashlib
from datetime import date

import pytest
from django.urls import reverse

from dpd.comptes.models import Collectivite, JournalAcces
from dpd.conventions.actions import depart as actions
from dpd.conventions.enums import SortDonnees
from dpd.conventions.models import Depart
from dpd.pieces.enums import DomainePiece
from dpd.pieces.models import Piece
from dpd.pilotage.depart.archive import ecrire
from registre import actions as registre
from tests.conventions.conftest import creer_convention, creer_modele
from tests.pieces.fabriques import fichier
from tests.pilotage.depart.conftest import lire_archive

pytestmark = pytest.mark.django_db
EMPREINTE = "a" * 64
VISA = {"visa": "AD82-41", "vise_le": "2026-11-23"}
DESTRUCTION = {"detruit_le": "2026-11-23", "detruit_comment": "Base et sauvegardes effacées."}


def adresse(collectivite, vue="depart"):
    return reverse(f"pilotage:{vue}", args=[collectivite.siren])


def contenu(reponse) -> bytes:
    return b"".join(reponse.streaming_content)


@pytest.fixture
def remis(depart, dpd, maintenant):
    return actions.remettre(
        depart=depart, empreinte=EMPREINTE, taille=1_200_000, change=False, auteur=dpd, maintenant=maintenant
    )


@pytest.fixture
def recu(remis, decideur, maintenant):
    return actions.attester_reception(
        depart=remis, empreinte_lue=EMPREINTE, change=False, auteur=decideur, maintenant=maintenant
    )


@pytest.fixture
def a_detruire(recu, decideur, maintenant):
    return actions.choisir_le_sort(
        depart=recu, sort=SortDonnees.DESTRUCTION, auteur=decideur, maintenant=maintenant
    )


@pytest.fixture
def gens_de_tous_les_roles(referent, decideur, lecteur, dpd, gestionnaire, agent, etranger):
    return {
        "referent": referent,
        "decideur": decideur,
        "lecteur": lecteur,
        "dpd": dpd,
        "gestionnaire": gestionnaire,
        "agent": agent,
        "etranger": etranger,
    }


@pytest.mark.parametrize(
    ("vue", "verbe", "permis"),
    [
        ("depart", "get", {"referent", "decideur", "lecteur", "dpd", "gestionnaire"}),
        ("attestation_depart", "get", {"referent", "decideur", "lecteur", "dpd", "gestionnaire"}),
        ("exporter_depart", "post", {"referent", "decideur", "dpd"}),
        ("ouvrir_depart", "get", {"dpd", "gestionnaire"}),
        ("recevoir_depart", "get", {"decideur"}),
        ("sort_depart", "get", {"decideur"}),
        ("viser_depart", "get", {"dpd", "gestionnaire"}),
        ("detruire_depart", "get", {"dpd", "gestionnaire"}),
        ("clore_depart", "get", {"dpd", "gestionnaire"}),
        ("abandonner_depart", "get", {"dpd", "gestionnaire"}),
    ],
)
def test_chaque_page_ne_s_ouvre_qu_a_qui_elle_revient(
    connecte, remis, collectivite, gens_de_tous_les_roles, vue, verbe, permis
):
    for role, personne in gens_de_tous_les_roles.items():
        attendu = 200 if role in permis else 404 if role == "etranger" else 403
        statut = getattr(connecte(personne), verbe)(adresse(collectivite, vue)).status_code
        assert (role, statut) == (role, attendu)


@pytest.mark.parametrize("vue", ["exporter_depart", "attestation_depart", "recevoir_depart", "viser_depart"])
def test_sans_depart_il_n_y_a_rien_a_trouver(connecte, eteinte, dpd, decideur, collectivite, vue):
    verbe = "post" if vue == "exporter_depart" else "get"
    personne = decideur if vue == "recevoir_depart" else dpd
    assert getattr(connecte(personne), verbe)(adresse(collectivite, vue)).status_code == 404


def test_sans_convention_la_page_le_dit(connecte, gestionnaire, collectivite):
    page = connecte(gestionnaire).get(adresse(collectivite)).content.decode()
    assert "Aucune convention n’est signée" in page
    assert connecte(gestionnaire).get(adresse(collectivite, "ouvrir_depart")).status_code == 404


def test_une_convention_en_vigueur_ne_propose_pas_d_ouvrir(connecte, gestionnaire, collectivite, structure):
    creer_convention(collectivite, creer_modele(structure), date(2024, 2, 15))
    page = connecte(gestionnaire).get(adresse(collectivite)).content.decode()
    assert "notez d’abord sa dénonciation" in page
    assert adresse(collectivite, "ouvrir_depart") not in page
    reponse = connecte(gestionnaire).post(adresse(collectivite, "ouvrir_depart"), {"confirme": "on"})
    assert "notez d’abord sa dénonciation" in reponse.content.decode()
    assert not Depart.objects.exists()


def test_le_gestionnaire_ouvre_le_depart_une_seule_fois(connecte, gestionnaire, eteinte, collectivite):
    client = connecte(gestionnaire)
    assert adresse(collectivite, "ouvrir_depart") in client.get(adresse(collectivite)).content.decode()
    oubli = client.post(adresse(collectivite, "ouvrir_depart"))
    assert "Confirmez que la collectivité part." in oubli.content.decode()
    for _ in range(2):
        reponse = client.post(adresse(collectivite, "ouvrir_depart"), {"confirme": "on"})
        assert reponse.url == adresse(collectivite)
    assert Depart.objects.get().ouvert_par == gestionnaire


def test_telecharger_note_l_empreinte_de_ce_qui_est_parti(connecte, referent, peuplee, collectivite):
    reponse = connecte(referent).post(adresse(collectivite, "exporter_depart"))
    octets = contenu(reponse)
    assert reponse["Content-Type"] == "application/zip"
    assert "archive-montpezat-de-quercy-2026-11-23.zip" in reponse["Content-Disposition"]
    assert "registre/registre.json" in lire_archive(octets)
    depart = Depart.objects.get()
    assert depart.export_empreinte == hashlib.sha256(octets).hexdigest()
    assert (depart.export_taille, depart.exporte_par) == (len(octets), referent)
    entree = JournalAcces.objects.filter(nature="export").get()
    assert (entree.utilisateur, entree.collectivite) == (referent, collectivite)
    assert entree.adresse_ip


def test_telecharger_deux_fois_rend_les_memes_octets(
    connecte, referent, dpd, decideur, peuplee, collectivite, time_machine
):
    time_machine.shift(7200)  # les fiches de l’essai datent d’une heure après l’ouverture
    premiere = contenu(connecte(referent).post(adresse(collectivite, "exporter_depart")))
    assert contenu(connecte(dpd).post(adresse(collectivite, "exporter_depart"))) == premiere
    connecte(dpd).get(adresse(collectivite, "attestation_depart"))
    empreinte = Depart.objects.get().export_empreinte
    connecte(decideur).post(adresse(collectivite, "recevoir_depart"), {"archive": empreinte})
    assert Depart.objects.get().recu_le
    assert contenu(connecte(decideur).post(adresse(collectivite, "exporter_depart"))) == premiere


def test_une_archive_qui_echoue_ne_rend_rien_et_ne_note_rien(
    connecte, dpd, peuplee, collectivite, monkeypatch
):
    def echouer(*_):
        raise OSError("disque")

    monkeypatch.setattr("dpd.pilotage.views.depart.ecrire", echouer)
    with pytest.raises(OSError, match="disque"):
        connecte(dpd).post(adresse(collectivite, "exporter_depart"))
    assert Depart.objects.get().exporte_le is None
    assert not JournalAcces.objects.filter(nature="export").exists()


def test_une_destruction_constatee_pendant_l_ecriture_retient_l_archive(
    connecte, dpd, peuplee, collectivite, monkeypatch
):
    """Entre la lecture de la page et la fin de l’écriture, un autre a constaté la destruction."""

    def ecrire_puis_detruire(depart, sortie):
        bilan = ecrire(depart, sortie)
        depart.sort, depart.recu_le, depart.visa = "destruction", date(2026, 11, 23), "V"
        depart.vise_le = depart.detruit_le = date(2026, 11, 23)
        depart.save()
        return bilan

    monkeypatch.setattr("dpd.pilotage.views.depart.ecrire", ecrire_puis_detruire)
    reponse = connecte(dpd).post(adresse(collectivite, "exporter_depart"))
    assert reponse.url == adresse(collectivite)
    assert not JournalAcces.objects.filter(nature="export").exists()


def test_une_piece_perdue_est_annoncee_a_qui_telecharge(connecte, dpd, peuplee, collectivite):
    piece = Piece.objects.get()
    piece.fichier.storage.delete(piece.fichier.name)
    client = connecte(dpd)
    contenu(client.post(adresse(collectivite, "exporter_depart")))
    assert "1\u00a0pièce manque" in client.get(adresse(collectivite)).content.decode()


def test_le_gestionnaire_suit_le_depart_sans_rien_lire_du_registre(
    connecte, gestionnaire, peuplee, collectivite, remis
):
    client = connecte(gestionnaire)
    page = client.get(adresse(collectivite)).content.decode()
    assert "PARTANTE" not in page
    assert EMPREINTE in page
    assert adresse(collectivite, "exporter_depart") not in page
    assert "RGPD, art. 38-5" in page
    assert adresse(collectivite, "attestation_depart") in page


def test_l_attestation_est_un_pdf_consigne(connecte, gestionnaire, recu, collectivite):
    reponse = connecte(gestionnaire).get(adresse(collectivite, "attestation_depart"))
    assert contenu(reponse).startswith(b"%PDF-")
    assert "attestation-de-restitution-montpezat" in reponse["Content-Disposition"]
    assert JournalAcces.objects.filter(
        detail="départ de la collectivité, attestation de restitution, PDF"
    ).exists()


def test_pas_d_attestation_avant_la_remise(connecte, gestionnaire, depart, collectivite):
    assert connecte(gestionnaire).get(adresse(collectivite, "attestation_depart")).status_code == 404
    assert (
        adresse(collectivite, "attestation_depart")
        not in connecte(gestionnaire).get(adresse(collectivite)).content.decode()
    )


def test_le_decideur_atteste_l_archive_qu_il_a_lue(connecte, decideur, remis, collectivite):
    client, page = connecte(decideur), adresse(collectivite, "recevoir_depart")
    assert EMPREINTE in client.get(page).content.decode()
    assert "Cochez pour attester" in client.post(page).content.decode()
    assert "relisez son empreinte" in client.post(page, {"archive": "b" * 64}).content.decode()
    assert client.post(page, {"archive": EMPREINTE}).url == adresse(collectivite)
    assert Depart.objects.get().recu_par == decideur
    assert "déjà attestée" in client.post(page, {"archive": EMPREINTE}).content.decode()


def test_on_n_atteste_pas_une_archive_que_le_registre_a_depassee(
    connecte, decideur, referent, remis, collectivite, maintenant, time_machine
):
    time_machine.shift(60)
    registre.creer(
        collectivite=collectivite, nom="Nouvelle", auteur=referent, maintenant=maintenant.replace(minute=41)
    )
    client = connecte(decideur)
    assert "Archive à refaire" in client.get(adresse(collectivite)).content.decode()
    reponse = client.post(adresse(collectivite, "recevoir_depart"), {"archive": EMPREINTE})
    assert "téléchargez-la de nouveau" in reponse.content.decode()
    assert Depart.objects.get().recu_le is None


def test_le_decideur_choisit_le_sort_en_lisant_la_clause(connecte, decideur, remis, collectivite):
    client, page = connecte(decideur), adresse(collectivite, "sort_depart")
    lue = client.get(page).content.decode()
    assert "puis les détruit avec l’accord de la collectivité" in lue
    assert "Choisissez le sort" in client.post(page).content.decode()
    assert client.post(page, {"sort": "destruction"}).url == adresse(collectivite)
    assert Depart.objects.get().sort == "destruction"


def test_sans_visa_la_page_refuse_en_citant_le_code_du_patrimoine(connecte, dpd, a_detruire, collectivite):
    client = connecte(dpd)
    assert "Noter le visa" in client.get(adresse(collectivite)).content.decode()
    reponse = client.post(adresse(collectivite, "detruire_depart"), DESTRUCTION).content.decode()
    for article in ("L.212-2", "R.212-14", "L.214-3"):
        assert article in reponse
    assert Depart.objects.get().detruit_le is None


def test_le_visa_et_son_bordereau_ouvrent_la_destruction(
    connecte, gestionnaire, decideur, a_detruire, collectivite
):
    client = connecte(gestionnaire)
    oubli = client.post(adresse(collectivite, "viser_depart"), {"visa": "", "vise_le": ""}).content.decode()
    assert "Indiquez la référence du visa." in oubli
    client.post(adresse(collectivite, "viser_depart"), {**VISA, "fichier": fichier("bordereau.pdf")})
    assert Piece.objects.get().domaine == DomainePiece.DEPART
    client.post(adresse(collectivite, "detruire_depart"), DESTRUCTION)
    depart = Depart.objects.get()
    assert (depart.visa, depart.detruit_le) == ("AD82-41", date(2026, 11, 23))
    page = client.get(adresse(collectivite)).content.decode()
    assert "bordereau.pdf" in page
    assert "par Gilles Comptable" in page
    assert "Base et sauvegardes effacées." in page
    reponse = connecte(decideur).post(adresse(collectivite, "exporter_depart"))
    assert reponse.url == adresse(collectivite)
    assert JournalAcces.objects.filter(nature="export", utilisateur=decideur).count() == 0


def rendre(depart, decideur, gestionnaire, maintenant):
    """La restitution choisie, et les copies détruites."""
    actions.choisir_le_sort(
        depart=depart, sort=SortDonnees.RESTITUTION, auteur=decideur, maintenant=maintenant
    )
    actions.constater_destruction(
        depart=depart,
        detruit_le=maintenant.date(),
        detruit_comment="Copies effacées.",
        change=False,
        auteur=gestionnaire,
        maintenant=maintenant,
    )


def test_clore_liste_les_comptes_et_rend_la_collectivite_inactive(
    connecte, gestionnaire, decideur, referent, recu, collectivite, maintenant
):
    rendre(recu, decideur, gestionnaire, maintenant)
    client = connecte(gestionnaire)
    page = client.get(adresse(collectivite)).content.decode()
    assert "Comptes à fermer" in page
    assert "Sylvie Delmas" in page
    client.post(adresse(collectivite, "clore_depart"), {"confirme": "on"})
    assert not Collectivite.objects.get(pk=collectivite.pk).active
    close = client.get(adresse(collectivite)).content.decode()
    assert "Clos par Gilles Comptable" in close
    assert "Sylvie Delmas" in close
    assert adresse(collectivite, "clore_depart") not in close
    assert (
        "Ce départ est clos"
        in client.post(adresse(collectivite, "clore_depart"), {"confirme": "on"}).content.decode()
    )


def test_le_lecteur_ne_voit_pas_les_comptes(connecte, lecteur, remis, referent, collectivite):
    assert "Comptes à fermer" not in connecte(lecteur).get(adresse(collectivite)).content.decode()
    assert "Comptes à fermer" not in connecte(referent).get(adresse(collectivite)).content.decode()


def test_une_collectivite_revenue_puis_repartie_ouvre_un_nouveau_depart(
    connecte, gestionnaire, decideur, recu, collectivite, structure, maintenant
):
    rendre(recu, decideur, gestionnaire, maintenant)
    actions.clore(depart=recu, auteur=gestionnaire, maintenant=maintenant)
    creer_convention(collectivite, creer_modele(structure), date(2026, 1, 1), fin=date(2026, 12, 31))
    client = connecte(gestionnaire)
    assert adresse(collectivite, "ouvrir_depart") in client.get(adresse(collectivite)).content.decode()
    client.post(adresse(collectivite, "ouvrir_depart"), {"confirme": "on"})
    assert Depart.objects.count() == 2
    page = client.get(adresse(collectivite)).content.decode()
    assert "Aucun départ n’est ouvert" not in page
    assert EMPREINTE not in page


def test_un_depart_s_abandonne_a_l_ecran_avec_sa_raison(connecte, gestionnaire, lecteur, remis, collectivite):
    client, abandon = connecte(gestionnaire), adresse(collectivite, "abandonner_depart")
    assert abandon in client.get(adresse(collectivite)).content.decode()
    assert "Dites pourquoi la collectivité ne part plus." in client.post(abandon).content.decode()
    page = client.post(abandon, {"motif": "Ouvert par erreur."}, follow=True).content.decode()
    assert "Départs abandonnés" in page
    assert "Ouvert par erreur." in page
    assert adresse(collectivite, "ouvrir_depart") in page
    assert EMPREINTE not in page
    assert client.get(abandon).status_code == 404
    assert client.get(adresse(collectivite, "attestation_depart")).status_code == 404
    assert "Ouvert par erreur." in connecte(lecteur).get(adresse(collectivite)).content.decode()


def test_la_page_de_la_convention_mene_au_depart(connecte, lecteur, depart, collectivite):
    convention = reverse("conventions:convention", args=[collectivite.siren])
    assert adresse(collectivite) in connecte(lecteur).get(convention).content.decode()
