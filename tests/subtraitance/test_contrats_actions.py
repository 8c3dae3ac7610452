"""Noter un contrat, en lire les clauses, y rattacher des fiches, le clore ; l’avenant qui en sort."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from registre import actions as registre
from registre.actions.contrats import rattacher_fiches
from registre.contrats_lus import fiches_confiees, propositions
from registre.ecriture import fiche_de
from registre.models import Traitement
from subtraitance import contrats_lus
from subtraitance.actions.annuaire_fusion import fusionner
from subtraitance.actions.contrats import (
    Lecture,
    clore_contrat,
    controler_clauses,
    modifier_contrat,
    prendre,
)
from subtraitance.avenant import avenant_de
from subtraitance.enums import Reponse28
from subtraitance.models import Contrat, SousTraitant
from subtraitance.regles.article_28 import POINTS, manquants
from tests.pieces.fabriques import fichier
from tests.registre.conftest import remplir
from tests.subtraitance.fabriques_annuaire import (
    LUNDI,
    creer_fiche,
    lire_tout,
    noter_contrat,
    noter_logiciel,
)

pytestmark = pytest.mark.django_db
JOUR = LUNDI.date()


@pytest.fixture
def fiche(structure, dpd):
    return creer_fiche(structure, dpd)


@pytest.fixture
def contrat(collectivite, fiche, referent):
    return noter_contrat(collectivite, fiche, referent)


@pytest.fixture
def complete(collectivite, referent, maintenant):
    """Une fiche du registre qui nomme Logi-Quercy."""
    geste = {"auteur": referent, "maintenant": maintenant}
    neuve = registre.creer(collectivite=collectivite, nom="Cantine et garderie", **geste)
    return registre.enregistrer_contenu(
        version=neuve, fiche=remplir(fiche_de(neuve)), raison="Saisie", **geste
    )


def relire(contrat):
    return contrats_lus.pour_page(contrat.collectivite).get(pk=contrat.pk)


def annote(contrat):
    return contrats_lus.de_la_collectivite(contrat.collectivite).get(pk=contrat.pk)


def test_un_contrat_envoye_deux_fois_n_est_note_qu_une_fois(collectivite, fiche, referent):
    un, deux = (noter_contrat(collectivite, fiche, referent, fichier=fichier()) for _ in range(2))
    assert un == deux
    assert un.piece.collectivite == collectivite


def test_un_contrat_ne_se_note_pas_sur_une_fiche_qu_on_vient_de_reunir(
    structure, collectivite, fiche, referent, dpd, au_verrou
):
    autre = creer_fiche(structure, dpd, "Logi Quercy SARL")
    reunir = {"garder": autre, "absorber": fiche, "auteur": dpd, "maintenant": LUNDI}
    au_verrou(SousTraitant, lambda: fusionner(**reunir))
    with pytest.raises(ValidationError, match="pas dans votre annuaire"):
        noter_contrat(collectivite, fiche, referent)
    assert not Contrat.objects.exists()


def test_un_contrat_se_verrouille_sans_jointure(contrat, referent):
    """Ce qui le joignait à l’ancienne fiche le ferait disparaître, sur PostgreSQL, au réveil du verrou."""
    cloture = {"contrat": contrat, "fin": JOUR, "motif": "Fin", "auteur": referent, "maintenant": LUNDI}
    for geste in (lambda: prendre(contrat), lambda: clore_contrat(**cloture)):
        with transaction.atomic(), CaptureQueriesContext(connection) as requetes:
            geste()
        verrou = next(r["sql"] for r in requetes if 'FROM "subtraitance_contrat"' in r["sql"])
        assert "JOIN" not in verrou


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"objet": " "}, "objet"),
        ({"fin": date(2024, 1, 1)}, "fin"),
        ({"autorisation": "generale"}, "objection_jours"),
    ],
)
def test_un_contrat_impossible_se_dit_sous_son_champ(collectivite, fiche, referent, champs, champ):
    with pytest.raises(ValidationError) as refus:
        noter_contrat(collectivite, fiche, referent, **champs)
    assert list(refus.value.message_dict) == [champ]


def test_un_prestataire_d_un_autre_annuaire_est_refuse(lointaine, fiche, referent):
    with pytest.raises(ValidationError, match="annuaire"):
        noter_contrat(lointaine, fiche, referent)


def test_un_logiciel_d_un_autre_prestataire_est_refuse(structure, collectivite, fiche, dpd, referent):
    ailleurs = noter_logiciel(creer_fiche(structure, dpd, "Autre"), dpd)
    with pytest.raises(ValidationError) as refus:
        noter_contrat(collectivite, fiche, referent, logiciels=[ailleurs])
    assert list(refus.value.message_dict) == ["logiciels"]
    assert not Contrat.objects.exists()


def test_modifier_change_les_logiciels_et_garde_la_piece(contrat, fiche, dpd, referent):
    premier, second = noter_logiciel(fiche, dpd, "Un"), noter_logiciel(fiche, dpd, "Deux")
    change = {"contrat": contrat, "auteur": referent, "maintenant": LUNDI}
    modifier_contrat(**change, logiciels=[premier], fichier=fichier(), objection_jours=5)
    modifie = modifier_contrat(**change, logiciels=[second], objet="Paie")
    assert (modifie.objet, modifie.objection_jours) == ("Paie", None)
    assert modifie.piece is not None
    assert contrats_lus.logiciels_de(relire(contrat)) == [second]


def test_un_contrat_clos_reste_et_ne_change_plus(contrat, referent):
    clore = {"contrat": contrat, "auteur": referent, "maintenant": LUNDI}
    for fin, motif, champ in (
        (JOUR, " ", "motif"),
        (JOUR + timedelta(days=1), "x", "fin"),
        (date(2024, 1, 1), "x", "fin"),
    ):
        with pytest.raises(ValidationError) as refus:
            clore_contrat(fin=fin, motif=motif, **clore)
        assert list(refus.value.message_dict) == [champ]
    for motif in ("Résilié", "Autre"):
        clos = clore_contrat(fin=JOUR, motif=motif, **clore)
    assert (clos.fin, clos.motif_cloture, clos.clos_le) == (JOUR, "Résilié", LUNDI)
    with pytest.raises(ValidationError, match="clos"):
        modifier_contrat(contrat=contrat, auteur=referent, maintenant=LUNDI, objet="x")


def test_une_clause_presente_se_cite(contrat, referent):
    lectures = {
        "audits": Lecture(Reponse28.PARTIELLE, " "),
        "aipd": Lecture(Reponse28.ABSENTE),
    }
    with pytest.raises(ValidationError) as refus:
        controler_clauses(contrat=contrat, lectures=lectures, auteur=referent, maintenant=LUNDI)
    assert list(refus.value.message_dict) == ["citation_audits"]
    assert not contrat.clauses.exists()


def test_un_point_inconnu_est_refuse_et_un_point_sans_reponse_laisse(contrat, referent):
    lire = {"contrat": contrat, "auteur": referent, "maintenant": LUNDI}
    with pytest.raises(ValidationError):
        controler_clauses(lectures={"autre": Lecture(Reponse28.ABSENTE)}, **lire)
    assert controler_clauses(lectures={"aipd": Lecture("")}, **lire) == 0


def test_relire_sans_rien_changer_n_ecrit_rien(contrat, referent):
    assert [lire_tout(contrat, referent, sauf={"aipd"}) for _ in range(2)] == [len(POINTS), 0]
    assert lire_tout(contrat, referent) == 1
    assert contrat.clauses.get(code="aipd").history.count() == 2


def test_les_manques_se_comptent_en_base_comme_dans_la_regle(contrat, referent):
    assert contrats_lus.etat_28(annote(contrat)).libelle == "Clauses à vérifier"
    for sauf, phrase in (
        ({"aipd", "audits", "sort"}, "3\u00a0clauses manquent"),
        ({"audits"}, "1\u00a0clause manque"),
        (set(), "Clauses complètes"),
    ):
        lire_tout(contrat, referent, sauf=sauf)
        assert contrats_lus.etat_28(annote(contrat)).libelle == phrase
        assert {p.code for p in manquants(contrats_lus.reponses_de(relire(contrat)))} == sauf
        assert annote(contrat).manques == len(sauf)


def test_l_avenant_redige_ce_qui_manque_avec_ce_que_l_on_sait(contrat, referent):
    modifier_contrat(
        contrat=contrat, auteur=referent, maintenant=LUNDI, delai_violation=12, reference="M-2025"
    )
    lire_tout(contrat, referent, sauf={"objet", "violations", "audits"})
    avenant = avenant_de(relire(contrat))
    assert [clause.code for clause in avenant.clauses] == ["objet", "violations", "audits"]
    assert "pour Logiciel de paie, pendant" in avenant.clauses[0].texte
    assert "dans les 12 heures" in avenant.clauses[1].texte
    assert not any(clause.a_completer for clause in avenant.clauses)
    assert avenant.texte.startswith("Avenant au contrat\u00a0: Logiciel de paie (M-2025)\n\nEntre Commune de")


def test_l_avenant_suit_le_regime_du_contrat(collectivite, fiche, referent):
    general = noter_contrat(collectivite, fiche, referent, autorisation="generale", objection_jours=21)
    lire_tout(general, referent, sauf={"ulterieurs", "nature"})
    nature, ulterieurs = avenant_de(relire(general)).clauses
    assert "21 jours pour s’y opposer" in ulterieurs.texte
    assert nature.a_completer


@pytest.mark.parametrize(
    ("debut", "fin", "preavis", "libelle", "alerte"),
    [
        (None, None, 3, "En cours", False),
        (date(2027, 1, 1), None, 3, "À venir", False),
        (None, date(2026, 11, 22), 3, "Terme passé", True),
        (None, date(2026, 11, 23), 0, "Terme proche", True),
        (None, date(2027, 2, 23), 3, "Terme proche", True),
        (None, date(2027, 2, 24), 3, "En cours", False),
        (None, date(1, 1, 31), 60, "Terme passé", True),
    ],
)
def test_le_terme_presse_des_que_le_preavis_est_entame(debut, fin, preavis, libelle, alerte):
    terme = contrats_lus.terme_de(Contrat(debut=debut, fin=fin, preavis_mois=preavis), JOUR)
    assert (terme.etat.libelle, terme.alerte) == (libelle, alerte)


def test_l_alerte_ne_sort_pas_du_calendrier():
    assert contrats_lus.alerte_le(Contrat(fin=None)) is None
    assert contrats_lus.alerte_le(Contrat(fin=date(1, 1, 31), preavis_mois=3)) == date.min


def test_les_filtres_trient_ce_qui_presse(collectivite, fiche, referent):
    sans = noter_contrat(collectivite, fiche, referent, objet="Sans terme")
    proche = noter_contrat(collectivite, fiche, referent, objet="Proche", fin=date(2026, 12, 31))
    passe = noter_contrat(collectivite, fiche, referent, objet="Passé", fin=date(2026, 1, 31))
    clos = noter_contrat(collectivite, fiche, referent, objet="Clos")
    clore_contrat(contrat=clos, fin=JOUR, motif="x", auteur=referent, maintenant=LUNDI)
    lire_tout(sans, referent)

    def trouves(etat="", q=""):
        requete = contrats_lus.de_la_collectivite(collectivite)
        return list(contrats_lus.filtrer(requete, contrats_lus.Filtres(q, etat), JOUR))

    assert trouves() == [passe, proche, sans, clos]
    assert trouves("en_cours") == [proche, sans]
    assert trouves("manques") == [passe, proche]
    assert trouves("terme") == [passe, proche]
    assert trouves("clos") == [clos]
    assert trouves(q="quercy proche") == [proche]
    comptes = contrats_lus.compter(contrats_lus.de_la_collectivite(collectivite), JOUR)
    assert comptes == {"total": 4, "ouverts": 3, "incomplets": 2, "decisions": 0, "pressent": 2}


def test_les_fiches_qui_citent_le_prestataire_sont_proposees(contrat, complete, structure, dpd):
    traitement = complete.traitement
    assert propositions(contrat) == {traitement.pk: "elle nomme ce prestataire"}
    autre = noter_contrat(contrat.collectivite, creer_fiche(structure, dpd, "Autre"), dpd)
    assert propositions(autre) == {}


def test_rattacher_garde_ce_qu_un_autre_a_ajoute(contrat, complete, referent, maintenant):
    fiche = complete.traitement
    rattacher = {"contrat": contrat, "auteur": referent, "maintenant": maintenant}
    assert rattacher_fiches(traitements=[fiche], **rattacher) == 1
    assert rattacher_fiches(traitements=[], lus=[], **rattacher) == 0
    assert [f.nom for f in fiches_confiees(contrat)] == ["Cantine et garderie"]
    assert rattacher_fiches(traitements=[], lus=[fiche.pk], **rattacher) == 1
    assert fiches_confiees(contrat) == []


def test_une_fiche_d_ailleurs_ne_se_rattache_pas(contrat, voisine, referent, maintenant):
    ailleurs = Traitement(collectivite=voisine, reference=1, cree_le=maintenant)
    ailleurs.save()
    with pytest.raises(ValidationError) as refus:
        rattacher_fiches(contrat=contrat, traitements=[ailleurs], auteur=referent, maintenant=maintenant)
    assert list(refus.value.message_dict) == ["traitements"]
