"""Étape 3 : quelles données, gardées combien de temps, et ensuite (RGPD art. 30-1 c et f, 9, 87)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django import forms

from dpd.vocabulaire import SENSIBLE, CategorieDonnees, ExceptionArt9, SortFinal
from registre.forms.commun import JE_NE_SAIS_PAS, CarteForm, Cartes, TexteSur
from registre.regles.completude import nommer
from registre.regles.contenu import Duree, Fiche, LigneDonnees
from registre.regles.familles import FAMILLES, Famille
from registre.regles.noms_simples import NOMS_DE_DONNEES
from registre.regles.reprise import partager, remplit

UNITES = [
    ("", "Choisir"),
    ("jour", "jours"),
    ("mois", "mois"),
    ("annee", "ans"),
    ("permanente", "sans limite"),
    JE_NE_SAIS_PAS,
]
SORTS = [("", "Choisir"), *SortFinal.choices, JE_NE_SAIS_PAS]
EXCEPTIONS = [("", "Choisir"), *ExceptionArt9.choices]
SANS_NOMBRE = {"", "permanente", "inconnu"}


@dataclass(frozen=True, slots=True)
class FamilleAffichee:
    """Une famille et celles de ses cartes qui ne sont pas déjà en tête de l’écran."""

    famille: Famille
    cartes: Sequence["DonneesForm"]
    ouverte: bool

    @property
    def apercu(self) -> str:
        """Ce qu’elle contient, à lire sans l’ouvrir."""
        return ", ".join(NOMS_DE_DONNEES[carte.code] for carte in self.cartes)


@dataclass(frozen=True, slots=True)
class RepriseAffichee:
    """Ce que ferait une reprise groupée : combien de lignes remplies, lesquelles laissées (ancre, nom)."""

    remplies: int
    laissees: Sequence[tuple[str, str]]


def ancre(code: str, rang: int) -> str:
    """L’identifiant de la ligne dans la page."""
    return f"d-{code}" if rang == 1 else f"d-{code}-{rang}"


class DonneesForm(CarteForm):
    description = TexteSur(label="Précisez ce que vous notez", max_length=400)
    exception_art9 = forms.ChoiceField(
        label="Pourquoi avez-vous le droit de la noter\u202f?", choices=EXCEPTIONS, required=False
    )
    alinea_nir = TexteSur(label="Quel alinéa du décret 2019-341 l’autorise\u202f?", max_length=200)
    nombre = forms.IntegerField(
        label="Nombre",
        required=False,
        min_value=0,
        max_value=9999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "court"}),
        error_messages={"invalid": "Indiquez un nombre entier, ou choisissez «\u00a0Je ne sais pas\u00a0»."},
    )
    unite = forms.ChoiceField(label="Unité", choices=UNITES, required=False)
    evenement = TexteSur(
        label="Après quoi\u202f?", max_length=200, widget=forms.TextInput(attrs={"list": "evenements"})
    )
    sort_final = forms.ChoiceField(label="Et ensuite\u202f?", choices=SORTS, required=False)
    archivage = TexteSur(label="Archivage intermédiaire", max_length=300)
    source = TexteSur(label="D’où vient-elle\u202f?", max_length=200)

    @property
    def ancre(self) -> str:
        return ancre(self.code, self.rang)

    @property
    def ligne(self) -> LigneDonnees:
        """La ligne telle qu’elle est à l’écran, même avec une erreur."""
        unite, sort = self["unite"].value() or "", self["sort_final"].value() or ""
        return LigneDonnees(
            categorie=self.code,
            description=self.precision_lue,
            duree=Duree(unite="" if unite == "inconnu" else unite, inconnue=unite == "inconnu"),
            sort_final="" if sort == "inconnu" else sort,
            sort_inconnu=sort == "inconnu",
        )

    @property
    def est_sensible(self) -> bool:
        return self.code in SENSIBLE

    @property
    def est_nir(self) -> bool:
        return self.code == CategorieDonnees.NIR

    @property
    def precision_lue(self) -> str:
        return self["description"].value() or ""

    def clean(self):
        donnees = super().clean()
        nombre, unite = donnees.get("nombre"), donnees.get("unite")
        if unite not in SANS_NOMBRE and nombre is None and "nombre" not in self._errors:
            self.add_error("nombre", "Indiquez un nombre, ou choisissez «\u00a0Je ne sais pas\u00a0».")
        if nombre is not None and unite == "":
            self.add_error("unite", "Choisissez jours, mois ou ans.")
        return donnees


def _initial(ligne: LigneDonnees) -> dict:
    return {
        "description": ligne.description,
        "exception_art9": ligne.exception_art9,
        "alinea_nir": ligne.alinea_nir,
        "nombre": ligne.duree.nombre,
        "unite": "inconnu" if ligne.duree.inconnue else ligne.duree.unite,
        "evenement": ligne.duree.evenement,
        "sort_final": "inconnu" if ligne.sort_inconnu else ligne.sort_final,
        "archivage": ligne.archivage,
        "source": ligne.source,
    }


def _ligne(code: str, d: dict) -> LigneDonnees:
    inconnue, sort_inconnu = d["unite"] == "inconnu", d["sort_final"] == "inconnu"
    return LigneDonnees(
        categorie=code,
        description=d["description"],
        duree=Duree(
            nombre=None if d["unite"] in SANS_NOMBRE else d["nombre"],
            unite="" if inconnue else d["unite"],
            evenement=d["evenement"],
            inconnue=inconnue,
        ),
        archivage=d["archivage"],
        sort_final="" if sort_inconnu else d["sort_final"],
        exception_art9=d["exception_art9"] if code in SENSIBLE else "",
        alinea_nir=d["alinea_nir"] if code == CategorieDonnees.NIR else "",
        source=d["source"],
        sort_inconnu=sort_inconnu,
    )


class EtapeDonnees:
    numero, court, question = 3, "Données et durées", "Quelles données, et pour combien de temps\u202f?"
    gabarit = "registre/etapes/donnees.html"
    raison = "Données et durées"

    def __init__(self, fiche: Fiche, donnees=None, ajouts=(), modele=None, **_):
        self.fiche = fiche
        self.cartes = Cartes(
            DonneesForm,
            "d",
            [(c.value, c.label) for c in CategorieDonnees],
            [(ligne.categorie, _initial(ligne)) for ligne in fiche.donnees],
            donnees,
            ajouts,
        )
        self.durees_modele = modele.durees if modele else []
        self.du_modele = {d["categorie"] for d in modele.contenu.get("donnees", [])} if modele else set()
        self.evenements = sorted(
            {ligne.duree.evenement for ligne in fiche.donnees if ligne.duree.evenement}
            | {
                "la fin de l’année scolaire",
                "la clôture du dossier",
                "le départ de l’agent",
                "la collecte",
                "la dernière inscription",
                "le dernier contact",
                "la fin du contrat",
            }
        )

    @property
    def propositions(self) -> list[tuple[int, dict, bool]]:
        """(indice, durée proposée par le modèle, a-t-elle quelque chose à poser)."""
        return [(i, proposition, remplit(proposition)) for i, proposition in enumerate(self.durees_modele)]

    @property
    def reprise(self) -> RepriseAffichee:
        cochees = [carte for carte in self.cartes if carte.est_cochee]
        a_l_ecran = Fiche(donnees=tuple(carte.ligne for carte in cochees))
        partage = partager(a_l_ecran.donnees)
        return RepriseAffichee(
            remplies=len(partage.ensemble),
            laissees=[
                (cochees[rang].ancre, nommer(a_l_ecran.donnees[rang], a_l_ecran))
                for rang in partage.une_a_une
            ],
        )

    @property
    def proposees(self) -> list[DonneesForm]:
        """Les catégories du modèle que la fiche n’a pas cochées."""
        return [carte for carte in self.cartes.autres if carte.code in self.du_modele]

    @property
    def familles(self) -> list[FamilleAffichee]:
        """Toutes les autres catégories, par famille ; la première s’ouvre sur une fiche encore vide."""
        autres = {carte.code: carte for carte in self.cartes.autres if carte.code not in self.du_modele}
        rangees = [
            (famille, [autres[code] for code in famille.categories if code in autres]) for famille in FAMILLES
        ]
        vide = not self.cartes.affichees and not self.proposees
        return [
            FamilleAffichee(famille, cartes, ouverte=vide and famille is FAMILLES[0])
            for famille, cartes in rangees
            if cartes
        ]

    def est_valide(self) -> bool:
        return self.cartes.est_valide()

    def formulaires(self):
        return list(self.cartes)

    def appliquer(self) -> Fiche:
        return replace(self.fiche, donnees=tuple(_ligne(carte.code, d) for carte, d in self.cartes.cochees()))
