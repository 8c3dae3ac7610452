"""De quoi remplir les adresses des interventions et des états."""

from datetime import date
from decimal import Decimal

from django.urls import reverse

from dpd.conventions.actions.annuels import lignes_figees
from dpd.conventions.enums import NatureBareme, NatureIntervention
from dpd.conventions.models import (
    Bareme,
    CampagneEtats,
    Convention,
    EtatAnnuel,
    EtatMensuel,
    Intervention,
    LigneEtatMensuel,
    Numerotation,
)
from dpd.conventions.regles.calcul import calculer
from dpd.conventions.regles.mensuel import EtatLigne
from dpd.conventions.regles.sources import Sources, vers_json
from dpd.conventions.regles.tarifs import Phase

FIGE, EN_COURS, A_GENERER = 2025, 2024, 2026  # exercices : l’un a ses états, l’autre sa génération


def remplir_etats(structure, collectivite, gens, maintenant) -> dict:
    """Octobre 2026 présenté, une ligne à valider, une contestée ; septembre à figer ; novembre en cours.

    Un état annuel 2025, une génération 2024 en cours, et de quoi générer 2026.
    """
    trace = {"auteur": gens["dpd"], "maintenant": maintenant, "raison": "x"}
    courante = Convention.objects.get(collectivite=collectivite, date_effet=date(2026, 1, 5))
    eteinte = Convention.objects.get(collectivite=collectivite, date_effet=date(2021, 1, 1))
    _payer_a_la_journee(structure, courante, trace)
    _, a_valider, contestee, libre = (
        Intervention(
            collectivite=collectivite,
            convention=courante,
            nature=NatureIntervention.APPEL,
            le=jour,
            minutes=30,
            phase=Phase.MISE_EN_PLACE.value,
            intervenant=gens["dpd"],
        ).enregistrer(**trace)
        for jour in (date(2026, 9, 7), date(2026, 10, 6), date(2026, 10, 7), date(2026, 11, 6))
    )
    fige = {"fige_le": maintenant, "fige_par": gens["dpd"]}
    etat = EtatMensuel(
        collectivite=collectivite,
        convention=courante,
        annee=2026,
        mois=10,
        prix_jour=Decimal("230"),
        minutes_par_jour=420,
        **fige,
    ).enregistrer(**trace)
    _ligne(etat, 1, a_valider, trace)
    _ligne(etat, 2, contestee, trace, etat=EtatLigne.CONTESTEE.value, motif="Trop long")
    _etat_annuel(structure, eteinte, fige, trace)
    _generation(structure, gens["dpd"], maintenant, trace)
    return {
        "intervention": libre.pk,
        "annee": 2026,
        "mois": 10,
        "exercice": A_GENERER,
        "exercice_fige": FIGE,
        "exercice_en_cours": EN_COURS,
    }


def _payer_a_la_journee(structure, convention, trace) -> None:
    """Le modèle prévoit un état mensuel, et le barème dit combien dure une journée."""
    if not convention.modele.etat_mensuel:
        convention.modele.etat_mensuel = True
        convention.modele.enregistrer(**trace)
    for bareme in Bareme.objects.filter(structure=structure, publie=True, minutes_par_jour__isnull=True):
        bareme.minutes_par_jour = 420
        bareme.enregistrer(**trace)


def _ligne(mois, ordre, intervention, trace, **champs) -> None:
    LigneEtatMensuel(
        collectivite=mois.collectivite,
        etat_mensuel=mois,
        intervention=intervention,
        ordre=ordre,
        le=intervention.le,
        nature=intervention.nature,
        lieu=intervention.lieu,
        minutes_initiales=30,
        minutes=30,
        **champs,
    ).enregistrer(**trace)


def _etat_annuel(structure, convention, fige, trace) -> None:
    bareme = Bareme(
        structure=structure,
        nom="Gratuit",
        nature=NatureBareme.GRATUIT,
        en_vigueur_du=date(2020, 1, 1),
        source="x",
    ).enregistrer(**trace)
    sources = Sources(FIGE, NatureBareme.GRATUIT.value, Phase.ACCOMPAGNEMENT, bareme.nom, bareme.source)
    compteur, _ = Numerotation.objects.get_or_create(structure=structure, exercice=FIGE)
    compteur.dernier += 1
    compteur.save()
    EtatAnnuel(
        collectivite=convention.collectivite,
        convention=convention,
        structure=structure,
        bareme=bareme,
        exercice=FIGE,
        numero=compteur.dernier,
        phase=Phase.ACCOMPAGNEMENT.value,
        sources=vers_json(sources),
        lignes=lignes_figees(calculer(sources)),
        total=0,
        empreinte="0" * 64,
        **fige,
    ).enregistrer(**trace)


def _generation(structure, auteur, maintenant, trace) -> None:
    if not CampagneEtats.objects.filter(structure=structure, exercice=EN_COURS).exists():
        CampagneEtats(
            structure=structure, exercice=EN_COURS, lancee_le=maintenant, lancee_par=auteur, total=2
        ).enregistrer(**trace)


def pages_des_etats(monde) -> list[str]:
    """Les pages dont le formulaire dépend du mois ou de l’exercice, en plus de chaque adresse."""
    maison = monde["structure"].siren
    return [
        reverse("conventions:etats_mensuels", args=[maison], query={"mois": "2026-09"}),
        reverse("conventions:campagne", args=[maison, EN_COURS]),
    ]


PARAMETRES_ETATS = {
    "conventions:annuler_intervention": {"pk": "intervention"},
    "conventions:avancer_campagne": {"exercice": "exercice_en_cours"},
    "conventions:exporter_etat_annuel": {"exercice": "exercice_fige"},
    "conventions:exporter_etats_annuels": {"exercice": "exercice_fige"},
}
