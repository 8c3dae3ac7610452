"""Noter ce qui a été envoyé à la CNIL sur son téléservice."""

from django.utils import timezone

from dpd.comptes.gestes import recus
from dpd.comptes.regles.capacites import Capacite
from violations import actions
from violations.acces import violation_ou_404
from violations.dossier_lu import lire_dossier
from violations.enums import EtatViolation
from violations.rubriques_cnil import contenu_fige
from violations.views.dossier_commun import formulaire_de_notification
from violations.views.saisie_commun import Page, derouler

NOTIFIER = Page(
    "Enregistrer l’envoi à la CNIL",
    "Enregistrer",
    "L’application n’envoie rien. Une fois le dossier recopié sur le téléservice, notez ici l’accusé de la "
    "CNIL\u00a0: il arrête l’horloge des 72 heures.",
)
COMPLETER = Page(
    "Enregistrer un complément",
    "Enregistrer",
    "L’application n’envoie rien. Une fois le complément envoyé sur le téléservice, notez ici son accusé.",
)
AVANT = "Le responsable de traitement décide d’abord de notifier."
NOTEE = "L’envoi est enregistré sous le n°\u00a0{numero}. Le contenu du dossier à cette date est conservé."


def notifier(request, siren, annee, rang):
    """RGPD art. 33-1 et 33-4."""
    collectivite, violation = violation_ou_404(request, siren, annee, rang, Capacite.TENIR_VIOLATIONS)
    maintenant, lu = timezone.now(), lire_dossier(collectivite, violation)
    formulaire = formulaire_de_notification(lu, *recus(request))

    def agir() -> str:
        dits, envoi = formulaire.cleaned_data, formulaire.envoi
        motif_retard = dits.get("motif_retard", "")
        notification = actions.notifier(
            violation=violation,
            type_envoi=envoi,
            numero=dits["numero"],
            envoyee_le=dits["envoyee_le"],
            contenu=contenu_fige(lu, maintenant, type_envoi=envoi, motif_retard=motif_retard),
            auteur=request.user,
            maintenant=maintenant,
            motif_retard=motif_retard,
            fichier=dits["fichier"],
        )
        return NOTEE.format(numero=notification.numero)

    page = COMPLETER if formulaire.complement else NOTIFIER
    tot = violation.etat in (EtatViolation.DECLAREE, EtatViolation.A_DECIDER)
    return derouler(
        request,
        violation,
        page,
        formulaire,
        agir,
        gabarit="violations/notifier.html",
        avertissement=AVANT if tot else "",
    )
