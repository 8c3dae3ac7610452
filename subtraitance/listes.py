"""Le registre des demandes de droits : filtres, tri, et leur traduction en requêtes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, DateTimeField, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from dpd.comptes.models import Collectivite, Structure
from dpd.regles.calendrier import Territoire, fuseau
from subtraitance.enums import Droit, EtatDemande
from subtraitance.models import DemandeDroits
from subtraitance.models.demande import A_TRANSMETTRE, DU_DEMANDEUR

# Le délai de réponse court : ni répondue, ni suspendue.
ATTEND_REPONSE = Q(repondue_le__isnull=True, echeance__isnull=False) & ~Q(
    etat__in=[EtatDemande.IDENTITE, EtatDemande.CLOSE]
)
ETATS = {"ouvertes": "Toutes celles ouvertes", **dict(EtatDemande.choices)}
URGENCES = {"retard": "En retard", "a_transmettre": "À transmettre"}
NUMERO = re.compile(r"(\d{4})\s*-\s*(\d{1,4})")
LONGUEUR_MAX = 100


@dataclass(frozen=True, slots=True)
class Filtres:
    """Ce que demande l’adresse ; toute valeur inconnue est ignorée."""

    q: str = ""
    etat: str = ""
    droit: str = ""
    annee: str = ""
    urgence: str = ""

    @classmethod
    def lire(cls, demande: Mapping[str, str], *, restreint: bool = False) -> "Filtres":
        """``restreint`` : qui ne lit pas les dossiers ne les trie pas par ce qu’ils disent."""

        def parmi(nom: str, valeurs: Iterable[str]) -> str:
            valeur = demande.get(nom, "")
            return valeur if valeur in valeurs else ""

        annee = demande.get("annee", "")
        return cls(
            q=demande.get("q", "").strip()[:LONGUEUR_MAX],
            etat="" if restreint else parmi("etat", ETATS),
            droit="" if restreint else parmi("droit", Droit.values),
            annee=annee if annee.isascii() and annee.isdigit() and len(annee) == 4 else "",
            urgence=parmi("urgence", URGENCES),
        )

    @property
    def actifs(self) -> bool:
        return any((self.q, self.etat, self.droit, self.annee, self.urgence))


def de_la_collectivite(collectivite: Collectivite) -> QuerySet:
    return DemandeDroits.objects.filter(collectivite=collectivite)


def de_la_structure(structure: Structure, *, restreint: bool = False) -> QuerySet:
    """Celles des collectivités suivies ; ``restreint`` : celles-là seules que la structure a reçues."""
    demandes = DemandeDroits.objects.filter(collectivite__structure=structure, collectivite__active=True)
    return demandes.filter(echeance_transmission__isnull=False) if restreint else demandes


def filtrer(
    requete: QuerySet, filtres: Filtres, maintenant: datetime, *, restreint: bool = False
) -> QuerySet:
    """Les demandes voulues, ce qui presse d’abord ; ``restreint`` : il ne reste qu’à transmettre."""
    if filtres.etat == "ouvertes":
        requete = requete.exclude(etat=EtatDemande.CLOSE)
    elif filtres.etat:
        requete = requete.filter(etat=filtres.etat)
    if filtres.droit:
        # Les droits sont une liste JSON : le code entre guillemets s’y retrouve sur tous les moteurs.
        ecrits = requete.annotate(droits_ecrits=Cast("droits", TextField()))
        requete = ecrits.filter(droits_ecrits__contains=f'"{filtres.droit}"')
    if filtres.annee:
        requete = requete.filter(annee=int(filtres.annee))
    if filtres.urgence == "retard":
        requete = requete.filter(en_retard(maintenant, restreint=restreint))
    elif filtres.urgence == "a_transmettre":
        requete = requete.filter(A_TRANSMETTRE)
    if filtres.q:
        requete = requete.filter(_qui_dit(filtres.q))
    return trier(requete, restreint=restreint)


def trier(requete: QuerySet, *, restreint: bool = False) -> QuerySet:
    """Le délai qui finit le premier, puis les plus récentes."""
    repondre = [] if restreint else [When(ATTEND_REPONSE, then=Cast("echeance", DateTimeField()))]
    finit_le = Case(
        When(A_TRANSMETTRE, then=F("echeance_transmission")),
        *repondre,
        default=Value(None),
        output_field=DateTimeField(),
    )
    return requete.order_by(finit_le.asc(nulls_last=True), "-recue_le", "-pk")


def en_retard(maintenant: datetime, *, restreint: bool = False) -> Q:
    """L’un des deux délais est passé, chaque collectivité ayant sa date du jour.

    ``restreint`` : la transmission seule, celle de la structure.
    """
    transmission = A_TRANSMETTRE & Q(echeance_transmission__lt=maintenant)
    if restreint:
        return transmission
    passee = Q(pk__in=[])
    for jour, territoires in jours_par_territoire(maintenant).items():
        passee |= Q(collectivite__territoire__in=territoires, echeance__lt=jour)
    return transmission | (ATTEND_REPONSE & passee)


def jours_par_territoire(maintenant: datetime) -> dict[date, list[str]]:
    """{date du jour: les territoires où c’est elle} à cet instant."""
    jours: dict[date, list[str]] = {}
    for territoire in Territoire:
        jour = maintenant.astimezone(fuseau(territoire)).date()
        jours.setdefault(jour, []).append(territoire.value)
    return jours


def _qui_dit(recherche: str) -> Q:
    """Un numéro (« 2026-04 », « 4 »), une année, ou le nom d’une collectivité."""
    if numero := NUMERO.fullmatch(recherche):
        return Q(annee=int(numero[1]), rang=int(numero[2]))
    if recherche.isascii() and recherche.isdigit() and len(recherche) <= 4:
        return Q(rang=int(recherche)) | Q(annee=int(recherche))
    return Q(collectivite__in=Collectivite.objects.recherche(recherche))


def pour_liste(requete: QuerySet, *, restreint: bool = False) -> QuerySet:
    """Ce que montre une ligne, en une lecture ; ``restreint`` : sans rien lire du demandeur."""
    inutiles = DU_DEMANDEUR if restreint else set(DU_DEMANDEUR) - {"demandeur_nom"}
    return requete.select_related("collectivite__structure").defer(*inutiles)


def compter(requete: QuerySet, maintenant: datetime, *, restreint: bool = False) -> dict[str, int]:
    """Les comptes de l’en-tête, en une requête."""
    return requete.aggregate(
        total=Count("pk"),
        ouvertes=Count("pk", filter=~Q(etat=EtatDemande.CLOSE)),
        a_transmettre=Count("pk", filter=A_TRANSMETTRE),
        retard=Count("pk", filter=en_retard(maintenant, restreint=restreint)),
    )


def annees(requete: QuerySet) -> list[int]:
    """Les années du registre, la plus récente d’abord."""
    return list(requete.order_by("-annee").values_list("annee", flat=True).distinct())
