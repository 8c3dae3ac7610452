"""Les listes des conventions coûtent le même nombre de requêtes à dix lignes et à bien davantage."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.conventions.enums import CauseFin, Partie
from dpd.conventions.models import Designation, FinConvention, Passation, Renouvellement, SuitePassation
from dpd.pieces.actions import deposer
from dpd.pieces.enums import DomainePiece
from tests.conftest import creer_collectivite
from tests.conventions.conftest import GLISSANTE, creer_convention, creer_modele
from tests.conventions.test_mise_en_place import creer_etape
from tests.pieces.fabriques import fichier

pytestmark = pytest.mark.django_db
PEU, BEAUCOUP, DAVANTAGE = 10, 200, 60


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def couts():
    def _couts(client, adresses):
        for adresse in adresses:  # ce qui ne se lit qu’une fois par processus est lu
            client.get(adresse)
        resultats = {}
        for adresse in adresses:
            with CaptureQueriesContext(connection) as requetes:
                assert client.get(adresse).status_code == 200, adresse
            resultats[adresse] = len(requetes)
        return resultats

    return _couts


def test_les_listes_d_une_structure(connecte, gestionnaire, structure, couts):
    modele = creer_modele(structure, **GLISSANTE)
    siren = structure.siren
    conventions = reverse("conventions:conventions", args=[siren])
    adresses = [
        conventions,
        f"{conventions}?etat=en_vigueur&q=lieu",
        reverse("conventions:mises_en_place", args=[siren]),
        reverse("conventions:modeles", args=[siren]),
    ]

    def remplir(de, a):
        for rang in range(de, a):
            lieu = creer_collectivite(structure, f"Lieu {rang:03}", f"{rang:09}", courriel="")
            creer_etape(creer_convention(lieu, modele, date(2026, 1, 1)))
            creer_modele(structure, **(GLISSANTE | {"nom": f"Modèle {rang}"}))

    remplir(0, PEU)
    peu = couts(connecte(gestionnaire), adresses)
    remplir(PEU, BEAUCOUP)
    assert couts(connecte(gestionnaire), adresses) == peu


def test_les_pages_d_une_collectivite(connecte, dpd, collectivite, convention, maintenant, couts):
    qui = {"auteur": dpd, "maintenant": maintenant}
    piece = deposer(fichier=fichier(), domaine=DomainePiece.MISE_EN_PLACE, collectivite=collectivite, **qui)
    passation = Passation(
        collectivite=collectivite, ancien="A", nouveau="B", titre="maire", le=date(2026, 1, 1)
    )
    passation.save()
    noms = ("convention", "mise_en_place", "designation", "passations")
    adresses = [reverse(f"conventions:{nom}", args=[collectivite.siren]) for nom in noms]

    def remplir(de, a):
        for rang in range(de, a):
            creer_etape(convention, f"e{rang}", faite_le=date(2026, 5, 4), faite_par=dpd, piece=piece)
            SuitePassation(
                collectivite=collectivite,
                passation=passation,
                code=f"s{rang}",
                libelle="x",
                faite_le=date(2026, 5, 4),
                faite_par=dpd,
            ).save()
            Designation(
                collectivite=collectivite,
                delegue=f"D{rang}",
                designee_le=date(2020, 1, 1),
                fin_le=date(2021, 1, 1),
                motif_fin="x",
                piece=piece,
            ).save()
            Renouvellement(
                collectivite=collectivite,
                convention=convention,
                echeance=date(2100 + rang, 1, 1),
                notifie_le=date(2026, 1, 1),
                par=Partie.STRUCTURE,
                piece=piece,
            ).save()
            FinConvention(
                collectivite=collectivite,
                convention=convention,
                cause=CauseFin.ACCORD,
                par=Partie.STRUCTURE,
                notifiee_le=date(2026, 1, 1),
                fin=date(2026, 12, 31),
                regle="x",
                retiree_le=date(2026, 1, 2),
                motif_retrait="x",
                piece=piece,
            ).save()
            creer_convention(
                collectivite, convention.modele, date(1900 + rang, 1, 1), fin=date(1900 + rang, 6, 1)
            )

    remplir(0, PEU)
    peu = couts(connecte(dpd), adresses)
    remplir(PEU, DAVANTAGE)
    assert couts(connecte(dpd), adresses) == peu
