"""Le champ par lequel une pièce entre, dans n’importe quel formulaire."""

from django import forms

from dpd.pieces.controle import controler
from dpd.pieces.regles.fichier import AIDE, TYPES, FichierRefuse

ACCEPTE = ",".join(f".{extension}" for extension in TYPES)
ABSENT = "Choisissez un fichier."
PERDU = "Le fichier n’est pas arrivé. Choisissez-le de nouveau."
VIDE = "Ce fichier est vide."


class ChampPiece(forms.FileField):
    """Un fichier déjà contrôlé, à passer tel quel à ``actions.deposer`` ; le refus s’affiche sous le champ.

    Le formulaire se déclare en ``enctype="multipart/form-data"`` et se construit avec ``request.FILES``.
    """

    widget = forms.FileInput
    default_error_messages = {"required": ABSENT, "missing": ABSENT, "invalid": PERDU, "empty": VIDE}

    def __init__(self, **options):
        options.setdefault("label", "Fichier")
        options.setdefault("help_text", AIDE)
        super().__init__(**options)

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "accept": ACCEPTE}

    def to_python(self, data):
        fichier = super().to_python(data)
        if fichier is None:
            return None
        try:
            controler(fichier)
        except FichierRefuse as refus:
            raise forms.ValidationError(str(refus), code="refuse") from refus
        return fichier
