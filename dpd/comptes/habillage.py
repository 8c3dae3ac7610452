"""Les formulaires portent les classes du thème ; le libellé est toujours visible, sans texte fantôme."""

from django import forms

COCHES = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


class Habille:
    """À placer avant ``forms.Form`` (ou un formulaire d’une bibliothèque) dans les classes de base.

    ``libelles`` et ``aides`` remplacent, champ par champ, ce que la bibliothèque affiche.
    """

    libelles: dict[str, str] = {}
    aides: dict[str, str] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for nom, champ in self.fields.items():
            champ.label = self.libelles.get(nom, champ.label)
            champ.help_text = self.aides.get(nom, champ.help_text)
            champ.widget.attrs.pop("placeholder", None)
            if isinstance(champ.widget, COCHES):
                classe = "form-check-input"
            else:
                classe = "form-select" if isinstance(champ.widget, forms.Select) else "form-control"
            champ.widget.attrs["class"] = classe
