"""Le message aux personnes : ce qu’il reprend du dossier, ce qu’il lui manque."""

from datetime import date

import pytest

from violations.enums import DonneesTouchees as D
from violations.enums import NatureViolation as N
from violations.enums import PersonnesTouchees as P
from violations.regles.message_personnes import (
    FAIRE,
    FAIT,
    JOINDRE,
    PASSE,
    POINTS,
    RISQUE,
    Dossier,
    Partie,
    a_ecrire,
    manques,
    parties,
    proposer,
)
from violations.regles.message_phrases import CONSEILS, NOMS, RISQUES, SURVENUE

COMPLET = {
    "organisme": "Commune de Montpezat",
    "fait": "Des parents ont pu lire des dossiers d’autres familles.",
    "le": date(2026, 11, 18),
    "natures": (N.CONFIDENTIALITE,),
    "donnees": (D.ETAT_CIVIL, D.COORDONNEES, D.SANTE),
    "consequences": "Des voisins pourraient connaître une allergie.",
    "mesures": "Nous avons fermé le portail.",
    "dpd": "Nadège Roucoules",
    "joindre": ("dpd@cdg.example", "05 36 49 12 34"),
}


def message(**champs):
    return proposer(Dossier(**{**COMPLET, **champs}))


def section(texte, titre):
    return next(partie for partie in parties(texte) if partie.titre == titre)


def test_un_dossier_complet_donne_un_message_complet():
    texte = message()
    assert manques(texte) == []
    assert a_ecrire(texte) == []
    assert [p.titre for p in parties(texte)] == ["", PASSE, RISQUE, FAIT, FAIRE, JOINDRE, ""]


def test_le_fait_se_date_en_toutes_lettres():
    assert (
        "Mercredi 18\u00a0novembre 2026\u00a0: des parents ont pu lire des dossiers d’autres familles."
        in message()
    )
    assert "\nDes parents ont pu lire" in message(le=None)


def test_ce_qui_dure_encore_se_dit():
    assert "Ce n’est pas encore terminé" in message(en_cours=True)


@pytest.mark.parametrize("nature", N)
def test_chaque_nature_a_sa_phrase(nature):
    assert SURVENUE[nature] in message(natures=(nature,))


@pytest.mark.parametrize("donnee", NOMS)
def test_chaque_donnee_se_nomme_avec_son_risque_et_son_conseil(donnee):
    texte = message(donnees=(donnee,))
    assert NOMS[donnee] in texte
    assert RISQUES[donnee] in section(texte, RISQUE).puces
    if donnee in CONSEILS:
        assert CONSEILS[donnee] in section(texte, FAIRE).puces


def test_toute_donnee_du_teleservice_a_un_nom_sauf_les_vagues():
    assert set(D) - set(NOMS) == {D.INCONNUES, D.AUTRES}


def test_un_meme_risque_ne_se_dit_qu_une_fois():
    risques = section(message(donnees=(D.ETAT_CIVIL, D.NIR, D.DOCUMENTS)), RISQUE).puces
    assert risques == ("Quelqu’un pourrait se faire passer pour vous.",)


def test_sans_perte_de_confidentialite_personne_n_a_rien_lu():
    texte = message(natures=(N.DISPONIBILITE,))
    assert "se faire passer pour vous" not in texte
    assert FAIRE not in texte
    assert "Une démarche pourrait prendre du retard" in texte


def test_une_precision_ecrite_rejoint_les_donnees():
    texte = message(donnees=(D.AUTRES,), donnees_precision="les menus de la cantine.")
    assert "Les données touchées\u00a0: les menus de la cantine." in texte


def test_des_donnees_encore_inconnues_se_disent():
    assert "Nous cherchons encore" in message(donnees=(D.INCONNUES,))


def test_un_mineur_peut_etre_touche_par_ses_parents():
    assert "ou qui concerne votre enfant" in message(personnes=(P.MINEURS,))
    assert "enfant" not in message(personnes=(P.EMPLOYES,), consequences="")


def test_ce_que_le_dossier_ignore_reste_entre_crochets_et_se_nomme():
    texte = message(donnees=(), natures=(), consequences="", mesures="", joindre=())
    assert a_ecrire(texte) == [
        "quelles données sont touchées",
        "ce qui pourrait arriver aux personnes",
        "ce qui a été fait pour y mettre fin",
        "un courriel ou un téléphone",
    ]
    assert manques(texte) == [POINTS["contact"], POINTS["consequences"], POINTS["mesures"]]


def test_sans_nom_de_delegue_on_joint_qui_tient_le_dossier():
    assert "la personne chargée du dossier" in message(dpd="")


def test_un_texte_libre_qui_dit_tout_passe_sans_nos_titres():
    libre = (
        "Vos coordonnées ont été envoyées par erreur à un autre habitant.\n"
        "Vous pourriez recevoir des appels trompeurs. Nous avons demandé la suppression du courriel.\n"
        "Une question ? Appelez la mairie au 05.63.02.00.00."
    )
    assert manques(libre) == []


@pytest.mark.parametrize(
    ("retire", "point"),
    [
        ("Vous pourriez recevoir des appels trompeurs.", "consequences"),
        ("Nous avons demandé la suppression.", "mesures"),
        ("Joignez la mairie\u00a0: mairie@montpezat.example.", "contact"),
        ("Votre dossier a été consulté.", "nature"),
    ],
)
def test_chaque_point_retire_se_nomme(retire, point):
    texte = (
        "Votre dossier a été consulté. Vous pourriez recevoir des appels trompeurs. "
        "Nous avons demandé la suppression. Joignez la mairie\u00a0: mairie@montpezat.example."
    )
    assert manques(texte) == []
    assert POINTS[point] in manques(texte.replace(retire, ""))


def test_un_titre_vide_ne_dit_rien():
    assert POINTS["mesures"] in manques(f"{PASSE}\nUn vol.\n\n{FAIT}\n\n{JOINDRE}\na@b.fr")


def test_un_message_vide_manque_de_tout():
    assert manques("") == list(POINTS.values())
    assert parties("") == []


def test_le_decoupage_suit_les_titres_les_puces_et_les_lignes_vides():
    assert parties(f"Bonjour,\n\n{FAIRE} :\n– Un\n– Deux\nEt aussi\n\nLa mairie") == [
        Partie("", ("Bonjour,",)),
        Partie(FAIRE, ("Et aussi",), ("Un", "Deux")),
        Partie("", ("La mairie",)),
    ]
