"""Du brouillon à l’adoption : le référent prépare, le DPD conseille, le responsable décide."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from dpd.accompagnement.actions import donner_suite, enregistrer_avis
from dpd.accompagnement.enums import SensAvis, SuiteAvis
from dpd.comptes.droits import Acces
from dpd.comptes.regles.capacites import Capacite
from dpd.regles.mois import meme_quantieme
from registre import ecriture, emails
from registre.enums import DE_NOUVEAU_MONTREE, NOUVELLE_EN_PREPARATION, EtatVersion
from registre.models import Traitement, VersionTraitement
from registre.regles.contenu import depuis_dict
from registre.regles.transitions import suivant

REVUE_MOIS = 12  # relecture annuelle : recommandation de la CNIL, pas un délai légal


class TransitionInterdite(ValueError):
    """Le geste n’est pas permis dans l’état présent de la version ; rien n’est écrit."""


def _prendre(version: VersionTraitement, geste: str, lu: str | None = None) -> VersionTraitement:
    """Relit la version sous verrou et vérifie que le geste est permis.

    ``lu`` : ce que la personne avait sous les yeux ; s’il a changé, son geste est refusé.
    """
    version = (
        VersionTraitement.objects.select_for_update(no_key=True, of=("self",))
        .select_related("collectivite__structure", "traitement", "avis")
        .get(pk=version.pk)
    )
    if lu is not None and lu != version.lu:
        raise TransitionInterdite("La fiche a changé depuis votre lecture\u00a0: relisez-la d’abord.")
    version.etat_avant = version.etat
    try:
        version.etat = suivant(version.etat, geste)
    except ValueError as erreur:
        raise TransitionInterdite(str(erreur)) from erreur
    return version


def _refuser_le_dpd(auteur, collectivite) -> None:
    """RGPD art. 38-6 : qui conseille ne décide pas, même s’il a reçu un rôle de décideur."""
    if Acces(auteur).peut(Capacite.RENDRE_AVIS, collectivite):
        raise TransitionInterdite("Le DPD conseille, le responsable décide (RGPD, art. 38-6).")


@transaction.atomic
def transmettre(*, version: VersionTraitement, auteur, maintenant: datetime) -> VersionTraitement:
    """Demande l’avis du DPD ; une fiche incomplète peut être transmise, ses manques sont dits.

    Un avis déjà rendu sur un contenu antérieur reste attaché : il se voit, et demandera une suite.
    """
    version = _prendre(version, "transmettre")
    fiche = replace(depuis_dict(version.contenu), responsable=ecriture.responsable_de(version.collectivite))
    ecriture.deduire(version, fiche)
    version.transmise_le = maintenant
    ecriture.enregistrer(version, auteur=auteur, maintenant=maintenant, raison="Transmise au DPD")
    emails.version_transmise(version=version, maintenant=maintenant)
    return version


@transaction.atomic
def reprendre(*, version: VersionTraitement, auteur, maintenant: datetime) -> VersionTraitement:
    """Revient au brouillon pour corriger, tant que rien n’est adopté."""
    version = _prendre(version, "reprendre")
    ecriture.enregistrer(version, auteur=auteur, maintenant=maintenant, raison="Reprise en brouillon")
    return version


@transaction.atomic
def rendre_avis(
    *,
    version: VersionTraitement,
    sens: SensAvis,
    texte: str,
    reserves: Sequence[str] = (),
    auteur,
    maintenant: datetime,
    lu: str | None = None,
) -> VersionTraitement:
    """Le DPD conseille (art. 39-1 a) ; jamais une validation.

    :raises ValueError: si des réserves manquent à un avis avec réserves, ou en accompagnent un autre.
    """
    version = _prendre(version, "rendre_avis", lu)
    version.avis = enregistrer_avis(
        collectivite=version.collectivite,
        sens=sens,
        texte=texte,
        reserves=reserves,
        auteur=auteur,
        maintenant=maintenant,
    )
    ecriture.enregistrer(version, auteur=auteur, maintenant=maintenant, raison="Avis du DPD rendu")
    emails.avis_rendu(version=version, maintenant=maintenant)
    return version


@transaction.atomic
def adopter(
    *,
    version: VersionTraitement,
    auteur,
    maintenant: datetime,
    suite: SuiteAvis | None = None,
    motif: str = "",
    lu: str | None = None,
) -> VersionTraitement:
    """Le responsable de traitement adopte : la version devient l’instantané opposable.

    Sans avis rendu, un motif est exigé ; avec un avis, la suite qui lui est donnée est enregistrée.

    :raises ValueError: si le motif ou la suite manque.
    """
    version = _prendre(version, "adopter", lu)
    _refuser_le_dpd(auteur, version.collectivite)
    if version.etat_avant == EtatVersion.TRANSMISE and not motif.strip():
        raise ValueError(
            "Le DPD n’a pas encore rendu son avis\u00a0: dites pourquoi vous décidez sans l’attendre."
        )
    if version.avis is not None:
        if suite is None:
            raise ValueError("Dites si vous suivez l’avis du DPD.")
        donner_suite(avis=version.avis, sens=suite, motif=motif, auteur=auteur, maintenant=maintenant)
    _remplacer_l_adoptee(version.traitement, auteur, maintenant)
    fiche = replace(depuis_dict(version.contenu), responsable=ecriture.responsable_de(version.collectivite))
    ecriture.deduire(version, fiche)
    version.adoptee_le, version.adoptee_par, version.motif_decision = maintenant, auteur, motif
    version.relire_avant = prochaine_revue(version, maintenant)
    ecriture.enregistrer(version, auteur=auteur, maintenant=maintenant, raison="Adoptée par le responsable")
    emails.version_adoptee(version=version, maintenant=maintenant)
    return version


def prochaine_revue(version: VersionTraitement, maintenant: datetime) -> date:
    return meme_quantieme(maintenant.astimezone(version.collectivite.fuseau).date(), REVUE_MOIS)


def _remplacer_l_adoptee(traitement: Traitement, auteur, maintenant) -> None:
    ancienne = (
        VersionTraitement.objects.select_for_update(no_key=True)
        .filter(traitement=traitement, etat=EtatVersion.ADOPTEE)
        .first()
    )
    if ancienne is None:
        return
    ancienne.etat, ancienne.fin_le = suivant(ancienne.etat, "remplacer"), maintenant
    ecriture.enregistrer(ancienne, auteur=auteur, maintenant=maintenant, raison="Remplacée par la suivante")


@transaction.atomic
def renvoyer(
    *, version: VersionTraitement, motif: str, auteur, maintenant: datetime, lu: str | None = None
) -> VersionTraitement:
    """Le responsable demande une reprise ; toujours motivée.

    :raises ValueError: sans motif.
    """
    if not motif.strip():
        raise ValueError("Dites ce qu’il faut reprendre.")
    version = _prendre(version, "renvoyer", lu)
    _refuser_le_dpd(auteur, version.collectivite)
    version.motif_decision = motif
    ecriture.enregistrer(
        version, auteur=auteur, maintenant=maintenant, raison=f"Renvoyée\u00a0: {motif}"[:100]
    )
    emails.version_renvoyee(version=version, motif=motif, maintenant=maintenant)
    return version


@transaction.atomic
def abroger(*, version: VersionTraitement, motif: str, auteur, maintenant: datetime) -> VersionTraitement:
    """Le traitement a cessé : la fiche quitte le registre en vigueur et reste consultable.

    :raises ValueError: sans motif.
    """
    if not motif.strip():
        raise ValueError("Dites pourquoi ce traitement cesse.")
    version = _prendre(version, "abroger")
    _refuser_le_dpd(auteur, version.collectivite)
    version.motif_abrogation, version.fin_le = motif, maintenant
    ecriture.enregistrer(version, auteur=auteur, maintenant=maintenant, raison="Abrogée par le responsable")
    return version


@transaction.atomic
def modifier(*, version: VersionTraitement, auteur, maintenant: datetime) -> VersionTraitement:
    """Ouvre la version suivante d’une fiche adoptée, qui reste en vigueur ; rend le brouillon.

    Si une version se prépare déjà, la rend sans rien créer.

    :raises TransitionInterdite: si la fiche est abrogée.
    """
    traitement = Traitement.objects.select_for_update(no_key=True).get(pk=version.traitement_id)
    en_cours = traitement.versions.en_preparation().first()
    if en_cours is not None:
        return en_cours
    courante = (
        traitement.versions.select_for_update(no_key=True, of=("self",))
        .select_related("collectivite__structure")
        .get(est_courante=True)
    )
    if courante.etat != EtatVersion.ADOPTEE:
        raise TransitionInterdite("Cette fiche est abrogée\u00a0: ouvrez-en une nouvelle.")
    courante.est_courante = False
    ecriture.enregistrer(courante, auteur=auteur, maintenant=maintenant, raison=NOUVELLE_EN_PREPARATION)
    dernier = traitement.versions.order_by("-numero").values_list("numero", flat=True).first()
    nouvelle = VersionTraitement(
        collectivite=courante.collectivite,
        traitement=traitement,
        numero=dernier + 1,
        cree_le=maintenant,
    )
    fiche = replace(depuis_dict(courante.contenu), responsable=ecriture.responsable_de(courante.collectivite))
    ecriture.deduire(nouvelle, fiche)
    ecriture.enregistrer(
        nouvelle, auteur=auteur, maintenant=maintenant, raison=f"Version {nouvelle.numero} ouverte"
    )
    ecriture.projeter(nouvelle, fiche)
    return nouvelle


@transaction.atomic
def retirer_brouillon(*, version: VersionTraitement, auteur, maintenant: datetime) -> None:
    """Abandonne un brouillon : la version adoptée, s’il y en a une, redevient celle qu’on montre."""
    version = _prendre(version, "abandonner")
    version.est_courante, version.fin_le = False, maintenant
    ecriture.enregistrer(version, auteur=auteur, maintenant=maintenant, raison="Brouillon retiré")
    adoptee = version.traitement.versions.select_for_update(no_key=True).adoptees().first()
    if adoptee is not None:
        adoptee.est_courante = True
        ecriture.enregistrer(adoptee, auteur=auteur, maintenant=maintenant, raison=DE_NOUVEAU_MONTREE)
        return
    version.traitement.retire_le = maintenant
    version.traitement._history_user, version.traitement._history_date = auteur, maintenant
    version.traitement.save()
