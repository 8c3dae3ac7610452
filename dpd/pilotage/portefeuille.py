"""Lire le portefeuille d’une structure en un nombre constant de requêtes."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim

from dpd.comptes.droits import PREFIXE
from dpd.comptes.enums import FonctionContact, Role, TypeCollectivite
from dpd.comptes.models import Collectivite, CollectiviteUserObjectPermission, Contact, Structure
from dpd.pilotage.attentes import ATTENTES, REPONSE, Attente, decomptes, fiches, phrases, questions, retient
from dpd.regles.typographie import compte

REGISTRE = {
    "a_completer": "À compléter",
    "complet": "Complet",
    "ouvert": "Au moins une fiche",
    "vide": "Pas encore de fiche",
}
SUIVI = {"toutes": "Suivies ou non", "anciennes": "Plus suivies"}
TRIS = {
    "nom": ("nom", "type", "pk"),
    "-nom": ("-nom", "-type", "-pk"),
    "habitants": (F("population_totale").asc(nulls_last=True), "nom", "pk"),
    "-habitants": (F("population_totale").desc(nulls_last=True), "nom", "pk"),
    "intercommunalite": ("epci_nom", "nom", "pk"),
    "-intercommunalite": ("-epci_nom", "nom", "pk"),
}
TRI_REGISTRE = {"-registre": ("-a_completer", "nom", "pk"), "registre": ("a_completer", "nom", "pk")}
PLURIELS = {
    TypeCollectivite.COMMUNE: ("commune", "communes"),
    TypeCollectivite.EPCI: ("intercommunalité", "intercommunalités"),
    TypeCollectivite.CCAS: ("CCAS ou CIAS", "CCAS ou CIAS"),
    TypeCollectivite.CAISSE_ECOLES: ("caisse des écoles", "caisses des écoles"),
    TypeCollectivite.SYNDICAT: ("syndicat", "syndicats"),
    TypeCollectivite.AUTRE: ("autre organisme", "autres organismes"),
}
BARRETTES_MAX = 40


@dataclass(frozen=True)
class Filtres:
    """Ce que demande l’adresse ; toute valeur inconnue est ignorée."""

    q: str = ""
    type: str = ""
    intercommunalite: str = ""
    registre: str = ""
    attente: str = ""
    suivi: str = ""
    tri: str = "nom"

    @classmethod
    def lire(cls, demande, avec_registre: bool) -> "Filtres":
        def parmi(nom: str, valeurs, defaut: str = "") -> str:
            valeur = demande.get(nom, "")
            return valeur if valeur in valeurs else defaut

        tris = TRIS | TRI_REGISTRE if avec_registre else TRIS
        siren = demande.get("intercommunalite", "")
        return cls(
            q=demande.get("q", "").strip()[:100],
            type=parmi("type", TypeCollectivite.values),
            intercommunalite=siren if siren.isascii() and siren.isdigit() and len(siren) == 9 else "",
            registre=parmi("registre", REGISTRE) if avec_registre else "",
            attente=parmi("attente", ATTENTES) if avec_registre else "",
            suivi=parmi("suivi", SUIVI),
            tri=parmi("tri", tris, "nom"),
        )

    @property
    def actifs(self) -> bool:
        return any((self.q, self.type, self.intercommunalite, self.registre, self.attente, self.suivi))


@dataclass
class Synthese:
    """Le portefeuille en une requête : combien, de quels types, dans quelles intercommunalités."""

    suivies: int = 0
    anciennes: int = 0
    par_type: dict[str, int] = field(default_factory=dict)
    intercommunalites: dict[str, str] = field(default_factory=dict)

    @property
    def phrase(self) -> str:
        """« 12 suivies : 8 communes, 3 CCAS ou CIAS »."""
        detail = ", ".join(
            compte(self.par_type[t], *mots) for t, mots in PLURIELS.items() if t in self.par_type
        )
        return f"{compte(self.suivies, 'suivie')}\u00a0: {detail}." if detail else ""


def synthese(structure: Structure) -> Synthese:
    lignes = (
        Collectivite.objects.filter(structure=structure)
        .order_by("epci_nom", "epci_siren")
        .values_list("active", "type", "epci_siren", "epci_nom")
        .annotate(n=Count("pk"))
    )
    resultat = Synthese()
    for active, type_, epci, nom, n in lignes:
        if active:
            resultat.suivies += n
            resultat.par_type[type_] = resultat.par_type.get(type_, 0) + n
        else:
            resultat.anciennes += n
        if epci:
            resultat.intercommunalites[epci] = nom
    return resultat


def collectivites(structure: Structure, filtres: Filtres, jour: date):
    """Les collectivités demandées, triées, avec le nom de leur référent.

    ``jour`` : celui où l’on juge qu’une fiche est à relire.
    """
    requete = Collectivite.objects.filter(structure=structure)
    if filtres.suivi != "toutes":
        requete = requete.filter(active=filtres.suivi != "anciennes")
    if filtres.q:
        requete = requete.recherche(filtres.q)
    if filtres.type:
        requete = requete.filter(type=filtres.type)
    if filtres.intercommunalite:
        requete = requete.filter(epci_siren=filtres.intercommunalite)
    if filtres.registre:
        requete = requete.filter(_etat_du_registre(filtres.registre))
    if filtres.attente:
        requete = requete.filter(retient(filtres.attente, jour))
    if filtres.tri in TRI_REGISTRE:
        requete = requete.annotate(a_completer=_nombre_a_completer())
    return requete.annotate(**_referent()).order_by(*(TRIS | TRI_REGISTRE)[filtres.tri])


def _etat_du_registre(etat: str) -> Q:
    siennes = fiches().filter(collectivite=OuterRef("pk"))
    ouvert, incomplet = Q(Exists(siennes)), Q(Exists(siennes.incompletes()))
    return {"a_completer": incomplet, "complet": ouvert & ~incomplet, "ouvert": ouvert, "vide": ~ouvert}[etat]


def _nombre_a_completer():
    par_collectivite = (
        fiches().incompletes().filter(collectivite=OuterRef("pk")).order_by().values("collectivite")
    )
    return Coalesce(Subquery(par_collectivite.annotate(n=Count("pk")).values("n")), Value(0))


def _referent() -> dict:
    """Le contact référent en cours, à défaut une personne qui en a le rôle."""
    contact = Contact.objects.filter(
        collectivite=OuterRef("pk"), fonction=FonctionContact.REFERENT, jusqu_au__isnull=True
    ).order_by("-depuis", "-pk")
    compte_ = (
        CollectiviteUserObjectPermission.objects.filter(
            content_object=OuterRef("pk"),
            permission__codename=f"{PREFIXE}{Role.REFERENT.value}",
            user__is_active=True,
        )
        .order_by("user__last_name", "user__pk")
        .annotate(nom=NullIf(Trim(Concat("user__first_name", Value(" "), "user__last_name")), Value("")))
    )
    return {
        "referent": Coalesce(
            Subquery(contact.values("nom")[:1]), Subquery(compte_.values("nom")[:1]), Value("")
        )
    }


@dataclass(frozen=True)
class EtatDuRegistre:
    """Où en est le registre d’une collectivité, et ce qui y est attendu."""

    completes: int = 0
    total: int = 0
    attentes: tuple[tuple[Attente, str], ...] = ()

    @property
    def barrettes(self) -> list[tuple[str, str, str]]:
        return barrettes(self.completes, self.total)


def registres(page, jour: date) -> dict[int, EtatDuRegistre]:
    """L’état du registre de chaque collectivité de la page, en deux requêtes."""
    pks = [c.pk for c in page]
    comptes = (
        fiches()
        .filter(collectivite__in=pks)
        .order_by()
        .values("collectivite")
        .annotate(completes=Count("pk", filter=Q(manquantes="")), total=Count("pk"), **decomptes(jour))
    )
    lignes = {ligne["collectivite"]: ligne for ligne in comptes}
    posees = questions().filter(collectivite__in=pks).order_by().values_list("collectivite")
    ouvertes = dict(posees.annotate(n=Count("pk")))
    return {pk: _etat_du(lignes.get(pk, {}), ouvertes.get(pk, 0)) for pk in pks}


def _etat_du(ligne: dict[str, int], ouvertes: int) -> EtatDuRegistre:
    attentes = tuple(phrases({**ligne, REPONSE.cle: ouvertes}))
    return EtatDuRegistre(ligne.get("completes", 0), ligne.get("total", 0), attentes)


def barrettes(completes: int, total: int) -> list[tuple[str, str, str]]:
    """(classe, position, largeur) de chaque trait de la frise, en pourcentage ; deux traits au-delà de 40."""
    if total > BARRETTES_MAX:
        part = 100 * completes / total
        traits = [("passe", 0.0, part), ("reste", part, 100 - part)]
        return [(classe, f"{x:.2f}%", f"{largeur:.2f}%") for classe, x, largeur in traits if largeur]
    pas = 100 / total if total else 0
    return [
        ("passe" if rang < completes else "reste", f"{rang * pas:.2f}%", f"{pas * 0.776:.2f}%")
        for rang in range(total)
    ]
