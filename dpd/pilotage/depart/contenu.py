"""Tout ce que l’application tient d’une collectivité, trouvé en lisant les modèles : aucune liste à tenir.

Une application nouvelle entre donc d’elle-même dans l’archive d’un départ. Ce qui n’y va pas est écrit ici,
avec sa raison.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Field, Q, QuerySet

from dpd.comptes.models import Collectivite, Utilisateur
from dpd.conventions.affichage_devis import MONTRES
from dpd.conventions.models import Convention, Depart, Devis, ModeleConvention
from dpd.conventions.regles.devis import EtatDevis
from dpd.messagerie.models import Message
from dpd.pieces.enums import DomainePiece
from dpd.pieces.models import Piece
from registre.models import LIGNES

# Le bordereau visé, déposé après la remise, se télécharge sur la page du départ.
HORS_DU_DEPART = ~Q(domaine=DomainePiece.DEPART)
# Ce que la structure prépare d’un devis n’engage personne : la collectivité ne l’a jamais lu.
MONTRES_OU_DEMANDES = Q(etat__in=[etat.value for etat in (EtatDevis.DEMANDE, *MONTRES)])
RESTREINTES = {Piece: HORS_DU_DEPART, Devis: MONTRES_OU_DEMANDES}
EN_TABLEAU = "restitué en CSV"
AILLEURS = {
    **dict.fromkeys((modele._meta.label for modele in LIGNES), "se déduit du contenu de chaque version"),
    "comptes.JournalAcces": EN_TABLEAU,
    Message._meta.label: EN_TABLEAU,
    "comptes.CollectiviteUserObjectPermission": EN_TABLEAU,
    Depart._meta.label: "la procédure qui produit cette archive ; son attestation la dit",
}
# Le condensat d’un jeton, l’emplacement sur le disque du serveur, des clés de recherche : rien à rendre.
CHAMPS_TUS = {
    "comptes.Invitation": {"condensat"},
    "comptes.Collectivite": {"recherche"},
    "pieces.Piece": {"fichier"},
    "registre.VersionTraitement": {"recherche"},
}


@dataclass(frozen=True, slots=True)
class Table:
    """Un modèle dont l’archive rend les lignes, et leur historique s’il en a un."""

    modele: type

    @property
    def label(self) -> str:
        return self.modele._meta.label

    @property
    def nom(self) -> str:
        """« conventions-devis » : le début du nom de ses fichiers."""
        return self.label.lower().replace(".", "-")

    @property
    def champs(self) -> list[Field]:
        return _sans_les_tus(self.label, self.modele._meta.concrete_fields)

    @property
    def champs_d_historique(self) -> list[Field]:
        return _sans_les_tus(self.label, self.modele.history.model._meta.concrete_fields)

    @property
    def est_historisee(self) -> bool:
        return hasattr(self.modele, "history")

    def lignes(self, collectivite) -> QuerySet:
        """Celles de la collectivité, dans l’ordre où elles sont nées."""
        requete = self.modele._default_manager.filter(_siennes(self.modele, collectivite))
        return requete.select_related(*_personnes(self.champs)).order_by("pk")

    def historique(self, collectivite) -> QuerySet:
        """Chaque état passé de ces lignes, du plus ancien au plus récent."""
        requete = self.modele.history.filter(_siennes(self.modele, collectivite))
        return requete.select_related(*_personnes(self.champs_d_historique)).order_by("history_id")


def tables() -> list[Table]:
    """La collectivité, tout modèle qui la désigne, et les modèles de convention qu’elle a signés."""
    liees = [modele for modele in apps.get_models() if _est_d_une_collectivite(modele)]
    modeles = [Collectivite, ModeleConvention, *(m for m in liees if m._meta.label not in AILLEURS)]
    return [Table(modele) for modele in sorted(modeles, key=lambda m: m._meta.label)]


def modeles_lies() -> set[str]:
    """Les modèles qui désignent une collectivité, rendus ou non."""
    return {modele._meta.label for modele in apps.get_models() if _est_d_une_collectivite(modele)}


def _est_d_une_collectivite(modele: type) -> bool:
    """Ni table d’historique, ni modèle sans lien direct, ni fiche commune à la structure.

    Une ligne appartient à la collectivité que nomme son champ ``collectivite`` (``content_object`` pour un
    droit) ; une autre clé vers une collectivité dit seulement d’où vient une fiche que toutes partagent.
    """
    if hasattr(modele, "instance_type"):
        return False
    siens = (champ for champ in modele._meta.concrete_fields if champ.related_model is Collectivite)
    return any(champ.name in ("collectivite", "content_object") for champ in siens)


def _siennes(modele: type, collectivite) -> Q:
    if modele is Collectivite:
        return Q(id=collectivite.pk)
    if modele is ModeleConvention:
        conventions = Convention.objects.filter(collectivite=collectivite).order_by()
        return Q(id__in=conventions.values("modele"))
    return Q(collectivite=collectivite.pk) & RESTREINTES.get(modele, Q())


def _sans_les_tus(label: str, champs) -> list[Field]:
    tus = CHAMPS_TUS.get(label, frozenset())
    return [champ for champ in champs if champ.name not in tus]


def _personnes(champs: list[Field]) -> Iterator[str]:
    return (champ.name for champ in champs if champ.related_model is Utilisateur)


def pieces_de(collectivite) -> QuerySet:
    """Ses pièces, retirées comprises, hors celles du départ lui-même."""
    siennes = Piece.objects.filter(HORS_DU_DEPART, collectivite=collectivite)
    return siennes.select_related("deposee_par", "retiree_par").order_by("pk")
