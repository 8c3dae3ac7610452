"""Étape 5 : des données sortent-elles d’Europe, et qu’est-ce qui l’encadre (art. 30-1 e, 44 à 49)."""

from dataclasses import replace

from django import forms

from dpd.vocabulaire import ADEQUATION, OutilTransfert, Pays
from registre.enums import ReponseTransferts
from registre.forms.commun import FormulaireSobre, RangeeForm, Rangees, TexteSur
from registre.regles.contenu import Fiche, LigneTransfert


class ReponseForm(FormulaireSobre):
    transferts_reponse = forms.ChoiceField(
        label="Des données sortent-elles d’Europe\u202f?",
        choices=ReponseTransferts.choices,
        widget=forms.RadioSelect,
        required=False,
    )


class TransfertForm(RangeeForm):
    cle = "destinataire"
    destinataire = TexteSur(label="À qui\u202f?", max_length=200)
    pays = forms.ChoiceField(
        label="Dans quel pays\u202f?",
        choices=[("", "Choisir"), *sorted(Pays.choices, key=lambda p: p[1])],
        required=False,
    )
    outil = forms.ChoiceField(
        label="Qu’est-ce qui encadre cet envoi\u202f?",
        choices=[("", "Choisir"), *OutilTransfert.choices],
        required=False,
    )
    lien = TexteSur(label="Document ou lien", max_length=400)

    def clean(self):
        donnees = super().clean()
        if donnees.get("destinataire") and not donnees.get("pays") and "pays" not in self._errors:
            self.add_error("pays", "Choisissez le pays où partent les données.")
        if donnees.get("outil") == OutilTransfert.ADEQUATION and donnees.get("pays"):
            self._verifier_adequation(donnees["pays"])
        return donnees

    def _verifier_adequation(self, code: str) -> None:
        if Pays(code) not in ADEQUATION:
            self.add_error(
                "outil",
                f"Aucune décision d’adéquation connue ({Pays(code).label})\u00a0: choisissez un autre outil.",
            )


class EtapeTransferts:
    numero, court, question = 5, "Hors Europe", "Des données sortent-elles d’Europe\u202f?"
    gabarit = "registre/etapes/transferts.html"
    raison = "Transferts hors d’Europe"

    def __init__(self, fiche: Fiche, donnees=None, **_):
        self.fiche = fiche
        self.formulaire = ReponseForm(
            donnees, prefix="t", initial={"transferts_reponse": fiche.transferts_reponse}
        )
        self.transferts = Rangees(
            TransfertForm,
            "x",
            [
                {"destinataire": t.destinataire, "pays": t.pays, "outil": t.outil, "lien": t.lien}
                for t in fiche.transferts
            ],
            donnees,
        )
        self.adequation = [(pays.label, portee) for pays, portee in ADEQUATION.items()]

    def est_valide(self) -> bool:
        if not self.formulaire.is_valid():
            return False
        if self.formulaire.cleaned_data["transferts_reponse"] != ReponseTransferts.OUI:
            return True
        return self.transferts.est_valide()

    def formulaires(self):
        return [self.formulaire, *self.transferts]

    def appliquer(self) -> Fiche:
        reponse = self.formulaire.cleaned_data["transferts_reponse"]
        lignes = self.transferts.remplies() if reponse == ReponseTransferts.OUI else []
        return replace(
            self.fiche,
            transferts_reponse=reponse,
            transferts=tuple(LigneTransfert(**ligne) for ligne in lignes),
        )
