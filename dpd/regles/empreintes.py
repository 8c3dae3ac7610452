"""Une empreinte qui ne dépend que du contenu : la même valeur donne les mêmes octets, partout."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def forme_canonique(contenu: Mapping[str, Any]) -> bytes:
    """JSON aux clés triées, sans espace superflue, en UTF-8 : les mêmes octets pour le même contenu."""
    return json.dumps(contenu, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def empreinte_du_contenu(contenu: Mapping[str, Any]) -> str:
    """SHA-256 hexadécimal de la forme canonique."""
    return hashlib.sha256(forme_canonique(contenu)).hexdigest()
