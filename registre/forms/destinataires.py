"""Étape 4 : qui reçoit ces données, dedans, dehors, et chez quels prestataires (art. 30-1 d, 28)."""

from dataclasses import replace

from django import forms

from dpd.vocabulaire import CategorieDestinataire, TypePrestataire
from registre.forms.commun import CarteForm, Cartes, RangeeForm, Rangees, TexteSur
from registre.regles.contenu import Fiche, LigneDestinataire, LignePrestataire

INTERNES = frozenset(
    {
        CategorieDestinataire.SERVICES,
        CategorieDestinataire.DIRECTION,
        CategorieDestinataire.EXECUTIF,
        CategorieDestinataire.ASSEMBLEE,
        CategorieDestinataire.DPD,
        CategorieDestinataire.ARCHIVES,
    }
)


class DestinataireForm(CarteForm):
    precision = TexteSur(label="Précisez si besoin (qui, quelles données)", max_length=300)

    @property
    def est_interne(self) -> bool:
        return self.code in INTERNES


class PrestataireForm(RangeeForm):
    cle = "type"
    type = forms.ChoiceField(
        label="Type de prestataire", choices=[("", "Choisir"), *TypePrestataire.choices], required=False
    )
    nom = TexteSur(label="Nom", max_length=200)


class EtapeDestinataires:
    numero, court, question = 4, "Qui les reçoit", "Qui reçoit ces données\u202f?"
    gabarit = "registre/etapes/destinataires.html"
    raison = "Destinataires et prestataires"

    def __init__(self, fiche: Fiche, donnees=None, **_):
        self.fiche = fiche
        # Un sous-traitant n’est pas un destinataire : il se déclare à part, avec son contrat.
        choix = [
            (c.value, c.label) for c in CategorieDestinataire if c != CategorieDestinataire.SOUS_TRAITANTS
        ]
        self.cartes = Cartes(
            DestinataireForm,
            "q",
            choix,
            [(ligne.categorie, {"precision": ligne.precision}) for ligne in fiche.destinataires],
            donnees,
        )
        self.prestataires = Rangees(
            PrestataireForm,
            "s",
            [{"type": p.type, "nom": p.nom} for p in fiche.prestataires],
            donnees,
            vides=1 if fiche.prestataires else 2,
        )

    def est_valide(self) -> bool:
        return all([self.cartes.est_valide(), self.prestataires.est_valide()])

    def formulaires(self):
        return [*self.cartes, *self.prestataires]

    def appliquer(self) -> Fiche:
        destinataires = tuple(
            LigneDestinataire(
                nature="interne" if carte.code in INTERNES else "externe",
                categorie=carte.code,
                precision=d["precision"],
            )
            for carte, d in self.cartes.cochees()
        )
        prestataires = tuple(
            LignePrestataire(type=p["type"], nom=p["nom"]) for p in self.prestataires.remplies()
        )
        return replace(self.fiche, destinataires=destinataires, prestataires=prestataires)
