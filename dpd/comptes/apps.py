from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "dpd.comptes"
    label = "comptes"
    verbose_name = "Comptes et droits"
