"""De quoi remplir toutes les adresses des violations ; une fonction par sujet, rassemblées en bas."""

from datetime import timedelta

from tests.pieces.fabriques import fichier
from tests.violations.fabriques import creer_prestataire, decider
from tests.violations.fabriques_incidents import creer_incident, creer_logiciel
from violations.actions import (
    Reponse,
    clore,
    declarer,
    impliquer,
    notifier,
    publier_message,
    rediger_message,
)
from violations.actions import decider as trancher
from violations.actions.incidents import joindre_a_l_incident
from violations.actions.incidents_ouverture import ouvrir
from violations.dossier_lu import lire_dossier
from violations.enums import MotifSansInformation, MoyenInformation, Question, TypeNotification
from violations.rubriques_cnil import contenu_fige

CENTAINE = 100  # les numéros d’un lieu : aucun en commun avec ceux d’un autre


def _numeroter(objet, rang, auteur, maintenant):
    objet.rang = rang
    return objet.enregistrer(auteur=auteur, maintenant=maintenant, raison="x")


def remplir_incidents(structure, collectivite, gens, maintenant, premiere) -> dict:
    """Un incident qui a ouvert une violation ici, avec sa pièce ; un autre dont personne n’est prévenu."""
    geste = {"auteur": gens["dpd"], "maintenant": maintenant}
    prestataire = creer_prestataire(structure, f"Éditeur {collectivite.siren}", maintenant)
    logiciel = creer_logiciel(prestataire, f"Logiciel {collectivite.siren}", maintenant)
    origine = {"sous_traitant": prestataire, "logiciel": logiciel}
    incident = creer_incident(structure, gens["dpd"], maintenant, **origine)
    _numeroter(incident, CENTAINE * premiere, **geste)
    neuf = creer_incident(structure, gens["dpd"], maintenant)
    _numeroter(neuf, CENTAINE * premiere + 1, **geste)
    piece = joindre_a_l_incident(incident=incident, fichier=fichier(), libelle="Avis", **geste)
    violation = ouvrir(incident=incident, collectivites=[collectivite], **geste).violations[0]
    _numeroter(violation, CENTAINE * premiere, **geste)
    return {
        "annee_incident": incident.annee,
        "rang_incident": incident.rang,
        "rang_incident_neuf": neuf.rang,
        "piece_incident": piece.pk,
        "annee_touchee": violation.annee,
        "rang_touchee": violation.rang,
        "rang": violation.rang,  # le dossier que montre toute adresse qui n’en demande pas un autre
    }


_INCIDENT = {"annee": "annee_incident", "rang": "rang_incident"}
_PIECE = _INCIDENT | {"pk": "piece_incident"}
# Adresse → clé du monde qui donne un paramètre quand ce n’est pas celle du même nom.
PARAMETRES_INCIDENTS = {
    **{
        f"violations:{nom}": _INCIDENT
        for nom in (
            *("incident", "exporter_incident", "diffuser"),
            *("clore_incident", "rouvrir_incident", "joindre_incident"),
        )
    },
    "violations:ouvrir_incident": {"annee": "annee_incident", "rang": "rang_incident_neuf"},
    "violations:piece_incident": _PIECE,
    "violations:retirer_piece_incident": _PIECE,
    "violations:documentation": {
        "annee": "annee_touchee",
        "rang": "rang_touchee",
        "pk": "piece_incident",
    },
}


def remplir_declaration(structure, collectivite, gens, maintenant, premiere) -> dict:
    """Une violation déclarée ici, avec un prestataire en cause ; rien d’écrit ne la distingue d’ailleurs."""
    geste = {"auteur": gens["referent"], "maintenant": maintenant}
    violation = declarer(
        collectivite=collectivite, titre="x", recit="x", connaissance=maintenant - timedelta(hours=8), **geste
    )
    implique = impliquer(violation=violation, nom="Prestataire", **geste)
    _numeroter(violation, CENTAINE * premiere + 50, **geste)
    return {
        "annee_declaree": violation.annee,
        "rang_declaree": violation.rang,
        "prestataire_implique": implique.pk,
        "rubrique": "faits",
    }


_DECLAREE = {"annee": "annee_declaree", "rang": "rang_declaree"}
PARAMETRES_DECLARATION = {
    **{
        f"violations:{nom}": _DECLAREE
        for nom in ("saisie", "enisa", "instants", "note", "impliquer", "traitements", "joindre")
    },
    "violations:retirer_prestataire": _DECLAREE | {"pk": "prestataire_implique"},
}


def remplir_dossier(structure, collectivite, gens, maintenant, premiere) -> dict:
    """Une violation notifiée à la CNIL, une autre close."""
    geste = {"auteur": gens["referent"], "maintenant": maintenant}
    connue = maintenant - timedelta(hours=9)
    notifiee, close = (
        declarer(collectivite=collectivite, titre=titre, recit="x", connaissance=connue, **geste)
        for titre in ("Notifiée", "Close")
    )
    for rang, violation in enumerate((notifiee, close), start=CENTAINE * premiere + 60):
        _numeroter(violation, rang, **geste)
        oui = violation is notifiee
        decider(violation, gens["decideur"], maintenant, notifier=oui, informer=oui)
    notification = notifier(
        violation=notifiee,
        type_envoi=TypeNotification.INITIALE,
        numero="2026-1",
        envoyee_le=maintenant,
        contenu=contenu_fige(
            lire_dossier(collectivite, notifiee), maintenant, type_envoi=TypeNotification.INITIALE
        ),
        **geste,
    )
    clore(violation=close, **geste)
    return {
        "annee_dossier": close.annee,
        "rang_notifiee": notifiee.rang,
        "rang_close": close.rang,
        "notification": notification.pk,
    }


_NOTIFIEE = {"annee": "annee_dossier", "rang": "rang_notifiee"}
PARAMETRES_DOSSIER = {
    **{
        f"violations:{nom}": _DECLAREE
        for nom in ("violation", "horloges", "dossier_pdf", "avis", "decider", "notifier", "clore")
    },
    "violations:notification_pdf": _NOTIFIEE | {"pk": "notification"},
    "violations:rouvrir": {"annee": "annee_dossier", "rang": "rang_close"},
}


def remplir_personnes(structure, collectivite, gens, maintenant, premiere) -> dict:
    """Une violation dont le responsable a décidé une communication publique, sa page ouverte."""
    geste = {"auteur": gens["referent"], "maintenant": maintenant}
    connue = maintenant - timedelta(hours=7)
    violation = declarer(collectivite=collectivite, titre="Publique", recit="x", connaissance=connue, **geste)
    _numeroter(violation, CENTAINE * premiere + 70, **geste)
    efforts = Reponse(False, "x", MotifSansInformation.EFFORTS, MoyenInformation.PUBLICATION)
    trancher(
        violation=violation,
        reponses={Question.NOTIFIER: Reponse(True), Question.INFORMER: efforts},
        auteur=gens["decideur"],
        maintenant=maintenant,
    )
    rediger_message(violation=violation, message="Nous vous informons.", **geste)
    page = publier_message(violation=violation, **geste)
    rediger_message(violation=violation, message="Mieux dit, et pas encore publié.", **geste)
    return {
        "annee_publique": violation.annee,
        "rang_publique": violation.rang,
        "jeton_public": page.jeton,
        "support": "courrier",
    }


PARAMETRES_PERSONNES = {
    **{
        f"violations:personnes{suite}": {"annee": "annee_publique", "rang": "rang_publique"}
        for suite in ("", "_informees", "_document", "_publier", "_fermer")
    },
    "violations:page_publique": {"jeton": "jeton_public"},
}


def remplir_violations(structure, collectivite, gens, maintenant, premiere=1) -> dict:
    """Tout ce que les violations ajoutent au petit monde d’une collectivité.

    ``premiere`` : celle des fiches du lieu, pour que deux lieux n’aient aucun numéro en commun.
    """
    valeurs: dict = {}
    for remplir in (remplir_incidents, remplir_declaration, remplir_dossier, remplir_personnes):
        valeurs |= remplir(structure, collectivite, gens, maintenant, premiere)
    return valeurs


PARAMETRES = {
    **PARAMETRES_INCIDENTS,
    **PARAMETRES_DECLARATION,
    **PARAMETRES_DOSSIER,
    **PARAMETRES_PERSONNES,
}
