"""Signaler un incident, choisir les collectivités, dire du nouveau, clore."""

from collections import defaultdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dpd.comptes.champs_instants import AvecInstants, ChampInstant
from dpd.comptes.forms_collectivites import Formulaire
from dpd.comptes.forms_gestes import ChampJeton, ChampTexte
from dpd.comptes.models import Structure
from dpd.pieces.forms import ChampPiece
from subtraitance.models import Logiciel, SousTraitant
from violations.enums import DonneesTouchees, NatureViolation, PersonnesTouchees
from violations.forms.saisie_commun import ChampCodes

FINIE, DURE, INCONNU = "oui", "non", "inconnu"
LA_STRUCTURE, NOUVEAU = "structure", "nouveau"
SANS_NOM = "Sans nom de personne\u00a0: cette phrase sert de titre à chaque dossier."
TEXTE_MAX = 10_000
OUBLIS = {
    "origine": "Dites chez qui l’incident a eu lieu.",
    "titre": "Dites en une phrase ce qui s’est passé.",
    "recit": "Racontez les faits, même incomplets.",
    "connaissance": "Indiquez la date et l’heure, même approximatives.",
    "finie": "Choisissez une réponse\u00a0; «\u00a0Je ne sais pas\u00a0» en est une.",
    "texte": "Dites ce que l’on apprend.",
    "motif": "Dites pourquoi\u00a0: ce motif reste à l’incident.",
}


class ChampOrigine(forms.ChoiceField):
    """La structure, un prestataire de l’annuaire, ou l’un de ses logiciels ; rend les objets.

    ``{"sous_traitant": …, "logiciel": …}``, les deux vides pour la structure elle-même.
    """

    def __init__(self, **options):
        options.setdefault("error_messages", {"invalid_choice": "Choisissez dans la liste."})
        super().__init__(**options)
        self.origines: dict[str, dict[str, Any]] = {}

    def proposer(self, structure: Structure) -> None:
        """Deux requêtes, quelle que soit la longueur de l’annuaire."""
        fiches = list(SousTraitant.objects.de_la_structure(structure).utilisables().order_by("nom", "pk"))
        logiciels = defaultdict(list)
        siens = Logiciel.objects.filter(structure=structure, retire_le=None)
        for logiciel in siens.order_by("nom", "pk"):
            logiciels[logiciel.sous_traitant_id].append(logiciel)
        self.origines = {LA_STRUCTURE: {"sous_traitant": None, "logiciel": None}}
        groupes: list = [("", "Choisir"), (LA_STRUCTURE, f"Nous-mêmes\u00a0: {structure.nom}")]
        for fiche in fiches:
            self.origines[f"p{fiche.pk}"] = {"sous_traitant": fiche, "logiciel": None}
            options = [(f"p{fiche.pk}", fiche.nom)]
            for logiciel in logiciels[fiche.pk]:
                self.origines[f"l{logiciel.pk}"] = {"sous_traitant": fiche, "logiciel": logiciel}
                options.append((f"l{logiciel.pk}", f"{fiche.nom}, {logiciel.nom}"))
            groupes += [(fiche.nom, options)] if len(options) > 1 else options
        self.origines[NOUVEAU] = {"sous_traitant": None, "logiciel": None}
        self.choices = [*groupes, (NOUVEAU, "Un prestataire qui n’est pas dans la liste")]

    def clean(self, value):
        choisie = super().clean(value)
        return self.origines.get(choisie)


class FormulaireDIncident(Formulaire, forms.Form):
    """Chaque oubli se dit par un geste."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom in OUBLIS.keys() & self.fields.keys():
            self.fields[nom].error_messages["required"] = OUBLIS[nom]


class IncidentForm(AvecInstants, FormulaireDIncident):
    """Ce que le sous-traitant dit à chaque responsable (art. 33-2 et 33-3), à l’heure de la structure."""

    jeton = ChampJeton()
    origine = ChampOrigine(
        label="Chez qui\u202f?",
        help_text="Le prestataire de l’annuaire, et le logiciel si vous le connaissez. Les collectivités "
        "proposées en dépendent.",
    )
    nouveau = ChampTexte(
        label="Son nom, s’il n’est pas dans la liste",
        max_length=200,
        help_text="Sa fiche s’ajoute à l’annuaire ; le DPD la vérifiera.",
    )
    titre = ChampTexte(
        label="En une phrase, que s’est-il passé\u202f?", required=True, max_length=200, help_text=SANS_NOM
    )
    recit = ChampTexte(
        label="Ce qui s’est passé, dans l’ordre",
        required=True,
        lignes=5,
        max_length=TEXTE_MAX,
        help_text="Chaque collectivité lira ces lignes. Aucun nom de personne, rien qui ne concerne que "
        "l’une d’elles.",
    )
    connaissance = ChampInstant(
        label="Quand le prestataire l’a-t-il su\u202f?",
        help_text="S’il s’agit de vous, quand vous l’avez su. De là courent 24 heures pour prévenir chaque "
        "collectivité, délai retenu par la structure (RGPD, art. 33-2\u00a0: dans les meilleurs délais).",
    )
    debut = ChampInstant(
        label="Quand cela a-t-il commencé\u202f?", required=False, help_text="Si vous le savez."
    )
    finie = forms.ChoiceField(
        label="Est-ce fini\u202f?",
        choices=[(FINIE, "Oui, c’est fini"), (DURE, "Non, cela dure encore"), (INCONNU, "Je ne sais pas")],
        widget=forms.RadioSelect,
        initial=INCONNU,
    )
    fin = ChampInstant(label="Depuis quand\u202f?", required=False)
    natures = ChampCodes(
        NatureViolation,
        label="Nature",
        help_text="Confidentialité\u00a0: des données vues par qui ne devait pas. Intégrité\u00a0: des "
        "données changées à tort. Disponibilité\u00a0: des données perdues ou inaccessibles. Plusieurs sont "
        "possibles.",
    )
    donnees = ChampCodes(DonneesTouchees, label="Données touchées")
    donnees_precision = ChampTexte(label="Précision sur les données", max_length=600)
    personnes = ChampCodes(PersonnesTouchees, label="Personnes touchées")
    personnes_precision = ChampTexte(label="Précision sur les personnes", max_length=600)
    consequences = ChampTexte(label="Conséquences probables", lignes=3, max_length=TEXTE_MAX)
    mesures_apres = ChampTexte(label="Ce qui est déjà fait pour y remédier", lignes=3, max_length=TEXTE_MAX)

    LIBRES = (
        *("titre", "recit", "connaissance", "debut", "fin", "donnees", "donnees_precision"),
        *("personnes", "personnes_precision", "consequences", "mesures_apres", "nouveau", "jeton"),
    )

    def __init__(self, *args, structure: Structure, **kwargs):
        super().__init__(*args, collectivite=structure, **kwargs)
        self.fields["origine"].proposer(structure)
        self.fields["origine"].widget.choices = self.fields["origine"].choices

    def clean(self):
        donnees = super().clean()
        if donnees.get("finie") != FINIE:
            donnees["fin"] = None
            self._errors.pop("fin", None)
        if self.data.get(self.add_prefix("origine")) != NOUVEAU:
            donnees["nouveau"] = ""
        elif not donnees.get("nouveau", "").strip():
            self.add_error("nouveau", "Indiquez le nom du prestataire.")
        return donnees

    def saisie(self) -> dict[str, Any]:
        """Les arguments de :func:`violations.actions.incidents.signaler`."""
        donnees = self.cleaned_data
        cochees = donnees["natures"]
        return {
            **donnees["origine"],
            **{nom: donnees[nom] for nom in self.LIBRES},
            "en_cours": donnees["finie"] == DURE,
            **{nature.value: nature.value in cochees for nature in NatureViolation},
        }

    def refuser(self, refus: ValidationError) -> None:
        """Pose le refus d’une action sous les champs qui le montrent."""
        montre = {"sous_traitant": "origine", "logiciel": "origine", "en_cours": "finie", "nom": "nouveau"}
        for nom, erreurs in getattr(refus, "error_dict", {None: refus}).items():
            champ = montre.get(nom, nom)
            self.add_error(champ if champ in self.fields else None, ValidationError(erreurs))


class InformationForm(AvecInstants, FormulaireDIncident):
    """Une information nouvelle, à toutes les collectivités prévenues."""

    jeton = ChampJeton()
    texte = ChampTexte(
        label="Qu’apprend-on\u202f?",
        required=True,
        lignes=5,
        max_length=TEXTE_MAX,
        help_text="Sans nom de personne. Chaque collectivité le lira dans la chronologie de son dossier.",
    )
    instant = ChampInstant(
        label="Quand l’a-t-on appris\u202f?", required=False, help_text="Vide\u00a0: à l’instant."
    )

    def __init__(self, *args, structure: Structure, **kwargs):
        super().__init__(*args, collectivite=structure, **kwargs)

    def saisie(self) -> dict[str, Any]:
        return {nom: self.cleaned_data[nom] for nom in ("texte", "instant", "jeton")}


class MotifForm(FormulaireDIncident):
    motif = ChampTexte(label="Pourquoi\u202f?", required=True, lignes=3, max_length=300)

    def saisie(self) -> dict[str, Any]:
        return {"motif": self.cleaned_data["motif"]}


class PieceIncidentForm(FormulaireDIncident):
    fichier = ChampPiece(label="Le document")
    libelle = ChampTexte(
        label="Ce que c’est",
        max_length=200,
        help_text="Sans nom de personne\u00a0: ce libellé paraît dans les courriels.",
    )

    def saisie(self) -> dict[str, Any]:
        return {nom: self.cleaned_data[nom] for nom in ("fichier", "libelle")}
