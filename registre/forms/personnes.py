"""Étape 2 : qui est dans ce fichier, et comment le sait-il (RGPD art. 30-1 c, 13 et 14)."""

from dataclasses import replace

from django import forms

from dpd.vocabulaire import VULNERABLES, CategoriePersonnes
from registre.forms.commun import CarteForm, Cartes, FormulaireSobre, TexteSur
from registre.regles.contenu import Fiche, LignePersonnes


class PersonnesForm(CarteForm):
    precision = TexteSur(label="Précisez si besoin (nombre, tranche d’âge…)", max_length=300)
    vulnerables = forms.BooleanField(
        label="Personnes vulnérables (mineurs, personnes isolées, agents…)", required=False
    )


class InformationForm(FormulaireSobre):
    information = TexteSur(
        label="Comment les prévenez-vous\u202f?",
        help_text="Mention sur le formulaire, affiche au guichet, page du site… (art. 13 et 14).",
        max_length=2000,
        lignes=3,
    )


class EtapePersonnes:
    numero, court, question = 2, "Qui est concerné", "Qui est dans ce fichier\u202f?"
    gabarit = "registre/etapes/personnes.html"
    raison = "Personnes concernées"

    def __init__(self, fiche: Fiche, donnees=None, ajouts=(), **_):
        self.fiche = fiche
        self.formulaire = InformationForm(donnees, prefix="i", initial={"information": fiche.information})
        self.cartes = Cartes(
            PersonnesForm,
            "c",
            [(c.value, c.label) for c in CategoriePersonnes],
            [
                (p.categorie, {"precision": p.precision, "vulnerables": p.vulnerables})
                for p in fiche.personnes
            ],
            donnees,
        )
        for carte in self.cartes.autres:
            carte.initial.setdefault("vulnerables", carte.code in VULNERABLES)

    def est_valide(self) -> bool:
        return all([self.formulaire.is_valid(), self.cartes.est_valide()])

    def formulaires(self):
        return [self.formulaire, *self.cartes]

    def appliquer(self) -> Fiche:
        personnes = tuple(
            LignePersonnes(categorie=carte.code, precision=d["precision"], vulnerables=d["vulnerables"])
            for carte, d in self.cartes.cochees()
        )
        return replace(
            self.fiche, personnes=personnes, information=self.formulaire.cleaned_data["information"]
        )
