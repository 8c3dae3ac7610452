"""Les courriels du registre : une fonction par message, sans donnée de fiche au-delà de son nom."""

from datetime import datetime

from django.urls import reverse

from dpd.comptes.droits import Acces, personnes_de
from dpd.comptes.enums import Role
from dpd.comptes.regles.capacites import Capacite
from dpd.messagerie.envoi import adresse, envoyer
from registre.models import VersionTraitement


def _adresse(version: VersionTraitement) -> str:
    return adresse(reverse("registre:fiche", args=[version.collectivite.siren, version.traitement.reference]))


def _prevenir(
    nature: str, version: VersionTraitement, destinataires, maintenant: datetime, **contexte
) -> None:
    for personne in destinataires:
        envoyer(
            f"registre.{nature}",
            gabarit=f"registre/emails/{nature}",
            contexte={
                "version": version,
                "collectivite": version.collectivite,
                "adresse": _adresse(version),
                "personne": personne,
                **contexte,
            },
            destinataire=personne.email,
            utilisateur=personne,
            collectivite=version.collectivite,
            maintenant=maintenant,
        )


def _referents(version: VersionTraitement):
    return personnes_de(version.collectivite, Role.REFERENT)


def version_transmise(*, version: VersionTraitement, maintenant: datetime) -> None:
    """Au DPD : une fiche attend son avis."""
    _prevenir(
        "version_transmise", version, personnes_de(version.collectivite.structure, Role.DPD), maintenant
    )


def avis_rendu(*, version: VersionTraitement, maintenant: datetime) -> None:
    """Aux décideurs et aux référents : l’avis est rendu, la décision appartient au responsable."""
    personnes = personnes_de(version.collectivite, Role.DECIDEUR, Role.REFERENT)
    _prevenir("avis_rendu", version, personnes, maintenant)


def version_adoptee(*, version: VersionTraitement, maintenant: datetime) -> None:
    """Aux référents : la version est en vigueur."""
    _prevenir("version_adoptee", version, _referents(version), maintenant)


def version_renvoyee(*, version: VersionTraitement, motif: str, maintenant: datetime) -> None:
    """Aux référents : le responsable demande une reprise."""
    _prevenir("version_renvoyee", version, _referents(version), maintenant, motif=motif)


def question_posee(*, version: VersionTraitement, question, maintenant: datetime) -> None:
    """Au DPD : une question attend."""
    dpd = personnes_de(version.collectivite.structure, Role.DPD)
    _prevenir("question_posee", version, dpd, maintenant, question=question)


def question_repondue(*, question, maintenant: datetime) -> None:
    """À qui a demandé, s’il lit encore le registre, sinon aux référents : le DPD a répondu."""
    lien = question.fiches.select_related("version__traitement", "version__collectivite").first()
    if lien is not None:
        personne, version = question.posee_par, lien.version
        lit_encore = personne.is_active and Acces(personne).peut(Capacite.LIRE_REGISTRE, version.collectivite)
        destinataires = [personne] if lit_encore else _referents(version)
        _prevenir("question_repondue", version, destinataires, maintenant, question=question)
