"""Les réglages de la structure : ce que les collectivités et la CNIL lisent d’elle."""

from django import forms

from dpd.comptes.forms_collectivites import Formulaire
from dpd.comptes.models import Structure


class ReglagesForm(Formulaire, forms.ModelForm):
    PUBLICS = ("dpd_nom", "dpd_courriel", "dpd_telephone", "dpd_horaires", "adresse")

    class Meta:
        model = Structure
        fields = ["dpd_nom", "dpd_courriel", "dpd_telephone", "dpd_horaires", "adresse", "direction_courriel"]
        labels = {"direction_courriel": "Courriel de la direction"}
        help_texts = {
            "dpd_nom": "La personne, ou le service, que les collectivités désignent à la CNIL.",
            "dpd_courriel": "Publié\u00a0: les personnes concernées y écrivent (RGPD, art. 37-7).",
            "direction_courriel": "Prévenue une heure avant une échéance légale, puis si elle passe\u00a0: "
            "l’échéance seule, jamais le contenu d’un dossier (RGPD, art. 38-5). Vide, elle ne l’est pas.",
        }
        widgets = {"adresse": forms.Textarea(attrs={"rows": 3})}

    @property
    def publics(self):
        return [self[nom] for nom in self.PUBLICS]
