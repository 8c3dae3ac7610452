"""Noter où en est une étape, faire le bilan."""

from django import forms

from dpd.comptes.forms_gestes import ChampDate, ChampTexte, FormulaireDeGeste
from dpd.conventions.actions.mise_en_place import Note, Ou, ou_en_est
from dpd.conventions.models import EtapeMiseEnPlace
from dpd.pieces.forms import ChampPiece

LIBELLES = {
    Ou.A_FAIRE: "À faire",
    Ou.FAITE: "Faite",
    Ou.BLOQUEE: "Bloquée",
    Ou.SANS_OBJET: "Sans objet",
}


class EtapeForm(FormulaireDeGeste):
    """Une réponse, et ce qu’elle demande ; l’action ignore ce qui répond à une autre."""

    tout_facultatif = True  # ce qui est exigé dépend de la réponse : l’action le dit

    ou = forms.ChoiceField(
        label="Où en est cette étape\u202f?",
        choices=[(ou.value, libelle) for ou, libelle in LIBELLES.items()],
        widget=forms.RadioSelect,
    )
    prevue_le = ChampDate(label="Prévue le", required=False)
    faite_le = ChampDate(label="Faite le", required=False)
    trace = ChampTexte(
        label="Trace", max_length=300, help_text="Ce qui le prouve, ou l’endroit où le trouver."
    )
    fichier = ChampPiece(label="Pièce", required=False)
    bloquee_depuis = ChampDate(label="Bloquée depuis le", required=False)
    blocage = ChampTexte(label="Ce qui bloque", max_length=300)
    motif = ChampTexte(label="Pourquoi elle est sans objet", max_length=300)
    oublis = {"ou": "Dites où en est cette étape."}

    def cartes(self) -> list[tuple]:
        """(valeur, libellé, champs) de chaque réponse, pour la page."""
        suites = {
            Ou.FAITE: ("faite_le", "trace", "fichier"),
            Ou.BLOQUEE: ("bloquee_depuis", "blocage"),
            Ou.SANS_OBJET: ("motif",),
        }
        return [(ou.value, nom, [self[c] for c in suites.get(ou, ())]) for ou, nom in LIBELLES.items()]

    def note(self) -> Note:
        """Ce qui a été saisi, à passer à l’action."""
        lues = {nom: self.cleaned_data[nom] for nom in Note.__slots__ if nom != "ou"}
        return Note(ou=Ou(self.cleaned_data["ou"]), **lues)


def valeurs_initiales(etape: EtapeMiseEnPlace, jour) -> dict:
    """L’étape telle qu’elle est ; aujourd’hui pour les dates qui manquent."""
    return {
        "ou": ou_en_est(etape).value,
        "prevue_le": etape.prevue_le,
        "faite_le": etape.faite_le or jour,
        "trace": etape.trace,
        "bloquee_depuis": etape.bloquee_depuis or jour,
        "blocage": etape.blocage,
        "motif": etape.motif,
    }


class BasculeForm(FormulaireDeGeste):
    """Le bilan, et le motif s’il reste des étapes."""

    le = ChampDate(label="En accompagnement depuis le")
    bilan = ChampTexte(
        label="Bilan de la mise en place",
        required=True,
        max_length=8000,
        lignes=8,
        help_text="Ce qui a été fait, ce qui reste, ce que la collectivité doit décider.",
    )
    motif = ChampTexte(label="Pourquoi passer quand même", max_length=1000, lignes=3)
    oublis = {
        "bilan": "Faites le bilan de la mise en place.",
        "motif": "Des étapes restent ouvertes\u00a0: dites pourquoi vous passez quand même.",
    }

    def __init__(self, *args, avec_motif: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["motif"].required = True
        if not avec_motif:
            del self.fields["motif"]
