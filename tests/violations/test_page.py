"""La page d’un dossier : tout y est, chacun n’y voit que ses gestes, et la lire laisse une seule trace."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.comptes.enums import Role
from tests.conftest import creer_personne
from tests.pieces.fabriques import fichier
from tests.violations.fabriques import PARIS, T0, creer_violation, decider, rendre_avis
from violations import actions
from violations.models import Evenement, PrestataireImplique, Violation

pytestmark = pytest.mark.django_db
PAGES = ("violation", "horloges", "dossier_pdf", "avis", "decider", "notifier", "clore", "rouvrir")
LUNDI = datetime(2026, 11, 23, 9, 40, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


def adresse(violation, nom="violation"):
    return reverse(f"violations:{nom}", args=["218201317", violation.annee, violation.rang])


def page(connecte, qui, violation):
    reponse = connecte(qui).get(adresse(violation))
    assert reponse.status_code == 200
    return reponse.content.decode()


def test_la_page_dit_de_quoi_il_s_agit(connecte, referent, violation):
    lue = page(connecte, referent, violation)
    assert f"<h1>{violation.titre}</h1>" in lue
    assert "Violation n° 2026-01" in lue
    assert "dossier ouvert par Sylvie Delmas" in lue
    assert "Déclarée" in lue


def test_ceux_qui_n_ont_pas_le_role_recoivent_403_et_l_etranger_404(
    connecte, lecteur, gestionnaire, agent, etranger, violation
):
    for qui, statut in ((lecteur, 403), (gestionnaire, 403), (agent, 403), (etranger, 404)):
        for nom in (
            "violation",
            "horloges",
            "dossier_pdf",
            "avis",
            "decider",
            "notifier",
            "clore",
            "rouvrir",
        ):
            assert connecte(qui).get(adresse(violation, nom)).status_code == statut, (qui, nom)


def test_un_dossier_d_une_autre_collectivite_n_existe_pas_ici(connecte, referent, voisine, dpd):
    ailleurs = creer_violation(voisine, dpd, LUNDI)
    ailleurs_2 = creer_violation(voisine, dpd, LUNDI)
    assert ailleurs.rang == 1
    assert connecte(referent).get(adresse(ailleurs_2)).status_code == 404


@pytest.mark.parametrize(
    ("qui", "nom"), [("decideur", "decider"), ("dpd", "avis"), ("referent", "personnes")]
)
def test_le_titre_d_un_geste_dit_de_quelle_violation(request, connecte, violation, qui, nom):
    page = connecte(request.getfixturevalue(qui)).get(adresse(violation, nom)).content.decode()
    assert f"\u00a0: violation {violation.numero} –" in page.partition("</title>")[0]


def test_seul_le_decideur_a_le_formulaire_de_decision(connecte, referent, dpd, decideur, violation):
    action = f'action="{adresse(violation, "decider")}"'
    assert action in page(connecte, decideur, violation)
    for autre in (referent, dpd):
        lue = page(connecte, autre, violation)
        assert action not in lue
        assert "La décision est attendue" in lue


def test_seul_le_dpd_a_le_lien_pour_rendre_son_avis(connecte, referent, dpd, decideur, violation):
    assert adresse(violation, "avis") in page(connecte, dpd, violation)
    for autre in (referent, decideur):
        assert adresse(violation, "avis") not in page(connecte, autre, violation)


def test_sans_avis_la_page_dit_qui_peut_decider(connecte, decideur, referent, dpd, violation):
    for personne, phrase, tue in (
        (decideur, "Vous pouvez décider sans l’attendre", "Le responsable peut décider"),
        (referent, "Le responsable peut décider sans l’attendre", "Vous pouvez décider"),
        (dpd, "Le responsable peut décider sans l’attendre", "Vous pouvez décider"),
    ):
        lue = page(connecte, personne, violation)
        assert phrase in lue
        assert tue not in lue
        assert "je suis l’avis" not in lue


def test_avec_l_avis_chaque_reponse_dit_si_elle_le_suit(connecte, decideur, referent, dpd, violation):
    rendre_avis(violation, dpd, LUNDI, conseil_informer=False)
    lue = page(connecte, decideur, violation)
    assert lue.count("Oui, je suis l’avis") == 1
    assert lue.count("Oui, je ne suis pas l’avis") == 1
    assert "3 sur 4, importante" in lue
    assert "Si vous ne notifiez pas" not in page(connecte, referent, violation)
    assert "<li>Six fiches contiennent des données de santé d’enfants.</li>" in lue
    assert "(ce qu’estime le DPD)" in lue


def test_les_decisions_prises_se_lisent_avec_leur_motif(connecte, referent, decideur, dpd, violation):
    avis = rendre_avis(violation, dpd, LUNDI)
    decider(violation, decideur, LUNDI, informer=False, avis_lu=avis.pk)
    lue = page(connecte, referent, violation)
    assert "1. Notifier la CNIL\u00a0: oui" in lue
    assert "2. Informer les personnes\u00a0: non" in lue
    assert "contraire à l’avis du DPD" in lue
    assert "Le risque est faible." in lue
    assert "Revenir sur ma décision" not in lue
    assert "Revenir sur ma décision" in page(connecte, decideur, violation)


def test_la_page_dit_que_rien_ne_part_et_n_a_aucun_bouton_pour_envoyer(connecte, decideur, violation):
    lue = page(connecte, decideur, violation)
    assert "L’application n’envoie rien à la CNIL." in lue
    assert "https://notifications.cnil.fr/" in lue
    assert "Envoyer" not in lue
    assert "Notifier la CNIL</button>" not in lue


def test_les_quatorze_rubriques_sont_la_avec_leurs_manques_nommes(connecte, referent, violation):
    lue = page(connecte, referent, violation)
    for numero, titre in ((1, "Type d’envoi"), (7, "Données"), (14, "Pièces jointes")):
        assert f"<dt>{numero}. {titre}</dt>" in lue
    assert "2 rubriques prêtes sur 14" in lue or "3 rubriques prêtes sur 14" in lue
    assert "Il manque\u00a0: la nature de la violation" in lue
    assert '<span class="copiable" data-dpd-copiable="SIREN">218201317</span>' in lue


def test_les_gestes_menent_a_leurs_pages_et_disparaissent_une_fois_close(
    connecte, referent, decideur, violation
):
    lue = page(connecte, referent, violation)
    for nom in ("instants", "impliquer", "traitements", "joindre", "note"):
        assert adresse(violation, nom) in lue, nom
    decider(violation, decideur, LUNDI, notifier=False, informer=False)
    actions.clore(violation=violation, auteur=referent, maintenant=LUNDI)
    lue = page(connecte, referent, violation)
    for nom in ("instants", "impliquer", "traitements", "joindre", "note"):
        assert adresse(violation, nom) not in lue, nom
    assert adresse(violation, "rouvrir") in lue


def test_les_pieces_les_traitements_et_les_prestataires_se_montrent(
    connecte, referent, violation, prestataire, collectivite
):
    actions.impliquer(violation=violation, auteur=referent, maintenant=LUNDI, sous_traitant=prestataire)
    actions.joindre(
        violation=violation,
        fichier=fichier(),
        auteur=referent,
        maintenant=LUNDI,
        libelle="Journaux",
        pour_la_cnil=True,
    )
    lue = page(connecte, referent, violation)
    assert "on ne sait pas encore quand il l’a su" in lue
    assert "À joindre au téléservice" in lue
    assert "Journaux (" in lue


def test_la_premiere_lecture_laisse_une_date_une_seule_fois(
    connecte, collectivite, dpd, referent, time_machine
):
    violation = creer_violation(collectivite, dpd, LUNDI)
    assert violation.lue_le is None
    connecte(referent).get(adresse(violation))
    violation.refresh_from_db()
    assert (violation.lue_par, violation.lue_le) == (referent, LUNDI)
    versions = violation.history.count()
    time_machine.move_to(LUNDI + timedelta(hours=1), tick=False)
    connecte(creer_personne("b@x.example", "Béa", "Autre", Role.REFERENT, collectivite)).get(
        adresse(violation)
    )
    violation.refresh_from_db()
    assert (violation.lue_le, violation.history.count()) == (LUNDI, versions)


def test_le_dpd_l_apprend_en_ouvrant_le_dossier(connecte, dpd, violation):
    assert "Le DPD l’apprend" in page(connecte, dpd, violation)
    violation.refresh_from_db()
    assert violation.connaissance_dpd == LUNDI


@pytest.mark.parametrize(
    "entetes",
    [
        {"HTTP_HX_REQUEST": "true"},
        {"HTTP_HX_PRELOADED": "true"},
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
        {"HTTP_PURPOSE": "prefetch"},
    ],
)
def test_un_prechargement_n_est_pas_une_lecture(connecte, collectivite, dpd, referent, entetes):
    violation = creer_violation(collectivite, dpd, LUNDI)
    connecte(referent).get(adresse(violation), **entetes)
    violation.refresh_from_db()
    assert violation.lue_le is None


def test_une_requete_head_n_est_pas_une_lecture(connecte, collectivite, dpd, referent):
    violation = creer_violation(collectivite, dpd, LUNDI)
    assert connecte(referent).head(adresse(violation)).status_code == 200
    connecte(referent).get(adresse(violation, "horloges"), HTTP_HX_REQUEST="true")
    violation.refresh_from_db()
    assert violation.lue_le is None


@pytest.mark.parametrize("nom", ["violation", "horloges"])
def test_le_cout_ne_depend_pas_de_la_longueur_du_dossier(connecte, referent, violation, nom):
    client = connecte(referent)

    def ajouter(combien, depuis=0):
        commun = {"collectivite": violation.collectivite, "violation": violation}
        notes = [
            Evenement(**commun, nature="note", instant=LUNDI, texte=f"N{n}", auteur=referent, ecrit_le=LUNDI)
            for n in range(depuis, combien)
        ]
        impliques = [
            PrestataireImplique(
                **commun, nom=f"P{n}", connaissance=T0, delai=24, echeance=T0 + timedelta(hours=24)
            )
            for n in range(depuis, combien)
        ]
        for lignes in (notes, impliques):
            type(lignes[0]).objects.creer_en_masse(lignes, auteur=referent, maintenant=LUNDI, raison="x")

    def mesurer():
        with CaptureQueriesContext(connection) as requetes:
            reponse = client.get(adresse(violation, nom), HTTP_HX_REQUEST="true")
        return len(requetes), len(reponse.content)

    ajouter(10)
    mesurer()
    peu = mesurer()
    ajouter(200, depuis=10)
    beaucoup = mesurer()
    assert beaucoup[0] == peu[0]
    assert beaucoup[1] > peu[1]


def test_un_dossier_imprime_garde_la_place_de_la_signature(connecte, decideur, referent, violation):
    for qui in (decideur, referent):
        assert "Date, heure et signature (maire)" in page(connecte, qui, violation)


def test_les_heures_sont_celles_de_la_collectivite(connecte, referent, collectivite, violation):
    collectivite.territoire = "guyane"
    collectivite.save()
    lue = page(connecte, referent, violation)
    assert "lundi 23\u00a0novembre, 13\u00a0h\u00a025" in lue
    assert "lundi 23\u00a0novembre, 17\u00a0h\u00a025 pour le DPD" in lue
    assert "Vendredi 20\u00a0nov., 13\u00a0h\u00a025" in lue
    assert "Guyane (America/Cayenne)" in lue
    assert Violation.objects.get().connaissance == T0


def test_les_horloges_qui_se_relisent_ne_relisent_pas_le_dossier(connecte, referent, decideur, violation):
    """Toutes les trente secondes, dans chaque onglet ouvert : session, droits, dossier, et deux lectures."""
    decider(violation, decideur, LUNDI, notifier=False, informer=False)
    client, entiere = connecte(referent), adresse(violation)
    client.get(entiere)
    with CaptureQueriesContext(connection) as requetes:
        fragment = client.get(adresse(violation, "horloges"), HTTP_HX_REQUEST="true").content.decode()
    assert len(requetes) == 7
    assert "a décidé de ne pas notifier" in fragment
    assert fragment.strip() in client.get(entiere).content.decode()
