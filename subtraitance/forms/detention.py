"""Noter ce que l’on détient, combien de temps, et comment on l’a détruit."""

import hashlib
from datetime import date

from django import forms

from dpd.comptes.forms_gestes import ChampDate, ChampTexte, FormulaireDeGeste
from dpd.comptes.models import Collectivite, Structure
from dpd.pieces.regles.fichier import TAILLE_MAXIMALE
from subtraitance.enums import LotDetenu, UniteDetention

TROP_GROS = "Ce fichier dépasse 20\u00a0Mo\u00a0: calculez son empreinte chez vous, puis collez-la au-dessus."
DETRUIT, RESTITUE = "detruit", "restitue"


class ChampCollectivite(forms.ModelChoiceField):
    """Une collectivité de la structure, par son nom."""

    def label_from_instance(self, collectivite: Collectivite) -> str:
        return collectivite.denomination


class LotForm(FormulaireDeGeste):
    oublis = {
        "collectivite": "Dites à qui sont ces données.",
        "type": "Choisissez un type.",
        "description": "Dites ce que c’est.",
    }
    collectivite = ChampCollectivite(
        label="Pour le compte de qui\u202f?",
        queryset=Collectivite.objects.none(),
        to_field_name="siren",
        empty_label="Choisir une collectivité",
    )
    type = forms.ChoiceField(
        label="Quoi\u202f?",
        choices=[("", "Choisir un type"), *LotDetenu.choices],
        help_text="La durée en vient\u00a0: elle est fixée une fois pour chaque type.",
    )
    description = ChampTexte(
        label="Description",
        required=True,
        max_length=300,
        help_text="De quoi le reconnaître le jour où vous le détruirez. Sans nom d’habitant.",
    )
    recu_le = ChampDate(label="Reçu le")
    empreinte = ChampTexte(
        label="Empreinte SHA-256, si vous l’avez",
        max_length=64,
        help_text="Elle prouve, plus tard, quel fichier a été détruit.",
    )
    fichier = forms.FileField(
        label="Ou le fichier, pour la calculer",
        required=False,
        help_text="Jusqu’à 20\u00a0Mo. Le fichier n’est pas gardé\u00a0: seule son empreinte l’est.",
        error_messages={"empty": "Ce fichier est vide.", "invalid": "Choisissez de nouveau le fichier."},
    )

    def __init__(self, *args, structure: Structure, **kwargs):
        super().__init__(*args, **kwargs)
        siennes = Collectivite.objects.filter(structure=structure)
        self.fields["collectivite"].queryset = siennes.order_by("nom", "pk")

    def clean_fichier(self) -> str:
        """L’empreinte du fichier ; elle remplit aussi le champ au-dessus."""
        fichier = self.cleaned_data["fichier"]
        if fichier is None:
            return ""
        if fichier.size > TAILLE_MAXIMALE:
            raise forms.ValidationError(TROP_GROS)
        calcul = hashlib.sha256()
        for morceau in fichier.chunks():
            calcul.update(morceau)
        self.data = self.data.copy()
        self.data["empreinte"] = calcul.hexdigest()
        return calcul.hexdigest()

    def saisie(self) -> dict:
        """Les arguments de ``subtraitance.actions.detention.enregistrer_lot``."""
        donnees = dict(self.cleaned_data)
        donnees["empreinte"] = donnees.pop("fichier") or donnees["empreinte"]
        return donnees


class RegleForm(FormulaireDeGeste):
    oublis = {"unite": "Choisissez une durée.", "source": "Dites ce qui fixe cette durée."}
    quantite = forms.IntegerField(
        label="Combien\u202f?",
        required=False,
        min_value=1,
        max_value=999,
        help_text="Rien pour «\u00a0le temps de l’intervention\u00a0» ou «\u00a0de la convention\u00a0».",
        error_messages={
            "invalid": "Indiquez un nombre entier.",
            "min_value": "Au moins un.",
            "max_value": "Vérifiez ce nombre\u00a0: il dépasse 999.",
        },
    )
    unite = forms.ChoiceField(label="De quoi\u202f?", choices=[("", "Choisir"), *UniteDetention.choices])
    source = ChampTexte(
        label="Où est-ce écrit\u202f?",
        required=True,
        max_length=200,
        help_text="La convention et son article\u00a0: «\u00a0Convention, annexe, article 8\u00a0».",
    )


class DestructionForm(FormulaireDeGeste):
    oublis = {
        "sort": "Dites ce que vous en avez fait.",
        "comment": "Dites comment\u00a0: c’est la preuve.",
    }
    sort = forms.ChoiceField(
        label="Qu’en avez-vous fait\u202f?",
        choices=[(DETRUIT, "Détruit"), (RESTITUE, "Restitué à la collectivité")],
        widget=forms.RadioSelect,
    )
    le = ChampDate(label="Quand\u202f?", help_text="Jamais dans le futur, ni avant la réception.")
    comment = ChampTexte(
        label="Comment\u202f?",
        required=True,
        lignes=3,
        max_length=300,
        help_text="Effacement du serveur et de ses copies, broyage, remise en main propre… "
        "Sans nom d’habitant.",
    )

    def __init__(self, *args, jour: date, **kwargs):
        super().__init__(*args, initial={"le": jour}, **kwargs)

    def saisie(self) -> dict:
        """Les arguments de ``subtraitance.actions.detention.detruire_lots``."""
        donnees = dict(self.cleaned_data)
        return {"restitue": donnees.pop("sort") == RESTITUE, **donnees}
