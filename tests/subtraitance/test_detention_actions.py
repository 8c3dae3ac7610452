"""Ce que la structure détient : durées de la convention, échéances, destructions prouvées."""

import hashlib
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from dpd.conventions.models import ModeleConvention
from subtraitance.actions import detention as actions
from subtraitance.enums import LotDetenu, UniteDetention
from subtraitance.models import DonneesDetenues, RegleDetention
from tests.conventions.conftest import creer_convention, creer_modele
from tests.subtraitance.fabriques_s1 import JOUR, LUNDI, detruire, lot_d_essai, regle_d_essai

pytestmark = pytest.mark.django_db
DEMAIN = date(2026, 11, 24)
HIER = date(2026, 11, 22)
FIN = date(2027, 3, 31)


def refus(action, *args, **arguments):
    with pytest.raises(ValidationError) as leve:
        action(*args, **arguments)
    erreur = leve.value
    return erreur.message_dict if hasattr(erreur, "error_dict") else {"": erreur.messages}


@pytest.fixture
def convention(structure, collectivite):
    """Montpezat sous convention, que rien ne finit ; à appeler pour qu’elle finisse ce jour-là, ou jamais."""
    signee = creer_convention(collectivite, creer_modele(structure), date(2025, 1, 1), fin=None)

    def finit(fin):
        signee.fin = fin
        signee.save()

    return finit


@pytest.mark.parametrize(
    ("type", "quantite", "unite", "recu_le", "echeance"),
    [
        ("sauvegarde", 3, "mois", date(2026, 8, 31), date(2026, 11, 30)),
        ("certificat", 15, "jours_ouvres", date(2026, 11, 2), date(2026, 11, 24)),
        ("proces_verbal", 3, "annees", date(2024, 2, 29), date(2027, 2, 28)),
        ("teleassistance", None, "intervention", JOUR, JOUR),
        ("assistance", None, "convention", JOUR, None),
    ],
)
def test_l_echeance_suit_la_regle_du_type(
    structure, dpd, agent, collectivite, convention, type, quantite, unite, recu_le, echeance
):
    regle = regle_d_essai(structure, dpd, LotDetenu(type), quantite, UniteDetention(unite))
    lot = lot_d_essai(collectivite, agent, recu_le, type=LotDetenu(type))
    assert lot.echeance == echeance
    assert lot.regle == actions.regle_dite(regle)
    assert "Convention, annexe, article 8" in lot.regle


def test_sans_regle_un_lot_se_note_quand_meme_et_le_dit(collectivite, agent):
    lot = lot_d_essai(collectivite, agent)
    assert (lot.regle, lot.echeance) == (actions.SANS_REGLE, None)


def test_l_historique_d_un_lot_garde_ce_qu_un_autre_vient_d_y_ecrire(
    structure, dpd, agent, collectivite, au_verrou
):
    lot = lot_d_essai(collectivite, agent)
    seul = QuerySet(DonneesDetenues).filter(pk=lot.pk)
    au_verrou(DonneesDetenues, lambda: seul.update(description="Corrigée"))
    regle_d_essai(structure, dpd)
    assert lot.history.latest().description == "Corrigée"


def test_un_lot_renvoye_dans_la_minute_ne_se_note_qu_une_fois(collectivite, agent, dpd):
    lot = lot_d_essai(collectivite, agent)
    assert lot_d_essai(collectivite, agent, maintenant=LUNDI + timedelta(seconds=59)) == lot
    autres = {
        lot_d_essai(collectivite, agent, maintenant=LUNDI + timedelta(minutes=1)),
        lot_d_essai(collectivite, dpd),
        lot_d_essai(collectivite, agent, description="Sauvegarde de l’état civil"),
    }
    assert lot not in autres
    assert len(autres) == 3


def test_une_regle_nouvelle_sert_les_lots_sans_duree_et_laisse_les_autres(
    structure, dpd, agent, collectivite
):
    sans = lot_d_essai(collectivite, agent, HIER)
    regle_d_essai(structure, dpd, quantite=3)
    sans.refresh_from_db()
    assert (sans.echeance, sans.history.first().history_user) == (date(2027, 2, 22), dpd)
    regle_d_essai(structure, dpd, quantite=1)
    sans.refresh_from_db()
    assert sans.echeance == date(2027, 2, 22)
    assert lot_d_essai(collectivite, agent).echeance == date(2026, 12, 23)
    assert RegleDetention.objects.get().quantite == 1


def test_une_duree_refuse_l_oubli_du_nombre_ou_de_la_source(structure, dpd):
    base = {"structure": structure, "type": LotDetenu.AUTRE, "auteur": dpd, "maintenant": LUNDI}
    sans_source = {**base, "unite": UniteDetention.MOIS, "quantite": 1, "source": " "}
    assert refus(actions.regler, **sans_source) == {"source": [actions.QUI_LE_DIT]}
    sans_nombre = {**base, "unite": UniteDetention.MOIS, "source": "x"}
    assert refus(actions.regler, **sans_nombre) == {"quantite": [actions.COMBIEN]}
    ignoree = actions.regler(**base, unite=UniteDetention.INTERVENTION, source="x", quantite=5)
    assert ignoree.quantite is None


def test_un_lot_refuse_le_futur_l_ailleurs_et_une_fausse_empreinte(collectivite, lointaine, structure, agent):
    base = {"structure": structure, "type": LotDetenu.AUTRE, "description": "x"}
    base |= {"auteur": agent, "maintenant": LUNDI}
    futur = {**base, "collectivite": collectivite, "recu_le": DEMAIN}
    assert refus(actions.enregistrer_lot, **futur) == {"recu_le": [actions.FUTUR]}
    ailleurs = {**base, "collectivite": lointaine, "recu_le": JOUR}
    assert refus(actions.enregistrer_lot, **ailleurs) == {"collectivite": [actions.D_AILLEURS]}
    fausse = {**base, "collectivite": collectivite, "recu_le": JOUR, "empreinte": "abc"}
    assert refus(actions.enregistrer_lot, **fausse) == {"empreinte": [actions.EMPREINTE]}
    assert not DonneesDetenues.objects.exists()


def test_l_empreinte_se_garde_en_minuscules(collectivite, agent):
    empreinte = hashlib.sha256(b"x").hexdigest()
    assert lot_d_essai(collectivite, agent, empreinte=f" {empreinte.upper()} ").empreinte == empreinte


@pytest.mark.parametrize(("restitue", "raison"), [(False, "Données détruites"), (True, "Données restituées")])
def test_une_destruction_dit_qui_quand_et_comment(collectivite, voisine, agent, restitue, raison):
    lots = [lot_d_essai(c, agent, HIER) for c in (collectivite, voisine)]
    assert len(detruire(agent, *lots, restitue=restitue)) == 2
    for lot in DonneesDetenues.objects.all():
        assert (lot.detruit_le, lot.detruit_par, lot.restitue) == (JOUR, agent, restitue)
        assert lot.detruit_comment == "Effacement du serveur et de ses copies"
        assert lot.history.first().history_change_reason == raison


def test_une_destruction_refuse_le_futur_l_anterieur_le_vide_et_le_deja_fait(
    collectivite, lointaine, structure, agent
):
    lot = lot_d_essai(collectivite, agent)
    assert refus(detruire, agent, lot, le=DEMAIN) == {"le": [actions.FUTUR]}
    assert refus(detruire, agent, lot, le=HIER) == {"le": [actions.AVANT_RECEPTION]}
    assert refus(detruire, agent, lot, comment=" ") == {"comment": [actions.COMMENT]}
    geste = {"structure": structure, "le": JOUR, "comment": "x", "auteur": agent, "maintenant": LUNDI}
    assert refus(actions.detruire_lots, **geste, lots=[]) == {"": [actions.AUCUN]}
    detruire(agent, lot)
    assert refus(detruire, agent, lot) == {"": [actions.DEJA]}
    ailleurs = lot_d_essai(lointaine, agent)
    assert actions.detruire_lots(**geste, lots=[ailleurs]) == []
    ailleurs.refresh_from_db()
    assert ailleurs.detruit_le is None


def test_la_fin_de_la_convention_fixe_l_echeance_puis_la_rend(
    structure, dpd, agent, collectivite, voisine, convention
):
    regle_d_essai(structure, dpd, LotDetenu.ASSISTANCE, None, UniteDetention.CONVENTION)
    lot = lot_d_essai(collectivite, agent, type=LotDetenu.ASSISTANCE)
    lot_d_essai(voisine, agent, type=LotDetenu.ASSISTANCE)
    assert actions.fixer_les_echeances(structure=structure, maintenant=LUNDI) == 0
    convention(FIN)
    assert actions.fixer_les_echeances(structure=structure, maintenant=LUNDI) == 1
    assert actions.fixer_les_echeances(structure=structure, maintenant=LUNDI) == 0
    lot.refresh_from_db()
    assert lot.echeance == FIN
    convention(date(2027, 6, 30))
    assert actions.fixer_les_echeances(structure=structure, maintenant=LUNDI) == 1
    lot.refresh_from_db()
    assert lot.echeance == date(2027, 6, 30)
    convention(None)
    assert actions.fixer_les_echeances(structure=structure, maintenant=LUNDI) == 1
    lot.refresh_from_db()
    assert lot.echeance is None


def test_une_convention_finie_puis_une_autre_en_cours_ne_fixent_rien(
    structure, dpd, agent, collectivite, convention
):
    regle_d_essai(structure, dpd, LotDetenu.ASSISTANCE, None, UniteDetention.CONVENTION)
    lot_d_essai(collectivite, agent, type=LotDetenu.ASSISTANCE)
    suivante = creer_convention(collectivite, ModeleConvention.objects.get(), FIN, fin=None)
    convention(FIN)
    assert actions.echeances_a_fixer(structure) == []
    suivante.fin = date(2028, 3, 31)
    suivante.save()
    (lot,) = actions.echeances_a_fixer(structure)
    assert lot.echeance == date(2028, 3, 31)


def test_un_lot_recu_apres_la_fin_de_la_convention_est_deja_a_detruire(
    structure, dpd, agent, collectivite, convention
):
    convention(date(2026, 1, 1))
    regle_d_essai(structure, dpd, LotDetenu.ASSISTANCE, None, UniteDetention.CONVENTION)
    assert lot_d_essai(collectivite, agent, type=LotDetenu.ASSISTANCE).echeance == JOUR
    assert actions.fixer_les_echeances(structure=structure, maintenant=LUNDI) == 0


def test_sans_regle_de_convention_rien_ne_change(structure, agent, collectivite):
    lot_d_essai(collectivite, agent)
    assert actions.fixer_les_echeances(structure=structure, maintenant=LUNDI) == 0


def test_la_fin_se_lit_dans_les_conventions_signees(collectivite, voisine, lointaine, structure):
    modele = creer_modele(structure)
    creer_convention(collectivite, modele, date(2025, 1, 1), fin=date(2026, 6, 30))
    creer_convention(collectivite, modele, date(2026, 7, 1), fin=FIN)
    creer_convention(voisine, modele, date(2025, 1, 1), fin=FIN)
    creer_convention(voisine, modele, date(2026, 1, 1))
    pks = [collectivite.pk, voisine.pk, lointaine.pk]
    assert actions.fins_de_convention(pks) == {collectivite.pk: FIN}
