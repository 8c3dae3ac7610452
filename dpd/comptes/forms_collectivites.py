"""Saisir une collectivité, ses contacts, un fichier de populations."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dpd.comptes.champs import valider_siren, valider_siret
from dpd.comptes.enums import FonctionContact, TypeCollectivite
from dpd.comptes.habillage import Habille
from dpd.comptes.models import Collectivite, Commune, Contact, Epci, Structure
from dpd.comptes.regles.millesime import PREMIER, dernier_millesime
from dpd.regles.calendrier import Territoire
from dpd.regles.territoires import territoire_de, territoires_possibles
from dpd.regles.texte import donnee_interdite

FICHIER_MAX = 12_000_000  # octets ; le fichier national en fait un peu plus de deux millions
OUBLIS = {
    "type": "Choisissez un type d’organisme.",
    "denomination": "Indiquez la dénomination.",
    "nom": "Indiquez le nom.",
    "siren": "Indiquez le SIREN\u00a0: neuf chiffres.",
    "territoire": "Choisissez un territoire.",
    "fonction": "Choisissez une fonction.",
    "depuis": "Indiquez une date.",
    "jusqu_au": "Indiquez une date.",
    "fichier": "Choisissez un fichier.",
    "millesime": "Indiquez une année.",
}
LIBRES = ("denomination", "nom", "adresse", "population_source", "responsable_nom", "responsable_titre")


class Formulaire(Habille):
    """Un champ refusé se voit aussi à sa bordure ; un oubli se dit par un geste."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom, champ in self.fields.items():
            champ.error_messages["required"] = OUBLIS.get(nom, "Répondez à cette question.")

    def full_clean(self):
        super().full_clean()
        for nom in self._errors:
            if nom in self.fields:
                self.fields[nom].widget.attrs["class"] += " is-invalid"


class ChampDate(forms.DateField):
    """Une date saisie au clavier ou au calendrier du navigateur."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


class CollectiviteForm(Formulaire, forms.ModelForm):
    """Une personne morale, ses numéros, sa population sourcée, son responsable de traitement.

    Le référentiel contrôle une commune : code INSEE connu, SIREN et territoire concordants, population
    conforme à la source citée.
    """

    PARTIES = {
        "organisme": ("type", "denomination", "nom", "siren", "siret", "active"),
        "lieu": ("code_insee", "code_postal", "adresse", "territoire", "epci_siren"),
        "population": ("population_totale", "population_millesime", "population_source"),
        "responsable": ("responsable_nom", "responsable_titre", "courriel", "telephone"),
        "dpd": ("dpd_propre_nom", "dpd_propre_courriel"),
    }

    type = forms.ChoiceField(
        label="Type d’organisme", choices=[("", "Choisir un type d’organisme"), *TypeCollectivite.choices]
    )
    epci_siren = forms.ChoiceField(
        label="Intercommunalité", required=False, help_text="Celle du référentiel, pour une commune."
    )

    class Meta:
        model = Collectivite
        fields = [
            *("type", "denomination", "nom", "siren", "siret", "active"),
            *("code_insee", "code_postal", "adresse", "territoire", "epci_siren"),
            *("population_totale", "population_millesime", "population_source"),
            *("responsable_nom", "responsable_titre", "courriel", "telephone"),
            *("dpd_propre_nom", "dpd_propre_courriel"),
        ]
        widgets = {"adresse": forms.Textarea(attrs={"rows": 3})}
        labels = {
            "denomination": "Dénomination",
            "nom": "Nom court",
            "code_insee": "Code INSEE",
            "code_postal": "Code postal",
            "population_totale": "Population totale",
            "population_millesime": "Millésime",
            "population_source": "Source de la population",
            "responsable_nom": "Nom du responsable de traitement",
            "responsable_titre": "Son titre",
            "courriel": "Courriel de contact",
            "dpd_propre_nom": "DPD propre à la collectivité",
            "dpd_propre_courriel": "Courriel de ce DPD",
            "active": "La structure l’accompagne",
        }
        help_texts = {
            "denomination": "Celle des documents\u00a0: «\u00a0Commune d’Auvillar\u00a0».",
            "nom": "Celui des listes\u00a0: «\u00a0Auvillar\u00a0».",
            "siren": "Neuf chiffres. Une commune, son CCAS et sa caisse des écoles ont chacun le leur.",
            "siret": "Quatorze chiffres, qui commencent par le SIREN.",
            "code_insee": "Cinq caractères\u00a0: 82131, 2A004.",
            "territoire": "Il fixe les jours fériés et l’heure des délais. En Alsace-Moselle, le Vendredi "
            "saint n’est férié que là où il y a un temple protestant ou une église mixte.",
            "population_totale": "Celle de l’INSEE, jamais la municipale. Inconnue\u202f? Laissez vide.",
            "population_millesime": "L’année que décrit la population.",
            "responsable_nom": "Le maire ou le président, au nom de la collectivité.",
            "dpd_propre_nom": "Seulement si ce n’est pas celui de la structure.",
            "active": "Décochez si l’accompagnement a pris fin. Rien n’est effacé.",
        }
        error_messages = {
            "population_totale": {"min_value": "Une population ne peut pas être négative."},
        }

    def __init__(self, *args, structure: Structure, jour: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.structure, self.jour = structure, jour
        recu = self.data.get("epci_siren") or ""
        connus = {self.initial.get("epci_siren") or "", recu}
        self.fields["epci_siren"].choices = choix_epci(structure.departement, connus)
        if self.instance.pk is None:
            del self.fields["active"]

    def _partie(self, nom: str) -> list[forms.BoundField]:
        return [self[champ] for champ in self.PARTIES[nom] if champ in self.fields]

    def organisme(self) -> list[forms.BoundField]:
        return self._partie("organisme")

    def lieu(self) -> list[forms.BoundField]:
        return self._partie("lieu")

    def population(self) -> list[forms.BoundField]:
        return self._partie("population")

    def responsable(self) -> list[forms.BoundField]:
        return self._partie("responsable")

    def dpd(self) -> list[forms.BoundField]:
        return self._partie("dpd")

    def clean_siren(self) -> str:
        siren = "".join(self.cleaned_data["siren"].split())
        valider_siren(siren)
        autre = Collectivite.objects.filter(siren=siren).exclude(pk=self.instance.pk).first()
        if autre and autre.structure_id == self.structure.pk:
            raise ValidationError(f"{autre.denomination} est déjà dans votre portefeuille.")
        if autre:
            raise ValidationError("Ce SIREN est déjà suivi dans l’application. Vérifiez le numéro.")
        return siren

    def clean_siret(self) -> str:
        siret = "".join(self.cleaned_data["siret"].split())
        if siret:
            valider_siret(siret)
        return siret

    def clean_code_insee(self) -> str:
        return self.cleaned_data["code_insee"].upper()

    def clean_population_millesime(self) -> int | None:
        annee = self.cleaned_data["population_millesime"]
        if annee is not None and not 1990 <= annee <= self.jour.year:
            raise ValidationError(f"Indiquez une année de recensement, au plus tard {self.jour.year}.")
        return annee

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        for nom in LIBRES:
            if refus := donnee_interdite(donnees.get(nom) or ""):
                self.add_error(nom, refus)
        siren, siret = donnees.get("siren"), donnees.get("siret")
        if siren and siret and not siret.startswith(siren):
            self.add_error(
                "siret", "Ce SIRET n’est pas celui de ce SIREN\u00a0: les neuf premiers chiffres diffèrent."
            )
        self._controler_population(donnees)
        if donnees.get("type") == TypeCollectivite.COMMUNE and "code_insee" in donnees:
            self._controler_commune(donnees)
        epci = Epci.objects.filter(pk=donnees.get("epci_siren") or "").first()
        donnees["epci_nom"] = epci.nom if epci else ""
        return donnees

    def _controler_population(self, donnees: dict[str, Any]) -> None:
        if donnees.get("population_totale") is None:
            return
        if donnees.get("population_millesime") is None and "population_millesime" not in self.errors:
            self.add_error("population_millesime", "Indiquez l’année que décrit cette population.")
        if not donnees.get("population_source"):
            self.add_error("population_source", "Indiquez d’où vient cette population.")

    def _controler_commune(self, donnees: dict[str, Any]) -> None:
        commune = Commune.objects.filter(pk=donnees["code_insee"]).first()
        if commune is None:
            message = (
                "Cette commune n’est pas au référentiel. Vérifiez le code." if donnees["code_insee"] else ""
            )
            self.add_error("code_insee", message or "Indiquez le code INSEE de la commune.")
            return
        donnees["epci_siren"] = commune.epci_siren
        if commune.siren and donnees.get("siren", commune.siren) != commune.siren:
            self.add_error("siren", f"Le SIREN de {commune.nom} est {commune.siren} au référentiel.")
        attendu = territoire_de(commune.pk)
        if donnees.get("territoire", attendu.value) not in territoires_possibles(commune.pk):
            self.add_error(
                "territoire", f"{commune.nom} relève d’un autre territoire\u00a0: {libelle(attendu)}."
            )
        saisie = (donnees.get("population_totale"), donnees.get("population_millesime"))
        citee = donnees.get("population_source") or ""
        plus_recente = (saisie[1] or 0) > (commune.millesime or 0)  # importée depuis, avec sa source
        contredite = saisie != (commune.population_totale, commune.millesime) and not plus_recente
        if citee == commune.source != "" and contredite:
            self.add_error(
                "population_source", "Cette source donne un autre chiffre. Reprenez-le, ou citez la vôtre."
            )


def libelle(territoire: Territoire) -> str:
    return dict(Collectivite._meta.get_field("territoire").choices)[territoire.value]


def choix_epci(departement: str, connus: set[str]) -> list[tuple[str, str]]:
    """Les intercommunalités du département de la structure, plus celles déjà choisies."""
    requete = Epci.objects.all()
    if departement:
        ici = Commune.objects.filter(departement=departement).values("epci_siren")
        requete = Epci.objects.filter(pk__in=ici) | Epci.objects.filter(pk__in=connus)
    return [("", "Aucune, ou inconnue"), *requete.values_list("pk", "nom")]


class ContactForm(Formulaire, forms.ModelForm):
    """Qui joindre, pour quoi, depuis quand."""

    fonction = forms.ChoiceField(
        label="Fonction", choices=[("", "Choisir une fonction"), *FonctionContact.choices]
    )
    depuis = ChampDate(label="Depuis le")

    class Meta:
        model = Contact
        fields = ["fonction", "nom", "courriel", "telephone", "depuis"]
        labels = {
            "nom": "Prénom et nom",
            "courriel": "Courriel",
            "telephone": "Téléphone",
        }


class ClotureForm(Formulaire, forms.Form):
    jusqu_au = ChampDate(label="Dernier jour", help_text="Le contact reste lisible, avec ses dates.")


class PopulationsForm(Formulaire, forms.Form):
    """Un fichier de l’INSEE et le millésime qu’il décrit."""

    fichier = forms.FileField(
        label="Fichier «\u00a0donnees_communes.csv\u00a0»",
        help_text="Dans l’archive «\u00a0ensemble\u00a0» des populations de référence, sur insee.fr.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    millesime = forms.IntegerField(
        label="Millésime",
        min_value=PREMIER,
        help_text="L’année que décrit la population. Elle vaut trois ans après.",
        error_messages={"min_value": f"Le premier millésime est {PREMIER}."},
    )
    municipale_publiee = forms.IntegerField(
        label="Total de la population municipale annoncé par l’INSEE",
        required=False,
        min_value=1,
        help_text="S’il est indiqué, un écart refuse le fichier.",
    )

    def __init__(self, *args, jour: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["millesime"].initial = dernier_millesime(jour)

    def clean_fichier(self):
        fichier = self.cleaned_data["fichier"]
        if fichier.size > FICHIER_MAX:
            raise ValidationError("Ce fichier est trop gros pour être celui des populations communales.")
        return fichier
