from django.apps import AppConfig


class AccompagnementConfig(AppConfig):
    name = "dpd.accompagnement"
    label = "accompagnement"
    verbose_name = "Accompagnement"
