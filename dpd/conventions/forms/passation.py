"""Noter qu’un exécutif succède à un autre."""

from django import forms

from dpd.comptes.forms_gestes import ChampDate, ChampTexte, FormulaireDeGeste


class PassationForm(FormulaireDeGeste):
    nouveau = ChampTexte(label="Nouvel exécutif, prénom et nom", required=True, max_length=150)
    titre = ChampTexte(label="Son titre", required=True, max_length=80, help_text="Maire, présidente…")
    le = ChampDate(label="En fonction depuis le", help_text="Le jour de son élection.")
    courriel = forms.EmailField(label="Courriel", required=False)
    telephone = ChampTexte(label="Téléphone", max_length=30)
    oublis = {"nouveau": "Dites qui est en fonction.", "titre": "Indiquez son titre."}


class SuiteForm(FormulaireDeGeste):
    faite = forms.BooleanField(label="Faite", required=False)
    note = ChampTexte(label="Note", max_length=300)
