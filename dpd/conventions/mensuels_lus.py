"""Lire les états mensuels : ce qu’un mois donnerait, ce qui a été présenté, ce qui attend."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Sum, Value, When

from dpd.comptes.droits import PREFIXE
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite, CollectiviteUserObjectPermission
from dpd.conventions.models import Bareme, Convention, EtatMensuel, Intervention, LigneEtatMensuel
from dpd.conventions.regles.mensuel import EtatLigne, jours, montant
from dpd.conventions.regles.tarifs import Phase
from dpd.conventions.regles.temps import dernier_jour_du_mois, jours_dits
from dpd.conventions.tarification import SansBareme, Tarification
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.typographie import MOIS

RIEN = "Aucune intervention de mise en place n’est tracée ce mois-là."
PERSONNE = "Aucun décideur n’a de compte\u00a0: personne ne pourra valider cet état."


def nom_du_mois(annee: int, mois: int) -> str:
    """« novembre 2026 »."""
    return f"{MOIS[mois - 1]} {annee}"


def est_echu(annee: int, mois: int, jour: date) -> bool:
    """Vrai si le mois est fini : une journée ne peut plus s’y ajouter."""
    return jour > dernier_jour_du_mois(annee, mois)


def a_presenter(conventions: Iterable[Convention], annee: int, mois: int) -> QuerySet:
    """Les interventions du mois que l’on présente : celles de la mise en place, payées à la journée.

    Ensuite, un forfait annuel les couvre : elles restent tracées, sans être présentées. Celles d’un devis
    n’y sont pas non plus : le devis accepté les paie déjà.
    """
    return _presentables(annee, mois).filter(convention__in=conventions).order_by("le", "pk")


def _presentables(annee: int, mois: int) -> QuerySet:
    return Intervention.objects.du_mois(annee, mois).filter(
        phase=Phase.MISE_EN_PLACE.value, ligne__isnull=True, devis__isnull=True
    )


@dataclass(frozen=True, slots=True)
class Prix:
    """Ce que vaut une journée, et combien de minutes elle compte."""

    jour: Decimal
    minutes: int


def prix_de(convention: Convention, tarification: Tarification) -> tuple[Prix | None, list[str]]:
    """Le prix de la journée au barème de l’exercice, ou ce qui manque pour le dire."""
    try:
        bareme: Bareme = tarification.bareme(convention)
    except SansBareme as refus:
        return None, [str(refus)]
    manques = []
    if bareme.cout_journee is None:
        manques.append("Le prix de la journée n’est pas saisi dans le barème.")
    if not bareme.minutes_par_jour:
        manques.append("La durée d’une journée n’est pas saisie dans le barème.")
    if manques:
        return None, manques
    return Prix(bareme.cout_journee, bareme.minutes_par_jour), []


@dataclass(frozen=True, slots=True)
class Apercu:
    """Ce que donnerait l’état d’un mois, ou ce que retient celui qui est figé.

    ``refus`` : ce qui l’empêche ; ``alertes`` : ce qui le gênera.
    """

    convention: Convention
    nombre: int
    minutes: int
    prix: Prix | None
    etat: EtatMensuel | None
    refus: tuple[str, ...]
    alertes: tuple[str, ...]

    @property
    def collectivite(self) -> Collectivite:
        return self.convention.collectivite

    @property
    def jours(self) -> Decimal | None:
        return jours(self.minutes, self.prix.minutes) if self.prix else None

    @property
    def montant(self) -> Decimal | None:
        return montant(self.jours, self.prix.jour) if self.jours is not None and self.prix else None

    @property
    def est_a_figer(self) -> bool:
        return self.etat is None and not self.refus


def conventions_du_mois(structure, annee: int, mois: int) -> QuerySet:
    """Celles à état mensuel qui valent au moins un jour du mois, les seules à présenter d’abord.

    ``garnie`` : des interventions attendent d’y être présentées ; ``figee`` : son état l’est déjà ;
    ``decidee`` : un décideur pourra le valider.
    """
    fin = dernier_jour_du_mois(annee, mois)
    conventions = Convention.objects.de_la_structure(structure).filter(
        Q(fin__isnull=True) | Q(fin__gte=fin.replace(day=1)),
        modele__etat_mensuel=True,
        date_effet__lte=fin,
    )
    decideurs = CollectiviteUserObjectPermission.objects.filter(
        content_object=OuterRef("collectivite"),
        permission__codename=f"{PREFIXE}{Role.DECIDEUR.value}",
        user__is_active=True,
    )
    figes = EtatMensuel.objects.filter(convention=OuterRef("pk"), annee=annee, mois=mois)
    return (
        conventions.annotate(
            garnie=Exists(_presentables(annee, mois).filter(convention=OuterRef("pk"))),
            figee=Exists(figes),
            decidee=Exists(decideurs),
        )
        .select_related("modele", "collectivite__structure")
        .order_by("-garnie", "-figee", "collectivite__nom", "pk")
    )


def compter(conventions: QuerySet, tarification: Tarification) -> tuple[int, int]:
    """(toutes, à figer) : combien de :func:`conventions_du_mois`, sans les lire une à une."""
    toutes = a_figer = 0
    groupes = conventions.order_by().values_list("date_effet", "garnie", "figee")
    for effet, garnie, figee, nombre in groupes.annotate(nombre=Count("pk")):
        toutes += nombre
        if garnie and not figee and prix_de(Convention(date_effet=effet), tarification)[0]:
            a_figer += nombre
    return toutes, a_figer


def apercu(
    conventions: Iterable[Convention], annee: int, mois: int, tarification: Tarification
) -> list[Apercu]:
    """Ce que donne le mois pour ces :func:`conventions_du_mois`, en un nombre constant de requêtes."""
    conventions = list(conventions)
    tracees = a_presenter(conventions, annee, mois).order_by().values_list("convention")
    comptes = {pk: (n, m) for pk, n, m in tracees.annotate(Count("pk"), Sum("minutes"))}
    figes = EtatMensuel.objects.filter(convention__in=conventions, annee=annee, mois=mois)
    etats = {etat.convention_id: etat for etat in avec_comptes(figes)}
    return [_apercu_de(c, tarification, comptes.get(c.pk, (0, 0)), etats.get(c.pk)) for c in conventions]


def _apercu_de(convention, tarification, compte: tuple[int, int], etat) -> Apercu:
    prix, refus = prix_de(convention, tarification)
    nombre, minutes = compte
    if etat is not None:
        nombre, minutes, prix = etat.nombre, etat.retenues, Prix(etat.prix_jour, etat.minutes_par_jour)
    elif not nombre:
        refus = [RIEN]
    return Apercu(
        convention=convention,
        nombre=nombre,
        minutes=minutes,
        prix=prix,
        etat=etat,
        refus=() if etat else tuple(refus),
        alertes=() if convention.decidee or not nombre else (PERSONNE,),
    )


def avec_comptes(etats: QuerySet) -> QuerySet:
    """Des états, avec ce qu’une liste en montre : lignes, contestées, minutes retenues."""
    retenues = ~Q(lignes__etat=EtatLigne.RETIREE.value)
    return etats.annotate(
        nombre=Count("lignes"),
        contestees=Count("lignes", filter=Q(lignes__etat=EtatLigne.CONTESTEE.value)),
        retenues=Sum("lignes__minutes", filter=retenues, default=0),
    )


def etats_de(collectivite) -> QuerySet:
    """Les états d’une collectivité, le plus récent d’abord, une année au plus."""
    etats = avec_comptes(EtatMensuel.objects.filter(collectivite=collectivite))
    return etats.order_by("-annee", "-mois")[:12]


def etats_de_la_structure(structure) -> QuerySet:
    """Tous ceux que la structure a présentés ; ceux qui attendent d’abord."""
    return _attendus_d_abord(EtatMensuel.objects.filter(collectivite__structure=structure))


def de_la_page(etats: QuerySet) -> QuerySet:
    """Une page d’états avec ses comptes : leurs lignes se comptent une fois les autres pages écartées."""
    return _attendus_d_abord(avec_comptes(EtatMensuel.objects.filter(pk__in=etats.values("pk"))))


def _attendus_d_abord(etats: QuerySet) -> QuerySet:
    attend = Case(When(valide_le__isnull=True, then=Value(0)), default=Value(1))
    return etats.select_related("collectivite").order_by(attend, "-annee", "-mois", "collectivite__nom", "pk")


def lu(ligne: LigneEtatMensuel) -> str:
    """Ce qu’une personne avait sous les yeux : s’il a changé, son geste est refusé."""
    return f"{ligne.etat}-{ligne.minutes}"


def lu_de_l_etat(lignes: Iterable[LigneEtatMensuel]) -> str:
    """Le même, pour toutes les lignes d’un état."""
    return empreinte_du_contenu({str(ligne.ordre): lu(ligne) for ligne in lignes})[:16]


@dataclass(frozen=True, slots=True)
class Bilan:
    """Ce que retient un état à ce jour : minutes, jours et montant des lignes non retirées."""

    etat: EtatMensuel
    lignes: tuple[LigneEtatMensuel, ...]

    @property
    def minutes(self) -> int:
        return sum(ligne.minutes for ligne in self.lignes if ligne.etape is not EtatLigne.RETIREE)

    @property
    def jours(self) -> Decimal:
        return jours(self.minutes, self.etat.minutes_par_jour)

    @property
    def montant(self) -> Decimal:
        return montant(self.jours, self.etat.prix_jour)

    @property
    def jours_dits(self) -> str:
        return jours_dits(self.jours)

    @property
    def contestees(self) -> int:
        return sum(ligne.etape is EtatLigne.CONTESTEE for ligne in self.lignes)

    @property
    def a_valider(self) -> int:
        return sum(ligne.etape is EtatLigne.A_VALIDER for ligne in self.lignes)


def bilan(etat: EtatMensuel) -> Bilan:
    """Un état et toutes ses lignes, en une requête."""
    return Bilan(etat, tuple(etat.lignes.select_related("tranchee_par").order_by("ordre")))
