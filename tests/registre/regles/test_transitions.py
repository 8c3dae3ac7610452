"""La vie d’une version : chaque geste, chaque refus, et jamais de validation par le DPD."""

from itertools import product

import pytest

from registre.regles.transitions import TRANSITIONS, Etat, Geste, gestes_possibles, suivant, transition

PERMIS = {
    ("brouillon", "transmettre"): ("transmise", {"referent", "dpd"}, False),
    ("brouillon", "abandonner"): ("retiree", {"referent", "dpd"}, False),
    ("transmise", "reprendre"): ("brouillon", {"referent", "dpd"}, False),
    ("avis_rendu", "reprendre"): ("brouillon", {"referent", "dpd"}, False),
    ("transmise", "rendre_avis"): ("avis_rendu", {"dpd"}, False),
    ("transmise", "adopter"): ("adoptee", {"decideur"}, True),
    ("avis_rendu", "adopter"): ("adoptee", {"decideur"}, False),
    ("transmise", "renvoyer"): ("brouillon", {"decideur"}, True),
    ("avis_rendu", "renvoyer"): ("brouillon", {"decideur"}, True),
    ("adoptee", "abroger"): ("abrogee", {"decideur"}, True),
    ("adoptee", "remplacer"): ("remplacee", set(), False),
}


@pytest.mark.parametrize(("etat", "geste"), list(product(Etat, Geste)))
def test_la_table_permet_ces_gestes_et_eux_seuls(etat, geste):
    if (etat, geste) not in PERMIS:
        with pytest.raises(ValueError, match=r"Cette version est .* impossible de"):
            suivant(etat, geste)
        return
    arrivee, roles, motif = PERMIS[(etat, geste)]
    assert suivant(etat, geste) == arrivee
    assert transition(etat, geste) == (arrivee, roles, motif)


def test_le_dpd_conseille_et_ne_decide_jamais():
    gestes_du_dpd = {geste for (_, geste), passage in TRANSITIONS.items() if "dpd" in passage.roles}
    assert gestes_du_dpd == {Geste.TRANSMETTRE, Geste.ABANDONNER, Geste.REPRENDRE, Geste.RENDRE_AVIS}
    vers_adoptee = [passage for passage in TRANSITIONS.values() if passage.suivant == Etat.ADOPTEE]
    assert all(passage.roles == {"decideur"} for passage in vers_adoptee)


def test_adopter_sans_avis_demande_un_motif():
    assert transition("transmise", "adopter").motif_obligatoire
    assert not transition("avis_rendu", "adopter").motif_obligatoire


def test_une_version_remplacee_ou_abrogee_ne_bouge_plus():
    assert not any(etat in (Etat.REMPLACEE, Etat.ABROGEE) for etat, _ in TRANSITIONS)


def test_le_refus_se_lit_en_francais():
    with pytest.raises(ValueError, match=r"Cette version est abrogée.: impossible de l’adopter"):
        suivant("abrogee", "adopter")


@pytest.mark.parametrize(("etat", "geste"), [("inconnu", "adopter"), ("brouillon", "valider")])
def test_un_etat_ou_un_geste_inconnu_est_refuse(etat, geste):
    with pytest.raises(ValueError, match="État ou geste inconnu"):
        suivant(etat, geste)


@pytest.mark.parametrize(
    ("etat", "role", "gestes"),
    [
        ("brouillon", "referent", ("transmettre", "abandonner")),
        ("brouillon", "decideur", ()),
        ("transmise", "decideur", ("adopter", "renvoyer")),
        ("transmise", "dpd", ("reprendre", "rendre_avis")),
        ("adoptee", "decideur", ("abroger",)),
        ("adoptee", "dpd", ()),
        ("transmise", "lecteur", ()),
    ],
)
def test_chaque_role_ne_voit_que_ses_gestes(etat, role, gestes):
    assert gestes_possibles(etat, role) == gestes
