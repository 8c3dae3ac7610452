"""Dire du nouveau, clore, rouvrir : un formulaire, une action."""

from functools import partial

from django.utils import timezone

from dpd.comptes.gestes import Geste, recus
from dpd.regles.typographie import compte
from violations.actions.incidents import clore_incident, rouvrir_incident
from violations.actions.incidents_suite import diffuser as diffuser_une_information
from violations.enums import EtatViolation
from violations.forms.incidents import InformationForm, MotifForm
from violations.models import Incident
from violations.views.incidents_commun import (
    ONGLET,
    adresse_incident,
    chemin_incident,
    derouler,
    incident_ou_404,
    lit_les_dossiers,
)

SANS_RIEN_CHANGER = "Rien de ce qu’elles ont écrit ne change\u00a0: une ligne s’ajoute à leur chronologie."


def geste_de(incident: Incident, titre: str, bouton: str, **textes: str) -> Geste:
    """Un geste qui ramène à la page de l’incident."""
    chemin = chemin_incident(incident)
    return Geste(titre, bouton, adresse_incident(incident), onglet=ONGLET, chemin=chemin, **textes)


def diffuser(request, siren, annee, rang):
    """Une information nouvelle, à toutes les collectivités prévenues."""
    structure, incident = incident_ou_404(request, siren, annee, rang)
    avis = _qui_recevra(incident) if lit_les_dossiers(request, structure) else _qui_recevra_sans_compte()
    geste = geste_de(incident, "Diffuser une information", "Diffuser maintenant", chapo=avis, icone="send")
    return derouler(
        request,
        structure,
        geste,
        InformationForm(recus(request)[0], structure=structure),
        partial(diffuser_une_information, incident=incident, maintenant=timezone.now()),
        fait=lambda _: "L’information est au dossier de chaque collectivité, et un courriel part à chacune.",
    )


def _qui_recevra(incident: Incident) -> str:
    violations = incident.violations.all()
    closes = violations.filter(etat=EtatViolation.CLOSE).count()
    ouvertes = violations.count() - closes
    phrase = f"{compte(ouvertes, 'dossier ouvert', 'dossiers ouverts')} la recevront. {SANS_RIEN_CHANGER}"
    if closes:
        phrase += f" Les dossiers clos ({closes}) ne la recevront pas."
    return phrase


def _qui_recevra_sans_compte() -> str:
    return f"Chaque collectivité prévenue dont le dossier est ouvert la recevra. {SANS_RIEN_CHANGER}"


def clore(request, siren, annee, rang):
    """Plus rien n’est attendu de la structure ; les dossiers des collectivités continuent."""
    structure, incident = incident_ou_404(request, siren, annee, rang)
    geste = geste_de(
        incident,
        "Clore l’incident",
        "Clore l’incident",
        chapo="Les violations déjà ouvertes restent à chaque collectivité, qui les mène à leur terme. "
        "Un incident clos se rouvre, en disant pourquoi.",
    )
    action = partial(clore_incident, incident=incident, maintenant=timezone.now())
    formulaire = MotifForm(recus(request)[0])
    return derouler(request, structure, geste, formulaire, action, fait=lambda _: "L’incident est clos.")


def rouvrir(request, siren, annee, rang):
    """On a appris quelque chose, ou une collectivité avait été oubliée."""
    structure, incident = incident_ou_404(request, siren, annee, rang)
    geste = geste_de(incident, "Rouvrir l’incident", "Rouvrir l’incident")
    action = partial(rouvrir_incident, incident=incident, maintenant=timezone.now())
    formulaire = MotifForm(recus(request)[0])
    return derouler(request, structure, geste, formulaire, action, fait=lambda _: "L’incident est rouvert.")
