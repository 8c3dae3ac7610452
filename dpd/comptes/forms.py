"""Inviter, accepter, tenir son compte à jour."""

from django import forms
from django.core.exceptions import ValidationError

from dpd.comptes.enums import ROLES_COLLECTIVITE, ROLES_STRUCTURE, Role, Theme
from dpd.comptes.habillage import Habille
from dpd.comptes.models import Utilisateur
from dpd.comptes.mots_de_passe import exiger_80_bits
from dpd.comptes.regles import mot_de_passe
from dpd.regles.texte import donnee_interdite

NOM_MAX = 150
CE_QUE_FAIT = {
    Role.REFERENT: "Tient le registre et prépare les fiches. Ne décide pas.",
    Role.DECIDEUR: "Adopte les fiches, suit ou non les avis, gère les accès. Décide.",
    Role.LECTEUR: "Consulte et exporte. N’écrit rien.",
    Role.DPD: "Lit tous les registres de la structure, prépare et conseille. N’adopte jamais.",
    Role.GESTIONNAIRE: "Gère les collectivités et les conventions, sans voir les registres.",
    Role.AGENT: "Assiste les collectivités, sans voir les registres.",
}


class InvitationForm(Habille, forms.Form):
    """Les rôles proposés sont ceux que la portée autorise ; tout autre est refusé."""

    courriel = forms.EmailField(
        label="Courriel professionnel",
        error_messages={"required": "Indiquez un courriel.", "invalid": "Ce courriel est incomplet."},
        help_text="Le lien y sera envoyé. Il sert une fois, pendant 7 jours.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    prenom = forms.CharField(label="Prénom", required=False, max_length=NOM_MAX)
    nom = forms.CharField(label="Nom", required=False, max_length=NOM_MAX)
    role = forms.ChoiceField(
        label="Ce que cette personne fera",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un rôle."},
    )

    def __init__(self, *args, sur_collectivite: bool, **kwargs):
        super().__init__(*args, **kwargs)
        roles = ROLES_COLLECTIVITE if sur_collectivite else ROLES_STRUCTURE
        self.fields["role"].choices = [(role.value, role.label) for role in roles]

    def clean_courriel(self) -> str:
        return self.cleaned_data["courriel"].lower()

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class IdentiteForm(Habille, forms.Form):
    """Ce que chacun dit de soi, à l’ouverture du compte comme ensuite."""

    prenom = forms.CharField(
        label="Prénom",
        max_length=NOM_MAX,
        error_messages={"required": "Indiquez le prénom."},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    nom = forms.CharField(
        label="Nom",
        max_length=NOM_MAX,
        error_messages={"required": "Indiquez le nom."},
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    fonction = forms.CharField(
        label="Fonction",
        required=False,
        max_length=120,
        help_text="Par exemple\u00a0: secrétaire générale de mairie.",
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )

    def clean_fonction(self) -> str:
        if phrase := donnee_interdite(self.cleaned_data["fonction"]):
            raise ValidationError(phrase)
        return self.cleaned_data["fonction"]


class AcceptationForm(IdentiteForm):
    mot_de_passe = forms.CharField(
        label="Mot de passe",
        error_messages={"required": "Choisissez un mot de passe."},
        help_text=mot_de_passe.AIDE,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    confirmation = forms.CharField(
        label="Le même mot de passe, une seconde fois",
        error_messages={"required": "Retapez le mot de passe."},
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, courriel: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.courriel = courriel

    def clean(self):
        donnees = super().clean()
        secret = donnees.get("mot_de_passe")
        if secret is None:
            return donnees
        personne = Utilisateur(
            email=self.courriel, first_name=donnees.get("prenom", ""), last_name=donnees.get("nom", "")
        )
        try:
            exiger_80_bits(secret, personne)
        except ValidationError as erreur:
            self.add_error("mot_de_passe", erreur)
        if "confirmation" in donnees and donnees["confirmation"] != secret:
            self.add_error("confirmation", "Les deux mots de passe diffèrent\u00a0: retapez le second.")
        return donnees


class ProfilForm(IdentiteForm):
    telephone = forms.CharField(
        label="Téléphone professionnel",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )


class AffichageForm(Habille, forms.Form):
    theme = forms.ChoiceField(label="Couleurs de l’écran", choices=Theme.choices, widget=forms.RadioSelect)
