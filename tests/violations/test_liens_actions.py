"""Prestataires, traitements, pièces : les délais du contrat, rien en double, rien d’ailleurs."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from dpd.pieces.regles.fichier import FichierRefuse
from registre import actions as registre
from subtraitance.actions.annuaire_fusion import fusionner
from subtraitance.models import Contrat
from tests.pieces.fabriques import fichier
from tests.violations.fabriques import T0, creer_prestataire, creer_violation
from violations import actions
from violations.enums import EtatViolation
from violations.models import PieceViolation, TraitementTouche

pytestmark = pytest.mark.django_db


def impliquer(violation, auteur, maintenant, **champs):
    return actions.impliquer(violation=violation, auteur=auteur, maintenant=maintenant, **champs)


def contracter(collectivite, prestataire, maintenant, **champs):
    contrat = Contrat(collectivite=collectivite, sous_traitant=prestataire, objet="Portail", **champs)
    return contrat.enregistrer(auteur=None, maintenant=maintenant, raison="x")


@pytest.mark.parametrize(
    ("contrats", "delai"),
    [
        ([], 24),
        ([{"delai_violation": 48}], 48),
        ([{"delai_violation": 48}, {"delai_violation": 12}], 12),
        ([{"delai_violation": None}], 24),
        ([{"delai_violation": 12, "fin": date(2026, 11, 18)}], 24),
        ([{"delai_violation": 12, "debut": date(2026, 11, 21)}], 24),
    ],
)
def test_le_delai_est_le_plus_court_des_contrats_en_cours(
    violation, referent, maintenant, collectivite, prestataire, contrats, delai
):
    for champs in contrats:
        contracter(collectivite, prestataire, maintenant, **champs)
    su = T0 - timedelta(hours=26)
    implique = impliquer(violation, referent, maintenant, sous_traitant=prestataire, connaissance=su)
    assert (implique.delai, implique.echeance) == (delai, su + timedelta(hours=delai))


def test_le_contrat_de_la_commune_d_a_cote_ne_compte_pas(
    violation, referent, maintenant, voisine, prestataire
):
    contracter(voisine, prestataire, maintenant, delai_violation=6)
    assert impliquer(violation, referent, maintenant, sous_traitant=prestataire).delai == 24


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"nom": ""}, "__all__"),
        ({"nom": "x", "connaissance": T0 + timedelta(days=30)}, "connaissance"),
        ({"nom": "x", "prevenu_le": T0 + timedelta(days=30)}, "prevenu_le"),
        ({"nom": "x", "connaissance": T0, "prevenu_le": T0 - timedelta(hours=1)}, "prevenu_le"),
        ({"nom": "x", "connaissance": T0 - timedelta(days=4000)}, "connaissance"),
    ],
)
def test_un_prestataire_mal_dit_est_refuse_sous_son_champ(violation, referent, maintenant, champs, champ):
    with pytest.raises(ValidationError) as refus:
        impliquer(violation, referent, maintenant, **champs)
    assert champ in refus.value.error_dict
    assert not violation.prestataires.exists()


def test_le_prestataire_ne_le_sait_pas_avant_le_debut(violation, referent, maintenant):
    actions.corriger_instants(violation=violation, auteur=referent, maintenant=maintenant, debut=T0)
    with pytest.raises(ValidationError, match="avant son début"):
        impliquer(violation, referent, maintenant, nom="x", connaissance=T0 - timedelta(hours=1))
    impliquer(violation, referent, maintenant, nom="x", connaissance=T0)


def test_le_prestataire_d_un_autre_annuaire_est_refuse(violation, referent, maintenant, autre_structure):
    with pytest.raises(ValidationError) as refus:
        impliquer(violation, referent, maintenant, sous_traitant=creer_prestataire(autre_structure))
    assert "sous_traitant" in refus.value.error_dict


def test_une_fiche_reunie_entre_temps_mene_a_celle_qui_la_remplace(
    violation, referent, dpd, maintenant, structure, prestataire
):
    """Choisie dans une page ouverte avant la réunion, elle resterait seule en cause, sans ses contrats."""
    gardee = creer_prestataire(structure, "Logi-Quercy SAS")
    fusionner(garder=gardee, absorber=prestataire, auteur=dpd, maintenant=maintenant)
    assert impliquer(violation, referent, maintenant, sous_traitant=prestataire).sous_traitant == gardee


def test_note_une_fois_par_l_annuaire_puis_par_son_nom_il_est_deja_la(
    violation, referent, maintenant, prestataire
):
    implique = impliquer(violation, referent, maintenant, sous_traitant=prestataire)
    with pytest.raises(ValidationError, match="déjà noté"):
        impliquer(violation, referent, maintenant, nom=" logi quercy".replace(" q", "-q"))
    actions.retirer_prestataire(implique=implique, auteur=referent, maintenant=maintenant)
    impliquer(violation, referent, maintenant, nom="Logi-Quercy")
    assert violation.prestataires.filter(retire_le=None).count() == 1


def test_retirer_deux_fois_n_ecrit_qu_une_fois(violation, referent, maintenant):
    implique = impliquer(violation, referent, maintenant, nom="Paul")
    for heures in (0, 1):
        actions.retirer_prestataire(
            implique=implique, auteur=referent, maintenant=maintenant + timedelta(hours=heures)
        )
    implique.refresh_from_db()
    assert implique.retire_le == maintenant
    assert violation.evenements.filter(texte__contains="n’est plus noté").count() == 1


@pytest.fixture
def fiches(collectivite, referent, maintenant):
    return [
        registre.creer(collectivite=collectivite, nom=nom, auteur=referent, maintenant=maintenant).traitement
        for nom in ("Cantine", "Paie")
    ]


def noter(violation, auteur, maintenant, *traitements, **champs):
    actions.noter_traitements(
        violation=violation, traitements=traitements, auteur=auteur, maintenant=maintenant, **champs
    )
    return set(violation.traitements.filter(retire_le=None).values_list("traitement_id", flat=True))


def test_les_fiches_touchees_sont_celles_la_et_elles_seules(violation, referent, maintenant, fiches):
    cantine, paie = fiches
    assert noter(violation, referent, maintenant, cantine, paie) == {cantine.pk, paie.pk}
    assert noter(violation, referent, maintenant, paie) == {paie.pk}
    assert noter(violation, referent, maintenant, cantine, paie) == {cantine.pk, paie.pk}
    assert noter(violation, referent, maintenant) == set()
    assert TraitementTouche.objects.count() == 3
    textes = violation.evenements.order_by("pk").values_list("texte", flat=True)
    assert textes.last() == "Traitements touchés\u00a0: aucun"


def test_reenvoyer_le_meme_choix_n_ecrit_rien(violation, referent, maintenant, fiches):
    noter(violation, referent, maintenant, *fiches)
    avant = violation.evenements.count()
    noter(violation, referent, maintenant, *fiches)
    assert violation.evenements.count() == avant


def test_ce_qu_un_autre_a_note_depuis_la_lecture_reste(violation, referent, maintenant, fiches):
    cantine, paie = fiches
    noter(violation, referent, maintenant, cantine)
    assert noter(violation, referent, maintenant, paie, lus=[]) == {cantine.pk, paie.pk}
    noter(violation, referent, maintenant, paie)
    # Vue cochée, retirée depuis par un autre : elle ne revient pas.
    assert noter(violation, referent, maintenant, cantine, paie, lus=[cantine.pk, paie.pk]) == {paie.pk}


def test_une_fiche_d_ailleurs_est_refusee(violation, referent, maintenant, voisine):
    ailleurs = registre.creer(collectivite=voisine, nom="x", auteur=referent, maintenant=maintenant)
    with pytest.raises(ValidationError) as refus:
        noter(violation, referent, maintenant, ailleurs.traitement)
    assert "traitements" in refus.value.error_dict


def joindre(violation, auteur, maintenant, contenu=None, **champs):
    return actions.joindre(
        violation=violation, auteur=auteur, maintenant=maintenant, fichier=contenu or fichier(), **champs
    )


def test_la_meme_piece_envoyee_deux_fois_n_y_est_qu_une_fois(violation, referent, maintenant):
    une = joindre(violation, referent, maintenant, libelle=" Journaux ")
    assert joindre(violation, referent, maintenant).pk == une.pk
    assert (str(une), PieceViolation.objects.count()) == ("Journaux", 1)


def test_renvoyee_avec_la_case_cochee_la_piece_va_au_teleservice(violation, referent, maintenant):
    joindre(violation, referent, maintenant)
    for _ in range(2):
        lien = joindre(violation, referent, maintenant, pour_la_cnil=True)
    assert joindre(violation, referent, maintenant).pour_la_cnil
    assert PieceViolation.objects.get(pour_la_cnil=True) == lien
    assert lien.history.count() == 2


def test_deux_violations_ne_partagent_pas_une_piece(violation, collectivite, referent, maintenant):
    autre = creer_violation(collectivite, referent, maintenant, titre="Clé USB perdue")
    une, deux = (joindre(v, referent, maintenant) for v in (violation, autre))
    assert une.piece_id != deux.piece_id


def test_une_piece_sans_libelle_porte_le_nom_du_fichier(violation, referent, maintenant):
    piece = joindre(violation, referent, maintenant)
    assert str(piece) == piece.piece.nom


def test_un_fichier_qui_n_est_pas_ce_qu_il_dit_est_refuse(violation, referent, maintenant):
    with pytest.raises(FichierRefuse):
        joindre(violation, referent, maintenant, fichier("faux.pdf", b"MZ programme"))
    assert not violation.pieces.exists()


def test_close_elle_ne_recoit_plus_rien(violation, referent, maintenant):
    implique = impliquer(violation, referent, maintenant, nom="Paul")
    violation.etat = EtatViolation.CLOSE
    violation.enregistrer(auteur=referent, maintenant=maintenant, raison="x")
    for geste in (
        lambda: impliquer(violation, referent, maintenant, nom="x"),
        lambda: actions.retirer_prestataire(implique=implique, auteur=referent, maintenant=maintenant),
        lambda: noter(violation, referent, maintenant),
        lambda: joindre(violation, referent, maintenant),
    ):
        with pytest.raises(ValidationError, match="rouvrez-la"):
            geste()
