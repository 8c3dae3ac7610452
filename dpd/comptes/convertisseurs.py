"""Le SIREN identifie un locataire dans les adresses."""

from django.urls import register_converter


class ConvertisseurSiren:
    regex = "[0-9]{9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def brancher() -> None:
    """Ajoute ``<siren:…>`` à ce que comprennent les adresses ; au démarrage, avant d’en lire une."""
    register_converter(ConvertisseurSiren, "siren")
