from django.apps import AppConfig


class MessagerieConfig(AppConfig):
    name = "dpd.messagerie"
    label = "messagerie"
    verbose_name = "Messagerie"
