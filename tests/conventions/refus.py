"""Attendre un refus, et lire ses phrases comme à l’écran."""

import re
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError


@contextmanager
def refus(motif: str, champ: str | None = None):
    """Le geste est refusé par une phrase qui répond à ``motif`` ; ``champ`` : sous celui-là seulement."""
    with pytest.raises(ValidationError) as erreur:
        yield
    phrases = " ".join(erreur.value.messages).replace("\u00a0", " ").replace("\u202f", " ")
    assert re.search(motif, phrases), phrases
    if champ is not None:
        assert list(getattr(erreur.value, "error_dict", {})) == [champ]
