"""Le DPD conseille, le responsable décide : deux pages, deux rôles."""

from django.utils import timezone

from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from violations import actions
from violations.acces import violation_ou_404
from violations.affichage import heures_de
from violations.dossier_lu import lire_dossier
from violations.enums import EtatViolation, GraviteCnil, Risque
from violations.forms.decisions import AvisForm
from violations.views.dossier_commun import contexte_de_l_avis_et_des_decisions, formulaire_de_decision
from violations.views.saisie_commun import Page, derouler

AVIS = Page(
    "Votre avis sur cette violation",
    "Rendre cet avis",
    "Vous conseillez\u202f; la décision appartient au responsable de traitement. "
    "Un avis rendu ne se récrit pas, le suivant le remplace.",
)
DECIDER = Page("Ce que vous devez décider", "Enregistrer mes deux décisions")
REVENIR = Page("Revenir sur votre décision", "Enregistrer ma nouvelle décision")
AVIS_RENDU = "Votre avis est rendu. La décision appartient au responsable de traitement."
DECIDEES = "Vos décisions sont enregistrées, datées et conservées."


def avis(request, siren, annee, rang):
    """RGPD art. 39-1 a."""
    collectivite, violation = violation_ou_404(request, siren, annee, rang, Capacite.RENDRE_AVIS)
    maintenant, lu = timezone.now(), lire_dossier(collectivite, violation)
    formulaire = AvisForm(donnees_recues(request), apres_decision=violation.etat == EtatViolation.DECIDEE)

    def agir() -> str:
        saisie = formulaire.saisie()
        actions.rendre_avis(
            violation=violation,
            auteur=request.user,
            maintenant=maintenant,
            **saisie | {"risque": Risque(saisie["risque"]), "gravite": GraviteCnil(saisie["gravite"])},
        )
        return AVIS_RENDU

    contexte = contexte_de_l_avis_et_des_decisions(lu)
    return derouler(
        request, violation, AVIS, formulaire, agir, gabarit="violations/avis.html", lu=lu, **contexte
    )


def decider(request, siren, annee, rang):
    """RGPD art. 33-1 et 34 : les deux réponses du responsable, avec ou sans l’avis du DPD."""
    collectivite, violation = violation_ou_404(request, siren, annee, rang, Capacite.DECIDER)
    maintenant, lu = timezone.now(), lire_dossier(collectivite, violation)
    formulaire = formulaire_de_decision(lu, donnees_recues(request))

    def agir() -> str:
        actions.decider(
            violation=violation,
            reponses=formulaire.reponses(),
            auteur=request.user,
            maintenant=maintenant,
            avis_lu=_cle(request.POST.get("avis_lu", "")),
            motif=formulaire.cleaned_data.get("motif", ""),
        )
        return DECIDEES

    page = REVENIR if formulaire.revenir else DECIDER
    contexte = {
        **contexte_de_l_avis_et_des_decisions(lu),
        "decision_form": formulaire,
        "echeance_dite": heures_de(collectivite).quand(violation.echeance_notification),
    }
    return derouler(
        request, violation, page, formulaire, agir, gabarit="violations/decider.html", lu=lu, **contexte
    )


def _cle(texte: str) -> int | None:
    """L’avis que la page montrait ; ce qui n’est pas un nombre n’en est aucun."""
    return int(texte) if texte.isascii() and texte.isdecimal() else None
