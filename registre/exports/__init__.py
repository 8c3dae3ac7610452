"""Le registre qui sort : PDF, ODS à la forme de la CNIL, XLSX, CSV et JSON."""

from registre.exports.registre import INTEGRAL, fiche_art30, registre_art30
from registre.exports.selection import versions_choisies, versions_du_registre

__all__ = ["INTEGRAL", "fiche_art30", "registre_art30", "versions_choisies", "versions_du_registre"]
