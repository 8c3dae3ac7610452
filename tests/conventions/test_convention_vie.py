"""Renouveler, dénoncer, revenir en arrière, prévoir : la règle et l’article sont toujours dits."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from dpd.conventions.actions.convention_vie import denoncer, prevoir, renouveler, retirer_denonciation
from dpd.conventions.enums import CauseFin, NatureBareme, Partie
from dpd.conventions.models import FinConvention, Hausse, Renouvellement
from dpd.messagerie.models import Message
from tests.conventions.conftest import (
    DATES_FIXES,
    EXPRESSE,
    GLISSANTE,
    creer_bareme,
    creer_convention,
    creer_modele,
)
from tests.conventions.refus import refus
from tests.pieces.fabriques import fichier

pytestmark = pytest.mark.django_db
COLLECTIVITE, STRUCTURE = Partie.COLLECTIVITE, Partie.STRUCTURE


@pytest.fixture
def geste(gestionnaire, maintenant):
    return {"auteur": gestionnaire, "maintenant": maintenant}


@pytest.fixture
def expresse(collectivite, structure):
    """Cinq ans au 1er janvier 2021, éteinte le 31 décembre 2025."""
    return creer_convention(collectivite, creer_modele(structure, **EXPRESSE), date(2021, 1, 1))


@pytest.fixture
def glissante(collectivite, structure):
    return creer_convention(collectivite, creer_modele(structure, **GLISSANTE), date(2024, 2, 15))


@pytest.fixture
def hausse(collectivite, structure):
    """Une convention à dates fixes, et la hausse qu’on lui a notifiée le 1er octobre 2026."""
    convention = creer_convention(collectivite, creer_modele(structure, **DATES_FIXES), date(2024, 1, 1))
    bareme = creer_bareme(structure, NatureBareme.FORFAIT_DEVIS, forfaits=[("un", "Un", "900")])
    hausse = Hausse(
        collectivite=collectivite,
        convention=convention,
        bareme=bareme,
        deliberation="2026-12",
        notifiee_le=date(2026, 10, 1),
        limite=date(2027, 1, 1),
    )
    hausse.save()
    return hausse


def relue(convention):
    convention.refresh_from_db()
    return convention


def test_un_renouvellement_presente_a_temps_fait_revivre_la_convention(expresse, geste):
    """Noté après coup, il vaut à la date où la lettre a été présentée."""
    fait = renouveler(
        convention=expresse, notifie_le=date(2025, 6, 15), par=STRUCTURE, fichier=fichier(), **geste
    )
    assert (fait.echeance, relue(expresse).fin) == (date(2026, 1, 1), date(2030, 12, 31))
    assert fait.piece.domaine == "convention"


def test_un_double_envoi_ne_renouvelle_pas_deux_fois(expresse, geste):
    renouveler(convention=expresse, notifie_le=date(2025, 6, 15), par=STRUCTURE, **geste)
    with refus(r"La période en cours commence le 1er.janvier 2026"):
        renouveler(convention=expresse, notifie_le=date(2025, 6, 15), par=STRUCTURE, **geste)
    assert Renouvellement.objects.count() == 1


@pytest.mark.parametrize(
    ("le", "motif"),
    [
        (date(2025, 7, 2), r"au moins 6.mois avant.*au plus tard le 1er.juillet 2025 \(article 9\)"),
        (date(2020, 6, 1), "La période en cours commence le 1er.janvier 2021"),
        (date(2026, 12, 1), "à venir"),
    ],
)
def test_un_renouvellement_mal_date_est_refuse(expresse, geste, le, motif):
    with refus(motif, "notifie_le"):
        renouveler(convention=expresse, notifie_le=le, par=STRUCTURE, fichier=fichier(), **geste)
    assert relue(expresse).fin == date(2025, 12, 31)


def test_une_convention_tacite_ou_denoncee_ne_se_renouvelle_pas(convention, expresse, geste):
    with refus("ne se renouvelle pas expressément"):
        renouveler(convention=convention, notifie_le=date(2025, 6, 1), par=STRUCTURE, **geste)
    denoncer(
        convention=expresse,
        cause=CauseFin.DENONCIATION,
        par=COLLECTIVITE,
        notifiee_le=date(2024, 1, 1),
        **geste,
    )
    with refus("déjà dénoncée"):
        renouveler(convention=expresse, notifie_le=date(2024, 3, 1), par=STRUCTURE, **geste)


def test_un_projet_ne_se_renouvelle_pas(collectivite, structure, geste):
    projet = creer_convention(collectivite, creer_modele(structure, **EXPRESSE), None)
    with refus("pas encore signée"):
        renouveler(convention=projet, notifie_le=date(2025, 6, 1), par=STRUCTURE, **geste)


def test_une_denonciation_a_temps_calcule_son_dernier_jour(convention, geste, referent, dpd):
    fin = denoncer(
        convention=convention,
        cause=CauseFin.DENONCIATION,
        par=COLLECTIVITE,
        notifiee_le=date(2026, 11, 13),
        deliberation="2026-44",
        motif=" Choix d’un autre service. ",
        fichier=fichier(),
        **geste,
    )
    assert (fin.fin, relue(convention).fin) == (date(2027, 2, 14), date(2027, 2, 14))
    assert "article 6.4" in fin.regle
    assert (fin.motif, fin.piece.domaine) == ("Choix d’un autre service.", "convention")
    recus = {m.destinataire for m in Message.objects.filter(nature="conventions.convention_denoncee")}
    assert recus == {referent.email, dpd.email}


def test_hors_delai_le_refus_montre_la_regle_l_article_et_la_premiere_fin(convention, geste):
    with pytest.raises(ValidationError) as erreur:
        denoncer(
            convention=convention,
            cause=CauseFin.DENONCIATION,
            par=COLLECTIVITE,
            notifiee_le=date(2026, 11, 20),
            fin_voulue=date(2027, 2, 14),
            fichier=fichier(),
            **geste,
        )
    (phrase,) = erreur.value.message_dict["fin_voulue"]
    assert "hors délai" in phrase
    assert "3 mois avant l’échéance" in phrase
    assert "article 6.4" in phrase
    assert "14\u00a0février 2028" in phrase
    assert not FinConvention.objects.exists()
    assert relue(convention).fin is None


def test_un_double_envoi_ne_denonce_pas_deux_fois(convention, geste):
    demande = {"cause": CauseFin.DENONCIATION, "par": COLLECTIVITE, "notifiee_le": date(2026, 11, 13)}
    denoncer(convention=convention, **demande, **geste)
    with refus("déjà dénoncée"):
        denoncer(convention=convention, **demande, **geste)
    assert FinConvention.objects.count() == 1


def test_un_preavis_glissant_se_compte_depuis_la_presentation(glissante, geste):
    fin = denoncer(
        convention=glissante,
        cause=CauseFin.DENONCIATION,
        par=STRUCTURE,
        notifiee_le=date(2026, 11, 21),
        **geste,
    )
    assert fin.fin == date(2027, 1, 21)


def test_une_hausse_ouvre_un_delai_pour_denoncer(hausse, geste):
    fin = denoncer(
        convention=hausse.convention,
        cause=CauseFin.HAUSSE,
        par=COLLECTIVITE,
        notifiee_le=date(2026, 11, 3),
        hausse=hausse,
        **geste,
    )
    assert fin.fin == date(2026, 10, 1)
    assert "article 23" in fin.regle


def test_une_hausse_d_une_autre_convention_est_refusee(hausse, convention, geste):
    with refus("autre convention", "hausse"):
        denoncer(
            convention=convention,
            cause=CauseFin.HAUSSE,
            par=COLLECTIVITE,
            notifiee_le=date(2026, 11, 3),
            hausse=hausse,
            **geste,
        )


def test_passe_le_delai_d_une_hausse_le_refus_est_sous_la_date(hausse, geste):
    hausse.notifiee_le = date(2026, 5, 1)
    hausse.save()
    with refus("article 23", "notifiee_le"):
        denoncer(
            convention=hausse.convention,
            cause=CauseFin.HAUSSE,
            par=COLLECTIVITE,
            notifiee_le=date(2026, 11, 3),
            hausse=hausse,
            **geste,
        )


def test_un_commun_accord_finit_a_la_date_convenue(convention, geste):
    fin = denoncer(
        convention=convention,
        cause=CauseFin.ACCORD,
        par=STRUCTURE,
        notifiee_le=date(2026, 11, 1),
        fin_voulue=date(2026, 12, 31),
        **geste,
    )
    assert (fin.fin, relue(convention).fin) == (date(2026, 12, 31), date(2026, 12, 31))


def test_une_cause_impossible_se_dit_en_tete(convention, geste):
    with refus("Indiquez le dernier jour"):
        denoncer(
            convention=convention,
            cause=CauseFin.ACCORD,
            par=STRUCTURE,
            notifiee_le=date(2026, 11, 1),
            **geste,
        )


def test_une_convention_finie_ne_se_denonce_plus(expresse, geste):
    with refus(r"a pris fin le 31.décembre 2025"):
        denoncer(
            convention=expresse,
            cause=CauseFin.DENONCIATION,
            par=STRUCTURE,
            notifiee_le=date(2026, 2, 1),
            **geste,
        )


@pytest.fixture
def denoncee(convention, geste):
    denoncer(
        convention=convention,
        cause=CauseFin.DENONCIATION,
        par=COLLECTIVITE,
        notifiee_le=date(2026, 11, 13),
        **geste,
    )
    return relue(convention)


def test_une_denonciation_retiree_reste_lisible(denoncee, geste):
    fin = retirer_denonciation(convention=denoncee, motif="Nouveau vote.", **geste)
    assert (fin.retiree_le, fin.motif_retrait) == (date(2026, 11, 23), "Nouveau vote.")
    assert relue(denoncee).fin is None
    assert FinConvention.objects.count() == 1
    with refus("Aucune dénonciation"):
        retirer_denonciation(convention=denoncee, motif="Encore.", **geste)


def test_un_retrait_se_motive(denoncee, geste):
    with refus("Dites pourquoi", "motif"):
        retirer_denonciation(convention=denoncee, motif=" ", **geste)


def test_une_denonciation_qui_a_pris_effet_ne_se_retire_plus(denoncee, gestionnaire, maintenant):
    with refus(r"a pris fin le 14.février 2027"):
        retirer_denonciation(
            convention=denoncee,
            motif="Trop tard.",
            auteur=gestionnaire,
            maintenant=maintenant.replace(year=2027, month=3),
        )


def test_un_retrait_ne_ranime_pas_un_exercice_deja_pris(denoncee, structure, collectivite, geste):
    creer_convention(collectivite, creer_modele(structure, **GLISSANTE), date(2028, 1, 1))
    with refus("couvre déjà l’exercice 2028"):
        retirer_denonciation(convention=denoncee, motif="Nouveau vote.", **geste)
    assert relue(denoncee).fin == date(2027, 2, 14)
    assert FinConvention.objects.get().retiree_le is None


def test_le_forfait_et_les_jours_prevus_se_notent_une_fois(convention, geste):
    voulu = {
        "forfait_code": "premier",
        "jours_mise_en_place": Decimal("12.5"),
        "jours_accompagnement": None,
    }
    prevoir(convention=convention, **voulu, **geste)
    prevoir(convention=convention, **voulu, **geste)
    assert relue(convention).jours_mise_en_place == Decimal("12.50")
    assert convention.history.count() == 2  # le double envoi n’écrit rien


def test_un_nombre_de_jours_n_est_pas_negatif(convention, geste):
    with refus("n’est pas négatif", "jours_accompagnement"):
        prevoir(
            convention=convention,
            forfait_code="",
            jours_mise_en_place=None,
            jours_accompagnement=Decimal("-1"),
            **geste,
        )


def test_une_convention_finie_ne_se_prevoit_plus(expresse, geste):
    with refus("a pris fin"):
        prevoir(
            convention=expresse,
            forfait_code="x",
            jours_mise_en_place=None,
            jours_accompagnement=None,
            **geste,
        )
