"""L’histoire d’une fiche : un geste, une ligne, et le bon avant."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from registre import actions
from registre.ecriture import fiche_de
from registre.historique import chronologie
from registre.models import VersionTraitement

pytestmark = pytest.mark.django_db


def raisons(version, limite=None):
    return [(m.version, m.raison) for m in chronologie(version.traitement, limite)]


@pytest.fixture
def plus_tard(maintenant):
    return maintenant + timedelta(days=1)


@pytest.fixture
def deuxieme(adoptee, referent, plus_tard):
    return actions.modifier(version=adoptee, auteur=referent, maintenant=plus_tard)


@pytest.fixture
def changee(deuxieme, referent, plus_tard):
    return actions.enregistrer_contenu(
        version=deuxieme,
        fiche=replace(fiche_de(deuxieme), logiciels="Portail familles"),
        auteur=referent,
        maintenant=plus_tard,
        raison="À quoi sert ce fichier",
    )


def test_un_seul_modifier_fait_une_seule_ligne(adoptee, deuxieme):
    avant = VersionTraitement.history.filter(traitement_id=adoptee.traitement_id).count()
    assert raisons(deuxieme)[:2] == [(2, "Version 2 ouverte"), (1, "Adoptée par le responsable")]
    assert len(raisons(deuxieme)) == avant - 1  # l’écriture reste en base, elle ne se raconte pas


def test_la_page_ne_montre_qu_une_ligne_pour_un_modifier(connecte, referent, adoptee, collectivite):
    client = connecte(referent)
    client.post(reverse("registre:modifier", args=[collectivite.siren, 1]))
    for nom in ("historique", "fiche"):
        page = client.get(reverse(f"registre:{nom}", args=[collectivite.siren, 1])).content.decode()
        assert page.count("Version 2 ouverte") == 1
        assert "Nouvelle version en préparation" not in page


def test_retirer_un_brouillon_fait_une_seule_ligne(deuxieme, referent, plus_tard):
    actions.retirer_brouillon(version=deuxieme, auteur=referent, maintenant=plus_tard)
    assert raisons(deuxieme)[:2] == [(2, "Brouillon retiré"), (2, "Version 2 ouverte")]


def test_chaque_ligne_se_compare_a_sa_propre_version(changee, referent, dpd, decideur, plus_tard):
    version = actions.transmettre(version=changee, auteur=referent, maintenant=plus_tard)
    actions.adopter(version=version, auteur=decideur, maintenant=plus_tard, suite="suivi", motif="Urgent")
    moments = chronologie(version.traitement)
    assert [(m.version, m.raison) for m in moments[:5]] == [
        (2, "Adoptée par le responsable"),
        (1, "Remplacée par la suivante"),
        (2, "Transmise au DPD"),
        (2, "À quoi sert ce fichier"),
        (2, "Version 2 ouverte"),
    ]
    assert [[e.apres for e in m.ecarts] for m in moments[:5]] == [[], [], [], ["Portail familles"], []]
    assert [m.cle for m in moments[:5]] == [True, False, True, False, False]


def test_une_version_ouverte_apres_un_retrait_part_de_celle_en_vigueur(changee, referent, plus_tard):
    actions.retirer_brouillon(version=changee, auteur=referent, maintenant=plus_tard)
    actions.modifier(version=changee, auteur=referent, maintenant=plus_tard + timedelta(hours=1))
    ouverte = chronologie(changee.traitement)[0]
    assert (ouverte.version, ouverte.raison, ouverte.ecarts) == (3, "Version 3 ouverte", ())


@pytest.mark.parametrize("limite", [1, 2, 3])
def test_une_histoire_abregee_dit_la_meme_chose(limite, changee):
    assert chronologie(changee.traitement, limite) == chronologie(changee.traitement)[:limite]
