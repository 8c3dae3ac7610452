"""La base nationale : tout le pays est peuplé, puis ses fiches se multiplient dans la base même.

Peupler 2,1 millions de fiches une à une prendrait des heures. Chaque commune reçoit ``SEMEES`` fiches de
``peupler``, puis leurs copies : mêmes contenus, autres numéros, autres noms. Ne sont copiés ni l’historique
ni les lignes par rubrique, qu’aucune des deux pages mesurées ne lit.
"""

from collections.abc import Iterator

from django.db import connection

from registre.models import Traitement, VersionTraitement

SEMEES = 4  # fiches par commune, avant copie


def multiplier(fiches: int) -> Iterator[str]:
    """Porte chaque registre de ``SEMEES`` à ``fiches`` fiches, une copie de tout le pays à la fois.

    Chaque instruction se valide seule : une copie interrompue se voit au nombre de fiches.
    """
    with connection.cursor() as curseur:
        for decalage in range(SEMEES, fiches, SEMEES):
            curseur.execute(_copie_des_traitements(), [decalage, SEMEES])
            curseur.execute(_copie_des_versions(), [f" ({decalage})", decalage, SEMEES])
            yield f"registres de {decalage + SEMEES} fiches"


def _copie_des_traitements() -> str:
    champs = {**_champs(Traitement, "t"), "reference": "t.reference + %s"}
    return (
        f"INSERT INTO registre_traitement ({', '.join(champs)}) SELECT {', '.join(champs.values())} "
        "FROM registre_traitement t WHERE t.reference <= %s"
    )


def _copie_des_versions() -> str:
    propres = {"nom": "substr(v.nom, 1, 190) || %s", "traitement_id": "copie.id"}
    champs = {**_champs(VersionTraitement, "v"), **propres}
    return (
        f"INSERT INTO registre_versiontraitement ({', '.join(champs)}) SELECT {', '.join(champs.values())} "
        "FROM registre_versiontraitement v JOIN registre_traitement t ON t.id = v.traitement_id "
        "JOIN registre_traitement copie ON copie.collectivite_id = t.collectivite_id "
        "AND copie.reference = t.reference + %s WHERE t.reference <= %s"
    )


def _champs(modele, table: str) -> dict[str, str]:
    """Chaque colonne et d’où elle se copie ; la clé se redonne."""
    return {c.column: f"{table}.{c.column}" for c in modele._meta.concrete_fields if not c.primary_key}
