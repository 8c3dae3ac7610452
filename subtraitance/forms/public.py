"""Ce qu’un habitant écrit sans compte : ce qu’il veut, qui il est, où lui répondre."""

from django import forms
from django.core.exceptions import ValidationError

from dpd.comptes.champs import refuser_les_numeros
from dpd.comptes.forms_gestes import FormulaireDeGeste
from subtraitance.enums import Droit

POUR_MOI, POUR_AUTRE = "moi", "autre"
TEXTE_MAX, ADRESSE_MAX = 4000, 500
# Ce que chaque droit permet, dans les mots de qui le demande.
EN_CLAIR: dict[Droit, str] = {
    Droit.ACCES: "Savoir quelles données vous avez sur moi, et en recevoir une copie",
    Droit.RECTIFICATION: "Faire corriger ou compléter mes données",
    Droit.EFFACEMENT: "Faire effacer mes données",
    Droit.OPPOSITION: "M’opposer à l’utilisation de mes données",
    Droit.RETRAIT: "Retirer un accord que j’avais donné",
    Droit.LIMITATION: "Faire geler mes données le temps de régler un désaccord",
    Droit.PORTABILITE: "Récupérer mes données dans un fichier réutilisable",
    Droit.DECISION_AUTOMATISEE: "Faire revoir par une personne une décision prise par un logiciel",
    Droit.POST_MORTEM: "Agir sur les données d’une personne décédée",
    Droit.AUTRE: "Autre chose, sur mes données personnelles",
}
NUMERO = (
    "Retirez le numéro de sécurité sociale ou de carte bancaire\u00a0: il ne sert pas à traiter "
    "votre demande, et nous ne devons pas le recevoir ici."
)
OU_REPONDRE = "Indiquez un courriel ou une adresse postale\u00a0: il en faut un pour vous répondre."


def sans_numero(texte: str) -> None:
    """:raises ValidationError: comme ``refuser_les_numeros``, dans des mots qui parlent à un habitant."""
    try:
        refuser_les_numeros(texte)
    except ValidationError as refus:
        raise ValidationError(NUMERO) from refus


class Champ(forms.CharField):
    """Un texte d’habitant, sans numéro de sécurité sociale ni de carte ; ``lignes`` en fait une zone."""

    def __init__(self, *, lignes: int = 0, remplir: str = "", **options):
        attrs = {"autocomplete": remplir} if remplir else {}
        if lignes:
            options["widget"] = forms.Textarea(attrs={"rows": lignes, **attrs})
        else:
            options["widget"] = forms.TextInput(attrs=attrs)
        super().__init__(validators=[sans_numero], **options)


class DemandePubliqueForm(FormulaireDeGeste):
    """``site_internet`` est un piège : une personne ne le voit pas, un robot le remplit."""

    tout_facultatif = True  # le gabarit et les libellés disent eux-mêmes ce qui l’est

    droits = forms.MultipleChoiceField(
        label="Que voulez-vous\u202f?",
        choices=[(droit.value, phrase) for droit, phrase in EN_CLAIR.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text="Plusieurs réponses sont possibles. En cas de doute, prenez la plus proche.",
        error_messages={"invalid_choice": "Choisissez dans la liste."},
    )
    texte = Champ(
        label="Votre demande, dans vos mots (facultatif)",
        required=False,
        lignes=7,
        max_length=TEXTE_MAX,
        help_text="Le service concerné, la période, ce qui est faux\u00a0: cela aide à trouver.",
    )
    pour_qui = forms.ChoiceField(
        label="Pour qui demandez-vous\u202f?",
        choices=[(POUR_MOI, "Pour moi"), (POUR_AUTRE, "Pour une autre personne")],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez une réponse."},
    )
    personne_nom = Champ(label="Son nom et son prénom", required=False, max_length=200)
    personne_lien = Champ(
        label="À quel titre demandez-vous pour elle\u202f?",
        required=False,
        max_length=200,
        help_text="Son parent, son tuteur, son mandataire, son héritier…",
    )
    demandeur_nom = Champ(label="Votre nom et votre prénom", max_length=200, remplir="name")
    demandeur_courriel = forms.EmailField(
        label="Votre courriel",
        required=False,
        help_text="Exemple\u00a0: nom@exemple.fr",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "Ce courriel n’est pas complet. Exemple\u00a0: nom@exemple.fr"},
    )
    demandeur_adresse = Champ(
        label="Votre adresse postale",
        required=False,
        lignes=3,
        max_length=ADRESSE_MAX,
        remplir="street-address",
        help_text="Numéro et rue, code postal, commune.",
    )
    site_internet = forms.CharField(
        label="Laissez ce champ vide",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    sceau = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    oublis = {
        "droits": "Cochez au moins une réponse.",
        "pour_qui": "Dites pour qui vous demandez.",
        "demandeur_nom": "Indiquez votre nom.",
    }

    @property
    def est_piege(self) -> bool:
        """Vrai si le champ que personne ne voit est rempli."""
        return bool(self.data.get("site_internet"))

    def clean(self):
        saisi = super().clean()
        courriel, adresse = saisi.get("demandeur_courriel"), saisi.get("demandeur_adresse")
        refuses = {"demandeur_courriel", "demandeur_adresse"} & set(self.errors)
        if not courriel and not adresse and not refuses:
            self.add_error("demandeur_courriel", OU_REPONDRE)
        if (
            Droit.AUTRE.value in saisi.get("droits", [])
            and not saisi.get("texte")
            and "texte" not in self.errors
        ):
            self.add_error("texte", "Dites en quelques mots ce que vous voulez.")
        if saisi.get("pour_qui") == POUR_AUTRE:
            self._exiger("personne_nom", "Indiquez le nom de la personne.")
            self._exiger("personne_lien", "Dites à quel titre vous demandez pour elle.")
        return saisi

    def _exiger(self, nom: str, phrase: str) -> None:
        if not self.cleaned_data.get(nom) and nom not in self.errors:
            self.add_error(nom, phrase)

    def dits(self) -> dict:
        """Ce que l’action enregistre ; la personne représentée seulement si l’on demande pour elle."""
        saisi = self.cleaned_data
        pour_autre = saisi["pour_qui"] == POUR_AUTRE
        return {
            "droits": [Droit(valeur) for valeur in saisi["droits"]],
            "texte": saisi["texte"],
            "demandeur_nom": saisi["demandeur_nom"],
            "demandeur_courriel": saisi["demandeur_courriel"],
            "demandeur_adresse": saisi["demandeur_adresse"],
            "personne_nom": saisi["personne_nom"] if pour_autre else "",
            "personne_lien": saisi["personne_lien"] if pour_autre else "",
        }
