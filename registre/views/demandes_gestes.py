"""Les gestes que propose le dossier d’une demande : chacun à qui en a le droit, à l’étape qui le permet."""

from dataclasses import dataclass
from datetime import date

from dpd.comptes.regles.capacites import Capacite
from subtraitance.dossier_lu import DossierDemande
from subtraitance.enums import EtatDemande
from subtraitance.models import DemandeDroits
from subtraitance.regles.regimes import suit_le_rgpd
from subtraitance.regles.transitions import TRANSITIONS, Geste
from subtraitance.views.dossier_commun import adresse

# (page, libellé, icône, geste du parcours), dans l’ordre où on les propose ; le premier permis est plein.
SUITE = (
    ("clore_demande", "Clore", "lock", Geste.CLORE),
    ("reprendre", "Le demandeur a répondu", "arrow-repeat", Geste.REPRENDRE),
    ("repondre", "Répondre au demandeur", "send", Geste.REPONDRE),
    ("rouvrir_demande", "Rouvrir", "arrow-repeat", Geste.ROUVRIR),
    ("qualifier", "Qualifier la demande", "signpost-split", Geste.QUALIFIER),
    ("suspendre", "Suspendre le délai", "hourglass-split", Geste.SUSPENDRE),
    ("prolonger", "Prolonger le délai", "calendar", Geste.PROLONGER),
)
TOUJOURS = (
    ("verifier_identite", "Noter l’identité vérifiée", "person-badge"),
    ("joindre_a_la_demande", "Joindre une pièce", "plus-lg"),
)
COMPLETER = "Compléter la réponse"
PRINCIPAUX = frozenset({"repondre", "reprendre", "clore_demande", "rouvrir_demande", "effacer_demandeur"})
EFFACER = ("effacer_demandeur", "Effacer les données du demandeur", "x-lg")


@dataclass(frozen=True, slots=True)
class GesteVu:
    page: str
    libelle: str
    adresse: str
    icone: str


@dataclass(frozen=True, slots=True)
class GestesVus:
    """``visibles`` : dans l’ordre où on les propose."""

    visibles: tuple[GesteVu, ...]

    @property
    def principal(self) -> GesteVu | None:
        """Celui que l’étape appelle, s’il y en a un."""
        return next((geste for geste in self.visibles[:1] if geste.page in PRINCIPAUX), None)

    def adresse(self, page: str) -> str:
        """L’adresse d’un geste, vide s’il n’est pas permis maintenant."""
        return next((geste.adresse for geste in self.visibles if geste.page == page), "")


def gestes_de(
    lu: DossierDemande, peut: frozenset[Capacite], *, repond: bool, efface: bool, jour: date
) -> GestesVus:
    """Ce que la personne peut faire maintenant.

    :param repond: elle est de la collectivité, qui seule donne suite. :param efface: elle peut effacer.
    """
    demande = lu.demande
    if Capacite.TENIR_DEMANDES not in peut:
        return GestesVus(())
    permis = [
        (page, COMPLETER if page == "repondre" and demande.repondue_le else libelle, icone)
        for page, libelle, icone, geste in SUITE
        if (EtatDemande(demande.etat), geste) in TRANSITIONS and _permis(demande, geste, peut, repond)
    ]
    if demande.etat != EtatDemande.CLOSE:
        permis += [geste for geste in TOUJOURS if geste[0] != "verifier_identite" or _a_verifier(demande, lu)]
    elif efface and demande.efface_le is None and demande.effacer_apres and jour > demande.effacer_apres:
        permis.insert(0, EFFACER)
    return GestesVus(
        tuple(GesteVu(page, libelle, adresse(demande, page), icone) for page, libelle, icone in permis)
    )


def _permis(demande: DemandeDroits, geste: Geste, peut: frozenset[Capacite], repond: bool) -> bool:
    if geste is Geste.REPONDRE:
        return repond
    if geste is Geste.PROLONGER:
        return repond and Capacite.DECIDER in peut and not demande.prolongee and suit_le_rgpd(demande.regime)
    if geste is Geste.SUSPENDRE:
        return suit_le_rgpd(demande.regime)
    if geste is Geste.ROUVRIR:
        return demande.efface_le is None
    return True


def _a_verifier(demande: DemandeDroits, lu: DossierDemande) -> bool:
    """Tant que l’identité n’est pas vérifiée, ou qu’une pièce d’identité reste au dossier."""
    reste = any(lien.identite and not lien.piece.est_detruite for lien in lu.pieces)
    return demande.identite_verifiee_le is None or reste
