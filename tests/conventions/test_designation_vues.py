"""La désignation et l’acte du référent à l’écran."""

from datetime import date

import pytest
from django.urls import reverse

from dpd.conventions.actions.designation import Declaration, designer
from dpd.conventions.models import Designation
from tests.conftest import creer_collectivite
from tests.conventions.test_convention_vues import texte
from tests.conventions.test_mise_en_place import creer_etape
from tests.pieces.fabriques import fichier

pytestmark = pytest.mark.django_db
DITE = {"delegue": "Centre de gestion", "numero": "DPO-123", "designee_le": "2026-02-01"}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def designation(collectivite, dpd, maintenant):
    return designer(
        collectivite=collectivite,
        declaration=Declaration("Centre de gestion", representant="Bernard Lacaze, maire", numero="DPO-123"),
        designee_le=date(2026, 2, 1),
        auteur=dpd,
        maintenant=maintenant,
    )


def page(collectivite, nom="designation", *args) -> str:
    return reverse(f"conventions:{nom}", args=[collectivite.siren, *args])


@pytest.mark.parametrize(
    ("qui", "statut"),
    [
        *((qui, 200) for qui in ("referent", "decideur", "lecteur", "dpd")),
        ("gestionnaire", 403),
        ("agent", 403),
        ("etranger", 404),
    ],
)
def test_qui_lit_la_designation(qui, statut, request, connecte, collectivite):
    assert connecte(request.getfixturevalue(qui)).get(page(collectivite)).status_code == statut


@pytest.mark.parametrize("nom", ["designer", "modifier_designation", "finir_designation", "lettre_referent"])
@pytest.mark.parametrize(
    ("qui", "statut"),
    [("referent", 200), ("dpd", 200), ("decideur", 403), ("gestionnaire", 403), ("etranger", 404)],
)
def test_le_referent_et_le_dpd_la_notent(nom, qui, statut, request, connecte, collectivite, designation):
    arguments = {"designer": [], "lettre_referent": ["lettre"]}.get(nom, [designation.pk])
    adresse = page(collectivite, nom, *arguments)
    client = connecte(request.getfixturevalue(qui))
    assert client.get(adresse).status_code == statut
    assert client.post(adresse, {}).status_code == statut
    assert Designation.objects.get().history.count() == 1


def test_la_fiche_se_recopie_et_nomme_ce_qui_manque(connecte, referent, lecteur, collectivite, structure):
    collectivite.code_insee = "82131"
    collectivite.save()
    creer_collectivite(
        structure, "CCAS", "268201316", type="ccas", code_insee="82131", denomination="CCAS de Montpezat"
    )
    lue = texte(connecte(referent).get(page(collectivite)))
    for attendu in (
        "L’application n’envoie rien",
        "À réunir avant d’ouvrir le téléservice : effectif",
        '<span class="copiable" data-dpd-copiable="SIREN">218201317</span>',
        "Nadège Roucoules",
        "Aucune désignation notée",
        page(collectivite, "designer"),
    ):
        assert attendu in lue
    assert "CCAS de Montpezat" not in lue  # le référent n’y a aucun rôle
    assert page(collectivite, "designer") not in texte(connecte(lecteur).get(page(collectivite)))


def test_les_autres_organismes_de_la_commune_sont_rappeles(connecte, dpd, collectivite, structure):
    for siren, nom, jour in (("268201316", "CCAS", None), ("268201324", "Caisse", date(2026, 1, 5))):
        creer_collectivite(
            structure, nom, siren, type="ccas", code_insee="82131", denomination=nom, designation_date=jour
        )
    lue = texte(connecte(dpd).get(page(collectivite)))
    assert "CCAS : <strong>à désigner</strong>" in lue
    assert "Caisse : désigné le 5 janv. 2026" in lue
    assert "Aucun autre organisme" in texte(
        connecte(dpd).get(page(creer_collectivite(structure, "Seule", "111111111")))
    )


def test_noter_modifier_finir_par_l_ecran(connecte, dpd, collectivite):
    client = connecte(dpd)
    lue = texte(client.get(page(collectivite, "designer")))
    assert 'value="Bernard Lacaze, maire"' in lue
    reponse = client.post(page(collectivite, "designer"), DITE | {"fichier": fichier()}, follow=True)
    assert "Désignation notée au 1er février 2026." in texte(reponse)
    assert "accusé n° DPO-123" in texte(reponse)
    assert "Une désignation est en cours" in texte(client.post(page(collectivite, "designer"), DITE))
    pk = Designation.objects.get().pk
    adresse = page(collectivite, "modifier_designation", pk)
    reponse = client.post(adresse, {"delegue": "CDG", "modifiee_le": "2026-05-02"}, follow=True)
    assert "modifiée le 2 mai 2026" in texte(reponse)
    adresse = page(collectivite, "finir_designation", pk)
    assert list(client.post(adresse, {"fin_le": "2026-06-01"}).context["formulaire"].errors) == ["motif_fin"]
    reponse = client.post(adresse, {"fin_le": "2026-06-01", "motif_fin": "Nouveau délégué"}, follow=True)
    assert "Mission finie le 1er juin 2026" in texte(reponse)
    assert client.get(adresse).status_code == 404


@pytest.mark.parametrize(
    ("saisie", "champ"),
    [
        ({"delegue": ""}, "delegue"),
        ({"designee_le": "2026-12-01"}, "designee_le"),
        ({"designee_le": "hier"}, "designee_le"),
        ({"coordonnees": "1 84 12 82 131 001 66"}, "coordonnees"),
    ],
)
def test_une_designation_incomplete_se_dit(saisie, champ, connecte, dpd, collectivite):
    reponse = connecte(dpd).post(page(collectivite, "designer"), DITE | saisie)
    assert list(reponse.context["formulaire"].errors) == [champ]
    assert not Designation.objects.exists()


def test_une_designation_d_ailleurs_est_introuvable(connecte, dpd, designation, voisine):
    for nom in ("modifier_designation", "finir_designation"):
        assert connecte(dpd).get(page(voisine, nom, designation.pk)).status_code == 404


def test_la_lettre_se_relit_se_corrige_et_se_telecharge(connecte, referent, collectivite, convention):
    etape = creer_etape(convention, "referent")
    client = connecte(referent)
    lue = texte(client.get(page(collectivite, "lettre_referent", "lettre")))
    assert "[nombre d’heures par mois]" in lue
    assert page(collectivite, "lettre_referent", "arrete") in lue
    assert "Noter l’étape" in lue
    etape.faite_le = date(2026, 5, 4)
    etape.save()
    lue = texte(client.get(page(collectivite, "lettre_referent", "arrete")))
    assert "Étape notée le 4 mai 2026" in lue
    reponse = client.post(page(collectivite, "lettre_referent", "arrete"), {"texte": "Article 1\r\nMarie."})
    assert reponse["Content-Type"] == "application/pdf"
    assert "arrete" in reponse["Content-Disposition"]
    assert b"".join(reponse.streaming_content).startswith(b"%PDF-")


def test_une_lettre_vide_ou_d_une_autre_nature_est_refusee(connecte, referent, collectivite):
    client = connecte(referent)
    vide = client.post(page(collectivite, "lettre_referent", "lettre"), {"texte": " "})
    assert "Écrivez le texte de la lettre." in texte(vide)
    assert client.get(page(collectivite, "lettre_referent", "contrat")).status_code == 404
