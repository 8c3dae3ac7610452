"""Un envoi démesuré n’occupe ni la mémoire ni le disque, et revient avec une phrase, pas une page blanche."""

from io import BytesIO

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from dpd.pieces.regles.fichier import ENVOI_MAXIMAL, TAILLE_MAXIMALE


class FichierTropGros(UploadedFile):
    """Un fichier dont on n’a rien gardé, sinon le nom et une taille que tout formulaire refuse."""


class Plafond(FileUploadHandler):
    """Placé avant ceux qui écrivent : au-delà du plafond, le reste est lu puis jeté.

    On lit jusqu’au bout parce qu’un navigateur coupé en plein envoi n’affiche pas la réponse. Le contrôle
    compte les octets reçus : la taille annoncée par le client ne prouve rien.
    """

    def handle_raw_input(self, *args, **options):
        self.recus = 0

    def new_file(self, *args, **options):
        super().new_file(*args, **options)
        self.depasse = False

    def receive_data_chunk(self, raw_data, start):
        taille = len(raw_data)
        self.recus += taille
        self.depasse |= start + taille > TAILLE_MAXIMALE or self.recus > ENVOI_MAXIMAL
        return None if self.depasse else raw_data

    def file_complete(self, file_size):
        if not self.depasse:
            return None
        taille = max(file_size, TAILLE_MAXIMALE + 1)
        return FichierTropGros(BytesIO(), self.file_name, self.content_type, taille)
