"""Tenir l’annuaire : rien ne s’efface, chaque changement important se dit une fois à chacun."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from dpd.messagerie.models import Message
from subtraitance.actions import annuaire_lignes as lignes
from subtraitance.actions.annuaire import proposer_prestataire
from subtraitance.actions.annuaire_commun import combien_prevenues
from subtraitance.actions.annuaire_fiche import (
    creer_prestataire,
    inscrire_la_structure,
    modifier_prestataire,
    verifier_prestataire,
)
from subtraitance.actions.annuaire_fusion import fusionner
from subtraitance.emails_annuaire import CHANGEMENT
from subtraitance.enums import EtatFiche
from subtraitance.models import SousTraitant
from tests.pieces.fabriques import fichier
from tests.subtraitance.fabriques_annuaire import (
    AUTRE_SIREN,
    LUNDI,
    SIREN,
    ajouter_sous_traitant,
    creer_fiche,
    noter_contrat,
    noter_logiciel,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche(structure, dpd):
    return creer_fiche(structure, dpd)


@pytest.fixture
def contrat(collectivite, fiche, referent, decideur):
    return noter_contrat(collectivite, fiche, referent)


def geste(dpd, maintenant=LUNDI):
    return {"auteur": dpd, "maintenant": maintenant}


def modifier(fiche, dpd, **champs):
    return modifier_prestataire(fiche=fiche, **geste(dpd), **champs)[1]


def annonces():
    return Message.objects.filter(nature=CHANGEMENT)


def test_une_fiche_du_dpd_est_verifiee_d_emblee(fiche, dpd):
    assert (fiche.etat, fiche.verifiee_par, fiche.verifiee_le) == (EtatFiche.VERIFIEE, dpd, LUNDI)
    assert fiche.recherche == "logi quercy"


def test_un_siren_deja_pris_se_dit_sous_son_champ(structure, dpd):
    creer_fiche(structure, dpd, siren=SIREN)
    with pytest.raises(ValidationError) as refus:
        creer_fiche(structure, dpd, "Autre nom", siren=SIREN)
    assert "Logi-Quercy" in refus.value.message_dict["siren"][0]
    autre = creer_fiche(structure, dpd, "Autre nom")
    with pytest.raises(ValidationError) as refus:
        modifier(autre, dpd, siren=SIREN)
    assert list(refus.value.message_dict) == ["siren"]


def test_deux_homonymes_se_distinguent_par_leur_siren(structure, dpd, fiche):
    with pytest.raises(ValidationError) as refus:
        creer_prestataire(structure=structure, nom="LOGI-QUERCY", **geste(dpd))
    assert list(refus.value.message_dict) == ["nom"]
    assert creer_prestataire(structure=structure, nom="Logi-Quercy", siren=SIREN, **geste(dpd)).pk


def test_une_proposition_du_meme_siren_rend_la_fiche_connue(structure, collectivite, referent, dpd):
    fiche = creer_fiche(structure, dpd, siren=SIREN)
    propose = {"structure": structure, "collectivite": collectivite, **geste(referent)}
    assert proposer_prestataire(nom="Un autre nom", siren="552 100 554", **propose) == fiche
    homonyme = proposer_prestataire(nom="Logi-Quercy", siren=AUTRE_SIREN, **propose)
    assert homonyme != fiche
    assert (homonyme.etat, homonyme.proposee_pour) == (EtatFiche.PROPOSEE, collectivite)
    assert proposer_prestataire(nom="logi-quercy", **propose) == fiche
    with pytest.raises(ValidationError):
        proposer_prestataire(nom=" - ", **propose)


def test_verifier_deux_fois_n_ecrit_qu_une_fois(structure, referent, dpd):
    propose = proposer_prestataire(structure=structure, nom="Neuf", **geste(referent))
    for maintenant in (LUNDI, LUNDI + timedelta(days=1)):
        verifiee = verifier_prestataire(fiche=propose, **geste(dpd, maintenant))
    assert (verifiee.verifiee_le, verifiee.history.count()) == (LUNDI, 2)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"hebergement": "Dublin", "hebergement_pays": "IE"}, "Dublin, Irlande, au lieu de Toulouse, France"),
        ({"hebergement_pays": "US"}, "hors de l’Espace économique européen"),
        ({"hebergement": "", "hebergement_pays": ""}, "lieu inconnu"),
        ({"dpd_nom": "Cabinet"}, "Son délégué à la protection des données change"),
        ({"securite_courriel": "csirt@logi.example"}, "contact à joindre en cas d’incident"),
    ],
)
def test_un_changement_important_previent_referent_et_decideur(fiche, contrat, dpd, champs, phrase):
    assert combien_prevenues(fiche, LUNDI) == 1
    assert modifier(fiche, dpd, **champs) == 1
    assert sorted(annonces().values_list("destinataire", flat=True)) == [
        "maire@montpezat.example",
        "sylvie@montpezat.example",
    ]
    assert all(phrase in corps for corps in annonces().values_list("corps", flat=True))


@pytest.mark.parametrize("champs", [{"adresse": "1 place"}, {"dpd_courriel": "d@l.example"}, {}])
def test_completer_une_rubrique_ne_previent_personne(fiche, contrat, dpd, champs):
    assert modifier(fiche, dpd, **champs) == 0
    assert not annonces().exists()
    assert fiche.history.count() == (2 if champs else 1)


def test_apprendre_un_hebergement_hors_d_europe_previent(structure, collectivite, referent, dpd):
    fiche = creer_fiche(structure, dpd, hebergement="", hebergement_pays="")
    noter_contrat(collectivite, fiche, referent)
    assert modifier(fiche, dpd, hebergement_pays="FR") == 0
    assert modifier(fiche, dpd, hebergement_pays="US") == 1


def test_on_ne_previent_que_les_contrats_en_cours(structure, collectivite, voisine, fiche, contrat, dpd):
    noter_contrat(voisine, fiche, dpd, debut=date(2020, 1, 1), fin=date(2021, 1, 1))
    assert modifier(fiche, dpd, dpd_nom="Cabinet") == 1
    collectivite.active = False
    collectivite.save()
    assert modifier(fiche, dpd, dpd_nom="Autre cabinet") == 0


def test_une_collectivite_sans_compte_est_jointe_a_son_adresse(voisine, fiche, dpd):
    noter_contrat(voisine, fiche, dpd)
    assert modifier(fiche, dpd, dpd_nom="Cabinet") == 1
    message = annonces().get()
    assert message.destinataire == "mairie@septfonds.example"
    assert "/prestataires/" not in message.corps


def test_la_structure_n_a_qu_une_fiche(structure, dpd):
    fiche = inscrire_la_structure(structure=structure, **geste(dpd))
    assert (fiche.est_la_structure, fiche.siren, fiche.dpd_nom) == (True, structure.siren, structure.dpd_nom)
    assert inscrire_la_structure(structure=structure, **geste(dpd)) == fiche
    assert SousTraitant.objects.count() == 1


def test_une_fiche_du_siren_de_la_structure_devient_la_sienne(structure, dpd):
    fiche = creer_fiche(structure, dpd, "CDG", siren=structure.siren)
    assert inscrire_la_structure(structure=structure, **geste(dpd)) == fiche
    fiche.refresh_from_db()
    assert (fiche.nom, fiche.est_la_structure) == ("CDG", True)


def test_un_logiciel_s_ajoute_et_se_retire_une_fois(fiche, dpd):
    logiciel = noter_logiciel(fiche, dpd)
    assert noter_logiciel(fiche, dpd, " FAMILIA ") == logiciel
    for _ in range(2):
        retire = lignes.retirer_logiciel(logiciel=logiciel, **geste(dpd))
    assert (retire.retire_le, retire.history.count()) == (LUNDI, 2)
    with pytest.raises(ValidationError):
        noter_logiciel(fiche, dpd, "  ")


def test_une_certification_garde_ses_dates_et_sa_piece(fiche, dpd):
    certification = lignes.ajouter_certification(
        fiche=fiche, nom="HDS", expire_le=date(2027, 1, 1), fichier=fichier(), **geste(dpd)
    )
    encore = lignes.ajouter_certification(fiche=fiche, nom="HDS", expire_le=date(2027, 1, 1), **geste(dpd))
    assert encore == certification
    assert (certification.piece.structure, certification.piece.collectivite) == (fiche.structure, None)
    with pytest.raises(ValidationError) as refus:
        lignes.ajouter_certification(
            fiche=fiche, nom="X", obtenue_le=date(2027, 1, 1), expire_le=date(2026, 1, 1), **geste(dpd)
        )
    assert list(refus.value.message_dict) == ["expire_le"]


def test_une_certification_retiree_previent_une_fois(fiche, contrat, dpd):
    certification = lignes.ajouter_certification(fiche=fiche, nom="HDS", **geste(dpd))
    prevenues = [lignes.retirer_certification(certification=certification, **geste(dpd))[1] for _ in range(2)]
    assert prevenues == [1, 0]
    assert annonces().count() == 2


def test_un_ulterieur_ajoute_puis_retire_previent_chaque_fois(structure, fiche, contrat, dpd):
    autre = creer_fiche(structure, dpd, "Hébergeur")
    ajouts = [
        lignes.ajouter_ulterieur(fiche=fiche, ulterieur=autre, activite="Hébergement", **geste(dpd))[1]
        for _ in range(2)
    ]
    lien = fiche.ulterieurs.get()
    retraits = [lignes.retirer_ulterieur(lien=lien, **geste(dpd))[1] for _ in range(2)]
    assert (ajouts, retraits) == ([1, 0], [1, 0])
    textes = list(annonces().values_list("corps", flat=True))
    assert sum("fait appel à un autre sous-traitant\u00a0: Hébergeur" in t for t in textes) == 2
    assert sum("ne fait plus appel à Hébergeur depuis le 23\u00a0nov. 2026" in t for t in textes) == 2


def test_un_ulterieur_impossible_se_dit_sous_son_champ(structure, autre_structure, fiche, dpd):
    etranger = creer_fiche(autre_structure, None)
    autre = creer_fiche(structure, dpd, "Hébergeur")
    for ulterieur, activite, depuis, champ in (
        (fiche, "x", None, "ulterieur"),
        (etranger, "x", None, "ulterieur"),
        (autre, " ", None, "activite"),
        (autre, "x", date(1900, 1, 1), "depuis"),
    ):
        with pytest.raises(ValidationError) as refus:
            lignes.ajouter_ulterieur(
                fiche=fiche, ulterieur=ulterieur, activite=activite, depuis=depuis, **geste(dpd)
            )
        assert list(refus.value.message_dict) == [champ]


def test_une_fiche_reunie_ne_se_modifie_plus(structure, fiche, dpd):
    double = creer_fiche(structure, dpd, "Logi Quercy SARL")
    fusionner(garder=fiche, absorber=double, **geste(dpd))
    with pytest.raises(ValidationError, match="réunie"):
        modifier(double, dpd, nom="x")
    with pytest.raises(ValidationError):
        ajouter_sous_traitant(fiche, double, dpd)
