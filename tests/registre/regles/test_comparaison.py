"""Ce qui change d’une version à l’autre, lisible en français."""

from dataclasses import replace

import pytest
from hypothesis import given

from registre.regles.comparaison import Ecart, comparer
from registre.regles.contenu import (
    Duree,
    Fiche,
    LigneDestinataire,
    LigneDonnees,
    LigneFinalite,
    LigneMesure,
    LignePersonnes,
    LignePrestataire,
    LigneTransfert,
)
from registre.regles.lecture import lire_fiche
from tests.registre.regles.fiches import CANTINE, FICHES, RIB

LIBELLES = {
    ("categories_donnees", "bancaire"): "Coordonnées bancaires",
    ("categories_donnees", "sante"): "Santé",
    ("categories_personnes", "agents"): "Agents",
    ("destinataires", "comptable"): "Comptable public",
    ("destinataires", "prefecture"): "Préfecture",
    ("sous_traitants", "portail-famille"): "Portail famille",
    ("mesures_securite", "papier"): "Papier",
    ("pays", "US"): "États-Unis",
    ("outils_transfert", "adequation"): "Décision d’adéquation",
}


def libelle(vocabulaire, code):
    return LIBELLES.get((vocabulaire, code), code)


def ecarts(avant=CANTINE, **champs):
    """Les écarts de la fiche à sa copie modifiée, espaces ordinaires pour relire le test."""
    rendus = comparer(avant, replace(avant, **champs), libelle)
    return [
        tuple(
            texte.replace("\u00a0", " ").replace("\u202f", " ")
            for texte in (e.rubrique, e.intitule, e.avant, e.apres)
        )
        for e in rendus
    ]


@given(FICHES)
def test_une_fiche_ne_differe_pas_d_elle_meme(fiche):
    assert comparer(fiche, fiche, libelle) == ()


@given(FICHES, FICHES)
def test_un_ecart_montre_toujours_deux_valeurs_differentes(avant, apres):
    for ecart in comparer(avant, apres, libelle):
        assert ecart.avant != ecart.apres
        assert ecart.rubrique
        assert ecart.intitule


@given(FICHES, FICHES)
def test_revenir_en_arriere_montre_les_memes_ecarts_retournes(avant, apres):
    aller = sorted((e.rubrique, e.avant, e.apres) for e in comparer(avant, apres, libelle))
    retour = sorted((e.rubrique, e.apres, e.avant) for e in comparer(apres, avant, libelle))
    assert aller == retour


@given(FICHES)
def test_l_ordre_des_lignes_ne_se_lit_pas(fiche):
    retournee = replace(fiche, donnees=fiche.donnees[::-1], finalites=fiche.finalites[::-1])
    assert comparer(fiche, retournee, libelle) == ()


def test_les_rubriques_sont_toujours_les_memes():
    assert list(lire_fiche(Fiche(), libelle)) == list(lire_fiche(CANTINE, libelle))
    assert len(lire_fiche(Fiche(), libelle)) == 11


def test_une_duree_changee_se_lit_en_toutes_lettres():
    donnees = (*CANTINE.donnees[:2], replace(RIB, duree=Duree(5, "annee", "la fin du service")))
    assert ecarts(donnees=donnees) == [
        (
            "Données et durées",
            "Coordonnées bancaires, durée de conservation",
            "13 mois après le dernier prélèvement",
            "5 ans après la fin du service",
        )
    ]


def test_une_donnee_ajoutee_ou_retiree_se_resume():
    (retrait,) = comparer(CANTINE, replace(CANTINE, donnees=CANTINE.donnees[:2]), libelle)
    assert retrait.nature == "retrait"
    assert retrait.intitule == "Coordonnées bancaires"
    assert retrait.avant == (
        "description\u00a0: RIB pour le prélèvement\u202f; durée de conservation\u00a0: 13\u00a0mois après "
        "le dernier prélèvement\u202f; sort final\u00a0: Élimination, avec visa des Archives"
    )
    (ajout,) = comparer(replace(CANTINE, donnees=CANTINE.donnees[:2]), CANTINE, libelle)
    assert ajout == Ecart(retrait.rubrique, retrait.intitule, "", retrait.avant)
    assert ajout.nature == "ajout"


def test_deux_lignes_de_meme_categorie_ne_se_confondent_pas():
    deux = replace(CANTINE, donnees=(RIB, replace(RIB, description="Incidents de paiement")))
    change = replace(RIB, description="Incidents de paiement", sort_final="C")
    assert ecarts(deux, donnees=(RIB, change)) == [
        (
            "Données et durées",
            "Coordonnées bancaires, sort final",
            "Élimination, avec visa des Archives",
            "Versement aux Archives",
        )
    ]


def test_je_ne_sais_pas_se_lit_a_determiner():
    donnees = (*CANTINE.donnees[:2], replace(RIB, sort_inconnu=True))
    assert ecarts(donnees=donnees)[0][1:] == (
        "Coordonnées bancaires, sort final",
        "Élimination, avec visa des Archives",
        "à déterminer",
    )


def test_une_finalite_reformulee_n_est_pas_un_retrait():
    premiere, seconde = CANTINE.finalites
    reformulee = replace(premiere, libelle="Accueillir les enfants")
    assert ecarts(finalites=(reformulee, seconde)) == [
        (
            "Finalités et base légale",
            "Accueillir les enfants, but",
            "Inscrire et accueillir les enfants",
            "Accueillir les enfants",
        )
    ]


def test_une_base_legale_changee_se_dit_par_son_nom():
    premiere, seconde = CANTINE.finalites
    changee = replace(seconde, base_legale="b", principale=True)
    assert ecarts(finalites=(premiere, changee)) == [
        ("Finalités et base légale", "Facturer les familles, base légale", "Obligation légale", "Contrat"),
        ("Finalités et base légale", "Facturer les familles, finalité principale", "", "oui"),
    ]


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({"nom": "Cantine"}, ("Présentation", "Nom", "Cantine et garderie périscolaires", "Cantine")),
        ({"decision_automatisee": "oui"}, ("Information et droits", "Décision automatisée", "Non", "Oui")),
        (
            {"transferts_reponse": "inconnu"},
            ("Hors Union européenne", "Transferts hors d’Europe", "Aucun", "Je ne sais pas"),
        ),
        ({"coresponsables": "Agglo"}, ("Responsable et contacts", "Responsables conjoints", "", "Agglo")),
        ({"aipd_type": "aucun"}, ("Analyse d’impact", "Type de traitement", None, "Aucun de ces types")),
        (
            {"aipd_conclusion": "requise"},
            ("Analyse d’impact", "Conclusion", "Dispensée, à confirmer", "AIPD requise"),
        ),
        (
            {"aipd_criteres": ("surveillance",)},
            ("Analyse d’impact", "Critère de risque", "", "Surveillance systématique"),
        ),
        (
            {"personnes": (*CANTINE.personnes, LignePersonnes("agents", "", True))},
            ("Personnes concernées", "Agents", "", "personnes vulnérables : oui"),
        ),
        (
            {"destinataires": (*CANTINE.destinataires, LigneDestinataire("externe", "prefecture"))},
            ("Destinataires", "Préfecture", "", "nature : externe"),
        ),
        (
            {"destinataires": (*CANTINE.destinataires, LigneDestinataire("", "", "Presse"))},
            ("Destinataires", "Presse", "", "précision : Presse"),
        ),
        (
            {"prestataires": (LignePrestataire("portail-famille", "Autre"),)},
            ("Sous-traitants", "Portail famille, nom", "Logi-Quercy", "Autre"),
        ),
        (
            {"mesures": CANTINE.mesures[:1]},
            ("Sécurité", "Papier", "précision : armoire fermée à clé", ""),
        ),
        (
            {"mesures": (*CANTINE.mesures, LigneMesure())},
            ("Sécurité", "Ligne sans nom", "", "Ligne sans nom"),
        ),
        (
            {"transferts": (LigneTransfert("Lettres", "US", "adequation"),)},
            ("Hors Union européenne", "Lettres", "", "pays : États-Unis ; outil : Décision d’adéquation"),
        ),
    ],
)
def test_chaque_rubrique_montre_son_changement(champs, attendu):
    (rendu,) = ecarts(**champs)
    assert (rendu[0], rendu[1], rendu[3]) == (attendu[0], attendu[1], attendu[3])
    assert attendu[2] is None or rendu[2] == attendu[2]


def test_une_exception_de_l_article_9_se_dit_par_son_nom():
    sante = replace(CANTINE.donnees[1], exception_art9="h")
    assert ecarts(donnees=(CANTINE.donnees[0], sante, RIB)) == [
        (
            "Données et durées",
            "Santé, exception de l’article 9",
            "Intérêt public important",
            "Soins, médecine du travail, action sociale",
        )
    ]


def test_deux_durees_a_determiner_ne_font_pas_un_ecart():
    vide, inconnue = LigneDonnees("bancaire"), LigneDonnees("bancaire", duree=Duree(inconnue=True))
    assert comparer(Fiche(donnees=(vide,)), Fiche(donnees=(inconnue,)), libelle) == ()


def test_deux_finalites_echangees_sont_deux_retraits_et_deux_ajouts():
    neuves = (LigneFinalite("Informer", "a"), LigneFinalite("Enquêter", "a"))
    natures = [e.nature for e in comparer(CANTINE, replace(CANTINE, finalites=neuves), libelle)]
    assert natures == ["retrait", "retrait", "ajout", "ajout"]
    assert Ecart("r", "i", "a", "b").nature == "changement"
