"""Retoucher une lettre type avant de l’enregistrer."""

from dpd.comptes.forms_gestes import ChampTexte, FormulaireDeGeste

LONGUEUR_MAX = 20_000


class LettreForm(FormulaireDeGeste):
    oublis = {"texte": "Écrivez la lettre avant de l’enregistrer."}

    texte = ChampTexte(
        label="La lettre",
        required=True,
        lignes=30,
        max_length=LONGUEUR_MAX,
        help_text="Une ligne vide sépare deux paragraphes\u202f; un tiret ouvre une puce. L’en-tête de la "
        "collectivité s’ajoute tout seul.",
    )
