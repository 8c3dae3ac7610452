"""L’aperçu d’un import, gardé une heure entre le dépôt du fichier et la confirmation.

Redéposer le fichier obligerait à le relire et pourrait en confirmer un autre que celui qu’on a vu ; un
jeton signé dans la page pèserait des mégaoctets. On garde donc le contenu relu dans le cache du serveur,
compressé et borné, sous une clé tirée au hasard, valable pour une personne et une collectivité.
"""

import json
import secrets
import zlib
from dataclasses import dataclass, replace

from django.core.cache import cache

from dpd.documents.lecteur import FichierIllisible
from dpd.regles.texte import normaliser
from registre.ecriture import responsable_de
from registre.imports.modele import Constat, Lecture
from registre.listes import fiches_courantes
from registre.regles.completude import Completude, evaluer, lettres_manquantes
from registre.regles.contenu import Fiche, depuis_dict, en_dict

DUREE = 3_600  # secondes entre l’aperçu et la confirmation
TAILLE_MAXIMALE = 5_000_000  # octets une fois compressé
AVERTISSEMENTS_GARDES = 200


@dataclass(frozen=True, slots=True)
class Apercu:
    """Ce qui sera créé si la personne confirme ; ``siren`` : celui du fichier, s’il le dit."""

    fichier: str
    siren: str
    fiches: tuple[Fiche, ...]
    avertissements: tuple[Constat, ...]
    nb_avertissements: int


@dataclass(frozen=True, slots=True)
class LigneApercue:
    nom: str
    service: str
    completude: Completude
    doublon: bool

    @property
    def lettres(self) -> str:
        return lettres_manquantes(self.completude)


def apercevoir(lecture: Lecture, fichier: str) -> Apercu:
    """L’aperçu d’une lecture sans erreur."""
    return Apercu(
        fichier=fichier,
        siren=lecture.siren,
        fiches=tuple(lue.fiche for lue in lecture.fiches),
        avertissements=tuple(lecture.avertissements[:AVERTISSEMENTS_GARDES]),
        nb_avertissements=len(lecture.avertissements),
    )


def garder(apercu: Apercu, *, utilisateur, collectivite) -> str:
    """Garde l’aperçu et rend sa clé. :raises FichierIllisible: s’il est trop volumineux."""
    contenu = {
        "fichier": apercu.fichier,
        "siren": apercu.siren,
        "fiches": [en_dict(fiche) for fiche in apercu.fiches],
        "avertissements": [(c.lieu, c.message) for c in apercu.avertissements],
        "nb_avertissements": apercu.nb_avertissements,
    }
    octets = zlib.compress(json.dumps(contenu).encode())
    if len(octets) > TAILLE_MAXIMALE:
        raise FichierIllisible("Ce registre est trop volumineux pour un seul import. Partagez-le en deux.")
    cle = secrets.token_urlsafe(24)
    cache.set(_cle(cle, utilisateur, collectivite), octets, DUREE)
    return cle


def reprendre(cle: str, *, utilisateur, collectivite) -> Apercu | None:
    """L’aperçu gardé pour cette personne et cette collectivité ; None s’il n’y est pas, ou plus."""
    octets = cache.get(_cle(cle, utilisateur, collectivite))
    if octets is None:
        return None
    contenu = json.loads(zlib.decompress(octets))
    return Apercu(
        fichier=contenu["fichier"],
        siren=contenu["siren"],
        fiches=tuple(depuis_dict(fiche) for fiche in contenu["fiches"]),
        avertissements=tuple(Constat(*constat) for constat in contenu["avertissements"]),
        nb_avertissements=contenu["nb_avertissements"],
    )


def oublier(cle: str, *, utilisateur, collectivite) -> bool:
    """Retire l’aperçu ; faux s’il n’y était plus : une double confirmation ne crée rien deux fois."""
    return cache.delete(_cle(cle, utilisateur, collectivite))


def _cle(cle: str, utilisateur, collectivite) -> str:
    propre = "".join(c for c in cle[:64] if c.isascii() and (c.isalnum() or c in "-_"))
    return f"registre.import.{collectivite.pk}.{utilisateur.pk}.{propre}"


def noms_au_registre(collectivite) -> set[str]:
    """Les noms de fiche déjà au registre, normalisés."""
    return {normaliser(nom) for nom in fiches_courantes(collectivite).values_list("nom", flat=True)}


def est_doublon(fiche: Fiche, noms: set[str]) -> bool:
    return normaliser(fiche.nom) in noms


def lignes_apercues(apercu: Apercu, collectivite, noms: set[str], nombre: int) -> list[LigneApercue]:
    """Les premières fiches, avec ce qui leur manquera une fois créées."""
    responsable = responsable_de(collectivite)
    return [
        LigneApercue(
            nom=fiche.nom,
            service=fiche.service,
            completude=evaluer(replace(fiche, responsable=responsable)),
            doublon=est_doublon(fiche, noms),
        )
        for fiche in apercu.fiches[:nombre]
    ]
