"""Les quatorze rubriques du téléservice : dans l’ordre, prêtes à recopier, chaque manque nommé."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from violations.enums import (
    Cause,
    DonneesTouchees,
    GraviteCnil,
    InformationPersonnes,
    MotifSansInformation,
    MoyenInformation,
    NatureViolation,
    Origine,
    PersonnesTouchees,
    Prejudice,
    SourceConnaissance,
    TypeNotification,
)
from violations.regles.faits_cnil import Faits, Fourchette, Information, Organisme
from violations.regles.rubriques import EFFECTIF, PIECES, pretes, rubriques

PARIS = ZoneInfo("Europe/Paris")
T0 = datetime(2026, 11, 20, 17, 25, tzinfo=PARIS)
ECHEANCE = datetime(2026, 11, 23, 17, 25, tzinfo=PARIS)
VIDES = Faits(
    organisme=Organisme(denomination="Commune de Montpezat", siren="218201317"),
    fuseau=PARIS,
    fuseau_dit="Heure légale : Métropole (Europe/Paris)",
    maintenant=datetime(2026, 11, 23, 8, 40, tzinfo=UTC),
    connaissance=T0,
    echeance=ECHEANCE,
)
COMPLETS = replace(
    VIDES,
    organisme=replace(
        VIDES.organisme,
        type="Commune",
        representant="Bernard Lacaze, maire",
        courriel="mairie@montpezat.example",
        dpd="Nadège Roucoules",
        dpd_coordonnees="dpd@cdg.example",
        designation="DPO-1",
    ),
    prestataires=("Logi-Quercy",),
    debut=datetime(2026, 11, 18, 22, tzinfo=PARIS),
    fin=datetime(2026, 11, 19, 16, 30, tzinfo=PARIS),
    source=SourceConnaissance.SOUS_TRAITANT,
    natures=(NatureViolation.CONFIDENTIALITE,),
    origine=Origine.PORTAIL,
    cause=Cause.EXTERNE_ACCIDENTEL,
    recit="Une mise à jour a mêlé les dossiers.",
    donnees=(DonneesTouchees.ETAT_CIVIL, DonneesTouchees.SANTE),
    enregistrements=Fourchette(37, 37),
    personnes=(PersonnesTouchees.MINEURS,),
    nombre_personnes=Fourchette(80, 95),
    mesures_avant="Un compte par famille",
    consequences="Des voisins ont lu",
    prejudices=(Prejudice.CONTROLE,),
    gravite=GraviteCnil.IMPORTANTE,
    mesures_apres="Portail fermé",
    information=Information(etat=InformationPersonnes.PREVUE, quand=date(2026, 11, 24)),
    transfrontaliere=False,
)
ORDRE = (
    *("Type d’envoi", "Organisme et contacts", "Dates", "Nature", "Origine", "Cause", "Données"),
    *("Personnes", "Mesures avant", "Conséquences", "Mesures après", "Information des personnes"),
    *("Autres pays, autres autorités", "Pièces jointes"),
)


def rubrique(faits, numero):
    return rubriques(faits)[numero - 1]


def valeurs(faits, numero):
    return {champ.libelle: champ.valeur for champ in rubrique(faits, numero).champs}


def test_les_quatorze_rubriques_suivent_l_ordre_du_teleservice():
    for faits in (VIDES, COMPLETS):
        assert [r.numero for r in rubriques(faits)] == list(range(1, 15))
        assert tuple(r.titre for r in rubriques(faits)) == ORDRE


def test_un_dossier_complet_ne_manque_de_rien_et_s_envoie_complet():
    lues = rubriques(COMPLETS)
    assert [r.manques for r in lues] == [()] * 14
    assert pretes(lues) == 14
    assert valeurs(COMPLETS, 1) == {"Type d’envoi": TypeNotification.COMPLETE.label}


def test_un_dossier_vide_nomme_chacun_de_ses_manques():
    lues = rubriques(VIDES)
    assert pretes(lues) == 2  # le type se déduit, aucune pièce n’est exigée
    assert {r.numero: r.manques for r in lues if r.manques} == {
        2: (
            "un courriel ou un téléphone de la collectivité",
            "le délégué à la protection des données",
        ),
        3: (
            "le début de la violation",
            "la fin de la violation, ou qu’elle est en cours",
            "comment vous l’avez su",
        ),
        4: ("la nature de la violation",),
        5: ("l’origine",),
        6: ("la cause", "ce qui s’est passé"),
        7: ("les données touchées", "le nombre d’enregistrements"),
        8: ("les personnes touchées", "le nombre de personnes"),
        9: ("les mesures en place avant",),
        10: ("les conséquences probables", "les préjudices possibles", "la gravité"),
        11: ("les mesures prises depuis",),
        12: ("la décision du responsable sur l’information des personnes",),
        13: ("si d’autres pays de l’Union sont touchés",),
    }


def test_il_manque_une_chose_et_l_envoi_est_a_completer():
    assert valeurs(replace(COMPLETS, recit=""), 1) == {"Type d’envoi": TypeNotification.INITIALE.label}


def test_apres_l_envoi_initial_vient_le_complement_avec_son_numero():
    faits = replace(COMPLETS, numero_initial="2026-123456")
    assert valeurs(faits, 1) == {
        "Type d’envoi": TypeNotification.COMPLEMENTAIRE.label,
        "Numéro de la notification initiale": "2026-123456",
    }
    choisi = replace(faits, type_envoi=TypeNotification.INITIALE)
    assert valeurs(choisi, 1) == {"Type d’envoi": TypeNotification.INITIALE.label}


def test_l_organisme_se_recopie_champ_par_champ():
    lue = rubrique(COMPLETS, 2)
    assert valeurs(COMPLETS, 2) == {
        "SIREN": "218201317",
        "Organisme": "Commune de Montpezat",
        "Type d’organisme": "Commune",
        "Contact": "Bernard Lacaze, maire, mairie@montpezat.example",
        "Délégué à la protection des données": "Nadège Roucoules, dpd@cdg.example",
        "Numéro de désignation du délégué": "DPO-1",
        "Prestataires impliqués": "Logi-Quercy",
    }
    assert [c.copiable for c in lue.champs] == [True, True, False, True, True, True, True]
    assert lue.note == EFFECTIF


def test_les_instants_se_lisent_a_l_heure_de_la_collectivite_qui_est_dite():
    faits = replace(
        COMPLETS, fuseau=ZoneInfo("America/Cayenne"), fuseau_dit="Heure légale : Guyane", detection=T0
    )
    lus = valeurs(faits, 3)
    assert lus["Début"] == "mercredi 18\u00a0novembre 2026 à 18\u00a0h\u00a000"
    assert lus["Connaissance par l’organisme"] == "vendredi 20\u00a0novembre 2026 à 13\u00a0h\u00a025"
    assert lus["Détection"] == lus["Connaissance par l’organisme"]
    assert rubrique(faits, 3).note == "Heure légale : Guyane"


def test_une_violation_en_cours_n_a_pas_de_fin_a_donner():
    faits = replace(COMPLETS, fin=None, en_cours=True)
    assert valeurs(faits, 3)["Fin"] == "La violation est encore en cours"
    assert rubrique(faits, 3).prete


def test_passe_72_heures_les_motifs_du_retard_manquent_jusqu_a_l_envoi():
    tard = replace(COMPLETS, maintenant=ECHEANCE + timedelta(minutes=1))
    assert rubrique(tard, 3).manques == ("les motifs du retard, au-delà de 72 heures",)
    dits = replace(tard, motif_retard="Le prestataire a tardé.")
    assert rubrique(dits, 3).prete
    assert valeurs(dits, 3)["Motifs du retard"] == "Le prestataire a tardé."
    assert rubrique(replace(tard, numero_initial="1"), 3).prete


@pytest.mark.parametrize(
    ("champs", "numero", "manque"),
    [
        ({"origine": Origine.AUTRE}, 5, "l’origine, en toutes lettres"),
        ({"cause": Cause.AUTRE}, 6, "la cause, en toutes lettres"),
        ({"donnees": (DonneesTouchees.AUTRES,)}, 7, "les autres données, en toutes lettres"),
        ({"donnees": (DonneesTouchees.INCONNUES,)}, 7, "les données touchées"),
        ({"personnes": (PersonnesTouchees.AUTRES,)}, 8, "les autres personnes, en toutes lettres"),
        ({"personnes": (PersonnesTouchees.INDETERMINE,)}, 8, "les personnes touchées"),
        (
            {"prejudices": (Prejudice.AUTRE,), "consequences": ""},
            10,
            "l’autre préjudice, en toutes lettres",
        ),
        (
            {"information": Information(etat=InformationPersonnes.PREVUE)},
            12,
            "la date où les personnes seront informées",
        ),
    ],
)
def test_autre_ou_inconnu_demande_encore_une_precision(champs, numero, manque):
    assert rubrique(replace(COMPLETS, **champs), numero).manques == (manque,)


def test_une_precision_donnee_suffit():
    faits = replace(COMPLETS, origine=Origine.AUTRE, origine_precision="Un orage")
    assert rubrique(faits, 5).prete
    assert valeurs(faits, 5) == {"Origine": "Autre", "Précision": "Un orage"}


def test_l_information_faite_se_dit_avec_sa_date_son_moyen_et_son_texte():
    faite = Information(
        etat=InformationPersonnes.FAITE,
        quand=date(2026, 11, 24),
        moyen=MoyenInformation.COURRIEL,
        nombre=37,
        texte="Madame, Monsieur",
    )
    assert valeurs(replace(COMPLETS, information=faite), 12) == {
        "Personnes informées": "Oui, les personnes ont été informées",
        "Date": "mardi 24\u00a0novembre 2026",
        "Moyen": "Courriel",
        "Nombre de personnes informées": "37\u00a0personnes",
        "Texte de l’information": "Madame, Monsieur",
    }


def test_l_information_ecartee_se_fonde_sur_l_article_34():
    ecartee = Information(
        etat=InformationPersonnes.ECARTEE,
        motif=MotifSansInformation.ILLISIBLES,
        motif_precision="Disque chiffré",
    )
    lue = rubrique(replace(COMPLETS, information=ecartee), 12)
    assert lue.prete
    assert [c.valeur for c in lue.champs][1:] == [MotifSansInformation.ILLISIBLES.label, "Disque chiffré"]


def test_les_autres_pays_et_les_pieces():
    assert valeurs(COMPLETS, 13) == {
        "Personnes touchées dans d’autres pays de l’Union": "Non",
        "Autres autorités prévenues": "Aucune",
    }
    ailleurs = replace(
        COMPLETS, transfrontaliere=True, autres_autorites="ANSSI", pieces=("Journaux", "Lettre")
    )
    assert list(valeurs(ailleurs, 13).values()) == ["Oui", "ANSSI"]
    assert valeurs(ailleurs, 14) == {"Pièces": "Journaux\nLettre"}
    assert (rubrique(ailleurs, 14).note, rubrique(COMPLETS, 14).note) == (PIECES, "")


def test_la_gravite_du_dpd_se_dit_comme_telle():
    assert "délégué" in rubrique(replace(COMPLETS, gravite_du_dpd=True), 10).note
    assert rubrique(COMPLETS, 10).note == ""


@pytest.mark.parametrize(
    ("au_moins", "au_plus", "dite"),
    [
        (None, None, ""),
        (95, 95, "95\u00a0personnes"),
        (80, 1200, "de 80 à 1\u202f200\u00a0personnes"),
        (80, None, "au moins 80\u00a0personnes"),
        (None, 95, "au plus 95\u00a0personnes"),
        (0, 1, "de 0 à 1\u00a0personne"),
    ],
)
def test_un_nombre_approximatif_se_dit(au_moins, au_plus, dite):
    assert Fourchette(au_moins, au_plus).dite("personne") == dite
