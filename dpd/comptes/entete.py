"""L’en-tête de chaque document : au nom de la collectivité, ou de la structure."""

from datetime import datetime

from dpd.documents.modele import Entete
from dpd.regles.calendrier import Territoire, fuseau


def de_la_collectivite(
    collectivite, *, titre: str, nature: str, version: str, empreinte: str, maintenant: datetime
) -> Entete:
    """``maintenant`` est dit dans le fuseau de la collectivité."""
    return Entete(
        titre=titre,
        organisme=collectivite.denomination,
        siren=collectivite.siren,
        responsable=collectivite.representant,
        dpd=collectivite.dpd,
        nature=nature,
        edite_le=maintenant.astimezone(_fuseau(collectivite)),
        version=version,
        empreinte=empreinte,
        auteur=collectivite.structure.nom,
    )


def de_la_structure(
    structure, *, titre: str, nature: str, version: str, empreinte: str, maintenant: datetime
) -> Entete:
    """``maintenant`` est dit dans le fuseau de la structure."""
    return Entete(
        titre=titre,
        organisme=structure.nom,
        siren=structure.siren,
        responsable="",
        dpd=structure.dpd_nom,
        nature=nature,
        edite_le=maintenant.astimezone(_fuseau(structure)),
        version=version,
        empreinte=empreinte,
        auteur=structure.nom,
    )


def nom_de_fichier(quoi: str, lieu, maintenant: datetime) -> str:
    """« interventions montpezat-de-quercy 2026-11-23 » ; l’extension vient du format."""
    return f"{quoi} {lieu.nom} {maintenant.astimezone(_fuseau(lieu)):%Y-%m-%d}".lower()


def _fuseau(lieu):
    """Celui d’une collectivité, ou de la structure."""
    return fuseau(Territoire(lieu.territoire))
