"""Écarter les robots d’une page publique, sans service tiers, sans image, sans JavaScript.

Trois pièges simples : un champ qu’une personne ne voit pas, un sceau qui date l’ouverture de la page, un
débit par adresse et par collectivité. Une personne prise à tort renvoie sa saisie ; un robot n’apprend
pas ce qui l’a trahi. Un sceau ne sert qu’à une demande : le jeton qu’il porte l’identifie.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID, uuid4

from django.core import signing
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from dpd.comptes.journal import adresse_ip
from dpd.comptes.regles.tentatives import origine

SEL = "subtraitance.formulaire-public"
TROP_VITE = timedelta(seconds=3)
TROP_VIEUX = timedelta(hours=24)


class EtatSceau(StrEnum):
    BON = "bon"
    TROP_TOT = "trop_tot"
    PERIME = "perime"
    FAUX = "faux"


class Sceau(NamedTuple):
    """Ce que dit le sceau d’un envoi ; ``jeton`` vide s’il est faux."""

    etat: EtatSceau
    jeton: UUID | None = None


def sceller(siren: str, maintenant: datetime, jeton: UUID | None = None) -> str:
    """Le sceau d’une page ouverte maintenant, pour une collectivité ; ``jeton`` garde celui d’avant."""
    contenu = [siren, str(jeton or uuid4()), maintenant.timestamp()]
    return signing.dumps(contenu, salt=SEL)


def lire_le_sceau(sceau: str, siren: str, maintenant: datetime) -> Sceau:
    """Bon de trois secondes à vingt-quatre heures après l’ouverture de la page de cette collectivité."""
    try:
        pour, jeton, quand = signing.loads(sceau, salt=SEL)
    except signing.BadSignature:
        return Sceau(EtatSceau.FAUX)
    if pour != siren:
        return Sceau(EtatSceau.FAUX)
    age = timedelta(seconds=maintenant.timestamp() - quand)
    if age < TROP_VITE:
        return Sceau(EtatSceau.TROP_TOT, UUID(jeton))
    return Sceau(EtatSceau.PERIME if age > TROP_VIEUX else EtatSceau.BON, UUID(jeton))


class Debit(NamedTuple):
    """Au plus ``places`` passages par ``periode`` ; le cache, en base, est commun à tous les processus."""

    nom: str
    places: int
    periode: timedelta = timedelta(hours=1)


PAR_ADRESSE = Debit("depot-adresse", 5)
PAR_COLLECTIVITE = Debit("depot-collectivite", 30)
PAR_COURRIEL = Debit("accuse-courriel", 3, timedelta(hours=24))
SUIVI = Debit("suivi-adresse", 60)


def passer(debit: Debit, qui: str) -> bool:
    """Prend une place si une est libre ; elle se libère une période plus tard.

    Chaque place est une clé que le cache n’ajoute qu’une fois : deux processus ne prennent pas la même.
    Ni adresse ni courriel n’y sont écrits en clair.
    """
    cles = [_cle(debit, qui, rang) for rang in range(debit.places)]
    prises = cache.get_many(cles)
    return any(_prendre(cle, debit) for cle in cles if cle not in prises)


def passent(debits: Iterable[tuple[Debit, str]]) -> bool:
    """Vrai si chacun de ces débits laisse passer ; le premier qui refuse arrête les autres."""
    return all(passer(debit, qui) for debit, qui in debits)


def qui_de(request) -> str:
    """L’adresse d’où vient la requête, une IPv6 pour son réseau ; vide si elle n’est pas connue."""
    return origine(adresse_ip(request)) or ""


def _prendre(cle: str, debit: Debit) -> bool:
    return cache.add(cle, 1, int(debit.periode.total_seconds()))


def _cle(debit: Debit, qui: str, rang: int) -> str:
    return f"debit:{salted_hmac(debit.nom, qui, algorithm='sha256').hexdigest()}:{rang}"
