"""L’accusé que la CNIL a donné d’un envoi fait sur son téléservice."""

from django import forms

from dpd.comptes.champs_instants import AvecInstants, ChampInstant
from dpd.comptes.forms_collectivites import Formulaire
from dpd.pieces.forms import ChampPiece
from violations.enums import TypeNotification
from violations.forms.saisie_commun import ChampTexte

INITIALES = (TypeNotification.INITIALE, TypeNotification.COMPLETE)


class NotificationForm(AvecInstants, Formulaire, forms.Form):
    """:param complement: l’envoi initial est déjà enregistré, il ne reste qu’à le compléter."""

    type_envoi = forms.ChoiceField(
        label="Qu’avez-vous envoyé\u202f?",
        choices=[(t.value, t.label) for t in INITIALES],
        widget=forms.RadioSelect,
    )
    numero = ChampTexte(label="Numéro donné par la CNIL", required=True, max_length=40)
    envoyee_le = ChampInstant(label="Date et heure de l’accusé")
    motif_retard = ChampTexte(
        label="Motifs du retard",
        lignes=3,
        max_length=2000,
        help_text="Seulement si l’envoi a eu lieu après l’échéance\u00a0: recopiez ce que vous y avez écrit.",
    )
    fichier = ChampPiece(label="Accusé de réception", required=False)

    def __init__(self, *args, complement: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["numero"].widget.attrs["autocomplete"] = "off"
        self.fields["numero"].error_messages["required"] = "Indiquez le numéro donné par la CNIL."
        self.fields["type_envoi"].error_messages["required"] = "Dites quel envoi vous avez fait."
        self.complement = complement
        if complement:
            del self.fields["type_envoi"], self.fields["motif_retard"]

    @property
    def envoi(self) -> TypeNotification:
        """Le type d’envoi, une fois le formulaire contrôlé."""
        if self.complement:
            return TypeNotification.COMPLEMENTAIRE
        return TypeNotification(self.cleaned_data["type_envoi"])
