"""L’annuaire des prestataires inventés, et le contrat de chaque collectivité qui y recourt."""

from datetime import date, datetime

from dpd.comptes.models import Collectivite, Structure
from dpd.pilotage.demonstration.comptes import le_dpd
from dpd.pilotage.demonstration.rubriques import PRESTATAIRES
from dpd.regles.texte import normaliser
from dpd.vocabulaire import TypePrestataire
from registre.models import Recours
from subtraitance.enums import EtatFiche
from subtraitance.models import Contrat, Logiciel, LogicielEmploye, SousTraitant

LOGICIELS = {
    "editeur-metier": ("État civil et élections", "Finances et paie"),
    "portail-famille": ("Portail familles",),
    "video": ("Enregistreur",),
}
DEBUT = date(2024, 1, 1)


def remplir_l_annuaire(structure: Structure, sigle: str, maintenant: datetime) -> dict[str, SousTraitant]:
    """{type: fiche} des prestataires de la structure, vérifiés par son DPD ; créés s’ils manquent."""
    dpd = le_dpd(structure)
    fiches = {}
    for type_, nom in PRESTATAIRES[sigle].items():
        fiche = SousTraitant.objects.filter(structure=structure, nom=nom).first()
        fiches[type_] = fiche or _creer(structure, type_, nom, dpd, maintenant)
    return fiches


def _creer(structure: Structure, type_: str, nom: str, dpd, maintenant: datetime) -> SousTraitant:
    domaine = "-".join(normaliser(nom).split())
    fiche = SousTraitant(
        structure=structure,
        nom=nom,
        type=TypePrestataire(type_),
        courriel=f"contact@{domaine}.example",
        securite_courriel=f"securite@{domaine}.example",
        hebergement="France",
        hebergement_pays="FR",
        etat=EtatFiche.VERIFIEE,
        proposee_le=maintenant,
        verifiee_le=maintenant,
        verifiee_par=dpd,
    )
    trace = {"auteur": dpd, "maintenant": maintenant, "raison": "Annuaire"}
    fiche.enregistrer(**trace)
    for logiciel in LOGICIELS.get(type_, ()):
        Logiciel(structure=structure, sous_traitant=fiche, nom=logiciel).enregistrer(**trace)
    return fiche


def passer_les_contrats(
    collectivites: list[Collectivite], fiches: dict[str, SousTraitant], auteur, maintenant: datetime
) -> int:
    """Un contrat pour chaque prestataire qu’un registre nomme ; combien ont été passés."""
    types = {fiche.nom: type_ for type_, fiche in fiches.items()}
    lignes = Recours.objects.filter(collectivite__in=collectivites, nom__in=types)
    paires = sorted(set(lignes.values_list("collectivite", "nom")))
    par_pk = {collectivite.pk: collectivite for collectivite in collectivites}
    trace = {"auteur": auteur, "maintenant": maintenant, "raison": "Contrat"}
    for pk, nom in paires:
        type_ = types[nom]
        contrat = Contrat(
            collectivite=par_pk[pk],
            sous_traitant=fiches[type_],
            objet=TypePrestataire(type_).label,
            debut=DEBUT,
            delai_violation=24,
        )
        contrat.enregistrer(**trace)
        for logiciel in fiches[type_].logiciels.all():
            LogicielEmploye(collectivite=par_pk[pk], contrat=contrat, logiciel=logiciel).enregistrer(**trace)
    return len(paires)
