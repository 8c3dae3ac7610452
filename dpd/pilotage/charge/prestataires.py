"""L’annuaire d’une structure de la charge, et les contrats de ses collectivités."""

from datetime import datetime, timedelta

from dpd.pilotage.charge.hasard import Hasard
from dpd.pilotage.charge.lieux import Equipe, Lieu
from dpd.regles.texte import normaliser
from dpd.vocabulaire import TypePrestataire
from subtraitance.enums import EtatFiche, Reponse28
from subtraitance.models import ClauseControlee, Contrat, SousTraitant
from subtraitance.regles.article_28 import POINTS

PAR_STRUCTURE = 30
CONTRATS = (2, 8)
UN_AN = timedelta(days=365)


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


def contracter(
    equipe: Equipe, lieux: list[Lieu], fiches: list[SousTraitant], hasard: Hasard, maintenant: datetime
) -> int:
    """Les contrats du lot, leurs clauses lues pour la moitié ; combien de contrats."""
    trace = {"auteur": equipe.dpd, "maintenant": maintenant, "raison": "Base de charge"}
    debut = (maintenant - UN_AN).date()
    contrats = Contrat.objects.creer_en_masse(
        [
            Contrat(
                collectivite=lieu.collectivite,
                sous_traitant=fiche,
                objet=fiche.get_type_display(),
                debut=debut,
                fin=debut + hasard.entier(1, 5) * UN_AN,
                delai_violation=24,
            )
            for lieu in lieux
            for fiche in hasard.quelques(fiches, hasard.entier(*CONTRATS))
        ],
        **trace,
    )
    clauses = [
        ClauseControlee(
            collectivite=contrat.collectivite,
            contrat=contrat,
            code=point.code,
            reponse=Reponse28.PRESENTE if hasard.chance(0.8) else Reponse28.ABSENTE,
            citation=point.avenant,
            controlee_par=equipe.dpd,
            controlee_le=maintenant,
        )
        for contrat in contrats
        if hasard.chance(0.5)
        for point in POINTS
    ]
    ClauseControlee.objects.creer_en_masse(clauses, **trace)
    return len(contrats)
