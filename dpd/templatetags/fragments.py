"""Garder en mémoire un fragment de page qui se répète : une cellule de liste, une pastille.

Seulement quand tout ce qu’il montre tient dans ses arguments, et que leurs valeurs sont peu nombreuses.
"""

from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

GARDES = 2_048


def fragment(gabarit: str, **dits) -> SafeString:
    """Le gabarit rendu avec ces seules valeurs ; en développement, toujours relu."""
    return _rendre(gabarit, **dits) if settings.DEBUG else _garde(gabarit, **dits)


def _rendre(gabarit: str, **dits) -> SafeString:
    return render_to_string(gabarit, dits)


# `typed` : un texte sûr et le même qui ne l’est pas sont égaux, mais ne s’échappent pas pareil.
_garde = lru_cache(maxsize=GARDES, typed=True)(_rendre)
