"""Réunir deux fiches : tout suit, rien ne se perd, en une transaction."""

from datetime import date
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from subtraitance.actions import annuaire_fusion
from subtraitance.actions.annuaire_fiche import inscrire_la_structure
from subtraitance.actions.annuaire_fusion import fusionner
from subtraitance.actions.annuaire_lignes import ajouter_certification
from subtraitance.enums import EtatFiche
from subtraitance.models import ActiviteSousTraitee, Contrat, SousTraitant, SousTraitantUlterieur
from tests.subtraitance.fabriques_annuaire import (
    AUTRE_SIREN,
    LUNDI,
    SIREN,
    ajouter_sous_traitant,
    creer_fiche,
    noter_contrat,
    noter_logiciel,
)
from tests.violations.fabriques import creer_violation
from tests.violations.fabriques_incidents import creer_incident
from violations import actions as violations

pytestmark = pytest.mark.django_db


@pytest.fixture
def gardee(structure, dpd):
    return creer_fiche(structure, dpd)


@pytest.fixture
def absorbee(structure, dpd):
    return creer_fiche(structure, dpd, "Logi Quercy SARL", siren=SIREN, telephone="05 63 00 00 00")


def reunir(gardee, absorbee, dpd):
    return fusionner(garder=gardee, absorber=absorbee, auteur=dpd, maintenant=LUNDI)


def test_les_rubriques_vides_prennent_ce_que_dit_l_autre(gardee, absorbee, dpd):
    reunie = reunir(gardee, absorbee, dpd)
    assert (reunie.nom, reunie.siren, reunie.telephone) == ("Logi-Quercy", SIREN, "05 63 00 00 00")
    absorbee.refresh_from_db()
    assert (absorbee.etat, absorbee.fusionne_dans) == (EtatFiche.FUSIONNEE, gardee)
    assert absorbee.history.latest().history_change_reason == "Fiches réunies"


def test_contrats_logiciels_certifications_et_ulterieurs_suivent(
    structure, collectivite, referent, gardee, absorbee, dpd
):
    logiciel = noter_logiciel(absorbee, dpd)
    contrat = noter_contrat(collectivite, absorbee, referent, logiciels=[logiciel])
    certification = ajouter_certification(
        fiche=absorbee, nom="HDS", expire_le=date(2027, 1, 1), auteur=dpd, maintenant=LUNDI
    )
    sous = creer_fiche(structure, dpd, "Hébergeur")
    donneur = creer_fiche(structure, dpd, "Donneur")
    dessous = ajouter_sous_traitant(absorbee, sous, dpd)
    dessus = ajouter_sous_traitant(donneur, absorbee, dpd)
    reunir(gardee, absorbee, dpd)
    for objet in (logiciel, contrat, certification, dessous, dessus):
        objet.refresh_from_db()
    assert {o.sous_traitant for o in (logiciel, contrat, certification, dessous)} == {gardee}
    assert dessus.ulterieur == gardee
    assert contrat.autorisations.get().ulterieur == dessous
    assert contrat.history.latest().history_change_reason == "Fiches réunies"


def test_l_historique_d_un_contrat_qui_suit_garde_ce_qu_un_autre_vient_d_y_ecrire(
    collectivite, referent, gardee, absorbee, dpd, au_verrou
):
    contrat = noter_contrat(collectivite, absorbee, referent)
    seul = QuerySet(Contrat).filter(pk=contrat.pk)
    au_verrou(Contrat, lambda: seul.update(objet="Corrigé"))
    reunir(gardee, absorbee, dpd)
    assert contrat.history.latest().objet == "Corrigé"


def test_une_activite_qui_suit_garde_ce_qu_un_autre_vient_d_y_ecrire(
    structure, gardee, absorbee, dpd, au_verrou
):
    activite = ActiviteSousTraitee(structure=structure, nom="Paie", categories="x", securite="x")
    activite.enregistrer(auteur=dpd, maintenant=LUNDI, raison="x")
    activite.sous_traitants.add(absorbee)
    seule = QuerySet(ActiviteSousTraitee).filter(pk=activite.pk)
    au_verrou(ActiviteSousTraitee, lambda: seule.update(nom="Paie et carrières"))
    reunir(gardee, absorbee, dpd)
    activite.refresh_from_db()
    assert activite.nom == "Paie et carrières"


def test_prestataires_en_cause_incidents_et_activites_suivent(
    structure, collectivite, referent, gardee, absorbee, dpd
):
    logiciel = noter_logiciel(absorbee, dpd)
    violation = creer_violation(collectivite, referent, LUNDI)
    implique = violations.impliquer(
        violation=violation, sous_traitant=absorbee, auteur=referent, maintenant=LUNDI
    )
    incident = creer_incident(structure, dpd, LUNDI, sous_traitant=absorbee, logiciel=logiciel)
    activite = ActiviteSousTraitee(structure=structure, nom="Paie", categories="x", securite="x")
    activite.enregistrer(auteur=dpd, maintenant=LUNDI, raison="x")
    activite.sous_traitants.add(absorbee)
    reunir(gardee, absorbee, dpd)
    for objet in (implique, incident):
        objet.refresh_from_db()
        assert objet.sous_traitant == gardee
    assert list(activite.sous_traitants.all()) == [gardee]


def test_un_logiciel_en_double_laisse_ses_emplois_au_premier(
    structure, collectivite, referent, gardee, absorbee, dpd
):
    garde, double = noter_logiciel(gardee, dpd), noter_logiciel(absorbee, dpd)
    contrat = noter_contrat(collectivite, absorbee, referent, logiciels=[double])
    incident = creer_incident(structure, dpd, LUNDI, sous_traitant=absorbee, logiciel=double)
    reunir(gardee, absorbee, dpd)
    double.refresh_from_db()
    incident.refresh_from_db()
    assert (double.sous_traitant, double.retire_le) == (absorbee, LUNDI)
    assert contrat.logiciels.get().logiciel == garde == incident.logiciel


def test_un_ulterieur_en_double_laisse_ses_autorisations_au_premier(
    structure, collectivite, voisine, referent, gardee, absorbee, dpd
):
    sous = creer_fiche(structure, dpd, "Hébergeur")
    noter_contrat(collectivite, gardee, referent)
    venu = noter_contrat(voisine, absorbee, dpd)
    garde = ajouter_sous_traitant(gardee, sous, dpd)
    double = ajouter_sous_traitant(absorbee, sous, dpd)
    reunir(gardee, absorbee, dpd)
    double.refresh_from_db()
    assert double.retire_le == LUNDI
    assert venu.autorisations.get().ulterieur == garde


def test_deux_prestataires_en_cause_au_meme_dossier_y_restent_deux(
    collectivite, referent, gardee, absorbee, dpd
):
    violation = creer_violation(collectivite, referent, LUNDI)
    for fiche in (gardee, absorbee):
        violations.impliquer(violation=violation, sous_traitant=fiche, auteur=referent, maintenant=LUNDI)
    reunir(gardee, absorbee, dpd)
    assert {i.sous_traitant for i in violation.prestataires.all()} == {gardee, absorbee}
    assert not violation.prestataires.filter(retire_le__isnull=False).exists()


@pytest.mark.parametrize("sens", [1, -1])
def test_elle_ne_devient_pas_sa_propre_sous_traitante(gardee, absorbee, dpd, sens):
    lien = ajouter_sous_traitant(*(gardee, absorbee)[::sens], dpd)
    reunir(gardee, absorbee, dpd)
    lien.refresh_from_db()
    assert lien.retire_le == LUNDI
    assert SousTraitantUlterieur.objects.filter(retire_le=None).count() == 0


def test_les_fiches_deja_reunies_menent_a_la_derniere(structure, gardee, absorbee, dpd):
    ancienne = creer_fiche(structure, dpd, "LQ")
    reunir(absorbee, ancienne, dpd)
    reunir(gardee, absorbee, dpd)
    ancienne.refresh_from_db()
    assert ancienne.fusionne_dans == gardee


def test_ce_qui_ne_se_reunit_pas_se_dit(structure, autre_structure, gardee, absorbee, dpd):
    la_structure = inscrire_la_structure(structure=structure, auteur=dpd, maintenant=LUNDI)
    siren = creer_fiche(structure, dpd, "Tiers", siren=AUTRE_SIREN)
    ailleurs = creer_fiche(autre_structure, None, "Ailleurs")
    for a, b, phrase in (
        (gardee, gardee, "autre fiche"),
        (siren, absorbee, "SIREN diffèrent"),
        (gardee, la_structure, "structure elle-même"),
        (gardee, ailleurs, "dans l’annuaire"),
    ):
        with pytest.raises(ValidationError, match=phrase):
            reunir(a, b, dpd)
    assert not SousTraitant.objects.filter(etat=EtatFiche.FUSIONNEE).exists()


def test_une_panne_au_milieu_ne_laisse_rien(collectivite, referent, gardee, absorbee, dpd):
    contrat = noter_contrat(collectivite, absorbee, referent)
    with (
        patch.object(annuaire_fusion, "_suivre_les_activites", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        reunir(gardee, absorbee, dpd)
    contrat.refresh_from_db()
    absorbee.refresh_from_db()
    assert (contrat.sous_traitant, absorbee.etat) == (absorbee, EtatFiche.VERIFIEE)
