from django.apps import AppConfig

from dpd.comptes import convertisseurs


class ComptesConfig(AppConfig):
    name = "dpd.comptes"
    label = "comptes"
    verbose_name = "Comptes et droits"

    def ready(self) -> None:
        convertisseurs.brancher()
