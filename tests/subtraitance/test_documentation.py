"""Ce que la structure fait pour une collectivité, et la documentation qu’elle lui doit, relue."""

import hashlib
import json
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse

from dpd.comptes.models import JournalAcces
from dpd.pieces.actions import deposer, retirer
from dpd.pieces.enums import DomainePiece
from subtraitance.actions import instructions
from subtraitance.documentation import chaine_de
from subtraitance.enums import DecisionAutorisation, RegimeAutorisation, Reponse28
from subtraitance.exports.documentation import EMPREINTES, SOMMAIRE
from subtraitance.models import Autorisation, ClauseControlee, SousTraitantUlterieur
from tests.pieces.fabriques import fichier
from tests.subtraitance.fabriques_s1 import (
    LUNDI,
    activite_d_essai,
    creer_contrat,
    creer_fiche,
    detruire,
    instruction_d_essai,
    lieu_d_essai,
    lot_d_essai,
    servir,
    texte,
)

pytestmark = pytest.mark.django_db
TRACE = {"auteur": None, "maintenant": LUNDI, "raison": "essai"}
DOCUMENTS = {
    *("01-fiche-30-2.json", "02-hebergement.csv", "03-donnees-detenues-et-detruites.csv"),
    *(
        "04-instructions-et-alertes.csv",
        "05-sous-traitants-ulterieurs.csv",
        "06-contrat-et-controle-28-3.csv",
    ),
}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


def lier(structure, de, vers, activite="Support"):
    lien = SousTraitantUlterieur(structure=structure, sous_traitant=de, ulterieur=vers, activite=activite)
    return lien.enregistrer(**TRACE)


@pytest.fixture
def elle(structure):
    """La fiche de la structure dans son propre annuaire."""
    return creer_fiche(structure, "Centre de gestion", est_la_structure=True)


@pytest.fixture
def contrat(collectivite, elle, dpd):
    piece = deposer(
        fichier=fichier(),
        domaine=DomainePiece.SOUSTRAITANCE,
        collectivite=collectivite,
        auteur=dpd,
        maintenant=LUNDI,
    )
    return creer_contrat(collectivite, elle, objet="Assistance informatique", piece=piece)


@pytest.fixture
def tout(structure, collectivite, voisine, elle, contrat, dpd, referent, decideur, agent):
    """De quoi remplir chaque document, et autant chez la voisine qui ne doit pas y paraître."""
    servir(activite_d_essai(structure, dpd), dpd, collectivite, voisine)
    lieu_d_essai(structure, dpd, "Nos locaux")
    detruire(agent, lot_d_essai(collectivite, agent, description="Base de Montpezat"))
    lot_d_essai(voisine, agent, description="Base de Septfonds")
    donnee = instruction_d_essai(collectivite, referent, "Effacez la base.")
    instructions.alerter(instruction=donnee, alerte="Archives publiques.", auteur=agent, maintenant=LUNDI)
    instructions.repondre_a_l_alerte(
        instruction=donnee, maintenue=False, suite="Je renonce.", auteur=decideur, maintenant=LUNDI
    )
    instruction_d_essai(voisine, dpd, "Ordre de Septfonds.")
    editeur_contrat = creer_contrat(collectivite, creer_fiche(structure, "Autre éditeur"))
    instruction_d_essai(collectivite, referent, "Ordre à un autre.", contrat=editeur_contrat)
    lien = lier(structure, elle, creer_fiche(structure, "Coloc", hebergement="Lyon"))
    autorisation = {"collectivite": collectivite, "contrat": contrat, "ulterieur": lien}
    autorisation |= {"regime": RegimeAutorisation.SPECIFIQUE, "demandee_le": LUNDI, "demandee_par": dpd}
    Autorisation(
        **autorisation,
        decision=DecisionAutorisation.REFUSEE,
        motif="Hors de France.",
        decidee_par=decideur,
        decidee_le=LUNDI,
    ).enregistrer(**TRACE)
    ClauseControlee(
        collectivite=collectivite,
        contrat=contrat,
        code="securite",
        reponse=Reponse28.PRESENTE,
        citation="L’agence prend les mesures.",
        controlee_par=dpd,
        controlee_le=LUNDI,
    ).enregistrer(**TRACE)
    return collectivite


def page(client, collectivite, **query):
    adresse = reverse("subtraitance:notre_sous_traitant", args=[collectivite.siren], query=query or None)
    return client.get(adresse)


def archive(client, collectivite) -> dict[str, bytes]:
    reponse = client.get(reverse("subtraitance:documentation", args=[collectivite.siren]))
    assert reponse.status_code == 200
    assert reponse["Content-Type"] == "application/zip"
    with ZipFile(BytesIO(b"".join(reponse.streaming_content))) as lue:
        assert lue.testzip() is None
        return {nom: lue.read(nom) for nom in lue.namelist()}


@pytest.mark.parametrize(
    ("qui", "statut"),
    [
        *(("referent", 200), ("decideur", 200), ("lecteur", 200), ("dpd", 200)),
        *(("gestionnaire", 403), ("agent", 403), ("etranger", 404)),
    ],
)
def test_qui_lit_ce_que_fait_le_sous_traitant(connecte, collectivite, agent, qui, statut, request):
    lot = lot_d_essai(collectivite, agent)
    detruire(agent, lot)
    client = connecte(request.getfixturevalue(qui))
    assert page(client, collectivite).status_code == statut
    assert client.get(reverse("subtraitance:documentation", args=[collectivite.siren])).status_code == statut
    pv = reverse("subtraitance:proces_verbal_recu", args=[collectivite.siren, lot.pk])
    assert client.get(pv).status_code == statut


def test_la_page_reunit_tout_ce_qui_concerne_la_collectivite_et_elle_seule(connecte, lecteur, tout):
    lue = texte(page(connecte(lecteur), tout, etat="detruits"))
    for attendu in (
        "Assistance aux logiciels",
        "Nos locaux",
        "Base de Montpezat",
        "Effacez la base.",
        "1 détruit",
    ):
        assert attendu in lue
    assert not [mot for mot in ("Septfonds", "Ordre à un autre") if mot in lue]
    assert "Donner une instruction" not in lue
    assert "Aucun lot dans cet état." in texte(page(connecte(lecteur), tout, etat="inconnu"))


def test_la_page_vide_explique_ce_qui_viendra(connecte, referent, collectivite):
    lue = texte(page(connecte(referent), collectivite))
    for attendu in (
        "Aucune activité n’est notée pour vous",
        "pas encore déclaré de lieu d’hébergement",
        "Rien n’est noté.",
        "aucune instruction écrite",
    ):
        assert attendu in lue


def test_l_archive_reunit_chaque_document_en_deux_formats(connecte, referent, tout, contrat):
    fichiers = archive(connecte(referent), tout)
    pdf = {nom.rsplit(".", 1)[0] + ".pdf" for nom in DOCUMENTS}
    (joint,) = set(fichiers) - DOCUMENTS - pdf - {SOMMAIRE, EMPREINTES}
    assert joint.startswith(f"contrat/{contrat.piece.pk}-")
    assert hashlib.sha256(fichiers[joint]).hexdigest() == contrat.piece.sha256
    assert all(fichiers[nom].startswith(b"%PDF") for nom in pdf)
    fiche = json.loads(fichiers["01-fiche-30-2.json"])
    assert [set(e) for e in fiche["enregistrements"]] == [{"a", "b", "c", "d"}]


def test_chaque_document_dit_ce_qu_il_faut_et_rien_de_la_voisine(connecte, dpd, tout):
    fichiers = {
        nom: contenu.decode("utf-8-sig")
        for nom, contenu in archive(connecte(dpd), tout).items()
        if nom in DOCUMENTS or nom == SOMMAIRE
    }
    attendus = {
        "02-hebergement.csv": ["Nos locaux", "France", "aujourd’hui"],
        "03-donnees-detenues-et-detruites.csv": ["Base de Montpezat", "Effacement du serveur", "Détruit"],
        "04-instructions-et-alertes.csv": [
            "Effacez la base.",
            "Archives publiques.",
            "Retirée le",
            "Je renonce.",
        ],
        "05-sous-traitants-ulterieurs.csv": ["Coloc", "Lyon", "Refusé le", "Hors de France."],
        "06-contrat-et-controle-28-3.csv": [
            "Assistance informatique",
            "L’agence prend",
            "Pas encore vérifié",
        ],
        SOMMAIRE: ["Montpezat", "01-fiche-30-2.pdf", "lundi 23\u00a0novembre 2026"],
    }
    for nom, mots in attendus.items():
        assert [mot for mot in mots if mot not in fichiers[nom]] == [], nom
    assert not [nom for nom, dit in fichiers.items() if "Septfonds" in dit or "Ordre à un autre" in dit]


def test_les_empreintes_de_l_archive_sont_justes(connecte, referent, tout):
    fichiers = archive(connecte(referent), tout)
    lignes = [ligne.split("  ", 1) for ligne in fichiers[EMPREINTES].decode().splitlines()]
    assert {nom for _, nom in lignes} == set(fichiers) - {EMPREINTES, SOMMAIRE}
    for empreinte, nom in lignes:
        assert hashlib.sha256(fichiers[nom]).hexdigest() == empreinte
        assert empreinte in fichiers[SOMMAIRE].decode()


def test_l_archive_se_note_au_journal(connecte, referent, tout):
    archive(connecte(referent), tout)
    trace = JournalAcces.objects.get(nature="export")
    assert (trace.collectivite, trace.detail) == (tout, "documentation du sous-traitant, ZIP")


def test_sans_rien_l_archive_le_dit(connecte, referent, collectivite):
    fichiers = archive(connecte(referent), collectivite)
    assert set(fichiers) > DOCUMENTS
    assert "contrat/" not in " ".join(fichiers)
    assert fichiers["06-contrat-et-controle-28-3.pdf"].startswith(b"%PDF")


def test_un_contrat_retire_ou_introuvable_ne_fait_pas_echouer_l_archive(
    connecte, referent, dpd, tout, contrat
):
    contrat.piece.fichier.storage.delete(contrat.piece.fichier.name)
    fichiers = archive(connecte(referent), tout)
    assert "le fichier déposé est introuvable" in fichiers[SOMMAIRE].decode()
    retirer(piece=contrat.piece, motif="Doublon", auteur=dpd, maintenant=LUNDI)
    assert "contrat/" not in " ".join(archive(connecte(referent), tout))


def test_la_chaine_se_suit_jusqu_au_bout_sans_tourner_en_rond(structure, elle):
    premier, second, ailleurs = (creer_fiche(structure, nom) for nom in ("Premier", "Second", "Ailleurs"))
    lier(structure, elle, premier)
    lier(structure, premier, second)
    lier(structure, second, premier, "Boucle")
    lier(structure, ailleurs, second, "Pas de nous")
    retire = lier(structure, elle, ailleurs)
    retire.retire_le = LUNDI
    retire.enregistrer(**TRACE)
    chaine = [(m.rang, m.donneur.nom, m.ulterieur.nom) for m in chaine_de(structure)]
    assert chaine == [
        (1, "Centre de gestion", "Premier"),
        (2, "Premier", "Second"),
        (3, "Second", "Premier"),
    ]


def test_le_proces_verbal_d_une_voisine_n_existe_pas_ici(connecte, referent, collectivite, voisine, agent):
    lot = lot_d_essai(voisine, agent)
    detruire(agent, lot)
    adresse = reverse("subtraitance:proces_verbal_recu", args=[collectivite.siren, lot.pk])
    assert connecte(referent).get(adresse).status_code == 404


def test_les_dates_de_la_chaine_se_disent(connecte, referent, tout, structure, elle):
    lien = lier(structure, elle, creer_fiche(structure, "Daté"))
    lien.depuis = date(2025, 3, 1)
    lien.enregistrer(**TRACE)
    dit = archive(connecte(referent), tout)["05-sous-traitants-ulterieurs.csv"].decode("utf-8-sig")
    assert "1er\u00a0mars 2025" in dit
