"""Déclarer en deux minutes : le peu qui lance l’horloge ; le reste se complète ensuite."""

from typing import Any

from django import forms

from dpd.comptes.champs_instants import AvecInstants, ChampInstant
from dpd.comptes.forms_collectivites import Formulaire
from dpd.comptes.forms_gestes import ChampJeton
from violations.enums import PersonnesTouchees, SourceConnaissance
from violations.forms.liens_annuaire import AvecPrestataire, ChampPrestataire
from violations.forms.saisie_commun import ChampCodes, ChampTexte, ChampUnique

FINIE, DURE, INCONNU = "oui", "non", "inconnu"
OUI, NON = "oui", "non"
QUAND_DPD = "Quand la collectivité l’a-t-elle su\u202f?"
OUBLIS = {
    "titre": "Dites en une phrase ce qui s’est passé.",
    "connaissance": "Indiquez la date et l’heure, même approximatives.",
    "finie": "Choisissez une réponse\u00a0; «\u00a0Je ne sais pas\u00a0» en est une.",
}


class DeclarationForm(AvecPrestataire, AvecInstants, Formulaire, forms.Form):
    """``jeton`` : un envoi répété mène au dossier déjà ouvert.

    Un champ dont la question ne se pose plus (la fin de ce qui dure, le prestataire de ce qui n’en a pas)
    est ignoré, quoi qu’il porte.
    """

    tout_facultatif = True

    jeton = ChampJeton()
    titre = ChampTexte(
        label="Que s’est-il passé\u202f?",
        required=True,
        max_length=200,
        help_text="En une phrase, sans nom de personne. Par exemple\u00a0: «\u00a0Un courriel est parti à la "
        "mauvaise famille.\u00a0»",
    )
    recit = ChampTexte(
        label="Ce que vous savez déjà de plus",
        lignes=3,
        max_length=10_000,
        help_text="Le reste se complète ensuite.",
    )
    connaissance = ChampInstant(
        label="Quand l’avez-vous su\u202f?",
        help_text="Les 72 heures pour prévenir la CNIL partent de là (art. 33 du RGPD).",
    )
    source = ChampUnique(SourceConnaissance, label="Comment l’avez-vous su\u202f?")
    finie = forms.ChoiceField(
        label="Est-ce fini\u202f?",
        choices=[(FINIE, "Oui, c’est fini"), (DURE, "Non, cela dure encore"), (INCONNU, "Je ne sais pas")],
        widget=forms.RadioSelect,
        initial=INCONNU,
    )
    fin = ChampInstant(label="Depuis quand\u202f?", required=False)
    personnes = ChampCodes(PersonnesTouchees, label="Qui est touché\u202f?")
    en_cause = forms.ChoiceField(
        label="Un prestataire est-il en cause\u202f?",
        choices=[(OUI, "Oui"), (NON, "Non, ou je ne sais pas")],
        widget=forms.RadioSelect,
        initial=NON,
    )
    prestataire = ChampPrestataire(
        label="Lequel\u202f?",
        help_text="Tapez son nom ou celui du logiciel. S’il n’est pas proposé, le nom suffit.",
    )
    prestataire_le = ChampInstant(
        label="Quand l’a-t-il su\u202f?",
        required=False,
        help_text="S’il vous l’a dit. Vous pourrez le noter plus tard.",
    )

    def __init__(self, *args, du_dpd: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if du_dpd:
            self.fields["connaissance"].label = QUAND_DPD
        for nom, phrase in OUBLIS.items():
            self.fields[nom].error_messages["required"] = phrase

    def clean(self):
        donnees = super().clean()
        if donnees.get("finie") != FINIE:
            donnees["fin"] = None
            self._errors.pop("fin", None)
        if donnees.get("en_cause") != OUI:
            donnees["prestataire"] = donnees["prestataire_le"] = None
            self._errors.pop("prestataire", None)
            self._errors.pop("prestataire_le", None)
        elif not donnees.get("prestataire") and "prestataire" not in self._errors:
            self.add_error("prestataire", "Indiquez le prestataire\u00a0: son nom suffit.")
        return donnees

    def saisie(self) -> dict[str, Any]:
        """Les arguments de :func:`violations.actions.declarer`."""
        donnees = self.cleaned_data
        titre, source = donnees["titre"], donnees["source"]
        prestataire = None
        if donnees["prestataire"]:
            # Prévenue par lui, la collectivité l’a su à l’instant même où il a prévenu (CEPD 9/2022).
            prevenu = donnees["connaissance"] if source == SourceConnaissance.SOUS_TRAITANT else None
            prestataire = {
                **donnees["prestataire"],
                "connaissance": donnees["prestataire_le"],
                "prevenu_le": prevenu,
            }
        return {
            "titre": titre,
            "recit": donnees["recit"] or titre,
            "connaissance": donnees["connaissance"],
            "source": source,
            "fin": donnees["fin"],
            "en_cours": donnees["finie"] == DURE,
            "personnes": donnees["personnes"],
            "prestataire": prestataire,
            "jeton": donnees["jeton"],
        }
