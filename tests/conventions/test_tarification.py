"""De la base au calcul : les bons prix, les bons indices, et un nombre de requêtes constant."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dpd.comptes.enums import TypeCollectivite
from dpd.conventions.enums import (
    LectureIndice,
    NatureBareme,
    NatureIntervention,
    ReglePhase,
    Revision,
    SensForfait,
    SerieIndice,
)
from dpd.conventions.models import (
    Convention,
    Devis,
    EtatMensuel,
    Intervention,
    LigneEtatMensuel,
    RegleRaccord,
)
from dpd.conventions.regles.calcul import RACCORD_ATTENDU
from dpd.conventions.regles.devis import EtatDevis
from dpd.conventions.regles.mensuel import EtatLigne
from dpd.conventions.regles.tarifs import Phase
from dpd.conventions.tarification import SansBareme, Tarification
from tests.conftest import creer_collectivite
from tests.conventions.conftest import (
    GLISSANTE,
    creer_bareme,
    creer_convention,
    creer_indice,
    creer_modele,
)

pytestmark = pytest.mark.django_db
DECIDE_LE = datetime(2026, 10, 5, 22, 30, tzinfo=UTC)  # déjà le 6 à Paris
REVISE = SerieIndice.REVISE


def creer_raccord(structure, deliberee_le=date(2023, 9, 1)):
    regle = RegleRaccord(
        structure=structure,
        coefficient=Decimal("0.97975"),
        deliberation="2023-18",
        deliberee_le=deliberee_le,
        source="Fédération Syntec",
    )
    regle.full_clean()
    regle.save()
    return regle


def creer_devis(collectivite, **champs):
    defauts = {
        "etat": EtatDevis.ACCEPTE.value,
        "objet": "Vidéoprotection",
        "besoin": "Une étude",
        "demande_le": DECIDE_LE,
        "plan_actions": "Une visite",
        "jours_mise_en_place": Decimal(1),
        "prix_jour": Decimal(250),
        "exercice": 2027,
        "propose_le": DECIDE_LE,
        "decide_le": DECIDE_LE,
    }
    devis = Devis(collectivite=collectivite, **{**defauts, **champs})
    devis.full_clean()
    devis.save()
    return devis


def tarifer(convention, exercice):
    structure = convention.collectivite.structure
    return Tarification(structure, exercice, [convention])


@pytest.fixture
def indices_2023(structure, bareme_tranches):
    creer_raccord(structure)
    creer_indice(structure, 2023, 11, "307.0", REVISE, publie_le=date(2023, 12, 29))


def test_montpezat_en_2024(convention, collectivite, indices_2023):
    collectivite.population_millesime = 2021
    convention.collectivite = collectivite
    calcul = tarifer(convention, 2024).calculer(convention)
    assert (calcul.total, calcul.lignes[0].libelle) == (Decimal("1368.82"), "Mise en place")


def test_le_raccord_ne_vaut_qu_une_fois_delibere(convention, structure, bareme_tranches):
    creer_indice(structure, 2023, 11, "307.0", REVISE)
    creer_raccord(structure, date(2025, 3, 1))
    assert RACCORD_ATTENDU in tarifer(convention, 2024).calculer(convention).manques
    assert tarifer(convention, 2025).sources(convention).raccord.coefficient == Decimal("0.97975")


def test_une_population_d_un_autre_millesime_est_refusee(convention, indices_2023):
    assert any("millésime 2021" in m for m in tarifer(convention, 2024).calculer(convention).manques)


def test_2027_attend_novembre_2026(convention, collectivite, indices_2023):
    creer_devis(collectivite)
    calcul = tarifer(convention, 2027).calculer(convention)
    assert [ligne.libelle for ligne in calcul.lignes] == ["Accompagnement", "Vidéoprotection"]
    assert calcul.lignes[1].detail == "Devis accepté le 6\u00a0oct. 2026"
    assert any("novembre 2026" in m for m in calcul.manques)


def test_un_devis_ponctuel_ne_vaut_que_son_exercice(convention, collectivite, bareme_tranches):
    creer_devis(collectivite, exercice=2026, jours_accompagnement=Decimal(2), ponctuel=False, objet="Durable")
    creer_devis(collectivite, exercice=2026, objet="Ponctuel")
    creer_devis(collectivite, exercice=2026, objet="Refusé", etat=EtatDevis.REFUSE.value, motif="Trop cher")
    creer_devis(collectivite, exercice=2026, objet="Sans suite", ponctuel=False)
    en_2026 = tarifer(convention, 2026).sources(convention).complements
    en_2027 = tarifer(convention, 2027).sources(convention).complements
    assert [(c.libelle, c.quantite) for c in en_2026] == [
        ("Durable", 1),
        ("Ponctuel", 1),
        ("Sans suite", 1),
    ]
    assert [(c.libelle, c.quantite) for c in en_2027] == [("Durable", 2)]


def test_le_bareme_est_celui_du_1er_janvier_ou_de_l_effet(convention, structure, bareme_tranches):
    bareme_tranches.en_vigueur_au = date(2024, 1, 31)
    bareme_tranches.save()
    suivant = creer_bareme(
        structure,
        NatureBareme.GRATUIT,
        nom="Depuis février",
        en_vigueur_du=date(2024, 2, 1),
        en_vigueur_au=date(2025, 12, 31),
    )
    assert tarifer(convention, 2024).bareme(convention) == suivant
    assert tarifer(convention, 2025).bareme(convention) == suivant
    with pytest.raises(SansBareme, match="1er\u00a0janvier 2026"):
        tarifer(convention, 2026).bareme(convention)


def test_un_brouillon_ne_vaut_jamais(convention, structure, bareme_tranches):
    creer_bareme(structure, NatureBareme.GRATUIT, publie=False, en_vigueur_du=date(2021, 1, 1))
    assert tarifer(convention, 2024).bareme(convention) == bareme_tranches


def test_le_dernier_publie_se_lit_a_sa_date_de_publication(convention, structure, bareme_tranches):
    bareme_tranches.lecture_indice = LectureIndice.DERNIER_PUBLIE
    bareme_tranches.save()
    creer_indice(structure, 2024, 9, "314.5", REVISE, publie_le=date(2024, 10, 31))
    creer_indice(structure, 2024, 12, "314.8", REVISE)
    (retenu,) = tarifer(convention, 2025).sources(convention).suite
    assert (retenu.annee, retenu.mois) == (2024, 9)


def test_la_page_nomme_l_indice_retenu_par_le_mois_qu_il_decrit(
    connecte, referent, convention, structure, bareme_tranches, time_machine
):
    time_machine.move_to(datetime(2026, 11, 20, 9, tzinfo=UTC))
    bareme_tranches.lecture_indice = LectureIndice.DERNIER_PUBLIE
    bareme_tranches.save()
    creer_raccord(structure)
    creer_indice(structure, 2026, 9, "320.0", REVISE, publie_le=date(2026, 10, 30))
    page = connecte(referent).get(f"/c/{convention.collectivite.siren}/convention/tarif/2027/")
    assert "sur l’indice de septembre 2026" in page.content.decode()


@pytest.mark.parametrize(
    ("article", "dit"),
    [
        ("article 6.3", "La convention écarte le prorata (article 6.3)."),
        ("", "Le modèle de la convention ne cite pas d’article qui écarte le prorata."),
    ],
)
def test_sans_article_rien_ne_dit_le_prorata_exclu(
    connecte, referent, convention, bareme_tranches, time_machine, article, dit
):
    time_machine.move_to(datetime(2026, 11, 20, 9, tzinfo=UTC))
    convention.modele.article_prorata = article
    convention.modele.save()
    page = connecte(referent).get(f"/c/{convention.collectivite.siren}/convention/tarif/2027/")
    assert dit in page.content.decode()


def test_en_chaine_chaque_novembre_compte(convention, structure, bareme_tranches):
    bareme_tranches.revision = Revision.CHAINEE
    bareme_tranches.save()
    creer_indice(structure, 2020, 11, "274.8")
    sources = tarifer(convention, 2024).sources(convention)
    assert sources.attendus == tuple(f"novembre {a}" for a in (2020, 2021, 2022, 2023))
    assert [i.valeur if i else None for i in sources.suite] == [Decimal("274.8"), None, None, None]


@pytest.mark.parametrize("revision", [Revision.AUCUNE, Revision.DECISION])
def test_sans_revision_sur_indice_aucun_n_est_lu(convention, bareme_tranches, revision):
    bareme_tranches.revision = revision
    bareme_tranches.save()
    sources = tarifer(convention, 2027).sources(convention)
    assert (sources.base, sources.suite, sources.attendus) == (None, (), ())


def test_le_forfait_choisi_ou_le_seul(convention, structure):
    bareme = creer_bareme(
        structure,
        NatureBareme.FORFAIT_DEVIS,
        forfaits=(("base", "Base", "300"), ("plus", "Plus", "500")),
    )
    assert tarifer(convention, 2026).sources(convention).forfait is None
    convention.forfait_code = "plus"
    assert tarifer(convention, 2026).sources(convention).forfait == 500
    bareme.forfaits.get(code="plus").delete()
    assert tarifer(convention, 2026).sources(convention).forfait_libelle == "Base"


@pytest.fixture
def a_la_journee(structure, collectivite):
    """2 300 € par an et 230 € par jour de sept heures ; la mise en place dure jusqu’à la bascule."""
    creer_bareme(
        structure,
        NatureBareme.FORFAIT_JOURNEES,
        forfaits=(("etudes", "Études et conseil", "2300"),),
        cout_journee=Decimal(230),
        minutes_par_jour=420,
        sens_forfait=SensForfait.CUMUL,
    )
    modele = creer_modele(structure, **GLISSANTE)
    assert modele.regle_phase == ReglePhase.BASCULE
    return creer_convention(collectivite, modele, date(2026, 1, 5), jours_accompagnement=Decimal(6))


def intervenir(convention, dpd, minutes, le=date(2026, 3, 10), etat=None):
    """Une intervention, figée dans son état mensuel si ``etat`` de ligne est donné."""
    commun = {"collectivite": convention.collectivite, "le": le, "minutes": minutes}
    commun |= {"nature": NatureIntervention.AUDIT, "lieu": "site"}
    intervention = Intervention(
        convention=convention, phase=Phase.MISE_EN_PLACE.value, intervenant=dpd, **commun
    )
    intervention.save()
    if etat is not None:
        mensuel, _ = EtatMensuel.objects.get_or_create(
            convention=convention,
            annee=le.year,
            mois=le.month,
            defaults={
                "collectivite": convention.collectivite,
                "prix_jour": Decimal(230),
                "minutes_par_jour": 420,
                "fige_le": DECIDE_LE,
                "fige_par": dpd,
                "valide_le": DECIDE_LE if etat is EtatLigne.VALIDEE else None,
            },
        )
        LigneEtatMensuel(
            etat_mensuel=mensuel,
            intervention=intervention,
            ordre=mensuel.lignes.count() + 1,
            minutes_initiales=minutes,
            etat=etat.value,
            **commun,
        ).save()
    return intervention


def test_les_journees_validees_et_elles_seules(a_la_journee, dpd):
    intervenir(a_la_journee, dpd, 630, etat=EtatLigne.VALIDEE)
    intervenir(a_la_journee, dpd, 420, etat=EtatLigne.RETIREE)
    sources = tarifer(a_la_journee, 2026).sources(a_la_journee)
    assert sources.jours == Decimal("1.50")
    assert tarifer(a_la_journee, 2026).calculer(a_la_journee).total == Decimal("2645.00")


@pytest.mark.parametrize("etat", [None, EtatLigne.A_VALIDER])
def test_des_journees_en_suspens_bloquent_le_montant(a_la_journee, dpd, etat):
    intervenir(a_la_journee, dpd, 630, etat=EtatLigne.VALIDEE)
    intervenir(a_la_journee, dpd, 60, le=date(2026, 4, 2), etat=etat)
    assert tarifer(a_la_journee, 2026).sources(a_la_journee).jours is None


def test_apres_la_bascule_les_journees_sont_estimees(a_la_journee):
    a_la_journee.bascule_le = date(2026, 9, 1)
    sources = tarifer(a_la_journee, 2027).sources(a_la_journee)
    assert (sources.phase, sources.jours) == (Phase.ACCOMPAGNEMENT, 6)


def test_un_ccas_est_hors_de_la_grille(structure, modele_tranches, bareme_tranches):
    ccas = creer_collectivite(structure, "CCAS", "268200017", type=TypeCollectivite.CCAS)
    convention = creer_convention(ccas, modele_tranches, date(2024, 2, 15))
    assert tarifer(convention, 2024).calculer(convention).sur_devis


def test_la_simulation_ne_connait_ni_convention_ni_devis(structure, indices_2023):
    tarification = Tarification(structure, 2024, ())
    bareme = tarification.bareme_au(date(2024, 1, 1))
    assert tarification.simuler(bareme, 1556, Phase.MISE_EN_PLACE).total == Decimal("1368.82")
    assert tarification.simuler(bareme, 1556, Phase.ACCOMPAGNEMENT).total == Decimal("855.51")
    assert tarification.simuler(bareme, 10_001, Phase.ACCOMPAGNEMENT).sur_devis
    assert tarification.simuler(bareme, None, Phase.ACCOMPAGNEMENT).total is None


def compter_requetes(structure, exercice):
    conventions = Convention.objects.de_la_structure(structure).select_related("collectivite", "modele")
    with CaptureQueriesContext(connection) as requetes:
        tarification = Tarification(structure, exercice, conventions)
        totaux = [tarification.calculer(c).total for c in tarification.conventions]
    return len(requetes), len(totaux)


def test_dix_ou_deux_cents_conventions_coutent_autant(structure, dpd, modele_tranches, indices_2023):
    comptes = []
    for rangs in (range(10), range(10, 200)):
        for rang in rangs:
            commune = creer_collectivite(structure, f"Commune {rang:03}", f"{100_000_000 + rang}")
            convention = creer_convention(commune, modele_tranches, date(2024, 2, 15))
            creer_devis(commune, exercice=2026)
            intervenir(convention, dpd, 60, le=date(2026, 3, 1 + rang % 28), etat=EtatLigne.VALIDEE)
        comptes.append(compter_requetes(structure, 2026))
    assert comptes[0][0] == comptes[1][0]
    assert [nombre for _, nombre in comptes] == [10, 200]
