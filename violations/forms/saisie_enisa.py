"""L’aide de l’ENISA : un score pour éclairer, jamais converti en niveau de la CNIL ni en décision."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django import forms

from violations.forms.saisie_commun import ChampNombre, FormulaireRelu
from violations.regles.gravite import Atteinte, ContexteDonnees, Identification, cotation_enisa

CONTEXTES = (
    (ContexteDonnees.SIMPLES, "Données simples\u00a0: état civil, coordonnées, formation"),
    (ContexteDonnees.COMPORTEMENT, "Habitudes\u00a0: déplacements, consommation, préférences"),
    (ContexteDonnees.FINANCIERES, "Données financières\u00a0: revenus, factures, compte bancaire"),
    (ContexteDonnees.SENSIBLES, "Données sensibles\u00a0: santé, opinions, condamnations"),
)
IDENTIFICATIONS = (
    (Identification.NEGLIGEABLE, "Presque impossible de savoir de qui il s’agit"),
    (Identification.LIMITEE, "Possible, avec d’autres informations rares"),
    (Identification.IMPORTANTE, "Facile, avec des informations que l’on trouve"),
    (Identification.MAXIMALE, "Immédiat\u00a0: la personne est nommée"),
)
ATTEINTES = (
    (Atteinte.AUCUNE, "Aucune"),
    (Atteinte.LIMITEE, "Limitée\u00a0: à quelques destinataires connus, ou réparable"),
    (Atteinte.ETENDUE, "Étendue\u00a0: à un nombre inconnu, ou irréparable"),
)
AJUSTEMENTS = (
    ("-3", "Beaucoup moins parlant (-3)"),
    ("-2", "Moins parlant (-2)"),
    ("-1", "Un peu moins parlant (-1)"),
    ("0", "Rien à ajuster"),
    ("1", "Un peu plus grave (+1)"),
    ("2", "Plus grave (+2)"),
    ("3", "Beaucoup plus grave (+3)"),
)
SEVERITES = {"faible": "Faible", "moyenne": "Moyenne", "elevee": "Élevée", "tres_elevee": "Très élevée"}
QUESTIONS = (
    *("contexte", "identification", "confidentialite", "integrite", "disponibilite"),
    *("malveillance", "ajustement", "personnes", "inintelligibles"),
)


def _choix(label: str, valeurs, **options) -> forms.ChoiceField:
    choix = [(str(code), libelle) for code, libelle in valeurs]
    return forms.ChoiceField(label=label, choices=choix, widget=forms.RadioSelect, **options)


class EnisaForm(FormulaireRelu):
    """SE = DPC × EI + CB ; ``violation.enisa`` garde les réponses et leur résultat."""

    tout_facultatif = False
    champs = ("enisa",)
    montre = {"enisa": "contexte"}

    contexte = _choix("De quelles données s’agit-il\u202f?", CONTEXTES)
    ajustement = _choix(
        "Le contexte change-t-il leur portée\u202f?",
        AJUSTEMENTS,
        initial="0",
        help_text="Moins si elles sont publiques ou anciennes, plus si elles en disent long à plusieurs.",
    )
    identification = _choix("Peut-on savoir de qui il s’agit\u202f?", IDENTIFICATIONS)
    confidentialite = _choix("Perte de confidentialité", ATTEINTES, initial="aucune")
    integrite = _choix("Perte d’intégrité", ATTEINTES, initial="aucune")
    disponibilite = _choix("Perte de disponibilité", ATTEINTES, initial="aucune")
    malveillance = forms.BooleanField(label="L’acte est malveillant", required=False)
    inintelligibles = forms.BooleanField(
        label="Les données étaient illisibles pour qui les a eues, par exemple chiffrées", required=False
    )
    personnes = ChampNombre(label="Combien de personnes, environ\u202f?")

    def initiales(self, valeurs):
        gardee = valeurs["enisa"]
        if not isinstance(gardee, dict) or not gardee:
            gardee = {"personnes": self.violation.personnes_max}
        return {nom: gardee[nom] for nom in QUESTIONS if nom in gardee}

    def saisie(self):
        return {"enisa": cotation_gardee(self.cleaned_data)}


def cotation_gardee(reponses: dict[str, Any]) -> dict[str, Any]:
    """Les réponses et le résultat, tels que les garde ``violation.enisa`` : décimales en texte.

    Clés : celles de ``QUESTIONS``, puis ``dpc``, ``ei``, ``cb``, ``score``, ``severite``, ``nombreuses``.
    """
    donnees = {nom: reponses[nom] for nom in QUESTIONS}
    cotation = cotation_enisa(
        ContexteDonnees(donnees["contexte"]),
        Identification(donnees["identification"]),
        **{nom: Atteinte(donnees[nom]) for nom in ("confidentialite", "integrite", "disponibilite")},
        malveillance=donnees["malveillance"],
        ajustement=int(donnees["ajustement"]),
        personnes=donnees["personnes"],
        inintelligibles=donnees["inintelligibles"],
    )
    resultat = asdict(cotation)
    chiffres = {nom: str(resultat[nom]) for nom in ("dpc", "ei", "cb", "score", "severite")}
    return {**donnees, **chiffres, "nombreuses": resultat["nombreuses"]}


def cotation_lue(gardee: dict[str, Any]) -> dict[str, Any]:
    """La cotation gardée, prête à montrer : nombres décimaux et sévérité en mots ; vide s’il n’y en a pas."""
    if not gardee:
        return {}
    chiffres = {nom: Decimal(gardee[nom]).normalize() + 0 for nom in ("dpc", "ei", "cb", "score")}
    return {**gardee, **chiffres, "severite": SEVERITES[gardee["severite"]]}
