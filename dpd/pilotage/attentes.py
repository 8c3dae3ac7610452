"""Ce qui attend quelqu’un : l’accueil du DPD le compte, le portefeuille le filtre, dans les mêmes termes.

Seules comptent les collectivités suivies, et les fiches montrées du registre.
"""

from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q

from dpd.accompagnement.models import Question
from dpd.regles.typographie import compte
from registre.enums import ETATS_EN_PREPARATION, EtatVersion
from registre.models import VersionTraitement


class Attente(NamedTuple):
    """Un geste attendu. ``etat`` : le filtre de la liste d’un registre qui montre ces fiches."""

    cle: str
    libelle: str
    mots: tuple[str, str]
    etat: str = ""


AVIS = Attente("avis", "Votre avis", ("avis à rendre", "avis à rendre"), "avis_attendu")
DECISION = Attente(
    "decision", "La décision d’un élu", ("décision attendue", "décisions attendues"), "adoption_attendue"
)
RELECTURE = Attente("relecture", "Une relecture", ("fiche à relire", "fiches à relire"), "a_relire")
REPONSE = Attente("reponse", "Votre réponse", ("question ouverte", "questions ouvertes"))
ATTENTES = {attente.cle: attente for attente in (AVIS, DECISION, RELECTURE, REPONSE)}


def fiches():
    """Les fiches montrées des registres, sans celles qui sont abrogées ou retirées.

    Les états gardés sont dits un à un : SQLite ne se sert de l’index ``registre_suivi`` qu’à ce prix.
    """
    return VersionTraitement.objects.courantes().filter(etat__in=(*ETATS_EN_PREPARATION, EtatVersion.ADOPTEE))


def conditions(jour: date) -> dict[str, Q]:
    """Par attente, les fiches qu’elle retient ; une question n’est pas une fiche."""
    return {
        AVIS.cle: Q(etat=EtatVersion.TRANSMISE),
        DECISION.cle: Q(etat=EtatVersion.AVIS_RENDU),
        RELECTURE.cle: Q(etat=EtatVersion.ADOPTEE, relire_avant__lte=jour),
    }


def decomptes(jour: date) -> dict[str, Count]:
    """Par attente, le nombre de ces fiches, pour une seule requête."""
    return {cle: Count("pk", filter=condition) for cle, condition in conditions(jour).items()}


def questions():
    """Les questions sans réponse, que la collectivité n’a pas retirées."""
    return Question.objects.filter(repondue_le__isnull=True, retiree_le__isnull=True)


def retient(attente: str, jour: date) -> Q:
    """Le filtre des collectivités où ce geste est attendu au moins une fois."""
    if attente == REPONSE.cle:
        return Q(Exists(questions().filter(collectivite=OuterRef("pk"))))
    return Q(Exists(fiches().filter(conditions(jour)[attente], collectivite=OuterRef("pk"))))


def phrases(nombres: dict[str, int]) -> list[tuple[Attente, str]]:
    """« 2 avis à rendre », « 1 question ouverte » : ce qui attend, dans l’ordre, sans les zéros."""
    return [(a, compte(nombres[a.cle], *a.mots)) for a in ATTENTES.values() if nombres.get(a.cle)]
