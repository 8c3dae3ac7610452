"""Choisir les fiches du registre qu’un contrat confie."""

from django import forms

from dpd.comptes.forms_collectivites import Formulaire
from registre.contrats_lus import noms_de, propositions
from registre.models import Traitement, TraitementConfie
from subtraitance.models import Contrat


class ChampFiches(forms.ModelMultipleChoiceField):
    """Les fiches, par leur nom d’aujourd’hui et, s’il y a lieu, ce qui les fait proposer."""

    noms: dict[int, str]
    raisons: dict[int, str]

    def label_from_instance(self, traitement: Traitement) -> str:
        nom = f"{self.noms.get(traitement.pk, '')} (fiche n°\u00a0{traitement.reference})".strip()
        raison = self.raisons.get(traitement.pk)
        return f"{nom}\u00a0: {raison}" if raison else nom


class FichesForm(Formulaire, forms.Form):
    """``proposees`` d’abord, ``traitements`` ensuite ; ``lus`` : celles cochées à l’ouverture."""

    tout_facultatif = True

    proposees = ChampFiches(
        label="Celles qui semblent concernées",
        queryset=Traitement.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choisissez dans le registre de la collectivité."},
    )
    traitements = ChampFiches(
        label="Les autres fiches de votre registre",
        queryset=Traitement.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choisissez dans le registre de la collectivité."},
    )
    lus = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, contrat: Contrat, **kwargs):
        liens = TraitementConfie.objects.filter(contrat=contrat, retire_le__isnull=True)
        confies = set(liens.values_list("traitement_id", flat=True))
        raisons = propositions(contrat)
        tetes = confies | set(raisons)
        kwargs["initial"] = {
            "proposees": sorted(confies),
            "lus": ",".join(str(pk) for pk in sorted(confies)),
        }
        super().__init__(*args, **kwargs)
        siens = Traitement.objects.filter(collectivite=contrat.collectivite_id)
        presents = (siens.filter(retire_le__isnull=True) | siens.filter(pk__in=confies)).order_by("reference")
        noms = noms_de(contrat.collectivite_id)
        for nom, requete in (
            ("proposees", presents.filter(pk__in=tetes)),
            ("traitements", presents.exclude(pk__in=tetes)),
        ):
            champ = self.fields[nom]
            champ.noms, champ.raisons = noms, dict(raisons)
            champ.queryset = requete
        self.vide = not noms

    def clean_lus(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["lus"].split(",") if pk.isascii() and pk.isdigit()]

    def saisie(self) -> dict:
        """Les arguments de :func:`registre.actions.contrats.rattacher_fiches`."""
        donnees = self.cleaned_data
        return {"traitements": [*donnees["proposees"], *donnees["traitements"]], "lus": donnees["lus"]}
