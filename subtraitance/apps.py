from django.apps import AppConfig


class SubtraitanceConfig(AppConfig):
    name = "subtraitance"
    verbose_name = "Sous-traitance"
