"""Un devis tel qu’il se lit : où il en est pour ce jour, et son volet financier."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dpd.conventions.affichage_formules import quantite
from dpd.conventions.models import Devis
from dpd.conventions.regles.devis import EtatDevis, est_expiree
from dpd.conventions.regles.tarifs import arrondir
from dpd.regles.etiquette import Etiquette
from dpd.regles.typographie import date_courte, euros

# L’étiquette de chaque état : (ton, icône).
ETIQUETTES = {
    EtatDevis.DEMANDE: ("accent", "envelope-open"),
    EtatDevis.AUDIT: ("attention", "hourglass-split"),
    EtatDevis.PROPOSE: ("attention", "pen"),
    EtatDevis.ACCEPTE: ("fait", "check-circle-fill"),
    EtatDevis.REFUSE: ("", "x-lg"),
    EtatDevis.DECLINE: ("", "x-lg"),
    EtatDevis.RETIRE: ("", "x-lg"),
}
# La proposition ne se montre qu’une fois faite : ce que la structure prépare n’engage personne.
MONTRES = (EtatDevis.PROPOSE, EtatDevis.ACCEPTE, EtatDevis.REFUSE)


@dataclass(frozen=True, slots=True)
class LigneFinanciere:
    phase: str
    jours: str
    prix_jour: str
    total: str


@dataclass(frozen=True, slots=True)
class DevisLu:
    """``proposition`` : vrai si le devis est proposé ou l’a été ; ``expire`` : il ne s’accepte plus."""

    devis: Devis
    etat: Etiquette
    proposition: bool
    expire: bool
    lignes: tuple[LigneFinanciere, ...]


def lire(devis: Devis, jour: date) -> DevisLu:
    """Le devis et ce qu’il faut en dire ce jour-là."""
    ton, icone = ETIQUETTES[devis.etape]
    expire = devis.etape is EtatDevis.PROPOSE and est_expiree(devis.valable_jusqu_au, jour)
    libelle = devis.etape.label
    if expire:
        libelle, ton, icone = f"Expiré le {date_courte(devis.valable_jusqu_au)}", "urgence", "clock-history"
    return DevisLu(
        devis=devis,
        etat=Etiquette(libelle, ton, icone),
        proposition=devis.etape in MONTRES,
        expire=expire,
        lignes=volet_financier(devis),
    )


def volet_financier(devis: Devis) -> tuple[LigneFinanciere, ...]:
    """Prix de la journée × jours, phase par phase, avant révision."""
    prix = devis.prix_jour
    if prix is None:
        return ()
    return tuple(
        LigneFinanciere(phase, quantite(jours, "jour"), euros(prix), euros(arrondir(jours * prix)))
        for phase, jours in _phases(devis)
        if jours
    )


def _phases(devis: Devis) -> list[tuple[str, Decimal | None]]:
    if devis.ponctuel:
        return [(f"Exercice {devis.exercice}", devis.jours_mise_en_place)]
    return [
        (f"Mise en place, exercice {devis.exercice}", devis.jours_mise_en_place),
        ("Accompagnement, chaque année suivante", devis.jours_accompagnement),
    ]
