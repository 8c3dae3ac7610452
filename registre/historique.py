"""L’histoire d’une fiche, lisible : qui, quand, avant, après, motif."""

from dataclasses import dataclass
from datetime import datetime

from registre.libelles import libelle
from registre.models import Traitement, VersionTraitement
from registre.regles.comparaison import Ecart, comparer
from registre.regles.contenu import depuis_dict

CLES = frozenset({"adoptee", "transmise", "avis_rendu", "abrogee"})


@dataclass(frozen=True, slots=True)
class Moment:
    """Un enregistrement : ``ecarts`` dit ce qui a changé, ``cle`` marque un fait de procédure."""

    quand: datetime
    qui: str
    raison: str
    version: int
    ecarts: tuple[Ecart, ...]
    cle: bool


def chronologie(traitement: Traitement, limite: int | None = None) -> list[Moment]:
    """Les enregistrements de toutes les versions, du plus récent au plus ancien ; une seule requête."""
    requete = (
        VersionTraitement.history.filter(traitement_id=traitement.pk)
        .select_related("history_user")
        .order_by("-history_date", "-history_id")
    )
    lignes = list(requete[: limite + 1] if limite else requete)
    moments = []
    for rang, ligne in enumerate(lignes[:limite] if limite else lignes):
        precedente = lignes[rang + 1] if rang + 1 < len(lignes) else None
        moments.append(_moment(ligne, precedente))
    return moments


def _moment(ligne, precedente) -> Moment:
    ecarts: tuple[Ecart, ...] = ()
    if precedente is not None and precedente.contenu != ligne.contenu:
        ecarts = comparer(depuis_dict(precedente.contenu), depuis_dict(ligne.contenu), libelle)
    change = precedente is None or precedente.etat != ligne.etat
    return Moment(
        quand=ligne.history_date,
        qui=str(ligne.history_user) if ligne.history_user else "L’application",
        raison=ligne.history_change_reason or "Modification",
        version=ligne.numero,
        ecarts=ecarts,
        cle=change and ligne.etat in CLES,
    )
