"""Noter ce qui a été déclaré à la CNIL ; écrire la lettre du référent."""

from typing import Any

from dpd.comptes.forms_gestes import ChampDate, ChampTexte, FormulaireDeGeste
from dpd.conventions.actions.designation import Declaration
from dpd.pieces.forms import ChampPiece


class _DeclarationForm(FormulaireDeGeste):
    delegue = ChampTexte(label="Délégué désigné", required=True, max_length=200)
    coordonnees = ChampTexte(label="Ses coordonnées publiques", max_length=300)
    representant = ChampTexte(label="Responsable légal déclaré", max_length=200)
    numero = ChampTexte(label="N° d’accusé", max_length=40, help_text="Celui que rend le téléservice.")
    oublis = {"delegue": "Dites qui a été désigné."}

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        declares = {nom: donnees.pop(nom, "") for nom in Declaration.__slots__}
        donnees["declaration"] = Declaration(**declares)
        return donnees


class DesignationForm(_DeclarationForm):
    designee_le = ChampDate(label="Désignation faite le")
    fichier = ChampPiece(label="Récépissé de la CNIL", required=False)


class ModificationForm(_DeclarationForm):
    modifiee_le = ChampDate(label="Modification faite le")
    fichier = ChampPiece(label="Récépissé de la CNIL", required=False)


class FinMissionForm(FormulaireDeGeste):
    fin_le = ChampDate(label="Fin de mission le")
    motif_fin = ChampTexte(label="Pourquoi la mission prend fin", required=True, max_length=300)
    fichier = ChampPiece(label="Récépissé de la CNIL", required=False)
    oublis = {"motif_fin": "Dites pourquoi la mission prend fin."}


class LettreForm(FormulaireDeGeste):
    """Le texte entier : il se relit et se corrige avant d’être signé."""

    texte = ChampTexte(label="Texte", required=True, max_length=12000, lignes=26)
    oublis = {"texte": "Écrivez le texte de la lettre."}

    def clean_texte(self) -> str:
        return self.cleaned_data["texte"].replace("\r\n", "\n")
