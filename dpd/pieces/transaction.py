"""Le disque ne connaît pas les transactions : ce qu’une annulation laisse derrière elle s’efface ici.

Le fichier s’écrit avant sa ligne, jamais après : une ligne sans fichier serait une preuve perdue, un
fichier sans ligne n’est qu’un reste.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from django.db.models.fields.files import FieldFile

trace = logging.getLogger(__name__)
_ecrits: ContextVar[list[FieldFile] | None] = ContextVar("fichiers écrits", default=None)


@contextmanager
def transaction_de_depot() -> Iterator[None]:
    """Comme ``transaction.atomic()``, mais les fichiers déposés dedans partent avec l’annulation.

    S’emploie aussi en décorateur (``@transaction_de_depot()``), au plus haut : sous un ``atomic`` annulé
    plus tard, un fichier resterait jusqu’au passage de ``verifier_pieces --effacer-restes``. Une validation
    qui échoue n’efface rien, car on ne sait pas toujours si la base l’a tout de même faite.
    """
    englobante, ecrits, fini = _ecrits.get(), [], False
    jeton = _ecrits.set(ecrits)
    try:
        with transaction.atomic():
            yield
            fini = True
    except BaseException:
        if not fini:
            _effacer(ecrits)
        raise
    finally:
        _ecrits.reset(jeton)
    if englobante is not None:
        englobante.extend(ecrits)


def _effacer(fichiers: list[FieldFile]) -> None:
    """Un stockage en panne n’efface rien, et ne cache pas pourquoi la transaction s’annule."""
    for fichier in fichiers:
        try:
            fichier.storage.delete(fichier.name)
        except OSError:
            trace.exception("Le fichier %s, sans pièce, reste à effacer", fichier.name)


def retenir(fichier: FieldFile) -> None:
    """Note un fichier qui vient d’être écrit dans la transaction en cours."""
    ecrits = _ecrits.get()
    if ecrits is None:
        raise RuntimeError("Un fichier s’écrit dans une transaction de dépôt.")
    ecrits.append(fichier)
