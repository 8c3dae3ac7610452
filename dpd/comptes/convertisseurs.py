"""Le SIREN identifie un locataire dans les adresses."""

from django.urls import register_converter


class ConvertisseurSiren:
    regex = "[0-9]{9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ConvertisseurSiren, "siren")
