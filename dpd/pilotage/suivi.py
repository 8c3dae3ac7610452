"""Ce que le DPD suit d’un coup d’œil ; le nombre de requêtes ne dépend pas du nombre de collectivités."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, Q, Subquery, Sum

from dpd.comptes.models import Collectivite
from dpd.pilotage.attentes import AVIS, DECISION, RELECTURE, REPONSE, conditions, decomptes, fiches, questions
from registre.models import QuestionFiche


def _suivies(requete, structure):
    """Les lignes des collectivités suivies : celles qui ont quitté la structure ne sont plus à suivre.

    Les droits, eux, ne regardent pas ``active`` : ils demeurent tant que la collectivité lui est rattachée.

    Par appartenance et non par jointure : SQLite lit alors l’index de chacune, au lieu de toute la table.
    """
    return requete.filter(collectivite__in=Collectivite.objects.actives().filter(structure=structure))


def _en_attente(structure, condition):
    """La plus ancienne d’abord ; par jointure : l’index donne l’ordre, et l’on s’arrête aux premières."""
    suivies = Q(collectivite__structure=structure, collectivite__active=True)
    requete = fiches().filter(condition, suivies, attend_depuis__isnull=False)
    lues = requete.defer("contenu", "recherche").select_related("collectivite", "traitement", "avis")
    return lues.order_by("attend_depuis", "pk")


def avis_attendus(structure, jour: date):
    """Les fiches transmises, la plus ancienne d’abord."""
    return _en_attente(structure, conditions(jour)[AVIS.cle])


def decisions_attendues(structure, jour: date):
    """Les fiches dont l’avis est rendu et que le responsable n’a pas tranchées."""
    return _en_attente(structure, conditions(jour)[DECISION.cle])


def questions_ouvertes(structure):
    """Les questions sans réponse, la plus ancienne d’abord, avec le numéro de la fiche."""
    posees = QuestionFiche.objects.filter(question=OuterRef("pk")).order_by("version__traitement__reference")
    suivies = Q(collectivite__structure=structure, collectivite__active=True)
    return (
        questions()
        .filter(suivies)
        .select_related("collectivite", "posee_par")
        .annotate(reference=Subquery(posees.values("version__traitement__reference")[:1]))
        .order_by("posee_le", "pk")
    )


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


def registres_et_chiffres(structure, jour: date) -> tuple[EtatRegistres, dict[str, int]]:
    """L’état des registres, et les nombres de la bande : fiches et gestes attendus, questions, collectivités.

    Un registre est à jour s’il a au moins une fiche, toutes complètes, aucune à relire. Trois requêtes ; les
    fiches du portefeuille ne se parcourent qu’une fois.
    """
    reprise = ~Q(manquantes="") | conditions(jour)[RELECTURE.cle]
    par_collectivite = (
        _suivies(fiches(), structure)
        .order_by()
        .values("collectivite")
        .annotate(fiches=Count("pk"), a_reprendre=Count("pk", filter=reprise), **decomptes(jour))
    )
    comptees = ("fiches", *conditions(jour))
    lus = par_collectivite.aggregate(
        avec=Count("collectivite"),
        a_jour=Count("collectivite", filter=Q(a_reprendre=0)),
        **{f"total_{cle}": Sum(cle, default=0) for cle in comptees},
    )
    avec, a_jour = lus["avec"], lus["a_jour"]
    suivies = Collectivite.objects.actives().filter(structure=structure).count()
    registres = EtatRegistres(a_jour=a_jour, a_completer=avec - a_jour, vides=suivies - avec)
    questions_posees = _suivies(questions(), structure).count()
    totaux = {cle: lus[f"total_{cle}"] for cle in comptees}
    return registres, {**totaux, REPONSE.cle: questions_posees, "collectivites": suivies}
