"""Importer les populations de l’INSEE : un aperçu, puis tout ou rien."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from dpd.comptes import actions_collectivites as actions
from dpd.comptes.enums import NatureAcces
from dpd.comptes.models import Collectivite, Commune, JournalAcces
from dpd.comptes.populations import comparer, verifier_millesime
from dpd.comptes.regles.fichier_insee import lire
from tests.comptes.fabriques_referentiel import creer_commune
from tests.conftest import creer_collectivite

DOSSIER = Path(__file__).resolve().parent.parent / "donnees" / "insee"
pytestmark = pytest.mark.django_db


def lecture(nom="recent.csv"):
    return lire((DOSSIER / nom).read_bytes())


@pytest.fixture
def referentiel():
    creer_commune("01001", "L’Abergement-Clémenciat", population_totale=870)
    creer_commune("01005", "Ambérieux-en-Dombes", population_totale=1941)
    creer_commune("01152", "Échallon", population_totale=None, millesime=None, source="", en_vigueur_au=None)
    creer_commune("75056", "Paris", population_totale=2_129_257)


@pytest.fixture
def abergement(structure):
    return creer_collectivite(
        structure,
        "L’Abergement-Clémenciat",
        "210100012",
        code_insee="01001",
        population_totale=870,
        population_millesime=2022,
    )


def importer(structure, auteur, maintenant, **options):
    arguments = {
        "lecture": lecture(),
        "millesime": 2023,
        "fichier": "donnees_communes.csv",
        "empreinte": "ab12",
    }
    return actions.importer_populations(
        auteur=auteur, maintenant=maintenant, structure=structure, **{**arguments, **options}
    )


def test_l_historique_garde_ce_qu_un_autre_vient_d_ecrire(
    referentiel, abergement, structure, dpd, maintenant, au_verrou
):
    seule = QuerySet(Collectivite).filter(pk=abergement.pk)
    au_verrou(Collectivite, lambda: seule.update(responsable_nom="Odile Vial"))
    importer(structure, dpd, maintenant, collectivites=[abergement.pk])
    trace = abergement.history.latest()
    assert (trace.responsable_nom, trace.population_millesime) == ("Odile Vial", 2023)


def test_l_apercu_dit_ce_qui_change_sans_rien_ecrire(referentiel, abergement, structure):
    rapport = comparer(lecture(), 2023, structure)
    assert [(e.code, e.avant, e.apres) for e in rapport.changent] == [
        ("01001", 870, 875),
        ("01152", None, 800),
    ]
    assert rapport.identiques == 1
    assert [c.nom for c in rapport.absentes] == ["Paris"]
    assert [c.code for c in rapport.inconnues] == ["2A004"]
    assert rapport.arrondissements == 1
    assert [(e.collectivite, e.apres) for e in rapport.collectivites] == [(abergement, 875)]
    assert not rapport.est_partiel
    assert Commune.objects.get(pk="01001").population_totale == 870


@pytest.mark.parametrize(
    ("champs", "proposee"),
    [
        ({"population_millesime": 2023, "population_totale": 875}, False),  # déjà à jour
        ({"population_millesime": 2023, "population_totale": 874}, True),  # même année, autre chiffre
        ({"population_millesime": 2022, "population_totale": 875}, True),  # même chiffre, plus récent
        ({"population_millesime": None, "population_totale": None}, True),
        ({"population_millesime": 2024, "population_totale": 1}, False),  # la collectivité en sait plus
        ({"active": False}, False),
        ({"type": "ccas"}, False),
    ],
)
def test_seules_les_communes_suivies_et_moins_recentes_sont_proposees(
    abergement, structure, champs, proposee
):
    QuerySet(Collectivite).filter(pk=abergement.pk).update(**champs)
    assert bool(comparer(lecture(), 2023, structure).collectivites) is proposee


def test_l_import_de_l_exploitation_ecrit_le_referentiel(referentiel, maintenant):
    importer(None, None, maintenant)
    commune = Commune.objects.get(pk="01152")
    assert (commune.population_municipale, commune.population_totale, commune.millesime) == (774, 800, 2023)
    assert commune.en_vigueur_au.isoformat() == "2026-01-01"
    assert commune.source == "INSEE, populations de référence 2023, Licence Ouverte 2.0"
    assert Commune.objects.get(pk="75056").population_totale == 2_129_257
    assert not Commune.objects.filter(pk__in=["2A004", "75101"]).exists()
    assert "3\u00a0communes du référentiel" in JournalAcces.objects.get().detail


def test_une_structure_n_ecrit_que_dans_son_portefeuille_jamais_au_referentiel(
    referentiel, abergement, structure, dpd, maintenant
):
    avant = list(Commune.objects.order_by("pk").values())
    importer(structure, dpd, maintenant, collectivites=[abergement.pk])
    assert list(Commune.objects.order_by("pk").values()) == avant
    abergement.refresh_from_db()
    assert (abergement.population_totale, abergement.population_millesime) == (875, 2023)
    assert abergement.population_source == "INSEE, populations de référence 2023, Licence Ouverte 2.0"
    trace = abergement.history.latest()
    assert (trace.history_user, trace.history_change_reason) == (dpd, "Import des populations INSEE 2023")
    journal = JournalAcces.objects.get()
    assert (journal.nature, journal.structure, journal.utilisateur) == (NatureAcces.IMPORT, structure, dpd)
    assert "SHA-256 ab12" in journal.detail
    assert journal.detail.endswith("\u00a0: 1\u00a0collectivité mise à jour")


def test_une_collectivite_non_choisie_ou_d_une_autre_structure_ne_change_pas(
    referentiel, abergement, structure, autre_structure, dpd, maintenant
):
    ailleurs = creer_collectivite(
        autre_structure, "Ambérieux-en-Dombes", "210100053", code_insee="01005", population_millesime=2022
    )
    importer(structure, dpd, maintenant, collectivites=[ailleurs.pk])
    assert list(Collectivite.objects.order_by("pk").values_list("population_millesime", flat=True)) == [
        2022,
        2022,
    ]


def test_une_seule_ligne_fausse_et_rien_n_est_ecrit(referentiel, abergement, structure, dpd, maintenant):
    with pytest.raises(ValidationError, match="rien n’est écrit"):
        importer(
            structure, dpd, maintenant, lecture=lecture("somme_fausse.csv"), collectivites=[abergement.pk]
        )
    assert Commune.objects.get(pk="01005").millesime == 2022
    assert not JournalAcces.objects.exists()


@pytest.mark.parametrize(("millesime", "phrase"), [(2005, "n’est pas publié"), (2024, "celle de 2023 vaut")])
def test_un_millesime_qui_n_existe_pas_est_refuse(millesime, phrase, maintenant):
    with pytest.raises(ValidationError, match=phrase):
        verifier_millesime(millesime, maintenant.date())


def test_un_millesime_plus_ancien_que_le_referentiel_est_refuse(referentiel, maintenant):
    with pytest.raises(ValidationError, match="porte déjà le millésime 2022, plus récent que 2021"):
        verifier_millesime(2021, maintenant.date())


def lancer(*arguments):
    sortie = StringIO()
    call_command("importer_populations", *arguments, stdout=sortie)
    return sortie.getvalue()


def test_la_commande_montre_puis_ecrit(referentiel, abergement, structure):
    chemin = str(DOSSIER / "recent.csv")
    apercu = lancer(chemin, "--millesime", "2023", "--structure", structure.siren)
    assert "5 communes lues : 2 changent, 1 identiques, 1 absentes du fichier, 1 inconnues" in apercu
    assert "01001 L’Abergement-Clémenciat : 870 → 875" in apercu
    assert "inconnue : 2A004 Ajaccio" in apercu
    assert "Aperçu seulement" in apercu
    assert Commune.objects.get(pk="01001").population_totale == 870
    fait = lancer(chemin, "--millesime", "2023", "--structure", structure.siren, "--appliquer")
    assert fait.endswith("Les populations sont en place.\n")
    abergement.refresh_from_db()
    assert abergement.population_totale == 875
    assert Commune.objects.get(pk="01001").population_totale == 870
    lancer(chemin, "--millesime", "2023", "--appliquer")
    assert Commune.objects.get(pk="01001").population_totale == 875


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        (["somme_fausse.csv", "--millesime", "2023"], r"Rien n’est écrit, 1 erreur\(s\).\nligne 2"),
        (["virgules.csv", "--millesime", "2023"], "point-virgule"),
        (["absent.csv", "--millesime", "2023"], "No such file"),
        (["recent.csv", "--millesime", "2099"], "n’est pas publié"),
        (["recent.csv", "--millesime", "2023", "--total", "3"], "l’INSEE annonce 3"),
        (["recent.csv", "--millesime", "2023", "--structure", "111111111"], "Aucune structure"),
    ],
)
def test_la_commande_refuse_en_disant_pourquoi(referentiel, arguments, phrase):
    with pytest.raises(CommandError, match=phrase):
        lancer(str(DOSSIER / arguments[0]), *arguments[1:], "--appliquer")
    assert Commune.objects.get(pk="01001").population_totale == 870


def test_sans_structure_la_commande_ne_touche_qu_au_referentiel(referentiel, abergement):
    lancer(str(DOSSIER / "recent.csv"), "--millesime", "2023", "--appliquer")
    abergement.refresh_from_db()
    assert abergement.population_totale == 870
