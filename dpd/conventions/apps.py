from django.apps import AppConfig


class ConventionsConfig(AppConfig):
    name = "dpd.conventions"
    label = "conventions"
    verbose_name = "Conventions"
