"""Noter ce que la CNIL a accusé ; préparer ce qu’on lui recopie, et l’acte du référent."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from dpd.comptes.enums import FonctionContact
from dpd.comptes.historique import evenements
from dpd.comptes.models import Contact
from dpd.conventions.actions.designation import (
    Declaration,
    designer,
    finir_designation,
    modifier_designation,
)
from dpd.conventions.lettre_referent import Nature, document, texte_propose
from dpd.conventions.models import Designation
from dpd.conventions.teleservice import manques, rubriques
from dpd.documents import pdf
from dpd.documents.modele import Liste, Paragraphe
from tests.conftest import creer_collectivite
from tests.conventions.conftest import TRANCHES, creer_convention, creer_modele
from tests.conventions.refus import refus
from tests.pieces.fabriques import fichier

pytestmark = pytest.mark.django_db
DITE = Declaration("Centre de gestion", "dpd@cdg.example", "Bernard Lacaze, maire", " DPO-123 ")
FEVRIER = date(2026, 2, 1)


@pytest.fixture
def geste(dpd, maintenant):
    return {"auteur": dpd, "maintenant": maintenant}


@pytest.fixture
def designation(collectivite, geste):
    return designer(
        collectivite=collectivite, declaration=DITE, designee_le=FEVRIER, fichier=fichier(), **geste
    )


def test_une_designation_se_note_et_se_reporte_sur_la_collectivite(designation, collectivite):
    collectivite.refresh_from_db()
    assert (collectivite.designation_numero, collectivite.designation_date) == ("DPO-123", FEVRIER)
    assert (designation.numero, designation.piece.domaine) == ("DPO-123", "designation")
    changements = {(c.avant, c.apres) for c in evenements(collectivite)[0].changements}
    assert changements == {("vide", "DPO-123"), ("vide", "1er\u00a0févr. 2026")}


def test_une_seule_designation_a_la_fois(designation, collectivite, geste):
    with refus("en cours depuis le 1er février 2026"):
        designer(collectivite=collectivite, declaration=DITE, designee_le=FEVRIER, **geste)
    assert Designation.objects.count() == 1


def test_chaque_personne_morale_a_la_sienne(designation, structure, geste):
    ccas = creer_collectivite(structure, "CCAS", "268201316", type="ccas")
    assert designer(collectivite=ccas, declaration=DITE, designee_le=FEVRIER, **geste).pk
    assert Designation.objects.count() == 2


def test_une_designation_a_venir_est_refusee(collectivite, geste):
    with refus("à venir", "designee_le"):
        designer(collectivite=collectivite, declaration=DITE, designee_le=date(2026, 12, 1), **geste)


def test_une_modification_garde_la_date_d_origine(designation, collectivite, geste):
    change = replace(DITE, representant="Jeanne Vidal, maire", numero="DPO-124")
    modifiee = modifier_designation(
        designation=designation, declaration=change, modifiee_le=date(2026, 5, 2), fichier=fichier(), **geste
    )
    assert (modifiee.designee_le, modifiee.modifiee_le) == (FEVRIER, date(2026, 5, 2))
    collectivite.refresh_from_db()
    assert (collectivite.designation_numero, collectivite.designation_date) == ("DPO-124", FEVRIER)
    with refus("date du 1er février 2026", "modifiee_le"):
        modifier_designation(
            designation=designation, declaration=change, modifiee_le=date(2026, 1, 2), **geste
        )


def test_une_modification_sans_piece_garde_la_precedente(designation, geste):
    avant = designation.piece_id
    modifiee = modifier_designation(
        designation=designation, declaration=DITE, modifiee_le=date(2026, 5, 2), **geste
    )
    assert modifiee.piece_id == avant


def test_une_fin_de_mission_se_motive_et_libere_la_place(designation, collectivite, geste):
    with refus("Dites pourquoi", "motif_fin"):
        finir_designation(designation=designation, fin_le=date(2026, 6, 1), motif_fin=" ", **geste)
    with refus("date du 1er février", "fin_le"):
        finir_designation(designation=designation, fin_le=date(2026, 1, 1), motif_fin="x", **geste)
    finie = finir_designation(
        designation=designation,
        fin_le=date(2026, 6, 1),
        motif_fin="Nouveau délégué.",
        fichier=fichier("fin.pdf"),
        **geste,
    )
    collectivite.refresh_from_db()
    assert (collectivite.designation_numero, collectivite.designation_date) == ("", None)
    assert finie.motif_fin == "Nouveau délégué."
    with refus("a pris fin le 1er juin 2026"):
        finir_designation(designation=designation, fin_le=date(2026, 6, 1), motif_fin="x", **geste)
    assert designer(collectivite=collectivite, declaration=DITE, designee_le=date(2026, 6, 2), **geste).pk


def test_une_fin_sans_nouvelle_piece_garde_le_recepisse(designation, geste):
    avant = designation.piece_id
    finie = finir_designation(
        designation=designation, fin_le=date(2026, 6, 1), motif_fin="Nouveau délégué.", **geste
    )
    assert finie.piece_id == avant


def test_le_teleservice_se_recopie_champ_a_champ(collectivite):
    collectivite.adresse, collectivite.code_postal = "Place de la Mairie\nBP 1", "82270"
    lues = rubriques(collectivite)
    champs = {c.libelle: c for r in lues for c in r.champs}
    assert champs["SIREN"].valeur == "218201317"
    assert champs["Délégué désigné"].valeur == collectivite.structure.nom
    assert champs["Personne à contacter"].valeur == "Nadège Roucoules"
    assert champs["Effectif"].manque
    assert manques(lues) == (
        "Effectif",
        "Téléphone de l’organisme",
        "Coordonnées réservées à la CNIL",
    )
    assert champs["Adresse"].ou == "aux réglages de la structure"
    assert lues[0].champs[2].valeur == "Place de la Mairie, BP 1 82270"


def test_ce_qui_manque_est_nomme(collectivite):
    collectivite.adresse = collectivite.responsable_nom = ""
    collectivite.dpd_propre_nom = "Paul Cartier"
    lues = rubriques(collectivite)
    assert {"Adresse", "Nom", "Personne physique ou morale", "Coordonnées publiques"} <= set(manques(lues))
    assert lues[2].champs[0].valeur == "Paul Cartier"


@pytest.mark.parametrize("nature", list(Nature))
def test_l_acte_du_referent_n_invente_rien(nature, collectivite):
    collectivite.responsable_titre = collectivite.responsable_nom = ""
    texte = texte_propose(nature, collectivite, None)
    assert "{" not in texte
    assert "[Prénom et nom]" in texte
    assert "[Prénom et nom, titre]" in texte
    assert "convention [date]" in texte


@pytest.mark.parametrize(
    ("nature", "attendus"),
    [
        (
            Nature.LETTRE,
            (
                "mission de correspondant",
                "Sylvie Delmas,",
                "La commune de Montpezat-de-Quercy a pour délégué",
            ),
        ),
        (Nature.ARRETE, ("[Le, La] maire, Commune de Montpezat", "Vu la délibération 2024-12,")),
    ],
)
def test_l_acte_du_referent_dit_ce_que_l_on_sait(nature, attendus, collectivite, structure):
    Contact(
        collectivite=collectivite,
        fonction=FonctionContact.REFERENT,
        nom="Sylvie Delmas",
        depuis=date(2024, 3, 1),
    ).save()
    modele = creer_modele(
        structure, **TRANCHES, etapes={"codes": None, "interlocuteur": "correspondant", "registre": "dpd"}
    )
    convention = creer_convention(collectivite, modele, date(2024, 2, 15), deliberation="2024-12")
    texte = texte_propose(nature, collectivite, convention)
    assert [a for a in attendus if a not in texte] == []
    assert "en vigueur depuis le 15\u00a0février 2024" in texte
    assert "le DPD à tenir le registre" in texte


def test_un_ccas_garde_son_nom(structure):
    ccas = creer_collectivite(structure, "CCAS", "268201316", type="ccas", denomination="CCAS de Montpezat")
    assert "CCAS de Montpezat a pour délégué" in texte_propose(Nature.LETTRE, ccas, None)


def test_un_projet_n_est_pas_une_convention_en_vigueur(collectivite, modele_tranches):
    projet = creer_convention(collectivite, modele_tranches, None)
    assert "(convention [date])" in texte_propose(Nature.LETTRE, collectivite, projet)


def test_le_pdf_reprend_le_texte_corrige(collectivite, maintenant):
    texte = (
        "Mairie, le 1er mars\n\n1. Vos missions\n– Tenir le registre\n– Alerter\nFin.\n\nArticle 2\nSuite\n"
    )
    ecrit = document(Nature.LETTRE, collectivite, texte, maintenant)
    (fiche,) = ecrit.fiches()
    assert [s.titre for s in fiche.sections] == ["Objet", "1. Vos missions", "Article 2"]
    assert fiche.sections[1].blocs == (Liste(("Tenir le registre", "Alerter")), Paragraphe("Fin."))
    sortie = BytesIO()
    pdf.ecrire(ecrit, sortie)
    assert sortie.getvalue().startswith(b"%PDF-")
    assert list(ecrit.feuilles()) == list(ecrit.enregistrements()) == []
