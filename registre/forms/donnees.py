"""Étape 3 : quelles données, gardées combien de temps, et ensuite (RGPD art. 30-1 c et f, 9, 87)."""

from dataclasses import replace

from django import forms

from dpd.vocabulaire import SENSIBLE, CategorieDonnees, ExceptionArt9, SortFinal
from registre.forms.commun import JE_NE_SAIS_PAS, CarteForm, Cartes, TexteSur
from registre.regles.contenu import Duree, Fiche, LigneDonnees

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

    def est_valide(self) -> bool:
        return self.cartes.est_valide()

    def formulaires(self):
        return list(self.cartes)

    def appliquer(self) -> Fiche:
        return replace(self.fiche, donnees=tuple(_ligne(carte.code, d) for carte, d in self.cartes.cochees()))


def reprendre_du_modele(fiche: Fiche, demande: str, durees: list[dict]) -> Fiche:
    """Applique une durée proposée par le modèle à une ligne : ``demande`` = « catégorie-rang|indice ».

    La catégorie « * » vise toutes les lignes qui n’ont ni durée ni sort.

    :raises ValueError: si la demande ne désigne rien.
    """
    cible, _, indice = demande.partition("|")
    if not (indice.isascii() and indice.isdigit() and len(indice) < 4) or int(indice) >= len(durees):
        raise ValueError("Cette proposition n’existe plus dans le modèle.")
    proposition = durees[int(indice)]
    rangs: dict[str, int] = {}
    lignes = []
    for ligne in fiche.donnees:
        rangs[ligne.categorie] = rangs.get(ligne.categorie, 0) + 1
        vide = not ligne.duree.unite and not ligne.duree.inconnue and not ligne.sort_final
        vise = cible == f"{ligne.categorie}-{rangs[ligne.categorie]}" or (cible == "*" and vide)
        lignes.append(_appliquer(ligne, proposition) if vise else ligne)
    return replace(fiche, donnees=tuple(lignes))


def _appliquer(ligne: LigneDonnees, proposition: dict) -> LigneDonnees:
    duree = proposition.get("duree") or {}
    nouvelle = replace(
        ligne,
        sort_final=proposition.get("sort_final") or ligne.sort_final,
        archivage=proposition.get("intermediaire") or ligne.archivage,
        sort_inconnu=False,
    )
    if duree.get("unite"):
        evenement = proposition.get("point_de_depart") or ligne.duree.evenement
        nouvelle = replace(nouvelle, duree=Duree(duree.get("nombre"), duree["unite"], evenement))
    return nouvelle
