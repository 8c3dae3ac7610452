from django.apps import AppConfig


class RegistreConfig(AppConfig):
    name = "registre"
    verbose_name = "Registre"
