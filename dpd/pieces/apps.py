from django.apps import AppConfig


class PiecesConfig(AppConfig):
    name = "dpd.pieces"
    label = "pieces"
    verbose_name = "Pièces"
