"""Ce que le DPD suit d’un coup d’œil ; le nombre de requêtes ne dépend pas du nombre de collectivités."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q

from dpd.accompagnement.models import Question
from dpd.comptes.models import Collectivite
from registre.enums import EtatVersion
from registre.models import VersionTraitement


def _versions(structure):
    return (
        VersionTraitement.objects.courantes()
        .filter(collectivite__structure=structure)
        .defer("contenu")
        .select_related("collectivite", "traitement")
    )


def avis_attendus(structure):
    """Les fiches transmises, la plus ancienne d’abord."""
    return _versions(structure).filter(etat=EtatVersion.TRANSMISE).order_by("transmise_le", "pk")


def decisions_attendues(structure):
    """Les fiches dont l’avis est rendu et que le responsable n’a pas tranchées."""
    return (
        _versions(structure)
        .filter(etat=EtatVersion.AVIS_RENDU)
        .select_related("collectivite", "traitement", "avis")
        .order_by("avis__rendu_le", "pk")
    )


def questions_ouvertes(structure):
    """Les questions sans réponse, la plus ancienne d’abord, avec le numéro de la fiche."""
    return (
        Question.objects.filter(
            collectivite__structure=structure, repondue_le__isnull=True, retiree_le__isnull=True
        )
        .select_related("collectivite", "posee_par")
        .annotate(reference=Min("fiches__version__traitement__reference"))
        .order_by("posee_le", "pk")
    )


def chiffres(structure, jour: date) -> dict[str, int]:
    """Les nombres de la bande : une requête pour les fiches, une pour les collectivités."""
    fiches = (
        VersionTraitement.objects.courantes()
        .filter(collectivite__structure=structure)
        .aggregate(
            avis=Count("pk", filter=Q(etat=EtatVersion.TRANSMISE)),
            decisions=Count("pk", filter=Q(etat=EtatVersion.AVIS_RENDU)),
            a_relire=Count("pk", filter=Q(etat=EtatVersion.ADOPTEE, relire_avant__lte=jour)),
            fiches=Count("pk", filter=~Q(etat__in=[EtatVersion.ABROGEE, EtatVersion.RETIREE])),
        )
    )
    collectivites = Collectivite.objects.actives().filter(structure=structure).count()
    return {**fiches, "collectivites": collectivites}


@dataclass(frozen=True, slots=True)
class EtatRegistres:
    """Combien de registres sont à jour, à compléter, vides."""

    a_jour: int
    a_completer: int
    vides: int

    @property
    def total(self) -> int:
        return self.a_jour + self.a_completer + self.vides

    @property
    def lignes(self) -> tuple[tuple[str, str, int, int], ...]:
        """(remplissage, libellé, nombre, part arrondie en pour cent)."""
        groupes = (
            ("g-plein", "à jour", self.a_jour),
            ("g-raye", "à compléter", self.a_completer),
            ("g-vide", "sans aucune fiche", self.vides),
        )
        return tuple((r, nom, n, round(100 * n / self.total) if self.total else 0) for r, nom, n in groupes)

    @property
    def cases(self) -> tuple[tuple[str, float, float], ...]:
        """(remplissage, x, largeur) sur 1 000 unités."""
        x, cases = 0.0, []
        for remplissage, _, n, _ in self.lignes:
            if n:
                largeur = 1000 * n / self.total
                cases.append((remplissage, x + 1, max(largeur - 6, 3)))
                x += largeur
        return tuple(cases)


def etat_des_registres(structure, jour: date) -> EtatRegistres:
    """À jour : au moins une fiche, toutes complètes, aucune à relire."""
    par_collectivite = (
        VersionTraitement.objects.courantes()
        .filter(collectivite__structure=structure, collectivite__active=True)
        .exclude(etat__in=[EtatVersion.ABROGEE, EtatVersion.RETIREE])
        .values("collectivite")
        .annotate(
            a_reprendre=Count("pk", filter=~Q(manquantes="") | Q(etat="adoptee", relire_avant__lte=jour))
        )
    )
    avec = par_collectivite.count()
    a_jour = par_collectivite.filter(a_reprendre=0).count()
    total = Collectivite.objects.actives().filter(structure=structure).count()
    return EtatRegistres(a_jour=a_jour, a_completer=avec - a_jour, vides=total - avec)
