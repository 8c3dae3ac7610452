"""Chaque liste et chaque export coûtent le même nombre de requêtes à dix et à deux cents lignes.

La table ci-dessous est l’inventaire : une page nouvelle y entre, ou dit pourquoi elle n’est pas une liste.
"""

import json
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.comptes.enums import Role, TypeCollectivite
from registre.models import VersionModele, VersionTraitement
from registre.regles.contenu import en_dict
from tests.conftest import creer_personne
from tests.monde import LOCATAIRES, remplir_adresse
from tests.registre.regles.fiches import CANTINE
from tests.volume import Volume, collectivites_de, referentiel

pytestmark = pytest.mark.django_db
PEU, BEAUCOUP = 10, 200
# Ce qu’on demande à chaque page, quand son adresse nue ne montre pas la liste ou ne la montre pas toute.
DEMANDES = {
    "registre:liste": ("", "?q=fiche&etat=a_completer&tri=-date", "?part=sensible"),
    "registre:modeles": ("", "?tous=on&mot=cantine"),
    "registre:bibliotheque": ("", "?mot=cantine"),
    "pilotage:portefeuille": ("", "?registre=a_completer&tri=-registre&q=syndicat"),
    "comptes:communes": ("?q=vol",),
}
LISTES = {
    "pilotage:collectivite",
    "pilotage:structure",
    "pilotage:portefeuille",
    "pilotage:questions",
    "registre:liste",
    "registre:fiche",
    "registre:historique",
    "registre:modeles",
    "registre:modele",
    "registre:bibliotheque",
    "registre:modele_structure",
    "comptes:collectivite",
    "comptes:personnes",
    "comptes:structure",
    "comptes:journal",
    "comptes:journal_structure",
    "comptes:communes",
}
# La recherche ne montre jamais plus de propositions, ni l’accueil plus de choses à faire.
BORNEES = {"/communes/", "décideur"}
EXPORTS = {"registre:exporter", "registre:exporter_fiche"}  # mesurés dans tests/registre/test_exports_vues.py
MESUREES_AILLEURS = {  # dans tests/conventions/test_convention_couts.py
    "pilotage:courriels",  # dans tests/pilotage/test_courriels.py
    "pilotage:depart",  # dans tests/pilotage/depart/test_lecture.py
    "conventions:conventions",
    "conventions:mises_en_place",
    "conventions:modeles",
    "conventions:convention",
    "conventions:mise_en_place",
    "conventions:designation",
    "conventions:passations",
    "conventions:tarif",  # dans tests/conventions/test_tarifs_couts.py
    "conventions:tarifs",
    "conventions:bareme",
    "conventions:indices",
    "conventions:indice_corriger",
    "conventions:hausses",
    "conventions:hausse",
    "conventions:devis_structure",
    "conventions:devis_collectivite",
    "conventions:interventions_structure",  # dans tests/conventions/test_interventions_couts.py
    "conventions:interventions",
    "conventions:etats_mensuels",
    "conventions:etat_mensuel",
    "conventions:etats_annuels",
    "conventions:campagne",
    "conventions:exporter_interventions",
    "conventions:exporter_etat_mensuel",
    "conventions:exporter_etats_annuels",
    "conventions:exporter_etat_annuel",
    "violations:violation",  # dans tests/violations/test_page.py
    "violations:horloges",
    "violations:traitements",  # dans tests/violations/test_liens_couts.py
    "violations:liste",  # dans tests/violations/test_liste.py
    "violations:structure",  # dans tests/violations/test_structure.py
    "violations:exporter",  # dans tests/violations/test_exports_registre.py
    "violations:exporter_structure",
    "violations:statistiques",  # dans tests/violations/test_statistiques.py
    "violations:statistiques_structure",
    "violations:personnes",  # dans tests/violations/test_personnes_vues.py
    "violations:incidents",  # dans tests/violations/test_incident_couts.py
    "violations:incident",
    "violations:ouvrir_incident",
    "violations:signaler",
    "violations:exporter_incident",
    "subtraitance:registre_30_2",  # dans tests/subtraitance/test_structure_couts.py
    "subtraitance:exporter_registre_30_2",
    "subtraitance:activite",
    "subtraitance:rattacher",
    "subtraitance:ajouter_hebergement",
    "subtraitance:hebergement",
    "subtraitance:enregistrer_lot",
    "subtraitance:donnees_detenues",
    "subtraitance:exporter_detention",
    "subtraitance:detruire_lots",
    "subtraitance:instructions_recues",
    "subtraitance:instructions",
    "subtraitance:notre_sous_traitant",
    "subtraitance:documentation",
    "subtraitance:retirer_responsables",
    "subtraitance:fiche_30_2",
    "subtraitance:exporter_fiche_30_2",
    "subtraitance:donner_instruction",
    "subtraitance:demandes",  # dans tests/subtraitance/test_listes.py
    "subtraitance:demandes_structure",
    "subtraitance:exporter_demandes",
    "subtraitance:exporter_demandes_structure",
    "subtraitance:enregistrer_demande_structure",
    "subtraitance:demandes_a_effacer",  # dans tests/subtraitance/test_effacement_vues.py
    "subtraitance:annuaire",  # dans tests/subtraitance/test_annuaire_echelle.py
    "subtraitance:exporter_annuaire",
    "subtraitance:fiche_annuaire",
    "subtraitance:prestataires",
    "subtraitance:prestataire",
    "subtraitance:exporter_contrats",
    "subtraitance:fusionner",
    "subtraitance:ajouter_ulterieur",
    "subtraitance:proposer",
    "registre:demande",  # dans tests/subtraitance/test_demande_recherche.py
    "registre:choisir_les_fiches",
    "registre:noter_la_recherche",
    "registre:contrat",  # dans tests/subtraitance/test_annuaire_echelle.py
    "registre:clauses_contrat",
    "registre:fiches_contrat",
    "registre:avenant",
    "registre:exporter_avenant",
}
# Un formulaire, une confirmation, un fichier : rien ne s’y répète par ligne.
SANS_LISTE = {
    "comptes:reglages",
    "comptes:ajouter_contact",
    "comptes:clore_contact",
    "comptes:creer_collectivite",
    "comptes:desactiver",
    "comptes:inviter",
    "comptes:inviter_structure",
    "comptes:modifier_collectivite",
    "comptes:oublier_double_facteur",
    "comptes:populations",
    "comptes:reactiver",
    "comptes:renvoyer_invitation",
    "comptes:renvoyer_invitation_structure",
    "comptes:retirer_role",
    "comptes:retirer_role_structure",
    "comptes:revoquer_invitation",
    "comptes:revoquer_invitation_structure",
    "pieces:telecharger",
    "pieces:telecharger_structure",
    "registre:etape",
    "registre:importer",
    "registre:modele_modifier",
    "registre:nouvelle",
    "registre:version",
    "pilotage:abandonner_depart",
    "pilotage:attestation_depart",
    "pilotage:clore_depart",
    "pilotage:detruire_depart",
    "pilotage:ouvrir_depart",
    "pilotage:recevoir_depart",
    "pilotage:sort_depart",
    "pilotage:viser_depart",
    "conventions:basculer",
    "conventions:changer_executif",
    "conventions:clore_modele",
    "conventions:creer_modele",
    "conventions:denoncer",
    "conventions:deposer_signee",
    "conventions:designer",
    "conventions:etape",
    "conventions:finir_designation",
    "conventions:lettre_referent",
    "conventions:modele",
    "conventions:modifier_designation",
    "conventions:modifier_modele",
    "conventions:prevoir",
    "conventions:projet",
    "conventions:remplacer_modele",
    "conventions:renouveler",
    "conventions:retirer_fin",
    "conventions:abandonner_projet",
    "conventions:signer",
    "conventions:bareme_nouveau",
    "conventions:bareme_modifier",
    "conventions:bareme_prix",
    "conventions:simulateur_regler",
    "conventions:devis",
    "conventions:devis_demander",
    "conventions:devis_pdf",
    "conventions:devis_proposer",
    "conventions:annuler_intervention",
    "violations:avis",
    "violations:clore",
    "violations:decider",
    "violations:dossier_pdf",
    "violations:notification_pdf",
    "violations:notifier",
    "violations:rouvrir",
    "violations:declarer",
    "violations:enisa",
    "violations:impliquer",
    "violations:instants",
    "violations:joindre",
    "violations:note",
    "violations:retirer_prestataire",
    "violations:saisie",
    "violations:clore_incident",
    "violations:diffuser",
    "violations:documentation",
    "violations:joindre_incident",
    "violations:piece_incident",
    "violations:retirer_piece_incident",
    "violations:rouvrir_incident",
    "violations:personnes_document",
    "violations:personnes_informees",
    "subtraitance:accuser_instruction",
    "subtraitance:affichette_demandes",
    "subtraitance:ajouter_certification",
    "subtraitance:ajouter_logiciel",
    "subtraitance:alerter_instruction",
    "subtraitance:arreter_activite",
    "subtraitance:autorisation",
    "subtraitance:clore_demande",
    "subtraitance:creer_activite",
    "subtraitance:creer_prestataire",
    "subtraitance:durees_detention",
    "subtraitance:effacer_demandeur",
    "subtraitance:enregistrer_demande",
    "subtraitance:executer_instruction",
    "subtraitance:instruction",
    "subtraitance:instruction_recue",
    "subtraitance:joindre_a_la_demande",
    "subtraitance:justificatif",
    "subtraitance:justificatif_structure",
    "subtraitance:lettre",
    "subtraitance:lettre_fichier",
    "subtraitance:modifier_activite",
    "subtraitance:modifier_prestataire",
    "subtraitance:noter_accuse",
    "subtraitance:noter_alerte",
    "subtraitance:noter_execution",
    "subtraitance:proces_verbal",
    "subtraitance:proces_verbal_recu",
    "subtraitance:prolonger",
    "subtraitance:qualifier",
    "subtraitance:reglages_demandes",
    "subtraitance:regler_detention",
    "subtraitance:repondre",
    "subtraitance:repondre_alerte",
    "subtraitance:reprendre",
    "subtraitance:reprendre_activite",
    "subtraitance:retirer_certification",
    "subtraitance:retirer_logiciel",
    "subtraitance:retirer_ulterieur",
    "subtraitance:rouvrir_demande",
    "subtraitance:suspendre",
    "subtraitance:terminer_hebergement",
    "subtraitance:transmettre",
    "subtraitance:verifier_identite",
    "registre:clore_contrat",
    "registre:modifier_contrat",
    "registre:nouveau_contrat",
}
HORS_LOCATAIRE = ("accueil", "comptes:profil")


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    cache.clear()
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def volume(monde, dpd, maintenant):
    fiche = VersionTraitement.objects.select_related("traitement", "avis").get(
        collectivite=monde["collectivite"], traitement__reference=monde["reference"]
    )
    modele = VersionModele.objects.select_related("modele").get(pk=monde["modele"])
    return Volume(monde["collectivite"], monde["structure"], dpd, maintenant, fiche, modele)


def mesurer(client, envois):
    """{envoi: (nombre de requêtes, taille de la réponse)}."""
    resultats = {}
    for nom, envoyer in envois.items():
        with CaptureQueriesContext(connection) as requetes:
            reponse = envoyer(client)
            contenu = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
        assert reponse.status_code == 200, nom
        resultats[nom] = (len(requetes), len(contenu))
    return resultats


def comparer(client, volume, envois):
    """Les envois qui coûtent plus à deux cents lignes ; chacun doit y montrer davantage."""
    volume.porter_a(PEU)
    mesurer(client, envois)  # ce qui ne se lit qu’une fois par processus est lu
    peu = mesurer(client, envois)
    volume.porter_a(BEAUCOUP)
    beaucoup = mesurer(client, envois)
    figees = [nom for nom in envois if beaucoup[nom][1] <= peu[nom][1]]
    assert [nom for nom in figees if not any(bornee in nom for bornee in BORNEES)] == []
    return {nom: (peu[nom][0], beaucoup[nom][0]) for nom in envois if peu[nom][0] != beaucoup[nom][0]}


def lire(adresse):
    return lambda client: client.get(adresse)


def lectures(monde, noms):
    adresses = [remplir_adresse(nom, monde) + d for nom in sorted(noms) for d in DEMANDES.get(nom, ("",))]
    return {adresse: lire(adresse) for adresse in adresses}


def test_chaque_page_est_une_liste_mesuree_ou_n_en_est_pas_une(connecte, etranger, monde):
    client = connecte(etranger)  # à qui une page qui se lit répond 404, et non 405
    lisibles = {nom for nom in LOCATAIRES if client.get(remplir_adresse(nom, monde)).status_code != 405}
    assert lisibles == LISTES | SANS_LISTE | EXPORTS | MESUREES_AILLEURS
    assert not LISTES & SANS_LISTE


def test_chaque_liste_coute_autant_a_dix_qu_a_deux_cents_lignes(connecte, dpd, volume, monde):
    assert comparer(connecte(dpd), volume, lectures(monde, LISTES)) == {}


def test_chaque_accueil_personnel_coute_autant_a_dix_qu_a_deux_cents_lieux(connecte, volume, monde):
    habituee = creer_personne(
        "habituee@partout.example", "Hortense", "Partout", Role.DECIDEUR, monde["collectivite"]
    )
    volume.auteur = habituee
    envois = {nom: lire(reverse(nom)) for nom in HORS_LOCATAIRE}
    envois["décideur"] = lire(remplir_adresse("pilotage:collectivite", monde))
    assert comparer(connecte(habituee), volume, envois) == {}


def test_l_apercu_d_un_import_coute_autant_a_dix_qu_a_deux_cents_fiches(connecte, dpd, collectivite):
    def deposer(nombre):
        fiches = [{"contenu": en_dict(replace(CANTINE, nom=f"Lue {r:03}"))} for r in range(nombre)]
        lu = {"document": {"siren": collectivite.siren}, "enregistrements": fiches}
        adresse = reverse("registre:importer", args=[collectivite.siren])
        return apercu(adresse, "registre.json", json.dumps(lu))

    comparer_les_apercus(connecte(dpd), deposer)


def test_l_apercu_des_populations_coute_autant_a_dix_qu_a_deux_cents_communes(
    connecte, dpd, structure, maintenant
):
    trace = {"auteur": dpd, "maintenant": maintenant, "raison": "Essai"}
    commune = {"type": TypeCollectivite.COMMUNE, "code_insee": "01{:03}"}
    referentiel(range(BEAUCOUP))
    collectivites_de(structure, range(BEAUCOUP), **commune, **trace)

    def deposer(nombre):
        lignes = [f"01;01{rang:03};Volumère {rang:03};200;5;205" for rang in range(nombre)]
        csv = "\n".join(["DEP;COM;COMMUNE;PMUN;PCAP;PTOT", *lignes])
        adresse = reverse("comptes:populations", args=[structure.siren])
        return apercu(adresse, "donnees_communes.csv", csv, millesime=2023)

    comparer_les_apercus(connecte(dpd), deposer)


def apercu(adresse, nom, texte, **champs):
    return lambda client: client.post(adresse, {**champs, "fichier": SimpleUploadedFile(nom, texte.encode())})


def comparer_les_apercus(client, deposer):
    """Déposer peu ou beaucoup coûte autant, et montre davantage."""
    mesurer(client, {"aperçu": deposer(1)})
    peu, beaucoup = (mesurer(client, {"aperçu": deposer(n)})["aperçu"] for n in (PEU, BEAUCOUP))
    assert peu[0] == beaucoup[0]
    assert peu[1] < beaucoup[1]
