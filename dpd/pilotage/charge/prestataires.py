"""L’annuaire d’une structure de la charge, et les contrats de ses collectivités."""

from datetime import datetime, timedelta

from dpd.pilotage.charge.hasard import Hasard
from dpd.pilotage.charge.lieux import Equipe, Lieu
from dpd.regles.texte import normaliser
from dpd.vocabulaire import TypePrestataire
from subtraitance.contrats_lus import alerte_le
from subtraitance.enums import EtatFiche, Reponse28
from subtraitance.models import ClauseControlee, Contrat, SousTraitant
from subtraitance.regles.article_28 import POINTS

PAR_STRUCTURE = 30
CONTRATS = (2, 8)
UN_AN = timedelta(days=365)
DUREE = (366, 5 * 365)  # jours : aucun n’est échu, quelques-uns approchent de leur terme


def remplir_l_annuaire(equipe: Equipe, hasard: Hasard, maintenant: datetime) -> list[SousTraitant]:
    """Les prestataires de la structure, vérifiés ou non."""
    fiches = [
        SousTraitant(
            structure=equipe.structure,
            nom=f"Éditeur n° {rang} ({equipe.structure.departement})",
            type=hasard.un(list(TypePrestataire)),
            courriel=f"contact-{rang}@editeur.example",
            securite_courriel=f"securite-{rang}@editeur.example",
            hebergement="France",
            hebergement_pays="FR",
            etat=EtatFiche.VERIFIEE if hasard.chance(0.8) else EtatFiche.PROPOSEE,
            proposee_le=maintenant - UN_AN,
        )
        for rang in range(1, PAR_STRUCTURE + 1)
    ]
    for fiche in fiches:
        fiche.recherche = normaliser(fiche.nom)
    return SousTraitant.objects.creer_en_masse(
        fiches, auteur=equipe.dpd, maintenant=maintenant - UN_AN, raison="Base de charge"
    )


def contracter(equipe: Equipe, lieux: list[Lieu], fiches: list[SousTraitant], maintenant: datetime) -> int:
    """Les contrats du lot, leurs clauses lues pour la moitié ; combien de contrats."""
    trace = {"auteur": equipe.dpd, "maintenant": maintenant, "raison": "Base de charge"}
    debut = (maintenant - UN_AN).date()
    projets = [
        Contrat(
            collectivite=lieu.collectivite,
            sous_traitant=fiche,
            objet=fiche.get_type_display(),
            debut=debut,
            fin=debut + timedelta(days=lieu.hasard.entier(*DUREE)),
            delai_violation=24,
        )
        for lieu in lieux
        for fiche in lieu.hasard.quelques(fiches, lieu.hasard.entier(*CONTRATS))
    ]
    for projet in projets:
        projet.rappel_le = alerte_le(projet)
    contrats = Contrat.objects.creer_en_masse(projets, **trace)
    tirages = {lieu.collectivite.pk: lieu.hasard for lieu in lieux}
    clauses = [
        ClauseControlee(
            collectivite=contrat.collectivite,
            contrat=contrat,
            code=point.code,
            reponse=Reponse28.PRESENTE if tirages[contrat.collectivite_id].chance(0.8) else Reponse28.ABSENTE,
            citation=point.avenant,
            controlee_par=equipe.dpd,
            controlee_le=maintenant,
        )
        for contrat in contrats
        if tirages[contrat.collectivite_id].chance(0.5)
        for point in POINTS
    ]
    ClauseControlee.objects.creer_en_masse(clauses, **trace)
    return len(contrats)
