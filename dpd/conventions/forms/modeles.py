"""Saisir un modèle de convention : ses clauses, leurs articles, ses étapes de mise en place."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dpd.comptes.forms_gestes import ChampDate, ChampTexte, FormulaireDeGeste
from dpd.conventions.enums import Depart, Forme, Preavis, Reconduction, ReglePhase
from dpd.conventions.etapes import (
    Choix,
    Interlocuteur,
    TenueRegistre,
    catalogue,
    choix_du,
    codes_d_office,
)
from dpd.conventions.models import ModeleConvention
from dpd.conventions.models.modele import lire_jour_mois
from dpd.regles.texte import normaliser
from dpd.regles.typographie import MOIS

MOIS_MAX = 240
ARTICLE = {"max_length": 60}
_MOIS = {normaliser(nom): rang for rang, nom in enumerate(MOIS, start=1)}
JOUR_INCONNU = "Indiquez un jour de chaque année\u00a0: 31/10, ou 31 octobre."


class ChampJourMois(forms.CharField):
    """Un jour de chaque année, « 31/10 » ou « 31 octobre » ; rend « 10-31 », tel qu’on le garde."""

    def __init__(self, **options):
        super().__init__(required=False, max_length=20, **options)

    def prepare_value(self, value):
        lu = _lire(value) if isinstance(value, str) else None
        return f"{lu[1]:02}/{lu[0]:02}" if lu else value

    def clean(self, value) -> str:
        texte = " ".join(super().clean(value).replace("/", " ").split())
        if not texte:
            return ""
        rang, _, mois = texte.partition(" ")
        rang = rang.removesuffix("er")
        numero = int(mois) if mois.isascii() and mois.isdecimal() else _MOIS.get(normaliser(mois), 0)
        if not (rang.isascii() and rang.isdecimal()):
            raise ValidationError(JOUR_INCONNU)
        garde = f"{numero:02}-{int(rang):02}"
        if _lire(garde) is None:
            raise ValidationError(JOUR_INCONNU)
        return garde


def _lire(texte: str):
    try:
        return lire_jour_mois(texte)
    except ValueError:
        return None


def _mois(libelle: str, **options) -> forms.IntegerField:
    return forms.IntegerField(label=libelle, required=False, min_value=1, max_value=MOIS_MAX, **options)


def _choix(libelle: str, choix, **options) -> forms.ChoiceField:
    return forms.ChoiceField(label=libelle, choices=choix, widget=forms.RadioSelect, **options)


class ModeleForm(FormulaireDeGeste):
    """Toutes les clauses d’une convention ; l’action dit ce qui manque, sous le champ."""

    tout_facultatif = True  # une clause en exige d’autres : l’action le dit
    PARTIES = {
        "modele": ("nom", "source", "en_vigueur_du"),
        "duree": (
            *("depart", "date_fixe", "duree_mois", "reconduction"),
            *("renouvellement_mois", "article_duree"),
        ),
        "fin": (
            *("preavis", "preavis_mois", "limite_collectivite", "limite_structure", "fin_annuelle"),
            *("forme", "article_denonciation", "hausse_mois", "article_hausse", "sort_des_donnees"),
        ),
        "service": ("regle_phase", "etat_mensuel", "evaluation_mois", "article_tarif", "article_prorata"),
        "etapes": ("interlocuteur", "registre", "codes"),
    }

    nom = ChampTexte(label="Nom du modèle", required=True, max_length=200)
    source = ChampTexte(
        label="Texte d’où viennent ces clauses",
        required=True,
        max_length=300,
        help_text="La délibération ou la convention type, avec sa date.",
    )
    en_vigueur_du = ChampDate(label="Proposé depuis le")
    depart = _choix("Prise d’effet", Depart.choices)
    date_fixe = ChampDate(label="Date fixée", required=False, help_text="Si la convention fixe cette date.")
    duree_mois = _mois("Durée, en mois", help_text="Vide\u00a0: sans terme.")
    reconduction = _choix("À son terme", Reconduction.choices)
    renouvellement_mois = _mois("Renouvellement exprès, en mois avant l’échéance")
    article_duree = ChampTexte(label="Article de la durée", **ARTICLE)
    preavis = _choix("Elle se dénonce", Preavis.choices)
    preavis_mois = _mois("Préavis, en mois")
    limite_collectivite = ChampJourMois(
        label="La collectivité dénonce avant le", help_text="31/10, par exemple."
    )
    limite_structure = ChampJourMois(label="La structure dénonce avant le")
    fin_annuelle = ChampJourMois(label="La dénonciation prend effet le")
    forme = _choix("Forme de la dénonciation", Forme.choices)
    article_denonciation = ChampTexte(label="Article de la dénonciation", **ARTICLE)
    hausse_mois = _mois(
        "Délai pour dénoncer après une hausse, en mois", help_text="Vide\u00a0: pas de ce droit."
    )
    article_hausse = ChampTexte(label="Article de la hausse", **ARTICLE)
    sort_des_donnees = ChampTexte(label="Sort des données à la fin", max_length=2000, lignes=3)
    regle_phase = _choix("Passage à l’accompagnement, pour le prix", ReglePhase.choices)
    etat_mensuel = forms.BooleanField(
        label="État mensuel des journées, que la collectivité valide", required=False
    )
    evaluation_mois = _mois("Évaluation, en mois après la signature")
    article_tarif = ChampTexte(label="Article du tarif", **ARTICLE)
    article_prorata = ChampTexte(label="Article qui écarte le prorata", **ARTICLE)
    interlocuteur = _choix("L’interlocuteur du DPD s’appelle", Interlocuteur.choices)
    registre = _choix("Qui tient le registre", TenueRegistre.choices)
    codes = forms.MultipleChoiceField(
        label="Étapes de la mise en place", required=False, widget=forms.CheckboxSelectMultiple
    )
    oublis = {
        "nom": "Donnez un nom au modèle.",
        "source": "Dites d’où viennent ces clauses.",
        "depart": "Dites quand la convention prend effet.",
        "reconduction": "Dites ce qui se passe au terme.",
        "preavis": "Dites comment elle se dénonce.",
        "forme": "Dites sous quelle forme.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        mots = Choix()
        self.fields["codes"].choices = [(e.code, e.dite(mots)) for e in catalogue()]

    def parties(self) -> dict[str, list[forms.BoundField]]:
        """Les champs, partie par partie, pour la page."""
        return {nom: [self[champ] for champ in champs] for nom, champs in self.PARTIES.items()}

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        choix = Choix(
            codes=tuple(donnees.pop("codes", ())),
            interlocuteur=donnees.pop("interlocuteur", None) or Interlocuteur.REFERENT.value,
            registre=donnees.pop("registre", None) or TenueRegistre.REFERENT.value,
        )
        donnees["etapes"] = choix.en_json()
        return donnees


def valeurs_initiales(modele: ModeleConvention | None, jour: date) -> dict[str, Any]:
    """De quoi préremplir : un modèle existant, ou les réponses les plus courantes."""
    if modele is None:
        return {
            "en_vigueur_du": jour,
            "depart": Depart.SIGNATURE,
            "duree_mois": 12,
            "reconduction": Reconduction.TACITE,
            "preavis": Preavis.AVANT_ECHEANCE,
            "preavis_mois": 3,
            "forme": Forme.LRAR,
            "regle_phase": ReglePhase.PREMIER_EXERCICE,
            "interlocuteur": Interlocuteur.REFERENT,
            "registre": TenueRegistre.REFERENT,
            "codes": codes_d_office(etat_mensuel=False),
        }
    choix = choix_du(modele.etapes)
    retenus = codes_d_office(etat_mensuel=modele.etat_mensuel) if choix.codes is None else choix.codes
    champs = {nom for noms in ModeleForm.PARTIES.values() for nom in noms} - {
        *("codes", "interlocuteur", "registre")
    }
    return {
        **{nom: getattr(modele, nom) for nom in champs},
        "interlocuteur": choix.interlocuteur,
        "registre": choix.registre,
        "codes": retenus,
    }


class ClotureModeleForm(FormulaireDeGeste):
    en_vigueur_au = ChampDate(
        label="Proposé jusqu’au", help_text="Les conventions déjà signées gardent leurs clauses."
    )
