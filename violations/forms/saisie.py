"""Compléter le dossier, rubrique par rubrique, avec les listes et dans l’ordre du téléservice."""

from django import forms

from violations.enums import (
    Cause,
    DonneesTouchees,
    GraviteCnil,
    NatureViolation,
    Origine,
    PersonnesTouchees,
    Prejudice,
    SourceConnaissance,
)
from violations.forms.saisie_commun import ChampCodes, ChampNombre, ChampTexte, ChampUnique, FormulaireRelu

SANS_NOM = "Sans nom de personne\u00a0: cette phrase sert de titre au dossier."
AU_PLUS_SOUS_AU_MOINS = "Ce nombre ne peut pas être plus petit que «\u00a0au moins\u00a0»."
NATURES = tuple(nature.value for nature in NatureViolation)
OUI_NON = (("oui", "Oui"), ("non", "Non"), ("", "Je ne sais pas encore"))
EN_BOOLEEN = {"oui": True, "non": False, "": None}


class FaitsForm(FormulaireRelu):
    """Rubriques 3 à 6 : ce qui s’est passé, la nature, l’origine, la cause."""

    champs = (
        *("titre", "recit", "source", *NATURES),
        *("origine", "origine_precision", "cause", "cause_precision"),
    )
    montre = dict.fromkeys(NATURES, "natures")

    titre = ChampTexte(
        label="En une phrase, que s’est-il passé\u202f?", required=True, max_length=200, help_text=SANS_NOM
    )
    recit = ChampTexte(
        label="Ce qui s’est passé, dans l’ordre",
        required=True,
        lignes=6,
        help_text="Les faits, tels que vous les connaissez aujourd’hui. Vous corrigerez ensuite.",
    )
    source = ChampUnique(SourceConnaissance, label="Comment l’avez-vous su\u202f?")
    natures = ChampCodes(
        NatureViolation,
        label="Nature de la violation",
        help_text="Confidentialité\u00a0: des données vues ou reçues par qui ne devait pas. "
        "Intégrité\u00a0: des données changées à tort. "
        "Disponibilité\u00a0: des données perdues, détruites ou inaccessibles. Plusieurs sont possibles.",
    )
    origine = ChampUnique(Origine, label="Origine")
    origine_precision = ChampTexte(label="Précision sur l’origine", max_length=300)
    cause = ChampUnique(
        Cause,
        label="Cause",
        vide="Pas encore cherchée",
        help_text="Qui en est à l’origine, et exprès ou non.",
    )
    cause_precision = ChampTexte(label="Précision sur la cause", max_length=300)

    def initiales(self, valeurs):
        return valeurs | {"natures": [nature for nature in NATURES if valeurs[nature]]}

    def saisie(self):
        cochees = self.cleaned_data["natures"]
        return {nom: nom in cochees if nom in NATURES else self.cleaned_data[nom] for nom in self.champs}


class DonneesForm(FormulaireRelu):
    """Rubriques 7 et 8 : les données et les personnes touchées, avec leurs nombres approximatifs."""

    champs = (
        *("donnees", "donnees_precision", "enregistrements_min", "enregistrements_max"),
        *("personnes", "personnes_precision", "personnes_min", "personnes_max"),
    )
    BORNES = (("enregistrements_min", "enregistrements_max"), ("personnes_min", "personnes_max"))

    donnees = ChampCodes(DonneesTouchees, label="Données touchées")
    donnees_precision = ChampTexte(
        label="Précision sur les données",
        max_length=600,
        help_text="Des catégories («\u00a0listes d’allergies\u00a0»), jamais les données elles-mêmes.",
    )
    enregistrements_min = ChampNombre(label="Dossiers ou lignes touchés, au moins")
    enregistrements_max = ChampNombre(label="Dossiers ou lignes touchés, au plus")
    personnes = ChampCodes(PersonnesTouchees, label="Personnes touchées")
    personnes_precision = ChampTexte(
        label="Précision sur les personnes",
        max_length=600,
        help_text="Des groupes («\u00a0familles de la cantine\u00a0»), jamais leurs noms. "
        "Pour les nombres, une estimation suffit.",
    )
    personnes_min = ChampNombre(label="Personnes touchées, au moins")
    personnes_max = ChampNombre(label="Personnes touchées, au plus")

    def clean(self):
        donnees = super().clean()
        for champ, inconnu in (
            ("donnees", DonneesTouchees.INCONNUES),
            ("personnes", PersonnesTouchees.INDETERMINE),
        ):
            if inconnu in donnees.get(champ, ()) and len(donnees[champ]) > 1:
                self.add_error(
                    champ, f"«\u00a0{inconnu.label}\u00a0»\u00a0: décochez-le, ou décochez le reste."
                )
        for moins, plus in self.BORNES:
            bornes = donnees.get(moins), donnees.get(plus)
            if None not in bornes and bornes[1] < bornes[0]:
                self.add_error(plus, AU_PLUS_SOUS_AU_MOINS)
        return donnees


class ConsequencesForm(FormulaireRelu):
    """Rubriques 9 et 10 : les mesures d’avant, les conséquences, les préjudices, la gravité."""

    champs = ("mesures_avant", "consequences", "prejudices", "gravite")

    mesures_avant = ChampTexte(
        label="Les mesures en place avant la violation",
        lignes=4,
        help_text="Mots de passe, chiffrement, sauvegardes, contrat avec le prestataire…",
    )
    consequences = ChampTexte(label="Les conséquences probables pour les personnes", lignes=4)
    prejudices = ChampCodes(Prejudice, label="Préjudices possibles")
    gravite = ChampUnique(
        GraviteCnil,
        label="Gravité",
        help_text="L’échelle du téléservice de la CNIL. Elle éclaire la décision, elle ne la remplace pas.",
    )


class SuitesForm(FormulaireRelu):
    """Rubriques 11 et 13 : les mesures prises depuis, les autres pays, les autres autorités."""

    champs = ("mesures_apres", "transfrontaliere", "autres_autorites")

    mesures_apres = ChampTexte(
        label="Les mesures prises depuis, ou prévues",
        lignes=5,
        help_text="Accès fermé, mots de passe changés, correctif posé, personnes rappelées…",
    )
    transfrontaliere = forms.ChoiceField(
        label="Des personnes d’autres pays de l’Union européenne sont-elles touchées\u202f?",
        choices=OUI_NON,
        widget=forms.RadioSelect,
        required=False,
    )
    autres_autorites = ChampTexte(
        label="Autres autorités prévenues",
        max_length=400,
        help_text="Gendarmerie, assureur, ANSSI… et la date.",
    )

    def initiales(self, valeurs):
        ecrit = {vrai: mot for mot, vrai in EN_BOOLEEN.items()}
        return valeurs | {"transfrontaliere": ecrit.get(valeurs["transfrontaliere"], "")}

    def clean_transfrontaliere(self):
        return EN_BOOLEEN[self.cleaned_data["transfrontaliere"]]


class LeconForm(FormulaireRelu):
    """Ce que la collectivité en retient (RGPD art. 33-5 : les mesures prises pour y remédier)."""

    champs = ("lecon",)

    lecon = ChampTexte(
        label="Ce que vous en retenez",
        lignes=6,
        help_text="Ce qui change désormais, pour que cela ne se reproduise pas.",
    )
