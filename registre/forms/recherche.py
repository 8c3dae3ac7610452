"""Choisir où chercher, puis noter ce que l’on a trouvé dans chaque fiche."""

from collections.abc import Sequence

from django import forms

from dpd.comptes.forms_gestes import ChampTexte, FormulaireDeGeste
from dpd.vocabulaire import CategoriePersonnes
from registre.actions.recherche import RIEN_DE_CHOISI, Constat
from registre.enums import EtatRecherche
from registre.models import VersionTraitement
from registre.recherche import LigneRecherche

HORS_LISTE = "Choisissez dans la liste."


class PersonneForm(FormulaireDeGeste):
    """Qui demande : c’est ce qui dit dans quelles fiches regarder d’abord."""

    personnes = forms.ChoiceField(label="Cette personne est", choices=CategoriePersonnes.choices)


class FichesForm(FormulaireDeGeste):
    """Les fiches du registre ; ``proposees`` : celles où la personne peut figurer, cochées d’abord."""

    oublis = {"fiches": RIEN_DE_CHOISI}

    fiches = forms.MultipleChoiceField(
        label="Fiches à interroger",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": HORS_LISTE},
    )

    def __init__(self, *args, versions: Sequence[VersionTraitement], cochees: set[int], **kwargs):
        self.versions = {str(version.traitement_id): version for version in versions}
        super().__init__(*args, initial={"fiches": [str(cle) for cle in cochees]}, **kwargs)
        # Les fiches proposées d’abord, puis les autres, chacune par nom.
        ranges = sorted(versions, key=lambda version: version.traitement_id not in cochees)
        self.fields["fiches"].choices = [(str(v.traitement_id), v.nom) for v in ranges]

    def traitements(self) -> list:
        """Les fiches cochées."""
        return [self.versions[cle].traitement for cle in self.cleaned_data["fiches"]]


class ConstatForm(FormulaireDeGeste):
    """Une fiche de la recherche ; ne s’écrit que ce qui a changé depuis l’ouverture de la page."""

    tout_facultatif = True
    oublis = {"etat": "Dites où vous en êtes."}

    etat = forms.ChoiceField(
        label="État",
        choices=EtatRecherche.choices,
        show_hidden_initial=True,
        error_messages={"invalid_choice": HORS_LISTE},
    )
    qui = ChampTexte(label="Qui interroger", max_length=200, show_hidden_initial=True)
    suite = ChampTexte(label="Suite donnée", max_length=300, show_hidden_initial=True)

    def __init__(self, *args, ligne: LigneRecherche, **kwargs):
        self.ligne = ligne
        recherche = ligne.recherche
        super().__init__(
            *args,
            prefix=f"fiche-{recherche.pk}",
            initial={"etat": recherche.etat, "qui": recherche.qui, "suite": recherche.suite},
            **kwargs,
        )

    def constat(self) -> Constat:
        """Ce que l’action attend ; ce que l’on n’a pas touché reste comme un autre l’a laissé."""
        recherche = self.ligne.recherche
        dits = {
            nom: self.cleaned_data[nom] if nom in self.changed_data else getattr(recherche, nom)
            for nom in ("etat", "qui", "suite")
        }
        return Constat(recherche, EtatRecherche(dits["etat"]), dits["qui"], dits["suite"])
