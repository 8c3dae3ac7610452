"""Prévenir les collectivités : une violation et une horloge dans chacune, toutes ou aucune."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from post_office.models import Email

from dpd.comptes.enums import Role
from dpd.messagerie.models import Message
from dpd.regles.calendrier import Territoire
from tests.conftest import creer_collectivite, creer_personne
from tests.pieces.fabriques import fichier
from tests.violations.fabriques import PARIS, creer_violation
from tests.violations.fabriques_incidents import (
    SIGNALE_LE,
    SU_LE,
    creer_communes,
    creer_contrat,
    creer_incident,
    creer_logiciel,
)
from violations import emails_incidents
from violations.actions import incidents_ouverture, marquer_lue
from violations.actions.incidents import clore_incident, joindre_a_l_incident
from violations.actions.incidents_ouverture import ouvrir
from violations.actions.incidents_suite import diffuser
from violations.enums import EtatViolation, NatureEvenement, SourceConnaissance
from violations.models import Evenement, Incident, PrestataireImplique, Rappel, Violation

pytestmark = pytest.mark.django_db
MAINTENANT = datetime(2026, 11, 23, 9, 0, tzinfo=PARIS)
REQUETES_PAR_COMMUNE = 10


@pytest.fixture
def incident(structure, dpd, prestataire):
    return creer_incident(structure, dpd, sous_traitant=prestataire)


@pytest.fixture
def geste(incident, dpd):
    return {"incident": incident, "auteur": dpd, "maintenant": MAINTENANT}


def ecrits():
    """Tout ce qu’une ouverture écrit, historique compris."""
    return {
        modele.__name__: modele.objects.count()
        for modele in (
            *(Violation, Evenement, PrestataireImplique, Rappel, Email),
            *(Violation.history.model, Evenement.history.model, PrestataireImplique.history.model),
        )
    } | {"Avis": Message.objects.filter(nature=emails_incidents.AVIS).count()}


def test_chaque_collectivite_recoit_les_memes_faits_et_ses_propres_horloges(
    geste, incident, prestataire, collectivite, voisine, referent, dpd
):
    creer_contrat(collectivite, prestataire, delai_violation=12)
    creer_contrat(collectivite, prestataire, delai_violation=36)
    creer_contrat(collectivite, prestataire, delai_violation=6, fin=date(2026, 1, 1))
    creer_contrat(collectivite, prestataire, delai_violation=1, debut=date(2027, 1, 1))
    faite = ouvrir(collectivites=[collectivite, voisine], **geste)
    assert (len(faite.violations), faite.deja) == (2, 0)
    violation = Violation.objects.get(collectivite=collectivite)
    assert violation.incident == incident
    assert (violation.titre, violation.recit, violation.debut) == (
        incident.titre,
        incident.recit,
        incident.debut,
    )
    assert (violation.natures, violation.donnees, violation.en_cours) == (
        ["confidentialite"],
        ["etat_civil", "sante"],
        True,
    )
    assert (violation.source, violation.etat) == (SourceConnaissance.SOUS_TRAITANT, EtatViolation.DECLAREE)
    assert violation.connaissance == MAINTENANT
    assert violation.echeance_notification == MAINTENANT + timedelta(hours=72)
    assert (violation.connaissance_dpd, violation.lue_le) == (MAINTENANT, None)
    implique = violation.prestataires.get()
    assert (implique.sous_traitant, implique.delai, implique.prevenu_le) == (prestataire, 12, MAINTENANT)
    assert implique.echeance == SU_LE + timedelta(hours=12)
    usage = Violation.objects.get(collectivite=voisine).prestataires.get()
    assert (usage.delai, usage.echeance) == (24, incident.echeance)
    assert violation.rappels.count() == 5
    ligne = violation.evenements.get()
    assert ligne.nature == NatureEvenement.DECLARATION
    assert "Logi-Quercy" in ligne.texte
    assert incident.numero in ligne.texte
    incident.refresh_from_db()
    assert incident.ouvert_le == MAINTENANT


def test_l_incident_de_la_structure_la_nomme_comme_prestataire(structure, dpd, collectivite):
    incident = creer_incident(structure, dpd)
    ouvrir(incident=incident, collectivites=[collectivite], auteur=dpd, maintenant=MAINTENANT)
    implique = PrestataireImplique.objects.get()
    assert (implique.sous_traitant, str(implique), implique.delai) == (None, structure.nom, 24)


def test_ouverte_par_un_agent_la_violation_n_est_pas_encore_connue_du_dpd(
    incident, agent, collectivite, dpd, referent
):
    ouvrir(incident=incident, collectivites=[collectivite], auteur=agent, maintenant=MAINTENANT)
    violation = Violation.objects.get()
    assert (violation.connaissance_dpd, violation.declaree_par) == (None, agent)
    marquer_lue(violation=violation, auteur=referent, maintenant=MAINTENANT)
    violation.refresh_from_db()
    assert (violation.lue_par, violation.lue_le) == (referent, MAINTENANT)


def test_le_numero_suit_ceux_de_la_collectivite_et_de_son_annee(
    geste, structure, collectivite, voisine, referent
):
    guyane = creer_collectivite(
        structure, "Roura", "219730100", territoire=Territoire.GUYANE.value, code_insee="97310"
    )
    for annee in (2025, 2026):
        t0 = datetime(annee, 11, 20, 17, 25, tzinfo=PARIS)
        creer_violation(collectivite, referent, t0, connaissance=t0)
    geste["maintenant"] = datetime(2027, 1, 1, 2, 0, tzinfo=PARIS)
    creer_violation(guyane, referent, MAINTENANT)
    ouvrir(collectivites=[collectivite, voisine, guyane], **geste)
    numeros = {v.collectivite.nom: v.numero for v in Violation.objects.exclude(incident=None)}
    assert numeros == {"Montpezat-de-Quercy": "2027-01", "Septfonds": "2027-01", "Roura": "2026-02"}


def test_la_meme_piece_envoyee_deux_fois_a_l_incident_n_y_est_qu_une_fois(geste, incident):
    depot = {"incident": incident, "auteur": geste["auteur"], "maintenant": SIGNALE_LE}
    une = joindre_a_l_incident(fichier=fichier(), **depot)
    assert joindre_a_l_incident(fichier=fichier(), **depot) == une


def test_referents_et_decideurs_recoivent_l_avis_les_autres_non(
    geste, incident, collectivite, voisine, referent, decideur, lecteur
):
    parti = creer_personne("parti@montpezat.example", "P", "Parti", Role.REFERENT, collectivite)
    parti.is_active = False
    parti.save()
    joindre_a_l_incident(
        incident=incident,
        fichier=fichier(),
        auteur=geste["auteur"],
        maintenant=SIGNALE_LE,
        libelle="Avis de l’éditeur",
    )
    faite = ouvrir(collectivites=[collectivite, voisine], **geste)
    avis = Message.objects.filter(nature=emails_incidents.AVIS)
    assert {m.destinataire for m in avis} == {referent.email, decideur.email, voisine.courriel}
    assert faite.courriels == 3
    message = avis.get(utilisateur=referent)
    violation = Violation.objects.get(collectivite=collectivite)
    assert (message.objet, message.collectivite) == (violation, collectivite)
    assert message.sujet == (
        "Montpezat-de-Quercy : incident chez Logi-Quercy, à traiter avant le "
        "jeudi 26\u00a0novembre 2026 à 9\u00a0h\u00a000"
    )
    for attendu in (
        "RGPD, art. 33-2",
        "Perte de la confidentialité",
        "Données de santé",
        "Mineurs",
        "l’incident dure encore",
        "dimanche 22\u00a0novembre 2026 à 20\u00a0h\u00a000",
        "Avis de l’éditeur",
        f"/c/{collectivite.siren}/violations/2026-1/",
        "dpd@cdg.example",
        "n’envoie rien à la CNIL",
    ):
        assert attendu in message.corps
    assert incident.titre not in message.sujet + message.corps
    assert incident.recit not in message.corps
    sans_compte = avis.get(utilisateur=None)
    assert "/violations/" not in sans_compte.corps
    assert Email.objects.filter(to=[voisine.courriel]).exists()


def test_sans_rien_savoir_encore_l_avis_le_dit(structure, dpd, collectivite, prestataire):
    logiciel = creer_logiciel(prestataire, "Familia")
    rien = {"debut": None, "en_cours": False, "confidentialite": False, "donnees": [], "personnes": []}
    incident = creer_incident(structure, dpd, sous_traitant=prestataire, logiciel=logiciel, **rien)
    ouvrir(incident=incident, collectivites=[collectivite], auteur=dpd, maintenant=MAINTENANT)
    corps = Message.objects.get(nature=emails_incidents.AVIS).corps
    assert corps.count("pas encore connu") == 5
    assert "Documentation" not in corps
    assert "Logi-Quercy, sur Familia" in corps


def test_rejoue_le_geste_n_ajoute_que_les_collectivites_qui_manquaient(geste, collectivite, voisine):
    ouvrir(collectivites=[collectivite], **geste)
    apres = ecrits()
    encore = ouvrir(collectivites=[collectivite], **geste)
    assert (encore.violations, encore.courriels, encore.deja) == ((), 0, 1)
    assert ecrits() == apres
    geste["maintenant"] += timedelta(hours=2)
    plus = ouvrir(collectivites=[collectivite, voisine], **geste)
    assert ([v.collectivite for v in plus.violations], plus.courriels, plus.deja) == ([voisine], 1, 1)
    assert Violation.objects.count() == 2
    assert Incident.objects.get().ouvert_le == MAINTENANT


def test_prevenue_tard_une_collectivite_sait_ce_que_l_on_a_dit_aux_autres(geste, collectivite, voisine):
    ouvrir(collectivites=[collectivite], **geste)
    for texte in ("Deuxième", "Troisième"):
        diffuser(texte=texte, **geste)
    ouvrir(collectivites=[voisine], **geste)
    lignes = Evenement.objects.filter(violation__collectivite=voisine).order_by("pk")
    assert [ligne.nature for ligne in lignes] == ["declaration", "prestataire", "prestataire"]
    assert [ligne.texte for ligne in lignes][1:] == ["Deuxième", "Troisième"]
    assert all(ligne.information for ligne in list(lignes)[1:])


def refuse(**geste):
    avant = ecrits()
    with pytest.raises(ValidationError) as refus:
        ouvrir(**geste)
    assert ecrits() == avant
    return refus.value.messages


def test_une_collectivite_d_une_autre_structure_arrete_tout(geste, collectivite, lointaine):
    assert refuse(collectivites=[collectivite, lointaine], **geste) == [incidents_ouverture.AILLEURS]
    assert Incident.objects.get().ouvert_le is None


def test_sans_collectivite_ou_clos_l_incident_n_ouvre_rien(geste, collectivite, incident, dpd):
    assert refuse(collectivites=[], **geste) == [incidents_ouverture.AUCUNE]
    clore_incident(incident=incident, motif="Fausse alerte", auteur=dpd, maintenant=MAINTENANT)
    assert "clos" in refuse(collectivites=[collectivite], **geste)[0]


def test_une_collectivite_que_rien_n_atteint_est_nommee_et_rien_ne_part(geste, structure, collectivite):
    muettes = creer_communes(structure, 12, referents=False)
    (phrase,) = refuse(collectivites=[collectivite, muettes[3]], **geste)
    assert "Commune de Bourg 003" in phrase
    (phrase,) = refuse(collectivites=muettes, **geste)
    assert "Commune de Bourg 009 et 2 autres" in phrase
    assert "Bourg 010" not in phrase


def test_deux_cents_communes_recoivent_deux_cents_violations_et_deux_cents_courriels(geste, structure):
    communes = creer_communes(structure, 200)
    faite = ouvrir(collectivites=communes, **geste)
    assert (len(faite.violations), faite.courriels) == (200, 200)
    assert ecrits() == {
        "Violation": 200,
        "Evenement": 200,
        "PrestataireImplique": 200,
        "Rappel": 1000,
        "Email": 200,
        "HistoricalViolation": 200,
        "HistoricalEvenement": 200,
        "HistoricalPrestataireImplique": 200,
        "Avis": 200,
    }
    assert Message.objects.filter(courriel=None).count() == 0
    assert {v.numero for v in Violation.objects.all()} == {"2026-01"}


@pytest.mark.parametrize(
    ("ou", "quoi"),
    [
        ("violations.actions.incidents_ouverture.rappels_a_prevoir", "les rappels"),
        ("violations.emails_incidents.adresse_de", "les courriels"),
    ],
)
def test_une_panne_au_milieu_ne_laisse_rien(geste, structure, monkeypatch, ou, quoi):
    communes = creer_communes(structure, 200)
    avant, appels = ecrits(), []

    def panne(*args, **kwargs):
        appels.append(1)
        if len(appels) == 100:
            raise OSError(quoi)
        return [] if "rappels" in ou else "https://exemple"

    monkeypatch.setattr(ou, panne)
    with pytest.raises(OSError, match=quoi):
        ouvrir(collectivites=communes, **geste)
    assert ecrits() == avant
    assert Incident.objects.get().ouvert_le is None
    monkeypatch.undo()
    assert len(ouvrir(collectivites=communes, **geste).violations) == 200


def test_prevenir_coute_toujours_moins_de_requetes_par_commune(geste, structure):
    couts, premiere = {}, 0
    for nombre in (10, 50, 200):
        communes = creer_communes(structure, nombre, premiere=premiere)
        premiere += nombre
        with CaptureQueriesContext(connection) as requetes:
            ouvrir(collectivites=communes, **geste)
        couts[nombre] = len(requetes) / nombre
    assert all(cout <= REQUETES_PAR_COMMUNE for cout in couts.values()), couts
    assert couts[10] > couts[50] > couts[200]
    assert couts[200] <= 1, couts
