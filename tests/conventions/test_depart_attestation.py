"""L’attestation de restitution : ce qui a été remis, reçu, choisi, visé, détruit."""

from datetime import date
from io import BytesIO

import pytest

from dpd.conventions.enums import SortDonnees
from dpd.conventions.exports.attestation import NON_RECUE, attestation_de_restitution
from dpd.conventions.models import Depart
from dpd.documents.modele import Alerte, Paires
from dpd.documents.reponse import FORMATS
from tests.conventions.conftest import EXPRESSE, creer_convention, creer_modele

pytestmark = pytest.mark.django_db


@pytest.fixture
def depart(collectivite, structure, dpd, maintenant):
    modele = creer_modele(structure, **EXPRESSE, sort_des_donnees="Restituées, puis détruites.")
    return Depart(
        collectivite=collectivite,
        convention=creer_convention(collectivite, modele, date(2021, 1, 1)),
        ouvert_le=maintenant,
        ouvert_par=dpd,
        exporte_le=maintenant,
        exporte_par=dpd,
        export_empreinte="a" * 64,
        export_taille=1_200_000,
    ).enregistrer(auteur=dpd, maintenant=maintenant, raison="x")


def attester(depart, maintenant, constatee_par=""):
    return attestation_de_restitution(depart, constatee_par=constatee_par, maintenant=maintenant)


def paires(document) -> dict[str, str]:
    (fiche,) = document.fiches()
    blocs = [bloc for section in fiche.sections for bloc in section.blocs]
    return dict(ligne for bloc in blocs if isinstance(bloc, Paires) for ligne in bloc.lignes)


def test_elle_dit_l_archive_remise_et_la_reception_qui_manque(depart, maintenant):
    document = attester(depart, maintenant)
    dit = paires(document)
    assert dit["Empreinte SHA-256"] == "a" * 64
    assert dit["Taille"] == "1,2\u00a0Mo"
    assert dit["À"] == "Nadège Roucoules"
    assert dit["Remise le"] == "lundi 23\u00a0novembre 2026 à 9\u00a0h\u00a040"
    assert (dit["En vigueur du"], dit["Jusqu’au"]) == ("1er\u00a0janvier 2021", "31\u00a0décembre 2025")
    assert dit["Sort prévu par la convention"] == "Restituées, puis détruites."
    assert dit["Choix du responsable de traitement"] == "à faire"
    (fiche,) = document.fiches()
    assert Alerte(NON_RECUE) in [bloc for section in fiche.sections for bloc in section.blocs]
    assert document.entete.nature == "Réception à attester"


def test_elle_dit_le_visa_et_la_destruction_constatee(depart, decideur, maintenant):
    depart.recu_le, depart.recu_par = date(2026, 11, 23), decideur
    depart.sort, depart.visa, depart.vise_le = SortDonnees.DESTRUCTION, "AD82-41", date(2026, 11, 24)
    depart.detruit_le, depart.detruit_comment = date(2026, 11, 25), "Base effacée."
    depart.clos_le = maintenant
    document = attester(depart, maintenant, "Gilles Comptable")
    dit = paires(document)
    assert (dit["Attestée le"], dit["Par"]) == ("23\u00a0novembre 2026", "Bernard Lacaze")
    assert dit["Visa des archives départementales"] == "AD82-41, du 24\u00a0novembre 2026"
    assert dit["Destruction constatée le"] == "25\u00a0novembre 2026, par Gilles Comptable"
    assert dit["Comment"] == "Base effacée."
    assert document.entete.version == "Départ clos"
    assert "par" not in paires(attester(depart, maintenant))["Destruction constatée le"]


def test_une_convention_redevenue_en_vigueur_et_sans_clause_se_dit(depart, maintenant):
    depart.convention.fin, depart.convention.modele.sort_des_donnees = None, ""
    dit = paires(attester(depart, maintenant))
    assert dit["Jusqu’au"] == "en vigueur"
    assert "Sort prévu par la convention" not in dit


def test_son_empreinte_change_avec_les_faits(depart, decideur, maintenant):
    avant = attester(depart, maintenant).entete.empreinte
    depart.recu_le, depart.recu_par = date(2026, 11, 23), decideur
    assert attester(depart, maintenant).entete.empreinte != avant


@pytest.mark.parametrize("format", ["pdf", "json"])
def test_elle_s_ecrit(depart, maintenant, format):
    sortie = BytesIO()
    FORMATS[format].ecrire(attester(depart, maintenant), sortie)
    assert len(sortie.getvalue()) > 500
