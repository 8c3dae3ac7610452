"""Les sept critères de l’article 30-1, et la façon de nommer ce qui manque."""

from dataclasses import replace

import pytest
from hypothesis import given

from registre.regles.completude import (
    CRITERES,
    Completude,
    Manque,
    evaluer,
    lettres_manquantes,
    phrase,
)
from registre.regles.contenu import (
    Duree,
    Fiche,
    LigneDestinataire,
    LigneDonnees,
    LigneFinalite,
    LigneMesure,
    LignePersonnes,
    LigneTransfert,
    Responsable,
)
from registre.regles.noms_simples import NOMS_DE_DONNEES
from tests.registre.regles.fiches import CANTINE, FICHES, RIB


def test_une_fiche_complete_ne_manque_de_rien():
    completude = evaluer(CANTINE)
    assert completude == Completude(1.0, ())
    assert completude.est_complete
    assert (completude.remplis, completude.total) == (7, 7)
    assert lettres_manquantes(completude) == ""
    assert phrase(completude) == "Complète"


def test_une_fiche_vide_manque_de_tout():
    completude = evaluer(Fiche())
    assert completude.taux == 0
    assert lettres_manquantes(completude) == "abcdefg"
    assert [manque.etape for manque in completude.manquants] == [7, 1, 2, 4, 5, 3, 6]
    assert phrase(completude).startswith("Il manque sept choses\u00a0: qui est responsable")


def test_le_denominateur_est_la_liste_testee():
    assert [critere.lettre for critere in CRITERES] == list("abcdefg")
    sans_securite = evaluer(replace(CANTINE, mesures=()))
    assert sans_securite.taux == (len(CRITERES) - 1) / len(CRITERES)


@given(FICHES)
def test_le_taux_est_toujours_le_compte_des_criteres_remplis(fiche):
    completude = evaluer(fiche)
    assert 0 <= completude.taux <= 1
    assert completude.remplis + len(lettres_manquantes(completude)) == len(CRITERES)
    assert completude.taux == completude.remplis / completude.total
    assert all(manque.phrase and 1 <= manque.etape <= 7 for manque in completude.manquants)


SANS_DUREE = replace(RIB, duree=Duree())


def test_une_seule_duree_manquante_est_nommee_par_la_donnee():
    fiche = replace(CANTINE, donnees=(*CANTINE.donnees[:2], SANS_DUREE))
    attendue = "combien de temps vous gardez les coordonnées bancaires"
    assert evaluer(fiche).manquants == (Manque("f", "Durées de conservation", attendue, 3),)
    assert phrase(evaluer(fiche)) == f"Il manque une seule chose\u00a0: {attendue}"


def test_plusieurs_manques_sont_separes_et_comptes_en_lettres():
    fiche = replace(CANTINE, destinataires=(), mesures=(), transferts_reponse="")
    assert phrase(evaluer(fiche)) == (
        "Il manque trois choses\u00a0: qui reçoit les données\u202f; si des données partent hors d’Europe"
        "\u202f; comment vous protégez les données"
    )


SANS_RIEN = Responsable()


@pytest.mark.parametrize(
    ("champs", "lettre", "etape", "attendue"),
    [
        (
            {"responsable": SANS_RIEN},
            "a",
            7,
            "qui est responsable du fichier, comment joindre le responsable, qui est votre délégué à la "
            "protection des données et comment joindre votre délégué",
        ),
        (
            {"responsable": replace(CANTINE.responsable, dpd_coordonnees=" ")},
            "a",
            7,
            "comment joindre votre délégué",
        ),
        ({"coresponsables_reponse": "oui"}, "a", 1, "qui sont les responsables conjoints"),
        ({"finalites": ()}, "b", 1, "à quoi sert ce fichier"),
        (
            {"finalites": (LigneFinalite(),)},
            "b",
            1,
            "à quoi sert ce fichier et ce qui vous permet de tenir ce fichier pour cette finalité",
        ),
        (
            {"finalites": (LigneFinalite("Informer", ""),)},
            "b",
            1,
            "ce qui vous permet de tenir ce fichier pour «\u00a0Informer\u00a0»",
        ),
        (
            {"finalites": (LigneFinalite("Informer", "ce"),)},
            "b",
            1,
            "ce qui vous permet de tenir ce fichier pour «\u00a0Informer\u00a0»",
        ),
        (
            {"finalites": (LigneFinalite("Payer", "c", " "),)},
            "b",
            1,
            "le texte qui fonde «\u00a0Payer\u00a0»",
        ),
        (
            {"finalites": (LigneFinalite("Accueillir", "e"),)},
            "b",
            1,
            "le texte qui fonde «\u00a0Accueillir\u00a0»",
        ),
        ({"personnes": ()}, "c", 2, "de qui vous notez les données"),
        ({"personnes": (LignePersonnes("", " "),)}, "c", 2, "de qui vous notez les données"),
        (
            {"donnees": (replace(CANTINE.donnees[1], exception_art9=""),)},
            "c",
            3,
            "la raison précise de noter les données de santé",
        ),
        (
            {"donnees": (replace(RIB, categorie="nir"),)},
            "c",
            3,
            "l’alinéa du décret qui permet le numéro de sécurité sociale",
        ),
        ({"destinataires": ()}, "d", 4, "qui reçoit les données"),
        ({"destinataires": (LigneDestinataire("interne"),)}, "d", 4, "qui reçoit les données"),
        ({"transferts_reponse": ""}, "e", 5, "si des données partent hors d’Europe"),
        ({"transferts_reponse": "inconnu"}, "e", 5, "si des données partent hors d’Europe"),
        ({"transferts_reponse": "oui"}, "e", 5, "dans quel pays partent les données"),
        (
            {"transferts": (LigneTransfert("Envoi-Lettres", "US", "adequation"),)},
            "e",
            5,
            "si des données partent vraiment hors d’Europe, car un transfert est noté",
        ),
        (
            {"transferts_reponse": "oui", "transferts": (LigneTransfert("Envoi-Lettres"),)},
            "e",
            5,
            "dans quel pays partent les données confiées à Envoi-Lettres et ce qui encadre l’envoi "
            "de données à Envoi-Lettres",
        ),
        (
            {"transferts_reponse": "oui", "transferts": (LigneTransfert("", "US"),)},
            "e",
            5,
            "ce qui encadre l’envoi de données à un destinataire hors d’Europe",
        ),
        (
            {"donnees": (replace(RIB, sort_final=""),)},
            "f",
            3,
            "ce que deviennent ensuite les coordonnées bancaires",
        ),
        (
            {"donnees": (replace(RIB, sort_inconnu=True),)},
            "f",
            3,
            "ce que deviennent ensuite les coordonnées bancaires",
        ),
        (
            {"donnees": (replace(RIB, duree=replace(RIB.duree, inconnue=True)),)},
            "f",
            3,
            "combien de temps vous gardez les coordonnées bancaires",
        ),
        (
            {"donnees": (LigneDonnees("bancaire"), LigneDonnees("identite"))},
            "f",
            3,
            "combien de temps vous gardez les coordonnées bancaires et l’identité et ce que vous en "
            "faites ensuite",
        ),
        (
            {
                "donnees": (
                    replace(SANS_DUREE, description="RIB"),
                    replace(SANS_DUREE, description="Incidents"),
                )
            },
            "f",
            3,
            "combien de temps vous gardez les coordonnées bancaires (RIB) et les coordonnées bancaires "
            "(Incidents)",
        ),
        (
            {"donnees": (replace(SANS_DUREE, categorie="maison", description="Plans"),)},
            "f",
            3,
            "combien de temps vous gardez «\u00a0Plans\u00a0»",
        ),
        (
            {"donnees": (replace(SANS_DUREE, categorie="", description=""), RIB)},
            "f",
            3,
            "combien de temps vous gardez une donnée sans nom",
        ),
        ({"mesures": ()}, "g", 6, "comment vous protégez les données"),
        ({"mesures": (LigneMesure(),)}, "g", 6, "comment vous protégez les données"),
    ],
)
def test_chaque_manque_est_nomme_et_renvoie_a_son_etape(champs, lettre, etape, attendue):
    manquants = evaluer(replace(CANTINE, **champs)).manquants
    assert [(manque.lettre, manque.etape, manque.phrase) for manque in manquants] == [
        (lettre, etape, attendue)
    ]


def test_sans_aucune_donnee_les_durees_manquent_aussi():
    assert lettres_manquantes(evaluer(replace(CANTINE, donnees=()))) == "cf"


@pytest.mark.parametrize(
    "champs",
    [
        {"donnees": (replace(RIB, duree=Duree(unite="permanente")),)},
        {"donnees": (replace(RIB, duree=Duree(0, "jour")),)},
        {"donnees": (replace(RIB, categorie="nir", alinea_nir="2 a"),)},
        {"destinataires": (LigneDestinataire("interne", "services"),)},
        {"destinataires": (LigneDestinataire("externe", "", "Association des parents"),)},
        {"finalites": (LigneFinalite("Envoyer la lettre", "a"),)},
        {"transferts_reponse": "oui", "transferts": (LigneTransfert("Envoi", "US", "adequation"),)},
        {"coresponsables_reponse": "oui", "coresponsables": "Communauté de communes"},
        {"coresponsables_reponse": ""},
        {"personnes": (LignePersonnes("", "Riverains"),)},
        {"mesures": (LigneMesure("", "Alarme"),)},
    ],
)
def test_une_reponse_suffisante_laisse_la_fiche_complete(champs):
    assert evaluer(replace(CANTINE, **champs)).est_complete


def test_chaque_nom_simple_se_glisse_dans_une_phrase():
    assert len(NOMS_DE_DONNEES) == 38
    assert all(nom.startswith(("le ", "la ", "les ", "l’")) for nom in NOMS_DE_DONNEES.values())
