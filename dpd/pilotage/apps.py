from django.apps import AppConfig


class PilotageConfig(AppConfig):
    name = "dpd.pilotage"
    label = "pilotage"
    verbose_name = "Pilotage"
