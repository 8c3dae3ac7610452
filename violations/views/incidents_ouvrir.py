"""Choisir les collectivités touchées, puis les prévenir toutes d’un seul geste.

Cocher tout, décocher, chercher, ajouter : ces boutons renvoient la page avec ce qui était coché, rien n’est
perdu et rien n’est envoyé. Seul « Prévenir » agit.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import timezone

from dpd.comptes.models import Collectivite, Structure
from dpd.comptes.saisie import donnees_recues
from dpd.regles.typographie import compte
from violations.actions.incidents_ouverture import AILLEURS, Ouverture
from violations.actions.incidents_ouverture import ouvrir as ouvrir_les_violations
from violations.incidents_affichage import fuseau_de, horloge_de
from violations.incidents_lus import pieces_de
from violations.incidents_propositions import Proposition, chercher, proposer
from violations.views.incidents_commun import (
    adresse_incident,
    chemin_incident,
    incident_ou_404,
    lit_les_dossiers,
    rendre,
)


@dataclass(frozen=True, slots=True)
class Choix:
    """Ce que la personne avait sous les yeux : SIREN cochés, SIREN montrés en plus, recherche."""

    cochees: frozenset[str] | None
    ajoutees: frozenset[str]
    q: str
    geste: str

    @classmethod
    def lire(cls, donnees) -> "Choix":
        """Sans envoi, ``cochees`` est vide : la page coche ce qui est sûr."""
        if donnees is None:
            return cls(None, frozenset(), "", "")
        cochees = frozenset(donnees.getlist("collectivites"))
        ajoutees = frozenset(donnees.getlist("ajoutees"))
        return cls(cochees, ajoutees | cochees, donnees.get("q", "").strip()[:100], donnees.get("geste", ""))


def ouvrir(request, siren, annee, rang):
    """Les collectivités proposées, et pourquoi ; au DPD seul, les contrats et les fiches qui le disent."""
    structure, incident = incident_ou_404(request, siren, annee, rang)
    maintenant = timezone.now()
    choix = Choix.lire(donnees_recues(request))
    erreurs: list[str] = []
    if request.method == "POST" and choix.geste == "prevenir":
        try:
            faite = ouvrir_les_violations(
                incident=incident,
                collectivites=_choisies(structure, choix),
                auteur=request.user,
                maintenant=maintenant,
            )
        except ValidationError as refus:
            erreurs = refus.messages
        else:
            messages.success(request, _fait(faite))
            return redirect(adresse_incident(incident))
    jour = timezone.localdate(maintenant, fuseau_de(structure))
    detaille = lit_les_dossiers(request, structure)
    propositions = proposer(incident, jour, choix.ajoutees, detaille=detaille)
    montrees = {p.collectivite.siren for p in propositions}
    return rendre(
        request,
        structure,
        "violations/incident_ouvrir.html",
        incident=incident,
        chemin=chemin_incident(incident),
        horloge=horloge_de(incident, maintenant),
        detaille=detaille,
        erreurs=erreurs,
        lignes=[(p, _cochee(p, choix)) for p in propositions if p.deja is None],
        deja=sum(p.deja is not None for p in propositions),
        q=choix.q,
        trouvees=chercher(incident, choix.q, montrees),
        pieces=pieces_de(incident),
    )


def _choisies(structure: Structure, choix: Choix) -> list[Collectivite]:
    """Celles que l’on a cochées ; un SIREN inconnu et celui d’une autre structure ont la même réponse.

    :raises ValidationError: si l’une n’est pas de la structure.
    """
    choisies = list(structure.collectivites.filter(siren__in=choix.cochees))
    if len(choisies) < len(choix.cochees):
        raise ValidationError(AILLEURS)
    return choisies


def _cochee(proposition: Proposition, choix: Choix) -> bool:
    if not proposition.joignable:
        return False
    if choix.geste in ("tout", "rien"):
        return choix.geste == "tout"
    if choix.cochees is None:
        return proposition.sure
    return proposition.collectivite.siren in choix.cochees


def _fait(faite: Ouverture) -> str:
    if not faite.violations:
        return "Ces collectivités étaient déjà prévenues\u00a0: rien n’est reparti."
    prevenues = compte(len(faite.violations), "collectivité prévenue", "collectivités prévenues")
    courriels = compte(faite.courriels, "courriel part", "courriels partent")
    suite = f" {compte(faite.deja, 'l’était déjà', 'l’étaient déjà')}." if faite.deja else ""
    return f"{prevenues}\u00a0: {courriels}, chaque horloge de 72 heures court.{suite}"
