"""Dire où sont les données que la structure détient."""

from django import forms

from dpd.comptes.forms_gestes import ChampDate, ChampTexte, FormulaireDeGeste
from dpd.comptes.models import Structure
from subtraitance.annuaire_pays import CHOIX
from subtraitance.models import LieuHebergement

PAYS = [choix for choix in CHOIX if choix[0]]  # un hébergement a toujours un pays


class LieuForm(FormulaireDeGeste):
    oublis = {"hebergeur": "Dites qui héberge.", "adresse": "Dites où\u00a0: une ville au moins."}
    hebergeur = ChampTexte(
        label="Qui héberge\u202f?",
        required=True,
        max_length=200,
        help_text="Vous-mêmes, ou le prestataire chez qui sont les machines.",
    )
    adresse = ChampTexte(
        label="Où\u202f?", required=True, max_length=300, help_text="La ville, ou l’adresse du site."
    )
    pays = forms.ChoiceField(
        label="Pays",
        choices=PAYS,
        initial="FR",
        help_text="Hors de France, chaque responsable en est averti dans le courriel\u00a0: sa convention "
        "peut imposer la France.",
    )
    depuis = ChampDate(label="À compter du")
    remplace = forms.ModelChoiceField(
        label="Ce lieu en remplace-t-il un autre\u202f?",
        queryset=LieuHebergement.objects.none(),
        required=False,
        empty_label="Non, il s’ajoute aux autres",
        help_text="L’ancien se termine la veille, dans le même courriel.",
    )

    def __init__(self, *args, structure: Structure, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["remplace"].queryset = LieuHebergement.objects.filter(structure=structure, jusqu_au=None)


class FinForm(FormulaireDeGeste):
    jusqu_au = ChampDate(label="Dernier jour d’hébergement")
