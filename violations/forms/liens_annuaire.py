"""Nommer un prestataire : celui de l’annuaire quand on le reconnaît, à défaut le nom que l’on tape."""

import re

from django.core.exceptions import ValidationError
from django.db.models import Q

from dpd.comptes.models import Collectivite
from dpd.regles.texte import normaliser
from subtraitance.models import Contrat, SousTraitant
from violations.forms.saisie_commun import ChampTexte

PROPOSITIONS_MAX = 12
PLUSIEURS = "Plusieurs prestataires portent ce nom\u00a0: choisissez celui dont le SIREN convient."
_SIREN = re.compile(r",\s*(\d{3}\s?\d{3}\s?\d{3})\s*\Z", re.ASCII)


def ecrire(prestataire: SousTraitant) -> str:
    """Ce que la liste propose : le nom, et le SIREN s’il est connu."""
    return f"{prestataire.nom}, {prestataire.siren}" if prestataire.siren else prestataire.nom


def annuaire(collectivite: Collectivite):
    """Les fiches que peut nommer une collectivité : toutes celles de sa structure."""
    return SousTraitant.objects.de_la_structure(collectivite.structure_id).utilisables()


def habituels(collectivite: Collectivite) -> list[SousTraitant]:
    """Ceux avec qui elle a un contrat, proposés sans rien taper."""
    pks = Contrat.objects.filter(collectivite=collectivite).values("sous_traitant")
    return list(annuaire(collectivite).filter(pk__in=pks).order_by("nom", "pk")[:100])


def proposer(collectivite: Collectivite, texte: str) -> list[SousTraitant]:
    """Ceux qui répondent à ce qu’on tape, par leur nom ou par celui d’un logiciel ; douze au plus."""
    mots = normaliser(texte).split()
    if not mots:
        return []
    filtre = Q()
    for mot in mots:
        filtre &= Q(recherche__contains=mot) | Q(logiciels__nom__icontains=mot, logiciels__retire_le=None)
    return list(annuaire(collectivite).filter(filtre).distinct().order_by("nom", "pk")[:PROPOSITIONS_MAX])


def nomme(collectivite: Collectivite, texte: str) -> dict:
    """Les arguments ``sous_traitant`` ou ``nom`` de :func:`violations.actions.impliquer`.

    :raises ValidationError: si plusieurs fiches portent ce nom et que rien ne les départage.
    """
    if siren := _SIREN.search(texte):
        chiffres = "".join(c for c in siren[1] if c.isdigit())
        fiche = annuaire(collectivite).filter(siren=chiffres).first()
        return {"sous_traitant": fiche} if fiche else {"nom": texte}
    cle = normaliser(texte)
    proches = annuaire(collectivite).filter(recherche__startswith=cle)
    fiches = [fiche for fiche in proches if normaliser(fiche.nom) == cle]
    if len(fiches) > 1 and all(fiche.siren for fiche in fiches):
        raise ValidationError(PLUSIEURS)
    return {"sous_traitant": fiches[0]} if len(fiches) == 1 else {"nom": texte}


class ChampPrestataire(ChampTexte):
    """Un nom qui se tape ; ``proposer`` complète la liste au fil de la frappe, sans rien imposer."""

    def __init__(self, **options):
        options.setdefault("max_length", 200)
        super().__init__(**options)

    def brancher(self, adresse: str) -> None:
        """``adresse`` : la page elle-même, qui répond à ``?proposer=1``."""
        self.widget.attrs |= {
            "autocomplete": "off",
            "list": "prestataires",
            "hx-get": adresse,
            "hx-vals": '{"proposer": "1"}',
            "hx-trigger": "input changed delay:250ms",
            "hx-target": "#prestataires",
        }


class AvecPrestataire:
    """À placer avant ``AvecInstants`` : son champ ``prestataire`` se reconnaît dans l’annuaire."""

    def __init__(self, *args, adresse: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.adresse = adresse
        self.fields["prestataire"].brancher(adresse)

    def clean_prestataire(self) -> dict | None:
        texte = self.cleaned_data["prestataire"].strip()
        return nomme(self.collectivite, texte) if texte else None
