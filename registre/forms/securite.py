"""Étape 6 : sécurité, décision automatisée et premier filtre d’analyse d’impact (art. 32-1, 22, 35)."""

from dataclasses import replace

from django import forms

from dpd.vocabulaire import MesureSecurite
from registre.enums import ReponseDecision
from registre.forms.commun import CarteForm, Cartes, FormulaireSobre, TexteSur
from registre.regles.aipd import AUCUN_TYPE, evaluer_aipd
from registre.regles.contenu import Fiche, LigneMesure
from registre.regles.listes_aipd import CAS_ARTICLE_35_3, CRITERES_WP248, TYPES_DISPENSES, TYPES_REQUIS


class MesureForm(CarteForm):
    precision = TexteSur(label="Précisez ce qui est en place", max_length=300)


class RisquesForm(FormulaireSobre):
    decision_automatisee = forms.ChoiceField(
        label="Une machine décide-t-elle seule pour une personne\u202f?",
        help_text="Sans qu’un agent puisse changer la décision (art. 22).",
        choices=[("", "Choisir"), *ReponseDecision.choices],
        required=False,
    )
    decision_logique = TexteSur(label="Comment décide-t-elle\u202f?", max_length=1000, lignes=2)
    aipd_type = forms.ChoiceField(
        label="Ce fichier est-il dans une de ces listes\u202f?",
        choices=[
            ("", "Choisir"),
            (AUCUN_TYPE, "Dans aucune de ces listes"),
            ("Analyse d’impact imposée par le RGPD", list(CAS_ARTICLE_35_3.items())),
            ("Analyse d’impact exigée par la CNIL", list(TYPES_REQUIS.items())),
            ("Dispensé d’analyse d’impact par la CNIL", list(TYPES_DISPENSES.items())),
        ],
        required=False,
    )
    aipd_criteres = forms.MultipleChoiceField(
        label="Cochez ce qui est vrai de ce fichier",
        choices=list(CRITERES_WP248.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    aipd_motif = TexteSur(label="Votre explication", max_length=1000, lignes=2)


class EtapeSecurite:
    numero, court, question = 6, "Sécurité", "Comment ce fichier est-il protégé\u202f?"
    gabarit = "registre/etapes/securite.html"
    raison = "Sécurité et analyse d’impact"

    def __init__(self, fiche: Fiche, donnees=None, modele=None, **_):
        self.fiche = fiche
        self.formulaire = RisquesForm(
            donnees,
            prefix="r",
            initial={
                "decision_automatisee": fiche.decision_automatisee,
                "decision_logique": fiche.decision_logique,
                "aipd_type": fiche.aipd_type,
                "aipd_criteres": list(fiche.aipd_criteres),
                "aipd_motif": fiche.aipd_motif,
            },
        )
        self.proposees = tuple((modele.sources if modele else {}).get("mesures_proposees", ()))
        ordre = [MesureSecurite(m) for m in self.proposees]
        ordre += [m for m in MesureSecurite if m not in ordre]
        self.cartes = Cartes(
            MesureForm,
            "m",
            [(m.value, m.label) for m in ordre],
            [(ligne.mesure, {"precision": ligne.precision}) for ligne in fiche.mesures],
            donnees,
        )
        self.conclusion = evaluer_aipd(
            fiche.aipd_type, fiche.aipd_criteres, repondu=bool(fiche.aipd_type or fiche.aipd_criteres)
        )

    def est_valide(self) -> bool:
        return all([self.formulaire.is_valid(), self.cartes.est_valide()])

    def formulaires(self):
        return [self.formulaire, *self.cartes]

    def appliquer(self) -> Fiche:
        d = self.formulaire.cleaned_data
        criteres = tuple(d.pop("aipd_criteres"))
        repondu = bool(d["aipd_type"] or criteres)
        conclusion = evaluer_aipd(d["aipd_type"], criteres, repondu=repondu).code if repondu else ""
        mesures = tuple(
            LigneMesure(mesure=carte.code, precision=c["precision"]) for carte, c in self.cartes.cochees()
        )
        return replace(self.fiche, **d, aipd_criteres=criteres, aipd_conclusion=conclusion, mesures=mesures)
