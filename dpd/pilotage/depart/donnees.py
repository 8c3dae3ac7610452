"""Les tables de la collectivité en JSON : chaque ligne, chaque état passé, et de quoi les lire."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Field

from dpd.comptes.models import Utilisateur
from dpd.documents.morceaux import regrouper
from dpd.pilotage.depart.contenu import Table

PAR_PAQUET = 200  # lignes tenues ensemble en mémoire
INSTANTS_DE_CHANGEMENT = ("history_date", "modifie_le")


class Releve:
    """Écrit les tables, et retient l’instant du dernier changement qu’il y a vu."""

    def __init__(self) -> None:
        self.dernier: datetime | None = None

    def ecrire(self, table: Table, champs: list[Field], requete) -> Iterator[bytes]:
        """Un objet JSON, une ligne de texte par ligne de table ; une requête, un paquet en mémoire."""
        return regrouper(self._textes(table, champs, requete))

    def _textes(self, table: Table, champs: list[Field], requete) -> Iterator[str]:
        yield f'{{"modele": {json.dumps(table.label)}, "lignes": ['
        separateur = "\n"
        for objet in requete.iterator(chunk_size=PAR_PAQUET):
            self._retenir(objet)
            yield separateur + en_json({champ.name: _valeur(objet, champ) for champ in champs})
            separateur = ",\n"
        yield "\n]}\n"

    def _retenir(self, objet) -> None:
        for nom in INSTANTS_DE_CHANGEMENT:
            instant = getattr(objet, nom, None)
            if instant is not None and (self.dernier is None or instant > self.dernier):
                self.dernier = instant


def _valeur(objet, champ: Field) -> Any:
    """Une personne se lit par son nom ; tout autre lien, par l’identifiant de la ligne qu’il désigne."""
    brute = getattr(objet, champ.attname)
    if champ.related_model is Utilisateur and brute is not None:
        return {"id": brute, "nom": str(getattr(objet, champ.name))}
    return brute


def en_json(valeur: Any) -> str:
    """Une ligne de JSON, clés triées ; montants en texte, pour ne rien arrondir, instants en ISO 8601."""
    return json.dumps(valeur, ensure_ascii=False, sort_keys=True, allow_nan=False, default=_simple)


def _simple(valeur: Any) -> str:
    if isinstance(valeur, datetime | date | time):
        return valeur.isoformat()
    if isinstance(valeur, Decimal):
        return str(valeur)
    raise TypeError(f"{type(valeur).__name__} n’a pas d’écriture en JSON.")


def dictionnaire(tables: Iterable[Table]) -> Iterator[bytes]:
    """Ce que veut dire chaque champ : son nom en français, sa nature, ses valeurs, ce qu’il désigne."""
    decrites = {table.label: _description(table) for table in tables}
    yield (json.dumps(decrites, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _description(table: Table) -> dict[str, Any]:
    return {
        "nom": str(table.modele._meta.verbose_name),
        "fichier": f"{table.nom}.json",
        "champs": {champ.name: _champ(champ) for champ in table.champs},
    }


def _champ(champ: Field) -> dict[str, Any]:
    decrit: dict[str, Any] = {"libelle": str(champ.verbose_name), "nature": champ.get_internal_type()}
    if champ.choices:
        decrit["valeurs"] = {str(valeur): str(libelle) for valeur, libelle in champ.flatchoices}
    if champ.related_model is not None:
        decrit["designe"] = champ.related_model._meta.label
    return decrit
