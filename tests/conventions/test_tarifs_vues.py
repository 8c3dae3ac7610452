"""Les écrans d’un barème : qui lit, qui prépare, ce que chaque nature demande, ce qui est refusé."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from dpd.conventions.enums import NatureBareme, Revision, SensForfait
from dpd.conventions.models import Bareme, TranchePopulation
from dpd.conventions.regles.tarifs import Phase
from tests.conventions.conftest import creer_bareme, creer_indice
from tests.conventions.regles.grilles import GRILLE, PRIX

pytestmark = pytest.mark.django_db
SIREN = "288200017"


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def gere(connecte, gestionnaire):
    return connecte(gestionnaire)


@pytest.fixture
def brouillon(structure):
    return creer_bareme(
        structure, NatureBareme.TRANCHES, publie=False, nom="Grille 2027", en_vigueur_du=date(2027, 1, 1)
    )


def adresse(nom, *args):
    return reverse(f"conventions:{nom}", args=[SIREN, *args])


def lignes(*valeurs, noms=("minimum", "maximum", "mise_en_place", "accompagnement"), **autres):
    """Un tableau envoyé, ligne à ligne, avec une ligne vide à la fin."""
    donnees = {"form-TOTAL_FORMS": str(len(valeurs) + 1), "form-INITIAL_FORMS": "0", **autres}
    for rang, ligne in enumerate(valeurs):
        donnees |= {f"form-{rang}-{nom}": str(v) for nom, v in zip(noms, ligne, strict=True)}
    return donnees


IDENTITE = {"nom": "Grille 2027", "en_vigueur_du": "2027-01-01", "source": "Délibération 2026-41"}
SANS_REVISION = {"revision": "aucune", "mois_indice": "11", "lecture_indice": "du_mois"}


def test_le_dpd_lit_les_baremes_sans_les_changer(connecte, dpd, structure, bareme_tranches, brouillon):
    client = connecte(dpd)
    page = client.get(adresse("tarifs")).content.decode()
    assert "Grille 2020" in page
    assert "Préparer un barème" not in page
    assert "Publier ce barème" not in client.get(adresse("bareme", brouillon.pk)).content.decode()
    for nom in ("bareme_modifier", "bareme_prix", "bareme_publier", "bareme_copier", "bareme_retirer"):
        assert client.post(adresse(nom, brouillon.pk)).status_code == 403
    assert client.get(adresse("bareme_nouveau")).status_code == 403
    assert not Bareme.objects.get(pk=brouillon.pk).publie


@pytest.mark.parametrize("nom", ["tarifs", "bareme", "indices", "hausses", "hausse", "simulateur_regler"])
def test_l_agent_n_entre_pas_et_l_etranger_ne_sait_rien(connecte, agent, etranger, bareme_tranches, nom):
    args = [bareme_tranches.pk] if nom in ("bareme", "hausse") else []
    assert connecte(agent).get(adresse(nom, *args)).status_code == 403
    assert connecte(etranger).get(adresse(nom, *args)).status_code == 404


def test_le_bareme_d_une_autre_structure_n_existe_pas(gere, autre_structure):
    la_bas = creer_bareme(autre_structure, NatureBareme.GRATUIT, publie=False)
    for nom in ("bareme", "bareme_modifier", "hausse"):
        assert gere.get(adresse(nom, la_bas.pk)).status_code == 404
    for nom in ("bareme_publier", "bareme_copier", "bareme_retirer"):
        assert gere.post(adresse(nom, la_bas.pk)).status_code == 404
    assert Bareme.objects.filter(pk=la_bas.pk, publie=False).exists()


def test_la_liste_dit_ou_en_est_chaque_bareme(gere, structure, bareme_tranches, brouillon):
    bareme_tranches.en_vigueur_au = date(2024, 12, 31)
    bareme_tranches.save()
    creer_bareme(structure, NatureBareme.GRATUIT, nom="Actuel", en_vigueur_du=date(2025, 1, 1))
    creer_bareme(structure, NatureBareme.GRATUIT, nom="Futur", en_vigueur_du=date(2028, 1, 1))
    reponse = gere.get(adresse("tarifs"))
    situations = {s.bareme.nom: s.libelle for s in reponse.context["publies"]}
    assert situations == {"Futur": "Publié, à venir", "Actuel": "En vigueur", "Grille 2020": "Remplacé"}
    assert reponse.context["brouillons"] == [brouillon]


def test_sans_bareme_la_page_apprend_quoi_faire(gere, structure):
    assert "Aucun barème publié" in gere.get(adresse("tarifs")).content.decode()


def test_on_choisit_d_abord_la_nature(gere, structure):
    page = gere.get(adresse("bareme_nouveau"), {"nature": "autre"}).content.decode()
    for nature in NatureBareme:
        assert f"?nature={nature.value}" in page


def test_un_bareme_a_tranches_du_brouillon_a_la_publication(gere, structure, bareme_tranches):
    nouveau = adresse("bareme_nouveau") + "?nature=tranches"
    assert "Prix de la journée" in gere.get(nouveau).content.decode()
    indice = bareme_tranches.indice_base
    envoi = {**IDENTITE, **SANS_REVISION, "cout_journee": "260,50 €", "communes_seulement": "on"}
    envoi |= {"revision": "base_fixe", "indice_base": indice.pk}
    reponse = gere.post(nouveau, envoi)
    cree = Bareme.objects.get(nom="Grille 2027")
    assert reponse.url == adresse("bareme_prix", cree.pk)
    assert (cree.cout_journee, cree.indice_base, cree.publie) == (Decimal("260.50"), indice, False)
    gere.post(adresse("bareme_prix", cree.pk), lignes(*PRIX))
    assert [t.tranche for t in cree.tranches.all()] == list(GRILLE)
    page = gere.post(adresse("bareme_publier", cree.pk), {"relu": "on"}, follow=True).content.decode()
    assert "Le barème est publié" in page
    bareme_tranches.refresh_from_db()
    assert bareme_tranches.en_vigueur_au == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("nature", "change", "champ"),
    [
        ("tranches", {"en_vigueur_du": ""}, "en_vigueur_du"),
        ("tranches", {"source": ""}, "source"),
        ("tranches", {"cout_journee": "-3"}, "cout_journee"),
        ("tranches", {"cout_journee": "cher"}, "cout_journee"),
        ("tranches", {"revision": "chainee"}, "indice_base"),
        ("forfait_journees", {"minutes_par_jour": "longtemps"}, "minutes_par_jour"),
        ("forfait_journees", {"jours_inclus": "-1"}, "jours_inclus"),
        ("forfait_journees", {"sens_forfait": ""}, "sens_forfait"),
        ("gratuit", {"nom": "NIR 2 84 12 82 131 045 67"}, "nom"),
    ],
)
def test_une_mauvaise_saisie_revient_a_sa_place(gere, structure, nature, change, champ):
    envoi = {**IDENTITE, **SANS_REVISION, "sens_forfait": "cumul", **change}
    reponse = gere.post(adresse("bareme_nouveau") + f"?nature={nature}", envoi)
    assert reponse.status_code == 200
    assert set(reponse.context["formulaire"].errors) == {champ}
    assert not Bareme.objects.exists()


def test_un_double_envoi_ne_prepare_qu_un_bareme(gere, structure):
    nouveau = adresse("bareme_nouveau") + "?nature=gratuit"
    assert gere.post(nouveau, IDENTITE).status_code == 302
    assert "déjà en préparation" in gere.post(nouveau, IDENTITE).content.decode()
    assert Bareme.objects.count() == 1


def test_un_indice_d_une_autre_structure_ne_se_choisit_pas(gere, structure, autre_structure):
    la_bas = creer_indice(autre_structure, 2019, 11, "274.7")
    envoi = {**IDENTITE, **SANS_REVISION, "revision": "base_fixe", "indice_base": la_bas.pk}
    reponse = gere.post(adresse("bareme_nouveau") + "?nature=tranches", envoi)
    assert "indice_base" in reponse.context["formulaire"].errors


def test_le_sens_du_forfait_s_explique_en_euros(gere, structure):
    page = gere.get(adresse("bareme_nouveau") + "?nature=forfait_journees").content.decode()
    assert "2\u202f000,00\u00a0€ + 12\u00a0jours × 200,00\u00a0€ = 4\u202f400,00\u00a0€" in page
    assert "dont 10\u00a0jours compris\u00a0: 2\u202f000,00\u00a0€ + 2\u00a0jours" in page
    assert "12\u00a0jours × 200,00\u00a0€ = 2\u202f400,00\u00a0€" in page


def test_le_sens_d_un_bareme_se_lit_avec_ses_propres_prix(gere, structure):
    bareme = creer_bareme(
        structure,
        NatureBareme.FORFAIT_JOURNEES,
        forfaits=(("etudes", "Études", "2300"),),
        cout_journee=Decimal(230),
        minutes_par_jour=420,
        sens_forfait=SensForfait.CUMUL,
    )
    page = gere.get(adresse("bareme", bareme.pk)).content.decode()
    assert "2\u202f300,00\u00a0€ + 12\u00a0jours × 230,00\u00a0€ = 5\u202f060,00\u00a0€" in page
    assert "230,00\u00a0€, de 7\u00a0h" in page
    assert "4\u202f600,00\u00a0€" in page  # dix journées, à l’aperçu


def test_un_forfait_et_journees_se_prepare_jusqu_a_ses_forfaits(gere, structure):
    envoi = {**IDENTITE, **SANS_REVISION, "sens_forfait": "inclus", "cout_journee": "230"}
    envoi |= {"jours_inclus": "10", "minutes_par_jour": "7 h 30"}
    gere.post(adresse("bareme_nouveau") + "?nature=forfait_journees", envoi)
    bareme = Bareme.objects.get()
    assert (bareme.minutes_par_jour, bareme.jours_inclus) == (450, 10)
    envoi = lignes(("Études et conseil", "2 300,00"), ("Sur mesure", ""), noms=("libelle", "montant"))
    assert gere.post(adresse("bareme_prix", bareme.pk), envoi).status_code == 302
    assert list(bareme.forfaits.values_list("libelle", "montant")) == [
        ("Études et conseil", Decimal("2300.00")),
        ("Sur mesure", None),
    ]
    page = gere.get(adresse("bareme_modifier", bareme.pk)).content.decode()
    assert 'value="7\u00a0h\u00a030"' in page
    assert "montant inconnu" in gere.get(adresse("bareme", bareme.pk)).content.decode()


def test_un_bareme_gratuit_n_a_pas_de_prix_a_saisir(gere, structure):
    reponse = gere.post(adresse("bareme_nouveau") + "?nature=gratuit", IDENTITE)
    bareme = Bareme.objects.get()
    assert reponse.url == adresse("bareme", bareme.pk)
    assert gere.get(adresse("bareme_prix", bareme.pk)).status_code == 404


def test_un_brouillon_se_modifie(gere, brouillon):
    envoi = {**IDENTITE, **SANS_REVISION, "nom": "Grille 2028", "en_vigueur_du": "2028-01-01"}
    assert gere.post(adresse("bareme_modifier", brouillon.pk), envoi).status_code == 302
    brouillon.refresh_from_db()
    assert (brouillon.nom, brouillon.en_vigueur_du) == ("Grille 2028", date(2028, 1, 1))
    refus = gere.post(adresse("bareme_modifier", brouillon.pk), {**envoi, "nom": ""})
    assert "nom" in refus.context["formulaire"].errors


@pytest.mark.parametrize("nom", ["bareme_modifier", "bareme_prix"])
@pytest.mark.parametrize("verbe", ["get", "post"])
def test_un_bareme_publie_ne_s_ouvre_plus_a_la_saisie(gere, bareme_tranches, nom, verbe):
    reponse = getattr(gere, verbe)(adresse(nom, bareme_tranches.pk), follow=True)
    assert "ne change plus" in reponse.content.decode()
    assert bareme_tranches.tranches.count() == len(GRILLE)


@pytest.mark.parametrize(
    ("envoi", "phrase"),
    [
        (lignes((0, 300, 400, 250), (401, 500, 560, 350)), "un trou de 301 à 400"),
        (lignes((0, 300, 400, 250), (300, 500, 560, 350)), "se chevauchent à 300"),
        (lignes((0, 300, 400, "")), "Complétez cette ligne, ou videz-la."),
        (lignes((0, 300, 400, "-1")), "Un prix n’est pas négatif."),
        (lignes((0, 99999999999, 400, 1)), "10000000"),
        ({"geste": "enregistrer"}, "rien n’est enregistré"),
    ],
)
def test_une_grille_refusee_garde_la_saisie(gere, brouillon, envoi, phrase):
    page = gere.post(adresse("bareme_prix", brouillon.pk), envoi).content.decode()
    assert phrase.lower() in page.lower().replace("\u202f", "")
    assert not TranchePopulation.objects.exists()
    if "form-0-mise_en_place" in envoi:
        assert 'value="400"' in page


def test_vider_une_ligne_la_retire(gere, brouillon):
    prix = adresse("bareme_prix", brouillon.pk)
    gere.post(prix, lignes((0, 300, 400, 250), (301, 500, 560, 350)))
    page = gere.get(prix)
    assert len(page.context["lignes"].forms) == 5  # deux lignes, trois vides
    assert 'value="400,00"' in page.content.decode()
    gere.post(prix, lignes((0, 300, 400, 250), ("", "", "", "")))
    assert brouillon.tranches.count() == 1


@pytest.mark.parametrize("total", ["2", "", "beaucoup", "99999"])
def test_ajouter_des_lignes_garde_la_saisie(gere, brouillon, total):
    envoi = lignes((0, 300, 400, 250), geste="lignes") | {"form-TOTAL_FORMS": total}
    reponse = gere.post(adresse("bareme_prix", brouillon.pk), envoi)
    assert len(reponse.context["lignes"].forms) == (7 if total == "2" else 5)
    assert 'value="400"' in reponse.content.decode()
    assert not TranchePopulation.objects.exists()


def test_un_tableau_colle_remplit_la_grille_sans_l_enregistrer(gere, brouillon):
    colle = "\n".join(f"{a}-{b}\t{m} €\t{s} €" for a, b, m, s in PRIX)
    reponse = gere.post(adresse("bareme_prix", brouillon.pk), {"geste": "coller", "collage": colle})
    page = reponse.content.decode()
    assert "8\u00a0tranches lues. Relisez la grille" in page
    assert 'value="10000"' in page
    assert not TranchePopulation.objects.exists()


@pytest.mark.parametrize(("colle", "phrase"), [("0-300\t400", "Ligne 1"), ("", "Répondez")])
def test_un_tableau_illisible_le_dit_sans_toucher_la_grille(gere, brouillon, colle, phrase):
    reponse = gere.post(adresse("bareme_prix", brouillon.pk), {"geste": "coller", "collage": colle})
    assert phrase in reponse.content.decode()
    assert len(reponse.context["lignes"].forms) == 3


def test_un_brouillon_incomplet_dit_ce_qui_lui_manque(gere, brouillon):
    page = gere.get(adresse("bareme", brouillon.pk)).content.decode()
    assert "La grille ne contient aucune tranche." in page
    refus = gere.post(adresse("bareme_publier", brouillon.pk), {"relu": "on"}, follow=True).content.decode()
    assert "La grille ne contient aucune tranche." in refus
    assert not Bareme.objects.get(pk=brouillon.pk).publie


def test_publier_demande_d_avoir_relu(gere, structure):
    bareme = creer_bareme(structure, NatureBareme.GRATUIT, publie=False)
    page = gere.post(adresse("bareme_publier", bareme.pk), follow=True).content.decode()
    assert "cochez la case" in page
    assert not Bareme.objects.get(pk=bareme.pk).publie


def test_l_apercu_montre_chaque_tranche_et_le_dela(gere, bareme_tranches):
    apercu = gere.get(adresse("bareme", bareme_tranches.pk)).context["apercu"]
    assert (apercu.exercice, apercu.attend, len(apercu.lignes)) == (2026, True, 9)
    assert apercu.lignes[0].accompagnement == "250,00\u00a0€*"
    assert apercu.lignes[-1].mise_en_place == "sur devis"


def test_l_apercu_repond_aux_populations_tapees(gere, structure, bareme_tranches):
    bareme_tranches.revision = Revision.AUCUNE
    bareme_tranches.save()
    demande = {"populations": "300; 301, 1 556\nbeaucoup, 99999999, -4"}
    apercu = gere.get(adresse("bareme", bareme_tranches.pk), demande).context["apercu"]
    assert [(x.cle, x.mise_en_place) for x in apercu.lignes] == [
        ("300", "400,00\u00a0€"),
        ("301", "560,00\u00a0€"),
        ("1\u202f556", "1\u202f200,00\u00a0€"),
    ]
    assert not apercu.attend
    assert Phase.MISE_EN_PLACE.label == "Mise en place"


def test_copier_prepare_le_suivant(gere, bareme_tranches):
    envoi = {"nom": "Grille 2027", "en_vigueur_du": "2027-01-01", "source": "2026-41"}
    reponse = gere.post(adresse("bareme_copier", bareme_tranches.pk), envoi)
    copie = Bareme.objects.get(publie=False)
    assert reponse.url == adresse("bareme", copie.pk)
    assert copie.tranches.count() == len(GRILLE)
    encore = gere.post(adresse("bareme_copier", bareme_tranches.pk), envoi, follow=True)
    assert "déjà en préparation" in encore.content.decode()
    vide = gere.post(adresse("bareme_copier", bareme_tranches.pk), {}, follow=True).content.decode()
    assert "Répondez à cette question." in vide
    assert Bareme.objects.filter(publie=False).count() == 1


def test_un_brouillon_se_retire_mais_pas_un_publie(gere, brouillon, bareme_tranches):
    retirer = {"geste": "retirer"}
    assert gere.post(adresse("bareme_retirer", brouillon.pk)).url == adresse("bareme", brouillon.pk)
    assert gere.post(adresse("bareme_retirer", brouillon.pk), retirer).url == adresse("tarifs")
    assert gere.post(adresse("bareme_retirer", bareme_tranches.pk), retirer).url == adresse(
        "bareme", bareme_tranches.pk
    )
    assert list(Bareme.objects.all()) == [bareme_tranches]
