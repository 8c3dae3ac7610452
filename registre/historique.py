"""L’histoire d’une fiche, lisible : qui, quand, avant, après, motif."""

from dataclasses import dataclass
from datetime import datetime

from registre.enums import RAISONS_D_INTENDANCE, EtatVersion
from registre.libelles import libelle
from registre.models import Traitement, VersionTraitement
from registre.regles.comparaison import Ecart, comparer
from registre.regles.contenu import depuis_dict

RECUL = 2  # de quoi comparer la plus ancienne ligne montrée ; une adoption en écrit deux
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
    """Les gestes faits sur la fiche, du plus récent au plus ancien ; une seule requête.

    Un geste fait une ligne : ouvrir ou retirer une version écrit aussi sur l’autre, pour dire laquelle
    se montre, et cette intendance ne se raconte pas. Chaque enregistrement se compare au précédent de sa
    version ; le premier d’une version, à celle en vigueur, dont elle part.
    """
    requete = (
        VersionTraitement.history.filter(traitement_id=traitement.pk)
        .exclude(history_change_reason__in=RAISONS_D_INTENDANCE)
        .select_related("history_user")
        .order_by("-history_date", "-history_id")
    )
    lignes = list(requete[: limite + RECUL] if limite else requete)
    moments, dernieres, en_vigueur = [], {}, None
    for ligne in reversed(lignes):
        moments.append(_moment(ligne, dernieres.get(ligne.numero, en_vigueur)))
        dernieres[ligne.numero] = ligne
        en_vigueur = ligne if ligne.etat == EtatVersion.ADOPTEE else en_vigueur
    return moments[::-1][:limite]


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
