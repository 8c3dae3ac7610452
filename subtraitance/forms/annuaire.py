"""La fiche d’un prestataire et ce qui s’y ajoute, saisis par le DPD."""

from typing import Any

from django import forms

from dpd.comptes.champs import valider_siren
from dpd.comptes.forms_gestes import ChampDate, ChampTexte, FormulaireDeGeste
from dpd.pieces.forms import ChampPiece
from dpd.vocabulaire import TypePrestataire
from subtraitance.actions.annuaire_fiche import CHAMPS
from subtraitance.annuaire_lu import annuaire
from subtraitance.annuaire_pays import CHOIX
from subtraitance.models import SousTraitant

TYPES = [("", "Choisir un type"), *TypePrestataire.choices]


class ChampPrestataire(forms.ModelChoiceField):
    """Une fiche de l’annuaire, par son nom ; le SIREN distingue les homonymes."""

    def __init__(self, **options):
        options.setdefault("error_messages", {"invalid_choice": "Choisissez dans l’annuaire."})
        super().__init__(
            queryset=SousTraitant.objects.none(), empty_label="Choisir un prestataire", **options
        )

    def label_from_instance(self, fiche: SousTraitant) -> str:
        return f"{fiche.nom} (SIREN {fiche.siren})" if fiche.siren else fiche.nom


class FicheForm(FormulaireDeGeste):
    """Toute la fiche ; une rubrique inconnue se laisse vide."""

    PARTIES = (
        ("Qui c’est", ("nom", "siren", "type", "adresse", "site", "courriel", "telephone")),
        ("En cas d’incident", ("securite_courriel", "securite_telephone")),
        ("Son délégué à la protection des données", ("dpd_nom", "dpd_courriel")),
        ("Où sont les données", ("hebergement", "hebergement_pays")),
    )
    oublis = {"nom": "Indiquez le nom du prestataire."}

    nom = ChampTexte(label="Nom", required=True, max_length=200)
    siren = forms.CharField(
        label="SIREN", required=False, max_length=30, help_text="Neuf chiffres. Il distingue les homonymes."
    )
    type = forms.ChoiceField(label="Type de prestataire", required=False, choices=TYPES)
    adresse = ChampTexte(label="Adresse", lignes=3, max_length=500)
    site = forms.URLField(label="Site", required=False, assume_scheme="https")
    courriel = forms.EmailField(label="Courriel", required=False)
    telephone = ChampTexte(label="Téléphone", max_length=30)
    securite_courriel = forms.EmailField(
        label="Courriel du contact sécurité",
        required=False,
        help_text="Celui qui répond quand des données fuient.",
    )
    securite_telephone = ChampTexte(label="Téléphone du contact sécurité", max_length=30)
    dpd_nom = ChampTexte(label="Nom ou service", max_length=200)
    dpd_courriel = forms.EmailField(label="Son courriel", required=False)
    hebergement = ChampTexte(
        label="Lieu d’hébergement",
        max_length=200,
        help_text="L’hébergeur et la ville, s’ils sont connus.",
    )
    hebergement_pays = forms.ChoiceField(label="Pays d’hébergement", required=False, choices=CHOIX)

    def __init__(self, *args, fiche: SousTraitant | None = None, **kwargs):
        if fiche is not None:
            kwargs.setdefault("initial", {nom: getattr(fiche, nom) for nom in CHAMPS})
        super().__init__(*args, **kwargs)

    def clean_siren(self) -> str:
        siren = "".join(self.cleaned_data["siren"].split())
        if siren:
            valider_siren(siren)
        return siren

    def parties(self) -> list[tuple[str, list[forms.BoundField]]]:
        """(titre, champs) dans l’ordre de la page."""
        return [(titre, [self[nom] for nom in noms]) for titre, noms in self.PARTIES]


class LogicielForm(FormulaireDeGeste):
    oublis = {"nom": "Indiquez le logiciel ou le service."}

    nom = ChampTexte(
        label="Logiciel ou service",
        required=True,
        max_length=150,
        help_text="Le nom que les agents emploient\u00a0: c’est lui qu’on cherchera en cas d’incident.",
    )


class CertificationForm(FormulaireDeGeste):
    oublis = {"nom": "Indiquez la certification."}

    nom = ChampTexte(
        label="Certification", required=True, max_length=150, help_text="ISO 27001, HDS, SecNumCloud…"
    )
    organisme = ChampTexte(label="Délivrée par", max_length=150)
    numero = ChampTexte(label="Numéro", max_length=80)
    obtenue_le = ChampDate(label="Obtenue le", required=False)
    expire_le = ChampDate(
        label="Valable jusqu’au",
        required=False,
        help_text="Passé ce jour, chaque collectivité liée est prévenue qu’elle a expiré.",
    )
    fichier = ChampPiece(label="Justificatif, si vous l’avez", required=False)


class UlterieurForm(FormulaireDeGeste):
    oublis = {
        "ulterieur": "Choisissez un prestataire\u202f; créez d’abord sa fiche s’il n’en a pas.",
        "activite": "Dites ce qu’il fait.",
    }

    ulterieur = ChampPrestataire(
        label="Quel sous-traitant\u202f?",
        help_text="Il doit avoir sa fiche dans l’annuaire\u00a0: sa propre chaîne se lira avec la sienne.",
    )
    activite = ChampTexte(label="Ce qu’il fait", required=True, max_length=300)
    depuis = ChampDate(label="Depuis le", required=False)
    garanties = ChampTexte(
        label="Garanties présentées",
        lignes=4,
        max_length=4000,
        help_text="Lieu, mesures de sécurité, contrat\u00a0: chaque responsable les lit avant de décider.",
    )

    def __init__(self, *args, fiche: SousTraitant, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ulterieur"].queryset = annuaire(fiche.structure).exclude(pk=fiche.pk)


class FusionForm(FormulaireDeGeste):
    oublis = {"absorber": "Choisissez la fiche à réunir à celle-ci."}

    absorber = ChampPrestataire(
        label="L’autre fiche de ce prestataire",
        help_text="Ses contrats, logiciels, certifications et sous-traitants passent à celle-ci.",
    )

    def __init__(self, *args, fiche: SousTraitant, **kwargs):
        super().__init__(*args, **kwargs)
        autres = annuaire(fiche.structure).exclude(pk=fiche.pk)
        self.fields["absorber"].queryset = autres.filter(est_la_structure=False)


class ProposerForm(FormulaireDeGeste):
    """Ce qu’une collectivité sait d’un prestataire absent de l’annuaire."""

    oublis = {"nom": "Indiquez le nom du prestataire."}

    nom = ChampTexte(label="Son nom", required=True, max_length=200)
    siren = forms.CharField(
        label="Son SIREN",
        required=False,
        max_length=30,
        help_text="Neuf chiffres, sur ses factures. Laissez vide si vous ne l’avez pas sous la main.",
    )
    type = forms.ChoiceField(label="Ce qu’il fait pour vous", required=False, choices=TYPES)
    site = forms.URLField(label="Son site", required=False, assume_scheme="https")
    courriel = forms.EmailField(label="Son courriel", required=False)

    clean_siren = FicheForm.clean_siren

    def saisie(self) -> dict[str, Any]:
        """Les arguments de :func:`subtraitance.actions.annuaire.proposer_prestataire`."""
        return dict(self.cleaned_data)
