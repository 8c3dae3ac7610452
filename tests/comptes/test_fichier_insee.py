"""Lire un fichier de l’INSEE : tout ce qui est connu se lit, tout ce qui est faux se nomme."""

from pathlib import Path

import pytest

from dpd.comptes.regles.fichier_insee import ERREURS_MAX, FichierIllisible, est_arrondissement, lire
from dpd.comptes.regles.millesime import dernier_millesime, entree_en_vigueur

DOSSIER = Path(__file__).resolve().parent.parent / "donnees" / "insee"


def lire_fichier(nom, **options):
    return lire((DOSSIER / nom).read_bytes(), **options)


@pytest.mark.parametrize("nom", ["recent.csv", "recent_marque.csv", "recent_cp1252.csv"])
def test_le_fichier_recent_se_lit_quel_que_soit_son_encodage(nom):
    lecture = lire_fichier(nom)
    assert lecture.erreurs == ()
    assert [c.code for c in lecture.communes] == ["01001", "01005", "01152", "2A004", "75101"]
    echallon = lecture.communes[2]
    assert (echallon.nom, echallon.municipale, echallon.a_part, echallon.totale) == ("Échallon", 774, 26, 800)
    assert lecture.totaux == (18650, 271, 18921)


def test_les_lignes_vides_ne_comptent_pas():
    octets = (DOSSIER / "recent.csv").read_bytes() + b"\n;;;;;;;;;;\n"
    assert lire(octets) == lire_fichier("recent.csv")


def test_dans_l_ancien_fichier_la_colonne_com_porte_le_nom():
    lecture = lire_fichier("ancien.csv")
    assert [(c.code, c.nom, c.totale) for c in lecture.communes] == [
        ("01001", "L’Abergement-Clémenciat", 875),
        ("2A004", "Ajaccio", 105),
        ("97101", "Les Abymes", 50_500),
    ]


def test_le_fichier_de_mayotte_n_a_pas_de_nom():
    lecture = lire_fichier("mayotte.csv")
    assert [(c.code, c.nom, c.totale) for c in lecture.communes] == [
        ("97601", "", 5384),
        ("97608", "", 18237),
    ]


@pytest.mark.parametrize(
    ("nom", "phrase"),
    [
        ("colonne_manquante.csv", "Il manque la colonne PTOT."),
        ("sans_departement.csv", "Il manque la colonne CODDEP."),
        ("colonne_double.csv", "Une colonne est en double\u00a0: PMUN."),
        ("virgules.csv", "Le séparateur attendu est le point-virgule."),
        ("vide.csv", "Il manque les colonnes COM, PMUN, PCAP et PTOT."),
        ("entete_seul.csv", "aucune commune"),
        ("tronque_octet.csv", "Le fichier est tronqué"),
        ("archive.csv", "archive"),
        ("utf16.csv", "pas un CSV en UTF-8"),
        ("encodage_inconnu.csv", "ni UTF-8 ni Windows-1252"),
    ],
)
def test_un_fichier_illisible_est_refuse_en_disant_pourquoi(nom, phrase):
    with pytest.raises(FichierIllisible, match=phrase.replace(".", r"\.")):
        lire_fichier(nom)


def test_un_guillemet_jamais_ferme_est_refuse():
    octets = b'COM;Commune;PMUN;PCAP;PTOT\n01001;"' + b"x" * 140_000
    with pytest.raises(FichierIllisible, match="La ligne 2 est illisible"):
        lire(octets)


@pytest.mark.parametrize(
    ("nom", "ligne", "phrase"),
    [
        (
            "tronque_ligne.csv",
            4,
            "la ligne est coupée, le fichier est sans doute tronqué\u00a0: 8 valeurs au lieu de 11",
        ),
        ("tronque_nombre.csv", 4, "Échallon\u00a0: la population totale 8 n’est pas la somme de 774 et 26"),
        ("ligne_trop_longue.csv", 2, "la ligne est trop longue\u00a0: 12 valeurs au lieu de 11"),
        ("doublon.csv", 4, "la commune 01001 est déjà dans le fichier"),
        ("negative.csv", 2, "une population ne peut pas être négative (-16)"),
        ("somme_fausse.csv", 2, "la population totale 876 n’est pas la somme de 859 et 16"),
        ("pas_un_nombre.csv", 2, "«\u00a0seize\u00a0» n’est pas un nombre d’habitants"),
        ("zero_perdu.csv", 2, "«\u00a01001\u00a0» n’est pas un code INSEE de commune"),
    ],
)
def test_une_ligne_fausse_est_nommee_avec_son_numero(nom, ligne, phrase):
    lecture = lire_fichier(nom)
    assert lecture.nb_erreurs == 1
    assert lecture.erreurs[0].ligne == ligne
    assert phrase in lecture.erreurs[0].message


def test_un_total_annonce_different_refuse_le_fichier():
    assert lire_fichier("recent.csv", municipale_publiee=18_650).erreurs == ()
    lecture = lire_fichier("recent.csv", municipale_publiee=18_651)
    assert "l’INSEE annonce 18\u202f651" in lecture.erreurs[0].message


def test_une_ligne_fausse_passe_avant_un_total_different():
    lecture = lire_fichier("somme_fausse.csv", municipale_publiee=1)
    assert [e.ligne for e in lecture.erreurs] == [2]


def test_les_erreurs_montrees_sont_bornees_et_toutes_comptees():
    octets = ("COM;Commune;PMUN;PCAP;PTOT\n" + "faux;Rien;1;1;2\n" * 70).encode()
    lecture = lire(octets)
    assert (len(lecture.erreurs), lecture.nb_erreurs) == (ERREURS_MAX, 70)


@pytest.mark.parametrize(
    ("code", "attendu"),
    [("75101", True), ("69389", True), ("13201", True), ("75056", False), ("13217", False)],
)
def test_les_arrondissements_de_paris_lyon_et_marseille_se_reconnaissent(code, attendu):
    assert est_arrondissement(code) is attendu


def test_un_millesime_vaut_trois_ans_apres_l_annee_qu_il_decrit(maintenant):
    assert entree_en_vigueur(2023).isoformat() == "2026-01-01"
    assert dernier_millesime(maintenant.date()) == 2023  # novembre 2026 : celui de 2024 paraît en décembre
    assert dernier_millesime(maintenant.date().replace(month=12)) == 2024


@pytest.mark.parametrize("demesuree", ["100000001", "9" * 5000])
def test_une_population_demesuree_est_refusee_avant_la_base(demesuree):
    texte = f"REG;DEP;COM;PMUN;PCAP;PTOT\n06;976;97601;{demesuree};0;{demesuree}\n"
    (erreur,) = lire(texte.encode()).erreurs
    assert "la population dépasse 100" in erreur.message


def test_la_plus_grande_population_admise_se_lit():
    texte = "REG;DEP;COM;PMUN;PCAP;PTOT\n06;976;97601;100000000;0;100000000\n"
    assert lire(texte.encode()).totaux == (100_000_000, 0, 100_000_000)
