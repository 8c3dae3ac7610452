"""Étape 1 : à quoi sert ce fichier, et ce qui le permet (RGPD art. 30-1 a et b, art. 6)."""

from dataclasses import replace

from django import forms

from dpd.vocabulaire import BaseLegale
from registre.enums import ReponseCoresponsables
from registre.forms.commun import FormulaireSobre, RangeeForm, Rangees, TexteSur
from registre.regles.bases_legales import BASES_LEGALES, bases_proposees
from registre.regles.contenu import Fiche, LigneFinalite


class PourquoiForm(FormulaireSobre):
    nom = TexteSur(label="Comment appelez-vous ce fichier\u202f?", required=True, max_length=200)
    description = TexteSur(label="En une phrase, à quoi sert-il\u202f?", max_length=1000, lignes=2)
    service = TexteSur(label="Quel service le tient\u202f?", max_length=150)
    logiciels = TexteSur(label="Avec quels logiciels ou supports\u202f?", max_length=300)
    coresponsables_reponse = forms.ChoiceField(
        label="Décidez-vous avec un autre organisme\u202f?",
        help_text="Un responsable conjoint fixe avec vous pourquoi et comment (art. 26), pas un prestataire.",
        choices=[("", "Choisir"), *ReponseCoresponsables.choices],
        required=False,
    )
    coresponsables = TexteSur(label="Lesquels, et comment les joindre\u202f?", max_length=1000, lignes=2)

    def clean(self):
        donnees = super().clean()
        if donnees.get("coresponsables_reponse") == "oui" and not donnees.get("coresponsables"):
            self.add_error("coresponsables", "Nommez cet organisme, ou répondez «\u00a0Non\u00a0».")
        return donnees


class FinaliteForm(RangeeForm):
    cle = "libelle"
    libelle = TexteSur(label="Pourquoi", max_length=400)
    base_legale = forms.ChoiceField(label="Qu’est-ce qui le permet\u202f?", required=False)
    texte = TexteSur(label="Texte (loi, code, délibération)", max_length=400)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Toute base légale se lit ; seules celles qui conviennent à un organisme public se proposent.
        proposees = bases_proposees("commune", True)
        actuelle = self.initial.get("base_legale", "")
        codes = [*proposees, *([actuelle] if actuelle and actuelle not in proposees else [])]
        self.fields["base_legale"].choices = [
            ("", "Choisir"),
            *((code, BASES_LEGALES[code].libelle) for code in codes),
        ]
        self.fields["base_legale"].error_messages["invalid_choice"] = (
            "Choisissez une seule base légale dans la liste\u00a0: l’intérêt légitime n’est pas ouvert "
            "à une autorité publique pour ses missions (art. 6-1)."
        )


class EtapePourquoi:
    numero, court, question = 1, "Pourquoi", "À quoi sert ce fichier, et qu’est-ce qui le permet\u202f?"
    gabarit = "registre/etapes/pourquoi.html"
    raison = "Finalités et base légale"

    def __init__(self, fiche: Fiche, donnees=None, **_):
        self.fiche = fiche
        self.formulaire = PourquoiForm(
            donnees,
            prefix="p",
            initial={
                "nom": fiche.nom,
                "description": fiche.description,
                "service": fiche.service,
                "logiciels": fiche.logiciels,
                "coresponsables_reponse": fiche.coresponsables_reponse,
                "coresponsables": fiche.coresponsables,
            },
        )
        self.finalites = Rangees(
            FinaliteForm,
            "f",
            [{"libelle": f.libelle, "base_legale": f.base_legale, "texte": f.texte} for f in fiche.finalites],
            donnees,
            vides=1 if fiche.finalites else 2,
        )
        self.bases = [(BASES_LEGALES[c], BaseLegale(c)) for c in bases_proposees("commune", True)]

    def est_valide(self) -> bool:
        return all([self.formulaire.is_valid(), self.finalites.est_valide()])

    def formulaires(self):
        return [self.formulaire, *self.finalites]

    def appliquer(self) -> Fiche:
        finalites = tuple(
            LigneFinalite(
                libelle=ligne["libelle"],
                base_legale=ligne["base_legale"],
                texte=ligne["texte"],
                principale=rang == 0,
            )
            for rang, ligne in enumerate(self.finalites.remplies())
        )
        return replace(self.fiche, **self.formulaire.cleaned_data, finalites=finalites)
