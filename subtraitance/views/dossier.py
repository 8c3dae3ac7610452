"""Qualifier une demande, la transmettre : la structure, l’agent compris, a 48 heures ouvrées."""

from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone

from dpd.comptes.forms_gestes import ajouter_le_refus
from dpd.comptes.gestes import derouler
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from subtraitance.actions import demandes_reception as actions
from subtraitance.affichage_demandes import (
    chapo_de,
    droits_dits,
    horloges_vues,
    lieu_dit,
    regime_de,
    titre_de,
)
from subtraitance.dossier_lu import lire_dossier
from subtraitance.forms.dossier import SANS_PERSONNE, QualifierForm, TransmettreForm
from subtraitance.models import DemandeDroits
from subtraitance.regles.frises import jour_dit
from subtraitance.regles.horloges import EtatDelai
from subtraitance.views.dossier_commun import (
    ONGLET,
    adresse,
    chemin_de,
    demande_ou_404,
    geste_de,
    page_de,
)

TRANSMISE = "La demande est transmise. Le délai de 48 heures est arrêté."
PLUS_A_VOUS = "La collectivité a cette demande en main\u00a0: son contenu n’est plus à vous."
QUALIFIEE = "La demande est qualifiée."


class Repere(NamedTuple):
    titre: str
    phrase: str
    article: str


def formulaire_de_transmission(demande: DemandeDroits, maintenant, donnees=None) -> TransmettreForm:
    """Prêt à envoyer : les référents cochés, un message qui ne nomme personne."""
    horloge = demande.horloge_transmission
    en_retard = horloge is not None and horloge.etat(maintenant) is EtatDelai.DEPASSE
    initial = {"message": message_propose(demande)}
    return TransmettreForm(donnees, initial=initial, demande=demande, en_retard=en_retard)


def message_propose(demande: DemandeDroits) -> str:
    """Ce que l’on dit à la collectivité, sans nommer le demandeur."""
    lieu = lieu_dit(demande.collectivite).capitalize()
    quoi = titre_de(demande)
    if demande.echeance is None:
        return f"Bonjour,\n{quoi}, à traiter selon son propre texte\u00a0: {regime_de(demande).texte}."
    fin = f"{jour_dit(demande.echeance)} {demande.echeance.year}"
    return f"Bonjour,\n{quoi}. {lieu} doit répondre au plus tard {fin}."


def transmettre(request, siren, annee, rang):
    """L’agent lit la demande tant qu’il a à la transmettre ; ensuite, ses délais seulement."""
    _, demande = demande_ou_404(request, siren, annee, rang, Capacite.TRANSMETTRE_DEMANDES)
    maintenant = timezone.now()
    formulaire = formulaire_de_transmission(demande, maintenant, donnees_recues(request))
    if request.method == "POST" and formulaire.is_valid():
        try:
            actions.transmettre(
                demande=demande, auteur=request.user, maintenant=maintenant, **formulaire.cleaned_data
            )
        except ValidationError as refus:
            ajouter_le_refus(formulaire, refus)
        else:
            messages.success(request, TRANSMISE)
            return redirect(page_de(request, demande))
    return _page_de_transmission(request, demande, formulaire, maintenant)


def _page_de_transmission(request, demande: DemandeDroits, formulaire, maintenant):
    a_transmettre = demande.a_transmettre
    lu = lire_dossier(demande.collectivite, demande)
    if not request.acces.peut(Capacite.LIRE_DEMANDES, demande.collectivite):
        lu = lu.sans_l_instruction()
    contexte = {
        "onglet_actif": ONGLET,
        "chemin": chemin_de(request, demande),
        "ici": f"Demande {demande.numero}",
        "demande": demande,
        "lu": lu,
        "titre": titre_de(demande) if a_transmettre else f"Demande n°\u00a0{demande.numero}",
        "chapo": chapo_de(demande) if a_transmettre else "",
        "droits": droits_dits(demande),
        "horloges": horloges_vues(demande, maintenant, transmet=True, repond=False),
        "formulaire": formulaire if a_transmettre else None,
        "lieu": lieu_dit(demande.collectivite),
        "refus": formulaire.non_field_errors(),
        "sans_personne": "" if formulaire.fields["destinataires"].choices else SANS_PERSONNE,
        "transmettre_adresse": adresse(demande, "transmettre"),
        "qualifier_adresse": adresse(demande, "qualifier") if a_transmettre else "",
        "dossier_adresse": _dossier(request, demande),
    }
    with timezone.override(demande.collectivite.fuseau):
        return render(request, "subtraitance/demande_transmettre.html", contexte)


def _dossier(request, demande: DemandeDroits) -> str:
    """Le dossier, à qui peut le lire."""
    lit = request.acces.peut(Capacite.LIRE_DEMANDES, demande.collectivite)
    return page_de(request, demande) if lit else ""


def qualifier(request, siren, annee, rang):
    """Les délais et les voies changent avec le texte ; l’agent qualifie aussi, avant de transmettre."""
    collectivite, demande = demande_ou_404(
        request, siren, annee, rang, Capacite.TENIR_DEMANDES, Capacite.TRANSMETTRE_DEMANDES
    )
    lit = request.acces.peut(Capacite.LIRE_DEMANDES, collectivite)
    if not lit and not demande.a_transmettre:
        messages.warning(request, PLUS_A_VOUS)
        return redirect(page_de(request, demande))
    maintenant = timezone.now()
    formulaire = QualifierForm(
        donnees_recues(request),
        initial={"regime": demande.regime, "droits": demande.droits, "precision": demande.precision},
    )

    def agir(*, auteur, **saisie):
        return actions.qualifier(demande=demande, auteur=auteur, maintenant=maintenant, **saisie)

    geste = geste_de(
        request,
        demande,
        "Qualifier cette demande",
        "Enregistrer",
        chapo="Une demande de document, un acte d’état civil ou la liste électorale suivent d’autres règles.",
        titre_reperes="Ce que chaque réponse change",
        reperes=tuple(Repere(*conseil) for conseil in QualifierForm.conseils()),
    )
    return derouler(
        request, geste, formulaire, agir, fait=lambda _: QUALIFIEE, saisie=lambda _: formulaire.saisie()
    )
