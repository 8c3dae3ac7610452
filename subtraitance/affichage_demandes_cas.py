"""« Si ça se complique » : quoi faire, avec les dates de cette demande, jamais d’autres."""

from dataclasses import dataclass
from datetime import date, datetime

from dpd.regles.calendrier import Territoire
from dpd.regles.delais import echeance_mois, terme_sans_report
from dpd.regles.typographie import MOIS
from subtraitance.actions.demandes_commun import jour_de
from subtraitance.affichage_demandes import delai_montre, lieu_dit, suspensions_de
from subtraitance.models import DemandeDroits
from subtraitance.regles.frises import jour_dit, pourquoi_ferme
from subtraitance.regles.parametres import parametres_au
from subtraitance.regles.regimes import suit_le_rgpd

DOUTE = (
    "Demandez un justificatif seulement si le doute est réel, et tout de suite\u00a0: l’identité se prouve "
    "par tout moyen. Le délai est suspendu jusqu’à sa réponse\u202f; l’application recalcule l’échéance. "
    "Si une copie de pièce d’identité arrive, elle est détruite dès la vérification (RGPD, art. 12-6)."
)
AUTRES = "On masque ce qui permettrait de les reconnaître, puis on remet la copie (RGPD, art. 15-4)."
EXCES = (
    "C’est gratuit. Refuser, ou demander des frais raisonnables, n’est permis que si la demande "
    "est manifestement infondée ou excessive, par exemple répétée\u00a0: "
    "{lieu} doit le prouver (RGPD, art. 12-5)."
)


@dataclass(frozen=True, slots=True)
class Cas:
    """``geste`` : le nom de la page où le faire, ou vide."""

    titre: str
    texte: str
    geste: str = ""
    bouton: str = ""


def cas_de(demande: DemandeDroits, maintenant: datetime) -> list[Cas]:
    """Ce qui peut retarder ou limiter la réponse ; rien avant de la savoir RGPD, ni une fois répondu."""
    lieu = lieu_dit(demande.collectivite)
    if not suit_le_rgpd(demande.regime) or demande.repondue_le is not None:
        return []
    return [
        Cas("Un doute sur l’identité du demandeur", DOUTE, "suspendre", "Suspendre le délai"),
        _prolonger(demande, jour_de(demande, maintenant), lieu),
        Cas("Des informations concernent aussi d’autres personnes", AUTRES),
        Cas(
            f"{lieu.capitalize()} veut refuser",
            _refuser(demande, maintenant),
            "repondre",
            "Enregistrer la réponse",
        ),
        Cas("La demande paraît excessive", EXCES.format(lieu=lieu)),
    ]


def _prolonger(demande: DemandeDroits, jour: date, lieu: str) -> Cas:
    titre = "La recherche est longue ou complexe"
    if demande.prolongee or demande.informer_avant is None:
        return Cas(titre, "Le délai est déjà prolongé\u00a0: il ne l’est qu’une fois (RGPD, art. 12-3).")
    if jour > demande.informer_avant:
        fin = jour_dit(demande.informer_avant)
        return Cas(
            titre, f"Il fallait avertir le demandeur au plus tard {fin}\u00a0: le délai ne se prolonge plus."
        )
    reception = jour_de(demande, demande.recue_le)
    mois = parametres_au(reception).prolongee
    paires = [(s.debut, s.fin or max(jour, s.debut)) for s in suspensions_de(demande)]
    limite = echeance_mois(reception, mois, suspensions=paires)
    terme = terme_sans_report(reception, mois, suspensions=paires)
    report = ""
    if terme < limite:
        ferme = pourquoi_ferme(terme, Territoire.METROPOLE)
        report = f", le {terme.day}\u00a0{MOIS[terme.month - 1]} étant {ferme}"
    attente = " et le temps de la suspension" if paires else ""
    return Cas(
        titre,
        f"{lieu.capitalize()} peut prolonger de deux mois, à condition d’avertir le demandeur, "
        f"avec les motifs, au plus tard {jour_dit(demande.informer_avant)}. "
        f"La date limite devient {jour_dit(limite)} "
        f"{limite.year}\u00a0: trois mois après la réception{attente}{report} (RGPD, art. 12-3).",
        "prolonger",
        "Prolonger le délai",
    )


def _refuser(demande: DemandeDroits, maintenant: datetime) -> str:
    delai, _ = delai_montre(demande, jour_de(demande, maintenant))
    fin = f", au plus tard {jour_dit(delai.echeance)}"
    return (
        "Seul le responsable de traitement refuse, en tout ou en partie. Le refus se motive et indique "
        f"le recours possible devant la CNIL et le juge, "
        f"dans le même délai{fin} (RGPD, art. 12-4)."
    )
