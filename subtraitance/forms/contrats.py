"""Le contrat d’une collectivité, et la liste de contrôle de l’article 28."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from dpd.comptes.forms_gestes import ChampDate, ChampTexte, FormulaireDeGeste
from dpd.pieces.forms import ChampPiece
from subtraitance.actions.contrats import CHAMPS, Lecture
from subtraitance.enums import RegimeAutorisation, Reponse28, SortDonnees
from subtraitance.models import Contrat, Logiciel, SousTraitant
from subtraitance.regles.article_28 import POINTS, Point, reperer

TEXTE_MAX = 300_000  # caractères d’un contrat collé
CITATION_MAX = 4000
PREAVIS_DE_DEPART = 3  # mois


class ContratForm(FormulaireDeGeste):
    PARTIES = (
        ("Le contrat", ("objet", "reference", "debut", "fin", "preavis_mois", "fichier")),
        ("Ce que vous avez choisi", ("sort_choisi", "autorisation", "objection_jours", "delai_violation")),
        ("Logiciels employés", ("logiciels",)),
    )
    oublis = {
        "objet": "Dites ce que vous confiez à ce prestataire.",
        "autorisation": "Choisissez une réponse.",
        "preavis_mois": "Indiquez un nombre de mois.",
    }

    objet = ChampTexte(
        label="Ce que vous lui confiez",
        required=True,
        max_length=300,
        help_text="En une phrase\u00a0: «\u00a0Logiciel de paie, hébergement et assistance\u00a0».",
    )
    reference = ChampTexte(label="Référence du contrat", max_length=80, help_text="Celle qui y est écrite.")
    debut = ChampDate(label="Début", required=False)
    fin = ChampDate(label="Terme", required=False, help_text="Laissez vide s’il dure sans terme.")
    preavis_mois = forms.IntegerField(
        label="Vous alerter combien de mois avant le terme\u202f?",
        min_value=0,
        max_value=60,
        initial=PREAVIS_DE_DEPART,
    )
    sort_choisi = forms.ChoiceField(
        label="Au terme, que deviennent vos données\u202f?",
        required=False,
        widget=forms.RadioSelect,
        choices=[*SortDonnees.choices, ("", "Pas encore choisi")],
        help_text="C’est vous qui choisissez (RGPD, art. 28-3 g).",
    )
    autorisation = forms.ChoiceField(
        label="S’il veut lui-même sous-traiter",
        widget=forms.RadioSelect,
        choices=RegimeAutorisation.choices,
        initial=RegimeAutorisation.SPECIFIQUE,
        help_text="Ce que dit le contrat (RGPD, art. 28-2). Dans le doute, la première.",
    )
    objection_jours = forms.IntegerField(
        label="Jours pour vous y opposer",
        required=False,
        min_value=1,
        max_value=365,
        help_text="Si l’autorisation est donnée d’avance.",
    )
    delai_violation = forms.IntegerField(
        label="Heures pour vous prévenir d’une violation de données",
        required=False,
        min_value=1,
        max_value=720,
        help_text="Ce que dit le contrat. Vide\u00a0: 24 heures seront comptées.",
    )
    logiciels = forms.ModelMultipleChoiceField(
        label="Lesquels de ses logiciels employez-vous\u202f?",
        queryset=Logiciel.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choisissez parmi les logiciels de ce prestataire."},
    )
    fichier = ChampPiece(label="Contrat signé, si vous l’avez", required=False)

    def __init__(self, *args, fiche: SousTraitant, contrat: Contrat | None = None, **kwargs):
        employes: list[int] = []
        if contrat is not None:
            employes = [e.logiciel_id for e in contrat.logiciels.all() if e.retire_le is None]
            depart = {nom: getattr(contrat, nom) for nom in CHAMPS}
            kwargs.setdefault("initial", {**depart, "logiciels": employes})
        super().__init__(*args, **kwargs)
        siens = Logiciel.objects.filter(sous_traitant=fiche)
        proposes = siens.filter(retire_le__isnull=True) | siens.filter(pk__in=employes)
        self.fields["logiciels"].queryset = proposes.order_by("nom", "pk")
        if contrat is not None and contrat.piece_id:
            self.fields["fichier"].label = "Remplacer le contrat signé"

    def parties(self) -> list[tuple[str, list[forms.BoundField]]]:
        """(titre, champs) dans l’ordre de la page ; sans logiciel connu, la dernière n’y est pas."""
        parties = [(titre, [self[nom] for nom in noms]) for titre, noms in self.PARTIES]
        return parties if self.fields["logiciels"].queryset else parties[:-1]


class ClotureForm(FormulaireDeGeste):
    oublis = {"motif": "Dites pourquoi il est clos."}

    fin = ChampDate(label="Quand a-t-il pris fin\u202f?")
    motif = ChampTexte(
        label="Pourquoi",
        required=True,
        max_length=300,
        help_text="Non reconduit, résilié, remplacé par un autre… Dites aussi ce que sont devenues les "
        "données.",
    )


@dataclass(frozen=True)
class LigneDeControle:
    """Un point de la liste, ses champs, et les passages qui pourraient y répondre."""

    point: Point
    reponse: forms.BoundField
    citation: forms.BoundField
    reperage: forms.BoundField
    passages: Sequence[str]
    manque: bool


class ClausesForm(FormulaireDeGeste):
    """Chaque point de l’article 28-3, lu par une personne ; ``texte`` : le contrat collé, jamais gardé."""

    tout_facultatif = True

    texte = forms.CharField(
        label="Texte du contrat",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=TEXTE_MAX,
        help_text="Collez-le, puis cherchez\u00a0: l’application montre les passages qui pourraient "
        "répondre. Elle ne coche rien et ne garde pas ce texte.",
    )

    def __init__(self, *args, contrat: Contrat, **kwargs):
        super().__init__(*args, **kwargs)
        self.lues = {clause.code: clause for clause in contrat.clauses.all()}
        self.passages: Mapping[str, Sequence[str]] = {}
        for point in POINTS:
            self._ajouter(point)

    def _ajouter(self, point: Point) -> None:
        lue = self.lues.get(point.code)
        choix = list(Reponse28.choices)
        self.fields[f"reponse_{point.code}"] = forms.ChoiceField(
            label=point.question,
            required=False,
            choices=choix if lue else [("", "Pas encore lu"), *choix],
            initial=lue.reponse if lue else "",
            widget=forms.Select(attrs={"class": "form-select"}),
            error_messages={"invalid_choice": "Choisissez une réponse."},
        )
        self.fields[f"citation_{point.code}"] = ChampTexte(
            label="Ce que dit le contrat, mot pour mot",
            lignes=3,
            max_length=CITATION_MAX,
            initial=lue.citation if lue else "",
        )
        self.fields[f"reperage_{point.code}"] = ChampTexte(
            label="Où", max_length=120, initial=lue.reperage if lue else ""
        )
        for nom in ("citation", "reperage"):
            self.fields[f"{nom}_{point.code}"].widget.attrs["class"] = "form-control"

    def reperer(self) -> None:
        """Cherche dans le texte collé ; une citation encore vide reçoit le premier passage, à vérifier."""
        self.passages = reperer(self.data.get("texte", "")[:TEXTE_MAX].replace("\r\n", "\n"))
        donnees = self.data.copy()
        for code, passages in self.passages.items():
            if passages and not donnees.get(f"citation_{code}", "").strip():
                donnees[f"citation_{code}"] = passages[0]
        self.data = donnees

    @property
    def sans_passage(self) -> list[Point]:
        """Les points dont le texte collé ne dit rien ; vide tant qu’aucun n’a été cherché."""
        return [point for point in POINTS if self.passages and not self.passages[point.code]]

    def lignes(self) -> Iterator[LigneDeControle]:
        for point in POINTS:
            champs = (self[f"{nom}_{point.code}"] for nom in ("reponse", "citation", "reperage"))
            passages = self.passages.get(point.code, ())
            yield LigneDeControle(point, *champs, passages, bool(self.passages) and not passages)

    def saisie(self) -> dict[str, Any]:
        """L’argument ``lectures`` de :func:`subtraitance.actions.contrats.controler_clauses`."""
        donnees = self.cleaned_data
        return {
            "lectures": {
                point.code: Lecture(
                    donnees[f"reponse_{point.code}"],
                    donnees[f"citation_{point.code}"],
                    donnees[f"reperage_{point.code}"],
                )
                for point in POINTS
                if donnees[f"reponse_{point.code}"]
            }
        }
