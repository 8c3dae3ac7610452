"""Le dossier d’une demande de droits : les délais d’abord, puis où chercher, puis tout le reste."""

from datetime import datetime
from typing import Any

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dpd.comptes.enums import Role
from dpd.comptes.regles.capacites import Capacite
from registre.recherche import aide_par_base, compter, lignes_de
from registre.views.demandes_gestes import gestes_de
from subtraitance.actions.demandes_commun import jour_de
from subtraitance.actions.demandes_reception import noter_lue
from subtraitance.actions.effacement import peut_effacer
from subtraitance.affichage_demandes import (
    chapo_de,
    droits_dits,
    horloges_vues,
    lieu_dit,
    regime_de,
    titre_de,
)
from subtraitance.affichage_demandes_cas import cas_de
from subtraitance.affichage_demandes_etapes import chronologie, jalons
from subtraitance.dossier_lu import DossierDemande, lire_dossier
from subtraitance.enums import EtatDemande, RegimeDemande
from subtraitance.forms.dossier import SANS_PERSONNE
from subtraitance.models import DemandeDroits
from subtraitance.regles.lettres_modeles import MODELES, types_pour
from subtraitance.regles.regimes import recours_de, suit_le_rgpd
from subtraitance.views.dossier import formulaire_de_transmission
from subtraitance.views.dossier_commun import ONGLET, adresse, arguments, chemin_de, demande_ou_404
from subtraitance.views.dossier_reponse import repond

LISENT = frozenset({Role.REFERENT, Role.DECIDEUR})


@require_safe
def demande(request, siren, annee, rang):
    """La première ouverture par la collectivité est notée : elle a la demande en main."""
    collectivite, ouverte = demande_ou_404(request, siren, annee, rang, Capacite.LIRE_DEMANDES)
    maintenant = timezone.now()
    if request.method == "GET" and ouverte.lue_le is None and _est_de_la_collectivite(request, ouverte):
        noter_lue(demande=ouverte, auteur=request.user, maintenant=maintenant)
    contexte = contexte_du_dossier(request, lire_dossier(collectivite, ouverte), maintenant)
    with timezone.override(collectivite.fuseau):
        return render(request, "subtraitance/demande.html", contexte)


def _est_de_la_collectivite(request, ouverte: DemandeDroits) -> bool:
    roles = request.acces.roles(ouverte.collectivite)
    return bool(roles & LISENT) and Role.DPD not in roles


def contexte_du_dossier(request, lu: DossierDemande, maintenant: datetime) -> dict[str, Any]:
    """Toute la page."""
    ouverte, collectivite = lu.demande, lu.collectivite
    peut = frozenset(c for c in Capacite if request.acces.peut(c, collectivite))
    lignes = lignes_de(ouverte)
    cherchees, a_chercher = compter(lignes)
    tient = Capacite.TENIR_DEMANDES in peut
    proposes = gestes_de(
        lu,
        peut,
        repond=repond(request, ouverte),
        efface=peut_effacer(request.acces, collectivite),
        jour=jour_de(ouverte, maintenant),
    )
    return {
        "onglet_actif": ONGLET,
        "chemin": chemin_de(request, ouverte),
        "ici": f"Demande {ouverte.numero}",
        "demande": ouverte,
        "lu": lu,
        "lieu": lieu_dit(collectivite),
        "titre": titre_de(ouverte),
        "chapo": chapo_de(ouverte),
        "droits": droits_dits(ouverte),
        "horloges": horloges_vues(
            ouverte,
            maintenant,
            transmet=Capacite.TRANSMETTRE_DEMANDES in peut,
            repond=repond(request, ouverte),
        ),
        "jalons": jalons(ouverte, cherchees, a_chercher, maintenant),
        "regime": _avis_de_regime(ouverte),
        "recours": recours_de(ouverte.regime),
        "cas": [(cas, proposes.adresse(cas.geste)) for cas in cas_de(ouverte, maintenant)],
        "gestes": proposes.visibles,
        "qualifier": proposes.adresse("qualifier"),
        "principal": proposes.principal,
        "recherches": lignes,
        "cherchees": cherchees,
        "a_chercher": a_chercher,
        "cherche": tient and ouverte.etat != EtatDemande.CLOSE,
        "aide_droits": aide_par_base(ouverte, lignes) if suit_le_rgpd(ouverte.regime) else [],
        "lignes": chronologie(lu, maintenant),
        "reponses": [(reponse, lu.lettre_de(reponse)) for reponse in lu.reponses],
        "courriers": _courriers(ouverte),
        "ouverte": ouverte.etat != EtatDemande.CLOSE,
        **_transmission(ouverte, peut, maintenant),
    }


def _courriers(ouverte: DemandeDroits) -> list[tuple[str, str]]:
    """(libellé, adresse) de chaque courrier de son régime ; plus aucun une fois le demandeur effacé."""
    if ouverte.efface_le is not None:
        return []
    return [
        (MODELES[type_].libelle, reverse("subtraitance:lettre", args=[*arguments(ouverte), type_.value]))
        for type_ in types_pour(ouverte.regime)
    ]


def _avis_de_regime(ouverte: DemandeDroits):
    """Ce que change le texte applicable ; vide pour une demande RGPD qualifiée."""
    return None if ouverte.regime == RegimeDemande.RGPD else regime_de(ouverte)


def _transmission(ouverte: DemandeDroits, peut: frozenset[Capacite], maintenant: datetime) -> dict[str, Any]:
    """La feuille « Transmettre », à qui le peut tant que ce n’est pas fait."""
    if not ouverte.a_transmettre or Capacite.TRANSMETTRE_DEMANDES not in peut:
        return {"formulaire": None, "transmettre_adresse": "", "sans_personne": ""}
    formulaire = formulaire_de_transmission(ouverte, maintenant)
    return {
        "formulaire": formulaire,
        "transmettre_adresse": adresse(ouverte, "transmettre"),
        "sans_personne": "" if formulaire.fields["destinataires"].choices else SANS_PERSONNE,
    }
