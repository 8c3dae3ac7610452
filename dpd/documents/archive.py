"""Une archive zip dont les octets ne dépendent que du contenu : les dates y sont figées."""

import shutil
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# La première date qu’un zip sache écrire : celle d’un export est dans ses propriétés, pas ici.
ORIGINE = (1980, 1, 1, 0, 0, 0)


def entree(nom: str, methode: int = ZIP_DEFLATED) -> ZipInfo:
    """Une entrée d’archive sans date ni droits propres à la machine."""
    info = ZipInfo(nom, date_time=ORIGINE)
    info.compress_type = methode
    info.create_system = 0
    return info


class ArchiveFigee(ZipFile):
    """Un ``ZipFile`` qui n’écrit jamais l’heure ni les droits de la machine."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *reste: Any, **options: Any) -> None:
        nom = zinfo_or_arcname.filename if isinstance(zinfo_or_arcname, ZipInfo) else zinfo_or_arcname
        super().writestr(entree(nom), data)

    def write(self, filename: Any, arcname: Any = None, *reste: Any, **options: Any) -> None:
        destination: IO[bytes]
        with Path(filename).open("rb") as source, self.open(entree(str(arcname)), "w") as destination:
            shutil.copyfileobj(source, destination)
