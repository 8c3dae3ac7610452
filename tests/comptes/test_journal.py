"""Le journal des accès : complet pour le lieu, muet sur les autres."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.comptes.actions import desactiver, reactiver
from dpd.comptes.droits import accorder, retirer
from dpd.comptes.enums import NatureAcces, Role
from dpd.comptes.journal import adresse_ip, consigner
from dpd.comptes.models import JournalAcces
from tests.conftest import creer_personne

pytestmark = pytest.mark.django_db


def lire(client, lieu, nom="comptes:journal", **parametres):
    return client.get(reverse(nom, args=[lieu.siren]), parametres).content.decode()


@pytest.mark.parametrize(
    ("mandataires", "meta", "attendue"),
    [
        (0, {"REMOTE_ADDR": "203.0.113.9"}, "203.0.113.9"),
        (0, {"REMOTE_ADDR": "203.0.113.9", "HTTP_X_FORWARDED_FOR": "10.0.0.1"}, "203.0.113.9"),
        (1, {"REMOTE_ADDR": "10.0.0.2", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, "203.0.113.9"),
        (1, {"REMOTE_ADDR": "10.0.0.2", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 203.0.113.9"}, "203.0.113.9"),
        (
            2,
            {"REMOTE_ADDR": "10.0.0.2", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 203.0.113.9, 10.0.0.1"},
            "203.0.113.9",
        ),
        (2, {"REMOTE_ADDR": "203.0.113.9", "HTTP_X_FORWARDED_FOR": "6.6.6.6"}, "203.0.113.9"),
        (1, {"REMOTE_ADDR": "203.0.113.9"}, "203.0.113.9"),
        (0, {"REMOTE_ADDR": "2001:db8::1"}, "2001:db8::1"),
        (0, {"REMOTE_ADDR": ""}, None),
        (1, {"REMOTE_ADDR": "10.0.0.2", "HTTP_X_FORWARDED_FOR": "pas une adresse"}, None),
    ],
)
def test_l_adresse_vient_du_mandataire_de_confiance_jamais_du_client(
    rf, settings, mandataires, meta, attendue
):
    settings.NB_MANDATAIRES = mandataires
    assert adresse_ip(rf.get("/", **meta)) == attendue


def test_consigner_ecrit_le_geste_sans_depasser(rf, referent, collectivite, maintenant):
    ligne = consigner(
        NatureAcces.EXPORT,
        maintenant=maintenant,
        utilisateur=referent,
        collectivite=collectivite,
        detail="x" * 400 + "\0",
        request=rf.get("/"),
    )
    ligne.refresh_from_db()
    assert (ligne.quand, ligne.nature, ligne.adresse_ip) == (maintenant, "export", "127.0.0.1")
    assert ligne.detail == "x" * 300


def test_sans_requete_pas_d_adresse(maintenant):
    assert consigner(NatureAcces.IMPORT, maintenant=maintenant).adresse_ip is None


def test_la_page_montre_les_gestes_du_lieu_et_les_entrees_de_ses_personnes(
    connecte, decideur, referent, collectivite, maintenant
):
    consigner(
        NatureAcces.EXPORT,
        maintenant=maintenant,
        utilisateur=referent,
        collectivite=collectivite,
        detail="Registre PDF",
    )
    consigner(NatureAcces.CONNEXION, maintenant=maintenant, utilisateur=referent)
    consigner(NatureAcces.ECHEC, maintenant=maintenant, utilisateur=referent, detail=referent.email)
    page = lire(connecte(decideur), collectivite)
    for attendu in ("Registre PDF", "Connexion", "Échec de connexion", "23\u00a0nov. 2026, 9\u00a0h\u00a040"):
        assert attendu in page


def test_la_page_ne_dit_rien_des_autres_lieux(
    connecte, decideur, dpd, referent, collectivite, voisine, etranger, maintenant
):
    consigner(
        NatureAcces.EXPORT,
        maintenant=maintenant,
        utilisateur=dpd,
        collectivite=voisine,
        detail="Chez la voisine",
    )
    consigner(
        NatureAcces.EXPORT,
        maintenant=maintenant,
        utilisateur=referent,
        collectivite=voisine,
        detail="Une référente partagée",
    )
    consigner(NatureAcces.CONNEXION, maintenant=maintenant, utilisateur=etranger)
    consigner(NatureAcces.ECHEC, maintenant=maintenant, detail="inconnue@nullepart.example")
    page = lire(connecte(decideur), collectivite)
    for secret in ("Chez la voisine", "Une référente partagée", "Ernest", "inconnue@"):
        assert secret not in page
    assert "Rien encore." in page


def test_le_journal_de_la_structure(connecte, dpd, agent, structure, collectivite, maintenant):
    consigner(
        NatureAcces.INVITATION, maintenant=maintenant, utilisateur=dpd, structure=structure, detail="a@b.fr"
    )
    consigner(NatureAcces.CONNEXION, maintenant=maintenant, utilisateur=agent)
    consigner(
        NatureAcces.EXPORT, maintenant=maintenant, utilisateur=dpd, collectivite=collectivite, detail="PDF"
    )
    page = lire(connecte(dpd), structure, "comptes:journal_structure")
    assert "a@b.fr" in page
    assert "Agathe Assistance" in page
    assert "PDF" not in page


def test_la_page_est_decoupee_et_va_du_plus_recent_au_plus_ancien(
    connecte, decideur, collectivite, maintenant
):
    for i in range(60):
        consigner(
            NatureAcces.EXPORT,
            maintenant=maintenant - timedelta(hours=i),
            utilisateur=decideur,
            collectivite=collectivite,
            detail=f"Export n° {i:02}",
        )
    client = connecte(decideur)
    premiere, seconde = lire(client, collectivite), lire(client, collectivite, page=2)
    assert "Export n° 00" in premiere
    assert "Export n° 50" not in premiere
    assert "Export n° 59" in seconde
    assert premiere.index("Export n° 00") < premiere.index("Export n° 01")


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_lignes(
    connecte, decideur, collectivite, maintenant
):
    client = connecte(decideur)
    mesures = []
    for nombre in (10, 200):
        for _ in range(JournalAcces.objects.count(), nombre):
            consigner(
                NatureAcces.EXPORT, maintenant=maintenant, utilisateur=decideur, collectivite=collectivite
            )
        lire(client, collectivite)
        with CaptureQueriesContext(connection) as requetes:
            lire(client, collectivite)
        mesures.append(len(requetes))
    assert mesures[0] == mesures[1]


def test_une_ligne_sans_personne_ni_adresse_s_affiche(connecte, decideur, collectivite, maintenant):
    consigner(NatureAcces.IMPORT, maintenant=maintenant, collectivite=collectivite)
    assert "Inconnu" in lire(connecte(decideur), collectivite)


# --- Ce qu’une collectivité ne voit pas -----------------------------------------------------------


def test_la_collectivite_ne_voit_aucune_adresse_la_structure_oui(
    connecte, decideur, dpd, referent, agent, collectivite, structure, maintenant, rf
):
    requete = rf.get("/", REMOTE_ADDR="203.0.113.77")
    for personne in (referent, agent):
        consigner(NatureAcces.CONNEXION, maintenant=maintenant, utilisateur=personne, request=requete)
    page = lire(connecte(decideur), collectivite)
    assert "Sylvie Delmas" in page
    assert "203.0.113.77" not in page
    assert "Adresse IP" not in page
    assert "203.0.113.77" in lire(connecte(dpd), structure, "comptes:journal_structure")


def test_les_entrees_d_avant_l_habilitation_ne_se_voient_pas(
    connecte, decideur, referent, collectivite, maintenant
):
    for jours, nature in ((-1, NatureAcces.ECHEC), (1, NatureAcces.CONNEXION)):
        consigner(nature, maintenant=maintenant + timedelta(days=jours), utilisateur=referent)
    consigner(
        NatureAcces.HABILITATION, maintenant=maintenant, utilisateur=referent, collectivite=collectivite
    )
    page = lire(connecte(decideur), collectivite)
    assert "Échec de connexion" not in page
    assert "24\u00a0nov. 2026" in page


@pytest.mark.parametrize("ailleurs", ["voisine", "autre_structure"])
def test_les_entrees_d_une_personne_qui_sert_aussi_ailleurs_ne_se_voient_pas(
    connecte, decideur, referent, collectivite, maintenant, request, ailleurs
):
    role = Role.REFERENT if ailleurs == "voisine" else Role.AGENT
    accorder(referent, role, request.getfixturevalue(ailleurs))
    consigner(NatureAcces.CONNEXION, maintenant=maintenant, utilisateur=referent)
    assert "Sylvie Delmas" not in lire(connecte(decideur), collectivite)


# --- Ce qu’une structure ne voit pas --------------------------------------------------------------


def test_ni_les_entrees_ni_l_adresse_d_un_agent_qui_sert_une_autre_structure(
    connecte, dpd, agent, structure, autre_structure, maintenant, rf
):
    requete = rf.get("/", REMOTE_ADDR="203.0.113.77")
    consigner(NatureAcces.CONNEXION, maintenant=maintenant, utilisateur=agent, request=requete)
    assert "203.0.113.77" in lire(connecte(dpd), structure, "comptes:journal_structure")
    accorder(agent, Role.AGENT, autre_structure)
    page = lire(connecte(dpd), structure, "comptes:journal_structure")
    assert "203.0.113.77" not in page
    assert "Agathe Assistance" not in page


def test_ni_celles_d_un_agent_elu_dans_une_collectivite_d_ailleurs(
    connecte, dpd, agent, structure, collectivite, lointaine, maintenant
):
    consigner(NatureAcces.CONNEXION, maintenant=maintenant, utilisateur=agent)
    accorder(agent, Role.LECTEUR, collectivite)
    assert "Agathe Assistance" in lire(connecte(dpd), structure, "comptes:journal_structure")
    accorder(agent, Role.LECTEUR, lointaine)
    assert "Agathe Assistance" not in lire(connecte(dpd), structure, "comptes:journal_structure")


def test_ni_celles_d_avant_son_arrivee(connecte, dpd, agent, structure, maintenant):
    for jours, nature in ((-1, NatureAcces.ECHEC), (1, NatureAcces.CONNEXION)):
        consigner(nature, maintenant=maintenant + timedelta(days=jours), utilisateur=agent)
    consigner(NatureAcces.HABILITATION, maintenant=maintenant, utilisateur=agent, structure=structure)
    page = lire(connecte(dpd), structure, "comptes:journal_structure")
    assert "Échec de connexion" not in page
    assert "24\u00a0nov. 2026" in page


def test_rouvrir_le_compte_d_une_autre_n_efface_pas_ses_propres_entrees(
    connecte, dpd, agent, structure, maintenant
):
    consigner(NatureAcces.ECHEC, maintenant=maintenant - timedelta(days=1), utilisateur=dpd, detail=dpd.email)
    desactiver(utilisateur=agent, structure=structure, auteur=dpd, maintenant=maintenant)
    reactiver(utilisateur=agent, structure=structure, auteur=dpd, maintenant=maintenant)
    assert "Échec de connexion" in lire(connecte(dpd), structure, "comptes:journal_structure")


@pytest.mark.parametrize("deja_partie", [True, False])
def test_quitter_l_autre_structure_ne_livre_pas_les_entrees_d_alors(
    connecte, structure, autre_structure, dpd, maintenant, deja_partie
):
    """Rien ne dit pour laquelle des deux elle entrait : ses entrées ne se montrent plus de l’année."""
    agente = creer_personne("a@double.example", "Al", "Double", Role.AGENT, structure)

    def noter(nature, jours, **suite):
        quand = maintenant - timedelta(days=jours)
        JournalAcces.objects.create(quand=quand, nature=nature, utilisateur=agente, **suite)

    noter(NatureAcces.HABILITATION, 300, structure=structure, detail="x")
    noter(NatureAcces.CONNEXION, 100, adresse_ip="203.0.113.77")
    assert "203.0.113.77" in lire(connecte(dpd), structure, "comptes:journal_structure")
    noter(NatureAcces.HABILITATION, 200, structure=autre_structure, detail="x")
    accorder(agente, Role.AGENT, autre_structure)
    if deja_partie:
        retirer(agente, Role.AGENT, autre_structure)
    assert "203.0.113.77" not in lire(connecte(dpd), structure, "comptes:journal_structure")
