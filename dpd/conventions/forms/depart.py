"""Saisir ce qu’un départ demande : une réception, un choix, un visa, une destruction."""

from django import forms

from dpd.comptes.forms_gestes import ChampDate, ChampTexte, FormulaireDeGeste
from dpd.conventions.actions.depart import AUTRE_ARCHIVE
from dpd.conventions.enums import SortDonnees
from dpd.conventions.models import Depart
from dpd.pieces.forms import ChampPiece
from dpd.pieces.regles.fichier import taille_lisible


class OuvertureForm(FormulaireDeGeste):
    confirme = forms.BooleanField(label="La collectivité quitte la structure à la fin de cette convention")
    oublis = {"confirme": "Confirmez que la collectivité part."}


class ReceptionForm(FormulaireDeGeste):
    """On n’atteste que l’archive que la page montrait : la case en porte l’empreinte."""

    archive = forms.MultipleChoiceField(
        label="L’archive reçue",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": AUTRE_ARCHIVE},
    )
    oublis = {"archive": "Cochez pour attester la réception."}

    def __init__(self, *args, depart: Depart, **kwargs):
        super().__init__(*args, **kwargs)
        if depart.export_taille is not None:
            taille, empreinte = taille_lisible(depart.export_taille), depart.export_empreinte
            phrase = f"Reçue et ouverte\u00a0: {taille}, empreinte SHA-256 {empreinte}"
            self.fields["archive"].choices = [(empreinte, phrase)]


class SortForm(FormulaireDeGeste):
    sort = forms.ChoiceField(
        label="Après la restitution", choices=SortDonnees.choices, widget=forms.RadioSelect
    )
    oublis = {"sort": "Choisissez le sort des données."}


class VisaForm(FormulaireDeGeste):
    visa = ChampTexte(
        label="Référence du visa",
        required=True,
        max_length=120,
        help_text="Le numéro porté sur le bordereau d’élimination visé.",
    )
    vise_le = ChampDate(label="Visé le")
    fichier = ChampPiece(label="Bordereau visé", required=False)
    oublis = {"visa": "Indiquez la référence du visa."}


class DestructionForm(FormulaireDeGeste):
    detruit_le = ChampDate(label="Détruit le")
    detruit_comment = ChampTexte(
        label="Qui a détruit, quoi et comment",
        required=True,
        max_length=2000,
        lignes=4,
        help_text="Base, pièces, sauvegardes comprises\u00a0: supports, méthode, personne ou prestataire. Si "
        "une loi oblige à garder une copie, dites laquelle et jusqu’à quand.",
    )
    oublis = {"detruit_comment": "Dites qui a détruit, quoi et comment."}


class ClotureForm(FormulaireDeGeste):
    confirme = forms.BooleanField(label="La collectivité n’est plus suivie à compter d’aujourd’hui")
    oublis = {"confirme": "Confirmez la clôture."}


class AbandonDepartForm(FormulaireDeGeste):
    motif = ChampTexte(
        label="Pourquoi la collectivité ne part plus",
        required=True,
        max_length=1000,
        lignes=3,
        help_text="Par exemple\u00a0: la dénonciation est retirée.",
    )
    oublis = {"motif": "Dites pourquoi la collectivité ne part plus."}
