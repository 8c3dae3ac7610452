"""L’état mensuel : la structure fige un mois et le présente."""

from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.conventions import emails_etats as emails
from dpd.conventions.mensuels_lus import (
    RIEN,
    a_presenter,
    conventions_du_mois,
    est_echu,
    nom_du_mois,
    prix_de,
)
from dpd.conventions.models import Convention, EtatMensuel, Intervention, LigneEtatMensuel
from dpd.conventions.tarification import Tarification
from dpd.regles.typographie import de


@transaction.atomic
def figer_mois(
    *,
    convention: Convention,
    annee: int,
    mois: int,
    auteur,
    maintenant: datetime,
    tarification: Tarification | None = None,
) -> EtatMensuel:
    """Présente les journées d’un mois échu : elles sont copiées, le décideur est prévenu.

    Une intervention tracée ensuite pour ce mois est refusée. ``tarification`` : celle de l’exercice, si
    l’appelant l’a déjà.

    :raises ValidationError: si le mois n’est pas fini, déjà présenté, vide, ou si le barème ne dit ni le
        prix ni la durée d’une journée.
    """
    convention = (
        Convention.objects.select_for_update(of=("self",), no_key=True)
        .select_related("modele", "collectivite__structure")
        .get(pk=convention.pk)
    )
    _refuser(convention, annee, mois, maintenant)
    interventions = list(a_presenter([convention], annee, mois))
    if not interventions:
        raise ValidationError(RIEN)
    structure = convention.collectivite.structure
    prix, manques = prix_de(convention, tarification or Tarification(structure, annee, [convention]))
    if prix is None:
        raise ValidationError(manques)
    etat = EtatMensuel(
        collectivite=convention.collectivite,
        convention=convention,
        annee=annee,
        mois=mois,
        prix_jour=prix.jour,
        minutes_par_jour=prix.minutes,
        fige_le=maintenant,
        fige_par=auteur,
    )
    etat.enregistrer(auteur=auteur, maintenant=maintenant, raison="État mensuel figé")
    lignes = [_copier(etat, rang, i) for rang, i in enumerate(interventions, 1)]
    LigneEtatMensuel.objects.creer_en_masse(
        lignes, auteur=auteur, maintenant=maintenant, raison="Présentée à la collectivité"
    )
    emails.mois_presente(etat=etat, lignes=lignes, maintenant=maintenant)
    return etat


def _refuser(convention: Convention, annee: int, mois: int, maintenant: datetime) -> None:
    if not convention.modele.etat_mensuel:
        raise ValidationError("Cette convention ne prévoit pas d’état mensuel.")
    if not est_echu(annee, mois, maintenant.astimezone(convention.collectivite.fuseau).date()):
        raise ValidationError(
            f"Le mois n’est pas fini\u00a0: {nom_du_mois(annee, mois)} se présente une fois échu."
        )
    if EtatMensuel.objects.filter(convention=convention, annee=annee, mois=mois).exists():
        raise ValidationError(
            f"L’état {de(nom_du_mois(annee, mois))} est déjà figé\u00a0: il ne change plus."
        )


def _copier(etat: EtatMensuel, ordre: int, intervention: Intervention) -> LigneEtatMensuel:
    return LigneEtatMensuel(
        collectivite=etat.collectivite,
        etat_mensuel=etat,
        intervention=intervention,
        ordre=ordre,
        le=intervention.le,
        nature=intervention.nature,
        lieu=intervention.lieu,
        demande=intervention.demande,
        minutes_initiales=intervention.minutes,
        minutes=intervention.minutes,
    )


@dataclass
class Presentation:
    """Ce qu’a donné un mois pour toute la structure ; un refus n’arrête pas les autres."""

    etats: list[EtatMensuel] = field(default_factory=list)
    refus: list[tuple[Convention, str]] = field(default_factory=list)


def figer_la_structure(
    *, structure, annee: int, mois: int, auteur, maintenant: datetime, collectivite: str = ""
) -> Presentation:
    """Fige le mois de chaque convention qui a quelque chose à présenter, chacune dans sa transaction.

    ``collectivite`` : le SIREN de la seule voulue ; elle, si elle n’a rien, son refus le dit. Un mois déjà
    présenté est laissé tel quel.
    """
    conventions = conventions_du_mois(structure, annee, mois).filter(figee=False)
    if collectivite:
        conventions = conventions.filter(collectivite__siren=collectivite)
    else:
        conventions = conventions.filter(garnie=True)
    tarification, bilan = Tarification(structure, annee, ()), Presentation()
    for convention in conventions:
        try:
            etat = figer_mois(
                convention=convention,
                annee=annee,
                mois=mois,
                auteur=auteur,
                maintenant=maintenant,
                tarification=tarification,
            )
        except ValidationError as refus:
            bilan.refus.append((convention, " ".join(refus.messages)))
        else:
            bilan.etats.append(etat)
    return bilan
