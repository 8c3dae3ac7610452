from django.apps import AppConfig

from dpd import checks


class DpdConfig(AppConfig):
    name = "dpd"
    label = "dpd"
    verbose_name = "DPD mutualisé"

    def ready(self) -> None:
        checks.brancher()
