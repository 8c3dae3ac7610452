"""Corriger les cinq instants d’une violation ; changer T0 demande un motif."""

from datetime import datetime
from typing import Any

from django import forms

from dpd.comptes.champs_instants import AvecInstants, ChampInstant
from violations.forms.saisie_commun import ChampTexte, FormulaireRelu


class InstantsForm(AvecInstants, FormulaireRelu):
    """À l’heure de la collectivité ; la saison d’une heure double se demande."""

    champs = ("debut", "en_cours", "fin", "detection", "connaissance", "connaissance_dpd")
    # Ce que l’on sait du prestataire se corrige à sa ligne : ici, c’est le début qui ne va pas.
    montre = {"prestataire_le": "debut"}

    connaissance = ChampInstant(
        label="Quand la collectivité l’a su",
        help_text="Les 72 heures partent de cet instant (art. 33 du RGPD).",
    )
    motif = ChampTexte(
        label="Si vous changez cet instant, pourquoi\u202f?",
        max_length=600,
        lignes=2,
        help_text="Ce motif reste visible dans la chronologie.",
    )
    debut = ChampInstant(label="Début de la violation", required=False)
    en_cours = forms.BooleanField(label="Elle dure encore", required=False)
    fin = ChampInstant(label="Fin de la violation", required=False)
    detection = ChampInstant(
        label="Détectée le",
        required=False,
        help_text="Le premier signal, chez vous ou chez le prestataire, même avant d’en être sûr.",
    )
    connaissance_dpd = ChampInstant(label="Connue du DPD le", required=False)

    def _ecrire(self, valeurs: dict[str, Any]) -> str:
        return super()._ecrire(
            {nom: v.isoformat() if isinstance(v, datetime) else v for nom, v in valeurs.items()}
        )

    def _decoder(self, lues: dict[str, Any]) -> dict[str, Any]:
        decodees = {
            nom: datetime.fromisoformat(v) if v and nom != "en_cours" else v
            for nom, v in super()._decoder(lues).items()
        }
        if any(isinstance(v, datetime) and v.utcoffset() is None for v in decodees.values()):
            raise ValueError("Un instant lu porte toujours son fuseau.")
        return decodees
