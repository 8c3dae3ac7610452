"""Joindre, vérifier l’identité, répondre, clore, rouvrir."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from dpd.comptes.gestes import derouler, recus
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from subtraitance.actions import demandes_instruction as actions
from subtraitance.actions.demandes_commun import jour_de
from subtraitance.enums import CanalDemande
from subtraitance.forms.dossier_reponse import CloreForm, IdentiteForm, PieceForm, RepondreForm, RouvrirForm
from subtraitance.models import DemandeDroits
from subtraitance.views.dossier_commun import a_tenir, geste_de

JOINTE = "La pièce est au dossier."
VERIFIEE = "L’identité est vérifiée. Aucune pièce d’identité n’est gardée."
REPONDUE = "La réponse est enregistrée. Le délai est arrêté."
CLOSE = "La demande est close. Elle reste au registre des demandes."
ROUVERTE = "La demande est rouverte."


def joindre(request, siren, annee, rang):
    """Un fichier refusé se dit sous son champ, le reste de la saisie tient."""
    demande = a_tenir(request, siren, annee, rang)

    def agir(*, auteur, **dits):
        return actions.joindre(demande=demande, auteur=auteur, maintenant=timezone.now(), **dits)

    geste = geste_de(
        request,
        demande,
        "Joindre une pièce",
        "Joindre cette pièce",
        chapo="Le courrier reçu, un mandat, un échange. Seuls ceux qui traitent la demande la lisent.",
    )
    return derouler(request, geste, PieceForm(*recus(request)), agir, fait=lambda _: JOINTE)


def verifier_identite(request, siren, annee, rang):
    """La pièce d’identité jointe est détruite avec la vérification."""
    demande = a_tenir(request, siren, annee, rang)
    maintenant = timezone.now()
    formulaire = IdentiteForm(donnees_recues(request), initial={"le": jour_de(demande, maintenant)})

    def agir(*, auteur, **dits):
        return actions.verifier_identite(demande=demande, auteur=auteur, maintenant=maintenant, **dits)

    geste = geste_de(
        request,
        demande,
        "L’identité est vérifiée",
        "Noter la vérification",
        chapo="La pièce d’identité jointe au dossier est détruite aussitôt, pour de bon.",
    )
    return derouler(request, geste, formulaire, agir, fait=lambda _: VERIFIEE)


def repondre(request, siren, annee, rang):
    """Le référent de la collectivité satisfait, seul son responsable refuse. Jamais le DPD."""
    demande = a_tenir(request, siren, annee, rang)
    if not repond(request, demande):
        raise PermissionDenied
    maintenant = timezone.now()
    formulaire = RepondreForm(
        *recus(request),
        initial={
            "envoyee_le": jour_de(demande, maintenant),
            "texte": "",
            "canal": CanalDemande.COURRIEL if demande.demandeur_courriel else "",
        },
        demande=demande,
        decide=request.acces.peut(Capacite.DECIDER, demande.collectivite),
    )

    def agir(*, auteur, **saisie):
        return actions.repondre(demande=demande, auteur=auteur, maintenant=maintenant, **saisie)

    geste = geste_de(
        request,
        demande,
        "Compléter la réponse" if formulaire.encore else "Répondre au demandeur",
        "Enregistrer la réponse",
        chapo="L’application n’envoie rien\u00a0: répondez, puis enregistrez ici ce qui est parti.",
    )
    return derouler(
        request,
        geste,
        formulaire,
        agir,
        fait=lambda _: REPONDUE,
        saisie=lambda _: formulaire.saisie(),
        gabarit="subtraitance/demande_repondre.html",
        demande=demande,
    )


def repond(request, demande: DemandeDroits) -> bool:
    """Vrai de qui est de la collectivité ; qui conseille ne répond pas, même s’il a un autre rôle."""
    peut = request.acces.peut
    tient = peut(Capacite.TENIR_DEMANDES, demande.collectivite)
    return tient and not peut(Capacite.RENDRE_AVIS, demande.collectivite)


def clore(request, siren, annee, rang):
    """Sa durée de conservation part de là."""
    demande = a_tenir(request, siren, annee, rang)

    def agir(*, auteur):
        return actions.clore(demande=demande, auteur=auteur, maintenant=timezone.now())

    geste = geste_de(
        request,
        demande,
        "Clore cette demande",
        "Clore la demande",
        chapo=(
            "Elle reste au registre. Ses données pourront être effacées au terme que la collectivité a fixé, "
            "avec l’accord des Archives\u202f; une pièce d’identité encore au dossier est détruite "
            "maintenant."
        ),
        icone="lock",
    )
    return derouler(request, geste, CloreForm(donnees_recues(request)), agir, fait=lambda _: CLOSE)


def rouvrir(request, siren, annee, rang):
    """Une demande close se rouvre en disant pourquoi."""
    demande = a_tenir(request, siren, annee, rang)

    def agir(*, auteur, **dits):
        return actions.rouvrir(demande=demande, auteur=auteur, maintenant=timezone.now(), **dits)

    geste = geste_de(
        request,
        demande,
        "Rouvrir cette demande",
        "Rouvrir",
        chapo="La réponse déjà donnée reste. Le dossier se complète de nouveau.",
        icone="arrow-repeat",
    )
    return derouler(request, geste, RouvrirForm(donnees_recues(request)), agir, fait=lambda _: ROUVERTE)
